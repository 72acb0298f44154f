"""What a person wrote: HTML made into lines, quoted mail taken off, warning banners passed over.

Three passes, each linear or bounded: our own line rules know what English mail programs write; mail-parser-reply
knows more languages and layouts; neither may cost the first line somebody wrote. Nothing is judged here.
"""

import re
from typing import TYPE_CHECKING

from mailflow.intake.headers import tolerate

if TYPE_CHECKING:
    from lxml import etree

# Bytes of HTML looked at; beyond that a mail is no letter.
MAX_HTML = 2_000_000
# Longest beginning handed to mail-parser-reply: some of its patterns are quadratic (0.2 s at this length).
_MAX_REPLY = 2_000
_LANGUAGES = ["en", "de", "fr", "es", "it", "nl", "pl"]
_BLOCKS = {"p", "div", "tr", "li", "ul", "ol", "table", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "blockquote", "pre"}
_UNREAD = {"script", "style", "head", "title", "noscript", "template", "svg", "object", "iframe"}
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])|mso-hide\s*:\s*all", re.I)

_FORWARD = re.compile(
    r"\s*(?:-{2,}\s*(?:original|forwarded|reply)\s+(?:message|appointment|email|mail)\s*-{2,}"
    r"|begin forwarded message:|>>> .{1,200} >>>)\s*$", re.I)
_ON_WROTE = re.compile(
    r"\s*(?:On\b.{0,400}(?:\b\d{4}\b|\d:\d\d|@|\d{1,2}/\d{1,2}/\d{2}).{0,300}|<?[\w.+'-]{1,64}@[\w.-]{1,200}>?\s+)\bwrote\s?:\s*$",
    re.I | re.S)
_ON = re.compile(r"\s*On\b", re.I)
_FROM = re.compile(r"[\s*_]*From\s?:[\s*_]*\S", re.I)
_FIELD = re.compile(r"[\s*_]*(?:Sent|Date|To|Cc|Subject)\s?:", re.I)
_RULE = re.compile(r"\s*_{8,}\s*$")
_SIGNATURE = re.compile(r"--\s?$")
_DEVICE = re.compile(r"\s*(?:sent from (?:my|outlook|mail for|yahoo|samsung)\b.{0,60}|get outlook for .{0,60})\s*$", re.I)
_TAG = re.compile(r"\s*[\[(*]+\s*(?:external|ext)\b[^\])*]{0,30}[\])*]+[\s:-]*(.*)$", re.I)
_BANNER = re.compile(
    r"[\s*_!#-]*(?:external(?:\s+(?:e-?mail|sender|message|mail))?[\s*:!.-]*(?:$|this|caution|do not)"
    r"|(?:caution|warning|attention|important|external(?: e?mail)?)\s*[:!*-]+.{0,40}\b(?:e-?mail|message|sender)\b"
    r"|this (?:e-?mail|message)\b.{0,40}\b(?:originated|came|is|was sent|has come|comes)\s(?:from )?.{0,20}"
    r"\b(?:outside|external)\b"
    r"|you don'?t often get e-?mail from|zjqcmqryfpfptbanner)", re.I)
_MORE_BANNER = re.compile(
    r"\b(?:(?:do not|don'?t) (?:click|open)|attachments? unless|recogni[sz]e the sender|content is safe"
    r"|outside (?:of )?(?:the|your|our) organi[sz]ation|unless you (?:know|trust|recogni[sz]e|are)|report suspicious"
    r"|learn why this is important|zjqcmqryfpfptbanner)", re.I)
_GREETING = re.compile(
    r"\W*(?:hi|hiya|hello|hey|dear|good (?:morning|afternoon|evening)|morning|afternoon)\b(?:[ \t]+[\w.'’-]+){0,4}\W*$",
    re.I)
_SIGN_OFF = re.compile(
    r"\s*(?:(?:kind(?:est)?|best|warm(?:est)?|many|with)?\s*(?:regards|wishes)|regards|thanks|many thanks|thank you"
    r"|thanks again|cheers|best|yours (?:sincerely|faithfully)|sincerely)\s*[,.!]?\s*$", re.I)

_DISCLAIMER = re.compile(
    r"\W*(?:disclaimer|confidentiality|confidential\W*$|(?:this|the (?:information|content\w*)(?: contained)? in this)"
    r" (?:e-?mail|message|communication|transmission)\b.{0,200}\b(?:confidential|intended|privileged|addressee|viruse?s?"
    r"|monitored|personal data)\b|please consider the environment)", re.I)


