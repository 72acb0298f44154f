"""What comes a second time: a mailbox silent again and again, a message held once more, mail put back by a person."""

from pathlib import Path

import pytest

from mailflow.errors import TemporaryError
from mailflow.mailbox import Ref
from mailflow.mailbox.folder import FolderMailbox
from mailflow.model import State
from tests.world import MAILBOX, QA, build_world


class SilentMailbox(FolderMailbox):
    """A server that lets itself be reached and does not answer, while ``silent``."""

    silent = False

    def list_new(self) -> "list[Ref]":  # type: ignore[override]
        if self.silent:
            raise TemporaryError("no answer")
        return list(super().list_new())


def test_one_outage_is_one_line_in_the_journal_however_many_passes_fail(tmp_path: Path) -> None:
    with build_world(tmp_path, auditors=1) as world:
        mailbox = SilentMailbox(tmp_path / "mail", MAILBOX)
        world.reopen(mailbox)
        mailbox.silent = True
        for at in ("2026-09-14 10:00", "2026-09-14 10:05", "2026-09-14 10:30"):
            with pytest.raises(TemporaryError):
                world.run(at)
        mailbox.silent = False
        world.return_form(world.refs[0])
        world.run("2026-09-14 11:00")
        assert len([e for e in world.house.store.load_journal() if e.kind == "T-52"]) == 1
        assert world.audit(world.refs[0]).state is State.UNDER_QA
        world.run("2026-09-14 15:00")
        assert len([e for e in world.house.store.load_journal() if e.kind == "T-52"]) == 2


def test_a_return_held_a_second_time_is_told_a_second_time(tmp_path: Path) -> None:
    """QA files a held form under an audit that cannot take it now: it is held again, and they hear why."""
    with build_world(tmp_path, auditors=1) as world:
        ref = world.refs[0]
        worker = world.house.get_case(world.audit(ref)).practitioner
        mail = world.return_form(ref, sender=worker, text="Bea asked me to send this.")
        world.run("2026-09-14 10:00")
        world.write(QA, "HOLD long illness", answers=world.sent("OUT-06", audit=ref)[0])
        world.run("2026-09-14 10:20")
        notices = [x for x in world.answers_to(mail) if x.code == "OUT-89"]
        assert len(notices) == 1 and world.inbound(mail).disposition in ("hold", "reply")
        world.write(QA, f"FILE {ref}", answers=world.sent("OUT-89", to=QA)[-1])
        world.run("2026-09-14 10:40")
        told = [x for x in world.answers_to(mail) if x.code == "OUT-89"]
        assert world.audit(ref).submission == 0 and world.inbound(mail).disposition == "hold"
        assert len(told) == 2, "held in silence"
        assert "on hold" in world.sent("OUT-89", to=QA)[-1].text


def test_handled_mail_that_a_person_puts_back_leaves_the_inbox_again(tmp_path: Path) -> None:
    """Nothing happens twice, and nothing stays there to be fetched at every look for ever."""
    with build_world(tmp_path, auditors=1) as world:
        mail = world.return_form(world.refs[0])
        world.run("2026-09-14 10:00")
        for path in world.in_folder("filed"):
            path.rename(tmp_path / "mail" / "inbox" / path.name)
        letters = len(world.letters())
        world.run("2026-09-14 10:10")
        assert not world.in_folder("inbox") and len(world.in_folder("filed")) == 1
        assert len(world.letters()) == letters and world.audit(world.refs[0]).submission == 1
        assert world.inbound(mail).settled
