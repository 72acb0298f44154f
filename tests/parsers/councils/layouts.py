"""Councils whose forms are laid out oddly: rows under rows, nested tables, spacers, one big table, parts told twice."""

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from tests.parsers.councils.pen import CELL, TEXT, Pen, fill

GRADES = ("Outstanding", "Good", "Requires improvement", "Inadequate")


def draw_under(pen: Pen) -> None:
    """One table in which a question spans the width and its box stands below, again and again."""
    pen.document.add_heading("Reflective audit", 1)
    t = pen.table(4)
    for pair in ((("Child", "J.T."), ("Auditor", "Una Reid")), (("Worker", "Sol Dean"), ("Date completed", "09/06/2026"))):
        cells = pen.add(t)
        for n, (label, answer) in enumerate(pair):
            fill(cells[2 * n], label)
            fill(cells[2 * n + 1], pen.say(label, answer))
    for title, asked in (("1. The child's world", ("What is life like for this child?", "Who matters most to them?")),
                         ("2. Our help", ("What have we changed for the child?", "How do we know that it worked?")),
                         ("3. Management", ("How does oversight keep the plan moving?",))):
        with pen.part(table=t):
            pen.span(t, title)
            for label in asked:
                pen.span(t, pen.label(label))
                pen.span(t, pen.say(label, f"About what was asked, {label.lower()} We saw it.", kind="notes"))
    pen.span(t, "Overall grade (Outstanding, Good, Requires improvement, Inadequate)")
    pen.span(t, pen.say("Overall grade (Outstanding, Good, Requires improvement, Inadequate)", "Good", kind="grade"))


def draw_three_columns(pen: Pen) -> None:
    """Signs of Safety: three headings side by side over three tall boxes, twice, and a scale."""
    pen.document.add_heading("Mapping audit", 1)
    pen.pairs([("Family", "Lowe"), ("Facilitator", "Ri Court"), ("Date of mapping", "07/06/2026")])
    heads = ("What are we worried about?", "What's working well?", "What needs to happen?")
    for title in ("The family", "The professional network"):
        with pen.part(title):
            t = pen.table(3)
            pen.add(t, *heads)
            pen.add(t, *[pen.say(h, f"In {title.lower()} the answer to this was clear.", kind="notes") for h in heads])
    with pen.part("Scaling"):
        label = "On a scale of 0 to 10, how safe is the child?"
        pen.pairs([(label, "6")], kinds={label: "score"})


def draw_children(pen: Pen) -> None:
    """The same table for Child 1 and Child 2, each under its own heading."""
    pen.document.add_heading("Sibling group audit", 1)
    pen.pairs([("Family reference", "SG-12"), ("Completed by", "Ivy Nash")])
    for n in (1, 2, 3):
        with pen.part(f"Child {n}"):
            pen.pairs([("Age", str(4 + n)), ("Placement", ("Kinship", "Foster care", "At home")[n - 1])])
            pen.document.add_paragraph()
            pen.matrix(("Question", "Comments", "Grade"), [("Is the child's voice heard?", f"Child {n} was spoken to alone.", GRADES[n]),
                                                           ("Is contact well planned?", f"Contact for {n} is every week.", GRADES[n - 1])],
                       kinds=("notes", "grade"))


def draw_smart(pen: Pen) -> None:
    """Action tables of three, five and eight columns, with and without numbers."""
    pen.document.add_heading("Audit action plan", 1)
    pen.pairs([("Case", "C-777"), ("Lead auditor", "Obi Trent")])
    with pen.part("Immediate actions"):
        pen.actions(("No.", "Action", "Owner", "Deadline"), [("See the child today", "Obi Trent", "10/06/2026")], numbered=True)
    with pen.part("Learning for the service"):
        pen.actions(("Learning point", "Who needs to know", "How it will be shared"), [("Recording of consent", "All teams", "Briefing")])
    with pen.part("SMART plan"):
        pen.actions(("Specific", "Measurable", "Achievable", "Relevant", "Time-bound", "Lead", "Progress", "RAG"),
                    [("Weekly visits", "Four in a month", "Yes, with cover", "The plan says so", "30/06/2026", "Kai Moss", "Begun", "Amber")], blank=3)


def draw_signatures(pen: Pen) -> None:
    """A block of names, signatures and dates, and a part for office use only."""
    pen.document.add_heading("Closing audit", 1)
    pen.pairs([("Case reference number", "CL-40")], [("Reason for closure", "The family moved to another area.")])
    with pen.part("Findings"):
        pen.pairs([("Was closure agreed with partners?", "At the last core group.")], [("Was the family told in writing?", "By letter of the second.")])
    with pen.part("Sign off"):
        t = pen.table(4)
        pen.add(t, "", "Name", "Signature", "Date")
        for n, who in enumerate(("Auditor", "Team manager", "Service manager")):
            pen.add(t, who, *[pen.say(who, v, h) for h, v in (("Name", f"Person {n}"), ("Signature", f"P.{n}"), ("Date", f"0{n + 1}/06/2026"))])
    with pen.part("Office use only"):
        pen.pairs([("Received on", "05/06/2026"), ("Logged by", "Admin 4")])


