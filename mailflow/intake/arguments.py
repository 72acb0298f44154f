"""What may stand after a command word: does it fit, and what does it say (domain 2.5)?"""

import re
from collections.abc import Callable

from mailflow.intake.days import in_london, take_day, take_time
from mailflow.model import Command
from mailflow.model.ref import find_refs

_SMALL = r"(?:(?:for|on|to|until|till|by|the|from|as)\s+)*"
_DATE_SHAPED = re.compile(
    _SMALL + r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?,?\s+(?:the\s+)?)?"
    r"(?:\d{1,4}\s?[/.\-]\s?\d|\d{1,2}(?:st|nd|rd|th)?\s*(?:of\s+)?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
    r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+\d)", re.I)
_PHONE = re.compile(r"(?:\+|00)?\(?\d[\d\s().-]{6,18}\d")
_ADDRESS = re.compile(r"\b[\w.+'-]{1,64}@[\w-]+(?:\.[\w-]+)+")
_ADDRESS_FIRST = re.compile(r"(?:to\s+)?\W{0,3}(?:mailto:)?[\w.+'-]+@[\w-]+\.", re.I)
_REF_SHAPED = re.compile(r"\W{0,3}(?:(?:it\s+)?(?:under|to|in|as|audit)\s+)*\W{0,3}\d{4}\s?[-‐‑–]\s?\d{2,6}[A-Za-z]?\b", re.I)
# A case number of any council: one word with a figure in it.
_CASE = re.compile(r"\W{0,3}(?:(?:case|audit|number|no\.?)\s+)*\W{0,3}([A-Z]{0,6}[-/]?\d[\w/-]{0,30})", re.I)
# "swap 12 June for 14 June" is none: standing alone, a number that is hardly anything else.
_LONG_CASE = re.compile(r"\W{0,3}(?:(?:case|audit|number|no\.?)\s+)*\W{0,3}(?:[A-Z]{1,6}[-/]?\d|\d{4})[\w/-]*\W*$", re.I)
_CHECK = re.compile(r"CHK[\s-]*(\d{3})\b|^\W*(\d{3})\b", re.I)
_NUMBERS = re.compile(r"\d{1,2}(?:\s*(?:,|and|&|\+)\s*\d{1,2})*(?![\d/.:-]|\s*(?:st|nd|rd|th)\b)", re.I)
_GRADE = re.compile(r"(?:inadequate|requires improvement|good|outstanding)\W*$", re.I)
_CODE = re.compile(r"\W*(\d{3}[ -]?\d{3})\b")
# A reason must be set off from an ordinary word, or be a numbered list.
_SET_OFF = re.compile(r":|\d{1,2}[.)]\s")

# What follows → whether it belongs to the word although the word was not in capitals. Keys are Takes.
_FITS: dict[str, Callable[[str], object]] = {
    "nothing": lambda rest: None,
    "a reason": _SET_OFF.match,
    "a day": lambda rest: _DATE_SHAPED.match(_plain(rest)),
    "a day and a time": lambda rest: _DATE_SHAPED.match(_plain(rest)),
    "a phone number": lambda rest: rest.startswith(":") or _PHONE.search(rest),
    "an address": lambda rest: _ADDRESS_FIRST.match(_plain(rest)),
    "an audit reference": lambda rest: _REF_SHAPED.match(rest),
    "a case number or an audit reference": lambda rest: _REF_SHAPED.match(rest) or _LONG_CASE.match(rest),
    "a check and a reason": lambda rest: re.match(r"\W*CHK[\s-]*\d", rest, re.I),
    "action numbers": lambda rest: _NUMBERS.match(_plain(rest)),
    "a grade": lambda rest: _GRADE.match(_plain(rest)),
    "the one-time code": lambda rest: _CODE.match(rest),
}


def _plain(rest: str) -> str:
    return rest.lstrip(" \t,;:.-–—")


def fits(takes: str, rest: str) -> bool:
    """Whether what follows is this word's own argument, whatever the case of the letters."""
    return bool(_FITS[takes](rest))


def read_argument(word: str, takes: str, rest: str, following: list[str]) -> Command:
    """The command with its argument read; lines below go on with the reason."""
    whole = "\n".join([rest, *following]).strip()
    return _READ[takes](word, whole)


