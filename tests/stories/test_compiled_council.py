"""A sixth council, of which mailflow never heard: a profile of a few lines, and its own Word form compiled. No code."""

from pathlib import Path

from mailflow.cli.compiling import compile_form
from mailflow.demo.writer import type_in
from mailflow.form.load import load_form
from mailflow.model import State
from tests.cli.command import mailflow
from tests.parsers.councils import Way, make
from tests.stories.hand import complete_form
from tests.stories.telling import accept_and_issue
from tests.world import QA, TMS, build_world

PROFILE = """
[framework]
id = "southmere"
title = "Southmere's file audits"
extends = "base"
edition = "1"
[form]
id = "pairs-and-matrix"
[allocation]
tell = ["auditor", "tm"]
[revision]
hard_wd = 5
"""


def test_a_sixth_council_runs_by_a_profile_and_its_own_form_compiled(tmp_path: Path) -> None:
    """The blank goes through `mailflow forms compile --stamp`, the profile through `mailflow frameworks check`; then an
    audit goes there and back on the council's own document, and the report says the grade."""
    root = tmp_path / "southmere"
    own = root / "texts" / "southmere"
    own.mkdir(parents=True)
    blank = tmp_path / "pairs and matrix.docx"
    blank.write_bytes(make("pairs and matrix", Way.BLANK).bytes())
    compile_form(blank, own, stamp=True)
    (own / "profile.toml").write_text(PROFILE, encoding="utf-8")
    checked = mailflow("frameworks", "check", str(own), folder=tmp_path)
    assert checked.code == 0, checked.err
    with build_world(root, auditors=2, framework="southmere", own={"README.txt": "Southmere's texts"}) as world:
        ref = world.refs[0]
        letter = world.carrier(ref)
        assert "Northmoor quality assurance audit" in str(load_form(own / "form.toml").title)
        assert world.sent("OUT-06", to=TMS["Harbour"]) and not world.sent("OUT-05")
        form = load_form(own / "form.toml")
        answers, rows = complete_form(form, world.audit(ref).opens_on)
        answers |= {"id": world.audit(ref).case_number}
        world.write(world.audit(ref).auditor, "Done.", answers=letter, documents=[("audit.docx", type_in(letter.forms[0], answers, rows))])
        world.run("2026-09-15 15:00")
        assert world.audit(ref).state is State.UNDER_QA, [x.text for x in world.sent("OUT-13", audit=ref)]
        assert world.sent("OUT-14", to=QA)[-1].subject.startswith(f"[AUDIT {ref}] Returned: Good")
        accept_and_issue(world, ref)
        assert world.audit(ref).grade == "good"
