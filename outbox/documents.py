"""Which document is made how. A wish names codes; what each needs is imported only when it is wanted.

Documents that are the same for every recipient of a wish are made once; the invitation is made for one person.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath

from mailflow.errors import Broken, ConfigError, PermanentError
from mailflow.form.definition import FormDefinition
from mailflow.model import Document, Finding, Point, Submission, Wish
from mailflow.scene import Scene
from outbox.annotate.point_places import Returned, answers_by_field, find_places, kind_of
from outbox.desk import Desk

# What a returned document may be called when it is passed on; its own name may hold a child's (HR-01).
_SUFFIXES = frozenset((".docx", ".doc", ".odt", ".rtf", ".pdf", ".xlsx", ".docm"))


def make_shared(wish: Wish, desk: Desk) -> "Made":
    """Every document of the wish but the personal ones. Raises Broken for a code nobody makes."""
    documents: list[Document] = []
    for code in wish.documents:
        if code in _PERSONAL:
            continue
        if code not in _MAKERS:
            raise Broken(f"{wish.code} asks for {code}, which nobody makes")
        documents += _MAKERS[code](wish, desk)
    note = next((d.data.decode().strip() for d in documents if d.name.startswith("case-note-")), "")
    annotated = any(d.name.endswith("-comments.docx") for d in documents)
    return Made(tuple(documents), annotated, "DOC-37" in wish.documents and bool(_criteria(wish, desk)), note,
                kind_of(desk.original), {} if annotated else _told_places(wish, desk))


def _told_places(wish: Wish, desk: Desk) -> dict[int | Finding, str]:
    """Where each point or finding is, in words, for a letter that brings no document with comments.

    A reminder follows a letter that may have brought one: it names only the places that no comment can stand at.
    """
    submission = desk.scene.submission if desk.scene else None
    if submission is None:
        return {}
    every = "annotated" in wish.documents
    places = find_places(tuple(wish.facts.get("points", ())), submission.reading, every)
    findings = tuple(wish.facts.get("findings", ()))
    numbered = tuple(Point(n, f.words, f.check, f.fields, f.section) for n, f in enumerate(findings))
    told = find_places(numbered, submission.reading, every=False)
    return {**places, **{findings[n]: place for n, place in told.items()}}


def make_personal(wish: Wish, desk: Desk, address: str) -> tuple[Document, ...]:
    """The documents made for one recipient: the invitation (DOC-05)."""
    if "DOC-05" not in wish.documents:
        return ()
    from outbox.pages.invite import compose_invite

    scene = _scene(desk)
    meeting_at = wish.facts.get("meeting_at") or scene.audit.meeting_at
    if meeting_at is None:
        raise Broken(f"{wish.code} asks for an invitation and no meeting is booked")
    return (compose_invite(meeting_at, secret=desk.secret, ref=scene.audit.ref, organiser=desk.mailbox,
                           attendee=address, now=desk.now, sequence=scene.audit.generation),)


def _scene(desk: Desk) -> Scene:
    if desk.scene is None:
        raise Broken("a document about an audit needs the audit")
    return desk.scene


def _submission(desk: Desk) -> Submission:
    submission = _scene(desk).submission
    if submission is None:
        raise Broken("a report needs a submission")
    return submission


def _form(wish: Wish, desk: Desk) -> tuple[Document, ...]:
    scene = _scene(desk)
    form = scene.form.for_category(scene.case.category)
    if desk.framework.form.carrier == "xlsx":
        from outbox.forms import workbook as sent_workbook

        return (sent_workbook.fill_workbook(scene, form, desk.folders, desk.secret, desk.carried),)
    from outbox.forms import word

    if desk.carried is not None:
        return (word.refill(scene, form, desk.folders, desk.secret, desk.carried),)
    return (word.fill_form(scene, form, desk.folders, desk.secret),)


# What is printed of the audit in the form families' views come on: it may lie on a kitchen table (HR-01).
_PRINTED_FOR_FAMILIES = frozenset({"reference"})


def _feedback_form(wish: Wish, desk: Desk) -> tuple[Document, ...]:
    """The form the views come on by themselves, made out for this audit."""
    from outbox.forms import word

    form = _views_form(wish, desk)
    return (word.fill_form(_scene(desk), form, desk.folders, desk.secret, "Feedback form", _PRINTED_FOR_FAMILIES),)


def _telephone_guide(wish: Wish, desk: Desk) -> tuple[Document, ...]:
    """The questions are those of the form the views come on; where the audit form has a place for the views and no
    questions, the feedback form's."""
    from outbox.pages.guide import compose_guide, questions_of

    scene = _scene(desk)
    asks = "DOC-03" not in wish.documents and questions_of(scene.form, desk.framework.feedback.sources)
    return (compose_guide(scene, scene.form if asks else _views_form(wish, desk), desk.folders),)


def _postal_pack(wish: Wish, desk: Desk) -> tuple[Document, ...]:
    from outbox.pages.postal import compose_pack

    source, back_on = wish.facts["source"], wish.facts["due_back_on"]
    return (compose_pack(_scene(desk).audit.ref, source, desk.council, _views_form(wish, desk), desk.folders, back_on),)


