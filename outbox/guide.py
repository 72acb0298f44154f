"""The telephone guide (DOC-04): what to say when a parent, carer or young person is rung for their views (F0-FBK-01).

The words stand in ``documents/telephone-guide.docx``, which a council edits in Word; the questions are the feedback form's.
"""

from pathlib import Path

from mailflow.form.definition import FormDefinition, Kind, Part
from mailflow.model import Document
from mailflow.scene import Scene
from outbox.word import KIND
from outbox.word_print import print_document
from outbox.word_values import clean


def compose_guide(scene: Scene, form: FormDefinition, folders: tuple[Path, ...]) -> Document:
    """The guide for one audit: its reference and our numbers, nothing about the case (HR-01).

    ``form`` is the feedback form. Raises ConfigError as :func:`print_document` does.
    """
    council = scene.council
    values = {
        "council": clean(council.name), "qa_name": clean(council.qa_name), "qa_phone": clean(council.qa_phone),
        "out_of_hours": clean(council.out_of_hours), "marking": clean(scene.framework.send.marking),
        "ref": scene.audit.ref, "questions": questions_of(form),
    }
    data = print_document("telephone-guide.docx", values, folders)
    return Document(f"Telephone guide {scene.audit.ref}.docx", KIND, data)


def questions_of(form: FormDefinition) -> tuple[str, ...]:
    """What is asked: the form's own questions in its order, without head, contact notes and what is for afterwards."""
    fields = [f for s in form.sections if s.id == "views" for f in s.fields]
    return tuple(f.label for f in fields if f.part in (Part.OTHER, Part.SCORE) or f.kind is Kind.NOTES)
