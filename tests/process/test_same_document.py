"""Documents of one mail that are one return, and those that a person must look at."""

from dataclasses import replace
from typing import Any

import pytest

from mailflow.model import Answer, Leftover, Passport, Reading
from mailflow.process.returns.same_document import Candidate, Settled, differing_answers, is_same_document, settle_same_document
from tests.process.builders import form, reading

WORD = reading(text="Seen on 3 June.\nBoth children were spoken to alone.")


def answered(of: Reading, changes: dict[str, str], **more: Any) -> Reading:
    """The reading with some answers' words changed; their settled values go with them."""
    return replace(of, answers={**of.answers, **{f: Answer(f, t, value=t or None) for f, t in changes.items()}}, **more)


def as_printed(of: Reading, **more: Any) -> Reading:
    """What its PDF might be read as: lines broken elsewhere, headings left over, no digest of its own to rely on."""
    answers = {f: replace(a, text=a.text.replace(" ", "\n", 3)) for f, a in of.answers.items()}
    return replace(of, answers=answers, content_digest="", leftovers=(Leftover("Page 1 of 6"),), **more)


def word(of: Reading) -> Candidate:
    return Candidate(of, editable=True)


def pdf(of: Reading) -> Candidate:
    return Candidate(of, editable=False)


def test_the_word_form_counts_and_its_pdf_is_a_copy_whichever_comes_first() -> None:
    printed = as_printed(WORD)
    assert settle_same_document([word(WORD), pdf(printed)]) == (Settled(0, (1,)),)
    assert settle_same_document([pdf(printed), word(WORD)]) == (Settled(1, (0,)),)


def test_a_pdf_alone_is_a_return_of_its_own() -> None:
    assert settle_same_document([pdf(as_printed(WORD))]) == (Settled(0),)


def test_what_a_pdf_cannot_carry_may_be_blank_in_it_and_never_in_the_word_form() -> None:
    """Blank, not found at all, or a whole table missing: the Word form has it. The other way round a person looks."""
    field = next(iter(WORD.answers))
    less = as_printed(WORD)
    blank = answered(less, {field: ""})
    unfound = replace(less, answers={f: a for f, a in less.answers.items() if f != field}, rows={})
    for printed in (blank, unfound):
        assert settle_same_document([word(WORD), pdf(printed)]) == (Settled(0, (1,)),)
    assert settle_same_document([word(answered(WORD, {field: ""})), pdf(less)]) == (Settled(0), Settled(1))


def test_any_answer_that_differs_keeps_them_apart_and_is_named() -> None:
    for f in form().fields:
        changed = answered(as_printed(WORD), {f.id: "Something else."})
        assert settle_same_document([word(WORD), pdf(changed)]) == (Settled(0), Settled(1)), f.id
        label, = differing_answers(form(), word(WORD), pdf(changed))
        assert label.endswith(f": {f.label}")


def test_rows_count_as_answers() -> None:
    """A cell that differs, or a row that only one of two Word forms has."""
    cells = dict(WORD.rows["actions"][0])
    cells["due"] = Answer("actions.1.due", "2026-08-01", value="2026-08-01")
    changed = as_printed(WORD, rows={"actions": (cells,)})
    assert not is_same_document(word(WORD), pdf(changed))
    assert differing_answers(form(), word(WORD), pdf(changed)) == (next(t.label for t in form().tables if t.id == "actions"),)
    assert not is_same_document(word(reading(actions=2)), word(reading(actions=1)))
    assert is_same_document(word(reading(actions=2)), pdf(as_printed(reading(actions=1))))


def test_a_date_or_a_tick_written_another_way_is_the_same_answer() -> None:
    field = next(f.id for f in form().fields if f.kind.value == "date")
    one = replace(WORD, answers={**WORD.answers, field: Answer(field, "10/06/2026", value="2026-06-10")})
    two = replace(as_printed(WORD), answers={**as_printed(WORD).answers, field: Answer(field, "10 June 2026", value="2026-06-10")})
    assert is_same_document(word(one), pdf(two))


def test_two_word_forms_of_equal_digest_are_one_unless_something_was_typed_elsewhere() -> None:
    one = replace(WORD, content_digest="d1")
    assert settle_same_document([word(one), word(one)]) == (Settled(0, (1,)),)
    noted = replace(one, leftovers=(Leftover("I have a worry about this."),))
    assert settle_same_document([word(one), word(noted)]) == (Settled(0), Settled(1))
    assert differing_answers(form(), word(one), word(noted)) == ("text outside the questions",)


def test_forms_that_name_different_audits_are_never_one() -> None:
    """Two audits answered word for word alike; by passport or in print."""
    one, two = (replace(WORD, content_digest="d1", passport=Passport(r, "base-10", "1")) for r in ("2606-001C", "2606-002F"))
    assert settle_same_document([word(one), word(two)]) == (Settled(0), Settled(1))
    printed = as_printed(WORD, printed_ref="2606-002F")
    assert not is_same_document(word(one), pdf(printed)) and is_same_document(word(two), pdf(printed))
    assert is_same_document(word(one), pdf(as_printed(WORD)))


@pytest.mark.parametrize("kept", [0, 2])
def test_a_document_that_says_next_to_nothing_is_a_copy_of_nothing(kept: int) -> None:
    """A blank form beside the completed one agrees with it everywhere and is not it."""
    few = replace(as_printed(WORD), answers=dict(list(as_printed(WORD).answers.items())[:kept]), rows={})
    assert settle_same_document([word(WORD), pdf(few)]) == (Settled(0), Settled(1))


def test_another_form_is_another_return() -> None:
    assert not is_same_document(word(WORD), pdf(replace(as_printed(WORD), form="family")))


def test_a_pdf_that_agrees_with_two_forms_is_a_copy_of_neither() -> None:
    field = next(iter(WORD.answers))
    other = answered(WORD, {field: "Another."})
    printed = answered(as_printed(WORD), {field: ""})
    assert settle_same_document([word(WORD), word(other), pdf(printed)]) == (Settled(0), Settled(1), Settled(2))
    assert settle_same_document([word(WORD), pdf(printed), pdf(printed)]) == (Settled(0, (1, 2)),)
