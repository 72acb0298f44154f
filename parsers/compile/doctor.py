"""The doctor's report: what was understood of a blank, and what about it will cost answers or trouble."""

from mailflow.form.definition import FormDefinition, FormField, Kind
from parsers.compile.build import Compiled, Remark

_KINDS = {
    Kind.TEXT: "a line of text", Kind.NOTES: "text", Kind.GRADE: "a grade", Kind.DATE: "a date", Kind.CHOICE: "one of",
    Kind.SCORE: "a score from",
}


# Of each kind of remark so many are named.
_MOST = 10


def tell_doctor(made: Compiled, form: FormDefinition) -> str:
    """Markdown: the questions with their ids, then the remarks, most weighty first."""
    lines = [f"# {form.title}", "", f"{_count(len(form.fields), 'answer')} in {_count(len(form.sections), 'part')}"
             + (f", {_count(len(form.tables), 'table')} of rows" if form.tables else "") + ".", ""]
    lines += _remarks(made)
    for section in form.sections:
        if section.fields or section.tables:
            lines += ["", f"## {section.title or f'Without a title (`{section.id}`)'}", ""]
            lines += [f"- `{f.id}` {_short(f)}: {_kind(f)}" for f in section.fields]
            lines += [f"- `{t.id}` rows of " + ", ".join(f"{c.label} (`{c.id.rpartition('.')[2]}`)" for c in t.columns)
                      for t in section.tables]
    return "\n".join(lines) + "\n"


def _remarks(made: Compiled) -> list[str]:
    if not made.remarks:
        return ["The doctor has nothing to remark."]
    grouped: dict[str, list[Remark]] = {}
    for remark in made.remarks:
        grouped.setdefault(remark.words, []).append(remark)
    lines = ["What the doctor remarks:", ""]
    for words, of in grouped.items():
        lines += [f"- {words}:", *(f"    - {_clip(r.label)} (`{r.where}`)" for r in of[:_MOST])]
        if len(of) > _MOST:
            lines.append(f"    - and {len(of) - _MOST} more")
    return lines


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _clip(label: str) -> str:
    return label if len(label) <= 80 else label[:79].rsplit(" ", 1)[0] + " …"


def _short(f: FormField) -> str:
    label = _clip(f.label)
    return f"{label} ({f.column})" if f.column else label


def _kind(f: FormField) -> str:
    if f.kind is Kind.SCORE and f.scale:
        return f"{_KINDS[f.kind]} {f.scale[0]} to {f.scale[1]}"
    if f.kind is Kind.CHOICE:
        return f"{_KINDS[f.kind]} {', '.join(f.choices)}"
    return _KINDS[f.kind]
