"""A reading, or a folder of them, for people at a terminal."""

from collections import Counter
from typing import Any

import typer

from mailflow.cli.reading.findings import column_id
from mailflow.cli.reading.kept import Line
from mailflow.cli.words import print_table, printable
from mailflow.form.definition import FormDefinition, FormTable


class Summary:
    """What became of a folder, added up line by line."""

    def __init__(self) -> None:
        self.statuses: Counter[str] = Counter()
        self.kept = 0
        self.persons: list[tuple[str, str]] = []

    def add(self, line: Line) -> None:
        self.statuses[line.status] += 1
        self.kept += line.kept
        if line.person:
            self.persons.append((line.name, line.person))

    def as_plain(self) -> dict[str, Any]:
        return {"documents": self.statuses.total(), "statuses": dict(sorted(self.statuses.items())), "kept": self.kept,
                "for_a_person": [{"file": name, "words": words} for name, words in self.persons]}


def show_summary(summary: Summary) -> None:
    """How many of each status, then each document a person must look at, and why."""
    print_table("Documents", ("status", "how many"), sorted(summary.statuses.items()), "There is no document in this folder.")
    if summary.kept:
        typer.echo(f"{summary.kept} of them had been read before and were not read again.")
    if summary.statuses:
        print_table("For a person to look at", ("file", "why"), summary.persons, "No document needs a person.")


def show_reading(facts: dict[str, Any], form: FormDefinition | None) -> None:
    """One document: what it is, its answers, its tables, what was left over, what was found."""
    typer.echo(printable(f"{facts['file']}: {facts['status']}" + (f", form {facts['form']}" if facts["form"] else "")
                         + (f" edition {facts['edition']}" if facts["edition"] else "")))
    if form is not None:
        _show_answers(facts, form)
        for table in form.tables:
            rows = facts["actions"] if table.id == "actions" else facts["tables"].get(table.id, [])
            _show_rows(table, rows)
    if facts["leftover"]:
        print_table("Text that went into no answer", ("place", "text"),
                    [(x["place"], x["text"]) for x in facts["leftover"]], "")
    if facts["findings"]:
        print_table("Findings", ("check", "place", "what"),
                    [(x["check"], x["place"], x["words"]) for x in facts["findings"]], "")


def _show_answers(facts: dict[str, Any], form: FormDefinition) -> None:
    rows = []
    for section in form.sections:
        for f in section.fields:
            text = facts["answers"].get(f.id)
            rows.append((section.title if f is section.fields[0] else "", f.label, text or "", _settled(facts, f.id)))
    print_table("Answers", ("section", "question", "answer", "read as"), rows, "This form has no question.")


def _show_rows(table: FormTable, rows: list[dict[str, str | None]]) -> None:
    if rows:
        names = {column_id(f"{table.id}.1.{c.id.rpartition('.')[2]}"): c.label for c in table.columns}
        columns = tuple(names.get(f"{table.id}.{c}", c) for c in rows[0])
        print_table(table.label or table.id, columns, [tuple(v or "" for v in row.values()) for row in rows], "")


def _settled(facts: dict[str, Any], field_id: str) -> str:
    """What an answer was settled to; "?" where a person must say."""
    values = (facts["canonical"].get(field_id) or {}).values()
    return ", ".join("?" if v is None else str(v) for v in values)
