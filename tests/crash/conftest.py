"""The life without a crash, told once a module."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crash.lines import Told, tell

# Thousands of commits wait for the disk; a folder in memory, where there is one, spares it.
_MEMORY = Path("/dev/shm")


@pytest.fixture(scope="module")
def fast_folder() -> Iterator[Path]:
    """A folder of this module's own, in memory where the system has that."""
    with tempfile.TemporaryDirectory(prefix="mailflow-crash-", dir=_MEMORY if _MEMORY.is_dir() else None) as name:
        yield Path(name)


@pytest.fixture(scope="module")
def told(fast_folder: Path) -> Iterator[Told]:
    found = tell(fast_folder)
    yield found
    found.pool.close()
