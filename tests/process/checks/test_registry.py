"""Every check is tried both ways: a page of tests has a table ``CASES`` of check → (…, what fires, what stays silent), and
``make(check, which)`` gives the form with it. This page walks the pages."""

import importlib
from pathlib import Path
from types import ModuleType

import pytest

from mailflow.process.checks import CASENOTE, CHECKS, MODERATION
from tests.process.checks.conftest import FRAMEWORK

FOLDER = Path(__file__).parent
PAGES = tuple(sorted(p.stem for p in FOLDER.glob("test_*.py") if p.stem != "test_registry"))
ALL = {f"CHK-{n:03}" for n in range(1, 121)}


def pages() -> list[ModuleType]:
    found = [importlib.import_module(f"tests.process.checks.{name}") for name in PAGES]
    return [page for page in found if hasattr(page, "CASES")]


PAIRS = [(page, check) for page in pages() for check in page.CASES]
TRIED = [pytest.param(page, check, id=f"{page.__name__.rpartition('.')[2]}-{check}") for page, check in PAIRS]


def test_the_checks_are_the_domain_s() -> None:
    """Numbers 1 to 120, none twice in one table, none of our own."""
    ids = {c.id for c in (*CHECKS, *MODERATION)} | {check for check, _, _ in CASENOTE}
    assert ids == ALL
    assert len({c.id for c in CHECKS}) == len(CHECKS) and len({c.id for c in MODERATION}) == len(MODERATION)


def test_every_check_is_tried_both_ways() -> None:
    tried = {check for page in pages() for check in page.CASES}
    asked = {c.id for c in (*CHECKS, *MODERATION)}
    assert tried == asked


@pytest.mark.parametrize(("page", "check"), TRIED)
def test_fires_in_few_plain_words(page: ModuleType, check: str) -> None:
    found = page.make(check, 0).find(check)
    assert found
    assert all(len(f.words.split()) <= 25 and "{" not in f.words for f in found)


@pytest.mark.parametrize(("page", "check"), TRIED)
def test_stays_silent(page: ModuleType, check: str) -> None:
    assert page.make(check, 1).find(check) == []


def test_no_check_is_heavier_or_lighter_than_its_row_says() -> None:
    """What a check may be besides its row's severity stands in the row (``also``) or in the profile, so that `mailflow
    checks` is true."""
    chosen = FRAMEWORK.checks.severity
    rows = {c.id: {chosen.get(c.id, c.severity), *c.also} for c in (*CHECKS, *MODERATION)}
    wrong = {(f.check, f.severity) for page, check in PAIRS for f in page.make(check, 0).find(check)
             if f.severity not in rows[f.check]}
    assert not wrong
