"""Words that a narrow cell broke in the middle, with no hyphen: "Outstandi" over "ng". They are put together again.

A line's end may part two words or the letters of one. What tells: most programs draw the space after a word also where
the line ends; a broken word leaves no room for its next letter; and the letters themselves.
"""

import re
from collections.abc import Iterable

from parsers.pdf.shape import Line, Rect, Word

# Parts of a line's height: room for a usual letter, for a wide one, for a space.
_LETTER, _WIDE, _SPACE = 0.68, 1.0, 0.3
# No cell has more room than this, in points, between its line and its text.
_PADDING = 9.0
# What may stand before and behind a break inside a word.
_BEFORE, _BEHIND = re.compile(r"[^\W_]|[/.@_]"), re.compile(r"[^\W_]|[/@_]")
_NO_WORD = re.compile(r"[?!:;,.)\]%’”]+$|[^\W\d_]$|[^aeiouyAEIOUY\d\W]+$|\d+$")
# Short words that people write; other fragments as short are the ends of words.
_SHORT = frozenset((
    "am", "an", "as", "at", "be", "by", "do", "go", "he", "if", "in", "is", "it", "me", "my", "no", "of", "on", "or", "so", "to",
    "up", "us", "we",
))
_ENDINGS = re.compile(
    r"(?:(?:[b-df-hj-np-tv-z]{0,2}(?:able|ible|ance|ence|ation|ition|ing|ings|ed|er|ers|al|ally|ly|ity|ous|ive|est|ent|ents|"
    r"ment|ments|ness|sion|sions|tion|tions|ogy|ory|ary|ful))|[aeiou]?(?:ment|ments|sion|tion|ning|ding|ting)|ies|es)\W*$"
)
_BARE = re.compile(r"^\W+|\W+$")


class Mender:
    """Puts together the broken words of one page.

    ``ends`` are the places of words behind which a line ends with no space drawn; ``spaced`` says that this page does
    draw spaces at lines' ends.
    """

    def __init__(self, ends: frozenset[tuple[float, float, float]], spaced: bool, words: Iterable[Word]) -> None:
        self._ends, self._spaced, self._words = ends, spaced, words
        self._known: frozenset[str] | None = None

    def mend(self, lines: list[Line], cell: Rect) -> list[Line]:
        """The lines of one cell, each broken word whole on the line it began on."""
        # Only a word that has its line to itself can be broken; most cells have none.
        if not self._ends or not any([len(line.words) == 1 for line in lines[:-1]]):
            return lines
        room = min(_PADDING, *[min(line.x0 - cell.x0, cell.x1 - line.x1) for line in lines])
        edge = cell.x1 - max(room, 0.0)
        words = [list(line.words) for line in lines]
        # From the end, so that a word over three lines is looked at as a whole.
        for n in range(len(lines) - 2, -1, -1):
            below = words[n + 1]
            if self._is_broken(lines[n], below, edge):
                words[n][-1] = words[n][-1]._replace(text=words[n][-1].text + below.pop(0).text)
        return [Line(found) for found in words if found]

    def _is_broken(self, line: Line, below: list[Word], edge: float) -> bool:
        last, first = line.words[-1], below[0]
        if len(line.words) > 1 or last.control or first.control or (last.x0, last.x1, last.y0) not in self._ends:
            return False
        left = (edge - last.x1) / last.height
        if left > (_WIDE if first.text[:1] in "mwMW@%" else _LETTER):
            return False
        if not _BEHIND.match(first.text):
            return bool(_NO_WORD.match(first.text))
        if not _BEFORE.match(last.text[-1:]) or (first.text[0].isupper() and not last.text[-2:].isupper()):
            return False
        if len(below) == 1 and first.text[0].isdigit() and not last.text[-1].isalpha():
            return True
        return self._is_one_word(last.text, first.text, self._spaced and left > _SPACE)

    def _is_one_word(self, last: str, first: str, likely: bool) -> bool:
        """What the letters say, and the page's other words; ``likely`` where a space would have been drawn."""
        if self._known is None:
            self._known = frozenset(_bare(w.text) for w in self._words)
        whole, end = _bare(last + first), _bare(first)
        if likely or whole in self._known:
            return True
        if end in _SHORT:
            return end == "on" and last.endswith(("si", "ti"))
        return bool(_NO_WORD.match(end)) or len(end) < 3 or bool(_ENDINGS.match(end))


def _bare(text: str) -> str:
    return _BARE.sub("", text).casefold()
