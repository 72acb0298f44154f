"""The one table of settings; the only file that reads the environment and mailflow.toml.

One ``mailflow.toml`` a mailbox. Relative paths are relative to that file. Secrets come from the environment, a file or
the keyring, never from the TOML itself.
"""

import os
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mailflow.errors import ConfigError


@dataclass(frozen=True)
class Council:
    """What letters say about the council itself."""

    name: str
    qa_name: str
    qa_phone: str
    out_of_hours: str
    controller: str
    # Where the family sends a form that was posted to them, without a stamp; "" where the council has no such address.
    freepost: str = ""


@dataclass(frozen=True)
class ServerSettings:
    """One mail server. TLS is never off unless the host is this machine."""

    host: str
    port: int
    user: str = ""
    tls: bool = True
    starttls: bool = False
    password_env: str = ""
    password_file: str = ""
    keyring: str = ""

    def find_password(self, folder: Path) -> str:
        """The secret from where the settings say. Raises ConfigError when it is not there."""
        if self.password_env:
            if self.password_env not in os.environ:
                raise ConfigError(f"the environment variable {self.password_env} is not set")
            return os.environ[self.password_env]
        if self.password_file:
            path = folder / self.password_file
            try:
                return path.read_text(encoding="utf-8").strip()
            except OSError as e:
                raise ConfigError(f"the password file {path} could not be read: {e.strerror}") from e
        if self.keyring:
            return _from_keyring(self.keyring, self.user)
        return ""


@dataclass(frozen=True)
class MailboxSettings:
    """``kind`` is "folder" (``path``) or "imap" (``imap`` and ``smtp``). ``address`` is the shared mailbox's own."""

    kind: str
    address: str
    path: Path | None = None
    imap: ServerSettings | None = None
    smtp: ServerSettings | None = None
    poll_seconds: int = 60
    timeout_seconds: int = 30
    filed: str = "mailflow/Filed"
    held: str = "mailflow/Held"
    sent: str = "Sent"


@dataclass(frozen=True)
class Settings:
    """mailflow.toml, read and checked."""

    path: Path
    framework: str
    state: Path
    council: Council
    mailbox: MailboxSettings
    profile: dict[str, Any]
    pilot: bool = False
    # Folder with the council's grading criteria documents (DOC-37), None where none are supplied.
    criteria: Path | None = None
    # Folder with the council's own frameworks and letter texts, looked in before the ones that came with mailflow.
    templates: Path | None = None

    @property
    def folder(self) -> Path:
        return self.path.parent


# Key → (type, required, default). The one table; docs and `init` are made from it.
SETTINGS: tuple[tuple[str, type, bool, Any, str], ...] = (
    ("framework", str, True, None, "the framework's name, a folder under templates/"),
    ("state", str, False, "state", "folder for the database, kept private (0700)"),
    ("pilot", bool, False, False, "true: every letter is held until you release it"),
    ("criteria", str, False, "", "folder with your grading criteria documents, sent with allocations"),
    ("templates", str, False, "", "folder with your own frameworks and letter texts"),
    ("council.name", str, True, None, "the council's name, as printed on forms and letters"),
    ("council.qa_name", str, False, "Quality Assurance team", "what the QA team is called"),
    ("council.qa_phone", str, True, None, "the number people may ring for help"),
    ("council.out_of_hours", str, True, None, "how to reach the council about a child out of hours"),
    ("council.controller", str, False, "", "who the data controller is; the council's name when left out"),
    ("council.freepost", str, False, "", "the freepost address families send a form back to"),
    ("mailbox.kind", str, True, None, "folder | imap"),
    ("mailbox.address", str, True, None, "the shared mailbox's own address"),
    ("mailbox.path", str, False, "", "folder mailbox: where inbox/ filed/ held/ sent/ stand"),
    ("mailbox.poll_seconds", int, False, 60, "how often the mailbox is looked at"),
    ("mailbox.timeout_seconds", int, False, 30, "how long a silent server is waited for"),
    ("mailbox.filed", str, False, "mailflow/Filed", "imap: where handled mail is filed"),
    ("mailbox.held", str, False, "mailflow/Held", "imap: where mail waits for a person"),
    ("mailbox.sent", str, False, "Sent", "imap: where our sent letters are kept"),
    *((f"mailbox.{s}.{k}", t, k in ("host", "port"), d, w) for s in ("imap", "smtp") for k, t, d, w in (
        ("host", str, None, "the server's name"),
        ("port", int, None, "the server's port"),
        ("user", str, "", "the name to sign in with"),
        ("tls", bool, True, "false only where the host is this machine"),
        ("starttls", bool, False, "start in clear and switch to TLS before signing in"),
        ("password_env", str, "", "the environment variable that holds the password"),
        ("password_file", str, "", "a file, readable by you alone, that holds the password"),
        ("keyring", str, "", "the keyring's service name that holds the password"),
    )),
)
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_WORDS = {str: "a text", bool: "true or false", int: "a whole number"}


