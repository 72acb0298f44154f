"""Documents made to do harm, each with one trick. They are made when a test asks, never kept: some unpack to gigabytes.

``python tests/corpus/hostile/make.py FOLDER`` writes them all, for looking at other readers.
"""

import io
import struct
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
RELS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="word/document.xml"/></Relationships>'
)
MIB = 1024 * 1024


class Sample(NamedTuple):
    """One trick: how it is made, what it is, and the reason it must be refused with."""

    make: Callable[[], bytes]
    what: str
    reason: str


def package(
    body: str | bytes = "<w:p/>", before: str = "", more: tuple[tuple[str, bytes], ...] = (), stored: bool = False
) -> bytes:
    """A document with this body; ``before`` stands in front of the root, ``more`` are further members."""
    text = body if isinstance(body, bytes) else document(body, before)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED) as z:
        z.writestr("[Content_Types].xml", TYPES)
        z.writestr("_rels/.rels", RELS)
        z.writestr("word/document.xml", text)
        for name, part in more:
            z.writestr(zipfile.ZipInfo(name), part)
    return out.getvalue()


def document(body: str, before: str = "") -> bytes:
    return f'<?xml version="1.0"?>{before}<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'.encode()


def text(words: str) -> str:
    return f"<w:p><w:r><w:t>{words}</w:t></w:r></w:p>"


def long_comment(megabytes: int = 300) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as z:
        z.writestr("[Content_Types].xml", TYPES)
        z.writestr("_rels/.rels", RELS)
        with z.open("word/document.xml", "w", force_zip64=True) as part:
            part.write(b"<!--")
            for _ in range(megabytes):
                part.write(b" " * MIB)
            part.write(b"-->" + document("<w:p/>").removeprefix(b'<?xml version="1.0"?>'))
    return out.getvalue()


def many_paragraphs() -> bytes:
    return package("<w:p/>" * 8_000_000)


def many_paragraphs_unpacked() -> bytes:
    return package("<w:p/>" * 2_000_000, stored=True)


def internal_entity() -> bytes:
    return package(text("&who;"), '<!DOCTYPE w:document [<!ENTITY who "expanded">]>')


def external_entity() -> bytes:
    return package(text("&it;"), '<!DOCTYPE w:document [<!ENTITY it SYSTEM "file:///etc/hostname">]>')


def billion_laughs() -> bytes:
    lines = '<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    return package(text("&a9;"), f"<!DOCTYPE w:document [{lines}]>")


def hidden_doctype() -> bytes:
    return package(text("&who;"), f'<!--{" " * 9000}--><!DOCTYPE w:document [<!ENTITY who "expanded">]>')


def utf16_doctype() -> bytes:
    whole = document(text("&who;"), '<!DOCTYPE w:document [<!ENTITY who "expanded">]>').decode()
    return package(whole.replace('version="1.0"', 'version="1.0" encoding="UTF-16"').encode("utf-16"))


def header_doctype() -> bytes:
    part = f'<!DOCTYPE w:hdr [<!ENTITY who "x">]><w:hdr xmlns:w="{W}"><w:p/></w:hdr>'
    return package(text("x"), more=(("word/header1.xml", part.encode()),))


def nested(depth: int, begin: str, end: str) -> bytes:
    return package(begin * depth + text("deep") + end * depth)


def deep_controls() -> bytes:
    return nested(5_000, "<w:sdt><w:sdtContent>", "</w:sdtContent></w:sdt>")


def less_deep_controls() -> bytes:
    return nested(90, "<w:sdt><w:sdtContent>", "</w:sdtContent></w:sdt>")


def deep_tables() -> bytes:
    return nested(75, "<w:tbl><w:tr><w:tc>", "<w:p/></w:tc></w:tr></w:tbl>")


def same_member_twice() -> bytes:
    return package(text("one"), more=(("word/document.xml", document(text("two"))),))


def same_member_in_capitals() -> bytes:
    return package(text("one"), more=(("word/Document.xml", document(text("two"))),))


def named(name: str) -> Callable[[], bytes]:
    return lambda: package(text("x"), more=((name, b"x"),))


def renamed(old: bytes, new: bytes) -> bytes:
    """A name the zip library itself would not write; both places it stands in are changed."""
    return package(text("x"), more=((old.decode(), b"x"),)).replace(old, new)


