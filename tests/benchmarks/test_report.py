"""What a report costs beside bare Typst laying out the very same page (documents facts, section 3).

Every call is given other data: Typst remembers what it laid out before, and would be measured asleep.
"""

import json
import statistics
import time
from collections.abc import Callable
from importlib.resources import files

import typst

from mailflow.framework import framework_folders
from mailflow.scene import Scene
from outbox.pages.report import gather, render_report
from tests.outbox.document_scene import ROW, make_scene, submission_of

FOLDERS = framework_folders("framework-2023")
LAYOUT = next(f / "documents" / "report.typ" for f in FOLDERS if (f / "documents" / "report.typ").is_file())


def _scene(number: int) -> Scene:
    written = {f"{area}.evidence": f"Round {number}, {area}: the visit of 3 June shows it. " * 12
               for area in ("voice", "assessment", "planning", "review", "direct_work", "family", "partners", "oversight")}
    return make_scene(written, (ROW,) * 6)


def _time(way: Callable[[], object]) -> float:
    begun = time.perf_counter()
    way()
    return time.perf_counter() - begun


def test_a_report_costs_no_more_than_1_3_times_bare_typst() -> None:
    fonts = typst.Fonts(include_system_fonts=False, font_paths=[str(files("manimgx_fonts"))])
    compiler = typst.Compiler(str(LAYOUT), root=str(LAYOUT.parent), font_paths=fonts)

    def bare(text: str) -> None:
        compiler.compile(format="pdf", sys_inputs={"data": text}, pdf_standards=["a-2a", "ua-1"])

    times: dict[str, list[float]] = {"ours": [], "bare": []}
    for number in range(0, 64, 2):
        ours, theirs = _scene(number), _scene(number + 1)
        text = json.dumps(gather(theirs, submission_of(theirs)), ensure_ascii=False)
        times["ours"].append(_time(lambda s=ours: render_report(s, submission_of(s), FOLDERS)))  # type: ignore[misc]
        times["bare"].append(_time(lambda t=text: bare(t)))  # type: ignore[misc]
    ours_s, bare_s = (statistics.median(times[name][2:]) for name in ("ours", "bare"))
    print(f"\nreport: {ours_s * 1000:.1f} ms, bare Typst {bare_s * 1000:.1f} ms, ratio {ours_s / bare_s:.2f}")
    assert ours_s <= 1.3 * bare_s
