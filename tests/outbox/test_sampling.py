"""The sampling record (DOC-01): anybody can draw again from the sheet alone, and no cell of it can be changed unseen."""

import io
from datetime import UTC, date, datetime

import openpyxl
import pytest

from mailflow.errors import PermanentError
from mailflow.model import Absence, Case, Cycle, Person
from mailflow.model.sampling import SamplingRecord
from mailflow.process.draw.selection import draw_again, make_record
from outbox.sheets.sampling import compose_sampling_record, reason_kind
from outbox.sheets.sampling_read import find_changes, read_record
from parsers.workbook.tables import read_tables
from tests.process.builders import framework

AT = datetime(2026, 5, 29, 8, tzinfo=UTC)
OPENS = date(2026, 6, 1)
CREW = [Person(f"a{n}@northmoor.example", f"Ada {n}", ("auditor", "tm"), "North" if n == 1 else "Audit",
               absences=(Absence(OPENS, OPENS),) if n == 4 else ()) for n in range(5)]
CASES = [Case(f"40{n:02d}", "CIN", "North" if n % 3 else "South", f"w{n}@northmoor.example", "Care" if n % 2 else "MASH",
              open_since_on=date(2025, 1, 1 + n), restricted=n == 7,
              last_audited_on=date(2026, 1, n + 1) if n in (3, 5) else None, family="=F1" if n < 2 else "") for n in range(24)]


def make(**changes: object) -> SamplingRecord:
    return make_record(framework(), Cycle("2606", "audit", OPENS, OPENS, OPENS, seed="s-1"), CASES, CREW, {})


def book_of(record: SamplingRecord) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(compose_sampling_record(record, AT, "OFFICIAL").data))


def changes_of(data: bytes) -> list[str]:
    tables = read_tables(data)
    return list(find_changes(tables, draw_again(read_record(tables))))


def saved(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_the_record_says_how_it_was_drawn() -> None:
    record = make()
    book = book_of(record)
    assert book.sheetnames == ["Summary", "Rules", "Frame", "Auditors", "Excluded", "Drawn"]
    says = {row[0].value: row[1].value for row in book["Summary"].iter_rows(min_row=2)}
    assert says["Seed"] == "s-1" and says["Cases in the frame"] == "24" and says["Cases drawn"] == "4"
    assert says["Left out: restricted"] == "1" and says["Left out: audited within 12 months"] == "2"
    assert says["Service: Care"].startswith("12 in the frame") and says["Digest of the frame (SHA-256)"] == record.frame_digest
    assert says["Opening day"] == datetime(2026, 6, 1)
    assert [c.value for c in book["Drawn"][1]][:2] == ["Case number", "Auditor"] and book["Drawn"].max_row == 5
    words = {row[0].value: row[2].value for row in book["Rules"].iter_rows(min_row=2)}
    assert words["selection.own_team"] == "Nobody audits their own team."
    assert all(text for text in words.values()), "every rule is said in words"


def test_the_frame_has_only_the_columns_some_case_uses_and_nobodys_name() -> None:
    book = book_of(make())
    assert [c.value for c in book["Frame"][1]] == ["Case number", "Category", "Service", "Team", "Practitioner", "Last audited",
                                                  "Restricted", "Family"]
    text = " ".join(str(c.value) for sheet in book for row in sheet.iter_rows() for c in row)
    assert "Ada" not in text and "a0@northmoor.example" in text


def test_cells_are_text_never_formulas_and_the_same_record_has_the_same_bytes() -> None:
    record = make()
    book = book_of(record)
    family = next(c for c in book["Frame"][2] if str(c.value).startswith("=")) if book["Frame"]["H2"].value else None
    assert family is not None and family.data_type == "s" and family.quotePrefix
    assert compose_sampling_record(record, AT).data == compose_sampling_record(record, AT).data
    assert book["Frame"].freeze_panes == "A2" and book["Frame"].print_title_rows == "$1:$1"
    assert book["Frame"].oddHeader.center.text == "OFFICIAL"
    assert compose_sampling_record(record, AT).name == "sampling-2606.xlsx"


def test_drawn_again_from_the_sheet_alone_it_is_the_same() -> None:
    record = make()
    tables = read_tables(compose_sampling_record(record, AT).data)
    assert read_record(tables) == record
    assert changes_of(compose_sampling_record(record, AT).data) == []
    assert changes_of(saved(book_of(record))) == [], "also when another program has saved it again"


CELLS = [(sheet.title, cell.coordinate) for sheet in book_of(make()) for row in sheet.iter_rows(min_row=2) for cell in row
         if sheet.title in ("Summary", "Rules", "Drawn", "Excluded", "Auditors") or cell.row < 12]


@pytest.mark.parametrize(("sheet", "place"), CELLS)
def test_no_cell_can_be_changed_unseen(sheet: str, place: str) -> None:
    """Every row, the seed, every rule: what was changed does not draw again, or the record can't be read at all."""
    book = book_of(make())
    cell = book[sheet][place]
    cell.value = "4711" if cell.value != "4711" else "4712"
    try:
        assert changes_of(saved(book))
    except PermanentError:
        assert sheet in ("Rules", "Summary", "Frame")


@pytest.mark.parametrize("sheet", ["Frame", "Drawn", "Excluded", "Auditors", "Rules", "Summary"])
def test_no_row_can_be_taken_out_or_put_in_unseen(sheet: str) -> None:
    less, more = book_of(make()), book_of(make())
    less[sheet].delete_rows(2)
    more[sheet].append([cell.value for cell in more[sheet][2]])
    for book in (less, more):
        try:
            assert changes_of(saved(book))
        except PermanentError:
            assert sheet in ("Rules", "Summary")


def test_a_rule_made_milder_shows_in_the_digest() -> None:
    book = book_of(make())
    row = next(r for r in book["Rules"].iter_rows(min_row=2) if r[0].value == "selection.exclude_restricted")
    row[1].value, row[2].value = "false", "Restricted cases may be drawn."
    found = changes_of(saved(book))
    assert any("Digest of the frame" in change for change in found)


@pytest.mark.parametrize(("rule", "value"), [("selection.per_auditor", "1000000000"), ("selection.per_auditor", '"1"'),
                                             ("selection.stratify_by", '["__class__"]'), ("selection.method", "{"),
                                             ("types.audit.auditors", "7"), ("selection.own_team", "null")])
def test_rules_that_are_none_are_refused_in_words(rule: str, value: str) -> None:
    book = book_of(make())
    next(r for r in book["Rules"].iter_rows(min_row=2) if r[0].value == rule)[1].value = value
    with pytest.raises(PermanentError):
        changes_of(saved(book))


def test_another_workbook_is_no_sampling_record() -> None:
    with pytest.raises(PermanentError, match="not a sampling record"):
        read_record(read_tables(saved(openpyxl.Workbook())))


def test_reasons_are_counted_without_what_is_of_one_case_alone() -> None:
    assert reason_kind("audited within 12 months (on 2026-01-04)") == "audited within 12 months"
    assert reason_kind("nominated for a@b.example: works on it") == "nominated: works on it"
