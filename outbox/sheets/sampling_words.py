"""The rules of a draw in words, for the person who has to answer for it (DOC-01)."""

from typing import Any

# Key → what each value means, or one sentence with {} for the value. A rule that is off or empty has its own words.
_WORDS: dict[str, dict[Any, str] | str] = {
    "source": {"sheet": "Cases come from the council's own sheet.", "annex_a": "Cases come from the Annex A lists."},
    "lists": "Annex A lists: {}. They count only where cases come from Annex A.",
    "extract_max_days": "An Annex A extract is used for {} days.",
    "method": {"random": "Chance chooses, by the seed. A case with a nominated auditor goes to them.",
               "nominated": "Only cases with a nominated auditor are given out, each to that auditor.",
               "themed": "Chance chooses, by the seed, among the cases of the theme."},
    "stratify_by": "Each of these has its share of the draw: {}.",
    "per_auditor": "Each auditor gets this many cases: {}.",
    "per_team": "No team has more audits in the draw than this: {}. Nought means no limit.",
    "own_team": {"bar": "Nobody audits their own team.", "allow": "People may audit their own team."},
    "own_team_exempt_roles": "These parts may audit their own team all the same: {}.",
    "exclude_line_managed": {True: "Nobody audits the work of somebody they manage.", False: "Line managers may audit."},
    "exclude_conflicts": {
        True: "Nobody audits a case they review or chair, or a case of the team they manage where own teams are barred.",
        False: "Reviewing officers, chairs and team managers may audit their own cases."},
    "min_months_open": "A case must have been open for this many months: {}.",
    "exclude_audited_within_months": "A case audited within this many months is left out: {}.",
    "exclude_restricted": {True: "Restricted cases are left out.", False: "Restricted cases may be drawn."},
    "one_per_practitioner": {True: "A practitioner has at most one audit in a draw.",
                             False: "A practitioner may have several audits in a draw."},
    "family_link": {True: "Children of one family may be drawn together.", False: "At most one child of a family is drawn."},
    "approval": {"qa": "The QA team says that the sample may go out, and may change it first.",
                 "none": "The sample goes out as it was drawn; nobody is asked."},
    "replace_withdrawn_until": {"never": "A withdrawn case is not replaced.",
                                "mid_cycle": "A case withdrawn in the first half of a cycle is replaced by another draw."},
    "self_select": {"never": "Auditors do not choose cases themselves.",
                    "hos_approval": "An auditor's own choice needs a head of service; it stands beside the draw."},
}


def rule_in_words(key: str, value: Any) -> str:
    """One sentence; "" for a key that says nothing to a reader of the draw."""
    table, _, name = key.partition(".")
    if table == "selection":
        found = _WORDS.get(name, "")
        if isinstance(found, dict):
            return found.get(value, "") if isinstance(value, str | bool) else ""
        return found.format(_listed(value))
    who = name.removesuffix(".auditors")
    return f"{'Audits of this type are done by' if table == 'types' else f'In {who} also by'}: {_listed(value)}."


def _listed(value: Any) -> str:
    return (", ".join(map(str, value)) or "none") if isinstance(value, list) else str(value)
