"""The same form however it was packed (peers, lesson 6): one submission, and no picture kept as evidence."""

from collections.abc import Callable
from email.message import EmailMessage

import pytest

from mailflow.demo.post import DOCX
from mailflow.model import State
from tests.packing import Part, make_eml, make_msg, make_tnef, make_zip, pictures
from tests.stories.conftest import Found
from tests.stories.telling import codes, happened, latest
from tests.world import MAILBOX, QA, World, auditor

BEA = auditor(0)
Pack = Callable[[EmailMessage, bytes], None]


def attach(message: EmailMessage, data: bytes, name: str = "", kind: str = "application/octet-stream", where: str = "attachment") -> None:
    main, _, sub = kind.partition("/")
    message.add_attachment(data, maintype=main, subtype=sub, disposition=where, filename=name or None)


def signed(form: bytes) -> tuple[Part, ...]:
    return (Part("Audit.docx", form), *pictures())


def in_raw_words(message: EmailMessage, form: bytes) -> None:
    """The name in an encoded word inside quotes, as Outlook writes it against the standard."""
    attach(message, form, "PLACE.docx", DOCX)
    part = message.get_payload()[-1]  # type: ignore[index]
    del part["Content-Disposition"]
    part._headers.append(("Content-Disposition", 'attachment; filename="=?utf-8?B?QXVkaXQg4oCTIGRvbmUuZG9jeA==?="'))


PACKINGS: dict[str, Pack] = {
    "attachment": lambda m, form: attach(m, form, "Audit.docx", DOCX),
    "inline": lambda m, form: attach(m, form, "Audit.docx", DOCX, "inline"),
    "octets without a name": lambda m, form: attach(m, form),
    "encoded name": in_raw_words,
    "winmail.dat": lambda m, form: attach(m, make_tnef(signed(form)), "winmail.dat", "application/ms-tnef"),
    "message in winmail.dat": lambda m, form: attach(m, make_tnef((Part("FW", message=signed(form)),)), "winmail.dat"),
    ".eml": lambda m, form: attach(m, make_eml(signed(form)), "My audit.eml"),
    ".msg": lambda m, form: attach(m, make_msg(signed(form)), "My audit.msg", "application/vnd.ms-outlook"),
    "message in .msg": lambda m, form: attach(m, make_msg((Part("FW", message=signed(form)),)), "My audit.msg"),
    "zip": lambda m, form: attach(m, make_zip(signed(form)), "report.zip", "application/zip"),
    "zip called docx": lambda m, form: attach(m, make_zip(signed(form), "September/"), "Audit.docx", DOCX),
    ".msg in zip": lambda m, form: attach(m, make_zip((Part("mail.msg", make_msg(signed(form))),)), "report.zip"),
    ".eml in zip": lambda m, form: attach(m, make_zip((Part("mail.eml", make_eml(signed(form))),)), "report.zip"),
    "zip in winmail.dat": lambda m, form: attach(m, make_tnef((Part("r.zip", make_zip(signed(form))),)), "winmail.dat"),
    "attached and in a zip": lambda m, form: (attach(m, form, "Audit.docx", DOCX), attach(m, make_zip(signed(form)), "a.zip"))[0],
}


def send(world: World, ref: str, pack: Pack, form: bytes = b"") -> str:
    """Bea's reply: words, six signature pictures shown in them, and the form as ``pack`` puts it in."""
    letter = world.carrier(ref)
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = f"Bea Lindqvist <{BEA}>", MAILBOX, f"RE: {letter.subject}"
    message["Message-ID"], message["In-Reply-To"] = "<packed@northmoor.example>", letter.message_id
    message.set_content("Here is my audit.\n")
    message.add_alternative("<p>Here is my audit.</p>" + "".join(f"<img src='cid:{p.cid}'>" for p in pictures()), subtype="html")
    for one in pictures():
        message.get_payload()[1].add_related(one.data, maintype="image", subtype="png", cid=f"<{one.cid}>", filename=one.name)  # type: ignore[index,union-attr]
    pack(message, form or world.filled(ref))
    world.drop(message.as_bytes())
    world.run("2026-09-14 10:00")
    return "<packed@northmoor.example>"


