"""The checks of a returned form (domain section 4): findings beside what could be read, never an exception.

Every check of 4.1-4.7 and 4.9, CHK-108 … 112 and 118 … 120 that a form of ours can meet is a row of :data:`CHECKS`.
CHK-015, 016, 017 and 023 speak of scored questions, CHK-043 of actions with letters: in a form without them they are
silent. These are not there, and why:

| check | why not |
| --- | --- |
| CHK-052, 056, 062-065, 067, 068 | scores are not yet compared with grades and with each other |
| CHK-069 | what is done about a low score of the family is not looked at |
| CHK-047 | the clock of A, B and C starts at the issue, which comes later |
| CHK-066 | sections of other categories are left out of the form that is sent |
| CHK-070 | no question about a document as a good example |
| CHK-031 | fires for the QA team only: no word rule can tell whether a line of enquiry was addressed |

CHK-028 and 071 wait for re-audits and peer audits, but are asked. CHK-118 and 119 look at our own case note.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

from mailflow.model import Finding, Submission
from mailflow.process.checks.casenote import check_casenote
from mailflow.process.checks.danger import find_danger
from mailflow.process.checks.look import Look
from mailflow.process.checks.order import CHECKS, FAMILY, FIXED, ask_family_again, run_checks
from mailflow.process.checks.safety import concern_raised
from mailflow.scene import Scene

__all__ = ["CHECKS", "FAMILY", "FIXED", "check_casenote", "check_family", "check_form", "concern_raised", "find_danger"]


def check_form(
    scene: Scene, submission: Submission, previous: Submission | None, mail_text: str, received_at: datetime,
    words: Mapping[str, str], *, subject: str = "", earlier: tuple[Submission, ...] = (),
    own_refs: frozenset[str] = frozenset(), is_case: Callable[[str], bool] | None = None,
    staff_names: frozenset[str] = frozenset(), own_texts: tuple[str, ...] = (),
) -> tuple[Finding, ...]:
    """Everything wrong or odd with one return, in the order of :data:`CHECKS`.

    ``previous`` is the submission this one amends (the one that was sent back), None for a first return; ``mail_text``
    is what the sender wrote, quotes taken out; ``words`` come from :func:`mailflow.framework.words.load_words`.
    What more is known makes the checks surer: ``earlier`` submissions (CHK-112), ``own_refs`` of other audits of the
    same case and ``is_case``, is this a case number of ours (CHK-104), ``staff_names`` of the directory (CHK-103),
    ``own_texts`` of letters that may be quoted back to us (CHK-072).
    """
    look = Look(scene, submission, previous, mail_text, received_at, subject, earlier, own_refs, is_case, staff_names,
                (*words.values(), *own_texts))
    return run_checks(look, words)


def check_family(scene: Scene, submission: Submission, words: Mapping[str, str]) -> tuple[Finding, ...]:
    """The findings of a submission that stands, with what ``scene.feedback`` knows by now (IN-03)."""
    return ask_family_again(Look(scene, submission, None, "", submission.received_at), words)
