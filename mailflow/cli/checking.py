"""A council's restyled blank, checked before it is used: is everything still there, and would it be read right?"""

from collections.abc import Iterator

from mailflow.form.definition import FormDefinition
from mailflow.model import FoundBy, Reading, Status
from outbox.restyled.check import find_faults
from outbox.restyled.faults import Fault, name_of
from parsers.locate.text import content_words
from parsers.read import read_document

# Below this a person has to look at every return.
_SURE = 60
_EXPRESSION = ("{{", "{%", "{#")


def check_blank(data: bytes, name: str, form: FormDefinition) -> tuple[Fault, ...]:
    """Every fault of a restyled .docx or .xlsx, in page order; none that stops means it may be used.

    Raises PermanentError for a document that is neither, or is damaged.
    """
    inside = find_faults(data, form)
    reading = read_document(data, name, (form,))
    if reading.status is not Status.READABLE:
        return (*inside, Fault(reading.words))
    known = _known_by_words(reading, form)
    return (*(f for f in inside if f.label not in known), *_ask_reading(reading, form))


def _known_by_words(reading: Reading, form: FormDefinition) -> set[str]:
    """Questions that stand there in the other wording form.toml names for them, and were found by it."""
    found = [(f, reading.answers.get(f.id)) for f in form.fields if f.words]
    return {f.label for f, a in found if a is not None and a.found_by is FoundBy.LABEL and a.sure >= _SURE}


def _ask_reading(reading: Reading, form: FormDefinition) -> Iterator[Fault]:
    """What a return on this blank would be read as."""
    in_word = any(a.found_by is FoundBy.TAG for a in reading.answers.values())
    for f in form.fields:
        answer = reading.answers.get(f.id)
        title = form.section(f.section).title
        if answer is None:
            yield Fault(f"No place for the answer to {name_of(f)} could be found.", title)
        elif answer.text and not f.prefilled:
            yield Fault(f"“{_cut(answer.text)}” stands where {name_of(f)} is answered and would be read as an answer. Take it "
                        "out, or name it in form.toml under prompts.", answer.place)
        elif answer.sure < _SURE:
            yield Fault(f"The place for the answer to {name_of(f)} can only be guessed.", answer.place)
        elif in_word and not f.prefilled and f.id not in reading.prompts_left:
            yield Fault(f"The box for {name_of(f)} shows no words to click on.", answer.place)
    for table in form.tables:
        if any(c.id in reading.missing for c in table.columns):
            yield Fault(f"The table “{table.label}” could not be found.", form.section(table.section).title)
    for left in reading.leftovers:
        text = "\n".join(line for line in left.text.split("\n") if not any(e in line for e in _EXPRESSION))
        if text:
            yield Fault(f"“{_cut(text)}” is not in form.toml, so every return would show it as something typed outside the "
                        f'boxes. Take it out, or add "{content_words(text)}" to printed.', left.place)


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 80 else line[:79] + "…"
