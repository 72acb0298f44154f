"""The directory found by address and by part: looked through once, it serves a thousand audits."""

from collections.abc import Iterable
from functools import cached_property

from mailflow.model import Person, Role


class Crew(tuple[Person, ...]):
    """Everybody in the directory, in its order. A tuple like any other, that knows its people by address and by part."""

    @classmethod
    def of(cls, people: Iterable[Person]) -> "Crew":
        """The same crew where it is one already."""
        return people if isinstance(people, Crew) else cls(people)

    @cached_property
    def by_address(self) -> dict[str, Person]:
        return {p.address: p for p in self}

    def holding(self, role: str) -> tuple[Person, ...]:
        """Who holds that part, in the directory's order."""
        return self._by_role.get(str(role), ())

    def holding_any(self, roles: tuple[Role, ...]) -> dict[str, tuple[Person, ...]]:
        """Those of the parts that somebody holds, by part. The same roles are looked up once."""
        if roles not in self._looked_up:
            self._looked_up[roles] = {role.value: found for role in roles if (found := self.holding(role))}
        return self._looked_up[roles]

    @cached_property
    def _looked_up(self) -> dict[tuple[Role, ...], dict[str, tuple[Person, ...]]]:
        return {}

    @cached_property
    def _by_role(self) -> dict[str, tuple[Person, ...]]:
        found: dict[str, list[Person]] = {}
        for person in self:
            for role in dict.fromkeys(person.roles):
                found.setdefault(str(role), []).append(person)
        return {role: tuple(people) for role, people in found.items()}
