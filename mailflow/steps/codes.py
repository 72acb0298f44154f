"""One-time codes for orders of high effect (T-72)."""

import hashlib
import hmac

from mailflow.model import Pending


def make_code(secret: bytes, ref: str, pending: Pending, asked: str) -> str:
    """Six figures from the installation's secret and the mail that gave the order: a restored store, which meets that mail
    again and finds its answer among the sent letters, still knows the code it sent."""
    said = "\0".join(("code", ref, pending.by, pending.word, asked))
    return f"{int.from_bytes(hmac.digest(secret, said.encode(), 'sha256')) % 900_000 + 100_000}"


def hash_code(code: str) -> str:
    """What is kept of a code."""
    return hashlib.sha256(code.strip().encode()).hexdigest()
