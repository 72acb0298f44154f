"""Answers of one form put under the questions of another: an older edition, or a form of another kind (T-28, T-20).

The rule. An answer goes where its own question stands again: same id and words, else the same words under the same
heading, else the same words where only one question has them, else the same id with like words. Kind and scale must be the
same; a grade, choice or score must be settled. What finds no place is listed, so that nothing typed is lost from view.
Whether a child is at risk now is asked afresh, and what our form prints itself is printed afresh: neither is carried.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, replace

from mailflow.form.definition import FormDefinition, FormField, FormTable, Kind, Part
from mailflow.form.labels import content_words, likeness
from mailflow.model import Answer, Reading

# Two wordings of one question have at least half their words in common.
_ALIKE = 0.5
_OUTSIDE = "Text outside every question"
Rows = tuple[dict[str, Answer], ...]


@dataclass(frozen=True)
class Left:
    """An answer that found no place. ``text`` is "" where it stood in a form's head: it may name a child."""

    question: str
    text: str


@dataclass(frozen=True)
class Transfer:
    """``reading`` holds the carried answers by the wanted form's ids; ``carried`` counts them, a table's row as one."""

    reading: Reading
    carried: int
    left: tuple[Left, ...]


def transfer(reading: Reading, given: FormDefinition, wanted: FormDefinition) -> Transfer:
    """``given`` is the form it was read as, ``wanted`` the one as sent for the case. Every answer is carried or listed."""
    found = {old.id: new for old, new in _pair(_asked(given), _asked(wanted), given, wanted)}
    answers = {new.id: replace(a, field=new.id) for old, a in reading.answers.items()
               if a.text and (new := found.get(old)) is not None and _fits(a, given.find_field(old), new)}
    carried = {old for old, new in found.items() if new.id in answers}
    left = list(_left_fields(reading, given, wanted, carried))
    rows: dict[str, Rows] = {}
    for name, printed in reading.rows.items():
        table = next((t for t in given.tables if t.id == name), None)
        target = _twin(table, wanted) if table else None
        moved, stayed = _move_rows(name, printed, table, target)
        left += stayed
        if target is not None and any(moved):
            rows[target.id] = tuple(r for r in moved if r)
    left += [Left(_OUTSIDE, x.text) for x in reading.leftovers]
    fresh = Reading(reading.status, wanted.id, wanted.edition, answers=answers, rows=rows)
    return Transfer(fresh, len(answers) + sum(len(r) for r in rows.values()), tuple(left))


def _asked(form: FormDefinition) -> list[FormField]:
    return [f for f in form.fields if not f.prefilled and f.part is not Part.CONCERN]


def _fits(answer: Answer, old: FormField | None, new: FormField) -> bool:
    """May this answer stand under that question as it is?"""
    if old is None or old.kind is not new.kind or old.scale != new.scale or old.whole != new.whole:
        return False
    if new.kind is Kind.CHOICE:
        return answer.value is not None and answer.value in {c.casefold() for c in new.choices}
    return answer.value is not None or new.kind not in (Kind.GRADE, Kind.SCORE)


def _pair(old: Iterable[FormField], new: Iterable[FormField], given: FormDefinition,
          wanted: FormDefinition) -> Iterator[tuple[FormField, FormField]]:
    """Each question with its twin, surest first; of several that could be meant, none."""
    rest, open_ = {f.id: f for f in old}, {f.id: f for f in new}
    titles = {id(form): {s.id: s.words or content_words(s.title) for s in form.sections} for form in (given, wanted)}
    keys: tuple[Callable[[FormField, FormDefinition], Hashable], ...] = (
        lambda f, form: (f.id, _words(f)),
        lambda f, form: (titles[id(form)].get(f.section, ""), *_words(f)),
        # One general word ("Comments") says nothing without its heading.
        lambda f, form: _words(f) if " " in _words(f)[0] else (form.id, form.edition, f.id),
        lambda f, form: f.id,
    )
    for step, key in enumerate(keys):
        ours, theirs = _single(rest.values(), given, key), _single(open_.values(), wanted, key)
        for name, f in ours.items():
            twin = theirs.get(name)
            if twin is not None and f.kind is twin.kind and (step < len(keys) - 1 or _is_like(f, twin)):
                yield rest.pop(f.id), open_.pop(twin.id)


