"""The servers as fixtures. Loaded by ``tests/conftest.py``; servers are imported only when a test asks for them."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.servers import Dovecot, Smtp


@pytest.fixture(scope="session")
def dovecot() -> "Iterator[Dovecot]":
    """One server for the whole session: use addresses of your own, every address has its own mailboxes."""
    from tests.servers import Dovecot

    with Dovecot() as server:
        yield server


@pytest.fixture
def smtp(dovecot: "Dovecot") -> "Iterator[Smtp]":
    """An SMTP server of one's own that delivers into the session's dovecot."""
    from tests.servers import Smtp

    with Smtp(dovecot) as server:
        yield server
