"""The council's sheets into the store, in one transaction each (the command line; by mail: ``sheets``)."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from mailflow.errors import PermanentError
from mailflow.model import Case, Disposition, Person
from mailflow.steps.effects import Handling, Prepared, apply
from mailflow.steps.house import House
from mailflow.steps.practitioners import changed_hands

if TYPE_CHECKING:
    from mailflow.directory.annex_a import AnnexCases
    from mailflow.directory.annex_a_join import Join
    from mailflow.directory.annex_a_sheets import Table


def save_people(house: House, people: tuple[Person, ...], now: datetime | None = None) -> tuple[int, int]:
    """Replace the directory: (people now in it, people no longer in it). Absences learnt from mail are kept."""
    before = {p.address for p in house.people}
    apply(house, Handling(Disposition.ACCEPT, "", people=people), Prepared(), now or datetime.now(UTC))
    return len(people), len(before - {p.address for p in people})


def save_cases(house: House, cases: tuple[Case, ...], now: datetime | None = None, about: Mapping[str, Any] | None = None) -> None:
    """Add or renew cases; an audit that goes on is told of another practitioner (T-45). ``about``: for the journal."""
    at = now or datetime.now(UTC)
    apply(house, Handling(Disposition.ACCEPT, "", cases=cases, about_cases=about, changes=changed_hands(house, cases, at)),
          Prepared(), at)


def import_annex_a(house: House, tables: list["Table"], name: str, today: date, extract_on: date | None,
                   join: "Join") -> "AnnexCases":
    """Take in the cases of an Annex A workbook. Raises PermanentError as ``read_extract`` does; then nothing is taken in."""
    found = read_extract(house, tables, name, today, extract_on, join)
    save_cases(house, found.cases, about=about_extract(found))
    return found


def read_extract(house: House, tables: list["Table"], name: str, today: date, extract_on: date | None,
                 join: "Join", people: tuple[Person, ...] | None = None) -> "AnnexCases":
    """What an Annex A workbook says; nothing is saved. Raises PermanentError for another workbook, an extract older than
    the newest or than the profile allows (ANX-11), no usable row, or a framework that does not draw from Annex A. ``people``: the
    directory that comes with it, where one does."""
    from mailflow.directory.annex_a import make_rules, parse_annex_a

    framework = house.policy.framework
    rules = framework.selection
    if rules.source != "annex_a":
        raise PermanentError(f"{framework.id} draws from the council's own cases sheet; to draw from Annex A, say "
                             'source = "annex_a" under [profile.selection] in mailflow.toml')
    people = house.people if people is None else people
    if not people:
        raise PermanentError("the directory is empty; import your people first: `mailflow people import`")
    before = {c.number: c for c in house.store.load_cases()}
    newest = max((c.extract_on for c in before.values() if c.extract_on), default=None)
    found = parse_annex_a(tables, name, make_rules(rules.lists, rules.stratify_by, rules.extract_max_days,
                                                   framework.form.categories), today, extract_on, people, join, before)
    if newest is not None and found.extract_on < newest:
        raise PermanentError(f"{name} was taken on {found.extract_on:%d/%m/%Y}; one of {newest:%d/%m/%Y} is in already")
    if not found.cases:
        raise PermanentError(f"{name}: no row could be used, so the cases stay as they are")
    return found


def about_extract(found: "AnnexCases") -> dict[str, Any]:
    """What the journal keeps of an extract."""
    return {"source": "annex_a", "extract": found.extract_on.isoformat(), "ineligible": found.ineligible,
            "closed": found.closed, "bad_rows": len(found.bad)}
