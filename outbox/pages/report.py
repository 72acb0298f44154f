"""The audit report (DOC-06): a tagged PDF laid out by Typst, checked to PDF/A-2a and PDF/UA-1 by Typst itself.

Typst is imported when the first report is made. The compiler is kept, one a template, with the fonts of the
manimgx_fonts wheel and Typst's own: no font of the machine is used, so the same audit gives the same PDF anywhere.
"""

import json
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from mailflow.errors import ConfigError, PermanentError
from mailflow.framework import framework_folders
from mailflow.model import Action, Document, Submission
from mailflow.scene import Scene
from outbox import words
from outbox.pages.coverage import Coverage, tidy
from outbox.pages.report_content import gather


def render_report(scene: Scene, submission: Submission, folders: tuple[Path, ...] = (),
                  actions: tuple[Action, ...] = ()) -> Document:
    """The report of one submission; ``actions`` with their days worked out, else as the form has them.

    No character can cost the PDF: what the fonts lack stands as a box and is noted.

    Raises ConfigError where the layout itself is wrong, PermanentError where no PDF can be made of this content.
    """
    folders = folders or framework_folders(scene.framework.id)
    press = _press(_find_layout(folders, "report.typ"), _find_layout(folders, "probe.typ"))
    return Document(f"audit-report-{scene.audit.ref}.pdf", "application/pdf", press.print(gather(scene, submission, actions)))


def _find_layout(folders: tuple[Path, ...], name: str) -> Path:
    for folder in folders:
        path = folder / "documents" / name
        if path.is_file():
            return path
    raise ConfigError(f"documents/{name} is in none of {', '.join(map(str, folders))}")


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
