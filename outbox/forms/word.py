"""A Word form made from its template: docxtpl's language, compiled once, sandboxed and escaped (documents facts, section 2).

docxtpl reopens, patches and recompiles its template for every document: a hundred times the cost of the zip. Here its
public methods prepare the source once; a document then costs one Jinja render and one deflate. What stands after the
last expression of the page never changes, so it is deflated once, when the template is loaded.
"""

import io
import re
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, Template, TemplateError
from jinja2.sandbox import SandboxedEnvironment
from lxml import etree

from mailflow.errors import ConfigError, PermanentError
from mailflow.form.definition import FormDefinition
from mailflow.model import Document, Reading
from mailflow.scene import Scene
from outbox.blank.word_form import build_template
from outbox.forms.controls import W, find_controls
from outbox.forms.packing import Member, Package, keep, pack, read_members
from outbox.forms.refill import put_answers
from outbox.forms.stamp import parse_part, stamp_template
from outbox.forms.values import is_plain, make_sample, make_values

KIND = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_ENVIRONMENT = SandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_BODY = "word/document.xml"
_STORY = re.compile(r"word/(header|footer|footnotes|endnotes)\d*\.xml")
# docxtpl's own escape for braces that are no expression, kept out of people's texts: resolved in the source.
_BRACES = {"{_{": "{{ '{{' }}", "}_}": "{{ '}}' }}", "{_%": "{{ '{%' }}", "%_}": "{{ '%}' }}",
           "{_#": "{{ '{#' }}", "#_}": "{{ '#}' }}"}


def fill_form(scene: Scene, form: FormDefinition, folders: tuple[Path, ...], secret: bytes, title: str = "Audit form",
              only: frozenset[str] | None = None) -> Document:
    """The audit's form, prefilled (DOC-02). ``folders``: template folders, nearest first.

    ``title`` begins the document's name. ``only`` names what of the head is printed, where not all of it may be (DOC-03).
    Raises ConfigError naming the document where the council's own template does not fit its form.
    """
    word_form = find_word_form(form, folders)
    return Document(_name(scene, title), KIND, word_form.render(make_values(scene, form, secret, only)))


def refill(scene: Scene, form: FormDefinition, folders: tuple[Path, ...], secret: bytes, reading: Reading) -> Document:
    """The audit's form with the answers of an earlier reading in it (OUT-22, OUT-30)."""
    word_form = find_word_form(form, folders)
    page = word_form.render_page(make_values(scene, form, secret))
    filled = put_answers(page.head.encode() + page.tail, form, reading)
    return Document(_name(scene), KIND, word_form.wrap(pack(_BODY, filled), page))


def _name(scene: Scene, title: str = "Audit form") -> str:
    """A reference and nothing else: no name of a person in a file name (HR-01)."""
    return f"{title} {scene.audit.ref}.docx"


def find_word_form(form: FormDefinition, folders: tuple[Path, ...]) -> "WordForm":
    """The nearest folder's document; where that folder has a form.toml and no document, one made from the form.

    A document further away than the form.toml was made for another edition of the questions and is not looked at.
    """
    for folder in folders:
        path = folder / "documents" / f"{form.id}.docx"
        if path.is_file():
            stat = path.stat()
            return _load(str(path), (stat.st_mtime_ns, stat.st_size), form)
        if (folder / "form.toml").is_file():
            break
    return _load("", (0, 0), form)


# Where the document stands ("" = made from the form) and which sections → what it looked like, and it ready to fill.
_ready: dict[tuple[str, ...], tuple[tuple[int, int], "WordForm"]] = {}


def _load(path: str, looks: tuple[int, int], form: FormDefinition) -> "WordForm":
    """Loaded once, and again when the council changes the document or the questions."""
    key = (path, form.id, *(s.id for s in form.sections))
    known = _ready.get(key)
    # The very same form is the usual case, and comparing two question by question takes longer than filling one.
    if known is None or known[0] != looks or (known[1].form is not form and known[1].form != form):
        data, name = (Path(path).read_bytes(), path) if path else (build_template(form), f"the form {form.id}")
        known = _ready[key] = (looks, WordForm(data, form, name))
    return known[1]


@dataclass(frozen=True)
class Page:
    """The document part in two halves, and the small parts that change: each name with its text."""

    head: str
    tail: bytes
    others: tuple[tuple[str, str], ...]


