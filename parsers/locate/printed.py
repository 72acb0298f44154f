"""A text of a page → what the form prints there: a section's title, a question's label, a heading.

By the whole text or its first line, word for word or by content words. What was found once is kept by the raw text: the
same labels come back in every return, and only what people typed is looked at letter by letter.
"""

from typing import NamedTuple

from mailflow.form.definition import FormField, FormSection, FormTable
from parsers.locate.text import LONGEST_LABEL, content_words, flat, without_letter
from parsers.locate.wording import Wording

_MOST_KEPT = 4096
_MOST_LINES = 4


class Known(NamedTuple):
    """What the form prints with these words; a text may be several things, and its place decides."""

    title: FormSection | None
    asked: tuple[FormField, ...]
    columns: tuple[tuple[FormTable, FormField], ...]
    head: tuple[str, ...]
    # Whether the label stands there word for word.
    exact: bool


def look_up(text: str, wording: Wording) -> Known | None:
    """None for words that are none of the form's."""
    found = wording.known.get(text)
    if found is None:
        found = _look_closely(text, wording)
        if found is not None:
            if len(wording.known) >= _MOST_KEPT:
                wording.known.clear()
            wording.known[text] = found
    return found


def _look_closely(text: str, wording: Wording) -> Known | None:
    if len(text) > LONGEST_LABEL:
        return _look_hinted(text, wording)
    bare = without_letter(text)
    return _look(text, wording) or (_look(bare, wording) if bare != text else None)


def _look_hinted(text: str, wording: Wording) -> Known | None:
    asked = _hinted(text, wording)
    return Known(None, asked, (), (), False) if asked else None


def _hinted(text: str, wording: Wording) -> tuple[FormField, ...]:
    """Questions whose label's cell holds guidance too: the first line is the label, the next one begins the guidance."""
    first, _, more = text.partition("\n")
    if not more or not wording.hinted:
        return ()
    line = flat(more.split("\n", 1)[0])
    return tuple(f for f in wording.hinted.get(flat(first), ()) if line and flat(f.hint.split("\n", 1)[0]) == line)


def _look(text: str, wording: Wording) -> Known | None:
    plain, words = flat(text), content_words(text)
    exactly = wording.labels.get(plain)
    title = wording.titles.get(plain)
    if title is None and not exactly:
        # "Family" is the question of that name, and not the section "The family".
        title = wording.title_words.get(words)
    head = wording.heads.get(plain) or wording.head_words.get(words) or ()
    if "\n" in text and not (title or head or exactly):
        title, head = _at_the_top(text.split("\n"), wording)
    exact = exactly or ()
    # One word in common at the end of a sentence is no label.
    means = wording.label_words.get(words, ()) if " " in words or not text.rstrip().endswith(".") else ()
    asked = exact or means or _hinted(text, wording)
    columns = wording.columns.get(plain) or wording.column_words.get(words) or ()
    return Known(title, asked, columns, head, bool(exact)) if title or asked or columns or head else None


def _at_the_top(lines: list[str], wording: Wording) -> tuple[FormSection | None, tuple[str, ...]]:
    """A title or heading with more below it: a legend, guidance. Print breaks it into lines where the column ends."""
    for count in range(1, min(len(lines), _MOST_LINES) + 1):
        top = " ".join(lines[:count])
        # Word for word: an answer's first line has a title's words soon enough ("In the family the").
        plain = flat(top)
        title, head = wording.titles.get(plain), wording.heads.get(plain) or ()
        if title or head:
            return title, head
    return None, ()
