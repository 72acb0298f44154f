"""`mailflow demo`: a month at the invented council ends well, and its folder works with every other command."""

from collections import Counter
from pathlib import Path

import pytest

from mailflow.demo.cast import AUDITORS, LOST_MAILBOX
from mailflow.demo.council import address_of
from tests.cli.command import Done, copy_of, mailflow, shell


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Done]:
    """The demo as a new user runs it: in an empty folder, without a word of settings."""
    folder = tmp_path_factory.mktemp("demo")
    return folder, shell("demo", folder=folder)


@pytest.fixture
def council(played: tuple[Path, Done], tmp_path: Path) -> Path:
    return copy_of(played[0] / "mailflow-demo", tmp_path / "mailflow-demo")


def test_the_demo_ends_well_and_says_where_to_look(played: tuple[Path, Done]) -> None:
    folder, done = played
    assert done.code == 0, done.err
    assert done.err.strip() == "", "not a word on standard error: nothing went wrong on the way"
    assert "10 audits" in done.out and "journal" in done.out and "whole" in done.out and "BROKEN" not in done.out
    for place in ("mail/sent", "mail/held", "documents"):
        assert f"mailflow-demo/{place}" in done.out and any((folder / "mailflow-demo" / place).iterdir())
    for suffix in (".docx", ".pdf", ".xlsx", ".txt"):
        assert list((folder / "mailflow-demo" / "documents").glob(f"*{suffix}")), suffix


def check_stories(council: Path) -> None:
    """One line of the summary after the other, looked up in what the commands print."""
    audits = {a["auditor"]: a for a in mailflow("status", "--json", folder=council).json["audits"]}
    letters = mailflow("outbox", "--json", folder=council).json
    assert set(audits) == set(AUDITORS)
    sent = Counter((x["code"], x["audit"]) for x in letters if x["state"] == "sent")

    def times(code: str, name: str) -> int:
        return sent[code, audits[address_of(name)]["ref"]]

    done = {"recorded", "follow_up"}
    for name in ("Bea Lindqvist", "Sunita Rao", "Kwame Boateng", "Moira Keane", "Tom Hartley", "Aisha Begum", "Nia Prosser",
                 "Dan Whitlock"):
        assert audits[address_of(name)]["state"] in done, name
        assert times("OUT-16", name) == 1 and times("OUT-23", name) == 2, name
    assert times("OUT-09", "Bea Lindqvist") == 2
    assert times("OUT-13", "Kwame Boateng") == 1
    assert times("OUT-17", "Aisha Begum") == 1 and times("OUT-13", "Aisha Begum") == 0
    assert times("OUT-12", "Tom Hartley") == 2
    assert times("OUT-47", "Dan Whitlock") >= 2 and times("OUT-48", "Dan Whitlock") == 2
    assert "late" in audits[address_of("Piotr Zielak")]["flags"] or times("OUT-15", "Piotr Zielak")
    assert audits[address_of("Owen Marsh")]["flags"] == ["ack_missed", "overdue"] and times("OUT-15", "Owen Marsh") == 2
    assert any(x["code"] == "OUT-90" and x["to"].startswith("priya") for x in letters)
    held = mailflow("held", "--json", folder=council).json
    assert [m["from"] for m in held["messages"] if m["from"] == address_of("Moira Keane")]
    assert held["letters"] == []
    automatic = [m for m in mailflow("messages", "--json", folder=council).json if m["from"] == address_of("Piotr Zielak")
                 and m["reason"] == "out of office"]
    assert len(automatic) == 1 and not any(x["to"] == address_of("Piotr Zielak") for x in letters if x["id"] in automatic[0]["letters"])
    assert any(m["reason"].startswith(("OUT-05", "OUT-23")) and LOST_MAILBOX in m["reason"] for m in mailflow("messages", "--json", folder=council).json)


def test_every_story_the_demo_tells_really_happened(council: Path) -> None:
    check_stories(council)


@pytest.mark.parametrize("framework", ["one-page", "bexley-2017", "sefton", "wokingham-3.2"])
def test_the_same_month_goes_well_by_every_framework(framework: str, tmp_path: Path) -> None:
    done = mailflow("demo", "--framework", framework, folder=tmp_path)
    assert done.code == 0, done.err
    assert f"({framework})" in done.out and "whole" in done.out and "BROKEN" not in done.out
    check_stories(tmp_path / "mailflow-demo")


def test_a_framework_nobody_has_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    done = mailflow("demo", "--framework", "swindon", folder=tmp_path)
    assert done.code == 2 and "swindon" in done.err and "sefton" in done.err
    assert not list(tmp_path.iterdir())



def test_nobody_got_a_letter_twice_and_nothing_lies_about(council: Path) -> None:
    letters = mailflow("outbox", "--json", folder=council).json
    assert not [x for x in letters if x["state"] in ("unknown", "held", "sending", "deferred")]
    files = list((council / "mail" / "sent").glob("*.eml"))
    assert len(files) == sum(x["state"] == "sent" for x in letters)
    assert list((council / "mail" / "inbox").iterdir()) == []
    rows = mailflow("messages", "--json", folder=council).json
    by_id = {x["id"]: x for x in letters}
    for row in rows:
        answers = [i for i in row["letters"] if by_id[i]["to"] == row["from"]]
        assert len(answers) <= 1, row


def test_every_other_command_works_on_the_demos_folder(council: Path) -> None:
    ref = mailflow("status", "--json", folder=council).json["audits"][0]["ref"]
    assert mailflow("status", folder=council).code == 1  # a month of last September was not looked at for a while
    for words in (["check-config"], ["messages"], ["outbox"], ["why", ref], ["held"], ["verify"], ["backup", "copy.db"],
                  ["people", "import", "people.xlsx"], ["cases", "import", "cases.xlsx"],
                  ["once", "--dry-run", "--at", "2026-10-12T10:00"], ["once", "--at", "2026-10-12T10:00"],
                  ["rehearse", "--from", "2026-10-13", "--to", "2026-10-16"],
                  ["open", "2026-11", "--dry-run", "--at", "2026-11-02T08:30"], ["release", "all-letters"]):
        mailflow(*words, folder=council).well()
    form = next((council / "documents").glob("OUT-04 *.docx"))
    mailflow("read", form, folder=council).well()


def test_the_demo_never_plays_over_a_folder_that_is_there(played: tuple[Path, Done]) -> None:
    again = shell("demo", folder=played[0])
    assert again.code == 65 and "is there already" in again.err


def test_the_letters_are_mails_that_any_program_opens(council: Path) -> None:
    """Python's strict reader finds no defect, subjects carry the reference, and nobody's name is in one."""
    from email import message_from_bytes, policy

    for path in (council / "mail" / "sent").glob("*.eml"):
        message = message_from_bytes(path.read_bytes(), policy=policy.default)
        assert not message.defects and message["Date"] and message["Auto-Submitted"] in ("auto-generated", "auto-replied")
        for part in message.walk():
            assert not part.defects, (path, part.defects)


def test_the_demos_standard_output_is_plain_where_nobody_watches(played: tuple[Path, Done]) -> None:
    assert "\x1b" not in played[1].out + played[1].err
