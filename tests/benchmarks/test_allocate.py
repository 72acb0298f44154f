"""A month of 1,000 audits out of an Annex A workbook of 20,000 rows: imported, drawn, allocated, forms stamped, letters queued.

The limit is the sum of the bare parts: the library's reading of the workbook; a thousand forms at the zip limit (the document
part deflated in one piece, everything else copied packed: ``test_send_form``); and a thousand commits of a letter with its
form to the same kind of database. Beside it, in the same run: the same letters put together by the stdlib's email classes
alone. Ratios in one process; no times are asserted. What we aim at is three times; what holds on a busy machine is asserted.
"""

import email
import email.policy
import gc
import sqlite3
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from email.message import EmailMessage
from pathlib import Path

import python_calamine

from mailflow.directory.annex_a_join import Join
from mailflow.model import State
from mailflow.steps.imports import import_annex_a
from mailflow.steps.month.opening import open_month
from outbox.forms.packing import Package, pack, read_members
from parsers.workbook.tables import read_tables
from tests.benchmarks.test_draw import AUDITORS, make_people, make_workbook
from tests.outbox.word_scene import BODY, read_part
from tests.world import World, build_world, moment

TAKEN = date(2026, 8, 25)
PROFILE = '[profile.selection]\nsource = "annex_a"\nstratify_by = ["service"]\n'


def timed(step: Callable[[], object]) -> float:
    gc.collect()
    begun = time.perf_counter()
    step()
    return time.perf_counter() - begun


def allocate(world: World, book: bytes) -> None:
    """What a council's two commands do."""
    found = import_annex_a(world.house, [*read_tables(book)], "annex-a.xlsx", TAKEN, TAKEN, Join())
    assert len(found.cases) > 10_000
    seen: list[tuple[int, int]] = []
    open_month(world.house, "2026-09", moment("2026-09-01 08:30"), seed="northmoor", progress=lambda n, of: seen.append((n, of)))
    assert seen[-1] == (AUDITORS, AUDITORS), "there is a progress bar to the end"


def fill_forms(forms: list[bytes]) -> None:
    """Each form's document part deflated, its other members copied: no form can be made in less."""
    others = [m for m in read_members(forms[0]) if m.name != BODY]
    part = read_part(forms[0])
    for _ in forms:
        Package(others).finish([pack(BODY, part, 6)])


def put_together(letters: list[bytes]) -> list[bytes]:
    """Each letter's own parts made into a message by the library alone."""
    made = []
    for raw in letters:
        old = email.message_from_bytes(raw, policy=email.policy.default)
        new = EmailMessage()
        for name in ("From", "To", "Subject", "Message-ID"):
            new[name] = str(old[name])
        new.set_content(old.get_body(("plain",)).get_content())
        new.add_alternative(old.get_body(("html",)).get_content(), subtype="html")
        for part in old.iter_attachments():
            new.add_attachment(part.get_payload(decode=True), maintype="application", subtype="octet-stream", filename=part.get_filename())
        made.append(new.as_bytes())
    return made


def commit_letters(path: Path, letters: list[bytes]) -> None:
    """One transaction a letter, as safe as the store's own."""
    db = sqlite3.connect(path, isolation_level=None)
    db.executescript("pragma journal_mode = wal; pragma synchronous = full; create table letter (id integer primary key, raw blob)")
    for raw in letters:
        db.execute("begin immediate")
        db.execute("insert into letter (raw) values (?)", (raw,))
        db.execute("commit")
    db.close()


def test_a_thousand_audits_cost_little_more_than_their_forms_and_commits(tmp_path: Path) -> None:
    book = make_workbook()
    qa = replace(make_people()[0], address="qa@northmoor.example", roles=("qa",))
    with build_world(tmp_path / "northmoor", auditors=0, people=(*make_people(), qa), opened=False, framework="base",
                     profile=PROFILE) as world:
        ours = timed(lambda: allocate(world, book))
        audits = world.house.store.find_audits(states=(State.ALLOCATED,))
        letters = [x.raw for x in world.house.store.load_letters(codes=("OUT-04",))]
        assert len(audits) == len(letters) == AUDITORS
        forms = [next(iter(parts_of(raw)[2:])) for raw in letters]
        parts = {
            "workbook": timed(lambda: [s.to_python() for s in all_sheets(book)]),
            "forms": timed(lambda: fill_forms(forms)),
            "commits": timed(lambda: commit_letters(tmp_path / "bare.db", letters)),
        }
        library = timed(lambda: put_together(letters)) - timed(lambda: [parts_of(raw) for raw in letters])
    bare = sum(parts.values())
    shares = ", ".join(f"{name} {seconds / bare:.0%}" for name, seconds in parts.items())
    print(f"\n{AUDITORS} audits: {ours / bare:.2f} x the bare parts ({shares}; aim 3); the email library alone, for the letters: "
          f"{library / bare:.2f}")
    assert ours <= 3.5 * bare
    assert ours <= 1.2 * library


def parts_of(raw: bytes) -> list[bytes]:
    """A letter opened: its two texts and its attachments. No part of making one."""
    old = email.message_from_bytes(raw, policy=email.policy.default)
    return [old.get_body(("plain",)).get_content().encode(), old.get_body(("html",)).get_content().encode(),
            *(part.get_payload(decode=True) for part in old.iter_attachments())]


def all_sheets(book: bytes) -> list[python_calamine.CalamineSheet]:
    import io

    opened = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(book))
    return [opened.get_sheet_by_name(name) for name in opened.sheet_names]
