"""The checks in the order they run, as tables to print.

The order is the domain's (section 4): safety → integrity → identity → name of the document → completeness → dates →
feedback → actions → consistency → evidence → privacy → revision and re-audit. A moderation form has a table of its own.
"""

from collections.abc import Mapping

from mailflow.model import Finding, Severity
from mailflow.process.checks import (
    actions,
    completeness,
    consistency,
    dates,
    evidence,
    feedback,
    integrity,
    moderation,
    privacy,
    reaudit,
    revision,
    safety,
    scores,
    selfassessment,
    wording,
)
from mailflow.process.checks.kinds import FIXED, B, Check, I, W, run_table
from mailflow.process.checks.look import Look

__all__ = ["CHECKS", "FAMILY", "FIXED", "MODERATION", "STOPPERS", "Check", "ask_family_again", "run_checks", "run_moderation"]

CHECKS: tuple[Check, ...] = (
    # Safety: first, on whatever could be read, whatever blocks later.
    Check("CHK-072", W, safety.chk_072, "F1-SAF-02, T-50"),
    Check("CHK-073", W, safety.chk_073, "F1-SAF-02"),
    Check("CHK-074", W, safety.chk_074, "F1-SAF-02, F1-GRD-01"),
    # Integrity and identity: is it our form, of this audit, whole? One that fails makes every later question idle.
    Check("CHK-001", B, integrity.chk_001, "F1-RET-01"),
    Check("CHK-003", B, integrity.chk_003, "T-28"),
    Check("CHK-009", B, integrity.chk_009, "F1-RET-01"),
    Check("CHK-002", B, integrity.chk_002, "T-24"),
    Check("CHK-004", B, integrity.chk_004, "T-24"),
    Check("CHK-006", B, integrity.chk_006, "F1-AUD-03", (W,)),
    Check("CHK-007", W, integrity.chk_007, "T-31"),
    Check("CHK-008", W, integrity.chk_008, "F1-RET-01"),
    Check("CHK-005", W, integrity.chk_005, "F1-ROL-01"),
    # The name of the document, and the subject.
    Check("CHK-106", B, integrity.chk_106, "HR-01", (W,)),
    # B* in the domain, like CHK-075 and 076: feedback.blocks_acceptance steers them (kinds.STEERED).
    Check("CHK-010", B, feedback.chk_010, "F0-RET-01"),
    # Completeness: header, answers, grades, then what the grades ask for.
    Check("CHK-011", B, completeness.chk_011, "F1-AUD-03", (W,)),
    Check("CHK-012", B, completeness.chk_012, "F1-CAL-03"),
    Check("CHK-013", B, completeness.chk_013, "F1-AUD-03, F4-FRM-07", (W,)),
    Check("CHK-014", B, completeness.chk_014, "F1-AUD-03", (W,)),
    Check("CHK-015", B, completeness.chk_015, "F4-FRM-01"),
    # B* in the domain: grades.integer_only steers it (kinds.STEERED), as audit.collaborative does CHK-026.
    Check("CHK-016", B, completeness.chk_016, "F2-GRD-01"),
    Check("CHK-017", W, completeness.chk_017, "F1-AUD-03", (B,)),
    Check("CHK-018", W, completeness.chk_018, "F1-AUD-03"),
    Check("CHK-019", B, completeness.chk_019, "F1-GRD-01"),
    Check("CHK-020", B, completeness.chk_020, "F1-AUD-05"),
    Check("CHK-021", B, completeness.chk_021, "F1-AUD-05"),
    Check("CHK-022", B, completeness.chk_022, "F1-AUD-04, F1-AUD-05"),
    Check("CHK-023", W, completeness.chk_023, "F4-GRD-01"),
    Check("CHK-024", W, completeness.chk_024, "F1-AUD-03"),
    Check("CHK-025", W, completeness.chk_025, "F1-AUD-03"),
    # A stated reason only warns.
    Check("CHK-026", B, completeness.chk_026, "F1-AUD-05, T-44", (W,)),
    Check("CHK-028", B, completeness.chk_028, "F1-REA-02"),
    Check("CHK-029", B, completeness.chk_029, "F1-AUD-01, F1-GRD-03"),
    Check("CHK-030", W, completeness.chk_030, "F1-LRN-01"),
    # B in the domain, never here: only a person can tell whether a line of enquiry was addressed.
    Check("CHK-031", I, completeness.chk_031, "F1-AUD-03"),
    # B* in the domain; the profile's audit.self_assessment_blocks is what makes it block.
    Check("CHK-027", W, selfassessment.chk_027, "F2-AUD-02", (W,)),
    # Dates.
    Check("CHK-032", B, dates.chk_032, "HR-06"),
    Check("CHK-033", W, dates.chk_033, "HR-06"),
    Check("CHK-034", B, dates.chk_034, "F1-AUD-05"),
    Check("CHK-035", B, dates.chk_035, "F1-AUD-05"),
    Check("CHK-036", W, dates.chk_036, "F1-ALL-01"),
    Check("CHK-037", W, dates.chk_037, "CLK-02"),
    Check("CHK-038", W, dates.chk_038, "F1-AUD-05"),
    Check("CHK-039", W, feedback.chk_039, "F0-FBK-01"),
    Check("CHK-040", W, dates.chk_040, "F1-AUD-02"),
    # The views of family and others. A slip on the QA team's own form only warns.
    Check("CHK-075", B, feedback.chk_075, "F0-FBK-04"),
    Check("CHK-076", B, feedback.chk_076, "F0-FBK-04"),
    Check("CHK-077", W, feedback.chk_077, "F0-FBK-04"),
    Check("CHK-078", W, feedback.chk_078, "F0-FBK-03"),
    Check("CHK-079", W, feedback.chk_079, "F0-FBK-02"),
    Check("CHK-080", B, feedback.chk_080, "F4-FBK-01", (W,)),
    Check("CHK-081", W, feedback.chk_081, "F4-FBK-01"),
    Check("CHK-082", B, feedback.chk_082, "F4-FBK-01", (W,)),
    Check("CHK-083", W, feedback.chk_083, "F3-FBK-01"),
    Check("CHK-084", W, feedback.chk_084, "F4-FBK-01"),
    Check("CHK-085", W, feedback.chk_085, "F4-FBK-01"),
    # Actions.
    Check("CHK-041", B, actions.chk_041, "F1-AUD-01"),
    Check("CHK-042", B, actions.chk_042, "F1-AUD-01"),
    Check("CHK-043", B, actions.chk_043, "F0-ACT-01"),
    Check("CHK-044", B, actions.chk_044, "F1-FUP-01"),
    Check("CHK-045", B, actions.chk_045, "F1-AUD-01", (W,)),
    Check("CHK-046", W, actions.chk_046, "F1-FUP-01"),
    Check("CHK-047", W, actions.chk_047, "F0-ACT-01, CLK-06"),
    Check("CHK-048", W, actions.chk_048, "F1-FUP-01"),
    Check("CHK-049", W, actions.chk_049, "F1-FUP-01"),
    Check("CHK-050", W, actions.chk_050, "F1-AUD-01"),
    Check("CHK-051", W, actions.chk_051, "F1-FUP-01", (B,)),
    # Consistency.
    Check("CHK-052", W, scores.chk_052, "F4-GRD-01, F2-AUD-02"),
    Check("CHK-053", B, consistency.chk_053, "F1-AUD-03"),
    Check("CHK-054", B, consistency.chk_054, "F1-AUD-03"),
    Check("CHK-055", W, consistency.chk_055, "F1-AUD-03"),
    Check("CHK-056", W, scores.chk_056, "F4-FRM-02"),
    Check("CHK-057", B, consistency.chk_057, "F1-AUD-01", (W,)),
    Check("CHK-058", W, consistency.chk_058, "F1-GRD-01"),
    Check("CHK-059", W, consistency.chk_059, "F1-GRD-01"),
    Check("CHK-060", W, consistency.chk_060, "F1-AUD-05"),
    Check("CHK-061", W, consistency.chk_061, "F1-AUD-05"),
    Check("CHK-062", W, scores.chk_062, "F4-FRM-02"),
    Check("CHK-063", W, scores.chk_063, "F4-FRM-02, F1-SAF-02"),
    Check("CHK-064", W, scores.chk_064, "F4-FRM-03"),
    Check("CHK-065", W, scores.chk_065, "F4-FRM-02"),
    Check("CHK-066", W, scores.chk_066, "F4-FRM-07, G-70"),
    Check("CHK-067", W, scores.chk_067, "F4-FRM-02"),
    Check("CHK-068", W, scores.chk_068, "F4-FRM-02"),
    Check("CHK-069", W, scores.chk_069, "F4-FBK-01"),
    Check("CHK-070", W, scores.chk_070, "F4-FRM-06"),
    Check("CHK-071", B, consistency.chk_071, "F1-GRD-03"),
    # Evidence (4.8): remarks about enough and about the right child; each kind once, so that nobody is flooded.
    Check("CHK-087", B, evidence.chk_087, "F1-AUD-03"),
    Check("CHK-086", W, evidence.chk_086, "F1-AUD-03", (B,)),
    Check("CHK-088", W, evidence.chk_088, "F1-AUD-03"),
    Check("CHK-089", W, evidence.chk_089, "F1-AUD-03"),
    Check("CHK-090", W, evidence.chk_090, "F1-AUD-03"),
    Check("CHK-091", W, evidence.chk_091, "F1-GRD-02"),
    Check("CHK-092", W, evidence.chk_092, "F1-AUD-03"),
    Check("CHK-093", W, wording.chk_093, "F1-AUD-03"),
    Check("CHK-094", W, wording.chk_094, "F1-AUD-03"),
    Check("CHK-095", W, wording.chk_095, "F1-AUD-05"),
    Check("CHK-096", B, wording.chk_096, "F1-AUD-03"),
    Check("CHK-097", I, wording.chk_097, "F1-AUD-03"),
    Check("CHK-098", I, wording.chk_098, "F1-AUD-03"),
    Check("CHK-099", W, wording.chk_099, "F1-ROL-06"),
    Check("CHK-100", W, wording.chk_100, "HR-01"),
    Check("CHK-101", W, wording.chk_101, "F1-AUD-05"),
    # Privacy. CHK-102 is B* in the domain and blocks where identity.mode is not full_name, on strong evidence alone.
    Check("CHK-102", B, privacy.chk_102, "F1-FRM-01, HR-01"),
    Check("CHK-103", W, privacy.chk_103, "HR-01"),
    Check("CHK-104", B, privacy.chk_104, "HR-01"),
    Check("CHK-105", W, privacy.chk_105, "HR-01"),
    Check("CHK-107", I, privacy.chk_107, "F1-ROL-06"),
    # An amended form beside the one that was returned; a late one.
    Check("CHK-108", B, revision.chk_108, "F1-QA-02"),
    Check("CHK-109", W, revision.chk_109, "F1-QA-02"),
    Check("CHK-110", W, revision.chk_110, "F1-GRD-02"),
    Check("CHK-111", I, revision.chk_111, "F1-QA-02"),
    Check("CHK-112", W, revision.chk_112, "F1-QA-02"),
    Check("CHK-120", W, revision.chk_120, "T-27"),
    # A re-audit beside the audit it repeats.
    Check("CHK-116", B, reaudit.chk_116, "F1-REA-01, F1-REA-02"),
    Check("CHK-117", W, reaudit.chk_117, "F1-REA-01"),
)

