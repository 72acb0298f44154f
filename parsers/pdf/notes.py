"""Notes people put on a PDF: text typed over the page is an answer, everything else is a remark."""

from typing import Any, NamedTuple

import pypdfium2.raw as raw

from parsers.pdf.form import rect_of, wide_text
from parsers.pdf.shape import Word

_DRAWN = (raw.FPDF_ANNOT_INK, raw.FPDF_ANNOT_STAMP)
_SILENT = (raw.FPDF_ANNOT_WIDGET, raw.FPDF_ANNOT_LINK, raw.FPDF_ANNOT_POPUP)
_LINE = 12.0


class Notes(NamedTuple):
    """``typed`` is text written over the page, as words of it; ``remarks`` are (author, text)."""

    typed: list[Word]
    remarks: list[tuple[str, str]]
    oddities: list[str]


def read_notes(notes: list[Any]) -> Notes:
    """Each annotation that says something, once."""
    found = Notes([], [], [])
    for note in notes:
        kind = raw.FPDFAnnot_GetSubtype(note)
        if kind in _SILENT or raw.FPDFAnnot_GetFlags(note) & raw.FPDF_ANNOT_FLAG_HIDDEN:
            continue
        text = wide_text(raw.FPDFAnnot_GetStringValue, note, b"Contents").strip()
        if kind == raw.FPDF_ANNOT_FREETEXT and text:
            found.typed.append(_typed(note, text))
        elif text:
            found.remarks.append((wide_text(raw.FPDFAnnot_GetStringValue, note, b"T"), text))
        elif kind in _DRAWN:
            found.oddities.append("drawn marks")
    return found


def _typed(note: Any, text: str) -> Word:
    """At the first line of its box: that is where the writer put it beside what is printed."""
    x0, y0, x1, y1 = rect_of(note)
    lines = text.count("\n") + 1
    high = min(y1 - y0, max(_LINE, (y1 - y0) / lines))
    return Word(text, x0, y1 - high, x1, y1)
