"""The first line a person wrote → a Command, when it opens with a word we know (domain 2.5).

An ordinary sentence must never act. A word counts as a command when

1. it stands alone on its line ("Accept."), or with a courtesy ("ack, thanks"), or
2. it is written in capitals and the rest of the line is not ("RETURN the dates are missing"), or
3. what follows fits the word's own grammar ("extend 3 July 2026 …", "return: …", "file 2606-018D").

Ordinary words that need an argument ("Done", "Yes", "Move") don't count alone unless in capitals. A question mark
after the word makes it a question. A condition after a word that takes none ("ACCEPT if …") is trouble, not consent.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from mailflow.intake.arguments import fits, read_argument
from mailflow.intake.text import is_greeting, is_quoted, skip_banners, without_sign_off
from mailflow.model import Command


class Takes(StrEnum):
    """What may stand after a word."""

    NOTHING = "nothing"
    REASON = "a reason"
    DAY = "a day"
    MOMENT = "a day and a time"
    PHONE = "a phone number"
    ADDRESS = "an address"
    REF = "an audit reference"
    CASE = "a case number or an audit reference"
    CHECK = "a check and a reason"
    ITEMS = "action numbers"
    GRADE = "a grade"
    CODE = "the one-time code"


@dataclass(frozen=True)
class Word:
    """One command. ``spelling`` is a pattern; ``who`` are the roles of domain 2.5, for the printed table only.

    ``ordinary`` words also open ordinary answers, so alone they count in capitals only. ``needs`` is the sentence a
    person gets when a reason that can't be done without is missing.
    """

    word: str
    takes: Takes
    who: str
    spelling: str = ""
    ordinary: bool = False
    needs: str = ""

    @property
    def pattern(self) -> str:
        return self.spelling or self.word


# Longer spellings stand before the words they begin with.
WORDS: tuple[Word, ...] = (
    Word("WHY", Takes.NOTHING, "anyone"),
    Word("ACKCONCERN", Takes.NOTHING, "tm, sm, hos", r"ACK(?:NOWLEDGE)?[ -]*CONCERN"),
    Word("ACK", Takes.NOTHING, "auditor"),
    Word("BOOKED", Takes.MOMENT, "auditor"),
    Word("CANNOT", Takes.REASON, "auditor"),
    Word("EXTEND", Takes.DAY, "auditor, qa"),
    Word("CONFLICT", Takes.REASON, "auditor"),
    Word("LEFT", Takes.REASON, "auditor"),
    Word("NO CONCERN", Takes.NOTHING, "auditor", r"NO[ -]*CONCERNS?"),
    Word("CONCERN", Takes.PHONE, "auditor, practitioner, tm", r"CONCERNS?"),
    Word("UPLOADED", Takes.MOMENT, "auditor"),
    Word("YES", Takes.REF, "auditor", ordinary=True),
    Word("DISCUSSED", Takes.DAY, "tm"),
    Word("DONE", Takes.ITEMS, "tm", ordinary=True),
    Word("MOVE", Takes.ITEMS, "tm", ordinary=True),
    Word("DISPUTE", Takes.REASON, "tm, practitioner"),
    Word("REVIEWED", Takes.NOTHING, "tm"),
    Word("SELFSELECT", Takes.REASON, "auditor", r"SELF[ -]*SELECT(?:ED)?",
         needs="Write SELFSELECT, the case number and the reason."),
    Word("SELF", Takes.NOTHING, "practitioner"),
    Word("NOTSATISFIED", Takes.REASON, "sm, hos", r"NOT[ -]*SATISFIED"),
    Word("SATISFIED", Takes.NOTHING, "sm, hos"),
    Word("REASSIGN", Takes.ADDRESS, "sm, hos, qa", r"RE-?ASSIGN"),
    Word("APPROVE", Takes.NOTHING, "sm, hos"),
    Word("REFUSE", Takes.REASON, "sm, hos", needs="Say why: REFUSE and the reason."),
    Word("NOT POSSIBLE", Takes.REASON, "auditor", r"NOT[ -]*POSSIBLE", ordinary=True,
         needs="Say why: NOT POSSIBLE and the reason."),
    Word("NOT RESOLVED", Takes.REASON, "dispute parties", r"NOT[ -]*RESOLVED"),
    Word("RESOLVED", Takes.REASON, "dispute parties"),
    Word("ACCEPT", Takes.NOTHING, "qa"),
    Word("RETURN", Takes.REASON, "qa", needs="Say what is to be put right: RETURN and the points."),
    Word("DISCUSS", Takes.REASON, "qa", needs="Say what is to be talked about: DISCUSS and the points."),
    Word("NOTACCEPTED", Takes.REASON, "qa", r"NOT[ -]*ACCEPTED"),
    Word("WITHDRAW", Takes.REASON, "qa", needs="Say why: WITHDRAW and the reason."),
    Word("HOLD", Takes.NOTHING, "qa"),
    Word("RELEASE", Takes.NOTHING, "qa"),
    Word("OVERRIDE", Takes.CHECK, "qa"),
    Word("UNDO", Takes.NOTHING, "qa"),
    Word("FILE", Takes.REF, "qa"),
    Word("NOREAUDIT", Takes.NOTHING, "qa", r"NO[ -]*RE-?AUDIT"),
    Word("REAUDIT", Takes.NOTHING, "qa", r"RE-?AUDIT"),
    Word("MODERATE", Takes.ADDRESS, "qa"),
    Word("VERIFY", Takes.ITEMS, "qa", ordinary=True),
    Word("REOPEN", Takes.ITEMS, "qa", r"RE-?OPEN", ordinary=True),
    Word("SWAP", Takes.CASE, "qa", ordinary=True),
    Word("DROP", Takes.CASE, "qa", ordinary=True),
    Word("THEME", Takes.REASON, "qa", ordinary=True, needs="Say the theme: THEME and a few words."),
    Word("CANCEL", Takes.NOTHING, "qa", ordinary=True),
    Word("MAKEADIFFERENCE", Takes.NOTHING, "qa", r"MAKE[ -]*A[ -]*DIFFERENCE"),
    Word("AMEND", Takes.NOTHING, "qa"),
    Word("CLOSE", Takes.REASON, "qa"),
    Word("AGREED", Takes.GRADE, "moderator", ordinary=True),
    Word("AGREE", Takes.NOTHING, "moderator"),
    Word("DIFFER", Takes.GRADE, "moderator", ordinary=True),
    Word("CONFIRM", Takes.CODE, "whoever was sent a code", ordinary=True),
)
_BY_GROUP = {f"w{n}": word for n, word in enumerate(WORDS)}
_OPENING = re.compile("|".join(f"(?P<w{n}>{w.pattern})" for n, w in enumerate(WORDS)), re.I)
_DRESS = " \t\xa0*_`~\"“”'‘’«»[]()•·–—-\u200b\ufeff"
_COURTESY = re.compile(r"\W*(?:(?:please|thanks|many thanks|thank you|cheers|ta)\W*)+$", re.I)
# After a word that takes nothing, these open a condition, a refusal or a different sentence.
_NOT_PLAIN = re.compile(
    r"\W*(?:if|once|when|unless|until|till|subject to|provided|providing|but|except|apart from|however|not|never|or|and"
    r"|is|isn'?t|was|can|can'?t|cannot|will|won'?t|would|should|could|my|our|your|yet|only|depending|on condition"
    r"|after|before|although|though|pending|conditional\w*|in principle|letter|button|word|command)\b", re.I)
# One-time codes are six digits; people set them apart ("482 913").
_BARE_CODE = re.compile(r"\d{3}[ -]?\d{3}")


def parse_command(text: str) -> Command | None:
    """The command in the first line a person wrote, None where that line is ordinary text.

    Banners, empty lines and a salutation ("Hi team,") above it are passed over; a quoted line ends the search.
    ``QUESTION`` and ``COMMENT`` are free text, hence None.
    """
    lines = _from_first_line(text)
    if not lines:
        return None
    line = lines[0].lstrip(_DRESS).rstrip()
    found = _OPENING.match(line)
    if found is None or not _ends_there(line, found.end()):
        return _bare_code(line)
    word = _BY_GROUP[str(found.lastgroup)]
    rest = line[found.end():].strip(" \t\xa0*_`\"”’")
    if not _is_meant(word, found.group(), rest):
        return None
    return _with_argument(word, rest, lines[1:])


def _from_first_line(text: str) -> list[str]:
    lines = skip_banners(text.replace("\r\n", "\n").split("\n"))
    if lines and is_greeting(lines[0]):
        lines = skip_banners(lines[1:])
    return [] if not lines or is_quoted(lines[0]) else lines


def _ends_there(line: str, at: int) -> bool:
    """The word is whole: "ACCEPTANCE", "close-up", "return/refund" and "accept's" are other words."""
    return re.match(r"(?![^\W_]|['’@/\\]|[-_]\w)", line[at:]) is not None


def _is_meant(word: Word, as_typed: str, rest: str) -> bool:
    """The rule at the top of this page."""
    alone = not re.search(r"\w", rest)
    if rest.startswith("?") and word.word not in ("WHY", "CONCERN"):
        return False
    in_capitals = as_typed.isupper()
    if alone or _COURTESY.match(rest):
        return in_capitals or not word.ordinary
    # In a line that is all capitals they tell us nothing; a concern is heard all the same.
    shouted = in_capitals and rest.isupper() and word.takes is not Takes.PHONE
    # "accept, nice work": set apart by a mark, it is the word itself and no sentence that begins with it.
    set_apart = rest[:1] in (",", ":", ";", "!", ".", "–", "—") or rest.startswith("- ")
    return (in_capitals and not shouted) or (set_apart and not word.ordinary) or fits(word.takes, rest)


def _with_argument(word: Word, rest: str, following: list[str]) -> Command:
    rest = rest.lstrip(" \t,;:.!?-–—")
    if word.takes is Takes.NOTHING:
        odd = _NOT_PLAIN.match(rest) or rest.endswith("?")
        trouble = f"What stands after {word.word} reads like a condition. Send {word.word} on a line of its own."
        return Command(word.word, rest, trouble=trouble if odd else "")
    if word.takes is Takes.REASON:
        reason = "\n".join([rest, *_points(following)]).strip()
        return Command(word.word, reason, trouble="" if reason else word.needs)
    return read_argument(word.word, word.takes, rest, _points(following))


def _points(following: list[str]) -> list[str]:
    """Lines below the word that go on with it: up to the sign-off, a name block, or anything quoted."""
    kept = []
    for line in following:
        if is_quoted(line):
            break
        kept.append(line.strip())
    # The word's own line stands in for the paragraph before, so that a name block right below is seen.
    return without_sign_off(["-", *kept])[1:]


def _bare_code(line: str) -> Command | None:
    """A reply to OUT-79 that is only the code."""
    code = line.strip(" .,;:!*")
    if not _BARE_CODE.fullmatch(code):
        return None
    return Command("CONFIRM", code=re.sub(r"\D", "", code))
