"""What every test may use: the real servers of ``tests/servers``."""

import sys
from pathlib import Path

import pytest

# The suite runs with --import-mode=importlib, which leaves sys.path alone; helpers are imported as tests.*.
ROOT = str(Path(__file__).resolve().parent.parent)
if ROOT not in sys.path:
    sys.path.insert(0, ROOT)

pytest.register_assert_rewrite("tests.mailbox.contract", "tests.servers")

from tests.servers.fixtures import dovecot, smtp  # noqa: E402

__all__ = ["dovecot", "smtp"]
