"""mailflow.toml: every problem at once, and no server in clear but this machine's."""

from pathlib import Path

import pytest

from mailflow.config import load_settings
from mailflow.errors import ConfigError
from mailflow.setup_files import make_settings

COUNCIL = '[council]\nname = "Northmoor Council"\nqa_phone = "1"\nout_of_hours = "2"\n'


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "mailflow.toml"
    path.write_text(text, encoding="utf-8")
    return path


def problems_of(path: Path) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load_settings(path)
    return caught.value.problems


def test_what_init_writes_is_right_as_it_stands(tmp_path: Path) -> None:
    make_settings(tmp_path, "framework-2023")
    settings = load_settings(tmp_path / "mailflow.toml")
    assert settings.mailbox.path == tmp_path / "mail" and settings.council.controller == "Northmoor Council"
    assert settings.profile["send"]["allowed_domains"] == ["northmoor.example"]


def test_every_problem_is_listed_at_once(tmp_path: Path) -> None:
    found = problems_of(written(tmp_path, 'framework = 3\ncolour = "red"\n[mailbox]\nkind = "pigeon"\naddress = "x"\n'))
    for words in ("framework: expected a text", "colour: unknown key", "council.name: missing", "'pigeon' is not one of",
                  "'x' is not an address"):
        assert any(words in p for p in found), (words, found)


def test_a_server_elsewhere_may_not_be_spoken_to_in_clear(tmp_path: Path) -> None:
    text = 'framework = "framework-2023"\n' + COUNCIL + (
        '[mailbox]\nkind = "imap"\naddress = "a@northmoor.example"\n'
        '[mailbox.imap]\nhost = "{host}"\nport = 143\ntls = false\n[mailbox.smtp]\nhost = "{host}"\nport = 25\ntls = false\n')
    assert len([p for p in problems_of(written(tmp_path, text.format(host="imap.northmoor.example"))) if "tls" in p]) == 2
    assert load_settings(written(tmp_path, text.format(host="127.0.0.1"))).mailbox.imap is not None


def test_a_password_in_the_settings_is_an_unknown_key(tmp_path: Path) -> None:
    text = 'framework = "f"\n' + COUNCIL + ('[mailbox]\nkind = "imap"\naddress = "a@northmoor.example"\n[mailbox.imap]\n'
                                            'host = "h"\nport = 993\npassword = "hunter2"\n[mailbox.smtp]\nhost = "h"\nport = 465\n')
    found = problems_of(written(tmp_path, text))
    assert any("mailbox.imap.password: unknown key" in p for p in found)
    assert not any("hunter2" in p for p in found), "a secret is never printed"


def test_passwords_come_from_environment_or_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from mailflow.config import ServerSettings

    monkeypatch.setenv("NORTHMOOR_SECRET", "one")
    (tmp_path / "secret").write_text("two\n", encoding="utf-8")
    assert ServerSettings("h", 1, password_env="NORTHMOOR_SECRET").find_password(tmp_path) == "one"
    assert ServerSettings("h", 1, password_file="secret").find_password(tmp_path) == "two"
    with pytest.raises(ConfigError, match="is not set"):
        ServerSettings("h", 1, password_env="NORTHMOOR_NOTHING").find_password(tmp_path)
