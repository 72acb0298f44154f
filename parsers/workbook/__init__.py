"""Workbooks (xlsx, xlsm, xls, ods) → Grid."""
