"""Answers for tests: one whole form of them, and what Hypothesis may make up."""

from hypothesis import strategies as st

from mailflow.form.definition import FormField, Kind
from tests.parsers.pages import FORM

GRADES = ("Outstanding", "Good", "Requires improvement", "Inadequate")
PASSPORT = "mailflow-form:1;ref=2606-017C;form=base-10;edition=1;mac=0123456789abcdef0123456789abcdef"
# Letters and marks people type; what XML can't hold is left out, and so are control characters.
_LETTERS = st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Zl", "Zp"), exclude_characters="\ufffe\uffff")
LINES = st.text(_LETTERS, min_size=1, max_size=40).map(str.strip).filter(bool)


def whole_form() -> dict[str, str]:
    """An answer for every question, three actions among them, and the passport an issued form carries."""
    values = {f.id: _sample(n, f) for n, f in enumerate(FORM.fields)}
    values |= {"header.reference": "2606-017C", "header.case_number": "N1234567", "passport": PASSPORT}
    for n in (1, 2, 3):
        values |= {f"actions.{n}.text": f"Do thing {n}", f"actions.{n}.owner": f"Manager {n}",
                   f"actions.{n}.due": f"{16 + n}/07/2026"}
    return values


def _sample(n: int, f: FormField) -> str:
    if f.kind is Kind.GRADE:
        return GRADES[n % 4]
    if f.kind is Kind.DATE:
        return f"{13 + n % 15}/06/2026"
    if f.kind is Kind.CHOICE:
        return "No"
    if f.kind is Kind.NOTES:
        return f"On visit {n} she was seen alone and said what she wants.\nThe plan of 12 May 2026 was changed ({n})."
    return f"Words for {n}"


def answers_for(f: FormField) -> st.SearchStrategy[str]:
    """What somebody may leave in that box: nothing, a grade, or text nobody foresaw."""
    if f.kind is Kind.GRADE:
        return st.sampled_from(("", *GRADES)) | LINES
    if f.kind is Kind.NOTES:
        return st.just("") | st.lists(LINES, min_size=1, max_size=3).map("\n".join)
    return st.just("") | LINES
