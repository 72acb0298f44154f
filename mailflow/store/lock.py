"""One daemon a state folder: a lock of the operating system, gone with its process however that ends (kill -9 too)."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mailflow.errors import ConfigError, TemporaryError
from mailflow.store.door import prepare_folder

NAME = "mailflow.lock"


@contextmanager
def lock(folder: Path) -> Iterator[None]:
    """Hold the state folder; raises TemporaryError naming the process that holds it already.

    The lock's own name is never removed from the folder: two processes would then each hold one of their own.
    """
    prepare_folder(folder)
    held = _open(folder / NAME)
    try:
        if not _grab(held):
            raise TemporaryError(f"mailflow is at work on {folder} already (process {_peek(held) or 'unknown'})")
        os.ftruncate(held, 0)
        os.lseek(held, 0, os.SEEK_SET)
        os.write(held, f"{os.getpid()}\n".encode())
        yield
        os.ftruncate(held, 0)
    finally:
        # Closing lets go of the lock. Children do not inherit the handle (it is close-on-exec).
        os.close(held)


def _open(path: Path) -> int:
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
    except OSError as e:
        raise ConfigError(f"the lock {path} could not be opened: {e.strerror}") from e


def _peek(held: int) -> str:
    os.lseek(held, 0, os.SEEK_SET)
    return os.read(held, 20).decode("ascii", "replace").strip()


if sys.platform == "win32":
    import msvcrt

    # Windows locks keep others from reading too, so the locked byte stands far behind the number.
    _FAR = 1 << 20

    def _grab(held: int) -> bool:
        os.lseek(held, _FAR, os.SEEK_SET)
        try:
            msvcrt.locking(held, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _grab(held: int) -> bool:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
