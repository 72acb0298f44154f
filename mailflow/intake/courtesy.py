"""Plain thanks, promises of a form, and links to shared drives (T-30)."""

import re
from urllib.parse import parse_qs, unquote, urlsplit

from mailflow.intake.commands import parse_command
from mailflow.intake.text import without_sign_off
from mailflow.model import Automatic, Message

_DRIVES = re.compile(
    r"(?:^|\.)(?:sharepoint\.(?:com|us)|onedrive\.(?:com|live\.com)|1drv\.ms|(?:drive|docs)\.google\.com|dropbox\.com"
    r"|db\.tt|wetransfer\.com|we\.tl|box\.com|icloud\.com|egnyte\.com|sharefile\.(?:com|eu))$", re.I)
_LINK = re.compile(r"(?:https?|file)://[^\s<>\"')\]]+", re.I)
_SHARE = re.compile(r"\\\\[\w.$-]+\\[^\s<>\"]+|\b[A-Z]:\\[^<>\"|?*\n]{1,200}\.(?:docx?|pdf|xlsx?|odt|rtf)\b", re.I)

_COURTESY_WORDS = frozenset(re.findall(r"\S+", (
    "a about again all and appreciate appreciated are best bless brilliant bye cheers day do excellent fab for fine from "
    "getting glad good got grand great have help helpful i in it its it's kind know let letting lot lots lovely many me "
    "much my nice noted of ok okay on perfect pleasure quick received regards reply response sending so ta team thank "
    "thanks that that's the this to too update very weekend well will wishes you your yours all everyone back now both "
    "sorted super sure wonderful"
)))
_THANKS = re.compile(r"\b(?:thanks?|thank you|cheers|ta|noted|received|ok(?:ay)?|great|perfect|appreciated?|lovely)\b", re.I)
_PROMISE = re.compile(
    r"\battach(?:ed|ing|ment)\b|\benclos(?:ed|ing)\b|\bplease find\b|\bhere (?:it is|they are)\b"
    r"|\bhere(?:'s| is| are)\b.{0,40}\b(?:form|audit|document)s?\b"
    r"|\b(?:completed?|finished|filled[- ]in|amended|corrected|revised|updated)\s+(?:the\s+|my\s+)?(?:audits?|forms?)\b"
    r"|\b(?:audits?|forms?)\b.{0,30}\b(?:is|are|now)\s+(?:now\s+)?(?:complete[d]?|done|finished|amended|corrected)\b", re.I)
# In the same sentence these make it a plan, a question, or talk about what we attached.
_NO_PROMISE = re.compile(
    r"\b(?:will|shall|i'll|going to|aim to|hope to|intend to|to follow|tomorrow|when|once|if|until|how|where|which"
    r"|please (?:re)?send"
    r"|haven'?t|hasn'?t|not|no|won'?t|can'?t|cannot|couldn'?t|doesn'?t|isn'?t|wasn'?t|missing|you(?:r letter)?(?: have)? attached"
    r"|the attached|need|extension|deadline)\b", re.I)


def is_thanks(message: Message) -> bool:
    """A short courtesy and nothing else: no document, no command, no question. Such a mail gets no answer."""
    if message.automatic is not Automatic.NO or message.attachments or message.drive_links or "?" in message.text:
        return False
    if parse_command(message.text) is not None:
        return False
    lines = [line for line in without_sign_off(message.text.split("\n")) if line.strip()]
    # "Thanks, / Sam" may be a sign-off and nothing else: then the sign-off is the message.
    words = re.findall(r"[A-Za-z0-9'’]+", " ".join(lines or message.text.split("\n")[:2]))
    if not 1 <= len(words) <= 25 or not _THANKS.search(" ".join(words)):
        return False
    strange = [w for w in words if w.lower().replace("’", "'") not in _COURTESY_WORDS]
    # Names may stand in a courtesy: two words with a capital, no figures.
    return len(strange) <= 2 and all(w[0].isupper() and w.isalpha() for w in strange if w.lower() not in _SALUTATIONS)


_SALUTATIONS = ("hi", "hello", "dear", "hey")


def promises_form(message: Message) -> bool:
    """The text says that a form comes with the mail, or a shared-drive link stands in it."""
    if message.drive_links:
        return True
    text = "\n".join(without_sign_off(message.text.split("\n"))).replace("’", "'")
    # A line may be wrapped inside a sentence, so only an empty line ends one.
    sentences = re.split(r"[.!?;](?:\s|$)|\n\s*\n|,\s+(?:but|and)\b", text)
    flat = (re.sub(r"\s+", " ", one) for one in sentences)
    return any(_PROMISE.search(one) and not _NO_PROMISE.search(one) for one in flat)


def find_drive_links(text: str) -> tuple[str, ...]:
    """Links to shared drives and network folders in what somebody wrote, each once, in order. Never followed."""
    found = []
    for link in _LINK.findall(text):
        plain = _unwrapped(link.rstrip(".,;:"))
        parts = _split(plain)
        if parts is not None and (parts[0] == "file" or _DRIVES.search(parts[1])):
            found.append(plain)
    return tuple(dict.fromkeys([*found, *(s.strip() for s in _SHARE.findall(text))]))[:20]


def _split(link: str) -> tuple[str, str] | None:
    try:
        parts = urlsplit(link)
        return parts.scheme.lower(), parts.hostname or ""
    except ValueError:
        return None


def _unwrapped(link: str) -> str:
    """The address inside a mail filter's "safe link", the link itself otherwise."""
    parts = _split(link)
    if parts is None or not re.search(r"safelinks\.protection\.outlook\.com$|urldefense\.(?:com|proofpoint\.com)$", parts[1]):
        return link
    query = parse_qs(urlsplit(link).query)
    inner = (query.get("url") or query.get("u") or [link])[0]
    direct = re.search(r"__(https?://?.+?)__", link)
    return direct.group(1).replace(":/", "://", 1).replace(":///", "://") if direct else unquote(inner)
