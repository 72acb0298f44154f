"""Labels that could not be looked up: shared by several sections, edited, or gone. Only met in forms that were altered."""

from difflib import SequenceMatcher
from typing import NamedTuple

from mailflow.form.definition import FormField
from mailflow.model import FoundBy
from parsers.locate.inline import find_in_line
from parsers.locate.page import Label, Page, Spot, flat_label
from parsers.locate.table_rows import rows_under
from parsers.locate.text import LONGEST_LABEL, content_words, flat, likeness, question_number, without_brackets

# Two labels of one form may differ in one word, so a guess must be close, and clearly closer than the next.
_CLOSE, _CLEARLY = 0.8, 0.06
# Half the words and the same number are enough; the number alone is where the neighbours agree.
_HALF, _NUMBERED = 0.5, 0.2
# Of a label cut short so many words must be left.
_SOME = 3
# Comparing letter by letter is slow, and no form has more texts than this in cells of their own.
_MOST_TEXTS = 1000


def guess_labels(page: Page, located: frozenset[str]) -> None:
    """Adds labels to the page for questions in neither ``located`` nor the page's labels, surest way first."""
    _settle_shared(page, located)
    if wanted := _open_fields(page, located):
        texts = _free_texts(page)
        find_in_line(page, wanted, texts)
        _find_behind_text(page, located, texts)
        _find_edited(page, located, texts)
    _find_by_position(page, located)


def _open_fields(page: Page, located: frozenset[str]) -> list[FormField]:
    """The leading fields of items of which nothing was found yet."""
    return [f for f in page.wording.leading if f.id not in located and f.item not in page.labels]


def _add(page: Page, f: FormField, spot: Spot, found_by: FoundBy, sure: int) -> None:
    page.labels[f.item] = Label(spot, found_by, sure)
    page.label_spots[spot] = f.item


def _window(page: Page, row: int) -> tuple[int, int]:
    """Places in form order of the last question located above a row and the first one below."""
    order = page.wording.order
    spots = {page.wording.items[i][0].id: label.spot[0] for i, label in page.labels.items()}
    spots |= {page.wording.tags[tag].id: t[0].spot[0] for tag, t in page.tagged.items()}
    above = [order[i] for i, r in spots.items() if r < row]
    below = [order[i] for i, r in spots.items() if r > row]
    return max(above, default=-1), min(below, default=len(order))


def _settle_shared(page: Page, located: frozenset[str]) -> None:
    """A shared label without its section's heading: the questions on either side say which section it is."""
    for spot, candidates in page.unsettled:
        low, high = _window(page, spot[0])
        fits = [f for f in candidates if f.item not in page.labels and low < page.wording.order[f.id] < high]
        if fits:
            _add(page, fits[0], spot, FoundBy.LABEL, 80 if len(fits) == 1 else 55)


def _free_texts(page: Page) -> list[tuple[Spot, str]]:
    """Short texts in cells nobody claimed, with the first cells of rows first."""
    found = []
    for r, row in enumerate(page.rows):
        for c, cell in enumerate(row.cells[:1] if r in page.answered else row.cells):
            if cell.text and page.is_free((r, c)) and not page.held_by_answer(r):
                found.append(((r, c), cell.text))
    return found


def _find_behind_text(page: Page, located: frozenset[str], texts: list[tuple[Spot, str]]) -> None:
    """A label with its answer in one line or cell: "Team: Safeguarding 2"."""
    wanted = {f.id for f in _open_fields(page, located)}
    for spot, text in texts:
        # A label too long to be looked up was broken into lines where it was printed.
        asked = _asked_before_colon(page, text) or page.wording.labels.get(flat(text), ())
        candidates = tuple(f for f in asked if f.id in wanted)
        section = page.sections.get(spot[0])
        fits = [f for f in candidates if section and _is_under(page, f, section)]
        fits = fits or (list(candidates) if len(candidates) == 1 else [])
        if len(fits) == 1 and fits[0].item not in page.labels:
            _add(page, fits[0], spot, FoundBy.LABEL, 80)


