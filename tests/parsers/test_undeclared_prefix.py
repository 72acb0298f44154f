"""A document whose attributes bear a prefix nothing declares, beside Word's namespace as the default one: it is read.

The parser refuses such a prefix, unless all it complains of afterwards is a warning: here a way to keep spaces that there is not.
"""

from parsers.read import read_document
from tests.parsers.pages import FORM, make_docx

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
BODY = (f'<document xmlns="{W}"><body><tbl><tr><tc><p><pPr><pStyle val="Normal"/></pPr><r><t>Team</t></r></p></tc>'
        '<tc><p w15:id="7"><r><t xml:space="odd">Harbour</t></r></p></tc></tr></tbl></body></document>')


def test_a_prefix_that_nothing_declares_stops_nothing() -> None:
    reading = read_document(make_docx("", {"word/document.xml": BODY.encode()}), "form.docx", (FORM,))
    assert "Harbour" in reading.text
