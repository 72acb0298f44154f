"""Choices → the one meant, in lower case as the form lists it. Numbers, words and yes/no variants; two at once settle nothing."""

import re

from parsers.settle.said import Settled, bare, doubts, part, slips, unlabelled

_YES = frozenset(("yes", "y", "yeah", "yep", "true", "yes x", "x yes"))
_NO = frozenset(("no", "n", "nope", "none", "nil", "no concern", "no concerns", "no immediate concern", "false",
                 "no immediate concerns", "no x", "x no"))
# A word with which somebody takes back the "no" they began with; "no (immediate) concerns" takes nothing back.
_BUT = re.compile(
    r"\b(?:but|however|although|though|except|unless|yet|worr\w*|risk\w*|unsafe|unsure|not sure"
    r"|(?<!no )(?<!immediate )concern\w*)\b", re.IGNORECASE)
_PIECES = re.compile(r"\s*(?:[,;:/&+()\n]|\s-+\s|\.\s|\bor\b|\band\b)\s*", re.IGNORECASE)
_NUMBERED = re.compile(r"([0-9]{1,2})\s+(\S.*)")
# Words with fewer letters are not mended, and mention nothing when they stand in a sentence ("a", "no", "none").
_LONG = 6


def settle_choice(choices: tuple[str, ...], text: str) -> Settled:
    """The choice, folded to lower case. ``text`` is cleaned and neither blank nor "not applicable"."""
    known = _Known(choices)
    found = known.find(text) or known.leading(text)
    return Settled(found) if found else known.undecided(text)


def open_choice(choices: tuple[str, ...], text: str) -> Settled:
    """No choice, and those named in the text as candidates."""
    return _Known(choices).undecided(text)


class _Known:
    """The ways to name each choice: all of it, its number, its words."""

    def __init__(self, choices: tuple[str, ...]) -> None:
        self.names: dict[str, str] = {}
        self.words: dict[str, str] = {}
        self.choices = tuple(c.casefold() for c in choices)
        for choice in self.choices:
            whole = _key(choice)
            numbered = _NUMBERED.fullmatch(whole)
            self.words[choice] = numbered[2] if numbered else whole
            for name in (whole, *(numbered.groups() if numbered else ())):
                # A name two choices share would say nothing.
                self.names[name] = "" if self.names.get(name, choice) != choice else choice

    def find(self, text: str) -> str:
        """The choice the text is, with nothing beside it but a label; "" where nobody could be sure."""
        flat = _key(text)
        choice = self.names.get(flat, "")
        if choice and ("?" not in text or "?" in choice):
            return choice
        if doubts(text):
            return ""
        if choice := self.names.get(_key(unlabelled(bare(text))), ""):
            return choice
        for answer, variants in (("yes", _YES), ("no", _NO)):
            if flat in variants and self.names.get(answer):
                return self.names[answer]
        return self._misspelt(flat)

    def _misspelt(self, flat: str) -> str:
        """One word of a choice with a slip in it, its number right or left out."""
        numbered = _NUMBERED.fullmatch(flat)
        number, words = numbered.groups() if numbered else ("", flat)
        near = {c for c, wanted in self.words.items() if " " not in words and len(wanted) >= _LONG
                and slips(words, wanted, 2) and self.names.get(number, c) == c}
        return near.pop() if len(near) == 1 else ""

    def leading(self, text: str) -> str:
        """"Yes - rang the manager" is a yes; "No, but she seemed afraid" and "Yes / No" are for a person."""
        said = unlabelled(bare(text))
        head, reason = part(said)
        choice = self.find(head) if reason else ""
        if not choice:
            return ""
        if choice == "no" and re.match(r"\s+\w", said[len(head):]):
            # "No since he left", "No with worries": a no is only believed where a mark parts it from what follows.
            return ""
        # A doubtful yes is a yes still: behind "Yes" may stand a child in danger.
        takes_back = (choice == "no" and _BUT.search(reason)) or (choice != "yes" and doubts(reason)) or not _key(reason)
        others = {*self.mentioned(text), *self.mentioned(reason)} - {choice}
        return "" if takes_back or others else choice

    def mentioned(self, text: str) -> tuple[str, ...]:
        """Every choice the text names, in the form's order: as a piece of its own, or its words in a sentence."""
        found = {self.find(piece) for piece in _PIECES.split(text) if piece}
        flat = f" {_key(text)} "
        opens = {c for name, c in self.names.items() if c and not name.isdigit() and len(name) > 1 and flat.startswith(f" {name} ")}
        within = {c for c, words in self.words.items() if len(words) >= _LONG and f" {words} " in flat}
        if number := re.match(r"\W*([0-9]{1,2})\b", text):
            found.add(self.names.get(number[1], ""))
        return tuple(c for c in self.choices if c in found | opens | within)

    def undecided(self, text: str) -> Settled:
        return Settled(None, "unknown_choice", self.mentioned(text))


def _key(words: str) -> str:
    return " ".join(re.findall(r"\w+", words.casefold()))
