"""Annex A workbooks (ANX-01…14): sheets and headers as councils spell them, one child a case, nothing kept without need."""

import io
import re
import zipfile
from dataclasses import fields
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailflow.directory.annex_a import AnnexCases, make_rules, parse_annex_a
from mailflow.directory.annex_a_join import Join, name_key, parse_join
from mailflow.directory.annex_a_sheets import looks_like_annex_a, number_of
from mailflow.directory.sheets import Sheet
from mailflow.errors import PermanentError
from mailflow.model import Case, Person
from parsers.workbook.tables import read_tables
from tests.directory.annex_books import HEADERS, NINE_OF_2024, make_book, sheet_rows

TODAY, TAKEN = date(2026, 11, 25), date(2026, 11, 20)
WORKER = Person("will.fern@northmoor.example", "Will Fern", ("practitioner",), "Harbour", "Safeguarding")
OTHER = Person("ida.o.neil@northmoor.example", "Ida O'Neil", ("practitioner",), "Meadow", "Care")
PEOPLE = (WORKER, OTHER)
CATEGORIES = ("CIN", "CP", "LAC", "CL")
CORPUS = Path(__file__).parents[1] / "corpus" / "annex"


def read(sheets: dict[str, Any] | bytes, *, lists: tuple[int, ...] = (6, 7, 8, 9), strata: tuple[str, ...] = (),
         extract_on: date | None = TAKEN, join: Join | None = None, before: dict[str, Case] | None = None,
         people: tuple[Person, ...] = PEOPLE, categories: tuple[str, ...] = CATEGORIES) -> AnnexCases:
    data = sheets if isinstance(sheets, bytes) else make_book(sheets)
    return parse_annex_a(read_tables(data), "annex.xlsx", make_rules(lists, strata, 35, categories), TODAY, extract_on,
                         people, join or Join(), before or {})


def one(sheets: dict[str, Any] | bytes, **more: Any) -> Case:
    found = read(sheets, **more)
    assert len(found.cases) == 1 and not found.bad, found
    return found.cases[0]


CIN = {"id": 4001, "cin": date(2026, 2, 1)}


@pytest.mark.parametrize("name", ["List 6", "list 6", "List_6", "LIST06", "6", "06", "6. Children in need", "6 - CIN",
                                  "Children in Need", "CHILDREN IN NEED", "CIN", "Annex A List 6", "List 6 CIN 31.10.2026"])
def test_a_sheet_is_known_by_its_name_in_every_spelling(name: str) -> None:
    assert number_of(name) == 6
    assert one({"Cover": [["Northmoor"]], name: sheet_rows(6, CIN)}).number == "4001"


@pytest.mark.parametrize("name", ["Sheet1", "Data", "Cases 2026", "Young people"])
@pytest.mark.parametrize("number", [6, 7, 8, 9])
def test_a_sheet_without_a_telling_name_is_known_by_its_headers(name: str, number: int) -> None:
    assert number_of(name) == 0
    assert one({name: sheet_rows(number, {"id": 4001})}).lists == (number,)


def test_headers_are_compared_without_case_and_punctuation_and_by_their_other_names() -> None:
    rows = [["childuniqueid", "GENDER", "DOB", "CINStartDate", "CIN_Closure_Date", "CaseStatus", "Allocated\u00a0team",
             "allocated worker:"], ["4001", "F", "01/02/2015", "01/02/2026", "", "c) Child in need plan", "Harbour", "Will Fern"]]
    found = one({"Data": rows})
    assert (found.number, found.open_since_on, found.age_band) == ("4001", date(2026, 2, 1), "10 to 15")


def test_title_rows_above_the_headers_do_not_matter_and_rows_are_numbered_as_the_sheet_shows_them() -> None:
    rows = [["Northmoor Council"], [], ["Children in need, 6 months"], *sheet_rows(6, CIN, {"id": "Maisie Brown"})]
    found = read({"List 6": rows})
    assert [c.number for c in found.cases] == ["4001"]
    assert [(b.sheet, b.number, b.why) for b in found.bad] == [("List 6", 6, "the child's unique id is not a case number")]
    assert "Maisie" not in repr(found)


