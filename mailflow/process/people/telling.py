"""Who besides the auditor is told which audits have been given out (T-61, F1-ALL-01, F3-ALL-01, G-08, G-58).

One letter a person and part for a cycle, however many of their cases are in it, and another only when a case of theirs
has been added. What anybody was told before comes in as letters, so that asking twice tells nobody twice.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from mailflow.framework import Framework
from mailflow.model import Flag, Letter, Role, State, Wish
from mailflow.scene import Scene

# The parts in the order in which somebody who plays several is told, with the letter and the rule of each.
TOLD: tuple[tuple[str, str, str], ...] = (
    (Role.PRACTITIONER, "OUT-05", "T-61.practitioner"),
    (Role.TM, "OUT-06", "T-61"),
    (Role.IRO, "OUT-07", "T-61.chair"),
    (Role.SM, "OUT-07", "T-61"),
)


@dataclass(frozen=True)
class Told:
    """One letter that told somebody of one audit. ``counts`` is False where it was cancelled before it left."""

    code: str
    address: str
    ref: str
    key: str
    counts: bool = True


@dataclass
class _Person:
    """What one person in one part is to be told of."""

    scenes: list[Scene] = field(default_factory=list)


def states_to_tell(framework: Framework) -> tuple[State, ...]:
    """The states of audits that others are told of: from the selection where the profile says so, else once given out."""
    early = (State.SELECTED,) if framework.allocation.tell_when == "selection" else ()
    return (*early, State.ALLOCATED, State.UNDERWAY)


def told_roles(scene: Scene) -> tuple[str, ...]:
    """The parts besides the auditor that hear of an audit from the start (``allocation.tell``)."""
    rules = scene.framework.allocation
    quiet = {Role.PRACTITIONER} if rules.tell_practitioner == "none" or scene.audit.has(Flag.PRACTITIONER_LEFT) else {}
    return tuple(role for role, _, _ in TOLD if role in rules.tell and role not in quiet)


def decide_tellings(scenes: Iterable[Scene], before: Iterable[Told]) -> tuple[Wish, ...]:
    """The letters of one cycle. ``scenes`` are its audits that others may be told of; ``before`` what was told already."""
    known: dict[tuple[str, str], list[Told]] = {}
    for one in before:
        known.setdefault((one.code, one.address), []).append(one)
    wishes = []
    for (role, code, transition, address), person in _by_person(scenes).items():
        wish = _wish(person.scenes, known.get((code, address), []), (role, code, transition, address))
        wishes += [wish] if wish else []
    return tuple(wishes)


def _by_person(scenes: Iterable[Scene]) -> Mapping[tuple[str, str, str, str], _Person]:
    """(part, code, rule, address) → their audits. Nobody is told of an audit they do, nor twice of the same one."""
    found: dict[tuple[str, str, str, str], _Person] = {}
    for scene in scenes:
        seen = {scene.audit.auditor}
        roles = () if scene.audit.has(Flag.ON_HOLD) else told_roles(scene)
        for role, code, transition in TOLD:
            for person in scene.parties.of(role) if role in roles else ():
                if person.address not in seen:
                    seen.add(person.address)
                    found.setdefault((str(role), code, transition, person.address), _Person()).scenes.append(scene)
    return found


def _wish(scenes: list[Scene], before: list[Told], who: tuple[str, str, str, str]) -> Wish | None:
    role, code, transition, address = who
    told = {t.ref for t in before if t.counts}
    refs = tuple(sorted(s.audit.ref for s in scenes))
    fresh = tuple(r for r in refs if r not in told)
    if not fresh:
        return None
    number = len({t.key for t in before}) + 1
    return _telling(scenes, code, role, transition, f"{scenes[0].audit.cycle}.{number}", address, len(fresh) if told else 0)


def tell_again(scenes: Iterable[Scene], letter: Letter, address: str) -> Wish | None:
    """T-43: a letter about several audits came back; the same to that person's second address, of those that are still
    theirs to hear of. ``scenes`` are the audits it told of."""
    theirs = [s for (role, code, _, to), person in _by_person(scenes).items()
              if (role, code, to) == (letter.role, letter.code, letter.to) for s in person.scenes]
    return _telling(theirs, letter.code, letter.role, "T-43.again", letter.key, address) if theirs else None


def _telling(scenes: list[Scene], code: str, role: str, transition: str, round_: str, address: str, added: int = 0) -> Wish:
    refs = tuple(sorted(s.audit.ref for s in scenes))
    own = scenes[0].framework.audit.self_assessment == "before_meeting" and role == Role.PRACTITIONER
    facts = {"added": added, "assess": own}
    return Wish(code, role, transition, round_, address, facts, ("DOC-28",) if own else (),
                audit=refs[0] if len(refs) == 1 else "", cycle=scenes[0].audit.cycle, audits=refs)
