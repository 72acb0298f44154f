"""One line of a council's year (DOC-32): a day of a cycle, or something asked of certain roles. Nothing of any case."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Event:
    """Whole days, both ends included; London dates. ``id`` is the same whenever the programme is made again.

    ``on`` is None for what is done every week or day, which ``kind`` then says. ``roles`` are in the profile's spelling.
    """

    id: str
    title: str
    kind: str
    roles: tuple[str, ...]
    on: date | None = None
    until: date | None = None
