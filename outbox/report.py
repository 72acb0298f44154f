"""The audit report (DOC-06): a tagged PDF laid out by Typst, checked to PDF/A-2a and PDF/UA-1 by Typst itself.

Typst is imported when the first report is made. The compiler is kept, one a template, with the fonts of the
manimgx_fonts wheel and Typst's own: no font of the machine is used, so the same audit gives the same PDF anywhere.
"""

import json
from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from mailflow.errors import ConfigError, PermanentError
from mailflow.form.definition import FormDefinition, FormSection, Part
from mailflow.framework import framework_folders
from mailflow.model import Document, Submission
from mailflow.scene import Scene
from outbox import words
from outbox.answers import find_actions, find_grades, settled
from outbox.coverage import Coverage, tidy

_STAGE_WORDS = {"pre": "Before the conversation", "post": "After the conversation", "": "Grade"}
# Parts that make a section worth printing. A section of other questions alone (why a form is late) is not the team's.
_PRINTED = frozenset((Part.EVIDENCE, Part.CONVERSATION, Part.THEMES))
_CONVERSATION = "The conversation with the practitioner"
_NOTHING = ("Not answered.",)


def render_report(scene: Scene, submission: Submission, folders: tuple[Path, ...] = ()) -> Document:
    """The report of one submission. No character can cost the PDF: what the fonts lack stands as a box and is noted.

    Raises ConfigError where the layout itself is wrong, PermanentError where no PDF can be made of this content.
    """
    folders = folders or framework_folders(scene.framework.id)
    press = _press(_find_layout(folders, "report.typ"), _find_layout(folders, "probe.typ"))
    return Document(f"audit-report-{scene.audit.ref}.pdf", "application/pdf", press.print(gather(scene, submission)))


def _find_layout(folders: tuple[Path, ...], name: str) -> Path:
    for folder in folders:
        path = folder / "documents" / name
        if path.is_file():
            return path
    raise ConfigError(f"documents/{name} is in none of {', '.join(map(str, folders))}")


def gather(scene: Scene, submission: Submission) -> dict[str, Any]:
    """What the layout prints, as plain JSON values: texts are lists of lines."""
    form, reading = scene.form.for_category(scene.case.category), submission.reading
    sections = [s for s in form.sections if s.domain or any(f.part in _PRINTED for f in s.fields)]
    stages = list(dict.fromkeys(f.stage for s in sections for f in find_grades(s)))
    actions = find_actions(form, reading)
    priority = any(a.priority for a in actions)
    issued = words.local(scene.audit.accepted_at or submission.received_at)
    opening = [s for s in sections if not s.domain and find_grades(s)]
    return {
        "title": "Audit report", "council": scene.council.name, "ref": scene.audit.ref,
        "marking": scene.framework.send.marking, "date": [issued.year, issued.month, issued.day],
        "about": _about(scene, submission), "overall": _grade(_overall(opening, submission) or scene.audit.grade),
        "concern": _concern(scene, submission), "stages": [_STAGE_WORDS.get(s, s) for s in stages],
        "grades": [_grade_row(s, stages, submission) for s in sections if find_grades(s)],
        "opening": [_part(s, submission, (Part.EVIDENCE,)) for s in opening],
        "strengths": [{"title": s.title, "lines": lines} for s in sections
                      if (lines := _lines(reading.answer(f.id) for f in s.by_part(Part.STRENGTHS)))],
        "domains": [_part(s, submission, (Part.EVIDENCE, Part.OTHER)) for s in sections if s.domain],
        "others": _others(form, submission, sections),
        "improvements": [{"lines": lines} for s in form.sections for f in s.by_part(Part.IMPROVEMENTS)
                         if (lines := _lines([reading.answer(f.id)]))],
        "priority": priority, "action_heads": ["No.", "Action", "By whom", "By when"] + ["Priority"] * priority,
        "actions": [[str(n), a.text, a.owner or "Not given", words.due(a.due).replace("not given", "Not given")]
                    + [a.priority or "Not given"] * priority for n, a in enumerate(actions, 1)],
        "note": "",
    }


def _about(scene: Scene, submission: Submission) -> list[list[str]]:
    people = {role: scene.parties.first(role) for role in ("practitioner", "auditor", "tm")}
    names = {role: person.name if person else "Not in the directory" for role, person in people.items()}
    return [
        ["Reference", scene.audit.ref], ["Case number", scene.case.number],
        ["Cycle", words.month_of(scene.audit.cycle)], ["Category", scene.case.category],
        ["Team", scene.case.team], ["Practitioner", names["practitioner"]],
        ["Team manager", names["tm"]], ["Auditor", names["auditor"]],
        ["Form received", words.day(submission.received_at)],
        ["Accepted", words.day(scene.audit.accepted_at) if scene.audit.accepted_at else "Not yet"],
    ]


