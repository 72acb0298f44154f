"""Counts what a document says, independently of the reader, and what of it a reading lost.

A line that the same form prints when nobody has filled it is the form's; every other line was typed by somebody, and must
stand in an answer or in the leftovers, character for character. White space is not counted: formats wrap and pad.
"""

import io
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Iterable

from lxml import etree

from mailflow.form.definition import FormDefinition
from mailflow.model import Reading, Status
from tests.parsers.pages import W

_Q = "{" + W + "}"
# Boxes and their ticks are how a choice is shown; what is said beside them counts.
_BOXES = str.maketrans("", "", "☐☒")


def lines_of_docx(data: bytes) -> list[str]:
    """The text of each paragraph as it stands once tracked changes are accepted; soft returns part lines too."""
    with zipfile.ZipFile(io.BytesIO(data)) as z:
        root = etree.fromstring(z.read("word/document.xml"))
    for row in [mark.getparent().getparent() for mark in root.iter(f"{_Q}del") if mark.getparent().tag == f"{_Q}trPr"]:
        row.getparent().remove(row)
    lines: list[str] = []
    for e in root.iter(f"{_Q}p", f"{_Q}t", f"{_Q}br", f"{_Q}tab", f"{_Q}result"):
        if e.tag in (f"{_Q}p", f"{_Q}br"):
            lines.append("")
        elif e.tag == f"{_Q}result":
            # What a drop-down of Word 97 shows is the entry its number names.
            lines[-1] += e.getparent().findall(f"{_Q}listEntry")[int(e.get(f"{_Q}val"))].get(f"{_Q}val")
        elif not any(a.tag in (f"{_Q}moveFrom", f"{_Q}del") for a in e.iterancestors()):
            lines[-1] += (e.text or "") if e.tag == f"{_Q}t" else " "
    return [line for line in lines if line.strip()]


def squeeze(text: str) -> str:
    return "".join(text.translate(_BOXES).split())


def typed_lines(filled: Iterable[str], blank: Iterable[str], form: FormDefinition) -> list[str]:
    """The lines of a filled form, squeezed, that the blank one does not have; of a label somebody wrote on behind its
    words, what they added. Words the form prints are nobody's, wherever they stand.
    """
    printed = Counter(squeeze(line) for line in blank)
    others = {squeeze(text) for text in form.wording}
    found = Counter(squeeze(line) for line in filled)
    gone = sorted((printed - found).elements(), key=len, reverse=True)
    typed = []
    for line in (found - printed).elements():
        rest = line.removeprefix(next((label for label in gone if label and line.startswith(label)), ""))
        if line not in others and rest not in others:
            typed.append(rest)
    # Dots, dashes and colons alone are what forms print to be written on.
    return [line for line in typed if any(unicodedata.category(c)[0] in "LN" or unicodedata.category(c) == "So" for c in line)]


def said_in(reading: Reading) -> list[str]:
    """Every text a reading gives to people, squeezed."""
    if reading.status is not Status.READABLE:
        return [squeeze(reading.text)]
    texts = [a.text for a in reading.answers.values()]
    texts += [a.text for rows in reading.rows.values() for r in rows for a in r.values()]
    return [squeeze(text) for text in (*texts, *(left.text for left in reading.leftovers))]


def lost(typed: list[str], reading: Reading) -> tuple[list[str], str]:
    """(typed lines that stand nowhere in the reading, characters that stand in it less often than they were typed)."""
    said = said_in(reading)
    whole = "\n".join(said)
    short = Counter("".join(typed)) - Counter(whole)
    return [line for line in typed if line not in whole], "".join(sorted(short.elements()))
