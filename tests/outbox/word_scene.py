"""One invented audit of Northmoor Council, its form, and small tools to look into Word documents."""

import io
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from lxml import etree

from mailflow.config import Council
from mailflow.form.definition import FormDefinition
from mailflow.form.load import load_form
from mailflow.framework import framework_folders, load_framework, templates_root
from mailflow.model import Audit, Case, Parties, Person, State
from mailflow.scene import Scene

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
SECRET = b"the installation's secret"
FOLDERS = framework_folders("framework-2023")
FORM_TOML = templates_root() / "base" / "form.toml"
CHECKED_IN = templates_root() / "base" / "documents" / "base-10.docx"
BODY = "word/document.xml"


def make_form() -> FormDefinition:
    return load_form(FORM_TOML)


def make_scene(form: FormDefinition | None = None, marking: str = "", **case: str) -> Scene:
    framework = load_framework("framework-2023", {"send": {"allowed_domains": ["northmoor.example"], "marking": marking}})
    audit = Audit(
        ref="2606-001K", cycle="2606", case_number="4410072", auditor="asha.auditor@northmoor.example",
        state=State.SELECTED, due_on=date(2026, 6, 30), opens_on=date(2026, 6, 1), lookback_from_on=date(2025, 12, 1),
        allocated_at=datetime(2026, 6, 1, 8, 0, tzinfo=UTC), form="base-10", edition="1")
    parties = Parties({
        "auditor": (Person("asha.auditor@northmoor.example", "Asha Auditor"),),
        "practitioner": (Person("pat.practitioner@northmoor.example", "Pat Practitioner"),)})
    return Scene(
        audit=audit, parties=parties, framework=framework, form=form or make_form(),
        case=replace(Case("4410072", "CP", "Assessment Team 2", "pat.practitioner@northmoor.example"), **case),
        council=Council("Northmoor Council", "Quality Assurance team", "01632 960000", "01632 960999",
                        "Northmoor Council"),
        now=datetime(2026, 6, 1, 8, 0, tzinfo=UTC))


def read_part(package: bytes, name: str = BODY) -> bytes:
    with zipfile.ZipFile(io.BytesIO(package)) as opened:
        assert opened.testzip() is None
        return opened.read(name)


def read_tree(package: bytes, name: str = BODY) -> etree._Element:
    return etree.fromstring(read_part(package, name))


def replace_part(package: bytes, changes: dict[str, bytes | None]) -> bytes:
    """The package with some parts replaced, added, or (None) taken out."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in changes:
                new.writestr(name, old.read(name))
        for name, data in changes.items():
            if data is not None:
                new.writestr(name, data)
    return out.getvalue()


def text_of(element: etree._Element) -> str:
    """What a person reads there; line breaks and paragraphs are newlines."""
    out = ""
    for e in element.iter(f"{W}t", f"{W}br", f"{W}tab", f"{W}p"):
        if e.tag == f"{W}t":
            out += e.text or ""
        else:
            out += "\t" if e.tag == f"{W}tab" else "\n"
    return out.strip("\n")


def control(tree: etree._Element, tag: str) -> etree._Element:
    found = [t for t in tree.iter(f"{W}tag") if t.get(f"{W}val") == tag]
    assert len(found) == 1, f"{tag} stands {len(found)} times"
    return found[0].getparent().getparent()


def answer_of(tree: etree._Element, field: str) -> str:
    return text_of(control(tree, f"mf:{field}").find(f"{W}sdtContent"))


def page_of(tree: etree._Element) -> list[str]:
    """Every paragraph's text in page order."""
    return [text_of(p) for p in tree.iter(f"{W}p")]


def write_form_toml(folder: Path, text: str) -> FormDefinition:
    (folder / "form.toml").write_text(text, encoding="utf-8")
    return load_form(folder / "form.toml")
