"""Questions that are answered in several columns: one table of a blank form, a row a question, a box under each heading."""

from collections.abc import Iterator
from itertools import groupby

from mailflow.form.definition import QUESTION_HEADING, FormField, FormSection, Kind
from outbox.blank.controls import WIDTH, answer, cell, height, label, menu_of, paragraph, row, run, table, words

# Twips a letter of 11 point bold takes, and what a cell's two margins take.
_LETTER, _MARGINS = 136, 250
# How much of the width that is left each kind of column gets; the questions get one share.
_SHARES = {Kind.NOTES: 1.25, Kind.TEXT: 0.9}
_MOST_FOR_QUESTIONS = 5600
# Tables of short answers with no more rows than this stay on one page.
_MOST_TOGETHER = 15
_KEEP = "<w:keepNext/>"


def find_runs(fields: tuple[FormField, ...]) -> tuple[tuple[FormField, ...], ...]:
    """The fields of a section as they stand in tables: those without columns, those with, in page order.

    A question whose columns are all others than those before begins a table of its own, unless it is a part of the
    question before ("Q5 A" below "Q5").
    """
    runs: list[list[FormField]] = []
    known: set[str] = set()
    for item, group in groupby(fields, key=lambda f: f.item if f.column else ""):
        of_item = list(group)
        names = {column_of(f) for f in of_item} if item else set()
        joins = bool(runs) and bool(item) == bool(runs[-1][0].column) \
            and (not item or bool(names & known) or _is_part_of(of_item[0], runs[-1][-1]))
        known = names | known if joins else names
        if joins:
            runs[-1] += of_item
        else:
            runs.append(of_item)
    return tuple(tuple(r) for r in runs)


def _is_part_of(field: FormField, before: FormField) -> bool:
    return bool(before.number) and field.number.startswith(f"{before.number} ")


def column_of(field: FormField) -> str:
    """The id of the column a field stands in: "notes" of "q5.notes"."""
    return field.id.rpartition(".")[2]


def find_columns(fields: tuple[FormField, ...]) -> dict[str, FormField]:
    """Column id → its first field, in the order of the question that has most of them."""
    found: dict[str, FormField] = {}
    for of_item in sorted(find_items(fields), key=len, reverse=True):
        for name, f in of_item.items():
            found.setdefault(name, f)
    return found


def find_items(fields: tuple[FormField, ...]) -> tuple[dict[str, FormField], ...]:
    """Each question's fields by column id."""
    return tuple({column_of(f): f for f in group} for _, group in groupby(fields, key=lambda f: f.item))


def column_hints(fields: tuple[FormField, ...]) -> dict[str, str]:
    """Column id → the hint that is the same all the way down, such as the meaning of a scale's numbers."""
    if len(find_items(fields)) < 2:
        return {}
    found = {}
    for name, first in find_columns(fields).items():
        if first.hint and all(f.hint == first.hint for f in fields if column_of(f) == name):
            found[name] = first.hint
    return found


def item_hint(of_item: dict[str, FormField], hints: dict[str, str]) -> str:
    """What is said below the question itself."""
    return next((f.hint for name, f in of_item.items() if f.hint and f.hint != hints.get(name)), "")


def matrix(section: FormSection, fields: tuple[FormField, ...], numbers: Iterator[int]) -> str:
    """The table: its heading row repeats on every page; no cell is merged, a box that a question has not is shaded."""
    columns, hints = find_columns(fields), column_hints(fields)
    first, *others = _widths(columns, hints)
    widths = dict(zip(columns, others, strict=True))
    heads = cell(first, paragraph("FormLabel", run(QUESTION_HEADING)), shaded=True)
    heads += "".join(cell(widths[n], _head(f.column, hints.get(n, "")), shaded=True) for n, f in columns.items())
    rows = row(heads, 460, heading=True)
    items = find_items(fields)
    for n, of_item in enumerate(items, 1):
        leading = next(iter(of_item.values()))
        together = n < len(items) <= _MOST_TOGETHER and all(f.kind is not Kind.NOTES for f in fields)
        cells = cell(first, label(leading, next(numbers), item_hint(of_item, hints)), shaded=True)
        cells += "".join(_box(widths[name], of_item.get(name), together) for name in columns)
        rows += row(cells, _height(of_item))
    about = "One row for each question. The first row names the columns the answers stand in."
    return table(section.title, about, (first, *others), rows, heading=True)


def _head(heading: str, hint: str) -> str:
    below = paragraph("FormAnswer", run(words(hint)), _KEEP) if hint else ""
    return paragraph("FormLabel", run(words(heading)), _KEEP) + below


def _box(width: int, field: FormField | None, together: bool) -> str:
    if field is None:
        return cell(width, paragraph("FormAnswer", ""), shaded=True)
    return cell(width, answer(field, field.tag, together))


def _height(of_item: dict[str, FormField]) -> int:
    """Room to write, but less than a question that stands alone has: there are many of these below each other."""
    return min(max(height(f) for f in of_item.values()), 1080)


def _widths(columns: dict[str, FormField], hints: dict[str, str]) -> tuple[int, ...]:
    """In twips: the questions' column, then the answers'. What is chosen takes what its longest word takes."""
    fixed = {n: _needed(f, hints.get(n, "")) for n, f in columns.items() if f.kind not in _SHARES}
    shares = {n: _SHARES[f.kind] for n, f in columns.items() if f.kind in _SHARES}
    left = WIDTH - sum(fixed.values())
    if shares:
        one = left / (1 + sum(shares.values()))
        widths = [round(one * shares[n]) if n in shares else fixed[n] for n in columns]
        return (WIDTH - sum(widths), *widths)
    surplus = max(left - _MOST_FOR_QUESTIONS, 0) // len(fixed)
    widths = [fixed[n] + surplus for n in columns]
    return (WIDTH - sum(widths), *widths)


def _needed(field: FormField, hint: str) -> int:
    texts = (field.column, field.prompt, hint, *(shown for shown, _ in menu_of(field)))
    longest = max(len(word) for text in texts for word in text.split() or [""])
    return max(longest, 6) * _LETTER + _MARGINS
