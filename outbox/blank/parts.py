"""The parts of a blank form that are the same for every form: styles, lists, settings, relationships.

One accent colour, a sans serif of 11 point everywhere, British English. ``ACCENT`` on white is 9.0:1, the grey of the
prompts 7.0:1 and the lines round the boxes 4.6:1 (checked by a test).
"""

ACCENT = "1F4E5F"
TINT = "E8EFF2"
INK = "1B1B1B"
PROMPT = "595959"
LINE = "64808B"

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
W14 = "http://schemas.microsoft.com/office/word/2010/wordml"
W15 = "http://schemas.microsoft.com/office/word/2012/wordml"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
SPACES = (f'xmlns:w="{W}" xmlns:r="{R}" xmlns:mc="{MC}" xmlns:w14="{W14}" xmlns:w15="{W15}" mc:Ignorable="w14 w15"')
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_FONT = '<w:rFonts w:ascii="Arial" w:hAnsi="Arial" w:eastAsia="Arial" w:cs="Arial"/>'


def render_styles() -> str:
    """word/styles.xml: the ids Word itself uses, so that its own panes and readers know them."""
    return (
        f'{HEAD}<w:styles xmlns:w="{W}"><w:docDefaults><w:rPrDefault><w:rPr>{_FONT}<w:color w:val="{INK}"/>'
        '<w:sz w:val="22"/><w:szCs w:val="22"/><w:lang w:val="en-GB" w:eastAsia="en-GB" w:bidi="ar-SA"/></w:rPr>'
        '</w:rPrDefault><w:pPrDefault><w:pPr><w:spacing w:after="120" w:line="264" w:lineRule="auto"/></w:pPr>'
        '</w:pPrDefault></w:docDefaults>'
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/></w:style>'
        '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
        '<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/></w:style>'
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
        '<w:uiPriority w:val="99"/><w:semiHidden/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar>'
        '<w:top w:w="0" w:type="dxa"/><w:left w:w="108" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/>'
        '<w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>'
        + _paragraph("Title", "Title", '<w:spacing w:before="0" w:after="40" w:line="240" w:lineRule="auto"/>',
                     f'<w:b/><w:color w:val="{ACCENT}"/><w:sz w:val="52"/><w:szCs w:val="52"/>')
        + _paragraph("Subtitle", "Subtitle", '<w:spacing w:before="0" w:after="160"/>',
                     '<w:sz w:val="26"/><w:szCs w:val="26"/>')
        + _paragraph("Heading1", "heading 1", '<w:keepNext/><w:keepLines/><w:spacing w:before="300" w:after="100"/>'
                     '<w:outlineLvl w:val="0"/>', f'<w:b/><w:color w:val="{ACCENT}"/><w:sz w:val="32"/><w:szCs w:val="32"/>')
        + _paragraph("Heading2", "heading 2", '<w:keepNext/><w:keepLines/><w:spacing w:before="300" w:after="80"/>'
                     '<w:outlineLvl w:val="1"/>', f'<w:b/><w:color w:val="{ACCENT}"/><w:sz w:val="26"/><w:szCs w:val="26"/>')
        + _paragraph("ListBullet", "List Bullet", '<w:keepLines/><w:numPr><w:numId w:val="1"/></w:numPr>'
                     '<w:spacing w:after="60"/><w:ind w:left="340" w:hanging="340"/>', "")
        + _paragraph("Guidance", "Guidance", '<w:keepNext/><w:spacing w:after="100"/>', "")
        + _paragraph("FormLabel", "Form Label", '<w:keepLines/><w:spacing w:before="50" w:after="50" w:line="252" '
                     'w:lineRule="auto"/>', "<w:b/><w:bCs/>")
        + _paragraph("FormAnswer", "Form Answer", '<w:spacing w:before="50" w:after="50"/>', "")
        + _paragraph("Header", "header", f'<w:pBdr><w:bottom w:val="single" w:sz="6" w:space="4" w:color="{ACCENT}"/>'
                     '</w:pBdr><w:tabs><w:tab w:val="right" w:pos="9638"/></w:tabs><w:spacing w:after="160"/>', "")
        + _paragraph("Footer", "footer", '<w:tabs><w:tab w:val="right" w:pos="9638"/></w:tabs><w:spacing w:after="0"/>',
                     "")
        + _paragraph("CommentText", "annotation text", '<w:spacing w:after="0"/>', "")
        + _character("PlaceholderText", "Placeholder Text", f'<w:color w:val="{PROMPT}"/>')
        + _character("CommentReference", "annotation reference", '<w:sz w:val="22"/><w:szCs w:val="22"/>')
        + "</w:styles>"
    )


