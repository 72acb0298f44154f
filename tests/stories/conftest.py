"""A council for each story; when the story is over, what must always be true is looked at."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.register_assert_rewrite("tests.stories.telling")

from tests.stories.telling import in_order  # noqa: E402
from tests.world import World, build_world  # noqa: E402

Found = Callable[..., World]


@pytest.fixture
def northmoor(tmp_path: Path) -> Iterator[Found]:
    """``northmoor(auditors=2, …)``: as ``build_world``, in a folder of its own."""
    made: list[World] = []

    def found(**how: Any) -> World:
        made.append(build_world(tmp_path / f"northmoor{len(made)}", **{"auditors": 1, **how}))
        return made[-1]

    try:
        yield found
        for world in made:
            in_order(world)
    finally:
        for world in made:
            world.close()
