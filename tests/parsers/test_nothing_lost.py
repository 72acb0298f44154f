"""Whatever people do to a form, every character they typed is in an answer or left over: counted apart from the reader."""

from hypothesis import given
from hypothesis import strategies as st

from mailflow.form.definition import FormDefinition
from parsers.read import read_document
from tests.parsers.drawing.count import lines_of_docx, lost, typed_lines
from tests.parsers.drawing.fills import FORMS, each, filled_forms
from tests.parsers.drawing.look import Look
from tests.parsers.drawing.sheet import Values, draw
from tests.parsers.drawing.vandals import VANDALS, Vandal, vandalise
from tests.parsers.pages import document, make_docx

# What is typed must not be what the form prints: nobody could say then whose it is.
TYPED = ("zebra one", "Please see the file", "she is not safe", "12. kept apart", "Xylophone: loud", "quagga 😀", "A. further zinc")
DEEDS = st.lists(st.tuples(st.sampled_from(VANDALS), st.integers(0, 500), st.sampled_from(TYPED)), max_size=4)
EACH = each(8)
Filled = tuple[str, Look, Values]


def check_nothing_lost(form: FormDefinition, look: Look, values: Values, deeds: list[tuple[Vandal, int, str]]) -> None:
    body = vandalise(document(draw(form, values, look)).encode(), deeds)
    data = make_docx("", {"word/document.xml": body})
    blank = lines_of_docx(make_docx(draw(form, dict.fromkeys(values, ""), look)))
    typed = typed_lines(lines_of_docx(data), blank, form)
    assert lost(typed, read_document(data, "form.docx", (form,))) == ([], "")


@EACH
@given(filled_forms(tags=True).filter(lambda filled: filled[0] != "crosses"), DEEDS)
def test_nothing_typed_into_a_form_with_its_own_boxes_is_lost(filled: Filled, deeds: list[tuple[Vandal, int, str]]) -> None:
    check_nothing_lost(FORMS[filled[0]], *filled[1:], deeds)


@EACH
@given(filled_forms(tags=False).filter(lambda filled: filled[0] != "crosses"), DEEDS)
def test_nothing_typed_into_a_form_without_its_boxes_is_lost(filled: Filled, deeds: list[tuple[Vandal, int, str]]) -> None:
    check_nothing_lost(FORMS[filled[0]], *filled[1:], deeds)
