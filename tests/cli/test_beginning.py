"""From nothing to the first letters, as a new user goes: every command is typed in the order the README gives."""

import json
import stat
import subprocess
from pathlib import Path

import openpyxl
import pytest

from mailflow.demo.council import write_sheets
from tests.cli.command import Done, command, contents, environment, mailflow, shell


def test_a_new_user_gets_from_an_empty_folder_to_letters_that_left(tmp_path: Path) -> None:
    """The README's list of commands, typed in a shell, one after the other."""
    made = shell("init", ".", folder=tmp_path).well().out
    for name in ("mailflow.toml", "mail", "people.xlsx", "cases.xlsx"):
        assert name in made and (tmp_path / name).exists()
    assert sorted(p.name for p in (tmp_path / "mail").iterdir()) == ["filed", "held", "inbox", "sent"]
    write_sheets(tmp_path)
    assert "all well" in shell("check-config", folder=tmp_path).well().out
    assert "31 people" in shell("people", "import", "people.xlsx", folder=tmp_path).well().out
    assert "14 cases" in shell("cases", "import", "cases.xlsx", folder=tmp_path).well().out
    seed = ("--seed", "northmoor", "--at", "2026-09-01T08:30")
    drawn = shell("open", "2026-09", "--dry-run", "--json", *seed, folder=tmp_path).well().json
    assert shell("status", "--json", folder=tmp_path).json["audits"] == []
    opened = shell("open", "2026-09", "--json", *seed, folder=tmp_path).well().json
    assert opened["allocated"] == drawn["allocated"] and len(opened["allocated"]) == 10
    assert list((tmp_path / "mail" / "sent").iterdir()) == []
    assert "letters sent" in shell("once", "--at", "2026-09-01T09:05", folder=tmp_path).well().out
    codes = [x["code"] for x in shell("outbox", "--json", folder=tmp_path).well().json]
    assert codes.count("OUT-04") == 10 and {"OUT-05", "OUT-06"} <= set(codes)
    assert len(list((tmp_path / "mail" / "sent").glob("*.eml"))) == len(codes)


def test_everything_with_case_data_in_it_is_private_to_its_owner(council_opened: Path) -> None:
    assert stat.S_IMODE((council_opened / "state").stat().st_mode) == 0o700
    for path in (council_opened / "state").iterdir():
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


def test_a_mailflow_toml_that_is_there_already_is_never_written_over(begun: Path) -> None:
    before = (begun / "mailflow.toml").read_bytes()
    done = mailflow("init", ".", folder=begun)
    assert done.code == 65 and "is there already" in done.err
    assert (begun / "mailflow.toml").read_bytes() == before


def test_sheets_the_council_has_filled_in_survive_a_second_init(begun: Path) -> None:
    """Somebody takes mailflow.toml away to begin again; the people and cases they typed in stay as they are."""
    (begun / "mailflow.toml").unlink()
    before = {name: (begun / name).read_bytes() for name in ("people.xlsx", "cases.xlsx")}
    mailflow("init", ".", folder=begun)
    assert {name: (begun / name).read_bytes() for name in before} == before


def test_a_framework_nobody_has_is_named(tmp_path: Path) -> None:
    done = mailflow("init", tmp_path / "council", "--framework", "framework-1066", folder=tmp_path)
    assert done.code == 2 and "framework-1066" in done.err and "Traceback" not in done.err


def test_the_blank_sheets_ask_for_every_column_that_import_takes(tmp_path: Path) -> None:
    from mailflow.directory import CASE_COLUMNS, PEOPLE_COLUMNS

    mailflow("init", ".", folder=tmp_path).well()
    for name, columns in (("people.xlsx", PEOPLE_COLUMNS), ("cases.xlsx", CASE_COLUMNS)):
        sheet = openpyxl.load_workbook(tmp_path / name).worksheets[0]
        assert [str(cell.value) for cell in sheet[1]][:len(columns)] == list(columns)


def test_opening_twice_opens_nothing_twice(opened: Path) -> None:
    before = mailflow("outbox", "--json", folder=opened).json
    again = mailflow("open", "2026-09", "--json", "--at", "2026-09-01T10:00", folder=opened).well().json
    assert len(again["allocated"]) == 10 and again["seed"] == "northmoor"
    mailflow("once", "--at", "2026-09-01T10:05", folder=opened).well()
    assert [x["message_id"] for x in mailflow("outbox", "--json", folder=opened).json] == [x["message_id"] for x in before]


