"""A small council in a folder, for tests of whole lives: people, cases, an opened month, mail in, passes, letters out.

Nothing here takes a short cut: mail lands in the folder mailbox's ``inbox/``, the daemon's own ``run_once`` makes the
passes on the test's clock, forms are the Word files that were sent, filled in by the demo's pen, and letters are read
from ``sent/`` as their recipients would. A typical test:

    with build_world(tmp_path) as world:                    # month opened, allocation letters sent
        ref = world.refs[0]
        world.return_form(ref, {"review.post": ""})         # the auditor forgets a grade
        world.run("2026-09-16 15:00")
        assert world.audit(ref).state is State.REVISION
        assert len(world.sent("OUT-13", audit=ref)) == 1

People: ``QA``, ``QA_MANAGER``, ``HOS``, ``AD``, ``SM``, ``IRO``, team managers ``TMS``; auditors and practitioners are
made by number (``auditor(0)``), none of whom shares a team with a case. Who got which case is the draw's business: ask
``world.audit(ref).auditor``. Times are London words ("2026-09-16 15:00") or aware datetimes.
"""

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from email import policy as email_policy
from email.message import EmailMessage
from email.utils import format_datetime
from functools import lru_cache
from pathlib import Path
from typing import Self
from zoneinfo import ZoneInfo

from mailflow.config import load_settings
from mailflow.daemon import Pass, run_once
from mailflow.demo.pen import Shape, fill_in
from mailflow.demo.post import DOCX, Post, Received
from mailflow.demo.prose import complete
from mailflow.mailbox import Mailbox, open_mailbox
from mailflow.model import Audit, Case, Letter, Person
from mailflow.setup_files import settings_text
from mailflow.steps.house import House, Policy, load_policy
from mailflow.steps.imports import save_cases, save_people
from mailflow.steps.month.opening import open_month
from mailflow.store import Inbound, Store

LONDON = ZoneInfo("Europe/London")
DOMAIN = "northmoor.example"
MAILBOX = f"audits@{DOMAIN}"
QA, QA_MANAGER = f"priya.nair@{DOMAIN}", f"helen.ashworth@{DOMAIN}"
HOS, AD, SM, IRO = (f"{n}@{DOMAIN}" for n in ("gareth.lowe", "ruth.adeyemi", "martin.quayle", "joy.mensah"))
TMS = {"Harbour": f"tom.hartley@{DOMAIN}", "Meadow": f"nia.prosser@{DOMAIN}"}
_DESK = (
    Person(QA, "Priya Nair", ("qa",), "Quality Assurance", phone="01632 960 101"),
    Person(QA_MANAGER, "Helen Ashworth", ("qa_manager",), "Quality Assurance", phone="01632 960 100"),
    Person(HOS, "Gareth Lowe", ("hos",), service="Safeguarding", phone="01632 960 110"),
    Person(AD, "Ruth Adeyemi", ("ad",), phone="01632 960 102"),
    Person(SM, "Martin Quayle", ("sm",), service="Safeguarding", phone="01632 960 112"),
    Person(IRO, "Joy Mensah", ("iro",), "Reviewing service", phone="01632 960 120"),
    Person(TMS["Harbour"], "Tom Hartley", ("tm",), "Harbour", "Safeguarding", SM, phone="01632 960 131"),
    Person(TMS["Meadow"], "Nia Prosser", ("tm",), "Meadow", "Safeguarding", SM, phone="01632 960 134"),
)
_FIRST = ("Bea", "Kwame", "Moira", "Piotr", "Sunita", "Owen", "Aisha", "Dan", "Ellie", "Jamal", "Chloe", "Ravi", "Fiona",
          "Luca", "Hannah", "Ben", "Yasmin", "Peter", "Grace", "Sam")
_AUDITOR_LAST = ("Lindqvist", "Boateng", "Keane", "Zielak", "Rao", "Marsh", "Begum", "Whitlock", "Castell", "Dunmore",
                 "Farrow", "Greaves", "Holm", "Iqbal", "Jarvis", "Kell", "Lomax", "Moss", "Nolan", "Orme", "Pryce", "Quill",
                 "Reeve", "Stokes", "Tully", "Usher")
_WORKER_LAST = ("Roper", "Edwards", "Sanderson", "Menon", "Tait", "Moretti", "Osei", "Achebe", "Khalil", "Novak", "Udoh",
                "Thorne", "Abel", "Birch", "Crane", "Dale", "Eyre", "Frost", "Gale", "Hale", "Irwin", "Joyce", "Kemp", "Lund",
                "Mead", "North")
# A message older than this is not looked at a second time for whether it still grows (mailbox/folder.py).
_SETTLED_SECONDS = 3600


def auditor(number: int) -> str:
    """The address of the n-th auditor, from 0."""
    return _address(_name(number, _AUDITOR_LAST))


