"""An auditor who is away (F1-ABS-01, T-38, T-39, T-42): who is asked to find somebody, where, and by when."""

from datetime import date, timedelta

from mailflow.model import Flag, Outcome, Person, Role, Timer
from mailflow.process.calendar import local, make_calendar
from mailflow.process.plan import arm, flag, people_of, tell
from mailflow.process.wording import day_words
from mailflow.scene import Scene

TIMER = "cover"
# The words of ``absence.finder`` → the part that is asked.
FINDERS: dict[str, str] = {"auditor": Role.AUDITOR, "hos": Role.OWN_HOS}


def why_absent(scene: Scene, person: Person) -> str:
    """Why somebody can't be given an audit that runs from now to its due day, "" when they can (T-38).

    Away today, or for more working days of that time than ``absence.most_wd``.
    """
    if not person.absences:
        return ""
    calendar, today = make_calendar(scene.framework), local(scene.now).date()
    if person.is_away(today):
        return f"{person.name} is away today"
    due = scene.audit.due_on
    days = [today + timedelta(n) for n in range((due - today).days + 1)]
    away = [d for d in days if calendar.is_working_day(d) and person.is_away(d)]
    if len(away) <= scene.framework.absence.most_wd:
        return ""
    return f"{person.name} is away from {day_words(away[0])} to {day_words(away[-1])}"


def ask_finders(out: Outcome, scene: Scene, part: str, round_: str, until_on: date | None = None) -> Outcome:
    """OUT-99 to whoever the profile says finds somebody; nothing where it names nobody, or nobody holds the part.

    ``part`` says what happened: "absent" before the audit was given out, "cannot", or "away" in the middle of it.
    """
    rules = scene.framework.absence
    roles = [FINDERS[f] for f in rules.finder if f in FINDERS and (part == "absent" or f != "auditor")]
    people = people_of(scene, roles)
    out = flag(out, Flag.COVER_WANTED)
    calendar = make_calendar(scene.framework)
    by = calendar.add_working_days(scene.now, rules.finder_wd)
    auditor = scene.parties.first(Role.AUDITOR)
    facts = {"part": part, "by_on": by, "until_on": until_on, "scope": rules.scope,
             "own_service": auditor.service if auditor else ""}
    out = tell(out, people, "OUT-99", "T-38", round_, facts)
    # Where the QA team knows already, they need not be told that nobody was named.
    return arm(out, Timer(TIMER, calendar.expiry(by))) if people and part == "absent" else out


def may_name(scene: Scene, roles: frozenset[str], person: Person) -> str:
    """Why this writer may not hand the audit to that person, "" when they may. The QA team may name anybody.

    The auditor may only where they can't do it themselves; and outside QA, only within the service where so ruled.
    """
    if roles & {Role.QA.value, Role.QA_MANAGER.value}:
        return ""
    rules = scene.framework.absence
    managers = roles & {Role.SM.value, Role.HOS.value} or (Role.OWN_HOS.value in roles and "hos" in rules.finder)
    if not managers:
        if "auditor" not in rules.finder:
            return "The QA team names somebody else. Reply CANNOT and the reason, and they will."
        if not scene.audit.has(Flag.COVER_WANTED):
            return "Reply CANNOT and the reason first; then you may name somebody."
    auditor = scene.parties.first(Role.AUDITOR)
    own = auditor.service if auditor else ""
    if rules.scope == "service" and own and person.service != own:
        return (f"{person.name} does not work in {own}. Please name somebody who does, or reply with CANNOT and leave it "
                "to the QA team.")
    return ""
