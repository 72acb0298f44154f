"""What is printed on a page, noted where it stands: tags, titles, labels, headings. One pass, first come first served."""

from mailflow.form.definition import FormField, FormSection, FormTable
from mailflow.model import FoundBy
from parsers.grid import Cell, Control, Grid, Row
from parsers.locate.around import find_furniture
from parsers.locate.page import Label, Page, Spot, TableCell, Tagged
from parsers.locate.printed import Known, look_up
from parsers.locate.text import ROW_NUMBERS, flat
from parsers.locate.wording import Wording


def index_tags(grid: Grid, wording: Wording) -> Page:
    """A page with its tagged controls noted: all that a form nobody took apart needs."""
    page = Page(wording, list(grid.rows), furniture=find_furniture(grid))
    if any([cell.inner for row in page.rows for cell in row.cells]):
        page.rows = []
        _flatten(page, grid.rows, None)
    tags, tagged = wording.tags, page.tagged
    for r, row in enumerate(page.rows):
        for c, cell in enumerate(row.cells):
            for control in cell.controls:
                tag = control.tag
                if tag in tags:
                    tagged.setdefault(tag, []).append(Tagged((r, c), control))
                elif tag.startswith("mf:") and (named := wording.find_cell(tag)):
                    page.table_cells.setdefault(r, []).append(TableCell(*named, c))
    return page


def is_whole(page: Page) -> bool:
    """Whether every question's tag stands on the page once, in form order, in a cell of its own; and every table's."""
    wording = page.wording
    if list(page.tagged) != wording.tag_order or len({found[-1].spot for found in page.tagged.values()}) < len(page.tagged):
        return False
    if any([len(found) > 1 for found in page.tagged.values()]):
        return False
    tables = {cells[0].table.id for cells in page.table_cells.values()}
    return len(tables) == len(wording.tables) and not any(row.tags for row in page.rows)


def index_wording(page: Page) -> None:
    """Notes labels, section headings and table headers, each where it stands: for a page that is not whole."""
    section: FormSection | None = None
    tagged = {t.spot for found in page.tagged.values() for t in found}
    tagged |= {(r, cell.cell) for r, cells in page.table_cells.items() for cell in cells}
    under: frozenset[int] = frozenset()
    for r, row in enumerate(page.rows):
        if row.sheet and (not r or row.sheet != page.rows[r - 1].sheet):
            section = page.wording.titles.get(flat(row.sheet), section)
        if not r or row.table != page.rows[r - 1].table:
            under = frozenset()
        for c, cell in enumerate(row.cells):
            if c == 1 and ((r, 0) in page.label_spots or r in page.headings):
                under = frozenset()
                if _is_answered_in_columns(page, r):
                    page.answered.add(r)
                    break
            if cell.text and (r, c) not in tagged:
                section = _note_wording(page, (r, c), cell, section, c > 0 and cell.column in under)
        if under and r not in page.headers and r not in page.heads:
            page.answered.add(r)
        if row.tags:
            _note_row_tags(page, r, row)
        if section:
            page.sections[r] = section.id
        _drop_doubtful_heads(page, r, row)
        _name_last_column(page, r, row)
        if r in page.headings and len(row.cells) == 1:
            under = frozenset()
        if r in page.headers:
            under = frozenset(column for _, column, _ in page.headers[r][1])


def _name_last_column(page: Page, r: int, row: Row) -> None:
    """Where one heading of a table was changed, it is the one that is none of ours: "Tasks" over the actions."""
    table, named = page.headers.get(r, (None, []))
    known = {name for _, _, name in named}
    missing = [name for c in (table.columns if table else ()) if (name := c.id.rpartition(".")[2]) not in known]
    cells = {c for c, _, _ in named}
    others = [c for c, cell in enumerate(row.cells) if c not in cells and cell.text and flat(cell.text) not in ROW_NUMBERS]
    if len(known) > 1 and len(missing) == 1 and len(others) == 1:
        named.append((others[0], row.cells[others[0]].column, missing[0]))


def _is_answered_in_columns(page: Page, r: int) -> bool:
    """Whether the rest of the row is answers, whatever words of ours stand in it."""
    items = page.wording.items.get(page.label_spots.get((r, 0), ""))
    return items is not None and bool(items[0].column)


def _drop_doubtful_heads(page: Page, r: int, row: Row) -> None:
    """One heading alone may be anybody's word; so may one in a row that has a question."""
    if r in page.headers and not _is_header(*page.headers[r]):
        del page.headers[r]
    if r in page.heads:
        asks = any((r, c) in page.label_spots for c in range(len(row.cells)))
        alone = len(page.heads[r]) == 1 and r not in page.headings and sum(bool(c.text) for c in row.cells) > 1
        # Columns stand side by side, so what is all alone in its row heads none.
        if asks or alone or (len(row.cells) == 1 and r not in page.headings):
            del page.heads[r]


