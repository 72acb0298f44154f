"""`mailflow read` of one document and of folders: what is told, what is passed over, and what a killed run leaves."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from mailflow.cli.reading.command import choose_forms
from mailflow.cli.reading.gather import find_documents
from mailflow.cli.reading.many import Bench, in_order
from parsers.sandbox import Pool
from tests.cli.command import Done, command, environment, mailflow, shell
from tests.corpus.hostile.make import SAMPLES, package
from tests.parsers.fills import whole_form
from tests.parsers.pages import FORM, ROOT, Look, W, fill_base, form_body, inserted, make_docx, make_form, para

KEYS = ["file", "status", "reason", "words", "form", "edition", "answers", "canonical", "actions", "tables", "tracked_changes",
        "comments", "leftover", "findings", "places", "reference", "digest"]
ODD_FORM = """
id = "odd-1"
edition = "2"
title = "Visit record"
[[sections]]
id = "visit"
title = "The visit"
items = [
  {id = "worker", label = "Name of the worker", kind = "text"},
  {id = "day", label = "Day of the visit", kind = "date"},
  {id = "grade", label = "Grade of the visit", kind = "grade", prompt = "Choose a grade"},
  {id = "seen", label = "Was the child seen", kind = "choice", choices = ["Yes", "No"]},
]
[[sections]]
id = "others"
title = "Others"
[[sections.tables]]
id = "people"
label = "People met"
rows = 2
columns = [{id = "who", label = "Who was met", kind = "text"}, {id = "when", label = "When they were met", kind = "date"}]
"""


def fill(folder: Path, count: int, start: int = 0) -> list[str]:
    """So many completed forms, each another; their names, sorted."""
    folder.mkdir(parents=True, exist_ok=True)
    names = [f"form {n:04}.docx" for n in range(start, start + count)]
    for n, name in enumerate(names, start):
        (folder / name).write_bytes(fill_base({**whole_form(), "header.team": f"Team {n}"}))
    return names


def lines(text: str | bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (text.decode() if isinstance(text, bytes) else text).splitlines()]


def checks(facts: dict[str, Any]) -> list[str]:
    return [f["check"] for f in facts["findings"]]


@pytest.fixture
def odd(tmp_path: Path) -> Path:
    (tmp_path / "form.toml").write_text(ODD_FORM)
    return tmp_path / "form.toml"


def read_odd(odd: Path, values: dict[str, str], look: Look | None = None) -> Done:
    from mailflow.form.load import load_form

    (odd.parent / "visit.docx").write_bytes(make_form(values, look, load_form(odd)))
    return mailflow("read", "visit.docx", "--form", odd, "--json", folder=odd.parent)


WELL = {"visit.worker": "Ann Lee", "visit.day": "17/06/2026", "visit.grade": "RI", "visit.seen": "yes",
        "people.2.who": "Her aunt", "people.2.when": "18/06/2026"}


def test_one_document_is_one_object_with_every_key_in_order(odd: Path) -> None:
    done = read_odd(odd, WELL).well()
    facts = done.json
    assert list(facts) == KEYS and done.out.startswith("{\n") and facts["file"] == "visit.docx"
    assert (facts["status"], facts["reason"], facts["words"]) == ("readable", None, None)
    assert (facts["form"], facts["edition"]) == ("odd-1", "2")
    assert facts["answers"] == {"visit.worker": "Ann Lee", "visit.day": "17/06/2026", "visit.grade": "RI", "visit.seen": "yes",
                                "people.1.who": None, "people.1.when": None, "people.2.who": "Her aunt",
                                "people.2.when": "18/06/2026"}
    assert {k: v for k, v in facts["canonical"].items() if "date" in v} == {
        "visit.day": {"date": "2026-06-17"}, "people.2.when": {"date": "2026-06-18"}}
    assert facts["canonical"]["visit.grade"]["grade"].casefold() == "requires improvement"
    assert facts["actions"] == [] and facts["tables"] == {"people": [{"who": "Her aunt", "when": "18/06/2026"}]}
    assert facts["leftover"] == facts["findings"] == []
    assert facts["places"]["visit.day"].keys() == {"place", "found_by", "sure"}


@pytest.mark.parametrize("changes, check, code", [
    ({"visit.day": "some day"}, "CHK-032", 1), ({"visit.day": "06/07/2026"}, "CHK-033", 0),
    ({"visit.day": "17/06/26"}, "CHK-033", 0), ({"visit.grade": "Good/Outstanding"}, "CHK-019", 1),
    ({"visit.grade": ""}, "CHK-014", 0), ({"visit.seen": "perhaps"}, "CHK-013", 1), ({"people.2.when": "soon"}, "CHK-032", 1)])
def test_what_could_not_be_settled_is_a_finding_with_its_place(odd: Path, changes: dict[str, str], check: str, code: int) -> None:
    """Whatever a person must say for the reader ends with 1; what its writer should mend does not."""
    done = read_odd(odd, WELL | changes)
    assert done.code == code and checks(done.json) == [check]
    assert done.json["findings"][0]["place"].startswith("table ") and done.json["findings"][0]["words"]
    value = next(iter(changes.values()))
    assert next(iter(changes)) in done.json["answers"] and (value in done.json["answers"].values() or not value)


def test_a_question_that_is_gone_needs_a_person(odd: Path) -> None:
    done = read_odd(odd, WELL, Look(without=frozenset({"visit.worker"})))
    assert done.code == 1 and checks(done.json) == ["CHK-006"] and done.json["answers"]["visit.worker"] is None
    assert done.json["findings"][0]["place"] == "The visit" and "Name of the worker" in done.json["findings"][0]["words"]


def test_a_section_left_out_for_the_category_is_not_missed(odd: Path) -> None:
    """Sections that do not apply are left out when the form is sent; half a section gone is somebody's doing."""
    odd.write_text(ODD_FORM.replace('title = "The visit"', 'title = "The visit"\ncategories = ["CP"]') + """
[[sections]]
id = "more"
title = "More"
items = [{id = "one", label = "First of all", kind = "text"}, {id = "two", label = "Second to that", kind = "text"},
         {id = "three", label = "Third and last", kind = "text"}]
""")
    more = {"more.one": "a", "more.two": "b", "more.three": "c", "people.1.who": "Her aunt"}
    assert read_odd(odd, more, Look(without=frozenset({"visit"}))).well().json["findings"] == []
    assert checks(read_odd(odd, more | WELL, Look(without=frozenset({"visit.day"}))).json) == ["CHK-006"]


