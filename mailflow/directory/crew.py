"""The directory found by address and by part: looked through once, it serves a thousand audits."""

from collections.abc import Iterable
from functools import cached_property

from mailflow.model import Person, Role

# Parts a person holds for the whole council; heads of service, service leaders and managers only for their own.
_COUNCIL_WIDE = (Role.QA, Role.QA_MANAGER, Role.PSW, Role.DIRECTOR, Role.DEPUTY_DIRECTOR, Role.SLT, Role.SMT, Role.PIAM,
                 Role.SAFEGUARDING_REVIEW_SM, Role.PERFORMANCE, Role.OPERATOR)


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

    @cached_property
    def council_wide(self) -> dict[str, tuple[Person, ...]]:
        """The parts somebody holds for the whole council, the same in every audit."""
        return {role.value: found for role in _COUNCIL_WIDE if (found := self.holding(role))}

    @cached_property
    def _by_role(self) -> dict[str, tuple[Person, ...]]:
        found: dict[str, list[Person]] = {}
        for person in self:
            for role in dict.fromkeys(person.roles):
                found.setdefault(str(role), []).append(person)
        return {role: tuple(people) for role, people in found.items()}
