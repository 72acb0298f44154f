"""What Hypothesis may make up: answers for any form, and looks to draw it in."""

import os

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from mailflow.form.definition import FormDefinition, FormField, FormTable, Kind
from mailflow.form.load import read_form
from mailflow.form.shelf import list_forms
from parsers.locate.text import flat
from tests.parsers.drawing.look import Look, items_of
from tests.parsers.drawing.shapes import TAGGED, UNTAGGED
from tests.parsers.drawing.sheet import Values
from tests.parsers.fills import GRADES, LINES
from tests.parsers.pages import ROOT

# How many random forms are filled and read in all: CI has the time for a thousand, a person may ask for any number.
# A thousand are the same every time, so that a change is judged by itself; more are drawn anew.
CASES = int(os.environ.get("MAILFLOW_CASES", "1000"))


def each(share: int) -> settings:
    """The settings of a test that takes one case in ``share``."""
    return settings(max_examples=max(1, CASES // share), deadline=None, derandomize="MAILFLOW_CASES" not in os.environ,
                    suppress_health_check=[HealthCheck.too_slow])


# Columns of crosses, which no form we ship has; half of its questions are answered in some of the columns only.
CROSSES = read_form({
    "id": "crosses", "edition": "1", "title": "Dip sample of visits", "sections": [
        {"id": "visit", "title": "The visit", "items": [
            {"id": "worker", "label": "Social worker", "kind": "text"},
            {"id": "seen", "label": "Date the child was seen", "kind": "date"}]},
        {"id": "standards", "title": "Standards", "columns": [
            {"id": "met", "label": "Met", "kind": "choice", "marks": ["Yes", "Partly", "No"]},
            {"id": "why", "label": "What shows it", "kind": "notes"}],
         "items": [
            {"id": "room", "label": "The bedroom was seen", "columns": ["met", "why"]},
            {"id": "alone", "label": "The child was spoken to without adults", "columns": ["met", "why"]},
            {"id": "school", "label": "School was spoken to", "columns": ["met"]},
            {"id": "words", "label": "Which of her own words are recorded?", "columns": ["why"]}]},
        {"id": "next", "title": "Next steps", "items": [{"id": "learning", "label": "Learning for the team", "kind": "notes"}],
         "tables": [{"id": "steps", "label": "Steps", "rows": 3, "columns": [
             {"id": "what", "label": "Step", "kind": "notes"}, {"id": "who", "label": "Owner", "kind": "text"}]}]},
    ]}, "crosses")
FORMS = {f.id: f for f in (*list_forms(ROOT / "templates"), CROSSES)}

_HABITS = (
    "1. First she was seen\n2. Then the plan was changed", "• one\n• two\n• three", "- a\n- b", "a\tb\tc", "5) as agreed", "Q3. see there",
    "Seen alone 😀", "👩‍👧 together", "שלום עולם", "مرحبا بالعالم", "w" * 300, "N/A", "n/a", "None", "-", "?", "Yes", "No",
    "Good", "RI", "inadequate", "Requires improvement", "3", "4/5", "12/06/2026", "as above", "see Q4", "Not applicable",
    "Line one\n\nLine three", "A long thought. " * 60, "Mother: yes, father: no", "x", "1", "Met with Ms O’Neill – twice",
    "https://example.org/a?b=c", "<b>bold</b> & {{ braces }}", "half  spaced  out",
)
# Nobody types private letters; only symbol fonts have them.
_TYPED = LINES.filter(lambda text: not any("\ue000" <= c <= "\uf8ff" for c in text))
ODD = st.sampled_from(_HABITS) | _TYPED | st.lists(_TYPED, min_size=2, max_size=3).map("\n".join)


def flat_lines(text: str) -> set[str]:
    """The lines as labels are compared. Hypothesis tries words it met in the code, and so may say what a form prints."""
    return {flat(line) for line in text.split("\n")} - {""}


def field_ids(form: FormDefinition) -> list[str]:
    return [f.id for f in form.fields if not f.marks]


def cell_ids(t: FormTable, rows: int) -> list[str]:
    return [f"{t.id}.{n}.{c.id.rpartition('.')[2]}" for n in range(1, rows + 1) for c in t.columns]


def ordinary(n: int, f: FormField) -> str:
    """What stands in that box of a form filled as it is meant."""
    if f.kind is Kind.GRADE:
        return GRADES[n % 4]
    if f.kind is Kind.DATE:
        return f"{13 + n % 15}/06/2026"
    if f.kind is Kind.SCORE:
        return str(f.scale[0] + n % (f.scale[1] - f.scale[0] + 1))
    if f.choices:
        return f.choices[n % len(f.choices)]
    return f"On visit {n} she said so.\nThe plan was changed ({n})." if f.kind is Kind.NOTES else f"Words for {n}"


def echoes(form: FormDefinition) -> tuple[str, ...]:
    """Everything the form prints, which somebody may also have typed."""
    return tuple(text for text in form.wording if len(text) < 200)


@st.composite
def fills(draw: st.DrawFn, form: FormDefinition, echoed: frozenset[str] = frozenset()) -> Values:
    """Answers: all, some or none as meant, and a few that nobody foresaw. Only fields in ``echoed`` may say what the form
    itself prints: elsewhere no reader could tell whose words they are.
    """
    fields = {f.id: f for f in form.fields}
    ours = {line for text in form.wording for line in flat_lines(text)} - {flat(c) for f in form.fields for c in f.choices}
    every = draw(st.sampled_from((0, 1, 2, 3)))
    values = {f.id: ordinary(n, f) for n, f in enumerate(form.fields) if every and n % every == 0 and not f.marks}
    for f in (f for f in form.fields if f.marks):
        values[f.id] = draw(st.sampled_from(("", *f.marks, " / ".join(f.marks[:2]))))
    cells = [i for t in form.tables for i in cell_ids(t, t.rows + draw(st.integers(0, 2)))]
    if every and cells:
        values |= {i: f"Step {n}" for n, i in enumerate(cells) if n % (every * 2) < 3}
    names = [*field_ids(form), *cells]
    for name in draw(st.lists(st.sampled_from(names), max_size=6, unique=True)):
        said = ODD.filter(lambda text: ours.isdisjoint(flat_lines(text)))
        if name in echoed:
            said |= st.sampled_from(echoes(form))
        values[name] = draw(st.just("") | said)
        if name in fields and fields[name].choices and draw(st.booleans()):
            values[name] = draw(st.sampled_from(fields[name].choices))
    return values


def may_echo(form: FormDefinition, look: Look) -> frozenset[str]:
    """The fields that may say what the form prints: all whose control has a tag, and those in columns, where the row's
    label says whose they are. Beside an edited label an echo is the only printed label of its row, and is taken for it.
    """
    if look.tags:
        return frozenset([*field_ids(form), *(i for t in form.tables for i in cell_ids(t, t.rows + 2))])
    return frozenset(f.id for f in form.fields if f.column and not f.marks and f.item not in look.relabel)


@st.composite
def looks(draw: st.DrawFn, form: FormDefinition, tags: bool, shape: str = "") -> Look:
    """A layout; ``tags`` says whether the answers' controls still say whose they are. Most answers have that shape."""
    ids = [s.id for s in form.sections]
    drawn = draw(st.just(ids) | st.permutations(ids))
    gone = draw(st.just([]) | st.lists(st.sampled_from(ids), max_size=3, unique=True)) if len(ids) > 5 else []
    names = TAGGED if tags else UNTAGGED
    some = st.frozensets(st.sampled_from(ids), max_size=3)
    leading = [i[0] for s in form.sections for i in items_of(s)]
    flags = {name: draw(st.booleans()) for name in (
        "bookmarks", "prompts", "one_table", "heads_again", "row_numbers", "group", "wide", "changes")}
    return Look(
        sections=tuple(i for i in drawn if i not in gone), shape=shape or draw(st.sampled_from(names)), tags=tags,
        shapes=draw(st.dictionaries(st.sampled_from([f.id for f in leading]), st.sampled_from(names), max_size=4)),
        numbers=draw(st.sampled_from(("", "Q{}. ", "{}) ", "Question {}: ", "{}. "))),
        layout=draw(st.sampled_from(("left", "above", "boxes"))), across=draw(st.integers(1, 5)),
        shuffled=draw(some), split=draw(some), row_controls=tags and draw(st.integers(0, 5)) == 0,
        ticks=draw(st.booleans()),
        relabel=draw(st.dictionaries(st.sampled_from([f.item for f in leading]), st.sampled_from(sorted(EDITS)), max_size=3).map(
            lambda chosen: {item: EDITS[edit](_label(form, item)) for item, edit in chosen.items()})),
        **flags,
    )


@st.composite
def filled_forms(draw: st.DrawFn, tags: bool, shape: str = "") -> tuple[str, Look, Values]:
    """Any form (its id in ``FORMS``) in any look with any answers."""
    form = FORMS[draw(st.sampled_from(sorted(FORMS)))]
    look = draw(looks(form, tags, shape))
    return form.id, look, draw(fills(form, may_echo(form, look)))


def _label(form: FormDefinition, item: str) -> str:
    return next(f.label for f in form.fields if f.item == item)


def _swap(text: str) -> str:
    """Two letters of the longest word change places; a label of one or two words is left alone, as it might be another."""
    words = text.split()
    if len(words) < 4:
        return text
    longest = max(words, key=len)
    return text.replace(longest, longest[:2] + longest[3] + longest[2] + longest[4:], 1)


EDITS = {
    "capitals": str.upper, "colon": lambda text: text.rstrip("?:") + ":", "spaces": lambda text: text.replace(" ", "\u00a0 ", 1),
    "typing slip": _swap, "bare": lambda text: text.rstrip("?.:"),
}
