"""The old Word format and rich text → Grid."""
