"""Markdown + Jinja → a subject, a text part and an HTML part.

A letter's text is the council's; the facts it prints are data, whoever wrote them. So a printed value never meets the
Markdown parser: Jinja prints a sealed token (the value in hexadecimal between two private-use characters), Markdown is
turned into text and HTML round it, and only then is the seal opened — plain in the text part, escaped in the HTML part.
What Markdown makes of a text without its facts is kept: a thousand allocations differ in their facts alone.
"""

import html
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined, TemplateError, TemplateSyntaxError
from jinja2.meta import find_undeclared_variables
from jinja2.sandbox import SandboxedEnvironment
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from mailflow.errors import ConfigError, PermanentError
from mailflow.framework import templates_root
from mailflow.model import Point
from outbox import plain, words
from outbox.facts import COMMON, DEFAULTS

_SEAL = re.compile("\ue000([0-9a-f]*)\ue001")
# Control characters, and the marks that turn the direction of text round: they hide what a line says.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ue000\ue001\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]")
_FONT = "font-family:Arial,Helvetica,sans-serif;"
_CELL = ("border:1px solid #767676;padding:6px 8px;min-width:90px;text-align:left;vertical-align:top;"
         + _FONT + "font-size:15px;line-height:22px;color:#1a1a1a")
_STYLES = {
    "p": "margin:0 0 14px 0", "ul": "margin:0 0 14px 0;padding-left:24px", "ol": "margin:0 0 14px 0;padding-left:24px",
    "li": "margin:0 0 6px 0", "h2": _FONT + "margin:20px 0 8px 0;font-size:18px;line-height:24px",
    "h3": _FONT + "margin:16px 0 6px 0;font-size:16px;line-height:22px",
    "hr": "border:0;border-top:1px solid #767676;margin:24px 0 14px 0",
    "table": "border-collapse:collapse;margin:0 0 14px 0;width:100%",
    # Outlook forgets the page's own font inside a table.
    "th": _CELL + ";background-color:#f0f0f0", "td": _CELL,
}
_PAGE = (
    '<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{title}</title>\n</head>\n'
    '<body style="margin:0;padding:0;background-color:#ffffff">\n'
    '<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"><tr>\n'
    '<td style="padding:16px;max-width:640px;' + _FONT + 'font-size:16px;line-height:24px;color:#1a1a1a">\n'
    '<div style="max-width:640px">\n{marking}{body}</div>\n</td></tr></table>\n</body>\n</html>\n'
)


def render(code: str, facts: dict[str, Any], folders: tuple[Path, ...], marking: str = "") -> "Rendered":
    """The letter ``letters/<code>.md`` with these facts.

    Raises ConfigError for a text with wrong Jinja or without a subject, PermanentError when it prints what it was not
    given.
    """
    source = _fill(code, facts, folders)
    first, _, body = source.partition("\n")
    if not first.startswith("Subject: "):
        raise ConfigError(f"letters/{code}.md: the first line must be Subject: …")
    skeleton, values = _number_seals(body.strip())
    text, page = _lay_out(skeleton)
    subject = " ".join(_open(first.removeprefix("Subject: "), _as_line).split())
    top = f"{marking}\n\n" if marking else ""
    return Rendered(subject, top + _put_in(text, values, str), _page(subject, marking, _put_in(page, values, _as_html)))


def find_mistake(code: str, folders: tuple[Path, ...]) -> str:
    """What is wrong with a letter's text as far as it shows without facts; "" when nothing is.

    A text may print what mailflow's own text of that letter prints, what its pieces print, and what every letter about
    an audit may: anything else is named here and not when the letter should leave.
    """
    environment = _environment(folders)
    assert environment.loader is not None
    try:
        source, _, _ = environment.loader.get_source(environment, f"{code}.md")
        strange = sorted(find_undeclared_variables(environment.parse(source)) - _known_names(code))
        if strange:
            return f"letters/{code}.md prints {', '.join(strange)}, which this letter is not given"
    except TemplateSyntaxError as e:
        return f"letters/{code}.md, line {e.lineno}: {e.message}"
    except TemplateError as e:
        return f"letters/{code}.md: {e}"
    return "" if re.search(r"^Subject: ", source, re.M) else f"letters/{code}.md: the first line must be Subject: …"


@cache
def _known_names(code: str) -> frozenset[str]:
    """Every name that mailflow's own text of a letter, any piece of a letter, or the common facts know."""
    folder = templates_root() / "base" / "letters"
    environment = _environment((folder.parent,))
    texts = [p for p in (folder / f"{code}.md", *sorted(folder.glob("_*.md"))) if p.is_file()]
    found = {name for p in texts for name in find_undeclared_variables(environment.parse(p.read_text(encoding="utf-8")))}
    return frozenset(found | COMMON | set(DEFAULTS.get(code, {})))


def _fill(code: str, facts: dict[str, Any], folders: tuple[Path, ...]) -> str:
    try:
        return _environment(folders).get_template(f"{code}.md").render(facts).lstrip()
    except TemplateSyntaxError as e:
        raise ConfigError(f"letters/{e.name or code}, line {e.lineno}: {e.message}") from e
    except (TemplateError, TypeError, ValueError, KeyError, IndexError) as e:
        raise PermanentError(f"the letter {code} could not be written: {e}") from e


