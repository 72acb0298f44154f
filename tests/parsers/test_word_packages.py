"""The zips of other writers: odd names, odd encodings, odd places. Each is read as the plain one is."""

import io
import struct
import zipfile

import pytest

from mailflow.errors import UnreadableError
from parsers.grid import Grid
from parsers.guard import open_package
from parsers.word.document import read_word
from tests.parsers.pages import (
    REL,
    RELS,
    STRICT,
    TYPES,
    Parts,
    W,
    cell,
    control,
    document,
    make_docx,
    para,
    row,
    run,
    table,
    zip_up,
)

BODY = table(row(cell(para("Label")), control("mf:a.b", cell(para("Answer – é")))))
STRICT_REL = "http://purl.oclc.org/ooxml/officeDocument/relationships"


def parts(**more: str | bytes) -> Parts:
    return {"[Content_Types].xml": TYPES, "_rels/.rels": RELS, "word/document.xml": document(BODY), **more}


def read(data: bytes) -> Grid:
    return read_word(open_package(data))


PLAIN = read(make_docx(BODY))


def renamed(old: str, new: str) -> bytes:
    return zip_up({name.replace(old, new): part for name, part in parts().items()})


def through_pipe() -> bytes:
    """Sizes and checksums behind each member, as writers leave them that can't go back."""
    class Pipe(io.RawIOBase):
        def __init__(self) -> None:
            self.out = bytearray()

        def writable(self) -> bool:
            return True

        def write(self, data) -> int:
            self.out += data
            return len(data)

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as z:
        for name, part in parts().items():
            z.writestr(name, part)
    return bytes(pipe.out)


def with_zip64() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for name, part in parts().items():
            with z.open(name, "w", force_zip64=True) as member:
                member.write(part.encode() if isinstance(part, str) else part)
    return out.getvalue()


def moved(target: str, name: str, rel: str = REL) -> bytes:
    rels = RELS.replace(REL, rel).replace("word/document.xml", target)
    return zip_up({"[Content_Types].xml": TYPES, "_rels/.rels": rels, name: document(BODY)})


def default_namespace() -> str:
    """Word's names without a prefix, the attributes too, which strictly have no namespace then."""
    text = document(BODY).replace("xmlns:w=", "xmlns=").replace("<w:", "<").replace("</w:", "</")
    return text.replace(" w:", " ")


READABLE = {
    "backslashes": renamed("/", "\\"),
    "capitals": renamed("word/document", "Word/Document"),
    "data descriptors": through_pipe(),
    "zip64": with_zip64(),
    "stored": zip_up(parts(), stored=parts()),
    "bytes appended by a gateway": make_docx(BODY) + b"\r\n--\r\nscanned by the gateway\r\n" * 40,
    "no relations": zip_up({k: v for k, v in parts().items() if k != "_rels/.rels"}),
    "moved": moved("docs/main2.xml", "docs/main2.xml"),
    "moved, absolute": moved("/docs/main2.xml", "docs/main2.xml"),
    "moved, a dot before": moved("./docs/main2.xml", "docs/main2.xml"),
    "at the root": moved("document.xml", "document.xml"),
    "byte order mark": zip_up(parts(**{"word/document.xml": b"\xef\xbb\xbf" + document(BODY).encode()})),
    "UTF-16": zip_up(parts(**{"word/document.xml": document(BODY).replace("UTF-8", "UTF-16").encode("utf-16")})),
    "relations in UTF-16": zip_up(parts(**{"_rels/.rels": f'<?xml version="1.0" encoding="UTF-16"?>{RELS}'.encode("utf-16")})),
    "no space marks": zip_up(parts(**{"word/document.xml": document(BODY).replace(' xml:space="preserve"', "")})),
    "names without a prefix": zip_up(parts(**{"word/document.xml": default_namespace()})),
    "names with another prefix": zip_up(parts(**{
        "word/document.xml": document(BODY).replace("w:", "ns0:").replace("xmlns:w=", "xmlns:ns0=")})),
    "strict names": make_docx(BODY, {"_rels/.rels": RELS.replace(REL, STRICT_REL)}, STRICT),
}


@pytest.mark.parametrize("name", READABLE)
def test_other_writers_packages_are_read_as_the_plain_one_is(name: str) -> None:
    assert read(READABLE[name]) == PLAIN


@pytest.mark.parametrize("kind", ["docm", "dotx", "dotm"])
def test_templates_and_documents_with_macros_are_read(kind: str) -> None:
    main = {
        "docm": "application/vnd.ms-word.document.macroEnabled.main+xml",
        "dotx": "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml",
        "dotm": "application/vnd.ms-word.template.macroEnabledTemplate.main+xml",
    }[kind]
    types = TYPES.replace("application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml", main)
    macros: Parts = {"word/vbaProject.bin": b"x"} if kind.endswith("m") else {}
    grid = read(zip_up({**parts(), "[Content_Types].xml": types, **macros}))
    assert grid.rows == PLAIN.rows
    assert grid.oddities == (("macros",) if macros else ())


def test_bytes_before_the_zip_move_nothing() -> None:
    """The directory's places count from where the zip begins; whether such bytes are opened at all is for the sniffer."""
    assert read(b"\r\n" + make_docx(BODY)) == PLAIN


def test_strict_documents_keep_their_ticks_and_doubles() -> None:
    """Word's own additions have the same names in both dialects."""
    ticked = control("t", run("R"), '<w14:checkbox><w14:checked w14:val="1"/></w14:checkbox>')
    doubled = (f"<mc:AlternateContent><mc:Choice>{run('a')}</mc:Choice><mc:Fallback>{run('a')}</mc:Fallback></mc:AlternateContent>")
    body = f"<w:p>{ticked}{doubled}</w:p>"
    assert read(make_docx(body, namespace=STRICT)).rows == read(make_docx(body)).rows
    assert read(make_docx(body)).rows[0].cells[0].text == "☒a"


@pytest.mark.parametrize("name", ["..\\..\\outside.xml", "\\\\server\\share\\x.xml", "word\\..\\..\\x.xml"])
def test_backslashes_are_no_way_out(name: str) -> None:
    with pytest.raises(UnreadableError, match="points somewhere else"):
        read(zip_up(parts(**{name: b"x"})))


def test_a_name_with_slashes_and_the_same_with_backslashes_are_the_same_part_twice() -> None:
    with pytest.raises(UnreadableError, match="same part twice"):
        read(zip_up(parts(**{"word\\document.xml": document(para("other"))})))


def test_a_relation_that_climbs_out_names_nothing() -> None:
    with pytest.raises(UnreadableError, match="no text part"):
        read(moved("../../etc/document.xml", "other.xml"))


def test_members_that_lie_over_one_another_are_refused() -> None:
    """Each entry of the directory may be honest about its size and still be the same bytes as the next one."""
    data = bytearray(make_docx(BODY, {"word/header1.xml": f'<w:hdr xmlns:w="{W}"/>'}))
    last = data.rfind(b"PK\x01\x02")
    (at,) = struct.unpack_from("<I", data, data.find(b"PK\x01\x02") + 42)
    struct.pack_into("<I", data, last + 42, at)
    with pytest.raises(UnreadableError, match="over one another"):
        read(bytes(data))
