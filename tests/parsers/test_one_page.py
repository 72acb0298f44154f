"""A council's own three-tab workbook, which never heard of us, read by the shipped form ``one-page``."""

import json

from mailflow.form.load import load_form
from mailflow.model import Reading, Status
from parsers.read import read_document
from tests.parsers.pages import ROOT
from tests.parsers.test_samples import sample

FORM = load_form(ROOT / "templates/one-page/form.toml")
# In the order of the truth's questions.
FEEDBACK = ("who", "first_attempt", "second_attempt", "posted", "know_why", "listened", "better", "rating")


def _read(name: str) -> Reading:
    reading = read_document(sample(name).read_bytes(), name, (FORM,))
    assert reading.status is Status.READABLE
    return reading


def test_every_true_answer_is_found_under_its_question() -> None:
    reading = _read("x1_completed.xlsx")
    truth = json.loads(sample("x1_completed.xlsx.truth.json").read_text())
    audit = truth["audit"]
    for name in ("child_name", "case_id", "team", "social_worker", "auditor", "audit_month", "reason"):
        assert reading.answer(f"audit.{name}") == audit[name]
    assert reading.answers["audit.audit_date"].value == audit["audit_date"]
    assert reading.answers["audit.alongside_social_worker"].value == ("yes" if audit["alongside_social_worker"] else "no")
    assert reading.answer("audit.overall") == audit["overall_raw"]
    found = [(reading.answer(f"areas.{n}.evidence"), reading.answer(f"areas.{n}.rating")) for n in range(1, 9)]
    assert found == [(a["evidence"], a["rating_raw"]) for a in truth["areas"]]
    assert ([{c: row[c].text for c in ("action", "who", "t")} for row in reading.rows["actions"]]
            == [{"action": a["action"], "who": a["who"], "t": a["t_raw"]} for a in truth["actions"]])
    for name, said in zip(FEEDBACK, truth["feedback"].values(), strict=True):
        assert reading.answer(f"feedback.{name}") == ("" if said is None else str(said))


def test_only_what_that_workbook_has_not_is_missing() -> None:
    assert _read("x1_completed.xlsx").missing == ("concern.now", "concern.told", "concern.when", "audit.reference")
