"""Where a form's passport is written: custom property, core identifier and keywords (documents facts, section 5).

A council's restyled document need not know of it: the places are made when the template is loaded.
"""

from lxml import etree

from mailflow.errors import ConfigError
from mailflow.form.passport import PROPERTY
from outbox.forms.packing import pack, read_members, write_members

PASSPORT = "{{ passport }}"
_CUSTOM = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
_VT = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
_CP = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
_DC = "http://purl.org/dc/elements/1.1/"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_CORE_REL = f"{_RELS}/metadata/core-properties"
_CUSTOM_REL = f"{_OFFICE}/custom-properties"
_CORE_TYPE = "application/vnd.openxmlformats-package.core-properties+xml"
_CUSTOM_TYPE = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
_NO_PROPERTIES = f'<Properties xmlns="{_CUSTOM}" xmlns:vt="{_VT}"/>'
_FMTID = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"


def stamp_template(parts: dict[str, bytes]) -> dict[str, bytes]:
    """The parts of a template with ``{{ passport }}`` in all three places. Parts that need no change are untouched.

    Raises ConfigError for a package that is not one Word would open.
    """
    out = dict(parts)
    try:
        rels = parse_part(parts["_rels/.rels"])
        core, custom = _related(rels, _CORE_REL, "docProps/core.xml"), _related(rels, _CUSTOM_REL, "docProps/custom.xml")
        out[core] = _stamp_core(parts.get(core))
        out[custom] = _stamp_custom(parts.get(custom))
        out["[Content_Types].xml"] = _declare(parts["[Content_Types].xml"], {core: _CORE_TYPE, custom: _CUSTOM_TYPE})
        out["_rels/.rels"] = to_bytes(rels)
    except (KeyError, ValueError, etree.XMLSyntaxError) as e:
        raise ConfigError(f"the document is not one Word would open: {e}") from e
    return out


def stamp_package(data: bytes) -> bytes:
    """A whole .docx with ``{{ passport }}`` in all three places. Raises ConfigError like :func:`stamp_template`."""
    parts = stamp_template({m.name: m.unpack() for m in read_members(data)})
    return write_members(pack(name, part) for name, part in parts.items())


def parse_part(data: bytes) -> etree._Element:
    """A part as a tree: no entities, no network, no DTD. Raises lxml's XMLSyntaxError."""
    return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False,
                                                  huge_tree=False, remove_comments=True, remove_pis=True))


def to_bytes(root: etree._Element) -> bytes:
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def _stamp_core(data: bytes | None) -> bytes:
    spaces = {"cp": _CP, "dc": _DC}
    root = parse_part(data) if data else etree.Element(f"{{{_CP}}}coreProperties", nsmap=spaces)
    for tag in (f"{{{_DC}}}identifier", f"{{{_CP}}}keywords"):
        found = root.find(tag)
        if found is None:
            found = etree.SubElement(root, tag)
        found.text = PASSPORT
    return to_bytes(root)


def _stamp_custom(data: bytes | None) -> bytes:
    root = parse_part(data) if data else etree.fromstring(_NO_PROPERTIES)
    for old in [p for p in root if p.get("name") == PROPERTY]:
        root.remove(old)
    number = max((int(p.get("pid", "1")) for p in root), default=1) + 1
    prop = etree.SubElement(root, f"{{{_CUSTOM}}}property", fmtid=_FMTID, pid=str(number), name=PROPERTY)
    etree.SubElement(prop, f"{{{_VT}}}lpwstr").text = PASSPORT
    return to_bytes(root)


def _declare(data: bytes, kinds: dict[str, str]) -> bytes:
    root = parse_part(data)
    known = {o.get("PartName", "").lower() for o in root}
    for part, kind in kinds.items():
        if f"/{part}".lower() not in known:
            etree.SubElement(root, f"{{{_TYPES}}}Override", PartName=f"/{part}", ContentType=kind)
    return to_bytes(root)


def _related(rels: etree._Element, kind: str, default: str) -> str:
    """The name of the part of that kind; where the package has none, it is related now, as ``default``."""
    for r in rels:
        if r.get("Type") == kind:
            return r.get("Target", "").lstrip("/")
    taken = {r.get("Id") for r in rels}
    name = next(f"rIdMf{n}" for n in range(1, len(taken) + 2) if f"rIdMf{n}" not in taken)
    etree.SubElement(rels, f"{{{_RELS}}}Relationship", Id=name, Type=kind, Target=default)
    return default
