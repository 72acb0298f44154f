"""A Word document with no boxes to fill: its words are a council's, edited in Word; ours are put where it names them."""

import io
from collections.abc import Mapping
from pathlib import Path

from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from mailflow.errors import ConfigError
from outbox.forms.packing import pack, read_members, write_members

_ENVIRONMENT = SandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
_LIVE = ("word/document.xml", "word/header1.xml", "word/footer1.xml", "docProps/core.xml")


def print_document(name: str, values: Mapping[str, object], folders: tuple[Path, ...]) -> bytes:
    """``documents/<name>`` of the nearest folder with the values in it; the same values give the same bytes.

    Raises ConfigError where no folder has it, or it prints what nobody gives.
    """
    path = next((p for f in folders if (p := f / "documents" / name).is_file()), None)
    if path is None:
        raise ConfigError(f"documents/{name} is missing")
    try:
        members = [pack(m.name, _print(m.unpack(), values)) if m.name in _LIVE else m for m in read_members(path.read_bytes())]
    except TemplateError as e:
        raise ConfigError(f"{path}: {e}") from e
    return write_members(members)


def _print(part: bytes, values: Mapping[str, object]) -> bytes:
    """One part of the document with its expressions filled in, whatever runs Word has cut them into."""
    text = part.decode("utf-8")
    if "{{" not in text and "{%" not in text:
        return part
    source = str(DocxTemplate(io.BytesIO()).patch_xml(text))
    return _ENVIRONMENT.from_string(source).render(values).encode()
