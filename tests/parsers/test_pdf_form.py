"""Fillable PDFs, text typed over flat ones, notes, XFA: what a person put in stands in the cell it was put into, once."""

import pytest
from pikepdf import Array, Dictionary, Name, String

from mailflow.errors import UnreadableError
from parsers.grid import Cell, Control
from parsers.pdf.document import list_form_fields, read_pdf
from tests.parsers.pdfs import Paper, table, text

LABELS = [["Name", ""], ["Grade", ""], ["Visited", ""], ["Day", ""], ["Notes", ""]]
CHOICES = Array([Array([String("G"), String("Good")]), Array([String("R"), String("Requires improvement")])])
DATE = Dictionary(F=Dictionary(S=Name.JavaScript, JS=String('AFDate_FormatEx("dd/mm/yyyy");')))


def fillable(filled: bool = True) -> Paper:
    """A ruled form of five boxes; each value is drawn in its appearance too, as every program does it."""
    paper = Paper()
    page = paper.page(table(LABELS, [50, 200, 500], 800, 40), text(216, 691, "Yes"), text(273, 691, "No"))
    more = (lambda value: {"V": String(value)}) if filled else (lambda value: {})
    paper.box(page, "child.name", [203, 762, 490, 798], TU=String("The child's full name"), MaxLen=40, Ff=2, **more("Ann Example"))
    paper.box(page, "grade", [203, 722, 490, 758], "Ch", Ff=1 << 17, Opt=CHOICES, **more("R"))
    paper.radio(page, "visited", [("1", [203, 690, 213, 700]), ("2", [260, 690, 270, 700])], "2" if filled else "")
    paper.box(page, "day", [203, 642, 490, 678], AA=DATE, **more("03/06/2026"))
    paper.box(page, "notes", [203, 602, 490, 638], Ff=1 << 12, **more("First line\rsecond line"))
    return paper


def test_each_value_stands_in_the_ruled_cell_of_its_box_once() -> None:
    read = read_pdf(fillable().data())
    assert [[cell.text for cell in row.cells] for row in read.rows] == [
        ["Name", "Ann Example"], ["Grade", "Requires improvement"], ["Visited", "☐ Yes ☒ No"], ["Day", "03/06/2026"],
        ["Notes", "First line\nsecond line"],
    ]
    controls = [row.cells[1].controls for row in read.rows]
    assert controls == [
        (Control("child.name", text="Ann Example"),),
        (Control("grade", "choice", "Requires improvement", items=(("Good", "Good"), ("Requires improvement", "R"))),),
        (Control("visited", "choice", "No", items=(("Yes", "1"), ("No", "2"))),),
        (Control("day", "date", "03/06/2026"),), (Control("notes", text="First line\nsecond line"),),
    ]
    assert read.rows[0].cells[1] == Cell("Ann Example", 1, controls[0], own="Ann Example", outside="")
    assert "scripts" in read.oddities


def test_blank_boxes_are_controls_without_text() -> None:
    read = read_pdf(fillable(filled=False).data())
    assert [row.cells[1].text for row in read.rows] == ["", "", "☐ Yes ☐ No", "", ""]
    assert [row.cells[1].controls[0].tag for row in read.rows] == ["child.name", "grade", "visited", "day", "notes"]
    assert read.oddities == ("scripts",)


def test_the_fields_of_a_blank_form_are_listed_for_who_compiles_it() -> None:
    fields = {f.name: f for f in list_form_fields(fillable(filled=False).data())}
    assert [(f.name, f.kind, f.label) for f in fields.values()] == [
        ("child.name", "text", "Name"), ("grade", "choice", "Grade"), ("visited", "radio", "Visited"), ("day", "date", "Day"),
        ("notes", "text", "Notes"),
    ]
    name = fields["child.name"]
    assert (name.tooltip, name.required, name.max_length, name.page, name.value) == ("The child's full name", True, 40, 1, "")
    assert name.rect == (203, 762, 490, 798)
    assert [shown for shown, _ in fields["grade"].options] == ["Good", "Requires improvement"]
    assert fields["visited"].options == (("Yes", "1"), ("No", "2"))


def test_names_are_whole_where_fields_have_parents() -> None:
    paper = Paper()
    page = paper.page(text(50, 700, "Team"))
    box = paper.note(page, "Widget", [100, 695, 200, 710], FT=Name.Tx, T=String("team"), V=String("North"), F=4)
    parent = paper.pdf.make_indirect(Dictionary(T=String("header"), Kids=Array([box])))
    box.Parent = parent
    paper.fields.append(parent)
    (row,) = read_pdf(paper.data()).rows
    assert [c.text for c in row.cells] == ["Team", "North"] and row.cells[1].controls[0].tag == "header.team"


