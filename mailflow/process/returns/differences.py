"""An amended form beside the earlier one: which answers changed, and how, in page order (T-17, OUT-14)."""

from collections import Counter
from collections.abc import Iterator
from difflib import SequenceMatcher

from mailflow.form.definition import FormDefinition, FormField, FormTable, Kind
from mailflow.model import Answer, Difference, Differences, Reading, Turn

# A text changed in one place by at most so many words is shown as before and after; anything else as words in and out.
_FEW_WORDS = 12
# Two rows are one row amended where at least half their words agree.
_SAME_ROW = 0.5
# More pairs of rows than this are not compared with each other: then the rows are taken in order.
_MOST_PAIRS = 10_000
_NO_ANSWER = Answer("", "")
Row = dict[str, Answer]


def find_differences(form: FormDefinition, before: Reading, after: Reading) -> Differences:
    """What changed in the answers people give; spaces do not count, nor another spelling of the same date or grade."""
    items: list[Difference] = []
    unchanged = 0
    for section in form.sections:
        for f in section.fields:
            old, new = before.answers.get(f.id, _NO_ANSWER), after.answers.get(f.id, _NO_ANSWER)
            if f.prefilled:
                continue
            if _is_same(f, old, new):
                unchanged += bool(new.text.strip())
            else:
                items.append(_compare(f"{section.title}: {_label(f)}", f, old, new))
        for table in section.tables:
            found, same = _compare_rows(table, before.rows.get(table.id, ()), after.rows.get(table.id, ()))
            items += found
            unchanged += same
    return Differences(tuple(items), unchanged)


def _label(f: FormField) -> str:
    return f"{f.label} ({f.column})" if f.column else f.label


def _is_same(f: FormField, old: Answer, new: Answer) -> bool:
    if f.kind not in (Kind.TEXT, Kind.NOTES) and old.value is not None and old.value == new.value:
        return True
    return old.text.split() == new.text.split()


def _compare(question: str, f: FormField, old: Answer, new: Answer) -> Difference:
    whole = Difference(Turn.ANSWER, question, old.text.strip(), new.text.strip())
    if f.kind not in (Kind.TEXT, Kind.NOTES):
        return whole
    stretches = _changed_stretches(old.text.split(), new.text.split())
    removed, added = (sum(len(pair[side]) for pair in stretches) for side in (0, 1))
    if len(stretches) == 1 and 0 < removed <= _FEW_WORDS and 0 < added <= _FEW_WORDS:
        return whole
    taken, put = (" … ".join(" ".join(pair[side]) for pair in stretches if pair[side]) for side in (0, 1))
    return Difference(Turn.WORDS, question, taken, put, removed, added)


def _changed_stretches(old: list[str], new: list[str]) -> list[tuple[list[str], list[str]]]:
    """(words taken out, words put in) at each place. In a long text difflib starts from no word that stands everywhere,
    which keeps the cost low whatever somebody writes."""
    if len(old) > len(new):
        return [(taken, put) for put, taken in _changed_stretches(new, old)]  # it leaves out words of the second text only
    steps = SequenceMatcher(None, old, new).get_opcodes()
    return [(old[a:b], new[c:d]) for step, a, b, c, d in steps if step != "equal"]


def _compare_rows(table: FormTable, old: tuple[Row, ...], new: tuple[Row, ...]) -> tuple[list[Difference], int]:
    """(what changed, rows as they were). A row is known again by its words, as rows move when one is added above."""
    twins = _twins([_row_words(table, r) for r in old], [_row_words(table, r) for r in new])
    items: list[Difference] = []
    same = 0
    for number, row in enumerate(new):
        name = f"{table.label}, row {number + 1}"
        if number not in twins:
            items.append(Difference(Turn.ROW_ADDED, name, after=_row(table, row)))
            continue
        earlier = old[twins[number]]
        changed = [_compare(f"{name}: {_label(c)}", c, _cell(earlier, c), _cell(row, c)) for c in table.columns
                   if not _is_same(c, _cell(earlier, c), _cell(row, c))]
        items += changed
        same += not changed
    gone = sorted(set(range(len(old))) - set(twins.values()))
    items += [Difference(Turn.ROW_REMOVED, f"{table.label}, row {n + 1}", before=_row(table, old[n])) for n in gone]
    return items, same


def _twins(old: list[list[str]], new: list[list[str]]) -> dict[int, int]:
    """New row → the earlier row it was, the likest first; each row once."""
    if len(old) * len(new) > _MOST_PAIRS:
        return {n: n for n in range(min(len(old), len(new)))}
    pairs = sorted(_likest(old, new), reverse=True)
    found: dict[int, int] = {}
    for _, n, m in pairs:
        if -n not in found and -m not in found.values():
            found[-n] = -m
    return found


def _likest(old: list[list[str]], new: list[list[str]]) -> Iterator[tuple[float, int, int]]:
    """(how like, new row, earlier row) of those that may be one; the numbers negative, so that of equals the first counts."""
    bags = [Counter(words) for words in old]
    for n, words in enumerate(new):
        bag = Counter(words)
        for m, other in enumerate(bags):
            like = 2 * (bag & other).total() / (bag.total() + other.total() or 1)
            if like >= _SAME_ROW:
                yield like, -n, -m


def _row_words(table: FormTable, row: Row) -> list[str]:
    return _row(table, row).casefold().split()


def _row(table: FormTable, row: Row) -> str:
    return "; ".join(text for c in table.columns if (text := _cell(row, c).text.strip()))


def _cell(row: Row, column: FormField) -> Answer:
    return row.get(column.id) or row.get(column.id.split(".")[-1]) or _NO_ANSWER
