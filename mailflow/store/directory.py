"""People, absences, cases and cycles: what a council gives us, kept as whole values."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from mailflow.model import Absence, Case, Cycle, Person
from mailflow.model.bulk import in_bulk
from mailflow.store.base import Base, Row
from mailflow.store.values import from_text, from_texts, to_address, to_column, to_text


class Directory(Base):
    def save_people(self, people: Iterable[Person]) -> None:
        """Replace the whole directory, keeping its order. Absences people told us of themselves stay as they are.

        The same address twice raises Broken: reading the sheet finds that first.
        """
        found = tuple(people)
        self._write("delete from delegate")
        self._write("delete from person")
        self._write_many(
            "insert into person (address, place, second_address, value) values (?, ?, ?, ?)",
            [(to_address(p.address), n, to_address(p.second_address), to_text(p)) for n, p in enumerate(found)],
        )
        self._write_many(
            "insert into delegate (delegate, address) values (?, ?) on conflict do nothing",
            [(to_address(d), to_address(p.address)) for p in found for d in p.delegates],
        )

    def load_people(self) -> tuple[Person, ...]:
        """Everybody, in directory order, with their absences from both sources."""
        away: dict[str, list[Absence]] = {}
        for address, *days in self._read("select address, from_on, to_on, source from absence order by from_on, to_on"):
            away.setdefault(address, []).append(_absence(days))
        rows = self._read("select value, address from person order by place")
        return tuple(_with_absences(from_text(Person, value), away.get(address, [])) for value, address in rows)

    def find_person(self, address: str) -> Person | None:
        """Whose address this is, first or second. A second address two people share names nobody."""
        wanted = to_address(address)
        if not wanted:
            return None
        rows = self._read("select value, address from person where address = ?", (wanted,))
        rows = rows or self._read("select value, address from person where second_address = ?", (wanted,))
        return self._person(rows[0]) if len(rows) == 1 else None

    def find_delegators(self, address: str) -> tuple[Person, ...]:
        """Everybody who named this address as a delegate, in directory order."""
        rows = self._read(
            "select p.value, p.address from delegate d join person p on p.address = d.address"
            " where d.delegate = ? order by p.place",
            (to_address(address),),
        )
        return tuple(self._person(row) for row in rows)

    def _person(self, row: Row) -> Person:
        value, address = row
        days = self._read(
            "select from_on, to_on, source from absence where address = ? order by from_on, to_on", (address,)
        )
        return _with_absences(from_text(Person, value), [_absence(d) for d in days])

    def save_absence(self, address: str, absence: Absence) -> None:
        """Add days away to an address; the same ones twice are kept once. The next import leaves them alone."""
        self._write(
            "insert into absence (address, from_on, to_on, source) values (?, ?, ?, ?) on conflict do nothing",
            (to_address(address), absence.from_on.isoformat(), absence.to_on.isoformat(), to_column(absence.source)),
        )

    def save_cases(self, cases: Iterable[Case]) -> None:
        """Add or replace by case number; cases not named stay."""
        self._write_many(
            "insert into council_case (number, value) values (?, ?)"
            " on conflict (number) do update set value = excluded.value",
            [(to_column(c.number), to_text(c)) for c in cases],
        )

    def find_case(self, number: str) -> Case | None:
        row = self._find("select value from council_case where number = ?", (to_column(number),))
        return from_text(Case, row[0]) if row else None

    @in_bulk
    def load_cases(self) -> tuple[Case, ...]:
        """Every case, by number."""
        return from_texts(Case, [v for (v,) in self._read("select value from council_case order by number")])

    def save_cycle(self, cycle: Cycle) -> None:
        self._write(
            "insert into cycle (id, value) values (?, ?) on conflict (id) do update set value = excluded.value",
            (to_column(cycle.id), to_text(cycle)),
        )

    def find_cycle(self, cycle_id: str) -> Cycle | None:
        row = self._find("select value from cycle where id = ?", (to_column(cycle_id),))
        return from_text(Cycle, row[0]) if row else None

    def load_cycles(self) -> tuple[Cycle, ...]:
        """Every cycle, oldest first."""
        return tuple(from_text(Cycle, v) for (v,) in self._read("select value from cycle order by id"))


def _absence(row: Row | list[str]) -> Absence:
    return Absence(date.fromisoformat(row[0]), date.fromisoformat(row[1]), row[2])


def _with_absences(person: Person, more: list[Absence]) -> Person:
    return replace(person, absences=tuple(dict.fromkeys((*person.absences, *more)))) if more else person
