"""A council's restyled blank: is everything still in it that sending and reading need? Faults in plain words.

What the document's text would be read as is asked elsewhere (``mailflow.steps.check_blank``); here its inside is looked at.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from mailflow.errors import PermanentError
from mailflow.form.definition import FormDefinition, FormField
from mailflow.form.passport import PROPERTY
from outbox.word_zip import read_members

_CUSTOM = "docProps/custom.xml"


@dataclass(frozen=True)
class Fault:
    """One thing about a restyled blank. ``place`` is a section's title or a cell; one that does not stop is for knowing."""

    words: str
    place: str = ""
    stops: bool = True


def find_faults(data: bytes, form: FormDefinition) -> tuple[Fault, ...]:
    """What is gone or changed in a restyled .docx or .xlsx. Raises PermanentError for a document that is neither."""
    parts = {m.name: m.unpack() for m in read_members(data)}
    if "word/document.xml" in parts:
        from outbox.restyled_word import find_word_faults

        found = find_word_faults(data, parts, form)
    elif "xl/workbook.xml" in parts:
        from outbox.restyled_workbook import find_workbook_faults

        found = find_workbook_faults(data, form)
    else:
        raise PermanentError("this is neither a Word document (.docx) nor a workbook (.xlsx)")
    return (*found, *_ask_property(parts))


def _ask_property(parts: dict[str, bytes]) -> tuple[Fault, ...]:
    if f'name="{PROPERTY}"'.encode() in parts.get(_CUSTOM, b""):
        return ()
    return (Fault(f'The document property "{PROPERTY}" is gone. mailflow puts it back when the form is sent.', stops=False),)


def asked(form: FormDefinition) -> Iterator[tuple[str, str]]:
    """Every text a person must find on the page, as (section's title, text): questions, tables' and columns' headings."""
    for section in form.sections:
        texts = [t for f in section.fields for t in (f.label, f.column)]
        texts += [c.label for t in section.tables for c in t.columns]
        for text in dict.fromkeys(t for t in texts if t):
            yield section.title, text


def gone_text(section: str, text: str) -> Fault:
    return Fault(f"The question or heading “{text}” is not there as the form has it. Put it back, or change it in form.toml "
                 "as well.", section)


def plain(text: str) -> str:
    """For comparing what is printed: letters and digits alone, no case."""
    return "".join(c for c in text.casefold() if c.isalnum())


def title_of(form: FormDefinition, field: FormField) -> str:
    return form.section(field.section).title


def name_of(field: FormField) -> str:
    """A question as people are told of it: “Planning, Evidence”."""
    return f"“{field.label}, {field.column}”" if field.column else f"“{field.label}”"
