"""The atomic step of the store, with and without sqlite-utils, on the same SQLite library with ``synchronous=FULL``.

One step is what follows every decision: the inbound message is finished, the audit saved over its generation, the
journal gains an entry, a letter is put into the queue; one BEGIN IMMEDIATE … COMMIT. Three comparisons, each harder on us:

1. the same Store, its statements going through sqlite-utils or straight to the connection. Both sides make their values
   (JSON of the audit and of the journal's body, salt, HMAC), so the ratio is what sqlite-utils costs: at least 0.9;
2. the Store against a plain loop of the very statements it was seen to make, each with values ready, where the loop also
   makes the JSON, the salt and the HMAC once a step: what our checks, conversions and error translation cost as well;
3. the same, the loop making nothing at all: it pays for SQLite and nothing else.

The last two are printed, and asserted only against becoming much worse: where a commit costs as little as 0.2 ms, the
JSON of one audit alone (0.02-0.05 ms) is a tenth of the step.
"""

import gc
import hmac
import secrets
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from mailflow.model import Audit, Letter, Point, State
from mailflow.store import Store
from mailflow.store.door import sqlite3
from mailflow.store.values import to_moment, to_text

MAILBOX = "audits@northmoor.example"
NOW = datetime(2026, 6, 17, 9, 0, tzinfo=UTC)
BLOCKS, STEPS = 60, 30
# A letter of text and HTML with nothing attached: the smallest we send, so the hardest case for our own work.
RAW = (b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + b"Thank you. We have your audit 2606-014B.\r\n" * 300)
WHY = {"submission": 1, "checks": ["CHK-020"]}

Traced = tuple[str, Any]


def an_audit() -> Audit:
    """An audit in the middle of its life, every time filled."""
    points = tuple(
        Point(n, "Please give the date by which this action will be done.", "CHK-020", (f"actions.{n}.due",), "Actions")
        for n in range(1, 4)
    )
    return Audit(
        ref="2606-014B", cycle="2606", case_number="C1402", auditor="a.marsh@northmoor.example", state=State.REVISION,
        due_on=date(2026, 6, 30), opens_on=date(2026, 6, 1), form="base", edition="10", allocated_at=NOW,
        received_at=NOW, submission=1, auto_returns=1, returned_by="auto", points=points, soft_at=NOW,
        hard_at=NOW + timedelta(days=2), qa_due_at=NOW + timedelta(days=1),
    )


def a_store(folder: Path) -> Store:
    """A store with one audit and as many read messages as there will be steps."""
    store = Store.open(folder, MAILBOX)
    with store.tx():
        store.add_audit(an_audit())
        for n in range(BLOCKS * STEPS):
            assert store.receive(f"<{n}@northmoor.example>", f"{n:064x}", str(n), f"mail {n}".encode(), NOW)
    return store


def steps_of(store: Store) -> Iterator[Callable[[], None]]:
    """The step, as the corridor does it, ready to be run once for each message."""
    audit = store.get_audit("2606-014B")
    inbound = [i.id for i in store.take_inbound("new")]
    letter = Letter(
        key="", code="OUT-13", audit=audit.ref, role="auditor", to=audit.auditor, raw=RAW, leave_at=NOW, made_at=NOW,
        subject="[AUDIT 2606-014B] Your audit needs three more things", message_id="", in_reply_to="<1@x>",
    )

    letters = [
        replace(letter, key=f"2606-014B·T-09·a.marsh·{n}", message_id=f"<{n}.out@northmoor.example>")
        for n in range(len(inbound))
    ]

    def step(n: int, inbound_id: int) -> None:
        nonlocal audit
        with store.tx():
            store.finish_inbound(inbound_id, "accept", "a return", audit.ref, audit.auditor, "Re: your audit")
            audit = store.save_audit(audit)
            store.journal("T-09", NOW, audit.ref, audit.auditor, WHY)
            store.enqueue(letters[n], inbound_id)

    for n, inbound_id in enumerate(inbound):
        yield lambda n=n, inbound_id=inbound_id: step(n, inbound_id)


def traced_steps(store: Store) -> list[list[Traced]]:
    """What the Store does in each step, written down by sqlite-utils."""
    seen: list[list[Traced]] = []
    for step in steps_of(store):
        seen.append([])
        with store._db.tracer(lambda sql, values: seen[-1].append((sql, values))):
            step()
    return seen


