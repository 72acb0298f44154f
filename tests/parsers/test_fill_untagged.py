"""read(fill(x)) = x for every form in every layout, through every shape without a tag, by labels and headings alone.

``MAILFLOW_CASES`` sets how many forms are drawn in all, here and in ``test_fill_tagged``.
"""

import pytest
from hypothesis import given

from tests.parsers.drawing.fills import FORMS, each, filled_forms
from tests.parsers.drawing.look import Look
from tests.parsers.drawing.shapes import UNTAGGED
from tests.parsers.drawing.sheet import Values
from tests.parsers.drawing.truth import check_reading

EACH = each(2 * len(UNTAGGED))


@pytest.mark.parametrize("shape", UNTAGGED)
def test_whatever_was_typed_beside_a_label_or_under_a_heading_is_what_is_read(shape: str) -> None:
    @EACH
    @given(filled_forms(tags=False, shape=shape))
    def check(filled: tuple[str, Look, Values]) -> None:
        form, look, values = filled
        check_reading(FORMS[form], look, values)

    check()