def practitioner(number: int) -> str:
    """The address of the n-th case's practitioner, from 0."""
    return _address(_name(number, _WORKER_LAST))


def case_number(number: int) -> str:
    """The n-th case, from 0: seven digits."""
    return f"{4100000 + 17 * number}"


def _name(number: int, last: tuple[str, ...]) -> str:
    turn, place = divmod(number, len(_FIRST))
    return f"{_FIRST[place]} {last[(place + turn) % len(last)]}"


def _address(name: str) -> str:
    return f"{name.lower().replace(' ', '.')}@{DOMAIN}"


def make_people(count: int) -> tuple[Person, ...]:
    """The desk, the managers, ``count`` auditors and as many practitioners (up to 500: names do not repeat)."""
    auditors = [Person(auditor(n), _name(n, _AUDITOR_LAST), ("auditor",), "Practice improvement", "Quality", QA_MANAGER,
                       phone=f"01632 961 {n:03d}") for n in range(count)]
    workers = [Person(practitioner(n), _name(n, _WORKER_LAST), ("practitioner",), _team(n), "Safeguarding", TMS[_team(n)])
               for n in range(count)]
    return (*_DESK, *auditors, *workers)


def make_cases(count: int, categories: Sequence[str] = ("CP",)) -> tuple[Case, ...]:
    """One case a practitioner; the categories in turn."""
    return tuple(
        Case(case_number(n), categories[n % len(categories)], _team(n), practitioner(n), "Safeguarding", TMS[_team(n)], IRO,
             date(2025, 11, 3)) for n in range(count))


def _team(number: int) -> str:
    return tuple(TMS)[number % len(TMS)]


def moment(at: str | datetime) -> datetime:
    """"2026-09-16 15:00" as London says it, or an aware datetime, in UTC."""
    if isinstance(at, str):
        at = datetime.strptime(at, "%Y-%m-%d %H:%M").replace(tzinfo=LONDON)
    return at.astimezone(UTC)


