"""The telephone guide (DOC-04): what to say when a parent, carer or young person is rung for their views (F0-FBK-01).

The words stand in ``documents/telephone-guide.docx``, which a council edits in Word; the questions are the feedback form's.
"""

import io
from collections.abc import Mapping
from pathlib import Path

from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from mailflow.errors import ConfigError
from mailflow.form.definition import FormDefinition, Kind, Part
from mailflow.model import Document
from mailflow.scene import Scene
from outbox.word import KIND
from outbox.word_values import clean
from outbox.word_zip import pack, read_members, write_members

_NAME = "telephone-guide.docx"
_ENVIRONMENT = SandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
_LIVE = ("word/document.xml", "word/header1.xml", "word/footer1.xml", "docProps/core.xml")


def compose_guide(scene: Scene, form: FormDefinition, folders: tuple[Path, ...]) -> Document:
    """The guide for one audit: its reference and our numbers, nothing about the case (HR-01).

    ``form`` is the feedback form. Raises ConfigError where no folder has a guide, or it prints what nobody gives.
    """
    path = next((p for f in folders if (p := f / "documents" / _NAME).is_file()), None)
    if path is None:
        raise ConfigError(f"documents/{_NAME} is missing")
    council = scene.council
    values = {
        "council": clean(council.name), "qa_name": clean(council.qa_name), "qa_phone": clean(council.qa_phone),
        "out_of_hours": clean(council.out_of_hours), "marking": clean(scene.framework.send.marking),
        "ref": scene.audit.ref, "questions": questions_of(form),
    }
    try:
        members = [pack(m.name, _print(m.unpack(), values)) if m.name in _LIVE else m for m in read_members(path.read_bytes())]
    except TemplateError as e:
        raise ConfigError(f"{path}: {e}") from e
    return Document(f"Telephone guide {scene.audit.ref}.docx", KIND, write_members(members))


def questions_of(form: FormDefinition) -> tuple[str, ...]:
    """What is asked: the form's own questions in its order, without head, contact notes and what is for afterwards."""
    fields = [f for s in form.sections if s.id == "views" for f in s.fields]
    return tuple(f.label for f in fields if f.part in (Part.OTHER, Part.SCORE) or f.kind is Kind.NOTES)


def _print(part: bytes, values: Mapping[str, object]) -> bytes:
    """One part of the document with its expressions filled in, whatever runs Word has cut them into."""
    text = part.decode("utf-8")
    if "{{" not in text and "{%" not in text:
        return part
    source = str(DocxTemplate(io.BytesIO()).patch_xml(text))
    return _ENVIRONMENT.from_string(source).render(values).encode()
