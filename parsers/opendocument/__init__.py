"""OpenDocument texts → Grid."""