def html_to_text(source: str) -> str:
    """HTML as lines of text: quoted blocks get "> " before each line, hidden text and scripts are left out.

    A link's address is written after its words, so that a link to a shared drive can be seen (T-30).
    """
    # Loaded where it is needed: commands that only look something up load no document library.
    from lxml import etree, html

    # libxml2 stops at a NUL and refuses other control characters.
    clean = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f]", "", source[:MAX_HTML])
    reader = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True)
    data = clean.encode("utf-8", "replace")
    try:
        root = etree.fromstring(data, reader) if clean.strip() else None
    except (etree.LxmlError, ValueError, AssertionError):
        root = None
    if root is None:
        return re.sub(r"<[^<>]{0,2000}>", " ", clean)
    return _tidy(_lines(root))


def _lines(root: "etree._Element") -> list[str]:
    """One walk over the tree; ``depth`` counts quoting blocks round the present place."""
    from lxml import etree

    lines, depth, unread = [""], 0, 0

    def new_line() -> None:
        lines.append("> " * depth)

    def say(words: str | None, as_set: bool = False) -> None:
        for n, piece in enumerate(words.split("\n") if words and as_set else [words or ""]):
            if unread:
                return
            if n:
                new_line()
            lines[-1] += re.sub(r"[ \t\r\n\f\xa0]+", " ", piece)

    for event, node in etree.iterwalk(root, events=("start", "end")):
        tag = str(node.tag).lower()
        out_of_sight = tag in _UNREAD or bool(_HIDDEN.search(node.get("style") or ""))
        if event == "start":
            unread += out_of_sight
            depth += tag == "blockquote"
            if tag in _BLOCKS:
                new_line()
            say(node.text, as_set=tag == "pre")
            continue
        if tag == "a" and _is_worth_showing(node):
            say(f" <{node.get('href')}> ")
        unread -= out_of_sight
        depth -= tag == "blockquote"
        if tag in _BLOCKS or tag == "br":
            new_line()
            # What stands below a quoted block is no wrapped end of it.
            lines.extend([""] if tag == "blockquote" and not depth else [])
        elif tag in ("td", "th"):
            say(" ")
        say(node.tail)
    return lines


def _is_worth_showing(node: "etree._Element") -> bool:
    href = (node.get("href") or "").strip()
    return href.lower().startswith(("http:", "https:", "file:")) and href not in "".join(str(t) for t in node.itertext())


def _tidy(lines: list[str]) -> str:
    kept: list[str] = []
    for line in (one.strip() for one in lines):
        if line or (kept and kept[-1]):
            kept.append(line)
    return "\n".join(kept).strip()


def unflow(text: str, delete_space: bool) -> str:
    """format=flowed (RFC 3676): lines that end in a space go on in the next one of the same quoting."""
    out: list[str] = []
    open_line = False
    for line in text.split("\n"):
        quote, body = _quote_and_body(line)
        if open_line and quote == _quote_and_body(out[-1])[0]:
            out[-1] = (out[-1][:-1] if delete_space else out[-1]) + body
        else:
            out.append(quote + body)
        open_line = line.endswith(" ") and line.rstrip() != "--"
    return "\n".join(out)


def _quote_and_body(line: str) -> tuple[str, str]:
    quote = re.match(r">*", line)
    marks = quote.group() if quote else ""
    return marks, line[len(marks):].removeprefix(" ") if not marks else line[len(marks):]


def written_text(full: str) -> str:
    """What the writer wrote: quoted mail, a "-- " signature and banners above the first line taken off.

    Answers written under quoted lines are kept, after what stands above. A line straight below a quoted one may be
    that line's wrapped end, so where nothing stands above, it is marked with "…" and can never be a command.
    """
    lines = _join_attributions(skip_banners(full.replace("\r\n", "\n").replace("\r", "\n").split("\n")))
    kept: list[str] = []
    below_quote = anything = attributed = False
    for at, line in enumerate(lines):
        if _SIGNATURE.match(line) or _opens_quoted_rest(lines, at):
            break
        attributed = attributed or bool(_ON_WROTE.match(line))
        # Some programs quote with a tab.
        if is_quoted(line) or _ON_WROTE.match(line) or (attributed and line.startswith("\t")):
            below_quote = True
        elif not line.strip():
            below_quote = False
            kept.append("")
        elif not _DEVICE.match(line):
            wrapped = below_quote and not anything
            # A salutation is passed over in the search for a command, so it does not shield what comes below it.
            anything = anything or not (wrapped or is_greeting(line))
            kept.append("… " + line.strip() if wrapped else line.rstrip())
    return _without_foreign_quotes(re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip())


