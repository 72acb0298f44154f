"""Makes the documents of this folder: forms drawn and filled here, then saved again by LibreOffice in four formats.

``python -m tests.corpus.forms.resaved.make`` needs ``soffice`` and writes beside itself; tests only read what is checked in.
``typed.json`` says for each document its form and the lines typed into it, squeezed; for old Word files only those that
LibreOffice's own text of the file still holds, because nothing else here can look into them.
"""

import io
import json
import random
import subprocess
import tempfile
import zipfile
from pathlib import Path

from mailflow.form.definition import FormDefinition
from tests.parsers.drawing.count import lines_of_docx, squeeze, typed_lines
from tests.parsers.drawing.fills import FORMS, cell_ids, ordinary
from tests.parsers.drawing.look import Look
from tests.parsers.drawing.shapes import TAGGED, UNTAGGED
from tests.parsers.drawing.sheet import Values, draw
from tests.parsers.drawing.vandals import VANDALS, vandalise
from tests.parsers.pages import Parts, document, make_docx, zip_up

HERE = Path(__file__).parent
FORMATS = ("docx", "odt", "doc", "pdf")
EACH = 13
_ODD = ("1. First {n}\n2. Second {n}", "• dot {n}\n• dot two {n}", "Seen alone {n} 😀", "שלום {n}", "N/A {n}", "{n}/06/2026", "long" * 30 + "{n}",
        "tab\tand {n}", "Mother {n}: yes", "“Quoted” {n} – it’s done")
_LINES = '<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
_BORDERS = "".join(_LINES.format(side=side) for side in ("top", "left", "bottom", "right", "insideH", "insideV"))
_RULED = f'<w:tblPr><w:tblW w:w="5000" w:type="pct"/><w:tblBorders>{_BORDERS}</w:tblBorders></w:tblPr>'


def sample(n: int) -> tuple[FormDefinition, Look, Values]:
    """The nth form, its look and its answers; the same every time."""
    dice = random.Random(n)
    form = FORMS[dice.choice([name for name in sorted(FORMS) if name != "crosses"])]
    ids = [s.id for s in form.sections]
    if len(ids) > 12:
        # Big forms with a dozen sections, so that this folder stays small.
        ids = [i for i in ids if dice.random() < 0.5]
    tags = n % 2 == 0
    look = Look(
        sections=tuple(ids), shape=dice.choice([name for name in (TAGGED if tags else UNTAGGED) if name != "moved"]), tags=tags,
        bookmarks=dice.random() < 0.5, numbers=dice.choice(("", "Q{}. ", "{}) ")), layout=dice.choice(("left", "left", "above", "boxes")),
        one_table=dice.random() < 0.2, row_numbers=dice.random() < 0.5, changes=dice.random() < 0.3, wide=dice.random() < 0.5,
    )
    values = {f.id: ordinary(k, f) for k, f in enumerate(form.fields) if dice.random() < 0.7}
    values |= {i: f"Step {k}" for t in form.tables for k, i in enumerate(cell_ids(t, t.rows + n % 3)) if dice.random() < 0.7}
    for name in dice.sample(sorted(values), min(8, len(values))):
        values[name] = dice.choice(_ODD).format(n=10 + n)
    return form, look, values


def build(n: int) -> tuple[str, bytes, list[str]]:
    """(the form's id, the Word document before it is saved again, the lines typed into it)."""
    form, look, values = sample(n)
    dice = random.Random(1000 + n)
    deeds = [(dice.choice(VANDALS), dice.randrange(400), f"Vandal {n} was here {k}") for k in range(n % 3)]
    body = draw(form, values, look).replace("<w:tblPr/>", _RULED)
    data = make_docx("", {"word/document.xml": vandalise(document(body).encode(), deeds)})
    blank = lines_of_docx(make_docx(draw(form, dict.fromkeys(values, ""), look)))
    return form.id, data, typed_lines(lines_of_docx(data), blank, form)


def convert(path: Path, suffix: str, folder: Path) -> Path:
    """``path`` saved by LibreOffice as that format."""
    target = {"txt": "txt:Text (encoded):UTF8", "docx": "docx:MS Word 2007 XML", "doc": "doc:MS Word 97"}.get(suffix, suffix)
    profile = f"-env:UserInstallation=file://{folder / 'profile'}"
    command = ["soffice", profile, "--headless", "--convert-to", target, "--outdir", str(folder / suffix), str(path)]
    subprocess.run(command, check=True, timeout=60, capture_output=True)
    return folder / suffix / f"{path.stem}.{suffix}"


def without_picture(data: bytes) -> bytes:
    """An OpenDocument text without the picture of its first page, which is most of a short one."""
    with zipfile.ZipFile(io.BytesIO(data)) as z:
        parts: Parts = {i.filename: z.read(i) for i in z.infolist() if not i.filename.startswith(("Thumbnails/", "Configurations2/"))}
    return zip_up(parts, stored=("mimetype",))


def main() -> None:
    said: dict[str, dict[str, object]] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for n in range(EACH * len(FORMATS)):
            suffix = FORMATS[n // EACH]
            form, data, typed = build(n)
            path = folder / f"{n:02}.docx"
            path.write_bytes(data)
            saved = convert(path, suffix, folder)
            if suffix == "doc":
                text = squeeze(convert(saved, "txt", folder).read_text(encoding="utf-8-sig"))
                typed = [line for line in typed if line in text]
            (HERE / saved.name).write_bytes(without_picture(saved.read_bytes()) if suffix == "odt" else saved.read_bytes())
            said[saved.name] = {"form": form, "typed": typed}
    (HERE / "typed.json").write_text(json.dumps(said, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
