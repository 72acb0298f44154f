"""open_mailbox: the adapter the settings ask for, and nothing else loaded."""

import subprocess
import sys
from pathlib import Path

import pytest

from mailflow.config import load_settings
from mailflow.errors import ConfigError
from mailflow.mailbox import Evidence, Sent, open_mailbox
from mailflow.mailbox.folder import FolderMailbox
from tests.mailbox.mails import ADDRESS, AUDITOR, is_letter, letter
from tests.servers import PASSWORD, Dovecot, Smtp

COUNCIL = """
framework = "framework-2023"
[council]
name = "Northmoor Council"
qa_phone = "01632 960000"
out_of_hours = "01632 960999"
"""


def written(folder: Path, mailbox: str) -> Path:
    path = folder / "mailflow.toml"
    path.write_text(COUNCIL + mailbox)
    return path


def test_a_folder_mailbox_loads_no_mail_library(tmp_path: Path) -> None:
    path = written(tmp_path, '[mailbox]\nkind = "folder"\naddress = "Audits@northmoor.example"\npath = "post"\n')
    mailbox = open_mailbox(load_settings(path))
    assert isinstance(mailbox, FolderMailbox)
    assert mailbox.address == ADDRESS
    assert (tmp_path / "post" / "inbox").is_dir()
    code = (
        "import sys; from pathlib import Path; from mailflow.config import load_settings\n"
        "from mailflow.mailbox import open_mailbox\n"
        f"open_mailbox(load_settings(Path({str(path)!r})))\n"
        "print([m for m in ('imapclient', 'imaplib', 'smtplib', 'ssl') if m in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.strip() == "[]"


def test_real_servers_from_settings_alone(
    tmp_path: Path, dovecot: Dovecot, smtp: Smtp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NORTHMOOR_PASSWORD", PASSWORD)
    path = written(tmp_path, f"""
[mailbox]
kind = "imap"
address = "audits-open@northmoor.example"
sent = "Sent Items"
[mailbox.imap]
host = "127.0.0.1"
port = {dovecot.imap_port}
user = "audits-open@northmoor.example"
tls = false
password_env = "NORTHMOOR_PASSWORD"
[mailbox.smtp]
host = "127.0.0.1"
port = {smtp.port}
tls = false
""")
    mailbox = open_mailbox(load_settings(path))
    raw, message_id = letter(1)
    assert mailbox.send(raw, AUDITOR, message_id) is Sent.ACCEPTED
    assert mailbox.file_own_copies(is_letter) == 1
    assert mailbox.find_sent(message_id) is Evidence.FOUND
    assert len(dovecot.messages("audits-open@northmoor.example", "Sent Items")) == 1
    # The auditor has it too.
    assert any(one.endswith(raw) for one in dovecot.messages(AUDITOR))
    mailbox.close()


def test_a_password_that_is_not_there_is_said_before_anything_happens(tmp_path: Path) -> None:
    servers = "".join(f'[mailbox.{s}]\nhost = "127.0.0.1"\nport = 1\nuser = "a"\ntls = false\npassword_env = "NOT_SET"\n'
                      for s in ("imap", "smtp"))
    path = written(tmp_path, f'[mailbox]\nkind = "imap"\naddress = "{ADDRESS}"\n{servers}')
    with pytest.raises(ConfigError, match="NOT_SET"):
        open_mailbox(load_settings(path))
