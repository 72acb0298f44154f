"""A mailbox that is a folder: ``inbox/ filed/ held/ sent/`` of ``.eml``. The demo's, the tests', and anybody's dry run.

To put a message in, write it under a name that does not end in ``.eml`` and rename it; a copy that is still growing
under its final name is left alone until it has stopped. Names in ``filed/`` and ``held/`` are the inbox's own unless
one is taken; names in ``sent/`` are made here from the Message-ID, never from words in a mail.
"""

import hashlib
import os
import re
import secrets
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote, unquote_to_bytes

from mailflow.errors import PermanentError, TemporaryError
from mailflow.mailbox.envelope import HEADER_BYTES, check_address, check_carries, full_id, read_message_id
from mailflow.mailbox.protocol import Evidence, MessageGone, Ref, Sent, Target

FOLDERS = ("inbox", "filed", "held", "sent")
PIECE = 1024 * 1024
# A message touched within the last FRESH seconds may still be growing: it is looked at again after a LOOK.
FRESH = 2.0
LOOK = 0.02
_OWN_NAME = re.compile(r"[0-9a-f]{40}\.eml").fullmatch
_NO_LINKS = getattr(os, "O_NOFOLLOW", 0)


def sent_name(message_id: str) -> str:
    """The name in ``sent/`` of the letter with this Message-ID: a digest, so that it can be looked up at once."""
    return hashlib.sha256(full_id(message_id).encode("ascii")).hexdigest()[:40] + ".eml"


