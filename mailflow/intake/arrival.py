"""When a mail arrived: what the receiving server wrote on top of it; the corridor bounds it by its own clock (CLK-04)."""

from datetime import datetime

from mailflow.intake.headers import headers_of, read_moment
from mailflow.intake.parts import open_mail


def find_arrival(raw: bytes) -> datetime | None:
    """The date of the topmost Received header (our own server's), aware UTC; None where no server stamped it.

    The Date header is the sender's own word about another moment, and says nothing about the arrival.
    """
    received = headers_of(open_mail(raw, []), "Received")
    return read_moment(received[0].rpartition(";")[2]) if received else None
