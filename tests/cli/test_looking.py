"""status · messages · outbox · why · diff · held · verify · backup · read: what they print, and that they only look."""

import stat
from contextlib import closing
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest

from mailflow.demo.pen import fill_in
from mailflow.demo.post import Post
from mailflow.demo.prose import complete
from mailflow.store.door import sqlite3
from tests.cli.command import contents, copy_of, mailflow

SECOND_LOOK = "2026-09-15T15:00"


def post(folder: Path) -> Post:
    return Post(folder / "mail", "audits@northmoor.example")


@pytest.fixture(scope="session")
def council_at_work(council_opened: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One good return, one with a grade missing, thanks, a stranger; then a pass."""
    folder = copy_of(council_opened, tmp_path_factory.mktemp("work") / "northmoor")
    people = post(folder)
    letters = [x for x in people.fresh() if x.code == "OUT-04"]
    at = datetime(2026, 9, 15, 14, 0, tzinfo=UTC)
    day = at.date()
    answers, rows = complete("sharp", started=day, met=day, due=day + timedelta(days=60))
    for letter, changes in ((letters[0], {}), (letters[1], {"voice.post": ""})):
        people.write(letter.to, at, "Here is my audit.", subject=f"Re: {letter.subject}", answers=letter,
                     form=fill_in(letter.forms[0], {**answers, **changes}, rows))
    people.write(letters[2].to, at, "Thank you.", subject=f"Re: {letters[2].subject}", answers=letters[2])
    people.write("x@elsewhere.example", at, "What do you know about 401872?", subject="\x1b[31mred\x1b[0m <b>bold</b> [bold]")
    mailflow("once", "--at", SECOND_LOOK, folder=folder).well()
    return folder


def test_status_shows_every_audit_its_flags_and_who_owes_the_next_step(council_at_work: Path) -> None:
    facts = mailflow("status", "--json", folder=council_at_work).json
    audits = facts["audits"]
    assert len(audits) == 10 and len({a["ref"] for a in audits}) == 10
    for audit in audits:
        assert {"ref", "state", "flags", "due_on", "owed_by"} <= set(audit)
        assert audit["due_on"] == "2026-09-30"
    owed = {a["state"]: a["owed_by"] for a in audits}
    assert owed == {"under_qa": "qa", "revision": "auditor", "underway": "auditor", "allocated": "auditor"}
    assert any(a["flags"] == ["ack_missed"] for a in audits)
    assert facts["counts"]["audits"] == {"under_qa": 1, "revision": 1, "underway": 1, "allocated": 7}
    assert facts["counts"]["held_messages"] == 1
    assert sum(facts["counts"]["letters"].values()) == len(mailflow("outbox", "--json", folder=council_at_work).json)


def test_messages_gives_every_message_once_with_the_letters_it_led_to(council_at_work: Path) -> None:
    rows = mailflow("messages", "--json", folder=council_at_work).well().json
    assert len(rows) == 4 and len({r["id"] for r in rows}) == len({r["message_id"] for r in rows}) == 4
    for row in rows:
        assert {"id", "message_id", "from", "disposition", "reason", "audit", "letters"} <= set(row)
    assert [r["disposition"] for r in rows] == ["accept", "accept", "ignore", "hold"]
    assert [bool(r["audit"]) for r in rows] == [True, True, True, False]
    letters = {x["id"]: x for x in mailflow("outbox", "--json", folder=council_at_work).json}
    codes = [sorted(letters[i]["code"] for i in r["letters"]) for r in rows]
    assert codes == [["OUT-12", "OUT-14"], ["OUT-13", "OUT-14"], [], ["OUT-32"]]
    assert [r["from"] for r in rows][3] == "x@elsewhere.example"


def test_outbox_gives_every_letter_with_its_code_recipient_and_state(council_at_work: Path) -> None:
    rows = mailflow("outbox", "--json", folder=council_at_work).well().json
    assert len({r["id"] for r in rows}) == len({r["message_id"] for r in rows}) == len(rows)
    for row in rows:
        assert {"id", "code", "to", "audit", "state", "message_id"} <= set(row)
        assert row["code"].startswith("OUT-") and row["to"].endswith("@northmoor.example")
    assert {r["state"] for r in rows} <= {"sent", "ready", "cancelled"}
    sent = {p.read_bytes().partition(b"\r\n\r\n")[0].decode() for p in (council_at_work / "mail" / "sent").glob("*.eml")}
    for row in rows:
        assert any(row["message_id"] in head for head in sent) == (row["state"] == "sent")


def test_why_tells_an_audits_life_in_order(council_at_work: Path) -> None:
    ref = next(a["ref"] for a in mailflow("status", "--json", folder=council_at_work).json["audits"] if a["state"] == "revision")
    lines = mailflow("why", ref.lower(), "--json", folder=council_at_work).well().json
    kinds = [x["kind"] for x in lines]
    wanted = ["T-01", "T-02", "T-03", "T-08", "T-09"]
    assert [k for k in kinds if k in wanted] == wanted
    assert [x["seq"] for x in lines] == sorted(x["seq"] for x in lines)
    assert {"seq", "at", "kind", "by", "data"} <= set(lines[0])
    table = mailflow("why", ref, folder=council_at_work).well().out
    assert ref in table and "15/09/2026 15:00" in table


@pytest.mark.parametrize("ref", ["2609-999X", "nonsense", ""])
def test_why_of_an_audit_that_is_not_there_is_a_sentence(council_at_work: Path, ref: str) -> None:
    done = mailflow("why", ref, folder=council_at_work)
    assert done.code == 65 and "there is no audit" in done.err


def test_diff_shows_what_changed_between_two_forms(council_at_work: Path, tmp_path: Path) -> None:
    """The auditor amends the form that came back: the grade that was missing, and a sentence more."""
    folder = copy_of(council_at_work, tmp_path / "northmoor")
    people = post(folder)
    letter = next(x for x in people.fresh() if x.code == "OUT-13")
    one = mailflow("diff", letter.audit, folder=folder)
    assert one.code == 65 and f"forms 0 and 1 of {letter.audit} can't be compared; the forms that came are: 1" in one.err
    form = fill_in(letter.forms[0], {"voice.post": "Good", "overall.themes": "[bold]Ring the school first."})
    people.write(letter.to, datetime(2026, 9, 16, 9, 0, tzinfo=UTC), "Amended.", subject=f"Re: {letter.subject}", answers=letter, form=form)
    mailflow("once", "--at", "2026-09-16T11:00", folder=folder).well()
    facts = mailflow("diff", letter.audit.lower(), "--from", "1", "--to", "2", "--json", folder=folder).well().json
    grade, themes = facts["items"]
    assert (grade["question"], grade["before"], grade["after"]) == (
        "The child's voice and daily life: Grade after the conversation", "", "Good")
    assert themes["kind"] == "words" and themes["after"].startswith("[bold]Ring") and facts["unchanged"] > 30
    shown = " ".join(mailflow("diff", letter.audit, folder=folder).well().out.split())
    assert "form 1 to form 2" in shown and "[bold]Ring" in shown and f"Unchanged: {facts['unchanged']} answers." in shown
    assert mailflow("diff", "2609-099X", folder=folder).code == 65


def test_held_says_what_waits_and_why(council_at_work: Path) -> None:
    found = mailflow("held", "--json", folder=council_at_work).well().json
    assert [m["from"] for m in found["messages"]] == ["x@elsewhere.example"] and found["letters"] == []
    assert "not in the directory" in found["messages"][0]["reason"]
    words = mailflow("held", folder=council_at_work).well().out
    assert f"M{found['messages'][0]['id']}" in words and "mailflow release" in words


def test_words_of_strangers_are_printed_as_they_are_and_never_drive_the_terminal(council_at_work: Path) -> None:
    """An escape sequence, HTML or table markup in a subject or name is text, nothing else."""
    for words in ("messages", "held", "outbox"):
        assert "\x1b" not in mailflow(words, folder=council_at_work).out


def test_looking_changes_nothing_at_all(council_at_work: Path) -> None:
    before = contents(council_at_work)
    ref = mailflow("status", "--json", folder=council_at_work).json["audits"][0]["ref"]
    for words in (["status"], ["messages"], ["outbox"], ["held"], ["verify"], ["why", ref]):
        mailflow(*words, folder=council_at_work)
        mailflow(*words, "--json", folder=council_at_work)
    assert contents(council_at_work) == before


def test_empty_tables_are_a_sentence(council_filled: Path) -> None:
    for words, said in (("status", "No audit yet"), ("messages", "No message"), ("outbox", "No letter"), ("held", "Nothing is held")):
        assert said in mailflow(words, folder=council_filled).out


def test_before_the_first_import_every_looking_command_says_what_to_do(begun: Path) -> None:
    for words in (["status"], ["messages"], ["outbox"], ["held"], ["verify"], ["why", "2609-001W"], ["backup", "copy.db"]):
        done = mailflow(*words, folder=begun)
        assert done.code == 2 and "people import" in done.err, words


@pytest.mark.parametrize("minutes, code", [(14, 0), (16, 1)])
def test_status_fails_when_the_last_good_look_is_older_than_fifteen_minutes(filled: Path, minutes: int, code: int) -> None:
    at = datetime.now(UTC) - timedelta(minutes=minutes, seconds=10)
    mailflow("once", "--at", at.isoformat(), folder=filled).well()
    done = mailflow("status", "--json", folder=filled)
    assert done.code == code
    assert done.json["stale"] is bool(code) and done.json["minutes_since_poll"] == minutes


@pytest.mark.parametrize(("hours", "said"), [(1.52, "91 minutes ago"), (2.1, "2 hours ago"), (47.5, "47 hours ago"), (300, "12 days ago")])
def test_how_long_ago_is_said_in_a_unit_a_person_would_choose(filled: Path, hours: float, said: str) -> None:
    mailflow("once", "--at", (datetime.now(UTC) - timedelta(hours=hours)).isoformat(), folder=filled).well()
    assert said in mailflow("status", folder=filled).out


def test_status_fails_where_the_mailbox_was_never_looked_at(council_filled: Path) -> None:
    done = mailflow("status", folder=council_filled)
    assert done.code == 1 and "never" in done.out


def test_a_whole_journal_verifies_and_its_head_is_printed(council_at_work: Path) -> None:
    facts = mailflow("verify", "--json", folder=council_at_work).well().json
    assert facts["checked"] > 50 and facts["broken_at"] is None and facts["head"].startswith(f"{facts['checked']}:")
    assert facts["head"] in mailflow("verify", folder=council_at_work).well().out


@pytest.mark.parametrize("statement", [
    "update journal_body set body = replace(body, 'allocated', 'withdrawn') where kind = 'T-02'",
    "delete from journal_link where seq = (select max(seq) from journal_link)",
    "update journal_link set at = '2020-01-01T00:00:00.000000+00:00' where seq = 5",
])
def test_a_journal_somebody_has_altered_is_found_out(opened: Path, statement: str) -> None:
    with closing(sqlite3.connect(opened / "state" / "mailflow.db")) as db, db:
        db.execute(statement)
    done = mailflow("verify", folder=opened)
    assert done.code == 1 and "BROKEN" in done.out
    assert mailflow("verify", "--json", folder=opened).json["broken_at"] is not None


def test_a_backup_is_private_verified_and_stands_in_for_the_store(opened: Path) -> None:
    said = mailflow("backup", "copy.db", folder=opened).well().out
    assert "verified" in said and stat.S_IMODE((opened / "copy.db").stat().st_mode) == 0o600
    before = mailflow("outbox", "--json", folder=opened).json
    for path in (opened / "state").glob("mailflow.db*"):
        path.unlink()
    (opened / "copy.db").rename(opened / "state" / "mailflow.db")
    assert mailflow("outbox", "--json", folder=opened).json == before
    mailflow("verify", folder=opened).well()


@pytest.mark.parametrize("target", ["no/such/folder/copy.db", "state", "state/mailflow.db"])
def test_a_backup_that_cannot_be_written_is_a_sentence(opened: Path, target: str) -> None:
    done = mailflow("backup", target, folder=opened)
    assert done.code == 2 and done.err and "Traceback" not in done.err
    mailflow("verify", folder=opened).well()


def test_read_shows_every_answer_of_a_returned_form(council_at_work: Path, tmp_path: Path) -> None:
    """No council is needed to read a form: the plain path of one document."""
    letter = next(x for x in post(council_at_work).fresh() if x.code == "OUT-04")
    answers, rows = complete("plain", started=datetime(2026, 9, 2).date(), met=datetime(2026, 9, 9).date(),
                             due=datetime(2026, 11, 9).date())
    (tmp_path / "form.docx").write_bytes(fill_in(letter.forms[0], answers, rows))
    facts = mailflow("read", "form.docx", "--json", folder=tmp_path).well().json
    assert facts["status"] == "readable" and facts["reference"] == letter.audit
    assert facts["leftover"] == facts["findings"] == []
    for field, text in answers.items():
        assert facts["answers"][field] == text
    assert facts["canonical"]["voice.pre"]["grade"].casefold() == "requires improvement"
    assert facts["canonical"]["header.met"] == {"date": "2026-09-09"}
    assert [a["text"] for a in facts["actions"]] == [r["text"] for r in rows["actions"]]
    words = mailflow("read", "form.docx", folder=tmp_path).well().out
    assert "readable" in words and rows["actions"][0]["owner"] in words


@pytest.mark.parametrize("name, raw", [("empty.docx", b""), ("notes.txt", b"dear all"), ("zip.docx", b"PK\x03\x04broken"),
                                       ("old.doc", b"\xd0\xcf\x11\xe0" + b"\0" * 2000)])
def test_read_says_why_a_document_cannot_be_read(tmp_path: Path, name: str, raw: bytes) -> None:
    (tmp_path / name).write_bytes(raw)
    done = mailflow("read", name, "--json", folder=tmp_path)
    assert done.code == 65 and done.json["status"] != "readable" and done.json["reason"] and done.json["words"]
    assert all(v is None for v in done.json["answers"].values())


def test_a_mail_of_control_characters_does_not_break_the_table(opened: Path) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Message-ID"] = "x@elsewhere.example", "audits@northmoor.example", "<odd@x>"
    message["Subject"] = "=?utf-8?q?=1B]0;owned=07_=E2=80=AE?="
    message.set_content("hello")
    (opened / "mail" / "inbox" / "odd.eml").write_bytes(message.as_bytes())
    mailflow("once", "--at", "2026-09-02T10:00", folder=opened).well()
    said = mailflow("messages", folder=opened).well().out + mailflow("outbox", folder=opened).well().out
    assert "\x1b" not in said and "\x07" not in said and "\u202e" not in said
