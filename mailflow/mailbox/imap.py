"""The inbox of a real mail server, over IMAP.

Messages are known by UIDVALIDITY and UID, so it does not matter what people read, flag or move meanwhile. Reading is
done with the folder open read-only: nothing we fetch can ever become \\Seen. A message marked \\Deleted is one that a
person crossed out: it is left alone, and it must survive our moves, so a plain EXPUNGE is never sent.
"""

import re
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from imapclient.exceptions import IMAPClientAbortError

from mailflow.errors import PermanentError, TemporaryError
from mailflow.mailbox.connection import Connection, Unanswered
from mailflow.mailbox.envelope import full_id, read_message_id
from mailflow.mailbox.pieces import copy_pieces
from mailflow.mailbox.protocol import Evidence, MessageGone, Ref

INBOX = "INBOX"
# UIDs asked about in one command.
MANY = 500
# Seconds: how soon a stop is noticed while waiting, and the length of one IDLE. News in one packet with the server's
# "+ idling" lies in the library's buffer, where looking at the socket does not find it; ending the IDLE does.
STEP = 0.5
ROUND = 10.0
_PLACE = re.compile(r"uid:([0-9]{1,10})/([0-9]{1,10})")
_ID_FIELD = "BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)]"


@dataclass(frozen=True)
class Opened:
    """What is selected on which sign-in, with its UIDVALIDITY and UIDNEXT (0 where the server does not say)."""

    generation: int
    folder: str
    read_only: bool
    validity: int
    next_uid: int


