"""The fuzzing process: reads with coverage, keeps what crashes and goes on. Started by ``python -m tests.fuzz``."""

import hashlib
import random
import sys
import traceback
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["parsers"]):
    from tests.fuzz.target import read_once
from tests.fuzz.mutate import mutate


def main(crashes: Path) -> None:
    known: set[str] = set()

    def one(data: bytes) -> None:
        try:
            read_once(data)
        # Every crash is kept and the fuzzing goes on: one bug must not hide the next.
        except Exception as e:  # noqa: BLE001
            where = traceback.extract_tb(e.__traceback__)[-1]
            name = f"{type(e).__name__}-{Path(where.filename).stem}-{where.lineno}"
            if name not in known:
                known.add(name)
                (crashes / f"{name}-{hashlib.sha256(data).hexdigest()[:12]}.docx").write_bytes(data)
                print(f"CRASH {name}: {str(e)[:200]}", flush=True)

    def change(data: bytes, max_size: int, seed: int) -> bytes:
        changed = mutate(data, random.Random(seed), lambda part, _: atheris.Mutate(part, max_size))
        return changed if len(changed) <= max_size else data

    atheris.Setup([sys.argv[0], *sys.argv[2:]], one, custom_mutator=change)
    atheris.Fuzz()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
