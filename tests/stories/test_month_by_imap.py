"""The demo's month through a real dovecot and a real SMTP server, with swaks and s-nail as the people's mail programs."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from functools import partial

import pytest

from mailflow.config import load_settings
from mailflow.daemon import run_once
from mailflow.demo.cast import AUDITORS, LOST_MAILBOX, REACTIONS, Stage
from mailflow.demo.council import QA_OFFICER, address_of, write_sheets
from mailflow.demo.play import HOURS, LAST, MONTH, OPENS, SEED, _form_of, _import, _tick
from mailflow.model import Disposition, LetterState, State
from mailflow.steps.house import House, load_policy, open_house
from mailflow.steps.month.opening import open_month
from tests.servers import PASSWORD, Dovecot, Smtp
from tests.stories.clients import RealPost, write_settings

ADDRESS = "audits-month@northmoor.example"
REPLIERS = frozenset(address_of(n) for n in ("Kwame Boateng", "Moira Keane", "Aisha Begum", "Nia Prosser", "Tom Hartley", "Priya Nair"))


# One month is played; the next is not drawn at its end.
BY_HAND = '\n[profile.calendar]\nstarts = "by_hand"\n'


@dataclass
class Played:
    house: House
    post: RealPost
    dovecot: Dovecot
    smtp: Smtp

    def folder(self, name: str) -> tuple[bytes, ...]:
        return self.dovecot.messages(ADDRESS, name)

    def letters_of(self, person: str) -> tuple[bytes, ...]:
        """Our letters in a person's own mailbox (the server is shared with other tests, and so are the people)."""
        return tuple(raw for raw in self.dovecot.messages(person) if ADDRESS in message_from_bytes(raw)["From"])

    def ids(self, name: str) -> list[str]:
        return [message_id(raw) for raw in self.folder(name)]


def message_id(raw: bytes) -> str:
    return str(message_from_bytes(raw)["Message-ID"]).strip()


