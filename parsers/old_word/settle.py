"""What the two older Word formats are settled into before the library reads them."""

import re
from collections.abc import Callable
from dataclasses import dataclass

# Stands in the text where a form field or text box was; no keyboard makes it by accident.
SIGN = "¤¬"
_TOKEN = re.compile(f"{SIGN}(b?)(\\d{{1,5}}){SIGN[::-1]}")
LOST_TICKS = "tick boxes without a state"


@dataclass(frozen=True)
class Settled:
    """``data`` is the document with deletions taken out; the rest is what the library does not give.

    ``fields`` are the texts of form fields and ``boxes`` of text boxes, by the number in their token.
    """

    data: bytes
    fields: tuple[str, ...] = ()
    boxes: tuple[str, ...] = ()
    around: tuple[tuple[str, str], ...] = ()
    remarks: tuple[tuple[str, str], ...] = ()
    passports: tuple[str, ...] = ()
    changes: int = 0
    oddities: tuple[str, ...] = ()
    edit_minutes: int | None = None


def field_token(number: int) -> str:
    return f"{SIGN}{number}{SIGN[::-1]}"


def box_token(number: int) -> str:
    return f"{SIGN}b{number}{SIGN[::-1]}"


def replace_tokens(text: str, field: Callable[[int], str], box: Callable[[int], str]) -> str:
    """The text with what ``field`` and ``box`` say for each token's number."""
    if SIGN not in text:
        return text
    return _TOKEN.sub(lambda found: (box if found[1] else field)(int(found[2])), text)
