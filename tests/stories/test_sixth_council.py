"""A council of its own making: three words instead of four, letters of its own for actions, an Excel form. Text, no code."""

from mailflow.model import State
from tests.stories.conftest import Found
from tests.stories.hand import send_back
from tests.stories.telling import accept_and_issue, told
from tests.world import QA, TMS, World, auditor

BEA, TM = auditor(0), TMS["Harbour"]

PROFILE = """
[profile.form]
id = "three"
carrier = "xlsx"
[profile.grades]
scale = "three"
section_scale = "three"
improvement_max_rank = 1
[profile.grades.scales.three]
bands = [
  {grade = "not_met", rank = 1, words = "Not met", values = ["not met"]},
  {grade = "partly_met", rank = 2, words = "Partly met", values = ["partly met"]},
  {grade = "met", rank = 3, words = "Met", values = ["met"]},
]
[profile.actions]
fields = ["text", "owner", "priority"]
priority = "abc"
[profile.actions.abc]
U = "48h"
S = "14d"
[profile.issue]
rules = [{to = ["tm", "practitioner"]}, {when = {grade = "not_met"}, to = ["qa"]}]
"""
FORM = """
id = "three"
edition = "1"
title = "Case check"
[[domain_items]]
id = "evidence"
label = "What the record shows"
kind = "notes"
part = "evidence"
[[domain_items]]
id = "grade"
label = "Judgement"
kind = "choice"
part = "grade"
choices = ["Met", "Partly met", "Not met"]
[[sections]]
id = "header"
title = "About this check"
[[sections.items]]
id = "reference"
label = "Reference"
kind = "text"
part = "header"
prefilled = true
[[sections.items]]
id = "case_number"
label = "Case number"
kind = "text"
part = "header"
prefilled = true
[[sections]]
id = "visits"
title = "Visits"
domain = true
[[sections]]
id = "planning"
title = "Planning"
domain = true
[[sections]]
id = "whole"
title = "As a whole"
[[sections.items]]
id = "judgement"
label = "Judgement of the whole"
kind = "choice"
part = "grade"
choices = ["Met", "Partly met", "Not met"]
[[sections.items]]
id = "why"
label = "Why"
kind = "notes"
part = "evidence"
[[sections]]
id = "plan"
title = "What happens next"
[[sections.tables]]
id = "steps"
label = "Next steps"
rows = 3
columns = [
  {id = "action", label = "Step", kind = "notes"},
  {id = "who", label = "Who", kind = "text"},
  {id = "speed", label = "How soon", kind = "choice", choices = ["U", "S"]},
]
"""


def sixth(northmoor: Found) -> World:
    return northmoor(framework="base", profile=PROFILE, own={"form.toml": FORM})


def test_three_words_are_said_wherever_a_grade_is(northmoor: Found) -> None:
    """Its own words stand in subjects, letters and rules, and its own letters have their own days."""
    world = sixth(northmoor)
    ref = world.refs[0]
    send_back(world, ref, {"visits.grade": "Partly met", "planning.grade": "Not met", "whole.judgement": "Not met"},
              {"steps": [{"action": "Visit the child alone before the end of this week", "who": "Social worker", "speed": "U"},
                         {"action": "Write the plan anew with the family and the school", "who": "Social worker", "speed": "S"}]})
    world.run("2026-09-15 15:00")
    assert world.audit(ref).state is State.UNDER_QA, world.sent("OUT-13")[-1].text
    assert world.sent("OUT-14")[-1].subject.startswith(f"[AUDIT {ref}] Returned: Not met – 0 blocks, ")
    assert "Visits: Partly met" in world.sent("OUT-14")[-1].text
    accept_and_issue(world, ref)
    assert world.audit(ref).grade == "not_met"
    letter = world.sent("OUT-23", to=TM)[-1]
    assert letter.subject == f"[AUDIT {ref}] Audit of your team's work: Not met"
    assert "Priority: U; By when: 17/09/2026, 3:16pm" in letter.text and "Priority: S; By when: 29/09/2026" in letter.text
    assert told(world, "OUT-24", ref) == [QA] and "the overall grade is Not met." in world.sent("OUT-24")[-1].text


def test_a_grade_that_is_none_of_the_three_is_asked_about_in_its_own_words(northmoor: Found) -> None:
    """The auditor is told which words there are; a low judgement without a next step is sent back by the council's own rank."""
    world = sixth(northmoor)
    ref = world.refs[0]
    send_back(world, ref, {"visits.grade": "Good", "planning.grade": "", "whole.judgement": "Not met"}, {"steps": []})
    world.run("2026-09-15 15:00")
    text = " ".join(world.sent("OUT-13", to=BEA)[-1].text.split())
    assert 'We do not recognise the grade "Good" in "Visits". Please use Met, Partly met or Not met. (CHK-019)' in text
    assert '"Planning" has no grade.' in text and "(CHK-029)" in text
    world.now = world.now.replace(day=16)
    send_back(world, ref, {"visits.grade": "Met", "planning.grade": "Partly met", "whole.judgement": "Partly met"}, {"steps": []})
    world.run("2026-09-16 10:00")
    assert world.audit(ref).state is State.UNDER_QA, world.sent("OUT-13")[-1].text