class ImapInbox:
    """Everything over one :class:`Connection`. Raises TemporaryError, ConfigError (sign-in), MessageGone."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._open: Opened | None = None
        # Folders seen or made on this connection: our name → the server's.
        self._folders: dict[str, str] = {}
        self._folders_of = 0
        # The UID that the next arrival gets, as last seen by list_new or wait; 0 before the first look.
        self._next_uid = 0
        self._is_ours: Callable[[str], bool] | None = None

    def list_new(self) -> Iterator[Ref]:
        """Refs by rising UID; our own envelope copies are left out once ``is_ours`` is known."""
        opened, uids = self._connection.use(self._look)
        self._next_uid = opened.next_uid
        is_ours = self._is_ours
        facts = self._facts(opened.validity, uids, ["RFC822.SIZE", _ID_FIELD] if is_ours else ["RFC822.SIZE"])
        # One that the server can't say anything about is listed all the same: it must not vanish from sight.
        return iter([
            Ref(f"uid:{opened.validity}/{uid}", int(facts.get(uid, {}).get(b"RFC822.SIZE", 0)))
            for uid in uids if not (is_ours and _is_own(facts.get(uid, {}), is_ours))
        ])

    def fetch(self, place: str, target: Path) -> None:
        """Pieces of 1 MiB straight into ``target``. Raises MessageGone, PermanentError (this message alone)."""
        validity, uid = parse_place(place)

        def work(client: Any) -> None:
            if self._select(client, INBOX).validity != validity:
                raise MessageGone(f"{place} belongs to an inbox that has been renumbered")
            copy_pieces(client, uid, place, target)

        try:
            self._connection.use(work)
        except Unanswered as e:
            # dovecot hangs up over a message that it can't read. If it answers otherwise, it is this message.
            self._knock()
            raise PermanentError(f"{place} could not be fetched: {e}") from None

    def move(self, place: str, folder: str) -> None:
        """Out of the inbox into ``folder`` (made when missing). Gone already is fine."""
        try:
            validity, uid = parse_place(place)
        except MessageGone:
            return

        def work(client: Any) -> None:
            if self._select(client, INBOX, read_only=False).validity == validity:
                self._move(client, uid, folder)

        self._connection.use(work)

    def find_id(self, message_id: str, folders: Sequence[str]) -> Evidence:
        """Whether a message with this Message-ID stands in one of ``folders``; UNKNOWN when nobody could look."""
        wanted = full_id(message_id)
        try:
            found = self._connection.use(lambda client: any(self._holds(client, f, wanted) for f in folders))
        except TemporaryError:
            return Evidence.UNKNOWN
        return Evidence.FOUND if found else Evidence.ABSENT

    def move_own(self, is_ours: Callable[[str], bool], folder: str) -> int:
        """Messages in the inbox that carry a Message-ID of ours go to ``folder``; only that header is fetched."""
        self._is_ours = is_ours
        opened, uids = self._connection.use(self._look)
        facts = self._facts(opened.validity, uids, [_ID_FIELD])
        ours = [uid for uid in uids if _is_own(facts.get(uid, {}), is_ours)]

        def work(client: Any) -> int:
            if self._select(client, INBOX, read_only=False).validity != opened.validity:
                return 0
            for uid in ours:
                self._move(client, uid, folder)
            return len(ours)

        return self._connection.use(work) if ours else 0

    def wait(self, seconds: float, stop: threading.Event) -> None:
        """IDLE is a hint that may come late or never: whatever goes wrong with it, the time is waited out."""
        until = time.monotonic() + seconds
        try:
            news = self._connection.use(lambda client: self._idle(client, until, stop), again=False)
        except TemporaryError:
            news = False
        if not news:
            stop.wait(max(0.0, until - time.monotonic()))

    def close(self) -> None:
        self._connection.close()

    def _look(self, client: Any) -> tuple[Opened, list[int]]:
        """The inbox as it is now, and its UIDs, rising, without those that people crossed out."""
        opened = self._select(client, INBOX, anew=True)
        return opened, sorted(client.search(["UNDELETED"]))

    def _facts(self, validity: int, uids: Sequence[int], wanted: list[str]) -> dict[int, dict[bytes, Any]]:
        facts: dict[int, dict[bytes, Any]] = {}
        for start in range(0, len(uids), MANY):
            facts.update(self._ask(validity, uids[start : start + MANY], wanted))
        return facts

    def _ask(self, validity: int, uids: Sequence[int], wanted: list[str]) -> dict[int, dict[bytes, Any]]:
        """What the server says of these messages. Where it stumbles, the halves are asked for: one message that it can't
        read must not hide the others.
        """

        def work(client: Any) -> dict[int, dict[bytes, Any]]:
            same = self._select(client, INBOX).validity == validity
            return dict(client.fetch(uids, wanted)) if same else {}

        try:
            return self._connection.use(work)
        except TemporaryError:
            self._knock()
        if len(uids) == 1:
            return {}
        middle = len(uids) // 2
        return {**self._ask(validity, uids[:middle], wanted), **self._ask(validity, uids[middle:], wanted)}

    def _knock(self) -> None:
        """Raises TemporaryError when the server is away altogether."""
        self._connection.use(lambda client: self._select(client, INBOX, anew=True))

    def _select(self, client: Any, folder: str, *, read_only: bool = True, anew: bool = False) -> Opened:
        """Open the folder where it isn't open already; ``anew`` also shows what arrived since."""
        now, generation = self._open, self._connection.generation
        if now is None or anew or (now.generation, now.folder, now.read_only) != (generation, folder, read_only):
            self._open = None
            said = client.select_folder(folder, readonly=read_only)
            numbers = int(said.get(b"UIDVALIDITY", 0)), int(said.get(b"UIDNEXT", 0))
            now = self._open = Opened(generation, folder, read_only, *numbers)
        return now

    def _move(self, client: Any, uid: int, folder: str) -> None:
        """One message of the selected inbox. Without MOVE: copy, mark, and expunge that one UID alone.

        Where the server can't expunge one UID (no UIDPLUS) the marked original stays: list_new does not show it.
        Interrupted between copy and mark, the copy is made again: twice filed is better than once lost.
        """
        if not client.search(["UID", str(uid)]):
            return
        target = self._folder(client, folder)
        if client.has_capability("MOVE"):
            client.move([uid], target)
            return
        client.copy([uid], target)
        client.add_flags([uid], [rb"\Deleted"], silent=True)
        if client.has_capability("UIDPLUS"):
            client.uid_expunge([uid])

    def _folder(self, client: Any, name: str) -> str:
        """The server's name for one of our folders, made (and shown to people's programs) when missing."""
        if self._folders_of != self._connection.generation:
            self._folders, self._folders_of = {}, self._connection.generation
        if name not in self._folders:
            full = _server_name(client, name)
            if not _usable(client, full):
                client.create_folder(full)
                client.subscribe_folder(full)
            self._folders[name] = full
        return self._folders[name]

    def _holds(self, client: Any, folder: str, message_id: str) -> bool:
        full = folder if folder == INBOX else self._folder(client, folder)
        self._select(client, full, anew=True)
        # The server looks for a part of the header; the whole of it is compared here.
        hits = client.search(["HEADER", "Message-ID", message_id])[:MANY]
        return any(_id_in(found) == message_id for found in client.fetch(hits, [_ID_FIELD]).values())

    def _idle(self, client: Any, until: float, stop: threading.Event) -> bool:
        """True as soon as the inbox has something that list_new has not seen; False when it can't be known."""
        if not client.has_capability("IDLE"):
            return False
        seen, self._next_uid = self._next_uid, self._select(client, INBOX, anew=True).next_uid
        if seen and seen != self._next_uid:
            return True
        # The first one is short: what was under way while we settled down is the likeliest to lie in the buffer.
        news, length = False, 2 * STEP
        while not news and not stop.is_set() and time.monotonic() < until:
            client.idle()
            heard = _listen(client, min(until, time.monotonic() + length), stop)
            _, last_words = client.idle_done()
            news, length = heard or _tells(last_words), ROUND
        return news


