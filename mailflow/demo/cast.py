"""Who does what when they get which letter: the month's plot, as tables of small parts.

Each part is a function of one person, the letter that moves them, and the stage (the clock and the post). Forms are
completed by `writer` in the very file the person was sent, whichever framework's form that is.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from mailflow.demo.council import QA_OFFICER, address_of
from mailflow.demo.post import Post, Received
from mailflow.demo.prose import Answers
from mailflow.demo.writer import Hand, Rows, complete_any, is_workbook, leave_gaps, raise_concern, type_in, without_concern
from mailflow.form.definition import FormDefinition


@dataclass
class Stage:
    """The clock, the post, and what each person still has on their desk."""

    post: Post
    now: datetime
    # An audit's reference → the form its auditor was sent.
    form_of: Callable[[str], FormDefinition]
    # (day and hour it is done, what is done)
    diary: list[tuple[datetime, Callable[[], None]]] = field(default_factory=list)
    forms: dict[str, bytes] = field(default_factory=dict)
    refs: dict[str, str] = field(default_factory=dict)
    sent_back: set[str] = field(default_factory=set)

    def later(self, days: int, hour: int, act: Callable[[], None]) -> None:
        """Done on the n-th day from now, or the Monday after, at that hour."""
        at = (self.now + timedelta(days=days)).replace(hour=hour, minute=20)
        while at.weekday() > 4:
            at += timedelta(days=1)
        self.diary.append((at, act))

    def reply(self, who: str, letter: Received, text: str, form: bytes | None = None) -> None:
        subject = letter.subject if letter.subject.startswith("Re:") else f"Re: {letter.subject}"
        self.post.write(who, self.now, text, subject=subject, answers=letter, form=form,
                        name=f"Audit {letter.audit}.{'xlsx' if form and is_workbook(form) else 'docx'}")


_CLOSED = "CLOSE The child was seen the same day and is safe; a strategy discussion was held. Note CN-0918."
Part = Callable[[Stage, Received], None]
START, MET = date(2026, 9, 3), date(2026, 9, 9)
ACTION_BY = date(2026, 11, 13)


def _written(stage: Stage, letter: Received, style: str, later: str = "") -> tuple[Answers, Rows]:
    return complete_any(stage.form_of(letter.audit), Hand(style, START, MET, ACTION_BY, later))


def _filled(stage: Stage, letter: Received, style: str, later: str = "", **changes: str) -> bytes:
    answers, rows = _written(stage, letter, style, later)
    return type_in(letter.forms[0], {**answers, **changes}, rows)


def tidy(stage: Stage, letter: Received) -> None:
    """Says yes, books the conversation, and returns a complete form."""
    stage.later(0, 11, lambda: stage.reply(letter.to, letter, "ACK"))
    stage.later(1, 10, lambda: stage.reply(letter.to, letter, "BOOKED 09/09/2026 14:00"))
    stage.later(13, 15, lambda: stage.reply(letter.to, letter, "Here is my audit.", _filled(stage, letter, "sharp")))


def plain(stage: Stage, letter: Received) -> None:
    """Answers nothing until the form is done."""
    stage.later(15, 14, lambda: stage.reply(letter.to, letter, "Please find the completed form attached.",
                                            _filled(stage, letter, "plain")))


def forgetful(stage: Stage, letter: Received) -> None:
    """Forgets a grade and some evidence; amends the very document that comes back."""
    answers, rows = _written(stage, letter, "plain")
    form = type_in(letter.forms[0], leave_gaps(stage.form_of(letter.audit), answers), rows)
    stage.later(10, 16, lambda: stage.reply(letter.to, letter, "Completed audit attached.", form))


def mixed_up(stage: Stage, letter: Received) -> None:
    """Attaches a colleague's form by mistake, and the right one the next day."""
    def wrong() -> None:
        colleague = next(f for who, f in stage.forms.items() if who != letter.to)
        stage.reply(letter.to, letter, "My audit is attached.", type_in(colleague, *_written(stage, letter, "sharp")))

    stage.later(8, 10, wrong)
    stage.later(9, 9, lambda: stage.reply(letter.to, letter, "Sorry, this is the right one.",
                                            _filled(stage, letter, "sharp")))


def away_then_late(stage: Stage, letter: Received) -> None:
    """An automatic reply on the first day, and the form after the due day with the reason."""
    stage.post.write(letter.to, stage.now, "I am on leave and back on Monday 14 September 2026. I do not read mail.",
                     subject=f"Automatic reply: {letter.subject}", answers=letter, headers={"Auto-Submitted": "auto-replied"})
    asked = stage.form_of(letter.audit).find_field("late.reason") is not None
    why = {"late.reason": "Two weeks of leave at the start of the month"} if asked else {}
    stage.later(30, 11, lambda: stage.reply(letter.to, letter, "Late, I am sorry.", _filled(stage, letter, "sharp", **why)))


