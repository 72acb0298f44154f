"""What a new sheet changes, row by row, and when a directory is not taken by mail (IN-20, IN-21)."""

from dataclasses import replace
from datetime import date

from mailflow.directory import BadRow, Sheet, compare_cases, compare_people, why_ask_first, why_never_apply
from mailflow.model import Absence, Case, Person

ADA = Person("ada@northmoor.example", "Ada Lowe", ("auditor",), team="South")
BEN = Person("ben@northmoor.example", "Ben Marsh", ("auditor",))
QUINN = Person("quinn@northmoor.example", "Quinn Ash", ("qa",))


def sheet(column: str, *values: str) -> Sheet:
    return Sheet((column,), tuple((n, {column: v}) for n, v in enumerate(values, 2)), ("Shoe size",))


def test_added_changed_and_gone_people_are_named_with_their_rows() -> None:
    found = compare_people([ADA, BEN], [replace(ADA, team="West", phone="1"), QUINN],
                           sheet("email", "ADA@northmoor.example", "quinn@northmoor.example"), (BadRow(4, "no name"),))
    assert found.changed == ((2, "Ada Lowe (ada@northmoor.example): team, phone"),)
    assert found.added == ((3, "Quinn Ash (quinn@northmoor.example)"),)
    assert found.gone == ((0, "Ben Marsh (ben@northmoor.example)"),)
    assert found.bad == ((4, "no name"),) and found.unknown == ("Shoe size",) and found.total == 2
    assert [what for what, _, _ in found.lines] == ["Added", "Changed", "Gone", "Not taken"]


def test_days_off_that_came_by_mail_are_no_difference_and_days_off_in_the_sheet_are() -> None:
    told = replace(ADA, absences=(Absence(date(2026, 6, 1), date(2026, 6, 3), "automatic reply"),))
    assert compare_people([told], [ADA], sheet("email", ADA.address), ()).changed == ()
    away = replace(ADA, absences=(Absence(date(2026, 6, 1), date(2026, 6, 3)),))
    assert compare_people([ADA], [away], sheet("email", ADA.address), ()).changed[0][1].endswith(": absences")


def test_a_case_is_told_by_number_and_column_alone() -> None:
    old = Case("4100017", "CP", "Harbour", ADA.address)
    found = compare_cases([old, replace(old, number="4100034")], [replace(old, practitioner=BEN.address, team="Meadow")],
                          sheet("case number", "4100017"), ())
    assert found.changed == ((2, "case 4100017: team, practitioner email"),) and found.gone == ()


def test_a_directory_without_qa_is_never_taken_and_one_without_half_of_the_people_only_with_a_code() -> None:
    people = [ADA, BEN, QUINN, replace(ADA, address="c@northmoor.example")]
    assert why_never_apply(people) == "" and why_ask_first(people, people, 0.5) == ""
    assert "role qa" in why_never_apply([ADA, BEN]) and "no row" in why_never_apply([])
    assert why_ask_first(people, [ADA, QUINN], 0.5) == "" and "3 of the 4" in why_ask_first(people, [QUINN], 0.5)
    assert why_ask_first([], [QUINN], 0.5) == ""
