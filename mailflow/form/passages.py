"""Runs of words by which two texts are known to say the same. Used where answers are compared and where they are kept."""

import re
from collections.abc import Iterable, Mapping
from hashlib import blake2b

from mailflow.model import Answer

# Words in a run. Eight are hardly ever the same by chance.
RUN = 8
# One run in so many is kept for look-ups: enough for forty words in a row, an eighth of the room.
KEPT_OF = 8
# Answers of fewer words are no passages.
LEAST_WORDS = 12

_WORD = re.compile(r"[^\W_]+")


def words_of(text: str) -> list[str]:
    """Words as compared: small letters, no punctuation."""
    return _WORD.findall(text.casefold().replace("'", "").replace("’", ""))


def runs_of(text: str, size: int = RUN) -> frozenset[int]:
    """A number of 64 bits for each run of ``size`` words, the same on every machine; none for a shorter text."""
    words = words_of(text)
    return frozenset(_number(" ".join(words[n:n + size])) for n in range(len(words) - size + 1))


def _number(run: str) -> int:
    return int.from_bytes(blake2b(run.encode(), digest_size=8).digest(), "big", signed=True)


def fingerprint(answers: Mapping[str, Answer]) -> frozenset[int]:
    """The runs of a return's longer answers that are kept for look-ups (CHK-089)."""
    return kept_runs(a.text for a in answers.values())


def kept_runs(texts: Iterable[str]) -> frozenset[int]:
    """One run in eight of the texts that are long enough, chosen by the run itself."""
    long = (t for t in texts if len(t.split()) >= LEAST_WORDS)
    return frozenset(r for t in long for r in runs_of(t) if r % KEPT_OF == 0)
