"""The names of OpenDocument text the walker looks for, and what each means to it."""

OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
FORM = "{urn:oasis:names:tc:opendocument:xmlns:form:1.0}"
STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
META = "{urn:oasis:names:tc:opendocument:xmlns:meta:1.0}"
SVG = "{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}"
DC = "{http://purl.org/dc/elements/1.1/}"
XLINK = "{http://www.w3.org/1999/xlink}"
# LibreOffice's own additions, as its releases write them.
LOEXT = "{urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0}"
XML_ID = "{http://www.w3.org/XML/1998/namespace}id"

FIELD = "{urn:openoffice:names:experimental:ooo-ms-interop:xmlns:field:1.0}"

# Blocks.
PARAGRAPHS = frozenset((TEXT + "p", TEXT + "h"))
TABLES = frozenset((TABLE + "table",))
# Text boxes and drawn shapes: their paragraphs come after the one they hang on.
BOXES = frozenset(
    DRAW + name for name in
    ("text-box", "custom-shape", "rect", "ellipse", "circle", "polygon", "path", "line", "polyline", "caption", "connector")
)
# What prints nothing in the flow, though text stands in it: deleted words, sources of indexes, list numbers, list entries.
SILENT = frozenset((
    TEXT + "tracked-changes", TEXT + "note-citation", TEXT + "ruby-text", TEXT + "number", TEXT + "sequence-decls",
    TEXT + "variable-decls", TEXT + "user-field-decls", TEXT + "dde-connection-decls", TEXT + "label", TEXT + "script",
    TEXT + "table-of-content-source", TEXT + "alphabetical-index-source", TEXT + "illustration-index-source",
    TEXT + "table-index-source", TEXT + "object-index-source", TEXT + "user-index-source", TEXT + "bibliography-source",
    OFFICE + "forms", OFFICE + "event-listeners", OFFICE + "annotation-end", SVG + "title", SVG + "desc", LOEXT + "list-item",
    DRAW + "object", DRAW + "object-ole", DRAW + "image", DRAW + "glue-point", DRAW + "enhanced-geometry",
    TABLE + "title", TABLE + "desc", TABLE + "shapes",
))
EMBEDDED = tuple(DRAW + name for name in ("object", "object-ole", "plugin", "applet", "floating-frame"))
# Parts a document would fetch by itself. A web address somebody typed is harmless text.
FETCHED = (DRAW + "image", DRAW + "plugin", DRAW + "floating-frame", DRAW + "object", TEXT + "section-source")
CHANGES = (TEXT + "insertion", TEXT + "deletion")
MARKS = frozenset((TEXT + "bookmark", TEXT + "bookmark-start"))
CONTROL = LOEXT + "content-control"
DRAWN = DRAW + "control"
FIELD_MARK = FIELD + "fieldmark"
RUNS = frozenset((TEXT + "span", TEXT + "a"))
SPACES, SPACE_COUNT, BREAK, TAB = TEXT + "s", TEXT + "c", TEXT + "line-break", TEXT + "tab"
ROW, CELL, COVERED = TABLE + "table-row", TABLE + "table-cell", TABLE + "covered-table-cell"
ROWS_REPEATED, COLUMNS_REPEATED = TABLE + "number-rows-repeated", TABLE + "number-columns-repeated"
ROWS_SPANNED, COLUMNS_SPANNED = TABLE + "number-rows-spanned", TABLE + "number-columns-spanned"
