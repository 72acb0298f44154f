"""Councils in several stages of beginning with mailflow; each made once a session and copied by the tests that change it."""

from pathlib import Path

import pytest

from mailflow.demo.council import write_sheets
from tests.cli.command import copy_of, mailflow

OPENED, FIRST_LOOK = "2026-09-01T08:30", "2026-09-01T09:05"


@pytest.fixture(scope="session")
def council_begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`init` was typed and the two sheets were filled in; nothing else."""
    folder = tmp_path_factory.mktemp("begun") / "northmoor"
    mailflow("init", folder, folder=tmp_path_factory.getbasetemp()).well()
    write_sheets(folder)
    return folder


@pytest.fixture(scope="session")
def council_filled(council_begun: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both sheets are imported."""
    folder = copy_of(council_begun, tmp_path_factory.mktemp("filled") / "northmoor")
    mailflow("people", "import", "people.xlsx", folder=folder).well()
    mailflow("cases", "import", "cases.xlsx", folder=folder).well()
    return folder


@pytest.fixture(scope="session")
def council_opened(council_filled: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """September 2026 is open and the first pass has sent its letters."""
    folder = copy_of(council_filled, tmp_path_factory.mktemp("opened") / "northmoor")
    mailflow("open", "2026-09", "--seed", "northmoor", "--at", OPENED, folder=folder).well()
    mailflow("once", "--at", FIRST_LOOK, folder=folder).well()
    return folder


@pytest.fixture
def begun(council_begun: Path, tmp_path: Path) -> Path:
    return copy_of(council_begun, tmp_path / "northmoor")


@pytest.fixture
def filled(council_filled: Path, tmp_path: Path) -> Path:
    return copy_of(council_filled, tmp_path / "northmoor")


@pytest.fixture
def opened(council_opened: Path, tmp_path: Path) -> Path:
    return copy_of(council_opened, tmp_path / "northmoor")
