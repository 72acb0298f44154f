"""CHK-072: words that suggest a child is in danger now, in any text, from anybody.

A match is a question, not a finding, so we would rather ask once too often: a phrase is passed over only where it is
plainly denied in the same breath ("not at immediate risk", "no evidence of immediate danger", "immediate risk: none").
A denial that is itself in doubt ("cannot say she is not at immediate risk") is asked about.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

# Where one thought ends: the end of a sentence, a new bullet or paragraph, or words of ours that were taken out.
_BREAK = "¶"
_FOLDS = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'", "“": '"', "”": '"', "\u00ad": None, "\u200b": None,
                        "\u200c": None, "\u200d": None, "\ufeff": None, "\r": None})
_NEW_LINE = re.compile(r"\n(?:[>|]\s?)*[ \t]*(?=[A-Z•*·\d–—-]|\n|$)")
_JOINER = re.compile(r"(?<=\w)[-‐‑‒–](?=\w)")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n+")

_NEGATOR = r"(?:no|not|never|without|neither|nor|isn't|wasn't|aren't|weren't|don't|doesn't|didn't|hasn't|haven't|isnt|wasnt)"
# Only these may stand between the negator and the phrase: "no (evidence that she is at) immediate risk".
_GLUE = (r"(?:evidence|sign|signs|indication|indications|suggestion|suggestions|information|mention|record|concern|concerns"
         r"|reason|of|that|to|about|for|in|at|an|a|any|the|this|these|under|facing|felt|found|find|identify|identified|see"
         r"|believe|believed|think|thought|suggest|suggests|suggested|suggesting|show|shows|showed|indicate|indicates"
         r"|indicated|indicating|considered|assessed|judged|deemed|appear|appears|appeared|seem|seems|he|she|they|it|there"
         r"|child|children|baby|babies|boys?|girls?|twins|young|person|people|siblings?|brothers?|sisters?|family|mum|mother|is|are|was|were|be|being|been|currently|presently"
         r"|now|longer|yet|have|has|had|having|i|we)")
_DENIED_BEFORE = re.compile(rf"\b{_NEGATOR}(?:\s+{_GLUE})*\s*[\"'(]?$")
_DENIED_AFTER = re.compile(r"\s*[:=?–—-]?\s*(?:(?:was|were|is|are|has been)\s+)?"
                           r"(?:none|nil|no|not applicable|n/a|not (?:identified|evident|found|present)|ruled out)"
                           r"\s*(?:[.;,)¶\"]|$)")
_STILL_DENIED = re.compile(r"\s*,?\s*(?:or|nor)(?:\s+(?:any|of|at|in|a))*\s*")
_IN_DOUBT = re.compile(
    rf"\b(?:{_NEGATOR}|cannot|can not|\w+n't|never)\s+(?:\w+\s+){{0,2}}"
    r"(?:sure|certain|say|confident|know|satisfied|convinced|guarantee|reassured|tell|rule)\b"
    r"|\b(?:unsure|uncertain|unclear|doubt\w*|whether|if|unless|until)\b")


def find_danger(texts: Iterable[str], words: tuple[str, ...], own_wording: Iterable[str] = ()) -> tuple[str, ...]:
    """The phrases of ``words`` that stand undenied in any of the texts, each once, in the order they are met.

    Case, line breaks, curly quotes, hyphens and invisible characters make no difference. ``own_wording`` is text we
    printed ourselves (questions, guidance, letters): where it is quoted back to us it is taken out first.
    """
    any_phrase, patterns = _patterns(words)
    ours = _own_sentences(tuple(own_wording), words)
    found: dict[str, None] = {}
    for text in texts:
        folded = _folded(text)
        if not any_phrase.search(folded):
            continue
        for sentence in ours:
            folded = folded.replace(sentence, f" {_BREAK} ")
        found.update(dict.fromkeys(_undenied(folded, patterns)))
    return tuple(found)


def mentions(texts: Iterable[str], words: tuple[str, ...]) -> bool:
    """Does any of the phrases stand anywhere in the texts, denied or not? One quick look where there is nearly always none."""
    any_phrase, _ = _patterns(words)
    return bool(any_phrase.search(_folded(f" {_BREAK} ".join(texts))))


@lru_cache(maxsize=32)
def _patterns(words: tuple[str, ...]) -> tuple[re.Pattern[str], dict[str, re.Pattern[str]]]:
    """One pattern for any of the phrases (a quick look over a whole text), and one for each."""
    plain = {w: re.escape(_folded(w).strip(" " + _BREAK)) for w in words if w.strip()}
    any_phrase = "|".join(plain.values()) or "(?!)"
    return re.compile(rf"\b(?:{any_phrase})s?\b"), {w: re.compile(rf"\b{p}s?\b") for w, p in plain.items()}


def _folded(text: str) -> str:
    """One spelling of the text for comparing: small letters, plain quotes, single spaces, ``¶`` between thoughts."""
    text = unicodedata.normalize("NFKC", text).translate(_FOLDS)
    text = _NEW_LINE.sub(f" {_BREAK} ", re.sub(r"\n(?:[>|]\s?)+", "\n", text))
    return re.sub(r"\s+", " ", _JOINER.sub(" ", text).casefold()).strip()


@lru_cache(maxsize=32)
def _own_sentences(own: tuple[str, ...], words: tuple[str, ...]) -> tuple[str, ...]:
    """Our own sentences in which a phrase stands, longest first. Very short ones stay: a label that is nothing but the
    phrase itself must not hide it in an answer."""
    any_phrase, _ = _patterns(words)
    pieces = {_folded(piece) for text in own for piece in (text, *_SENTENCE_END.split(text))}
    risky = [p for p in pieces if len(p.split()) >= 5 and any_phrase.search(p)]
    return tuple(sorted(risky, key=len, reverse=True))


def _undenied(folded: str, patterns: dict[str, re.Pattern[str]]) -> Iterator[str]:
    hits = sorted((hit.start(), hit.end(), word) for word, pattern in patterns.items() for hit in pattern.finditer(folded))
    denied_up_to = -1
    for start, end, word in hits:
        thought = re.split(rf"[.;!?{_BREAK}]|\b(?:but|however|although|yet)\b", folded[:start])[-1]
        carried = denied_up_to >= 0 and bool(_STILL_DENIED.fullmatch(folded[denied_up_to:start]))
        if carried or _is_denied(thought, folded[end:]):
            denied_up_to = max(denied_up_to, end)
        else:
            yield word


def _is_denied(before: str, after: str) -> bool:
    denial = _DENIED_BEFORE.search(before)
    if denial:
        return not _IN_DOUBT.search(before)
    return bool(_DENIED_AFTER.match(after))
