"""CHK-118 and 119, on the case note we make ourselves: shown to the QA team, never to an auditor."""

import re
from collections.abc import Mapping
from datetime import date

from mailflow.model import Finding, Severity
from mailflow.process.checks.names import COMMON

TITLE_MAX = 100
_NAME = re.compile(r"\b([A-ZÀ-Þ][a-zß-ÿ'’-]+) ([A-ZÀ-Þ][a-zß-ÿ'’-]+)\b")


def check_casenote(title: str, time_text: str, date_text: str, told: tuple[str, ...],
                   words: Mapping[str, str]) -> tuple[Finding, ...]:
    """``told`` are the people alerted. ``time_text`` hh:mm on a 24-hour clock, ``date_text`` dd/mm/yyyy (F1-REC-01)."""
    found = []
    if len(title) > TITLE_MAX:
        found.append(_block("CHK-118", words["CHK-118"].format(count=len(title), limit=TITLE_MAX)))
    names = [hit.group(0) for hit in _NAME.finditer(title) if not {w.casefold() for w in hit.groups()} & COMMON]
    if names:
        found.append(_block("CHK-118", words["CHK-118.name"].format(names=", ".join(names[:3]))))
    wanted = (("a time on the 24-hour clock, such as 15:30", re.fullmatch(r"(?:[01]\d|2[0-3]):[0-5]\d", time_text)),
              ("its date as day/month/year", _is_day(date_text)), ("the names of the people told", any(told)))
    return (*found, *(_block("CHK-119", words["CHK-119"].format(what=what)) for what, good in wanted if not good))


def _block(check: str, words: str) -> Finding:
    return Finding(check, Severity.BLOCK, words, section="Case note")


def _is_day(text: str) -> bool:
    if not re.fullmatch(r"\d\d/\d\d/\d{4}", text):
        return False
    day, month, year = (int(p) for p in text.split("/"))
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
