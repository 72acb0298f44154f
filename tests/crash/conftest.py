"""The life without a crash, told once a module."""

from collections.abc import Iterator

import pytest

from tests.crash.lines import Told, tell


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    found = tell(tmp_path_factory.mktemp("life"))
    yield found
    found.pool.close()