def write_whole(target: Path, data: bytes) -> None:
    """All of ``data`` under ``target``, or nothing: temporary name, fsync, rename, fsync of the folder."""
    made = target.with_name(f".{secrets.token_hex(8)}.tmp")
    try:
        with made.open("xb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        made.replace(target)
    except OSError:
        made.unlink(missing_ok=True)
        raise
    _sync_folder(target.parent)


def _sync_folder(folder: Path) -> None:
    # Windows can't open a folder; there the rename itself is all there is.
    if hasattr(os, "O_DIRECTORY"):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _is_message(entry: os.DirEntry[str]) -> bool:
    """Real ones only: no links, no folders, no half-written or hidden names."""
    named = entry.name.lower().endswith(".eml") and not entry.name.startswith(".")
    return named and entry.is_file(follow_symlinks=False)


def _state(path: Path) -> tuple[int, int] | None:
    """Modification time (ns) and size in bytes, None when it is not there."""
    try:
        found = path.lstat()
    except FileNotFoundError:
        return None
    return found.st_mtime_ns, found.st_size


def _place(name: str) -> str:
    """The name as one line of printable ASCII: names are anybody's, places are stored and printed."""
    return quote(os.fsencode(name), safe=" !'()+,-.=@_~[]{}#$^&;")


def _head(path: Path) -> bytes:
    with path.open("rb") as inside:
        return inside.read(HEADER_BYTES)


def _copy(path: Path, place: str, target: Path) -> None:
    try:
        handle = os.open(path, os.O_RDONLY | _NO_LINKS)
    except FileNotFoundError as e:
        raise MessageGone(f"{place} is not in the inbox any more") from e
    except OSError as e:
        # This one can't be opened; that must not keep the others waiting.
        raise PermanentError(f"{place} could not be opened: {e.strerror}") from e
    try:
        with os.fdopen(handle, "rb") as source, target.open("wb") as out:
            shutil.copyfileobj(source, out, PIECE)
    except OSError as e:
        raise TemporaryError(f"{place} could not be copied: {e.strerror}") from e


def _move_aside(source: Path, folder: Path) -> None:
    """Rename without ever writing over another message: the name is taken first, then filled."""
    for name in (source.name, f"{secrets.token_hex(16)}.eml"):
        target = folder / name
        try:
            os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        except FileExistsError:
            continue
        try:
            source.replace(target)
        except FileNotFoundError:
            # Moved by another run or by a person: nothing to do, and the name is given back.
            target.unlink()
        return
    raise TemporaryError(f"no free name in {folder}")


class FolderMailbox:
    """The folder at ``path``; the four folders in it are made, private, when missing. Raises TemporaryError."""

    def __init__(self, path: Path, address: str) -> None:
        self.address = address.lower()
        self._path = path
        # Message-IDs of letters that people put into sent/ by hand, by name and state.
        self._by_hand: dict[tuple[str, int, int], str] = {}
        try:
            for name in FOLDERS:
                (path / name).mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as e:
            raise TemporaryError(f"the mailbox folder {path} could not be made: {e.strerror}") from e

    def list_new(self) -> Iterator[Ref]:
        """Settled messages in ``inbox/``, oldest first (by modification time, then name)."""
        try:
            with os.scandir(self._path / "inbox") as entries:
                found = {e.name: _state(Path(e.path)) for e in entries if _is_message(e)}
        except OSError as e:
            raise TemporaryError(f"the folder {self._path / 'inbox'} could not be read: {e.strerror}") from e
        settled = self._settled({name: state for name, state in found.items() if state})
        oldest_first = sorted(settled.items(), key=lambda item: (item[1][0], item[0]))
        return iter([Ref(_place(name), size) for name, (_, size) in oldest_first])

    def fetch(self, ref: Ref, target: Path) -> None:
        """Raises MessageGone, also when the message grew since it was listed: the next listing has it as it is then."""
        path = self._find(ref.place)
        before = _state(path) if path else None
        if path is None or before is None:
            raise MessageGone(f"{ref.place} is not in the inbox any more")
        _copy(path, ref.place, target)
        # Gone by now is fine: all of it had been there. Grown is not.
        if before[1] != ref.size or _state(path) not in (None, before):
            raise MessageGone(f"{ref.place} is still being written")

    def file(self, ref_place: str, folder: Target) -> None:
        """Move it; a name taken in the target folder by another message is left alone."""
        path = self._find(ref_place)
        if path is None or _state(path) is None:
            return
        try:
            _move_aside(path, self._path / folder)
        except OSError as e:
            raise TemporaryError(f"{ref_place} could not be moved to {folder}: {e.strerror}") from e

    def find_sent(self, message_id: str) -> Evidence:
        """At once by name where we sent it; letters put into ``sent/`` by hand are read, each once."""
        wanted = full_id(message_id)
        try:
            if (self._path / "sent" / sent_name(wanted)).is_file():
                return Evidence.FOUND
            return Evidence.FOUND if wanted in self._ids_by_hand() else Evidence.ABSENT
        except OSError:
            return Evidence.UNKNOWN

    def send(self, raw: bytes, recipient: str, message_id: str) -> Sent:
        """A letter is sent when it stands whole in ``sent/``."""
        check_address(recipient)
        target = self._path / "sent" / sent_name(check_carries(raw, message_id))
        if not target.is_file():
            try:
                write_whole(target, raw)
            except OSError as e:
                raise TemporaryError(f"the letter could not be written to {target.parent}: {e.strerror}") from e
        return Sent.ACCEPTED

    def file_own_copies(self, is_ours: Callable[[str], bool]) -> int:
        """A folder sends itself no copies."""
        return 0

    def wait(self, seconds: float, stop: threading.Event) -> None:
        stop.wait(seconds)

    def close(self) -> None:
        self._by_hand.clear()

    def _settled(self, found: dict[str, tuple[int, int]]) -> dict[str, tuple[int, int]]:
        """Those that are not growing. One short look for all the fresh ones together."""
        newest = time.time_ns() - int(FRESH * 1e9)
        fresh = [name for name, (at, _) in found.items() if at > newest]
        if fresh:
            time.sleep(LOOK)
        growing = {name for name in fresh if _state(self._path / "inbox" / name) != found[name]}
        return {name: state for name, state in found.items() if name not in growing}

    def _find(self, place: str) -> Path | None:
        """The path a place stands for, None for one that was never ours: places come back from the store."""
        with suppress(ValueError):
            name = os.fsdecode(unquote_to_bytes(place))
            plain = name == Path(name).name and not name.startswith(".") and "\0" not in name
            if plain and len(os.fsencode(name)) <= 255 and name.lower().endswith(".eml"):
                return self._path / "inbox" / name
        return None

    def _ids_by_hand(self) -> set[str]:
        known: dict[tuple[str, int, int], str] = {}
        with os.scandir(self._path / "sent") as entries:
            for entry in entries:
                if _OWN_NAME(entry.name) or not _is_message(entry):
                    continue
                state = _state(Path(entry.path))
                if state:
                    key = (entry.name, *state)
                    known[key] = self._by_hand.get(key) or read_message_id(_head(Path(entry.path)))
        self._by_hand = known
        return set(known.values())
