"""When a mail arrived: what the receiving server wrote, else what the sender says; the corridor bounds it by its own clock."""

from datetime import datetime

from mailflow.intake.headers import header_of, headers_of, read_moment
from mailflow.intake.parts import open_mail


def find_arrival(raw: bytes) -> datetime | None:
    """The date of the topmost Received header (our own server's), else the Date header, aware; None for neither.

    A sender can write any Date: a caller takes it only within the time since it last looked at the mailbox.
    """
    mail = open_mail(raw, [])
    received = headers_of(mail, "Received")
    stamp = received[0].rpartition(";")[2] if received else header_of(mail, "Date")
    return read_moment(stamp)
