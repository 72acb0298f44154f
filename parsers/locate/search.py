"""FormDefinition × Grid → answers, each with its place and how sure we are.

In this order: by the control's tag; by the bookmark on the label; by the label's words (in their section, small edits
tolerated); by position between labels that were found. Nothing typed is dropped: see ``leftovers``.
"""

from dataclasses import dataclass, field

from mailflow.form.definition import FormField, Kind
from mailflow.model import Answer, FoundBy, Leftover
from parsers.grid import Control, Grid
from parsers.locate.answers import make_answer
from parsers.locate.behind import behind_label, in_label_cell
from parsers.locate.columns import match_columns, read_marks
from parsers.locate.guess import guess_labels
from parsers.locate.indexing import drop_misplaced, index_tags, index_wording, is_whole
from parsers.locate.leftovers import collect_leftovers, leftovers_around
from parsers.locate.page import Label, Page, Spot, Tagged
from parsers.locate.table_rows import read_tables
from parsers.locate.text import flat
from parsers.locate.wording import Wording, is_printed, without_prompts
from parsers.settle.said import lone_tick, ticked


@dataclass
class Located:
    """What was found of one form in one grid. ``found`` counts the questions that could be located."""

    answers: dict[str, Answer] = field(default_factory=dict)
    rows: dict[str, tuple[dict[str, Answer], ...]] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    prompts_left: list[str] = field(default_factory=list)
    leftovers: tuple[Leftover, ...] = ()
    labels: dict[str, str] = field(default_factory=dict)
    found: int = 0


def locate(grid: Grid, wording: Wording) -> Located:
    """Every question of the form that can be located, blank ones too. Never raises for a badly filled form."""
    page = index_tags(grid, wording)
    if is_whole(page):
        located, strays = _locate(page)
        if not strays:
            return _finish(located, grid, wording, strays)
        # Something was typed outside every box: labels and headings may say what it belongs to.
        page = index_tags(grid, wording)
    index_wording(page)
    drop_misplaced(page)
    located, strays = _locate(page)
    return _finish(located, grid, wording, strays)


def _locate(page: Page) -> tuple[Located, list[Leftover]]:
    """(what was found, what was left over in the body)."""
    wording, located = page.wording, Located()
    for tag, tagged in page.tagged.items():
        _take_tagged(page, located, wording.tags[tag], tagged)
    if len(located.answers) < len(wording.fields):
        guess_labels(page, frozenset(located.answers))
        for item, fields in wording.items.items():
            open_fields = [f for f in fields if f.id not in located.answers]
            label = page.labels.get(item) or _label_of_row(page, fields)
            if open_fields and label is not None:
                _keep_label(page, located, fields[0], label.spot)
                if len(fields) > 1 or fields[0].column:
                    _take_columns(page, located, open_fields, label)
                else:
                    _take_labelled(page, located, fields[0], label)
        located.missing = [f.id for f in wording.fields if f.id not in located.answers]
    located.found = len(located.answers)
    read_tables(page, located.rows, located.missing, located.prompts_left)
    # Rows under a table's head say no more than the head: every meeting has a table of actions.
    located.found += len(page.table_cells) + len({table.id for table, _ in page.headers.values()})
    return located, collect_leftovers(page)


def _label_of_row(page: Page, fields: tuple[FormField, ...]) -> Label | None:
    """Where another answer of the same question was found by its tag, the row says which question it is."""
    tagged = next((page.tagged[f.tag][0] for f in fields if len(fields) > 1 and f.tag in page.tagged), None)
    if tagged is None or not page.rows[tagged.spot[0]].table or not tagged.spot[1]:
        return None
    return Label((tagged.spot[0], 0), FoundBy.POSITION, 80)


def _keep_label(page: Page, located: Located, f: FormField, spot: Spot) -> None:
    cell = page.cell(spot)
    printed = cell.own or cell.text
    if printed != f.label:
        located.labels[f.item] = printed


def _finish(located: Located, grid: Grid, wording: Wording, strays: list[Leftover]) -> Located:
    located.leftovers = (*strays, *leftovers_around(grid, wording))
    return located


def _take_tagged(page: Page, located: Located, f: FormField, tagged: list[Tagged]) -> None:
    spot, control = tagged[0] if len(tagged) == 1 else _original(page, f, tagged)
    row = page.rows[spot[0]]
    cell = row.cells[spot[1]]
    is_all = control.text == cell.text or (not cell.outside and len(cell.controls) == 1)
    text = cell.text if is_all else _text_in(page, spot, control)
    if spot in page.claimed:
        # Two boxes in one cell: each has its own text, what stands beside them is nobody's.
        text = control.text
    page.claimed.setdefault(spot, f.id)
    answer, only_prompt = make_answer(f, f.id, text, row.place(spot[1]), page.wording, control=control)
    located.answers[f.id] = answer
    if only_prompt:
        located.prompts_left.append(f.id)


def _original(page: Page, f: FormField, tagged: list[Tagged]) -> Tagged:
    """A tag that stands twice was copied along with a text: the box beside its own label is the real one."""
    label = page.labels.get(f.item)
    if label is not None:
        near = [t for t in tagged if t.spot[0] == label.spot[0]] or [t for t in tagged if t.spot[0] == label.spot[0] + 1]
        tagged = near or tagged
    return next((t for t in tagged if without_prompts(t.control.text, page.wording)[0]), tagged[0])


