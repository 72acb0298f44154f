"""Bad mail as it arrives: one function a trick, each from the auditor of one audit unless it says otherwise."""

import io
import re
import zipfile
from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage, MIMEPart

import docx

from mailflow.demo.post import Received
from tests.world import MAILBOX, World

Make = Callable[[World, str], list[bytes]]
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def mail(world: World, ref: str, text: str = "Here is my audit.", name: str = "Audit.docx", data: bytes | None = None,
          **more: object) -> bytes:
    """The auditor's answer to the letter with the form, one document attached where ``data`` is given."""
    documents = [(name, data)] if data is not None else []
    return world.make_mail(world.audit(ref).auditor, text, answers=world.carrier(ref), documents=documents, **more)[0]


def attaching(name: str, spoil: Callable[[bytes], bytes]) -> Make:
    return lambda world, ref: [mail(world, ref, name=name, data=spoil(world.filled(ref)))]


def rewrite(docx: bytes, change: Callable[[str, bytes], bytes | None], extra: dict[str, bytes] | None = None) -> bytes:
    """The document with each member changed; None drops it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(docx)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            data = change(info.filename, old.read(info))
            if data is not None:
                new.writestr(info.filename, data)
        for name, data in (extra or {}).items():
            new.writestr(name, data)
    return out.getvalue()


def with_macros(docx: bytes) -> bytes:
    """A .docm: the macro part and its content types, as Word writes them."""
    def change(name: str, data: bytes) -> bytes:
        if name == "[Content_Types].xml":
            data = data.replace(b"wordprocessingml.document.main+xml", b"ms-word.document.macroEnabled.main+xml")
            data = data.replace(b"</Types>", b'<Override PartName="/word/vbaProject.bin" '
                                             b'ContentType="application/vnd.ms-office.vbaProject"/></Types>')
        return data

    return rewrite(docx, change, {"word/vbaProject.bin": _OLE + bytes(2000)})


def locked_with_password(_: bytes) -> bytes:
    """What Word writes with a password: an OLE file whose directory has a stream named EncryptedPackage."""
    names = ("Root Entry", "EncryptedPackage", "EncryptionInfo")
    return _OLE + bytes(504) + b"".join(name.encode("utf-16-le").ljust(128, b"\0") for name in names) + bytes(4096)


def for_another_case(world: World, ref: str) -> Callable[[bytes], bytes]:
    """The case number in the locked header is written over with another case's."""
    own = world.audit(ref).case_number
    other = next(world.audit(r).case_number for r in world.refs if r != ref)

    def change(name: str, data: bytes) -> bytes:
        return data.replace(own.encode(), other.encode()) if name == "word/document.xml" else data

    return lambda docx: rewrite(docx, change)


def deep(world: World, ref: str, levels: int = 40) -> bytes:
    """The form at the bottom of forty messages in one another."""
    outer = message_from_bytes(mail(world, ref, data=world.filled(ref)), policy=policy.SMTP)
    sender, subject, mid = str(outer["From"]), str(outer["Subject"]), str(outer["Message-ID"])
    for _ in range(levels):
        around = EmailMessage(policy=policy.SMTP)
        around["From"], around["To"], around["Subject"] = sender, MAILBOX, subject
        around.set_content("Please see below.")
        around.add_attachment(outer)
        outer = around
    outer["Message-ID"] = mid.replace("<", "<deep.")
    outer["In-Reply-To"] = world.carrier(ref).message_id
    return outer.as_bytes()


def wrong_charset(world: World, ref: str) -> bytes:
    """Text in one code that says it is in another, beside a good form."""
    raw = mail(world, ref, text="Here is my audit, with José's plan – as agreed.", data=world.filled(ref))
    whole = raw.replace(b'charset="utf-8"', b'charset="x-none-such"', 1)
    return whole.replace("é".encode(), b"\xe9").replace(b"=C3=A9", b"=E9")


