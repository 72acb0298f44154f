"""CHK-102 … 105, 107: what should not stand in the notes. A block needs strong evidence; the rest is asked about."""

import re
from collections.abc import Iterator

from mailflow.model import Severity
from mailflow.model.ref import find_refs
from mailflow.process.checks.look import Look, Problem
from mailflow.process.checks.names import full_names, titled_names
from mailflow.process.checks.text import clip, listed

_NAME = r"[A-ZÀ-Þ][a-zß-ÿ'’-]+(?:\s+[A-ZÀ-Þ][\w'’-]+)+"
_CHILD = r"(?:child|young person|baby|boy|girl|subject child)"
# "The child's name is X Y", "Name of child: X Y", "Full name: X Y": nothing else can be meant.
_SAYS_NAME = re.compile(
    rf"(?i:\b{_CHILD}(?:['’]?s)?\s+(?:full\s+)?name\s*(?:is|was|:|=|-|–)\s*)({_NAME})"
    rf"|(?i:\bname of (?:the )?{_CHILD}\s*(?:is|was|:|=|-|–)\s*)({_NAME})"
    rf"|(?i:\b{_CHILD}\s*(?:is called|named)\s+)({_NAME})"
    rf"|(?i:\bfull name\s*(?:is|:|=|-|–)\s*)({_NAME})")
_SYSTEMS = r"mosaic|lcs|ics|liquid\s?logic|eclipse|azeus"
_INTRODUCED = (rf"(?:(?:case|{_SYSTEMS}|sibling(?:['’]s)?|brother(?:['’]s)?|sister(?:['’]s)?)\s*(?:case\s*)?"
               r"(?:number|no\.?|id|ref(?:erence)?|#)?|case\s+(?:numbers?|nos?\.?)|numbers?)\s*(?:is|are|was|:|#|-|–)?\s*\(?\s*")
_POSTCODE = re.compile(r"\b(?:GIR ?0AA|[A-PR-UWYZ](?:[A-HK-Y]?\d[\dA-HJKMNPR-Y]?|\d[A-HJKPSTUW]?)\s?\d[ABD-HJLNP-UW-Z]{2})\b")
_PHONE = re.compile(r"(?<![\w/.-])(?:\+44\s?\(?0?\)?|\(?0)(?:\d[\s()-]?){8,9}\d(?![\w/-])")
_MAIL = re.compile(r"[\w.+'-]+@([\w-]+(?:\.[\w-]+)+)")
_INSURANCE = re.compile(r"\b(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\s?\d{2}\s?\d{2}\s?\d{2}\s?[A-D]\b")
_TEN = re.compile(r"(?<![\d.])\d{3}[\s-]?\d{3}[\s-]?\d{4}(?!\d)")
_STREET = re.compile(r"\b\d{1,4}[A-Da-d]?,?\s+(?:[A-Z][a-z'’]+\s+){1,3}(?:Road|Rd|Street|Avenue|Ave|Lane|Close|Drive|Crescent"
                     r"|Gardens|Terrace|Grove|Court|Place|Way|Walk|Rise|Mews)\b")
_BLAME = re.compile(r"\b(lazy|careless|incompetent|unprofessional|useless|sloppy|clueless|hopeless|not up to the job|poor worker"
                    r"|bad worker|doesn'?t care|does not care|cannot be bothered|can'?t be bothered)\b", re.IGNORECASE)


def chk_102(look: Look) -> Iterator[Problem]:
    """The child's name, where the words around it leave no doubt; other names are CHK-103's."""
    for w in look.writings:
        hits = [next(filter(None, hit.groups())) for hit in _SAYS_NAME.finditer(w.text)]
        if any(h.casefold() not in look.staff and full_names(h, look) for h in hits):
            yield Problem(fields=(w.field,) if w.field else (), detail=w.section)


def chk_103(look: Look) -> Iterator[Problem]:
    """Capitalised personal names that are nobody's of this audit."""
    found: dict[str, list[str]] = {}
    for w in look.writings:
        if w.field.endswith(".owner"):
            continue
        for name in full_names(w.text, look) + titled_names(w.text, look):
            found.setdefault(name, []).append(w.field)
    if found:
        fields = tuple(dict.fromkeys(f for places in found.values() for f in places if f))
        yield Problem(fields=fields, values={"names": clip(listed(list(found), 4), 14, 120)})


