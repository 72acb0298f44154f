"""once · run · rehearse · release: what they do, what they leave alone, and how they end when something is in the way."""

import contextlib
import signal
import socket
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mailflow.demo.pen import fill_in
from mailflow.demo.post import Post
from mailflow.demo.prose import complete
from mailflow.store.door import sqlite3
from tests.cli.command import command, contents, environment, mailflow
from tests.servers.wait import free_port, until


def drop_return(folder: Path, **changes: str) -> str:
    """The first auditor's completed form lies in the inbox; the reference of its audit."""
    people = Post(folder / "mail", "audits@northmoor.example")
    letter = next(x for x in people.fresh() if x.code == "OUT-04")
    at = datetime(2026, 9, 15, 14, 0, tzinfo=UTC)
    answers, rows = complete("sharp", started=at.date(), met=at.date(), due=at.date() + timedelta(days=60))
    people.write(letter.to, at, "Here is my audit.", subject=f"Re: {letter.subject}", answers=letter,
                 form=fill_in(letter.forms[0], {**answers, **changes}, rows))
    return letter.audit


def test_a_dry_pass_says_what_would_happen_and_changes_nothing(opened: Path) -> None:
    ref = drop_return(opened, **{"voice.post": ""})
    before = contents(opened)
    facts = mailflow("once", "--dry-run", "--json", "--at", "2026-09-15T15:00", folder=opened).well().json
    assert contents(opened) == before
    assert [(m["disposition"], m["audit"]) for m in facts["messages"]] == [("accept", ref)]
    codes = [x["code"] for x in facts["letters"] if x["audit"] == ref]
    assert "OUT-13" in codes and "OUT-14" in codes
    words = mailflow("once", "--dry-run", "--at", "2026-09-15T15:00", folder=opened).well().out
    assert "OUT-13" in words and "Nothing was written, moved or sent." in words
    assert contents(opened) == before
    # And then it really happens, just so.
    mailflow("once", "--at", "2026-09-15T15:00", folder=opened).well()
    sent = [x["code"] for x in mailflow("outbox", "--json", folder=opened).json if x["state"] == "sent" and x["audit"] == ref]
    assert sorted(c for c in sent if c in ("OUT-13", "OUT-14")) == ["OUT-13", "OUT-14"]


def test_a_dry_pass_works_beside_a_running_daemon(opened: Path) -> None:
    with daemon(opened):
        mailflow("once", "--dry-run", "--at", "2026-09-15T15:00", folder=opened).well()


def test_a_pass_says_what_it_did_in_numbers(opened: Path) -> None:
    drop_return(opened)
    facts = mailflow("once", "--json", "--at", "2026-09-15T15:00", folder=opened).well().json
    assert facts["received"] == facts["read"] == facts["decided"] == 1 and facts["sent"] >= 2
    again = mailflow("once", "--json", "--at", "2026-09-15T15:01", folder=opened).well().json
    assert again["received"] == again["decided"] == again["sent"] == 0


def test_a_clock_that_went_back_stops_everything_until_a_person_looked(opened: Path) -> None:
    drop_return(opened)
    mailflow("once", "--at", "2026-09-15T15:00", folder=opened).well()
    before = contents(opened)
    done = mailflow("once", "--at", "2026-09-15T14:00", folder=opened)
    assert done.code == 3 and "clock went back" in done.err
    assert contents(opened) == before


@pytest.mark.parametrize("at", ["yesterday", "2026-09-31T10:00", "15/09/2026"])
def test_a_moment_that_is_none_is_a_sentence(council_opened: Path, at: str) -> None:
    done = mailflow("once", "--at", at, folder=council_opened)
    assert done.code == 65 and "is not a moment" in done.err


def test_rehearsing_a_month_lists_its_letters_and_touches_nothing(opened: Path) -> None:
    """A form waits in the inbox: it is not read. Reminders of the month are listed in the order they would leave."""
    drop_return(opened)
    before = contents(opened)
    letters = mailflow("rehearse", "--from", "2026-09-02", "--to", "2026-10-02", "--json", folder=opened).well().json
    assert contents(opened) == before
    codes = [x["code"] for x in letters]
    assert codes.count("OUT-11") == 10 and codes.count("OUT-10") == 30 and codes.count("OUT-15") >= 10
    assert [x["sent_at"] for x in letters] == sorted(x["sent_at"] for x in letters)
    assert "OUT-12" not in codes and "OUT-14" not in codes
    words = mailflow("rehearse", "--from", "2026-09-29", "--to", "2026-09-30", folder=opened).well().out
    assert "OUT-11" in words


def test_rehearsing_the_same_days_twice_gives_the_same_letters(opened: Path) -> None:
    days = ("--from", "2026-09-02", "--to", "2026-09-30", "--json")
    first, second = (mailflow("rehearse", *days, folder=opened).well().json for _ in range(2))
    assert [(x["sent_at"], x["message_id"]) for x in first] == [(x["sent_at"], x["message_id"]) for x in second]


