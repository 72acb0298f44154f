"""Commands about a cycle by mail: a reply to OUT-01, or [AUDIT CYCLE YYMM] in the subject (TS-03, TS-08)."""

import re
from dataclasses import replace

from mailflow.model import Cycle, Disposition, Entry, Letter, Role, Wish
from mailflow.process.cycle.orders import WORDS, Ask, Ordered, decide_order
from mailflow.steps.effects import Handling
from mailflow.steps.month.cycles import cancelling
from mailflow.steps.month.draw import load_frame, selecting
from mailflow.steps.month.letters import ask_for_approval, write_about
from mailflow.steps.question import Question

_SUBJECT = re.compile(r"\[AUDIT CYCLE (\d{4})\]", re.I)
_KEY = re.compile(r"CYCLE (\d{4})·")


def cycle_order(q: Question) -> Handling | None:
    """A QA officer decides on a cycle; None for everything that is not that."""
    if q.command is None or q.writer is None or q.command.word not in WORDS or q.refs:
        return None
    if not {Role.QA.value, Role.QA_MANAGER.value} & set(q.writer.roles):
        return None
    named = find_cycle_id(q)
    if not named:
        return None
    cycle = q.house.store.find_cycle(named)
    if cycle is None:
        return _answer(q, named, f"There is no cycle {named}.", False)
    ask = Ask(cycle, q.command, q.writer.address, _about(q.letter), q.now, lambda: load_frame(q.house, cycle),
              q.house.policy.framework)
    return _carry_out(q, cycle, decide_order(ask))


def find_cycle_id(q: Question) -> str:
    """The cycle our letter they answered was about, or the one their subject names; "" where there is none."""
    found = _KEY.match(q.letter.key) if q.letter is not None else None
    found = found or _SUBJECT.search(q.message.subject)
    return found[1] if found else ""


def _about(letter: Letter | None) -> int | None:
    """The sample OUT-01 showed: its number is the round at the end of the letter's key."""
    last = letter.key.rpartition("·")[2] if letter is not None and letter.code == "OUT-01" else ""
    return int(last) if last.isdigit() else None


def _carry_out(q: Question, cycle: Cycle, ordered: Ordered) -> Handling:
    assert q.writer is not None and q.command is not None
    if not ordered.done:
        return _answer(q, cycle.id, ordered.words, False)
    by = q.writer.address
    if ordered.selects:
        done = selecting(q.house, cycle, q.now, by)
    elif ordered.cancels:
        done = cancelling(q.house, ordered.cycle, q.now, ordered.step, by)
    else:
        entry = Entry(ordered.step, by, {"cycle": cycle.id, "said": q.command.target or ordered.cycle.theme})
        done = Handling(Disposition.ACCEPT, "", cycle=ordered.cycle, entries=(entry,))
    if ordered.resend:
        letters = _sample_again(q, ordered)
        if any(x.to == by for x in letters):
            return replace(done, reason=q.command.word, made=letters)
        done = replace(done, made=letters)
    answer = _answer(q, cycle.id, ordered.words, True)
    return replace(done, reason=q.command.word, made=(*done.made, *answer.made))


def _sample_again(q: Question, ordered: Ordered) -> tuple[Letter, ...]:
    """The sample as it is now, to the whole QA team; the writer's copy answers their mail."""
    frame = load_frame(q.house, ordered.cycle)
    return ask_for_approval(q.house, ordered.cycle, frame, None, q.now, said=ordered.words, writer=q.writer,
                            in_reply_to=q.message.id)


def _answer(q: Question, cycle: str, words: str, done: bool) -> Handling:
    assert q.writer is not None
    wish = Wish("OUT-88", Role.WRITER, "command", f"inbound-{q.mark}", q.writer.address, {"done": done, "words": words},
                in_reply_to=q.message.id, cycle=cycle)
    letters = write_about(q.house, [wish], q.now, writer=q.writer)
    return Handling(Disposition.ACCEPT if done else Disposition.REPLY, words, made=letters)
