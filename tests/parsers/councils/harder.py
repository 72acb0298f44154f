"""Councils that make it hard: the same words again and again, parts of one question, rows of headings, long labels."""

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from tests.parsers.councils.pen import CELL, PICKER, TEXT, Pen, Way, fill

GRADES = ("Outstanding", "Good", "Requires improvement", "Inadequate")


def draw_same_comments(pen: Pen) -> None:
    """Every section ends with the same two labels, in one big table without any other break."""
    pen.document.add_heading("Core group audit", 1)
    t = pen.table(2)
    for label, answer in (("Reference", "CG 5"), ("Chair", "Lil Moss"), ("Date of core group", "10/06/2026")):
        fill(pen.add(t, label)[1], pen.say(label, answer))
    for title, asked in (("Attendance", ("Were parents there?", "Was the school there?")), ("Plan", ("Was the plan updated?", "Are tasks clear?")),
                         ("Child", ("Was the child's view shared?",))):
        with pen.part(table=t):
            pen.span(t, title)
            for label in asked:
                fill(pen.add(t, pen.label(label))[1], pen.say(label, f"What was minuted on {label.lower()}"))
            for label, answer in (("Comments", f"A longer remark about {title.lower()} as a whole."), ("Grade", GRADES[len(asked)])):
                fill(pen.add(t, label)[1], pen.say(label, answer, kind="notes" if label == "Comments" else "grade"))


def draw_stems(pen: Pen) -> None:
    """A question with parts (a), (b), (c) below it, each with its own box."""
    pen.document.add_heading("Pathway plan audit", 1)
    pen.pairs([("Young person", "R.S."), ("Personal adviser", "Toby Ash")])
    with pen.part("Needs"):
        t = pen.table(3)
        pen.add(t, "Question", "Evidence", "Rating 1-5")
        for stem, asked in (("1. How well does the plan cover:", ("(a) health", "(b) education", "(c) money")), ("2. How well were views sought from:", ("(a) the young person", "(b) carers"))):
            pen.span(t, stem)
            for label in asked:
                cells = pen.add(t, label)
                fill(cells[1], pen.say(label, f"It says this of {label[4:]} in the plan.", "Evidence", "notes"))
                fill(cells[2], pen.say(label, "3", "Rating 1-5", "score"))
    with pen.part("Close"):
        pen.pairs([("Final thoughts", "A plan that the young person owns.")])


def draw_long_labels(pen: Pen) -> None:
    """Labels of a whole paragraph, longer than any title, with boxes beside and below."""
    pen.document.add_heading("Court work audit", 1)
    pen.pairs([("Case name", "Re: D"), ("Audited by", "Hal Frome")])
    long = ("To what extent does the statement set out a balanced account of the family's strengths and difficulties, drawing on the chronology, "
            "the assessments of partners and the direct work with each of the children, and does it explain to the court in plain words why the "
            "plan proposed is the least intrusive one that would keep the children safe, having weighed every realistic option in full and with "
            "equal care for each of the children who are the subject of the proceedings?")
    other = "Please say how the social worker has kept the timetable of the court, and what was done where a date was at risk of being missed."
    with pen.part("The statement"):
        t = pen.table(2)
        for label in (long, other):
            fill(pen.add(t, label)[1], pen.say(label, "It does so in all but one of the sections.", kind="notes"))
    with pen.part("The plan"):
        t = pen.table(1)
        for label in ("Is the care plan realistic?", "Set out below what you would change about the plan and why you would change it."):
            pen.add(t, pen.label(label))
            pen.add(t, pen.say(label, "Nothing of weight, though contact is vague.", kind="notes"))


def draw_inline(pen: Pen) -> None:
    """Labels with their answers in the same cell or paragraph, two and three in a line."""
    d = pen.document
    d.add_heading("Visit observation", 1)
    for pairs in ((("Worker observed", "Meg Tate"), ("Observer", "Ian Holt")), (("Date of visit", "04/06/2026"), ("Type of visit", "Statutory"))):
        d.add_paragraph("    ".join(f"{label}: {pen.say(label, answer) or '__________'}" for label, answer in pairs))
    with pen.part("What I saw"):
        pen.matrix(("Skill", "Seen (Yes/No)", "Example"), [("Listening", "Yes", "She waited for him to finish."), ("Challenge", "No", "It was left for another day.")],
                   kinds=("choice", "notes"))
    with pen.part("Feedback"):
        t = pen.table(2)
        cells = pen.add(t, "", "")
        for cell, label, answer in ((cells[0], "Strengths:", "Warm and clear with the child."), (cells[1], "To work on:", "Naming the worry sooner than that.")):
            fill(cell, label)
            for line in pen.say(label, answer).split("\n"):
                cell.add_paragraph(line)


def draw_grades_across(pen: Pen) -> None:
    """Grades as headings to tick, then numbers one to five as headings to circle."""
    pen.document.add_heading("Supervision file check", 1)
    pen.pairs([("Supervisor", "Ed Vale"), ("Supervisee", "Kim Loe")])
    with pen.part("Quality"):
        t = pen.table(6)
        pen.add(t, "Aspect", *GRADES, "Notes")
        for label, grade in (("Frequency of sessions", "Good"), ("Depth of reflection", "Inadequate"), ("Use of the child's record", "Outstanding")):
            said = pen.say(label, grade, " / ".join(GRADES), "grade")
            cells = pen.add(t, pen.label(label), *["X" if said == h else "" for h in GRADES])
            fill(cells[5], pen.say(label, f"A note on the {label.lower()} there.", "Notes", "notes"))
    with pen.part("Confidence"):
        t = pen.table(6)
        pen.add(t, "How confident are you that:", *map(str, range(1, 6)))
        for label, score in (("decisions are recorded", "4"), ("drift would be seen", "2")):
            said = pen.say(label, score, "1 / 2 / 3 / 4 / 5", "score")
            pen.add(t, pen.label(label), *["x" if said == str(h) else "" for h in range(1, 6)])


