"""Documents made to do harm, each with one trick. They are made when a test asks, never kept: some unpack to gigabytes.

``python tests/corpus/hostile/make.py FOLDER`` writes them all, for looking at other readers.
"""

import io
import struct
import sys
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
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
# A large or crooked document that no rule forbids: it must be read inside the limits.
READ = "read"


class Sample(NamedTuple):
    """One trick: how it is made, what it is, and the reason it must be refused with; READ where it must be read."""

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


def named_member(name: str, part: bytes) -> bytes:
    return package(text("x"), more=((name, part),))


def related(kind: str, target: str, body: str, more: tuple[tuple[str, bytes], ...] = (), stored: bool = True) -> bytes:
    """A document with one relation, ``rId1``, of this kind."""
    relations = RELS.replace("officeDocument\" Target", f"{kind}\" Target").replace("word/document.xml", target).replace("r1", "rId1")
    return package(body, more=(("word/_rels/document.xml.rels", relations.encode()), *more), stored=stored)


CHUNK = f'<w:altChunk xmlns:r="{REL}" r:id="rId1"/>'


def with_chunk(part: bytes, times: int = 1) -> bytes:
    return related("aFChunk", "chunk.bin", CHUNK * times, (("word/chunk.bin", part),))


def chunk_in_chunk() -> bytes:
    """Six documents in one another; each is a zip of one, so no ratio shows how it goes on."""
    inner = with_chunk(b"the end")
    for _ in range(5):
        inner = with_chunk(inner)
    return inner


def loop_of_relations() -> bytes:
    """The document puts itself into its text and calls itself its own header."""
    relations = (f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
                 f'Type="{REL}/aFChunk" Target="document.xml"/><Relationship Id="rId2" Type="{REL}/header" Target="document.xml"/>'
                 f'</Relationships>')
    return package(text("x") + CHUNK, more=(("word/_rels/document.xml.rels", relations.encode()),))


def directory_of_a_million() -> bytes:
    """A directory that lists an empty part a million times: the library would make an object for each."""
    data = bytearray(package(text("x")))
    end, first = data.rfind(b"PK\x05\x06"), data.find(b"PK\x01\x02")
    entry = struct.pack("<4s6H3I5H2I", b"PK\x01\x02", 20, 20, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"x"
    many = entry * 1_000_000
    struct.pack_into("<I", data, end + 12, end - first + len(many))
    return bytes(data[:end] + many + data[end:])


def overlapping(count: int = 50) -> bytes:
    """Many parts that are all the same two megabytes, as in a bomb without nesting."""
    big = zlib.compress(b" " * (2 * MIB), 9)[2:-4]
    head = struct.pack("<4s5H3I2H", b"PK\x03\x04", 20, 0, 8, 0, 0, zlib.crc32(b" " * (2 * MIB)), len(big), 2 * MIB, 5, 0)
    data = bytearray(package(text("x")))
    end, first = data.rfind(b"PK\x05\x06"), data.find(b"PK\x01\x02")
    directory, tail = bytes(data[first:end]), bytearray(data[end:])
    for n in range(count):
        directory += struct.pack("<4s6H3I5H2I", b"PK\x01\x02", 20, 20, 0, 8, 0, 0, zlib.crc32(b" " * (2 * MIB)), len(big), 2 * MIB,
                                 5, 0, 0, 0, 0, 0, first) + f"{n:05}".encode()
    struct.pack_into("<HHII", tail, 8, count + 3, count + 3, len(directory), first + len(head) + 5 + len(big))
    return bytes(data[:first]) + head + b"00000" + big + directory + bytes(tail)


def offset_lie() -> bytes:
    data = bytearray(package(text("x")))
    struct.pack_into("<I", data, data.rfind(b"PK\x01\x02") + 42, 0x7FFFFFF0)
    return bytes(data)


def packed_size_lie() -> bytes:
    data = bytearray(package(text("x")))
    struct.pack_into("<I", data, data.rfind(b"PK\x01\x02") + 20, 0x0FFFFFF0)
    return bytes(data)


def stored(body: str) -> Callable[[], bytes]:
    return lambda: package(body, stored=True)


def doctype(name: str, root: str, code: str = "utf-8") -> Callable[[], bytes]:
    """An entity in a part beside the text."""
    part = (f'<?xml version="1.0" encoding="{code}"?><!DOCTYPE x [<!ENTITY who "x">]>'
            f'<{root} xmlns:w="{W}" xmlns="urn:x"><w:vanish/>&who;</{root}>')
    return lambda: named_member(name, part.encode(code))


def char(kind: str, inside: str = "") -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}">{inside}</w:fldChar></w:r>'


