"""One document → one Reading, in this process. ``Pool`` in ``sandbox`` does the same behind limits."""

import hashlib
from operator import itemgetter

from mailflow.errors import UnreadableError
from mailflow.form.definition import FormDefinition
from mailflow.form.passport import find_passport
from mailflow.model import Passport, Reading, Status, Unreadable
from mailflow.model.ref import find_refs
from parsers.formats import open_grid
from parsers.grid import Grid
from parsers.locate.around import is_reference_line
from parsers.locate.likely import likeliest
from parsers.locate.search import Located, locate
from parsers.locate.wording import Wording, compile_wording

# A document with fewer located questions than this is some other document.
_A_FEW = 3
_PART, _GOOD_PART = 0.15, 0.3
# Locating is dear, so of many forms only the likeliest are tried.
_TRIED = 2
# Where one form is expected, another must have a quarter more questions located to be preferred to it, or a
# damaged return of ours would be taken for some other form.
_EXPECTED = 1.25
_NO_TEXT = "This document holds no text. If it is a scan or a picture, please send the Word form itself."
_NOT_THE_FORM = "This document can be opened, but it is not one of our forms."


def read_document(data: bytes, name: str, forms: tuple[FormDefinition, ...], expected: str = "") -> Reading:
    """What the document says. ``name`` is only for people; the bytes decide what it is. ``expected`` is the id of the form
    that was asked for, where one was.

    Never raises for a bad document: the status, a reason (a code of Unreadable) and one plain sentence say it.
    """
    try:
        grid = open_grid(data)
    except UnreadableError as e:
        return unreadable(e.reason, str(e))
    return read_grid(grid, forms, expected)


def unreadable(reason: str, words: str) -> Reading:
    """The reading of a document that could not be read."""
    status = Status.ENCRYPTED if reason == Unreadable.ENCRYPTED else Status.UNREADABLE
    return Reading(status, reason=reason, words=words)


def read_grid(grid: Grid, forms: tuple[FormDefinition, ...], expected: str = "") -> Reading:
    """The same for a grid from any kind of document."""
    text = _all_text(grid)
    passport = next((p for raw in grid.passports if (p := find_passport(raw))), None)
    if not text.strip():
        return Reading(Status.NO_TEXT, reason=Unreadable.NO_TEXT.value, words=_NO_TEXT, passport=passport,
                       oddities=grid.oddities)
    form, located = _best(grid, forms, passport, expected)
    if form is None or located is None:
        return Reading(Status.NOT_THE_FORM, passport=passport, words=_NOT_THE_FORM, text=text,
                       printed_ref=next(iter(find_refs(text)), ""), oddities=grid.oddities, comments=grid.comments,
                       tracked_changes=grid.tracked_changes)
    edition = passport.edition if passport and passport.form == form.id else form.edition
    return Reading(
        status=Status.READABLE, form=form.id, edition=edition, passport=passport,
        printed_ref=_printed_ref(grid, form, located), answers=located.answers, rows=located.rows,
        missing=tuple(located.missing), prompts_left=tuple(located.prompts_left), leftovers=located.leftovers,
        labels=located.labels,
        tracked_changes=grid.tracked_changes, comments=grid.comments, oddities=grid.oddities,
        edit_minutes=grid.edit_minutes, content_digest=_digest(form.id, located), text=text,
    )


def _best(
    grid: Grid, forms: tuple[FormDefinition, ...], passport: Passport | None, expected: str
) -> tuple[FormDefinition | None, Located | None]:
    """The form the passport names, else the one with most questions located, the expected one before others; none where
    that is hardly any."""
    named = [f for f in forms if passport and f.id == passport.form]
    same = [f for f in named if passport and f.edition == passport.edition]
    wordings = [_wording(f) for f in same or named or forms]
    if len(wordings) > _TRIED:
        tried = likeliest(grid, wordings, _TRIED)
        wordings = [w for w in wordings if w in tried or w.form.id == expected]
    found = [(w.form, locate(grid, w)) for w in wordings]
    if not found:
        return None, None
    form, located = max(found, key=lambda pair: _fit(pair[0], pair[1], expected))
    is_expected = len(forms) == 1 or form.id == expected
    return (form, located) if _is_enough(located, form, bool(same or named), is_expected) else (None, None)


def _fit(form: FormDefinition, located: Located, expected: str) -> tuple[float, float]:
    """How well a form fits: its questions located; of two with as many, the form of which more is there."""
    return located.found * (_EXPECTED if form.id == expected else 1), located.found / max(len(form.fields), 1)


def _is_enough(located: Located, form: FormDefinition, is_named: bool, is_expected: bool) -> bool:
    """A few questions; of a form the document does not name a fair part, or more than is left over: a team and a date
    stand in many a letter. Of a form nobody asked for, a good part: councils' forms have their heads in common."""
    if located.found < _A_FEW:
        return False
    if is_named or not is_expected:
        return is_named or located.found >= _GOOD_PART * len(form.fields)
    return located.found >= _PART * len(form.fields) or located.found >= len(located.leftovers)


def _wording(form: FormDefinition) -> Wording:
    return compile_wording(form)


def _all_text(grid: Grid) -> str:
    """Every readable word, for the safety check: body, headers, notes and comments."""
    lines = [cell.text for row in grid.rows for cell in row.cells if cell.text]
    lines += [text for _, text in (*grid.around, *grid.remarks)]
    return "\n".join(lines)


def _printed_ref(grid: Grid, form: FormDefinition, located: Located) -> str:
    """The reference we printed: in a prefilled answer, else in text that is no answer, else in a header or footer.

    What people typed as answers is not looked at: they may well name another audit.
    """
    prefilled = [located.answers[f.id].text for f in form.fields if f.prefilled and f.id in located.answers]
    others = [left.text for left in located.leftovers]
    others += [row.cells[0].text for row in grid.rows if not row.table and row.cells and is_reference_line(row.cells[0].text)]
    around = [text for place, text in grid.around if place.startswith("page")]
    for text in (*prefilled, *others, *around):
        if refs := find_refs(text):
            return refs[0]
    return ""


def _digest(form: str, located: Located) -> str:
    """Equal for equal answers, whatever the bytes: white space collapsed, case kept."""
    parts = [form]
    for field, answer in sorted(located.answers.items(), key=_first):
        parts += (field, answer.text)
    for table, rows in sorted(located.rows.items(), key=_first):
        for row in rows:
            parts.append(table)
            for name, answer in sorted(row.items(), key=_first):
                parts += (name, answer.text)
    # No XML text can hold the separator, so collapsing the whole is collapsing each.
    whole = " ".join("\0".join(parts).split())
    return hashlib.blake2b(whole.encode("utf-8", "surrogatepass"), digest_size=32).hexdigest()


_first = itemgetter(0)
