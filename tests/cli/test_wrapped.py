"""`mailflow read` of a file that is only a wrapping tells of the form inside, and of where it lay."""


import zipfile
from email.message import EmailMessage
from pathlib import Path

from tests.cli.command import mailflow
from tests.parsers.fills import whole_form
from tests.parsers.pages import fill_base

FORM = fill_base(whole_form())


def test_the_form_in_a_zip_in_a_saved_mail_is_read(tmp_path: Path) -> None:
    zipped = tmp_path / "audit.zip"
    with zipfile.ZipFile(zipped, "w") as z:
        z.writestr("form.docx", FORM)
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Message-ID"] = "a@northmoor.example", "qa@northmoor.example", "<1@northmoor.example>"
    mail.set_content("Here it is.")
    mail.add_attachment(zipped.read_bytes(), maintype="application", subtype="zip", filename="audit.zip")
    saved = tmp_path / "saved.eml"
    saved.write_bytes(bytes(mail))
    told = mailflow("read", saved, "--json", folder=tmp_path).json
    assert (told["status"], told["form"]) == ("readable", "base-10")
    assert told["answers"]["voice.evidence"] == whole_form()["voice.evidence"]
    assert {"check": "packed", "place": "", "words": "The document was packed in audit.zip in saved.eml."} in told["findings"]


def test_two_forms_in_one_wrapping_are_for_a_person(tmp_path: Path) -> None:
    zipped = tmp_path / "audits.zip"
    other = fill_base(whole_form() | {"voice.evidence": "Another child."})
    with zipfile.ZipFile(zipped, "w") as z:
        z.writestr("one.docx", FORM)
        z.writestr("two.docx", other)
    told = mailflow("read", zipped, "--json", folder=tmp_path).json
    assert (told["status"], told["reason"], told["answers"]) == ("unreadable", "several", {})
    assert told["words"].startswith("There are 2 forms in this file.")
