"""The inside of a restyled Word blank: tags, kinds of control, lists, bookmarks, template expressions."""

from collections import Counter

from lxml import etree

from mailflow.errors import ConfigError, PermanentError
from mailflow.form.definition import FormDefinition, FormField, Kind
from outbox.blank.controls import menu_of
from outbox.forms.controls import W, find_controls
from outbox.forms.stamp import parse_part
from outbox.restyled.faults import Fault, find_gone, name_of, plain, some_of, title_of

_BODY = "word/document.xml"
_ALL_GONE = ("No box of this document has its tag any more. LibreOffice and some other programs take the tags off when they "
             "save. Start again from the blank and restyle it in Word.")


def find_word_faults(data: bytes, parts: dict[str, bytes], form: FormDefinition) -> tuple[Fault, ...]:
    """Raises PermanentError where the document's main part can't be read."""
    try:
        root = parse_part(parts[_BODY])
    except etree.XMLSyntaxError as e:
        raise PermanentError("the document is damaged") from e
    boxes, wanted = find_controls(root), _wanted(form)
    if not any(tag in boxes for tag, _ in wanted):
        return (Fault(_ALL_GONE),)
    found = [f for tag, field in wanted for f in _ask_box(boxes.get(tag), tag, form, field)]
    found += _ask_doubles(root, wanted, form)
    found += _ask_texts(root, form)
    found += _ask_bookmarks(root, form)
    if not any(f.stops for f in found):
        found += _try_out(data, form)
    return tuple(found)


def _wanted(form: FormDefinition) -> list[tuple[str, FormField]]:
    """Each tag the document must have, with its field: all questions, and the first row of each table."""
    return [(f.tag, f) for f in form.fields] + [(t.cell_tag(1, c), c) for t in form.tables for c in t.columns]


def _ask_box(box: etree._Element | None, tag: str, form: FormDefinition, field: FormField) -> list[Fault]:
    where = title_of(form, field)
    if box is None:
        return [Fault(f"The box for {name_of(field)} is gone, or has lost its tag {tag}. Copy it from the blank again.", where)]
    if field.prefilled:
        return []
    menu, props = menu_of(field), box.find(f"{W}sdtPr")
    kinds = {etree.QName(e).localname for e in props} if props is not None else set()
    if field.kind is Kind.DATE and "date" not in kinds:
        return [Fault(f"The box for {name_of(field)} is no date picker any more. Copy it from the blank again.", where)]
    if menu and not kinds & {"dropDownList", "comboBox"}:
        return [Fault(f"The box for {name_of(field)} is no list to choose from any more. Copy it from the blank again.", where)]
    offered = {plain(item.get(f"{W}{name}") or "") for item in box.iter(f"{W}listItem") for name in ("displayText", "value")}
    lost = [shown for shown, value in menu if not {plain(shown), plain(value)} & offered]
    if lost:
        return [Fault(f"The list for {name_of(field)} no longer offers {', '.join(lost)}.", where)]
    return []


def _ask_doubles(root: etree._Element, wanted: list[tuple[str, FormField]], form: FormDefinition) -> list[Fault]:
    counts = Counter(t.get(f"{W}val") for t in root.iter(f"{W}tag"))
    return [Fault(f"The box for {name_of(f)} stands {counts[tag]} times. Only one of them can be its answer.", title_of(form, f))
            for tag, f in wanted if counts[tag] > 1]


def _ask_texts(root: etree._Element, form: FormDefinition) -> list[Fault]:
    return find_gone(form, ("".join(t.text or "" for t in p.iter(f"{W}t")) for p in root.iter(f"{W}p")))


def _ask_bookmarks(root: etree._Element, form: FormDefinition) -> list[Fault]:
    known = {b.get(f"{W}name") for b in root.iter(f"{W}bookmarkStart")}
    leading = list({f.item or f.id: f for f in reversed(form.fields)}.values())
    lost = [f for f in (*leading, *(c for t in form.tables for c in t.columns)) if f.bookmark not in known]
    if not lost:
        return []
    return [Fault(f"The bookmark on the question is gone for {some_of(lost)}. Answers are still found by their boxes.",
                  stops=False)]


def _try_out(data: bytes, form: FormDefinition) -> list[Fault]:
    """Load it as it is loaded on the morning of the allocation."""
    from outbox.forms.word import WordForm

    try:
        WordForm(data, form, "the document")
    except ConfigError as e:
        return [Fault(f"It can't be filled in: {problem.removeprefix('the document: ')}.") for problem in e.problems]
    return []
