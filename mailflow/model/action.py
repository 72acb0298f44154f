"""An action agreed in an audit (domain 2.2)."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Action:
    """One row of the improvement plan.

    ``due`` is an ISO day where it was a date, else as written. ``priority`` is the letter that says how soon, "" where the
    form has none. ``due_at`` (aware, UTC) is worked out from that letter and from the issue; None without a letter.
    """

    number: int
    text: str
    owner: str = ""
    due: str = ""
    priority: str = ""
    due_at: datetime | None = None


@dataclass(frozen=True)
class ToldAction:
    """An urgent action the team manager was told of before the quality check (T-65), and from when its hours count."""

    text: str
    priority: str
    from_at: datetime
