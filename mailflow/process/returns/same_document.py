"""One mail, several documents of the same form: which of them are one return (the Word form and its PDF, sent together).

The rule. Two documents are the same when their content digests are equal, or when every answer of the one is the other's
(white space collapsed; or settled to the same value), or is blank because that format cannot carry it: only in a document
nobody can edit, never in a Word form. They never name different audits. The one that can be edited counts, for comments
are written into it; the other is kept as a copy. Where any answer differs, a person decides.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mailflow.form.definition import FormDefinition
from mailflow.model import Answer, Reading

# A document with fewer answers than this agrees with anything, so it speaks for nothing.
_A_FEW = 3
_OUTSIDE = "text outside the questions"


@dataclass(frozen=True)
class Candidate:
    """A readable document. ``editable``: a Word form, which can carry every answer; False for a PDF."""

    reading: Reading
    editable: bool


@dataclass(frozen=True)
class Settled:
    """One return: the place of the document that counts, and the places of those that say the same."""

    main: int
    copies: tuple[int, ...] = ()


def settle_same_document(candidates: Sequence[Candidate]) -> tuple[Settled, ...]:
    """Every document once, as the one that counts or as a copy, in the order of those that count.

    A document that agrees with two others, which differ between themselves, is a copy of neither.
    """
    copies: dict[int, list[int]] = {}
    for place in sorted(range(len(candidates)), key=lambda n: _rank(candidates[n])):
        agreeing = [m for m in copies if is_same_document(candidates[m], candidates[place])]
        if len(agreeing) == 1:
            copies[agreeing[0]].append(place)
        else:
            copies[place] = []
    return tuple(Settled(main, tuple(sorted(copies[main]))) for main in sorted(copies))


def _rank(one: Candidate) -> tuple[bool, int]:
    """What can be edited first, then what says most; sorting keeps the mail's order among equals."""
    return not one.editable, -sum(bool(text) for _, text, _ in _answers(one.reading))


def is_same_document(main: Candidate, other: Candidate) -> bool:
    """Whether ``other`` says nothing that ``main`` does not say."""
    one, two = main.reading, other.reading
    if not one.form or one.form != two.form or not may_be_one_audit(one, two):
        return False
    if main.editable and other.editable and one.leftovers != two.leftovers:
        return False  # something was typed elsewhere in one of them, and comments there would be lost
    if one.content_digest and one.content_digest == two.content_digest:
        return True
    filled = sum(bool(text) for _, text, _ in _answers(two))
    return filled >= _A_FEW and not _differing(main, other)


def may_be_one_audit(one: Reading, two: Reading) -> bool:
    """False where they name different audits themselves."""
    first, second = named_refs(one), named_refs(two)
    return not first or not second or bool(first & second)


def named_refs(reading: Reading) -> frozenset[str]:
    """The audits a document names: in its passport and in print."""
    refs = (reading.passport.ref if reading.passport else "", reading.printed_ref)
    return frozenset(r for r in refs if r)


def _answers(reading: Reading) -> Iterator[tuple[str, str, str | None]]:
    """(question, words with white space collapsed, settled value) of every answer; a table's question has its row."""
    for field, answer in reading.answers.items():
        yield field, *_said(answer)
    for table, rows in reading.rows.items():
        for number, row in enumerate(rows, 1):
            for column, answer in row.items():
                yield f"{table}.{number}.{column.split('.')[-1]}", *_said(answer)


def _said(answer: Answer) -> tuple[str, str | None]:
    return " ".join(answer.text.split()), answer.value


def _differing(one: Candidate, other: Candidate) -> tuple[str, ...]:
    """The questions whose answers differ, in the order of ``one``."""
    first = {q: (text, value) for q, text, value in _answers(one.reading)}
    second = {q: (text, value) for q, text, value in _answers(other.reading)}
    found = []
    for question in dict.fromkeys([*first, *second]):
        (text, value), (text2, value2) = first.get(question, ("", None)), second.get(question, ("", None))
        cannot_carry = (not text2 and not other.editable) or (not text and not one.editable)
        if text != text2 and not cannot_carry and (value is None or value != value2):
            found.append(question)
    return tuple(found)


def differing_answers(form: FormDefinition, one: Candidate, other: Candidate) -> tuple[str, ...]:
    """What to look at, in the form's own words, each once, when two documents for one audit are not the same."""
    labels = {f.id: f"{s.title}: {f.label}" for s in form.sections for f in s.fields}
    tables = {t.id: t.label for s in form.sections for t in s.tables}
    found = [labels.get(q) or tables.get(q.split(".")[0], q) for q in _differing(one, other)]
    return tuple(dict.fromkeys(found)) or (_OUTSIDE,)