def load_settings(path: Path) -> Settings:
    """Read mailflow.toml. Raises ConfigError with every problem, each naming file and key."""
    try:
        plain = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as e:
        raise ConfigError(f"{path} is not there; `mailflow init` makes one") from e
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as e:
        raise ConfigError(f"{path}: {e}") from e
    profile = plain.pop("profile", {})
    values, problems = _checked(path, plain)
    problems += _sense(path, values)
    if not isinstance(profile, dict):
        problems.append(f"{path}: profile: give a table")
    if problems:
        raise ConfigError(problems)
    return _settings(path, values, profile)


def _checked(path: Path, plain: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    flat = _flatten(plain)
    known = {key: (kind, required, default) for key, kind, required, default, _ in SETTINGS}
    problems = [f"{path}: {key}: unknown key" for key in flat if key not in known]
    values: dict[str, Any] = {}
    for key, (kind, required, default) in known.items():
        section = key.rpartition(".")[0]
        if section in ("mailbox.imap", "mailbox.smtp") and not any(k.startswith(section + ".") for k in flat):
            continue
        if key not in flat:
            if required:
                problems.append(f"{path}: {key}: missing")
            values[key] = default
        elif type(flat[key]) is not kind:
            problems.append(f"{path}: {key}: expected {_WORDS[kind]}, found {flat[key]!r}")
            values[key] = default
        else:
            values[key] = flat[key]
    return values, problems


def _flatten(plain: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in plain.items():
        if isinstance(value, dict):
            flat.update(_flatten(value, f"{prefix}{key}."))
        else:
            flat[prefix + key] = value
    return flat


def _sense(path: Path, values: dict[str, Any]) -> list[str]:
    bad = []
    kind = values.get("mailbox.kind")
    if kind not in ("folder", "imap", None):
        bad.append(f"{path}: mailbox.kind: {kind!r} is not one of folder, imap")
    if kind == "folder" and not values.get("mailbox.path"):
        bad.append(f"{path}: mailbox.path: missing; a folder mailbox needs its folder")
    for server in ("imap", "smtp"):
        host = values.get(f"mailbox.{server}.host")
        if kind == "imap" and not host:
            bad.append(f"{path}: mailbox.{server}.host: missing; an imap mailbox needs both servers")
        in_clear = host and not values[f"mailbox.{server}.tls"] and not values[f"mailbox.{server}.starttls"]
        if in_clear and host not in _LOOPBACK:
            bad.append(f"{path}: mailbox.{server}.tls: may be false only where the host is this machine, not {host}")
    address = values.get("mailbox.address") or ""
    if address and (address.count("@") != 1 or address != address.strip()):
        bad.append(f"{path}: mailbox.address: {address!r} is not an address")
    bad += [f"{path}: {key}: at least 1" for key in ("mailbox.poll_seconds", "mailbox.timeout_seconds")
            if isinstance(values.get(key), int) and values[key] < 1]
    for key in ("criteria", "templates"):
        if values.get(key) and not (path.parent / values[key]).is_dir():
            bad.append(f"{path}: {key}: the folder {path.parent / values[key]} is not there")
    return bad


def _settings(path: Path, v: dict[str, Any], profile: dict[str, Any]) -> Settings:
    folder = path.parent

    def server(name: str) -> ServerSettings | None:
        keys = ("host", "port", "user", "tls", "starttls", "password_env", "password_file", "keyring")
        full = f"mailbox.{name}."
        return ServerSettings(**{k: v[full + k] for k in keys}) if full + "host" in v else None

    return Settings(
        path=path, framework=v["framework"], state=folder / v["state"], profile=profile, pilot=v["pilot"],
        criteria=folder / v["criteria"] if v["criteria"] else None,
        templates=folder / v["templates"] if v["templates"] else None,
        council=Council(v["council.name"], v["council.qa_name"], v["council.qa_phone"], v["council.out_of_hours"],
                        v["council.controller"] or v["council.name"], v["council.freepost"]),
        mailbox=MailboxSettings(
            kind=v["mailbox.kind"], address=v["mailbox.address"].lower(),
            path=folder / v["mailbox.path"] if v["mailbox.path"] else None, imap=server("imap"), smtp=server("smtp"),
            poll_seconds=v["mailbox.poll_seconds"], timeout_seconds=v["mailbox.timeout_seconds"],
            filed=v["mailbox.filed"], held=v["mailbox.held"], sent=v["mailbox.sent"],
        ),
    )


def _from_keyring(service: str, user: str) -> str:
    try:
        import keyring
    except ImportError as e:
        raise ConfigError("the keyring package is not installed: pip install 'mailflow[keyring]'") from e
    found = keyring.get_password(service, user)
    if found is None:
        raise ConfigError(f"the keyring holds no password for {user} under {service}")
    return str(found)
