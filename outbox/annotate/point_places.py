"""Where a point is, in words, for documents that no comment can be put into: "page 2, table 1, row 3, column 2"."""

from collections.abc import Iterable
from enum import StrEnum

from mailflow.model import Answer, Document, Point, Reading
from mailflow.model.place import parse_place

# More places than these are counted, not named: nobody walks through thirty of them.
MOST_PLACES = 6
_PDF, _ZIP = b"%PDF-", b"PK"


class Returned(StrEnum):
    """What was returned, as far as a letter speaks of it. NOTHING also where the letter is not about a document."""

    NOTHING = ""
    PDF = "pdf"
    WORKBOOK = "workbook"
    OFFICE = "office"
    OTHER = "other"


def kind_of(original: Document | None) -> Returned:
    """Told from the bytes and, of two kinds of office document, from the parts named in them."""
    if original is None:
        return Returned.NOTHING
    data = original.data
    if _PDF in data[:1024]:
        return Returned.PDF
    if not data.startswith(_ZIP) or b"mimetypeapplication/" in data[:100]:
        return Returned.OTHER
    return Returned.WORKBOOK if b"xl/workbook" in data else Returned.OFFICE


def answers_by_field(reading: Reading) -> dict[str, Answer]:
    """Every answer by its field id, those of tables too ("actions.2.due")."""
    cells = (a for rows in reading.rows.values() for row in rows for a in row.values())
    return {**{a.field: a for a in cells}, **reading.answers}


def find_places(points: Iterable[Point], reading: Reading, every: bool = True) -> dict[int, str]:
    """Point number → where its answers are; points without a known place are left out.

    Without ``every`` only pages and cells are named, not the places in a Word document.
    """
    answers = answers_by_field(reading)
    found = {p.number: [a.place for f in p.fields if (a := answers.get(f)) and a.place] for p in points}
    return {number: say_places(places) for number, places in found.items()
            if places and (every or parse_place(places[0]) is None)}


def say_places(places: Iterable[str]) -> str:
    """"sheet Audit, cells B4 and B5"; "page 2, table 1, row 3, column 2; page 3, line 4"."""
    groups: dict[str, list[str]] = {}
    all_places = list(dict.fromkeys(places))
    for place in all_places[:MOST_PLACES]:
        home, comma, cell = place.rpartition(", cell ")
        groups.setdefault(home if comma else place, []).extend([cell] if comma else [])
    said = [f"{home}, {_cells(cells)}" if cells else home for home, cells in groups.items()]
    more = len(all_places) - MOST_PLACES
    return "; ".join(said) + (f"; and {more} more" if more > 0 else "")


def _cells(cells: list[str]) -> str:
    if len(cells) == 1:
        return f"cell {cells[0]}"
    return f"cells {', '.join(cells[:-1])} and {cells[-1]}"
