"""The one reader of compound files: what it finds by name and in folders, and what a file that lies gets."""

import struct

import pytest

from mailflow.errors import UnreadableError
from parsers.compound import Compound, open_compound
from tests.packing import Folder, make_compound

SMALL, LARGE = bytes(range(200)), bytes(range(256)) * 40
WHOLE = make_compound(Folder(
    {"Small": SMALL, "Large": LARGE, "Nothing": b""},
    {"Full": Folder({"Inner": b"inside"}), "Hollow": Folder(), "Object": Folder({"\x05Inner": b"deeper"})},
))


def entry_at(name: str) -> int:
    """Where an entry of the directory begins in WHOLE."""
    wanted = name.encode("utf-16-le") + b"\0\0"
    return next(at for at in range(512, len(WHOLE), 128) if WHOLE.startswith(wanted, at))


def changed(at: int, *numbers: int) -> bytes:
    raw = struct.pack(f"<{len(numbers)}I", *numbers)
    return WHOLE[:at] + raw + WHOLE[at + len(raw):]


def table_at(sector: int) -> int:
    """Where the number stands that says which sector follows this one."""
    return (struct.unpack_from("<I", WHOLE, 76)[0] + 1) * 512 + 4 * sector


def start_of(name: str) -> int:
    return int(struct.unpack_from("<I", WHOLE, entry_at(name) + 116)[0])


def reason(data: bytes) -> str:
    with pytest.raises(UnreadableError) as refused:
        assert open_compound(data).named
    return refused.value.reason


def test_streams_are_found_by_name_whatever_folder_they_lie_in() -> None:
    file = open_compound(WHOLE)
    assert {name: file.read_named(name) for name in file.named} == {
        "Small": SMALL, "Large": LARGE, "Nothing": b"", "Full": b"", "Inner": b"inside", "Hollow": b"", "Object": b"",
        "\x05Inner": b"deeper",
    }
    assert file.read_named("Missing") == b""


def test_folders_hold_their_own_and_an_empty_one_is_told_from_a_filled_one() -> None:
    file = open_compound(WHOLE)
    top = file.inside(file.root)
    assert set(file.inside(top["Full"])) == {"Inner"} and file.inside(top["Hollow"]) == {}
    assert {one.name for one in file.entries if one.is_filled} == set(file.named) - {"Hollow"} | {"Root Entry"}


@pytest.mark.parametrize(("name", "old"), [("Small", SMALL), ("Large", LARGE)])
def test_a_stream_is_written_over_in_place(name: str, old: bytes) -> None:
    other = open_compound(open_compound(WHOLE).with_named(name, old[::-1]))
    assert other.read_named(name) == old[::-1]
    rest = set(other.named) - {name}
    assert all(other.read_named(n) == open_compound(WHOLE).read_named(n) for n in rest)


LIES = {
    "a stream that goes in a circle": changed(table_at(start_of("Large") + 1), start_of("Large")),
    "a circle behind the part that is used": changed(
        table_at(start_of("Large") + len(LARGE) // 512 - 1), start_of("Large")),
    "a stream that stops early": changed(table_at(start_of("Large") + 1), 0xFFFFFFFE),
    "a small stream that is nowhere": changed(entry_at("Small") + 116, 5000),
    "a stream larger than the whole": changed(entry_at("Large") + 120, 0x7FFFFFFF),
    "a directory that goes in a circle": changed(
        table_at(struct.unpack_from("<I", WHOLE, 48)[0]), struct.unpack_from("<I", WHOLE, 48)[0]),
    "a directory beyond the end": changed(48, 100),
    "a root that is a small stream": changed(entry_at("Root Entry") + 64, 2 << 16 | 22),
    "small pieces of another size": WHOLE[:32] + b"\x07" + WHOLE[33:],
    "sectors of another size": WHOLE[:30] + b"\x0a" + WHOLE[31:],
}


@pytest.mark.parametrize("name", LIES)
def test_a_file_that_contradicts_itself_is_damaged(name: str) -> None:
    assert LIES[name] != WHOLE and reason(LIES[name]) == "damaged"


def test_streams_that_share_their_sectors_make_no_more_of_a_file_than_there_is() -> None:
    shared = bytearray(make_compound(Folder({f"{n:04}": b"x" * 4096 for n in range(40)} | {"big": bytes(400_000)})))
    places = [at for at in range(0, len(shared), 128) if shared[at + 66:at + 67] == b"\2" and shared[at + 1:at + 2] == b"\0"]
    big = next(at for at in places if struct.unpack_from("<I", shared, at + 120)[0] == 400_000)
    for at in places:
        shared[at + 116:at + 124] = shared[big + 116:big + 124]
    assert reason(bytes(shared)) == "damaged"


def test_a_directory_longer_than_any_document_s_is_refused_before_it_is_read() -> None:
    file = Compound(b"", 512, (), bytes(128 * 20_001), 0xFFFFFFFE, 4096)
    with pytest.raises(UnreadableError) as refused:
        assert file.entries
    assert refused.value.reason == "hostile"


def test_a_name_no_alphabet_has_costs_its_own_stream_only() -> None:
    at = entry_at("Inner")
    file = open_compound(WHOLE[:at] + b"\x00\xd8" + WHOLE[at + 2:])
    assert file.read_named("Large") == LARGE and file.read_named("Inner") == b""
