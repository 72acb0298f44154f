"""What is compiled from a blank nobody has seen reads every return of it: each answer once, under its own question."""

import tomllib
from collections import defaultdict
from functools import lru_cache

import pytest

from mailflow.form.definition import FormDefinition, FormField
from mailflow.form.load import read_form
from mailflow.model import Reading, Status
from outbox.forms.stamp import stamp_package
from parsers.compile import compile_blank, stamp_blank, to_toml
from parsers.locate.text import flat
from parsers.read import read_document
from tests.parsers.councils import COUNCILS, FILLED, Pen, Way, make
from tests.parsers.test_samples import squeeze

Asked = tuple[str, str]


@lru_cache(maxsize=128)
def definition(name: str) -> FormDefinition:
    """As a council gets it: through the text of its form.toml."""
    return read_form(tomllib.loads(to_toml(compile_blank(make(name, Way.BLANK).bytes(), f"{name}.docx"))), name)


def asked(label: str, heading: str) -> Asked:
    return flat(label), flat(heading)


def field_asked(f: FormField) -> Asked:
    return asked(f.label, " / ".join(f.marks) if f.marks else f.column)


def read_answers(form: FormDefinition, reading: Reading) -> dict[Asked, list[str]]:
    found: dict[Asked, list[str]] = defaultdict(list)
    for f in form.fields:
        found[field_asked(f)].append(squeeze(reading.answers[f.id].text if f.id in reading.answers else ""))
    return found


def read_rows(form: FormDefinition, reading: Reading) -> list[dict[str, str]]:
    found = []
    for table in form.tables:
        labels = {c.id.rpartition(".")[2]: c.label for c in table.columns}
        found += [{labels[k]: squeeze(a.text) for k, a in row.items()} for row in reading.rows.get(table.id, ())]
    return found


def written(pen: Pen) -> dict[Asked, list[str]]:
    found: dict[Asked, list[str]] = defaultdict(list)
    for label, heading, answer, _ in pen.truth:
        found[asked(label, heading)].append(squeeze(answer))
    return found


@pytest.mark.parametrize("way", FILLED)
@pytest.mark.parametrize("name", COUNCILS)
def test_every_answer_of_a_return_is_read_once_under_its_own_question(name: str, way: Way) -> None:
    form = definition(name)
    pen = make(name, way)
    reading = read_document(pen.bytes(), "return.docx", (form,))
    assert reading.status is Status.READABLE
    assert read_answers(form, reading) == written(pen)
    assert read_rows(form, reading) == [{k: squeeze(v) for k, v in row.items()} for row in pen.rows]
    assert reading.leftovers == ()
    if way not in (Way.DELETED, Way.EDITED):
        assert reading.missing == ()


@pytest.mark.parametrize("name", COUNCILS)
def test_the_blank_itself_is_read_as_blank(name: str) -> None:
    blank, form = make(name, Way.BLANK), definition(name)
    reading = read_document(blank.bytes(), "blank.docx", (form,))
    assert reading.status is Status.READABLE
    assert {k: a.text for k, a in reading.answers.items() if a.text} == {}
    assert (read_rows(form, reading), reading.leftovers, reading.missing) == ([], (), ())


@pytest.mark.parametrize("name", COUNCILS)
def test_what_kind_of_answer_each_is(name: str) -> None:
    kinds: dict[Asked, set[str]] = defaultdict(set)
    for f in definition(name).fields:
        kinds[field_asked(f)].add(f.kind.value)
    said = {asked(label, heading): {kind} for label, heading, _, kind in make(name, Way.BLANK).truth if kind}
    assert {k: kinds[k] for k in said} == said


@pytest.mark.parametrize("name", [n for n in COUNCILS if not n.startswith("book") and n != "titled box"])
def test_a_stamped_blank_is_read_as_blank_by_its_marks(name: str) -> None:
    blank, form = make(name, Way.BLANK).bytes(), definition(name)
    stamped = stamp_package(stamp_blank(blank, compile_blank(blank, f"{name}.docx"), form))
    reading = read_document(stamped, "stamped.docx", (form,))
    assert {k: a.text for k, a in reading.answers.items() if a.text} == {}
    assert (reading.leftovers, reading.missing) == ((), ())
