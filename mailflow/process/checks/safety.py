"""CHK-072 … 074: is a child in danger now? Asked first, of whatever could be read (F1-SAF-01, F1-SAF-02)."""

import re
from collections.abc import Iterator

from mailflow.form.definition import FormDefinition, FormField, Kind, Part
from mailflow.model import Reading
from mailflow.process.checks.danger import find_danger, mentions
from mailflow.process.checks.look import Look, Problem
from mailflow.process.checks.text import says_not_applicable

_SAFETY = re.compile(r"\b(unsafe|not safe|safety|immediate|at risk of (?:significant )?harm|significant harm|in danger"
                     r"|unprotected|not protected|left at risk)\b", re.IGNORECASE)
# "No", "None", "Nobody – no concern": said to mean that nobody had to be told.
_NOBODY = re.compile(r"\W*(no|none|nil|nobody|no one|not|-+|–)\b", re.IGNORECASE)


def concern_raised(reading: Reading, form: FormDefinition) -> bool:
    """Is the concern box ticked: "Yes", or an answer that begins with it ("Yes - rang the TM")?"""
    box = concern_box(form)
    answer = reading.answers.get(box.id) if box else None
    if answer is None:
        return False
    return answer.value == "yes" or bool(re.match(r"\W*yes\b", answer.text, re.IGNORECASE))


def concern_box(form: FormDefinition) -> FormField | None:
    """The yes-or-no question of the concern part."""
    return next((f for f in form.fields if f.part == Part.CONCERN and f.kind == Kind.CHOICE), None)


def chk_072(look: Look) -> Iterator[Problem]:
    """Words of danger in an answer, in text outside the answers or in the mail, while the box is not ticked."""
    if concern_raised(look.reading, look.form):
        return
    words = look.scene.framework.safety.words
    ours = (*look.scene.form.wording, look.scene.framework.safety.note, *look.own_wording)
    places = [(f.id, look.text(f.id)) for f in look.typed_fields]
    places += [(w.field, w.text) for w in look.writings] + [("mail", look.mail_text)]
    if not mentions([*(text for _, text in places), look.reading.text], words):
        yield from _told_without_box(look)
        return
    found = {(place, word) for place, text in places if text for word in find_danger([text], words, ours)}
    # The whole text is read too: a text box or a margin is neither an answer nor a leftover in every format.
    found |= {("", word) for word in find_danger([look.reading.text], words, ours) if word not in {w for _, w in found}}
    if found:
        fields = tuple(dict.fromkeys(p for p, _ in places if p not in ("", "mail") and any(p == q for q, _ in found)))
        detail = "; ".join(f"{place or 'elsewhere in the document'}: {word}" for place, word in sorted(found))
        yield Problem(fields=fields, detail=detail)
    else:
        yield from _told_without_box(look)


def _told_without_box(look: Look) -> Iterator[Problem]:
    """Somebody was told, yet the box does not say Yes: the box may have been overlooked."""
    box = concern_box(look.form)
    for f in look.by_part(Part.CONCERN):
        text = look.text(f.id)
        if f != box and text and not says_not_applicable(text) and not _NOBODY.match(text):
            yield Problem(fields=tuple(x.id for x in (box, f) if x), wording="told", detail=f"{f.id} is filled in")
            return


def chk_073(look: Look) -> Iterator[Problem]:
    """Box ticked, but who was told or when is empty."""
    if concern_raised(look.reading, look.form):
        box = concern_box(look.form)
        blank = [f.id for f in look.by_part(Part.CONCERN) if f != box and not look.text(f.id)]
        if blank:
            yield Problem(fields=tuple(blank))


def chk_074(look: Look) -> Iterator[Problem]:
    """Inadequate on safety grounds while the box says no."""
    why = look.joined(look.by_part(Part.EVIDENCE, domains=False))
    box = concern_box(look.form)
    asked = look.grade == "inadequate" and box and not concern_raised(look.reading, look.form)
    if box and asked and not _only_denied(why):
        yield Problem(fields=(box.id,))


def _only_denied(why: str) -> bool:
    """No mention of safety, or every one a denial ("no immediate safety concern")."""
    return all(re.search(r"\b(no|not|never|without)\b[^.;]{0,25}$", why[:hit.start()], re.IGNORECASE)
               for hit in _SAFETY.finditer(why))
