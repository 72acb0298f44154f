"""Letters of symbol fonts → the signs people see: boxes, ticks, crosses, smileys, arrows."""

import re

from lxml import etree

from parsers.word.names import Names

TICKED, UNTICKED = "☒", "☐"
# By font and the letter's number in it; Word writes F0xx for xx.
_FONTS = {
    "wingdings": {
        0xFE: TICKED, 0xFD: TICKED, 0x78: TICKED, 0xFC: "✓", 0xFB: "✗", 0xA8: UNTICKED, 0x6F: UNTICKED, 0x71: UNTICKED,
        0x72: UNTICKED, 0x4A: "☺", 0x4B: "😐", 0x4C: "☹", 0x6C: "●", 0x6E: "■", 0xA7: "▪", 0x9F: "•", 0xD8: "➢",
        0xDF: "←", 0xE0: "→", 0xE1: "↑", 0xE2: "↓", 0xE8: "➔", 0xF0: "⇨", 0x43: "👍", 0x44: "👎",
    },
    "wingdings 2": {
        0x50: "✓", 0x4F: "✗", 0x51: TICKED, 0x52: TICKED, 0x53: TICKED, 0x54: TICKED, 0xA3: UNTICKED, 0x2A: UNTICKED,
        0x97: "●",
    },
    "wingdings 3": {0x7D: "▶", 0x7C: "◀", 0x75: "▶", 0x70: "▲", 0x71: "▼", 0x66: "←", 0x67: "→", 0x68: "↑", 0x69: "↓"},
    "webdings": {0x61: "✓", 0x72: "✗", 0x63: UNTICKED, 0x67: "■", 0x6E: "●", 0x34: "▶", 0x33: "◀"},
    "symbol": {
        0xB7: "•", 0xA3: "≤", 0xB3: "≥", 0xB9: "≠", 0xB1: "±", 0xB4: "×", 0xAC: "←", 0xAD: "↑", 0xAE: "→", 0xAF: "↓",
        0xDE: "⇒", 0xD6: "√", 0xB0: "°",
    },
}
# For a letter of the private area whose font is not said: what Word's own boxes and ticks are.
_ANY = {
    **_FONTS["wingdings"], 0x50: "✓", 0x52: TICKED, 0x53: TICKED, 0x54: TICKED, 0xA3: UNTICKED, 0xB7: "•",
}
_PRIVATE = re.compile("[\uf020-\uf0ff]")
_HEX = re.compile("[0-9A-Fa-f]{4}")
_SURROGATES = range(0xD800, 0xE000)


def read_symbol(code: str, font: str) -> str:
    """The sign of ``w:sym``; the bare letter where the font is not known, "" where the code is no letter."""
    if not _HEX.fullmatch(code):
        return ""
    number = int(code, 16)
    sign = _sign(number, font)
    if sign or number in _SURROGATES or number < 0x20 or number >= 0xFFFE:
        return sign
    return chr(number)


def _sign(number: int, font: str) -> str:
    if number >= 0x100 and not 0xF000 <= number <= 0xF0FF:
        return ""
    known = _FONTS.get(font.lower())
    if known is None:
        return _ANY.get(number & 0xFF, "") if number >= 0xF000 else ""
    return known.get(number & 0xFF, "")


def read_private_letters(root: etree._Element, n: Names) -> None:
    """Replaces, in place, letters of symbol fonts that stand in plain text: there the run's font says what they are."""
    for e in root.iter(n.w("t")):
        if e.text and _PRIVATE.search(e.text):
            font = _font(e, n)
            e.text = _PRIVATE.sub(lambda found, font=font: _sign(ord(found[0]), font) or found[0], e.text)  # type: ignore[misc]


def _font(e: etree._Element, n: Names) -> str:
    run = e.getparent()
    fonts = run.find(f"{n.w('rPr')}/{n.w('rFonts')}") if run is not None else None
    return (fonts.get(n.w("ascii")) or fonts.get(n.w("hAnsi")) or "") if fonts is not None else ""
