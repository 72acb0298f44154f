"""Cases to auditors so that nobody goes without who could be served, whatever the dice say.

Auditors take the first case of the line that is free and legal for them. Where there is none, earlier pairs are changed
round along the shortest path that frees one (augmenting paths, breadth first). What may be taken once is an *owner*: the
practitioner where the rules say so, else the case itself.

Most of the line is never looked at: cases are kept by class (team and service), a whole class is legal for an auditor or
not, and the few cases somebody is barred from in person stand in a set.
"""

from collections import deque
from collections.abc import Callable, Hashable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property

Slot = tuple[str, int]
Class = tuple[str, str]


@dataclass(frozen=True)
class Line:
    """The cases in the order they are given out, by place: each one's class and owner."""

    classes: Sequence[Class]
    owners: Sequence[str]


# How many free places are looked at one by one before the classes are asked.
_NEAR = 32
_NOBODY: Set[int] = frozenset()


class Pairing:
    """``may`` says whether a class is legal for an auditor; ``barred`` are the places they may not take in person.

    ``kinds`` gives two auditors the same word where every class is legal for both or for neither. ``gone`` owners have
    been taken already.
    """

    def __init__(self, line: Line, may: Callable[[str, Class], bool], barred: Mapping[str, Set[int]],
                 kinds: Mapping[str, Hashable], gone: Set[str]) -> None:
        self._line, self._may, self._barred, self._kinds = line, may, barred, kinds
        self._classes = tuple(dict.fromkeys(line.classes))
        self._heads = dict.fromkeys(self._classes, 0)
        self._legal: dict[Hashable, dict[Class, None]] = {}
        self._gone, self._front = gone, 0
        self._slots: dict[str, Slot] = {}
        self._owner_of: dict[Slot, str] = {}
        self._places: dict[Slot, int] = {}
        # Owners from which no free case can be reached; no later search has to look there again.
        self._dead: set[str] = set()

    def serve(self, slot: Slot) -> bool:
        """Give the slot a case, moving others to other cases where that is the only way."""
        came_from: dict[str, Slot] = {}
        waiting, seen = deque([slot]), set()
        while waiting:
            now = waiting.popleft()
            if now[0] in seen:
                continue
            seen.add(now[0])
            place = self._first_free(now[0])
            if place is not None:
                self._hand_over(now, place, came_from)
                return True
            for owner, holder in self._slots.items():
                if owner not in came_from and owner not in self._dead and self._first_legal(now[0], owner) is not None:
                    came_from[owner] = now
                    waiting.append(holder)
        self._dead.update(came_from)
        return False

    def pairs(self) -> list[tuple[int, str]]:
        """(place in the line, auditor)."""
        return [(place, auditor) for (auditor, _), place in self._places.items()]

    def _classes_for(self, auditor: str) -> dict[Class, None]:
        """The legal classes, in a fixed order."""
        kind = self._kinds[auditor]
        if kind not in self._legal:
            self._legal[kind] = {c: None for c in self._classes if self._may(auditor, c)}
        return self._legal[kind]

    @cached_property
    def _queues(self) -> dict[Class, list[int]]:
        """Class → its places in the order of the line. Most draws never ask."""
        queues: dict[Class, list[int]] = {}
        for place, kind in enumerate(self._line.classes):
            queues.setdefault(kind, []).append(place)
        return queues

    @cached_property
    def _by_owner(self) -> dict[str, list[int]]:
        owners: dict[str, list[int]] = {}
        for place, owner in enumerate(self._line.owners):
            owners.setdefault(owner, []).append(place)
        return owners

    def _is_free(self, place: int) -> bool:
        owner = self._line.owners[place]
        return owner not in self._slots and owner not in self._gone

    def _first_free(self, auditor: str) -> int | None:
        """The first place of the line whose owner is free and which this auditor may take."""
        barred, legal = self._barred.get(auditor, _NOBODY), self._classes_for(auditor)
        near, size = 0, len(self._line.owners)
        # An owner once taken is never free again, so what stands at the front may be passed for good.
        while self._front < size and not self._is_free(self._front):
            self._front += 1
        for place in range(self._front, size):
            if near == _NEAR:
                break
            if self._is_free(place):
                near += 1
                if self._line.classes[place] in legal and place not in barred:
                    return place
        return self._first_by_class(legal, barred) if near == _NEAR else None

    def _first_by_class(self, legal: Mapping[Class, None], barred: Set[int]) -> int | None:
        best = None
        for kind in legal:
            queue, head = self._queues[kind], self._heads[kind]
            while head < len(queue) and not self._is_free(queue[head]):
                head += 1
            self._heads[kind] = head
            for at in range(head, len(queue)):
                place = queue[at]
                if best is not None and place > best:
                    break
                if place not in barred and self._is_free(place):
                    best = place
                    break
        return best

    def _first_legal(self, auditor: str, owner: str) -> int | None:
        barred, legal = self._barred.get(auditor, _NOBODY), self._classes_for(auditor)
        return next((p for p in self._by_owner[owner] if p not in barred and self._line.classes[p] in legal), None)

    def _hand_over(self, slot: Slot, place: int, came_from: Mapping[str, Slot]) -> None:
        """Walk the path back: each slot takes the owner it was led to, and gives up the one it had."""
        while True:
            owner = self._line.owners[place]
            before = self._owner_of.get(slot)
            self._slots[owner], self._owner_of[slot], self._places[slot] = slot, owner, place
            if before is None:
                return
            slot = came_from[before]
            found = self._first_legal(slot[0], before)
            assert found is not None
            place = found