def second_thoughts(stage: Stage, letter: Received) -> None:
    """Sends the form again, with one answer changed, before anybody has decided."""
    def again() -> None:
        fuller = _filled(stage, letter, "sharp", "The aunt now has a key role as well.")
        stage.reply(letter.to, letter, "A slightly fuller version.", fuller)

    stage.later(14, 17, lambda: stage.reply(letter.to, letter, "Audit attached.", _filled(stage, letter, "sharp")))
    stage.later(14, 17, again)


def worried(stage: Stage, letter: Received) -> None:
    """Ticks the concern box while reading the record, and goes on with the audit."""
    answers, rows = _written(stage, letter, "plain")
    told = "I am ringing the team manager; I am on 01632 960 133"
    form = type_in(letter.forms[0], raise_concern(stage.form_of(letter.audit), answers, told), rows)
    stage.later(9, 12, lambda: stage.reply(letter.to, letter, "Please see page one.", form))


def quiet(stage: Stage, letter: Received) -> None:
    """Never answers: nudged, reminded, overdue, and the head of service is told."""


def courteous(stage: Stage, letter: Received) -> None:
    stage.later(0, 13, lambda: stage.reply(letter.to, letter, "Thank you."))
    plain(stage, letter)


# Auditor → the part they play when an allocation reaches them.
AUDITORS: dict[str, Part] = {
    address_of("Bea Lindqvist"): tidy, address_of("Kwame Boateng"): forgetful, address_of("Moira Keane"): mixed_up,
    address_of("Piotr Zielak"): away_then_late, address_of("Tom Hartley"): second_thoughts,
    address_of("Aisha Begum"): plain, address_of("Dan Whitlock"): worried, address_of("Nia Prosser"): courteous,
    address_of("Owen Marsh"): quiet, address_of("Sunita Rao"): tidy,
}
# The QA officer sends this auditor's first return back with points of her own.
SENT_BACK = address_of("Aisha Begum")
# This practitioner's mailbox is gone.
LOST_MAILBOX = address_of("Grace Udoh")


def allocated(stage: Stage, letter: Received) -> None:
    stage.forms[letter.to], stage.refs[letter.to] = letter.forms[0], letter.audit
    AUDITORS[letter.to](stage, letter)


def told(stage: Stage, letter: Received) -> None:
    if letter.to == LOST_MAILBOX:
        stage.post.bounce(letter, stage.now)


def mend(stage: Stage, letter: Received) -> None:
    """Amends the annotated document that came back, or their own where no comments can stand in it."""
    answers, rows = _written(stage, letter, "plain", "The father's view of the plan was added after our talk.")
    sent = letter.forms[0] if letter.forms else stage.forms[letter.to]
    form = type_in(sent, without_concern(stage.form_of(letter.audit), answers), rows)
    stage.later(1, 15, lambda: stage.reply(letter.to, letter, "Amended as you asked.", form))


def alarmed(stage: Stage, letter: Received) -> None:
    """The auditor who raised a concern amends what else the form lacked."""
    if letter.forms or "amend" in letter.text.lower():
        mend(stage, letter)


def close_concern(stage: Stage, letter: Received) -> None:
    """The QA officer closes the concern once the team manager has taken it."""
    if letter.to == QA_OFFICER:
        stage.later(2, 12, lambda: stage.reply(QA_OFFICER, letter, _CLOSED))


def check(stage: Stage, letter: Received) -> None:
    """The QA officer decides what was not sent back automatically."""
    if letter.to != QA_OFFICER or "ACCEPT" not in letter.text:
        return
    if letter.audit == stage.refs[SENT_BACK] and letter.audit not in stage.sent_back:
        stage.sent_back.add(letter.audit)
        points = "RETURN\n1. Please say how the father's views were sought.\n2. Please explain the grade for planning."
        stage.later(0, 16, lambda: stage.reply(QA_OFFICER, letter, points))
    else:
        stage.later(1, 10, lambda: stage.reply(QA_OFFICER, letter, "ACCEPT"))


def acknowledge(stage: Stage, letter: Received) -> None:
    """The managers of the team answer; the first one takes it, and the next is told who did."""
    if letter.to != QA_OFFICER:
        stage.reply(letter.to, letter, "ACKCONCERN")


def upload(stage: Stage, letter: Received) -> None:
    at = stage.now + timedelta(days=1)
    stage.later(1, 12, lambda: stage.reply(letter.to, letter, f"UPLOADED {at:%d/%m/%Y} 11:30"))


# Letter code → what its recipient does.
REACTIONS: dict[str, Part] = {
    "OUT-04": allocated, "OUT-05": told, "OUT-23": told, "OUT-13": mend, "OUT-17": mend, "OUT-14": check, "OUT-47": acknowledge,
    "OUT-16": upload, "OUT-46": alarmed, "OUT-48": close_concern,
}