def test_both_shapes_of_list_nine_are_read_and_the_personal_adviser_stands_in_for_a_worker() -> None:
    assert len(HEADERS[9]) == 13 and len(NINE_OF_2024) == 17
    old = one({"List 9": sheet_rows(9, {"id": 4001})})
    new = one({"List 9": sheet_rows(9, {"id": 4001, "worker": None, "adviser": "Ida O\u2019Neil"}, headers=NINE_OF_2024)})
    assert (old.category, old.practitioner, new.practitioner) == ("CL", WORKER.address, OTHER.address)


def test_list_eight_is_read_without_its_optional_columns() -> None:
    headers = tuple(h for h in HEADERS[8] if h not in ("Placement Location", "LA of Placement"))
    assert one({"List 8": sheet_rows(8, {"id": 4001, "lac": date(2025, 1, 5)}, headers=headers)}).category == "LAC"


@pytest.mark.parametrize(("value", "number"), [(4001, "4001"), (4001.0, "4001"), ("4001", "4001"), (" 4001\u00a0", "4001"),
                                               ("P4001/2", "P4001/2")])
def test_an_id_is_a_number_or_a_text(value: Any, number: str) -> None:
    assert one({"List 6": sheet_rows(6, CIN | {"id": value})}).number == number


@pytest.mark.parametrize("value", [date(2026, 2, 1), datetime(2026, 2, 1, 9, 30), "01/02/2026", "1/2/2026", "2026-02-01",
                                   " 01/02/2026 00:00:00", 46054])
def test_a_day_is_a_date_a_text_or_a_bare_serial(value: Any) -> None:
    assert one({"List 6": sheet_rows(6, CIN | {"cin": value})}).open_since_on == date(2026, 2, 1)


@pytest.mark.parametrize(("born", "age", "band"), [
    (None, 6.138, "5 to 9"), ("", "17.99", "16 to 17"), (None, 21, "18 and over"), (date(2026, 11, 20), None, "0 to 4"),
    (date(2016, 11, 20), 3, "10 to 15"), (date(2016, 11, 21), 3, "5 to 9"), (None, "#N/A", ""), (None, None, "")])
def test_the_age_becomes_a_band_on_the_day_of_the_extract(born: Any, age: Any, band: str) -> None:
    assert one({"List 6": sheet_rows(6, CIN | {"born": born, "age": age})}).age_band == band


def test_nbsp_curly_quotes_and_blank_rows_at_the_end_do_not_matter() -> None:
    rows = [*sheet_rows(6, CIN | {"team": "Harbour\u00a0 team ", "worker": "O\u2019Neil,\u00a0Ida"}), [None] * 14, [" "] * 14]
    found = read({"List 6": rows})
    assert not found.bad and found.rows == 1
    assert (found.cases[0].team, found.cases[0].practitioner) == ("Harbour team", OTHER.address)


def test_a_formula_cell_says_what_was_last_shown() -> None:
    data = make_book({"List 6": sheet_rows(6, CIN | {"worker": "Nobody"})})
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out := io.BytesIO(), "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                part, count = re.subn(rb'<c r="N2"[^>]*>.*?</c>', b'<c r="N2" t="str"><f>VLOOKUP(A2,X!A:B,2,0)</f><v>Will Fern</v></c>',
                                      part)
                assert count == 1
            new.writestr(name, part)
    assert one(out.getvalue()).practitioner == WORKER.address


def test_scn_19_rows_without_a_worker_or_team_are_taken_counted_and_can_not_be_drawn() -> None:
    found = read({"List 6": sheet_rows(6, {"id": 4001, "worker": "#N/A"}, {"id": 4002, "team": "#N/A"}, {"id": 4003, "worker": None},
                                       {"id": 4004}, {"id": 4005, "worker": "Someone Else"})})
    assert (len(found.cases), found.ineligible, found.bad) == (5, 4, ())
    assert [(g.number, g.why) for g in found.gaps] == [
        (2, "no worker is given"), (3, "no team is given"), (4, "no worker is given"),
        (6, "the worker is neither in the directory nor in a joined sheet")]


@pytest.mark.parametrize(("sheet", "row"), [
    ("List 6", {"status": "e) Closed episode"}), ("List 6", {"status": "E"}), ("List 6", {"status": "Closed episode"}),
    ("List 6", {"cin_end": date(2026, 10, 1)}), ("List 7", {"cp_end": "01/10/2026"}), ("List 8", {"lac_end": date(2026, 10, 1)})])