def a_bare_connection(folder: Path) -> Any:
    """The same database, opened without sqlite-utils but with the same settings."""
    a_store(folder).close()
    conn = sqlite3.connect(folder / "mailflow.db", isolation_level=None)
    for setting in ("foreign_keys = on", "synchronous = full", "secure_delete = on", "trusted_schema = off"):
        conn.execute(f"pragma {setting}")
    assert conn.execute("pragma journal_mode").fetchone() == ("wal",)
    assert conn.execute("pragma synchronous").fetchone() == (2,)
    return conn


def replay(conn: Any, statements: list[Traced]) -> None:
    # The store opens and ends its transactions past the tracer.
    conn.execute("begin immediate")
    for sql, values in statements:
        conn.execute(sql, values).fetchall()
    conn.execute("commit")


def replay_with_values(conn: Any, statements: list[Traced], audit: Audit) -> None:
    """The same, after making the audit's JSON, the journal body's JSON, a salt and an HMAC as the Store does."""
    to_text(audit)
    body = to_text(WHY)
    said = "\0".join(("0" * 64, "1", to_moment(NOW), "T-09", audit.ref, audit.auditor, body))
    hmac.digest(secrets.token_bytes(32), said.encode(), "sha256").hex()
    replay(conn, statements)


class Straight:
    """What the Store uses of sqlite-utils, straight on the connection."""

    def __init__(self, conn: Any) -> None:
        self.conn, self.execute, self.rollback, self.close = conn, conn.execute, conn.rollback, conn.close

    def commit(self) -> None:
        self.conn.execute("commit")


def interleaved(ours: Callable[[int], None], bare: Callable[[int], None], words: str) -> float:
    """Medians of interleaved blocks, the order changing from block to block: our rate as a share of the other one."""
    spent: dict[str, list[float]] = {"ours": [], "bare": []}
    gc.collect()
    for block in range(BLOCKS):
        order = [("ours", ours), ("bare", bare)]
        for name, side in order if block % 2 else reversed(order):
            start = time.perf_counter()
            for n in range(block * STEPS, (block + 1) * STEPS):
                side(n)
            spent[name].append((time.perf_counter() - start) / STEPS)
    ours_at, bare_at = statistics.median(spent["ours"]), statistics.median(spent["bare"])
    # Neighbouring blocks are compared with each other: a machine that grows busy slows both.
    ratio = statistics.median(b / o for o, b in zip(spent["ours"], spent["bare"], strict=True))
    print(f"\nstep: store {ours_at * 1e6:.0f} µs, {words} {bare_at * 1e6:.0f} µs, ratio {ratio:.2f}")
    return ratio


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Our side; afterwards its journal has every step in it."""
    with a_store(tmp_path / "ours") as ours:
        yield ours
        assert ours.verify().checked == BLOCKS * STEPS


@pytest.fixture
def seen(tmp_path: Path) -> Iterator[tuple[Any, list[list[Traced]]]]:
    """A bare connection to a database just like ours, and the statements of every step."""
    with a_store(tmp_path / "seen") as traced:
        statements = traced_steps(traced)
    bare = a_bare_connection(tmp_path / "bare")
    yield bare, statements
    assert bare.execute("select count(*) from letter_body").fetchone() == (BLOCKS * STEPS,)
    bare.close()


def test_sqlite_utils_costs_the_step_hardly_anything(store: Store, tmp_path: Path) -> None:
    """At least 0.9 of the rate the same statements have without it."""
    with a_store(tmp_path / "bare") as straight:
        straight._db = Straight(straight._conn)
        ours, bare = list(steps_of(store)), list(steps_of(straight))
        assert interleaved(lambda n: ours[n](), lambda n: bare[n](), "without sqlite-utils") >= 0.9


def test_checks_and_conversions_stay_a_small_part_of_the_step(store: Store, seen: Any) -> None:
    """A plain loop of the statements that makes the same JSON, salt and HMAC."""
    (bare, statements), ours, audit = seen, list(steps_of(store)), an_audit()
    ratio = interleaved(
        lambda n: ours[n](), lambda n: replay_with_values(bare, statements[n], audit), "plain loop, values made"
    )
    assert ratio >= 0.7


def test_most_of_the_step_is_sqlite_itself(store: Store, seen: Any) -> None:
    """A plain loop of the statements with every value ready."""
    (bare, statements), ours = seen, list(steps_of(store))
    assert interleaved(lambda n: ours[n](), lambda n: replay(bare, statements[n]), "plain loop, values ready") >= 0.5
