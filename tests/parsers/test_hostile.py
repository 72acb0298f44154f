"""Documents made to do harm are refused by rule, not by accident, and the next document is read as if nothing happened."""

from collections.abc import Iterator

import pytest

from mailflow.model import Reading, Status
from parsers.read import read_document
from parsers.sandbox import Pool
from tests.corpus.hostile.make import READ, SAMPLES, Sample, lying_size, package, text
from tests.parsers.pages import FORM, make_form

# The samples with a member twice are made on purpose.
pytestmark = pytest.mark.filterwarnings("ignore:Duplicate name")


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    pool = Pool((FORM,), memory_mb=600, seconds=20)
    yield pool
    pool.close()


@pytest.mark.parametrize("name", SAMPLES)
def test_each_trick_is_a_declared_refusal(name: str, pool: Pool) -> None:
    """Inside 600 MB and 20 seconds, with the reason the guard gives for this very trick and one plain sentence."""
    check(SAMPLES[name], pool.read(SAMPLES[name].make(), f"{name}.docx"))


@pytest.mark.parametrize("name", SAMPLES)
def test_the_guard_alone_says_the_same(name: str) -> None:
    """Without a child round it: the refusal is the guard's own, and nothing is raised that a reading does not say."""
    check(SAMPLES[name], read_document(SAMPLES[name].make(), f"{name}.docx", (FORM,)))


def check(sample: Sample, reading: Reading) -> None:
    if sample.reason == READ:
        assert reading.status is not Status.UNREADABLE, reading.words
        return
    assert (reading.status, reading.reason) == (Status.UNREADABLE, sample.reason), reading.words
    assert reading.words.startswith("This document") and reading.words.endswith(".")
    assert not reading.answers and not reading.text


def test_the_document_after_a_hostile_one_is_read(pool: Pool) -> None:
    assert pool.read(lying_size(), "x.docx").status is Status.UNREADABLE
    assert pool.read(make_form({"header.team": "North"}), "y.docx").answer("header.team") == "North"


def test_nothing_on_this_machine_leaks_into_a_reading() -> None:
    """An external entity never becomes text, and no word of the refusal repeats what the document asked for."""
    reading = read_document(SAMPLES["entity-external"].make(), "x.docx", (FORM,))
    assert "etc" not in reading.words and reading.text == ""


def test_a_large_but_honest_document_is_still_read() -> None:
    """A megabyte of typed evidence, and a picture that does not pack: neither looks like a bomb."""
    evidence = " ".join(f"On day {n} the child said something new." for n in range(25_000))
    picture = bytes(range(256)) * 20_000
    reading = read_document(
        make_form({"voice.evidence": evidence}, parts={"word/media/a.png": picture}), "x.docx", (FORM,),
    )
    assert reading.answer("voice.evidence") == evidence


def test_ordinary_text_of_another_kind_is_not_hostile() -> None:
    assert read_document(package(text("Minutes of a meeting")), "x.docx", (FORM,)).status is Status.NOT_THE_FORM
