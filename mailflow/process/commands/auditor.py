"""What an auditor may say in one word, up to the confirmed upload (domain 2.5). Each takes (outcome, ask)."""

from mailflow.model import Flag, Outcome, Role
from mailflow.process.calendar import local
from mailflow.process.commands.ask import Ask, answer
from mailflow.process.issuing import settle_upload
from mailflow.process.opening import held_facts
from mailflow.process.people.absence import ask_finders
from mailflow.process.people.assessment_clock import assessment_timers
from mailflow.process.plan import (
    CHASING,
    FORM_TIMERS,
    answered,
    arm,
    cancel,
    change,
    disarm,
    flag,
    go,
    note,
    people_of,
    tell,
)
from mailflow.process.wording import day_words

LONGEST_NOTE = 4000


def tell_qa(out: Outcome, ask: Ask, transition: str, reason: str, kind: str = "note", words: str = "") -> Outcome:
    """OUT-89: the QA team hears what was written, once a mail."""
    facts = held_facts(ask.by.address, reason, kind=kind, words=words)
    people = people_of(ask.scene, [Role.QA], without=[ask.by.address])
    return tell(out, people, "OUT-89", transition, answered(ask.in_reply_to, ask.audit), facts)


def acknowledge(out: Outcome, ask: Ask) -> Outcome:
    """ACK: T-03 has been made already, if it was not before. Thanks get no letter."""
    return note(out, "ACK", ask.by.address)


def cannot_book(ask: Ask) -> str:
    """Why BOOKED can't be taken, "" when it can: a day and a time, between the allocation and the due day (T-05)."""
    audit, at = ask.audit, ask.command.at
    if at is None:
        return "Please give the day and the time, for example BOOKED 17/06/2026 14:30."
    day = local(at).date()
    first = local(audit.allocated_at or ask.scene.now).date()
    if not first <= day <= audit.due_on:
        return (f"{day_words(day)} is not between the day you were given the audit ({day_words(first)}) and the due day "
                f"({day_words(audit.due_on)}). Please give another day.")
    return ""


def book(out: Outcome, ask: Ask) -> Outcome:
    """T-05: a case-free invitation to auditor and practitioner (OUT-09, DOC-05)."""
    assert ask.command.at is not None
    out = go(out, "T-05", ask.by.address, data={"meeting_at": ask.command.at.isoformat()}, meeting_at=ask.command.at)
    out = arm(out, *assessment_timers(ask.scene, out.audit))
    roles = [Role.AUDITOR] + ([] if out.audit.has(Flag.PRACTITIONER_LEFT) else [Role.PRACTITIONER])
    facts = {"meeting_at": ask.command.at}
    return tell(out, people_of(ask.scene, roles), "OUT-09", "T-05", answered(ask.in_reply_to, ask.audit), facts,
                ("DOC-05",))


def cannot(out: Outcome, ask: Ask) -> Outcome:
    """CANNOT: QA is told; the audit stays until they give it to somebody else (T-39)."""
    out = go(out, "T-39.cannot", ask.by.address, ask.reason or "no reason given")
    out = tell_qa(out, ask, "T-39.cannot", f"{ask.by.name} can't do this audit. Reply REASSIGN with somebody's address.",
                  words=ask.reason)
    out = ask_finders(out, ask.scene, "cannot", answered(ask.in_reply_to, ask.audit))
    named = " If you know a colleague who can, reply REASSIGN and their address." * (
        "auditor" in ask.scene.framework.absence.finder)
    return answer(out, ask, "We have told the QA team. The audit stays with you until it is given to somebody else." + named)


def conflict(out: Outcome, ask: Ask) -> Outcome:
    """T-41: back to SELECTED; QA gives it to somebody else. No reply to all."""
    former = tuple(dict.fromkeys((*out.audit.former_auditors, out.audit.auditor)))
    out = go(out, "T-41", ask.by.address, ask.reason or "conflict of interest", former_auditors=former)
    out = flag(disarm(out, *FORM_TIMERS), off=[Flag.OVERDUE, Flag.ACK_MISSED, Flag.BOUNCED])
    out = cancel(out, *CHASING, "OUT-04", "OUT-22", "OUT-09")
    out = tell_qa(out, ask, "T-41", f"{ask.by.name} has a conflict of interest. Reply REASSIGN with somebody's address.",
                  words=ask.reason)
    return answer(out, ask, "Thank you for telling us. The audit is no longer yours; please delete the form.")


def practitioner_left(out: Outcome, ask: Ask) -> Outcome:
    """T-44: the team manager is the contact from now on."""
    out = flag(go(out, "T-44", ask.by.address, ask.reason or "the practitioner has left"), Flag.PRACTITIONER_LEFT)
    out = cancel(disarm(out, "self", "self:"), "OUT-05", "OUT-80")
    out = tell_qa(out, ask, "T-44", "The practitioner of this case is said to have left.", words=ask.reason)
    return answer(out, ask, "Noted. Please meet the team manager, or the previous worker where possible, and say so in "
                  "the form.")


def no_self_assessment(ask: Ask) -> str:
    """SELF says that a self-assessment is attached; one that could be read as such was taken before we came here."""
    if ask.scene.framework.audit.self_assessment == "off":
        return "Nothing of the kind is asked for here. Thank you all the same."
    return "No self-assessment that we can read was attached. Please reply with the filled form attached."


def cannot_confirm_upload(ask: Ask) -> str:
    """IN-08: a day and a time, not in the future, not before the issue."""
    at = ask.command.at
    if at is None:
        return "Please give the day and the time of the upload, for example UPLOADED 02/07/2026 14:30."
    if at > ask.scene.now:
        return f"{day_words(local(at).date())} at that time is still to come. Please give the time of the upload."
    issued = ask.audit.issued_at
    if issued is not None and local(at).date() < local(issued).date():
        return f"The report was issued on {day_words(local(issued).date())}; the upload can't be earlier."
    return ""


def uploaded(out: Outcome, ask: Ask) -> Outcome:
    """T-22 and T-25; OUT-26 to the auditor."""
    assert ask.command.at is not None
    out = settle_upload(out, ask.scene, ask.by.address, ask.command.at)
    return out if Role.AUDITOR in ask.roles else answer(out, ask, "Done. The upload is confirmed.")


def free_text(out: Outcome, ask: Ask, round_: str = "", subject: str = "") -> Outcome:
    """IN-23: a note on the audit, shown to QA. Nobody is answered by a machine."""
    text = ask.mail_text.strip()[:LONGEST_NOTE]
    out = note(change(out, notes=out.audit.notes + 1), "note", ask.by.address, text=text, subject=subject)
    facts = held_facts(ask.by.address, f"{ask.by.name} wrote about this audit.", kind="note", words=text)
    people = people_of(ask.scene, [Role.QA], without=[ask.by.address])
    return tell(out, people, "OUT-89", "note", round_ or answered(ask.in_reply_to, ask.audit),
                facts | {"subject": subject})