@dataclass
class World:
    """The folder, the open house, and the clock. ``root`` holds mailflow.toml, ``state/`` and ``mail/``."""

    root: Path
    house: House
    now: datetime
    _written: int = 0
    _dropped: int = 0
    _post: Post | None = None
    _left: list[Received] = field(default_factory=list)

    # --- the clock and the daemon ---

    def run(self, at: str | datetime | None = None) -> Pass:
        """One pass of the daemon, at that moment (the clock moves there) or at the present one."""
        self.now = moment(at) if at is not None else self.now
        return run_once(self.house, self.now)

    def wait(self, **much: float) -> Pass:
        """The clock moves on (``hours=2``, ``days=1``, as timedelta says), then a pass."""
        return self.run(self.now + timedelta(**much))

    def reopen(self, mailbox: Mailbox | None = None) -> None:
        """Close the house and open it again on the same folders, as after a restart."""
        self.close()
        self.house = open_world_house(self.root, mailbox)

    def close(self) -> None:
        self.house.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # --- mail in ---

    def write(self, sender: str, text: str, *, answers: Received | None = None, subject: str = "",
              documents: Iterable[tuple[str, bytes]] = (), headers: Mapping[str, str] | None = None, message_id: str = "",
              ) -> str:
        """A person's mail arrives: plain text, maybe an answer to a letter, maybe with documents (name, bytes).

        The subject is the letter's with "Re: " in front unless one is given. Gives back its Message-ID.
        """
        raw, message_id = self.make_mail(sender, text, answers=answers, subject=subject, documents=documents,
                                         headers=headers, message_id=message_id)
        self.drop(raw)
        return message_id

    def make_mail(self, sender: str, text: str, *, answers: Received | None = None, subject: str = "",
                  documents: Iterable[tuple[str, bytes]] = (), headers: Mapping[str, str] | None = None,
                  message_id: str = "") -> tuple[bytes, str]:
        """The same as bytes, not sent yet, with its Message-ID."""
        self._written += 1
        message = EmailMessage()
        message["From"], message["To"] = sender, MAILBOX
        message["Subject"] = subject or (f"Re: {answers.subject}" if answers else "Audit")
        message["Date"] = format_datetime(self.now)
        message["Message-ID"] = message_id or f"<{self._written}.{self.now:%Y%m%d%H%M}.{sender}>"
        if answers is not None:
            message["In-Reply-To"] = message["References"] = answers.message_id
        for key, value in (headers or {}).items():
            message[key] = value
        quoted = "".join(f"> {line}\n" for line in answers.text.splitlines()[:6]) if answers else ""
        message.set_content(f"{text}\n\n{quoted}" if quoted else f"{text}\n")
        for name, data in documents:
            main, _, sub = DOCX.partition("/") if name.lower().endswith(".docx") else ("application", "", "octet-stream")
            message.add_attachment(data, maintype=main, subtype=sub, filename=name)
        return message.as_bytes(policy=email_policy.SMTP), str(message["Message-ID"])

    def drop(self, raw: bytes) -> Path:
        """Any bytes arrive in the inbox, after those that arrived before. Gives back where they lie."""
        self._dropped += 1
        path = self.root / "mail" / "inbox" / f"{self.now:%Y%m%d%H%M}-{self._dropped:05d}.eml"
        partial = path.with_suffix(".part")
        partial.write_bytes(raw)
        arrived = self.now.timestamp() - _SETTLED_SECONDS * 24 * 3650 + self._dropped
        os.utime(partial, (arrived, arrived))
        partial.rename(path)
        return path

    def filled(self, ref: str, changes: Mapping[str, str] | None = None, *, style: str = "sharp", form: bytes | None = None,
               rows: Sequence[Mapping[str, str]] | None = None, shape: Shape = "controls", later: str = "") -> bytes:
        """The form that was sent for that audit (or ``form``), completed, with ``changes`` by field id on top.

        ``style`` is "sharp" (good) or "plain" (requires improvement); ``rows`` replaces the improvement plan's rows;
        ``later`` is added to one answer, so that a form sent again differs.
        """
        audit = self.audit(ref)
        opened = audit.opens_on
        answers, table = complete(style, started=opened + timedelta(days=1), met=opened + timedelta(days=7),
                                  due=opened + timedelta(days=70), later=later)
        if rows is not None:
            table = {"actions": [dict(row) for row in rows]}
        return fill_in(form or self.form_of(ref), {**answers, **(changes or {})}, table, shape)

    def return_form(self, ref: str, changes: Mapping[str, str] | None = None, *, text: str = "Here is my audit.",
                    style: str = "sharp", form: bytes | None = None, rows: Sequence[Mapping[str, str]] | None = None,
                    shape: Shape = "controls", later: str = "", sender: str = "", name: str = "",
                    answers: Received | None = None) -> str:
        """The auditor answers the latest letter that carried the form, with the form completed (as :meth:`filled`)."""
        letter = answers or self.carrier(ref)
        filled = self.filled(ref, changes, style=style, form=form or letter.forms[0], rows=rows, shape=shape, later=later)
        return self.write(sender or self.audit(ref).auditor, text, answers=letter,
                          documents=[(name or f"Audit {ref}.docx", filled)])

    def bounce(self, letter: Received, *, status: str = "5.1.1", enclose: bool = False, about: str = "") -> str:
        """A mail server gives a letter back; ``enclose`` encloses all of it, our own form too.

        ``about`` is a Message-ID to name instead of the letter's own.
        """
        self._written += 1
        message_id = f"<bounce.{self._written}@mx.{DOMAIN}>"
        whole = (self.root / "mail" / "sent").glob("*.eml")
        inside = next(raw for p in whole if letter.message_id.encode() in (raw := p.read_bytes()))
        if not enclose:
            inside = inside.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
        inside = inside.replace(letter.message_id.encode(), about.encode()) if about else inside
        kind = "message/rfc822" if enclose else "text/rfc822-headers"
        head = (
            f"Return-Path: <>\r\nFrom: Mail Delivery System <mailer-daemon@mx.{DOMAIN}>\r\nTo: {MAILBOX}\r\n"
            f"Subject: Undelivered Mail Returned to Sender\r\nDate: {format_datetime(self.now)}\r\n"
            f"Message-ID: {message_id}\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
            "Content-Type: multipart/report; report-type=delivery-status; boundary=\"=_dsn\"\r\n\r\n"
            "--=_dsn\r\nContent-Type: text/plain\r\n\r\nYour message could not be delivered.\r\n\r\n"
            "--=_dsn\r\nContent-Type: message/delivery-status\r\n\r\n"
            f"Reporting-MTA: dns; mx.{DOMAIN}\r\n\r\nFinal-Recipient: rfc822; {letter.to}\r\nAction: failed\r\n"
            f"Status: {status}\r\nDiagnostic-Code: smtp; 550 {status} no such mailbox\r\n\r\n"
            f"--=_dsn\r\nContent-Type: {kind}\r\n\r\n")
        self.drop(head.encode() + inside + b"\r\n--=_dsn--\r\n")
        return message_id

    # --- what there is to see ---

    @property
    def refs(self) -> tuple[str, ...]:
        """Every audit's reference, in order."""
        return tuple(a.ref for a in self.house.store.find_audits())

    def audit(self, ref: str) -> Audit:
        return self.house.store.get_audit(ref)

    def form_of(self, ref: str) -> bytes:
        """The Word form in the latest letter that carried one to this audit's auditor."""
        return self.carrier(ref).forms[0]

    def carrier(self, ref: str) -> Received:
        """The latest letter with a Word form to this audit's auditor (allocation, or a request for changes)."""
        return [r for r in self.sent(audit=ref, to=self.audit(ref).auditor) if r.forms][-1]

    def sent(self, code: str = "", *, to: str = "", audit: str = "") -> list[Received]:
        """Letters that really left, oldest first, as their recipients see them."""
        self._post = self._post or Post(self.root / "mail", MAILBOX)
        self._left += self._post.fresh()
        return [r for r in self._left if code in ("", r.code) and to in ("", r.to) and audit in ("", r.audit)]

    def letters(self, code: str = "", *, to: str = "", audit: str = "") -> list[Letter]:
        """Every letter in the queue whatever its state, in the order made."""
        return [x for x in self.house.store.load_letters()
                if code in ("", x.code) and to in ("", x.to) and audit in ("", x.audit)]

    def answers_to(self, message_id: str) -> list[Letter]:
        """The letters that one inbound mail led to."""
        return list(self.house.store.letters_of(self.inbound(message_id).id))

    def inbound(self, message_id: str) -> Inbound:
        """What became of one mail; StopIteration where it was never received."""
        return next(i for i in self.house.store.load_inbound() if i.message_id == message_id)

    def in_folder(self, name: str) -> list[Path]:
        """What lies in inbox, filed, held or sent."""
        return sorted((self.root / "mail" / name).glob("*.eml"))


