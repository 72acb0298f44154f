"""Who may do which type of audit under each framework, as its own document says (F1-ROL-01…04, F0-SEL-02, F2-ROL-01)."""

from mailflow.framework import load_framework
from mailflow.model import Person
from mailflow.process.draw.selection import may_audit

F1 = load_framework("framework-2023", {"send": {"allowed_domains": ["northmoor.example"]}})


def holding(*roles: str) -> Person:
    return Person("p@northmoor.example", "P", roles)


def test_peers_audit_peers_and_senior_managers_audit_again() -> None:
    assert may_audit(holding("practitioner"), "peer", "Safeguarding", F1) == ""
    assert may_audit(holding("auditor"), "peer", "Safeguarding", F1) != ""
    assert may_audit(holding("sm"), "reaudit", "Safeguarding", F1) == ""
    assert may_audit(holding("auditor"), "reaudit", "Safeguarding", F1) != ""


def test_senior_managers_audit_the_front_door_besides_those_who_audit_everywhere() -> None:
    assert may_audit(holding("sm"), "audit", "MASH", F1) == "" and may_audit(holding("auditor"), "audit", "MASH", F1) == ""
    assert may_audit(holding("sm"), "audit", "Safeguarding", F1) != ""
