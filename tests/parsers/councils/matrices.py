"""Councils that ask in tables: questions down the side, answers under headings."""

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from tests.parsers.councils.pen import CELL, PICKER, TEXT, Pen, Way, fill

GRADES = ("Outstanding", "Good", "Requires improvement", "Inadequate")


def draw_domains(pen: Pen) -> None:
    """A table for each domain with the same four labels; the grades on a drop-down."""
    pen.document.add_heading("Quality of practice audit", 0)
    pen.pairs([("Child's initials", "T.R."), ("Record number", "88-1201")], [("Auditor", "Mo Hale"), ("Date of audit", "02/07/2026")],
              kinds={"Date of audit": "date", "Auditor": "text"})
    domains = (("Voice of the child", "Outstanding"), ("Assessment and analysis", "Good"), ("Planning", "Requires improvement"))
    for n, (title, grade) in enumerate(domains, 1):
        with pen.part(f"Domain {n}: {title}"):
            t = pen.table(2)
            for label, answer in (("Evidence", f"Seen in the visits of part {n} with care."), ("Strengths", f"Strong relationships in {n} here."),
                                  ("Areas for improvement", f"Timeliness was thin in {n} too.")):
                cells = pen.add(t, label)
                pen.write(cells[1], pen.say(label, answer, kind="notes"), TEXT)
            cells = pen.add(t, "Grade")
            pen.write(cells[1], pen.say("Grade", grade, kind="grade"), GRADES)
    with pen.part("Overall"):
        pen.pairs([("Overall grade", "Good")], [("Rationale for the overall grade", "Practice is steady and children are safe.")],
                  kinds={"Overall grade": "grade", "Rationale for the overall grade": "notes"})
    with pen.part("Actions arising"):
        pen.actions(("Action", "By whom", "By when"), [("Write up the visit of 3 June", "Jo Bell", "10/07/2026"), ("Ring the school", "Team Manager", "11/07/2026")])


def draw_rag(pen: Pen) -> None:
    """A cross under Red, Amber or Green with comments beside, in two parts with the same headings."""
    pen.document.add_heading("Dip sample: care planning", 1)
    pen.pairs([("Case reference", "D-3310"), ("Worker", "Al Finch")], [("Team", "South 2"), ("Date", "11/05/2026")], kinds={"Date": "date"})
    parts = (("Care plan", (("The plan reflects the assessment", "Green"), ("The plan is shared with the family", "Red"))),
             ("Reviews", (("Reviews are held on time", "Amber"), ("Decisions are carried out", "Green"), ("The chair challenges drift", "Amber"))))
    for title, asked in parts:
        with pen.part(title):
            t = pen.table(5)
            pen.add(t, "Indicator", "Red", "Amber", "Green", "Comments")
            for label, colour in pen.ordered(asked):
                said = pen.say(label, colour, "Red / Amber / Green", "choice")
                cells = pen.add(t, pen.label(label), *["X" if said == h else "" for h in ("Red", "Amber", "Green")])
                fill(cells[4], pen.say(label, f"A remark about how {label.lower()} here.", "Comments", "notes"))
    pen.document.add_paragraph()
    with pen.part():
        pen.pairs([("General comments", "A well run case on the whole.")], kinds={"General comments": "notes"})


def draw_listed(pen: Pen) -> None:
    """Four columns to tick; Word numbers the questions itself, so no number is in the text. A row of headings stands again."""
    pen.document.add_heading("Compliance checklist", 1)
    pen.pairs([("Name of auditor", "Vi Combe")], [("Case ID number", "55120")])
    pen.document.add_paragraph("Please tick one box in each row.")
    t = pen.table(6)
    heads = ("Yes", "No", "Partially", "N/A")
    for part, asked in (("Recording", (("Is the chronology current?", "Yes"), ("Are visits recorded within five days?", "Partially"))),
                        ("Supervision", (("Is supervision monthly?", "No"), ("Are actions from supervision completed?", "N/A")))):
        with pen.part(table=t):
            pen.add(t, part, *heads, "Comments")
            for label, chosen in pen.ordered(asked):
                said = pen.say(label, chosen, "Yes / No / Partially / N/A", "choice")
                cells = pen.add(t, "", *["✓" if said == h else "" for h in heads])
                fill(cells[0], pen.label(label))
                cells[0].paragraphs[0].style = "List Number"
                fill(cells[5], pen.say(label, f"What was seen when asking {label.lower()}", "Comments", "notes"))