def drop_misplaced(page: Page) -> None:
    """Forgets tags that stand beside another question's label: cut or copied along with a text, and nobody sees tags."""
    for tag, found in list(page.tagged.items()):
        own = page.wording.tags[tag].item
        kept = [t for t in found if _label_beside(page, t.spot) in ("", own)]
        if kept:
            page.tagged[tag] = kept
        else:
            del page.tagged[tag]


def _label_beside(page: Page, spot: Spot) -> str:
    """The question whose label stands to the left of a cell, or above a row's first one; "" where there is none."""
    r, c = spot
    if not page.rows[r].table:
        return ""
    if c:
        return page.label_spots.get((r, c - 1), "")
    return page.label_spots.get((r - 1, 0), "") if r and page.rows[r - 1].table == page.rows[r].table else ""


def _is_header(table: FormTable, named: list[tuple[int, int, str]]) -> bool:
    """One column's label alone may be anybody's word; two in a row are a table's head."""
    return len(named) >= min(2, len(table.columns))


def _flatten(page: Page, rows: tuple[Row, ...], parent: Spot | None) -> None:
    for row in rows:
        number = len(page.rows)
        page.rows.append(row)
        if parent is not None:
            page.parents[number] = parent
        for c, cell in enumerate(row.cells):
            if cell.inner:
                _flatten(page, cell.inner, (number, c))


def _note_row_tags(page: Page, r: int, row: Row) -> None:
    """A control round a whole row: the answer is the row's one cell that is nothing of ours, else the last."""
    for tag in row.tags:
        free = [(r, c) for c in range(len(row.cells)) if page.is_free((r, c))]
        free = free or [(r, c) for c in range(1, len(row.cells))]
        if tag in page.wording.tags and free:
            page.tagged.setdefault(tag, []).append(Tagged(free[-1], Control(tag, text=page.cell(free[-1]).text)))


def _note_wording(
    page: Page, spot: Spot, cell: Cell, section: FormSection | None, is_answered: bool,
) -> FormSection | None:
    """Notes what is printed in a cell; gives the section that now holds. Where people answer, only headings are looked
    for: they need a second one beside them to count."""
    wording = page.wording
    for mark in cell.marks:
        if mark in wording.marks:
            _note_label(page, wording.marks[mark], Label(spot, FoundBy.BOOKMARK, 95))
            return section
        if mark in wording.column_marks:
            _note_column(page, spot, cell, (wording.column_marks[mark],))
            return section
    text = cell.own or cell.text
    # Where people answer, only a heading that stands there word for word as before is one.
    known = wording.known.get(text) if is_answered else look_up(text, wording)
    if known is None:
        return section
    if known.title is not None and spot[1] == 0:
        page.headings.add(spot[0])
        # A heading may be a question by itself, with its box below.
        if known.asked:
            _note_label_text(page, spot, known, known.title)
        return known.title
    is_head = section is not None and not set(wording.columns_of[section.id]).isdisjoint(known.head)
    if known.asked and not is_answered and not (is_head and all(f.section != section.id for f in known.asked if section)):
        _note_label_text(page, spot, known, section)
    elif known.columns:
        _note_column(page, spot, cell, known.columns)
    elif known.head:
        page.heads.setdefault(spot[0], []).append((cell.column, known.head))
    return section


def _note_label(page: Page, wanted: FormField, label: Label) -> None:
    """The first of equally sure ones counts; one that stands word for word beats one that only means the same."""
    known = page.labels.get(wanted.item)
    if known is not None and known.sure < label.sure:
        page.label_spots.pop(known.spot, None)
        known = None
    page.label_spots[label.spot] = wanted.item
    if known is None:
        page.labels[wanted.item] = label


def _note_label_text(page: Page, spot: Spot, known: Known, section: FormSection | None) -> None:
    """A label that several sections share means the question of the section it stands in."""
    candidates, sure, under = known.asked, 90 if known.exact else 85, page.wording.under
    here = [f for f in candidates if section is not None and section.id in (f.section, under.get(f.section))
            and _is_better(page, f, sure)]
    if len(candidates) == 1 and _is_better(page, candidates[0], sure):
        here = [candidates[0]]
    if len(here) == 1:
        _note_label(page, here[0], Label(spot, FoundBy.LABEL, sure))
    else:
        page.label_spots[spot] = ""
        page.unsettled.append((spot, candidates))


def _is_better(page: Page, f: FormField, sure: int) -> bool:
    known = page.labels.get(f.item)
    return known is None or known.sure < sure


def _note_column(page: Page, spot: Spot, cell: Cell, columns: tuple[tuple[FormTable, FormField], ...]) -> None:
    for table, column in columns:
        known, named = page.headers.setdefault(spot[0], (table, []))
        if known is table:
            named.append((spot[1], cell.column, column.id.rpartition(".")[2]))
            return
