"""Commands of the QA team about a cycle (TS-03, TS-08): one table, word → in which states → what it does.

They come as a reply to OUT-01, or with [AUDIT CYCLE YYMM] in the subject. The first decision wins; a reply to a sample that
has been changed since does nothing but say so.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from mailflow.framework import Framework
from mailflow.model import Command, Cycle, CycleState
from mailflow.process.cycle.cycles import BEFORE_OPEN, move_cycle
from mailflow.process.cycle.sample import Frame, drop, find_proposal, swap
from mailflow.process.wording import month_words

C = CycleState
MAX_THEME = 120


@dataclass(frozen=True)
class Ask:
    """One command with what it may need. ``about``: the sample the letter they answered showed, None where not known."""

    cycle: Cycle
    command: Command
    by: str
    about: int | None
    now: datetime
    frame: Callable[[], Frame]
    framework: Framework


@dataclass(frozen=True)
class Ordered:
    """What became of it. ``words`` answer the writer where ``done`` is false or no new sample is sent.

    ``step`` is the rule for the journal, "" where nothing changed; ``selects``: the audits are made now.
    """

    cycle: Cycle
    words: str
    step: str = ""
    resend: bool = False
    selects: bool = False
    cancels: bool = False

    @property
    def done(self) -> bool:
        return bool(self.step)


@dataclass(frozen=True)
class Order:
    word: str
    states: tuple[CycleState, ...]
    act: Callable[[Ask], Ordered]
    usage: str
    about_sample: bool = False


def _no(ask: Ask, words: str) -> Ordered:
    return Ordered(ask.cycle, words)


def _accept(ask: Ask) -> Ordered:
    if not ask.cycle.proposals:
        return _no(ask, "There is no sample to accept: none could be drawn, or everything in it was dropped.")
    count = len(ask.cycle.proposals)
    words = f"The sample for {month_words(ask.cycle.id)} is accepted, with {count} audit{'s' if count != 1 else ''}."
    return Ordered(ask.cycle, words, "TS-03", selects=True)


def _swap(ask: Ask) -> Ordered:
    old = find_proposal(ask.cycle, ask.command.target)
    if old is None:
        return _no(ask, f"{ask.command.target} is not in the sample. SWAP takes a case number or a reference out of it.")
    found = swap(ask.cycle, old, ask.frame(), ask.framework)
    if found is None:
        return _no(ask, f"No other case can be given to {old.auditor}. DROP {old.ref} leaves the audit out.")
    cycle, new = found
    return Ordered(cycle, f"{new.ref} is now case {new.case_number} instead of {old.case_number}.", "TS-03.swap", resend=True)


def _drop(ask: Ask) -> Ordered:
    old = find_proposal(ask.cycle, ask.command.target)
    if old is None:
        return _no(ask, f"{ask.command.target} is not in the sample. DROP takes a case number or a reference out of it.")
    words = f"{old.ref} (case {old.case_number}) is out of the sample; {old.auditor} has no audit for it."
    return Ordered(drop(ask.cycle, old, ask.by), words, "TS-03.drop", resend=True)


def _theme(ask: Ask) -> Ordered:
    theme = " ".join(ask.command.rest.split())
    if not theme or len(theme) > MAX_THEME:
        return _no(ask, f"A theme has 1 to {MAX_THEME} characters. Write THEME and the theme.")
    cycle = move_cycle(ask.cycle, "TS-03.theme", theme=theme)
    return Ordered(cycle, f"The theme of {month_words(cycle.id)} is now: {theme}.", "TS-03.theme")


def _cancel(ask: Ask) -> Ordered:
    cycle = move_cycle(ask.cycle, "TS-08", proposals=(), decided_by=ask.by, decided_at=ask.now)
    words = f"{month_words(cycle.id)} is cancelled. Nobody who had not been told hears of it."
    return Ordered(cycle, words, "TS-08", cancels=True)


ORDERS: tuple[Order, ...] = (
    Order("ACCEPT", (C.DRAWING,), _accept, "ACCEPT", about_sample=True),
    Order("SWAP", (C.DRAWING,), _swap, "SWAP and a case number or reference", about_sample=True),
    Order("DROP", (C.DRAWING,), _drop, "DROP and a case number or reference", about_sample=True),
    Order("THEME", (*BEFORE_OPEN, C.OPEN), _theme, "THEME and the theme"),
    Order("CANCEL", BEFORE_OPEN, _cancel, "CANCEL"),
)
WORDS = tuple(o.word for o in ORDERS)


def decide_order(ask: Ask) -> Ordered:
    """What a command does to its cycle; one that is not allowed changes nothing and says why."""
    order = next(o for o in ORDERS if o.word == ask.command.word)
    if ask.command.trouble:
        return _no(ask, ask.command.trouble)
    if ask.cycle.state not in order.states:
        return _no(ask, became(ask.cycle))
    if order.about_sample and ask.about is not None and ask.about != ask.cycle.sample:
        return _no(ask, "The sample has been changed since that letter. Please look at the latest one and reply to it.")
    return order.act(ask)


_BECAME: dict[CycleState, str] = {
    C.PLANNED: "has not been drawn yet", C.DRAWING: "waits for its sample to be accepted",
    C.SELECTED: "has been accepted", C.OPEN: "is open", C.CLOSING: "is closing",
    C.REPORTED: "has been reported", C.ARCHIVED: "is archived", C.CANCELLED: "has been cancelled",
}


def became(cycle: Cycle) -> str:
    """Where the cycle stands and who decided so, for somebody whose command comes too late."""
    by = f" (decided by {cycle.decided_by})" if cycle.decided_by and cycle.state in (C.SELECTED, C.OPEN, C.CANCELLED) else ""
    return f"{month_words(cycle.id)} {_BECAME[cycle.state]} already{by}."


def decide_cancel(cycle: Cycle, by: str, now: datetime) -> Cycle:
    """TS-08 from the command line. Raises Broken from a state it is not possible in."""
    return replace(move_cycle(cycle, "TS-08"), proposals=(), decided_by=by, decided_at=now)
