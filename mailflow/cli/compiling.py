"""`mailflow forms compile`: a council's own blank → a form.toml that reads its returns, and a doctor's report."""

from pathlib import Path

import typer

from mailflow.errors import PermanentError


def compile_form(blank: Path, out: Path, *, stamp: bool) -> None:
    """Writes form.toml and doctor.md into ``out``, and with ``stamp`` documents/ID.docx.

    What stood there before under these names is kept beside it as NAME.old. Raises PermanentError for a blank that is not
    there, can't be read, or asks nothing.
    """
    from mailflow.form.load import read_form
    from outbox.forms.stamp import stamp_package
    from parsers.compile import compile_blank, stamp_blank, tell_doctor, to_toml

    if not blank.is_file():
        raise PermanentError(f"{blank}: there is no such file")
    data = blank.read_bytes()
    made = compile_blank(data, blank.name)
    form = read_form(made.plain, blank.name)
    written = {out / "form.toml": to_toml(made).encode(), out / "doctor.md": tell_doctor(made, form).encode()}
    if stamp:
        written[out / "documents" / f"{form.id}.docx"] = stamp_package(stamp_blank(data, made, form))
    for path, content in written.items():
        _write(path, content)
    rows = f", {_count(len(form.tables), 'table')} of rows" if form.tables else ""
    typer.echo(f"{_count(len(form.fields), 'answer')} in {_count(len(form.sections), 'part')}{rows}; the doctor has "
               f"{_count(len(made.remarks), 'remark')}.")
    for path in written:
        typer.echo(f"  {path}")
    typer.echo(f"Read a return with: mailflow read RETURN --form {out / 'form.toml'}")


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'s' * (number != 1)}"


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.is_file() and path.read_bytes() != content:
        path.replace(path.with_name(f"{path.name}.old"))
    path.write_bytes(content)