@lru_cache(maxsize=16)
def _environment(folders: tuple[Path, ...]) -> SandboxedEnvironment:
    env = SandboxedEnvironment(
        loader=FileSystemLoader([folder / "letters" for folder in folders]), undefined=StrictUndefined,
        autoescape=True, finalize=_seal, trim_blocks=True, lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    # Nothing a letter can say may take the seal off.
    for name in ("safe", "escape", "e", "forceescape", "urlize", "xmlattr", "tojson", "striptags"):
        env.filters.pop(name, None)
    env.filters.update(day=words.day, time=words.time, moment=words.moment, grade=words.grade, short=words.short,
                       sentence=words.sentence, plural=words.plural, due=words.due, by_when=words.by_when,
                       apart=words.apart, grouped=group_points)
    return env


def _seal(value: Any) -> Markup:
    if isinstance(value, Markup):
        return value
    if type(value) is int:
        # A number is harmless, and Markdown must see the number of a list's item.
        return Markup(str(value))  # noqa: S704  (digits)
    if value is None:
        raise ValueError("a fact the text prints is empty")
    text = _UNSEEN.sub("", str(value).replace("\r\n", "\n").replace("\r", "\n"))
    return Markup(f"\ue000{text.encode().hex()}\ue001")  # noqa: S704  (the seal is hexadecimal)


def _open(source: str, show: Callable[[str], str]) -> str:
    return _SEAL.sub(lambda found: show(bytes.fromhex(found[1]).decode()), source)


def _number_seals(source: str) -> tuple[str, list[str]]:
    """The text with its seals numbered in place of what they hold, and what they hold: what is the same for everybody who
    gets this letter, and what is theirs."""
    values: list[str] = []

    def number(found: re.Match[str]) -> str:
        values.append(bytes.fromhex(found[1]).decode())
        return f"\ue000{len(values) - 1:04x}\ue001"

    return _SEAL.sub(number, source), values


def _put_in(laid_out: str, values: Sequence[str], show: Callable[[str], str]) -> str:
    return _SEAL.sub(lambda found: show(values[int(found[1], 16)]), laid_out)


@lru_cache(maxsize=64)
def _lay_out(skeleton: str) -> tuple[str, str]:
    """(the text part, the body of the HTML part), seals still numbered. A month's letters differ in their facts alone, and
    Markdown costs more than all else of a letter."""
    tokens = _parser().parse(skeleton)
    text = plain.from_tokens(tokens)
    for token in tokens:
        if token.tag in _STYLES and token.nesting >= 0:
            token.attrSet("style", _STYLES[token.tag])
    _set_widths(tokens)
    parser = _parser()
    return text, str(parser.renderer.render(tokens, parser.options, {}))


def _as_line(value: str) -> str:
    return " ".join(value.split())


def _as_html(value: str) -> str:
    return html.escape(value).replace("\n", "<br>\n")


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table")


def _page(subject: str, marking: str, body: str) -> str:
    mark = f'<p style="{_STYLES["p"]}"><strong>{html.escape(marking)}</strong></p>\n' if marking else ""
    return _PAGE.replace("{title}", html.escape(subject)).replace("{marking}", mark).replace("{body}", body)


def _set_widths(tokens: Sequence[Token]) -> None:
    """Tables as wide as the letter, the first column widest: as attributes, which is what Outlook goes by."""
    heads: list[Token] = []
    for token in tokens:
        if token.type == "table_open":
            token.attrSet("width", "100%")
        elif token.type == "th_open":
            heads.append(token)
        elif token.type == "thead_close":
            share = 50 // max(len(heads) - 1, 1)
            for n, head in enumerate(heads):
                head.attrSet("scope", "col")
                head.attrSet("width", f"{share if n else 100 - share * (len(heads) - 1)}%")
            heads = []


def group_points(points: Sequence[Point]) -> tuple[tuple[str, tuple[Point, ...]], ...]:
    """Points under their sections' headings, both in the order they came."""
    sections = dict.fromkeys(p.section for p in points)
    return tuple((s, tuple(p for p in points if p.section == s)) for s in sections)


@dataclass(frozen=True)
class Rendered:
    """``subject`` without the prefix, on one line; ``text`` and ``html`` say the same."""

    subject: str
    text: str
    html: str


def with_more(rendered: Rendered, more: Sequence[str]) -> Rendered:
    """The same letter with what else their mail led to, before the footer. ``more`` are finished plain texts: data."""
    if not more:
        return rendered
    title = "Also in your email"
    head, rule, foot = rendered.text.rpartition(f"\n{plain.RULE}")
    text = "\n\n".join([(head if rule else rendered.text).rstrip(), title, *more]) + "\n" + rule + foot
    said = "".join(f'<p style="{_STYLES["p"]}">{_as_html(part)}</p>\n' for one in more for part in one.split("\n\n"))
    block = f'<h2 style="{_STYLES["h2"]}">{title}</h2>\n{said}'
    front, line, back = rendered.html.rpartition("<hr")
    page = front + block + line + back if line else rendered.html.replace("</body>", block + "</body>", 1)
    return Rendered(rendered.subject, text, page)


def body_of(rendered_text: str) -> str:
    """A letter's own words without the footer, for telling of it in another letter."""
    head, rule, _ = rendered_text.rpartition(f"\n{plain.RULE}")
    return (head if rule else rendered_text).strip()
