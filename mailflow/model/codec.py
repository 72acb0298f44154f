"""Frozen values ↔ plain JSON values, by their type hints. One codec for the store and for the reading child.

Knows dataclasses, enums, dates and aware datetimes, tuples, frozensets, dicts with text keys, optionals and the JSON
scalars. Anything else is our bug and raises :class:`mailflow.errors.Broken`. The way back is worked out once a type.
"""

import dataclasses
import functools
import types
import typing
from collections.abc import Callable
from datetime import date, datetime
from enum import Enum
from typing import Any, TypeVar, cast

from mailflow.errors import Broken

T = TypeVar("T")
Build = Callable[[Any], Any]


def to_plain(value: Any) -> Any:
    """A value of the house as JSON values; bytes are not allowed (they are blobs)."""
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: to_plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, tuple | list):
        return [to_plain(v) for v in value]
    if isinstance(value, set | frozenset):
        return sorted(to_plain(v) for v in value)
    if isinstance(value, dict):
        return {str(k): to_plain(v) for k, v in value.items()}
    raise Broken(f"no plain form for {type(value).__name__}")


def from_plain(kind: type[T], plain: Any) -> T:
    """The inverse of :func:`to_plain` for ``kind``; unknown keys are ignored, missing ones take their defaults."""
    return cast(T, _builder(cast(Any, kind))(plain))


def _as_it_is(plain: Any) -> Any:
    return plain


@functools.cache
def _builder(kind: Any) -> Build:
    origin = typing.get_origin(kind)
    if origin in (typing.Union, types.UnionType):
        inner = _builder(next(a for a in typing.get_args(kind) if a is not type(None)))
        return lambda plain: None if plain is None else inner(plain)
    if origin is not None:
        return _container(origin, typing.get_args(kind))
    if dataclasses.is_dataclass(kind):
        return _dataclass(cast(type, kind))
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind
    if kind is datetime:
        return datetime.fromisoformat
    if kind is date:
        return date.fromisoformat
    return _as_it_is


def _container(origin: Any, args: tuple[Any, ...]) -> Build:
    inner = _builder(args[1] if origin is dict else args[0])
    if origin is dict:
        if inner is _as_it_is:
            return dict
        return lambda plain: {k: inner(v) for k, v in plain.items()}
    if origin not in (tuple, frozenset, list):
        raise Broken(f"no codec for {origin}")
    if inner is _as_it_is:
        return cast(Build, origin)
    return lambda plain: origin(map(inner, plain))


def _dataclass(kind: type) -> Build:
    hints = typing.get_type_hints(kind)
    builders: dict[str, Build] = {}
    changed: list[tuple[str, Build]] = []
    # Frozen values that check nothing when they are made hold their fields and nothing else (tens of thousands are read).
    bare = not hasattr(kind, "__post_init__") and not hasattr(kind, "__slots__")

    def build(plain: Any) -> Any:
        if not builders:
            # Filled at the first use, so that a type may hold values of its own kind.
            builders.update({f.name: _builder(hints[f.name]) for f in dataclasses.fields(kind)})
            changed.extend((k, b) for k, b in builders.items() if b is not _as_it_is)
        if bare and builders.keys() == plain.keys():
            made: Any = object.__new__(kind)
            held = made.__dict__
            held.update(plain)
            for k, b in changed:
                held[k] = b(plain[k])
            return made
        return kind(**{k: builders[k](v) for k, v in plain.items() if k in builders})

    return build
