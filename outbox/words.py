"""How letters and documents say days, times and grades (HR-06). Everything is shown in London time (CLK-01)."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from mailflow.model import Action

LONDON = ZoneInfo("Europe/London")
GRADES = {
    "inadequate": "Inadequate", "requires_improvement": "Requires improvement", "good": "Good",
    "outstanding": "Outstanding", "not_applicable": "Not applicable",
}
ROLES = {
    "auditor": "auditor", "practitioner": "practitioner", "tm": "team manager", "sm": "service manager",
    "hos": "head of service", "iro": "reviewing officer or conference chair", "psw": "principal social worker",
    "ad": "assistant director", "director": "director", "qa": "quality assurance", "qa_manager": "QA manager",
    "slt": "senior leadership", "performance": "performance team", "former_auditor": "earlier auditor",
}
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
          "December")


def local(moment: datetime) -> datetime:
    """An aware datetime in London time; a naive one is our bug and raises ValueError."""
    if moment.tzinfo is None:
        raise ValueError("a time without a zone")
    return moment.astimezone(LONDON)


def day(value: date | datetime) -> str:
    """Tuesday 30 June 2026."""
    on = local(value).date() if isinstance(value, datetime) else value
    return f"{_WEEKDAYS[on.weekday()]} {on.day} {MONTHS[on.month - 1]} {on.year}"


def time(value: datetime) -> str:
    """3:30pm; 9am on the hour."""
    at = local(value)
    hour, half = at.hour % 12 or 12, "am" if at.hour < 12 else "pm"
    return f"{hour}:{at.minute:02d}{half}" if at.minute else f"{hour}{half}"


def moment(value: datetime) -> str:
    """Day and time; a limit at 11:59pm is the day alone (invariant 9)."""
    at = local(value)
    return day(value) if (at.hour, at.minute) == (23, 59) else f"{day(value)}, {time(value)}"


def grade(value: str) -> str:
    """A canonical grade in words; "not given" where there is none. Words that are not a grade are printed as they are."""
    return GRADES.get(value, value) or "not given"


def month_of(cycle: str) -> str:
    """"2606" → "June 2026"; a cycle with another kind of id is printed as it is."""
    if len(cycle) == 4 and cycle.isdigit() and 1 <= int(cycle[2:]) <= 12:
        return f"{MONTHS[int(cycle[2:]) - 1]} 20{cycle[:2]}"
    return cycle


def dotted(value: date | datetime) -> str:
    """dd/mm/yyyy, for forms, tables and the case note."""
    on = local(value).date() if isinstance(value, datetime) else value
    return f"{on.day:02d}/{on.month:02d}/{on.year:04d}"


def short(text: str, most: int = 300) -> str:
    """The text cut at a word, with an ellipsis, on one line."""
    line = " ".join(text.split())
    if len(line) <= most:
        return line
    cut = line[:most].rsplit(" ", 1)[0] or line[:most]
    return cut.rstrip(" ,.;:") + " …"


def apart(before: str, after: str, most: int = 160) -> tuple[str, str]:
    """Two texts cut down to where they differ, with three words on each side; the same cut in both.

    The change may stand at the end of a long answer, so cutting both from the front would show two equal texts.
    """
    old, new = before.split(), after.split()
    front = _shared(old, new)
    back = _shared(old[front:][::-1], new[front:][::-1])
    start, end = max(front - 3, 0), max(back - 3, 0)

    def cut(words: list[str]) -> str:
        shown = " ".join(words[start:len(words) - end])
        return short(f"{'… ' * bool(start)}{shown}{' …' * bool(end)}", most) if words else ""

    return cut(old), cut(new)


def _shared(one: list[str], other: list[str]) -> int:
    """How many words both begin with."""
    return next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def sentence(text: str) -> str:
    """The text with a full stop at its end, or what ends it already."""
    return text if not text or text.rstrip()[-1:] in ".!?…" else text.rstrip() + "."


def due(text: str) -> str:
    """When an action is due: a settled ISO date in words, anything else as it was written."""
    try:
        return dotted(date.fromisoformat(text))
    except ValueError:
        return text or "not given"


def by_when(action: Action) -> str:
    """When an action is due: 17/07/2026, with the time where it counts in hours; else as it was written."""
    if action.due_at is None:
        return due(action.due)
    there = local(action.due_at)
    return dotted(there) if (there.hour, there.minute) == (23, 59) else f"{dotted(there)}, {time(there)}"


def plural(count: int, one: str, many: str = "") -> str:
    """"1 point", "3 points"."""
    return f"{count} {one if count == 1 else many or one + 's'}"
