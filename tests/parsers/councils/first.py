"""The first few councils: the commonest shapes of form."""

from tests.parsers.councils.pen import TEXT, Pen, fill


def draw_pairs_and_matrix(pen: Pen) -> None:
    """Labels beside boxes, then a table of questions with a grade and comments, then actions without numbers."""
    pen.document.add_heading("Northmoor quality assurance audit", 0)
    pen.document.add_paragraph("Please complete every part of this form with the allocated worker.")
    pen.pairs([("Child's ID", "NM-4471"), ("Date of birth", "03/05/2012")], [("Allocated worker", "Jo Bell"), ("Team manager", "Ann Shah")],
              [("Auditor", "Pat Lyle"), ("Date of audit", "12/06/2026")], kinds={"Date of birth": "date", "Date of audit": "date", "Auditor": "text"})
    for title, asked in (("Assessment", ("Is the assessment timely?", "Does it draw on history?")),
                         ("Plan", ("Is the plan clear to the family?", "Is there a contingency plan?"))):
        with pen.part(title):
            pen.matrix(("Question", "Comments", "Grade"), [(q, f"Seen in the {title.lower()} on file, part {n}.", ("Good", "Outstanding")[n])
                                                           for n, q in enumerate(asked)], kinds=("notes", "grade"))
    with pen.part("Actions"):
        pen.actions(("Action required", "Person responsible", "Target date"),
                    [("Update the chronology", "Jo Bell", "01/07/2026"), ("Hold a family meeting", "Ann Shah", "08/07/2026")], blank=1)
    pen.document.add_paragraph()
    with pen.part():
        t = pen.table(1)
        for label, answer, kind in (("Summary of strengths", "Careful direct work.\nA clear plan.", "notes"), ("Areas for improvement", "Chronology is thin.", "notes"),
                                    ("Overall grade", "Good", "grade")):
            pen.add(t, label)
            pen.add(t, pen.say(label, answer, kind=kind))


def draw_tick_columns(pen: Pen) -> None:
    """A cross under Yes, No or N/A, numbers in a column of their own, comments beside."""
    pen.document.add_heading("Case file audit tool", 1)
    pen.pairs([("Case reference", "E-20991")], [("Name of auditor", "Sam Okoro")], [("Service area", "Children in care")])
    pen.document.add_paragraph()
    answers = {"Has the child been seen alone?": "Yes", "Are case notes up to date?": "No", "Is there a genogram?": "N/A", "Is supervision recorded?": "Yes"}
    t = pen.table(6)
    pen.add(t, "No", "Standard", "Yes", "No", "N/A", "Comments")
    for n, (q, chosen) in enumerate(answers.items(), 1):
        said = pen.say(q, chosen, "Yes / No / N/A", "choice")
        cells = pen.add(t, f"1.{n}", pen.label(q), *["X" if said == h else "" for h in ("Yes", "No", "N/A")])
        fill(cells[5], pen.say(q, f"Remark on standard {n}" if n != 3 else "", "Comments", "notes"))
    pen.document.add_paragraph()
    label = "Auditor's overall judgement (Inadequate / Requires improvement / Good / Outstanding)"
    with pen.part():
        pen.pairs([(label, "Requires improvement")], kinds={label: "grade"})


def draw_one_big_table(pen: Pen) -> None:
    """The whole form in one table, section titles in rows that span it, scores on a drop-down."""
    t = pen.table(4)
    pen.span(t, "Practice learning audit")
    for pair in ((("Case ID", "77120"), ("Worker", "Lee Marsh")), (("Auditor", "Kit Rowe"), ("Audit date", "03.06.2026"))):
        cells = pen.add(t)
        for n, (label, answer) in enumerate(pair):
            fill(cells[2 * n], label)
            fill(cells[2 * n + 1], pen.say(label, answer))
    for title, asked in (("Section 1: The child", ("How well do we know the child?", "What is the child's lived experience?")),
                         ("Section 2: Management", ("Is oversight reflective?", "Is drift noticed and acted on?"))):
        with pen.part(table=t):
            pen.span(t, title)
            for n, q in enumerate(asked):
                cells = pen.add(t, pen.label(q))
                pen.write(cells[1].merge(cells[3]), pen.say(q, f"We saw {title[:9]} evidence number {n}, with dates.", kind="notes"), TEXT)
            cells = pen.add(t, "Score (1-10)")
            score = cells[1].merge(cells[3])
            pen.write(score, pen.say("Score (1-10)", "7" if "1" in title else "4", kind="score"), tuple(map(str, range(1, 11))))
    pen.span(t, "Agreed actions")
    pen.actions(("What", "Who", "By when", "Done?"), [("Ring the school", "Lee Marsh", "10/06/2026", "No"), ("Write up the visit", "Lee Marsh", "11/06/2026", "")],
                blank=1, table=t)


def draw_lines(pen: Pen) -> None:
    """No tables for the short answers: dotted lines behind labels, and boxes under headings."""
    d = pen.document
    d.add_heading("Themed audit: permanence", 1)
    for label, answer in (("Child's initials", "K.L."), ("Case number", "991-22"), ("Audit completed by", "Robin Frost")):
        d.add_paragraph(f"{label}: {pen.say(label, answer) or '______________'}")
    for label, answer in (("What is working well?", "The carers and the worker know each other.\nContact is steady."),
                          ("What are we worried about?", "No permanence plan at the second review."),
                          ("What needs to happen?", "A permanence planning meeting within a month.")):
        with pen.part(label):
            pen.grid([[pen.say(label, answer, kind="notes")]])
            d.add_paragraph()
    d.add_paragraph(f"Overall grade: {pen.say('Overall grade', 'Inadequate', kind='grade') or '______________'}")


def draw_boxes_inside(pen: Pen) -> None:
    """Tick boxes in the answer's cell, and labels with room beneath them in the same cell."""
    pen.document.add_heading("Supervision audit", 1)
    t = pen.pairs([("Worker's name", "Ali Dean")], [("Manager's name", "Bo Hart")])
    for q, chosen in (("Is supervision monthly?", "Yes"), ("Is it reflective?", "No"), ("Are actions followed up?", "Partly")):
        said = pen.say(q, chosen, kind="choice")
        fill(pen.add(t, pen.label(q))[1], "  ".join(("☒ " if c == said else "☐ ") + c for c in ("Yes", "Partly", "No")))
    pen.document.add_paragraph()
    t = pen.table(1)
    for label, answer in (("Evidence seen:", "Six records, all signed."), ("Comments:", "One gap in April.")):
        cell = pen.add(t, label)[0]
        for line in pen.say(label, answer, kind="notes").split("\n"):
            cell.add_paragraph(line)
