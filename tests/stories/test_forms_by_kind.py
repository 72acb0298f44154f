"""A council that audits some cases with another form: which one goes out is said in its profile, not in code."""

from pathlib import Path

from mailflow.demo.pen import fill_in
from tests.world import build_world, case_number

VISITS = """
id = "visits"
edition = "1"
title = "Dip sample of visits"
[[sections]]
id = "visit"
title = "The last visit"
[[sections.items]]
id = "reference"
label = "Audit reference"
kind = "text"
part = "header"
prefilled = true
[[sections.items]]
id = "seen"
label = "Was the child seen alone?"
kind = "choice"
choices = ["Yes", "No"]
[[sections.items]]
id = "evidence"
label = "What in the record shows it?"
kind = "notes"
part = "evidence"
"""
PROFILE = '[profile.send]\nallowed_domains = ["northmoor.example"]\n[profile.form.by_category]\nCL = "visits"\n'


def test_the_category_decides_which_form_is_sent_and_read(tmp_path: Path) -> None:
    """Care leavers' cases get the visits form, the others the framework's own; each comes back as what it is."""
    with build_world(tmp_path, auditors=2, categories=("CP", "CL"), profile=PROFILE, own={"forms/visits.toml": VISITS}) as world:
        by_case = {world.audit(ref).case_number: ref for ref in world.refs}
        usual, visits = world.audit(by_case[case_number(0)]), world.audit(by_case[case_number(1)])
        assert (usual.form, visits.form) == ("base-10", "visits")
        letter = world.carrier(visits.ref)
        back = fill_in(letter.forms[0], {"visit.seen": "Yes", "visit.evidence": "The visit of 3 September is recorded: seen alone in her room."}, {})
        world.write(visits.auditor, "Done.", answers=letter, documents=[("visits.docx", back)])
        world.return_form(usual.ref)
        world.run("2026-09-14 10:00")
        assert {world.audit(r).submission for r in by_case.values()} == {1}
        found = world.house.store.find_submission(visits.ref, 1)
        assert found is not None and found.reading.form == "visits" and found.reading.answer("visit.seen") == "Yes"
        assert not world.sent("OUT-30")