@pytest.mark.parametrize("packing", PACKINGS)
def test_a_form_is_the_same_return_however_it_was_packed(northmoor: Found, packing: str) -> None:
    """One submission with the form's own bytes; the auditor has one receipt; no picture is kept beside the raw mail."""
    world = northmoor()
    ref = world.refs[0]
    form = world.filled(ref)
    mail = send(world, ref, PACKINGS[packing], form)
    assert world.audit(ref).state is State.UNDER_QA and codes(world.answers_to(mail), BEA) == ["OUT-12"]
    submission = world.house.store.find_submission(ref, 1)
    assert submission is not None and world.audit(ref).submission == 1
    assert world.house.store.blob(submission.sha) == form and submission.name.endswith(".docx") and " in " not in submission.name
    readings = world.house.store.load_readings(world.inbound(mail).id)
    assert [r.sha for r in readings] == [submission.sha]
    kept = [bytes(row[0]) for row in world.house.store._read("select data from blob", ())]
    assert kept and not [data for data in kept if data.startswith(b"\x89PNG")]


def test_where_a_document_lay_is_told_with_it(northmoor: Found) -> None:
    world = northmoor()
    mail = send(world, world.refs[0], PACKINGS["zip in winmail.dat"])
    reading, = world.house.store.load_readings(world.inbound(mail).id)
    assert reading.place == "Audit.docx in r.zip in winmail.dat"


CLOSED = {
    "zip in zip": (make_zip((Part("in.zip", make_zip((Part("a.docx", b"x"),))),)), "A zip folder inside a zip folder"),
    "three deep": (make_tnef((Part("m.msg", make_msg((Part("a.zip", make_zip((Part("a.docx", b"x"),))),))),)), "two wrappings"),
    "message in message in message": (make_msg((Part("1", message=(Part("2", message=(Part("a.docx", b"x"),)),)),)), "A message inside"),
    "too deep a saved mail": (make_zip((Part("a.eml", b"MIME-Version: 1.0\n" + b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(30)) + b"\nx"),)), "to its end"),
}


@pytest.mark.parametrize("name", CLOSED)
def test_what_is_packed_too_deep_waits_for_a_person_with_the_reason(northmoor: Found, name: str) -> None:
    """It is not opened and does not disappear: held, and the quality team is told why."""
    data, words = CLOSED[name]
    world = northmoor()
    mail = send(world, world.refs[0], lambda m, _: attach(m, data, "things.dat"))
    found = world.inbound(mail)
    assert found.disposition == "hold" and words in found.reason and codes(world.answers_to(mail)) == ["OUT-89"]
    assert world.sent("OUT-89", to=QA) and world.audit(world.refs[0]).submission == 0