def _single(fields: Iterable[FormField], form: FormDefinition,
            key: Callable[[FormField, FormDefinition], Hashable]) -> dict[Hashable, FormField]:
    """Those whose key no other shares."""
    found: dict[Hashable, list[FormField]] = {}
    for f in fields:
        found.setdefault(key(f, form), []).append(f)
    return {name: same[0] for name, same in found.items() if len(same) == 1}


def _words(f: FormField) -> tuple[str, str, str]:
    """What a question is known by whatever its id: the words of its label and column, and the stage of a grade."""
    return f.words or content_words(f.label), f.column_words or content_words(f.column), f.stage


def _is_like(one: FormField, two: FormField) -> bool:
    return one.stage == two.stage and likeness(frozenset(_words(one)[0].split()), frozenset(_words(two)[0].split())) >= _ALIKE


def _left_fields(reading: Reading, given: FormDefinition, wanted: FormDefinition, carried: set[str]) -> Iterator[Left]:
    titles = {s.id: s.title for s in given.sections}
    for name, answer in reading.answers.items():
        f = given.find_field(name)
        if not answer.text.strip() or name in carried or (f is not None and _is_asked_afresh(f, wanted)):
            continue
        label = f"{titles.get(f.section, '')}: {_label(f)}" if f is not None else name
        yield Left(label, "" if f is not None and f.part is Part.HEADER else answer.text)


def _label(f: FormField) -> str:
    return f"{f.label} ({f.column})" if f.column else f.label


def _is_asked_afresh(f: FormField, wanted: FormDefinition) -> bool:
    """Ours to print, or the yes or no about a child at risk now."""
    if f.part is Part.CONCERN:
        return f.kind is Kind.CHOICE
    ours = [p for p in wanted.fields if p.prefilled]
    return f.prefilled or (f.part is Part.HEADER and any(
        p.id.split(".")[-1] == f.id.split(".")[-1] or _words(p) == _words(f) for p in ours))


def _twin(table: FormTable, wanted: FormDefinition) -> FormTable | None:
    """The same table there: by its id, else by the words of its label."""
    words = table.words or content_words(table.label)
    return (next((t for t in wanted.tables if t.id == table.id), None)
            or next((t for t in wanted.tables if (t.words or content_words(t.label)) == words), None))


def _move_rows(name: str, rows: Rows, table: FormTable | None,
               target: FormTable | None) -> tuple[list[dict[str, Answer]], list[Left]]:
    """(the rows by the target's columns, the cells that found none). Columns are known by their name, else by their words."""
    moved: list[dict[str, Answer]] = []
    left: list[Left] = []
    for number, row in enumerate(rows, 1):
        fresh: dict[str, Answer] = {}
        for key, answer in row.items():
            tail = key.split(".")[-1]
            old = next((c for c in table.columns if c.id.split(".")[-1] == tail), None) if table else None
            new = _column(old, target) if old and target else None
            if not answer.text.strip():
                continue
            if new is not None and _fits(answer, old, new) and new.id.split(".")[-1] not in fresh:
                fresh[new.id.split(".")[-1]] = answer
            else:
                left.append(Left(f"{table.label if table else name} {number}: {old.label if old else tail}", answer.text))
        moved.append(fresh)
    return moved, left


def _column(old: FormField, target: FormTable) -> FormField | None:
    tail = old.id.split(".")[-1]
    return (next((c for c in target.columns if c.id.split(".")[-1] == tail), None)
            or next((c for c in target.columns if _words(c) == _words(old)), None))
