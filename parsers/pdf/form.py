"""The boxes of a fillable PDF: name, value, choices and place of each. The value counts, not how it was drawn."""

import ctypes
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from parsers.grid import Control
from parsers.guard import hostile
from parsers.pdf.guard import PDF_LIMITS
from parsers.pdf.labels import Labels
from parsers.pdf.shape import Rect, Word
from parsers.word.symbols import TICKED, UNTICKED

_KINDS = {
    raw.FPDF_FORMFIELD_TEXTFIELD: "text", raw.FPDF_FORMFIELD_COMBOBOX: "choice", raw.FPDF_FORMFIELD_LISTBOX: "list",
    raw.FPDF_FORMFIELD_CHECKBOX: "tick", raw.FPDF_FORMFIELD_RADIOBUTTON: "radio",
    raw.FPDF_FORMFIELD_SIGNATURE: "signature",
}
_REQUIRED = 1 << 1
_HIDDEN = raw.FPDF_ANNOT_FLAG_HIDDEN | raw.FPDF_ANNOT_FLAG_NOVIEW
_MOST_OPTIONS = 500
# Names a program gave to a choice; what stands beside the button says more.
_NAMELESS = re.compile(r"(?:|on|off|yes|choice\s*\d*|option\s*\d*|button\s*\d*|\d+)", re.IGNORECASE)
# A box higher than this is written in from the top, in points.
_TALL, _LINE = 24.0, 12.0
_NOWHERE = Rect(0, 0, 0, 0)


@dataclass(frozen=True)
class PdfField:
    """One box of a form. ``kind`` is text, date, choice, list, tick, radio or signature.

    ``value`` is what people see; ``options`` are (shown, value) pairs of a list, or (export name, export name) of radio
    buttons. ``rect`` is the place in points from the page's lower left corner, of the first button of a group;
    ``label`` the words found nearest; ``max_length`` is 0 where nothing limits it. ``is_hidden`` boxes are never shown.
    """

    name: str
    kind: str
    value: str = ""
    options: tuple[tuple[str, str], ...] = ()
    tooltip: str = ""
    page: int = 1
    rect: Rect = _NOWHERE
    required: bool = False
    max_length: int = 0
    label: str = ""
    is_hidden: bool = False


@dataclass(frozen=True)
class Widget:
    """One box as it stands on the page. A radio group has several; ``export`` and ``checked`` are this button's own."""

    field: PdfField
    export: str = ""
    checked: bool = False


@contextmanager
def notes_of(page: pdfium.PdfPage) -> Iterator[list[Any]]:
    """The page's annotations, closed afterwards. Raises UnreadableError for more than any form has."""
    count = raw.FPDFPage_GetAnnotCount(page)
    if count > PDF_LIMITS.fields:
        raise hostile("a page holds more boxes and notes than any form has")
    notes = [note for n in range(max(count, 0)) if (note := raw.FPDFPage_GetAnnot(page, n))]
    try:
        yield notes
    finally:
        for note in notes:
            raw.FPDFPage_CloseAnnot(note)


