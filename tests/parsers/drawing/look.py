"""How a form is laid out on the page, and what was lost or changed on the way. Everything is drawn from these values."""

from dataclasses import dataclass, field
from itertools import groupby

from mailflow.form.definition import FormDefinition, FormField, FormSection


@dataclass(frozen=True)
class Look:
    """``shape`` and ``shapes`` (by field) name control shapes. ``sections`` are the ids drawn, in page order; the others
    are left out. ``layout`` is where a single question's label stands: "left" of its answer; "above" it in a grid of
    ``across`` columns; or in a box of its own behind a line that is the label ("boxes"). ``numbers`` is the pattern of a printed question number. ``shuffled`` sections have their rows in
    another order, ``split`` ones their table cut in two, with the head again where ``heads_again``.
    """

    sections: tuple[str, ...]
    shape: str = "in_run"
    shapes: dict[str, str] = field(default_factory=dict)
    tags: bool = True
    bookmarks: bool = True
    prompts: bool = True
    numbers: str = ""
    layout: str = "left"
    across: int = 3
    one_table: bool = False
    shuffled: frozenset[str] = frozenset()
    split: frozenset[str] = frozenset()
    heads_again: bool = True
    row_numbers: bool = False
    group: bool = False
    row_controls: bool = False
    wide: bool = False
    changes: bool = False
    ticks: bool = False
    relabel: dict[str, str] = field(default_factory=dict)

    def shape_of(self, f: FormField) -> str:
        return self.shapes.get(f.id, self.shape)


def items_of(section: FormSection) -> list[tuple[FormField, ...]]:
    """A section's questions, each with all its columns."""
    return [tuple(of) for _, of in groupby(section.fields, key=lambda f: f.item)]


def label_of(look: Look, item: tuple[FormField, ...], at: int) -> str:
    """The label as printed, with its number where questions are numbered."""
    f = item[0]
    text = look.relabel.get(f.item, f.label)
    number = f.number.rpartition(" ")[2].removeprefix("Q")
    if not look.numbers:
        return text
    if not number.isdecimal():
        # Parts of a question ("A") have their letter in every style; where the form has no numbers they are counted.
        number = number or str(at + 1)
    return (f"{number}. " if not number.isdecimal() else look.numbers.format(number)) + text


def plain_look(form: FormDefinition) -> Look:
    return Look(sections=tuple(s.id for s in form.sections))
