"""A returned document with our points in it, each at its question."""
