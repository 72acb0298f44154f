"""Each check fires when one thing in a good form is changed, and is silent when the change is just not enough."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from mailflow.form.load import load_form
from mailflow.framework import templates_root
from mailflow.model import Flag, Passport, Point, Status
from tests.process.checks.conftest import Return, load_good

FORM = load_form(templates_root() / "base" / "form.toml")
LONG = ("The one weak section reflects a single month in spring when the worker was ill, and everything else that was read "
        "outweighs it by a long way.")


def put(**answers: str) -> Callable:
    """Change answers: voice__evidence="…" is the field voice.evidence."""
    return lambda r: r.answers.update({k.replace("__", "."): v for k, v in answers.items()})


def read(**reading: object) -> Callable:
    return lambda r: r.reading.update(reading)


def row(n: int, **cells: str) -> Callable:
    return lambda r: r.rows[n - 1].update(cells)


def both(*changes: Callable) -> Callable:
    def change(r) -> None:
        for c in changes:
            c(r)
    return change


def blank_all(part: str) -> Callable:
    return lambda r: r.answers.update({k: "" for k in r.answers if k.endswith("." + part)})


def no_plan(r) -> None:
    r.rows.clear()
    r.answers["plan.improvements"] = ""


def audit(**values: object) -> Callable:
    return lambda r: r.audit.update(values)


def nothing(_r) -> None:
    """The good form as it stands."""


def amended(before: Callable = nothing, after: Callable = nothing, **more: object) -> Callable:
    """The form goes back once: ``before`` changes what was returned, ``after`` what comes now."""
    def change(r) -> None:
        before(r)
        r.previous, r.number = r.submission(), 2
        after(r)
        r.more.update(more)
    return change


def points(*fields: str) -> Callable:
    return audit(points=tuple(Point(n, "Please change this.", "CHK-013", (f,)) for n, f in enumerate(fields, 1)))


def all_domains(grade: str) -> Callable:
    names = [d.id for d in FORM.domains]
    return lambda r: r.answers.update({f"{n}.{s}": grade for n in names for s in ("pre", "post")})


def overall(grade: str) -> Callable:
    return put(overall__pre=grade, overall__post=grade)


def older_copy(r) -> None:
    """Version 1, then 2 with new words, then 3 made from version 1 again."""
    first = r.submission()
    r.answers["voice.evidence"] += " He was asked again in June."
    r.answers["family.evidence"] += " Dad was rung."
    second = replace(r.submission(), number=2)
    r.answers["voice.evidence"] = first.reading.answer("voice.evidence")
    r.answers["family.evidence"] = first.reading.answer("family.evidence")
    r.answers["planning.evidence"] += " A date was added."
    r.previous, r.number = second, 3
    r.more["earlier"] = (first, second)


def newer_copy(r) -> None:
    older_copy(r)
    for f in ("voice.evidence", "family.evidence"):
        r.answers[f] = r.previous.reading.answer(f)


UNGRADED = {"types": {"audit": {"graded": False}}}


def profile(**tables: object) -> Callable:
    return lambda r: r.profile.update(tables)


# Check → the good form to start from, what makes it fire, what comes near and keeps it silent.
CASES: dict[str, tuple[int, Callable, Callable]] = {
    "CHK-072": (1, put(impact__evidence="On reading the last note I think he is at immediate risk."),
                put(impact__evidence="On reading the last note I do not think he is at immediate risk.")),
    "CHK-073": (1, put(concern__now="Yes", concern__told="Ines Holt, 01632 960123"),
                put(concern__now="Yes", concern__told="Ines Holt, 01632 960123", concern__when="Friday, 10am")),
    "CHK-074": (8, nothing, put(concern__now="Yes")),
    "CHK-001": (1, read(status=Status.NOT_THE_FORM, answers={}), nothing),
    "CHK-002": (1, read(passport=Passport("2606-019E", "base-10", "1")), read(passport=Passport("2606-018D", "base-10", "1"))),
    "CHK-003": (1, read(form="moderation-1"), read(form="base-10", edition="1")),
    "CHK-004": (1, put(header__case_number="4102739"), put(header__case_number=" 4 102 738 (and one sibling)")),
    "CHK-005": (1, put(header__auditor="Someone Else"), put(header__auditor="R. Addo")),
    "CHK-006": (1, read(missing=("planning.evidence",)), read(missing=())),
    "CHK-007": (1, read(oddities=("macros",)), read(oddities=())),
    "CHK-008": (1, read(tracked_changes=2), amended(audit(points=(Point(1, "x"),)), read(comments=1))),
    "CHK-009": (1, both(lambda r: r.answers.clear(), lambda r: r.rows.clear()), lambda r: r.rows.clear()),
    "CHK-106": (1, lambda r: setattr(r, "name", "audit DOB 12-03-2014.docx"),
                lambda r: setattr(r, "name", "2606-018D Case File Audit (final) 26-06-2026 Ruth Addo.docx")),
    "CHK-011": (1, put(header__started=""), put(header__started="3 June 2026")),
    "CHK-012": (1, put(header__category="Toddler"), put(header__category="lac")),
    "CHK-013": (1, put(conversation__notes=""), put(overall__themes="", plan__improvements="", voice__strengths="")),
    "CHK-014": (1, both(put(conversation__notes=""), read(prompts_left=("conversation.notes",))),
                read(prompts_left=("overall.themes", "concern.told"))),
    "CHK-018": (6, put(partners__evidence="Not applicable."), nothing),
    "CHK-019": (1, put(voice__post="Quite good"), put(voice__post="r.i.")),
    "CHK-020": (1, put(voice__pre="", voice__post=""), put(voice__pre="N/A", voice__post="N/A")),
    "CHK-021": (1, overall(""), overall("G")),
    "CHK-022": (1, put(family__pre=""), put(family__pre="good")),
    "CHK-024": (1, both(*(put(**{f"{d}__pre": "N/A", f"{d}__post": "N/A"}) for d in ("review", "partners", "family", "voice"))),
                both(*(put(**{f"{d}__pre": "N/A", f"{d}__post": "N/A"}) for d in ("review", "partners", "family")))),
    "CHK-025": (1, blank_all("strengths"), put(recording__strengths="Plain, kind words.")),
    "CHK-026": (1, put(header__met=""), both(put(header__met=""), audit(flags=frozenset({Flag.PRACTITIONER_LEFT})))),
    "CHK-027": (1, profile(audit={"self_assessment": "before_meeting"}),
                both(profile(audit={"self_assessment": "before_meeting"}), audit(assessed_at=datetime(2026, 6, 2, 9, tzinfo=UTC)))),
    "CHK-028": (1, both(audit(level=2), put(conversation__notes="I met the practitioner and we spoke for an hour.")),
                both(audit(level=2), put(conversation__notes="I met the practitioner and the team manager together."))),
    "CHK-029": (5, no_plan, lambda r: r.rows.clear()),
    "CHK-030": (1, put(overall__themes=""), put(overall__themes="None new")),
    "CHK-031": (2, put(voice__evidence="Seen and heard."), put(voice__evidence=LONG + " " + LONG)),
    "CHK-032": (1, put(header__started="31/06/2026"), put(header__started="began on 3 June 2026, after leave")),
    "CHK-033": (1, both(put(header__met="18 June 2026"), row(1, due="10/07/2026"), row(2, due="1 August 2026")),
                row(1, due="10/07/2026")),
    "CHK-034": (1, put(header__met="2 June 2026"), put(header__met="3 June 2026")),
    "CHK-035": (1, put(header__met="27 June 2026"), put(header__met="26 June 2026")),
    "CHK-036": (1, put(header__started="29 May 2026"), put(header__started="1 June 2026")),
    "CHK-037": (1, put(header__met="Saturday 13 June 2026"), put(header__met="Friday 12 June 2026")),
    "CHK-038": (1, both(put(header__started="26 June 2026", header__met="26 June 2026"), read(edit_minutes=90)),
                both(put(header__started="26 June 2026", header__met="26 June 2026"), read(edit_minutes=180))),
    "CHK-040": (1, put(voice__evidence="Visits on 1/2/2025, 3/3/2025, 4/4/2025, 5/5/2025, 6/6/2025 and 7/7/2025."),
                put(voice__evidence="Visits on 1/2/2025, 3/3/2026, 4/4/2026 and 5/5/2026.")),
    "CHK-041": (1, row(2, owner=""), row(2, owner="Dev Marsh")),
    "CHK-042": (1, row(2, due=""), lambda r: r.rows.append({"text": "No further actions", "owner": "", "due": ""})),
    "CHK-044": (1, row(1, due="ASAP"), row(1, due="ASAP, by 12 July 2026 at the latest")),
    "CHK-045": (1, row(1, due="16 June 2026"), row(1, due="30 June 2026")),
    "CHK-046": (1, row(1, due="27 December 2026"), row(1, due="26 December 2026")),
    "CHK-048": (1, row(1, owner="The Team"), row(1, owner="Team manager")),
    "CHK-049": (1, row(1, text="Update the plan"), row(1, text="Update the plan with a date for housing")),
    "CHK-050": (1, row(2, text="Rewrite plan actions 3 and 6, so that each says who, what and when."), nothing),
    "CHK-051": (8, lambda r: r.rows.clear(), nothing),
    "CHK-053": (1, put(planning__post="Inadequate", overall__summary="Good work."),
                put(planning__post="Inadequate", overall__summary=LONG)),
    "CHK-054": (1, both(all_domains("Requires improvement"), overall("Good")), both(all_domains("Good"), overall("Good"))),
    "CHK-055": (1, both(all_domains("Good"), overall("Inadequate")), both(all_domains("Good"), overall("RI"))),
    "CHK-057": (1, no_plan, put(plan__improvements="")),
    "CHK-058": (1, both(overall("Inadequate"), put(overall__summary="The work is weak.", conversation__notes="We met.")),
                both(overall("Inadequate"), put(overall__summary="She was left at risk of harm."))),
    "CHK-059": (1, both(overall("Outstanding"), lambda r: r.answers.update({k: "Superb." for k in r.answers
                                                                            if k.endswith(("evidence", "summary"))})),
                overall("Outstanding")),
    "CHK-060": (1, put(conversation__notes="We met."), put(conversation__notes="We met.", partners__post="RI")),
    "CHK-061": (6, both(all_domains("Good"), put(conversation__notes="We met.")), all_domains("Good")),
    "CHK-071": (1, profile(**UNGRADED), both(profile(**UNGRADED), all_domains(""), overall(""))),
    "CHK-102": (1, put(voice__evidence="The child's name is Tobias Fennimore, aged six."),
                put(voice__evidence="The child's name is not used, and I write J throughout.")),
    "CHK-103": (1, put(voice__evidence="I read what Tobias Fennimore drew."),
                put(voice__evidence="I read what Dev Marsh wrote after the Core Group at Northmoor Council.")),
    "CHK-104": (1, put(voice__evidence="The sibling's case number 4102811 has more."),
                put(voice__evidence="This case, number 4102738, has 4102811 pence of debt against it.")),
    "CHK-105": (1, put(voice__evidence="They moved to ZE1 0AB in May."), put(voice__evidence="They moved in May; J is in 3B.")),
    "CHK-107": (1, put(oversight__evidence="Dev was lazy about this."), put(oversight__evidence="This work was late.")),
    "CHK-108": (1, amended(), amended(after=put(voice__evidence=LONG))),
    "CHK-109": (1, amended(points("voice.evidence", "family.evidence"), put(voice__evidence=LONG)),
                amended(points("voice.evidence"), put(voice__evidence=LONG))),
    "CHK-110": (1, amended(after=overall("RI")), amended(after=both(overall("RI"), put(overall__summary=LONG)))),
    "CHK-111": (1, amended(points("voice.evidence"), put(voice__evidence=LONG, family__evidence=LONG)),
                amended(points("voice.evidence"), put(voice__evidence=LONG))),
    "CHK-112": (1, older_copy, newer_copy),
    "CHK-120": (1, lambda r: setattr(r, "received_at", datetime(2026, 7, 2, 9, tzinfo=UTC)),
                both(lambda r: setattr(r, "received_at", datetime(2026, 7, 2, 9, tzinfo=UTC)),
                     put(late__reason="The practitioner was on leave until 30 June."))),
}


def make(check: str, which: int) -> Return:
    """A good form with that case's change: 0 makes it fire, 1 keeps it silent."""
    number, *changes = CASES[check]
    form = load_good(number)
    changes[which](form)
    return form