def test_a_rehearsal_never_speaks_to_a_configured_mail_server(opened: Path) -> None:
    """The council has moved to IMAP; something listens where its servers should be and must never be called."""
    with contextlib.closing(socket.socket()) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        use_imap(opened, listener.getsockname()[1])
        letters = mailflow("rehearse", "--from", "2026-09-29", "--to", "2026-09-30", "--json", folder=opened).well().json
        listener.settimeout(0)
        with pytest.raises(BlockingIOError):
            listener.accept()
    assert letters


def use_imap(folder: Path, port: int) -> None:
    text = (folder / "mailflow.toml").read_text().replace('kind = "folder"', 'kind = "imap"')
    servers = "".join(f'[mailbox.{s}]\nhost = "127.0.0.1"\nport = {port}\ntls = false\nuser = "audits"\n' for s in ("imap", "smtp"))
    (folder / "mailflow.toml").write_text(text + "\n" + servers)


def test_a_rehearsal_keeps_its_scratch_folder_where_it_is_told_and_nowhere_else(opened: Path) -> None:
    days = ("--from", "2026-09-30", "--to", "2026-09-30")
    mailflow("rehearse", *days, "--keep", "scratch", folder=opened).well()
    assert list((opened / "scratch" / "mail" / "sent").glob("*.eml"))
    done = mailflow("rehearse", *days, "--keep", "scratch", folder=opened)
    assert done.code == 65 and "there already" in done.err


@pytest.mark.parametrize("days", [("2026-09-30", "2026-09-01"), ("soon", "2026-09-01"), ("2026-09-01", "2026-02-30")])
def test_days_that_make_no_sense_are_a_sentence(council_opened: Path, days: tuple[str, str]) -> None:
    done = mailflow("rehearse", "--from", days[0], "--to", days[1], folder=council_opened)
    assert done.code == 65 and done.err and "Traceback" not in done.err


def test_in_a_pilot_nothing_leaves_before_it_is_released(filled: Path) -> None:
    """`pilot = true`: the letters are there to be looked at; the council lets one go, then all."""
    text = (filled / "mailflow.toml").read_text()
    (filled / "mailflow.toml").write_text(text.replace("# pilot = false", "pilot = true"))
    assert "pilot" in mailflow("check-config", folder=filled).well().out
    mailflow("open", "2026-09", "--at", "2026-09-01T08:30", folder=filled).well()
    mailflow("once", "--at", "2026-09-01T09:05", folder=filled).well()
    held = mailflow("held", "--json", folder=filled).well().json["letters"]
    assert all(x["state"] == "held" and "pilot" in x["reason"] for x in held)
    assert [x["id"] for x in held] == [x["id"] for x in mailflow("outbox", "--json", folder=filled).json]
    assert sum(x["code"] == "OUT-04" for x in held) == 10
    assert list((filled / "mail" / "sent").iterdir()) == []
    first = held[0]
    said = mailflow("release", f"L{first['id']}", "--at", "2026-09-01T09:10", folder=filled).well().out
    assert first["code"] in said and "next pass" in said
    mailflow("once", "--at", "2026-09-01T09:15", folder=filled).well()
    assert [x["id"] for x in mailflow("outbox", "--json", folder=filled).json if x["state"] == "sent"] == [first["id"]]
    mailflow("release", "all-letters", "--at", "2026-09-01T09:20", folder=filled).well()
    mailflow("once", "--at", "2026-09-01T09:25", folder=filled).well()
    assert len(list((filled / "mail" / "sent").glob("*.eml"))) == len(held)
    assert mailflow("held", "--json", folder=filled).json["letters"] == []
    assert "No letter is held" in mailflow("release", "all-letters", "--at", "2026-09-01T09:30", folder=filled).well().out


def test_a_held_return_goes_on_under_the_audit_a_person_names(opened: Path) -> None:
    """A colleague sends the form; QA looks at it and files it from the command line."""
    people = Post(opened / "mail", "audits@northmoor.example")
    letters = [x for x in people.fresh() if x.code == "OUT-04"]
    at = datetime(2026, 9, 15, 14, 0, tzinfo=UTC)
    answers, rows = complete("sharp", started=at.date(), met=at.date(), due=at.date() + timedelta(days=60))
    people.write(letters[1].to, at, "For my colleague.", subject="Audit", form=fill_in(letters[0].forms[0], answers, rows))
    mailflow("once", "--at", "2026-09-15T15:00", folder=opened).well()
    held = mailflow("held", "--json", folder=opened).json["messages"]
    assert len(held) == 1 and len(list((opened / "mail" / "held").glob("*.eml"))) == 1
    number = f"M{held[0]['id']}"
    assert "--audit" in mailflow("release", number, "--at", "2026-09-15T15:01", folder=opened).out
    assert "no audit" in mailflow("release", number, "--audit", "2609-999X", "--at", "2026-09-15T15:01", folder=opened).out
    mailflow("release", number, "--audit", letters[0].audit, "--at", "2026-09-15T15:02", folder=opened).well()
    mailflow("once", "--at", "2026-09-15T15:05", folder=opened).well()
    audits = {a["ref"]: a["state"] for a in mailflow("status", "--json", folder=opened).json["audits"]}
    assert audits[letters[0].audit] == "under_qa"
    assert mailflow("held", "--json", folder=opened).json["messages"] == []


