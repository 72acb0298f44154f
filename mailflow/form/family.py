"""The ``feedback`` key of a form's questions: which part of whose views an answer is."""

from typing import Any

from mailflow.model.feedback import PARTS, SOURCES


def join_halves(item: Any, column: Any) -> dict[str, str]:
    """A question answered in columns: one says whose views, the other which part of them, whichever way round."""
    if not (isinstance(item, str) and isinstance(column, str)):
        return {}
    source, part = (item, column) if item in SOURCES else (column, item)
    return {"feedback": f"{source}.{part}"}


def split_feedback(said: str) -> tuple[str, str]:
    """("parent", "score") for "parent.score"; the source is "" where the form itself says whose views they are."""
    source, _, part = said.rpartition(".")
    return source, part


def wrong_feedback(found: tuple[Any, ...], plain: dict[str, Any]) -> list[str]:
    """What is wrong with a question's ``feedback`` and ``sources``, each beginning with its key."""
    bad = []
    for said in found:
        source, part = split_feedback(str(said))
        if part not in PARTS or (source and source not in SOURCES):
            bad.append(f"feedback: {said!r} is not one of {', '.join(SOURCES)}, a point, and one of {', '.join(PARTS)}")
    sources = plain.get("sources", ())
    bad += [f"sources: {s!r} is not one of {', '.join(SOURCES)}" for s in sources if s not in SOURCES]
    if sources and len(sources) != len(plain.get("choices", ())):
        bad.append("sources: name one for each of the choices, in the same order")
    return bad
