"""Whatever a blank looks like, what is compiled from it loads, its ids are unique, and the blank itself is read as blank."""

import tomllib

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from mailflow.form.load import read_form
from parsers.compile import tell_doctor, to_toml
from parsers.compile.compiler import compile_grid
from parsers.grid import Cell, Control, Grid, Row
from parsers.locate.search import locate
from parsers.locate.wording import compile_wording

WORDS = ("Question", "Grade", "Comments", "Comments:", "Yes", "No", "N/A", "1", "1.1 Is it timely?", "a)", "(b) health", "Score (1-5)", "Action",
         "By whom", "By when", "Team", "Auditor *", "Date of audit", "Name: ______  Date: ______", "☐ Yes ☐ No", "Click or tap here to enter text.",
         "[Please describe]", "e.g. A visit was late", "Guidance: consider the child", "Red / Amber / Green", "Overall grade\n(Good / Inadequate / Outstanding)",
         "What is working well?", "The plan", "Plan", "Evidence\nThink about:\n- who\n- when", "Total", "___", "Strengths:\tRisks:", "Is the child safe?",
         "Please complete this form by Friday and send it to the team.", "?", "*", "Q1", "Outstanding", "É\u00a0ü", "A" * 450)
CONTROLS = (Control(), Control(text="Click or tap here to enter text.", prompt=True), Control(kind="date", text=""),
            Control(kind="choice", text="Choose an item.", prompt=True, items=(("Good", "Good"), ("Inadequate", "2"), ("Outstanding", "3"))), Control(kind="tick", text="☐"))
texts = st.sampled_from(("", "", "", *WORDS)) | st.text("abc? :.1\n", max_size=12).map(str.strip)


@st.composite
def cells(draw: st.DrawFn, inner: bool = True) -> Cell:
    if draw(st.integers(0, 4)) == 0:
        control = draw(st.sampled_from(CONTROLS))
        label = draw(st.sampled_from(("", "", "Team", "Comments:")))
        return Cell(f"{label} {control.text}".strip(), 0, (control,), (), f"{label} {control.text}".strip(), label)
    if draw(st.integers(0, 14)) == 0:
        return Cell("", merged=True)
    rows = tuple(draw(table(99, inner=False))) if inner and draw(st.integers(0, 20)) == 0 else ()
    text = draw(texts)
    return Cell("\n".join([text, *(c.text for row in rows for c in row.cells)]).strip(), 0, (), (), text, text, rows)


@st.composite
def table(draw: st.DrawFn, number: int, inner: bool = True, sheet: str = "") -> list[Row]:
    rows, at = [], 0
    for _ in range(draw(st.integers(1, 6))):
        at += draw(st.sampled_from((1, 1, 1, 2))) if sheet else 1
        row = draw(st.lists(cells(inner), min_size=1, max_size=5))
        rows.append(Row(tuple(c._replace(column=n) for n, c in enumerate(row)), number, at, (), sheet))
    return rows


@st.composite
def grids(draw: st.DrawFn) -> Grid:
    rows: list[Row] = []
    sheets = draw(st.booleans()) and draw(st.booleans())
    for n in range(1, draw(st.integers(1, 5)) + 1):
        if sheets:
            rows += draw(table(n, False, f"Sheet {n}"))
        elif draw(st.booleans()):
            rows += draw(table(n))
        else:
            rows += [Row((Cell(t, 0, (), (), t, t),), 0, len(rows) + m) for m, t in enumerate(draw(st.lists(texts, min_size=1, max_size=5)))]
    around = draw(st.sampled_from(((), (("footnote", "¹ see the guide"),), (("hidden sheet Lists", "Good\nBad"),))))
    return Grid(tuple(rows), around)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(grids())
@example(Grid((Row((Cell("1: ?", 0, (), (), "1: ?", "1: ?"),), 0, 0),)))
@example(Grid((Row((Cell("", 0), Cell("Q1: ?\n2. -", 1, (), (), "Q1: ?\n2. -", "Q1: ?\n2. -")), 1, 1),)))
def test_any_blank_compiles_to_a_form_that_loads_and_reads_the_blank_as_blank(grid: Grid) -> None:
    made = compile_grid(grid, grid, "any")
    form = read_form(tomllib.loads(to_toml(made)), "any")
    assert tell_doctor(made, form).startswith("# ")
    located = locate(grid, compile_wording(form))
    answers = [*located.answers.values(), *(a for rows in located.rows.values() for row in rows for a in row.values())]
    # What the blank itself says where an answer goes is told to a person.
    assert {a.field for a in answers if a.text} <= {r.where for r in made.remarks}
    assert located.leftovers == ()
