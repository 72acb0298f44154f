"""mailflow: case-file audits, there and back, by email."""

__version__ = "0.1.0"
