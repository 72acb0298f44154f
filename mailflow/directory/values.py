"""Rows of the council's sheets → people and cases (domain 5.1.1). A bad row is named and left out; the rest go on."""

import re
from collections.abc import Collection
from datetime import date

from mailflow.directory.sheets import BadRow, Sheet, squeeze
from mailflow.model import Absence, Case, Person, Role

PEOPLE_COLUMNS = ("email", "name", "roles", "team", "service", "manager email", "delegates", "absent from", "absent to",
                  "auditor level", "phone", "external", "second email")
PEOPLE_REQUIRED = ("email", "name", "roles")
CASE_COLUMNS = ("case number", "category", "team", "practitioner email", "service", "TM email", "IRO email",
                "open since", "last audited", "restricted", "QA contacts family", "nominated auditor", "theme", "family")
CASE_REQUIRED = ("case number", "category", "team", "practitioner email")

# ASCII only, and no quoting: what every mail server takes and every header can carry.
_ADDRESS = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*@[a-z0-9-]+(\.[a-z0-9-]+)+")
_NUMBER = re.compile(r"(?=.*[0-9])[A-Za-z0-9][A-Za-z0-9/-]{1,30}")
_BLANK = re.compile(r"[\s\x00-\x1f\x7f]+")
_YES = {"yes", "y", "true", "1", "x"}
_NO = {"", "no", "n", "false", "0"}
# What councils write in the roles column for the words of mailflow.
ROLE_WORDS = {
    "teammanager": Role.TM, "servicemanager": Role.SM, "headofservice": Role.HOS, "socialworker": Role.PRACTITIONER,
    "keyworker": Role.PRACTITIONER, "principalsocialworker": Role.PSW, "assistantdirector": Role.AD,
    "independentreviewingofficer": Role.IRO, "cpchair": Role.IRO, "qaofficer": Role.QA, "qamanager": Role.QA_MANAGER,
    "qualityassurance": Role.QA, "serviceleader": Role.SERVICE_LEADER, "serviceleaders": Role.SERVICE_LEADER,
    "deputydirector": Role.DEPUTY_DIRECTOR, "safeguardingreviewsm": Role.SAFEGUARDING_REVIEW_SM,
    "safeguardingandreviewsm": Role.SAFEGUARDING_REVIEW_SM, "safeguardingreviewservicemanager": Role.SAFEGUARDING_REVIEW_SM,
    "safeguardingandreviewservicemanager": Role.SAFEGUARDING_REVIEW_SM, "practiceimprovementandauditmanager": Role.PIAM,
    "practiceimprovementauditmanager": Role.PIAM, "seniormanagementteam": Role.SMT, "seniorleadershipteam": Role.SLT,
    "corporatedirector": Role.DIRECTOR, "independentreviewer": Role.IRO, "childprotectionchair": Role.IRO,
    "conferencechair": Role.IRO, **{squeeze(r.value): r for r in Role},
}
# Parts that come of an audit, and that nobody holds by the directory's word.
_PLAYED_ONLY = (Role.WRITER, Role.FORMER_AUDITOR, Role.FORMER_PRACTITIONER, Role.LINE_MANAGER, Role.OWN_HOS)


def parse_people(sheet: Sheet) -> tuple[tuple[Person, ...], tuple[BadRow, ...]]:
    """The directory. Two rows of one address are one person with two absences; differing names are a bad row."""
    people: dict[str, Person] = {}
    bad: list[BadRow] = []
    for number, row in sheet.rows:
        try:
            person = _person(row)
        except ValueError as e:
            bad.append(BadRow(number, str(e)))
            continue
        earlier = people.get(person.address)
        if earlier is None:
            people[person.address] = person
        elif earlier.name != person.name:
            bad.append(BadRow(number, f"{person.address} stands above as {earlier.name}"))
        else:
            people[person.address] = _joined(earlier, person)
    return tuple(people.values()), tuple(bad)


def _joined(first: Person, second: Person) -> Person:
    from dataclasses import replace

    return replace(first, absences=first.absences + second.absences,
                   roles=first.roles + tuple(r for r in second.roles if r not in first.roles))


def _person(row: dict[str, str]) -> Person:
    away_from, away_to = read_date(row, "absent from"), read_date(row, "absent to")
    if (away_from is None) != (away_to is None):
        raise ValueError("an absence needs both days, absent from and absent to")
    if away_from and away_to and away_to < away_from:
        raise ValueError("absent to is before absent from")
    name = one_line(row.get("name", ""))
    if not name:
        raise ValueError("the name is missing")
    return Person(
        address=read_address(row, "email", required=True), name=name, roles=_roles(row.get("roles", "")),
        team=one_line(row.get("team", "")), service=one_line(row.get("service", "")),
        manager=read_address(row, "manager email"), second_address=read_address(row, "second email"),
        delegates=tuple(_checked_address(a, "delegates") for a in re.split(r"[,;\s]+", row.get("delegates", "")) if a),
        absences=(Absence(away_from, away_to),) if away_from and away_to else (),
        auditor_level=row.get("auditor level", "").lower(), external=read_yes_no(row, "external"),
        phone=one_line(row.get("phone", "")),
    )