def draw_merged_areas(pen: Pen) -> None:
    """One area's name merged down over several questions: Area | Question | Evidence | Grade."""
    pen.document.add_heading("Themed audit of neglect", 1)
    pen.pairs([("Social worker", "Di Parr"), ("Auditor", "Wes Lund")], [("Team", "North"), ("Audit date", "01/06/2026")])
    pen.document.add_paragraph()
    t = pen.table(4)
    pen.add(t, "Area", "Question", "Evidence", "Grade")
    for area, asked in (("Recognition", (("Is neglect named early on file?", "Good"), ("Are tools used to measure it?", "Inadequate"))),
                        ("Response", (("Is help proportionate to need?", "Good"), ("Do plans say what must change?", "Outstanding"),
                                      ("Is drift picked up by managers?", "Requires improvement")))):
        rows = []
        for label, grade in asked:
            cells = pen.add(t, "", pen.label(label))
            fill(cells[2], pen.say(label, f"Evidence was found that {label.lower()}", "Evidence", "notes"))
            fill(cells[3], pen.say(label, grade, "Grade", "grade"))
            rows.append(cells)
        fill(rows[0][0], area)
        rows[0][0].merge(rows[-1][0])
    pen.document.add_paragraph()
    pen.actions(("Recommendation", "Responsible person", "Timescale"), [("Use the tool at each review", "Di Parr", "Within 4 weeks")])


