"""Wrappers: what is inside winmail.dat, Outlook's .msg and a zip, and what none of them may do to us."""

import io
import random
import struct
import zipfile
from collections.abc import Callable

import pytest

from mailflow.errors import UnreadableError
from mailflow.intake import documents_in
from parsers.sniff import Kind
from parsers.wrapped.packed import MOST_DOCUMENTS
from parsers.wrapped.wrappers import find_wrapper, unwrap
from tests.packing import Folder, Part, make_compound, make_eml, make_msg, make_tnef, make_zip, pictures
from tests.parsers.pages import make_docx, para, zip_up

FORM = make_docx(para("The audit of this case"))
LONG = "Audit – done by Zoë, with a name that is longer than eight letters.docx"
MAKERS: dict[Kind, Callable[[tuple[Part, ...]], bytes]] = {Kind.TNEF: make_tnef, Kind.MSG: make_msg, Kind.ZIP: make_zip}


@pytest.mark.parametrize("kind", MAKERS)
@pytest.mark.parametrize("size", [0, 63, 64, 4095, 4096, 100_000])
def test_documents_come_out_as_they_went_in(kind: Kind, size: int) -> None:
    """Under their long names, in order, whatever their size (a compound file keeps small ones elsewhere)."""
    parts = (Part(LONG, FORM), Part("second.pdf", random.Random(size).randbytes(size)))
    data = MAKERS[kind](parts)
    assert find_wrapper(data) is kind
    assert [(p.name, p.data, p.closed) for p in unwrap(kind, data)] == [(p.name, p.data, "") for p in parts]


@pytest.mark.parametrize("kind", [Kind.TNEF, Kind.MSG])
def test_pictures_that_the_text_shows_are_told_apart(kind: Kind) -> None:
    found = unwrap(kind, MAKERS[kind]((Part("form.docx", FORM), *pictures())))
    assert [p.shown for p in found] == [False] + [True] * 6


@pytest.mark.parametrize("kind", [Kind.TNEF, Kind.MSG])
def test_a_message_inside_is_opened_and_one_further_in_is_left_closed_with_the_reason(kind: Kind) -> None:
    inner = Part("FW: my audit", message=(Part("form.docx", FORM), Part("deeper", message=(Part("x.docx", FORM),))))
    found = unwrap(kind, MAKERS[kind]((inner,)))
    assert [(p.name if p.data else "", bool(p.closed)) for p in found] == [("form.docx", False), ("", True)]


@pytest.mark.parametrize("size", [3_000_000, 7_500_000])
def test_a_message_larger_than_its_header_can_list(size: int) -> None:
    """Past some seven megabytes the sectors of the allocation table stand in a list of their own."""
    data = random.Random(1).randbytes(size)
    assert unwrap(Kind.MSG, make_msg((Part("big.docx", data),)))[0].data == data


def test_a_line_behind_the_end_of_winmail_dat_does_no_harm() -> None:
    assert unwrap(Kind.TNEF, make_tnef((Part("form.docx", FORM),)) + b"\r\n\r\n")[0].data == FORM


def test_names_stay_words_and_what_systems_leave_in_a_zip_is_passed_over() -> None:
    """macOS and Windows put notes and folders beside the documents; a name in UTF-8 that does not say so is read as such."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        for name in ("Audit/", "__MACOSX/Audit/._form.docx", "Audit/.DS_Store", "Thumbs.db", "desktop.ini", "Audit/Zoe\u0308.docx"):
            z.writestr(name, FORM)
    assert [p.name for p in unwrap(Kind.ZIP, out.getvalue())] == ["Audit/Zoe\u0308.docx"]
    plain = out.getvalue()
    for magic, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = plain.rfind(magic)
        flags = struct.unpack_from("<H", plain, start + at)[0] & ~0x800
        plain = plain[:start + at] + struct.pack("<H", flags) + plain[start + at + 2:]
    assert [p.name for p in unwrap(Kind.ZIP, plain)] == ["Audit/Zoe\u0308.docx"]


OFFICE = {
    "word": FORM, "excel": zip_up({"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<w/>"}),
    "opendocument": zip_up({"mimetype": "application/vnd.oasis.opendocument.text"}, stored=("mimetype",)),
    "a word document that embeds a message": make_compound(Folder(
        {"WordDocument": b"x" * 5000}, {"ObjectPool": Folder({"__properties_version1.0": bytes(32)})})),
    "text": b"To: everybody\r\nFrom: me\r\n\r\nThe audit is done.\r\n", "nothing": b"",
}


@pytest.mark.parametrize("name", OFFICE)
def test_a_document_is_no_wrapper(name: str) -> None:
    assert find_wrapper(OFFICE[name]) is None


def _locked(data: bytes) -> bytes:
    out = bytearray(data)
    out[out.rfind(b"PK\x01\x02") + 8] |= 1
    return bytes(out)


def test_what_the_guard_refuses_is_left_to_the_document_reader_and_its_reason() -> None:
    """A password, or names that point elsewhere: the guard's own words are given by the child that reads it."""
    assert find_wrapper(_locked(make_zip((Part("form.docx", FORM),)))) is None
    assert find_wrapper(make_zip((Part("../form.docx", FORM),))) is None