def parse_cases(sheet: Sheet, categories: tuple[str, ...], family_values: tuple[str, ...],
                people: frozenset[str]) -> tuple[tuple[Case, ...], tuple[BadRow, ...]]:
    """The cases. ``family_values`` are the words that mean "QA contacts the family" (G-07); ``people`` the directory's
    addresses: a practitioner, manager or IRO who is not in it is a bad row, since nobody could be told."""
    cases: dict[str, Case] = {}
    bad: list[BadRow] = []
    for number, row in sheet.rows:
        try:
            case = _case(row, categories, {squeeze(v) for v in family_values}, people)
            if case.number in cases:
                raise ValueError(f"the case number {case.number} stands twice")
            cases[case.number] = case
        except ValueError as e:
            bad.append(BadRow(number, str(e)))
    return tuple(cases.values()), tuple(bad)


def _case(row: dict[str, str], categories: tuple[str, ...], family: set[str], people: frozenset[str]) -> Case:
    number = parse_number(row.get("case number", ""))
    by_squeeze = {squeeze(c): c for c in categories}
    category = by_squeeze.get(squeeze(row.get("category", "")), "")
    if not category:
        raise ValueError(f"{row.get('category', '')!r} is not a category; choose from {', '.join(categories)}")
    addresses = {c: read_address(row, c, required=c == "practitioner email")
                 for c in ("practitioner email", "TM email", "IRO email", "nominated auditor")}
    for column, address in addresses.items():
        if address and address not in people:
            raise ValueError(f"{column}: {address} is not in the directory")
    team = one_line(row.get("team", ""))
    if not team:
        raise ValueError("the team is missing")
    return Case(
        number=number, category=category, team=team, practitioner=addresses["practitioner email"],
        service=one_line(row.get("service", "")), tm=addresses["TM email"], iro=addresses["IRO email"],
        open_since_on=read_date(row, "open since"), last_audited_on=read_date(row, "last audited"),
        restricted=read_yes_no(row, "restricted"), qa_contacts_family=read_family(row, family),
        nominated_auditor=addresses["nominated auditor"], theme=one_line(row.get("theme", "")),
        family=one_line(row.get("family", "")),
    )


def parse_number(text: str) -> str:
    """A case's number in the council's system. Raises ValueError for a name, or nothing."""
    number = text.strip()
    if not number:
        raise ValueError("the case number is missing")
    if not _NUMBER.fullmatch(number):
        raise ValueError(f"{number!r} is not a case number")
    return number


def one_line(text: str) -> str:
    """Without line ends and control characters: these stand in no sheet and no header."""
    return _BLANK.sub(" ", text).strip()[:200]


def _roles(text: str) -> tuple[str, ...]:
    roles = []
    for word in re.split(r"[,;/\n]+", text):
        if not word.strip():
            continue
        role = ROLE_WORDS.get(squeeze(word))
        if role is None or role in _PLAYED_ONLY:
            raise ValueError(f"{word.strip()!r} is not a role we know")
        if role.value not in roles:
            roles.append(role.value)
    if not roles:
        raise ValueError("the roles are missing")
    return tuple(roles)


def read_address(row: dict[str, str], column: str, required: bool = False) -> str:
    text = row.get(column, "").strip()
    if not text and not required:
        return ""
    return _checked_address(text, column)


def _checked_address(text: str, column: str) -> str:
    address = text.strip().lower()
    if not _ADDRESS.fullmatch(address):
        raise ValueError(f"{column}: {text!r} is not an address" if text else f"{column} is missing")
    return address


def read_yes_no(row: dict[str, str], column: str) -> bool:
    word = squeeze(row.get(column, ""))
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise ValueError(f"{column}: {row[column]!r} is neither yes nor no")


def read_family(row: dict[str, str], family: Collection[str]) -> bool:
    """Whether the QA team contacts the family: one of the profile's words for it, or a plain yes (G-07)."""
    word = squeeze(row.get("QA contacts family", ""))
    return word in family or word in _YES


def read_date(row: dict[str, str], column: str) -> date | None:
    text = row.get(column, "").strip()
    if not text:
        return None
    found = re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", text)
    try:
        if found:
            day, month, year = (int(g) for g in found.groups())
            return date(year, month, day)
        return date.fromisoformat(text[:10])
    except ValueError as e:
        raise ValueError(f"{column}: {text!r} is not a date; write 17/06/2026") from e
