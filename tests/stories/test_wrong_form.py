"""The wrong form comes back, or an old one: the right one goes out with the answers in it, and nothing typed is lost (T-28)."""

from dataclasses import replace

from mailflow.model import ConcernState, Person, Reading, State
from parsers.read import read_document
from tests.parsers.pages import Look, make_form, typed
from tests.stories.conftest import Found
from tests.stories.old_forms import LAST_YEAR, OWN, TODAY, form_named, last_years
from tests.stories.telling import accept_and_issue, codes, happened, latest, open_next, told
from tests.world import QA, TMS, World, auditor, make_people, practitioner

BEA = auditor(0)
LEARNT = "I will ask the school first next time."
BETTER = "Every family task needs a date."
REASONS = "Steady work, with two gaps in June."


def attached(world: World, ref: str) -> Reading:
    """The Word form of the answer, as mailflow itself would read it."""
    return read_document(latest(world, ref, BEA, "OUT-30").forms[0], "form.docx", (world.house.policy.form,))


def test_last_years_edition_comes_back_and_the_current_one_goes_out_filled_in(northmoor: Found) -> None:
    """Bea fills in the form she kept from last year. Nothing is filed, and within one pass she has the current form with her
    answers in it, and a list of the one that found no place. She looks it over, answers what is missing, and it is accepted."""
    world = northmoor(own=OWN)
    ref = world.refs[0]
    old = world.filled(ref, {"overall.learnt": LEARNT, "overall.summary": REASONS, "plan.better": BETTER}, form=last_years(world, ref))
    mail = world.write(BEA, "My audit.", answers=world.carrier(ref), documents=[("Audit.docx", old)])
    world.run("2026-09-14 10:00")
    assert codes(world.answers_to(mail)) == ["OUT-30"] and world.inbound(mail).disposition == "reply"
    assert world.audit(ref).submission == 0 and world.audit(ref).state is State.UNDERWAY
    answer = latest(world, ref, BEA, "OUT-30")
    assert "old edition" in answer.text and "Wednesday 30 September 2026" in answer.text
    assert "What you yourself learnt" in answer.text and LEARNT in answer.text
    entry = next(e for e in world.house.store.load_journal(ref) if e.kind == "T-28")
    assert (entry.by, entry.data["form"], entry.data["wanted"]) == (BEA, "base-10 2025", "base-10 1")
    assert entry.data["left"] == ["Overall judgement: What you yourself learnt"]
    fresh, before = attached(world, ref), read_document(old, "old.docx", (form_named(world, "base-10", "2025"),))
    assert fresh.edition == "1" and fresh.printed_ref == ref and fresh.leftovers == ()
    assert fresh.answer("overall.summary") == REASONS and fresh.answer("plan.improvements") == BETTER and fresh.answer("concern.now") == ""
    same = [f for f in before.answers if before.answer(f) and f not in ("overall.learnt", "plan.better", "concern.now")]
    assert len(same) > 40 and all(fresh.answer(f) == before.answer(f) for f in same)
    assert [[a.text for a in row.values()] for row in fresh.rows["actions"]] == [
        [a.text for a in row.values()] for row in before.rows["actions"]]
    world.return_form(ref, form=answer.forms[0], answers=answer)
    world.run("2026-09-15 15:00")
    assert world.audit(ref).state is State.UNDER_QA and told(world, "OUT-12", ref) == [BEA]
    accept_and_issue(world, ref)
    assert [k for k in happened(world, ref) if k in ("T-28", "T-08", "T-13")] == ["T-28", "T-08", "T-13"]


def test_another_councils_form_is_answered_with_ours_and_the_childs_name_stays_out_of_the_letter(northmoor: Found) -> None:
    """Bea uses the form of the council she came from; it carries no mark of ours, only the case number. What is asked in the
    same words stands in our form; the rest is listed with its beginning. What stood in the head is named and not repeated."""
    world = northmoor(own=OWN)
    ref = world.refs[0]
    seen = "Both children were seen alone on 3 September."
    form = make_form({
        "top.case_number": world.audit(ref).case_number, "top.child": "Quentin Zebedee", "voice.one": seen,
        "money.one": "Three months behind with the rent. " * 20, "end.grade": "Good"},
        Look(shape=typed, marks=False), form_named(world, "riverside", "7"))
    mail = world.write(BEA, "My audit.", answers=world.carrier(ref), documents=[("Audit.docx", form)])
    world.run("2026-09-14 10:00")
    assert codes(world.answers_to(mail)) == ["OUT-30"] and world.audit(ref).submission == 0
    text = " ".join(latest(world, ref, BEA, "OUT-30").text.split())
    assert "a different form" in text and "Zebedee" not in text and "Name of the child" in text
    assert '"Three months behind with the rent. Three months' in text and len(text) < 2500
    assert "Riverside grade: \"Good\"" in text
    fresh = attached(world, ref)
    assert {k: a.text for k, a in fresh.answers.items() if a.text and not world.house.policy.form.find_field(k).prefilled} == {  # type: ignore[union-attr]
        "voice.evidence": seen}