def many_members() -> bytes:
    return package(text("x"), more=tuple((f"word/media/{n}.png", b"") for n in range(3_000)))


def lying_size() -> bytes:
    """Says 100 bytes in both headers and unpacks to 20 MB."""
    data = bytearray(package("<w:p/>" * (20 * MIB // 6)))
    at = data.find(b"PK\x01\x02")
    while data[at + 46:at + 46 + 17] != b"word/document.xml":
        at = data.find(b"PK\x01\x02", at + 4)
    struct.pack_into("<I", data, at + 24, 100)
    return bytes(data)


def two_names() -> bytes:
    """The directory calls the part word/document.xml, its own header calls it something else."""
    data = bytearray(package(text("x")))
    at = data.find(b"word/document.xml")
    data[at:at + 17] = b"word/harmless.xml"
    return bytes(data)


def wrong_checksum() -> bytes:
    data = package(text("the child was seen"), stored=True)
    return data.replace(b"the child was seen", b"the child was hurt")


def cut_off() -> bytes:
    whole = package("".join(text(f"line {n}") for n in range(3_000)))
    return whole[:len(whole) // 2]


def no_text_part() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        z.writestr("[Content_Types].xml", TYPES)
        z.writestr("_rels/.rels", RELS)
        z.writestr("word/styles.xml", "<x/>")
    return out.getvalue()


def not_xml() -> bytes:
    return package(b"\xff\xfe\x00 this is no XML")


def long_attribute() -> bytes:
    return package(f'<w:p w:x="{"a" * 11 * MIB}"/>', stored=True)


SAMPLES: dict[str, Sample] = {
    "comment-300mb": Sample(long_comment, "a comment of 300 MB in a third of a megabyte", "hostile"),
    "paragraphs-8m": Sample(many_paragraphs, "eight million empty paragraphs", "hostile"),
    "paragraphs-stored": Sample(many_paragraphs_unpacked, "two million of them, not packed", "hostile"),
    "entity-internal": Sample(internal_entity, "an entity that expands inside the text", "hostile"),
    "entity-external": Sample(external_entity, "an entity that reads a place on this machine", "hostile"),
    "billion-laughs": Sample(billion_laughs, "entities inside entities", "hostile"),
    "doctype-late": Sample(hidden_doctype, "a DOCTYPE behind a long comment", "hostile"),
    "doctype-utf16": Sample(utf16_doctype, "a DOCTYPE in another encoding", "hostile"),
    "doctype-header": Sample(header_doctype, "a DOCTYPE in the page header", "hostile"),
    "controls-5000": Sample(deep_controls, "five thousand controls in one another", "hostile"),
    "controls-90": Sample(less_deep_controls, "ninety of them, which the XML library accepts", "hostile"),
    "tables-75": Sample(deep_tables, "seventy-five tables in one another", "hostile"),
    "member-twice": Sample(same_member_twice, "the text part twice: which one did people see?", "hostile"),
    "member-capitals": Sample(same_member_in_capitals, "the text part twice, once with a capital", "hostile"),
    "path-up": Sample(named("../../outside.xml"), "a member name that climbs out", "hostile"),
    "path-absolute": Sample(named("/etc/cron.d/x"), "an absolute member name", "hostile"),
    "path-backslash": Sample(lambda: renamed(b"word/bad.xml", b"word\\bad.xml"), "a member name with a backslash", "hostile"),
    "path-drive": Sample(named("C:/x.xml"), "a member name with a drive", "hostile"),
    "members-3000": Sample(many_members, "three thousand members", "hostile"),
    "size-lie": Sample(lying_size, "a part that unpacks to more than it says", "hostile"),
    "two-names": Sample(two_names, "a part with one name in the directory and another at its place", "hostile"),
    "checksum": Sample(wrong_checksum, "text changed behind its checksum", "damaged"),
    "cut-off": Sample(cut_off, "half a document", "damaged"),
    "no-text-part": Sample(no_text_part, "no text part at all", "damaged"),
    "not-xml": Sample(not_xml, "a text part that is no XML", "damaged"),
    "attribute-11mb": Sample(long_attribute, "an attribute of 11 MB", "hostile"),
}


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, sample in SAMPLES.items():
        (folder / f"{name}.docx").write_bytes(sample.make())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
