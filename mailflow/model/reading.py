"""A reading: what one document was read as (answers, places, leftovers)."""

from dataclasses import dataclass, field
from enum import StrEnum


class Status(StrEnum):
    """How far a document could be read; spelled as in ``mailflow read --json``."""

    READABLE = "readable"
    ENCRYPTED = "encrypted"
    UNREADABLE = "unreadable"
    NO_TEXT = "no_text"
    NOT_THE_FORM = "not_the_form"


class Unreadable(StrEnum):
    """Why a document could not be read; one plain sentence each lives with the letters (OUT-31)."""

    ENCRYPTED = "encrypted"
    DAMAGED = "damaged"
    EMPTY = "empty"
    TOO_LARGE = "too_large"
    HOSTILE = "hostile"
    TIMEOUT = "timeout"
    UNKNOWN_FORMAT = "unknown_format"
    UNSUPPORTED = "unsupported"
    NO_TEXT = "no_text"


class FoundBy(StrEnum):
    """How an answer was located, surest first."""

    TAG = "tag"
    BOOKMARK = "bookmark"
    LABEL = "label"
    POSITION = "position"


@dataclass(frozen=True)
class Passport:
    """What an issued form carries about itself (documents facts, section 5).

    ``mac`` is a keyed digest under the installation's secret, hex; only the corridor can say whether it is ours.
    """

    ref: str
    form: str
    edition: str
    mac: str = ""


@dataclass(frozen=True)
class Answer:
    """One answer under its own question.

    ``text`` is what stands there: stripped, prompts removed, line breaks kept as newlines; "" means blank.
    ``place`` is for people: "table 3, row 2, column 2". ``sure`` is 0-100, never shown as a percentage of truth,
    only compared: below 60 a person must look.
    """

    field: str
    text: str
    place: str = ""
    found_by: FoundBy = FoundBy.TAG
    sure: int = 100
    # True when the text still held the form's own prompt beside what was typed.
    had_prompt: bool = False
    # What a careful person would settle it to ("requires_improvement", "2026-06-17", "yes"); None = blank, or for a
    # person to say.
    value: str | None = None
    # Why it was not settled: "unknown_grade", "unknown_choice", "unknown_score", "between_scores", "out_of_scale",
    # "not_whole", "bad_date", "no_year", "no_day". Or what was odd although it was: "ambiguous_date", "month_first",
    # "short_year".
    trouble: str = ""
    # What the text may have meant, spelled as ``value`` is, in the order of the scale: a person chooses between them.
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True)
class Leftover:
    """Text that is neither ours nor any answer: counted and shown, never dropped."""

    text: str
    place: str = ""


_DOUBTFUL = frozenset((
    "no proper end", "text that cannot be decoded", "text layer over a scan", "tick boxes without a state", "drawn marks",
    "hidden text", "formulas that were never calculated",
))


def is_doubtful(oddity: str) -> bool:
    """Whether an answer may be missing or misread for it, so that a person compares the reading with the document."""
    return oddity in _DOUBTFUL or oddity.endswith("could not be made out")


@dataclass(frozen=True)
class Reading:
    """What one document was read as. A badly filled form is a reading, not an exception.

    ``answers``: field id → Answer, every field of the form that was located (blank ones too).
    ``rows``: table id → rows, each a dict column id → Answer; wholly blank rows are left out.
    ``missing``: field ids that could not be located at all (CHK-006).
    ``prompts_left``: field ids whose only content is the form's own prompt.
    ``oddities``: what was found and not opened or run ("macros", "external links", "embedded objects"), or what makes the
    reading doubtful (``is_doubtful``: "text that cannot be decoded", "tick boxes without a state", "hidden text").
    """

    status: Status
    form: str = ""
    edition: str = ""
    passport: Passport | None = None
    # True once the corridor has checked the passport's keyed digest.
    passport_ours: bool = False
    printed_ref: str = ""
    answers: dict[str, Answer] = field(default_factory=dict)
    rows: dict[str, tuple[dict[str, Answer], ...]] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    prompts_left: tuple[str, ...] = ()
    leftovers: tuple[Leftover, ...] = ()
    tracked_changes: int = 0
    comments: int = 0
    oddities: tuple[str, ...] = ()
    # Minutes Word says the file was open for editing; None where the property is absent.
    edit_minutes: int | None = None
    # Digest (hex) of the answers, normalised: equal for equal content whatever the bytes (T-34, CHK-108).
    content_digest: str = ""
    # For a status other than READABLE: a code of Unreadable and one plain sentence.
    reason: str = ""
    words: str = ""
    # Every readable word in the document, for the safety check (never stored in letters).
    text: str = ""
    # What the document lay in, innermost first: "report.zip in winmail.dat"; "" where it was attached as it is. Set by
    # the corridor.
    packed_in: str = ""
    # Item → its label as the document prints it, where that is another wording than the form's own.
    labels: dict[str, str] = field(default_factory=dict)

    def answer(self, field_id: str) -> str:
        """The text under that field, "" where blank or not located."""
        found = self.answers.get(field_id)
        return found.text if found else ""
