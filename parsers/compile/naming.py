"""Names for what a blank asks: short, from its own words, the same every time the same blank is compiled."""

import re
import unicodedata

from parsers.locate.text import SMALL_WORDS, flat, question_number

# What councils call the same few things at the top of every form.
_USUAL: tuple[tuple[re.Pattern[str], str], ...] = tuple((re.compile(pattern), name) for pattern, name in (
    (r"(?:case|file|system|liquid ?logic|mosaic|lcs|record|client) (?:number|no|id|ref|reference)|id number", "case_number"),
    (r"(?:child s name|child name|name of (?:the )?child(?: ren)?|name of child young person|young person s name)", "child_name"),
    (r"(?:name of )?(?:the )?practitioner(?: s)?(?: name)?", "practitioners"),
    (r"(?:name of |allocated )?(?:the )?(?:allocated )?(?:social worker|key worker|worker)(?: s name| name)?", "social_worker"),
    (r"(?:name of )?(?:the )?auditor(?: s name| name)?|audited by|audit completed by", "auditor"),
    (r"(?:name of )?(?:the )?(?:team|locality) manager(?: s name| name)?", "team_manager"),
    (r"team(?: name)?|team service|service team", "team"),
    (r"category(?: of case)?|case category|type of case|case type", "category"),
    (r"audit start date|date audit started|start date of audit|date (?:the )?audit (?:was )?started", "audit_start"),
    (r"date of audit|audit date|date audited|date audit (?:was )?completed", "audit_date"),
    (r"audit month|month of audit", "audit_month"),
    (r"date of meeting (?:with )?(?:the )?practitioner|date (?:you )?met (?:the )?practitioner", "meeting_date"),
    (r"date family feedback obtained|date of family feedback", "family_feedback_date"),
    (r"(?:general )?themes(?: arising)?(?: from (?:the|this) audit)?", "themes"),
    (r"date of birth|dob|d o b", "date_of_birth"),
    (r"reason for overall rating|reasons? for (?:the )?(?:overall )?(?:rating|grade|judgement)", "reason"),
    (r"by whom|by who|who|owner|person responsible|responsible person|lead", "by_who"),
    (r"by when|when|due|due date|target date|timescale|deadline", "by_when"),
))
_SMALL = SMALL_WORDS | {"child", "children", "working", "work", "wider", "other", "additional", "general", "overall"}
# Words that say what kind of thing a part is, and not which.
_KINDS = frozenset("""
    panel section part scaling scale questions question score scores grade grading rating response responses form box recommended
    case audit audits
""".split())  # noqa: SIM905
# Whose a column is tells it from its neighbour only where nothing else does.
_ROLES = frozenset(("auditor", "auditors", "practitioner", "worker", "manager", "moderator"))
_LONGEST = 32
# How a line begins that does not go on with the one before.
_BEGINS = re.compile(r"[A-Z0-9(\[•·▪●○*\-–—☐]")


def split_label(text: str) -> tuple[str, str]:
    """(the label on one line, the guidance under it in the same cell). What only goes on over a line's end is label."""
    first, *more = [line.strip() for line in text.split("\n") if line.strip()] or [""]
    begins = bool(more) and bool(_BEGINS.match(more[0]) or first.endswith((":", "?", ".")))
    label, hint = (first, "\n".join(more)) if begins else (" ".join((first, *more)), "")
    return " ".join(label.split()).rstrip(" :*†‡") or " ".join(label.split()), hint


def name_of(text: str, words: int = 4) -> str:
    """"risk_harm_identified" for a label; the usual name where it is one everybody uses; "" for no words."""
    plain = letters(re.sub(r"\([^)]*\)", " ", text.split("\n")[0])) or letters(text)
    for pattern, name in _USUAL:
        if pattern.fullmatch(plain):
            return name
    own = [w for w in plain.split() if w not in _SMALL and len(w) > 1] or plain.split()
    return "_".join(own[:words])[:_LONGEST].strip("_")


def name_part(title: str, words: int = 1) -> str:
    """A section's name: the one word it is about, "plan" for "The Child's Plan"."""
    plain = letters(re.sub(r"\([^)]*\)", " ", title.split("\n")[0])) or letters(title)
    if re.search(r"\bactions?\b", plain):
        return "actions"
    own = [w for w in plain.split() if w not in _SMALL and w not in _KINDS and not w.isdecimal() and len(w) > 1]
    if not own:
        own = ["overall"] if "overall" in plain.split() else \
            [w for w in plain.split() if w not in SMALL_WORDS and w not in _KINDS and not w.isdecimal()] or \
            [w for w in plain.split() if w not in SMALL_WORDS and not w.isdecimal()] or ["part"]
    return "_".join(_stem(w) for w in own[:words])


def _stem(word: str) -> str:
    return word[:-3] if word.endswith("ing") and len(word) >= 8 else word


def name_columns(headings: list[str]) -> list[str]:
    """Names that tell the columns apart: "notes" and "response" for "Auditor notes" and "Auditor's response"."""
    first = [letters(re.sub(r"\([^)]*\)", " ", h.split("\n")[0])) for h in headings]
    words = [[w for w in f.split() if w not in _SMALL] or f.split() or ["column"] for f in first]
    usual = [next((name for pattern, name in _USUAL[-2:] if pattern.fullmatch(f)), "") for f in first]
    shared = set.intersection(*(set(w) for w in words)) if len(words) > 1 else set()
    names = []
    for known, own in zip(usual, words, strict=True):
        telling = [w for w in own if w not in shared] or own
        telling = [w for w in telling if w not in _ROLES] or telling
        if telling[0].isdecimal() and own[0] != telling[0]:
            telling = [own[0] + telling[0]]
        names.append(known or telling[0])
    return make_unique(names)


def make_unique(names: list[str]) -> list[str]:
    """The second of a name gets a 2 behind it, and so on; no name is empty."""
    found: list[str] = []
    for name in names:
        wanted = name or "part"
        given, n = wanted, 1
        while given in found:
            n += 1
            given = f"{wanted}{n}"
        found.append(given)
    return found


def letters(text: str) -> str:
    """Flat, and in the letters an id may have."""
    plain = unicodedata.normalize("NFKD", flat(text)).encode("ascii", "ignore").decode()
    return " ".join(plain.split())


def number_name(label: str, stem: str) -> tuple[str, str]:
    """("q5a", "Q5 A") for "A. Past harm?" under Q5; ("", "") for a label without a number."""
    number = question_number(label)
    if not number:
        return "", ""
    if number[0].isdecimal():
        return "q" + number.replace(".", "_"), "Q" + number
    if stem:
        return f"{stem}{number}", f"{stem.upper()} {number.upper()}"
    return number, number.upper()
