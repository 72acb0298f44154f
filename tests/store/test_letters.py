"""The queue of letters: one a wish, safety first, marked before it leaves, ended once."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from mailflow.errors import Broken, Lost
from mailflow.model import LetterState
from mailflow.store import Store


def enqueue(store: Store, *letters: Any) -> list[int]:
    with store.tx():
        for letter in letters:
            assert store.enqueue(letter)
    return [found.id for letter in letters if (found := store.find_letter_by_key(letter.key))]


def test_a_letter_comes_back_whole(store: Store, make: Any) -> None:
    letter = make.letter(
        raw=bytes(range(256)), state=LetterState.HELD, reason="pilot", safety=True, private="P2", made_at=make.now,
        in_reply_to="<a@b>",
    )
    (number,) = enqueue(store, letter)
    kept = replace(letter, id=number)
    assert store.find_letter(number) == kept == store.find_letter_by_message_id(letter.message_id)
    assert store.load_letters(whole=False) == (replace(kept, raw=b""),)
    assert store.find_letter_by_message_id("<stranger@x>") is None and store.find_letter_by_key("") is None


def test_asking_twice_makes_one_letter(store: Store, make: Any) -> None:
    letter = make.letter()
    enqueue(store, letter)
    with store.tx():
        assert not store.enqueue(replace(letter, raw=b"other words", message_id="<other@x>"))
    assert [found.raw for found in store.load_letters()] == [letter.raw]


def test_two_letters_never_share_a_message_id(store: Store, make: Any) -> None:
    enqueue(store, make.letter(1))
    with pytest.raises(Broken), store.tx():
        store.enqueue(make.letter(2, message_id=make.letter(1).message_id))


def test_safety_leaves_first_then_what_is_due_longest(store: Store, make: Any) -> None:
    hour = timedelta(hours=1)
    enqueue(
        store, make.letter(1, leave_at=make.now), make.letter(2, leave_at=make.now - hour),
        make.letter(3, leave_at=make.now + hour), make.letter(4, safety=True),
        make.letter(5, safety=True, leave_at=make.now + hour), make.letter(6, state=LetterState.HELD),
        make.letter(7, state=LetterState.DEFERRED, leave_at=make.now - 2 * hour),
    )
    taken = []
    while letter := store.take_letter(make.now):
        assert (letter.state, letter.attempts) == (LetterState.SENDING, 1)
        taken.append(letter.key[-1])
    assert taken == ["4", "7", "2", "1"]


def test_a_taken_letter_is_marked_for_everybody_before_it_is_sent(store: Store, folder: Any, make: Any) -> None:
    enqueue(store, make.letter())
    taken = store.take_letter(make.now)
    with Store.open(folder, make.mailbox) as other:
        assert other.take_letter(make.now) is None
        assert other.sending_letters() == (taken,)


@pytest.mark.parametrize("state", ["sent", "cancelled"])
def test_an_end_is_an_end(store: Store, make: Any, state: str) -> None:
    (number,) = enqueue(store, make.letter())
    store.take_letter(make.now)
    with store.tx():
        store.finish_letter(number, state, at=make.now)
    for late in (
        lambda: store.finish_letter(number, "deferred", leave_at=make.now),
        lambda: store.release_letter(number),
    ):
        with pytest.raises(Lost), store.tx():
            late()
    found = store.find_letter(number)
    assert found and found.state == state and found.sent_at == make.now


def test_a_deferred_letter_waits_for_its_hour(store: Store, make: Any) -> None:
    (number,) = enqueue(store, make.letter())
    store.take_letter(make.now)
    later = make.now + timedelta(minutes=30)
    with store.tx():
        store.finish_letter(number, LetterState.DEFERRED, "the server is busy", leave_at=later)
    assert store.take_letter(later - timedelta(seconds=1)) is None
    again = store.take_letter(later)
    assert again and again.attempts == 2 and again.reason == "the server is busy"


def test_a_held_letter_goes_on_when_released_and_keeps_office_hours(store: Store, make: Any) -> None:
    morning = make.now + timedelta(hours=20)
    past, future = enqueue(
        store, make.letter(1, state=LetterState.HELD, reason="pilot", leave_at=make.now - timedelta(days=3)),
        make.letter(2, state=LetterState.UNKNOWN, leave_at=morning),
    )
    with store.tx():
        store.release_letter(past)
        store.release_letter(future)
    released = store.load_letters([LetterState.READY])
    # Each keeps its own hour; a past one simply leaves with the next pass.
    assert [(found.leave_at, found.reason) for found in released] == [(make.now - timedelta(days=3), ""), (morning, "")]
    with pytest.raises(Lost), store.tx():
        store.release_letter(past)


def test_letters_whose_reason_is_gone_are_cancelled_and_only_those(store: Store, make: Any) -> None:
    enqueue(
        store, make.letter(1, code="OUT-08"), make.letter(2, code="OUT-10", state=LetterState.HELD),
        make.letter(3, code="OUT-46", safety=True), make.letter(4, code="OUT-08", audit="2606-002B"),
        make.letter(5, code="OUT-08", state=LetterState.UNKNOWN), make.letter(6, code="OUT-08", state=LetterState.SENT),
    )

    def cancelled() -> list[str]:
        return [found.key[-1] for found in store.load_letters(["cancelled"])]

    with store.tx():
        assert store.cancel_letters("2606-001A", ["OUT-08", "OUT-99"], "withdrawn") == 1
        assert cancelled() == ["1"]
        assert store.cancel_letters("2606-001A", ("*",), "withdrawn") == 1
        assert cancelled() == ["1", "2"], "a safety letter goes whatever happens"
        assert store.cancel_letters("2606-001A", (), "withdrawn") == 0
        assert store.cancel_letters("2606-001A", ("OUT-46",), "cleared") == 1
    assert [found.reason for found in store.load_letters(["cancelled"])] == ["withdrawn", "withdrawn", "cleared"]


def test_letters_are_listed_by_state_audit_and_code(store: Store, make: Any) -> None:
    enqueue(
        store, make.letter(1), make.letter(2, code="OUT-05"), make.letter(3, audit="2606-002B", state=LetterState.SENT)
    )
    assert [x.key[-1] for x in store.load_letters(audit="2606-001A", codes=["OUT-05", "OUT-06"])] == ["2"]
    assert [x.key[-1] for x in store.load_letters(states=[LetterState.READY, LetterState.SENT])] == ["1", "2", "3"]
    assert store.load_letters(states=[]) == ()


def test_a_message_knows_the_letters_that_answer_it(store: Store, make: Any) -> None:
    with store.tx():
        inbound = store.receive("<1@x>", "d", "p", b"raw", make.now)
        assert inbound
        store.enqueue(make.letter(1), inbound.id)
        store.enqueue(make.letter(2))
    assert [x.key[-1] for x in store.letters_of(inbound.id)] == ["1"]
    assert store.letters_of(99) == ()
    with pytest.raises(Broken), store.tx():
        store.enqueue(make.letter(3), 99)


def test_answers_to_one_address_are_counted_and_other_letters_are_not(store: Store, make: Any) -> None:
    since = make.now - timedelta(hours=24)
    asked = {"in_reply_to": "<1@x>"}
    old = {"state": LetterState.SENT, "sent_at": since - timedelta(seconds=1)}
    enqueue(
        store, make.letter(0, **asked, state=LetterState.UNKNOWN), make.letter(1, **asked),
        make.letter(2, **asked, state=LetterState.SENT, sent_at=since),
        make.letter(3, **asked, **old), make.letter(4), make.letter(5, **asked, safety=True),
        make.letter(6, **asked, state=LetterState.HELD), make.letter(7, **asked, state=LetterState.CANCELLED),
        make.letter(8, **asked, state=LetterState.UNKNOWN), make.letter(9, **asked, to="b.okoro@northmoor.example"),
    )
    assert store.count_letters("A.Marsh@northmoor.example", since) == 4
    assert store.count_letters("a.marsh@northmoor.example", since, unsafe_only=False) == 5
    assert store.count_letters("nobody@northmoor.example", since) == 0


def test_a_letter_about_several_audits_is_a_letter_of_each(store: Store, make: Any) -> None:
    """T-61: who asks for the letters of one audit finds those that tell of it among others."""
    several, alone = make.letter(1, audit="", audits=("2606-001A", "2606-002B")), make.letter(2, audit="2606-002B")
    enqueue(store, several, alone)
    assert [x.key for x in store.load_letters(audit="2606-001A")] == [several.key]
    assert [x.key for x in store.load_letters(audit="2606-002B", codes=(several.code,))] == [several.key, alone.key]
    assert store.load_letters(audit="2606-003C") == ()