def many(world: World, ref: str) -> bytes:
    """The form and sixty-nine small papers."""
    papers = [(f"note {n}.txt", f"Page {n} of something else.".encode()) for n in range(69)]
    return world.make_mail(world.audit(ref).auditor, "Everything I have.", answers=world.carrier(ref),
                           documents=[*papers[:40], ("Audit.docx", world.filled(ref)), *papers[40:]])[0]


def out_of_office(world: World, ref: str) -> bytes:
    return mail(world, ref, text="I am away. My form is attached.", data=world.filled(ref), subject="Automatic reply: audit",
                 headers={"Auto-Submitted": "auto-replied"})


def twice(world: World, ref: str) -> list[bytes]:
    """The same mail delivered twice, as servers do after a broken connection."""
    raw = mail(world, ref, data=world.filled(ref))
    return [raw, b"Received: from mx.northmoor.example by mail.northmoor.example; Mon, 14 Sep 2026 10:00:01 +0100\r\n" + raw]


def in_two_mails(world: World, ref: str) -> list[bytes]:
    filled = world.filled(ref)
    return [mail(world, ref, data=filled), mail(world, ref, text="I am not sure it arrived.", data=filled)]


def two_of_one(world: World, ref: str) -> bytes:
    """Two different forms of the same audit in one mail."""
    return world.make_mail(world.audit(ref).auditor, "Either of these.", answers=world.carrier(ref), documents=[
        ("first.docx", world.filled(ref)), ("second.docx", world.filled(ref, later="Or rather so."))])[0]


def stranger(world: World, ref: str) -> bytes:
    """The right form from an address nobody knows (a private mailbox)."""
    return world.make_mail("private.person@elsewhere.example", "My audit, from home.", answers=world.carrier(ref),
                           documents=[("Audit.docx", world.filled(ref))])[0]


def posing(world: World, ref: str) -> bytes:
    """The auditor's name with a stranger's address."""
    raw = stranger(world, ref)
    return re.sub(rb"^From: .*?\r$", b'From: "%s" <private.person@elsewhere.example>\r' % world.audit(ref).auditor.encode(),
                  raw, count=1, flags=re.MULTILINE)


def without_id(world: World, ref: str) -> bytes:
    """No Message-ID, no Date, no Subject: some scanners send so."""
    raw = mail(world, ref, data=world.filled(ref))
    return re.sub(rb"^(Message-ID|Date|Subject): .*?\r\n(?:[ \t].*?\r\n)*", b"", raw, flags=re.MULTILINE)


def cut_mail(world: World, ref: str) -> bytes:
    """The mail itself ends in the middle of the attachment."""
    raw = mail(world, ref, data=world.filled(ref))
    return raw[: len(raw) * 2 // 3]


def picture(world: World, ref: str) -> bytes:
    """A photograph of the form instead of the form."""
    return mail(world, ref, name="IMG_2231.jpg", data=b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(200_000))


def form_as_message_part(world: World, ref: str) -> bytes:
    """The form declared as plain text with a docx's name: the declared kind means nothing."""
    message = EmailMessage(policy=policy.SMTP)
    answers: Received = world.carrier(ref)
    message["From"], message["To"], message["Subject"] = world.audit(ref).auditor, MAILBOX, f"Re: {answers.subject}"
    message["Message-ID"], message["In-Reply-To"] = f"<kind.{ref}@northmoor.example>", answers.message_id
    message.set_content("Form attached.")
    part = MIMEPart(policy=policy.SMTP)
    part.set_content(world.filled(ref), maintype="application", subtype="pdf", filename="Audit.docx", cte="base64")
    message.make_mixed()
    message.attach(part)
    return message.as_bytes()


def minutes() -> bytes:
    """A good Word document that is no form of ours."""
    made = docx.Document()
    made.add_heading("Minutes of the team meeting")
    made.add_paragraph("We spoke about the summer rota and the new printer.")
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()