def _paragraph(style: str, name: str, layout: str, look: str) -> str:
    run = f"<w:rPr>{look}</w:rPr>" if look else ""
    return (f'<w:style w:type="paragraph" w:styleId="{style}"><w:name w:val="{name}"/><w:basedOn w:val="Normal"/>'
            f'<w:next w:val="{"FormAnswer" if style == "FormAnswer" else "Normal"}"/><w:qFormat/>'
            f"<w:pPr>{layout}</w:pPr>{run}</w:style>")


def _character(style: str, name: str, look: str) -> str:
    return (f'<w:style w:type="character" w:styleId="{style}"><w:name w:val="{name}"/>'
            f'<w:basedOn w:val="DefaultParagraphFont"/><w:rPr>{look}</w:rPr></w:style>')


NUMBERING = (
    f'{HEAD}<w:numbering xmlns:w="{W}"><w:abstractNum w:abstractNumId="0"><w:multiLevelType w:val="hybridMultilevel"/>'
    '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="bullet"/><w:pStyle w:val="ListBullet"/>'
    '<w:lvlText w:val="•"/><w:lvlJc w:val="left"/><w:pPr><w:ind w:left="340" w:hanging="340"/></w:pPr>'
    f'<w:rPr>{_FONT}<w:color w:val="{ACCENT}"/></w:rPr></w:lvl></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
)
# No documentProtection: people must be able to add rows to a table. What is ours is locked control by control.
SETTINGS = (
    f'{HEAD}<w:settings xmlns:w="{W}"><w:zoom w:percent="100"/><w:defaultTabStop w:val="720"/>'
    '<w:characterSpacingControl w:val="doNotCompress"/><w:compat><w:compatSetting w:name="compatibilityMode" '
    'w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
    '<w:themeFontLang w:val="en-GB"/><w:decimalSymbol w:val="."/><w:listSeparator w:val=","/></w:settings>'
)
# Where Arial is missing its metric twin keeps every line and page where it was.
FONTS = (
    f'{HEAD}<w:fonts xmlns:w="{W}"><w:font w:name="Arial"><w:altName w:val="Liberation Sans"/>'
    '<w:panose1 w:val="020B0604020202020204"/><w:charset w:val="00"/><w:family w:val="swiss"/>'
    '<w:pitch w:val="variable"/></w:font></w:fonts>'
)
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
CONTENT_TYPES = (
    f'{HEAD}<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_WORD}.document.main+xml"/>'
    + "".join(f'<Override PartName="/word/{part}.xml" ContentType="{_WORD}.{kind}+xml"/>' for part, kind in (
        ("styles", "styles"), ("numbering", "numbering"), ("settings", "settings"), ("fontTable", "fontTable"),
        ("header1", "header"), ("footer1", "footer")))
    + '<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
    '<Override PartName="/docProps/app.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.extended-properties+xml"/></Types>'
)
PACKAGE_RELS = (
    f'{HEAD}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" Type="{R}/officeDocument" '
    f'Target="word/document.xml"/><Relationship Id="rId2" Type="{_PACKAGE}/relationships/metadata/core-properties" '
    f'Target="docProps/core.xml"/><Relationship Id="rId3" Type="{R}/extended-properties" Target="docProps/app.xml"/>'
    "</Relationships>"
)
DOCUMENT_RELS = (
    f'{HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
    + "".join(f'<Relationship Id="rId{n}" Type="{R}/{kind}" Target="{part}.xml"/>' for n, (part, kind) in enumerate((
        ("styles", "styles"), ("numbering", "numbering"), ("settings", "settings"), ("fontTable", "fontTable"),
        ("header1", "header"), ("footer1", "footer")), 1))
    + "</Relationships>"
)
APP = (
    f'{HEAD}<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    "<TotalTime>0</TotalTime><Application>mailflow</Application><DocSecurity>0</DocSecurity></Properties>"
)
