"""Real mail programs in the hands of the invented council: swaks, which sends, and s-nail, which replies to what it reads."""

import subprocess
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from pathlib import Path

from mailflow.demo.post import DOCX, Received, _open
from mailflow.setup_files import settings_text
from tests.servers import Dovecot, Smtp, need

INSTALL = {"swaks": "apt-get install swaks", "s-nail": "apt-get install s-nail"}


def write_settings(folder: Path, dovecot: Dovecot, smtp: Smtp, address: str, profile: str = "") -> Path:
    """mailflow.toml for a shared mailbox on the two servers; the password stands in NORTHMOOR_PASSWORD."""
    text = settings_text({"framework": "framework-2023", "council.name": "Northmoor Council", "council.qa_phone": "01632 960 100",
                          "council.out_of_hours": "01632 960 999", "mailbox.kind": "imap", "mailbox.address": address})
    servers = (f'[mailbox.imap]\nhost = "127.0.0.1"\nport = {dovecot.imap_port}\nuser = "{address}"\ntls = false\n'
               f'password_env = "NORTHMOOR_PASSWORD"\n[mailbox.smtp]\nhost = "127.0.0.1"\nport = {smtp.port}\ntls = false\n')
    path = folder / "mailflow.toml"
    path.write_text(text.replace("\n[profile.send]", f"\n{servers}\n[profile.send]") + profile, encoding="utf-8")
    return path


def run(words: list[str], said: str = "") -> None:
    done = subprocess.run(words, input=said, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, f"{words[0]}: {done.stdout[-2000:]}{done.stderr[-2000:]}"


@dataclass
class RealPost:
    """The demo's post, by real programs over real servers. ``repliers`` use s-nail, everybody else swaks.

    What mailflow sends is seen as the SMTP server takes it; each person's own mailbox in dovecot has it too.
    """

    dovecot: Dovecot
    smtp: Smtp
    address: str
    folder: Path
    repliers: frozenset[str] = frozenset()
    used: dict[str, int] = field(default_factory=lambda: {"swaks": 0, "s-nail": 0})
    _looked: int = 0
    _raw: dict[str, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._programs = {name: need(name, how) for name, how in INSTALL.items()}

    def fresh(self) -> list[Received]:
        """mailflow's letters since the last look, in the order they were taken."""
        taken, self._looked = self.smtp.received[self._looked:], len(self.smtp.received)
        found = []
        for mail in taken:
            if mail.sender == self.address:
                letter = _open(mail.raw)
                self._raw[letter.message_id] = mail.raw
                found.append(letter)
        return found

    def write(self, sender: str, at: datetime, text: str, *, subject: str, answers: Received | None = None,
              form: bytes | None = None, name: str = "Audit form.docx", headers: dict[str, str] | None = None) -> None:
        path = self.folder / name
        if form is not None:
            path.write_bytes(form)
        if answers is not None and sender in self.repliers and not headers:
            self._reply(sender, answers, text, path if form is not None else None)
        else:
            self._send(sender, at, text, subject, answers, path if form is not None else None, headers or {})

    def _send(self, sender: str, at: datetime, text: str, subject: str, answers: Received | None, form: Path | None,
              headers: dict[str, str]) -> None:
        """swaks, given every header as a mail program would write it."""
        words = [self._programs["swaks"], "--silent", "2", "--server", "127.0.0.1", "--port", str(self.smtp.port), "--from", sender,
                 "--to", self.address, "--h-Subject", subject, "--h-Date", format_datetime(at)]
        if answers is not None:
            headers = {"In-Reply-To": answers.message_id, "References": answers.message_id, **headers}
        for key, value in headers.items():
            words += ["--header", f"{key}: {value}"]
        words += ["--body", text]
        if form is not None:
            words += ["--attach-type", DOCX, "--attach-name", form.name, "--attach", f"@{form}"]
        run(words)
        self.used["swaks"] += 1

    def _reply(self, sender: str, answers: Received, text: str, form: Path | None) -> None:
        """s-nail opens the letter in its mbox and replies; subject, In-Reply-To and References are its own work."""
        raw = self._raw[answers.message_id].replace(b"\r\n", b"\n").replace(b"\nFrom ", b"\n>From ")
        box = self.folder / "letter.mbox"
        box.write_bytes(f"From {self.address} Tue Sep  1 09:05:00 2026\n".encode() + raw + b"\n\n")
        attach = f"~@ '{form}'\n" if form is not None else ""
        run([self._programs["s-nail"], "-:/", "-#", "-Sv15-compat", "-Ssendwait", f"-Smta=smtp://127.0.0.1:{self.smtp.port}",
             "-Ssmtp-auth=none", "-Sttycharset=utf-8", f"-Sfrom={sender}", "-f", str(box)],
            f"reply 1\n{text}\n{attach}~.\nexit\n")
        self.used["s-nail"] += 1

    def bounce(self, letter: Received, at: datetime) -> None:
        """A delivery report from the null sender, straight to the mailbox, as another mail server hands it over."""
        text = (
            f"Return-Path: <>\nFrom: Mail Delivery System <mailer-daemon@mx.northmoor.example>\nTo: {self.address}\n"
            f"Subject: Undelivered Mail Returned to Sender\nDate: {format_datetime(at)}\n"
            f"Message-ID: <bounce.{at:%Y%m%d%H%M}@mx.northmoor.example>\nAuto-Submitted: auto-replied\nMIME-Version: 1.0\n"
            "Content-Type: multipart/report; report-type=delivery-status; boundary=\"=_dsn\"\n\n"
            "--=_dsn\nContent-Type: text/plain\n\nYour message could not be delivered.\n\n"
            f"--=_dsn\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.northmoor.example\n\n"
            f"Final-Recipient: rfc822; {letter.to}\nAction: failed\nStatus: 5.1.1\n\n"
            f"--=_dsn\nContent-Type: text/rfc822-headers\n\nMessage-ID: {letter.message_id}\nTo: {letter.to}\n\n--=_dsn--\n")
        path = self.folder / "bounce.eml"
        path.write_text(text)
        run([self._programs["swaks"], "--silent", "2", "--protocol", "LMTP", "--server", "127.0.0.1", "--port",
             str(self.dovecot.lmtp_port), "--from", "<>", "--to", self.address, "--data", f"@{path}"])
        self.used["swaks"] += 1
