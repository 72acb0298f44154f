"""What reading a returned form costs, beside opening its zip and parsing its text part (documents facts, section 1).

The limit: ``zipfile`` and ``lxml.etree.fromstring`` of word/document.xml. Ours: sniff, guard, every part we look at, the
grid, all answers located and settled, leftovers and digest. Twelve differently filled forms take turns, so that no cache
is warmer than in life. Ratios of medians, interleaved in one process; no times are asserted.
"""

import gc
import itertools
import statistics
import time
import zipfile
from collections.abc import Callable
from io import BytesIO

from lxml import etree

from mailflow.model import Status
from parsers.read import read_document
from parsers.sandbox import Pool
from tests.parsers.fills import whole_form
from tests.parsers.pages import FORM, fill_base


def make_documents() -> list[bytes]:
    """The checked-in form with some 60 words in each long answer, other words each time."""
    documents = []
    for n in range(12):
        values = whole_form()
        for f in FORM.fields:
            if f.kind == "notes":
                values[f.id] = " ".join(f"visit {n}{m} seen alone," for m in range(15)) + f" as the plan of {n} May says."
        documents.append(fill_base(values))
    return documents


def medians(documents: list[bytes], ways: dict[str, Callable[[bytes], object]], rounds: int) -> dict[str, float]:
    """Name → median seconds; every round does each way once on the same document."""
    times: dict[str, list[float]] = {name: [] for name in ways}
    turns = itertools.cycle(documents)
    for n in range(rounds + len(documents)):
        data = next(turns)
        for name, way in ways.items():
            begun = time.perf_counter()
            way(data)
            took = time.perf_counter() - begun
            if n >= len(documents):
                times[name].append(took)
    return {name: statistics.median(t) for name, t in times.items()}


def limit(data: bytes) -> etree._Element:
    return etree.fromstring(zipfile.ZipFile(BytesIO(data)).read("word/document.xml"))


def ours(data: bytes) -> None:
    assert read_document(data, "form.docx", (FORM,)).status is Status.READABLE


def best_ratio(documents: list[bytes], tries: int = 6) -> float:
    """The lowest of a few: another process on the machine can only make it look worse."""
    gc.collect()
    found = []
    for _ in range(tries):
        took = medians(documents, {"limit": limit, "ours": ours}, 120)
        found.append(took["ours"] / took["limit"])
    return min(found)


def test_a_completed_form_costs_little_more_than_twice_its_parse() -> None:
    """The aim is 2.5. The gate is above it: one commit, unchanged, has measured 2.35 and 2.58 on one machine a day apart."""
    ratio = best_ratio(make_documents())
    print(f"\ncompleted form to answers, guard included: {ratio:.2f} x zipfile + fromstring (aim 2.5)")
    assert ratio <= 2.85


def test_the_child_process_costs_less_than_the_reading_itself() -> None:
    """The aim is a millisecond warm; as a ratio, since no time is asserted: the way there and back under half a reading."""
    documents = make_documents()
    pool = Pool((FORM,))
    took = medians(documents, {"here": ours, "there": lambda d: pool.read(d, "form.docx")}, 120)
    pool.close()
    print(f"\nchild process: {1000 * (took['there'] - took['here']):.2f} ms more than {1000 * took['here']:.2f} ms here")
    assert took["there"] <= 1.5 * took["here"]
