"""Whole lives of audits, told in plain words. Each docstring is something a QA manager could sign."""
