"""Wish × desk → letters, one a recipient (HR-03), each past the firewall or held with the reason."""

from dataclasses import replace
from typing import Any

from mailflow.errors import Broken
from mailflow.model import Document, Letter, LetterState, Person, Role, Wish
from outbox import assemble, documents, facts, firewall, render
from outbox.desk import Desk

PILOT = "pilot: every letter waits until you release it"


def compose(wish: Wish, desk: Desk) -> tuple[Letter, ...]:
    """The letters a wish becomes. Empty where nobody plays the part it names.

    A letter the firewall refuses is made all the same, held, and shown. A refused safety letter also tells QA (OUT-90).
    Raises Broken for a code without a row in ``[letters]``, ConfigError and PermanentError as render and documents do.
    """
    if wish.code not in desk.framework.letters:
        raise Broken(f"{wish.code} has no row in [letters]")
    shared = documents.make_shared(wish, desk)
    letters = tuple(_letter(wish, desk, person, address, shared) for person, address in find_recipients(wish, desk))
    refused = [letter for letter in letters if letter.safety and letter.state == LetterState.HELD
               and letter.reason != PILOT]
    alarms = tuple(a for letter in refused for a in compose_refusal(letter, desk))
    return letters + alarms


def compose_refusal(letter: Letter, desk: Desk) -> tuple[Letter, ...]:
    """OUT-90 to QA about a letter the firewall refused; nothing about a refused OUT-90 itself."""
    if letter.code == "OUT-90":
        return ()
    about = {"address": letter.to, "letter_code": letter.code, "reason": letter.reason, "permanent": True}
    return compose(Wish("OUT-90", Role.QA, "refused", letter.key, facts=about, audit=letter.audit), desk)


def find_recipients(wish: Wish, desk: Desk) -> tuple[tuple[Person | None, str], ...]:
    """(person, address) for each who shall get it; the person is None where the address plays no such part."""
    if wish.role == Role.WRITER:
        people: tuple[Person, ...] = (desk.writer,) if desk.writer else ()
    else:
        people = desk.people.of(wish.role)
    if not wish.address:
        return tuple((p, p.address) for p in people)
    wanted = wish.address.lower()
    known = next((p for p in people if wanted in (p.address, p.second_address)), None)
    return ((known, wanted),)


def make_key(wish: Wish, ref: str, address: str) -> str:
    """What makes a letter that letter (invariant 4).

    An answer without a round of its own is told apart by the mail it answers. The code stands in it because one person
    may play two parts and be told two different things by one transition.
    """
    return "·".join((ref, wish.transition, wish.code, address, wish.round or wish.in_reply_to))


def _letter(wish: Wish, desk: Desk, person: Person | None, address: str, shared: documents.Made) -> Letter:
    ref = wish.audit or (desk.scene.audit.ref if desk.scene else "")
    rule = desk.framework.letters[wish.code]
    # The invitation says nothing of the case, not even which audit it belongs to (F0-PRV-01, SCN-14).
    about = f"CYCLE {wish.cycle}" if wish.cycle else ""
    shown = "" if wish.code == "OUT-09" else ref or about
    key = make_key(wish, ref or about, address)
    mid = assemble.message_id(desk.secret, key, desk.mailbox.rpartition("@")[2])
    attached = shared.documents + documents.make_personal(wish, desk, address) + desk.enclosures
    given = facts.gather(wish.code, _facts(wish, shared, attached), desk, person or Person(address, ""), wish.role)
    given.setdefault("ref", ref)
    rendered = render.with_more(render.render(wish.code, given, desk.folders, desk.framework.send.marking), desk.more)
    subject = assemble.write_subject(rendered.subject, desk.framework.send.marking, shown)
    raw = assemble.assemble(
        rendered, code=wish.code, key=key, subject=subject, mid=mid, to=(person.name if person else "", address),
        sender=(f"{desk.council.name} {desk.council.qa_name}", desk.mailbox), ref=ref, in_reply_to=wish.in_reply_to,
        documents=attached,
    )
    letter = Letter(
        key=key, code=wish.code, audit=ref, role=str(wish.role), to=address, subject=subject, message_id=mid, raw=raw,
        leave_at=desk.now if rule.leave == "at_once" or rule.safety else desk.morning_at, private=rule.private,
        safety=rule.safety, made_at=desk.now, in_reply_to=wish.in_reply_to, audits=wish.audits,
    )
    return _held(letter, desk, person)


def _facts(wish: Wish, shared: documents.Made, attached: tuple[Document, ...]) -> dict[str, Any]:
    return {
        **wish.facts, "documents": tuple(d.name for d in attached), "annotated": shared.annotated,
        "feedback_attached": "DOC-03" in wish.documents, "guide_attached": "DOC-04" in wish.documents,
        "criteria_attached": shared.criteria, "case_note": shared.case_note, "returned": str(shared.returned),
        "places": shared.places,
    }


def _held(letter: Letter, desk: Desk, person: Person | None) -> Letter:
    rule, domains = desk.framework.letters[letter.code], desk.framework.send.allowed_domains
    if desk.scenes:
        people = {s.audit.ref: s.parties for s in desk.scenes}
        refusal = firewall.judge_each(letter, person, people, rule, domains)
        return _kept_back(letter, desk, refusal)
    # Without the scene the audit's people are not at hand: then only QA and the writer may be told, and the second look
    # before sending has them.
    ref = letter.audit if desk.scene else ""
    refusal = firewall.judge(letter.code, letter.role, person, letter.to, ref, desk.people, rule, domains, desk.writer)
    return _kept_back(letter, desk, refusal)


def _kept_back(letter: Letter, desk: Desk, refusal: str) -> Letter:
    if refusal or desk.pilot:
        return replace(letter, state=LetterState.HELD, reason=refusal or PILOT)
    return letter
