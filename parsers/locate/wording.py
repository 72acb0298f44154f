"""A form's own words, compiled once: labels, tags, bookmarks, prompts and everything printed, ready to be looked up."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from mailflow.form.definition import FormDefinition, FormField, FormSection, FormTable
from parsers.locate.text import LONGEST_LABEL, content_words, flat, question_number, says_something

# A prompt shorter than this may be an ordinary word ("Who"): it is only taken off where it is all there is on a line.
_LONG_PROMPT = 12
_MOST_CELLS = 2000
_PAGE_NUMBER = re.compile(r"page \d{1,3}(?: of \d{1,3})?")
_GRADE_WORDS = ("Outstanding", "Good", "Requires improvement", "Inadequate", "Not applicable")


@dataclass(frozen=True)
class Wording:
    """Lookups for one form. Texts are flattened by :func:`flat`, prompts stand as printed.

    An item is a question with all its columns; its leading field stands for it in every lookup by label. ``..._words``
    find the same by content words, which is how a council's own wording of our form is known.
    """

    form: FormDefinition
    fields: tuple[FormField, ...]
    tags: dict[str, FormField]
    tables: dict[str, FormTable]
    marks: dict[str, FormField]
    items: dict[str, tuple[FormField, ...]]
    leading: tuple[FormField, ...]
    labels: dict[str, tuple[FormField, ...]]
    label_words: dict[str, tuple[FormField, ...]]
    numbers: dict[str, tuple[FormField, ...]]
    titles: dict[str, FormSection]
    title_words: dict[str, FormSection]
    columns: dict[str, tuple[tuple[FormTable, FormField], ...]]
    column_words: dict[str, tuple[tuple[FormTable, FormField], ...]]
    column_marks: dict[str, tuple[FormTable, FormField]]
    # Headings of columns that questions are answered in, flat and as content words → the headings of the form it may be.
    heads: dict[str, tuple[str, ...]]
    head_words: dict[str, tuple[str, ...]]
    # Section → the headings its questions are answered under, in page order.
    columns_of: dict[str, tuple[str, ...]]
    # A section without a title → the one with a title that it stands behind on the page.
    under: dict[str, str]
    # Questions with guidance in the label's own cell, by the label.
    hinted: dict[str, tuple[FormField, ...]]
    order: dict[str, int]
    tag_order: list[str]
    # Everything the form prints, flat, and as it stands.
    own: frozenset[str]
    as_printed: frozenset[str]
    own_words: frozenset[str]
    choices: frozenset[str]
    # Every prompt of the form and of editors, as printed and flattened.
    prompts: frozenset[str]
    long_prompts: tuple[str, ...]
    longest_prompt: int
    # Texts met that turned out to be ours, as they stand; see ``printed``.
    known: dict[str, Any]
    # Tags of table cells met so far, taken apart; people copy rows, so there is no end to them.
    _cells: dict[str, tuple[FormTable, int, str] | None]

    def find_cell(self, tag: str) -> tuple[FormTable, int, str] | None:
        """(table, row, column) of the tag ``mf:actions.2.due``; None for any other tag."""
        if tag not in self._cells:
            if len(self._cells) > _MOST_CELLS:
                self._cells.clear()
            self._cells[tag] = self._take_apart(tag)
        return self._cells[tag]

    def _take_apart(self, tag: str) -> tuple[FormTable, int, str] | None:
        bits = tag.removeprefix("mf:").split(".")
        table = self.tables.get(bits[0]) if len(bits) == 3 else None
        if table is None or not bits[1].isdecimal() or len(bits[1]) > 4:
            return None
        known = any(c.id == f"{table.id}.{bits[2]}" for c in table.columns)
        return (table, int(bits[1]), bits[2]) if known else None


_compiled: dict[int, tuple[FormDefinition, Wording]] = {}


def compile_wording(form: FormDefinition) -> Wording:
    """The lookups of a form; kept by identity, because hashing a form costs more than reading a document."""
    known = _compiled.get(id(form))
    if known is None or known[0] is not form:
        if len(_compiled) > 32:
            _compiled.clear()
        known = _compiled[id(form)] = (form, _compile(form))
    return known[1]


def _compile(form: FormDefinition) -> Wording:
    fields = form.fields
    items = _group((f.item or f.id, f) for f in fields)
    leading = tuple(of[0] for of in items.values())
    cells = [(t, c) for t in form.tables for c in t.columns]
    everything = (*fields, *(c for _, c in cells))
    prompts = {p for p in (*form.prompts, *(f.prompt for f in everything)) if p}
    choices = {flat(c) for c in (*_GRADE_WORDS, *(c for f in everything for c in (*f.choices, *f.marks)))}
    # A single choice is what an answer looks like, so it is never ours; see leftovers.
    # A prompt of a box alone has no words, and every other mark (a ticked box) has none either.
    own = {flat(text) for text in form.wording} - choices - {""}
    return Wording(
        form=form, fields=fields, tags={f.tag: f for f in fields}, tables={t.id: t for t in form.tables},
        marks={f.bookmark: f for f in fields}, items=items, leading=leading,
        labels=_group((flat(f.label), f) for f in leading),
        label_words=_group((_key(f.words, f.label), f) for f in leading),
        numbers=_group((question_number(f.number.rpartition(" ")[2] + "."), f) for f in leading if f.number),
        titles={flat(s.title): s for s in form.sections if s.title},
        title_words={_key(s.words, s.title): s for s in form.sections if s.title},
        columns=_group((flat(c.label), (t, c)) for t, c in cells),
        column_words=_group((_key(c.words, c.label), (t, c)) for t, c in cells),
        column_marks={c.bookmark: (t, c) for t, c in cells},
        heads=_group_once((flat(h), h) for f in fields for h in f.headings),
        columns_of={s.id: tuple(dict.fromkeys(h for f in s.fields for h in f.headings)) for s in form.sections},
        head_words=_group_once((_key("" if f.marks else f.column_words, h), h) for f in fields for h in f.headings),
        under=_under(form), hinted=_group((flat(f.label), f) for f in leading if f.hint),
        order={f.id: n for n, f in enumerate(fields)}, tag_order=[f.tag for f in fields], own=frozenset(own),
        as_printed=frozenset(text for text in form.wording if flat(text) in own),
        own_words=frozenset(_own_words(form, everything)), choices=frozenset(choices), prompts=frozenset(prompts),
        long_prompts=tuple(sorted((p for p in prompts if len(p) >= _LONG_PROMPT), key=len, reverse=True)),
        longest_prompt=2 * max(map(len, prompts), default=0), known={}, _cells={},
    )


def _under(form: FormDefinition) -> dict[str, str]:
    found: dict[str, str] = {}
    last = ""
    for section in form.sections:
        if section.title:
            last = section.id
        elif last:
            found[section.id] = last
    return found


_K = TypeVar("_K")
_V = TypeVar("_V")


def _group(pairs: Iterable[tuple[_K, _V]]) -> dict[_K, tuple[_V, ...]]:
    found: dict[_K, tuple[_V, ...]] = {}
    for key, value in pairs:
        found[key] = (*found.get(key, ()), value)
    return found


def _group_once(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    return {key: tuple(dict.fromkeys(values)) for key, values in _group(pairs).items()}


def _key(words: str, label: str) -> str:
    return words or content_words(label)


def _own_words(form: FormDefinition, everything: tuple[FormField, ...]) -> set[str]:
    """Content words of all that some wording of this form prints; a choice alone or a bare word is nobody's."""
    found = {*form.printed, *(s.words for s in form.sections), *(t.words for t in form.tables)}
    found |= {words for f in everything for words in (f.words, f.column_words)}
    found = {words for words in found if words}
    # A bare word ("Team") is a label only where it stands alone as one; see ``own``.
    return found | {words for f in everything if " " in (words := content_words(f.label))}