# Where one of these blocks, the form is not the one to ask further questions of.
STOPPERS = frozenset({"CHK-001", "CHK-002", "CHK-003", "CHK-004", "CHK-009"})
# What a feedback form that comes later may settle (IN-03).
FAMILY = frozenset(c.id for c in CHECKS if c.ask.__module__ == feedback.__name__)
_INTEGRITY = frozenset(c.id for c in CHECKS if c.ask.__module__ == integrity.__name__)

# The checks of a moderation form: a second table, safety first again.
MODERATION: tuple[Check, ...] = (
    Check("CHK-072", W, safety.chk_072, "F1-SAF-02, T-50"),
    Check("CHK-073", W, safety.chk_073, "F1-SAF-02"),
    Check("CHK-113", B, moderation.chk_113, "F1-MOD-01"),
    Check("CHK-114", B, moderation.chk_114, "F1-MOD-01"),
    Check("CHK-115", B, moderation.chk_115, "F4-MOD-01"),
)


def run_checks(look: Look, words: Mapping[str, str]) -> tuple[Finding, ...]:
    """Every check in order; a form that is not ours to judge is asked the safety and integrity questions only."""
    return run_table(look, CHECKS, words, STOPPERS, _INTEGRITY)


def ask_family_again(look: Look, words: Mapping[str, str]) -> tuple[Finding, ...]:
    """The submission's findings with the checks of :data:`FAMILY` asked once more, the others as they were."""
    kept = look.submission.findings
    if any(f.check in STOPPERS and f.severity == Severity.BLOCK for f in kept):
        return kept
    found = run_table(look, CHECKS, words, again=FAMILY)
    return (*found, *(f for f in kept if f.check not in {c.id for c in CHECKS}))


def run_moderation(look: Look, words: Mapping[str, str]) -> tuple[Finding, ...]:
    """The checks of a moderation form, in order."""
    return run_table(look, MODERATION, words)
