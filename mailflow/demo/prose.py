"""What the demo's auditors write: two hands' worth of evidence, and how a form is completed from it."""

from datetime import date

Answers = dict[str, str]

_SHARP = {
    "voice": "Visits on 3, 14 and 28 July record the child seen alone each time. The notes quote what they said about bedtime "
             "and about missing their grandmother, and the plan of 30 July adds weekly calls because of it.",
    "assessment": "The assessment of 22 May weighs history, strengths and worries for both parents. It explains why the risk has "
                  "fallen since the separation, and what would make it rise again.",
    "planning": "The plan of 30 July names who does what by when, in short sentences the parents signed. It says what will "
                "happen if the father does not attend the sessions.",
    "review": "The core group met on 9 June, 7 July and 4 August. Minutes show the plan was changed in July when school "
              "attendance dropped, and the change worked within three weeks.",
    "direct_work": "Three pieces of direct work are scanned on the record, with the child's own drawings of two houses. The "
                   "practitioner returned to the drawings in August and the child had added a friend.",
    "family": "Both parents and the maternal aunt took part. The record notes the family's Urdu and uses an interpreter for the "
              "grandmother. The father's work shifts were planned round.",
    "partners": "School, health visitor and the domestic abuse service attended and shared information. A disagreement about "
                "thresholds in June was raised and settled within a week.",
    "oversight": "Supervision on 5 June, 3 July and 31 July is reflective and ends in dated actions. Actions from June were "
                 "followed up in July. Decisions have reasons.",
    "recording": "The case summary was renewed on 1 August and the chronology holds significant events only. Visits are recorded "
                 "within three days, in words the child could read later.",
    "impact": "Attendance rose from 71 to 94 per cent between May and July. The child told the school nurse they sleep better, "
              "and the mother has rung the helpline herself twice.",
}
_PLAIN = {
    "voice": "The child was visited on 6 May, 10 June and 21 July and seen alone twice. Wishes are written down, but it is not "
             "clear from the June note how they changed what was done.",
    "assessment": "The assessment of 14 April describes needs well. The analysis is thinner: the earlier referral of 2024 is "
                  "listed and not used, and the stepfather is mentioned only once.",
    "planning": "The plan of 2 June has clear tasks for professionals. Tasks for the family are general and have no dates, so "
                "the parents could not say what was expected of them.",
    "review": "Reviews took place on 2 June and 28 July. The second was late by nine days because of leave. Progress on housing "
              "is noted; drift on the family's debts was not challenged.",
    "direct_work": "One session with worry cards on 21 July is recorded in detail. Nothing was planned before July although the "
                   "child asked for more time with the worker in May.",
    "family": "Mother and older sister are involved. The father lives away and was telephoned once, on 12 June. His views are "
              "not in the plan, and the record does not say why.",
    "partners": "School and the GP shared information when asked. The mental health service did not reply to two letters, and "
                "this was not taken further until the July review.",
    "oversight": "Supervision was held in May and July; June was missed. Actions are listed, but those of May were not looked at "
                 "again in July. The manager's reasons are short.",
    "recording": "Visits are recorded within a week. The chronology stops in March, and the case summary still names the "
                 "previous worker as allocated.",
    "impact": "The family's tenancy is safe and the child is back in class since June. It is less clear what our own visits "
              "changed, as no outcome measures were set.",
}
_STRENGTHS = "The practitioner keeps going back to what the child said, and the family trust them enough to disagree."
_GRADES = {"sharp": ("Good", "Good"), "plain": ("Requires improvement", "Requires improvement")}


def complete(style: str, *, started: date, met: date, due: date, overall: str = "", later: str = "") -> tuple[
        Answers, dict[str, list[dict[str, str]]]]:
    """Everything an auditor types: answers by field id, and the rows of the improvement plan.

    ``later`` is added to one answer, so that a form sent again differs from the one before.
    """
    prose = _SHARP if style == "sharp" else _PLAIN
    before, after = _GRADES[style]
    answers: Answers = {"concern.now": "No", "header.started": f"{started:%d/%m/%Y}", "header.met": f"{met:%d/%m/%Y}"}
    for domain, evidence in prose.items():
        answers |= {f"{domain}.evidence": evidence, f"{domain}.pre": before, f"{domain}.post": after}
    answers |= {
        "voice.strengths": _STRENGTHS, "partners.strengths": "The school is rung on the same day when something changes.",
        "conversation.notes": f"We met on {met:%d/%m/%Y}. The worker explained the gap in June and showed me the direct work "
                              f"kept on paper. The grades stayed the same, as the record itself has to show it. {later}".strip(),
        "overall.summary": "Practice is steady and the child is known well. The grade follows the ten domains: what is done is "
                           "right, and the record shows why, with the exceptions named above.",
        "overall.pre": overall or before, "overall.post": overall or after,
        "overall.themes": "How we use a family's own network, and how supervision follows up its earlier actions.",
    }
    if style == "plain":
        answers["plan.improvements"] = ("The chronology and summary have to be brought up to date, the father's views sought and "
                                        "every family task given a date, so that the next review can judge progress.")
    return answers, {"actions": _actions(style, due)}


def _actions(style: str, due: date) -> list[dict[str, str]]:
    when = f"{due:%d/%m/%Y}"
    if style == "sharp":
        return [{"text": "Share the words and pictures story with the school before the next review", "owner": "Social worker",
                 "due": when}]
    return [
        {"text": "Bring the chronology and the case summary up to date and have them checked", "owner": "Social worker",
         "due": when},
        {"text": "Visit the father, record his views and add them to the plan", "owner": "Social worker", "due": when},
        {"text": "Follow up the unanswered letters with the mental health service", "owner": "Team manager", "due": when},
    ]
