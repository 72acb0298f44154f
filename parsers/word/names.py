"""The names of WordprocessingML the walker looks for, in both namespaces (transitional and strict)."""

from typing import NamedTuple

_TRANSITIONAL = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
_W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_MATH = (
    "{http://schemas.openxmlformats.org/officeDocument/2006/math}t", "{http://purl.oclc.org/ooxml/officeDocument/math}t",
)
_ALTERNATE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
_DRAWN = (
    "{http://schemas.openxmlformats.org/drawingml/2006/main}t", "{http://purl.oclc.org/ooxml/drawingml/main}t",
    "{urn:schemas-microsoft-com:vml}textpath",
)
CHECKBOX14 = _W14 + "checkbox"
CHECKED14 = _W14 + "checked"
VAL14 = _W14 + "val"
_ON = ("1", "true", "on", None)


def is_on(value: str | None) -> bool:
    """Whether a switch with this ``w:val`` is on; one without a value is."""
    return value in _ON


class Names(NamedTuple):
    """Qualified names for one namespace. ``pieces`` maps a tag to what it means inside a cell or paragraph."""

    body: str
    p: str
    tbl: str
    tr: str
    tc: str
    run: str
    sdt: str
    content: str
    properties: str
    bookmark: str
    before: str
    val: str
    name: str
    style: str
    shown: str
    value: str
    pieces: dict[str, str]
    # Tags of ``pieces``, and those that print something, in the shape lxml's filters want.
    wanted: tuple[str, ...]
    printing: tuple[str, ...]
    # What a control or bookmark can stand in, and what that makes of it.
    holders: dict[str, str]
    # What must be settled in the tree before it is walked, or noted as odd.
    odd: dict[str, str]
    qualify: str

    def w(self, local: str) -> str:
        return self.qualify + local


# Each kind of piece is one letter, so that a page is a string and its ordinary cells are found by looking at strings.
TEXT, PARA, LINE, TAB, HYPHEN, SYMBOL, OLD_TICK, OLD_LIST, TICK = "T", "P", "n", "t", "h", "y", "o", "l", "x"
ROW, CELL, TABLE, CONTROL, MARK, SPAN = "R", "C", "B", "S", "M", "N"
TAG, PROMPT, LIST, DATE, BEFORE = "G", "H", "I", "D", "K"
_PRINTING = {
    "t": TEXT, "p": PARA, "br": LINE, "cr": LINE, "tab": TAB, "ptab": TAB, "noBreakHyphen": HYPHEN, "sym": SYMBOL,
    "checkBox": OLD_TICK, "ddList": OLD_LIST,
}
_DESCRIBING = {
    "tr": ROW, "tc": CELL, "tbl": TABLE, "sdt": CONTROL, "tag": TAG, "showingPlcHdr": PROMPT,
    "dropDownList": LIST, "comboBox": LIST, "date": DATE, "bookmarkStart": MARK, "gridSpan": SPAN,
    "gridBefore": BEFORE,
}
_HOLDERS = {"p": "inside", "tc": "inside", "tr": "row", "tbl": "table", "body": "blocks"}
_ODD = {
    "ins": "kept", "moveTo": "kept", "del": "gone", "moveFrom": "gone", "cellDel": "cell", "cellIns": "kept",
    "cellMerge": "kept", "txbxContent": "box", "object": "object", "subDoc": "object", "altChunk": "chunk",
    "rt": "aside", "vanish": "hidden", "specVanish": "joint", "fldChar": "field",
}
# How things looked before a tracked change of looks; what they hold would be taken for how things are.
_FORMER = ("rPr", "pPr", "tblPr", "tblPrEx", "trPr", "tcPr", "sectPr", "tblGrid", "numbering")
_ODD |= {f"{local}Change": "former" for local in _FORMER}


def _make(namespace: str, math: str) -> Names:
    q = "{" + namespace + "}"
    pieces = {q + local: kind for local, kind in (_PRINTING | _DESCRIBING).items()}
    pieces |= {math: TEXT, CHECKBOX14: TICK}
    return Names(
        body=q + "body", p=q + "p", tbl=q + "tbl", tr=q + "tr", tc=q + "tc", run=q + "r", sdt=q + "sdt", content=q + "sdtContent",
        properties=q + "sdtPr", bookmark=q + "bookmarkStart", before=q + "gridBefore", val=q + "val", name=q + "name",
        style=q + "pStyle", shown=q + "displayText", value=q + "value",
        pieces=pieces,
        wanted=tuple(pieces), printing=(*(q + p for p in _PRINTING), math, CHECKBOX14),
        holders={q + tag: kind for tag, kind in _HOLDERS.items()},
        odd={q + local: kind for local, kind in _ODD.items()} | {_ALTERNATE: "alternate"} | dict.fromkeys(_DRAWN, "drawn"),
        qualify=q,
    )


_KNOWN = {
    "{" + _TRANSITIONAL + "}document": _make(_TRANSITIONAL, _MATH[0]),
    "{" + _STRICT + "}document": _make(_STRICT, _MATH[1]),
}


def find_names(root_tag: str) -> Names | None:
    """The names for a document whose root has this tag; None when it is no Word document."""
    return _KNOWN.get(root_tag)


def names_of(namespace: str) -> Names:
    """The names for a namespace in braces, as ``Names.qualify`` has it."""
    return _KNOWN[namespace + "document"]
