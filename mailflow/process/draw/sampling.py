"""What a sampling record says of itself: its rules as rows, and its two digests (DOC-01)."""

import dataclasses
import functools
import hashlib
import json
import typing
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from mailflow.errors import PermanentError
from mailflow.framework.schema import Selection
from mailflow.model.codec import from_plain
from mailflow.model.sampling import FrameRow, SamplingRecord
from mailflow.process.draw.bars import Parts

_MOST = 1_200  # the largest number a rule may have: a hundred years in months
Rows = tuple[tuple[str, str], ...]


def rules_as_rows(rules: Selection, parts: Parts) -> Rows:
    """Every key the draw obeys and its value as JSON, in a fixed order."""
    found: list[tuple[str, Any]] = [(f"selection.{f.name}", getattr(rules, f.name)) for f in dataclasses.fields(rules)]
    found.append((f"types.{parts.type}.auditors", parts.auditors))
    found += [(f"services.{name}.auditors", roles) for name, roles in sorted(parts.services.items())]
    return tuple((key, json.dumps(value, ensure_ascii=False)) for key, value in found)


def read_rules(rows: Rows) -> Selection:
    """The rows back as rules. Raises PermanentError where a key is missing or unknown, or a value is of another kind."""
    plain = {key.partition(".")[2]: value for key, value in _plain(rows).items() if key.startswith("selection.")}
    hints = typing.get_type_hints(Selection)
    if set(plain) != set(hints) or not all(_fits(plain[name], kind) for name, kind in hints.items()):
        raise PermanentError("its rules are not those of this mailflow; check it with the one that made it")
    rules = from_plain(Selection, plain)
    if not set(rules.stratify_by) <= set(FrameRow._fields):
        raise PermanentError("its rules share the draw out by something a case does not have")
    return rules


def _fits(value: Any, kind: Any) -> bool:
    """Whether a value from outside is of the kind, and no number so large that the draw would never end."""
    if typing.get_origin(kind) is tuple:
        return isinstance(value, list) and all(_fits(v, typing.get_args(kind)[0]) for v in value)
    return type(value) is kind and (kind is not int or 0 <= value <= _MOST)


def read_parts(rows: Rows, type_: str) -> Parts:
    """Who does this type of audit, by the same rows."""
    plain = _plain(rows)
    services = {key.removeprefix("services.").removesuffix(".auditors"): _roles(value) for key, value in plain.items()
                if key.startswith("services.")}
    return Parts(type_, _roles(plain.get(f"types.{type_}.auditors", [])), services)


def _roles(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(role, str) for role in value):
        raise PermanentError("its rules name auditors in a way this mailflow does not know")
    return tuple(value)


def _plain(rows: Rows) -> Mapping[str, Any]:
    try:
        return {key: json.loads(value) for key, value in rows}
    except (ValueError, RecursionError) as e:
        raise PermanentError("a rule's value can't be read") from e


def with_digests(record: SamplingRecord, pairs: Rows, exclusions: Rows, unserved: Rows) -> SamplingRecord:
    """The record with what was drawn, and both digests worked out."""
    frame = frame_digest(record)
    whole = _digest((frame, record.framework, record.cycle, record.seed), _lines(pairs), _lines(exclusions), _lines(unserved))
    return replace(record, pairs=pairs, exclusions=exclusions, unserved=unserved, frame_digest=frame, digest=whole)


def frame_digest(record: SamplingRecord) -> str:
    """SHA-256 over everything that was drawn from, the seed apart."""
    return _digest(
        (record.type, record.theme, str(record.opens_on)), _lines(record.rules),
        _columns(record.frame), _columns(record.auditors))


def _columns(rows: Sequence[tuple[Any, ...]]) -> Iterator[str]:
    """Column by column, each value as text. Nothing read from a sheet can hold the marks between them."""
    for at in range(len(rows[0]) if rows else 0):
        column = [row[at] for row in rows]
        yield "\x1f".join(column if type(column[0]) is str else map(_plain_text, column))


@functools.lru_cache(maxsize=4096)
def _plain_text(value: Any) -> str:
    return "\x1c".join(value) if isinstance(value, tuple) else str(value)


def _lines(rows: Rows) -> Iterable[str]:
    return ("\x1f".join(row) for row in rows)


def _digest(*parts: Iterable[str]) -> str:
    return hashlib.sha256("\x1d".join("\x1e".join(part) for part in parts).encode()).hexdigest()
