"""Which of several forms a document looks like: by how many of their questions it prints word for word."""

from collections.abc import Iterable

from parsers.grid import Grid, Row
from parsers.locate.text import LONGEST_LABEL, content_words, flat
from parsers.locate.wording import Wording


def likeliest(grid: Grid, wordings: list[Wording], most: int) -> list[Wording]:
    """At most ``most`` of the wordings, the likeliest first; tags count as much as labels."""
    texts = list(_texts(grid.rows))
    plain = {flat(text) for text in texts}
    words = {content_words(text) for text in texts}
    tags = set(_tags(grid.rows))

    def resemblance(wording: Wording) -> tuple[int, int]:
        tagged = sum(tag in wording.tags for tag in tags)
        titles = sum(title in plain for title in wording.titles)
        asked = sum(label in plain for label in wording.labels) + sum(w in words for w in wording.label_words)
        return tagged + titles + asked, -len(wording.fields)

    return sorted(wordings, key=resemblance, reverse=True)[:most]


def _texts(rows: tuple[Row, ...]) -> Iterable[str]:
    for row in rows:
        for cell in row.cells:
            if cell.inner:
                yield from _texts(cell.inner)
            text = cell.own or cell.text
            if text and len(text) <= LONGEST_LABEL:
                yield text
                if "\n" in text:
                    yield text.split("\n", 1)[0]


def _tags(rows: tuple[Row, ...]) -> Iterable[str]:
    for row in rows:
        yield from row.tags
        for cell in row.cells:
            yield from (c.tag for c in cell.controls if c.tag)
            yield from _tags(cell.inner)
