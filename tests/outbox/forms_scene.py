"""Every shipped form, a form that has everything, made-up answers for any form, and a way to fill and read it."""

from pathlib import Path

from mailflow.form.definition import FormDefinition, FormField, Kind
from mailflow.form.load import load_form
from mailflow.form.shelf import list_forms
from mailflow.framework import templates_root
from mailflow.model import Answer, Reading, Status
from outbox.forms.word import refill
from parsers.read import read_document
from tests.outbox.word_scene import SECRET, make_scene

ROOT = templates_root()
SHIPPED = {form.id: form for form in list_forms(ROOT)}
PLACES = {load_form(path).id: path for pattern in ("*/form.toml", "*/forms/*.toml") for path in ROOT.glob(pattern)}

MATRIX = """
id = "long"
edition = "1"
title = "Long form"
instructions = ["Score each question."]
[[sections]]
id = "story"
title = "The story so far"
[[sections.columns]]
id = "score"
label = "Score"
kind = "score"
scale = [1, 5]
prompt = "Choose"
hint = "1 no, 5 yes"
[[sections.columns]]
id = "notes"
label = "Notes"
kind = "notes"
prompt = "Type your notes"
[[sections.items]]
id = "q1"
number = "Q1"
label = "Can a reader follow what happened?"
columns = ["score", "notes"]
[[sections.items]]
id = "q2"
number = "Q2"
label = "Do the worry statements say:"
columns = ["notes"]
[[sections.items]]
id = "q2a"
number = "Q2 A"
label = "A. what happened before?"
columns = ["score"]
[[sections.items]]
id = "grade"
label = "Grade for this part"
kind = "grade"
part = "grade"
prompt = "Choose a grade"
[[sections]]
id = "parents"
title = "Parents"
[[sections.columns]]
id = "one"
label = "Parent 1"
kind = "text"
prompt = "Type here"
[[sections.columns]]
id = "two"
label = "Parent 2"
kind = "text"
required = false
prompt = "Type here"
[[sections.columns]]
id = "mine"
label = "Practitioner"
kind = "score"
scale = [1, 5]
prompt = "Choose"
[[sections.columns]]
id = "yours"
label = "Auditor"
kind = "score"
scale = [1, 5]
prompt = "Choose"
[[sections.items]]
id = "who"
label = "Who answered?"
hint = "Mother, father, carer"
columns = ["one", "two"]
[[sections.items]]
id = "better"
label = "What could be better?"
columns = ["one", "two"]
[[sections.items]]
id = "practice"
label = "How well is the way of working used?"
columns = ["mine", "yours"]
"""


def document_of(form: FormDefinition) -> Path:
    """Where the form's shipped document stands."""
    home = next(p for p in PLACES[form.id].parents if p.parent == ROOT)
    return next(p for p in (home / "documents").iterdir() if p.stem == form.id)


def sample(field: FormField, number: int) -> str:
    """What somebody might answer; another text for each number where the kind allows."""
    if field.kind is Kind.GRADE:
        return ("Outstanding", "Good", "Requires improvement", "Inadequate")[number % 4]
    if field.kind is Kind.CHOICE:
        return field.choices[number % len(field.choices)]
    if field.kind is Kind.SCORE:
        return str(field.scale[0] + number % (field.scale[1] - field.scale[0] + 1))
    if field.kind is Kind.DATE:
        return f"{number % 28 + 1:02d}/06/2026"
    if field.kind is Kind.TEXT:
        return f"Words for {number}"
    return f"On visit {number} she was seen alone.\nHer own words stand in the record of {number % 28 + 1} May."


def answers_for(form: FormDefinition) -> tuple[dict[str, str], dict[str, list[dict[str, str]]]]:
    """(field id → text, table id → rows): an answer for every box, two rows in every table."""
    texts = {f.id: sample(f, n) for n, f in enumerate(form.fields) if not f.prefilled}
    rows = {t.id: [{c.id.rpartition(".")[2]: sample(c, n) for c in t.columns} for n in (1, 2)] for t in form.tables}
    return texts, rows


def fill_and_read(form: FormDefinition) -> Reading:
    """Send the form as mailflow does, with the answers of an earlier reading in it, and read what was sent."""
    texts, rows = answers_for(form)
    earlier = Reading(
        Status.READABLE, answers={i: Answer(i, text, value=_value(form.find_field(i), text)) for i, text in texts.items()},
        rows={t: tuple({c: Answer(f"{t}.{n}.{c}", text) for c, text in row.items()} for n, row in enumerate(of, 1))
              for t, of in rows.items()})
    document = refill(make_scene(form, category="LAC"), form, (), SECRET, earlier)
    return read_document(document.data, document.name, (form,))


def _value(field: FormField | None, text: str) -> str | None:
    return text.lower().replace(" ", "_") if field is not None and field.kind is Kind.GRADE else None