def test_a_case_that_is_over_is_dropped(sheet: str, row: dict[str, Any]) -> None:
    found = read({sheet: sheet_rows(int(sheet[-1]), {"id": 4001} | row, {"id": 4002})})
    assert [c.number for c in found.cases] == ["4002"] and found.closed == 1 and not found.bad


def test_a_closing_day_nobody_can_read_keeps_the_case_out() -> None:
    found = read({"List 7": sheet_rows(7, {"id": 4001, "cp_end": "soon"}, {"id": 4002})})
    assert [c.number for c in found.cases] == ["4002"]
    assert [(b.number, b.why) for b in found.bad] == [(2, "the closing date is not a date, so the case may be over")]


@pytest.mark.parametrize(("status", "category"), [("a) Looked after child", "LAC"), ("A", "LAC"), ("Child protection plan", "CP"),
                                                  ("b - CPP", "CP"), ("c) Child in need plan", "CIN"),
                                                  ("d) Open assessment", "CIN"), (None, "CIN"), ("An open case", "CIN")])
def test_the_status_of_list_six_says_what_the_child_is(status: Any, category: str) -> None:
    assert one({"List 6": sheet_rows(6, CIN | {"status": status})}).category == category


def test_a_child_on_several_lists_is_one_case_at_the_latest_stage_from_the_earliest_start() -> None:
    found = one({
        "List 6": sheet_rows(6, CIN | {"team": "Meadow", "worker": "Ida O'Neil", "cin": date(2024, 5, 1)},
                             CIN | {"cin": date(2025, 1, 1)}),
        "List 7": sheet_rows(7, {"id": 4001, "cp": date(2025, 6, 1), "worker": "Ida O'Neil"}),
        "List 8": sheet_rows(8, {"id": 4001, "lac": date(2026, 1, 1)}), "List 9": sheet_rows(9, {"id": 4001})})
    assert (found.category, found.lists, found.team) == ("LAC", (6, 7, 8, 9), "Harbour")
    assert found.open_since_on == date(2024, 5, 1) and found.practitioner == WORKER.address


@pytest.mark.parametrize(("lists", "category"), [((6, 9), "CL"), ((7, 9), "CP"), ((6, 7), "CP"), ((8, 9), "LAC"), ((6,), "CIN")])
def test_stage_precedence(lists: tuple[int, ...], category: str) -> None:
    assert one({f"List {n}": sheet_rows(n, {"id": 4001}) for n in lists}).category == category


def test_a_care_leavers_case_is_as_old_as_their_care_even_where_that_is_over() -> None:
    sheets = {"List 9": sheet_rows(9, {"id": 4001}, {"id": 4002}),
              "List 8": sheet_rows(8, {"id": 4001, "lac": date(2019, 3, 1), "lac_end": date(2026, 8, 1)})}
    found = {c.number: c for c in read(sheets).cases}
    assert found["4001"].open_since_on == date(2019, 3, 1) and found["4001"].category == "CL"
    assert found["4002"].open_since_on is None


def test_only_the_lists_the_profile_names_are_read() -> None:
    sheets = {"List 6": sheet_rows(6, CIN), "List 8": sheet_rows(8, {"id": 4002})}
    assert [c.number for c in read(sheets, lists=(8, 9)).cases] == ["4002"]
    assert read(sheets, lists=(8, 9)).absent == (9,)


def test_nothing_but_what_the_draw_needs_is_kept() -> None:
    """ANX-13, ANX-14: not the ethnicity, the day of birth, the postcode, nor the worker's name."""
    row = {"id": 4001, "gender": "a) Female", "ethnicity": "s) REFU", "born": date(2013, 7, 9), "disability": "a) Yes"}
    rows = sheet_rows(8, row)
    rows[1][rows[0].index("Placement postcode")] = "ZZ9 9ZZ"
    found = one({"List 8": rows})
    kept = " ".join(str(getattr(found, f.name)) for f in fields(found))
    assert not [word for word in ("Female", "REFU", "2013", "Yes", "ZZ9", "Fern") if word in kept]
    named = one({"List 8": rows}, strata=("service", "ethnicity"))
    assert (named.ethnicity, named.gender, named.disability) == ("s) REFU", "", "")


