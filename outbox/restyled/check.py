"""A council's restyled blank: is everything still in it that sending and reading need? Faults in plain words.

What the document's text would be read as is asked elsewhere (``mailflow.cli.checking``); here its inside is looked at.
"""

from mailflow.errors import PermanentError
from mailflow.form.definition import FormDefinition
from mailflow.form.passport import PROPERTY
from outbox.forms.packing import read_members
from outbox.restyled.faults import Fault
from outbox.restyled.word import find_word_faults

_CUSTOM = "docProps/custom.xml"


def find_faults(data: bytes, form: FormDefinition) -> tuple[Fault, ...]:
    """What is gone or changed in a restyled .docx or .xlsx. Raises PermanentError for a document that is neither."""
    parts = {m.name: m.unpack() for m in read_members(data)}
    if "word/document.xml" in parts:
        found = find_word_faults(data, parts, form)
    elif "xl/workbook.xml" in parts:
        # The library for workbooks is loaded only where there is one.
        from outbox.restyled.workbook import find_workbook_faults

        found = find_workbook_faults(data, form)
    else:
        raise PermanentError("this is neither a Word document (.docx) nor a workbook (.xlsx)")
    return (*found, *_ask_property(parts))


def _ask_property(parts: dict[str, bytes]) -> tuple[Fault, ...]:
    if f'name="{PROPERTY}"'.encode() in parts.get(_CUSTOM, b""):
        return ()
    return (Fault(f'The document property "{PROPERTY}" is gone. mailflow puts it back when the form is sent.', stops=False),)
