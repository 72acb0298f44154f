"""Dates as people write them → a day, read day first (CHK-032, CHK-033)."""

import re
import unicodedata
from datetime import date

_MONTHS = {
    name: number
    for number, names in enumerate((
        "january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug",
        "september sept sep", "october oct", "november nov", "december dec",
    ), 1)
    for name in names.split()
}
_DAYS = ("monday mon", "tuesday tues tue", "wednesday weds wed", "thursday thurs thur thu", "friday fri",
         "saturday sat", "sunday sun")
_WEEKDAYS = {name: number for number, names in enumerate(_DAYS) for name in names.split()}
_WEEKDAY = rf"(?:(?P<weekday>{'|'.join(_WEEKDAYS)})\.?,?\s+(?:the\s+)?)?"
_MONTH = rf"(?P<month>{'|'.join(_MONTHS)})\.?"
_NTH = r"(?:st|nd|rd|th)?"
_TIME = r"(?:,?\s*(?:at\s+)?\d{1,2}(?:[:.]\d{2}(?::\d{2})?\s*(?:[ap]\.?m\.?)?|\s*[ap]\.?m\.?))?"
_YEAR = r"(?P<year>\d{4}|'?\d{2})"
_SHAPES = tuple(re.compile(_WEEKDAY + shape + _TIME + r"\.?", re.IGNORECASE) for shape in (
    rf"(?P<day>\d{{1,2}})\s*(?P<part>[/.\-]|\s)\s*(?P<number>\d{{1,2}})\s*(?:(?P=part)|\s)\s*{_YEAR}",
    r"(?P<year>\d{4})[/.\-](?P<number>\d{1,2})[/.\-](?P<day>\d{1,2})(?:T)?",
    rf"(?P<day>\d{{1,2}}){_NTH}\s*(?:of\s+)?[\s\-/.,]*{_MONTH}[\s\-/.,]*{_YEAR}",
    rf"{_MONTH}\s*[\-/]?\s*(?P<day>\d{{1,2}}){_NTH},?[\s\-/]+{_YEAR}",
))
_ISO = 1
_DASHES = str.maketrans({"‐": "-", "‑": "-", "–": "-", "—": "-", "\u2215": "/", "\u2044": "/", "\u2019": "'"})
# An audit looks at living people's lives: outside these years somebody mistyped.
_FIRST_YEAR, _LAST_YEAR = 1900, 2100


def parse_date(text: str) -> tuple[str | None, str]:
    """→ (ISO day, trouble). Trouble "bad_date" comes with None; "ambiguous_date" and "short_year" with a day.

    "06/07/2026" is 6 July and ambiguous; "17/06/26" is 2026 and short. A weekday that does not fit its date is
    ambiguous too: one of the two is wrong, and only the writer knows which.
    """
    flat = " ".join(unicodedata.normalize("NFKC", text).translate(_DASHES).split())
    for shape, pattern in enumerate(_SHAPES):
        if found := pattern.fullmatch(flat):
            return _settle(found.groupdict(), numeric=shape == 0)
    return None, "bad_date"


def _settle(bits: dict[str, str | None], *, numeric: bool) -> tuple[str | None, str]:
    year_text = (bits["year"] or "").lstrip("'")
    short = len(year_text) == 2
    year = int(year_text) + (2000 if short else 0)
    word = bits.get("month")
    month = _MONTHS[word.lower()] if word else int(bits.get("number") or 0)
    day = int(bits["day"] or 0)
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        return None, "bad_date"
    try:
        settled = date(year, month, day)
    except ValueError:
        return None, "bad_date"
    weekday = bits.get("weekday")
    wrong_weekday = weekday is not None and _WEEKDAYS[weekday.lower()] != settled.weekday()
    # A weekday that fits the day-first reading takes the doubt away.
    unclear = numeric and month != day and day <= 12 and weekday is None
    if wrong_weekday or unclear:
        return settled.isoformat(), "ambiguous_date"
    return settled.isoformat(), "short_year" if short else ""
