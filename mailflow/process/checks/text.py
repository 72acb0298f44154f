"""Small readings of free text: words, dates, "not applicable". No names of fields, no policy."""

import re
from datetime import date
from functools import lru_cache

_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
           "november", "december")
_MONTH = r"(?P<{0}>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"\
         r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
_DAY = re.compile(
    r"(?<!\d)(?:(?P<d1>\d{1,2})\s?[./-]\s?(?P<m1>\d{1,2})\s?[./-]\s?(?P<y1>\d{4}|\d{2})"
    r"|(?P<y2>\d{4})-(?P<m2>\d\d)-(?P<d2>\d\d)"
    r"|(?P<d3>\d{1,2})(?:st|nd|rd|th)?(?:\s+of)?\s+" + _MONTH.format("m3") + r"\.?,?\s+(?P<y3>\d{4}|\d{2}))(?!\d)"
    r"|\b" + _MONTH.format("m4") + r"\.?\s+(?P<d4>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<y4>\d{4})(?!\d)",
    re.IGNORECASE)
_NOT_APPLICABLE = re.compile(
    r"\W*(?:(?:this|the)\s+(?:domain|section|question|area|part)\s+)?(?:is\s+|does\s+)?"
    r"(?:not\s+applicable|not\s+apply|n\s?/\s?a\b|n\.\s?a\b\.?|na\b)", re.IGNORECASE)


def count_words(text: str) -> int:
    """Words with a letter or a digit in them: bullets and dashes are none."""
    return sum(1 for w in text.split() if w[0].isalnum() or any(c.isalnum() for c in w))


@lru_cache(maxsize=64)
def phrases(words: tuple[str, ...]) -> re.Pattern[str]:
    """A pattern for any of a profile's words or phrases, in any case and spacing, as whole words (marks such as "???" also
    within one); it matches nothing where the list is empty."""
    plain = sorted({w.strip() for w in words if w.strip()}, key=lambda w: (-len(w), w))
    spelt = {w: re.escape(w).replace("\\ ", r"\s+").replace("'", "['’]") for w in plain}
    whole = "|".join(p for w, p in spelt.items() if w[0].isalnum() and w[-1].isalnum())
    parts = [rf"(?<![^\W_])(?:{whole})(?![^\W_])"] if whole else []
    parts += [p for w, p in spelt.items() if not (w[0].isalnum() and w[-1].isalnum())]
    return re.compile("|".join(parts) or "(?!)", re.IGNORECASE)


def unquoted(text: str) -> str:
    """The text without what stands in double quotation marks: other people's words."""
    return re.sub(r"[\"“][^\"“”]*[\"”]", " ", text)


def clip(text: str, most: int = 6, letters: int = 60) -> str:
    """The text on one line, cut after so many words and letters, "…" where something was cut."""
    words = text.split()
    short = " ".join(words[:most])
    return short[:letters].rstrip(" ,;:") + "…" if len(words) > most or len(short) > letters else short


def listed(names: list[str], most: int = 6) -> str:
    """"a, b and 2 more"."""
    if len(names) <= most:
        return ", ".join(names)
    return f"{', '.join(names[:most])} and {len(names) - most} more"


def days_in(text: str) -> list[date]:
    """Every real date in the text, read day first, in order. Two-digit years are 20nn."""
    found = []
    for hit in _DAY.finditer(text):
        g = {k[0]: v for k, v in hit.groupdict().items() if v is not None}
        month = int(g["m"]) if g["m"].isdigit() else _month(g["m"])
        year = int(g["y"]) + (2000 if len(g["y"]) == 2 else 0)
        try:
            found.append(date(year, month, int(g["d"])))
        except ValueError:
            continue
    return found


def _month(word: str) -> int:
    return next(n for n, m in enumerate(_MONTHS, 1) if m.startswith(word.casefold().removesuffix(".")[:3]))


def looks_like_a_date(text: str) -> bool:
    """Somebody meant a day and month: two numbers with a separator ("31/06/2026", "17.6")."""
    return bool(re.search(r"\d\s?[./-]\s?\d", text)) or bool(re.search(
        r"\d(?:st|nd|rd|th)?(?:\s+of)?\s+" + _MONTH.format("m"), text, re.IGNORECASE))


def says_not_applicable(text: str) -> bool:
    """Does the answer open with "Not applicable", "N/A", "Does not apply" or the like?"""
    return bool(_NOT_APPLICABLE.match(text))


def has_reason(text: str) -> bool:
    """Is there more than "Not applicable": three words or more beside it?"""
    return count_words(_NOT_APPLICABLE.sub("", text, count=1)) >= 3


def uk_day(day: date) -> str:
    """17/06/2026"""
    return day.strftime("%d/%m/%Y")