def _asked_before_colon(page: Page, text: str) -> tuple[FormField, ...]:
    """The questions whose label stands before the colon of a first line: word for word, or by its words in any wording."""
    head, colon, _ = text.split("\n")[0].partition(":")
    for label in (head, without_brackets(head)):
        if asked := page.wording.labels.get(flat(label)):
            return asked
        words = content_words(label) if colon and len(label) <= LONGEST_LABEL else ""
        if " " in words and (asked := page.wording.label_words.get(words)):
            return asked
    return ()


class _Wanted(NamedTuple):
    """A question looked for: its words in each wording, its label letter by letter, its number."""

    field: FormField
    words: tuple[frozenset[str], ...]
    plain: str
    number: str


def _find_edited(page: Page, located: frozenset[str], texts: list[tuple[Spot, str]]) -> None:
    """Labels somebody changed: by their number and words, the closest first, when clearly the closest."""
    wanted = [_wanted(f) for f in _open_fields(page, located)]
    hints = tuple({word for w in wanted for words in w.words for word in words} | {w.number for w in wanted if w.number})
    begins = frozenset(w.plain[:1] for w in wanted)
    found: list[tuple[float, int, int]] = []
    spots: list[Spot] = []
    for spot, text in texts[:_MOST_TEXTS] if wanted else ():
        if not page.is_free(spot):
            continue
        low = text.casefold()
        # Most texts have no word in common with what is looked for, nor begin as it does; looking closely is dear.
        if not any([hint in low for hint in hints]) and flat_label(text.split("\n", 1)[0])[:1] not in begins:
            continue
        scores = _score(page, spot, text, wanted)
        if scores and scores[0][0] >= _CLOSE and (len(scores) == 1 or scores[0][0] - scores[1][0] >= _CLEARLY):
            found.append((-scores[0][0], len(spots), scores[0][1]))
            spots.append(spot)
    for _, at, n in sorted(found):
        if wanted[n].field.item not in page.labels and spots[at] not in page.label_spots:
            _add(page, wanted[n].field, spots[at], FoundBy.LABEL, 70)


def _wanted(f: FormField) -> _Wanted:
    words = tuple(frozenset(of.split()) for of in (f.words, content_words(f.label)) if of)
    return _Wanted(f, words, flat(f.label), question_number(f.number.rpartition(" ")[2] + ".") if f.number else "")


def _score(page: Page, spot: Spot, text: str, wanted: list[_Wanted]) -> list[tuple[float, int]]:
    """(how alike, which question), best first."""
    section = page.sections.get(spot[0])
    first = text.split("\n")[0]
    plain, number = flat_label(first), question_number(first)
    words = frozenset(content_words(text).split()) if len(text) <= LONGEST_LABEL else frozenset()
    first_words = frozenset(content_words(first).split()) if len(first) <= LONGEST_LABEL else frozenset()
    scores = []
    for n, w in enumerate(wanted):
        # Guidance in the label's cell is no part of the label.
        alike = max([likeness(first_words if w.field.hint else words, of) for of in w.words], default=0.0)
        if spot[1] == 0 and len(words) >= _SOME and any(words < of for of in w.words) and _is_under(page, w.field, section or ""):
            # A label cut short.
            alike = max(alike, _CLOSE)
        same_number = bool(number) and number == w.number
        if same_number and number[0].isdecimal() and alike >= _HALF:
            alike = max(alike, _CLOSE) + _NUMBERED
        elif same_number and number[0].isdecimal() and (
            _stands_between(page, spot, w.field) or (len(words) > 1 and any(words <= of for of in w.words))
        ):
            # Nothing but its number is left of it, or nothing but its number and some of its words.
            alike = _CLOSE
        elif (alike >= _HALF and (section is None or _is_under(page, w.field, section))) or _is_small(w, section):
            alike = max(alike, _likeness(plain, w.plain)) + (_NUMBERED if same_number else 0)
        elif section is not None and not _is_under(page, w.field, section):
            alike = 0.0
        if alike:
            scores.append((alike, n))
    return sorted(scores, reverse=True)


def _is_under(page: Page, f: FormField, section: str) -> bool:
    """Whether the question's section is this one, or has no title of its own and comes behind it."""
    return section in (f.section, page.wording.under.get(f.section))


def _is_small(w: _Wanted, section: str | None) -> bool:
    """Whether a label is nearly all small words ("Who are you speaking to?"), so that only its letters can tell."""
    return w.field.section == section and len(w.plain.split()) > 3 and len(w.words[-1]) < 3


