"""What `mailflow init` writes: a mailflow.toml to fill in, made from the table of settings, and the folder mailbox."""

from pathlib import Path

from mailflow.config import SETTINGS
from mailflow.errors import PermanentError
from mailflow.framework import framework_folders

_EXAMPLES: dict[str, object] = {
    "council.name": "Northmoor Council", "council.qa_phone": "01632 960 100",
    "council.out_of_hours": "01632 960 999", "mailbox.kind": "folder", "mailbox.address": "audits@northmoor.example",
    "mailbox.path": "mail",
}
_HEAD = """\
# mailflow's settings: one file a mailbox. Paths are relative to this file. `mailflow check-config` reads it all.
# Secrets never stand here: name an environment variable (password_env), a file (password_file) or the keyring.
"""
_SERVERS = """
# An IMAP mailbox instead of a folder: set mailbox.kind = "imap" and fill in both servers.
# [mailbox.imap]
# host = "imap.northmoor.example"
# port = 993
# user = "audits@northmoor.example"
# password_env = "MAILFLOW_PASSWORD"
# [mailbox.smtp]
# host = "smtp.northmoor.example"
# port = 465
# user = "audits@northmoor.example"
# password_env = "MAILFLOW_PASSWORD"

# Your council's own policy, over the framework's: any key of templates/base/profile.toml.
[profile.send]
allowed_domains = ["northmoor.example"]
"""


def make_settings(folder: Path, framework: str, **values: object) -> list[Path]:
    """mailflow.toml and the empty folder mailbox. Raises PermanentError when a mailflow.toml is there already, ConfigError
    for a framework nobody knows."""
    path = folder / "mailflow.toml"
    if path.exists():
        raise PermanentError(f"{path} is there already and stays as it is")
    framework_folders(framework)
    for name in ("inbox", "filed", "held", "sent"):
        for level in (folder / "mail", folder / "mail" / name):
            level.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.write_text(settings_text({"framework": framework, **_EXAMPLES, **values}), encoding="utf-8")
    return [path, folder / "mail"]


def settings_text(values: dict[str, object]) -> str:
    """The settings file as text, each key with its explanation; keys with a default are shown commented out."""
    lines, section = [_HEAD.rstrip()], ""
    for key, _, _, default, words in SETTINGS:
        head, _, name = key.rpartition(".")
        if head in ("mailbox.imap", "mailbox.smtp"):
            continue
        if head != section:
            lines += ["", f"[{head}]"]
            section = head
        value = values.get(key, default)
        mark = "" if key in values else "# "
        lines.append(f"{mark}{name} = {_toml(value)}".ljust(44) + f"  # {words}")
    return "\n".join(lines) + "\n" + _SERVERS


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    text = str(value or "").replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'
