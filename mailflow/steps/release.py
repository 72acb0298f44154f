"""Release: a held letter or message goes on because a person said so."""

import re
from datetime import datetime

from mailflow.errors import PermanentError
from mailflow.model import LetterState
from mailflow.steps.deliver import judge
from mailflow.steps.effects import let_go_on
from mailflow.steps.house import House
from mailflow.steps.mail.orders import why_not_go_on


def release_held(house: House, what: str, ref: str, now: datetime) -> list[str]:
    """"L12", "M7" or "all-letters"; one sentence for each. Raises PermanentError for anything else."""
    if what.lower() == "all-letters":
        held = house.store.load_letters(states=(LetterState.HELD,))
        return [_letter(house, x.id, now) for x in held] or ["No letter is held."]
    found = re.fullmatch(r"([LlMm])(\d+)", what.strip())
    if not found:
        raise PermanentError(f"{what!r} is neither a letter (L12) nor a message (M7); `mailflow held` lists them")
    number = int(found[2])
    return [_letter(house, number, now) if found[1] in "Ll" else _message(house, number, ref, now)]


def _letter(house: House, letter_id: int, now: datetime) -> str:
    letter = house.store.find_letter(letter_id)
    if letter is None or letter.state not in (LetterState.HELD, LetterState.UNKNOWN):
        return f"L{letter_id} is not held."
    refusal = judge(house, letter)
    if refusal:
        # The last door opens for nobody: a person mends the directory or the profile first.
        return f"L{letter_id} stays held: {refusal}."
    with house.store.tx():
        house.store.release_letter(letter_id)
        house.store.journal("release", now, letter.audit, "command line", {"letter": letter_id, "code": letter.code})
    return f"L{letter_id} ({letter.code} to {letter.to}) leaves with the next pass."


def _message(house: House, inbound_id: int, ref: str, now: datetime) -> str:
    if not ref:
        return "Say which audit the message belongs to: --audit REF."
    problem = why_not_go_on(house, inbound_id, ref)
    if problem:
        return problem
    with house.store.tx():
        let_go_on(house, inbound_id, ref)
        house.store.journal("release", now, ref, "command line", {"inbound": inbound_id})
    return f"M{inbound_id} is decided again, under {ref}, with the next pass."
