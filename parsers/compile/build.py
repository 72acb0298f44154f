"""Parts of a blank → a form definition as plain TOML values, with what the doctor has to say of each question."""

import re
from dataclasses import dataclass, field
from typing import Any

from mailflow.form.definition import COMMON_PROMPTS, Kind
from parsers.compile.blank import Is, Line, Place, is_filler, is_no_choice
from parsers.compile.meaning import Meaning, is_choice, tell_column, tell_marks, tell_meaning, tell_part
from parsers.compile.naming import letters, make_unique, name_columns, name_of, name_part, number_name, split_label
from parsers.compile.shapes import NOWHERE, Asked, Box, OpenTable, Part
from parsers.locate.text import content_words, flat, question_number

Plain = dict[str, Any]
_TOTAL = re.compile(r"(?:grand |overall |sub |section )?(?:total|sum|average|mean|percentage)s?(?: (?:score|marks?|points))?")


@dataclass(frozen=True)
class Remark:
    """One thing about the blank a council should know: where (a field, table or section id), whose words, and what."""

    where: str
    label: str
    words: str


@dataclass
class Compiled:
    """``plain`` is the definition as TOML values; ``boxes`` maps field ids to the places that answer them."""

    plain: Plain
    remarks: list[Remark] = field(default_factory=list)
    boxes: dict[str, tuple[int, int]] = field(default_factory=dict)
    labels: dict[str, tuple[int, int]] = field(default_factory=dict)
    # Table → its rows, each column id → the cell's place.
    rows: dict[str, list[dict[str, tuple[int, int]]]] = field(default_factory=dict)


def build_form(parts: list[Part], lines: list[Line], name: str) -> Compiled:
    """``name`` is the form's id: the blank's file name. Section and field ids are unique."""
    made = Compiled({"id": name, "edition": "1", "title": _title(parts, name)})
    if prompts := _prompts(lines):
        made.plain["prompts"] = prompts
    builder = _Builder(made, any(p.kind is Is.BOX and p.source.controls for line in lines for p in line.places))
    names = _part_names(parts)
    made.plain["printed"] = _printed(parts)
    made.plain["sections"] = [builder.section(p, section) for p, section in zip(parts, names, strict=True)]
    builder.tell_doubles()
    return made


def _prompts(lines: list[Line]) -> list[str]:
    """What stands in boxes for people to type over, whole and line by line; filling dots are no prompt."""
    texts = [p.source.text.strip() for line in lines for p in line.places if p.kind is Is.BOX and not _is_chosen(p)]
    found = {piece.strip() for text in texts for piece in (text, *text.split("\n"))}
    return sorted(p for p in found - set(COMMON_PROMPTS) if not is_filler(p))


def _is_chosen(place: Place) -> bool:
    """Whether a drop-down shows one of its choices: no prompt, though nobody has answered yet."""
    control = place.control
    return control is not None and control.kind == "choice" and not control.prompt and not is_no_choice(control.text)


def _printed(parts: list[Part]) -> list[str]:
    """Content words of headings with their legends, which stand in no question's label."""
    headings = [b.heading for p in parts for a in p.asked for b in a.boxes if b.heading]
    headings += [h.text for p in parts for h in p.heads] + [h.text for p in parts for t in p.tables for h in t.heads]
    headings += [word for p in parts for word in p.words]
    # A choice alone is what an answer looks like, heading or not.
    printed = [h for h in headings if not is_choice(h)] + [text for p in parts for text in p.fixed]
    return sorted({content_words(text) for text in printed} - {""})


def _title(parts: list[Part], name: str) -> str:
    """The first title on the page, else the blank's name."""
    return next((p.title for p in parts[:1] if p.title), name.replace("-", " ").capitalize())


def _part_names(parts: list[Part]) -> list[str]:
    """The first part that asks single questions is the header; the others are named after what they say."""
    header = next((n for n, p in enumerate(parts) if p.asked), -1)
    if header >= 0 and any(len(a.boxes) > 1 for a in parts[header].asked):
        header = -1
    return make_unique(["header" if n == header else _part_name(p, n) for n, p in enumerate(parts)])


def _part_name(part: Part, number: int) -> str:
    if part.tables and not part.asked and any("action" in flat(h.first_line) for t in part.tables for h in t.heads):
        return "actions"
    if part.title:
        return name_part(part.title)
    if len(part.asked) == 1:
        return name_of(part.asked[0].label, 1)
    shared = set.intersection(*(set(flat(a.label).split()) for a in part.asked)) if part.asked else set()
    told = next((w for w in letters(part.asked[0].label).split() if w in shared and len(w) > 3), "") if part.asked else ""
    return told or (name_part(part.sheet) if part.sheet else f"part{number + 1}")