def test_the_annex_a_of_a_send_inspection_is_refused_with_its_reason() -> None:
    rows = [["Unique ID", "Date of birth", "EHC plan issued", "Primary need", "Setting"], [1, "01/02/2015", "01/02/2020", "ASD", "X"]]
    for sheets in ({"List 1": rows, "List 2": rows}, {"EHCP cohort": rows}):
        with pytest.raises(PermanentError, match="SEND inspection"):
            read(sheets)
    assert looks_like_annex_a(read_tables(make_book({"List 1": rows, "List 2": rows})))
    assert not looks_like_annex_a(read_tables(make_book({"Cases": [["Case number", "Category", "Team", "Practitioner email"]]})))


def test_another_workbook_and_a_list_that_lacks_a_column_are_refused_in_words() -> None:
    with pytest.raises(PermanentError, match=r"none of the Annex A lists 6, 7, 8, 9.*its sheets are 'Budget'"):
        read({"Budget": [["Item", "Cost"], ["Pens", 4]]})
    with pytest.raises(PermanentError, match=r"'List 6' \(list 6\) lacks the columns Allocated Worker, CIN Closure Date"):
        read({"List 6": sheet_rows(6, headers=[h for h in HEADERS[6] if h not in ("Allocated Worker", "CIN Closure Date")])})
    with pytest.raises(PermanentError, match="named as list 6 and has the columns of list 7"):
        read({"List 6": sheet_rows(7, {"id": 1})})
    with pytest.raises(PermanentError, match="'List 7' has no row of headers with Child Unique ID"):
        read({"List 6": sheet_rows(6, CIN), "List 7": [["Name", "Team", "Worker", "Age"], ["x", "y", "z", 4]]})
    with pytest.raises(PermanentError, match="are both list 6"):
        read({"List 6": sheet_rows(6, CIN), "CIN": sheet_rows(6, CIN)})


def test_the_extract_day_is_found_in_a_title_or_asked_for() -> None:
    for title in (["Extract date: 20/11/2026"], ["Data extracted", date(2026, 11, 20)], ["Position as at 20/11/2026, Northmoor"]):
        assert one({"Cover": [title], "List 6": sheet_rows(6, CIN)}, extract_on=None).extract_on == TAKEN
    for sheets in ({"List 6": sheet_rows(6, CIN)}, {"Cover": [["Extract date: 99/99/2026"], ["Extracted", 46000]]},
                   {"List 6": sheet_rows(6, CIN | {"status": "c) as at 20/11/2026"})}):
        with pytest.raises(PermanentError, match="--extract-date"):
            read({"List 6": sheet_rows(6, CIN)} | sheets, extract_on=None)


@pytest.mark.parametrize(("taken", "words"), [(date(2026, 10, 20), "more than 35 days ago"), (date(2026, 11, 26), "still to come")])
def test_an_old_extract_is_refused(taken: date, words: str) -> None:
    with pytest.raises(PermanentError, match=words):
        read({"List 6": sheet_rows(6, CIN)}, extract_on=taken)
    assert one({"List 6": sheet_rows(6, CIN)}, extract_on=date(2026, 10, 21)).extract_on == date(2026, 10, 21)


def joined(*rows: dict[str, str]) -> tuple[Join, list[tuple[int, str]]]:
    known = frozenset({WORKER.address, OTHER.address, "iris@northmoor.example"})
    join, bad = parse_join(Sheet((), tuple(enumerate(rows, 2))), ("red",), known)
    return join, [(b.number, b.why) for b in bad]


def test_the_joined_sheet_gives_reviewing_officer_and_worker_and_says_what_it_can_not_give() -> None:
    join, bad = joined(
        {"case number": "4001", "IRO email": "iris@northmoor.example", "restricted": "yes", "family": "F7"},
        {"worker": "A. N. Temp", "worker email": OTHER.address}, {"case number": "4003", "IRO email": "gone@northmoor.example"},
        {"worker": "Nobody"})
    assert bad == [(4, "IRO email: gone@northmoor.example is not in the directory"),
                   (5, "the row has neither a case number nor a worker with an address")]
    found = read({"List 6": sheet_rows(6, CIN, CIN | {"id": 4002, "worker": "Temp, A N"}, CIN | {"id": 4003})}, join=join)
    by = {c.number: c for c in found.cases}
    assert (by["4001"].iro, by["4001"].restricted, by["4001"].family) == ("iris@northmoor.example", True, "F7")
    assert by["4002"].practitioner == OTHER.address
    assert "4003" not in by and found.bad[0].number == 4, "its row might have said that it is restricted"


