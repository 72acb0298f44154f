"""Which audit a returned document belongs to, and whether it may be filed there (domain 2.5, T-24).

Filed only when at least one signal of the document itself (passport, printed reference, case number) names the audit,
the sender may send for it, and nothing conflicts. Thread and subject may confirm, never decide. Two signals that name
different audits: nothing is filed and both are named. Anything less waits for a person, with the reasons in words.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from mailflow.model import Audit, State

FindAudit = Callable[[str], Audit | None]
AuditsOfCase = Callable[[str], tuple[Audit, ...]]
MaySend = Callable[[Audit], bool]

_OVER = (State.CLOSED, State.WITHDRAWN, State.NOT_ACCEPTED)


@dataclass(frozen=True)
class Signals:
    """What a mail and one document in it say about the audit; "" and () where a signal is absent."""

    passport_ref: str = ""
    printed_ref: str = ""
    case_number: str = ""
    passport_ours: bool = False
    thread_refs: tuple[str, ...] = ()
    subject_refs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Match:
    """``ref`` is the audit named, where there is one; ``refs`` every audit named, the document's first.

    ``owns_all`` is True only when the sender may send for every audit in ``refs``.
    """

    verdict: Literal["file", "wrong_audit", "hold"]
    ref: str = ""
    reasons: tuple[str, ...] = ()
    refs: tuple[str, ...] = ()
    owns_all: bool = False


@dataclass(frozen=True)
class _Says:
    """One signal: its name in words and the audits it may mean (several: it fits each of them)."""

    words: str
    audits: tuple[Audit, ...]

    @property
    def refs(self) -> frozenset[str]:
        return frozenset(a.ref for a in self.audits)


def decide_match(
    signals: Signals, find_audit: FindAudit, audits_of_case: AuditsOfCase, sender: str, may_send: MaySend
) -> Match:
    """See the top of the page. ``audits_of_case`` gives every audit of a case number, over or not."""
    document, mail, unknown = _collect(signals, find_audit, audits_of_case)
    says = (*document, *mail)
    named = _all_audits(says)
    owns_all = bool(named) and all(may_send(a) for a in named)
    refs = tuple(a.ref for a in named)
    if unknown:
        return Match("hold", "", unknown, refs, owns_all)
    conflicts = _conflicts(says)
    if conflicts:
        return Match("wrong_audit", "", conflicts, refs, owns_all)
    audit, why_not = _named_audit(document, mail, signals)
    if audit is None:
        return Match("hold", "", why_not, refs, owns_all)
    if not may_send(audit):
        reason = f"{sender or 'The sender'} is not the auditor, cover or a delegate for {audit.ref}."
        return Match("hold", audit.ref, (reason,), refs, False)
    return Match("file", audit.ref, tuple(f"{s.words} names {audit.ref}." for s in says), (audit.ref,), True)


def _collect(
    signals: Signals, find_audit: FindAudit, audits_of_case: AuditsOfCase
) -> tuple[tuple[_Says, ...], tuple[_Says, ...], tuple[str, ...]]:
    """(the document's signals, the mail's signals, reasons about references nobody knows)."""
    document: list[_Says] = []
    mail: list[_Says] = []
    unknown: list[str] = []
    wanted = (
        ("The form's passport", (signals.passport_ref,), document),
        ("The printed reference", (signals.printed_ref,), document),
        ("The mail's thread", signals.thread_refs, mail), ("The subject", signals.subject_refs, mail))
    for words, refs, where in wanted:
        given = tuple(dict.fromkeys(r.strip().upper() for r in refs if r.strip()))
        known = tuple(a for a in (find_audit(r) for r in given) if a is not None)
        missing = [r for r in given if r not in {a.ref for a in known}]
        unknown += [f"{words} names {r}, which is no audit of ours." for r in missing]
        if known:
            where.append(_Says(words, known))
    number = signals.case_number.strip()
    if number:
        of_case = _audits_of_case(number, document, audits_of_case)
        if of_case:
            document.append(_Says("The case number", of_case))
        else:
            unknown.append("The case number in the form belongs to no audit of ours.")
    return tuple(document), tuple(mail), tuple(unknown)


def _audits_of_case(number: str, document: list[_Says], audits_of_case: AuditsOfCase) -> tuple[Audit, ...]:
    """The audits a case number may mean: those the document names too, else the open ones, else whatever there is."""
    every = audits_of_case(number) or tuple(
        a for s in document for a in s.audits if _bare(a.case_number) == _bare(number))
    named = {a.ref for s in document for a in s.audits}
    agreeing = tuple(a for a in every if a.ref in named)
    return agreeing or tuple(a for a in every if a.state not in _OVER) or every


def _bare(number: str) -> str:
    return "".join(c for c in number.casefold() if c.isalnum())


def _all_audits(says: tuple[_Says, ...]) -> tuple[Audit, ...]:
    return tuple({a.ref: a for s in says for a in s.audits}.values())


def _conflicts(says: tuple[_Says, ...]) -> tuple[str, ...]:
    """One sentence for each two signals that have no audit in common."""
    found = []
    for n, one in enumerate(says):
        for other in says[n + 1:]:
            if not one.refs & other.refs:
                second = other.words[0].lower() + other.words[1:]
                found.append(f"{one.words} names {_listed(one)}, {second} names {_listed(other)}.")
    return tuple(found)


def _listed(says: _Says) -> str:
    return " and ".join(a.ref for a in says.audits)


def _named_audit(
    document: tuple[_Says, ...], mail: tuple[_Says, ...], signals: Signals
) -> tuple[Audit | None, tuple[str, ...]]:
    """The one audit the document names, or why there is none."""
    if not document:
        return None, ("Nothing in the document says which audit it is for.",)
    common = frozenset.intersection(*(s.refs for s in document))
    if len(common) > 1:
        return None, (f"The case number fits more than one open audit: {_listed(document[0])}.",)
    if not common or any(not s.refs & common for s in mail):
        return None, ("The signals do not agree on one audit.",)
    if signals.passport_ref and not signals.passport_ours and len(document) + len(mail) == 1:
        return None, (f"The form's passport names {signals.passport_ref}, but it was not written by this installation, "
                      "and nothing else in the mail agrees.",)
    ref = next(iter(common))
    return next(a for s in document for a in s.audits if a.ref == ref), ()
