"""A reading as JSON bytes and back: what crosses the pipe from a child that may have been harmed.

The shape is :mod:`mailflow.model.codec`'s (a test holds the two equal). A reading has some eighty answers, and the
general codec's walk over their type hints would cost more than the whole child; here the known shapes are written out.
"""

import json
from typing import Any

from mailflow.model import Answer, FoundBy, Leftover, Passport, Reading, Status
from mailflow.model.codec import to_plain


def pack_reading(reading: Reading) -> bytes:
    """The reading as JSON. Dataclasses without slots keep their fields in order in ``__dict__``."""
    plain = dict(reading.__dict__)
    plain["passport"] = to_plain(reading.passport)
    plain["answers"] = {field: answer.__dict__ for field, answer in reading.answers.items()}
    plain["rows"] = {
        table: [{column: answer.__dict__ for column, answer in row.items()} for row in rows]
        for table, rows in reading.rows.items()
    }
    plain["leftovers"] = [left.__dict__ for left in reading.leftovers]
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def unpack_reading(data: bytes) -> Reading:
    """The reading a child sent. Raises ValueError for anything that is not exactly a reading."""
    try:
        plain = json.loads(data.decode("utf-8", "surrogatepass"))
        return _build(plain)
    except (KeyError, TypeError, AttributeError, UnicodeDecodeError, RecursionError) as e:
        raise ValueError(f"the reading child sent something else: {e}") from e


def _build(plain: dict[str, Any]) -> Reading:
    passport = plain["passport"]
    return Reading(
        status=Status(plain["status"]),
        passport=Passport(**{k: _text(v) for k, v in passport.items()}) if passport else None,
        answers={_text(k): _answer(a) for k, a in plain["answers"].items()},
        rows={_text(t): tuple({c: _answer(a) for c, a in row.items()} for row in rows) for t, rows in plain["rows"].items()},
        missing=_texts(plain["missing"]), prompts_left=_texts(plain["prompts_left"]),
        leftovers=tuple(Leftover(_text(left["text"]), _text(left["place"])) for left in plain["leftovers"]),
        tracked_changes=_count(plain["tracked_changes"]), comments=_count(plain["comments"]),
        oddities=_texts(plain["oddities"]),
        labels={_text(k): _text(v) for k, v in plain["labels"].items()},
        edit_minutes=None if plain["edit_minutes"] is None else _count(plain["edit_minutes"]),
        form=_text(plain["form"]), edition=_text(plain["edition"]), printed_ref=_text(plain["printed_ref"]),
        content_digest=_text(plain["content_digest"]), reason=_text(plain["reason"]), words=_text(plain["words"]),
        text=_text(plain["text"]),
    )


def _answer(plain: dict[str, Any]) -> Answer:
    value = plain["value"]
    return Answer(
        _text(plain["field"]), _text(plain["text"]), _text(plain["place"]), FoundBy(plain["found_by"]),
        _count(plain["sure"]), plain["had_prompt"] is True, None if value is None else _text(value),
        _text(plain["trouble"]), _texts(plain["candidates"]),
    )


def _text(value: object) -> str:
    if type(value) is not str:
        raise TypeError(f"{type(value).__name__} where text belongs")
    return value


def _count(value: object) -> int:
    if type(value) is not int:
        raise TypeError(f"{type(value).__name__} where a number belongs")
    return value


def _texts(values: list[object]) -> tuple[str, ...]:
    return tuple(_text(v) for v in values)
