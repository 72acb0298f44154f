"""cycle list · show · cancel · theme, and programme: a month without the mailbox."""

from pathlib import Path

from tests.cli.command import contents, mailflow


def test_a_month_that_was_never_opened_is_shown_from_the_calendar(filled: Path) -> None:
    facts = mailflow("cycle", "show", "2026-10", "--json", folder=filled).well().json
    assert (facts["state"], facts["type"], facts["second"], facts["due_on"]) == ("planned", "themed", "moderation", "2026-10-30")
    assert mailflow("cycle", "list", "--json", folder=filled).well().json == []
    assert "No cycle yet" in mailflow("cycle", "list", folder=filled).well().out
    closed = mailflow("cycle", "show", "2026-08", folder=filled)
    assert closed.code == 65 and "August is closed" in closed.err


def test_a_sample_drawn_by_the_daemon_is_listed_and_accepted_at_the_terminal(filled: Path) -> None:
    mailflow("once", "--at", "2026-09-01T09:05", folder=filled).well()
    (cycle,) = mailflow("cycle", "list", "--json", folder=filled).well().json
    assert cycle["state"] == "drawing" and cycle["waiting"] > 0 and cycle["audits"] == 0
    shown = mailflow("cycle", "show", "2026-09", folder=filled).well().out
    proposals = mailflow("cycle", "show", "2026-09", "--json", folder=filled).json["proposals"]
    assert all(ref in shown and case in shown for ref, case, _ in proposals)
    mailflow("open", "2026-09", "--at", "2026-09-01T09:30", folder=filled).well()
    audits = mailflow("status", "--json", folder=filled).json["audits"]
    assert [[a["ref"], a["case_number"], a["auditor"]] for a in audits] == proposals, "the very sample that was shown"


def test_a_theme_is_kept_until_the_month_is_drawn(filled: Path) -> None:
    said = mailflow("cycle", "theme", "2026-10", "Neglect", folder=filled).well().out
    assert "October 2026 is now: Neglect" in said
    mailflow("once", "--at", "2026-10-01T09:05", folder=filled).well()
    facts = mailflow("cycle", "show", "2026-10", "--json", folder=filled).well().json
    assert (facts["state"], facts["theme"]) == ("drawing", "Neglect")
    assert mailflow("cycle", "theme", "2026-10", "x" * 200, folder=filled).code == 65


def test_a_cancelled_month_stays_away(filled: Path) -> None:
    assert "is cancelled" in mailflow("cycle", "cancel", "2026-09", folder=filled).well().out
    mailflow("once", "--at", "2026-09-01T09:05", folder=filled).well()
    assert mailflow("outbox", "--json", folder=filled).json == []
    refused = mailflow("open", "2026-09", "--at", "2026-09-01T09:30", folder=filled)
    assert refused.code == 65 and "has been cancelled" in refused.err
    assert mailflow("cycle", "cancel", "2026-09", folder=filled).code == 65


def test_a_month_that_is_open_is_not_cancelled(opened: Path) -> None:
    before = contents(opened)
    refused = mailflow("cycle", "cancel", "2026-09", folder=opened)
    assert refused.code == 65 and "is open already (decided by command line)" in refused.err
    assert contents(opened) == before


def test_the_programme_is_written_beside_each_other(filled: Path, tmp_path: Path) -> None:
    out = tmp_path / "year"
    said = mailflow("programme", "2027", "--out", out, folder=filled).well().out
    assert said.count("made ") == 2 and {p.name for p in out.iterdir()} == {"programme-2027.ics", "programme-2027.xlsx"}
    assert b"Moderation month" in (out / "programme-2027.ics").read_bytes()
    (tmp_path / "not-a-folder").write_text("x")
    assert mailflow("programme", "2027", "--out", tmp_path / "not-a-folder", folder=filled).code == 65
