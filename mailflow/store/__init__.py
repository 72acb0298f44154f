"""The store room: one SQLite database beside the corridor, and the lock that keeps a second daemon out."""

from mailflow.store.lock import lock
from mailflow.store.rows import Inbound, JournalEntry, StoredCode, StoredReading, Verdict
from mailflow.store.store import Store

__all__ = ["Inbound", "JournalEntry", "Store", "StoredCode", "StoredReading", "Verdict", "lock"]
