"""Saved web pages → Grid."""
