"""Annex A as councils really have it: a month drawn from lists in which some workers are missing (SCN-19)."""

import io
from collections import Counter
from email import message_from_bytes, policy
from pathlib import Path

import openpyxl

from mailflow.directory.annex_a_join import Join
from mailflow.steps.imports import import_annex_a
from mailflow.steps.month.opening import open_month
from parsers.workbook.tables import read_tables
from tests.world import QA, World, build_world, moment

HEADERS = ("Child Unique ID", "Age", "Child Protection Plan Start Date", "Child Protection Plan End Date", "Allocated Team",
           "Allocated Worker")


def annex_a(world: World) -> bytes:
    """Five children on list 7; of two the worker is a fault of the spreadsheet, and one age has decimals."""
    workers = [p for p in world.house.people if "practitioner" in p.roles][:3]
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "List 7"
    sheet.append(["Children subject to a plan, extract of 28/08/2026"])
    sheet.append(list(HEADERS))
    for n, worker in enumerate(workers):
        sheet.append([7000 + n, 6.138, "03/11/2025", "", worker.team, worker.name])
    sheet.append([7010, 4, "03/11/2025", "", "#N/A", "#N/A"])
    sheet.append([7011, 4, "03/11/2025", "", workers[0].team, "#N/A"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def sampling_record(world: World) -> openpyxl.Workbook:
    for path in world.in_folder("sent"):
        for part in message_from_bytes(path.read_bytes(), policy=policy.default).walk():
            if (part.get_filename() or "").startswith("sampling-"):
                return openpyxl.load_workbook(io.BytesIO(part.get_payload(decode=True)))
    raise AssertionError("the QA team had no sampling record")


def test_an_extract_that_is_too_old_by_the_day_of_the_draw_stops_the_month(tmp_path: Path) -> None:
    """TS-02: nothing is drawn from lists of two months ago; the QA team is told of which day they are and what to do."""
    with build_world(tmp_path / "northmoor", auditors=3, framework="sefton", opened=False,
                     profile='[profile.calendar]\nstarts = "by_itself"\n') as world:
        world.now = moment("2026-08-24 10:00")
        day = world.now.date()
        import_annex_a(world.house, [*read_tables(annex_a(world))], "annex-a.xlsx", day, day, Join())
        world.run("2026-09-30 09:05")
        told = world.sent("OUT-02", to=QA)[-1].text
        assert "Monday 24 August 2026" in told and "35 days" in told and "new extract" in told
        assert not world.refs and not world.sent("OUT-01")


def test_a_case_without_a_worker_is_left_out_and_counted(tmp_path: Path) -> None:
    """The three children with a worker are drawn; the two without are in the sampling record with the reason, counted, and
    nobody is told their case numbers but the QA team."""
    with build_world(tmp_path / "northmoor", auditors=3, framework="sefton", opened=False) as world:
        world.now = moment("2026-08-31 10:00")
        day = world.now.date()
        found = import_annex_a(world.house, [*read_tables(annex_a(world))], "annex-a.xlsx", day, day, Join())
        assert found.ineligible == 2
        open_month(world.house, "2026-09", moment("2026-09-01 08:30"), seed="northmoor")
        world.run("2026-09-01 09:05")
        assert {world.audit(r).case_number for r in world.refs} == {"7000", "7001", "7002"}
        record = sampling_record(world)
        why = Counter(str(row[1].value) for row in record["Excluded"].iter_rows(min_row=2) if row[0].value in ("7010", "7011"))
        assert sum(why.values()) == 2 and all("worker" in reason or "team" in reason for reason in why)
        summary = "\n".join(str(cell.value) for row in record["Summary"].iter_rows() for cell in row if cell.value is not None)
        assert "2" in summary and "worker" in summary
        told = "\n".join(x.text for x in world.sent())
        assert "7010" not in told and "7011" not in told
