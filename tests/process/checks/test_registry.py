"""Every check is tried both ways: a test module has a table ``CASES`` of check → (…, what fires, what stays silent), and
tests of its own that walk it. This page walks the pages."""

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


def test_the_checks_are_the_domain_s() -> None:
    """Numbers 1 to 120, none twice in one table, none of our own."""
    ids = {c.id for c in (*CHECKS, *MODERATION)} | {check for check, _, _ in CASENOTE}
    assert ids == ALL
    assert len({c.id for c in CHECKS}) == len(CHECKS) and len({c.id for c in MODERATION}) == len(MODERATION)


def test_every_check_is_tried_both_ways() -> None:
    tried = {check for page in pages() for check in page.CASES}
    asked = {c.id for c in (*CHECKS, *MODERATION)}
    assert tried == asked


@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_cases_fires_each_and_silences_each(name: str) -> None:
    page = importlib.import_module(f"tests.process.checks.{name}")
    for check, case in getattr(page, "CASES", {}).items():
        fire, quiet = case[-2:]
        assert callable(fire) and callable(quiet) and fire is not quiet, check
    if hasattr(page, "CASES"):
        marked = [getattr(page, test) for test in ("test_fires", "test_stays_silent")]
        assert all(any(set(mark.args[1]) == set(page.CASES) for mark in test.pytestmark) for test in marked)


def test_no_check_is_heavier_or_lighter_than_its_row_says() -> None:
    """What a check may be besides its row's severity stands in the row (``also``) or in the profile, so that `mailflow
    checks` is true."""
    chosen = FRAMEWORK.checks.severity
    rows = {c.id: {chosen.get(c.id, c.severity), *c.also} for c in (*CHECKS, *MODERATION)}
    wrong = {(f.check, f.severity) for page in pages() for f in page.fired() if f.severity not in rows[f.check]}
    assert not wrong