def locked() -> bytes:
    data = bytearray(make_zip((Part("Audit.docx", b"x" * 100),)))
    data[data.rfind(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


REFUSED = {
    "a password": (locked(), "locked with a password"),
    "a bomb": (make_zip(tuple(Part(f"{n}.docx", bytes(20_000_000)) for n in range(5))), "too large"),
    "nothing inside": (make_zip(()), "is empty"),
    "signature pictures only": (make_msg(pictures()), "is empty"),
    "cut off": (make_tnef((Part("Audit.docx", b"x" * 500),))[:-300], "is damaged"),
    "a photograph": (make_zip((Part("IMG_1.jpg", b"\xff\xd8\xff\xe0" + bytes(900)),)), "cannot read this kind"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_wrapper_without_a_readable_form_gets_one_clear_answer(northmoor: Found, name: str) -> None:
    data, words = REFUSED[name]
    world = northmoor()
    ref = world.refs[0]
    mail = send(world, ref, lambda m, _: attach(m, data, "things.dat"))
    assert codes(world.answers_to(mail), BEA) == ["OUT-31"] and words in latest(world, ref, BEA, "OUT-31").text
    assert world.audit(ref).submission == 0


def test_a_winmail_dat_that_packs_only_the_words_of_a_mail_is_no_document(northmoor: Found) -> None:
    """Outlook sends one with any formatted mail; the command above it is obeyed as if it were not there."""
    world = northmoor()
    ref = world.refs[0]
    letter = world.carrier(ref)
    for number, packed in enumerate((make_tnef(()), make_tnef(pictures()))):
        message_id = world.write(BEA, "ACK", answers=letter, documents=[("winmail.dat", packed)])
        world.run(f"2026-09-0{number + 2} 10:00")
        assert world.house.store.load_readings(world.inbound(message_id).id) == ()
    assert world.audit(ref).state is State.UNDERWAY and world.sent("OUT-31") == []


# --- one mail, two documents of the same form ---


def test_a_form_saved_twice_in_one_mail_is_one_return_and_the_second_is_kept_with_it(northmoor: Found) -> None:
    """The same answers in files of other bytes: one return, one receipt, both files kept, and the journal says so."""
    world = northmoor()
    ref = world.refs[0]
    first, second = world.filled(ref), world.filled(ref) + b"\0"
    mail = world.write(BEA, "Here is my audit.", answers=world.carrier(ref), documents=[("a.docx", first), ("b.docx", second)])
    world.run("2026-09-14 10:00")
    assert world.audit(ref).state is State.UNDER_QA and codes(world.answers_to(mail), BEA) == ["OUT-12"]
    submission = world.house.store.find_submission(ref, 1)
    assert submission is not None and world.audit(ref).submission == 1
    copy, = submission.copies
    assert submission.name == "a.docx" and copy.name == "b.docx" and world.house.store.blob(copy.sha) == second
    assert "copies" in happened(world, ref)


def test_two_forms_for_one_audit_that_differ_wait_for_a_person_who_sees_where(northmoor: Found) -> None:
    """Neither is filed; the notice names the question. FILE takes the first and keeps the other beside it."""
    world = northmoor()
    ref = world.refs[0]
    documents = [("a.docx", world.filled(ref)), ("b.docx", world.filled(ref, {"voice.evidence": "Not what the other says."}))]
    mail = world.write(BEA, "Here is my audit.", answers=world.carrier(ref), documents=documents)
    world.run("2026-09-14 10:00")
    assert world.inbound(mail).disposition == "hold" and world.audit(ref).submission == 0
    field = next(f for f in world.house.policy.form.fields if f.id == "voice.evidence")
    notice = world.sent("OUT-89", to=QA)[-1]
    assert f": {field.label}" in " ".join(notice.text.split())
    world.write(QA, f"FILE {ref}", answers=notice)
    world.run("2026-09-14 11:00")
    submission = world.house.store.find_submission(ref, 1)
    assert submission is not None and world.audit(ref).state is State.UNDER_QA
    assert submission.name == "a.docx" and [c.name for c in submission.copies] == ["b.docx"]


def test_file_never_puts_a_form_of_another_audit_beside_the_one_it_files(northmoor: Found) -> None:
    """A stranger to both audits sends the forms of two. FILE with one reference files that one; the other stays held."""
    world = northmoor(auditors=2)
    one, two = world.refs
    mail = world.write(QA, "These came to me.", subject="Two audits",
                       documents=[("a.docx", world.filled(one)), ("b.docx", world.filled(two))])
    world.run("2026-09-14 10:00")
    assert world.inbound(mail).disposition == "hold"
    notice = world.sent("OUT-89", to=QA)[-1]
    world.write(QA, f"FILE {two}", answers=notice)
    world.run("2026-09-14 11:00")
    submission = world.house.store.find_submission(two, 1)
    assert submission is not None and submission.name == "b.docx" and submission.copies == ()
    assert world.audit(one).submission == 0 and world.inbound(mail).disposition == "hold"
