"""Changes one thing in a document: bytes of a part, the structure of its XML, a member of its zip, or the raw zip."""

import copy
import io
import random
import zipfile
from collections.abc import Callable

from lxml import etree

from tests.corpus.hostile.make import MC, REL, W

MutateBytes = Callable[[bytes, random.Random], bytes]
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True)
_MAIN = "word/document.xml"
_LARGEST = 200_000
_W14 = "http://schemas.microsoft.com/office/word/2010/wordml"
_NAMES = (
    "p", "r", "t", "tbl", "tr", "tc", "tcPr", "trPr", "pPr", "rPr", "sdt", "sdtPr", "sdtContent", "tag", "showingPlcHdr", "date",
    "dropDownList", "comboBox", "listItem", "bookmarkStart", "bookmarkEnd", "gridSpan", "gridBefore", "vMerge", "hMerge", "cellMerge",
    "ins", "del", "moveFrom", "moveTo", "delText", "cellDel", "cellIns", "txbxContent", "object", "altChunk", "subDoc", "ruby", "rt",
    "rubyBase", "vanish", "specVanish", "fldChar", "instrText", "fldSimple", "ffData", "name", "checkBox", "checked", "default",
    "ddList", "result", "listEntry", "textInput", "br", "cr", "tab", "ptab", "noBreakHyphen", "sym", "hyperlink", "smartTag",
    "customXml", "rPrChange", "tcPrChange", "pStyle", "rStyle", "style", "comment", "footnote", "body", "sectPr",
)
_ATTRIBUTES = ("val", "name", "char", "font", "fldCharType", "fullDate", "author", "initials", "vMerge", "styleId", "id", "ascii")
_VALUES = (
    "", "0", "1", "-1", "99999999999999999999", "\u0665", "²", "true", "on", "off", "begin", "separate", "end", "restart", "continue",
    "cont", "F0FE", "D800", "FFFF", "0000", "Wingdings", "2026-07-06T00:00:00Z", "9999-99-99", "mf:a.b", "rId1", "m", "\u2002" * 5, "\uf0fe",
)
_PARTS = (
    _MAIN, "_rels/.rels", "word/_rels/document.xml.rels", "word/header1.xml", "word/footnotes.xml", "word/comments.xml", "word/styles.xml",
    "word/chunk.bin", "docProps/app.xml", "docProps/custom.xml", "word/charts/chart1.xml", "word/vbaProject.bin", "[Content_Types].xml",
)
_CHUNKS = (b"<html><p>x</p><td>y", b"plain\r\nwords", b"{\\rtf1 x}", b"PK\x03\x04", b"\xff\xfea\x00", b"")


def mutate(data: bytes, rng: random.Random, mutate_bytes: MutateBytes) -> bytes:
    """One change; the raw bytes where the document is no zip that can be taken apart."""
    parts = unpack(data)
    if parts is None or rng.random() < 0.1:
        return mutate_bytes(data, rng)
    for _ in range(rng.choice((1, 1, 2, 4))):
        _change(parts, rng, mutate_bytes)
    return pack(parts, rng)


