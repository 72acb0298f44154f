"""What one document alone shows, before any audit is known: findings as plain values, and whether a person must look."""

from collections.abc import Iterator
from typing import Any

from mailflow.form.definition import FormDefinition, FormField
from mailflow.model import Answer, Reading, Status
from mailflow.model.reading import is_doubtful

Fields = dict[str, FormField]

# An answer's trouble → its check, and what is said of it. The one table; {found} is what stands there, {day} what it is read as.
TROUBLES: dict[str, tuple[str, str]] = {
    "unknown_grade": ("CHK-019", '"{found}" is not a grade we know.'),
    "bad_date": ("CHK-032", 'the date "{found}" could not be read.'),
    "ambiguous_date": ("CHK-033", '"{found}" is read as {day}; the month may have been meant first.'),
    "short_year": ("CHK-033", '"{found}" is read as {day}; its year is short.'),
    "month_first": ("CHK-033", '"{found}" can only be read month first, as {day}.'),
    "no_year": ("CHK-032", 'the date "{found}" has no year.'),
    "no_day": ("CHK-032", 'the date "{found}" has no day.'),
    "between_scores": ("CHK-015", '"{found}" is not one score.'),
    "unknown_score": ("CHK-015", '"{found}" is not a score we know.'),
    "out_of_scale": ("CHK-015", 'the score "{found}" is outside the scale.'),
    "not_whole": ("CHK-016", 'the score "{found}" is not a whole number.'),
    "unknown_choice": ("CHK-013", '"{found}" is none of the choices.'),
}
# What is odd and has no check of its own goes by a word: text in no answer, a place we are unsure of, a new trouble.
LEFTOVER, UNSURE, UNSETTLED, PACKED = "leftover", "unsure", "unsettled", "packed"
# Findings a person must look at, because the document could not be read to the end. The others are for its writer to mend.
FOR_A_PERSON = frozenset(("CHK-001", "CHK-006", "CHK-013", "CHK-015", "CHK-016", "CHK-019", "CHK-032",
                          LEFTOVER, UNSURE, UNSETTLED))
SURE_ENOUGH = 60
_MOST_LETTERS = 60


def list_findings(reading: Reading, form: FormDefinition | None, fields: Fields) -> list[dict[str, str]]:
    """Findings in the order people ask: the document, what is missing, each answer, what was left over."""
    found = [*_of_document(reading)]
    if form is not None:
        found += [*_missing(reading, form, fields), *_prompts(reading, fields)]
        for answer in every_answer(reading):
            # Nearly every answer is well; asking here first spares a folder of forms a tenth of the telling.
            if answer.trouble or answer.had_prompt or answer.sure < SURE_ENOUGH:
                found += _of_answer(answer, fields.get(column_id(answer.field)))
    if reading.packed_in:
        found.append(_finding(PACKED, "", f"The document was packed in {reading.packed_in}."))
    if reading.status is Status.READABLE:
        found += [_finding(LEFTOVER, x.place, f'"{_clip(x.text)}" went into no answer.') for x in reading.leftovers]
    return found


def every_answer(reading: Reading) -> Iterator[Answer]:
    """The answers outside tables, then every table's cells."""
    yield from reading.answers.values()
    for rows in reading.rows.values():
        for row in rows:
            yield from row.values()


def column_id(field_id: str) -> str:
    """A cell's question is its column's: "actions.2.due" → "actions.due"; any other id as it is."""
    if field_id.count(".") != 2:
        return field_id
    bits = field_id.split(".")
    return f"{bits[0]}.{bits[2]}" if bits[1].isdecimal() else field_id


def needs_person(facts: dict[str, Any]) -> str:
    """Why a person must look at this document, in a sentence; "" where nobody needs to. Works on a line read back too."""
    if facts["status"] != Status.READABLE:
        return str(facts["words"])
    why = [f["words"] for f in facts["findings"] if f["check"] in FOR_A_PERSON]
    more = f" And {len(why) - 1} more." if len(why) > 1 else ""
    return f"{why[0]}{more}" if why else ""


def _finding(check: str, place: str, words: str) -> dict[str, str]:
    return {"check": check, "place": place, "words": words}


def _of_document(reading: Reading) -> Iterator[dict[str, str]]:
    if reading.status is not Status.READABLE:
        yield _finding("CHK-001", "", reading.words)
    for odd in reading.oddities:
        if is_doubtful(odd):
            yield _finding(UNSURE, "", f"The document has {odd}; please compare the answers with it.")
        else:
            yield _finding("CHK-007", "", f"The document contains {odd}; only its text was read.")
    if reading.tracked_changes or reading.comments:
        yield _finding("CHK-008", "", f"Tracked changes: {reading.tracked_changes}; comments: {reading.comments}. "
                                      "The text is read as if every change were accepted.")


def _missing(reading: Reading, form: FormDefinition, fields: Fields) -> Iterator[dict[str, str]]:
    gone = set(reading.missing)
    for section in form.sections:
        asked = [f.id for f in (*section.fields, *(c for t in section.tables for c in t.columns))]
        # A section for some categories only was left out when the form was sent; half a one is somebody's doing.
        if section.categories and gone.issuperset(asked):
            continue
        for i in asked:
            if i in gone and fields[i].required:
                yield _finding("CHK-006", section.title, f'"{fields[i].label}" could not be found.')


def _prompts(reading: Reading, fields: Fields) -> Iterator[dict[str, str]]:
    """Boxes that must be answered and still show our prompt; and prompts that stand beside an answer."""
    places = {a.field: a.place for a in every_answer(reading)}
    for i in reading.prompts_left:
        f = fields.get(column_id(i))
        if f is not None and f.required:
            yield _finding("CHK-014", places.get(i, ""), f'"{f.label}" still shows our prompt.')


def _of_answer(answer: Answer, f: FormField | None) -> Iterator[dict[str, str]]:
    label = f.label if f is not None else answer.field
    if answer.text and answer.had_prompt:
        yield _finding("CHK-014", answer.place, f'"{label}": our prompt stands beside the answer and was left out.')
    if answer.trouble:
        check, words = TROUBLES.get(answer.trouble, (UNSETTLED, '"{found}" could not be settled.'))
        said = words.format(found=_clip(answer.text), day=answer.value)
        if answer.candidates:
            said += f" It may mean {' or '.join(c.replace('_', ' ') for c in answer.candidates)}."
        yield _finding(check, answer.place, f'"{label}": {said}')
    if answer.text and answer.sure < SURE_ENOUGH:
        yield _finding(UNSURE, answer.place, f'"{label}": "{_clip(answer.text)}" may not be the answer to this question.')


def _clip(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _MOST_LETTERS else flat[:_MOST_LETTERS - 1] + "…"