@pytest.fixture(scope="module")
def month(dovecot: Dovecot, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    """The whole month, once; on some days a person reads and flags mail in the shared mailbox before mailflow looks."""
    folder = tmp_path_factory.mktemp("month")
    with pytest.MonkeyPatch.context() as patch, Smtp(dovecot) as smtp:
        patch.setenv("NORTHMOOR_PASSWORD", PASSWORD)
        policy = load_policy(load_settings(write_settings(folder, dovecot, smtp, ADDRESS, BY_HAND).resolve()))
        with open_house(policy) as house:
            people, cases = write_sheets(folder)
            _import(house, people, cases)
            post = RealPost(dovecot, smtp, ADDRESS, folder, REPLIERS)
            stage = Stage(post, OPENS, partial(_form_of, house))  # type: ignore[arg-type]
            open_month(house, MONTH, OPENS.astimezone(UTC), seed=SEED)
            for day in range((LAST - OPENS.date()).days + 1):
                live(house, stage, OPENS.date() + timedelta(days=day), dovecot)
            dovecot.deliver(b"From: priya.nair@northmoor.example\r\nSubject: for later\r\nMessage-ID: <later@northmoor.example>\r\n\r\n"
                            b"Arrived after the last look.\r\n", ADDRESS)
            yield Played(house, post, dovecot, smtp)


def live(house: House, stage: Stage, day: date, dovecot: Dovecot) -> None:
    for hour, minute in HOURS:
        now = datetime(day.year, day.month, day.day, hour, minute, tzinfo=OPENS.tzinfo)
        if day.day % 5 == 0:
            read_and_flag(dovecot)
        _tick(house, stage, now)


def read_and_flag(dovecot: Dovecot) -> None:
    """Somebody of the team looks into the inbox with their own mail program."""
    with dovecot.client(ADDRESS) as program:
        program.select_folder("INBOX")
        for uid in program.search("ALL"):
            program.fetch([uid], ["BODY[]"])
            program.add_flags([uid], [b"\\Flagged"])


def test_the_month_ends_as_it_does_in_the_demos_folder(month: Played) -> None:
    """Nine audits are through; one auditor never answered. Real programs and servers make no difference."""
    audits = {a.auditor: a for a in month.house.store.find_audits()}
    assert set(audits) == set(AUDITORS)
    quiet = audits.pop(address_of("Owen Marsh"))
    assert quiet.state is State.ALLOCATED or quiet.state is State.UNDERWAY
    late = audits.pop(address_of("Piotr Zielak"))
    assert late.state in (State.UNDER_QA, State.ACCEPTED, State.ISSUED, State.RECORDED, State.FOLLOW_UP) and "late" in late.flags
    assert {a.state for a in audits.values()} <= {State.RECORDED, State.FOLLOW_UP}, {w: a.state for w, a in audits.items()}
    assert audits[address_of("Dan Whitlock")].concern.state == "closed"


def test_both_programs_really_wrote(month: Played) -> None:
    """About half the mail was written by each; s-nail's replies carried forms."""
    assert month.post.used["swaks"] >= 10 and month.post.used["s-nail"] >= 10
    by_nail = [m.raw for m in month.smtp.received if m.sender in REPLIERS]
    assert any(b"docx" in raw and b"s-nail" in raw.lower() for raw in by_nail) or any(b"User-Agent: s-nail" in raw for raw in by_nail)


def test_everybody_has_each_letter_once_in_their_own_mailbox(month: Played) -> None:
    """What lies in the people's mailboxes is what the store calls sent, each letter once and for the right person."""
    sent = Counter((x.to, x.message_id) for x in month.house.store.load_letters(states=(LetterState.SENT,)))
    assert sent and max(sent.values()) == 1
    found: Counter[tuple[str, str]] = Counter()
    for person in month.house.people:
        found.update((person.address, message_id(raw)) for raw in month.letters_of(person.address))
    assert found == sent


def test_nobody_was_told_the_same_thing_twice(month: Played) -> None:
    """No two letters of one code about one audit to one person say the same."""
    told = Counter((x.code, x.to, x.audit, x.key) for x in month.house.store.load_letters(states=(LetterState.SENT,)))
    assert max(told.values()) == 1
    bodies = Counter((to, message_from_bytes(raw)["Subject"], message_from_bytes(raw)["In-Reply-To"] or "", payload(raw))
                     for to in {p.address for p in month.house.people} for raw in month.letters_of(to))
    assert [b for b, n in bodies.items() if n > 1] == []


def payload(raw: bytes) -> str:
    text = next(p for p in message_from_bytes(raw).walk() if p.get_content_type() == "text/plain")
    data = text.get_payload(decode=True)
    assert isinstance(data, bytes)
    return data.decode()


def test_the_sent_folder_holds_every_letter_once(month: Played) -> None:
    """The envelope copies were recognised and filed under Sent; none lies about in the inbox or among the filed mail."""
    letters = sorted(x.message_id for x in month.house.store.load_letters(states=(LetterState.SENT,)))
    filed = month.ids("Sent")
    inbox = [i for i in month.ids("INBOX") if i != "<later@northmoor.example>"]
    # A copy of the very last pass's letters is filed by the next look.
    assert sorted(filed + inbox) == letters
    assert not set(letters) & set(month.ids("mailflow/Filed") + month.ids("mailflow/Held"))


def test_nothing_is_left_in_the_inbox_but_what_came_after_the_last_look(month: Played) -> None:
    """One more pass on the evening of the last day would take the late mail; until then it is the only one of people's mail."""
    people = [raw for raw in month.folder("INBOX") if b"X-Mailflow-Letter" not in raw]
    assert [message_id(raw) for raw in people] == ["<later@northmoor.example>"]


def test_every_mail_that_came_in_is_kept_filed_or_held(month: Played) -> None:
    """Each stands in the store once, and lies in the folder its end says; nothing was deleted."""
    store = month.house.store
    rows = store.load_inbound()
    assert len({(i.message_id, i.digest) for i in rows}) == len(rows) and all(i.settled for i in rows)
    held = sorted(i.message_id for i in rows if i.disposition == Disposition.HOLD)
    assert sorted(month.ids("mailflow/Held")) == held and held
    assert sorted(month.ids("mailflow/Filed")) == sorted(i.message_id for i in rows if i.disposition != Disposition.HOLD)
    written = [m for m in month.smtp.received if m.sender != ADDRESS]
    lost = [x for x in store.load_letters() if x.to == LOST_MAILBOX and x.sent_at]
    assert lost and len(rows) == len(written) + len(lost), "every mail the programs sent, and a delivery report for each letter lost"


def test_what_people_had_read_or_flagged_stays_read_and_flagged(month: Played) -> None:
    """mailflow never changes a flag: moved mail has the flags people gave it, and no other."""
    with month.dovecot.client(ADDRESS) as program:
        marked = 0
        for folder in ("mailflow/Filed", "mailflow/Held"):
            program.select_folder(folder, readonly=True)
            for data in program.fetch(program.search("ALL"), ["FLAGS"]).values():
                flags = set(data[b"FLAGS"]) - {b"\\Recent"}
                assert flags in (set(), {b"\\Seen", b"\\Flagged"}), flags
                marked += bool(flags)
        assert marked


def test_the_journal_verifies_and_machines_were_not_answered(month: Played) -> None:
    store = month.house.store
    assert store.verify().holds
    assert not store.load_letters(states=(LetterState.HELD, LetterState.UNKNOWN, LetterState.SENDING))
    for one in store.load_inbound():
        answers = [x for x in store.letters_of(one.id) if x.to == one.sender]
        assert len(answers) <= 1, one
    assert not [m for m in month.smtp.received if m.sender == ADDRESS and any("daemon" in r for r in m.recipients)]
    assert any(LOST_MAILBOX in x.reason for x in store.load_inbound() if x.reason) and REACTIONS


def test_a_dry_pass_on_the_real_mailbox_changes_nothing_on_the_server(month: Played) -> None:
    """`once --dry-run` reads the late mail where it is: no flag, no move, no letter, no row."""
    from mailflow.rehearsal import dry_pass

    before = {name: month.folder(name) for name in ("INBOX", "Sent", "mailflow/Filed", "mailflow/Held")}
    sent, journal = len(month.smtp.received), month.house.store.head()
    _, messages = dry_pass(month.house.policy, datetime(2026, 10, 9, 18, 0, tzinfo=UTC))
    assert [m["message_id"] for m in messages] == ["<later@northmoor.example>"] and messages[0]["from"] == QA_OFFICER
    assert {name: month.folder(name) for name in before} == before
    assert len(month.smtp.received) == sent and month.house.store.head() == journal
    with month.dovecot.client(ADDRESS) as program:
        program.select_folder("INBOX", readonly=True)
        assert b"\\Seen" not in program.fetch(program.search(["HEADER", "Message-ID", "later@"]), ["FLAGS"]).popitem()[1][b"FLAGS"]


def test_and_the_next_pass_takes_it(month: Played) -> None:
    """The late mail is placed by people, not lost; the inbox is empty of people's mail."""
    run_once(month.house, datetime(2026, 10, 9, 18, 30, tzinfo=UTC))
    assert month.house.store.load_inbound()[-1].message_id == "<later@northmoor.example>"
    assert [raw for raw in month.folder("INBOX") if b"X-Mailflow-Letter" not in raw] == []
