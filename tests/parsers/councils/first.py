"""Invented councils' forms that never heard of mailflow: each a blank and the same document filled in.

Each ``Council`` draws its form with python-docx through a :class:`Pen`, which writes the answer where the blank has room for
one, and remembers under which label (and heading) it was written.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.table import _Cell


@dataclass
class Pen:
    """``filled`` decides whether answers are written; ``truth`` is (label, heading) → the answer."""

    filled: bool
    document: Any = field(default_factory=docx.Document)
    truth: dict[tuple[str, str], str] = field(default_factory=dict)

    def say(self, label: str, answer: str, heading: str = "") -> str:
        """The answer, remembered; "" in the blank."""
        self.truth[label, heading] = answer
        return answer if self.filled else ""

    def bytes(self) -> bytes:
        out = BytesIO()
        self.document.save(out)
        return out.getvalue()

    def table(self, rows: list[list[str]], style: str = "Table Grid") -> Any:
        made = self.document.add_table(rows=0, cols=max(len(r) for r in rows), style=style)
        for row in rows:
            cells = made.add_row().cells
            for cell, text in zip(cells, row, strict=False):
                cell.text = text
        return made


def control(cell: _Cell, text: str, prompt: str, kind: str = "") -> None:
    """A content control in the cell's paragraph, as Word writes one."""
    shown, holder = (text, "") if text else (prompt, "<w:showingPlcHdr/>")
    run = f'<w:r><w:t xml:space="preserve">{_escape(shown)}</w:t></w:r>' if shown else ""
    cell.paragraphs[0]._p.append(parse_xml(
        f'<w:sdt {nsdecls("w")}><w:sdtPr>{kind}{holder}</w:sdtPr><w:sdtContent>{run}</w:sdtContent></w:sdt>'))


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def drop_down(*items: str) -> str:
    return "<w:dropDownList>" + "".join(f'<w:listItem w:displayText="{i}" w:value="{i}"/>' for i in items) + "</w:dropDownList>"


# ---- the councils

def draw_pairs_and_matrix(pen: Pen) -> None:
    """Labels beside boxes, then a table of questions with a grade and comments, then actions without numbers."""
    d = pen.document
    d.add_heading("Northmoor quality assurance audit", 0)
    d.add_paragraph("Please complete every part of this form with the allocated worker.")
    say = pen.say
    pen.table([["Child's ID", say("Child's ID", "NM-4471"), "Date of birth", say("Date of birth", "03/05/2012")],
               ["Allocated worker", say("Allocated worker", "Jo Bell"), "Team manager", say("Team manager", "Ann Shah")],
               ["Auditor", say("Auditor", "Pat Lyle"), "Date of audit", say("Date of audit", "12/06/2026")]])
    for title, asked in (("Assessment", ("Is the assessment timely?", "Does it draw on history?")),
                         ("Plan", ("Is the plan clear to the family?", "Is there a contingency plan?"))):
        d.add_heading(title, 2)
        rows = [["Question", "Comments", "Grade"]]
        rows += [[q, say(q, f"Seen in the {title.lower()} on file, part {n}.", "Comments"), say(q, ("Good", "Outstanding")[n], "Grade")]
                 for n, q in enumerate(asked)]
        pen.table(rows)
    d.add_heading("Actions", 2)
    rows = [["Action required", "Person responsible", "Target date"]]
    rows += [[say(f"Action required {n}", a), say(f"Person responsible {n}", w), say(f"Target date {n}", t)]
             for n, (a, w, t) in enumerate((("Update the chronology", "Jo Bell", "01/07/2026"),
                                            ("Hold a family meeting", "Ann Shah", "08/07/2026"), ("", "", "")))]
    pen.table(rows)
    d.add_paragraph()
    pen.table([["Summary of strengths"], [say("Summary of strengths", "Careful direct work.\nA clear plan.")],
               ["Areas for improvement"], [say("Areas for improvement", "Chronology is thin.")],
               ["Overall grade"], [say("Overall grade", "Good")]])


def draw_tick_columns(pen: Pen) -> None:
    """A cross under Yes, No or N/A, numbers in a column of their own, comments beside."""
    d = pen.document
    d.add_heading("Case file audit tool", 1)
    say = pen.say
    pen.table([["Case reference", say("Case reference", "E-20991")], ["Name of auditor", say("Name of auditor", "Sam Okoro")],
               ["Service area", say("Service area", "Children in care")]])
    d.add_paragraph()
    answers = {"Has the child been seen alone?": "Yes", "Are case notes up to date?": "No", "Is there a genogram?": "N/A",
               "Is supervision recorded?": "Yes"}
    rows = [["No", "Standard", "Yes", "No", "N/A", "Comments"]]
    for n, (q, chosen) in enumerate(answers.items(), 1):
        pen.truth[q, ""] = chosen
        marks = ["X" if pen.filled and chosen == h else "" for h in ("Yes", "No", "N/A")]
        rows.append([f"1.{n}", q, *marks, say(q, f"Remark on standard {n}", "Comments") if n != 3 else ""])
    pen.table(rows)
    d.add_paragraph()
    pen.table([["Auditor's overall judgement (Inadequate / Requires improvement / Good / Outstanding)",
                say("Auditor's overall judgement (Inadequate / Requires improvement / Good / Outstanding)", "Requires improvement")]])


