"""Words councils head their columns with, whatever they ask."""

import re

from parsers.locate.text import flat

# Heads of a first column that name what stands below them, and no section.
GENERAL = frozenset("""
area,areas,question,questions,criteria,criterion,standard,standards,item,items,domain,domains,no,number,ref,theme,themes,indicator,
indicators,aspect,key question,what,measure,measures,skill,element,topic,audit question,audit questions,key questions,expectation,
practice standard,prompt,prompts,section,subject,category,statement
""".replace("\n", "").split(","))
_HEADINGS = re.compile(
    r"\b(?:response|answer|comment|evidence|grade|grading|rating|note|finding|score|detail|outcome|judge?ment|observation|commentary|"
    r"analysis|description|summary|narrative|rag|met|status|date|name|reason|example|view|explanation|yes|y/n|tick|rationale|strength|"
    r"impact|action|assessment|what|how|why|who|when|result|remark|feedback|reflection|improvement)", re.IGNORECASE)


def is_heading(first: str, second: str) -> bool:
    """Whether two texts side by side, over rows to answer, are headings, and not a label with its answer filled in."""
    plain = flat(first.split("\n")[0])
    return not plain or plain in GENERAL or bool(_HEADINGS.search(second.split("\n")[0]))
