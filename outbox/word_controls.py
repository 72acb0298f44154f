"""Content controls of a Word document by their tag."""

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def find_controls(root: etree._Element) -> dict[str, etree._Element]:
    """Tag → control, each tag's first one; controls without a tag are left out."""
    found: dict[str, etree._Element] = {}
    for tag in root.iter(f"{W}tag"):
        props = tag.getparent()
        control = None if props is None else props.getparent()
        if control is not None and control.tag == f"{W}sdt":
            found.setdefault(tag.get(f"{W}val") or "", control)
    found.pop("", None)
    return found
