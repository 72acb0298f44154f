"""A form has come back: which one it is, what it changes, what happens to it."""
