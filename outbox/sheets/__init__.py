"""Workbooks that go out: allocation, sample, sampling record, actions, the year."""
