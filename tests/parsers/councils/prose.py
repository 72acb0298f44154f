"""Councils whose forms are hardly tables: lines, headings, bullets, boxes to tick, prompts inside the answers' cells."""

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from tests.parsers.councils.pen import Pen, Way, fill


def draw_headings(pen: Pen) -> None:
    """No table at all: labels with colons, headings with empty paragraphs below, underscores and tabs."""
    d = pen.document
    d.add_heading("Peer reflection on practice", 0)
    for label, answer in (("Child's ID", "PR-31"), ("Peer auditor", "Bea Stone"), ("Date of reflection", "08/06/2026")):
        d.add_paragraph(f"{label}:\t{pen.say(label, answer)}")
    for title in ("What did we do well?", "What would we do differently?", "What have we learned?"):
        with pen.part(title):
            _below(pen, pen.say(title, "We kept the child in the middle all along.", kind="notes"))
    d.add_paragraph(f"Grade given: {pen.say('Grade given', 'Good') or '____________________'}")


def _below(pen: Pen, said: str) -> None:
    """Three empty paragraphs to write on."""
    lines = said.split("\n") if said else []
    for line in [*lines, *[""] * (3 - len(lines))]:
        pen.document.add_paragraph(line)


def draw_bracketed(pen: Pen) -> None:
    """Prompts in brackets and grey guidance stand where the answer goes; people type over them."""
    pen.document.add_heading("Exploitation audit", 1)
    prompts = {"Unique reference": "[Insert reference]", "Auditor's name": "[Your name]", "Summary of the case": "[Please describe the child's circumstances]",
               "Analysis of risk": "Guidance: consider who, where and when, and what the child says.",
               "Quality of the response": "Consider timeliness, partnership and impact. (max 300 words)"}
    answers = ("X-21", "Tam Peel", "A boy of fourteen who goes missing.", "He names two adults and a flat.", "Quick at first and then it slowed.")
    t = pen.table(2)
    for (label, prompt), answer in zip(prompts.items(), answers, strict=True):
        said = pen.say(label, answer)
        pen.add(t, label, said or prompt)
    with pen.part("Next steps"):
        pen.actions(("Task", "Person responsible", "Date due"), [("Hold a mapping meeting", "Tam Peel", "20/06/2026")])
    with pen.part("Sign off"):
        pen.pairs([("Manager's comments", "Agreed with all of this.")])


def draw_example(pen: Pen) -> None:
    """A worked example stands in the first row of a table people add rows to."""
    pen.document.add_heading("Learning log", 1)
    pen.pairs([("Team", "Quay"), ("Practice lead", "Ned Orr")])
    t = pen.table(3)
    pen.add(t, "What happened", "What we learned", "What we will change")
    pen.add(t, "e.g. A visit was missed", "e.g. The rota was unclear", "e.g. Rota goes on the wall")
    filled = (("A plan was late", "Reviews clash with leave", "Book reviews in January"), ("A call went unanswered", "Phones were off", "Share a phone"))
    for n in range(4):
        values = filled[n] if n < 2 and pen.way is not Way.BLANK else ("", "", "")
        pen.add(t, *values)
        if any(values):
            pen.rows.append(dict(zip(("What happened", "What we learned", "What we will change"), values, strict=True)))


def draw_bullets(pen: Pen) -> None:
    """Boxes to tick as paragraphs, and in cells beside a question; the comment goes behind its label in the same cell."""
    d = pen.document
    d.add_heading("Health visitor liaison audit", 1)
    pen.pairs([("Child's NHS number", "000 111 2222"), ("Auditor", "Pip Lane")])
    with pen.part("Practice"):
        t = pen.table(2)
        for label, chosen in (("Is the red book seen?", "Yes"), ("Are growth charts kept?", "No"), ("Are referrals followed up?", "Not applicable")):
            said = pen.say(label, chosen, kind="choice")
            fill(pen.add(t, pen.label(label))[1], "\n".join(("☒ " if said == c else "☐ ") + c for c in ("Yes", "No", "Not applicable")))
    with pen.part("Remarks"):
        t = pen.table(1)
        for label, answer in (("Comments:", "The nurse and the worker met."), ("Agreed next step:", "Meet again in the autumn.")):
            fill(pen.add(t)[0], f"{label} {pen.say(label, answer)}".strip())


def draw_above(pen: Pen) -> None:
    """Labels above boxes: three across, then two, then one of the whole width."""
    pen.document.add_heading("Adoption support audit", 1)
    for labels, answers in ((("Child", "Agency", "Worker"), ("A.D.", "Brook", "Sy Cole")), (("Plan date", "Review date"), ("02/02/2026", "02/08/2026")),
                            (("Story of the support so far",), ("It began in spring with a visit.",))):
        t = pen.table(len(labels))
        pen.add(t, *labels)
        pen.add(t, *[pen.say(label, a) for label, a in zip(labels, answers, strict=True)])
        pen.document.add_paragraph()
    with pen.part("Views"):
        pen.matrix(("", "What they said", "What we did"), [("Child", "I like my new school.", "We told the teacher so."), ("Carers", "We need a break at times.", "Respite was agreed in May."),
                                                            ("Birth family", "Letters matter to us all.", "Letterbox was set up.")], kinds=("notes", "notes"))


def draw_old_lists(pen: Pen) -> None:
    """Drop-downs of Word 97, which show their first entry until somebody chooses."""
    pen.document.add_heading("Kinship file audit", 1)
    pen.pairs([("Carer number", "K-19"), ("Auditor", "Gil Tam")])
    with pen.part("Judgements"):
        t = pen.table(2)
        entries = ("Select a grade", "Outstanding", "Good", "Requires improvement", "Inadequate")
        for label, grade in (("Quality of the assessment", "Good"), ("Quality of the support plan", "Inadequate")):
            said = pen.say(label, grade, kind="grade")
            cell = pen.add(t, pen.label(label))[1]
            if pen.way is Way.TYPED:
                fill(cell, said)
                continue
            chosen = f'<w:result w:val="{entries.index(said)}"/>' if said else ""
            listed = "".join(f'<w:listEntry w:val="{e}"/>' for e in entries)
            for e in parse_xml(f'<w:p {nsdecls("w")}><w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:name w:val="D1"/><w:ddList>{chosen}{listed}</w:ddList>'
                               '</w:ffData></w:fldChar></w:r><w:r><w:instrText> FORMDROPDOWN </w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'):
                cell.paragraphs[0]._p.append(e)
