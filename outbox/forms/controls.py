"""Content controls of a Word document by their tag."""

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def find_controls(root: etree._Element, w: str = W) -> dict[str, etree._Element]:
    """Tag → control, each tag's first one; controls without a tag are left out. ``w`` is the document's namespace."""
    found: dict[str, etree._Element] = {}
    for tag in root.iter(f"{w}tag"):
        props = tag.getparent()
        control = None if props is None else props.getparent()
        if control is not None and control.tag == f"{w}sdt":
            found.setdefault(tag.get(f"{w}val") or "", control)
    found.pop("", None)
    return found
