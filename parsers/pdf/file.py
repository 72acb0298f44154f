"""Opens a PDF's bytes, pages upright, and says what the document tells about itself."""

import ctypes
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from mailflow.form.passport import PROPERTY
from mailflow.model import Unreadable
from parsers.guard import LIMITS, damaged, refuse, too_large
from parsers.pdf.guard import PDF_LIMITS, Seen, check_pdf
from parsers.pdf.shape import Rect

_LOCKED = "This PDF is protected with a password."
_END = b"%%EOF"
_PROPERTIES = (PROPERTY, "Keywords", "Subject", "Title")


@contextmanager
def open_pdf(data: bytes) -> Iterator[tuple[pdfium.PdfDocument, Seen]]:
    """The document and what the guard saw in it. Raises UnreadableError.

    One that opens without a password may still be encrypted; a copy without the lock is then what is checked and read.
    """
    seen = check_pdf(data)
    document = _open(data)
    try:
        if seen.is_locked:
            plain = _unlocked(document)
            document.close()
            seen = check_pdf(plain)
            document = _open(plain)
        if not 0 < len(document) <= PDF_LIMITS.pages:
            raise damaged("it has no pages") if not len(document) else too_large(f"{len(document)} pages")
        yield document, seen
    finally:
        document.close()


def _open(data: bytes) -> pdfium.PdfDocument:
    try:
        return pdfium.PdfDocument(data)
    except pdfium.PdfiumError as e:
        if e.err_code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY):
            raise refuse(Unreadable.ENCRYPTED, _LOCKED) from e
        raise damaged() from e


def _unlocked(document: pdfium.PdfDocument) -> bytes:
    """The same document without encryption. Raises UnreadableError where it unpacks to more than a document may have."""
    pieces: list[bytes] = []
    size = 0

    def take(_: Any, part: Any, length: int) -> int:
        nonlocal size
        size += length
        pieces.append(ctypes.string_at(part, length))
        return size <= LIMITS.whole

    writer = raw.FPDF_FILEWRITE(version=1)
    writer.WriteBlock = type(writer.WriteBlock)(take)
    if not raw.FPDF_SaveAsCopy(document, writer, raw.FPDF_REMOVE_SECURITY):
        raise damaged("its lock can't be taken off")
    return b"".join(pieces)


def is_cut_off(data: bytes) -> bool:
    """Whether the mark that ends every PDF is missing: the library repairs what it can, and says nothing."""
    return _END not in data[-2048:]


@contextmanager
def open_page(document: pdfium.PdfDocument, n: int) -> Iterator[pdfium.PdfPage]:
    """Page ``n`` from 0, turned so that it is read upright. Raises UnreadableError for one that can't be opened."""
    page = _load(document, n)
    try:
        if page.get_rotation():
            _turn(page)
            page.close()
            page = _load(document, n)
        yield page
    finally:
        page.close()


def _load(document: pdfium.PdfDocument, n: int) -> pdfium.PdfPage:
    try:
        return document[n]
    except pdfium.PdfiumError as e:
        raise damaged(f"page {n + 1} can't be opened") from e


def _turn(page: pdfium.PdfPage) -> None:
    """Turns the content itself, in this copy, so that everything after knows level lines only."""
    angle = page.get_rotation()
    left, bottom, right, top = page.get_mediabox()
    wide, high = right - left, top - bottom
    matrix = {
        90: (0, -1, 1, 0, -bottom, right), 180: (-1, 0, 0, -1, right, top), 270: (0, 1, -1, 0, top, -left),
    }[angle]
    page.set_rotation(0)
    raw.FPDFPage_TransFormWithClip(page, raw.FS_MATRIX(*matrix), None)
    raw.FPDFPage_TransformAnnots(page, *matrix)
    size = (high, wide) if angle in (90, 270) else (wide, high)
    page.set_mediabox(0, 0, *size)
    page.set_cropbox(0, 0, *size)


def page_rect(page: pdfium.PdfPage) -> Rect:
    """The page's own rectangle."""
    return Rect(*page.get_mediabox())


def passports_of(document: pdfium.PdfDocument, seen: Seen) -> tuple[str, ...]:
    """Where a passport may stand, strongest first: our property, then keywords, subject and title, then the XMP packet."""
    values = [document.get_metadata_value(name) for name in _PROPERTIES]
    return tuple(v for v in (*values, *seen.xmp) if v)


def script_oddities(document: pdfium.PdfDocument) -> tuple[str, ...]:
    """Scripts and embedded documents the library knows of, however their names were written."""
    found = []
    if raw.FPDFDoc_GetJavaScriptActionCount(document) > 0:
        found.append("scripts")
    if raw.FPDFDoc_GetAttachmentCount(document) > 0:
        found.append("embedded objects")
    return tuple(found)


@contextmanager
def form_of(document: pdfium.PdfDocument, seen: Seen) -> Iterator[Any]:
    """The library's handle on the form, None for a document without one. Must be closed before the document."""
    if not seen.has_form:
        yield None
        return
    # Nothing in a form is run: the library is built without scripts, and is given nothing to call.
    settings = raw.FPDF_FORMFILLINFO(version=2)
    handle = raw.FPDFDOC_InitFormFillEnvironment(document, settings)
    try:
        yield handle or None
    finally:
        if handle:
            raw.FPDFDOC_ExitFormFillEnvironment(handle)


def xfa_data(document: pdfium.PdfDocument) -> bytes:
    """The packet of an XFA form that holds its data, or all packets where they are one; b"" where there is none."""
    for n in range(max(raw.FPDF_GetXFAPacketCount(document), 0)):
        size = raw.FPDF_GetXFAPacketName(document, n, None, 0)
        name = ctypes.create_string_buffer(max(size, 1))
        raw.FPDF_GetXFAPacketName(document, n, name, size)
        if name.value in (b"datasets", b""):
            return _packet(document, n)
    return b""


def _packet(document: pdfium.PdfDocument, n: int) -> bytes:
    size = ctypes.c_ulong()
    raw.FPDF_GetXFAPacketContent(document, n, None, 0, size)
    if size.value > LIMITS.part:
        raise too_large(f"a part inside unpacks to {size.value // 2 ** 20} MB")
    buffer = ctypes.create_string_buffer(max(size.value, 1))
    raw.FPDF_GetXFAPacketContent(document, n, buffer, size.value, size)
    return re.sub(rb"\0+$", b"", buffer.raw[:size.value])
