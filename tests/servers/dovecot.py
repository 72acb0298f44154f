"""A private dovecot on loopback: any address signs in with PASSWORD, mail comes in by LMTP.

As root it runs as nobody: dovecot refuses mail access and sign-in processes as root. It is stopped by KILL to its own
process group (TERM takes a second). Maildirs stand in a folder of their own and outlive ``kill`` and ``start``. When the
test process itself is killed, a watcher takes both server and folder away.
"""

import contextlib
import grp
import os
import pwd
import re
import shutil
import signal
import smtplib
import subprocess
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Any

import pytest
from imapclient import IMAPClient

from tests.servers.certificate import Certificate
from tests.servers.wait import free_port, listens, need, tail, until

PASSWORD = "secret"
INSTALL = "apt-get install dovecot-imapd dovecot-lmtpd"

SETTINGS = """\
base_dir = {d}/run
state_dir = {d}/state
instance_name = mailflow-test
protocols = imap lmtp
listen = 127.0.0.1
log_path = {d}/dovecot.log
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_failure_delay = 0
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 0
mail_location = maildir:~/Maildir
mailbox_list_index = yes
mail_max_userip_connections = 50
postmaster_address = postmaster@northmoor.example
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={d}/mail/%u
}}
namespace inbox {{
  inbox = yes
  separator = {separator}
  prefix = {prefix}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp}
  }}
}}
{extra}
"""


