"""What people typed into a label's own cell or line: behind its words, or below them."""

from mailflow.form.definition import FormField
from parsers.locate.page import Page, Spot
from parsers.locate.printed import look_up
from parsers.locate.text import content_words, flat, without_brackets
from parsers.locate.wording import is_printed
from parsers.settle.said import lone_tick


def behind_label(page: Page, f: FormField, spot: Spot) -> str:
    """What was typed in the label's own cell: "Grade: Good"."""
    text = page.cell(spot).own or page.cell(spot).text
    if f.choices and (tick := lone_tick(text)) and flat(text) == flat(f.label):
        return tick
    head, colon, tail = text.rpartition(":")
    if colon and tail.strip() and flat(text) not in page.wording.own and _is_label_of(page, f, head):
        # The label may hold the very words of the answer ("Category (CP, CIN): CP"), so they would not be missed.
        return tail.strip()
    if is_printed(text, page.wording):
        return ""
    lines = [line for line in text.split("\n") if not is_printed(line, page.wording)]
    lines = [_without_start(line, f) if n == 0 else line for n, line in enumerate(lines)]
    typed = "\n".join(lines).strip()
    # An edited label is not an answer: it adds a word or two to words we know.
    words, known = set(flat(typed).split()), set(flat(f.label).split())
    return typed if len(words - known) > len(words & known) or not words & known else ""


def _is_label_of(page: Page, f: FormField, text: str) -> bool:
    known = look_up(text, page.wording)
    return known is not None and any(asked.item == f.item for asked in known.asked)


def in_label_cell(page: Page, spot: Spot) -> str:
    """What was typed in lines of its own under a label whose box is blank; for nobody else from now on."""
    first, _, more = (page.cell(spot).own or page.cell(spot).text).partition("\n")
    lines = [line for line in more.split("\n") if not is_printed(line, page.wording)]
    if not lines or not is_printed(first, page.wording) or spot in page.claimed:
        return ""
    page.claimed[spot] = page.label_spots.get(spot, "")
    return "\n".join(lines)


def _without_start(line: str, f: FormField) -> str:
    if line.casefold().startswith(f.label.casefold()):
        return line[len(f.label):].lstrip(" :-–—\t")
    head, colon, rest = line.partition(":")
    heads = {content_words(head), content_words(without_brackets(head))}
    is_label = flat(head) == flat(f.label) or heads & {f.words, content_words(f.label)}
    return rest.strip() if colon and is_label else line
