"""PDF, fillable or printed → Grid."""