# Each is small enough for every cap and would cost hours or gigabytes to a reader that is quadratic in it.
LARGE: dict[str, tuple[Callable[[], str], str]] = {
    "bookmarks-250k": (lambda: f"<w:p>{'<w:bookmarkStart/>' * 250_000}</w:p>", "a quarter of a million bookmarks"),
    "bookmarks-between": (lambda: '<w:bookmarkStart w:name="m"/>' * 200_000 + text("x"), "bookmarks before the first paragraph"),
    "bookmarks-then-text": (
        lambda: f"<w:p>{'<w:bookmarkStart/>' * 100_000}<w:r><w:t>x</w:t></w:r>{'<w:bookmarkStart/>' * 100_000}</w:p>",
        "bookmarks, a word, bookmarks"),
    "controls-60k": (lambda: f"<w:p>{'<w:sdt><w:sdtContent><w:r><w:t>x</w:t></w:r></w:sdtContent></w:sdt>' * 60_000}</w:p>",
                     "sixty thousand controls in one paragraph"),
    "ends-deleted": (lambda: "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r/></w:p>" * 60_000, "paragraphs that all melt into one"),
    "ends-deleted-apart": (
        lambda: "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr></w:p>" + "<w:bookmarkEnd/>" * 50_000
        + "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr></w:p>" * 50_000, "the same behind fifty thousand marks"),
    "hidden-runs": (lambda: f"<w:p>{'<w:r><w:rPr><w:vanish/></w:rPr><w:t>x</w:t></w:r>' * 80_000}</w:p>", "hidden words"),
    "fields-nested": (lambda: f"<w:p>{char('begin') * 60_000}{char('end') * 60_000}</w:p>", "fields in one another's instruction"),
    "fields-open": (lambda: f"<w:p>{(char('begin') + char('separate')) * 45_000}{char('end') * 45_000}</w:p>", "fields in one another"),
    "form-fields-nested": (
        lambda: f"<w:p>{(char('begin', '<w:ffData/>') + char('separate')) * 40_000}{char('end') * 40_000}</w:p>", "form fields too"),
    "boxes-40k": (lambda: f"<w:p>{'<w:txbxContent><w:p/></w:txbxContent>' * 40_000}</w:p>", "text boxes on one paragraph"),
    "ways-60k": (lambda: f"<w:p><mc:AlternateContent xmlns:mc='{MC}'>{'<mc:Choice/>' * 60_000}</mc:AlternateContent></w:p>",
                 "sixty thousand ways to show nothing"),
    "cells-80k": (lambda: f"<w:tbl><w:tr>{'<w:tc><w:p/></w:tc>' * 80_000}</w:tr></w:tbl>", "a row of eighty thousand cells"),
    "tables-60k": (lambda: f"<w:tbl><w:tr><w:tc>{'<w:tbl/>' * 60_000}</w:tc></w:tr></w:tbl>", "tables in one cell"),
    "texts-150k": (lambda: f"<w:p><w:r>{'<w:t>x</w:t>' * 150_000}</w:r></w:p>", "a word in a hundred thousand pieces"),
    "text-9mb": (lambda: text("seen alone " * (9 * MIB // 11)), "nine megabytes of words"),
    "span-99999": (lambda: '<w:tbl><w:tr><w:trPr><w:gridBefore w:val="99999"/></w:trPr><w:tc><w:tcPr><w:gridSpan w:val="99999"/>'
                   '</w:tcPr><w:p><w:r><w:t>x</w:t></w:r></w:p></w:tc></w:tr></w:tbl>', "a cell over 99999 columns"),
    "smart-tags-200": (lambda: f"<w:p>{'<w:smartTag>' * 200}<w:r><w:t>x</w:t></w:r>{'</w:smartTag>' * 200}</w:p>", "wrappers two hundred deep"),
    "inline-controls-100": (
        lambda: f"<w:p>{'<w:sdt><w:sdtContent>' * 100}<w:r><w:t>x</w:t></w:r>{'</w:sdtContent></w:sdt>' * 100}</w:p>",
        "controls in one another inside a paragraph"),
}


SAMPLES: dict[str, Sample] = {
    **{name: Sample(lambda body=body: package(body(), stored=True), what, READ) for name, (body, what) in LARGE.items()},
    "bookmarks-1m": Sample(stored("<w:bookmarkStart/>" * 1_000_000), "a million bookmarks", "hostile"),
    "smart-tags-5000": Sample(lambda: nested(5_000, "<w:smartTag>", "</w:smartTag>"), "wrappers five thousand deep", "hostile"),
    "runs-5000": Sample(lambda: nested(5_000, "<w:r>", "</w:r>"), "runs in runs", "hostile"),
    "doctype-relations": Sample(doctype("word/_rels/document.xml.rels", "r"), "an entity in the relations", "hostile"),
    "doctype-comments": Sample(doctype("word/comments.xml", "w:comments"), "an entity in the comments", "hostile"),
    "doctype-notes": Sample(doctype("word/footnotes.xml", "w:footnotes"), "an entity in the notes", "hostile"),
    "doctype-styles": Sample(doctype("word/styles.xml", "w:styles"), "an entity in the styles", "hostile"),
    "doctype-chart": Sample(doctype("word/charts/chart1.xml", "c"), "an entity in a chart", "hostile"),
    "doctype-footer-utf16": Sample(doctype("word/footer1.xml", "w:ftr", "utf-16"), "one in another encoding in a footer", "hostile"),
    "properties-entity": Sample(doctype("docProps/core.xml", "p"), "an entity in the properties, which are never parsed", READ),
    "chunk-bomb": Sample(lambda: with_chunk(package("<w:p/>" * 700_000)), "a bomb put into the text", "hostile"),
    "chunk-entity": Sample(lambda: with_chunk(billion_laughs()), "entities in a document put into the text", "hostile"),
    "chunks-1000": Sample(lambda: with_chunk(b"words", 1_000), "the same words put in a thousand times", "hostile"),
    "chunks-nested": Sample(chunk_in_chunk, "documents put into one another", READ),
    "chunk-markup": Sample(lambda: with_chunk(b"<html>" + b"<b>" * 2_000_000), "a page of two million tags", "hostile"),
    "chunk-deep-markup": Sample(lambda: with_chunk(b"<html>" + b"<div>" * 300_000 + b"x"), "a page three hundred thousand deep", READ),
    "relation-loop": Sample(loop_of_relations, "a document that refers to itself", READ),
    "template-external": Sample(lambda: related("attachedTemplate", "http://x.example/t.dotm", text("x")), "a template of somebody's", READ),
    "nul-bytes": Sample(lambda: package(document(text("a\0b"))), "bytes no text can hold", "damaged"),
    "directory-1m": Sample(directory_of_a_million, "a directory of a million parts", "hostile"),
    "overlapping": Sample(overlapping, "parts that are all the same bytes", "hostile"),
    "offset-lie": Sample(offset_lie, "a part beyond the end", "damaged"),
    "packed-size-lie": Sample(packed_size_lie, "a part that claims more bytes than there are", "damaged"),
    "zip-inside": Sample(lambda: named_member("word/embeddings/x.zip", long_comment(5)), "a zip inside, which nobody opens", READ),
    "path-backslash-up": Sample(lambda: named_member("..\\..\\x.xml", b"x"), "a member name that climbs out the other way", "hostile"),
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
    "path-nul": Sample(lambda: renamed(b"word/bad.xml", b"word/b\0d.xml"), "a member name with a zero in it", "hostile"),
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