def test_boxes_outside_tables_stand_in_a_row_with_their_label() -> None:
    paper = Paper()
    page = paper.page(text(50, 700, "Reviewer"), text(300, 700, "Team"), text(50, 660, "Comments of the family"), text(64, 500, "Agreed"))
    paper.box(page, "reviewer", [110, 696, 280, 710], V=String("R. Example"))
    paper.box(page, "team", [340, 696, 480, 710], V=String("North"))
    paper.box(page, "comments", [50, 560, 500, 652], V=String("They were glad.\rAll of them."), Ff=1 << 12)
    paper.tick(page, "agreed", [50, 498, 60, 508], True)
    read = read_pdf(paper.data())
    assert [[c.text for c in row.cells] for row in read.rows] == [
        ["Reviewer", "R. Example", "Team", "North"], ["Comments of the family", "They were glad.\nAll of them."], ["☒ Agreed"],
    ]
    assert read.rows[2].cells[0].controls == (Control("agreed", "tick", "☒"),)


def test_every_chosen_line_of_a_list_counts() -> None:
    paper = Paper()
    page = paper.page(text(50, 700, "Areas"))
    options = Array([String(w) for w in ("Voice", "Planning", "Review")])
    paper.box(page, "areas", [110, 690, 280, 710], "Ch", Ff=1 << 21, Opt=options, V=Array([String("Voice"), String("Review")]))
    assert read_pdf(paper.data()).rows[0].cells[1].text == "Voice\nReview"


def test_what_a_hidden_box_holds_is_no_answer_but_may_be_a_passport() -> None:
    paper = Paper()
    page = paper.page(text(50, 700, "Team"))
    paper.box(page, "secret", [100, 695, 200, 710], V=String("mailflow-form:1;ref=2611-017C"))
    page.Annots[0].F = 2
    read = read_pdf(paper.data())
    assert [c.text for row in read.rows for c in row.cells] == ["Team"]
    assert "mailflow-form:1;ref=2611-017C" in read.passports


def test_a_flattened_form_reads_as_text_in_the_same_place() -> None:
    paper = Paper()
    paper.page(table([["Name", "Ann Example"], ["Grade", "Good"]], [50, 200, 500], 800, 40))
    assert [[c.text for c in row.cells] for row in read_pdf(paper.data()).rows] == [["Name", "Ann Example"], ["Grade", "Good"]]


def test_text_typed_over_a_flat_form_is_the_answer_and_other_notes_are_remarks() -> None:
    paper = Paper()
    page = paper.page(table([["Name", ""], ["Grade", "Good"]], [50, 200, 500], 800, 40))
    paper.note(page, "FreeText", [205, 765, 400, 790], Contents=String("Ann Example"), T=String("B"))
    paper.note(page, "Text", [450, 725, 470, 745], Contents=String("Are you sure?"), T=String("Kim Example"))
    paper.note(page, "Highlight", [205, 725, 300, 745], Contents=String("too kind"), T=String("Kim Example"))
    paper.note(page, "Highlight", [205, 725, 300, 745])
    paper.note(page, "Ink", [205, 725, 300, 745])
    read = read_pdf(paper.data())
    assert [[c.text for c in row.cells] for row in read.rows] == [["Name", "Ann Example"], ["Grade", "Good"]]
    assert read.remarks == (("Kim Example", "Are you sure?"), ("Kim Example", "too kind")) and read.comments == 2
    assert read.oddities == ("drawn marks",)


DATA = (b'<xfa:datasets xmlns:xfa="http://www.xfa.org/schema/xfa-data/1.0/"><xfa:data><audit><child><name>Ann Example</name>'
        b"</child><grade>Good</grade></audit></xfa:data></xfa:datasets>")


def xfa(packet: bytes, whole: bool = False) -> bytes:
    paper = Paper()
    paper.page(text(50, 700, "Please wait... If this message is not replaced, your reader can't show this form."))
    stream = paper.pdf.make_stream(packet)
    paper.pdf.Root.AcroForm = Dictionary(Fields=Array(), XFA=stream if whole else Array([String("datasets"), stream]))
    return paper.data()


@pytest.mark.parametrize("data", [xfa(DATA), xfa(b'<xdp:xdp xmlns:xdp="http://ns.adobe.com/xdp/">' + DATA + b"</xdp:xdp>", whole=True)])
def test_a_dynamic_xfa_form_is_its_data_and_not_its_please_wait(data: bytes) -> None:
    read = read_pdf(data)
    assert [[c.text for c in row.cells] for row in read.rows] == [["audit.child.name", "Ann Example"], ["audit.grade", "Good"]]
    assert [place for place, _ in read.around] == ["page"]


@pytest.mark.parametrize(("packet", "reason"), [
    (b'<!DOCTYPE a [<!ENTITY x "y">]>' + DATA, "hostile"), (b"<a>", "damaged"), (b"<a>" * 5000 + b"</a>" * 5000, "hostile"),
    (b"<datasets>" + b"<a>" * 90 + b"x" + b"</a>" * 90 + b"</datasets>", "hostile"),
])
def test_an_xfa_packet_is_guarded_like_any_xml(packet: bytes, reason: str) -> None:
    with pytest.raises(UnreadableError) as refused:
        read_pdf(xfa(packet))
    assert refused.value.reason == reason