def _views_form(wish: Wish, desk: Desk) -> FormDefinition:
    if desk.feedback_form is None:
        raise Broken(f"{wish.code} asks for what needs a feedback form, and the templates have none")
    return desk.feedback_form


def _self_assessment(wish: Wish, desk: Desk) -> tuple[Document, ...]:
    """DOC-28, one for each audit the letter tells of."""
    from outbox.forms import word

    form = _form_named(desk.framework.audit.self_assessment_form, desk)
    return tuple(word.fill_form(s, form.for_category(s.case.category), desk.folders, desk.secret, "Self-assessment")
                 for s in desk.about)


def _form_named(name: str, desk: Desk) -> FormDefinition:
    """The newest edition of a form of the templates. Raises ConfigError where there is none of that name."""
    found = [f for f in desk.forms if f.id == name]
    if not found:
        raise ConfigError(f"there is no form {name!r} in the templates")
    return max(found, key=lambda f: f.edition)


def _request(wish: Wish, desk: Desk) -> tuple[Document, ...]:
    from outbox.pages.request import compose_request

    return (compose_request(wish.facts, desk),)


def _differences(wish: Wish, desk: Desk) -> tuple[Document, ...]:
    from outbox.sheets.allocation import compose_differences

    return (compose_differences(str(wish.facts["kind"]), wish.facts["lines"], desk.now),)


def _report(wish: Wish, desk: Desk) -> tuple[Document, ...]:
    from outbox.pages.report import render_report

    return (render_report(_scene(desk), _submission(desk), desk.folders, tuple(wish.facts.get("actions", ()))),)


def _case_note(wish: Wish, desk: Desk) -> tuple[Document, ...]:
    from outbox.pages.casenote import compose_casenote, find_told

    scene = _scene(desk)
    return (compose_casenote(scene, tuple(wish.facts.get("told", ())) or find_told(scene), desk.now,
                             tuple(wish.facts.get("actions", ()))),)


def _actions(wish: Wish, desk: Desk) -> tuple[Document, ...]:
    from outbox.sheets.actions import compose_actions

    return (compose_actions(_scene(desk), tuple(wish.facts.get("actions", ()))),)


def _criteria(wish: Wish, desk: Desk) -> tuple[Document, ...]:
    by_service = desk.framework.grades.criteria_by_service
    name = by_service.get(_scene(desk).case.service) or by_service.get("*", "")
    return tuple(Document(_plain_name(d.name), d.kind if d.kind.startswith("application/") else _BYTES, d.data)
                 for d in desk.criteria if d.name == name)


def _plain_name(name: str) -> str:
    """A council's own name for a document, in characters every mail program can show."""
    return re.sub(r"[^A-Za-z0-9 ._-]+", "-", name).lstrip(" .-_")[-80:].lstrip(" .-_") or "criteria"


def _original(wish: Wish, desk: Desk) -> tuple[Document, ...]:
    if desk.original is None or desk.original.name.lower().endswith((".docm", ".dotm", ".xlsm")):
        return ()  # nothing that may hold macros leaves us (HR-10)
    suffix = PurePosixPath(desk.original.name.replace("\\", "/")).suffix.lower()
    name = f"returned-{_scene(desk).audit.ref}{suffix if suffix in _SUFFIXES else '.bin'}"
    return (Document(name, _DOCX if suffix == ".docx" else _BYTES, desk.original.data),)


def _annotated(wish: Wish, desk: Desk) -> tuple[Document, ...]:
    """The auditor's own document with our comments; none where it cannot be commented on: the letter then says so.

    It leaves as an ordinary .docx: the macros of a .docm stay behind (HR-10).
    """
    from outbox.annotate.comments import annotate

    scene = _scene(desk)
    if desk.original is None:
        return ()
    answers = answers_by_field(scene.submission.reading) if scene.submission else {}
    try:
        data = annotate(desk.original.data, _points(wish, scene), scene.form, desk.council.qa_name, desk.now, answers,
                        plain=True)
    except PermanentError:
        return ()
    return (Document(f"audit-{scene.audit.ref}-with-comments.docx", _DOCX, data),)


def _points(wish: Wish, scene: Scene) -> tuple[Point, ...]:
    """Every point of the request: the letter prints at most twenty, the document carries them all."""
    printed = tuple(wish.facts.get("points", ()))
    return scene.audit.points if set(printed) <= set(scene.audit.points) and scene.audit.points else printed


_BYTES = "application/octet-stream"
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_PERSONAL = ("DOC-05",)
_MAKERS: dict[str, Callable[[Wish, Desk], tuple[Document, ...]]] = {
    "DOC-02": _form, "DOC-03": _feedback_form, "DOC-04": _telephone_guide, "DOC-06": _report, "DOC-07": _case_note,
    "DOC-27": _postal_pack, "DOC-28": _self_assessment, "DOC-36": _request, "DOC-37": _criteria, "DOC-38": _actions,
    "differences": _differences,
    "original": _original, "annotated": _annotated,
}


@dataclass(frozen=True)
class Made:
    """The shared documents of a wish, and what the letter may say of them.

    ``places`` are words by a point's number or by a finding, where no document with comments shows them.
    """

    documents: tuple[Document, ...]
    annotated: bool
    criteria: bool
    case_note: str
    returned: Returned
    places: dict[int | Finding, str]