def draw_prefilled(pen: Pen) -> None:
    """Some cells come filled in (the directorate); instructions stand in a bordered box; every cell is a control."""
    d = pen.document
    d.add_heading("Children with disabilities audit", 0)
    pen.grid([["Instructions: read the whole record first. Then complete each part.\nSend the form to the quality team."]])
    pen.pairs([("Child's reference", "CWD-6"), ("Date audited", "11/06/2026")], [("Lead professional", "Zoe Penn"), ("Auditor", "Art Low")], box=TEXT,
              kinds={"Date audited": "date"})
    for title, asked in (("Short breaks", ("Are breaks matched to need?", "Is the child's view of them known?")), ("Transition", ("Did planning begin at fourteen?", "Are adult services at the table?"))):
        with pen.part(title):
            t = pen.table(3)
            pen.add(t, "Standard", "Met?", "Evidence")
            for n, label in enumerate(asked):
                cells = pen.add(t, pen.label(label))
                pen.write(cells[1], pen.say(label, ("Yes", "No")[n], "Met?", "choice"), ("Yes", "No", "N/A"))
                pen.write(cells[2], pen.say(label, f"Minutes of the {title.lower()} meeting say so.", "Evidence", "notes"), TEXT)
    with pen.part("Actions for improvement"):
        pen.actions(("Ref", "Action", "Lead", "Due date", "Status"), [("Ask for an advocate", "Zoe Penn", "18/06/2026", "Open")], numbered=True, box=TEXT)
    with pen.part("Signed"):
        t = pen.table(4)
        cells = pen.add(t, "Signed by auditor", "", "Date signed", "")
        pen.write(cells[1], pen.say("Signed by auditor", "Art Low"), CELL)
        pen.write(cells[3], pen.say("Date signed", "12/06/2026", kind="date"), PICKER)


def draw_repeated_questions(pen: Pen) -> None:
    """The same questions under each area merged down, so that only the order tells them apart."""
    pen.document.add_heading("Panel audit", 1)
    pen.pairs([("Panel date", "01/06/2026"), ("Panel chair", "Sid Kerr")])
    pen.document.add_paragraph()
    t = pen.table(4)
    pen.add(t, "Domain", "Measure", "Finding", "Score (0-3)")
    for n, area in enumerate(("Timeliness", "Quality", "Impact")):
        rows = []
        for label in ("Assessment", "Plan", "Review"):
            cells = pen.add(t, "", label)
            fill(cells[2], pen.say(label, f"Finding on {area.lower()} of the {label.lower()}.", "Finding", "notes"))
            fill(cells[3], pen.say(label, str(n), "Score (0-3)", "score"))
            rows.append(cells)
        fill(rows[0][0], area)
        rows[0][0].merge(rows[-1][0])


def draw_only_matrix(pen: Pen) -> None:
    """Nothing but one table with a row of headings and a total below."""
    t = pen.table(4)
    pen.add(t, "Indicator", "Weight", "Score (1-5)", "Reason for score")
    for n, label in enumerate(("Voice", "Risk", "Plan", "Oversight")):
        cells = pen.add(t, label, str(n + 1))
        fill(cells[2], pen.say(label, str(n + 1), "Score (1-5)", "score"))
        fill(cells[3], pen.say(label, f"Because {label.lower()} is on most pages.", "Reason for score", "notes"))
    cells = pen.add(t, "Total score", "")
    fill(cells[2], pen.say("Total score", "10", "Score (1-5)"))
    cells[3].text = ""
    pen.truth.append(("Total score", "Reason for score", "", ""))


def draw_content_block(pen: Pen) -> None:
    """Boxes under headings are controls of their own between paragraphs, with guidance above each."""
    d = pen.document
    d.add_heading("Learning review", 0)
    d.add_paragraph("This form is for learning and not for blame.")
    pen.pairs([("Review number", "LR 9"), ("Reviewer", "Fay Dunn")], box=TEXT)
    for title, guide in (("Circumstances", "In a few lines, who is the family?"), ("Analysis", "Why did it make sense at the time?"), ("Learning", "What will be done differently?")):
        with pen.part(title):
            d.add_paragraph(guide)
            said = pen.say(guide, "The family came to us in the spring.", kind="notes")
            if pen.way is Way.TYPED:
                for line in said.split("\n"):
                    d.add_paragraph(line)
                continue
            shown = [f'<w:p><w:r><w:t xml:space="preserve">{line}</w:t></w:r></w:p>' for line in (said or "Click or tap here to enter text.").split("\n")]
            d.element.body.insert(len(d.element.body) - 1, parse_xml(
                f'<w:sdt {nsdecls("w")}><w:sdtPr>{"" if said else "<w:showingPlcHdr/>"}</w:sdtPr><w:sdtContent>{"".join(shown)}</w:sdtContent></w:sdt>'))
