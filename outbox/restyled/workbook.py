"""The inside of a restyled workbook blank: names of answer cells, questions, lists to choose from."""

import io
import zipfile

from openpyxl import Workbook, load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.worksheet import Worksheet

from mailflow.errors import PermanentError
from mailflow.form.definition import FormDefinition, FormField
from outbox.blank.controls import menu_of
from outbox.restyled.faults import Fault, find_gone, name_of, plain, some_of


def find_workbook_faults(data: bytes, form: FormDefinition) -> tuple[Fault, ...]:
    """Raises PermanentError where the workbook can't be opened."""
    try:
        book = load_workbook(io.BytesIO(data))
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, TypeError, OSError) as e:
        raise PermanentError("the workbook is damaged, or is not an Excel workbook") from e
    found = _ask_texts(book, form)
    found += _ask_sheets(book, form)
    places = {f.id: place for f in form.fields if (place := _find_cell(book, f)) is not None}
    for f in form.fields:
        if f.id in places:
            found += _ask_cell(*places[f.id], f)
    lost = [f for f in form.fields if f.id not in places]
    if lost:
        found.append(Fault(f"The cell for the answer has lost its name for {some_of(lost)}. Answers are looked for beside their "
                           "questions.", stops=False))
    return tuple(found)


def _sheets(book: Workbook) -> list[Worksheet]:
    return [s for s in book.worksheets if isinstance(s, Worksheet)]


def _ask_texts(book: Workbook, form: FormDefinition) -> list[Fault]:
    values = (str(value) for sheet in _sheets(book) for row in sheet.iter_rows(values_only=True) for value in row
              if value is not None)
    # The meaning of a scale's numbers stands on a line of its own below the heading.
    return find_gone(form, (text for value in values for text in value.split("\n", 1)))


def _ask_sheets(book: Workbook, form: FormDefinition) -> list[Fault]:
    hidden = [s.title for s in _sheets(book) if s.sheet_state != "visible"]
    return [Fault("Sheets that are hidden are asked about in every return. Show it or take it out.", f"sheet {name}")
            for name in hidden]


def _ask_cell(sheet: Worksheet, cell: str, field: FormField) -> list[Fault]:
    at = f"sheet {sheet.title}, cell {cell}"
    if any(cell in merged for merged in sheet.merged_cells.ranges):
        return [Fault(f"The cell for {name_of(field)} is merged with others. Undo that: an answer needs a cell of its own.", at)]
    menu = [shown for shown, _ in menu_of(field)]
    if field.prefilled or not menu:
        return []
    rules = [v for v in sheet.data_validations.dataValidation if cell in v.sqref and v.type == "list"]
    if not rules:
        return [Fault(f"The cell for {name_of(field)} has no list to choose from any more.", at)]
    # A list that stands in cells of the workbook ("=Lists!$A$1:$A$5") is the council's own doing.
    written = next((v.formula1 for v in rules if (v.formula1 or "").startswith('"')), "")
    offered = {plain(piece) for piece in written.strip('"').split(",")}
    lost = [shown for shown in menu if written and plain(shown) not in offered]
    return [Fault(f"The list for {name_of(field)} no longer offers {', '.join(lost)}.", at)] if lost else []


def _find_cell(book: Workbook, field: FormField) -> tuple[Worksheet, str] | None:
    """The sheet and cell with the field's name; None where the name is gone or points to nothing."""
    name = book.defined_names.get(field.bookmark)
    for title, cell in name.destinations if name is not None else ():
        sheet = book[title] if title in book.sheetnames else None
        if isinstance(sheet, Worksheet) and "#" not in cell:
            return sheet, cell.replace("$", "")
    return None
