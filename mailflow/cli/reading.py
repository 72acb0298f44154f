"""`mailflow read`: what one document was read as."""

from pathlib import Path
from typing import Any

import typer

from mailflow.cli.words import find_policy, print_table, printable
from mailflow.form.load import load_form


def read_one(file: Path, config: Path | None, form_path: Path | None) -> dict[str, Any]:
    """The reading as plain values: status, form, answers, canonical, actions, tracked_changes, leftover, findings."""
    from mailflow.framework import templates_root
    from mailflow.model import Status
    from parsers.sandbox import Pool

    if form_path is not None:
        form = load_form(form_path)
    elif config is not None:
        form = find_policy(config).form
    else:
        form = load_form(templates_root() / "base" / "form.toml")
    pool = Pool((form,))
    try:
        reading = pool.read(file.read_bytes(), file.name)
    finally:
        pool.close()
    findings = [reading.words] if reading.status is not Status.READABLE and reading.words else []
    findings += [f"the file contains {odd}" for odd in reading.oddities]
    return {
        "file": str(file), "status": reading.status.value, "form": reading.form or None, "edition": reading.edition or None,
        "reference": reading.passport.ref if reading.passport else reading.printed_ref or None,
        "answers": {i: a.text or None for i, a in reading.answers.items()},
        "canonical": {i: a.value for i, a in reading.answers.items() if a.value is not None},
        "actions": [{c: a.text for c, a in row.items()} for rows in reading.rows.values() for row in rows],
        "tracked_changes": reading.tracked_changes, "comments": reading.comments,
        "missing": list(reading.missing), "leftover": [x.text for x in reading.leftovers], "findings": findings,
    }


def show_reading(facts: dict[str, Any]) -> None:
    typer.echo(f"{facts['file']}: {facts['status']}" + (f", form {facts['form']}" if facts["form"] else ""))
    for line in facts["findings"]:
        typer.echo(printable(line))
    if facts["status"] != "readable":
        return
    print_table("Answers", ("question", "answer", "read as"),
                [(i, t or "", facts["canonical"].get(i, "")) for i, t in facts["answers"].items()], "No answer was found.")
    if facts["actions"]:
        print_table("Actions", tuple(facts["actions"][0]), [tuple(r.values()) for r in facts["actions"]], "")
    if facts["leftover"]:
        print_table("Text that went into no answer", ("text",), [(t,) for t in facts["leftover"]], "")