def test_the_same_seed_and_sheets_draw_the_same_cases_and_another_seed_others(council_filled: Path) -> None:
    def draw(seed: str) -> list[list[str]]:
        done = mailflow("open", "2026-09", "--dry-run", "--json", "--seed", seed, "--at", "2026-09-01T08:30", folder=council_filled)
        allocated: list[list[str]] = done.well().json["allocated"]
        return allocated

    assert draw("a") == draw("a")
    assert any(draw("a") != draw(other) for other in "bcd")


def test_a_dry_draw_changes_nothing(council_filled: Path) -> None:
    before = contents(council_filled)
    said = mailflow("open", "2026-09", "--dry-run", "--at", "2026-09-01T08:30", folder=council_filled).well().out
    assert "Nothing was written or sent." in said
    assert contents(council_filled) == before


@pytest.mark.parametrize("month, words", [("2026-12", "closed"), ("September", "write 2026-11"), ("2026-13", "write 2026-11")])
def test_a_month_that_cannot_be_opened_is_a_sentence(council_filled: Path, month: str, words: str) -> None:
    done = mailflow("open", month, folder=council_filled)
    assert done.code == 65 and words in done.err and done.out == ""


def test_opening_before_anybody_is_imported_says_what_to_do(begun: Path) -> None:
    done = mailflow("open", "2026-09", folder=begun)
    assert done.code == 65 and "people import" in done.err


def test_cases_before_people_say_what_to_do(begun: Path) -> None:
    done = mailflow("cases", "import", "cases.xlsx", folder=begun)
    assert done.code == 65 and "people import" in done.err


def test_rows_that_cannot_be_used_are_listed_and_the_rest_is_taken(begun: Path) -> None:
    """Two of three rows are good: they are taken, the third is named with its row and reason, and the exit code says look."""
    (begun / "few.csv").write_text("E-mail,Name,Roles,Shoe size\npriya.nair@northmoor.example,Priya Nair,qa,5\n"
                                   "bea@northmoor.example,Bea Lindqvist,wizard,6\ntom@northmoor.example,Tom Hartley,auditor,7\n")
    done = mailflow("people", "import", "few.csv", folder=begun)
    assert done.code == 1
    assert "2 people" in done.out and "wizard" in done.out and "3" in done.out
    assert "Shoe size" in done.out


def test_a_sheet_of_nothing_usable_leaves_the_directory_as_it_is(filled: Path) -> None:
    (filled / "empty.csv").write_text("email,name,roles\nnobody,,\n")
    done = mailflow("people", "import", "empty.csv", folder=filled)
    assert done.code == 65 and "stays as it is" in done.err
    drawn = mailflow("open", "2026-09", "--dry-run", "--json", "--at", "2026-09-01T08:30", folder=filled).well().json
    assert len(drawn["allocated"]) == 10


@pytest.mark.parametrize("name, raw", [("a.xlsx", b"PK\x03\x04 not a workbook"), ("b.xls", b"\xd0\xcf\x11\xe0" + b"\0" * 600),
                                       ("c.csv", b"\xff\xfe\x00"), ("d.csv", b""), ("e.csv", b"name,roles\nPriya,qa\n")])
def test_a_file_that_is_no_sheet_is_a_sentence(begun: Path, name: str, raw: bytes) -> None:
    (begun / name).write_bytes(raw)
    done = mailflow("people", "import", name, folder=begun)
    assert done.code == 65 and name in done.err and "Traceback" not in done.err


def test_help_and_the_release_number_are_there(tmp_path: Path) -> None:
    from mailflow import __version__

    assert shell("--version", folder=tmp_path).well().out.strip() == f"mailflow {__version__}"
    said = shell("--help", folder=tmp_path).well().out
    for word in ("init", "demo", "people", "cases", "open", "run", "once", "read", "status", "messages", "outbox", "why",
                 "held", "release", "verify", "backup", "check-config", "rehearse"):
        assert word in said, word


def test_a_reader_that_goes_away_leaves_no_traceback(council_opened: Path) -> None:
    """`mailflow outbox | head -1`."""
    program = subprocess.Popen(command("outbox", "--json"), cwd=council_opened, env=environment(), stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE)
    assert program.stdout is not None and program.stderr is not None
    program.stdout.readline()
    program.stdout.close()
    said = program.stderr.read()
    program.stderr.close()
    assert program.wait(timeout=60) in (0, 1) and b"Traceback" not in said


def test_json_is_json_whatever_is_printed_beside_it(council_opened: Path) -> None:
    for words in (("status",), ("messages",), ("outbox",), ("held",), ("verify",)):
        done: Done = shell(*words, "--json", folder=council_opened)
        json.loads(done.out)