def parse_place(place: str) -> tuple[int, int]:
    """(UIDVALIDITY, UID). Raises MessageGone for a place of another kind of mailbox: it is not in this one."""
    found = _PLACE.fullmatch(place)
    if not found:
        raise MessageGone(f"{place[:80]!r} is not a place in this mailbox")
    return int(found[1]), int(found[2])


def _id_in(found: dict[bytes, Any]) -> str:
    head = next((v for k, v in found.items() if k.upper().startswith(b"BODY[HEADER")), None)
    return read_message_id(head or b"")


def _is_own(found: dict[bytes, Any], is_ours: Callable[[str], bool]) -> bool:
    message_id = _id_in(found)
    return bool(message_id) and is_ours(message_id)


def _server_name(client: Any, name: str) -> str:
    """Ours uses "/"; a server may want another separator and a prefix such as "INBOX." (RFC 2342)."""
    spaces = client.namespace().personal if client.has_capability("NAMESPACE") else None
    prefix, separator = spaces[0] if spaces else ("", "/")
    local = name.replace("/", separator or "/")
    return local if local.startswith(prefix) else prefix + local


def _usable(client: Any, full: str) -> bool:
    """Whether the folder is there and can hold messages; the name alone may be left of a removed one."""
    found = client.list_folders("", full)
    return any(not {b"\\noselect", b"\\nonexistent"} & {flag.lower() for flag in flags} for flags, _, _ in found)


def _listen(client: Any, until: float, stop: threading.Event) -> bool:
    while not stop.is_set() and (left := until - time.monotonic()) > 0:
        asked_at = time.monotonic()
        step = min(STEP, left)
        answers = client.idle_check(timeout=step)
        if _tells(answers):
            return True
        # A closed connection is readable at once and says nothing; the library does not tell.
        if not answers and time.monotonic() - asked_at < step / 2:
            raise IMAPClientAbortError("closed while waiting")
    return False


def _tells(answers: Sequence[Sequence[Any]]) -> bool:
    return any(len(answer) > 1 and answer[1] == b"EXISTS" for answer in answers)
