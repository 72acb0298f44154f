"""PDFs that are locked, broken or made to do harm: refused with a reason, in little memory and time."""

import random
import subprocess
import sys
import zlib
from contextlib import suppress
from pathlib import Path

import pikepdf
import pytest

from mailflow.errors import UnreadableError
from parsers.pdf.document import read_pdf
from tests.parsers.pages import ROOT
from tests.parsers.pdfs import Paper, text
from tests.parsers.test_pdf_form import fillable
from tests.parsers.test_pdf_printed import CORPUS

DRAWN = b"BT /F1 12 Tf 50 700 Td (Hello) Tj ET"


def raw_pdf(content: bytes, root: bytes = b"", packing: bytes = b"/FlateDecode", contents: bytes = b"4 0 R", kids: bytes = b"3 0 R") -> bytes:
    """A PDF written byte by byte, of one page."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R" + root + b">>", b"<</Type/Pages/Kids[" + kids + b"]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 5 0 R>>>>/Contents " + contents + b">>",
        b"<</Length %d/Filter %s>>stream\n" % (len(content), packing) + content + b"\nendstream",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    out, places = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    tail = b"trailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % len(out)
    return out + b"xref\n0 6\n0000000000 65535 f \n" + table + tail


def bomb(piece: bytes, times: int) -> bytes:
    packer = zlib.compressobj(9)
    return b"".join([packer.compress(piece * 10_000) for _ in range(times // 10_000)]) + packer.flush()


HOSTILE = {
    "300 MB of drawing": (lambda: raw_pdf(bomb(b" " * 30, 10_000_000)), "too_large"),
    "the same packed twice": (lambda: raw_pdf(zlib.compress(bomb(b" " * 30, 10_000_000)), packing=b"[/FlateDecode/FlateDecode]"), "too_large"),
    "the same as letters": (lambda: raw_pdf(bomb(b" " * 30, 10_000_000).hex().encode() + b">", packing=b"[/ASCIIHexDecode/FlateDecode]"), "too_large"),
    "a million pieces of text": (lambda: raw_pdf(bomb(b"BT /F1 9 Tf (a)Tj ET ", 1_000_000)), "hostile"),
    "a million lines": (lambda: raw_pdf(bomb(b"0 0 m 9 9 l S\n", 1_000_000)), "hostile"),
    "more on a page than any form has": (lambda: raw_pdf(bomb(b"0 0 m 9 9 l S\n", 70_000)), "hostile"),
    "one stream drawn five thousand times": (lambda: raw_pdf(zlib.compress(DRAWN), contents=b"[" + b"4 0 R " * 5000 + b"]"), "hostile"),
    "a hundred thousand arrays inside each other": (lambda: raw_pdf(zlib.compress(DRAWN), b"/Z " + b"[" * 100_000 + b"]" * 100_000), "hostile"),
    "a tree of pages that holds itself": (lambda: raw_pdf(zlib.compress(DRAWN), kids=b"2 0 R"), "damaged"),
    "objects without end": (lambda: raw_pdf(zlib.compress(DRAWN)) + b"\n9 0 obj\n" * 250_000, "hostile"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_each_trick_is_a_declared_refusal(name: str) -> None:
    make, reason = HOSTILE[name]
    with pytest.raises(UnreadableError) as refused:
        read_pdf(make())
    assert refused.value.reason == reason
    assert str(refused.value).startswith("This document") and str(refused.value).endswith(".")


_CHILD = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (600 * 2 ** 20, 600 * 2 ** 20))
from mailflow.errors import UnreadableError
from tests.parsers.test_pdf_guard import HOSTILE
from parsers.pdf.document import read_pdf
for name, (make, reason) in HOSTILE.items():
    try:
        read_pdf(make())
    except UnreadableError as e:
        print(name, e.reason == reason)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no limit on memory here")
def test_all_of_them_are_refused_in_little_memory() -> None:
    done = subprocess.run([sys.executable, "-c", _CHILD], capture_output=True, text=True, cwd=ROOT, timeout=120, check=False)
    assert done.stdout.split("\n")[:-1] == [f"{name} True" for name in HOSTILE], done.stderr[-2000:]


def test_too_many_pages_are_refused() -> None:
    paper = Paper()
    for _ in range(301):
        paper.page()
    with pytest.raises(UnreadableError) as refused:
        read_pdf(paper.data())
    assert refused.value.reason == "too_large" and "301 pages" in str(refused.value)


def test_a_password_is_asked_for_nowhere_and_an_owner_s_lock_hides_nothing() -> None:
    paper = Paper()
    paper.page(text(50, 700, "Hello"))
    with pytest.raises(UnreadableError) as refused:
        read_pdf(paper.data(encryption=pikepdf.Encryption(user="secret", owner="boss")))
    assert refused.value.reason == "encrypted"
    read = read_pdf(paper.data(encryption=pikepdf.Encryption(user="", owner="boss")))
    assert [row.cells[0].text for row in read.rows] == ["Hello"]


def test_a_bomb_behind_an_owner_s_lock_is_met_before_it_is_drawn() -> None:
    paper = Paper()
    paper.page(" " * 30_000_000, text(50, 700, "Hello"))
    with pytest.raises(UnreadableError) as refused:
        read_pdf(paper.data(encryption=pikepdf.Encryption(user="", owner="boss")))
    assert refused.value.reason == "too_large"


@pytest.mark.parametrize("data", [
    b"%PDF-1.7\n" + bytes(range(256)) * 50, b"%PDF-1.7\n", raw_pdf(zlib.compress(DRAWN))[:300],
])
def test_a_broken_one_is_damaged(data: bytes) -> None:
    with pytest.raises(UnreadableError) as refused:
        read_pdf(data)
    assert refused.value.reason == "damaged"


def test_one_that_can_be_repaired_is_read_and_says_so() -> None:
    whole = raw_pdf(zlib.compress(DRAWN))
    lost = whole[:whole.index(b"startxref")]
    assert [row.cells[0].text for row in read_pdf(lost).rows] == ["Hello"]
    assert read_pdf(lost).oddities == ("no proper end",) and read_pdf(whole).oddities == ()


def test_scripts_and_embedded_documents_are_said_and_never_opened(tmp_path: Path) -> None:
    marker = tmp_path / "opened"
    root = b"/OpenAction<</S/Java#53cript/JS(app.alert\\(1\\))>>/AA<</WC<</S/Launch/F(" + str(marker).encode() + b")>>>>/Names<</EmbeddedFiles<</Names[]>>>>"
    read = read_pdf(raw_pdf(zlib.compress(DRAWN), root))
    assert read.oddities == ("scripts", "actions", "embedded objects") and not marker.exists()


def test_passports_are_in_the_document_s_own_properties() -> None:
    paper = Paper()
    paper.page(text(50, 700, "Hello"))
    paper.pdf.docinfo["/mailflow"] = "mailflow-form:1;ref=2611-017C"
    paper.pdf.docinfo["/Keywords"] = "audit"
    with paper.pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as packet:
        packet["dc:identifier"] = "ref-in-xmp"
    read = read_pdf(paper.data())
    assert read.passports[:2] == ("mailflow-form:1;ref=2611-017C", "audit") and "ref-in-xmp" in read.passports[-1]


@pytest.mark.parametrize("seed", range(4))
def test_a_document_damaged_anywhere_is_read_or_refused_and_nothing_else(seed: int, caplog: pytest.LogCaptureFixture) -> None:
    dice = random.Random(seed)
    whole = [path.read_bytes() for path in sorted(CORPUS.glob("*.pdf")) if path.stat().st_size < 20_000] + [fillable().data()]
    for _ in range(60):
        data = bytearray(dice.choice(whole))
        for _ in range(dice.choice((1, 3, 20, 200))):
            at = dice.randrange(len(data))
            data[at:at + dice.randrange(12)] = bytes(dice.choice(b"<>[]()/0123456789 ") for _ in range(dice.randrange(6)))
        with suppress(UnreadableError):
            read_pdf(bytes(data))
    assert not caplog.records