def _read_day(word: str, text: str) -> Command:
    on, rest, trouble = take_day(text)
    return Command(word, rest, on=on, trouble=trouble)


def _read_moment(word: str, text: str) -> Command:
    """The time of day may be missing; a stated one that can't be read is trouble."""
    on, rest, trouble = take_day(text)
    if on is None:
        return Command(word, rest, trouble=trouble.replace("30/06/2026", "30/06/2026 14:30"))
    clock, after = take_time(rest)
    if clock is None and re.match(r"(?:at\s+)?\d", rest):
        return Command(word, rest, on=on, trouble="The time could not be read; write it as 14:30.")
    return Command(word, after, on=on, at=in_london(on, clock) if clock else None)


def _read_phone(word: str, text: str) -> Command:
    """No trouble without a number: a concern is heard whatever stands after it (TC-01)."""
    found = _PHONE.search(text)
    return Command(word, text, target=found.group().strip() if found else "")


def _read_address(word: str, text: str) -> Command:
    found = _ADDRESS.search(text.split("\n")[0])
    if found is None:
        return Command(word, text, trouble=f"No email address could be read; write {word} and the person's address.")
    rest = re.sub(r"^\W*(?:mailto:\S+)?\W*", "", text[found.end():])
    return Command(word, rest, target=found.group().lower().rstrip("."))


def _read_ref(word: str, text: str) -> Command:
    refs = find_refs(text.split("\n")[0].upper())
    if len(refs) != 1:
        trouble = "names more than one audit; send one line for each" if refs else "has no audit reference we can read"
        return Command(word, text, trouble=f"The line {trouble}. Write {word} and the reference, as in {word} 2606-017C.")
    return Command(word, text, target=refs[0])


def _read_case(word: str, text: str) -> Command:
    """A reference as it is written everywhere, or a case number as it stands."""
    line = text.split("\n")[0]
    refs = find_refs(line.upper())
    found = _CASE.match(line)
    if len(refs) > 1 or (found is None and not refs):
        return Command(word, text, trouble=f"Name one case or one audit: {word} and its case number or reference.")
    return Command(word, text, target=refs[0] if refs else found[1].rstrip("-/") if found else "")


def _read_check(word: str, text: str) -> Command:
    found = _CHECK.search(text.split("\n")[0])
    if found is None:
        return Command(word, text, trouble="No check number could be read; write OVERRIDE CHK-072 and the reason.")
    check = f"CHK-{found.group(1) or found.group(2)}"
    reason = text[found.end():].lstrip(" \t,;:.-–—\n")
    if re.match(r"(?:(?:and|&)\s+)?CHK[\s-]*\d", reason, re.I):
        return Command(word, reason, check=check, trouble="Override one check at a time, each in a mail of its own.")
    return Command(word, reason, check=check, trouble="" if reason else f"Say why: OVERRIDE {check} and the reason.")


def _read_items(word: str, text: str) -> Command:
    """``rest`` keeps the numbers with what follows ("1,3 evidence"); MOVE also has its day in ``on``."""
    numbers = _NUMBERS.match(text)
    if numbers is None:
        return Command(word, text, trouble=f"Say which action: {word} and its number, as in {word} 2.")
    if word != "MOVE":
        return Command(word, text)
    on, _, trouble = take_day(text[numbers.end():])
    return Command(word, text, on=on, trouble=trouble)


def _read_grade(word: str, text: str) -> Command:
    return Command(word, text, trouble="" if text else f"Say the grade: {word} and the grade.")


def _read_code(word: str, text: str) -> Command:
    found = _CODE.match(text)
    if found is None:
        return Command(word, text, trouble="No code could be read; write CONFIRM and the code from our letter.")
    return Command(word, text[found.end():].strip(), code=re.sub(r"\D", "", found.group(1)))


_READ: dict[str, Callable[[str, str], Command]] = {
    "a day": _read_day, "a day and a time": _read_moment, "a phone number": _read_phone,
    "an address": _read_address, "an audit reference": _read_ref,
    "a case number or an audit reference": _read_case, "a check and a reason": _read_check,
    "action numbers": _read_items, "a grade": _read_grade, "the one-time code": _read_code,
}