def wide_text(call: Callable[..., int], *arguments: Any) -> str:
    """What a function of the library writes into a buffer of UTF-16 letters, its length asked first."""
    size = call(*arguments, None, 0)
    if size <= 2:
        return ""
    buffer = (ctypes.c_ushort * (size // 2 + 1))()
    call(*arguments, buffer, size)
    text = bytes(buffer)[:size].decode("utf-16-le", "replace").rstrip("\0")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def rect_of(note: Any) -> Rect:
    """An annotation's place."""
    rect = raw.FS_RECTF()
    raw.FPDFAnnot_GetRect(note, rect)
    return Rect(min(rect.left, rect.right), min(rect.bottom, rect.top), max(rect.left, rect.right), max(rect.bottom, rect.top))


def read_widgets(form: Any, page: pdfium.PdfPage, notes: list[Any], number: int) -> list[Widget]:
    """Every box among a page's annotations, in the order the page has them. ``form`` is the library's form handle."""
    boxes = [note for note in notes if raw.FPDFAnnot_GetSubtype(note) == raw.FPDF_ANNOT_WIDGET]
    if form is None or not boxes:
        return []
    # Until this call the library does not know which buttons are pressed.
    raw.FORM_OnAfterLoadPage(page, form)
    try:
        return [widget for note in boxes if (widget := _widget(form, note, number)) is not None]
    finally:
        raw.FORM_OnBeforeClosePage(page, form)


def _widget(form: Any, note: Any, page: int) -> Widget | None:
    kind = _KINDS.get(raw.FPDFAnnot_GetFormFieldType(form, note), "")
    if not kind:
        return None
    name = wide_text(raw.FPDFAnnot_GetFormFieldName, form, note)
    export = wide_text(raw.FPDFAnnot_GetFormFieldExportValue, form, note) if kind in ("tick", "radio") else ""
    checked = bool(raw.FPDFAnnot_IsChecked(form, note)) if kind in ("tick", "radio") else False
    options: tuple[tuple[str, str], ...] = ()
    value = wide_text(raw.FPDFAnnot_GetFormFieldValue, form, note)
    if kind in ("tick", "radio"):
        value = _glyph(checked)
    elif kind in ("choice", "list"):
        options, value = _choice(form, note, value)
    if kind == "text" and _is_date(form, note):
        kind = "date"
    length = ctypes.c_float()
    has_length = raw.FPDFAnnot_GetNumberValue(note, b"MaxLen", length)
    return Widget(PdfField(
        name, kind, value, options,
        wide_text(raw.FPDFAnnot_GetFormFieldAlternateName, form, note), page, rect_of(note),
        bool(raw.FPDFAnnot_GetFormFieldFlags(form, note) & _REQUIRED), int(length.value) if has_length else 0,
        is_hidden=bool(raw.FPDFAnnot_GetFlags(note) & _HIDDEN),
    ), export, checked)


def _choice(form: Any, note: Any, value: str) -> tuple[tuple[tuple[str, str], ...], str]:
    """((shown, value) of each choice, what is shown as chosen). Of values only the chosen one's is known here."""
    count = min(max(raw.FPDFAnnot_GetOptionCount(form, note), 0), _MOST_OPTIONS)
    shown = [wide_text(raw.FPDFAnnot_GetOptionLabel, form, note, n) for n in range(count)]
    chosen = [s for n, s in enumerate(shown) if raw.FPDFAnnot_IsOptionSelected(form, note, n)]
    if not chosen:
        return tuple((s, s) for s in shown), value
    return tuple((s, value if chosen == [s] else s) for s in shown), "\n".join(chosen)


def _is_date(form: Any, note: Any) -> bool:
    """Whether the form formats the box as a day, in the way every form editor does."""
    events = (raw.FPDF_ANNOT_AACTION_FORMAT, raw.FPDF_ANNOT_AACTION_KEY_STROKE)
    return any("AFDate" in wide_text(raw.FPDFAnnot_GetFormAdditionalActionJavaScript, form, note, e) for e in events)


def _glyph(checked: bool) -> str:
    return TICKED if checked else UNTICKED


def place_widgets(widgets: list[Widget], words: list[Word]) -> list[Word]:
    """The boxes as words of the page. ``words`` are the printed ones, for the captions of buttons."""
    groups: dict[str, Control] = {}
    placed = []
    for widget in widgets:
        field = widget.field
        if field.is_hidden:
            continue
        if field.kind == "radio":
            control = groups.setdefault(field.name, _group(field.name, widgets, words))
        else:
            control = Control(field.name, _control_kind(field.kind), field.value, items=_items(field))
        placed.append(_word(field, control))
    return placed


def _control_kind(kind: str) -> str:
    return {"choice": "choice", "list": "choice", "tick": "tick", "date": "date"}.get(kind, "")


def _items(field: PdfField) -> tuple[tuple[str, str], ...]:
    return field.options if field.kind in ("choice", "list") else ()


def _word(field: PdfField, control: Control) -> Word:
    x0, y0, x1, y1 = field.rect
    is_button = field.kind in ("tick", "radio")
    if not is_button and y1 - y0 > _TALL:
        y0, y1 = y1 - _LINE - 2, y1 - 2
    return Word(field.value, x0, y0, x1, y1, control, not is_button)


def _group(name: str, widgets: list[Widget], words: list[Word]) -> Control:
    """The control of a radio group: its text is the chosen button's name or caption."""
    buttons = [w for w in widgets if w.field.name == name]
    items = tuple((_caption(b, buttons, words), b.export) for b in buttons)
    text = next((shown for b, (shown, _) in zip(buttons, items, strict=True) if b.checked), "")
    return Control(name, "choice", text, items=items)


def _caption(button: Widget, buttons: list[Widget], words: list[Word]) -> str:
    """The button's own name, or the words behind it up to the next button where its name says nothing."""
    if not _NAMELESS.fullmatch(button.export):
        return button.export
    rect = button.field.rect
    middle = (rect.y0 + rect.y1) / 2
    ends = [b.field.rect.x0 for b in buttons if b.field.rect.x0 > rect.x0 + 1 and b.field.rect.holds(b.field.rect.x0, middle)]
    end, at = min(ends, default=float("inf")), rect.x1
    caption: list[str] = []
    for word in sorted((w for w in words if w.y0 < middle < w.y1 and rect.x1 - 1 <= w.x0 < end), key=lambda w: w.x0):
        if word.x0 - at > 2.5 * word.height:
            break
        caption.append(word.text)
        at = word.x1
    return " ".join(caption) or button.export


def describe_fields(widgets: list[Widget], words: list[Word], labels: Labels) -> list[PdfField]:
    """Each field once, blank ones too, with the words found nearest."""
    found: dict[str, PdfField] = {}
    for widget in widgets:
        field = widget.field
        if field.name in found:
            continue
        if field.kind == "radio":
            control = _group(field.name, widgets, words)
            field = replace(field, value=control.text, options=control.items)
        found[field.name] = replace(field, label=labels.find(field.rect))
    return list(found.values())
