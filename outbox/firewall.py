"""The last door: who may be told what (invariants 5 and 6, house rule 3).

Asked when a letter is composed and again before it is sent, so that a person who left in between is not told.
"""

from collections.abc import Mapping

from mailflow.framework.schema_mail import LetterRule
from mailflow.model import Letter, Parties, Person, Role

# A request for an audit stands before every audit: it is between an auditor and a head of service (T-67).
BEFORE_AUDIT = {"OUT-82": (Role.HOS, Role.AUDITOR)}
# The only parts that get other letters which belong to no audit.
AUDITLESS_ROLES = (Role.QA, Role.QA_MANAGER, Role.WRITER)
# Letters of this privacy say nothing of any case: without an audit they may go to whoever holds the part they name.
CASE_FREE = ("P0", "P3")


def judge(letter_code: str, role: str, recipient: Person | None, address: str, audit_ref: str, parties: Parties,
          rule: LetterRule, allowed_domains: tuple[str, ...], writer: Person | None) -> str:
    """"" when the letter may go, else the reason in words.

    ``parties`` are the audit's own people, or, without an audit, the QA team. ``writer`` is the directory person who
    wrote the mail this letter answers.
    """
    if role not in rule.to:
        return f"{letter_code} may not go to the part {role}; its row names {', '.join(rule.to)}"
    if recipient is None:
        return f"{address} plays no part as {role} here"
    wanted = address.lower()
    if wanted not in (recipient.address, recipient.second_address):
        return f"{address} is not an address of {recipient.address}"
    return (_part(letter_code, role, recipient, audit_ref, parties, rule, writer)
            or _domain(recipient, wanted, allowed_domains))


def judge_each(letter: Letter, recipient: Person | None, people: Mapping[str, Parties], rule: LetterRule,
               allowed_domains: tuple[str, ...]) -> str:
    """The same for a letter about several audits: the recipient must play the part in each of them (G-58).

    ``people`` are the parties by reference; an audit that the letter tells of and nobody is known for is a refusal.
    """
    missing = [ref for ref in letter.audits if ref not in people]
    if missing or not letter.audits:
        return f"{letter.code} tells of {', '.join(missing) or 'audits nobody named'}, whose people are not at hand"
    refusals = (judge(letter.code, letter.role, recipient, letter.to, ref, people[ref], rule, allowed_domains, None)
                for ref in letter.audits)
    return next((r for r in refusals if r), "")


def _part(code: str, role: str, recipient: Person, audit_ref: str, parties: Parties, rule: LetterRule,
          writer: Person | None) -> str:
    loose = role in (*AUDITLESS_ROLES, *BEFORE_AUDIT.get(code, ())) or rule.private in CASE_FREE
    if not audit_ref and not loose:
        return f"{code} belongs to no audit, so it may go only to QA or to the person who wrote"
    if role == Role.WRITER:
        if writer is None or writer.address != recipient.address:
            return f"{recipient.address} is not the directory address that wrote"
        if audit_ref and rule.private != "P0" and not _is_party(recipient.address, parties):
            return f"{recipient.address} wrote, but plays no part in {audit_ref}"
        return ""
    # Without an audit there are no parties to look in: the directory says who belongs to the QA team.
    if not audit_ref and role in recipient.roles:
        return ""
    if all(p.address != recipient.address for p in parties.of(role)):
        where = f"in {audit_ref}" if audit_ref else "here"
        return f"{recipient.address} plays no part as {role} {where}"
    return ""


def _is_party(address: str, parties: Parties) -> bool:
    """A party, or the delegate of one (a PA answering for a manager, a named cover)."""
    everybody = [p for people in parties.people.values() for p in people]
    return any(address == p.address or address in p.delegates for p in everybody)


def _domain(recipient: Person, address: str, allowed_domains: tuple[str, ...]) -> str:
    domain = address.rpartition("@")[2]
    if not domain or (domain not in allowed_domains and not recipient.external):
        return f"{domain or address} is outside the allowed domains and the directory does not mark it external"
    return ""
