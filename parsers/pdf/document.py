"""PDFs → Grid: fillable, filled and flattened, printed, typed over, or scanned. Nothing in one is opened or run."""

from dataclasses import dataclass, field
from itertools import chain
from typing import Any

import pypdfium2 as pdfium

from parsers.grid import Grid, Row
from parsers.guard import hostile
from parsers.pdf.broken import Mender
from parsers.pdf.drawing import read_drawing
from parsers.pdf.file import form_of, is_cut_off, open_page, open_pdf, page_rect, passports_of, script_oddities, xfa_data
from parsers.pdf.form import PdfField, describe_fields, notes_of, place_widgets, read_widgets
from parsers.pdf.guard import PDF_LIMITS, Seen
from parsers.pdf.labels import Labels
from parsers.pdf.notes import read_notes
from parsers.pdf.page import PageText, read_words
from parsers.pdf.pages import join_pages, set_aside_furniture
from parsers.pdf.places import Places
from parsers.pdf.rules import find_tables
from parsers.pdf.second import second_opinion
from parsers.pdf.shape import Ruled, Sheet, Word
from parsers.pdf.sheet import make_blocks
from parsers.pdf.xfa import read_datasets

# More than this share of letters that no font explains, or this many, and a person must look.
_UNKNOWN_SHARE, _UNKNOWN_MOST = 0.02, 5
_SCANNED = 0.8
# The second reader takes a second for this many letters.
_MOST_LETTERS = 20_000


@dataclass
class _Found:
    """What the pages gave so far. ``fields`` are described only where ``list_fields`` asks; ``boxes`` counts them."""

    list_fields: bool = False
    boxes: int = 0
    sheets: list[Sheet] = field(default_factory=list)
    remarks: list[tuple[str, str]] = field(default_factory=list)
    oddities: list[str] = field(default_factory=list)
    fields: list[PdfField] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    letters: int = 0
    unknown: int = 0


def read_pdf(data: bytes) -> Grid:
    """The document as a grid, its blank boxes too. Raises UnreadableError."""
    with open_pdf(data) as (document, seen):
        found = _read_pages(document, seen, data)
        packet = xfa_data(document) if seen.has_xfa and not found.boxes else b""
        passports = (*passports_of(document, seen), *found.hidden)
        oddities = [*seen.oddities, *script_oddities(document), *found.oddities]
    if is_cut_off(data):
        oddities.append("no proper end")
    set_aside_furniture(found.sheets)
    rows = join_pages(found.sheets)
    around = tuple(piece for sheet in found.sheets for piece in sheet.furniture)
    if packet and (data_rows := read_datasets(packet, 1)):
        # The page itself only asks to wait for a program that can show the form.
        around += tuple(("page", cell.text) for row in rows for cell in row.cells if cell.text)
        rows = data_rows
    return Grid(
        rows=rows, around=around, remarks=tuple(found.remarks), passports=passports, comments=len(found.remarks),
        oddities=tuple(dict.fromkeys((*oddities, *_text_oddities(found, rows)))),
    )


def list_form_fields(data: bytes) -> tuple[PdfField, ...]:
    """Every field of a fillable PDF, blank ones too, in page order. Raises UnreadableError."""
    with open_pdf(data) as (document, seen):
        return tuple(_read_pages(document, seen, data, list_fields=True).fields)


def _text_oddities(found: _Found, rows: tuple[Row, ...]) -> list[str]:
    if not found.letters and not any(cell.text for row in rows for cell in row.cells):
        return ["pictures only"]
    if found.unknown > min(_UNKNOWN_MOST, _UNKNOWN_SHARE * found.letters):
        return ["text that cannot be decoded"]
    return []


def _read_pages(document: pdfium.PdfDocument, seen: Seen, data: bytes, list_fields: bool = False) -> _Found:
    found = _Found(list_fields)
    with form_of(document, seen) as form:
        for n in range(len(document)):
            with open_page(document, n) as page:
                _read_page(found, page, n, form, seen, data)
            if found.boxes > PDF_LIMITS.fields:
                raise hostile("it holds more boxes than any form has")
    return found


def _read_page(found: _Found, page: pdfium.PdfPage, n: int, form: Any, seen: Seen, data: bytes) -> None:
    """Adds one page: its printed words, then what stands in boxes or was typed over, each in the cell it lies in."""
    drawing, rect = read_drawing(page), page_rect(page)
    tables = find_tables(drawing.rules, rect)
    places = Places(tables)
    text = read_words(page, places)
    if tables and (text.crossed or not all(t.is_whole for t in tables)):
        tables, text = _look_again(found, page, n, data, tables, text)
    added: list[Word] = []
    if seen.has_notes and (added := _read_boxes(found, page, n, form, tables, text)):
        places = Places(tables)
    for word in added:
        text.cells.setdefault(places.find((word.x0 + word.x1) / 2, word.middle), []).append(word)
    found.letters += text.letters
    found.unknown += text.unknown
    if text.letters and any(p.area > _SCANNED * rect.area for p in drawing.pictures):
        found.oddities.append("text layer over a scan")
    mender = Mender(text.ends, text.spaced, chain.from_iterable(text.cells.values()))
    sheet = Sheet(n + 1, rect, make_blocks(tables, text.cells, mender))
    sheet.furniture += [("watermark", " ".join(text.slanted))] if text.slanted else []
    found.sheets.append(sheet)


def _look_again(
    found: _Found, page: pdfium.PdfPage, n: int, data: bytes, tables: list[Ruled], text: PageText
) -> tuple[list[Ruled], PageText]:
    """Words run over lines, or cells are no rectangles: another reader may see the table better, else nobody does."""
    others = second_opinion(data, n, page_rect(page)) if text.letters < _MOST_LETTERS else []
    if others:
        again = read_words(page, Places(others))
        if not again.crossed and len(again.cells.get(None, ())) <= len(text.cells.get(None, ())):
            return others, again
    if not all(t.is_whole for t in tables):
        found.oddities.append(f"a table on page {n + 1} that could not be made out")
        whole = [t for t in tables if t.is_whole]
        return whole, read_words(page, Places(whole))
    return tables, text


def _read_boxes(
    found: _Found, page: pdfium.PdfPage, n: int, form: Any, tables: list[Ruled], text: PageText
) -> list[Word]:
    """The words of form boxes and of text typed over the page; notes on the way."""
    with notes_of(page) as annotations:
        widgets = read_widgets(form, page, annotations, n + 1)
        notes = read_notes(annotations)
    words = [word for cell in text.cells.values() for word in cell]
    found.remarks += notes.remarks
    found.oddities += notes.oddities
    found.boxes += len(widgets)
    if found.list_fields:
        found.fields += describe_fields(widgets, words, Labels(tables, text.cells))
    found.hidden += [w.field.value for w in widgets if w.field.is_hidden and w.field.value]
    return [*place_widgets(widgets, words), *notes.typed]