def _text_in(page: Page, spot: Spot, control: Control) -> str:
    """The control's text and whatever was typed beside it in the same cell; our own words are taken out."""
    cell = page.cell(spot)
    strangers = [c for c in cell.controls if c is not control and c.text and c.text not in control.text]
    # A box whose tag was forgotten as misplaced is nobody else's.
    if any(t.spot == spot for c in strangers for t in page.tagged.get(c.tag, ())):
        return control.text
    beside = [line for line in cell.outside.split("\n") if not is_printed(line, page.wording)]
    beside += [c.text for c in strangers if not is_printed(c.text, page.wording)]
    if not beside and not (cell.inner and cell.outside):
        return cell.text if cell.inner else control.text
    # A table pasted into the cell belongs to the answer too; the label that shares the cell does not.
    lines = (_without_label(page, line) for line in cell.text.split("\n"))
    return "\n".join(line for line in lines if line).strip()


def _without_label(page: Page, line: str) -> str:
    """A line without the label it begins with; "" for a line that is all ours."""
    if is_printed(line, page.wording):
        return ""
    head, colon, rest = line.partition(":")
    return rest.strip() if colon and flat(head) in page.wording.labels else line


def _take_labelled(page: Page, located: Located, f: FormField, label: Label) -> None:
    """The answer beside, below or behind a label whose control is gone."""
    if f.item in page.inline:
        _keep(page, located, f, page.inline[f.item], label.spot, label.found_by, label.sure, None)
        return
    extra = behind_label(page, f, label.spot)
    for spots in _around(page, label.spot):
        text = "\n".join(page.cell(s).text for s in spots).strip()
        if not without_prompts(text, page.wording)[0] and extra:
            break
        if extra and not page.rows[label.spot[0]].table and not page.rows[spots[0][0]].table:
            # The answer begins behind its label and goes on in the paragraphs below.
            text = f"{extra}\n{text}"
            page.claimed[label.spot] = f.id
        for spot in spots:
            page.claimed[spot] = f.id
        control = next(iter(page.cell(spots[0]).controls), None)
        _keep(page, located, f, text, spots[0], label.found_by, label.sure, control)
        return
    if extra:
        page.claimed[label.spot] = f.id
    sure = 50 if extra and not lone_tick(extra) and page.rows[label.spot[0]].table else label.sure
    found_by = label.found_by if sure > 50 else FoundBy.POSITION
    _keep(page, located, f, extra, label.spot, found_by, sure, None)


def _take_columns(page: Page, located: Located, fields: list[FormField], label: Label) -> None:
    """The answers in a label's row, one under each heading; a heading without a cell is blank and doubtful."""
    places = match_columns(page, label.spot, fields)
    for f in fields:
        if f.id not in places:
            _keep(page, located, f, "", label.spot, FoundBy.POSITION, 50, None)
            continue
        spots, sure = places[f.id]
        for spot in spots:
            page.claimed[spot] = f.id
        cell = page.cell(spots[0])
        text = read_marks(page, f, spots) if f.marks else cell.text
        if f.kind is Kind.NOTES and not without_prompts(text, page.wording)[0] and (below := in_label_cell(page, label.spot)):
            _keep(page, located, f, below, label.spot, FoundBy.POSITION, 50, None)
            continue
        _keep(page, located, f, text, spots[0], label.found_by, min(sure, label.sure), next(iter(cell.controls), None))


def _around(page: Page, spot: Spot) -> list[list[Spot]]:
    """Where the answer to a label may stand, likeliest first: to the right, below, in the paragraphs that follow."""
    r, _ = spot
    row = page.rows[r]
    places: list[list[Spot]] = []
    if row.table:
        beside, below = _beside(page, spot), _below(page, spot)
        if beside:
            places.append([beside])
        if below and page.is_free(below):
            # A box right below, and none beside: what stands beside is another label, which somebody edited.
            is_boxed = page.cell(below).controls and beside and not page.cell(beside).controls
            places.insert(0 if is_boxed else len(places), [below])
        return places
    following: list[Spot] = []
    for n in range(r + 1, len(page.rows)):
        other = page.rows[n]
        if not other.table and not following and _is_guidance(page, n):
            continue
        if other.table and len(other.cells) == 1 and not following and page.is_free((n, 0)):
            return [[(n, 0)]]
        if other.table or not page.is_free((n, 0)):
            break
        following.append((n, 0))
    return [following] if following else []


def _is_guidance(page: Page, row: int) -> bool:
    """A printed paragraph that is neither a question nor a title: it may stand between a question and its answer.

    Choices of which somebody ticked one are no guidance, though all their words are printed.
    """
    spot = (row, 0)
    text = page.cell(spot).text
    if not text or ticked(text) or row in page.headings or spot in page.label_spots or spot in page.claimed:
        return False
    return is_printed(text, page.wording)


def _beside(page: Page, spot: Spot) -> Spot | None:
    """The first cell to the right with something in it, up to the next label; else the one right beside."""
    r, c = spot
    free: list[Spot] = []
    for n in range(c + 1, len(page.rows[r].cells)):
        if (r, n) in page.label_spots or not page.is_free((r, n)):
            break
        free.append((r, n))
    typed = [s for s in free if without_prompts(page.cell(s).text, page.wording)[0]]
    return next(iter(typed or free), None)


def _below(page: Page, spot: Spot) -> Spot | None:
    """The cell under a label: in the same table, where it begins in the same grid column."""
    r, _ = spot
    if r + 1 >= len(page.rows) or page.rows[r + 1].table != page.rows[r].table:
        return None
    column = page.cell(spot).column
    return next(((r + 1, n) for n, cell in enumerate(page.rows[r + 1].cells) if cell.column == column), None)


def _keep(
    page: Page, located: Located, f: FormField, text: str, spot: Spot, found_by: FoundBy, sure: int,
    control: Control | None,
) -> None:
    answer, only_prompt = make_answer(
        f, f.id, text, page.place(spot), page.wording, found_by=found_by, sure=sure, control=control,
    )
    located.answers[f.id] = answer
    if only_prompt:
        located.prompts_left.append(f.id)
