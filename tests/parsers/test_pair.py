"""The Word form and its print, sent in one mail: both read the same, so they are one return."""

from mailflow.process.returns.same_document import Candidate, Settled, settle_same_document
from parsers.read import read_document
from tests.parsers.fills import whole_form
from tests.parsers.pages import FORM, ROOT

PAIR = ROOT / "tests" / "corpus" / "forms" / "pair"


def test_the_print_of_a_form_says_what_the_form_says() -> None:
    word, printed = (read_document((PAIR / name).read_bytes(), name, (FORM,)) for name in ("return.docx", "return.pdf"))
    said = {k: " ".join(v.split()) for k, v in whole_form().items()}
    assert {k: " ".join(a.text.split()) for k, a in printed.answers.items()} == {k: said[k] for k in printed.answers}
    assert len(printed.answers) == len(FORM.fields) and printed.leftovers == ()
    candidates = [Candidate(printed, editable=False), Candidate(word, editable=True)]
    assert settle_same_document(candidates) == (Settled(1, (0,)),)
