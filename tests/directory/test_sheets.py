"""A council's sheets: headers as people write them, bad rows named, nothing guessed."""

from pathlib import Path

import openpyxl
import pytest

from mailflow.directory import CASE_COLUMNS, PEOPLE_COLUMNS, BadRow, parse_cases, parse_people, read_sheet
from mailflow.directory.blanks import make_blanks
from mailflow.directory.values import CASE_REQUIRED, PEOPLE_REQUIRED
from mailflow.errors import PermanentError
from mailflow.model import Absence

CATEGORIES = ("CIN", "CP", "LAC")


def people_from(text: str, tmp_path: Path):
    path = tmp_path / "people.csv"
    path.write_text(text, encoding="utf-8")
    return parse_people(read_sheet(path, PEOPLE_COLUMNS, PEOPLE_REQUIRED))


def cases_from(text: str, tmp_path: Path, known: frozenset[str] = frozenset({"e@northmoor.example"})):
    path = tmp_path / "cases.csv"
    path.write_text(text, encoding="utf-8")
    return parse_cases(read_sheet(path, CASE_COLUMNS, CASE_REQUIRED), CATEGORIES, ("red", "QA"), known)


def test_headers_are_matched_without_case_spaces_and_punctuation(tmp_path: Path) -> None:
    people, bad = people_from("E-Mail,NAME ,Roles,Manager  e-mail\nA@Northmoor.example,Ada Cole,Team manager,\n", tmp_path)
    assert not bad
    assert people[0].address == "a@northmoor.example" and people[0].roles == ("tm",)


def test_a_title_above_the_headers_and_blank_rows_do_not_matter(tmp_path: Path) -> None:
    text = "Northmoor directory,,\n,,\nemail,name,roles\n,,\na@northmoor.example,Ada Cole,\"auditor, qa\"\n"
    people, bad = people_from(text, tmp_path)
    assert [p.roles for p in people] == [("auditor", "qa")] and not bad


def test_a_workbook_with_real_dates_and_numbers_reads_like_text(tmp_path: Path) -> None:
    import datetime

    book = openpyxl.Workbook()
    book.active.append(["Case number", "Category", "Team", "Practitioner email", "Open since"])
    book.active.append([401872, "cp", "Harbour", "e@northmoor.example", datetime.datetime(2026, 1, 12)])
    book.save(tmp_path / "cases.xlsx")
    sheet = read_sheet(tmp_path / "cases.xlsx", CASE_COLUMNS, CASE_REQUIRED)
    cases, bad = parse_cases(sheet, CATEGORIES, (), frozenset({"e@northmoor.example"}))
    assert not bad
    assert cases[0].number == "401872" and cases[0].category == "CP" and cases[0].open_since_on == datetime.date(2026, 1, 12)


@pytest.mark.parametrize(("row", "why"), [
    (",Ada Cole,auditor", "email is missing"),
    ("ada,Ada Cole,auditor", "is not an address"),
    ("a@northmoor.example,,auditor", "the name is missing"),
    ("a@northmoor.example,Ada Cole,wizard", "is not a role we know"),
    ("a@northmoor.example,Ada Cole,", "the roles are missing"),
    ("a@northmoor.example,Ada Cole,writer", "is not a role we know"),
    ("\"a@northmoor.example\nBcc: x@y.zz\",Ada Cole,auditor", "is not an address"),
])
def test_a_bad_row_is_named_with_its_number_and_the_rest_is_taken(row: str, why: str, tmp_path: Path) -> None:
    people, bad = people_from(f"email,name,roles\nok@northmoor.example,Olu Okafor,auditor\n{row}\n", tmp_path)
    assert [p.address for p in people] == ["ok@northmoor.example"]
    assert [b.number for b in bad] == [3] and why in bad[0].why


