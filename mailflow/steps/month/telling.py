"""Tell: practitioners, managers and chairs hear which of their cases are audited, one letter a person and cycle (T-61)."""

from dataclasses import replace
from datetime import datetime

from mailflow.model import Letter, LetterState, Wish
from mailflow.process.people.telling import TOLD, Told, decide_tellings, states_to_tell, tell_again
from mailflow.scene import Scene
from mailflow.steps.deliver import judge
from mailflow.steps.effects import desk_for, enqueue
from mailflow.steps.house import House
from outbox.compose import compose

# Where the day is kept on which everybody was last told; emptied, they are told in the next pass.
TOLD_ON = "told_on"


def tell_cycles(house: House, now: datetime) -> int:
    """Everybody who has a case they were not told of, in whatever cycle; how many letters. Twice tells nobody twice."""
    _take_back(house, now)
    by_cycle: dict[str, list[Scene]] = {}
    for audit in house.store.find_audits(states=states_to_tell(house.policy.framework)):
        by_cycle.setdefault(audit.cycle, []).append(house.scene(audit, now))
    return sum(_tell_one(house, scenes, now) for scenes in by_cycle.values())


def _take_back(house: House, now: datetime) -> None:
    """A letter that still waits and names a case its reader has no part in any more: another is made in its place.

    One to somebody who has left the directory stays, and is held in sight when it comes to the door.
    """
    codes = tuple(dict.fromkeys(code for _, code, _ in TOLD))
    waiting = house.store.load_letters(states=(LetterState.READY, LetterState.DEFERRED), codes=codes, whole=False)
    for letter in (x for x in waiting if x.audits and house.store.find_person(x.to) and judge(house, x)):
        with house.store.tx():
            house.store.finish_letter(letter.id, LetterState.CANCELLED, "a case in it is not theirs any more", tried=False)
            house.store.journal("letter cancelled", now, letter.audit, data={"code": letter.code, "to": letter.to})


def _tell_one(house: House, scenes: list[Scene], now: datetime) -> int:
    before = [Told(code, to, s.audit.ref, key, counts) for s in scenes
              for code, to, key, counts in house.store.load_told(s.audit.ref)]
    by_ref = {s.audit.ref: s for s in scenes}
    wishes = decide_tellings(scenes, before)
    letters = [x for wish in wishes for x in _compose(house, wish, by_ref, now)]
    with house.store.tx():
        enqueue(house, letters, now)
        for ref in dict.fromkeys(r for w in wishes for r in w.audits):
            told = [f"{w.code} {w.address}" for w in wishes if ref in w.audits]
            house.store.journal("T-61", now, ref, data={"told": told})
    return len(letters)


def tell_elsewhere(house: House, letter: Letter, address: str, now: datetime) -> tuple[Letter, ...]:
    """T-43: what a letter about several audits told, made for a second address; nothing where none of it is theirs now."""
    states = states_to_tell(house.policy.framework)
    audits = [house.store.get_audit(ref) for ref in letter.audits]
    by_ref = {a.ref: house.scene(a, now) for a in audits if a.state in states}
    wish = tell_again(by_ref.values(), letter, address)
    return _compose(house, wish, by_ref, now) if wish else ()


def _compose(house: House, wish: Wish, by_ref: dict[str, Scene], now: datetime) -> tuple[Letter, ...]:
    scenes = tuple(by_ref[ref] for ref in wish.audits)
    if len(scenes) == 1:
        return compose(wish, desk_for(house, now, scene=scenes[0]))
    return compose(wish, replace(desk_for(house, now), scenes=scenes))


def told_about(house: House, ref: str) -> tuple[str, ...]:
    """The letters that told anybody of one audit, as "OUT-06 somebody@…"; cancelled ones have told nobody."""
    return tuple(f"{code} {to}" for code, to, _, counts in house.store.load_told(ref) if counts)
