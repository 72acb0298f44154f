"""Word documents (docx, docm, dotx, strict) → Grid."""
