"""An auditor who completes any form there is, from its definition, and types into what was sent: Word or Excel."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from mailflow.demo.pen import fill_in
from mailflow.demo.prose import Answers, complete
from mailflow.form.actions import action_columns, name_of
from mailflow.form.definition import FormDefinition, FormField, FormTable, Kind, Part
from mailflow.form.grades import by_practitioner

Rows = dict[str, list[dict[str, str]]]
# A sentence is made of one of each, so that no two answers are alike.
_SEEN = (
    "The visit of 3 July is written up within two days", "Supervision on 5 June asks why attendance fell",
    "The assessment of 22 May weighs the father's history with the grandmother's help",
    "The minutes of 7 July give the health visitor's reasons", "The chronology ends with the move on 2 August",
    "A letter of 12 June asked the school for a quiet room", "The plan of 30 July says who does what by when",
    "The genogram was drawn with the mother on 18 May", "The three houses of 21 July are scanned on the record",
    "The review of 4 August met on its day", "The case summary was renewed on 1 August",
)
_SHOWS = (
    "and the child's own words about bedtime are quoted", "and the note says who will follow it up",
    "and it says what would raise the risk again", "and a manager's decision with its reason stands beside it",
    "and only what mattered to the family stands in it", "and the child chose what was to be changed",
    "and the aunt is named as the one to ring at night", "and it was read through with both parents",
    "and what the worker planned to ask is there as well", "and everybody who was asked had come",
    "and the practitioner said how the record had helped her", "and the drawing is explained in the child's words",
    "and nothing in it is copied from before",
)
_MADE = (
    "Because of it the plan was changed within the week.", "As a result attendance rose from 71 to 94 per cent.",
    "The family now ring the worker themselves when it gets hard.", "The child told the school nurse that nights are quieter.",
    "The next visit shows that it was done and that it helped.", "The grandmother now has the children on Thursdays.",
    "Since then the mother says she feels listened to.",
)
_DEEDS = (
    "Share the words and pictures story with the school before the next review",
    "Ring the grandmother and offer her a place at the family meeting",
    "Bring the chronology up to date with the events since the spring",
)
# What each part of a family's views is when somebody was reached and glad to talk.
_FAMILY = {"who": "Mother", "score": "8", "posted": "No", "declined": "No", "asked": "Yes", "asked_first": "Yes", "reason": ""}
_GRADES = {"sharp": ("Good", 8), "plain": ("Requires improvement", 5)}


@dataclass(frozen=True)
class Hand:
    """How somebody fills in a form: in which style, and on which days. ``later`` is added to one answer."""

    style: str
    started: date
    met: date
    due: date
    later: str = ""


def complete_any(form: FormDefinition, hand: Hand) -> tuple[Answers, Rows]:
    """Answers by field id and rows by table. Where the form has the questions of ``prose``, its words are used."""
    answers = {f.id: text for n, f in enumerate(form.fields) if not f.prefilled and (text := _answer(f, n, hand))}
    written, actions = complete(hand.style, started=hand.started, met=hand.met, due=hand.due, later=hand.later)
    answers |= {field: text for field, text in written.items() if form.find_field(field) is not None}
    rows = {t.id: _rows(t, hand, actions.get(t.id, [])) for t in form.tables if "text" in action_columns(t)}
    if hand.later and "conversation.notes" not in answers:
        longest = max(answers, key=lambda field: len(answers[field]))
        answers[longest] = f"{answers[longest]} {hand.later}"
    return answers, rows


def leave_gaps(form: FormDefinition, answers: Answers) -> Answers:
    """The same, with a grade or score and the first evidence somebody forgot."""
    asked = [f for f in form.fields if f.required and f.id in answers and not by_practitioner(f) and not f.feedback]
    graded = [f.id for f in asked if f.kind in (Kind.GRADE, Kind.SCORE)]
    noted = [f.id for f in asked if f.part in (Part.EVIDENCE, Part.NOTES)]
    return {**answers, **dict.fromkeys([*graded[1:2], *noted[:1]], "")}


def raise_concern(form: FormDefinition, answers: Answers, told: str) -> Answers:
    """The same with the concern box ticked and who was told, when."""
    box = [f for f in form.fields if f.part is Part.CONCERN]
    said = {f.id: "Yes" if f.kind is Kind.CHOICE else "Today" if name_of(f) == "when" else told for f in box}
    return {**answers, **said}


def without_concern(form: FormDefinition, answers: Answers) -> Answers:
    """The same without what stands in the concern box: it stays as it was sent back."""
    box = {f.id for f in form.fields if f.part is Part.CONCERN}
    return {field: text for field, text in answers.items() if field not in box}


def type_in(document: bytes, answers: Mapping[str, str], rows: Mapping[str, Sequence[Mapping[str, str]]]) -> bytes:
    """The document with the answers in it, as the program it is made for would write them."""
    if not is_workbook(document):
        return fill_in(document, answers, rows)
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(document))
    cells = {"mf_" + "".join(c if c.isalnum() else "_" for c in name): text for name, text in answers.items()}
    cells |= {f"mf_{t}_{n}_{c}": text for t, of in rows.items() for n, row in enumerate(of, 1) for c, text in row.items()}
    for name, text in cells.items():
        (sheet, at), = book.defined_names[name].destinations
        book[sheet][at.replace("$", "")].value = text or None
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def is_workbook(document: bytes) -> bool:
    return b"xl/workbook.xml" in document


def _rows(table: FormTable, hand: Hand, written: list[dict[str, str]]) -> list[dict[str, str]]:
    """The actions: as ``prose`` has them where the columns are its own, else timed by a letter or a day."""
    columns = action_columns(table)
    if written and set(written[0]) <= set(columns.values()):
        return written
    due = "" if "priority" in columns else f"{hand.due:%d/%m/%Y}"
    cells = [{"text": deed, "owner": "Social worker", "priority": "C", "due": due}
             for deed in _DEEDS[:1 if hand.style == "sharp" else 3]]
    return [{column: row[name] for name, column in columns.items() if name in row} for row in cells]


def _answer(f: FormField, n: int, hand: Hand) -> str:
    if f.section == "moderation":
        return ""  # the panel's part, later
    if f.feedback:
        return _family(f, n, hand)
    grade, score = _GRADES[hand.style]
    if f.part is Part.CONCERN:
        return "No" if f.kind is Kind.CHOICE else ""
    if f.kind is Kind.GRADE:
        return grade
    if f.kind is Kind.SCORE:
        return str(_score(f, score, n))
    if f.kind is Kind.DATE:
        wanted = f.required or f.part is Part.HEADER
        return f"{hand.started if name_of(f) == 'started' else hand.met:%d/%m/%Y}" if wanted else ""
    if f.kind is Kind.CHOICE:
        return f.choices[1] if len(f.choices) == 3 else f.choices[0]
    if f.part is Part.HEADER:
        return "K." if f.required else ""
    return _sentence(n) if f.kind is Kind.NOTES else ""


def _score(f: FormField, score: int, n: int) -> int:
    """Near the style's own out of ten, on the question's scale; the worker sees it a little lower."""
    top, turn = f.scale[-1], (0, -1, 0, 1)[n % 4]
    near = round(score * top / 10) + (turn if top > 4 and not by_practitioner(f) else 0) - by_practitioner(f)
    return max(f.scale[0] + 1, min(near, top))


def _family(f: FormField, n: int, hand: Hand) -> str:
    """One person of the family was reached on the day of the meeting."""
    whose, _, part = f.feedback[0].rpartition(".")
    if whose == "parent2" or (part == "attempt" and n % 2):
        return ""
    if part in ("on", "attempt"):
        return f"{hand.met:%d/%m/%Y}"
    said = "They said the worker listens and comes when she says she will. They would like to be told of changes sooner."
    return _FAMILY.get(part, f"{said} ({f.label[:40].rstrip('?. ')}: asked by telephone)" if f.kind is Kind.NOTES else said)


def _sentence(n: int) -> str:
    return " ".join(f"{_SEEN[k % len(_SEEN)]} {_SHOWS[(3 * k + 1) % len(_SHOWS)]}. {_MADE[(5 * k + 2) % len(_MADE)]}"
                    for k in (2 * n, 2 * n + 1))
