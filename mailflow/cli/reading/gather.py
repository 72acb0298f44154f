"""Which files of a folder are documents to be read. What a file is, the reader decides by its bytes."""

import os
from pathlib import Path
from typing import NamedTuple


class Found(NamedTuple):
    """One document: its name as told (relative to the folder, with "/"), and where it is.

    ``closed`` says why it could not even be looked at (a folder nobody may list), else "".
    """

    name: str
    path: Path
    closed: str = ""


class Gathered(NamedTuple):
    """What stands in a folder, sorted by name, and the links that were not followed."""

    found: tuple[Found, ...]
    links: tuple[str, ...] = ()


def find_documents(where: Path, leave: Path | None = None) -> Gathered:
    """The file itself, or every file below the folder but hidden ones, Word's lock files, truths, and ``leave``.

    Links are followed to files inside the folder and nowhere else, so that a folder read is that folder and no more.
    """
    if where.is_file():
        return Gathered((Found(where.name, where),))
    root, mine = where.resolve(), leave.resolve() if leave else None
    found: list[Found] = []
    links: list[str] = []

    def note_closed(e: OSError) -> None:
        path = Path(e.filename)
        found.append(Found(_told(path, where), path, e.strerror or "it could not be opened"))

    for folder, folders, files in os.walk(where, onerror=note_closed):
        folders[:] = [n for n in folders if not _is_passed_over(n)]
        for path in (Path(folder, n) for n in (*folders, *files) if not _is_passed_over(n)):
            if path.is_symlink() and not path.resolve().is_relative_to(root):
                links.append(_told(path, where))
            elif path.is_file() and path.resolve() != mine:
                found.append(Found(_told(path, where), path))
    return Gathered(tuple(sorted(found)), tuple(sorted(links)))


def _is_passed_over(name: str) -> bool:
    return name.startswith((".", "~$")) or name.endswith(".truth.json")


def _told(path: Path, where: Path) -> str:
    return path.relative_to(where).as_posix()