class Dovecot:
    """``imap_port``, ``imaps_port`` (0 without a certificate), ``lmtp_port``; ``kill`` and ``start`` keep ports and mail.

    ``capability``: what it says it can do, instead of everything ("IMAP4rev1 UIDPLUS": no MOVE, no IDLE).
    ``separator`` and ``prefix``: how its folders are named (Courier's way: "." and "INBOX.").
    """

    def __init__(
        self, *, capability: str = "", separator: str = "/", prefix: str = "", certificate: Certificate | None = None,
        extra: str = "",
    ) -> None:
        self.imap_port = self.lmtp_port = self.imaps_port = 0
        self._names = {"separator": separator, "prefix": prefix}
        self._certificate = certificate
        self._extra = extra + (f"\nprotocol imap {{\n  imap_capability = {capability}\n}}\n" if capability else "")
        self._master: subprocess.Popen[bytes] | None = None
        self._watcher: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Dovecot":
        self._program = need("dovecot", INSTALL)
        said = subprocess.run([self._program, "--version"], capture_output=True, text=True, check=True).stdout
        if not said.startswith("2.3."):
            pytest.skip(f"these tests speak dovecot 2.3's settings, this is {said.strip()}: use Debian 12's")
        self._folder = Path(tempfile.mkdtemp(prefix="mailflow-dovecot-"))
        for attempt in range(3):
            with contextlib.suppress(ChildProcessError):
                self._choose_ports()
                self.start()
                return self
            if attempt == 2:
                words = tail(self._folder / "dovecot.log")
                self.__exit__(None, None, None)
                raise RuntimeError(f"dovecot did not start: {words}")
        raise AssertionError("not reached")

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, at: TracebackType | None) -> None:
        self.kill()
        shutil.rmtree(self._folder, ignore_errors=True)

    def start(self) -> None:
        """Start, and wait for the greeting. Raises ChildProcessError when it ends at once (a port was taken)."""
        owner = {"user": self._user.pw_uid, "group": self._user.pw_gid, "extra_groups": []} if _is_root() else {}
        self._master = master = subprocess.Popen(  # type: ignore[call-overload]
            [self._program, "-F", "-c", str(self._folder / "dovecot.conf")], stdout=subprocess.DEVNULL,
            stderr=(self._folder / "stderr.txt").open("wb"), start_new_session=True, **owner,
        )
        until("dovecot to greet", lambda: master.poll() is not None or listens(self.imap_port, b"* OK"))
        if master.poll() is not None:
            self._master = None
            raise ChildProcessError(tail(self._folder / "stderr.txt"))
        # Its standard input ends when this process does, however it ends.
        self._watcher = subprocess.Popen(
            ["/bin/sh", "-c", 'cat >/dev/null; kill -s KILL -- "-$0"; rm -rf "$1"', str(master.pid), str(self._folder)],
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )

    def kill(self) -> None:
        """Stop at once, connections and all; mail stays."""
        if self._watcher is not None:
            os.killpg(self._watcher.pid, signal.SIGKILL)
            self._watcher.communicate()
            self._watcher = None
        if self._master is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._master.pid, signal.SIGKILL)
            self._master.wait()
            self._master = None
            until("dovecot to be gone", lambda: not listens(self.imap_port, b"*"))

    def deliver(self, raw: bytes, to: str, sender: str = "") -> None:
        """One message into the inbox of ``to`` by LMTP, as another mail server would; the null sender unless named."""
        with smtplib.LMTP("127.0.0.1", self.lmtp_port) as line:
            line.sendmail(sender, [to], raw)

    def client(self, user: str) -> Any:
        """A person's mail program: an IMAPClient signed in as ``user``. Use it with ``with``."""
        program = IMAPClient("127.0.0.1", self.imap_port, ssl=False, timeout=20)
        program.login(user, PASSWORD)
        return program

    def messages(self, user: str, folder: str = "INBOX") -> tuple[bytes, ...]:
        """Every message in a folder as bytes, by UID, flags untouched; () where the folder is not there."""
        with self.client(user) as program:
            if not program.folder_exists(folder):
                return ()
            program.select_folder(folder, readonly=True)
            uids = sorted(program.search("ALL"))
            found = program.fetch(uids, ["BODY.PEEK[]"])
            return tuple(found[uid][b"BODY[]"] for uid in uids)

    def said(self) -> str:
        """The end of the server's own journal (sign-ins and complaints)."""
        return tail(self._folder / "dovecot.log")

    def damage(self, user: str, message_id: str) -> None:
        """Make one message of the user's inbox unreadable for the server, as a bad disk would."""
        home = self._folder / "mail" / user / "Maildir"
        for path in (*home.glob("new/*"), *home.glob("cur/*")):
            if message_id.encode() in path.read_bytes():
                path.chmod(0)
        # Nor does it remember any of its headers.
        for remembered in home.glob("dovecot.index.cache"):
            remembered.unlink()

    def renumber(self, user: str) -> None:
        """Give the user's inbox another UIDVALIDITY, as after a restore on the server. Restarts the server."""
        self.kill()
        home = self._folder / "mail" / user / "Maildir"
        numbers = home / "dovecot-uidlist"
        first, rest = numbers.read_text().split("\n", 1)
        changed = re.sub(r" V(\d+)", lambda m: f" V{int(m[1]) + 7}", first)
        assert changed != first
        owner = numbers.stat()
        numbers.write_text(f"{changed}\n{rest}")
        os.chown(numbers, owner.st_uid, owner.st_gid)
        for index in home.glob("dovecot*index*"):
            index.unlink()
        self.start()

    @property
    def _user(self) -> pwd.struct_passwd:
        return pwd.getpwnam("nobody") if _is_root() else pwd.getpwuid(os.getuid())

    def _choose_ports(self) -> None:
        self.imap_port, self.lmtp_port = free_port(), free_port()
        self.imaps_port = free_port() if self._certificate else 0
        user, group = self._user, grp.getgrgid(self._user.pw_gid)
        words = SETTINGS.format(
            d=self._folder, user=user.pw_name, group=group.gr_name, uid=user.pw_uid, gid=group.gr_gid,
            password=PASSWORD, imap=self.imap_port, imaps=self.imaps_port, lmtp=self.lmtp_port,
            extra=self._tls() + self._extra, **self._names,
        )
        (self._folder / "dovecot.conf").write_text(words)
        for name in ("run", "state", "mail"):
            (self._folder / name).mkdir(exist_ok=True)
        if _is_root():
            for path in (self._folder, *self._folder.rglob("*")):
                os.chown(path, user.pw_uid, user.pw_gid)

    def _tls(self) -> str:
        if self._certificate is None:
            return "ssl = no\n"
        for name, path in (("public.pem", self._certificate.public), ("private.pem", self._certificate.private)):
            shutil.copyfile(path, self._folder / name)
        return f"ssl = yes\nssl_cert = <{self._folder}/public.pem\nssl_key = <{self._folder}/private.pem\n"


def _is_root() -> bool:
    return os.getuid() == 0
