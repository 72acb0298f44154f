"""form.toml → the workbook that is sent: a sheet a group of sections, with lists to choose from and a name for every answer.

``python -m outbox.blank.workbook templates/one-page/form.toml templates/one-page/documents/one-page.xlsx`` writes the
checked-in one. The names a council may print are those of the Word form (see ``outbox.blank.word_form``). Answers never stand in
merged cells, and each has the name its bookmark has in Word, so that it is found wherever it is moved to.
"""

import io
import re
import sys
from pathlib import Path

from openpyxl import Workbook
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.worksheet import Worksheet

from mailflow.form.definition import FormDefinition, FormSection
from mailflow.form.load import load_form
from outbox.blank.sheet import Answer, write_sheet
from outbox.blank.word_form import complain_clashes
from outbox.forms.packing import pack, read_members, write_members
from outbox.forms.stamp import stamp_template

# openpyxl writes the clock into the package; the same form must give the same bytes.
_CLOCK = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")
_DAY = rb"\g<1>2026-01-01T00:00:00Z"
# A height somebody set stays as it is when more is typed; one that was only measured grows with the text.
_SET_HEIGHT = re.compile(rb'(<row [^>]*?) customHeight="1"')
_FIRST_SHEET = "Form"


def build_workbook(form: FormDefinition) -> bytes:
    """The blank .xlsx of a form. Raises ConfigError where two fields would share a name."""
    complain_clashes(form)
    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.title = f"{form.title} {{{{ ref }}}}"
    book.properties.creator = "{{ council }}"
    book.properties.language = "en-GB"
    for name, sections in group_sections(form):
        sheet = book.create_sheet(name)
        for at in write_sheet(sheet, form, sections, first=len(book.worksheets) == 1):
            _name_cell(book, sheet, at)
    return _settle(book)


def group_sections(form: FormDefinition) -> tuple[tuple[str, tuple[FormSection, ...]], ...]:
    """Sheet name → its sections: a section with a ``sheet`` begins a new one."""
    groups: list[tuple[str, list[FormSection]]] = []
    for section in form.sections:
        if section.sheet or not groups:
            groups.append((section.sheet or _FIRST_SHEET, []))
        groups[-1][1].append(section)
    return tuple((name, tuple(sections)) for name, sections in groups)


def _name_cell(book: Workbook, sheet: Worksheet, at: Answer) -> None:
    quoted = sheet.title.replace("'", "''")
    book.defined_names[at.name] = DefinedName(at.name, attr_text=f"'{quoted}'!${at.column}${at.row}")


def _settle(book: Workbook) -> bytes:
    """The package with the passport's places in it, and nothing that changes from day to day."""
    made = io.BytesIO()
    book.save(made)
    parts = {m.name: m.unpack() for m in read_members(made.getvalue())}
    for name, data in parts.items():
        if name == "docProps/core.xml":
            parts[name] = _CLOCK.sub(_DAY, data)
        elif name.startswith("xl/worksheets/"):
            parts[name] = _SET_HEIGHT.sub(rb"\1", data)
    return write_members(pack(name, data) for name, data in stamp_template(parts).items())


def main(argv: list[str]) -> int:
    """Write the workbook of FORM.toml to OUT.xlsx."""
    if len(argv) != 2:
        sys.stderr.write("usage: python -m outbox.blank.workbook FORM.toml OUT.xlsx\n")
        return 2
    Path(argv[1]).write_bytes(build_workbook(load_form(Path(argv[0]))))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
