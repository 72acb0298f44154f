"""What runs in a reading child: waits for a document, reads it, sends the reading back as JSON. Holds nothing else.

The child never sees a mailbox, a store or a secret. It ends when its parent's end of the pipe closes, or, while it
reads, by its own alarm: a parent that was killed can't do it any more.
"""

import gc
import json
import mmap
import signal
import sys
from multiprocessing.connection import Connection

from mailflow.form.definition import FormDefinition
from mailflow.model import Unreadable
from mailflow.model.codec import from_plain
from parsers.read import read_document, unreadable
from parsers.wire import pack_reading

# What limits hold in a child here; the pool says so to people who ask.
HAS_MEMORY_LIMIT = sys.platform != "win32"
_TOO_HUNGRY = "This document needs more memory to read than any form should."
# Spare address space: a child that hit the limit must still be able to say so.
_ROOM = 24 * 1024 * 1024


def serve(pipe: Connection, forms: bytes, expected: str, memory_mb: int, seconds: float) -> None:
    """Reads documents from ``pipe`` until it closes. Each task is two messages: the name, then the bytes."""
    # Ctrl-C is told to every process of the terminal; what happens then is the parent's to say.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    known = tuple(from_plain(FormDefinition, f) for f in json.loads(forms))
    _limit_memory(memory_mb)
    room = mmap.mmap(-1, _ROOM)
    # What was loaded stays for good, so the collector need not look at it again.
    gc.freeze()
    while True:
        try:
            name, data = pipe.recv_bytes().decode(), pipe.recv_bytes()
        except (EOFError, OSError):
            return
        _set_alarm(seconds)
        answer = _read(data, name, known, expected, room)
        _set_alarm(0)
        if room.closed:
            room = mmap.mmap(-1, _ROOM)
        try:
            pipe.send_bytes(answer)
        except OSError:
            return


def _read(data: bytes, name: str, forms: tuple[FormDefinition, ...], expected: str, room: mmap.mmap) -> bytes:
    try:
        return pack_reading(read_document(data, name, forms, expected))
    except MemoryError:
        room.close()
        return pack_reading(unreadable(Unreadable.TOO_LARGE.value, _TOO_HUNGRY))


def _limit_memory(megabytes: int) -> None:
    if sys.platform == "win32":
        return
    import resource

    wanted = megabytes * 1024 * 1024
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    limit = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def _set_alarm(seconds: float) -> None:
    """The signal's default is to end the process, which needs no code to run and so works in any state."""
    if sys.platform != "win32":
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, seconds)