def draw_one_big_table(pen: Pen) -> None:
    """The whole form in one table, section titles in rows that span it, scores on a drop-down."""
    say = pen.say
    t = pen.document.add_table(rows=0, cols=4, style="Table Grid")

    def span(text: str) -> None:
        cells = t.add_row().cells
        cells[0].merge(cells[3]).text = text

    def add(*texts: str) -> list[_Cell]:
        cells = list(t.add_row().cells)
        for cell, text in zip(cells, texts, strict=False):
            cell.text = text
        return cells

    span("Practice learning audit")
    add("Case ID", say("Case ID", "77120"), "Worker", say("Worker", "Lee Marsh"))
    add("Auditor", say("Auditor", "Kit Rowe"), "Audit date", say("Audit date", "03.06.2026"))
    for title, asked in (("Section 1: The child", ("How well do we know the child?", "What is the child's lived experience?")),
                         ("Section 2: Management", ("Is oversight reflective?", "Is drift noticed and acted on?"))):
        span(title)
        for n, q in enumerate(asked):
            cells = add(q)
            box = cells[1].merge(cells[3])
            control(box, say(q, f"We saw {title[:9]} evidence number {n}, with dates."), "Click or tap here to enter text.")
        cells = add("Score (1-10)")
        score = cells[1].merge(cells[3])
        label = "Score (1-10)"
        pen.truth[label, title] = "7" if "1" in title else "4"
        control(score, pen.truth[label, title] if pen.filled else "", "Choose an item.", drop_down(*map(str, range(1, 11))))
    span("Agreed actions")
    add("What", "Who", "By when", "Done?")
    for n, row in enumerate((("Ring the school", "Lee Marsh", "10/06/2026", "No"), ("Write up the visit", "Lee Marsh", "11/06/2026", ""),
                             ("", "", "", ""))):
        add(*[say(f"{h} {n}", v) for h, v in zip(("What", "Who", "By when", "Done?"), row, strict=True)])


def draw_lines(pen: Pen) -> None:
    """No tables for the short answers: dotted lines behind labels, and boxes under headings."""
    d = pen.document
    say = pen.say
    d.add_heading("Themed audit: permanence", 1)
    for label, answer in (("Child's initials", "K.L."), ("Case number", "991-22"), ("Audit completed by", "Robin Frost")):
        d.add_paragraph(f"{label}: {say(label, answer) or '______________'}")
    for label, answer in (("What is working well?", "The carers and the worker know each other.\nContact is steady."),
                          ("What are we worried about?", "No permanence plan at the second review."),
                          ("What needs to happen?", "A permanence planning meeting within a month.")):
        d.add_heading(label, 2)
        pen.table([[say(label, answer)]])
        d.add_paragraph()
    d.add_paragraph(f"Overall grade: {say('Overall grade', 'Inadequate') or '______________'}")


def draw_boxes_inside(pen: Pen) -> None:
    """Tick boxes in the answer's cell, and labels with room beneath them in the same cell."""
    d = pen.document
    say = pen.say
    d.add_heading("Supervision audit", 1)
    rows = [["Worker's name", say("Worker's name", "Ali Dean")], ["Manager's name", say("Manager's name", "Bo Hart")]]
    for q, chosen in (("Is supervision monthly?", "Yes"), ("Is it reflective?", "No"), ("Are actions followed up?", "Partly")):
        pen.truth[q, ""] = chosen
        rows.append([q, "  ".join(("☒ " if pen.filled and c == chosen else "☐ ") + c for c in ("Yes", "Partly", "No"))])
    pen.table(rows)
    d.add_paragraph()
    t = pen.table([["Evidence seen:"], ["Comments:"]])
    for r, (label, answer) in enumerate((("Evidence seen:", "Six records, all signed."), ("Comments:", "One gap in April."))):
        t.rows[r].cells[0].add_paragraph(say(label, answer))


COUNCILS: dict[str, Callable[[Pen], None]] = {
    "pairs and matrix": draw_pairs_and_matrix, "tick columns": draw_tick_columns, "one big table": draw_one_big_table,
    "lines": draw_lines, "boxes inside": draw_boxes_inside,
}


def make(name: str, *, filled: bool) -> Pen:
    """The named council's form, drawn."""
    pen = Pen(filled)
    COUNCILS[name](pen)
    return pen