def _stands_between(page: Page, spot: Spot, f: FormField) -> bool:
    """Whether the question's neighbours in the form were found above and below."""
    low, high = _window(page, spot[0])
    return low < page.wording.order[f.id] < high


def _likeness(a: str, b: str) -> float:
    if not a or not b or max(len(a), len(b)) > 2 * min(len(a), len(b)):
        return 0.0
    return SequenceMatcher(None, a, b, autojunk=False).ratio()


def _find_by_position(page: Page, located: frozenset[str]) -> None:
    """Questions whose labels are gone, between two located ones: as many free rows as questions, in order."""
    fields = page.wording.leading
    spots = {page.wording.items[i][0].id: label.spot for i, label in page.labels.items()}
    spots |= {page.wording.tags[tag].id: t[0].spot for tag, t in page.tagged.items()}
    n = 0
    while n < len(fields):
        if fields[n].id in spots or fields[n].id in located:
            n += 1
            continue
        end = n
        while end < len(fields) and fields[end].id not in spots and fields[end].section == fields[n].section:
            end += 1
        _fill_gap(page, list(fields[n:end]), spots.get(fields[n - 1].id) if n else None,
                  spots.get(fields[end].id) if end < len(fields) else None)
        n = end


def _stands_elsewhere(page: Page, row: int, section: str, before: Spot | None) -> bool:
    """Whether a row is another section's, or belongs to a table of rows that begins above it."""
    start = before[0] if before else -1
    here = (section, page.wording.under.get(section), None, page.sections.get(start))
    return page.sections.get(row) not in here or any(
        start < head < row and page.rows[head].table == page.rows[row].table for head in page.headers)


def _fill_gap(page: Page, gone: list[FormField], before: Spot | None, after: Spot | None) -> None:
    """The rows of one table between two located questions; of two cells the first is the label that was retyped."""
    anchor = before or after
    if anchor is None or not page.rows[anchor[0]].table:
        return
    table = page.rows[anchor[0]].table
    rows = [r for r, row in enumerate(page.rows) if row.table == table and len(row.cells) > 1
            and (before is None or r > before[0]) and (after is None or page.rows[after[0]].table != table or r < after[0])]
    of_tables = {r for head in page.headers for r in rows_under(page, head)}
    rows = [r for r in rows if r not in page.table_cells and r not in of_tables
            and not _stands_elsewhere(page, r, gone[0].section, before) and not _is_below_labels(page, r)]
    spots = [(r, 0) for r in rows if _is_retyped(page, r)] or ([] if gone[0].column else _beside_pairs(page, before, after))
    if len(spots) == len(gone):
        for f, spot in zip(gone, spots, strict=True):
            _add(page, f, spot, FoundBy.POSITION, 65)


def _is_retyped(page: Page, r: int) -> bool:
    """Whether a row begins with a text that is none of ours, with room for an answer: right beside, or on a worksheet
    behind the guidance that is printed there."""
    places = range(1, len(page.rows[r].cells) if page.rows[r].sheet else 2)
    return page.is_free((r, 0)) and (r, 1) not in page.label_spots and any(page.is_free((r, c)) for c in places)


def _beside_pairs(page: Page, before: Spot | None, after: Spot | None) -> list[Spot]:
    """Where labels and answers stand two and two in a row: the texts between two labels, each in a column that has a label
    in another row, with room beside it."""
    if before is None or after is None or page.rows[before[0]].table != page.rows[after[0]].table:
        return []
    table = page.rows[before[0]].table
    columns = {page.cell(spot).column for spot in page.label_spots if page.rows[spot[0]].table == table}
    rows = [r for r in range(before[0], after[0] + 1) if r not in page.answered]
    between = [(r, c) for r in rows for c in range(len(page.rows[r].cells)) if before < (r, c) < after]
    texts = [s for s in between if page.cell(s).text and page.cell(s).column in columns and page.is_free(s)]
    return [s for s in texts if (beside := (s[0], s[1] + 1)) in between and page.cell(beside).column not in columns
            and page.is_free(beside)]


def _is_below_labels(page: Page, r: int) -> bool:
    """Whether a row holds the answers to a row of labels right above it."""
    return (r - 1, 0) in page.label_spots and (r - 1, 1) in page.label_spots