def chk_104(look: Look) -> Iterator[Problem]:
    """Another case's number: of this council's shape, and either known (``is_case``) or introduced as a case number;
    or the reference of an audit that is not one of this case's own (``own_refs``)."""
    audit, case = look.scene.audit, look.scene.case
    ours = {audit.ref, audit.carried_from} | look.own_refs
    shape = _shape(case.number)
    for w in look.writings:
        fields = (w.field,) if w.field else ()
        for ref in find_refs(w.text):
            if ref not in ours:
                yield Problem(fields=fields, wording="ref", values={"masked": masked(ref)}, section=_section(look, w.field))
        numbers = dict.fromkeys(_case_numbers(w.text, shape, look))
        for number in numbers:
            yield Problem(fields=fields, values={"masked": masked(number)}, section=_section(look, w.field))


def _section(look: Look, field_id: str) -> str:
    f = look.form.find_field(field_id) if field_id else None
    return f.section if f else ""


def _shape(number: str) -> str:
    """A pattern for numbers like this one: NM-40127 → letters as they are, digits for digits, separators optional."""
    bits = [r"\d" if c.isdigit() else re.escape(c) if c.isalpha() else r"[\s./-]?" for c in number.strip()]
    return "".join(bits)


def _case_numbers(text: str, shape: str, look: Look) -> Iterator[str]:
    own = _bare(look.scene.case.number)
    lettered = any(c.isalpha() for c in look.scene.case.number)
    if len(own) < 4 or not any(c.isdigit() for c in own):
        return
    for hit in re.finditer(rf"(?<![\w£.,/-]){shape}(?![\w%]|[/.,-]\d)", text, re.IGNORECASE):
        found = hit.group(0)
        if _bare(found) == own or re.fullmatch(r"(?:19|20)\d\d", found):
            continue
        known = look.is_case is not None and look.is_case(found)
        introduced = re.search(rf"(?:\b|^){_INTRODUCED}$", text[:hit.start()], re.IGNORECASE) is not None
        if known or introduced or lettered:
            yield found


def _bare(number: str) -> str:
    return re.sub(r"[^0-9a-z]", "", number.casefold())


def masked(number: str) -> str:
    """Only the last two characters are shown: the letter that says so must not repeat the number."""
    return "…" + number[-2:]


def chk_105(look: Look) -> Iterator[Problem]:
    """Postcode, telephone, address, NHS or National Insurance number. The council's own e-mail addresses may stand."""
    for w in look.writings:
        kinds = _kinds(w.text, look)
        if kinds:
            yield Problem(fields=(w.field,) if w.field else (),
                          values={"kind": " and ".join(kinds[:2]), "section": clip(w.section) or "the document"})


def _kinds(text: str, look: Look) -> list[str]:
    found = ["postcode"] if _POSTCODE.search(text) else []
    tens = [re.sub(r"\D", "", hit.group(0)) for hit in _TEN.finditer(text)]
    nhs = [t for t in tens if _is_nhs(t)]
    phones = [p for p in (re.sub(r"\D", "", hit.group(0)) for hit in _PHONE.finditer(text)) if p not in nhs]
    found += ["NHS number"] if nhs else []
    found += ["phone number"] if phones else []
    found += ["National Insurance number"] if _INSURANCE.search(text) else []
    theirs = [hit.group(1).casefold() for hit in _MAIL.finditer(text)]
    found += ["email address"] if set(theirs) - set(look.scene.framework.send.allowed_domains) else []
    return found + (["street address"] if _STREET.search(text) else [])


def _is_nhs(digits: str) -> bool:
    """Ten digits whose last is the modulus-11 check digit."""
    total = 11 - sum(int(d) * w for d, w in zip(digits[:9], range(10, 1, -1), strict=True)) % 11
    return total != 10 and int(digits[9]) == (0 if total == 11 else total)


def chk_107(look: Look) -> Iterator[Problem]:
    """A member of staff named beside words about the person rather than the work."""
    names = [n.split()[0] for n in look.staff if n.split()]
    for w in look.writings:
        for sentence in re.split(r"(?<=[.!?])\s+|\n", w.text):
            if _BLAME.search(sentence) and any(re.search(rf"\b{re.escape(n)}\b", sentence, re.IGNORECASE) for n in names):
                yield Problem(fields=(w.field,) if w.field else (), severity=Severity.INFO)
                break
