"""Is there enough in the answers, and is it about this child? On the form of ten judged sections."""

from collections.abc import Callable

import pytest

from mailflow.model import Severity
from mailflow.process.checks import Elsewhere
from tests.process.checks.conftest import Return, load_good, wokingham
from tests.process.checks.test_each_check import amended, both, profile, put, read
from tests.process.checks.test_scored_form import good_scored

PLAN = ("The plan of 4 May names what must change for him and by when. Its second part is written with gran, who reads it to him on "
        "Sundays, and says what each of them does if the mornings go wrong again. The core group of 2 June tightened two dates.")
GUIDE = {"grades": {"descriptors": {"good": "The plan makes a positive difference, with clear needs and timescales, and day-to-day actions by "
                                            "the family that change if they do not work."}}}
COPIED = ("The plan makes a positive difference, with clear needs and timescales, and day-to-day actions by the family that change if "
          "they do not work. I saw it on file.")
OTHER_CASE = ("Visits took place every ten working days and each note says who was in the house, what he had eaten and whether he had "
              "slept. In March he asked for the dog to come too, and from then on the dog is in every note, with its name and its moods.")


def alike(*, own: bool, share: str = OTHER_CASE) -> Callable[[Return], None]:
    def change(r: Return) -> None:
        r.answers["voice.evidence"] = OTHER_CASE
        r.more["elsewhere"] = (Elsewhere("2605-011X", ("Another thing altogether.", share), own),)
    return change


def scored(change: Callable[[Return], None]) -> Callable[[Return], None]:
    """The change made on the small scored form instead."""
    def swap(r: Return) -> None:
        other = good_scored()
        change(other)
        for name in ("answers", "rows", "form", "profile"):
            setattr(r, name, getattr(other, name))
    return swap


# Check → the good form to start from, what makes it fire, what comes near and keeps it silent.
CASES: dict[str, tuple[int, Callable, Callable]] = {
    "CHK-086": (1, put(planning__evidence="Plan of 4 May read. Dates kept."), both(*(
        put(**{f"{d}__evidence": f"{PLAN} This is about part {n} of the record, where the entries of week {n} and those of week {n + 9} agree."})
        for n, d in enumerate(("voice", "assessment", "planning", "review", "direct_work", "family", "partners", "oversight", "recording",
                               "impact"))))),
    "CHK-087": (1, put(planning__evidence="As above."), put(planning__evidence="N/A – the case came last week", planning__pre="N/A",
                                                            planning__post="N/A")),
    "CHK-088": (1, put(planning__evidence=PLAN, review__evidence=PLAN.replace("two dates", "three dates")),
                put(planning__evidence=PLAN, review__evidence="The plan of 4 May names what must change for him. The review of June kept it.")),
    "CHK-089": (1, alike(own=False), alike(own=False, share="Visits took place every ten working days and each note says who was in the house.")),
    "CHK-090": (1, put(planning__evidence="Does the plan say who will do what by when, in words the family can use? Yes it does."),
                put(planning__evidence=f"Does the plan say who will do what by when? {PLAN}")),
    "CHK-091": (1, both(profile(**GUIDE), put(planning__evidence=COPIED)), both(profile(**GUIDE), put(planning__evidence=PLAN))),
    "CHK-092": (1, scored(put(q1__notes="It is told well from start to end and makes me feel that I know him and those round him.")),
                scored(put(q1__response="3", q1__notes="It is told well from start to end and makes me feel that I know him quite well."))),
    "CHK-093": (1, put(impact__evidence="Six sessions were held at the family centre and two referrals were made to the clinic."),
                put(impact__evidence="Six sessions were held at the family centre, and he sleeps better for it.")),
    "CHK-094": (1, put(voice__evidence="The six visits of the period were held in the kitchen and were half an hour long each."),
                put(voice__evidence="On six visits in the kitchen he drew the house with a dog in it.")),
    "CHK-095": (1, put(conversation__notes="Housing escalation was an addition, and it was missing on file."),
                put(conversation__notes="The worker explained the housing escalation, missing on file.")),
    "CHK-096": (1, put(planning__evidence=f"{PLAN} More on contingency TBC."), put(planning__evidence=f'{PLAN} The box itself says "TBC".')),
    "CHK-097": (1, put(planning__evidence=f"{PLAN} The QXR was asked."), put(planning__evidence=f"{PLAN} The Quick Review (QXR) was asked: QXR.")),
    "CHK-098": (1, put(planning__evidence=PLAN.replace(". ", " and then ")), put(planning__evidence=PLAN)),
    "CHK-099": (1, put(family__evidence=f"{PLAN} Mum is hard to reach."), put(family__evidence=f'{PLAN} An old note calls mum "hard to reach".')),
    "CHK-100": (1, put(planning__evidence=f"{PLAN} The boy was seen at school. The girl was not seen."),
                put(planning__evidence=f"{PLAN} The boy was seen at school. His sister, the girl in the photograph, was not.")),
    "CHK-101": (1, read(edit_minutes=30), both(read(edit_minutes=30), amended(after=put(planning__evidence=PLAN)))),
}


def make(check: str, which: int) -> Return:
    """A good form with that case's change: 0 makes it fire, 1 keeps it silent."""
    number, *changes = CASES[check]
    form = load_good(number)
    changes[which](form)
    return form