BOMBS = {
    "many": (Kind.ZIP, make_zip(tuple(Part(f"{n}.docx", b"x") for n in range(MOST_DOCUMENTS + 1)))),
    "large": (Kind.ZIP, make_zip(tuple(Part(f"{n}.bin", bytes(20 * 1024 * 1024)) for n in range(4)))),
    "one": (Kind.ZIP, make_zip((Part("0.bin", bytes(25 * 1024 * 1024)),))),
    "many in tnef": (Kind.TNEF, make_tnef(tuple(Part(f"{n}", b"x") for n in range(MOST_DOCUMENTS + 1)))),
    "many in msg": (Kind.MSG, make_msg(tuple(Part(f"{n}", b"x") for n in range(MOST_DOCUMENTS + 1)))),
}


@pytest.mark.parametrize("name", BOMBS)
def test_what_unpacks_to_more_than_any_mail_needs_is_too_large(name: str) -> None:
    kind, data = BOMBS[name]
    with pytest.raises(UnreadableError) as e:
        unwrap(kind, data)
    assert e.value.reason == "too_large"


def test_streams_that_share_their_bytes_do_not_add_up() -> None:
    """A small .msg whose hundred attachments are all the same sectors unpacks to no more than a large mail."""
    data = bytearray(make_msg((*(Part(f"{n}", b"y" * 4096) for n in range(40)), Part("big", b"z" * 3_000_000))))
    name = "__substg1.0_37010102".encode("utf-16-le")
    places = [at for at in range(0, len(data), 128) if data[at:at + len(name)] == name]
    big = next(at for at in places if struct.unpack_from("<Q", data, at + 120)[0] == 3_000_000)
    for at in places:
        data[at + 116:at + 128] = data[big + 116:big + 128]
    with pytest.raises(UnreadableError) as e:
        unwrap(Kind.MSG, bytes(data))
    assert e.value.reason == "too_large"


def test_chains_and_trees_that_go_in_a_circle_end() -> None:
    """Every sector follows itself; every entry is its own brother; the table lists itself without end."""
    whole = make_msg((Part("form.docx", FORM),))
    tables, = struct.unpack_from("<I", whole, 76)
    at = (tables + 1) * 512
    circle = whole[:at] + struct.pack("<128I", *range(128)) + whole[at + 512:]
    assert find_wrapper(circle) is None
    brothers = bytearray(whole)
    directory, = struct.unpack_from("<I", whole, 48)
    for place in range(1, 9):
        struct.pack_into("<II", brothers, (directory + 1) * 512 + place * 128 + 68, place, place)
    find_wrapper(bytes(brothers))
    endless = bytearray(whole)
    struct.pack_into("<II", endless, 68, 0, 0xFFFFFFFF)
    struct.pack_into("<I", endless, 44, 0xFFFFFFFF)
    assert unwrap(Kind.MSG, bytes(endless))[0].data == FORM


@pytest.mark.parametrize("kind", MAKERS)
def test_damage_anywhere_is_said_and_never_breaks_the_reader(kind: Kind) -> None:
    """Cut off at any place, or with bytes changed: either it opens, or an UnreadableError says why."""
    dice = random.Random(2606)
    whole = MAKERS[kind]((Part("form.docx", FORM), *pictures(2), Part("m", message=(Part("in.docx", FORM),))))
    refused = 0
    for _ in range(300):
        data = bytearray(whole[:dice.randrange(len(whole))] if dice.random() < 0.4 else whole)
        for _ in range(dice.choice((0, 1, 4, 40))):
            if data:
                data[dice.randrange(len(data))] = dice.choice((0, 1, 0x7F, 0x80, 0xFF, dice.randrange(256)))
        find_wrapper(bytes(data))
        try:
            unwrap(kind, bytes(data))
        except UnreadableError as e:
            refused += 1
            assert e.reason in ("damaged", "hostile", "too_large", "encrypted") and str(e).endswith(".")
    assert refused > 50


def test_a_saved_mail_is_told_by_its_headers_and_opened_by_the_rules_of_mail() -> None:
    data = make_eml((Part("form.docx", FORM), *pictures()))
    assert find_wrapper(data) is Kind.EML
    assert find_wrapper(b"\r\n" + data.replace(b"\n", b"\r\n")) is Kind.EML
    assert [(a.name, a.data) for a in documents_in(data, [])] == [("form.docx", FORM)]


def test_header_lines_that_fold_for_ever_are_looked_at_once() -> None:
    """Each folded line could once be read in two ways, and two hundred of them in more ways than can be tried."""
    folded = b"Received: x\r\n" + b" y\r\n" * 150 + b"(\r\n"
    assert find_wrapper(folded) is None
    mail = (b"From: a@northmoor.example\r\nContent-Type: application/octet-stream; name=x.eml\r\n"
            b"Content-Disposition: attachment; filename=x.eml\r\n\r\n" + folded)
    assert [a.name for a in documents_in(mail, [])] == ["x.eml"]
