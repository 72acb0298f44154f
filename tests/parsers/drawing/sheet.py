"""A form, its answers and a look → the body of a Word document, and what a careful person would read from it."""

import re
from dataclasses import replace
from xml.sax.saxutils import quoteattr

from mailflow.form.definition import FormDefinition, FormField, FormSection, FormTable, Kind
from tests.parsers.drawing.look import Look, items_of, label_of
from tests.parsers.drawing.shapes import ALL, deleted_row, ticks
from tests.parsers.pages import cell, control, para, row, run, table

Values = dict[str, str]
# A table whose cells all have a place in one grid: the last cell of a narrower row is as wide as is left.
_WIDTH = 6
_CELL_WIDTH = '<w:tcW w:w="4000" w:type="dxa"/>'
_PROMPT = "Click or tap here to enter text."
_GRADES = ("Outstanding", "Good", "Requires improvement", "Inadequate", "Not applicable")


def draw(form: FormDefinition, values: Values, look: Look) -> str:
    """The body's XML. ``values`` are by field id, and "actions.2.due" for a table's cell."""
    sections = [form.section(name) for name in look.sections]
    top = para(form.title, "Title") + "".join(para(line) for line in form.instructions)
    if look.one_table:
        rows = [r for s in sections for r in _title_rows(s) + [r for block in _blocks(s, values, look) for r in block]]
        return top + _table([_widen(r) for r in rows], look)
    return top + "".join(_section(s, values, look) for s in sections)


def _section(s: FormSection, values: Values, look: Look) -> str:
    said = "".join(para(line, "ListBullet") for line in (s.guidance, *s.lines) if line)
    if look.layout == "boxes" and not headings_of(s):
        said += "".join(para(label_of(look, i, n)) + table(row(_answer(i[0], i[0].tag, values.get(i[0].id, ""), look)))
                        for n, i in enumerate(items_of(s)))
        s = replace(s, fields=())
    return para(s.title, "Heading1") + said + "".join(_table(rows, look) + "<w:p/>" for rows in _blocks(s, values, look))


def _title_rows(s: FormSection) -> list[str]:
    return [row(cell(para(line))) for line in (s.title, s.guidance, *s.lines) if line]


def _widen(drawn: str) -> str:
    """The row with its last cell as wide as the table has columns left."""
    cells = drawn.count(_CELL_WIDTH)
    if not cells or cells >= _WIDTH:
        return drawn
    before, _, after = drawn.rpartition(_CELL_WIDTH)
    return f'{before}{_CELL_WIDTH}<w:gridSpan w:val="{_WIDTH - cells + 1}"/>{after}'


def _table(rows: list[str], look: Look) -> str:
    drawn = table(*rows)
    if look.changes:
        drawn = drawn.replace("<w:trPr><w:cantSplit/>", '<w:trPr><w:cantSplit/><w:ins w:id="2"/>', 2)
    return control("", drawn, "<w:group/>") if look.group else drawn


def _blocks(s: FormSection, values: Values, look: Look) -> list[list[str]]:
    """The section's tables, each a list of rows."""
    items = items_of(s)
    if s.id in look.shuffled:
        items = items[1::2] + items[::2]
    in_columns = [i for i in items if i[0].headings]
    single = [i for i in items if not i[0].headings]
    if in_columns:
        head, rows = _head(s), [_column_row(s, i, n, values, look) for n, i in enumerate(items)]
        blocks = _cut(s, head, rows, look)
    elif look.layout == "above":
        blocks = [_grid(single, values, look)]
    else:
        blocks = _cut(s, [], [_label_row(i, n, values, look) for n, i in enumerate(single)], look)
    for t in s.tables:
        blocks += _cut(s, [_table_head(t, look)], _table_rows(t, values, look), look)
    if look.changes:
        blocks = [[*b, deleted_row("Deleted", "Good", "3")] for b in blocks if b]
    return [b for b in blocks if b]


def _cut(s: FormSection, head: list[str], rows: list[str], look: Look) -> list[list[str]]:
    """The rows under their head, in two tables where the section's are split."""
    if s.id not in look.split or len(rows) < 2:
        return [[*head, *rows]] if rows else []
    half = len(rows) // 2
    return [[*head, *rows[:half]], [*(head if look.heads_again else ()), *rows[half:]]]


def headings_of(s: FormSection) -> tuple[str, ...]:
    return tuple(dict.fromkeys(h for f in s.fields for h in f.headings))


def _head(s: FormSection) -> list[str]:
    return [row(cell("<w:p/>"), *(cell(para(h)) for h in headings_of(s)))]


