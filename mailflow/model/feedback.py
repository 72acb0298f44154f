"""What a family, a reviewing officer or a chair said about our work, or why nobody heard them (domain 2.2, Feedback)."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum


class Route(StrEnum):
    """How the views were asked for; "" where nobody says."""

    UNSAID = ""
    PHONE = "phone"
    POST = "post"
    IN_PERSON = "in_person"
    QA_PHONE = "qa_phone"


class FeedbackState(StrEnum):
    """Where one source stands; worked out from what is known, never set by hand."""

    WANTED = "wanted"
    ATTEMPTED = "attempted"
    POSTED = "posted"
    RECEIVED = "received"
    DECLINED = "declined"
    NOT_POSSIBLE = "not_possible"


# Whose views may be asked for, in the spelling of ``feedback.sources`` and of a form's ``feedback`` keys → how we say it.
SOURCES: dict[str, str] = {
    "child": "the child", "young_person": "the young person", "parent": "a parent", "parent2": "the second parent",
    "carer": "a carer", "iro": "the reviewing officer", "cp_chair": "the conference chair",
}
# Sources that stand for one another: one of a pair is enough where the other is wanted.
ALIKE: tuple[frozenset[str], ...] = (
    frozenset({"child", "young_person"}), frozenset({"parent", "parent2"}), frozenset({"iro", "cp_chair"}))
# What a form's ``feedback`` key may say of a question, after the source and a point ("parent.score").
PARTS = ("source", "who", "on", "attempt", "attempts", "posted", "declined", "asked", "said", "reason", "asked_first",
         "answer", "score", "reply")


@dataclass(frozen=True)
class Attempt:
    """One try to reach somebody. ``outcome`` is None where the form has no place for it; ``at`` is the time as written."""

    on: date | None
    at: str = ""
    how: str = ""
    outcome: str | None = None

    @property
    def is_logged(self) -> bool:
        """Has a day, and says what came of it where that is asked (CHK-075)."""
        return self.on is not None and (self.outcome is None or bool(self.outcome.strip()))


@dataclass(frozen=True)
class Feedback:
    """One source of one audit. ``origin`` is "form" (a part of the audit form) or "apart" (a feedback form, or the post).

    ``who`` and ``asked_first`` are None where the form does not ask. ``answers`` are (question, words). ``score_said`` is
    the score as written, ``score`` the whole number 0-10 it means, None where it means none; ``reply`` is what will happen
    about it. ``by`` sent it, at ``received_at``.
    """

    ref: str
    source: str
    origin: str = "form"
    route: Route = Route.UNSAID
    attempts: tuple[Attempt, ...] = ()
    who: str | None = None
    given_on: date | None = None
    declined: bool = False
    reason: str = ""
    asked_first: bool | None = None
    answers: tuple[tuple[str, str], ...] = ()
    score: int | None = None
    score_said: str = ""
    reply: str = ""
    posted: bool = False
    posted_on: date | None = None
    due_back_on: date | None = None
    by: str = ""
    received_at: datetime | None = None

    @property
    def is_answered(self) -> bool:
        return bool(self.answers or self.score_said)

    @property
    def logged(self) -> int:
        """How many attempts count."""
        return sum(a.is_logged for a in self.attempts)

    @property
    def state(self) -> FeedbackState:
        """A refusal stands above answers (CHK-084), answers above the post, the post above a reason."""
        if self.declined:
            return FeedbackState.DECLINED
        if self.is_answered:
            return FeedbackState.RECEIVED
        if self.posted or self.posted_on:
            return FeedbackState.POSTED
        if self.reason:
            return FeedbackState.NOT_POSSIBLE
        return FeedbackState.ATTEMPTED if self.attempts else FeedbackState.WANTED


def merged(earlier: Feedback, later: Feedback) -> Feedback:
    """Both as one: what came later counts where it says anything; tries add up, each once.

    An answer that came after all makes the earlier reason and refusal moot.
    """
    attempts = tuple(dict.fromkeys((*earlier.attempts, *later.attempts)))
    kept = {
        name: getattr(later, name) or getattr(earlier, name)
        for name in ("route", "who", "given_on", "declined", "reason", "asked_first", "answers", "reply", "posted", "posted_on",
                     "due_back_on", "by", "received_at")}
    if later.is_answered and not earlier.is_answered:
        kept |= {"reason": later.reason, "declined": later.declined}
    for name in ("who", "asked_first"):
        if kept[name] is None:
            kept[name] = getattr(earlier, name) if getattr(later, name) is None else getattr(later, name)
    scored = later if later.score_said else earlier
    return replace(later, attempts=tuple(sorted(attempts, key=lambda a: (a.on is None, a.on or date.min))),
                   score=scored.score, score_said=scored.score_said, **kept)


def combined(found: tuple[Feedback, ...]) -> dict[str, Feedback]:
    """Source → everything known of it: the audit form's part first, then what came apart from it."""
    together: dict[str, Feedback] = {}
    for one in sorted(found, key=lambda f: f.origin != "form"):
        known = together.get(one.source)
        together[one.source] = merged(known, one) if known else one
    return together


def alike(source: str) -> frozenset[str]:
    """The source, and the one that stands for it."""
    return next((pair for pair in ALIKE if source in pair), frozenset({source}))
