"""Names in free text. No child's name is held anywhere (identity.mode id_only), so this is a reading, not a look-up."""

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mailflow.process.checks.look import Look

_PART = r"[A-ZÀ-Þ][a-zß-ÿ]+(?:['’-][A-ZÀ-Þ]?[a-zß-ÿ]+)*|O['’][A-Z][a-z]+|Mc[A-Z][a-z]+|Mac[A-Z][a-z]+"
_PAIR = re.compile(rf"(?<![\w'’-])({_PART})[ ]({_PART})(?:[ ]({_PART}))?(?![\w-])")
_TITLED = re.compile(rf"\b(?:Mr|Mrs|Ms|Miss|Dr|Mx)\.? ((?:{_PART})(?: (?:{_PART}))?)")

# Words people write with a capital that are nobody's name. A pair with one of these in it is not taken for a name.
_COMMON = """
boxing eve pancake mothers fathers granny grandma grandad nan gran nana uncle aunt auntie cousin stepdad stepmum stepfather
bonfire stepmother parents partner godmother godfather saturdays sundays mondays fridays ramadan eid diwali hanukkah
lent pentecost a about above academy access act action actions activity adult adults adviser advocacy advocate advocates african
after agency agreement albanian all although amended an and annual another any april arabic are as asian asked
assessment assessments assistant at audit audits august authority autumn babies baby bank barnardo barnardos before
behaviour bengali best between black board books both box boy boys brief british brother brothers building but by
cafcass camhs care carer carers caribbean case cases category catholic centre chair chairs chart checks child
childline children christian christmas chronologies chronology church circle clear clinic closing college comments
communication community complete completed concern conference conferences consent contact contacts contextual
conversation copy core council county course court crime criteria current dad daily danger date dear december decision
decisions deputy designated development diary direct director disability disabled discharge discussion district
document documents domestic dr draft drug duty each early east easter eastern education eight eighteen emergency
emotional england english european evidence evidence-based exploitation external facebook fair family father february
feelings few file final first five following form forms foster four framework free friday friends from full further fw
fwd general genogram girl girls goals good governor grade grading grandfather grandmother grandparents great group
groups guardian guidance gypsy had half harm has have head headteacher health hear help her here hidden high hindu his
history holiday home hospital hour house housing how however i if immediate impact improvement in inadequate
independent individual infant information initial inspector instagram intensive interim involved irish is islam
islamic islands it its january jewish joint journey july june justice key king kinship kooth kurdish lac lack lane
last late lead leader learning leaving legal lego letter life like lines local london long looked low made
maltreatment management manager managers many marac march may meeting meetings mental microsoft minutes miss model
monday month monthly more mosaic most mother mr mrs ms multi multi-agency mum muslim my name national need needs
neglect network new next nhs night nine no north northern northmoor not notes notice november now nspcc nurse nursery
october of officer officers on once one only order our out outcome outcomes outline outstanding over overall oversight
own panel parent parenting parents park partner partners partnership path pathway people period permanence person
personal phase physical picture plan planning plans please point police policy polish portuguese post practice
practitioner practitioners pre pregnancy premium preparation present previous primary prince princess priority prison
private probation process professional professionals programme progress project protection protocol provision
psychology public punjabi pupil purpose purposeful quality queen question questions re ready record recorded recording
recordings records referral reflective region regular relate relationship report reports request requires residential
response responsible return review reviewing reviews risk road role roma romanian rota royal safe safeguarding safety
saint saturday scale school scores scottish screening second secondary section send senior september serious service
services session seven several she shelter short should siblings signed significant signs sikh since sister six sixth
skills small snapchat social somali some south southern special specialist spring st staff stage standards star start
statutory step still story strategy street strengthening strengths strong student substance summary summer sunday
supervising supervision supervisions supervisor support tac tax team teams technique ten term thank that the their
them then therapeutic therapist therapy there these they things third this those though three three-minute thursday
time timeline to together tool toolkit training transfer transition trauma travel traveller trust tuesday turkish two
ukrainian under unit university until up update upper urdu use using very victim virtual visit visiting visitor visits
voice walk was way we wednesday week weekly welfare well welsh west western what whatsapp when where whether which
while white who why winter wishes with within word words work worker workers working worksheet world year years yes
yet yot young your youth zone zoom
"""
COMMON = frozenset(_COMMON.split())


def full_names(text: str, look: "Look") -> list[str]:
    """Pairs of capitalised words that may be a person's name and are nobody's we know, each once, in order."""
    known = look.staff | {look.scene.council.name.casefold()}
    places = _place_words(look)
    found: dict[str, None] = {}
    for hit in _PAIR.finditer(text):
        parts = [p for p in hit.groups() if p]
        plain = [re.sub(r"['’]s?$", "", p) for p in parts[:2]]
        if any(p.casefold() in COMMON or p.casefold() in places for p in plain):
            continue
        name = " ".join(plain)
        if not _is_known(name, known):
            found[name] = None
    return list(found)


def titled_names(text: str, look: "Look") -> list[str]:
    """"Mrs Ahmed", "Dr Cole": somebody with a title who is nobody we know."""
    found = dict.fromkeys(hit.group(1) for hit in _TITLED.finditer(text))
    surnames = {n.split()[-1] for n in look.staff if n.split()}
    return [n for n in found if n.split()[-1].casefold() not in surnames]


def _is_known(name: str, known: frozenset[str] | set[str]) -> bool:
    return name.casefold() in known or any(name.casefold() in k for k in known)


def _place_words(look: "Look") -> frozenset[str]:
    """Words of the council's, team's and service's names."""
    case = look.scene.case
    teams = {p.team for group in look.scene.parties.people.values() for p in group}
    services = {p.service for group in look.scene.parties.people.values() for p in group}
    names = " ".join({look.scene.council.name, look.scene.council.qa_name, case.team, case.service, case.category}
                     | teams | services)
    return frozenset(w.casefold() for w in re.findall(r"\w+", names))
