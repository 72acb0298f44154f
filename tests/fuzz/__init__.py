"""Coverage-guided fuzzing of the reader: ``python -m tests.fuzz --minutes 60``."""
