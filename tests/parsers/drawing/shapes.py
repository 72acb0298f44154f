"""One function a control shape: (tag, text, what belongs in sdtPr) → the answer's cell. Those of ``pages`` and the rest."""

import re
from xml.sax.saxutils import escape, quoteattr

from tests.parsers.pages import SHAPES, Shape, cell, control, para, paras, run

_BEGIN = '<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:name w:val="Text1"/><w:textInput/></w:ffData></w:fldChar></w:r>'


def in_cell_twice(tag: str, text: str, more: str) -> str:
    """A control round the cell inside a group round the cell."""
    return control("", control(tag, cell(paras(text)), more), "<w:group/>")


def in_custom_xml(tag: str, text: str, more: str) -> str:
    """Mapped to the council's own data: a wrapper round the cell that holds the control."""
    return f'<w:customXml w:element="answer">{cell(f"<w:p>{control(tag, run(text), more)}</w:p>")}</w:customXml>'


def in_old_field(tag: str, text: str, more: str) -> str:
    """A form field of Word 97: a drop-down where the answer is one of its entries, else a text; it can have no tag."""
    entries = re.findall(r'w:displayText="([^"]*)"', more)
    if escape(text) in entries:
        listed = "".join(f'<w:listEntry w:val="{entry}"/>' for entry in entries)
        chosen = f'<w:ddList><w:result w:val="{entries.index(escape(text))}"/>{listed}</w:ddList>'
        return cell(f"<w:p>{_BEGIN.replace('<w:textInput/>', chosen)}{_field('FORMDROPDOWN', '')}</w:p>")
    return cell(f"<w:p>{_BEGIN}{_field('FORMTEXT', run(text))}</w:p>")


def _field(code: str, shown: str) -> str:
    """The rest of a field after its beginning."""
    said = f'<w:r><w:instrText xml:space="preserve"> {code} </w:instrText></w:r>'
    return f'{said}<w:r><w:fldChar w:fldCharType="separate"/></w:r>{shown}<w:r><w:fldChar w:fldCharType="end"/></w:r>'


def moved(tag: str, text: str, more: str) -> str:
    """Moved here with tracked changes on, from a paragraph that stands empty since."""
    gone = f'<w:p><w:moveFrom w:id="8">{run("from here")}</w:moveFrom></w:p>'
    kept = f'<w:p>{control(tag, f"""<w:moveTo w:id="9">{run(text)}</w:moveTo>""", more)}</w:p>'
    return cell(gone + kept)


def rewritten(tag: str, text: str, more: str) -> str:
    """Typed without a control, letter for letter over something deleted; deleted paragraphs before and behind."""
    mark = '<w:pPr><w:rPr><w:del w:id="3"/></w:rPr></w:pPr>'
    gone = '<w:del w:id="4"><w:r><w:delText>Good</w:delText></w:r></w:del>'
    lines = text.split("\n")
    said = "".join(f'<w:p><w:ins w:id="5">{run(line)}</w:ins>{gone}</w:p>' for line in lines)
    return cell(f"<w:p>{mark}{gone}</w:p>{said}")


def in_bare_control(tag: str, text: str, more: str) -> str:
    """A control that lost its tag, as in a council's own form, with a word-processor's empty paragraph behind it."""
    return cell(control("", paras(text), more) + "<w:p/>")


def linked(tag: str, text: str, more: str) -> str:
    """Typed without a control, part of it a link."""
    half = len(text) // 2
    return cell(f"<w:p>{run(text[:half])}<w:hyperlink w:anchor={quoteattr('there')}>{run(text[half:])}</w:hyperlink></w:p>")


MORE: dict[str, Shape] = {
    s.__name__: s
    for s in (in_cell_twice, in_custom_xml, in_old_field, moved, rewritten, in_bare_control, linked)
}
ALL: dict[str, Shape] = {**SHAPES, **MORE}
# Shapes that keep a tag: the form says by itself which question an answer is for.
TAGGED = ("in_run", "in_runs", "in_block", "in_cell", "in_nested", "in_hyperlink", "inserted", "in_cell_twice", "in_custom_xml",
          "moved")
UNTAGGED = tuple(name for name in ALL if name not in TAGGED)


def tick(on: bool) -> str:
    """A tick box as Word 2010 and later have it."""
    state = f'<w14:checkbox><w14:checked w14:val="{int(on)}"/></w14:checkbox>'
    return control("", run("☒" if on else "☐"), state)


def ticks(choices: tuple[str, ...], chosen: tuple[str, ...]) -> str:
    """A cell with a tick box before each choice, a line each."""
    return cell("".join(f"<w:p>{tick(c in chosen)}{run(' ' + c)}</w:p>" for c in choices))


def deleted_row(*texts: str) -> str:
    """A row deleted with tracked changes on: its text is not in the document any more."""
    cells = "".join(cell(para(text)) for text in texts)
    return f'<w:tr><w:trPr><w:del w:id="6"/></w:trPr>{cells}</w:tr>'
