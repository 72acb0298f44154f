"""What a form prints of its audit: header answers as texts, the council's name, the marking, the passport (DOC-02).

Dates are "Tuesday 30 June 2026" (HR-06). Every text is data: characters XML cannot hold are dropped first.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from mailflow.errors import ConfigError
from mailflow.form.definition import FormDefinition, FormField
from mailflow.form.passport import make_passport, to_text
from mailflow.model import Role
from mailflow.scene import Scene
from outbox.blank.controls import value_name

LONDON = ZoneInfo("Europe/London")
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def clean(text: str) -> str:
    """The text without what XML cannot hold; every line break a newline."""
    return _ILLEGAL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def print_day(day: date) -> str:
    """"Tuesday 30 June 2026"."""
    return f"{day:%A} {day.day} {day:%B %Y}"


def _period(scene: Scene) -> str:
    """The look-back: its first day to the day of allocation (CLK: the six months to allocation day)."""
    audit = scene.audit
    last = audit.allocated_at.astimezone(LONDON).date() if audit.allocated_at else audit.opens_on
    if audit.lookback_from_on is None:
        return f"The {scene.framework.audit.lookback_months} months to {print_day(last)}"
    return f"{print_day(audit.lookback_from_on)} to {print_day(last)}"


def _person(scene: Scene, role: Role, otherwise: str) -> str:
    found = scene.parties.first(role)
    return found.name if found else otherwise


# What a prefilled field may be, by the last part of its id.
PRINTED: dict[str, Callable[[Scene], str]] = {
    "reference": lambda s: s.audit.ref,
    "case_number": lambda s: s.case.number,
    "category": lambda s: s.case.category,
    "team": lambda s: s.case.team,
    "service": lambda s: s.case.service,
    "practitioner": lambda s: _person(s, Role.PRACTITIONER, s.case.practitioner),
    "auditor": lambda s: _person(s, Role.AUDITOR, s.audit.auditor),
    "tm": lambda s: _person(s, Role.TM, s.case.tm),
    "period": _period,
    "due": lambda s: print_day(s.audit.due_on),
    "month": lambda s: f"{s.audit.due_on:%B %Y}",
}
# The same under the names the one-page workbook's fields have.
PRINTED |= {"case_id": PRINTED["case_number"], "practitioners": PRINTED["practitioner"],
            "social_worker": PRINTED["practitioner"], "audit_month": PRINTED["month"]}


def make_values(scene: Scene, form: FormDefinition, secret: bytes, only: frozenset[str] | None = None) -> dict[str, Any]:
    """Everything a template may print, by name. Raises ConfigError for a prefilled field nobody can fill.

    ``only`` names the prefilled fields that are printed, None = all; the others stay empty.
    """
    kept = form.for_category(scene.case.category)
    texts = print_texts(scene, kept, only)
    return {
        "council": clean(scene.council.name), "marking": clean(scene.framework.send.marking),
        "ref": scene.audit.ref, "sections": frozenset(s.id for s in kept.sections), "values": _nested(texts),
        "passport": to_text(make_passport(secret, scene.audit.ref, form.id, form.edition)),
    }


def print_texts(scene: Scene, form: FormDefinition, only: frozenset[str] | None = None) -> dict[str, str]:
    """Field id → what is printed in it; ``only`` as in :func:`make_values`. Raises ConfigError for a prefilled field
    nobody can fill."""
    _complain_unknown(form)
    named = {f.id: f.id.split(".")[-1] for f in form.fields if f.prefilled}
    return {i: clean(PRINTED[name](scene)) if only is None or name in only else "" for i, name in named.items()}


def make_sample(form: FormDefinition) -> dict[str, Any]:
    """Values of the right shape and no meaning, to try a template with when it is loaded."""
    texts = {f.id: "sample" for f in form.fields if f.prefilled}
    return {"council": "sample", "marking": "sample", "ref": "sample", "passport": "sample",
            "sections": frozenset(s.id for s in form.sections), "values": _nested(texts)}


def is_plain(values: dict[str, Any]) -> bool:
    """True when no text holds a line break, tab or form feed (these cost docxtpl's slower pass)."""
    texts = [v for v in values.values() if isinstance(v, str)]
    texts += _leaves(values["values"])
    return not any("\n" in t or "\t" in t for t in texts)


def _complain_unknown(form: FormDefinition) -> None:
    wrong = [f for f in form.fields if f.prefilled and f.id.split(".")[-1] not in PRINTED]
    if wrong:
        raise ConfigError([_unknown(form, f) for f in wrong])


def _unknown(form: FormDefinition, field: FormField) -> str:
    return f"form {form.id}: {field.id} is prefilled, but nothing fills it; known are {', '.join(sorted(PRINTED))}"


def _nested(texts: dict[str, str]) -> SimpleNamespace:
    """Texts as a template asks for them: "header.team" is ``values.header.team``, "team" is ``values.team``."""
    root = SimpleNamespace()
    for field_id, text in texts.items():
        *homes, item = value_name(field_id).split(".")
        home = root
        for name in homes:
            vars(home).setdefault(name, SimpleNamespace())
            home = vars(home)[name]
        setattr(home, item, text)
    return root


def _leaves(of: SimpleNamespace) -> Iterator[str]:
    for value in vars(of).values():
        if isinstance(value, SimpleNamespace):
            yield from _leaves(value)
        else:
            yield value