def draw_nested(pen: Pen) -> None:
    """A layout table that holds the tables people fill."""
    pen.document.add_heading("Review of a plan", 1)
    outer = pen.table(2)
    cells = pen.add(outer, "", "")
    for cell, title, asked in ((cells[0], "About the case", (("Case no", "N-5"), ("Team name", "East"))),
                               (cells[1], "About the audit", (("Audited by", "Jan Low"), ("Audit date", "03/06/2026")))):
        fill(cell, title)
        inner = cell.add_table(rows=0, cols=2)
        for label, answer in asked:
            pen.add(inner, label, pen.say(label, answer))
        cell.add_paragraph()
    pen.document.add_paragraph()
    with pen.part("Judgement"):
        pen.matrix(("Theme", "Narrative", "Rating"), [("Purpose of the plan", "It says what the plan is for.", "Good"),
                                                       ("Reach of the plan", "It covers the whole of the family.", "Inadequate")], kinds=("notes", "grade"))


def draw_spaced(pen: Pen) -> None:
    """Empty columns and rows as spacers, six columns of header, asterisks and notes behind labels."""
    pen.document.add_heading("Early help audit", 1)
    pen.pairs([("Family ID *", "EH-9"), ("Hub*", "West"), ("Lead worker ¹", "Ro Kemp")], [("Start date *", "01/02/2026"), ("End date", "01/06/2026"), ("Auditor *", "Lu Hart")])
    pen.document.add_paragraph("* must be completed   ¹ the person named on the plan")
    with pen.part("Findings"):
        t = pen.table(4)
        pen.add(t, "Question", "Response", "Comments", "")
        for n, label in enumerate(("Was consent obtained from the family?", "Was a whole family approach taken?", "Did the plan change anything?")):
            cells = pen.add(t, pen.label(label))
            fill(cells[1], pen.say(label, ("Yes", "No", "Partly")[n], "Response"))
            fill(cells[2], pen.say(label, f"Comment number {n} on this matter.", "Comments", "notes"))
    pen.document.add_paragraph()
    pen.document.add_paragraph()
    with pen.part():
        pen.pairs([("Any other comments", "Nothing more to be said here.")])


def draw_landscape(pen: Pen) -> None:
    """One wide table for the whole form with shaded full-width rows, cells wrapped in controls, a table of actions inside it."""
    t = pen.table(6)
    pen.span(t, "CASE FILE AUDIT")
    cells = pen.add(t, "Name", "", "DOB", "", "Case holder", "")
    for n, (label, answer) in enumerate((("Name", "P.Q."), ("DOB", "01/01/2015"), ("Case holder", "Em Ward"))):
        pen.write(cells[2 * n + 1], pen.say(label, answer), CELL)
    for title, asked in (("REFERRAL", ("Threshold applied rightly?", "Decision made within a day?")), ("ASSESSMENT", ("History taken into account?", "Risk analysed well?")),
                         ("PLAN", ("Outcomes clear?", "Reviewed on time?"))):
        with pen.part(table=t):
            pen.span(t, title)
            cells = pen.add(t, "Question", "Y/N", "Evidence", "", "", "Grade")
            cells[2].merge(cells[4])
            for n, label in enumerate(asked):
                cells = pen.add(t, pen.label(label))
                wide = cells[2].merge(cells[4])
                pen.write(cells[1], pen.say(label, ("Y", "N")[n], "Y/N", "choice"), TEXT)
                pen.write(wide, pen.say(label, f"On file under {title.lower()} in {n + 1} places.", "Evidence", "notes"), TEXT)
                pen.write(cells[5], pen.say(label, GRADES[n], "Grade", "grade"), GRADES)


def draw_titled_box(pen: Pen) -> None:
    """Its title is in a text box, captions stand over tables as plain paragraphs, an instruction in the middle."""
    pen.document.add_paragraph()._p.append(parse_xml(
        f'<w:r {nsdecls("w")} xmlns:v="urn:schemas-microsoft-com:vml"><w:pict><v:shape><v:textbox><w:txbxContent><w:p><w:r>'
        "<w:t>Missing children audit</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict></w:r>"))
    pen.pairs([("Child ref", "M-1"), ("Police ref", "PX 88")])
    with pen.part():
        pen.document.add_paragraph("Table 1: Return home interview")
        pen.pairs([("Was it offered within 72 hours?", "On the day of return.")], [("Who carried it out?", "An independent person did it.")])
    with pen.part():
        pen.document.add_paragraph("Table 2: Strategy and risk")
        pen.document.add_paragraph("Please answer from the record and not from memory.")
        pen.pairs([("Was there a strategy meeting?", "Two days after the episode.")], [("Has the risk been reassessed?", "Not since the last episode.")])
