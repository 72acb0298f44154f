"""The shape of a profile, the part about the year: ``[calendar]``, ``[reports]`` and ``[programme]``."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Month:
    type: str
    second: str = ""


@dataclass(frozen=True)
class CalendarRules:
    """``months`` says which months begin a cycle; a cycle is ``length_months`` long (3: quarterly, where four are listed).

    ``starts``: the daemon draws on the day ``draw`` names, or waits for `mailflow open`. A month is drawn late (the server
    was down) up to its ``latest_draw_wd``-th working day. ``extra_holidays`` are days proclaimed since mailflow was made.
    """

    division: str
    closure_days: tuple[str, ...]
    extra_holidays: tuple[str, ...]
    starts: str
    draw: str
    latest_draw_wd: int
    due: str
    length_months: int
    replace_months: bool
    grace_wd: int
    months: dict[str, Month]


@dataclass(frozen=True)
class ReportRules:
    """The report of a cycle (TS-06): when it is made at the latest, who besides the QA team gets it, and what it hides.

    Counts from 1 to ``suppress_below`` - 1 are not shown to anybody outside the QA team; 0 shows everything.
    """

    suppress_below: int
    after_wd: int
    monthly: tuple[str, ...]
    quarterly: tuple[str, ...]
    annual: tuple[str, ...]
    highlights: tuple[str, ...]
    non_completion: tuple[str, ...]


@dataclass(frozen=True)
class Activity:
    """Something a council's framework asks of certain roles at certain times (DOC-32). It has nothing to do with a case.

    ``every``: month, quarter, half_year, listed (``months``), or week and day: duties that are only listed. ``day`` is
    first_working_day, last_working_day or "5wd", the fifth working day. ``remind_wd`` working days before, 0: never.
    """

    id: str
    title: str
    roles: tuple[str, ...]
    every: str
    months: tuple[str, ...] = ()
    day: str = "first_working_day"
    length_wd: int = 1
    remind_wd: int = 0


@dataclass(frozen=True)
class Programme:
    activities: tuple[Activity, ...]
