"""Reading a folder: two cores are worth nearly two, and three thousand forms take no more memory than three hundred.

Ratios only. The same code reads the same invented forms on one core and on two, by turns; warm, since what starting
costs is asked elsewhere. The best of three turns counts.
"""

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

import pytest

from mailflow.cli.reading.gather import Found, find_documents
from mailflow.cli.reading.many import Bench, in_order
from parsers.sandbox import Pool
from tests.benchmarks.test_parsers_read import make_documents
from tests.cli.command import environment
from tests.parsers.pages import FORM, ROOT

COPIES, MANY = 300, 3000


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three hundred completed forms, twelve fillings by turns, each with a reference of its own."""
    folder = tmp_path_factory.mktemp("returned")
    documents = make_documents()
    for n in range(COPIES):
        # A comment behind the zip makes each another document by its bytes, as two returned forms always are.
        note = f"copy {n:04}".encode()
        plain = documents[n % len(documents)]
        (folder / f"form {n:04}.docx").write_bytes(plain[:-2] + len(note).to_bytes(2, "little") + note)
    return folder


class Turn(NamedTuple):
    """Reading the folder once: seconds by the clock, and how many of the machine's core-seconds other programs took."""

    seconds: float
    others: float


class Crew:
    """So many warm children and as many threads."""

    def __init__(self, size: int) -> None:
        self.size, self.pool = size, Pool((FORM,), size)
        self.bench = Bench(self.pool, (FORM,))
        children = [self.pool._free.get() for _ in range(size)]
        self.pids = [child.process.pid for child in children]
        for child in children:
            self.pool._free.put(child)

    def read(self, found: tuple[Found, ...]) -> Turn:
        busy, ours, begun = machine_seconds(), self.own_seconds(), time.perf_counter()
        assert {line.status for line in in_order(self.bench.read, found, self.size)} == {"readable"}
        took = time.perf_counter() - begun
        return Turn(took, machine_seconds() - busy - (self.own_seconds() - ours))

    def read_on(self, cores: list[int], found: tuple[Found, ...]) -> Turn:
        """Reads while this process and its children may use those cores only; afterwards everything may use all again."""
        everywhere = os.sched_getaffinity(0)
        try:
            self._hold(set(cores))
            return self.read(found)
        finally:
            self._hold(everywhere)

    def _hold(self, cores: set[int]) -> None:
        for pid in (0, *self.pids):
            os.sched_setaffinity(pid, cores)

    def own_seconds(self) -> float:
        children = (Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in self.pids)
        return time.process_time() + sum(int(f[11]) + int(f[12]) for f in children) / os.sysconf("SC_CLK_TCK")


def machine_seconds() -> float:
    """Core-seconds all programs took since the machine began: every column of the first line but idle and waiting."""
    user, nice, system, _, _, irq, softirq, steal = map(int, Path("/proc/stat").read_text().split("\n")[0].split()[1:9])
    return (user + nice + system + irq + softirq + steal) / os.sysconf("SC_CLK_TCK")


@pytest.mark.skipif(sys.platform != "linux", reason="a process is held to one core the way Linux does it")
@pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="one core: two children have nothing to share")
def test_two_cores_read_a_folder_faster_than_one(folder: Path) -> None:
    """All of it (parent, children) held to one core, then to two, beside bare lxml in one process and in two.

    The aim is 1.8. What two cores are worth is the machine's to say (bare parsing: 1.76 to 2.01 on one virtual machine from
    run to run), so ours is held to a part of that. Children that wait for each other give 1. Turns in which other programs
    took more than a twentieth of two cores say nothing about ours and are not counted.
    """
    # Twice over: the machine counts in hundredths of a second, and a turn must be long beside one.
    found = find_documents(folder).found * 2
    cores = sorted(os.sched_getaffinity(0))[:2]
    one, two = Crew(1), Crew(2)
    ratios: list[float] = []
    bare: list[float] = []
    for crew in (one, two):
        crew.read(found[:40])
    for _ in range(16):
        alone, together = one.read_on(cores[:1], found), two.read_on(cores, found)
        quiet = together.others <= 0.1 * together.seconds and alone.others <= alone.seconds
        bare.append(bare_scaling(found[0].path))
        print(f"\n{len(found)} forms: {alone.seconds:.2f} s on one core, {together.seconds:.2f} s on two: "
              f"{alone.seconds / together.seconds:.2f} x, bare lxml {bare[-1]:.2f} x{'' if quiet else ', not counted'}", end="")
        ratios += [alone.seconds / together.seconds] if quiet else []
        if len(ratios) == 5:
            break
    one.pool.close()
    two.pool.close()
    if not ratios:
        pytest.skip("other programs kept the cores busy; run this one alone: pytest -n 0 tests/benchmarks/test_folder_read.py")
    print(f"\nbest {max(ratios):.2f} x (aim 1.8), of the {statistics.median(bare):.2f} x that bare lxml gets", end="")
    assert max(ratios) >= 0.8 * statistics.median(bare)


PARSE = """
import sys, time, zipfile
from lxml import etree
data = zipfile.ZipFile(sys.argv[1]).read("word/document.xml")
sys.stdin.readline()
begun = time.perf_counter()
for _ in range(400):
    etree.fromstring(data)
print(time.perf_counter() - begun)
"""


def bare_scaling(document: Path) -> float:
    """What two cores are worth to two processes that only parse: 2 where neither feels the other."""
    def seconds(size: int) -> float:
        started = [subprocess.Popen([sys.executable, "-c", PARSE, str(document)], stdin=subprocess.PIPE,
                                    stdout=subprocess.PIPE, text=True) for _ in range(size)]
        for process in started:
            assert process.stdin is not None
            process.stdin.write("\n")
            process.stdin.flush()
        return max(float(process.communicate()[0]) for process in started)

    return 2 * seconds(1) / seconds(2)


@pytest.mark.skipif(sys.platform != "linux", reason="the most memory a process had is asked the way Linux answers it")
def test_ten_times_the_forms_take_no_more_memory(folder: Path, tmp_path: Path) -> None:
    """The whole command, lines to standard output, in a process of its own each."""
    for n in range(MANY):
        os.link(folder / f"form {n % COPIES:04}.docx", tmp_path / f"form {n:05}.docx")
    few, many = most_memory(folder, COPIES), most_memory(tmp_path, MANY)
    print(f"\nmost memory of the parent: {few // 1024} MiB for {COPIES} forms, {many // 1024} MiB for {MANY}")
    assert many <= 1.2 * few


def most_memory(folder: Path, lines: int) -> int:
    """KiB the reading process had at most. Not ``ru_maxrss``: a process inherits its parent's from before it began."""
    code = """
import sys
from mailflow.cli import main
try:
    main()
finally:
    peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
    print(peak.split()[1], file=sys.stderr)
"""
    done = subprocess.run([sys.executable, "-c", code, "read", str(folder), "--json"], cwd=ROOT, env=environment(),
                          capture_output=True, check=False, timeout=300)
    assert done.returncode == 0 and done.stdout.count(b"\n") == lines, done.stderr
    return int(done.stderr)