@pytest.mark.parametrize("what", ["L", "everything", "7", "L12; drop table letter"])
def test_a_word_that_names_nothing_held_is_a_sentence(opened: Path, what: str) -> None:
    done = mailflow("release", what, folder=opened)
    assert done.code == 65 and "neither a letter" in done.err


@pytest.mark.parametrize("what", ["L999", "M999"])
def test_releasing_what_is_not_there_is_a_sentence(opened: Path, what: str) -> None:
    ref = mailflow("status", "--json", folder=opened).json["audits"][0]["ref"]
    done = mailflow("release", what, "--audit", ref, "--at", "2026-09-15T15:00", folder=opened)
    assert done.code in (0, 65) and done.out + done.err and "Traceback" not in done.err


@contextlib.contextmanager
def daemon(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """`mailflow run`, after its first pass; ended by SIGTERM like a service."""
    program = subprocess.Popen(command("run", "--verbose"), cwd=folder, env=environment(), stderr=subprocess.PIPE, text=True)
    try:
        assert program.stderr is not None
        line = ""
        while "pass:" not in line:
            line = program.stderr.readline()
            assert line, f"the daemon ended with {program.wait()}"
        yield program
    finally:
        program.send_signal(signal.SIGTERM)
        program.communicate(timeout=30)


def test_the_daemon_handles_mail_and_ends_when_it_is_told_to(filled: Path) -> None:
    with daemon(filled) as program:
        assert mailflow("status", "--json", folder=filled).well().json["minutes_since_poll"] == 0
    assert program.returncode == 0
    mailflow("verify", folder=filled).well()


def test_a_second_daemon_does_not_start_and_names_the_first(filled: Path) -> None:
    """What writes needs the state folder for itself; what looks does not."""
    with daemon(filled) as program:
        for words in (["once"], ["run"], ["open", "2026-09"], ["people", "import", "people.xlsx"], ["release", "L1"]):
            done = mailflow(*words, folder=filled)
            assert done.code == 75 and str(program.pid) in done.err, words
        for words in (["messages"], ["outbox"], ["held"], ["verify"], ["backup", "copy.db"]):
            mailflow(*words, folder=filled).well()


def test_a_mail_server_that_does_not_answer_is_for_later(opened: Path) -> None:
    use_imap(opened, free_port())
    done = mailflow("once", "--at", "2026-09-02T10:00", folder=opened)
    assert done.code == 75 and done.err and "Traceback" not in done.err


def test_a_store_that_is_damaged_is_a_sentence_that_names_it(opened: Path) -> None:
    store = opened / "state" / "mailflow.db"
    store.write_bytes(b"not a database at all" * 500)
    for path in opened.glob("state/mailflow.db-*"):
        path.unlink()
    for words in (["status"], ["once"]):
        done = mailflow(*words, folder=opened)
        assert done.code == 2 and "mailflow.db" in done.err and "backup" in done.err


def test_the_daemon_goes_on_after_one_mail_it_cannot_make_sense_of(opened: Path) -> None:
    """Truncated, empty and binary files among good mail: each ends somewhere, and the good one is handled."""
    ref = drop_return(opened)
    inbox = opened / "mail" / "inbox"
    for number, raw in enumerate((b"", b"\0" * 3000, b"From: x\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n")):
        (inbox / f"odd{number}.eml").write_bytes(raw)
    mailflow("once", "--at", "2026-09-15T15:00", folder=opened).well()
    audits = {a["ref"]: a["state"] for a in mailflow("status", "--json", folder=opened).json["audits"]}
    assert audits[ref] == "under_qa"
    rows = mailflow("messages", "--json", folder=opened).json
    assert len(rows) == 4 and all(r["disposition"] in ("accept", "hold", "ignore") for r in rows)
    assert until("the inbox to be empty", lambda: not list(inbox.glob("*.eml")))


def test_a_fault_of_our_own_says_so_and_has_a_code_of_its_own(opened: Path) -> None:
    """The store has lost what every Message-ID hangs on: nothing may be sent any more, and nobody is shown a traceback."""
    with contextlib.closing(sqlite3.connect(opened / "state" / "mailflow.db")) as db, db:
        db.execute("delete from meta where key = 'secret'")
    done = mailflow("once", "--at", "2026-09-02T10:00", folder=opened)
    assert done.code == 70 and "secret" in done.err and "Traceback" not in done.err
