"""Answers under another form's questions: where the same is asked, of the same kind, and nowhere else (T-28)."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from mailflow.form.definition import FormDefinition, FormField, FormSection, FormTable, Kind, Part
from mailflow.form.load import load_form
from mailflow.model import Answer, Leftover, Reading, Status
from mailflow.process.returns.editions import is_accepted
from mailflow.process.returns.transfer import Left, Transfer, transfer
from tests.process.builders import at, audit, form, framework, reading, scene, with_rules

WOKINGHAM = load_form(Path(__file__).parents[2] / "templates" / "wokingham-3.2" / "form.toml")


def asked(name: str, label: str, kind: Kind = Kind.NOTES, **more: Any) -> FormField:
    return FormField(name, label, kind, more.pop("part", Part.OTHER), "s", **more)


def made(*fields: FormField, kind: str = "one", title: str = "A section", tables: tuple[FormTable, ...] = ()) -> FormDefinition:
    return FormDefinition(kind, "1", "A form", (FormSection("s", title, fields, tables),))


def said(form: FormDefinition, values: dict[str, str], settled: bool = True, **more: Any) -> Reading:
    answers = {k: Answer(k, v, value=v if settled else None) for k, v in values.items()}
    return Reading(Status.READABLE, form.id, form.edition, answers=answers, **more)


def move(one: FormField, other: FormField, text: str = "words", settled: bool = True, kind: str = "two") -> Transfer:
    given = made(one)
    return transfer(said(given, {one.id: text}, settled), given, made(other, kind=kind))


@pytest.mark.parametrize(("one", "other"), [
    (asked("a", "What you saw"), asked("b", "What you saw")),
    (asked("a", "What you saw there"), asked("b", "So, what was it that you saw there?")),
    (asked("a", "Grade before the talk", Kind.GRADE, stage="pre"), asked("a", "Grade before the conversation", Kind.GRADE, stage="pre")),
    (asked("a", "How far", Kind.SCORE, scale=(1, 5)), asked("b", "How far", Kind.SCORE, scale=(1, 5))),
    (asked("a", "Done", Kind.CHOICE, choices=("words", "No")), asked("b", "Done", Kind.CHOICE, choices=("Words", "Never"))),
])
def test_an_answer_goes_where_its_own_question_stands_again(one: FormField, other: FormField) -> None:
    moved = move(one, other)
    assert moved.reading.answers[other.id].text == "words" and moved.reading.answers[other.id].field == other.id
    assert moved.carried == 1 and moved.left == ()


@pytest.mark.parametrize(("one", "other"), [
    (asked("q5", "What the school said"), asked("q5", "How the money was spent")),
    (asked("a", "Done", Kind.GRADE), asked("a", "Done")),
    (asked("a", "How far", Kind.SCORE, scale=(1, 5)), asked("a", "How far", Kind.SCORE, scale=(1, 10))),
    (asked("a", "Done", Kind.CHOICE, choices=("words",)), asked("a", "Done", Kind.CHOICE, choices=("Yes", "No"))),
    (asked("a", "Grade before", Kind.GRADE, stage="pre"), asked("a", "Grade after", Kind.GRADE, stage="post")),
    (asked("a", "If yes: whom did you tell?", part=Part.CONCERN), asked("a", "If yes: whom did you tell?", part=Part.CONCERN)),
])
def test_another_question_kind_or_scale_takes_nothing_and_the_answer_is_listed(one: FormField, other: FormField) -> None:
    moved = move(one, other)
    assert moved.reading.answers == {} and moved.carried == 0
    assert moved.left == (Left(f"A section: {one.label}", "words"),)


def test_a_grade_nobody_could_settle_is_listed() -> None:
    grade = asked("a", "Grade", Kind.GRADE)
    assert move(grade, grade, "good or better", settled=False).left == (Left("A section: Grade", "good or better"),)


def test_one_general_word_says_nothing_under_another_heading() -> None:
    one = made(asked("a", "Comments"))
    other = made(asked("b", "Comments"), kind="two", title="Somewhere else")
    assert transfer(said(one, {"a": "words"}), one, other).carried == 0


def test_the_same_label_under_ten_headings_stays_under_its_own() -> None:
    """Another kind of form, with ids of its own and the headings of ours in another order."""
    mixed = replace(form(), id="mixed", sections=tuple(
        replace(s, id=f"x{n}", fields=tuple(replace(f, id=f"x{n}.{i}", section=f"x{n}") for i, f in enumerate(s.fields)))
        for n, s in enumerate(reversed(form().sections))))
    ids = {f.id: g.id for s, t in zip(form().sections, reversed(mixed.sections), strict=True)
           for f, g in zip(s.fields, t.fields, strict=True)}
    texts = {f.id: f"about {f.id}" for f in form().fields if f.kind in (Kind.TEXT, Kind.NOTES) and not f.prefilled}
    moved = transfer(said(mixed, {ids[k]: v for k, v in texts.items()}), mixed, form())
    kept = {k: a.text for k, a in moved.reading.answers.items()}
    assert kept == {k: v for k, v in texts.items() if not k.startswith("concern.")}


def test_rows_go_by_their_columns_and_a_cell_without_one_is_listed() -> None:
    def table(name: str, *columns: tuple[str, str]) -> FormTable:
        return FormTable(name, "Actions agreed", "s", tuple(asked(f"{name}.{c}", label) for c, label in columns))
    one = made(tables=(table("todo", ("text", "Action"), ("person", "By whom"), ("cost", "Cost")),))
    other = made(tables=(table("actions", ("text", "What"), ("owner", "By whom?")),), kind="two")
    rows = ({"todo.text": Answer("", "Ring the school"), "todo.person": Answer("", "Pat"), "todo.cost": Answer("", "£5")},)
    moved = transfer(replace(said(one, {}), rows={"todo": rows}), one, other)
    assert [{c: a.text for c, a in row.items()} for row in moved.reading.rows["actions"]] == [
        {"text": "Ring the school", "owner": "Pat"}]
    assert moved.carried == 1 and moved.left == (Left("Actions agreed 1: Cost", "£5"),)


def test_what_stood_in_the_head_is_named_and_not_repeated_and_what_ours_prints_is_not_named() -> None:
    moved = transfer(said(WOKINGHAM, {"child_name": "Quentin", "case_number": "4100000"}), WOKINGHAM, form())
    assert moved.left == (Left("About this audit: Child's name", ""),)


@for_all(st.lists(st.integers(0, len(WOKINGHAM.fields) - 1), max_size=12, unique=True), st.booleans())
def test_every_answer_is_carried_or_listed(places: list[int], ours: bool) -> None:
    """From either shipped form to the other: no typed text is in neither place (but what is printed or asked afresh)."""
    given, wanted = (form(), WOKINGHAM) if ours else (WOKINGHAM, form())
    fields = [given.fields[n % len(given.fields)] for n in places]
    values = {f.id: f"words {n}" for n, f in enumerate(fields)}
    values["unknown.question"] = "words for nobody"
    moved = transfer(said(given, values, leftovers=(Leftover("in the margin"),)), given, wanted)
    seen = {a.text for a in moved.reading.answers.values()} | {x.text for x in moved.left}
    afresh = {values[f.id] for f in fields if f.prefilled or f.part is Part.HEADER or (f.part, f.kind) == (Part.CONCERN, Kind.CHOICE)}
    assert {*values.values(), "in the margin"} - afresh <= seen
    assert moved.carried == len(moved.reading.answers)


def test_the_same_form_carries_everything_but_the_concern() -> None:
    moved = transfer(reading(actions=2), form(), form())
    lost = {f.id for f in form().fields if f.prefilled or f.part is Part.CONCERN}
    assert set(moved.reading.answers) == {f.id for f in form().fields} - lost
    assert len(moved.reading.rows["actions"]) == 2 and {x.question.split(":")[0] for x in moved.left} <= {"Is a child at risk now?"}


@pytest.mark.parametrize(("theirs", "sent", "also", "taken"), [
    ("1", "1", (), True), ("", "1", (), True), ("0", "1", (), False), ("0", "0", (), True), ("0", "1", ("0",), True),
])
def test_which_editions_are_taken(theirs: str, sent: str, also: tuple[str, ...], taken: bool) -> None:
    """Today's, the one this audit was sent, those the profile names, and a form that does not say."""
    now = scene(at("2026-06-18"), audit(form="base-10", edition=sent), rules=with_rules(framework(), form={"accept_editions": also}))
    assert is_accepted(now, replace(reading(), edition=theirs)) is taken
    assert not is_accepted(now, replace(reading(), form="other", edition=theirs))