def test_two_people_of_one_name_need_the_joined_sheet() -> None:
    twin = Person("w.fern2@northmoor.example", "Fern, Will", ("practitioner",), "Harbour")
    found = read({"List 6": sheet_rows(6, CIN)}, people=(*PEOPLE, twin))
    assert found.cases[0].practitioner == "" and "two people" in found.gaps[0].why
    join = Join(workers={name_key("Will Fern"): twin.address})
    assert one({"List 6": sheet_rows(6, CIN)}, people=(*PEOPLE, twin), join=join).practitioner == twin.address


def test_what_stood_before_stays_where_annex_a_says_nothing_of_it() -> None:
    old = Case("4001", "CIN", "Meadow", OTHER.address, "Own", iro="iris@northmoor.example", last_audited_on=date(2026, 1, 1),
               restricted=True, qa_contacts_family=True, family="F7")
    found = one({"List 7": sheet_rows(7, {"id": 4001})}, before={"4001": old})
    assert (found.category, found.team, found.practitioner, found.service) == ("CP", "Harbour", WORKER.address, "Own")
    assert (found.iro, found.restricted, found.qa_contacts_family, found.family) == (old.iro, True, True, "F7")
    assert found.last_audited_on == date(2026, 1, 1)


def test_team_and_service_are_those_of_the_directory() -> None:
    found = one({"List 6": sheet_rows(6, CIN | {"team": "HARBOUR"})})
    assert (found.team, found.service) == ("Harbour", "Safeguarding")


def test_a_category_the_framework_does_not_audit_is_a_bad_row() -> None:
    found = read({"List 6": sheet_rows(6, CIN), "List 9": sheet_rows(9, {"id": 4002})}, categories=("CIN", "CP", "LAC"))
    assert [c.number for c in found.cases] == ["4001"]
    assert found.bad[0].why == "the framework audits no cases of the category CL"


class Plain:
    """A sheet as it might be read: any values, no file."""

    def __init__(self, name: str, values: list[list[Any]]) -> None:
        self.name, self.values, self.first = name, values, (0, 0)


anything = st.one_of(
    st.none(), st.just(""), st.booleans(), st.integers(-9, 99_999), st.floats(), st.dates(), st.datetimes(), st.times(),
    st.timedeltas(), st.text(max_size=12), st.sampled_from(("#N/A", "\u00a0", "e) Closed episode", "01/02/2026", "31/02/2026")))


@given(st.sampled_from((6, 7, 8, 9)), st.lists(st.lists(anything, min_size=34, max_size=34), max_size=8))
@settings(max_examples=200, deadline=None)
def test_whatever_stands_in_the_cells_no_row_is_lost(number: int, rows: list[list[Any]]) -> None:
    """Each row is a case, a case that is over, a bad row or blank, and nothing raises."""
    width = len(HEADERS[number])
    body = [[f"P{n}7", *row[1:width]] if n % 3 else row[:width] for n, row in enumerate(rows)]
    table = Plain(f"List {number}", [list(HEADERS[number]), *body])
    found = parse_annex_a([table], "a.xlsx", make_rules((6, 7, 8, 9), ("gender",), 35, CATEGORIES), TODAY, TAKEN, PEOPLE, Join(), {})
    blank = sum(not any(str("" if v is None else v).strip() for v in row) for row in body)
    assert found.rows + len(found.bad) + blank == len(body)
    assert len(found.cases) + found.closed <= found.rows


def test_an_old_workbook_is_read_like_a_new_one() -> None:
    """corpus/annex/lists.xls was saved by LibreOffice from the sheets of this test."""
    found = read((CORPUS / "lists.xls").read_bytes())
    assert found == read((CORPUS / "lists.xlsx").read_bytes())
    assert {c.number: c.category for c in found.cases} == {"4001": "CP", "4003": "LAC"} and found.ineligible == 1


def test_a_far_cell_costs_nothing(tmp_path: Path) -> None:
    """One cell in the last corner of a sheet would take all memory; the guard says so before anything reads it."""
    rows = sheet_rows(6, CIN)
    data = make_book({"List 6": rows})
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out := io.BytesIO(), "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                part = part.replace(b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>')
            new.writestr(name, part)
    with pytest.raises(PermanentError, match="too large"):
        read_tables(out.getvalue())
