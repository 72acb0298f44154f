"""The telephone guide (DOC-04): what to say when a parent, carer or young person is rung for their views (F0-FBK-01).

The words stand in ``documents/telephone-guide.docx``, which a council edits in Word; the questions are those of the form the
views come on.
"""

from collections.abc import Iterable
from pathlib import Path

from mailflow.form.definition import FormDefinition
from mailflow.form.family import split_feedback
from mailflow.model import Document
from mailflow.scene import Scene
from outbox.forms.printed import print_document
from outbox.forms.values import clean
from outbox.forms.word import KIND

_ASKED = ("answer", "score")


def compose_guide(scene: Scene, form: FormDefinition, folders: tuple[Path, ...]) -> Document:
    """The guide for one audit: its reference and our numbers, nothing about the case (HR-01).

    ``form`` is the one that asks. Raises ConfigError as :func:`print_document` does.
    """
    council = scene.council
    values = {
        "council": clean(council.name), "qa_name": clean(council.qa_name), "qa_phone": clean(council.qa_phone),
        "out_of_hours": clean(council.out_of_hours), "marking": clean(scene.framework.send.marking),
        "ref": scene.audit.ref, "questions": questions_of(form, scene.framework.feedback.sources),
    }
    data = print_document("telephone-guide.docx", values, folders)
    return Document(f"Telephone guide {scene.audit.ref}.docx", KIND, data)


def questions_of(form: FormDefinition, sources: Iterable[str] = ()) -> tuple[str, ...]:
    """What is asked of these sources (none = everybody), in the form's order: not who answered, nor what is for afterwards."""
    whose = tuple(sources)
    return tuple(f.label for f in form.fields if any(
        part in _ASKED and (not whose or source in ("", *whose)) for source, part in map(split_feedback, f.feedback)))
