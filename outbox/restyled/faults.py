"""What may be wrong with a restyled blank, in plain words, and what a person must find printed in it."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from mailflow.form.definition import FormDefinition, FormField

_NUMBER = re.compile(r"^q?[0-9]{1,2}(?=[a-z])")


@dataclass(frozen=True)
class Fault:
    """One thing about a restyled blank. ``place`` is a section's title or a cell; one that does not stop is for knowing.

    ``label`` is the question or heading that is not printed as the form has it, where that is the fault.
    """

    words: str
    place: str = ""
    stops: bool = True
    label: str = ""


def asked(form: FormDefinition) -> Iterator[tuple[str, str]]:
    """Every text a person must find on the page, as (section's title, text): questions, tables' and columns' headings."""
    for section in form.sections:
        texts = [(f.item or f.id, f.label) for f in section.fields]
        texts += [("", f.column) for f in section.fields if f.column]
        texts += [(c.id, c.label) for t in section.tables for c in t.columns]
        for _, text in dict.fromkeys(texts):
            yield section.title, text


def find_gone(form: FormDefinition, printed: Iterable[str]) -> list[Fault]:
    """Faults for questions and headings that no printed line or cell is, or fewer than the form has."""
    hints = {f.hint for f in form.fields if f.hint}
    # A question may be printed with its number before it, or in one line with its hint.
    there = Counter(_NUMBER.sub("", plain(line)) for line in printed)
    wanted: dict[str, list[tuple[str, str]]] = {}
    for title, text in asked(form):
        wanted.setdefault(_NUMBER.sub("", plain(text)), []).append((title, text))
    found = []
    for key, places in wanted.items():
        count = there[key] + sum(there[key + plain(hint)] for hint in hints)
        if count < len(places):
            found.append(_gone(*places[0], count, len(places)))
    return found


def _gone(title: str, text: str, count: int, wanted: int) -> Fault:
    what = f"The question or heading “{text}” is not there as the form has it"
    if wanted > 1:
        what += f": it stands {count} times and not {wanted}"
    return Fault(f"{what}. Put it back, or change it in form.toml as well.", title if wanted == 1 else "", label=text)


def plain(text: str) -> str:
    """For comparing what is printed: letters and digits alone, no case."""
    return "".join(c for c in text.casefold() if c.isalnum())


def title_of(form: FormDefinition, field: FormField) -> str:
    return form.section(field.section).title


def some_of(fields: Sequence[FormField]) -> str:
    """“One”, “Two”, “Three” and 4 more."""
    more = f" and {len(fields) - 3} more" if len(fields) > 3 else ""
    return ", ".join(name_of(f) for f in fields[:3]) + more


def name_of(field: FormField) -> str:
    """A question as people are told of it: “Planning, Evidence”."""
    return f"“{field.label}, {field.column}”" if field.column else f"“{field.label}”"
