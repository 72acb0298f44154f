"""Mail that is no conversation: our own, doubled, bounced, automatic, untrusted, or from a stranger (domain 3.4)."""

from mailflow.intake import UNOPENED, find_away_until, promises_form
from mailflow.model import Absence, Automatic, Bounce, Disposition, Entry, State, Trust, Wish
from mailflow.process import mailevents
from mailflow.process.calendar import local
from mailflow.steps.effects import Change, Handling
from mailflow.steps.month.telling import tell_elsewhere
from mailflow.steps.question import Question
from mailflow.steps.unpack import LEFT_CLOSED
from outbox.assemble import is_own_message_id

_OPEN = (State.ALLOCATED, State.UNDERWAY, State.REVISION, State.UNDER_QA)


def own_mail(q: Question) -> Handling | None:
    if q.message.sender != q.house.policy.settings.mailbox.address or q.forced:
        return None
    if q.message.automatic is Automatic.NO and q.message.attachments and not is_own_message_id(q.house.secret, q.message.id):
        return _held(q, "somebody sent it from the shared mailbox itself", "return")
    return Handling(Disposition.IGNORE, "it came from this mailbox itself")


def doubled(q: Question) -> Handling | None:
    if not q.inbound.double or q.forced:
        return None
    return _held(q, "another message with the same Message-ID but other content came before", "return")


def bounce(q: Question) -> Handling | None:
    """T-43: find the letter that came back; a hard failure is tried once at the second address."""
    found = q.message.bounce
    if found is None:
        return None
    letter = q.house.store.find_letter_by_message_id(found.original) if found.original else None
    if letter is None or (found.address and found.address.lower() != letter.to):
        return _bounce_of_nothing(q, found)
    person = q.house.store.find_person(letter.to)
    retry = person.second_address if person and letter.to == person.address else ""
    if not letter.audit:
        again = tell_elsewhere(q.house, letter, retry, q.now) if retry and found.permanent else ()
        loose = (_undelivered(q, letter.to, letter.code, found),) if found.permanent else ()
        return Handling(Disposition.IGNORE, f"{letter.code} to {letter.to} came back", made=again, loose=loose)
    audit = q.house.store.get_audit(letter.audit)
    scene = q.house.scene(audit, q.now)
    outcome = mailevents.decide_bounce(scene, letter, found, retry)
    return Handling(Disposition.IGNORE, f"{letter.code} to {letter.to} came back", audit.ref, (Change(scene, outcome),))


def _bounce_of_nothing(q: Question, found: Bounce) -> Handling:
    return Handling(Disposition.HOLD, "a delivery report about a letter we do not know",
                    loose=(_undelivered(q, found.address or "an unnamed address", "", found),))


def _undelivered(q: Question, address: str, code: str, found: Bounce) -> Wish:
    return Wish("OUT-90", "qa", "T-43", f"held-{q.mark}", facts={
        "address": address, "letter_code": code, "permanent": found.permanent,
        "reason": f"delivery report, status {found.status or 'not given'}"})


def automatic(q: Question) -> Handling | None:
    """T-42: nothing is answered and no command runs; a filled form in it waits for a person."""
    if q.message.automatic is Automatic.NO or q.forced:
        return None
    if q.forms:
        return _held(q, "a form came in an automatic message", "return")
    away = _away(q)
    return away or Handling(Disposition.IGNORE, f"automatic mail ({q.message.automatic.value})")


def _away(q: Question) -> Handling | None:
    until = q.message.away_until_on or find_away_until(q.message.full_text, q.inbound.received_at)
    if q.message.automatic is not Automatic.AUTO_REPLY or q.writer is None:
        return None
    changes = []
    for audit in q.house.store.find_audits(auditor=q.writer.address, states=_OPEN):
        scene = q.house.scene(audit, q.now)
        outcome = mailevents.decide_away(scene, until)
        if outcome.wishes or outcome.entries:
            changes.append(Change(scene, outcome))
    entries: tuple[Entry, ...] = ()
    sure = q.house.policy.framework.inbound.require_auth == "off" or q.message.trust is Trust.PASS
    if until is not None and sure:
        today = local(q.now).date()
        absence = Absence(min(today, until), until, "automatic reply")
        with q.house.store.tx():
            q.house.store.save_absence(q.writer.address, absence)
        q.house.forget_people()
        entries = (Entry("absence", q.writer.address, {"until": until.isoformat()}),)
    ref = changes[0].outcome.audit.ref if len(changes) == 1 else ""
    return Handling(Disposition.IGNORE, "out of office", ref, tuple(changes), entries=entries)


def untrusted(q: Question) -> Handling | None:
    """The receiving server does not vouch for the sender: no state changes, no answer (peers, lesson 10)."""
    if q.house.policy.framework.inbound.require_auth == "off" or q.message.trust is Trust.PASS or q.forced:
        return None
    return _held_unknown(q, "the mail server could not confirm who sent it")


def stranger(q: Question) -> Handling | None:
    """T-32: held, QA told, and nothing said to the sender."""
    if q.writer is not None or q.forced:
        return None
    what = "it has a form attached" if q.forms or q.feedback_forms else ("it promises a form" if promises_form(q.message) else "")
    return _held_unknown(q, what)


def unopened(q: Question) -> Handling | None:
    """A mail that could not be opened to its end, and showed no form: a person looks inside."""
    if q.forms or q.feedback_forms:
        return None
    odd = next((odd for odd in q.message.oddities if odd.startswith(UNOPENED)), "")
    if odd:
        return _held(q, f"it could not be opened to its end ({odd})", "return")
    closed = next((r.reading.words for r in q.readings if LEFT_CLOSED in r.reading.oddities), "")
    return _held(q, closed, "return") if closed else None


def _held_unknown(q: Question, what: str) -> Handling:
    wish = Wish("OUT-32", "qa", "T-32", f"held-{q.mark}", facts={
        "from_address": q.message.sender, "subject": q.message.subject, "what": what, "id": q.inbound.id})
    return Handling(Disposition.HOLD, f"the sender is not in the directory{'; ' + what if what else ''}"
                    if q.writer is None else what, loose=(wish,))


def _held(q: Question, reason: str, kind: str, audit: str = "") -> Handling:
    return Handling(Disposition.HOLD, reason, audit, loose=(held_wish(q, (reason,), kind),))


def held_wish(q: Question, reasons: tuple[str, ...], kind: str) -> Wish:
    """QA is told that something waits for them, and how to let it go on."""
    return Wish("OUT-89", "qa", "held", f"held-{q.mark}", facts={
        "from_address": q.message.sender, "subject": q.message.subject, "reasons": reasons, "kind": kind,
        "id": q.inbound.id})
