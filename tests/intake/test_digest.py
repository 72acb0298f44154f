"""The same mail is the same however it came; another mail is another, even under one Message-ID."""

import quopri

from mailflow.intake.digest import content_digest, find_message_id
from mailflow.intake.message import read_message

HEAD = ("Message-ID: <m1@x.example>\nFrom: Alex <alex@northmoor.example>\nSubject: Form\n"
        "Date: Wed, 10 Jun 2026 09:15:00 +0100\nMIME-Version: 1.0\n")


def mail(mark: str = "b1", body: str = "8bit", data: str = "UEsDBA==", trace: str = "") -> bytes:
    words = "It’s done\n"
    text = quopri.encodestring(words.encode()).decode() if body == "quoted-printable" else words
    return (f'{trace}{HEAD}Content-Type: multipart/mixed; boundary="{mark}"\n\n--{mark}\n'
            "Content-Type: text/plain; charset=utf-8\n"
            f"Content-Transfer-Encoding: {body}\n\n{text}\n--{mark}\nContent-Type: application/octet-stream\n"
            f'Content-Disposition: attachment; filename="form.docx"\nContent-Transfer-Encoding: base64\n\n'
            f"{data}\n--{mark}--\n").encode()


def test_trace_headers_flags_and_packing_do_not_matter() -> None:
    first = content_digest(mail())
    again = [
        mail(trace="Return-Path: <alex@northmoor.example>\nReceived: from a by b\nX-MS-Exchange-Foo: 1\nStatus: RO\n"),
        mail(mark="other"), mail(body="quoted-printable"), mail(data="UEsD\nBA=="), mail().replace(b"\n", b"\r\n"),
        mail().replace(b"09:15:00 +0100", b"08:15:00 +0000")]
    assert {content_digest(one) for one in again} == {first}


def test_another_document_under_the_same_id_is_another_mail() -> None:
    assert content_digest(mail()) != content_digest(mail(data="UEsDBB=="[:6] + "Q="))
    assert content_digest(mail()) != content_digest(mail().replace(b"Subject: Form", b"Subject: Other"))
    assert content_digest(mail()) != content_digest(mail().replace(b"form.docx", b"farm.docx"))


def test_the_id_is_the_same_whichever_way_it_is_asked_for() -> None:
    for raw in (mail(), mail().replace(b"Message-ID: <m1@x.example>\n", b""), b"", b"\n\n", b"Message-ID: <a@b>\r\n\r\nx",
        b"no headers at all"):
        assert find_message_id(raw) == read_message(raw, frozenset(), "off", "").id != ""


def test_a_mail_without_an_id_gets_one_from_its_content() -> None:
    bare = mail().replace(b"Message-ID: <m1@x.example>\n", b"")
    assert find_message_id(bare) == find_message_id(b"Received: x\n" + bare)
    assert find_message_id(bare) != find_message_id(bare.replace(b"Form", b"Other"))
