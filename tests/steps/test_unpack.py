"""The corridor's unpacking of one mail's attachments: places, bounds over the whole mail, and which pictures count."""

import hashlib

import pytest

from mailflow.model import Attachment
from mailflow.steps.unpack import LEFT_CLOSED, Item, unpack
from tests.packing import PNG, Part, make_eml, make_msg, make_tnef, make_zip, pictures

MOST = 25 * 1024 * 1024
FORM, OTHER = b"PK\x03\x04 one", b"PK\x03\x04 two"


def attached(name: str, data: bytes) -> Attachment:
    return Attachment(name, "application/octet-stream", data, hashlib.sha256(data).hexdigest())


def opened(*attachments: Attachment, most: int = MOST) -> list[tuple[str, str, str]]:
    """(name, what it lay in, why it was refused) of each."""
    return [(i.attachment.name, i.packed_in, i.refused.reason if i.refused else "") for i in unpack(attachments, most)]


def test_what_is_no_wrapper_stays_as_it_is() -> None:
    one = attached("form.docx", FORM)
    assert unpack([one], MOST) == (Item(one, picture=False, meant=True),)


def test_documents_take_their_wrapper_s_place_and_say_what_they_lay_in() -> None:
    inside = make_zip((Part("a/form.docx", FORM), Part("b/c/\x07other.docx", OTHER)))
    found = opened(attached("first.pdf", b"%PDF-1.7"), attached("w.dat", make_tnef((Part("r.zip", inside),))), attached("last.pdf", b"%PDF-2"))
    assert found == [("first.pdf", "", ""), ("form.docx", "r.zip in w.dat", ""), ("other.docx", "r.zip in w.dat", ""), ("last.pdf", "", "")]


def test_the_same_document_in_two_places_is_read_once_where_it_came_first() -> None:
    packed = make_zip((Part("form.docx", FORM), Part("again.docx", FORM)))
    assert opened(attached("a.zip", packed), attached("form.docx", FORM)) == [("form.docx", "a.zip", "")]


@pytest.mark.parametrize("make", [make_tnef, make_msg, make_eml, make_zip])
def test_signature_pictures_inside_never_count_and_a_photograph_only_where_there_is_nothing_else(make) -> None:  # type: ignore[no-untyped-def]
    photograph = Part("IMG_2041.png", PNG + b"photograph")
    assert opened(attached("w", make((Part("form.docx", FORM), photograph, *pictures())))) == [("form.docx", "w", "")]
    assert opened(attached("w", make((photograph, *pictures())))) == [("IMG_2041.png", "w", "")]
    assert opened(attached("w", make((photograph,))), attached("form.docx", FORM)) == [("form.docx", "", "")]


def test_a_wrapper_with_nothing_in_it_is_said_to_be_empty_but_for_outlook_s_own_packing() -> None:
    for make in (make_zip, make_msg, make_eml):
        assert opened(attached("w", make(()))) == [("w", "", "empty")]
    assert opened(attached("winmail.dat", make_tnef(()))) == []


def test_all_wrappers_of_a_mail_share_one_bound() -> None:
    """One zip of twenty megabytes of nothing is opened; of five such in one mail the last ones are too large."""
    zips = [attached(f"{n}.zip", make_zip((Part(f"{n}.docx", b"PK" + bytes([n]) * 20_000_000),))) for n in range(5)]
    assert [reason for _, _, reason in opened(*zips)] == ["", "", "", "too_large", "too_large"]
    many = [attached(f"{n}.zip", make_zip(tuple(Part(f"{n}-{m}.docx", b"%d %d" % (n, m)) for m in range(60)))) for n in range(2)]
    assert len(opened(*many)) == 61 and opened(*many)[-1] == ("1.zip", "", "too_large")


def test_a_wrapper_over_the_council_s_own_limit_is_not_opened() -> None:
    data = make_zip((Part("form.docx", FORM),))
    assert opened(attached("a.zip", data), most=len(data) - 1) == [("a.zip", "", "")]
    assert opened(attached("a.zip", data), most=len(data)) == [("form.docx", "a.zip", "")]


def test_what_is_left_closed_stays_in_sight_beside_what_was_opened() -> None:
    inner = make_zip((Part("deep.docx", OTHER),))
    found = unpack([attached("a.zip", make_zip((Part("form.docx", FORM), Part("in.zip", inner))))], MOST)
    assert [(i.attachment.name, i.refused is not None) for i in found] == [("form.docx", False), ("in.zip", True)]
    assert found[1].refused is not None and found[1].refused.oddities == (LEFT_CLOSED,) and found[1].attachment.data == inner


def test_a_wrapper_in_a_wrapper_is_opened_and_the_third_is_not() -> None:
    form = (Part("form.docx", FORM),)
    two = make_tnef((Part("m.msg", make_msg(form)),))
    three = make_tnef((Part("m.msg", make_msg((Part("z.zip", make_zip(form)),))),))
    assert opened(attached("w.dat", two)) == [("form.docx", "m.msg in w.dat", "")]
    assert opened(attached("w.dat", three)) == [("z.zip", "m.msg in w.dat", "unsupported")]
