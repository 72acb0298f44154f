"""Who may be told what: the last door, asked when a letter is made and again before it leaves (invariants 5 and 6)."""

from dataclasses import replace

import pytest

from mailflow.framework.schema_mail import LetterRule
from mailflow.model import Letter, Parties, Person
from outbox.firewall import judge, judge_each
from tests.outbox.letters_scene import AUDITOR, NOW, PEOPLE, QA, REF, TM, person

DOMAINS = ("northmoor.example",)
STRANGER = person("Sid Stranger", "auditor")
DELEGATE = person("Del Egate")


def rule(*to: str, private: str = "P1") -> LetterRule:
    return LetterRule(to, private, "at_once")


def ask(role: str, to: Person | None, *, address: str = "", audit: str = REF, parties: Parties = PEOPLE,
        row: LetterRule | None = None, writer: Person | None = None, domains: tuple[str, ...] = DOMAINS) -> str:
    return judge("OUT-99", role, to, address or (to.address if to else "nobody@northmoor.example"), audit, parties,
                 row or rule(role), domains, writer)


def test_a_person_in_the_part_the_row_names_may_be_told() -> None:
    assert ask("auditor", AUDITOR) == "" and ask("tm", TM) == "" and ask("qa", QA) == ""


def test_a_part_the_row_does_not_name_may_not() -> None:
    assert "may not go to the part tm" in ask("tm", TM, row=rule("auditor", "qa"))


@pytest.mark.parametrize("role", sorted(PEOPLE.people))
def test_nobody_is_told_in_a_part_they_do_not_play(role: str) -> None:
    assert "plays no part" in ask(role, STRANGER)


@pytest.mark.parametrize("role, other", [("auditor", TM), ("tm", AUDITOR), ("practitioner", QA), ("qa", AUDITOR)])
def test_a_party_is_told_only_in_their_own_part(role: str, other: Person) -> None:
    assert "plays no part" in ask(role, other)


def test_the_directorys_role_does_not_make_a_party_of_an_audit() -> None:
    """Every team manager is a tm in the directory; only this case's may read of it."""
    assert "plays no part" in ask("tm", person("Other Manager", "tm"))


def test_an_address_that_is_nobodys_is_refused() -> None:
    assert "plays no part" in ask("auditor", None)


def test_a_letter_goes_to_an_address_of_the_person_it_is_for() -> None:
    assert ask("auditor", AUDITOR, address="asha@northmoor.example") == ""
    assert ask("auditor", AUDITOR, address=AUDITOR.address.upper()) == ""
    assert "not an address of" in ask("auditor", AUDITOR, address="else@northmoor.example")


@pytest.mark.parametrize("address", ["asha@elsewhere.example", "asha@evilnorthmoor.example", "asha@sub.northmoor.example",
                                     "asha@northmoor.example.evil.example"])
def test_nothing_leaves_the_allowed_domains(address: str) -> None:
    outside = replace(AUDITOR, address=address)
    refusal = ask("auditor", outside, parties=Parties({"auditor": (outside,)}))
    assert "outside the allowed domains" in refusal


def test_a_person_marked_external_is_the_one_way_out() -> None:
    outside = replace(AUDITOR, address="asha@elsewhere.example", external=True)
    assert ask("auditor", outside, parties=Parties({"auditor": (outside,)})) == ""


def test_a_second_address_outside_is_refused_too() -> None:
    split = replace(AUDITOR, second_address="asha@home.example")
    assert "outside" in ask("auditor", split, address="asha@home.example", parties=Parties({"auditor": (split,)}))


def test_without_an_audit_only_qa_and_the_writer_may_be_told() -> None:
    assert ask("qa", QA, audit="", parties=Parties()) == ""
    assert ask("writer", AUDITOR, audit="", parties=Parties(), writer=AUDITOR) == ""
    assert "belongs to no audit" in ask("auditor", AUDITOR, audit="", parties=Parties())
    assert "belongs to no audit" in ask("tm", TM, audit="")


@pytest.mark.parametrize("private", ["P0", "P3"])
def test_a_letter_without_case_data_may_go_to_whoever_holds_its_part(private: str) -> None:
    """A cycle's report, the programme: no audit, so the directory alone says who holds the part."""
    assert ask("tm", TM, audit="", parties=Parties(), row=rule("tm", private=private)) == ""
    assert "plays no part" in ask("tm", AUDITOR, audit="", parties=Parties(), row=rule("tm", private=private))
    assert "may not go to the part tm" in ask("tm", TM, audit="", parties=Parties(), row=rule("qa", private=private))


@pytest.mark.parametrize("private", ["P1", "P2"])
def test_a_letter_with_case_data_never_goes_out_without_its_audit(private: str) -> None:
    assert "belongs to no audit" in ask("tm", TM, audit="", parties=Parties(), row=rule("tm", private=private))


def test_without_an_audit_the_directory_says_who_is_qa() -> None:
    assert "plays no part" in ask("qa", AUDITOR, audit="", parties=Parties())
    assert "plays no part" in ask("qa_manager", QA, audit="", parties=Parties())


def test_an_answer_goes_to_the_one_who_wrote_and_nobody_else() -> None:
    assert "not the directory address that wrote" in ask("writer", AUDITOR, writer=TM)
    assert "not the directory address that wrote" in ask("writer", AUDITOR, writer=None)
    assert ask("writer", AUDITOR, writer=AUDITOR) == ""


def test_a_writer_without_a_part_learns_nothing_of_the_case() -> None:
    assert "plays no part in" in ask("writer", STRANGER, writer=STRANGER)
    assert ask("writer", STRANGER, writer=STRANGER, row=rule("writer", private="P0")) == ""


def ask_each(people: dict[str, Parties], *, audits: tuple[str, ...] = (REF, "2606-002A")) -> str:
    letter = Letter("k", "OUT-06", "", "tm", TM.address, "s", "<m@northmoor.example>", b"", NOW, audits=audits)
    return judge_each(letter, TM, people, rule("tm"), DOMAINS)


def test_a_letter_about_several_audits_is_judged_for_each() -> None:
    """G-58: one case of somebody else in the list, and the whole letter stays."""
    own, other = PEOPLE, Parties({"tm": (person("Other Manager", "tm"),)})
    assert ask_each({REF: own, "2606-002A": own}) == ""
    assert "plays no part as tm in 2606-002A" in ask_each({REF: own, "2606-002A": other})
    assert "not at hand" in ask_each({REF: own}) and "not at hand" in ask_each({REF: own}, audits=())


def test_a_delegate_of_a_party_may_be_answered() -> None:
    people = Parties({"auditor": (replace(AUDITOR, delegates=(DELEGATE.address,)),)})
    assert ask("writer", DELEGATE, writer=DELEGATE, parties=people) == ""
    assert ask("auditor", DELEGATE, parties=people) != ""