def test_tracked_changes_comments_and_text_in_no_answer_are_told(odd: Path) -> None:
    """A comment and a line between the tables went into no answer, so a person must look."""
    from mailflow.form.load import load_form

    body = form_body(WELL, Look(shape=inserted), load_form(odd)) + para("Her brother was there as well, on both days.")
    comments = f'<w:comments xmlns:w="{W}"><w:comment w:id="0" w:author="Kim">{para("Is this right?")}</w:comment></w:comments>'
    (odd.parent / "visit.docx").write_bytes(make_docx(body, {"word/comments.xml": comments}))
    done = mailflow("read", "visit.docx", "--form", odd, "--json", folder=odd.parent)
    facts = done.json
    assert done.code == 1 and facts["tracked_changes"] > 0 and facts["comments"] == 1
    assert [x["text"] for x in facts["leftover"]] == ["Her brother was there as well, on both days.", "Is this right?"]
    assert all(x["place"] for x in facts["leftover"]) and checks(facts) == ["CHK-008", "leftover", "leftover"]


def test_for_people_labels_texts_and_values_stand_side_by_side(odd: Path) -> None:
    read_odd(odd, WELL | {"visit.day": "some day"})
    done = mailflow("read", "visit.docx", "--form", odd, folder=odd.parent)
    assert done.code == 1 and "odd-1 edition 2" in done.out
    for words in ("Day of the visit", "some day", "?", "Her aunt", "Who was met", "CHK-032"):
        assert words in done.out
    row = next(line for line in done.out.splitlines() if "Grade of the visit" in line)
    assert "RI" in row and "requires improvement" in row.casefold()


