"""A text of a page → what the form prints there: a section's title, a question's label, a heading.

By the whole text or its first line, word for word or by content words. What was found once is kept by the raw text: the
same labels come back in every return, and only what people typed is looked at letter by letter.
"""

from typing import NamedTuple

from mailflow.form.definition import FormField, FormSection, FormTable
from parsers.text import LONGEST_LABEL, content_words, flat, without_letter
from parsers.wording import Wording

_MOST_KEPT = 4096
_MOST_LINES = 4


class Known(NamedTuple):
    """What the form prints with these words; a text may be several things, and its place decides."""

    title: FormSection | None
    asked: tuple[FormField, ...]
    columns: tuple[tuple[FormTable, FormField], ...]
    head: tuple[str, ...]


def look_up(text: str, wording: Wording) -> Known | None:
    """None for words that are none of the form's."""
    found = wording.known.get(text)
    if found is None and len(text) <= LONGEST_LABEL:
        bare = without_letter(text)
        found = _look(text, wording) or (_look(bare, wording) if bare != text else None)
        if found is not None:
            if len(wording.known) >= _MOST_KEPT:
                wording.known.clear()
            wording.known[text] = found
    return found


def _look(text: str, wording: Wording) -> Known | None:
    plain, words = flat(text), content_words(text)
    title = wording.titles.get(plain) or wording.title_words.get(words)
    head = wording.heads.get(plain) or wording.head_words.get(words) or ()
    if "\n" in text and not (title or head):
        title, head = _at_the_top(text.split("\n"), wording)
    asked = wording.labels.get(plain) or wording.label_words.get(words) or ()
    columns = wording.columns.get(plain) or wording.column_words.get(words) or ()
    return Known(title, asked, columns, head) if title or asked or columns or head else None


def _at_the_top(lines: list[str], wording: Wording) -> tuple[FormSection | None, tuple[str, ...]]:
    """A title or heading with more below it: a legend, guidance. Print breaks it into lines where the column ends."""
    for count in range(1, min(len(lines), _MOST_LINES) + 1):
        top = " ".join(lines[:count])
        plain, words = flat(top), content_words(top)
        title = wording.titles.get(plain) or wording.title_words.get(words)
        head = wording.heads.get(plain) or wording.head_words.get(words) or ()
        if title or head:
            return title, head
    return None, ()
