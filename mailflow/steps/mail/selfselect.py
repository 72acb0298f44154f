"""Self-selected audits in the corridor (T-67): the request waits beside the audits, for there is none before the approval."""

import json
from dataclasses import asdict, replace

from mailflow.directory import heads_of
from mailflow.model import Case, Cycle, Disposition, Entry, Role, Wish
from mailflow.process.people.selfselect import Request, find_open_cycle, make_audit, parse_request, why_not
from mailflow.process.wording import month_words
from mailflow.steps.effects import Fresh, Handling
from mailflow.steps.month.draw import next_ref
from mailflow.steps.question import Question

_KEY = "selfselect:"
ANSWERS = ("APPROVE", "REFUSE")


def ask_for_case(q: Question) -> Handling:
    """SELFSELECT <case number> <reason> from an auditor: OUT-82 to the head of service, or why not."""
    assert q.command is not None and q.writer is not None
    number, reason = parse_request(q.command.rest)
    case, cycle, trouble = _look(q, number, q.writer.address)
    if not trouble and not reason:
        trouble = "Please say why: SELFSELECT, the case number and the reason."
    heads = heads_of(case, q.house.people) if case else ()
    if not trouble and not heads:
        trouble = "Nobody in the directory is head of that service. Please ask the QA team."
    if trouble or case is None or cycle is None:
        return _say(q, trouble, done=False)
    request = Request(q.writer.address, number, reason, q.message.id)
    facts = {"part": "asked", "by_name": q.writer.name, "case_number": case.number, "category": case.category,
             "team": case.team, "reason": reason, "month": month_words(cycle.id), "due_on": cycle.due_on}
    wishes = tuple(Wish("OUT-82", Role.HOS, "T-67", q.mark, p.address, facts, ("DOC-36",)) for p in heads)
    said = _say(q, f"We have asked the head of service whether you may audit case {number}. Nothing begins before they agree.",
                done=True)
    return replace(said, disposition=Disposition.ACCEPT, loose=(*said.loose, *wishes), entries=(
        Entry("T-67", q.writer.address, {"case": number, "reason": reason}),), notes=((_KEY + q.mark, _kept(request)),))


def _look(q: Question, number: str, auditor: str) -> tuple[Case | None, Cycle | None, str]:
    store = q.house.store
    case = store.find_case(number) if number else None
    person = store.find_person(auditor)
    cycle = find_open_cycle(store.load_cycles(), q.house.policy.calendar.local_day(q.now))
    if person is None:
        return case, cycle, "The auditor is not in the directory any more."
    practitioner = store.find_person(case.practitioner) if case else None
    audits = store.find_audits(case_number=number) if case else ()
    return case, cycle, why_not(q.house.policy.framework, person, case, practitioner, cycle, audits)


def answer_request(q: Question) -> Handling | None:
    """APPROVE or REFUSE in answer to OUT-82, from the head of service it was written to; None for any other mail."""
    letter = q.letter
    if q.command is None or q.writer is None or letter is None or letter.code != "OUT-82" or q.command.word not in ANSWERS:
        return None
    key = _KEY + letter.key.rpartition("·")[2]
    text = q.house.store.find_meta(key)
    if text is None or letter.role != Role.HOS or not q.is_to_writer(letter):
        return _say(q, "That request is not known here.", done=False)
    request = Request(**json.loads(text))
    if request.state != "asked":
        return _say(q, f"This request has been {request.state} already.", done=False)
    if q.command.trouble:
        return _say(q, q.command.trouble, done=False)
    return _approve(q, key, request) if q.command.word == "APPROVE" else _refuse(q, key, request)


def _approve(q: Question, key: str, request: Request) -> Handling:
    case, cycle, trouble = _look(q, request.case_number, request.auditor)
    if trouble or case is None or cycle is None:
        return _say(q, trouble, done=False)
    assert q.writer is not None
    audit = make_audit(request, next_ref(q.house, cycle), cycle)
    entry = Entry("T-01", q.writer.address, {"case": case.number, "to": audit.state.value, "self_selected": request.reason})
    said = _say(q, f"Approved. The auditor gets the form for case {case.number} now, as audit {audit.ref}.", done=True)
    return replace(said, disposition=Disposition.ACCEPT, fresh=(Fresh(audit, entry, at_once=True),),
                   notes=((key, _kept(replace(request, state="approved"))),))


def _refuse(q: Question, key: str, request: Request) -> Handling:
    assert q.writer is not None and q.command is not None
    reason = " ".join(q.command.rest.split())
    facts = {"part": "refused", "by_name": q.writer.name, "case_number": request.case_number, "reason": reason}
    wish = Wish("OUT-82", Role.AUDITOR, "T-67.refused", key.removeprefix(_KEY), request.auditor, facts)
    said = _say(q, "The auditor is told that you do not agree, and why.", done=True)
    return replace(said, disposition=Disposition.ACCEPT, loose=(*said.loose, wish), entries=(
        Entry("T-67.refused", q.writer.address, {"case": request.case_number, "reason": reason}),),
        notes=((key, _kept(replace(request, state="refused"))),))


def _kept(request: Request) -> str:
    return json.dumps(asdict(request))


def _say(q: Question, words: str, done: bool) -> Handling:
    assert q.writer is not None
    wish = Wish("OUT-88", "writer", "command", f"inbound-{q.mark}", q.writer.address, {"done": done, "words": words},
                in_reply_to=q.message.id)
    return Handling(Disposition.REPLY, words, loose=(wish,))
