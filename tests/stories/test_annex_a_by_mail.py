"""The performance team mails an Annex A workbook (IN-20, TS-01, TS-02)."""

from datetime import date
from typing import Any

import pytest

from mailflow.directory import CASE_COLUMNS
from tests.directory.annex_books import make_book, sheet_rows
from tests.stories.conftest import Found
from tests.stories.telling import codes
from tests.stories.test_sheets_by_mail import OFFICE, send, workbook
from tests.world import IRO, TMS, World, auditor, practitioner

LISTS = '[profile.selection]\nsource = "annex_a"\nlists = [7, 8]'
NOW = "2026-09-02 10:00"


def council(northmoor: Found, profile: str = LISTS) -> World:
    return northmoor(auditors=2, people=[OFFICE], profile=profile, opened=False)


def name_of(world: World, address: str) -> str:
    person = world.house.store.find_person(address)
    assert person is not None
    return person.name


def lists(world: World, *more: dict[str, Any], taken: str = "Extract date 01/09/2026", title: str = "List 7") -> bytes:
    worker = name_of(world, practitioner(0))
    rows = sheet_rows(7, {"id": 4200001, "cp": date(2026, 3, 2), "born": date(2015, 1, 5), "worker": worker}, *more)
    return make_book({title: [[taken], *rows]})


def told(world: World) -> str:
    return " ".join(world.sent("OUT-94")[-1].text.split())


def test_the_lists_are_taken_in_and_the_sender_hears_of_every_row_that_is_not(northmoor: Found) -> None:
    """TS-02: a row without a number comes back by sheet and row; a worker nobody knows is told, and the case is not drawn."""
    world = council(northmoor)
    book = lists(world, {"cp": date(2026, 3, 2)}, {"id": 4200003, "cp": date(2026, 3, 2), "worker": "Nemo Nobody"})
    mail = send(world, OFFICE.address, NOW, annex=book)
    assert world.inbound(mail).disposition == "accept" and codes(world.answers_to(mail)) == ["OUT-94"]
    case = world.house.store.find_case("4200001")
    assert case is not None and case.practitioner == practitioner(0) and case.extract_on == date(2026, 9, 1)
    assert (case.category, case.lists) == ("CP", (7,))
    written = [e.data for e in world.house.store.load_journal() if e.kind == "IN-20"][-1]
    assert (written["extract"], written["bad_rows"], written["cases"]) == ("2026-09-01", 1, 2)
    text = told(world)
    assert "Your sheet of cases has been taken in: 2 rows in use, 2 added" in text and "The extract is of 01/09/2026" in text
    assert "Row 4: sheet List 7:" in text
    assert "Row 5: sheet List 7: the worker is neither in the directory nor in a joined sheet" in text
    assert "List 8 is not in the workbook" in text and "known for them: 1." in text
    assert "Nemo" not in text and "2015" not in text


def test_a_sheet_of_the_councils_own_beside_it_says_what_annex_a_lacks(northmoor: Found) -> None:
    """ANX-09b: who chairs the reviews, and that a case is restricted, comes with the same mail."""
    world = council(northmoor)
    row = ["4200001", "", "", "", "", "", IRO, "", "", "yes", "", "", ""]
    mail = send(world, OFFICE.address, NOW, annex=lists(world), ours=workbook(CASE_COLUMNS, [row]))
    assert codes(world.answers_to(mail)) == ["OUT-94"]
    case = world.house.store.find_case("4200001")
    assert case is not None and case.iro == IRO and case.restricted and case.practitioner == practitioner(0)


def test_the_same_lists_twice_change_nothing_the_second_time(northmoor: Found) -> None:
    world = council(northmoor)
    for at in (NOW, "2026-09-02 11:00"):
        send(world, OFFICE.address, at, annex=lists(world))
    assert "1 row in use, 0 added, 0 changed, 0 gone" in told(world)


@pytest.mark.parametrize(("how", "why"), (
    ({"taken": "Extract date 01/06/2026"}, "more than 35 days ago"),
    ({"taken": "Extract date 01/12/2026"}, "is still to come"),
    ({"taken": "Children"}, "does not say when the extract was taken"),
    ({"title": "List 8"}, "is named as list 8 and has the columns of list 7"),
))
def test_lists_that_may_not_be_right_are_held_and_nothing_changes(northmoor: Found, how: dict[str, str], why: str) -> None:
    world = council(northmoor)
    mail = send(world, OFFICE.address, NOW, annex=lists(world, **how))
    assert world.inbound(mail).disposition == "hold" and world.house.store.find_case("4200001") is None
    text = told(world)
    assert why in text and "Nothing has changed" in text and "mend that, and send all of it again" in text
    assert "everybody" not in text


@pytest.mark.parametrize(("text", "extract"), [
    ("Here are this month's lists.\nExtract date 01/09/2026\n\nOffice", date(2026, 9, 1)),
    ("The lists, data as at 1.9.2026.", date(2026, 9, 1)),
    ("Extracted on 01/09/2026, or perhaps:\nextracted on 31/08/2026", None),
    ("We meet on 01/09/2026.", None),
])
def test_the_day_may_be_said_in_the_email_where_the_workbook_does_not(northmoor: Found, text: str, extract: date | None) -> None:
    world = council(northmoor)
    world.write(OFFICE.address, text, subject="Annex A", documents=[("annex.xlsx", lists(world, taken="Children"))])
    world.run(NOW)
    case = world.house.store.find_case("4200001")
    assert (case.extract_on if case else None) == extract
    assert ("does not say when the extract was taken" in told(world)) is (extract is None)


def test_what_the_workbook_says_itself_counts_before_what_the_email_says(northmoor: Found) -> None:
    world = council(northmoor)
    world.write(OFFICE.address, "Extract date 31/08/2026", documents=[("annex.xlsx", lists(world))])
    world.run(NOW)
    case = world.house.store.find_case("4200001")
    assert case is not None and case.extract_on == date(2026, 9, 1)


def test_an_older_extract_never_takes_the_place_of_a_newer(northmoor: Found) -> None:
    world = council(northmoor)
    send(world, OFFICE.address, NOW, annex=lists(world))
    mail = send(world, OFFICE.address, "2026-09-02 11:00", annex=lists(world, taken="Extract date 20/08/2026"))
    assert world.inbound(mail).disposition == "hold" and "one of 01/09/2026 is in already" in told(world)


def test_a_council_that_draws_from_its_own_sheet_is_told_so(northmoor: Found) -> None:
    world = council(northmoor, profile="")
    mail = send(world, OFFICE.address, NOW, annex=lists(world))
    assert world.inbound(mail).disposition == "hold" and "draws from the council's own cases sheet" in told(world)


def test_lists_from_anybody_else_change_nothing(northmoor: Found) -> None:
    world = council(northmoor)
    for sender in (TMS["Harbour"], auditor(0), "somebody@elsewhere.example"):
        mail = send(world, sender, NOW, annex=lists(world))
        assert "OUT-94" not in codes(world.answers_to(mail)) and world.house.store.find_case("4200001") is None
