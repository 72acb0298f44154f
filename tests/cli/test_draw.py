"""`cases import` for Annex A workbooks, and `draw verify`: what a QA officer types, and what they are told."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest

from mailflow.framework import load_framework
from mailflow.model import Case, Cycle
from mailflow.process.draw.selection import make_record
from mailflow.store import Store
from outbox.sheets.sampling import compose_sampling_record
from tests.cli.command import mailflow, shell
from tests.directory.annex_books import save_book, sheet_rows

TODAY = datetime.now(UTC).date()
TAKEN = f"{TODAY - timedelta(days=3):%d/%m/%Y}"
# Every month is open, so that it does not matter in which one these tests are run.
MONTHS = "".join(f'"{n:02d}" = {{type = "audit"}}\n' for n in range(1, 13))
ANNEX = f'\n[profile.selection]\nsource = "annex_a"\n[profile.calendar.months]\n{MONTHS}'


@pytest.fixture
def council(filled: Path) -> Path:
    """Northmoor with its directory, drawing from Annex A; its own cases sheet was imported as well."""
    with (filled / "mailflow.toml").open("a", encoding="utf-8") as settings:
        settings.write(ANNEX)
    return filled


def practitioners(folder: Path) -> list[str]:
    book = openpyxl.load_workbook(folder / "people.xlsx")
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    return [str(row[1]) for row in rows[1:] if "practitioner" in str(row[2])]


def stored(folder: Path) -> dict[str, Case]:
    with Store.read_only(folder / "state", "audits@northmoor.example") as store:
        return {c.number: c for c in store.load_cases()}


def workbook(folder: Path, *rows: dict[str, object], name: str = "annex.xlsx", number: int = 6) -> Path:
    return save_book(folder / name, {f"List {number}": sheet_rows(number, *rows)})


def test_an_annex_a_workbook_is_known_by_its_sheets_and_its_cases_can_be_drawn(council: Path) -> None:
    first, second = practitioners(council)[:2]
    own = stored(council)
    number = next(n for n, c in own.items() if c.iro)
    workbook(council, {"id": 9101, "worker": first}, {"id": number, "worker": second}, {"id": 9102, "worker": "#N/A"},
             {"id": "Maisie Brown", "worker": first}, {"id": 9103, "cin_end": date(2026, 1, 1)})
    done = mailflow("cases", "import", "annex.xlsx", "--extract-date", TAKEN, folder=council)
    assert done.code == 1, "one row was not taken"
    assert "3 cases taken in from 4 rows" in done.out and "1 rows are of cases that are over" in done.out
    assert "1 cases can't be drawn" in done.out and "the child's unique id is not a case number" in done.out
    assert "List 7 is not in annex.xlsx" in done.out
    assert "Maisie" not in done.out + done.err and first not in done.out
    cases = stored(council)
    assert cases["9101"].lists == (6,) and cases["9101"].extract_on and cases["9102"].practitioner == ""
    assert cases[number].iro == own[number].iro, "what the council's own sheet said stays"
    drawn = mailflow("open", f"{TODAY:%Y-%m}", "--dry-run", "--json", "--seed", "s", folder=council).well().json
    assert {row[1] for row in drawn["allocated"]} <= {"9101", number}
    assert ["9102", "no worker is known"] in drawn["exclusions"]
    assert {why for n, why in drawn["exclusions"] if n != "9102"} == {"not on the Annex A lists 6, 7, 8, 9", "restricted"}


def test_another_worker_in_a_later_extract_is_a_change_of_practitioner(council: Path) -> None:
    """T-45: the audit that goes on keeps who worked on the case before, as it does after the council's own sheet."""
    first, second = practitioners(council)[:2]
    workbook(council, {"id": 9101, "worker": first})
    mailflow("cases", "import", "annex.xlsx", "--extract-date", TAKEN, folder=council).well()
    old = stored(council)["9101"].practitioner
    mailflow("open", f"{TODAY:%Y-%m}", "--seed", "s", folder=council).well()
    workbook(council, {"id": 9101, "worker": second})
    mailflow("cases", "import", "annex.xlsx", "--extract-date", TAKEN, folder=council).well()
    with Store.read_only(council / "state", "audits@northmoor.example") as store:
        (audit,) = store.find_audits(case_number="9101")
        assert audit.former_practitioners == (old,) and "T-45" in [e.kind for e in store.load_journal(audit.ref)]
    assert stored(council)["9101"].practitioner not in ("", old)


def test_the_same_workbook_twice_is_the_same_cases(council: Path) -> None:
    workbook(council, {"id": 9101, "worker": practitioners(council)[0]})
    for _ in range(2):
        mailflow("cases", "import", "annex.xlsx", "--extract-date", TAKEN, folder=council).well()
        first = stored(council)
    assert first == stored(council)
    mailflow("cases", "import", "cases.xlsx", folder=council).well()
    assert stored(council)["9101"] == first["9101"], "the council's own sheet takes nothing away"


