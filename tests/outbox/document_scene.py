"""An accepted audit of Northmoor Council whose form is filled in as a test wants it, and tools to look into a PDF."""

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pikepdf
import pypdf

from mailflow.model import Answer, Audit, Document, Reading, State, Status, Submission
from mailflow.scene import Scene
from tests.process import builders

ROW = {"text": "Bring the chronology up to date", "owner": "Social worker", "due": "2026-07-20"}


def make_scene(answers: Mapping[str, str] | None = None, rows: Sequence[Mapping[str, str]] = (ROW,), *, marking: str = "",
               blank: bool = False, record: Mapping[str, Any] | None = None, **audit: Any) -> Scene:
    """Every answer filled in and graded good, save ``answers``; ``blank`` starts from a form nobody typed in.

    Values of ``rows`` are taken as they are settled: a due in ISO is a date, anything else is text.
    """
    found = {} if blank else dict(builders.reading().answers)
    found |= {name: Answer(name, text, value=text or None) for name, text in (answers or {}).items()}
    table = tuple({c: Answer(f"actions.{n}.{c}", t, value=t or None) for c, t in row.items()} for n, row in enumerate(rows, 1))
    sent = builders.submission(1, of=Reading(Status.READABLE, "base-10", "1", answers=found, rows={"actions": table}))
    given: dict[str, Any] = {
        "submission": 1, "accepted_at": builders.at("2026-06-23"), "grade": "" if blank else "good", **audit}
    of: Audit = builders.audit(State.ACCEPTED, **given)
    rules = builders.with_rules(builders.framework(), send={"marking": marking}, record=dict(record or {}))
    return builders.scene(builders.at("2026-06-23", "14:05"), of, submission=sent, rules=rules)


def submission_of(scene: Scene) -> Submission:
    assert scene.submission is not None
    return scene.submission


def with_answer(scene: Scene, field: str, text: str) -> Scene:
    sent = submission_of(scene)
    answers = {**sent.reading.answers, field: Answer(field, text, value=text or None)}
    return replace(scene, submission=replace(sent, reading=replace(sent.reading, answers=answers)))


def text_of(document: Document) -> str:
    """What can be read in the PDF, page after page, with every run of white space one space."""
    pages = pypdf.PdfReader(io.BytesIO(document.data)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def pages_of(document: Document) -> list[str]:
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(document.data)).pages]


def elements(document: Document) -> list[tuple[str, str]]:
    """Every element of the structure tree in reading order: (its tag such as "H2", its Scope or "")."""
    with pikepdf.open(io.BytesIO(document.data)) as pdf:
        return list(_walk(pdf.Root.StructTreeRoot))


def _walk(here: pikepdf.Object) -> Iterator[tuple[str, str]]:
    if isinstance(here, pikepdf.Array):
        for one in here:
            yield from _walk(one)
    elif isinstance(here, pikepdf.Dictionary):
        if "/S" in here:
            given = here.get("/A", [])
            attributes = list(given) if isinstance(given, pikepdf.Array | list) else [given]
            scopes = [str(a.Scope).lstrip("/") for a in attributes if "/Scope" in a]
            yield str(here.S).lstrip("/"), "".join(scopes)
        if "/K" in here:
            yield from _walk(here.K)
