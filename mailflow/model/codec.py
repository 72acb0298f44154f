"""Frozen values ↔ plain JSON values, by their type hints. One codec for the store and for the reading child.

Knows dataclasses, enums, dates and aware datetimes, tuples, frozensets, dicts with text keys, optionals and the JSON
scalars. Anything else is our bug and raises :class:`mailflow.errors.Broken`.
"""

import dataclasses
import functools
import types
import typing
from datetime import date, datetime
from enum import Enum
from typing import Any, TypeVar, cast

from mailflow.errors import Broken

T = TypeVar("T")


def to_plain(value: Any) -> Any:
    """A value of the house as JSON values; bytes are not allowed (they are blobs)."""
    if value is None or (isinstance(value, (bool, int, float)) and not isinstance(value, Enum)):
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, str):
        return value
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: to_plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, (tuple, list)):
        return [to_plain(v) for v in value]
    if isinstance(value, (set, frozenset)):
        return sorted(to_plain(v) for v in value)
    if isinstance(value, dict):
        return {str(k): to_plain(v) for k, v in value.items()}
    raise Broken(f"no plain form for {type(value).__name__}")


def from_plain(kind: type[T], plain: Any) -> T:
    """The inverse of :func:`to_plain` for ``kind``; unknown keys are ignored, missing ones take their defaults."""
    return cast(T, _build(kind, plain))


@functools.cache
def _hints(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def _build(kind: Any, plain: Any) -> Any:
    if kind is Any:
        return plain
    origin = typing.get_origin(kind)
    if origin in (typing.Union, types.UnionType):
        inner = [a for a in typing.get_args(kind) if a is not type(None)]
        return None if plain is None else _build(inner[0], plain)
    if origin is not None:
        return _build_container(origin, typing.get_args(kind), plain)
    if dataclasses.is_dataclass(kind):
        hints = _hints(cast(type, kind))
        known = {f.name: _build(hints[f.name], plain[f.name]) for f in dataclasses.fields(kind) if f.name in plain}
        return cast(Any, kind)(**known)
    if isinstance(kind, type) and issubclass(kind, (Enum,)):
        return kind(plain)
    if kind is datetime:
        return datetime.fromisoformat(plain)
    if kind is date:
        return date.fromisoformat(plain)
    return plain


def _build_container(origin: Any, args: tuple[Any, ...], plain: Any) -> Any:
    if origin is tuple:
        return tuple(_build(args[0], v) for v in plain)
    if origin is frozenset:
        return frozenset(_build(args[0], v) for v in plain)
    if origin is list:
        return [_build(args[0], v) for v in plain]
    if origin is dict:
        return {k: _build(args[1], v) for k, v in plain.items()}
    raise Broken(f"no codec for {origin}")
