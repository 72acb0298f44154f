"""What a document really is, whatever its name says."""

import io
import zipfile

import pytest

from mailflow.model import Status, Unreadable
from parsers.read import read_document
from parsers.sniff import Kind, sniff
from tests.parsers.pages import FORM, make_docx, make_form, para, zip_up

OLE = bytes.fromhex("D0CF11E0A1B11AE1")


def ole(*streams: str) -> bytes:
    """An OLE container's header and a directory that names these streams."""
    entries = b"".join(name.encode("utf-16-le").ljust(128, b"\0") for name in ("Root Entry", *streams))
    return OLE + bytes(504) + entries


SAMPLES = {
    "docx": (make_docx(para("x")), Kind.DOCX, ""),
    "xlsx": (zip_up({"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<w"}), Kind.XLSX, Unreadable.DAMAGED),
    "pptx": (zip_up({"[Content_Types].xml": "<Types/>", "ppt/presentation.xml": "<p/>"}), Kind.PPTX, Unreadable.UNSUPPORTED),
    "odt": (zip_up({"mimetype": "application/vnd.oasis.opendocument.text"}, stored=("mimetype",)), Kind.ODF,
            Unreadable.DAMAGED),
    "zip": (zip_up({"photo.jpg": "x"}), Kind.ZIP, Unreadable.UNKNOWN_FORMAT),
    "cut off": (make_docx(para("x" * 500))[:300], Kind.DAMAGED_ZIP, Unreadable.DAMAGED),
    "encrypted": (ole("EncryptionInfo", "EncryptedPackage"), Kind.ENCRYPTED, Unreadable.ENCRYPTED),
    "old Word": (ole("WordDocument", "1Table"), Kind.DOC, Unreadable.DAMAGED),
    "old Excel": (ole("Workbook"), Kind.XLS, Unreadable.DAMAGED),
    "saved Outlook message": (ole("__properties_version1.0"), Kind.MSG, Unreadable.UNSUPPORTED),
    "winmail.dat": (b"\x78\x9f\x3e\x22\x01\x00", Kind.TNEF, Unreadable.UNSUPPORTED),
    "saved mail": (b"From: a@northmoor.example\r\nMIME-Version: 1.0\r\n\r\nHello", Kind.EML, Unreadable.UNSUPPORTED),
    "memo with lines like headers": (b"To: everybody\nFrom: me\n\nHello", Kind.TEXT, Unreadable.UNKNOWN_FORMAT),
    "other OLE": (ole("Contents"), Kind.OLE, Unreadable.UNKNOWN_FORMAT),
    "pdf": (b"\xef\xbb\xbf%PDF-1.7\n%x", Kind.PDF, Unreadable.DAMAGED),
    "rtf": (b"{\\rtf1\\ansi hello}", Kind.RTF, ""),
    "web page": (b"\r\n<!DOCTYPE html><html><body>x</body></html>", Kind.HTML, ""),
    "picture": (b"\x89PNG\r\n\x1a\n....", Kind.PICTURE, Unreadable.UNSUPPORTED),
    "text": (b"The audit of this case", Kind.TEXT, Unreadable.UNKNOWN_FORMAT),
    "empty": (b"", Kind.EMPTY, Unreadable.EMPTY),
    "blank": (b"\0" * 4000, Kind.EMPTY, Unreadable.EMPTY),
    "noise": (bytes(range(1, 256)) * 4, Kind.UNKNOWN, Unreadable.UNKNOWN_FORMAT),
}


@pytest.mark.parametrize("name", SAMPLES)
def test_the_bytes_decide_and_the_refusal_says_why(name: str) -> None:
    """Each kind is told apart; what can't be read ends as a reading with a reason and one plain sentence."""
    data, kind, reason = SAMPLES[name]
    reading = read_document(data, "form.docx", (FORM,))
    if name not in ("xlsx", "pptx", "zip"):
        assert sniff(data).kind is kind
    if reason:
        assert reading.status is (Status.ENCRYPTED if reason == "encrypted" else Status.UNREADABLE)
        assert (reading.reason, reading.words[-1]) == (reason, ".")


def test_a_word_document_named_doc_is_read() -> None:
    assert read_document(make_form({"header.team": "North"}), "old.doc", (FORM,)).answer("header.team") == "North"


def test_a_password_on_the_zip_itself_is_told_apart_from_damage() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        z.writestr("[Content_Types].xml", "<Types/>")
        z.writestr("word/document.xml", "secret")
    data = bytearray(out.getvalue())
    at = data.rfind(b"PK\x01\x02")
    data[at + 8] |= 1
    assert read_document(bytes(data), "x.docx", (FORM,)).status is Status.ENCRYPTED


def test_stream_names_inside_text_do_not_count() -> None:
    """Only a directory entry names a stream; the same letters in somebody's text do not."""
    text = OLE + bytes(505) + "EncryptedPackage".encode("utf-16-le") + b"\0\0"
    assert sniff(text).kind is Kind.OLE