def test_a_form_is_named_by_its_id_too_and_an_unknown_one_is_a_sentence(tmp_path: Path) -> None:
    fill(tmp_path, 1)
    assert mailflow("read", "form 0000.docx", "--form", FORM.id, "--json", folder=tmp_path).well().json["form"] == FORM.id
    done = mailflow("read", "form 0000.docx", "--form", "no-such", folder=tmp_path)
    assert done.code == 2 and FORM.id in done.err and "Traceback" not in done.err
    done = mailflow("read", "form 0000.docx", "--form", "nowhere/form.toml", folder=tmp_path)
    assert done.code == 2 and "nowhere/form.toml" in done.err and "Traceback" not in done.err


def test_a_councils_own_form_is_tried_as_well(begun: Path) -> None:
    (begun / "texts").mkdir()
    (begun / "texts" / "form.toml").write_text(ODD_FORM)
    settings = begun / "mailflow.toml"
    settings.write_text(settings.read_text().replace('# templates = ""', 'templates = "texts"'))
    from mailflow.form.load import load_form

    (begun / "visit.docx").write_bytes(make_form(WELL, None, load_form(begun / "texts" / "form.toml")))
    assert mailflow("read", "visit.docx", "--config", "mailflow.toml", "--json", folder=begun).well().json["form"] == "odd-1"


def test_a_document_that_cannot_be_used_ends_with_65_in_words(tmp_path: Path) -> None:
    (tmp_path / "letter.docx").write_bytes(make_form({"visit.worker": "x"}, None, choose_forms_odd(tmp_path)))
    for words in (["--json"], []):
        done = mailflow("read", "letter.docx", "--form", FORM.id, *words, folder=tmp_path)
        assert done.code == 65 and "not_the_form" in done.out and "not one of our forms" in done.out
    facts = mailflow("read", "letter.docx", "--form", FORM.id, "--json", folder=tmp_path).json
    assert facts["answers"] == {} and facts["reason"] == "not_the_form" and checks(facts) == ["CHK-001"]


def choose_forms_odd(folder: Path) -> Any:
    (folder / "odd.toml").write_text(ODD_FORM)
    return choose_forms(str(folder / "odd.toml"), None)[0]


def test_a_folder_is_a_line_a_document_sorted_by_path(tmp_path: Path) -> None:
    """Hidden files, Word's locks and truths are passed over without a word; the bytes and not the name decide the rest."""
    folder = tmp_path / "returned"
    names = fill(folder, 3)
    (folder / "b").mkdir()
    (folder / names[1]).rename(folder / "b" / "named as it came.bin")
    for name in (".hidden.docx", "~$form.docx", "a.docx.truth.json"):
        (folder / name).write_bytes(b"x")
    (folder / ".git").mkdir()
    (folder / ".git" / "form.docx").write_bytes(b"x")
    (folder / "a note.txt").write_text("dear all")
    done = mailflow("read", "returned", "--json", folder=tmp_path)
    found = lines(done.out)
    assert done.code == 1 and done.err == ""
    assert [f["file"] for f in found] == ["a note.txt", "b/named as it came.bin", "form 0000.docx", "form 0002.docx"]
    assert [f["status"] for f in found] == ["unreadable", "readable", "readable", "readable"]
    assert all(list(f) == KEYS for f in found) and found[1]["answers"]["header.team"] == "Team 1"


def test_for_people_a_folder_is_added_up_and_who_must_be_looked_at_is_named(tmp_path: Path) -> None:
    fill(tmp_path / "returned", 3)
    done = mailflow("read", "returned", folder=tmp_path).well()
    assert "readable" in done.out and "3" in done.out and "No document needs a person" in done.out
    (tmp_path / "returned" / "a note.txt").write_text("dear all")
    done = mailflow("read", "returned", folder=tmp_path)
    assert done.code == 1 and "a note.txt" in done.out and "plain text" in done.out


