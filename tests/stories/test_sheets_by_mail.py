"""The council sends its sheets of people and cases to the mailbox (IN-20, IN-21)."""

import csv
import io
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import openpyxl

from mailflow.directory import CASE_COLUMNS, PEOPLE_COLUMNS
from mailflow.model import Absence, Case, Person
from tests.stories.conftest import Found
from tests.stories.telling import code_in, codes, happened
from tests.world import QA, TMS, World, auditor, case_number, make_cases, make_people, practitioner

BEA = auditor(0)
OFFICE = Person("petra.office@northmoor.example", "Petra Office", ("performance",))


def person_row(p: Person) -> list[str]:
    away = p.absences[0] if p.absences else None
    return [p.address, p.name, ", ".join(p.roles), p.team, p.service, p.manager, ", ".join(p.delegates),
            f"{away.from_on:%d/%m/%Y}" if away else "", f"{away.to_on:%d/%m/%Y}" if away else "", "", p.phone, "", ""]


def case_row(c: Case) -> list[str]:
    return [c.number, c.category, c.team, c.practitioner, c.service, c.tm, c.iro, "03/11/2025", "", "no", "", "", ""]


def workbook(columns: Iterable[str], rows: Iterable[list[str]]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (list(columns), *rows):
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def csv_of(columns: Iterable[str], rows: Iterable[list[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([list(columns), *rows])
    return out.getvalue().encode()


def people_sheet(people: Iterable[Person], *more: list[str]) -> bytes:
    return workbook(PEOPLE_COLUMNS, [*(person_row(p) for p in people), *more])


def send(world: World, sender: str, at: str, **documents: bytes) -> str:
    mail = world.write(sender, "Please find our new sheet.", subject="Sheets", documents=[
        (f"{name}.xlsx", data) for name, data in documents.items()])
    world.run(at)
    return mail


def test_a_new_directory_is_taken_in_and_the_sender_hears_what_changed(northmoor: Found) -> None:
    """One person new, one moved, one gone, one away, one row wrong: each is told with its row."""
    world = northmoor(auditors=3)
    people = list(make_people(3))
    gone = next(p for p in people if p.address == auditor(2))
    moved = replace(people[6], team="Harbour East")
    away = replace(people[8], absences=(Absence(date(2026, 9, 14), date(2026, 9, 18)),))
    new = Person("ida.moor@northmoor.example", "Ida Moor", ("auditor",), "Practice", "Quality")
    sheet = people_sheet([*(moved if p == people[6] else away if p == people[8] else p for p in people if p != gone), new],
                         ["x@northmoor.example", "Xena", "boss"])
    mail = send(world, QA, "2026-09-02 10:00", people=sheet)
    assert world.inbound(mail).disposition == "accept" and codes(world.answers_to(mail)) == ["OUT-94"]
    letter = world.sent("OUT-94", to=QA)[-1]
    text = " ".join(letter.text.split())
    assert "1 added, 2 changed, 1 gone" in text and "Ida Moor" in text and gone.name in text
    assert f"{moved.name} ({moved.address}): team" in text and f"{away.name} ({away.address}): absences" in text
    assert "Row 16: 'boss' is not a role we know" in text and letter.documents == ("differences-people.xlsx",)
    store = world.house.store
    assert store.find_person(new.address) == new and store.find_person(gone.address) is None
    kept = store.find_person(away.address)
    assert kept is not None and kept.is_away(date(2026, 9, 15))


def test_people_and_cases_in_one_mail_are_taken_together_and_answered_once(northmoor: Found) -> None:
    """A case may name somebody who comes with the same mail; the performance team may send sheets too."""
    world = northmoor(people=[OFFICE])
    new = Person("ida.moor@northmoor.example", "Ida Moor", ("practitioner",), "Harbour", "Safeguarding", TMS["Harbour"])
    case = replace(make_cases(2)[1], practitioner=new.address)
    mail = send(world, OFFICE.address, "2026-09-02 10:00", people=people_sheet([*make_people(1), OFFICE, new]),
                cases=workbook(CASE_COLUMNS, [case_row(case)]))
    assert codes(world.answers_to(mail)) == ["OUT-94"]
    text = " ".join(world.sent("OUT-94")[-1].text.split())
    assert "sheet of people" in text and "sheet of cases" in text and "case 4100017" in text
    assert world.house.store.find_case(case_number(1)) == case


def test_a_directory_that_would_lose_everybody_is_held(northmoor: Found) -> None:
    """Without a QA officer, or without more than half of the people, nothing is changed and the reason is told."""
    world = northmoor(auditors=3)
    before = world.house.store.load_people()
    for people, why in (([p for p in make_people(3) if "qa" not in p.roles], "nobody with the role qa"),
                        ([p for p in make_people(3) if p.address == QA], "13 of the 14 people")):
        mail = send(world, QA, "2026-09-02 10:00", people=people_sheet(people))
        assert world.inbound(mail).disposition == "hold" and world.house.store.load_people() == before
        text = " ".join(world.sent("OUT-94", to=QA)[-1].text.split())
        assert why in text and "Nothing has changed" in text


def test_a_directory_without_half_of_the_people_is_taken_when_its_code_comes_back(northmoor: Found) -> None:
    """T-72: from the same person, within a day, once; the code of somebody else does nothing."""
    world = northmoor(auditors=3, people=[OFFICE])
    few = [p for p in make_people(3) if p.address in (QA, BEA)]
    send(world, QA, "2026-09-02 10:00", people=people_sheet(few))
    letter = world.sent("OUT-94", to=QA)[-1]
    world.write(OFFICE.address, code_in(letter), answers=letter)
    world.run("2026-09-02 10:30")
    assert len(world.house.store.load_people()) == 15
    mail = world.write(QA, code_in(letter), answers=letter)
    world.run("2026-09-02 11:00")
    assert codes(world.answers_to(mail)) == ["OUT-94"] and len(world.house.store.load_people()) == 2
    again = world.write(QA, code_in(letter), answers=letter)
    world.run("2026-09-02 12:00")
    assert codes(world.answers_to(again)) == ["OUT-88"]


def test_a_sheet_from_anybody_else_changes_nothing(northmoor: Found) -> None:
    """A team manager, an auditor, a stranger: handled as any document that is no form, and the directory stays."""
    world = northmoor(auditors=2)
    before = world.house.store.load_people()
    for sender in (TMS["Harbour"], BEA, "somebody@elsewhere.example"):
        mail = send(world, sender, "2026-09-02 10:00", people=people_sheet(list(make_people(1))))
        assert "OUT-94" not in codes(world.answers_to(mail)) and world.house.store.load_people() == before


def test_the_same_sheet_twice_changes_nothing_the_second_time(northmoor: Found) -> None:
    world = northmoor(auditors=2)
    for at in ("2026-09-02 10:00", "2026-09-02 11:00"):
        send(world, QA, at, people=people_sheet(make_people(2)))
    text = " ".join(world.sent("OUT-94", to=QA)[-1].text.split())
    assert "0 added, 0 changed, 0 gone" in text and world.sent("OUT-94")[-1].documents == ()


def test_a_csv_will_do(northmoor: Found) -> None:
    world = northmoor(auditors=2)
    sheet = csv_of(CASE_COLUMNS, [case_row(replace(make_cases(2)[1], team="Tidal"))])
    mail = world.write(QA, "Cases.", subject="Sheet", documents=[("cases.csv", sheet)])
    world.run("2026-09-02 10:00")
    assert codes(world.answers_to(mail)) == ["OUT-94"]
    found = world.house.store.find_case(case_number(1))
    assert found is not None and found.team == "Tidal"


def test_a_case_that_changes_hands_by_sheet_is_seen_in_its_audit(northmoor: Found) -> None:
    """T-45: the earlier practitioner is kept with the audit; the new one is told of it the next morning."""
    world = northmoor(auditors=2)
    ref = next(r for r in world.refs if world.house.get_case(world.audit(r)).practitioner == practitioner(0))
    case = replace(world.house.get_case(world.audit(ref)), practitioner=practitioner(1))
    send(world, QA, "2026-09-02 10:00", cases=workbook(CASE_COLUMNS, [case_row(case)]))
    assert world.audit(ref).former_practitioners == (practitioner(0),) and "T-45" in happened(world, ref)
    send(world, QA, "2026-09-02 11:00", cases=workbook(CASE_COLUMNS, [case_row(case)]))
    assert happened(world, ref).count("T-45") == 1