def test_a_concern_in_an_old_form_is_seen_first(northmoor: Found) -> None:
    """The box about a child at risk is ticked in last year's form: the managers are told at once, and the one letter to Bea
    tells her to ring and brings the right form."""
    world = northmoor(own=OWN)
    ref = world.refs[0]
    old = world.filled(ref, {"concern.now": "Yes", "concern.told": "01632 960 777"}, form=last_years(world, ref))
    mail = world.write(BEA, "My audit.", answers=world.carrier(ref), documents=[("Audit.docx", old)])
    world.run("2026-09-14 10:00")
    assert world.audit(ref).concern.state is ConcernState.TOLD and world.audit(ref).concern.phone == "01632 960 777"
    assert codes(world.answers_to(mail), BEA) == ["OUT-46"] and told(world, "OUT-30", ref) == []
    warning = latest(world, ref, BEA, "OUT-46")
    assert "an old edition" in warning.text and len(warning.forms) == 1
    assert {TMS["Harbour"], QA} <= set(told(world, "OUT-47", ref)) and world.audit(ref).submission == 0


def test_words_of_danger_in_another_councils_form_are_seen_too(northmoor: Found) -> None:
    """Nothing is ticked, but what is written sounds like danger: Bea is asked straight away, and QA is told."""
    world = northmoor(own=OWN)
    ref = world.refs[0]
    form = make_form({"top.case_number": world.audit(ref).case_number, "money.one": "The child is in immediate danger tonight."},
                     Look(shape=typed, marks=False), form_named(world, "riverside", "7"))
    mail = world.write(BEA, "My audit.", answers=world.carrier(ref), documents=[("Audit.docx", form)])
    world.run("2026-09-14 10:00")
    assert world.audit(ref).concern.state is ConcernState.SUSPECTED and codes(world.answers_to(mail), BEA) == ["OUT-46"]
    assert told(world, "OUT-47", ref) == [QA]


def test_the_same_old_form_again_is_not_answered_twice_and_quality_hears_of_it(northmoor: Found) -> None:
    """Bea sends the very same document again: she has the answer already, so QA is told instead. Another filling of the old
    form is answered, with the new answers."""
    world = northmoor(own=OWN)
    ref = world.refs[0]
    old = world.filled(ref, form=last_years(world, ref))
    for at in ("2026-09-14 10:00", "2026-09-14 11:00"):
        mail = world.write(BEA, "My audit.", answers=world.carrier(ref), documents=[("Audit.docx", old)])
        world.run(at)
    assert told(world, "OUT-30", ref) == [BEA] and codes(world.answers_to(mail)) == ["OUT-89"]
    assert "edition 2025" in latest(world, "", QA, "OUT-89").text
    other = world.filled(ref, form=last_years(world, ref), later="Once more.")
    mail = world.write(BEA, "My audit.", answers=world.carrier(ref), documents=[("Audit.docx", other)])
    world.run("2026-09-14 12:00")
    assert codes(world.answers_to(mail)) == ["OUT-30", "OUT-89"] and "Once more." in attached(world, ref).answer("conversation.notes")
    assert world.audit(ref).submission == 0


def test_an_edition_the_council_accepts_is_filed_as_it_is(northmoor: Found) -> None:
    """form.accept_editions names last year's edition: it is a return like any other."""
    world = northmoor(own=OWN, profile='[profile.form]\naccept_editions = ["2025"]')
    ref = world.refs[0]
    old = world.filled(ref, form=last_years(world, ref))
    mail = world.write(BEA, "My audit.", answers=world.carrier(ref), documents=[("Audit.docx", old)])
    world.run("2026-09-14 10:00")
    assert codes(world.answers_to(mail), BEA) == ["OUT-12"] and world.audit(ref).state is State.UNDER_QA


def test_beside_the_right_form_an_old_one_is_only_kept(northmoor: Found) -> None:
    """Bea attaches the right form, and the old one she had filled in first: the right one is filed, the old one is kept."""
    world = northmoor(own=OWN)
    ref = world.refs[0]
    old = world.filled(ref, {"overall.learnt": LEARNT}, form=last_years(world, ref))
    world.write(BEA, "Both.", answers=world.carrier(ref), documents=[("Old.docx", old), ("Audit.docx", world.filled(ref))])
    world.run("2026-09-14 10:00")
    assert world.audit(ref).state is State.UNDER_QA and told(world, "OUT-30", ref) == []
    assert [c.name for c in world.house.store.load_submissions(ref)[0].copies] == ["Old.docx"]


