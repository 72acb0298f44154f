"""Text found in the right place → an Answer: prompts taken off, settled, with what a picker or drop-down adds."""

from datetime import date, timedelta

from mailflow.form.definition import FormField, Kind
from mailflow.model import Answer, FoundBy
from parsers.grid import Control
from parsers.locate.text import flat
from parsers.locate.wording import Wording, without_prompts
from parsers.settle.dates import settle_date
from parsers.settle.normalise import judge
from parsers.settle.said import Settled, lone_tick, ticked, ticked_or_not

# No list of choices to tick is without one of these.
_BOXES = frozenset("☒☑✓✔⊠🗹✅🗸√☐□▢⬜[(")
# Excel counts days from here; today's numbers have five figures.
_EXCEL_DAY_0, _SERIAL_LENGTH = date(1899, 12, 30), 5


def make_answer(
    field: FormField, field_id: str, text: str, place: str, wording: Wording, *,
    found_by: FoundBy = FoundBy.TAG, sure: int = 100, control: Control | None = None,
) -> tuple[Answer, bool]:
    """(the answer, whether nothing but our prompt stood there)."""
    typed, had_prompt = without_prompts(text, wording)
    if typed and field.choices and (chosen := _chosen(field, typed)) is not None:
        typed = chosen
    if not typed:
        return _answer(field_id, "", place, found_by, sure), had_prompt
    found = judge(field, typed)
    if control is not None and control.kind and field.kind not in (Kind.TEXT, Kind.NOTES):
        found = _ask_control(field, typed, control, found)
    return _answer(field_id, typed, place, found_by, sure, had_prompt, found), False


_BLANK = Settled(None)
_set = object.__setattr__


def _answer(
    field: str, text: str, place: str, found_by: FoundBy, sure: int, had_prompt: bool = False, found: Settled = _BLANK,
) -> Answer:
    """The same as ``Answer(...)``. A frozen value's own way sets each field through a call: a form has a hundred of them."""
    made = object.__new__(Answer)
    value, trouble, candidates = found
    _set(made, "__dict__", {
        "field": field, "text": text, "place": place, "found_by": found_by, "sure": sure, "had_prompt": had_prompt,
        "value": value, "trouble": trouble, "candidates": candidates,
    })
    return made


def _chosen(field: FormField, text: str) -> str | None:
    """The words beside the ticked boxes of the choices as the form prints them; None where anything else was written.

    A box that stands alone beside its question says yes where it is ticked.
    """
    if len(text.strip()) == 1 and lone_tick(text):
        return next((choice for choice in field.choices if flat(choice) == "yes"), None)
    boxes = None if _BOXES.isdisjoint(text) else ticked(text)
    if boxes is None:
        return None
    known = {flat(choice) for choice in field.choices}
    options = ticked_or_not(text)
    return " / ".join(boxes) if all(flat(option) in known for option in options) else None


def _ask_control(field: FormField, text: str, control: Control, found: Settled) -> Settled:
    """What the control itself knows: the day that was picked, the value behind what a drop-down shows."""
    if field.kind == Kind.DATE:
        return Settled(control.day) if control.day and _is_picked(text, control.day, found) else found
    if found.value is None:
        behind = next((v for shown, v in control.items if v and shown == text), "")
        shown = next((shown for shown, v in control.items if v == text), "")
        for other in (behind, shown):
            settled = judge(field, other.replace("_", " "))
            if settled.value is not None:
                return settled
    return found


def _is_picked(text: str, day: str, found: Settled) -> bool:
    """Does the picker hold the very day the text may mean: read day first, without its year, or as Excel's number?

    A picker that holds another day is an old one somebody typed over, and says nothing.
    """
    if found.trouble == "ambiguous_date" or found.trouble == "month_first":
        return day == found.value
    picked = date.fromisoformat(day)
    if found.trouble == "no_year":
        return settle_date(f"{text} {picked.year}").value == day
    return text.isdigit() and len(text) == _SERIAL_LENGTH and _EXCEL_DAY_0 + timedelta(int(text)) == picked
