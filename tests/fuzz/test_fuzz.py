"""The fuzzer's own parts work without Atheris, and some hundred rounds of its mutator find nothing."""

import random

import pytest

from tests.fuzz.mutate import mutate, unpack
from tests.fuzz.seeds import small_documents
from tests.fuzz.target import read_once

SEEDS = small_documents()


def flip(part: bytes, rng: random.Random) -> bytes:
    """A byte changed, put in or taken out."""
    at = rng.randint(0, len(part))
    return rng.choice((part[:at] + bytes([rng.randint(0, 255)]) + part[at:], part[:at] + part[at + 1:]))


@pytest.mark.parametrize("name", SEEDS)
def test_changed_documents_are_read_or_refused(name: str) -> None:
    """Forty changes on top of one another from each seed; nothing but a refusal may be raised."""
    rng, data = random.Random(name), SEEDS[name]
    for _ in range(40):
        changed = mutate(data, rng, flip)
        read_once(changed)
        data = changed if unpack(changed) else SEEDS[name]


def test_the_mutator_changes_the_text_and_mostly_leaves_a_document() -> None:
    rng, data = random.Random(7), SEEDS["in_run"]
    changed = [mutate(data, rng, flip) for _ in range(100)]
    assert len(set(changed)) > 80
    assert sum(unpack(c) is not None for c in changed) > 80
