"""The whole way from a blank's bytes to a definition, and the definition as the text of a form.toml."""

import re

import tomli_w

from mailflow.form.load import read_form
from mailflow.model import Unreadable
from parsers.compile.blank import read_lines
from parsers.compile.build import Compiled, build_form
from parsers.compile.layout import lay_out
from parsers.formats import open_grid
from parsers.grid import Grid
from parsers.guard import refuse
from parsers.text import content_words

_NOT_ID = re.compile(r"[^a-z0-9._]+")
_HEAD = """\
# {name}: made from the council's own blank by `mailflow forms compile`. Labels are the council's own words, by which its
# returns are read; ids and kinds may be edited. Keys: templates/README.md.
"""


def compile_blank(data: bytes, name: str) -> Compiled:
    """``name`` is the blank's file name; the form's id is made from it.

    Raises UnreadableError for a document that can't be read, or that asks nothing.
    """
    grid = open_grid(data, careful=True)
    lines = read_lines(grid)
    form_id = _NOT_ID.sub("-", name.rsplit(".", 1)[0].casefold()).strip("-.") or "form"
    made = build_form(lay_out(lines), lines, form_id)
    made.plain["printed"] = sorted({*made.plain["printed"], *_around(grid)})
    form = read_form(made.plain, name)
    if not form.fields and not form.tables:
        raise refuse(Unreadable.NO_TEXT, "No question with a place to answer could be found in this document.")
    return made


def _around(grid: Grid) -> set[str]:
    """Content words of footnotes, hidden sheets and remarks of the blank, which come back in every return."""
    return {content_words(text) for _, text in (*grid.around, *grid.remarks)} - {""}


def to_toml(made: Compiled) -> str:
    """The definition as a form.toml."""
    return _HEAD.format(name=made.plain["title"].replace("\n", " ")) + "\n" + tomli_w.dumps(made.plain)