def _overall(opening: list[FormSection], submission: Submission) -> str:
    return settled(submission.reading.answers.get(find_grades(opening[0])[-1].id)) if opening else ""


def _concern(scene: Scene, submission: Submission) -> bool:
    """Was a concern raised? That it was, never what it was."""
    boxes = [submission.reading.answers.get(f.id) for s in scene.form.sections for f in s.by_part(Part.CONCERN)]
    return any(a is not None and a.value == "yes" for a in boxes)


def _grade(value: str) -> str:
    return words.grade(value) if value else "Not given"


def _grade_row(section: FormSection, stages: list[str], submission: Submission) -> list[str]:
    given = {f.stage: settled(submission.reading.answers.get(f.id)) for f in find_grades(section)}
    return [section.title, *(_grade(given.get(stage, "")) for stage in stages)]


def _part(section: FormSection, submission: Submission, parts: tuple[Part, ...]) -> dict[str, Any]:
    """One section's written answers; a required question left blank says so."""
    blocks, asked = [], [f for f in section.fields if f.part in parts]
    for field in asked:
        lines = _lines([submission.reading.answer(field.id)]) or (list(_NOTHING) if field.required else [])
        if lines:
            blocks.append({"label": field.label if len(asked) > 1 else "", "lines": lines})
    grades = [settled(submission.reading.answers.get(f.id)) for f in find_grades(section)]
    # The form speaks to the auditor ("your conversation"); the report speaks to the others.
    title = _CONVERSATION if section.by_part(Part.CONVERSATION) else section.title
    return {"title": title, "blocks": blocks,
            "grades": f"Grade: {_grade(grades[-1])}" if grades else ""}


def _others(form: FormDefinition, submission: Submission, sections: list[FormSection]) -> list[dict[str, Any]]:
    """The conversation, and the themes under a heading of their own."""
    reading = submission.reading
    made = [_part(s, submission, (Part.CONVERSATION, Part.EVIDENCE, Part.OTHER))
            for s in sections if not s.domain and not find_grades(s)]
    themes = [{"label": "", "lines": lines} for s in form.sections for f in s.by_part(Part.THEMES)
              if (lines := _lines([reading.answer(f.id)]))]
    made = [part for part in made if part["blocks"]]
    if themes:
        made.append({"title": "Themes", "blocks": themes, "grades": ""})
    return made


def _lines(texts: Iterable[str]) -> list[str]:
    return [line.strip() for text in texts for line in text.split("\n") if line.strip()]


@lru_cache(maxsize=8)
def _press(layout: Path, probe: Path) -> "Press":
    return Press(layout, probe)


class Press:
    """One kept compiler for one layout, and what its fonts can show."""

    def __init__(self, layout: Path, probe: Path) -> None:
        import typst

        self._faults = typst.TypstError
        fonts = typst.Fonts(include_system_fonts=False, font_paths=[str(files("manimgx_fonts"))])
        self._compiler = typst.Compiler(str(layout), root=str(layout.parent), font_paths=fonts)
        prober = typst.Compiler(str(probe), root=str(probe.parent), font_paths=fonts)
        self._coverage = Coverage(lambda text: self._shows(prober, text))
        self._layout = layout

    def print(self, data: dict[str, Any]) -> bytes:
        """Data → PDF. Raises ConfigError for a fault of the layout, PermanentError for one of the content."""
        text, lost = self._coverage.fit(json.dumps(tidy(data), ensure_ascii=False))
        try:
            return self.compile(_noted(text, lost))
        except self._faults:
            # Characters that can be shown alone may still fail together: keep plain letters only, and say so.
            plain, more = self._coverage.fit_plainly(text)
        try:
            return self.compile(_noted(plain, lost + more))
        except self._faults as e:
            raise PermanentError(f"{self._layout.name} made no PDF: {e}") from e

    def compile(self, text: str) -> bytes:
        """Bare Typst: the JSON text → PDF."""
        made = self._compiler.compile(format="pdf", sys_inputs={"data": text}, pdf_standards=["a-2a", "ua-1"])
        assert isinstance(made, bytes)
        return made

    def _shows(self, prober: Any, text: str) -> bool:
        try:
            prober.compile(format="pdf", sys_inputs={"text": text}, pdf_standards=["a-2a", "ua-1"])
        except self._faults:
            return False
        return True


def _noted(text: str, lost: int) -> str:
    if not lost:
        return text
    said = words.plural(lost, "character") + (" was" if lost == 1 else " were")
    note = f"{said} typed in the form that our fonts cannot show. A box (□) stands in the place of each."
    return json.dumps(json.loads(text) | {"note": note}, ensure_ascii=False)


def print_layout(folders: tuple[Path, ...], layout: str, data: dict[str, Any]) -> bytes:
    """Any other layout of the documents folder printed in the same way, the same characters guarded."""
    return _press(_find_layout(folders, layout), _find_layout(folders, "probe.typ")).print(data)