def draw_two_heads(pen: Pen) -> None:
    """Headings in two rows: "Auditor" over Score and Evidence, "Moderator" over the same."""
    pen.document.add_heading("Moderated audit", 1)
    pen.pairs([("Case number", "71-009"), ("Auditor name", "Flo Grant")], [("Moderator name", "Cy Park"), ("Month of audit", "June 2026")])
    pen.document.add_paragraph()
    t = pen.table(5)
    top = pen.add(t, "Question", "", "", "", "")
    fill(top[1].merge(top[2]), "Auditor")
    fill(top[3].merge(top[4]), "Moderator")
    pen.add(t, "", "Score (1-4)", "Evidence", "Score (1-4)", "Evidence")
    for n, label in enumerate(("How well is the child known?", "How strong is the analysis?", "Is the plan making a difference?"), 1):
        cells = pen.add(t, pen.label(label))
        for at, who in ((1, "Auditor"), (3, "Moderator")):
            fill(cells[at], pen.say(label, str(n + at // 3), f"{who}: Score (1-4)", "score"))
            fill(cells[at + 1], pen.say(label, f"{who} saw this on file, row {n}.", f"{who}: Evidence", "notes"))


def draw_criteria(pen: Pen) -> None:
    """A printed column of criteria stands between the question and its answers."""
    pen.document.add_heading("Practice standards review", 1)
    pen.pairs([("Family name", "Orme"), ("Reviewer", "Nat Sole")])
    rows = (("1.1", "Visits", "Every child is seen at least every four weeks.\nVisits have a purpose.", "Met"),
            ("1.2", "Direct work", "Age-appropriate tools are used.", "Not met"), ("1.3", "Life story", "Work has begun by the second review.", "Partly met"))
    with pen.part("Standards"):
        t = pen.table(5)
        pen.add(t, "Ref", "Standard", "What good looks like", "Met / Partly met / Not met", "Comments")
        for number, label, looks, met in pen.ordered(rows):
            cells = pen.add(t, number, label, looks)
            fill(cells[3], pen.say(label, met, "Met / Partly met / Not met", "choice"))
            fill(cells[4], pen.say(label, f"Said about {label.lower()} by the reviewer.", "Comments", "notes"))
    with pen.part("Summary"):
        pen.pairs([("What is working well?", "The worker knows the child very well.")], [("What could be even better?", "Recording of the direct work done.")])


def draw_numbers(pen: Pen) -> None:
    """Numbers as printed text: 1.1, 1.2a, Q3, (i), A4; a score and notes each, in cell-wide controls."""
    pen.document.add_heading("Annual audit tool", 1)
    pen.pairs([("Team", "Hill Street"), ("Auditor", "Gus Alder")], box=CELL)
    for title, asked in (("Part A", ("1.1 Is consent recorded?", "1.2a Is the genogram complete?", "1.2b Is the ecomap complete?")),
                         ("Part B", ("Q3. Are fathers included?", "Q4. Are siblings considered?")),
                         ("Part C", ("(i) Is the language plain?", "(ii) Is jargon explained?"))):
        with pen.part(title):
            pen.matrix(("", "Findings", "Score 0-5"), [(q, f"Found in the record under {q.split()[0]} as said.", str(n + 2)) for n, q in enumerate(asked)],
                       boxes=(CELL, CELL), kinds=("notes", "score"))


def draw_guided(pen: Pen) -> None:
    """Bullets of guidance inside the label's cell; a date picker, and a drop-down in its own row."""
    pen.document.add_heading("Supervision and oversight audit", 1)
    t = pen.table(2)
    for label, box, answer in (("Name of practitioner", TEXT, "Ola Brand"), ("Date of supervision", PICKER, "04/06/2026")):
        cells = pen.add(t, label)
        pen.write(cells[1], pen.say(label, answer), box)
    with pen.part("Quality"):
        t = pen.table(2)
        for label, more in (("Reflection", ("Is there curiosity?", "Are feelings explored?")), ("Direction", ("Are actions clear?", "Is there a date for each?"))):
            cells = pen.add(t, label)
            for line in ("Consider:", *more):
                cells[0].add_paragraph(line, style="List Bullet" if line != "Consider:" else None)
            pen.write(cells[1], pen.say(label, f"Supervision showed {label.lower()} in three of the four.", kind="notes"), TEXT)
        cells = pen.add(t, "Judgement")
        pen.write(cells[1], pen.say("Judgement", "Good", kind="grade"), GRADES)
    with pen.part("Follow up"):
        pen.pairs([("Is any follow up needed?", "Yes, by the service manager soon.")], [("Further information", "None was given to the auditor.")], box=TEXT)


def draw_legacy_fields(pen: Pen) -> None:
    """Legacy form fields of Word 97 in every answer's cell."""
    pen.document.add_heading("Fostering file audit", 1)
    t = pen.table(2)
    for label, answer in (("Carer reference", "F-118"), ("Date of visit", "12/03/2026"), ("Is the agreement signed?", "Yes, on the first day."),
                          ("Are checks up to date?", "All but one of the checks.")):
        cells = pen.add(t, label)
        said = pen.say(label, answer)
        if pen.way is Way.TYPED:
            fill(cells[1], said)
            continue
        shown = said or "\u2002" * 5
        lines = "".join(f"<w:r>{'<w:br/>' if n else ''}<w:t xml:space=\"preserve\">{line}</w:t></w:r>" for n, line in enumerate(shown.split("\n")))
        for e in parse_xml(
                f'<w:p {nsdecls("w")}><w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:name w:val="Text1"/><w:enabled/><w:textInput/></w:ffData>'
                '</w:fldChar></w:r><w:r><w:instrText xml:space="preserve"> FORMTEXT </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
                f'{lines}<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'):
            cells[1].paragraphs[0]._p.append(e)





