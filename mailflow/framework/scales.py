"""Scales of grades, as named tables of the profile: ``[grades.scales.NAME]`` (domain 2.3).

A council's three words are a scale of its own: a table, and a form whose grades offer those words.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

NONE = "none"


@dataclass(frozen=True)
class Band:
    """One step of a scale: what ``when`` tables call it, its rank (1 is the lowest), how it is printed, and the settled
    answers that mean it (none: its own name)."""

    grade: str
    rank: int
    words: str = ""
    values: tuple[str, ...] = ()

    @property
    def printed(self) -> str:
        return self.words or self.grade.replace("_", " ").capitalize()


@dataclass(frozen=True)
class Scale:
    """Bands from the lowest up; ``out_of`` above 0 says that answers are numbers up to it, printed "7 of 10"."""

    bands: tuple[Band, ...]
    out_of: int = 0


def find_band(scale: Scale, value: str) -> Band | None:
    """The band of an answer, or of a band's own name; None for what the scale does not know."""
    bare = value.strip().casefold()
    named = next((b for b in scale.bands if bare in (v.casefold() for v in b.values)), None)
    return named or next((b for b in scale.bands if bare == b.grade.casefold()), None)


def wrong_scales(scales: Mapping[str, Scale], named: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """(key below ``grades``, what is wrong): scales nobody wrote, answers that mean two bands, ranks out of order."""
    for key, name in named.items():
        if name not in scales and name != NONE:
            yield key, f"there is no [grades.scales.{name}]; there are {', '.join(sorted(scales))} and {NONE}"
    for name, scale in scales.items():
        answers = [v.casefold() for b in scale.bands for v in (b.values or (b.grade,))]
        twice = sorted({a for a in answers if answers.count(a) > 1})
        ranks = [b.rank for b in scale.bands]
        if not scale.bands:
            yield f"scales.{name}", "it has no bands"
        elif ranks != sorted(set(ranks)) or ranks[0] < 1:
            yield f"scales.{name}", "ranks begin at 1 or more and rise from band to band"
        if twice:
            yield f"scales.{name}", f"{', '.join(twice)} would mean two bands"