def test_an_old_form_from_somebody_else_tells_them_nothing(northmoor: Found) -> None:
    """The practitioner sends last year's form, answers and all. It is held for QA, who may let it go on: the right form then
    goes to the auditor, and to nobody else."""
    world = northmoor(own=OWN)
    ref = world.refs[0]
    worker = world.house.get_case(world.audit(ref)).practitioner
    assert worker == practitioner(0)
    old = world.filled(ref, form=last_years(world, ref))
    mail = world.write(worker, "Bea asked me to send this.", answers=world.carrier(ref), documents=[("Audit.docx", old)])
    world.run("2026-09-14 10:00")
    assert codes(world.answers_to(mail), worker) == ["OUT-31"] and told(world, "OUT-30", ref) == []
    world.write(QA, f"FILE {ref}", answers=latest(world, "", QA, "OUT-89"))
    world.run("2026-09-14 11:00")
    assert told(world, "OUT-30", ref) == [BEA] and world.audit(ref).submission == 0


def test_an_old_form_while_changes_are_owed_names_the_limit_for_them(northmoor: Found) -> None:
    """The form went back for changes, and the changes come in last year's form: the letter names the limit for changes."""
    world = northmoor(own=OWN)
    ref = world.refs[0]
    world.return_form(ref, {"review.post": ""})
    world.run("2026-09-14 10:00")
    old = world.filled(ref, form=last_years(world, ref))
    world.write(BEA, "Amended.", answers=world.carrier(ref), documents=[("Audit.docx", old)])
    world.run("2026-09-15 10:00")
    assert world.audit(ref).state is State.REVISION and world.audit(ref).submission == 1
    text = latest(world, ref, BEA, "OUT-30").text
    assert "Wednesday 30 September 2026" in text and "not accepted this month" in text


def test_an_auditors_assistant_who_may_send_for_them_has_the_answer_too(northmoor: Found) -> None:
    """Bea's PA, named in the directory, sends last year's form: the answer goes to the PA, who wrote."""
    pa = "pat.assistant@northmoor.example"
    bea = replace(next(p for p in make_people(1) if p.address == BEA), delegates=(pa,))
    world = northmoor(own=OWN, people=[bea, Person(pa, "Pat Assistant", ())])
    ref = world.refs[0]
    old = world.filled(ref, form=last_years(world, ref))
    mail = world.write(pa, "Bea's audit.", answers=world.carrier(ref), documents=[("Audit.docx", old)])
    world.run("2026-09-14 10:00")
    assert codes(world.answers_to(mail)) == ["OUT-30"] and told(world, "OUT-30", ref) == [pa]
    assert len(world.sent("OUT-30", to=pa)[-1].forms) == 1


def test_what_this_audit_was_sent_is_taken_although_the_council_has_a_new_edition(northmoor: Found) -> None:
    """The council edits its form in the middle of the month. The form that went out on the first is still a return."""
    world = northmoor(own={"form.toml": LAST_YEAR})
    ref = world.refs[0]
    filled = world.filled(ref)
    new_edition(world)
    world.write(BEA, "My audit.", answers=world.carrier(ref), documents=[("Audit.docx", filled)])
    world.run("2026-09-14 10:00")
    assert world.audit(ref).state is State.UNDER_QA and told(world, "OUT-30", ref) == []


def test_work_carried_over_is_sent_out_by_the_new_editions_questions(northmoor: Found) -> None:
    """July's form was not accepted, and in August the council changes its form: September's form is the new one, with July's
    answers under the questions they belong to now."""
    world = northmoor(month="2026-07", own={"form.toml": LAST_YEAR})
    ref = world.refs[0]
    world.return_form(ref, {"review.post": "", "plan.better": BETTER})
    world.run("2026-07-28 10:00")
    world.run("2026-08-03 09:05")
    assert world.audit(ref).state is State.NOT_ACCEPTED
    new_edition(world)
    open_next(world, "2026-09", "2026-09-01 08:30")
    world.run("2026-09-01 09:05")
    carried = next(a for a in world.house.store.find_audits(cycle="2609") if a.carried_from == ref)
    assert carried.edition == "1"
    letter = latest(world, carried.ref, BEA, "OUT-22")
    again = read_document(letter.forms[0], "again.docx", world.house.policy.forms)
    assert (again.edition, again.answer("plan.improvements")) == ("1", BETTER) and again.answer("voice.evidence") != ""


def new_edition(world: World) -> None:
    """The council's own form is today's from now on; last year's is kept beside it."""
    texts = world.root / "texts"
    (texts / "form.toml").write_text(TODAY, encoding="utf-8")
    (texts / "forms").mkdir()
    (texts / "forms" / "last-year.toml").write_text(LAST_YEAR, encoding="utf-8")
    with (world.root / "mailflow.toml").open("a", encoding="utf-8") as settings:
        settings.write("# The form has a new edition.\n")
    world.reopen()