def test_a_joined_sheet_names_reviewing_officers_and_workers(council: Path) -> None:
    worker = openpyxl.load_workbook(council / "cases.xlsx").worksheets[0]["D2"].value
    (council / "join.csv").write_text(f"case number,IRO email,worker,worker email\n9101,joy.mensah@northmoor.example,,\n"
                                      f",,A. Temp,{worker}\n9102,nobody@northmoor.example,,\n", encoding="utf-8")
    workbook(council, {"id": 9101, "worker": "Temp, A"}, {"id": 9102, "worker": "Temp, A"})
    done = mailflow("cases", "import", "annex.xlsx", "--extract-date", TAKEN, "--join", "join.csv", folder=council)
    assert done.code == 1 and "nobody@northmoor.example is not in the directory" in done.out
    found = stored(council)["9101"]
    assert (found.practitioner, found.iro) == (worker, "joy.mensah@northmoor.example") and "9102" not in stored(council)


@pytest.mark.parametrize(("words", "why"), [
    (("--extract-date", f"{TODAY - timedelta(days=40):%d/%m/%Y}"), "more than 35 days ago"),
    ((), "does not say when the extract was taken"),
    (("--extract-date", "yesterday"), "is not a date"),
])
def test_an_extract_that_is_old_or_without_its_day_is_refused(council: Path, words: tuple[str, ...], why: str) -> None:
    before = stored(council)
    workbook(council, {"id": 9101})
    done = mailflow("cases", "import", "annex.xlsx", *words, folder=council)
    assert done.code == 65 and why in done.err and stored(council) == before


def test_a_framework_that_draws_from_the_councils_own_sheet_says_so(filled: Path) -> None:
    workbook(filled, {"id": 9101})
    done = mailflow("cases", "import", "annex.xlsx", "--extract-date", TAKEN, folder=filled)
    assert done.code == 65 and 'source = "annex_a"' in done.err


def test_a_send_annex_a_and_what_is_no_workbook_are_refused(council: Path) -> None:
    rows = [["Unique ID", "Date of birth", "EHC plan issued"], [1, "01/02/2015", "01/02/2020"]]
    save_book(council / "send.xlsx", {"List 1": rows, "List 2": rows})
    done = mailflow("cases", "import", "send.xlsx", folder=council)
    assert done.code == 65 and "SEND inspection" in done.err
    done = mailflow("cases", "import", "mailflow.toml", "--annex-a", folder=council)
    assert done.code == 65 and "is not an Annex A workbook" in done.err


def sampling(folder: Path, count: int = 60) -> Path:
    rules = load_framework("framework-2023", {"send": {"allowed_domains": ["northmoor.example"]}})
    from mailflow.model import Person

    people = [Person(f"a{n}@northmoor.example", "A", ("auditor",), "Audit") for n in range(9)]
    cases = [Case(f"40{n:03d}", "CIN", "North", f"w{n}@northmoor.example", "Care") for n in range(count)]
    opens = date(2026, 11, 2)
    record = make_record(rules, Cycle("2611", "audit", opens, opens, opens, seed="s"), cases, people, {})
    document = compose_sampling_record(record, datetime(2026, 10, 30, tzinfo=UTC))
    (folder / document.name).write_bytes(document.data)
    return folder / document.name


def test_a_record_is_drawn_again_from_the_file_alone(tmp_path: Path) -> None:
    """No settings, no store, no people: an inspector's machine is enough."""
    sampling(tmp_path)
    done = shell("draw", "verify", "sampling-2611.xlsx", folder=tmp_path).well()
    assert "from 60 cases: the same 9 cases to the same auditors" in done.out
    told = mailflow("draw", "verify", "sampling-2611.xlsx", "--json", folder=tmp_path).well().json
    assert told["same"] and told["cases"] == 9 and not told["changes"]


def test_what_was_changed_is_shown_and_the_command_fails(tmp_path: Path) -> None:
    path = sampling(tmp_path)
    book = openpyxl.load_workbook(path)
    book["Drawn"]["B2"].value = "a0@northmoor.example" if book["Drawn"]["B2"].value != "a0@northmoor.example" else "a1@x.example"
    book.save(path)
    done = mailflow("draw", "verify", path, folder=tmp_path)
    assert done.code == 1 and "Drawn, row 2: the sheet says" in done.out


def test_what_is_no_record_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"nothing of the kind")
    save_book(tmp_path / "b.xlsx", {"List 6": sheet_rows(6, {"id": 1})})
    for name in ("a.xlsx", "b.xlsx"):
        done = mailflow("draw", "verify", name, folder=tmp_path)
        assert done.code == 65 and name in done.err and "Traceback" not in done.err
