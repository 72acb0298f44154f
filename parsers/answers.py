"""Text found in the right place → an Answer: prompts taken off, settled, with what a picker or drop-down adds."""

from mailflow.form.definition import FormField, Kind
from mailflow.model import Answer, FoundBy
from parsers.grid import Control
from parsers.normalise import settle
from parsers.wording import Wording, without_prompts


def make_answer(
    field: FormField, field_id: str, text: str, place: str, wording: Wording, *,
    found_by: FoundBy = FoundBy.TAG, sure: int = 100, control: Control | None = None,
) -> tuple[Answer, bool]:
    """(the answer, whether nothing but our prompt stood there)."""
    typed, had_prompt = without_prompts(text, wording)
    if not typed:
        return Answer(field_id, "", place, found_by, sure), had_prompt
    value, trouble = settle(field, typed)
    if control is not None and control.kind and field.kind not in (Kind.TEXT, Kind.NOTES):
        value, trouble = _ask_control(field, typed, control, value, trouble)
    return Answer(field_id, typed, place, found_by, sure, had_prompt, value, trouble), False


def _ask_control(
    field: FormField, text: str, control: Control, value: str | None, trouble: str
) -> tuple[str | None, str]:
    """What the control itself knows: the day that was picked, the value behind what a drop-down shows."""
    if trouble == "ambiguous_date" and control.day and control.day == value:
        # The picker holds the same day, so day first is what was meant.
        return value, ""
    if trouble in ("unknown_grade", "unknown_choice"):
        behind = next((v for shown, v in control.items if v and shown == text), "")
        shown = next((shown for shown, v in control.items if v == text), "")
        for other in (behind, shown):
            settled, doubt = settle(field, other.replace("_", " "))
            if settled:
                return settled, doubt
    return value, trouble
