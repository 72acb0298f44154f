"""Deliver: letters that are due leave, each looked up in Sent first, each through the firewall once more.

A letter's life: ``take_letter`` commits it as "sending"; then Sent is looked at, whatever we believe (a restored backup
does not know that it is in doubt); then it is handed over; then ``finish_letter`` commits what became of it. A crash
between any two lines leaves it in "sending", and the next pass begins with those: evidence → sent; a mailbox that can
say "not there" → tried again, after a pause where copies may arrive late; no way to know → "unknown", for a person.
"""

import logging
from datetime import datetime, timedelta
from functools import partial

from mailflow.directory import find_parties
from mailflow.errors import PermanentError, TemporaryError
from mailflow.mailbox import Evidence, Sent
from mailflow.model import Flag, Letter, LetterState, Parties, State, Wish
from mailflow.steps.effects import tell_now
from mailflow.steps.guard import attempt
from mailflow.steps.house import House
from outbox import assemble, firewall, retry

log = logging.getLogger(__name__)

# An envelope copy may reach the mailbox a little after the letter left (mail facts 3.2).
DOUBT = timedelta(minutes=5)
# A server that takes a letter and never says so may have delivered it each time: after this many a person is asked.
MAX_DOUBTS = 2


def deliver(house: House, now: datetime) -> int:
    """Send every letter that is due; how many are sent."""
    for doubtful in house.store.sending_letters():
        attempt(f"letter {doubtful.id}", partial(_resolve, house, doubtful, now), partial(_doubtful, house, doubtful, now))
    sent = 0
    while (letter := house.store.take_letter(now)) is not None:
        attempt(f"letter {letter.id}", partial(_deliver_one, house, letter, now), partial(_refused, house, letter, now))
        sent += house.store.is_sent(letter.id)
    return sent


def _resolve(house: House, letter: Letter, now: datetime) -> None:
    """A letter that was being sent when the daemon stopped."""
    evidence = house.mailbox.find_sent(letter.message_id)
    if evidence is Evidence.FOUND:
        finish(house, letter, LetterState.SENT, now, "found among the sent letters after a stop")
    elif evidence is Evidence.ABSENT and letter.attempts <= MAX_DOUBTS:
        finish(house, letter, LetterState.DEFERRED, now, "looked for again after a stop", leave_at=now + DOUBT)
    else:
        _doubtful(house, letter, now, "it may have been sent; the mailbox cannot tell")


def _doubtful(house: House, letter: Letter, now: datetime, reason: str) -> None:
    finish(house, letter, LetterState.UNKNOWN, now, reason)
    alert_refusal(house, letter, reason, now)


def _refused(house: House, letter: Letter, now: datetime, reason: str) -> None:
    finish(house, letter, LetterState.HELD, now, reason)
    alert_refusal(house, letter, reason, now)


def _deliver_one(house: House, letter: Letter, now: datetime) -> None:
    refusal = judge(house, letter)
    if refusal:
        _refused(house, letter, now, refusal)
        return
    if _on_hold(house, letter):
        wait = house.policy.calendar.next_morning(now + timedelta(hours=1))
        finish(house, letter, LetterState.DEFERRED, now, "the audit is on hold", leave_at=wait, tried=False)
        return
    if _missed_its_morning(house, letter, now):
        wait = house.policy.calendar.next_morning(now)
        finish(house, letter, LetterState.DEFERRED, now, "it missed its morning", leave_at=wait, tried=False)
        return
    try:
        evidence = house.mailbox.find_sent(letter.message_id)
        if evidence is Evidence.FOUND:
            finish(house, letter, LetterState.SENT, now, "found among the sent letters")
            return
        if evidence is Evidence.UNKNOWN:
            # Nobody can say whether it went out already (a restored backup does not know): not now.
            _defer(house, letter, now, "the sent letters could not be looked at")
            return
        seq, head = house.store.head()
        raw = assemble.finish(letter.raw, now, f"{seq}:{head}")
        outcome = house.mailbox.send(raw, letter.to, letter.message_id)
    except TemporaryError as e:
        _defer(house, letter, now, str(e))
        return
    except PermanentError as e:
        _refused(house, letter, now, f"the mail server refused it: {e}")
        return
    if outcome is Sent.UNKNOWN:
        # Left in "sending": the next pass looks for evidence before anything else is tried.
        log.warning("letter %s: no answer from the mail server; Sent is looked at in the next pass", letter.id)
        return
    finish(house, letter, LetterState.SENT, now, "")


def _on_hold(house: House, letter: Letter) -> bool:
    """T-53: while QA holds an audit its letters stop, except those about a child's safety and answers to people."""
    audit = house.store.find_audit(letter.audit) if letter.audit else None
    waits = audit is not None and audit.has(Flag.ON_HOLD) and audit.state is not State.WITHDRAWN
    return waits and not letter.safety and not letter.in_reply_to


def _missed_its_morning(house: House, letter: Letter, now: datetime) -> bool:
    """CLK-07: after an outage a scheduled letter leaves in working hours, not in the night in which the server came back."""
    calendar = house.policy.calendar
    scheduled = letter.leave_at == calendar.morning_of(calendar.local_day(letter.leave_at)) and not letter.safety
    today = calendar.local_day(now)
    return scheduled and (calendar.event_day(now) != today or now < calendar.morning_of(today))


def judge(house: House, letter: Letter) -> str:
    """The firewall, once more, on today's directory: "" when the letter may go."""
    audit = house.store.find_audit(letter.audit) if letter.audit else None
    parties = Parties()
    if audit is not None:
        parties = find_parties(audit, house.get_case(audit), house.people)
    framework = house.policy.framework
    rule = framework.letters.get(letter.code)
    if rule is None:
        return f"the profile has no row for {letter.code}"
    person = house.store.find_person(letter.to)
    if letter.audits and not letter.audit:
        people = {a.ref: find_parties(a, house.get_case(a), house.people)
                  for ref in letter.audits if (a := house.store.find_audit(ref)) is not None}
        return firewall.judge_each(letter, person, people, rule, framework.send.allowed_domains)
    return firewall.judge(letter.code, letter.role, person, letter.to, letter.audit, parties, rule,
                          framework.send.allowed_domains, person if letter.in_reply_to else None)


def _defer(house: House, letter: Letter, now: datetime, why: str) -> None:
    next_try = retry.decide_retry(letter.attempts, now)
    if next_try is None:
        _refused(house, letter, now, f"given up after a day: {why}")
    else:
        finish(house, letter, LetterState.DEFERRED, now, why, leave_at=next_try)


def finish(house: House, letter: Letter, state: LetterState, now: datetime, why: str,
           leave_at: datetime | None = None, tried: bool = True) -> None:
    with house.store.tx():
        house.store.finish_letter(letter.id, state, why, now if state is LetterState.SENT else None, leave_at, tried=tried)
        house.store.journal(f"letter {state.value}", now, letter.audit, data={
            "code": letter.code, "to": letter.to, "message_id": letter.message_id, "why": why})


def alert_refusal(house: House, letter: Letter, why: str, now: datetime) -> None:
    """QA is told of a letter that will not go: at once for a safety letter, with the others in the morning list."""
    if letter.code == "OUT-90" or not letter.safety:
        return
    wish = Wish("OUT-90", "qa", "refused", letter.key, facts={
        "address": letter.to, "letter_code": letter.code, "reason": why, "permanent": True})
    tell_now(house, wish, now)
