"""Which audit a document belongs to: the whole matrix of domain 2.5 and T-24."""

from dataclasses import replace
from datetime import date
from itertools import product

import pytest

from mailflow.intake.matching import Match, Signals, decide_match
from mailflow.model import Audit, State
from mailflow.model.ref import make_ref

A, B, C, OLD, UNKNOWN = (make_ref("2606", n) for n in (1, 2, 3, 4, 999))


def audit(ref: str, case: str, auditor: str, state: State = State.UNDERWAY) -> Audit:
    return Audit(ref, "2606", case, auditor, state, date(2026, 6, 30), date(2026, 6, 1))


# C is a second open audit of A's auditor; OLD a closed one of B's case; case 500 has two open audits.
AUDITS = {a.ref: a for a in (
    audit(A, "100", "alex"), audit(B, "200", "blake"), audit(C, "300", "alex"), audit(OLD, "200", "blake", State.CLOSED),
    audit(make_ref("2606", 51), "500", "alex"), audit(make_ref("2606", 52), "500", "alex"))}


def decide(signals: Signals, sender: str = "alex") -> Match:
    return decide_match(signals, AUDITS.get, lambda n: tuple(a for a in AUDITS.values() if a.case_number == n), sender,
                        lambda a: a.auditor == sender)


@pytest.mark.parametrize(("subject", "thread", "form", "sender"),
    list(product(("A", "", "B"), ("A", "", "B"), ("A", "B", ""), ("alex", "blake", "nobody"))))
@pytest.mark.parametrize("how", ["passport", "printed", "case"])
def test_the_full_matrix(subject: str, thread: str, form: str, sender: str, how: str) -> None:
    ref = {"A": A, "B": B, "": ""}
    signals = Signals(
        passport_ref=ref[form] if how == "passport" else "", passport_ours=how == "passport",
        printed_ref=ref[form] if how == "printed" else "",
        case_number={"A": "100", "B": "200", "": ""}[form] if how == "case" else "",
        thread_refs=tuple(filter(None, [ref[thread]])), subject_refs=tuple(filter(None, [ref[subject]])))
    found = decide(signals, sender)
    named = {x for x in (subject, thread, form) if x}
    owner = {"A": "alex", "B": "blake"}
    if len(named) == 2:
        assert (found.verdict, set(found.refs), found.owns_all) == ("wrong_audit", {A, B}, False)
    elif form and owner[form] == sender:
        assert (found.verdict, found.ref, found.refs) == ("file", ref[form], (ref[form],))
    else:
        assert found.verdict == "hold"
    assert found.reasons


def test_the_owner_of_both_audits_may_be_answered() -> None:
    found = decide(Signals(passport_ref=C, passport_ours=True, thread_refs=(A,)))
    assert (found.verdict, found.refs, found.owns_all) == ("wrong_audit", (C, A), True)
    assert "passport" in found.reasons[0] and A in found.reasons[0] and C in found.reasons[0]


def test_signals_inside_one_document_may_conflict() -> None:
    assert decide(Signals(passport_ref=A, passport_ours=True, printed_ref=C)).verdict == "wrong_audit"
    assert decide(Signals(passport_ref=A, passport_ours=True, case_number="300")).verdict == "wrong_audit"
    assert decide(Signals(passport_ref=A, passport_ours=True, case_number="200")).owns_all is False


def test_a_reference_nobody_knows_holds_whatever_else_agrees() -> None:
    for signals in (Signals(passport_ref=UNKNOWN, passport_ours=True), Signals(printed_ref=A, passport_ref=UNKNOWN),
                    Signals(printed_ref=A, subject_refs=(UNKNOWN,)), Signals(printed_ref=A, case_number="777")):
        found = decide(signals)
        assert found.verdict == "hold" and "no audit of ours" in found.reasons[0]


def test_a_passport_not_ours_counts_only_when_something_else_agrees() -> None:
    alone = decide(Signals(passport_ref=A))
    assert alone.verdict == "hold" and "not written by this installation" in alone.reasons[0]
    assert decide(Signals(passport_ref=A, printed_ref=A)).verdict == "file"
    assert decide(Signals(passport_ref=A, thread_refs=(A,))).verdict == "file"
    assert decide(Signals(passport_ref=A, thread_refs=(C,))).verdict == "wrong_audit"


def test_a_case_number_that_fits_two_open_audits_waits_for_a_person() -> None:
    found = decide(Signals(case_number="500"))
    assert found.verdict == "hold" and "more than one open audit" in found.reasons[0]
    assert decide(Signals(case_number="500", printed_ref=make_ref("2606", 51))).verdict == "file"


def test_a_closed_audit_of_the_case_does_not_make_it_doubtful() -> None:
    assert decide(Signals(case_number="200"), "blake").ref == B
    assert decide(Signals(passport_ref=OLD, passport_ours=True, case_number="200"), "blake").ref == OLD


def test_a_case_number_typed_with_other_spacing_still_agrees() -> None:
    only_live = decide_match(Signals(passport_ref=A, passport_ours=True, case_number=" 1 00"), AUDITS.get, lambda n: (),
        "alex", lambda a: True)
    assert only_live.verdict == "file"


def test_a_subject_or_thread_that_names_both_does_not_conflict_with_either() -> None:
    assert decide(Signals(passport_ref=C, passport_ours=True, subject_refs=(A, C), thread_refs=(A, C))).ref == C
    assert decide(Signals(passport_ref=B, passport_ours=True, subject_refs=(A, C))).verdict == "wrong_audit"


def test_reasons_never_hold_a_case_number() -> None:
    """T-24: never another child's details."""
    cases = (Signals(case_number="300", thread_refs=(A,)), Signals(case_number="9876"), Signals(case_number="500"),
             Signals(case_number="200", printed_ref=A))
    words = " ".join(r for s in cases for r in decide(s).reasons)
    assert not any(number in words for number in ("300", "9876", "500", "200"))


def test_filing_needs_the_document_and_the_sender() -> None:
    everything = Signals(A, A, "100", True, (A,), (A,))
    assert decide(everything).verdict == "file"
    assert decide(everything, "blake").verdict == "hold"
    assert decide(replace(everything, passport_ref="", printed_ref="", case_number="")).verdict == "hold"