class WordForm:
    """One template, ready to be filled many times. ``name`` is what complaints call it."""

    def __init__(self, data: bytes, form: FormDefinition, name: str) -> None:
        """Raises ConfigError naming the document: damaged, a tag missing, an expression or a name that is wrong."""
        self.form, self._name = form, name
        self._doctor = DocxTemplate(io.BytesIO())
        try:
            parts = stamp_template({m.name: m.unpack() for m in read_members(data)})
            _complain_missing(parts[_BODY], form)
            head, self._tail = _split(_prepare_body(data, parts[_BODY]))
            stories = {n: _prepare_story(self._doctor, p) for n, p in parts.items() if _is_live(n, p)}
            self._head = _compile(head)
            self._others = {n: _compile(source) for n, source in stories.items()}
            self._check(make_sample(form))
        except (TemplateError, etree.XMLSyntaxError, KeyError, ValueError, PermanentError) as e:
            raise ConfigError(f"{name}: {e}") from e
        except ConfigError as e:
            raise ConfigError([p if p.startswith(name) else f"{name}: {p}" for p in e.problems]) from e
        self._package = Package(pack(n, p) for n, p in parts.items() if n != _BODY and n not in stories)
        self._packed_tail = _deflate(self._tail, last=True)

    def render(self, values: dict[str, Any]) -> bytes:
        """The document's bytes; ``values`` as :func:`outbox.forms.values.make_values` gives them."""
        page = self.render_page(values)
        head = page.head.encode()
        crc = zlib.crc32(page.tail, zlib.crc32(head))
        packed = _deflate(head, last=False) + self._packed_tail
        return self.wrap(Member(_BODY, 8, crc, len(head) + len(page.tail), packed), page)

    def render_page(self, values: dict[str, Any]) -> Page:
        """The parts that change, as text. Raises ConfigError for a name the template prints and nobody gives."""
        plain = is_plain(values)
        try:
            others = tuple((n, self._finish(t.render(values), plain)) for n, t in self._others.items())
            return Page(self._finish(self._head.render(values), plain), self._tail, others)
        except TemplateError as e:
            raise ConfigError(f"{self._name}: {e}") from e

    def wrap(self, body: Member, page: Page) -> bytes:
        """The package of this document part and the page's other parts."""
        return self._package.finish([*(keep(n, text.encode()) for n, text in page.others), body])

    def _finish(self, xml: str, plain: bool) -> str:
        return xml if plain else str(self._doctor.resolve_listing(xml))

    def _check(self, sample: dict[str, Any]) -> None:
        """A template that can't work says so when it is loaded, not on the morning of the allocation."""
        page = self.render_page(sample)
        for text in (page.head.encode() + page.tail, *(t.encode() for _, t in page.others)):
            parse_part(text)


def _prepare_body(data: bytes, part: bytes) -> str:
    """docxtpl gives back the patched body alone: it is put inside the template's own w:document again."""
    opened = DocxTemplate(io.BytesIO(data))
    opened.init_docx()
    body = _resolved(str(opened.patch_xml(opened.get_xml())))
    root = parse_part(part)
    for child in list(root):
        root.remove(child)
    root.text = None
    shell = etree.tostring(root, encoding="unicode")
    # An element without children is written "<w:document …/>": opened here, closed after the body.
    prefix = f"{root.prefix}:" if root.prefix else ""
    return f"{_HEAD}{shell.removesuffix('/>')}>{body}</{prefix}document>"


def _prepare_story(doctor: DocxTemplate, part: bytes) -> str:
    text = etree.tostring(parse_part(part), encoding="unicode")
    return _HEAD + _resolved(str(doctor.patch_xml(text)))


def _is_live(name: str, part: bytes) -> bool:
    """Parts that print something: headers, footers, notes and properties that hold an expression."""
    return bool(_STORY.fullmatch(name) or name.startswith("docProps/")) and (b"{{" in part or b"{%" in part)


def _resolved(source: str) -> str:
    for escaped, expression in _BRACES.items():
        source = source.replace(escaped, expression)
    return source


def _split(source: str) -> tuple[str, bytes]:
    """The source up to the end of the paragraph with its last expression, and the rest, which is always the same."""
    last = max(source.rfind("}}"), source.rfind("%}"), source.rfind("#}"))
    cut = source.find("</w:p>", last)
    cut = len(source) if cut < 0 else cut + len("</w:p>")
    return source[:cut], source[cut:].encode()


def _compile(source: str) -> Template:
    return _ENVIRONMENT.from_string(source)


def _deflate(data: bytes, last: bool) -> bytes:
    """Raw deflate at level 6; a part that is not the ``last`` ends on a byte, so that another may follow it."""
    engine = zlib.compressobj(6, zlib.DEFLATED, -15)
    return engine.compress(data) + engine.flush(zlib.Z_FINISH if last else zlib.Z_SYNC_FLUSH)


def _complain_missing(part: bytes, form: FormDefinition) -> None:
    """A restyled document must still have a box for every question, or its answer could not come home."""
    root = parse_part(part)
    tags = find_controls(root)
    wanted = {f.tag: f.label for f in form.fields}
    wanted |= {t.cell_tag(1, c): f"{t.label}, {c.label}" for t in form.tables for c in t.columns}
    missing = [f"no content control with the tag {tag} ({words})" for tag, words in wanted.items() if tag not in tags]
    if root.tag != f"{W}document":
        missing = ["not a Word document"]
    if missing:
        raise ConfigError(missing)