def test_far_too_few_words_block_and_the_rest_is_one_remark() -> None:
    form = load_good(1)
    form.answers |= {"planning.evidence": "Plan of 4 May read. Dates kept.", "overall.summary": "Sound work."}
    assert [(f.severity, f.words) for f in form.find("CHK-086")] == [
        (Severity.BLOCK, '"Planning" has 7 words. Please add what you saw and what it shows.'),
        (Severity.BLOCK, '"Overall judgement" has 2 words. Please add what you saw and what it shows.'),
        (Severity.WARN, "9 sections are short (The child's voice and daily life and 8 more). Can you add what you saw, and what it shows?")]


def test_the_council_s_own_numbers_of_words() -> None:
    form = load_good(1)
    form.profile = {"checks": {"min_words_section": 20, "min_words_item": 5}}
    assert form.find("CHK-086") == []


def test_a_remark_about_many_sections_stands_under_none_of_them() -> None:
    assert [f.section for f in load_good(1).find("CHK-086")] == [""]


def test_short_notes_of_questions_block_a_section_at_a_time() -> None:
    form = wokingham()
    form.answers |= {"q1.notes": "Yes, in May.", "q2.notes": "Case notes agree.", "q16.notes": "Twice, in May and in June, by the whole group."}
    assert [(f.severity, f.fields, f.words) for f in form.find("CHK-086")] == [
        (Severity.BLOCK, ("q1.notes", "q2.notes"), 'In "Narrative and history", please write more for Q1, Q2: what you saw, and what it shows.'),
        (Severity.WARN, ("q16.notes",), "The notes for Q16 are short. Can you add what you saw, and what it shows?")]


def test_answers_that_say_nothing_are_one_point_a_section_and_not_too_short_as_well() -> None:
    form = wokingham()
    form.answers |= {"q1.notes": "Yes", "q2.notes": "See case notes.", "q3.notes": "n/a", "q16.notes": "4"}
    assert [(f.severity, f.fields) for f in form.find("CHK-087")] == [
        (Severity.BLOCK, ("q1.notes", "q2.notes", "q3.notes")), (Severity.BLOCK, ("q16.notes",))]
    assert form.find("CHK-086") == []


def test_another_audit_is_named_to_the_one_who_wrote_both_and_to_nobody_else() -> None:
    mine, anothers = load_good(1), load_good(1)
    alike(own=True)(mine)
    alike(own=False)(anothers)
    assert [f.words for f in mine.find("CHK-089")] == [
        'Part of "The child\'s voice and daily life" matches your audit 2605-011X. Please write about this child.']
    assert all("2605" not in f.words + f.detail for f in anothers.find("CHK-089"))


def test_a_few_words_alike_are_no_passage() -> None:
    """Thirty-nine words in all: under ``other_audit_words``."""
    form = load_good(1)
    short = " ".join(OTHER_CASE.split()[:39])
    form.answers["voice.evidence"] = short
    form.more["elsewhere"] = (Elsewhere("2605-011X", (OTHER_CASE,), True),)
    assert form.find("CHK-089") == []
    form.answers["voice.evidence"] = " ".join(OTHER_CASE.split()[:40])
    assert len(form.find("CHK-089")) == 1


@pytest.mark.parametrize(("text", "fires"), [
    (f"{PLAN} And then the", True), (f"{PLAN} There was more…", True), (f"{PLAN} xxx", True), (f"{PLAN} ???", True), (f"{PLAN} see be-", True),
    (f"{PLAN} Why???", True), (f"{PLAN} Nobody knew who that is", False), (f"{PLAN} He has no one to talk to", False), (f"{PLAN} See part A", False),
    (PLAN.rstrip("."), False), (f"{PLAN} He said he would… but he came.", False), ("Outcome: see above, and below", False),
])
def test_what_looks_unfinished(text: str, fires: bool) -> None:
    form = load_good(1)
    form.answers["planning.evidence"] = text
    assert bool(form.find("CHK-096")) == fires


@pytest.mark.parametrize(("text", "fires"), [
    ("She is a girl aged 9 who likes bees. In the letter she is 14 years old.", True),
    ("She was aged 9 in May and is 10 years old now.", False), ("Her mother, aged 34, and a baby aged 9 weeks live there.", False),
    ("A boy aged 9 lives with his brother aged 14.", False),
])
def test_two_ages_may_be_two_children(text: str, fires: bool) -> None:
    form = load_good(1)
    form.answers["planning.evidence"] = f"{PLAN} {text}"
    assert bool(form.find("CHK-100")) == fires


def test_one_sex_here_and_the_other_there_is_asked_about_where_it_is_rarer() -> None:
    form = load_good(1)
    form.answers |= {"planning.evidence": f"{PLAN} The girl agreed.", "review.evidence": "The girl came to both reviews and spoke first.",
                     "family.evidence": "The boy stays with gran at weekends, which he asked for in March."}
    assert [f.fields for f in form.find("CHK-100")] == [("family.evidence",)]


def test_a_document_that_keeps_no_count_of_minutes_is_not_asked_about() -> None:
    for minutes in (None, 0, 45):
        form = load_good(1)
        form.reading["edit_minutes"] = minutes
        assert form.find("CHK-101") == []


def test_no_kind_of_remark_is_made_more_than_once_a_section() -> None:
    """The worst form: one word everywhere. People get a list they can read."""
    form = wokingham()
    form.answers |= {f.id: "Fine." for f in form.form.fields if f.id.endswith(".notes")}
    found = [f for f in form.check() if "CHK-086" <= f.check <= "CHK-101"]
    assert len(found) == len({(f.check, f.section) for f in found}) <= 12