def test_an_empty_folder_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert "no document" in mailflow("read", "empty", folder=tmp_path).well().out
    assert mailflow("read", "empty", "--json", folder=tmp_path).well().out == ""


def test_links_lead_no_further_than_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "returned"
    [name] = fill(folder, 1)
    fill(tmp_path / "elsewhere", 1, start=7)
    (folder / "inside.docx").symlink_to(name)
    (folder / "outside.docx").symlink_to(tmp_path / "elsewhere" / "form 0007.docx")
    (folder / "elsewhere").symlink_to(tmp_path / "elsewhere")
    (folder / "again").symlink_to(folder)
    (folder / "broken.docx").symlink_to(folder / "no such")
    done = mailflow("read", "returned", "--json", folder=tmp_path).well()
    assert [f["file"] for f in lines(done.out)] == [name, "inside.docx"]
    assert "outside.docx" in done.err and "elsewhere" in done.err and "again" not in done.err


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="the administrator may open every file")
def test_what_may_not_be_opened_is_a_line_with_its_reason(tmp_path: Path) -> None:
    names = fill(tmp_path / "returned", 2)
    (tmp_path / "returned" / names[0]).chmod(0)
    (tmp_path / "returned" / "shut").mkdir(mode=0)
    found = lines(mailflow("read", "returned", "--json", folder=tmp_path).out)
    assert [f["reason"] for f in found] == ["not_opened", None, "not_opened"]
    (tmp_path / "returned" / "shut").chmod(0o700)


def test_names_and_texts_no_line_can_hold_are_escaped(tmp_path: Path) -> None:
    folder = tmp_path / "returned"
    folder.mkdir()
    name = os.fsdecode(b"caf\xe9 \xe2\x80\xa8.docx")
    (folder / name).write_bytes(fill_base({**whole_form(), "header.team": "one\u2028two\u0085three"}))
    [facts] = lines(shell("read", "returned", "--json", folder=tmp_path).well().out)
    assert facts["file"] == name and facts["answers"]["header.team"].startswith("one")
    shell("read", "returned", "--out", "lines.jsonl", folder=tmp_path).well()
    assert lines((tmp_path / "lines.jsonl").read_bytes()) == [facts]


def test_lines_are_added_to_a_file_and_nothing_is_read_twice(tmp_path: Path) -> None:
    """New and changed documents are read; the rest stands as it was, and each has one line."""
    folder, out = tmp_path / "returned", tmp_path / "lines.jsonl"
    names = fill(folder, 4)
    first = mailflow("read", "returned", "--out", "lines.jsonl", "--json", folder=tmp_path).well().json
    assert first == {"documents": 4, "statuses": {"readable": 4}, "kept": 0, "for_a_person": []}
    before = out.read_bytes()
    assert out.stat().st_mode & 0o077 == 0
    assert mailflow("read", "returned", "--out", "lines.jsonl", "--json", folder=tmp_path).well().json["kept"] == 4
    assert out.read_bytes() == before
    (folder / names[1]).write_bytes(b"changed")
    fill(folder, 1, start=9)
    done = mailflow("read", "returned", "--out", "lines.jsonl", "--json", folder=tmp_path)
    assert done.code == 1 and done.json["kept"] == 3 and [p["file"] for p in done.json["for_a_person"]] == [names[1]]
    after = lines(out.read_bytes())
    assert sorted(f["file"] for f in after) == [*names, "form 0009.docx"]
    assert {f["file"]: f["status"] for f in after}[names[1]] == "unreadable"
    again = mailflow("read", "returned", "--out", "lines.jsonl", folder=tmp_path)
    assert again.code == 1 and names[1] in again.out and "5 of them had been read before" in again.out


