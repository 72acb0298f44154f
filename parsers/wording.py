"""A form's own words, compiled once: labels, tags, bookmarks, prompts and everything printed, ready to be looked up."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from mailflow.form.definition import FormDefinition, FormField, FormSection, FormTable

_NOT_WORDS = re.compile(r"[\W_]+")
_NUMBER = re.compile(r"^\s*(?:question\s+|q\s*)?\d{1,2}(?:\.\d{1,2})*\s*[.):]\s+", re.IGNORECASE)
# A prompt shorter than this may be an ordinary word ("Who"): it is only taken off where it is all there is on a line.
_LONG_PROMPT = 12
_MOST_CELLS = 2000
# Texts longer than this are nobody's label; the longest label we know has about 200 characters.
LONGEST_LABEL = 400
_GRADE_WORDS = ("Outstanding", "Good", "Requires improvement", "Inadequate", "Not applicable")


@dataclass(frozen=True)
class Wording:
    """Lookups for one form. Texts are flattened by :func:`flat`, prompts stand as printed."""

    form: FormDefinition
    fields: tuple[FormField, ...]
    tags: dict[str, FormField]
    tables: dict[str, FormTable]
    marks: dict[str, FormField]
    labels: dict[str, tuple[FormField, ...]]
    titles: dict[str, FormSection]
    columns: dict[str, tuple[tuple[FormTable, FormField], ...]]
    column_marks: dict[str, tuple[FormTable, FormField]]
    order: dict[str, int]
    tag_order: list[str]
    # Everything the form prints, flat, and as it stands.
    own: frozenset[str]
    as_printed: frozenset[str]
    choices: frozenset[str]
    # Every prompt of the form and of editors, as printed and flattened.
    prompts: frozenset[str]
    long_prompts: tuple[str, ...]
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


def flat(text: str) -> str:
    """Text as labels are compared: no case, no punctuation, no numbering, single spaces."""
    return _flat_kept(text) if len(text) <= LONGEST_LABEL else _flatten(text)


def _flatten(text: str) -> str:
    plain = _NUMBER.sub("", unicodedata.normalize("NFKC", text))
    return _NOT_WORDS.sub(" ", plain.casefold()).strip()


# Labels come back in every form, so the short texts met are kept; nobody's long evidence is.
_flat_kept = lru_cache(maxsize=8192)(_flatten)
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
    labels: dict[str, tuple[FormField, ...]] = {}
    for f in fields:
        labels[flat(f.label)] = (*labels.get(flat(f.label), ()), f)
    columns: dict[str, tuple[tuple[FormTable, FormField], ...]] = {}
    for t in form.tables:
        for c in t.columns:
            columns[flat(c.label)] = (*columns.get(flat(c.label), ()), (t, c))
    everything = (*fields, *(c for t in form.tables for c in t.columns))
    prompts = {p for p in (*form.prompts, *(f.prompt for f in everything)) if p}
    choices = {flat(c) for c in (*_GRADE_WORDS, *(c for f in everything for c in f.choices))}
    # A single choice is what an answer looks like, so it is never ours; see leftovers.
    own = {flat(text) for text in form.wording} - choices
    return Wording(
        form=form, fields=fields, tags={f.tag: f for f in fields}, tables={t.id: t for t in form.tables},
        marks={f.bookmark: f for f in fields}, labels=labels, titles={flat(s.title): s for s in form.sections},
        columns=columns, column_marks={c.bookmark: (t, c) for t in form.tables for c in t.columns},
        order={f.id: n for n, f in enumerate(fields)}, tag_order=[f.tag for f in fields], own=frozenset(own),
        as_printed=frozenset(text for text in form.wording if flat(text) in own),
        choices=frozenset(choices), prompts=frozenset(prompts), 
        long_prompts=tuple(sorted((p for p in prompts if len(p) >= _LONG_PROMPT), key=len, reverse=True)), _cells={},
    )


def without_prompts(text: str, wording: Wording) -> tuple[str, bool]:
    """(the text without the form's prompts, whether there was one). A prompt is never an answer, whatever its flag."""
    if text in wording.prompts:
        return "", True
    kept, found = text, False
    if "\n" in text:
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


def is_printed(text: str, wording: Wording) -> bool:
    """Whether a line is the form's own wording, or its choices printed side by side. One choice alone is an answer."""
    if text in wording.as_printed or text in wording.prompts:
        return True
    plain = flat(text)
    if not plain or plain in wording.own or text.strip() in wording.prompts:
        return True
    pieces = [flat(piece) for piece in re.split(r"[/|\t☐]|  +", text)]
    named = [piece for piece in pieces if piece]
    return len(named) > 1 and all(piece in wording.choices for piece in named)
