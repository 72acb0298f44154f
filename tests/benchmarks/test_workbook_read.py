"""What reading a returned workbook costs, beside the bare library's reading of its values (documents facts, section 4).

The limit: calamine, every sheet to lists. Ours: the guard, the values, the grid, and all that stands beside the cells.
Twelve differently filled tools of three sheets take turns. Ratios of medians, interleaved in one process; no times are
asserted.
"""

import gc
import io

import openpyxl
import python_calamine

from parsers.workbook.document import read_workbook
from tests.benchmarks.test_parsers_read import medians
from tests.parsers.test_samples import sample


def make_documents() -> list[bytes]:
    """An invented audit tool: an audit of eight areas with some forty words of evidence each, actions, feedback."""
    documents = []
    for n in range(12):
        book = openpyxl.Workbook()
        audit = book.worksheets[0]
        audit.append(("Case", f"00{n}4417", "Auditor", "Sam Example"))
        audit.append(("Area", "Things to consider", "Evidence", "Rating"))
        for area in range(8):
            evidence = " ".join(f"visit {n}{area}{m} seen alone," for m in range(10))
            audit.append((f"Area {area}", f"Is area {area} timely, analytical and informed by history?", evidence, "Good"))
        actions = book.create_sheet("Actions")
        actions.append(("No.", "Action", "Who", "T", "Due", "Completed"))
        for action in range(12):
            actions.append((action + 1, f"Do thing {n}{action}", "Team Manager", "B", f'=IF(D{action + 2}="","",1)', None))
        feedback = book.create_sheet("Feedback")
        for question in range(10):
            feedback.append((f"Question {question} of the feedback?", f"Answer {n}{question}"))
        out = io.BytesIO()
        book.save(out)
        documents.append(out.getvalue())
    return documents


def limit(data: bytes) -> object:
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    return [book.get_sheet_by_index(n).to_python(skip_empty_area=False) for n in range(len(book.sheet_names))]


def ours(data: bytes) -> None:
    assert read_workbook(data).rows


def best_ratio(documents: list[bytes], tries: int = 4) -> float:
    """The lowest of a few: another process on the machine can only make it look worse."""
    gc.collect()
    found = []
    for _ in range(tries):
        took = medians(documents, {"limit": limit, "ours": ours}, 240)
        found.append(took["ours"] / took["limit"])
    return min(found)


def test_a_workbook_costs_no_more_than_three_times_its_bare_values() -> None:
    ratio = best_ratio(make_documents())
    print(f"\nthree-sheet tool to grid, guard included: {ratio:.2f} x calamine")
    assert ratio <= 3.0


def test_the_sample_tool_costs_no_more_than_three_times_its_bare_values() -> None:
    ratio = best_ratio([sample("x1_completed.xlsx").read_bytes()])
    print(f"\nsample tool to grid, guard included: {ratio:.2f} x calamine")
    assert ratio <= 3.0
