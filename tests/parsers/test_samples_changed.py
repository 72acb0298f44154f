"""A council's own form, filled, and then changed a little in memory: every answer is still its question's."""

import copy
import io
import re
import zipfile
from collections.abc import Callable

import pytest
from lxml import etree

from mailflow.model import Reading
from parsers.read import read_document
from tests.parsers.drawing.fills import FORMS
from tests.parsers.pages import W, zip_up
from tests.parsers.test_samples import sample, squeeze

_Q = "{" + W + "}"
_NUMBER = re.compile(r"^(\s*)Q(\d+)\.")
Change = Callable[[etree._Element], None]
NAMES = ("a1_word_filled", "b1_typed_no_controls")


def changed(name: str, change: Change) -> Reading:
    with zipfile.ZipFile(io.BytesIO(sample(f"{name}.docx").read_bytes())) as z:
        parts: dict[str, str | bytes] = {i.filename: z.read(i) for i in z.infolist()}
    root = etree.fromstring(parts["word/document.xml"])
    before = etree.tostring(root)
    change(root)
    assert change is as_it_is or etree.tostring(root) != before
    parts["word/document.xml"] = etree.tostring(root, encoding="UTF-8", standalone=True, xml_declaration=True)
    return read_document(zip_up(parts), "form.docx", (FORMS["wokingham-3.2"],))


def as_it_is(root: etree._Element) -> None:
    """The form as it came."""


def answers(reading: Reading) -> dict[str, str]:
    found = {k: squeeze(a.text) for k, a in reading.answers.items()}
    return found | {a.field: squeeze(a.text) for rows in reading.rows.values() for r in rows for a in r.values()}


def is_question(row: etree._Element) -> bool:
    return bool(_NUMBER.match("".join(row.itertext(f"{_Q}t")))) and row.find(f".//{_Q}vMerge") is None


def turns_rows_round(root: etree._Element) -> None:
    """Each two neighbouring questions of a table change places."""
    for table in root.iter(f"{_Q}tbl"):
        rows = table.findall(f"{_Q}tr")
        for above, below in zip(rows[::2], rows[1::2], strict=False):
            if is_question(above) and is_question(below) and above.getnext() is below:
                below.addnext(above)


def first_texts(root: etree._Element) -> list[etree._Element]:
    """The first text of each row."""
    found = (next(row.iter(f"{_Q}t"), None) for row in root.iter(f"{_Q}tr"))
    return [t for t in found if t is not None and t.text]


def numbers_otherwise(pattern: str) -> Change:
    def change(root: etree._Element) -> None:
        for t in first_texts(root):
            t.text = _NUMBER.sub(pattern, t.text or "")
    return change


def mistypes_questions(root: etree._Element) -> None:
    """Two letters of a long word change places in every question, and its question mark goes."""
    for row in filter(is_question, root.iter(f"{_Q}tr")):
        cell = next(row.iter(f"{_Q}tc"))
        for t in cell.iter(f"{_Q}t"):
            long = max((t.text or "").split() or [""], key=len)
            if len(long) > 6 and long.isalpha():
                t.text = (t.text or "").replace(long, long[:3] + long[4] + long[3] + long[5:], 1).rstrip("? ")
                break


def loses_controls(root: etree._Element) -> None:
    for control in list(root.iter(f"{_Q}sdt")):
        parent = control.getparent()
        at = parent.index(control)
        for child in [c for content in control.iterchildren(f"{_Q}sdtContent") for c in content]:
            parent.insert(at, child)
            at += 1
        parent.remove(control)


CHANGES: dict[str, Change] = {
    "rows turned round": turns_rows_round, "numbers 5)": numbers_otherwise(r"\1\2)"),
    "numbers Question 5:": numbers_otherwise(r"\1Question \2:"), "questions mistyped": mistypes_questions,
    "controls lost": loses_controls,
}


# The one that was typed without controls has none to lose.
@pytest.mark.parametrize(("name", "what"), [(n, w) for n in NAMES for w in CHANGES if (n, w) != (NAMES[1], "controls lost")])
def test_a_form_changed_a_little_has_the_same_answers(name: str, what: str) -> None:
    before, after = changed(name, as_it_is), changed(name, CHANGES[what])
    assert sum(bool(text) for text in answers(before).values()) > 100
    wanted, found = answers(before), answers(after)
    assert {k: (v, found.get(k)) for k, v in wanted.items() if v and found.get(k) != v} == {}
    assert {k: v for k, v in found.items() if v and not wanted.get(k)} == {}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("number", range(1, 12))
def test_a_table_taken_out_takes_its_own_answers_and_no_others(name: str, number: int) -> None:
    before = changed(name, as_it_is)
    gone = {k for k, a in before.answers.items() if a.place.startswith(f"table {number},")}
    gone |= {a.field for rows in before.rows.values() for r in rows for a in r.values() if a.place.startswith(f"table {number},")}

    def take_out(root: etree._Element) -> None:
        table = list(root.iter(f"{_Q}tbl"))[number - 1]
        table.getparent().remove(table)

    found = answers(changed(name, take_out))
    wanted = {k: v for k, v in answers(before).items() if v and k not in gone}
    assert {k: (v, found.get(k)) for k, v in wanted.items() if found.get(k) != v} == {}
    assert {k: v for k, v in found.items() if v and k in gone} == {}


@pytest.mark.parametrize("name", NAMES)
def test_a_row_more_in_the_actions_is_one_action_more(name: str) -> None:
    before = changed(name, as_it_is)

    def add_row(root: etree._Element) -> None:
        place = next(a.place for a in before.rows["actions"][-1].values())
        table, row = (int(n) for n in re.findall(r"\d+", place)[:2])
        rows = list(list(root.iter(f"{_Q}tbl"))[table - 1].iter(f"{_Q}tr"))
        more = copy.deepcopy(rows[row - 1])
        for n, cell in enumerate(more.iter(f"{_Q}tc")):
            for k, t in enumerate(cell.iter(f"{_Q}t")):
                t.text = f"added {n}" if not k else ""
        rows[row - 1].addnext(more)

    after = changed(name, add_row)
    assert len(after.rows["actions"]) == len(before.rows["actions"]) + 1
    assert any(a.text.startswith("added") for r in after.rows["actions"] for a in r.values())
    assert {k: v for k, v in answers(before).items() if v and answers(after).get(k) != v} == {}