def unpack(data: bytes) -> dict[str, bytes] | None:
    """The members of a small zip; None for anything else."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as z:
            infos = z.infolist()
            if len(infos) > 60 or sum(i.file_size for i in infos) > _LARGEST:
                return None
            return {i.filename: z.read(i) for i in infos}
    # A damaged zip may fail in any of the library's ways; here it only means that its bytes are changed instead.
    except Exception:  # noqa: BLE001
        return None


def pack(parts: dict[str, bytes], rng: random.Random) -> bytes:
    out = io.BytesIO()
    way = zipfile.ZIP_DEFLATED if rng.random() < 0.1 else zipfile.ZIP_STORED
    with zipfile.ZipFile(out, "w", way) as z:
        for name, part in parts.items():
            z.writestr(zipfile.ZipInfo(name), part, way)
    return out.getvalue()


def _change(parts: dict[str, bytes], rng: random.Random, mutate_bytes: MutateBytes) -> None:
    chance = rng.random()
    # The text is where nearly everything happens.
    name = _MAIN if rng.random() < 0.7 and _MAIN in parts else rng.choice([*parts] or [_MAIN])
    if chance < 0.7:
        parts[name] = _change_tree(parts.get(name, b""), rng)
    elif chance < 0.85:
        parts[name] = mutate_bytes(parts.get(name, b""), rng)
    elif chance < 0.93:
        parts[rng.choice(_PARTS)] = rng.choice([*parts.values(), *_CHUNKS, relations(rng)])
    elif chance < 0.97:
        parts.pop(name, None)
    else:
        encoded = parts.get(name, b"").decode("utf-8", "replace").replace("UTF-8", "UTF-16")
        parts[name] = encoded.encode(rng.choice(("utf-16", "utf-8-sig", "utf-16-le")), "replace")


def relations(rng: random.Random) -> bytes:
    kinds = ("officeDocument", "header", "footer", "footnotes", "comments", "aFChunk", "attachedTemplate", "hyperlink", "image")
    targets = (_MAIN, "document.xml", "/word/chunk.bin", "chunk.bin", "../x", "", ".", "header1.xml", "http://x.example/", "a\\b", "//")
    lines = "".join(
        f'<Relationship Id="rId{n}" Type="{REL}/{rng.choice(kinds)}" Target="{rng.choice(targets)}"'
        f'{rng.choice(("", " TargetMode=" + chr(34) + "External" + chr(34)))}/>' for n in range(1, 4))
    return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{lines}</Relationships>'.encode()


def _change_tree(part: bytes, rng: random.Random) -> bytes:
    try:
        root = etree.fromstring(part, _PARSER)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    if root is None:
        return part
    elements = [e for e in root.iter() if isinstance(e.tag, str)][:5_000]
    rng.choice(_CHANGES)(rng.choice(elements), elements, rng)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def _new(rng: random.Random) -> etree._Element:
    made = etree.Element(rng.choice((
        f"{{{W}}}{rng.choice(_NAMES)}", f"{{{_W14}}}checkbox", f"{{{_W14}}}checked", f"{{{MC}}}AlternateContent", f"{{{MC}}}Choice",
    )) if rng.random() < 0.2 else f"{{{W}}}{rng.choice(_NAMES)}")
    _attribute(made, [], rng)
    if rng.random() < 0.4:
        made.text = rng.choice(("x", " ", "\n", "\uf0fe", "seen alone"))
    return made


def _attribute(e: etree._Element, elements: list[etree._Element], rng: random.Random) -> None:
    space = rng.choice((W, W, W, _W14, REL, ""))
    name = rng.choice(_ATTRIBUTES)
    e.set(f"{{{space}}}{name}" if space else name, rng.choice(_VALUES))


def _insert(e: etree._Element, elements: list[etree._Element], rng: random.Random) -> None:
    e.insert(rng.randint(0, len(e)), _new(rng))


def _delete(e: etree._Element, elements: list[etree._Element], rng: random.Random) -> None:
    parent = e.getparent()
    if parent is not None:
        parent.remove(e)


def _wrap(e: etree._Element, elements: list[etree._Element], rng: random.Random) -> None:
    parent = e.getparent()
    if parent is not None:
        outer = _new(rng)
        parent.replace(e, outer)
        outer.append(e)


def _unwrap(e: etree._Element, elements: list[etree._Element], rng: random.Random) -> None:
    parent = e.getparent()
    if parent is not None:
        at = parent.index(e)
        for child in reversed(list(e)):
            parent.insert(at, child)
        parent.remove(e)


def _move(e: etree._Element, elements: list[etree._Element], rng: random.Random) -> None:
    other = rng.choice(elements)
    if e.getparent() is not None and not any(a is e for a in (other, *other.iterancestors())):
        other.insert(rng.randint(0, len(other)), e)


def _copy(e: etree._Element, elements: list[etree._Element], rng: random.Random) -> None:
    if sum(1 for _ in e.iter()) < 500:
        place = rng.choice(elements)
        place.insert(rng.randint(0, len(place)), copy.deepcopy(e))


def _rename(e: etree._Element, elements: list[etree._Element], rng: random.Random) -> None:
    e.tag = f"{{{W}}}{rng.choice(_NAMES)}"


_CHANGES = (_insert, _insert, _delete, _wrap, _wrap, _unwrap, _move, _copy, _rename, _attribute)
