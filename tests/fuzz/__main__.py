"""``python -m tests.fuzz --minutes 60``: fuzzes the Word reader, prints figures, keeps what crashes. Exit 1 for a crash."""

import argparse
import importlib.util
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.fuzz.seeds import seeds
from tests.fuzz.target import read_once

_LARGEST = 256 * 1024
_SLOWEST_S, _MEMORY_MB = 25, 2048
_FIGURES = re.compile(r"#(\d+)\s+\w+\s+cov: (\d+) ft: (\d+) corp: (\d+)/")


def main() -> int:
    options = _options()
    if options.replay:
        read_once(options.replay.read_bytes())
        print("read, or refused as it should be")
        return 0
    if importlib.util.find_spec("atheris") is None:
        print("Atheris is missing: pip install 'mailflow[fuzz]'")
        return 2
    corpus, crashes = options.folder / "corpus", options.folder / "crashes"
    corpus.mkdir(parents=True, exist_ok=True)
    crashes.mkdir(exist_ok=True)
    for name, data in seeds().items():
        (corpus / f"seed-{name}.docx").write_bytes(data)
    return fuzz(corpus, crashes, options.minutes)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "mailflow-fuzz", help="keeps corpus and crashes")
    parser.add_argument("--replay", type=Path, help="reads one document again")
    return parser.parse_args()


def fuzz(corpus: Path, crashes: Path, minutes: float) -> int:
    """Runs the fuzzing process to its end and prints what it did."""
    before = set(crashes.iterdir())
    command = [
        sys.executable, "-m", "tests.fuzz.child", str(crashes), str(corpus), f"-max_total_time={int(60 * minutes)}",
        f"-max_len={_LARGEST}", f"-timeout={_SLOWEST_S}", f"-report_slow_units={_SLOWEST_S}", f"-rss_limit_mb={_MEMORY_MB}", f"-artifact_prefix={crashes}/", "-len_control=0",
    ]
    figures = None
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace") as child:
        for line in child.stdout or ():
            figures = _FIGURES.search(line) or figures
            if "CRASH" in line or "ERROR" in line or re.search(r"#\d+\s+(pulse|INITED|DONE)", line):
                print(line.rstrip(), flush=True)
    found = sorted(set(crashes.iterdir()) - before)
    if figures:
        print(f"{figures[1]} runs, {figures[2]} branches covered, {figures[3]} features, {figures[4]} documents in the corpus")
    print("\n".join([f"{len(found)} crashes", *(str(path) for path in found)]))
    return 1 if found or child.returncode else 0


if __name__ == "__main__":
    sys.exit(main())
