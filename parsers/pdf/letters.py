"""Letters as a PDF has them and as people read them."""

import re

from parsers.word.symbols import TICKED, UNTICKED

# Ligatures are letters to people; symbol fonts write boxes and ticks as letters of their own; the library marks a
# hyphen at a line's end in two ways.
PLAIN = str.maketrans({
    "ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st", "\x02": "-", "\ufffe": "-",
    "\uf0fe": TICKED, "\uf0fd": TICKED, "\uf052": TICKED, "\uf054": TICKED, "\uf053": TICKED, "\uf0fc": "✓",
    **{chr(n): "\ufffd" for n in (0, 1, *range(3, 9), *range(14, 28), *range(127, 133), *range(134, 160))},
    "\uf0a8": UNTICKED, "\uf06f": UNTICKED, "\uf0a3": UNTICKED, "\uf0fb": "✗", "\uf0b7": "•",
})
SHOWN_AS_OTHERS = frozenset(map(chr, PLAIN))
HYPHENS = ("\x02", "\ufffe")
AFTER_HYPHEN = re.compile("(?<=[\x02\ufffe])")
# Letters no font explains: replacement characters, private letters other than symbol fonts', control characters.
UNKNOWN = re.compile("[\ufffd\x00-\x01\x03-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ue000-\uefff\uf100-\uf8ff]")
# Letters beyond the first plane come as two halves.
HALVES = frozenset(map(chr, range(0xD800, 0xE000)))


def join_halves(text: str) -> str:
    """The library counts pictures (emoji) as two letters, each half of one."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
