"""Running text in two columns, as in a newsletter: read one after the other, never across."""

from collections.abc import Sequence

from parsers.pdf.shape import Line, Word
from parsers.pdf.text import make_lines

# A gutter is at least this wide, in points; a column has at least so many lines.
_GUTTER = 8.0
_LINES = 6
# Lines over both columns, above them: a title.
_TITLES = 4


def by_columns(lines: Sequence[Line]) -> list[list[Line]]:
    """The lines in stretches to be read one after the other: mostly the one that was given."""
    if len(lines) < 2 * _LINES and len(lines) < _LINES + _TITLES:
        return [list(lines)]
    for titles in range(_TITLES):
        words = [word for line in lines[titles:] for word in line.words]
        if any(word.is_box for word in words):
            break
        gutter = _find_gutter(words)
        if gutter is None:
            continue
        left = make_lines(word for word in words if word.x0 < gutter)
        right = make_lines(word for word in words if word.x0 >= gutter)
        if _is_prose(left) and _is_prose(right):
            return [piece for piece in (list(lines[:titles]), left, right) if piece]
    return [list(lines)]


def _find_gutter(words: list[Word]) -> float | None:
    """The one place, near the middle, that no word stands in or runs over."""
    if not words:
        return None
    words = sorted(words, key=lambda w: w.x0)
    first, end = words[0].x0, max(w.x1 for w in words)
    reach, found = words[0].x1, []
    for word in words[1:]:
        if word.x0 - reach > _GUTTER:
            found.append((reach + word.x0) / 2)
        reach = max(reach, word.x1)
    middle = [x for x in found if 0.3 < (x - first) / (end - first) < 0.7]
    return middle[0] if len(found) == len(middle) == 1 else None


def _is_prose(lines: list[Line]) -> bool:
    """Most lines fill their column, as they do only where text flows from one into the next."""
    width = max(line.x1 for line in lines) - min(line.x0 for line in lines)
    return len(lines) >= _LINES and sum(line.x1 - line.x0 > 0.75 * width for line in lines) > 0.7 * len(lines)
