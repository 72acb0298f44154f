"""The tables of a profile about mail: who may get which letter, how we send, whom we believe."""

from dataclasses import dataclass


@dataclass(frozen=True)
class LetterRule:
    """Who may get a letter, how private it is (P0-P3), and when it may leave (CLK-07)."""

    to: tuple[str, ...]
    private: str
    leave: str
    safety: bool = False


@dataclass(frozen=True)
class Send:
    hour: int
    marking: str
    allowed_domains: tuple[str, ...]
    max_replies_a_day: int


@dataclass(frozen=True)
class Inbound:
    require_auth: str
    auth_source: str
    max_attachment_mb: int
    # The share of today's people who may be missing from a directory that comes by mail.
    most_gone: float
