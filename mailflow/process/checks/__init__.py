"""The checks of a returned form (domain section 4): findings beside what could be read, never an exception.

Every check is a row of a table: :data:`CHECKS` for an audit's form, :data:`MODERATION` for a moderation's, :data:`CASENOTE`
for the case note we make ourselves. A form is asked by part, kind and ``asks``, never by its name, so a check about
scores is silent in a form without them. ``mailflow checks`` prints all of them. Where a check is less than its sentence:

| check | what it can tell |
| --- | --- |
| CHK-031 | never blocks, for the QA team only: no word rule can tell whether a line of enquiry was addressed |
| CHK-066, 100 | the child's age only where the form's header gives one: no case data holds it |
| CHK-089 | other cases' audits that the corridor found alike (``mailflow/form/passages.py``) |
| CHK-116 | an earlier action counts as answered where a paragraph names it and says done, partly or not |
"""

from collections.abc import Callable, Mapping
from datetime import datetime

from mailflow.model import Finding, Person, Submission
from mailflow.process.checks.casenote import check_casenote
from mailflow.process.checks.danger import find_danger
from mailflow.process.checks.listing import CASENOTE, Listed, list_checks
from mailflow.process.checks.look import Elsewhere, Look
from mailflow.process.checks.order import CHECKS, FAMILY, FIXED, MODERATION, ask_family_again, run_checks, run_moderation
from mailflow.process.checks.safety import concern_raised
from mailflow.scene import Scene

__all__ = ["CASENOTE", "CHECKS", "FAMILY", "FIXED", "MODERATION", "Elsewhere", "Listed", "check_casenote", "check_family",
           "check_form", "check_moderation", "concern_raised", "find_danger", "list_checks"]


def check_form(
    scene: Scene, submission: Submission, previous: Submission | None, mail_text: str, received_at: datetime,
    words: Mapping[str, str], *, subject: str = "", earlier: tuple[Submission, ...] = (),
    own_refs: frozenset[str] = frozenset(), is_case: Callable[[str], bool] | None = None,
    staff_names: frozenset[str] = frozenset(), own_texts: tuple[str, ...] = (), parent: Submission | None = None,
    elsewhere: tuple[Elsewhere, ...] = (),
) -> tuple[Finding, ...]:
    """Everything wrong or odd with one return, in the order of :data:`CHECKS`.

    ``previous`` is the submission this one amends (the one that was sent back), None for a first return; ``mail_text``
    is what the sender wrote, quotes taken out; ``words`` come from :func:`mailflow.framework.words.load_words`.
    What more is known makes the checks surer: ``earlier`` submissions (CHK-112), ``own_refs`` of other audits of the
    same case and ``is_case``, is this a case number of ours (CHK-104), ``staff_names`` of the directory (CHK-103),
    ``own_texts`` of letters that may be quoted back to us (CHK-072), ``parent``, the last return of the audit a re-audit
    repeats (CHK-116, 117), ``elsewhere``, other cases' audits that share passages with this one (CHK-089).
    """
    look = Look(scene, submission, previous, mail_text, received_at, subject, earlier, own_refs, is_case, staff_names,
                (*words.values(), *own_texts), parent, elsewhere)
    return run_checks(look, words)


def check_family(scene: Scene, submission: Submission, words: Mapping[str, str]) -> tuple[Finding, ...]:
    """The findings of a submission that stands, with what ``scene.feedback`` knows by now (IN-03)."""
    return ask_family_again(Look(scene, submission, None, "", submission.received_at), words)


def check_moderation(
    scene: Scene, submission: Submission, moderator: Person | None, mail_text: str, received_at: datetime,
    words: Mapping[str, str], *, own_texts: tuple[str, ...] = (),
) -> tuple[Finding, ...]:
    """Everything wrong with one moderation form, in the order of :data:`MODERATION` (CHK-113 … 115, safety first).

    ``scene`` is the moderated audit's, with the moderation's own definition as its ``form``; ``submission`` holds that
    form's reading; ``moderator`` is who sent it, None where nobody knows.
    """
    look = Look(scene, submission, None, mail_text, received_at, own_wording=(*words.values(), *own_texts),
                moderator=moderator)
    return run_moderation(look, words)
