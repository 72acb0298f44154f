"""The store is lost and an older backup takes its place, while the mailbox has gone on: nothing is sent twice, nothing lost."""

import itertools
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from mailflow.model import LetterState
from tests.crash.life import STAGES, WatchedMailbox, at_work, play, prepare, settle
from tests.crash.lines import Told
from tests.world import QA, World, load_world_policy

NAMES = [s.name for s in STAGES]
LATER = "2026-09-21 10:00"


@pytest.fixture(scope="module")
def backups(told: Told) -> dict[str, Path]:
    """A backup made at the end of each stage (the folders before the next one hold just that)."""
    made = {}
    for this, following in itertools.pairwise(STAGES):
        target = told.folder / f"backup {this.name}.db"
        with at_work(told.copy(following), following.at, None) as world:
            world.house.store.backup(target)
        made[this.name] = target
    return made


@pytest.fixture
def lost(told: Told, backups: dict[str, Path]) -> Iterator[tuple[Told, dict[str, Path]]]:
    yield told, backups


def _restored(told: Told, backup: Path, last: str) -> Path:
    """The folders as they are after the stage ``last``, with an older backup in the place of the store."""
    following = STAGES[NAMES.index(last) + 1]
    root = told.copy(following)
    # The mail of the next stage has not come yet.
    for path in (*(root / "state").iterdir(), *(root / "mail" / "inbox").iterdir()):
        path.unlink()
    shutil.copy2(backup, root / "state" / "mailflow.db")
    (root / "state" / "mailflow.db").chmod(0o600)
    return root


def _pass_by(world: World) -> None:
    for minutes in (20, 6, 13, 30):
        world.wait(minutes=minutes)


def _put_back(world: World) -> None:
    """A person drags everything that was filed or held back into the inbox; half of it has another name there."""
    for number, path in enumerate(sorted((*world.in_folder("filed"), *world.in_folder("held")), reverse=True)):
        path.rename(world.root / "mail" / "inbox" / f"back-{number:03d}-{path.name}" if number % 2 else
                    world.root / "mail" / "inbox" / path.name)


@pytest.mark.parametrize(("older", "last"), [
    ("begin", "first day"), ("first day", "returns"), ("first day", "amended"), ("returns", "amended"), ("amended", "decisions"),
    ("returns", "code"), ("decisions", "code"), ("amended", "upload"), ("code", "upload")])
def test_no_letter_leaves_twice_whatever_the_backup_does_not_know(lost: tuple[Told, dict[str, Path]], older: str,
                                                                 last: str) -> None:
    """Letters the backup has as waiting, and letters it makes anew from the same mail, are found among the sent ones."""
    told, backups = lost
    root = _restored(told, backups[older], last)
    mailbox = WatchedMailbox(root / "mail")
    with at_work(root, STAGES[NAMES.index(last)].at, told.pool, mailbox) as world:
        before = Counter((x.code, x.to, x.audit, x.subject, x.text) for x in world.sent())
        _put_back(world)
        _pass_by(world)
        after = Counter((x.code, x.to, x.audit, x.subject, x.text) for x in world.sent())
        assert [x for x in after - before if x in before] == [], "the same words went to the same person again"
        assert before - after == Counter()
        assert mailbox.twice == []
        assert world.house.store.verify().holds
        assert not [x for x in world.letters() if x.state in (LetterState.SENDING, LetterState.UNKNOWN)]
        assert not world.in_folder("inbox"), "what was handled leaves the inbox again, known to the backup or not"
        assert all(i.settled for i in world.house.store.load_inbound())


def test_the_audit_comes_to_where_it_was_when_its_mail_is_put_back(lost: tuple[Told, dict[str, Path]]) -> None:
    """A backup of before the returns; with the mail back in the inbox the audits stand where they stood."""
    told, backups = lost
    root = _restored(told, backups["first day"], "returns")
    with at_work(root, "2026-09-16 17:00", told.pool) as world:
        _put_back(world)
        _pass_by(world)
        stood = {a["ref"]: (a["state"], a["submission"], a["concern"]["state"]) for a in told.ends["returns"]["audits"]}
        assert {r: (world.audit(r).state, world.audit(r).submission, world.audit(r).concern.state) for r in world.refs} == stood


def test_mail_that_comes_after_the_restore_is_answered_like_any_other(lost: tuple[Told, dict[str, Path]]) -> None:
    """The restored store counts messages from an earlier number again; no letter about a new one may pass for an old one."""
    told, backups = lost
    root = _restored(told, backups["begin"], "amended")
    with at_work(root, "2026-09-17 12:00", told.pool) as world:
        told_of = len(world.sent("OUT-32", to=QA))
        for number in range(12):
            world.write(f"new.writer.{number}@elsewhere.example", "Is anybody there?", subject=f"Question {number}")
        _pass_by(world)
        assert len(world.sent("OUT-32", to=QA)) == told_of + 12
        auditor = world.audit(world.refs[1]).auditor
        answered = len(world.sent("OUT-33", to=auditor))
        for number in range(3):
            world.write(auditor, "HULLABALOO", answers=world.carrier(world.refs[1]), subject=f"Again {number}")
        _pass_by(world)
        assert len(world.sent("OUT-33", to=auditor)) == answered + 3


def test_the_life_goes_on_after_a_restore(lost: tuple[Told, dict[str, Path]]) -> None:
    """Restored to the evening before, with that day's mail put back, the rest of the life is lived as usual."""
    told, backups = lost
    root = _restored(told, backups["returns"], "amended")
    with at_work(root, "2026-09-17 10:30", told.pool) as world:
        _put_back(world)
        _pass_by(world)
    for stage in STAGES[NAMES.index("decisions"):NAMES.index("upload")]:
        prepare(root, stage, told.pool)
        assert play(root, stage, told.pool) == []
        assert settle(root, stage, told.pool) == []
    with at_work(root, LATER, None) as world:
        end = {a["ref"]: a["state"] for a in told.ends["code"]["audits"]}
        assert {r: world.audit(r).state for r in world.refs} == end
        assert world.house.store.verify().holds
        assert load_world_policy(root).settings.state == root / "state"