def test_of_two_lines_about_one_document_the_later_counts(tmp_path: Path) -> None:
    """A run that was killed after a document changed leaves both; the next takes the earlier one out."""
    names = fill(tmp_path / "returned", 2)
    mailflow("read", "returned", "--out", "lines.jsonl", folder=tmp_path).well()
    older = (tmp_path / "lines.jsonl").read_bytes()
    (tmp_path / "returned" / names[0]).write_bytes(fill_base({**whole_form(), "header.team": "Changed"}))
    mailflow("read", "returned", "--out", "lines.jsonl", folder=tmp_path).well()
    newer = (tmp_path / "lines.jsonl").read_bytes()
    (tmp_path / "lines.jsonl").write_bytes(older + newer)
    assert mailflow("read", "returned", "--out", "lines.jsonl", "--json", folder=tmp_path).well().json["kept"] == 2
    assert (tmp_path / "lines.jsonl").read_bytes() == newer


def test_another_form_is_another_reading(tmp_path: Path) -> None:
    """Lines read by one form are not taken for the lines of another."""
    fill(tmp_path / "returned", 2)
    choose_forms_odd(tmp_path)
    mailflow("read", "returned", "--out", "lines.jsonl", folder=tmp_path).well()
    done = mailflow("read", "returned", "--out", "lines.jsonl", "--form", "odd.toml", "--json", folder=tmp_path)
    assert done.code == 1 and done.json["statuses"] == {"not_the_form": 2} and done.json["kept"] == 0


def test_the_file_of_lines_may_stand_in_the_folder_itself(tmp_path: Path) -> None:
    names = fill(tmp_path, 2)
    for _ in range(2):
        assert mailflow("read", ".", "--out", "lines.jsonl", "--json", folder=tmp_path).well().json["documents"] == 2
    assert [f["file"] for f in lines((tmp_path / "lines.jsonl").read_bytes())] == names


@pytest.mark.parametrize("torn", [b"{", b'{"file": "form 0002.docx", "status": "readab'])
def test_half_a_line_at_the_end_is_cut_off_and_done_again(tmp_path: Path, torn: bytes) -> None:
    fill(tmp_path / "returned", 3)
    mailflow("read", "returned", "--out", "lines.jsonl", folder=tmp_path).well()
    whole = (tmp_path / "lines.jsonl").read_bytes()
    kept = b"".join(whole.splitlines(keepends=True)[:2])
    (tmp_path / "lines.jsonl").write_bytes(kept + torn)
    assert mailflow("read", "returned", "--out", "lines.jsonl", "--json", folder=tmp_path).well().json["kept"] == 2
    assert (tmp_path / "lines.jsonl").read_bytes() == whole


@pytest.mark.parametrize("raw", [b"my notes\n", b"PK\x03\x04 no line end", b'{"file": "a"}\n', b"[]\n", b'{"file": 3\n'])
def test_a_file_that_is_not_ours_is_left_as_it_is(tmp_path: Path, raw: bytes) -> None:
    fill(tmp_path / "returned", 1)
    (tmp_path / "notes").write_bytes(raw)
    done = mailflow("read", "returned", "--out", "notes", folder=tmp_path)
    assert done.code == 65 and "notes" in done.err and "line 1" in done.err
    assert (tmp_path / "notes").read_bytes() == raw


def test_a_place_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    fill(tmp_path / "returned", 1)
    done = mailflow("read", "returned", "--out", "no/such/lines.jsonl", folder=tmp_path)
    assert done.code == 65 and "can't be written" in done.err and "Traceback" not in done.err


