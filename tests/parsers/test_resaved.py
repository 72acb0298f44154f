"""Forms saved again by another program, in four formats: what it kept of the words typed is in an answer or left over."""

import io
import json
import zipfile

import pypdf
import pytest
from lxml import etree

from mailflow.model import Status
from parsers.read import read_document
from tests.parsers.drawing.count import lines_of_docx, lost, squeeze
from tests.parsers.drawing.fills import FORMS
from tests.parsers.pages import ROOT

FOLDER = ROOT / "tests/corpus/forms/resaved"
SAID = json.loads((FOLDER / "typed.json").read_text(encoding="utf-8"))
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
# LibreOffice loses what stands in some controls, and pypdf tells some columns in another order: of all lines of a format.
_KEPT = 0.75


def text_of(name: str, data: bytes) -> str:
    """Everything a document says, squeezed, read by other means than ours."""
    if name.endswith(".docx"):
        return squeeze("".join(lines_of_docx(data)))
    if name.endswith(".odt"):
        with zipfile.ZipFile(io.BytesIO(data)) as z:
            root = etree.fromstring(z.read("content.xml"))
        for gone in list(root.iter(f"{_TEXT}tracked-changes")):
            gone.getparent().remove(gone)
        return squeeze("".join(root.itertext()))
    return squeeze("".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages))


def kept_lines(name: str, data: bytes) -> list[str]:
    """The lines typed that are still in the file."""
    typed: list[str] = SAID[name]["typed"]
    if name.endswith(".doc"):
        return typed
    text = text_of(name, data)
    return [line for line in typed if line in text]


@pytest.mark.parametrize("name", sorted(SAID))
def test_every_character_still_in_the_file_is_in_an_answer_or_left_over(name: str) -> None:
    data = (FOLDER / name).read_bytes()
    reading = read_document(data, name, (FORMS[SAID[name]["form"]],))
    assert reading.status is Status.READABLE
    lines, letters = lost(kept_lines(name, data), reading)
    assert letters == ""
    # Print puts words from right to left, and those broken in narrow columns, in an order of its own.
    assert lines == [] or name.endswith(".pdf")


@pytest.mark.parametrize("suffix", ["docx", "odt", "doc", "pdf"])
def test_most_of_what_was_typed_is_still_in_the_files(suffix: str) -> None:
    names = [name for name in SAID if name.endswith(f".{suffix}")]
    typed = sum(len(SAID[name]["typed"]) for name in names)
    assert len(names) >= 12 and typed > 100
    assert sum(len(kept_lines(name, (FOLDER / name).read_bytes())) for name in names) >= _KEPT * typed
