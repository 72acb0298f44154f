"""Formulas nobody calculated: the few kinds a form has are followed, all others have no value."""

from datetime import date

import pytest

from parsers.workbook.document import read_workbook
from parsers.workbook.formats import Value
from parsers.workbook.formulas import NoValue, calculate
from tests.parsers.workbooks import book, sheet, text_cell

CELLS: dict[tuple[str, int, int], Value] = {
    ("", 0, 0): "B", ("", 0, 1): 3.0, ("", 0, 2): date(2026, 6, 12), ("Our audit", 4, 3): date(2026, 6, 1), ("", 1, 0): "yes",
}


def look(name: str, row: int, column: int) -> Value:
    return CELLS.get((name, row, column), "")


@pytest.mark.parametrize(("formula", "value"), [
    ("1+2*3", 7), ("(1+2)*3", 9), ("-B1+10", 7), ("10-2-3", 5), ("B1/2", 1.5), ('"a"&"b"&B1', "ab3"), ('"say ""hi"""', 'say "hi"'),
    ('IF(A1="b",1,2)', 1), ('IF(A1="C",1)', False), ('IF(Z9="","",C1+7)', ""), ('IF(Z9=0,"none","some")', "none"),
    ("C1+7", date(2026, 6, 19)), ("7+C1", date(2026, 6, 19)), ("C1-1", date(2026, 6, 11)), ("C1-'Our audit'!$D$5", 11),
    ('IF(A1="","",\'Our audit\'!$D$5+IF(A1="A",1,IF(A1="B",7,21)))', date(2026, 6, 8)), ('IF(C1>0,C1+1,"")', date(2026, 6, 13)),
    ('IF(AND(A1="B",B1>=3),"due","")', "due"), ('IF(OR(A1="A",NOT(B1=3)),1,2)', 2), ("UPPER(A2)", "YES"), ("ISBLANK(Z9)", True),
    ('IF(TRUE,"kept",1/0)', "kept"), ("A1<>B1", True), ("IF(C1<'Our audit'!D5,1,2)", 2),
])
def test_what_a_formula_says(formula: str, value: Value) -> None:
    assert calculate(formula, look) == value


@pytest.mark.parametrize("formula", [
    "", "1+", "TODAY()", "SUM(B1:B9)", "B1:B2", "1/0", "A1+1", "A1>B1", "[1]Other!A1", "#REF!+1", "NAME", "((1)", "1)", "C1*2", "1%", "LOG10(5)",
    "(" * 200 + "1" + ")" * 200, "1" + "+1" * 400, "C1+99999999",
])
def test_a_formula_that_is_not_followed_has_no_value(formula: str) -> None:
    with pytest.raises(NoValue):
        calculate(formula, look)


def test_a_copied_formula_moves_with_its_cell_except_where_it_is_fixed() -> None:
    assert calculate("B1+$B$1", lambda name, row, column: float(10 * row + column), (2, 1)) == 23


def test_formulas_are_put_in_where_they_stand_and_their_sheet_is_said_to_be_uncalculated() -> None:
    rows = (f'<row r="1">{text_cell("A1", "A")}<c r="B1"><f t="shared" ref="B1:B2" si="0">IF(A1="A",Two!$A$1,"")</f></c></row>'
            f'<row r="2">{text_cell("A2", "C")}<c r="B2"><f t="shared" si="0"/></c></row>'
            f'<row r="3">{text_cell("A3", "A")}<c r="B3"><f>B1&amp;"!"</f><v></v></c><c r="C3"><f>C3+1</f></c><c r="D3"><f>1+1</f><v>5</v></c></row>')
    grid = read_workbook(book(sheet(rows), sheet(f'<row r="1">{text_cell("A1", "soon")}</row>')))
    assert [[c.text for c in row.cells] for row in grid.rows] == [["A", "soon"], ["C"], ["A", "soon!", "", "5"], ["soon"]]
    assert grid.oddities == ("formulas that were never calculated",)


def test_a_long_chain_of_formulas_ends() -> None:
    deep = "IF(TRUE," * 11 + "A{}+1" + ")" * 11
    rows = "".join(f'<row r="{n}"><c r="A{n}"><f>{deep.format(n + 1)}</f></c></row>' for n in range(1, 200))
    assert read_workbook(book(sheet(rows + '<row r="200"><c r="A200"><v>1</v></c></row>'))).rows
