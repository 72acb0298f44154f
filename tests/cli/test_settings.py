"""A wrong setting: every problem at once, each with file and key, exit code 2, never a traceback."""

from pathlib import Path

import pytest

from tests.cli.command import mailflow

EVERY_COMMAND = (["check-config"], ["people", "import", "people.xlsx"], ["cases", "import", "cases.xlsx"], ["open", "2026-09"],
                 ["run"], ["once"], ["once", "--dry-run"], ["status"], ["messages"], ["outbox"], ["why", "2609-001W"], ["held"],
                 ["release", "L1"], ["verify"], ["backup", "copy.db"], ["rehearse", "--from", "2026-09-01", "--to", "2026-09-02"])


def put(folder: Path, old: str, new: str) -> None:
    text = (folder / "mailflow.toml").read_text()
    assert old in text, old
    (folder / "mailflow.toml").write_text(text.replace(old, new))


def test_every_wrong_setting_is_listed_at_once(begun: Path) -> None:
    put(begun, 'qa_phone = "01632 960 100"', "qa_phone = 1632960100")
    put(begun, 'kind = "folder"', 'kind = "pigeon"')
    put(begun, '# pilot = false', 'pilot = "yes"\npilott = true')
    put(begun, 'name = "Northmoor Council"', "")
    done = mailflow("check-config", folder=begun)
    assert done.code == 2 and done.out == ""
    for key in ("council.qa_phone", "mailbox.kind", "pilot:", "pilott: unknown key", "council.name: missing"):
        assert sum(key in line for line in done.err.splitlines()) == 1, key
    assert all("mailflow.toml" in line for line in done.err.splitlines())


def test_every_wrong_line_of_policy_is_listed_at_once(begun: Path) -> None:
    put(begun, 'allowed_domains = ["northmoor.example"]',
        'allowed_domains = []\nhuor = 9\n[profile.revision]\nsoft_wd = 5\n[profile.qa]\non_timeout = "pray"\n'
        '[profile.safety]\nenabled = false\n[profile.letters."OUT-0"]\nto = ["qa"]\nprivate = "P0"\nleave = "at_once"')
    done = mailflow("check-config", folder=begun)
    assert done.code == 2
    found = done.err
    for _ in range(2):
        # Keys that are wrong in themselves are said first; once they are right, what the values mean together.
        if "huor" in done.err:
            put(begun, "huor = 9\n", "")
            put(begun, 'on_timeout = "pray"', 'on_timeout = "alert"')
            done = mailflow("check-config", folder=begun)
            found += done.err
    for key in ("send.allowed_domains: empty", "send.huor: unknown key", "revision.soft_wd", "qa.on_timeout: 'pray'",
                "safety.enabled", "letters/OUT-0.md is missing"):
        assert key in found, key


def test_wrong_settings_and_wrong_policy_are_listed_together(begun: Path) -> None:
    put(begun, 'qa_phone = "01632 960 100"', "qa_phone = 1632960100")
    put(begun, 'allowed_domains = ["northmoor.example"]', 'allowed_domains = ["northmoor.example"]\nhuor = 9')
    done = mailflow("check-config", folder=begun)
    assert done.code == 2 and "council.qa_phone" in done.err and "send.huor" in done.err


@pytest.mark.parametrize("words", EVERY_COMMAND, ids=" ".join)
def test_no_command_works_on_wrong_settings(begun: Path, words: list[str]) -> None:
    put(begun, 'kind = "folder"', 'kind = "pigeon"')
    done = mailflow(*words, folder=begun)
    assert done.code == 2 and "mailbox.kind" in done.err and "Traceback" not in done.err
    assert not (begun / "state").exists()


@pytest.mark.parametrize("words", EVERY_COMMAND, ids=" ".join)
def test_no_settings_at_all_is_a_sentence_that_names_init(begun: Path, words: list[str]) -> None:
    (begun / "mailflow.toml").unlink()
    done = mailflow(*words, folder=begun)
    assert done.code == 2 and "mailflow init" in done.err


@pytest.mark.parametrize("text", ["framework = ", "\x00", "framework = 'framework-2023'\nframework = 'x'"])
def test_a_file_that_is_no_toml_is_a_sentence(begun: Path, text: str) -> None:
    (begun / "mailflow.toml").write_text(text)
    done = mailflow("status", folder=begun)
    assert done.code == 2 and "mailflow.toml" in done.err and "Traceback" not in done.err


def test_a_framework_that_is_not_there_is_named(begun: Path) -> None:
    put(begun, 'framework = "framework-2023"', 'framework = "../../etc"')
    done = mailflow("check-config", folder=begun)
    assert done.code == 2 and "../../etc" in done.err