def test_two_rows_of_one_person_are_one_person_with_two_absences(tmp_path: Path) -> None:
    head = "email,name,roles,absent from,absent to\n"
    row = "a@northmoor.example,Ada Cole,auditor,{},{}\n"
    people, bad = people_from(head + row.format("01/09/2026", "04/09/2026") + row.format("2026-10-05", "2026-10-09"), tmp_path)
    assert not bad and len(people) == 1
    assert [a.from_on.isoformat() for a in people[0].absences] == ["2026-09-01", "2026-10-05"]
    assert isinstance(people[0].absences[0], Absence)


@pytest.mark.parametrize(("row", "why"), [
    ("Maisie Brown,CP,Harbour,e@northmoor.example", "is not a case number"),
    ("401872,XX,Harbour,e@northmoor.example", "is not a category"),
    ("401872,CP,,e@northmoor.example", "the team is missing"),
    ("401872,CP,Harbour,nobody@northmoor.example", "is not in the directory"),
])
def test_a_case_nobody_could_be_told_of_is_a_bad_row(row: str, why: str, tmp_path: Path) -> None:
    cases, bad = cases_from(f"case number,category,team,practitioner email\n{row}\n", tmp_path)
    assert not cases
    assert isinstance(bad[0], BadRow) and why in bad[0].why


def test_a_red_case_is_a_flag_and_not_a_colour(tmp_path: Path) -> None:
    head = "case number;category;team;practitioner email;QA contacts family;restricted\n"
    cases, bad = cases_from(head + "1111;CP;Harbour;e@northmoor.example;Red;no\n2222;CIN;Harbour;e@northmoor.example;;yes\n", tmp_path)
    assert not bad
    assert [(c.qa_contacts_family, c.restricted) for c in cases] == [(True, False), (False, True)]


@pytest.mark.parametrize(("written", "role"), [
    ("Service leader", "service_leader"), ("Deputy Director", "deputy_director"), ("PIAM", "piam"),
    ("Practice Improvement & Audit Manager", "piam"), ("Safeguarding & Review SM", "safeguarding_review_sm"),
    ("SMT", "smt"), ("Senior management team", "smt"), ("CP chair", "iro"), ("slt", "slt")])
def test_the_roles_of_the_five_frameworks_in_the_words_of_councils(written: str, role: str, tmp_path: Path) -> None:
    people, bad = people_from(f"email,name,roles\na@northmoor.example,Ada Cole,{written}\n", tmp_path)
    assert not bad and people[0].roles == (role,)


def test_children_of_one_family_share_a_word(tmp_path: Path) -> None:
    cases, bad = cases_from("case number,category,team,practitioner email,family\n1111,CP,Harbour,e@northmoor.example, F 7 \n", tmp_path)
    assert not bad and cases[0].family == "F 7"


@pytest.mark.parametrize(("raw", "words"), [
    (b"PK\x03\x04 not a workbook", "is not a workbook"),
    (b"\xd0\xcf\x11\xe0 old", "old or encrypted"),
    (b"nothing,of,ours\n1,2,3\n", "no row with our headers"),
    (b"email,name\na@b.example,Ada\n", "lacks the column roles"),
    (b"email,name,roles,email\n", "has the column email twice"),
    (b"", "no row with our headers"),
])
def test_what_is_no_sheet_is_refused_in_words(raw: bytes, words: str, tmp_path: Path) -> None:
    path = tmp_path / "people.xlsx"
    path.write_bytes(raw)
    with pytest.raises(PermanentError, match=words):
        read_sheet(path, PEOPLE_COLUMNS, PEOPLE_REQUIRED)


def test_the_blank_sheets_can_be_read_back_and_are_never_overwritten(tmp_path: Path) -> None:
    people, cases = make_blanks(tmp_path)
    assert read_sheet(people, PEOPLE_COLUMNS, PEOPLE_REQUIRED).rows == ()
    assert read_sheet(cases, CASE_COLUMNS, CASE_REQUIRED).columns == CASE_COLUMNS
    with pytest.raises(PermanentError, match="is there already"):
        make_blanks(tmp_path)
