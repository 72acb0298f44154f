"""The whole way from a blank's bytes to a definition, and the definition as the text of a form.toml."""

import re

import tomli_w

from mailflow.form.load import read_form
from mailflow.model import Unreadable
from parsers.compile.blank import read_lines
from parsers.compile.build import Compiled, Remark, build_form
from parsers.compile.layout import lay_out
from parsers.formats import open_grid
from parsers.grid import Grid
from parsers.guard import refuse
from parsers.locate.search import Located, locate
from parsers.locate.text import content_words
from parsers.locate.wording import compile_wording

_ROUNDS, _FEW = 3, 3
_FILLED = "stands in the blank where an answer goes, and is read as one"
_NOT_ID = re.compile(r"[^a-z0-9._]+")
_HEAD = """\
# {name}: made from the council's own blank by `mailflow forms compile`. Labels are the council's own words, by which its
# returns are read; ids and kinds may be edited. Keys: templates/README.md.
"""


def compile_blank(data: bytes, name: str) -> Compiled:
    """``name`` is the blank's file name; the form's id is made from it.

    Raises UnreadableError for a document that can't be read, or that asks nothing.
    """
    form_id = _NOT_ID.sub("-", name.rsplit(".", 1)[0].casefold()).strip("-.") or "form"
    made = compile_grid(open_grid(data, careful=True), open_grid(data), form_id)
    form = read_form(made.plain, name)
    if not form.fields and not form.tables:
        raise refuse(Unreadable.NO_TEXT, "No question with a place to answer could be found in this document.")
    return made


def compile_grid(grid: Grid, as_read: Grid, form_id: str) -> Compiled:
    """The same for a blank that was read already: carefully, and as its returns will be."""
    lines = read_lines(grid)
    made = build_form(lay_out(lines), lines, form_id)
    made.plain["printed"] = sorted({*made.plain["printed"], *_around(grid)})
    for _ in range(_ROUNDS):
        located = locate(as_read, compile_wording(read_form(made.plain, form_id)))
        if not _learn(made, located):
            break
    return made


def _learn(made: Compiled, located: Located) -> bool:
    """Takes what the blank itself is read as for what it prints; gives whether there was any news.

    A word or two where an answer goes may be an answer elsewhere: that is for a person to see.
    """
    lines = {line for left in located.leftovers for line in (left.text, *left.text.split("\n"))}
    printed = {content_words(line) for line in lines}
    answers = [*located.answers.values(), *(a for rows in located.rows.values() for row in rows for a in row.values())]
    # A number and marks alone ("1: ?") have no words to be known by: they are known as they stand.
    prompts = {a.text for a in answers if len(a.text.split()) > _FEW} | {x for x in lines if x.strip() and not content_words(x)}
    known = {r.where for r in made.remarks if r.words == _FILLED}
    made.remarks += [Remark(a.field, a.text, _FILLED) for a in answers
                     if a.text and a.text not in prompts and a.field not in known]
    news = (printed - {""} - set(made.plain["printed"])) | (prompts - set(made.plain.get("prompts", ())))
    made.plain["printed"] = sorted({*made.plain["printed"], *printed} - {""})
    if prompts:
        made.plain["prompts"] = sorted({*made.plain.get("prompts", ()), *prompts})
    return bool(news)


def _around(grid: Grid) -> set[str]:
    """Content words of footnotes, hidden sheets and remarks of the blank, which come back in every return."""
    return {content_words(text) for _, text in (*grid.around, *grid.remarks)} - {""}


def to_toml(made: Compiled) -> str:
    """The definition as a form.toml."""
    return _HEAD.format(name=made.plain["title"].replace("\n", " ")) + "\n" + tomli_w.dumps(made.plain)