def without_prompts(text: str, wording: Wording) -> tuple[str, bool]:
    """(the text without the form's prompts, whether there was one). A prompt is never an answer, whatever its flag."""
    if text in wording.prompts:
        return "", True
    kept, found = text, False
    if "\n" in text:
        if len(text) <= wording.longest_prompt and " ".join(text.split()) in wording.prompts:
            # Print breaks a prompt into lines where the column ends.
            return "", True
        lines = text.split("\n")
        others = [line for line in lines if line.strip() not in wording.prompts]
        if len(others) < len(lines):
            kept, found = "\n".join(others).strip(), True
    while kept.startswith(wording.long_prompts):
        prompt = next(p for p in wording.long_prompts if kept.startswith(p))
        kept, found = kept[len(prompt):].strip(), True
    while kept.endswith(wording.long_prompts):
        prompt = next(p for p in wording.long_prompts if kept.endswith(p))
        kept, found = kept[:-len(prompt)].strip(), True
    return kept, found


def _says_a_number_again(text: str) -> bool:
    """Whether a number in a line of its own stands in the text once more ("Score, 0 to 10" and, below, 10): an answer, then,
    which content words, each counted once, do not tell from the label."""
    numbers = [line.strip() for line in text.split("\n")[1:] if line.strip().isdecimal()]
    return bool(numbers) and any(re.findall(r"\w+", text).count(number) > 1 for number in numbers)


def is_printed(text: str, wording: Wording) -> bool:
    """Whether a line is the form's own wording, or its choices printed side by side. One choice alone is an answer."""
    if text in wording.as_printed or text in wording.prompts:
        return True
    plain = flat(text)
    if _PAGE_NUMBER.fullmatch(plain):
        return True
    if not plain:
        return not says_something(text)
    if plain in wording.own or text.strip() in wording.prompts:
        return True
    if wording.own_words and len(text) <= 4 * LONGEST_LABEL and content_words(text) in wording.own_words:
        return not _says_a_number_again(text)
    pieces = [flat(piece) for piece in re.split(r"[/|,\t☐]|  +|\bor\b", text)]
    named = [piece for piece in pieces if piece]
    return len(named) > 1 and all(piece in wording.choices for piece in named)
