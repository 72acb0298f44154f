"""The shape of a profile's ``[checks]`` table: thresholds, word lists, and the severity a profile gives a check."""

from dataclasses import dataclass

from mailflow.model.finding import Severity


@dataclass(frozen=True)
class CheckRules:
    """Thresholds and word lists of the checks, and the severity a profile gives one ("CHK-086" = "warn")."""

    severity: dict[str, Severity]
    vague_dues: tuple[str, ...]
    vague_owners: tuple[str, ...]
    reminder_minutes_one_day: int
    far_action_months: int
    max_actions: int
    min_explanation_words: int
    # Words of notes: one scored question, one section, the good practice; and below which share of them they block (CHK-086).
    min_words_item: int
    min_words_section: int
    min_words_strengths: int
    block_share: float
    # Days a date may lie past what its letter allows: the clock of A, B, C begins at the issue (CHK-047).
    letter_slack_days: int
    # So many scores must be alike before it is asked about (CHK-067), and a family's score as low as this (CHK-069).
    min_same_scores: int
    low_family_score: int
    # Minutes the whole form takes at least (CHK-101), words of a sentence at most (CHK-098).
    min_edit_minutes: int
    max_sentence_words: int
    # Share of an answer's eight-word runs that makes it the same as another (CHK-088), as one of another audit (089), as
    # the grading guide (091); and the words that must be alike in all before another audit is spoken of.
    same_share: float
    other_audit_share: float
    other_audit_words: int
    descriptor_share: float
    # Word lists, compared without case and as whole words.
    vague_answers: tuple[str, ...]
    unfinished_words: tuple[str, ...]
    negative_words: tuple[str, ...]
    positive_words: tuple[str, ...]
    pointer_words: tuple[str, ...]
    impact_words: tuple[str, ...]
    voice_words: tuple[str, ...]
    reflection_words: tuple[str, ...]
    comparison_words: tuple[str, ...]
    done_words: tuple[str, ...]
    blame_words: tuple[str, ...]
    known_abbreviations: tuple[str, ...]
