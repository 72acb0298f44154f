"""What only the store knows of other audits, for the checks: whose words come again, and what a re-audit repeats."""

from mailflow.form.passages import fingerprint
from mailflow.model import Audit, Reading, Submission
from mailflow.process.checks import Elsewhere
from mailflow.store import Store

# Audits whose texts are compared word for word; the look-up gives the likeliest first.
MOST_COMPARED = 3


def find_elsewhere(store: Store, audit: Audit, reading: Reading) -> tuple[Elsewhere, ...]:
    """Other cases' audits that share passages with this return (CHK-089). Another audit of the same case may well."""
    found: list[Elsewhere] = []
    for ref in store.find_alike(fingerprint(reading.answers), but=audit.ref):
        other = store.find_audit(ref)
        if other is None or other.case_number == audit.case_number or len(found) == MOST_COMPARED:
            continue
        last = store.find_submission(ref, other.submission)
        texts = tuple(a.text for a in last.reading.answers.values()) if last else ()
        found.append(Elsewhere(ref, texts, own=other.auditor == audit.auditor))
    return tuple(found)


def find_parent(store: Store, audit: Audit) -> Submission | None:
    """The last return of the audit a re-audit repeats: the same case one level below, the latest cycle (F1-REA-01)."""
    if audit.level < 1:
        return None
    below = [a for a in store.find_audits(case_number=audit.case_number)
             if a.ref != audit.ref and a.level == audit.level - 1 and a.submission and a.cycle <= audit.cycle]
    last = max(below, key=lambda a: (a.cycle, a.ref), default=None)
    return store.find_submission(last.ref, last.submission) if last else None
