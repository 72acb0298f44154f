"""Several labels in one paragraph or cell, each with its answer behind it: "Auditor: Jo Bell    Date: 3 May"."""

import re

from mailflow.form.definition import FormField
from mailflow.model import FoundBy
from parsers.locate.page import Label, Page, Spot

# What parts a label from its answer.
_BEHIND = re.compile(r"\s*(?::|_{3,}|\.{4,}|…{2,}|\t)")
_LINES = re.compile(r"^(?:[_.…]{3,}|\s)+|(?:[_.…]{3,}|\s)+$")
# No paragraph of labels is longer than this.
_LONGEST = 4000


def find_in_line(page: Page, wanted: list[FormField], texts: list[tuple[Spot, str]]) -> None:
    """Notes label and answer of each wanted question that stands with another one in a text of its own."""
    for spot, text in texts:
        if len(text) <= _LONGEST and _BEHIND.search(text):
            cuts = _cuts(text, [f for f in wanted if f.item not in page.labels])
            if len(cuts) > 1 and not text[:cuts[0][0]].strip():
                _note(page, spot, text, cuts)


def _cuts(text: str, wanted: list[FormField]) -> list[tuple[int, int, FormField]]:
    """(where the label begins, where its answer begins, the question), in order; of two labels the longer one counts."""
    plain = text.casefold()
    found: dict[int, tuple[int, int, FormField]] = {}
    if len(plain) != len(text):
        return []
    for f in wanted:
        label = f.label.casefold()
        at = plain.find(label) if label else -1
        while at >= 0:
            behind = _BEHIND.match(text, at + len(label))
            if behind and (not at or not text[at - 1].isalnum()):
                end = behind.end()
                if end not in found or found[end][0] > at:
                    found[end] = (at, end, f)
                break
            at = plain.find(label, at + 1)
    return sorted(found.values(), key=lambda cut: cut[0])


def _note(page: Page, spot: Spot, text: str, cuts: list[tuple[int, int, FormField]]) -> None:
    ends = [start for start, _, _ in cuts[1:]] + [len(text)]
    for (_, begin, f), end in zip(cuts, ends, strict=True):
        page.labels[f.item] = Label(spot, FoundBy.LABEL, 80)
        page.inline[f.item] = _LINES.sub("", text[begin:end])
        page.claimed.setdefault(spot, f.id)