def _label(item: tuple[FormField, ...], at: int, look: Look) -> str:
    return cell(_marked(label_of(look, item, at), item[0].bookmark, look))


def _marked(text: str, bookmark: str, look: Look) -> str:
    if not look.bookmarks:
        return para(text)
    return f'<w:p><w:bookmarkStart w:id="1" w:name="{bookmark}"/>{run(text)}<w:bookmarkEnd w:id="1"/></w:p>'


def _label_row(item: tuple[FormField, ...], at: int, values: Values, look: Look) -> str:
    f = item[0]
    if look.row_controls and look.tags:
        text = values.get(f.id, "")
        return control(f.tag, row(_label(item, at, look), cell("".join(para(line) for line in text.split("\n")))))
    return row(_label(item, at, look), _answer(f, f.tag, values.get(f.id, ""), look))


def _column_row(s: FormSection, item: tuple[FormField, ...], at: int, values: Values, look: Look) -> str:
    """The label and a cell under each heading; one answer for the whole width where the item stands in no column."""
    if not item[0].headings:
        f = item[0]
        return _spread(_label_row(item, at, values, look), len(headings_of(s)))
    cells: dict[str, str] = {}
    for f in item:
        if f.marks:
            chosen = values.get(f.id, "").split(" / ")
            cells |= {m: cell(para("X" if m in chosen else "")) for m in f.marks}
        else:
            cells[f.column] = _answer(f, f.tag, values.get(f.id, ""), look)
    if look.wide and not item[-1].marks and len(cells) < len(headings_of(s)):
        return _spread(row(_label(item, at, look), *cells.values()), len(headings_of(s)) - len(cells) + 1)
    return row(_label(item, at, look), *(cells.get(h, cell("<w:p/>")) for h in headings_of(s)))


def _spread(drawn: str, span: int) -> str:
    before, width, after = drawn.rpartition(_CELL_WIDTH)
    return f'{before}{width}<w:gridSpan w:val="{span}"/>{after}' if span > 1 else drawn


def _grid(items: list[tuple[FormField, ...]], values: Values, look: Look) -> list[str]:
    """Rows of labels, each with its answers in the row below."""
    rows: list[str] = []
    for n in range(0, len(items), look.across):
        some = items[n:n + look.across]
        rows.append(row(*(_label(i, n + k, look) for k, i in enumerate(some))))
        rows.append(row(*(_answer(i[0], i[0].tag, values.get(i[0].id, ""), look) for i in some)))
    return rows


def _table_head(t: FormTable, look: Look) -> str:
    number = (cell(para("No.")),) if look.row_numbers else ()
    return row(*number, *(cell(_marked(look.relabel.get(c.id, c.label), c.bookmark, look)) for c in t.columns))


def last_row(t: FormTable, values: Values) -> int:
    return max([t.rows, *(int(k.split(".")[1]) for k in values if re.fullmatch(rf"{t.id}\.\d+\.\w+", k))])


def _table_rows(t: FormTable, values: Values, look: Look) -> list[str]:
    rows = []
    for n in range(1, last_row(t, values) + 1):
        number = (cell(para(f"{n}.")),) if look.row_numbers else ()
        tags = [(c, t.cell_tag(n, c)) for c in t.columns]
        rows.append(row(*number, *(_answer(c, tag, values.get(tag.removeprefix("mf:"), ""), look) for c, tag in tags)))
    return rows


def _answer(f: FormField, tag: str, text: str, look: Look) -> str:
    """The answer's cell; where it is blank a control shows its prompt."""
    if look.ticks and f.choices and (not text or text in f.choices):
        return ticks(f.choices, (text,))
    shape = ALL[look.shape_of(f)]
    tag = tag if look.tags else ""
    more = _properties(f, text)
    if not text and look.prompts and shape.__name__ in ("in_run", "in_block", "in_cell", "in_nested", "in_bare_control"):
        return shape(tag, f.prompt or _PROMPT, more + "<w:showingPlcHdr/>")
    return shape(tag, text, more)


def _properties(f: FormField, text: str) -> str:
    if f.kind is Kind.DATE:
        return '<w:date><w:dateFormat w:val="dd/MM/yyyy"/></w:date>'
    choices = _GRADES if f.kind is Kind.GRADE else f.choices
    if f.kind in (Kind.GRADE, Kind.CHOICE):
        return "<w:dropDownList>" + "".join(f"<w:listItem w:displayText={quoteattr(c)} w:value={quoteattr(c)}/>" for c in choices) + "</w:dropDownList>"
    return ""