class _Builder:
    def __init__(self, made: Compiled, has_boxes: bool) -> None:
        self.made = made
        self.has_boxes = has_boxes
        self.taken: set[str] = set()
        self.labels: dict[tuple[str, str], list[str]] = {}

    def section(self, part: Part, name: str) -> Plain:
        plain: Plain = {"id": name, "title": part.title}
        if part.guidance:
            plain["lines"] = part.guidance
        columns = self._columns(part)
        totals = _for_totals(columns) if any(_TOTAL.fullmatch(flat(a.label)) for a in part.asked) else {}
        if columns:
            plain["columns"] = list({c["id"]: c for c in (*columns.values(), *totals.values())}.values())
        items: list[Plain] = []
        stem, last = "", ""
        is_header = name == "header"
        for asked in part.asked:
            numbered = f"{asked.number.strip(' .):')}. {asked.label}" if asked.number else asked.label
            number, printed = number_name(numbered, stem)
            if question_number(numbered)[:1].isdecimal():
                stem = number
            item_id = self._item_id(part, asked, name, number, last, is_header, columns)
            last = number or last
            items.append(self._item(asked, name, item_id, printed, columns, is_header))
        if items:
            plain["items"] = items
        if part.tables:
            plain["tables"] = [self._table(t, part, name, n) for n, t in enumerate(part.tables)]
        return plain

    def _columns(self, part: Part) -> dict[str, Plain]:
        """Heading → the column as TOML values, for headings that questions of this part stand under. Headings that are
        choices side by side ("Yes", "No") are one column, where people put a cross."""
        headings = list(dict.fromkeys(b.heading for a in part.asked for b in a.boxes if b.how == "column"))
        found: dict[str, Plain] = {}
        marks = tuple(h for h in headings if is_choice(h))
        if len(marks) > 1:
            crosses = _plain_meaning(tell_marks(marks)) | {"id": "answer", "label": " / ".join(marks), "marks": list(marks)}
            found |= dict.fromkeys(marks, crosses)
            headings = [h for h in headings if h not in marks]
        names = name_columns(headings) if headings else []
        for heading, name in zip(headings, names, strict=True):
            column: Plain = {"id": name, "label": heading.split("\n")[0]}
            under = [(a.label, b.place) for a in part.asked for b in a.boxes if b.heading == heading]
            meaning = tell_column(heading, under)
            if meaning is not None:
                column |= _plain_meaning(meaning)
                column["part"] = str(tell_part("", heading, meaning.kind, False))
            found[heading] = column
        return found

    def _item_id(self, part: Part, asked: Asked, section: str, number: str, last: str, is_header: bool,
                 columns: dict[str, Plain]) -> str:
        """The whole field id, or an item's where it has columns; unique in the form."""
        has_columns = any(b.how == "column" for b in asked.boxes)
        if number and number[0] == "q":
            own = number
        elif number:
            own = f"{section}.{number}"
        elif has_columns and last and not any(question_number(a.label) == "" for a in part.asked[:part.asked.index(asked)]):
            own = last + (letters(asked.label).split() or ["more"])[0]
        elif has_columns:
            own = name_part(part.title or section, 2) if len(part.asked) == 1 else self._matrix_item(part, asked, section)
        elif is_header:
            own = name_of(asked.label)
        elif len(part.asked) == 1 and not part.tables:
            own = section
        elif flat(asked.label).split()[:1] == ["overall"]:
            own = f"{section}.overall"
        elif flat(asked.label).split()[:1] == ["date"] and name_of(asked.label).startswith("date_"):
            own = f"{section}.date"
        else:
            own = f"{section}.{name_of(asked.label) if part.title else self._apart(part, asked)}"
        if not own or own.endswith("."):
            own += "question"
        inside = [str(columns[b.heading]["id"]) for b in asked.boxes if b.how == "column" and b.heading in columns]
        return self._take(own, inside)

    def _take(self, wanted: str, inside: list[str]) -> str:
        """The name, with a number behind it where it or a column of it (``inside``) is some other question's."""
        name, n = wanted, 1
        while not self.taken.isdisjoint((name, *(f"{name}.{column}" for column in inside))):
            n += 1
            name = f"{wanted}{n}"
        self.taken |= {name, *(f"{name}.{column}" for column in inside)}
        return name

    def _matrix_item(self, part: Part, asked: Asked, section: str) -> str:
        return f"{section}_{name_of(asked.label)}" if part.title else name_of(asked.label)

    def _apart(self, part: Part, asked: Asked) -> str:
        """What tells a question from those beside it, in a part without a title."""
        return name_columns([a.label for a in part.asked])[part.asked.index(asked)]

    def _item(self, asked: Asked, section: str, item_id: str, number: str, columns: dict[str, Plain], is_header: bool) -> Plain:
        label, hint = split_label(asked.label)
        item: Plain = {"id": item_id.rpartition(".")[2], "field": item_id, "label": label}
        if hint:
            item["hint"] = hint
        if number:
            item["number"] = number
        self.labels.setdefault((section, flat(label)), []).append(item_id)
        columns = _for_totals(columns) if _TOTAL.fullmatch(flat(label)) else columns
        in_columns = [b for b in asked.boxes if b.how == "column" and b.heading in columns]
        if in_columns:
            item["columns"] = list(dict.fromkeys(columns[b.heading]["id"] for b in in_columns))
            open_ones = [b for b in in_columns if "kind" not in columns[b.heading]]
            if open_ones:
                meaning = tell_meaning(asked.label, open_ones[0].heading, open_ones[0].place)
                item |= _plain_meaning(meaning)
            for b in in_columns:
                column = columns[b.heading]
                self._note(f"{item_id}.{column['id']}", asked, b, str(column.get("kind", item.get("kind", ""))))
            return item
        box = asked.boxes[0]
        meaning = tell_meaning(asked.label, "", box.place)
        item |= _plain_meaning(meaning)
        item["part"] = str(tell_part(asked.label, "", meaning.kind, is_header))
        self._note(item_id, asked, box, item["kind"])
        return item

    def _note(self, field_id: str, asked: Asked, box: Box, kind: str) -> None:
        """Remembers where the answer stands, and what the doctor says of it."""
        self.made.boxes[field_id] = (box.place.row, box.place.cell)
        if asked.spot != NOWHERE:
            self.made.labels.setdefault(field_id.rpartition(".")[0] if box.how == "column" else field_id, asked.spot)
        label = split_label(asked.label)[0]
        control = box.place.control
        if self.has_boxes and box.place.kind is Is.BLANK:
            self._say(field_id, label, "has no control: people can only type into the bare cell")
        elif control is not None and kind == Kind.GRADE and control.kind != "choice":
            self._say(field_id, label, "grade box is free text: a drop-down would stop other words")
        elif control is not None and kind == Kind.DATE and control.kind != "date":
            self._say(field_id, label, "date is free text: a date picker would settle day and month")
        if not label:
            self._say(field_id, "", "is a box without any words: nobody can tell what belongs in it")

    def _table(self, table: OpenTable, part: Part, section: str, number: int) -> Plain:
        table_id = section if section not in self.taken and not part.asked and number == 0 else f"{section}_table{number + 1}"
        if any("action" in flat(h.first_line) for h in table.heads) and "actions" not in self.taken:
            table_id = "actions"
        names = name_columns([h.text for h in table.heads])
        table_id = self._take(table_id, names)
        columns = []
        for head, name in zip(table.heads, names, strict=True):
            fill = next((p for p in table.fill[0] if p.column == head.column), head)
            columns.append({"id": name, "label": head.first_line} | _plain_meaning(tell_meaning("", head.text, fill)))
            self.made.labels[f"{table_id}.{name}"] = (head.row, head.cell)
        at = {h.column: name for h, name in zip(table.heads, names, strict=True)}
        self.made.rows[table_id] = [{at[p.column]: (p.row, p.cell) for p in row if p.column in at} for row in table.fill]
        if self.has_boxes and any(p.kind is Is.BLANK for p in table.fill[0]):
            self._say(table_id, part.title or section, "rows have cells without a control")
        label = part.title or section.replace("_", " ").capitalize()
        return {"id": table_id, "label": label, "rows": len(table.fill), "columns": columns}

    def tell_doubles(self) -> None:
        for (section, label), ids in self.labels.items():
            if len(ids) > 1 and label:
                self._say(section, label, f"{len(ids)} rows share this label: only their order tells them apart")

    def _say(self, where: str, label: str, words: str) -> None:
        self.made.remarks.append(Remark(where, label, words))


def _for_totals(columns: dict[str, Plain]) -> dict[str, Plain]:
    """The columns for a row of totals: a sum of scores is on no scale."""
    return {h: {"id": f"{c['id']}_total", "label": c["label"], "kind": str(Kind.TEXT)} if c.get("kind") == Kind.SCORE else c
            for h, c in columns.items()}


def _plain_meaning(meaning: Meaning) -> Plain:
    plain: Plain = {"kind": str(meaning.kind)}
    if meaning.choices:
        plain["choices"] = list(meaning.choices)
    if meaning.scale:
        plain["scale"] = list(meaning.scale)
    return plain
