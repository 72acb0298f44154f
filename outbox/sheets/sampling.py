"""The sampling record (DOC-01): how a month's cases were drawn, and all that is needed to draw them again.

Sheets: Summary, Rules, Frame (every case considered), Auditors, Excluded, Drawn. Staff addresses are in it, no child's
name is. ``sampling_read`` reads it back; a test holds the two together.
"""

import json
from collections.abc import Iterable
from datetime import datetime
from operator import attrgetter
from typing import Any

from mailflow.model import Document
from mailflow.model.sampling import SamplingRecord
from outbox import words
from outbox.sheets.actions import XLSX
from outbox.sheets.leaves import Cell, Leaf, make_leaves
from outbox.sheets.sampling_words import rule_in_words

# Field of a FrameRow → its heading and width. The first five are always there, the others where some case has them.
FRAME: dict[str, tuple[str, int]] = {
    "number": ("Case number", 16), "category": ("Category", 12), "service": ("Service", 22), "team": ("Team", 24),
    "practitioner": ("Practitioner", 40), "manager": ("Practitioner's manager", 40), "tm": ("Team manager", 40),
    "iro": ("Reviewing officer", 40), "open_since_on": ("Open since", 13), "last_audited_on": ("Last audited", 15),
    "restricted": ("Restricted", 13), "nominated_auditor": ("Nominated auditor", 40), "theme": ("Theme", 22),
    "family": ("Family", 14), "lists": ("Annex A lists", 16), "extract_on": ("Extract taken", 16), "age_band": ("Age band", 12),
    "gender": ("Gender", 12), "ethnicity": ("Ethnicity", 16), "disability": ("Disability", 12),
}
ALWAYS = 5
AUDITORS = (("Address", 40), ("Parts", 30), ("Team", 24), ("Away on the opening day", 14), ("Cases", 8), ("Remark", 44))
EXCLUDED = (("Case number", 16), ("Reason", 60))
DRAWN = (("Case number", 16), ("Auditor", 40), ("Category", 12), ("Service", 22), ("Team", 24), ("Family", 14))
SUMMARY = (("What", 58), ("Value", 76))
RULES = (("Key", 44), ("Value", 40), ("In words", 112))
# Summary lines that are read back; the others follow from these.
FRAMEWORK, CYCLE, TYPE, THEME, OPENS, SEED = "Framework", "Cycle", "Type of audit", "Theme", "Opening day", "Seed"
FRAME_DIGEST, DIGEST = "Digest of the frame (SHA-256)", "Digest of the draw (SHA-256)"


def compose_sampling_record(record: SamplingRecord, at: datetime, marking: str = "") -> Document:
    """``sampling-YYMM.xlsx``. ``at`` is only when the document was made; the draw does not depend on it."""
    data = make_leaves(f"Sampling record {words.month_of(record.cycle)}", record_leaves(record), at, marking)
    return Document(f"sampling-{record.cycle}.xlsx", XLSX, data)


def record_leaves(record: SamplingRecord) -> list[Leaf]:
    """Every sheet, in order: what is written, and what a record that is checked must say."""
    by_number = {row.number: row for row in record.frame}
    drawn = [(number, auditor, row.category, row.service, row.team, row.family)
             for number, auditor in record.pairs for row in [by_number[number]]]
    return [
        Leaf("Summary", SUMMARY, _summary(record)),
        Leaf("Rules", RULES, [(key, value, rule_in_words(key, json.loads(value))) for key, value in record.rules]),
        _frame(record), Leaf("Auditors", AUDITORS, _auditors(record)),
        Leaf("Excluded", EXCLUDED, record.exclusions), Leaf("Drawn", DRAWN, drawn)]


def _frame(record: SamplingRecord) -> Leaf:
    names = [name for n, name in enumerate(FRAME) if n < ALWAYS or any(map(attrgetter(name), record.frame))]
    return Leaf("Frame", [FRAME[name] for name in names], map(attrgetter(*names), record.frame))


def _auditors(record: SamplingRecord) -> Iterable[tuple[Cell, ...]]:
    given = _counts(auditor for _, auditor in record.pairs)
    remarks = dict(record.unserved)
    for row in record.auditors:
        yield (row.address, ", ".join(row.roles), row.team, row.away, str(given.get(row.address, 0)),
               remarks.get(row.address, ""))


def _summary(record: SamplingRecord) -> list[tuple[Cell, ...]]:
    excluded = dict(record.exclusions)
    rules: dict[str, Any] = {key: json.loads(value) for key, value in record.rules}
    lines: list[tuple[Cell, ...]] = [
        (FRAMEWORK, record.framework), (CYCLE, record.cycle), (TYPE, record.type), (THEME, record.theme),
        (OPENS, record.opens_on), (SEED, record.seed),
        ("Method", rule_in_words("selection.method", rules.get("selection.method"))),
        ("Cases in the frame", str(len(record.frame))), ("Cases left out", str(len(excluded))),
        ("Cases that could be drawn", str(len(record.frame) - len(excluded))), ("Cases drawn", str(len(record.pairs))),
        ("Auditors", str(len(record.auditors))), ("Auditors with fewer cases than they should have", str(len(record.unserved))),
        (FRAME_DIGEST, record.frame_digest), (DIGEST, record.digest),
        ("To draw again and compare", f"mailflow draw verify sampling-{record.cycle}.xlsx")]
    frame = _counts(row.service for row in record.frame)
    could = _counts(row.service for row in record.frame if row.number not in excluded)
    given = dict(record.pairs)
    drawn = _counts(row.service for row in record.frame if row.number in given)
    lines += [(f"Service: {service or 'none given'}",
               f"{frame[service]} in the frame, {could.get(service, 0)} could be drawn, {drawn.get(service, 0)} drawn")
              for service in sorted(frame)]
    reasons = _counts(reason_kind(why) for why in excluded.values())
    return lines + [(f"Left out: {why}", str(reasons[why])) for why in sorted(reasons)]


def reason_kind(why: str) -> str:
    """A reason without what is of one case alone: its day in brackets, the address somebody was nominated with."""
    if why.startswith("nominated for "):
        return f"nominated: {why.partition(': ')[2]}"
    return why.partition(" (on ")[0]


def _counts(words: Iterable[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for word in words:
        found[word] = found.get(word, 0) + 1
    return found
