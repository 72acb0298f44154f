"""The mailbox room."""