def make_council(folder: Path, profile: str = "", framework: str = "framework-2023", own: Mapping[str, str] | None = None) -> Path:
    """mailflow.toml for Northmoor with a folder mailbox; ``profile`` is TOML text of the council's own tables.

    ``own`` are the texts of its own templates folder, by path ("forms/old.toml").
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, words in (own or {}).items():
        path = folder / "texts" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(words, encoding="utf-8")
    more = {"templates": "texts"} if own else {}
    text = settings_text({"framework": framework, "council.name": "Northmoor Council", "council.qa_phone": "01632 960 100",
                          "council.out_of_hours": "01632 960 999", "mailbox.kind": "folder", "mailbox.address": MAILBOX,
                          "mailbox.path": "mail", **more})
    if "[profile.calendar]" not in profile:
        # Months are opened by the test; one that wants the daemon to draw says so itself.
        profile = f'[profile.calendar]\nstarts = "by_hand"\n{profile}'
    if "[profile.send]" in profile:
        text = text.partition("[profile.send]")[0]
    path = folder / "mailflow.toml"
    path.write_text(f"{text}\n{profile}\n", encoding="utf-8")
    return path


def open_world_house(folder: Path, mailbox: Mailbox | None = None) -> House:
    """The house on a folder that :func:`make_council` made; the caller closes it."""
    policy = load_world_policy(folder)
    settings = policy.settings
    store = Store.open(settings.state, settings.mailbox.address)
    return House(policy, store, mailbox or open_mailbox(settings), settings.pilot)


def load_world_policy(folder: Path) -> Policy:
    """Settings, framework and form of that folder; read once for the same words in the same place."""
    path = folder.resolve() / "mailflow.toml"
    return _policy(path, path.read_text(encoding="utf-8"))


@lru_cache(maxsize=8)
def _policy(path: Path, _words: str) -> Policy:
    return load_policy(load_settings(path))


def build_world(folder: Path, *, auditors: int = 3, month: str = "2026-09", categories: Sequence[str] = ("CP",),
                profile: str = "", framework: str = "framework-2023", people: Iterable[Person] = (),
                cases: Iterable[Case] = (), opened: bool = True, own: Mapping[str, str] | None = None) -> World:
    """A council with as many auditors, cases and audits as asked, its month opened and the first letters sent.

    ``people`` and ``cases`` are added to the made ones, or take the place of those with the same address or number.
    ``own`` are the texts of the council's own templates folder. The month opens at 8:30 on its first working day and the
    first pass is at 9:05; ``opened=False`` stops before both.
    """
    make_council(folder, profile, framework, own)
    house = open_world_house(folder)
    everybody = {p.address: p for p in (*make_people(auditors), *people)}
    save_people(house, tuple(everybody.values()))
    save_cases(house, tuple({c.number: c for c in (*make_cases(auditors, categories), *cases)}.values()))
    year, number = (int(part) for part in month.split("-"))
    first = house.policy.calendar.first_working_day(year, number)
    world = World(folder, house, moment(f"{first:%Y-%m-%d} 08:30"))
    if opened:
        open_month(house, month, world.now, seed="northmoor")
        world.run(f"{first:%Y-%m-%d} 09:05")
    return world


def open_world(folder: Path, now: str | datetime, mailbox: Mailbox | None = None) -> World:
    """The world of an earlier :func:`build_world`, opened again (another process, after a crash)."""
    return World(folder, open_world_house(folder, mailbox), moment(now))
