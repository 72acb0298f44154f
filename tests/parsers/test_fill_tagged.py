"""read(fill(x)) = x for every form in every layout, through every control shape whose tag says whose the answer is.

``MAILFLOW_CASES`` sets how many forms are drawn in all, here and in ``test_fill_untagged``.
"""

import pytest
from hypothesis import given

from tests.parsers.drawing.fills import FORMS, each, filled_forms
from tests.parsers.drawing.look import Look
from tests.parsers.drawing.shapes import TAGGED
from tests.parsers.drawing.sheet import Values
from tests.parsers.drawing.truth import check_reading

EACH = each(2 * len(TAGGED))


@pytest.mark.parametrize("shape", TAGGED)
def test_whatever_was_typed_into_the_form_s_own_boxes_is_what_is_read(shape: str) -> None:
    @EACH
    @given(filled_forms(tags=True, shape=shape))
    def check(filled: tuple[str, Look, Values]) -> None:
        form, look, values = filled
        check_reading(FORMS[form], look, values)

    check()
