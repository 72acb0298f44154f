"""Whatever the house's values hold comes back unchanged, through text and through the database."""

import json
import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mailflow.errors import Broken
from mailflow.model import Audit, Cycle, Letter, Person, Submission
from mailflow.model.codec import to_plain
from mailflow.store import Store
from mailflow.store.values import from_moment, from_text, to_address, to_column, to_moment, to_text

# Columns take no half characters and no NUL (to_column turns them into U+FFFD, see the last tests); JSON takes both.
WORDS = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"))
ANY_WORDS = st.text(st.characters(), max_size=20)
MOMENTS = st.datetimes(
    datetime(1, 1, 2), datetime(9999, 12, 30),
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=1)), timezone(timedelta(minutes=-210))]),
)
st.register_type_strategy(datetime, MOMENTS)
st.register_type_strategy(date, st.dates())
st.register_type_strategy(str, ANY_WORDS)
NUMBERS = st.integers(min_value=0, max_value=2**53)

AUDITS = st.builds(
    Audit, ref=WORDS.filter(bool), cycle=WORDS, case_number=WORDS, generation=NUMBERS, auditor=WORDS.map(to_address)
)
LETTERS = st.builds(
    Letter, key=WORDS, code=WORDS, audit=WORDS, role=WORDS, to=WORDS.map(to_address), subject=WORDS, message_id=WORDS,
    raw=st.binary(), reason=WORDS, private=WORDS, in_reply_to=WORDS, attempts=NUMBERS, id=st.just(1),
)


@pytest.fixture(scope="module")
def kept() -> Iterator[Store]:
    with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder) / "state", "audits@northmoor.example") as store:
        yield store


slow = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


class Undo(Exception):  # noqa: N818
    """Leaves the store as it was, so that each example starts afresh."""


@slow
@given(st.one_of(AUDITS, st.builds(Submission), st.builds(Person), st.builds(Cycle)))
def test_our_json_is_the_codecs_json_and_comes_back_whole(value: Any) -> None:
    text = to_text(value)
    assert text == json.dumps(to_plain(value), separators=(",", ":"))
    assert text.isascii() and from_text(type(value), text) == value


@slow
@given(audit=AUDITS)
def test_an_audit_goes_through_the_database_unchanged(kept: Store, audit: Audit) -> None:
    with pytest.raises(Undo), kept.tx():
        kept.add_audit(audit)
        assert kept.find_audit(audit.ref) == audit
        assert kept.find_audits(case_number=audit.case_number) == (audit,) == kept.find_audits(auditor=audit.auditor)
        saved = kept.save_audit(audit)
        assert kept.get_audit(audit.ref) == saved and saved.generation == audit.generation + 1
        raise Undo


@slow
@given(submission=st.builds(Submission, ref=st.just("2606-001A"), number=NUMBERS, sha=WORDS))
def test_a_submission_goes_through_the_database_unchanged(kept: Store, make: Any, submission: Submission) -> None:
    with pytest.raises(Undo), kept.tx():
        kept.add_audit(make.audit(ref="2606-001A"))
        kept.add_submission(submission)
        assert kept.load_submissions("2606-001A") == (submission,)
        assert kept.find_duplicate("2606-001A", submission.sha, "") == submission
        raise Undo


@slow
@given(letter=LETTERS)
def test_a_letter_goes_through_the_database_unchanged(kept: Store, letter: Letter) -> None:
    with pytest.raises(Undo), kept.tx():
        assert kept.enqueue(letter)
        found = kept.load_letters()[0]
        assert to_plain_but(found) == to_plain_but(letter)
        assert kept.find_letter_by_key(letter.key) == kept.find_letter_by_message_id(letter.message_id) == found
        raise Undo


def to_plain_but(letter: Letter) -> dict[str, Any]:
    """Every field but the store's own number."""
    return {name: value for name, value in vars(letter).items() if name != "id"}


@given(MOMENTS, MOMENTS)
def test_times_in_text_order_are_times_in_order(one: datetime, other: datetime) -> None:
    assert (to_moment(one) < to_moment(other)) == (one < other)
    assert from_moment(to_moment(one)) == one and to_moment(one).endswith("+00:00")


@given(st.text(st.characters(), max_size=30))
def test_any_text_fits_a_column(text: str) -> None:
    column = to_column(text)
    assert "\0" not in column and column.encode("utf-8") == column.encode("utf-8", "replace") and to_column(column) == column
    if "\0" not in text and not any("\ud800" <= c <= "\udfff" for c in text):
        assert column == text


def test_what_the_codec_does_not_know_is_a_bug() -> None:
    for value in (b"bytes", object(), {"a": {1, b"x"}}):
        with pytest.raises(Broken):
            to_text(value)


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"ref": 1, "state": "odd"}', '{"due_on": "yesterday"}'])
def test_text_that_does_not_fit_is_a_bug(text: str) -> None:
    with pytest.raises(Broken, match="Audit"):
        from_text(Audit, text)
