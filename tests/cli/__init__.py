"""The command line, used as a new user would use it."""