def is_quoted(line: str) -> bool:
    """A line with a quoting mark before it."""
    return line.lstrip(" \t\xa0").startswith((">", "&gt;"))


def is_greeting(line: str) -> bool:
    """A salutation alone on its line: "Hi team,"."""
    return _GREETING.match(line[:120]) is not None


def _join_attributions(lines: list[str]) -> list[str]:
    """ "On … wrote:" broken over two or three lines made one line."""
    out: list[str] = []
    at = 0
    while at < len(lines):
        count = 1
        if _ON.match(lines[at]):
            spans = (n for n in (1, 2, 3) if _ON_WROTE.match(" ".join(lines[at:at + n])[:800]))
            count = next(spans, 1)
        out.append(" ".join(lines[at:at + count]))
        at += count
    return out


def _opens_quoted_rest(lines: list[str], at: int) -> bool:
    """From this line on everything is somebody else's mail (no quoting marks follow)."""
    line = lines[at]
    if _FORWARD.match(line) or _is_field_block(lines, at):
        return True
    if _RULE.match(line):
        return any(_is_field_block(lines, n) for n in range(at + 1, min(at + 4, len(lines))))
    return bool(_ON_WROTE.match(line)) and not any(
        is_quoted(one) or one.startswith("\t") for one in lines[at + 1:at + 7])


def _is_field_block(lines: list[str], at: int) -> bool:
    """Outlook's From:/Sent:/To:/Subject: block."""
    if not _FROM.match(lines[at]):
        return False
    return sum(bool(_FIELD.match(one)) for one in lines[at + 1:at + 8]) >= 2


def skip_banners(lines: list[str]) -> list[str]:
    """The lines from the first one a person wrote: empty lines and "this came from outside" warnings passed over."""
    at, in_banner = 0, False
    while at < len(lines):
        line = lines[at]
        tag = _TAG.match(line)
        if tag and tag.group(1) and not _BANNER.match(tag.group(1)):
            return [tag.group(1), *lines[at + 1:]]
        if not line.strip():
            in_banner = False
        elif tag or _BANNER.match(line):
            in_banner = True
        elif not (in_banner and _MORE_BANNER.search(line)):
            break
        at += 1
    return lines[at:]


def _without_foreign_quotes(text: str) -> str:
    """mail-parser-reply's opinion on what is left, taken only where the first written line survives it."""
    from mailparser_reply.parser import EmailMessage

    head = text[:_MAX_REPLY]
    if not head.strip():
        return text
    mail = tolerate(lambda: EmailMessage(text=head, languages=list(_LANGUAGES), keep_hyphen_lists=True).read(), None)
    replies = mail.replies if mail is not None else []
    if len(replies) < 2 or replies[0].headers:
        return text
    reply = str(replies[0].content).strip()
    first_line = next(one.strip() for one in head.split("\n") if one.strip())
    if not reply.startswith(first_line):
        return text
    # Its lines are stripped copies of ours: keep ours, as many as it kept.
    return "\n".join(head.split("\n")[:reply.count("\n") + 1]).strip()


def without_sign_off(lines: list[str]) -> list[str]:
    """Lines without a closing "Kind regards" or a disclaimer and what follows, and without a name block at the end.

    A name block is a last paragraph, after an empty line, that opens with a line of one to four capitalised words and
    holds only short lines without a full stop.
    """
    for at, line in enumerate(lines):
        if at and (_SIGN_OFF.match(line) or _SIGNATURE.match(line) or _DISCLAIMER.match(" ".join(lines[at:at + 2])[:400])):
            lines = lines[:at]
            break
    while lines and not lines[-1].strip():
        lines = lines[:-1]
    start = max((n for n, line in enumerate(lines) if not line.strip()), default=-1) + 1
    return lines[:start] if start and _is_name_block(lines[start:]) else lines


def _is_name_block(block: list[str]) -> bool:
    first = re.fullmatch(r"\s*(?:[A-Z][\w.'’-]*\s*){1,4},?\s*", block[0]) if block else None
    return first is not None and all(len(line) <= 70 and not line.rstrip().endswith(".") for line in block[1:])