@pytest.mark.skipif(sys.platform == "win32", reason="no kill -9 on Windows")
def test_a_killed_run_goes_on_where_it_stopped(tmp_path: Path) -> None:
    """kill -9 in the middle; a second run reads the rest, and both together tell what one whole run tells."""
    fill(tmp_path / "returned", 300)
    out = tmp_path / "lines.jsonl"
    victim = subprocess.Popen(command("read", "returned", "--out", "lines.jsonl"), cwd=tmp_path, env=environment(),
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while victim.poll() is None and (not out.exists() or out.read_bytes().count(b"\n") < 20):
        pass
    victim.kill()
    victim.wait()
    before = out.read_bytes()
    done = before.count(b"\n")
    assert 20 <= done < 300, "killed too late to prove anything"
    facts = mailflow("read", "returned", "--out", "lines.jsonl", "--json", folder=tmp_path).well().json
    assert facts["kept"] == done and facts["documents"] == 300
    whole = before[:before.rfind(b"\n") + 1]
    assert out.read_bytes().startswith(whole)
    assert out.read_text() == mailflow("read", "returned", "--json", folder=tmp_path).well().out


def test_two_runs_do_not_write_one_file(tmp_path: Path) -> None:
    from mailflow.cli.reading.kept import Kept

    fill(tmp_path / "returned", 1)
    with Kept(tmp_path / "lines.jsonl"):
        done = mailflow("read", "returned", "--out", "lines.jsonl", folder=tmp_path)
    assert done.code == 75 and "another mailflow is writing" in done.err


def test_one_poisoned_document_among_twenty_costs_itself(tmp_path: Path) -> None:
    """It needs more memory than a child may have; whatever becomes of its child, the twenty are read."""
    fill(tmp_path, 20)
    (tmp_path / "form 0010 poisoned.docx").write_bytes(package("<w:p/>" * 550_000, stored=True))
    pool = Pool((FORM,), size=2, memory_mb=220)
    found = list(in_order(Bench(pool, (FORM,)).read, find_documents(tmp_path).found, 2))
    pool.close()
    assert [x.name for x in found if x.status != "readable"] == ["form 0010 poisoned.docx"] and len(found) == 21
    facts = json.loads(next(x.text for x in found if x.person))
    assert facts["reason"] in ("too_large", "hostile", "damaged") and facts["words"]
    assert [json.loads(x.text)["answers"]["header.team"] for x in found if not x.person] == [f"Team {n}" for n in range(20)]


def test_hostile_documents_among_twenty_cost_themselves(tmp_path: Path) -> None:
    fill(tmp_path / "returned", 20)
    for name in ("billion-laughs", "controls-5000", "entity-external"):
        (tmp_path / "returned" / f"{name}.docx").write_bytes(SAMPLES[name].make())
    done = mailflow("read", "returned", "--json", folder=tmp_path)
    assert done.code == 1
    assert {f["file"]: f["reason"] for f in lines(done.out) if f["status"] != "readable"} == {
        "billion-laughs.docx": "hostile", "controls-5000.docx": "hostile", "entity-external.docx": "hostile"}
    assert sum(f["status"] == "readable" for f in lines(done.out)) == 20


def test_a_reader_of_our_lines_that_goes_away_ends_the_run_quietly(tmp_path: Path) -> None:
    fill(tmp_path / "returned", 40)
    reader = subprocess.Popen(command("read", "returned", "--json"), cwd=tmp_path, env=environment(), stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE)
    assert reader.stdout is not None and reader.stderr is not None
    assert json.loads(reader.stdout.readline())["file"] == "form 0000.docx"
    reader.stdout.close()
    said = reader.stderr.read()
    assert reader.wait(60) in (0, 1) and said == b""


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals on Windows")
def test_the_bar_draws_on_the_screen_and_never_into_the_lines() -> None:
    """Standard error is a terminal, standard output a pipe: what is printed meanwhile comes out of the pipe, whole."""
    code = """
import sys
from mailflow.cli.words import progress
with progress("reading", after=0.0) as step:
    step(1, 2)
    print("a line", flush=True)
    sys.stdin.readline()
print("the end", flush=True)
"""
    ours, theirs = pty.openpty()
    child = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, env=environment({"TERM": "xterm"}), stdin=subprocess.PIPE,
                             stdout=subprocess.PIPE, stderr=theirs)
    os.close(theirs)
    screen = b""
    while b"1/2" not in screen:
        screen += os.read(ours, 4096)
    out, _ = child.communicate(b"\n", timeout=60)
    os.close(ours)
    assert out == b"a line\nthe end\n" and b"a line" not in screen and b"reading" in screen