def test_mail_over_the_network_in_clear_is_refused(begun: Path) -> None:
    put(begun, 'kind = "folder"', 'kind = "imap"')
    with (begun / "mailflow.toml").open("a") as out:
        out.write('[mailbox.imap]\nhost = "imap.northmoor.example"\nport = 143\ntls = false\n'
                  '[mailbox.smtp]\nhost = "smtp.northmoor.example"\nport = 25\ntls = false\n')
    done = mailflow("check-config", folder=begun)
    assert done.code == 2 and "mailbox.imap.tls" in done.err and "mailbox.smtp.tls" in done.err


def test_both_missing_passwords_are_named_at_once(begun: Path) -> None:
    put(begun, 'kind = "folder"', 'kind = "imap"')
    with (begun / "mailflow.toml").open("a") as out:
        out.write('[mailbox.imap]\nhost = "imap.northmoor.example"\nport = 993\npassword_env = "NO_SUCH_ONE"\n'
                  '[mailbox.smtp]\nhost = "smtp.northmoor.example"\nport = 465\npassword_file = "no-such-file"\n')
    done = mailflow("check-config", folder=begun)
    assert done.code == 2 and "NO_SUCH_ONE" in done.err and "no-such-file" in done.err


def test_another_config_is_named_by_file_or_folder(council_filled: Path, tmp_path: Path) -> None:
    for where in (council_filled, council_filled / "mailflow.toml"):
        assert mailflow("check-config", "--config", where, folder=tmp_path).well().out.startswith(str(council_filled))
        assert mailflow("messages", "--json", "--config", where, folder=tmp_path).well().json == []


def test_a_councils_own_letter_takes_the_place_of_ours(filled: Path) -> None:
    own_text(filled, "OUT-06", "Subject: A word from Northmoor\n\nThis is our own text about {{ ref }}.\n")
    mailflow("check-config", folder=filled).well()
    mailflow("open", "2026-09", "--seed", "northmoor", "--at", "2026-09-01T08:30", folder=filled).well()
    mailflow("once", "--at", "2026-09-01T09:05", folder=filled).well()
    rows = [x for x in mailflow("outbox", "--json", folder=filled).json if x["code"] == "OUT-06"]
    assert len(rows) == len({x["to"] for x in rows}) == 6 and all("A word from Northmoor" in x["subject"] for x in rows)


def test_an_audit_whose_letter_can_not_be_written_is_named_and_the_others_are_given_out(filled: Path) -> None:
    own_text(filled, "OUT-04", 'Subject: Yours\n\n{% set work = {"CIN": "in need", "CP": "protected"} %}\n{{ work[category] }}\n')
    command = ("open", "2026-09", "--seed", "northmoor", "--at", "2026-09-01T08:30")
    done = mailflow(*command, folder=filled).well()
    stuck = [a["ref"] for a in mailflow("status", "--json", folder=filled).json["audits"] if a["state"] == "selected"]
    assert 0 < len(stuck) < 10
    assert all(f"{ref} is not given out yet: `mailflow why {ref}` says why." in done.out for ref in stuck)
    assert "could not be written" in mailflow("why", stuck[0], folder=filled).out
    assert mailflow(*command, "--json", folder=filled).well().json["waiting"] == stuck


def own_text(folder: Path, code: str, text: str) -> None:
    put(folder, '# templates = ""', 'templates = "texts"')
    (folder / "texts" / "letters").mkdir(parents=True)
    (folder / "texts" / "letters" / f"{code}.md").write_text(text)


@pytest.mark.parametrize("text, words", [
    ("Subject: {{ due_on|day }\n\nHello.\n", "OUT-06"), ("No subject here.\n", "Subject:"),
    ("Subject: Hello\n\n{% if %}\n", "OUT-06")])
def test_a_councils_own_letter_with_a_mistake_is_found_before_it_is_wanted(begun: Path, text: str, words: str) -> None:
    """`check-config` reads the texts too: a slip in a letter must not come to light in the month's first pass."""
    own_text(begun, "OUT-06", text)
    done = mailflow("check-config", folder=begun)
    assert done.code == 2 and "OUT-06" in done.err and words in done.err and "Traceback" not in done.err


def test_a_folder_for_texts_that_is_not_there_is_named(begun: Path) -> None:
    put(begun, '# templates = ""', 'templates = "texts"')
    put(begun, '# criteria = ""', 'criteria = "criteria"')
    done = mailflow("check-config", folder=begun)
    assert done.code == 2 and "templates: " in done.err and "criteria: " in done.err


@pytest.mark.parametrize("words", [["open"], ["why"], ["release"], ["read"], ["read", "no-such-file.docx"], ["frobnicate"],
                                   ["status", "--colour"], ["people"], ["rehearse", "--from", "2026-09-01"]])
def test_a_wrong_command_line_ends_with_2_and_says_what_is_meant(tmp_path: Path, words: list[str]) -> None:
    done = mailflow(*words, folder=tmp_path)
    assert done.code == 2 and "Usage" in done.err + done.out
