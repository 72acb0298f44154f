"""Dates as people write them → a day, read day first (CHK-032, CHK-033)."""

import re
import unicodedata
from datetime import date

from parsers.settle.said import Settled, bare, doubts, slips

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
_WEEKDAY = rf"(?:(?P<weekday>{'|'.join(_WEEKDAYS)})\.?,?\s+)?(?:the\s+)?"
_MONTH = rf"(?P<month>{'|'.join(_MONTHS)})\.?"
_NTH = r"(?:st|nd|rd|th)?"
_TIME = (r"(?:,?\s*(?:at\s+)?\d{1,2}(?:[:.]\d{2}(?::\d{2}(?:\.\d{1,6})?)?\s*(?:[ap]\.?m\.?|z|hrs|\+00:?00)?"
         r"|\s*[ap]\.?m\.?))?")
_YEAR = r"(?P<year>\d{4}|'?\d{2})"
_SHAPES = tuple(re.compile(_WEEKDAY + shape + _TIME + r"\.?", re.IGNORECASE) for shape in (
    rf"(?P<day>\d{{1,2}})\s*(?P<part>[/.\-]|\s)\s*(?P<number>\d{{1,2}})\s*(?:(?P=part)|\s)\s*{_YEAR}",
    r"(?P<year>\d{4})[/.\-](?P<number>\d{1,2})[/.\-](?P<day>\d{1,2})(?:T)?",
    rf"(?P<day>\d{{1,2}}){_NTH}\s*(?:of\s+)?[\s\-/.,]*{_MONTH}[\s\-/.,]*{_YEAR}",
    rf"{_MONTH}\s*[\-/]?\s*(?P<day>\d{{1,2}}){_NTH},?[\s\-/]+{_YEAR}",
))
# "June 18" may be a day or a year and is neither here; "12 June" and "June 12th" are a day without its year.
_NO_YEAR = re.compile(
    rf"{_WEEKDAY}(?:(?P<day>\d{{1,2}}){_NTH}\s*(?:of\s+)?[\s\-/.]*{_MONTH}|(?P<month2>{'|'.join(_MONTHS)})\.?\s+(?P<day2>\d{{1,2}})"
    rf"(?:st|nd|rd|th))", re.IGNORECASE)
_NO_DAY = re.compile(
    rf"(?:(?:in|early|mid|late|end of)[\s-]+)?(?:{_MONTH}[\s\-/,.]*|(?:0?[1-9]|1[0-2])\s?[/.\-]\s?)\d{{4}}", re.IGNORECASE)
_LABEL = re.compile(r"(?:(?:date|met|held|seen|completed|started|on)\b\s*[:\-]?\s*)+(?=\S)", re.IGNORECASE)
# A remark behind a day says nothing about the day itself, unless it takes it back or may hold another one.
_REMARK = re.compile(r"\s*(?:[(;\n]|,\s|\s-+\s)\s*")
_OTHER_DAY = re.compile(
    r"\d|\b(?:cancel\w*|re-?arranged?|re-?scheduled?|postponed?|moved|planned|booked|due|no|not|never|unable|before|after"
    r"|until|from|to|or|and|week|month|year)\b|n't\b", re.IGNORECASE)
_LONG_MONTH = 6
_DASHES = str.maketrans({"‐": "-", "‑": "-", "–": "-", "—": "-", "\u2215": "/", "\u2044": "/", "\u2019": "'"})
# An audit looks at living people's lives: outside these years somebody mistyped.
_FIRST_YEAR, _LAST_YEAR = 1900, 2100


def settle_date(text: str) -> Settled:
    """→ ISO day. Trouble "bad_date", "no_year" and "no_day" come without one; "ambiguous_date", "month_first" and
    "short_year" with one.

    "06/07/2026" is 6 July and ambiguous; "17/06/26" is 2026 and short; "06/17/2026" can only be 17 June, month first,
    and the form asks for the day first. A weekday that does not fit its date is ambiguous too: one of the two is wrong,
    and only the writer knows which. Candidates are the days that may have been meant.
    """
    lines = unicodedata.normalize("NFKC", text).translate(_DASHES)
    flat = " ".join(lines.split())
    remark = _REMARK.search(lines)
    found = _read(flat) or _read(_LABEL.sub("", bare(flat), count=1))
    if not found and remark and not doubts(lines) and not _OTHER_DAY.search(lines[remark.end():]):
        found = _read(" ".join(_LABEL.sub("", lines[:remark.start()], count=1).split()))
    return found or Settled(None, "bad_date")


def _read(flat: str) -> Settled | None:
    """The text as one day and nothing else; None where it has no shape of a day."""
    mended = re.sub(r"[A-Za-z]{6,}", lambda word: _mend(word[0].lower()), flat)
    for shape, pattern in enumerate(_SHAPES):
        if found := pattern.fullmatch(mended):
            return _settle(found.groupdict(), numeric=shape == 0)
    if found := _NO_YEAR.fullmatch(mended):
        bits = found.groupdict()
        month = _MONTHS[(bits["month"] or bits["month2"]).lower()]
        # 29 February is a day in some years.
        return Settled(None, "no_year" if _day(2000, month, int(bits["day"] or bits["day2"])) else "bad_date")
    return Settled(None, "no_day") if _NO_DAY.fullmatch(mended) else None


def _mend(word: str) -> str:
    """"febuary" → "february": a long month's name with one slip in it; any other word as it is."""
    near = [name for name in _MONTHS if len(name) >= _LONG_MONTH and slips(word, name, 1)]
    return near[0] if len(near) == 1 else word


def _settle(bits: dict[str, str | None], *, numeric: bool) -> Settled:
    year_text = (bits["year"] or "").lstrip("'")
    short = len(year_text) == 2
    year = int(year_text) + (2000 if short else 0)
    word = bits.get("month")
    month = _MONTHS[word.lower()] if word else int(bits.get("number") or 0)
    day = int(bits["day"] or 0)
    settled = _day(year, month, day)
    swapped = _day(year, day, month) if numeric and month != day else None
    if settled is None:
        return Settled(swapped.isoformat(), "month_first", (swapped.isoformat(),)) if swapped else Settled(None, "bad_date")
    weekday = bits.get("weekday")
    wrong_weekday = weekday is not None and _WEEKDAYS[weekday.lower()] != settled.weekday()
    # A weekday that fits the day-first reading takes the doubt away.
    if wrong_weekday or (swapped and weekday is None):
        meant = (settled, swapped) if swapped else (settled,)
        return Settled(settled.isoformat(), "ambiguous_date", tuple(d.isoformat() for d in meant))
    return Settled(settled.isoformat(), "short_year" if short else "")


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if _FIRST_YEAR <= year <= _LAST_YEAR else None
    except ValueError:
        return None
