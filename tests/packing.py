"""Documents packed as people's programs pack them: winmail.dat, Outlook's .msg, a saved mail, a zip. For tests.

Written from the formats' own descriptions, byte by byte, and sharing nothing with what reads them.
"""

import io
import struct
import zipfile
from dataclasses import dataclass, field
from email.message import EmailMessage

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6364f8cff50f00030001018a5a347d6b"
    "0000000049454e44ae426082")
MESSAGE_ID = bytes.fromhex("0703020000000000C000000000000046")


@dataclass(frozen=True)
class Part:
    """One attachment. ``cid`` makes it an inline picture; ``message`` a message inside, given as its own attachments."""

    name: str
    data: bytes = b""
    cid: str = ""
    message: "tuple[Part, ...]" = ()


def pictures(count: int = 6) -> tuple[Part, ...]:
    """Signature pictures as Outlook packs them, each of other bytes."""
    return tuple(Part(f"image{n:03d}.png", PNG + bytes([n]), f"image{n:03d}.png@01DC") for n in range(1, count + 1))


# --- TNEF ---


def _attribute(level: int, identity: int, data: bytes) -> bytes:
    return struct.pack("<BII", level, identity, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)


def _property(tag: int, kind: int, value: bytes) -> bytes:
    padded = value + b"\0" * (-len(value) % 4)
    return struct.pack("<HHII", kind, tag, 1, len(value)) + padded


def make_tnef(parts: "tuple[Part, ...]") -> bytes:
    """winmail.dat: short 8.3 titles, the long name among the MAPI properties."""
    out = struct.pack("<IH", 0x223E9F78, 1) + _attribute(1, 0x00069007, struct.pack("<II", 1252, 0))
    for number, part in enumerate(parts, 1):
        long_name = _property(0x3707, 0x1F, (part.name + "\0").encode("utf-16-le"))
        rows = [struct.pack("<HHI", 3, 0x3705, 5 if part.message else 1), long_name]
        if part.cid:
            rows.append(_property(0x3712, 0x1F, (part.cid + "\0").encode("utf-16-le")))
        if part.message:
            rows.append(_property(0x3701, 0x0D, MESSAGE_ID + make_tnef(part.message)))
        out += _attribute(2, 0x00069002, struct.pack("<HIHHI", 1, 0, 0, 0, 0))
        out += _attribute(2, 0x00018010, f"FILE{number:02d}~1.DOC\0".encode())
        out += b"" if part.message else _attribute(2, 0x0006800F, part.data)
        out += _attribute(2, 0x00069005, struct.pack("<I", len(rows)) + b"".join(rows))
    return out


# --- compound files ---

_FREE, _END, _IS_TABLE, _IS_MORE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFC


@dataclass
class Folder:
    """A folder of streams and folders by name."""

    streams: dict[str, bytes] = field(default_factory=dict)
    folders: "dict[str, Folder]" = field(default_factory=dict)


def make_compound(root: Folder, clsid: bytes = bytes(16)) -> bytes:
    """A compound file of version 3: sectors of 512 bytes, streams under 4096 bytes in the mini stream."""
    big, mini, mini_table = bytearray(), bytearray(), list[int]()
    chains: list[tuple[int, int]] = []  # (first sector, how many) of each chain in ``big``

    def store(data: bytes) -> int:
        first = len(big) // 512
        big.extend(data + bytes(-len(data) % 512))
        chains.append((first, -(-len(data) // 512)))
        return first

    def store_mini(data: bytes) -> int:
        first, count = len(mini) // 64, -(-len(data) // 64)
        mini.extend(data + bytes(-len(data) % 64))
        mini_table.extend([*range(first + 1, first + count), _END])
        return first

    rows: list[list[object]] = [["Root Entry", 5, _FREE, _FREE, _FREE, _END, 0]]

    def add(folder: Folder, at: int) -> None:
        names = sorted({**folder.streams, **folder.folders}, key=lambda n: (len(n), n.upper()))
        places = []
        for name in names:
            places.append(len(rows))
            if name in folder.folders:
                rows.append([name, 1, _FREE, _FREE, _FREE, 0, 0])
                add(folder.folders[name], places[-1])
            else:
                data = folder.streams[name]
                start = _END if not data else store(data) if len(data) >= 4096 else store_mini(data)
                rows.append([name, 2, _FREE, _FREE, _FREE, start, len(data)])
        rows[at][4] = _tree(places, rows)

    add(root, 0)
    rows[0][5], rows[0][6] = (store(bytes(mini)) if mini else _END), len(mini)
    mini_raw = struct.pack(f"<{len(mini_table)}I", *mini_table)
    mini_start = store(mini_raw + b"\xff" * (-len(mini_raw) % 512)) if mini_raw else _END
    entries = b"".join(_entry(*row, clsid if n == 0 else bytes(16)) for n, row in enumerate(rows))  # type: ignore[arg-type]
    directory = store(entries + b"".join(_entry("", 0, _FREE, _FREE, _FREE, 0, 0, bytes(16)) for _ in range(-len(rows) % 4)))
    used = len(big) // 512
    tables, more = _sizes(used)
    table = [_FREE] * (tables * 128)
    for first, count in chains:
        table[first:first + count] = [*range(first + 1, first + count), _END] if count else []
    table[used:used + tables] = [_IS_TABLE] * tables
    table[used + tables:used + tables + more] = [_IS_MORE] * more
    places = [*range(used, used + tables)]
    further = [places[109 + 127 * n:109 + 127 * (n + 1)] for n in range(more)]
    further = [row + [_FREE] * (127 - len(row)) + [used + tables + n + 1 if n + 1 < more else _END] for n, row in enumerate(further)]
    head = bytes.fromhex("D0CF11E0A1B11AE1") + bytes(16) + struct.pack(
        "<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, tables, directory, 0, 4096, mini_start, -(-len(mini_raw) // 512),
        used + tables if more else _END, more)
    head += struct.pack("<109I", *(places + [_FREE] * 109)[:109])
    return (head + bytes(big) + struct.pack(f"<{len(table)}I", *table)
            + b"".join(struct.pack("<128I", *row) for row in further))


def _sizes(used: int) -> tuple[int, int]:
    """(sectors of the table, sectors that list those the header has no room for) over ``used`` sectors and themselves."""
    tables, more = 1, 0
    while tables * 128 < used + tables + more:
        tables += 1
        more = max(0, -(-(tables - 109) // 127))
    return tables, more


def _tree(places: list[int], rows: list[list[object]]) -> int:
    """A balanced tree over brothers in order; the number of its top."""
    if not places:
        return _FREE
    middle = len(places) // 2
    rows[places[middle]][2] = _tree(places[:middle], rows)
    rows[places[middle]][3] = _tree(places[middle + 1:], rows)
    return places[middle]


def _entry(name: str, kind: int, left: int, right: int, child: int, start: int, size: int, clsid: bytes) -> bytes:
    words = name.encode("utf-16-le")
    return (words.ljust(64, b"\0") + struct.pack("<HBBIII", len(words) + 2 if name else 0, kind, 1, left, right, child) + clsid
            + struct.pack("<IQQIQ", 0, 0, 0, start, size))


# --- Outlook's .msg ---


def make_msg(parts: "tuple[Part, ...]", subject: str = "My audit") -> bytes:
    return make_compound(_message(parts, subject, 32), bytes.fromhex("0B0D020000000000C000000000000046"))


def _message(parts: "tuple[Part, ...]", subject: str, head: int) -> Folder:
    words = subject.encode("utf-16-le")
    folder = Folder({"__properties_version1.0": bytes(head) + _rows({"0037001F": words}), "__substg1.0_0037001F": words})
    for number, part in enumerate(parts):
        texts = {"3707001F": part.name, "3704001F": "FILE~1.DOC", **({"3712001F": part.cid} if part.cid else {})}
        values = {tag: text.encode("utf-16-le") for tag, text in texts.items()}
        if part.message:
            folder_inside = {"__substg1.0_3701000D": _message(part.message, "inside", 24)}
        else:
            values["37010102"], folder_inside = part.data, {}
        inside = Folder({f"__substg1.0_{tag}": value for tag, value in values.items()}, folder_inside)
        inside.streams["__properties_version1.0"] = bytes(8) + struct.pack(
            "<III4x", 0x37050003, 6, 5 if part.message else 1) + _rows(values)
        folder.folders[f"__attach_version1.0_#{number:08X}"] = inside
    return folder


def _rows(values: dict[str, bytes]) -> bytes:
    """The rows that say which values stand in streams of their own, and how long they are (text counts its NUL)."""
    return b"".join(struct.pack("<IIII", int(tag, 16), 6, len(v) + (2 if tag.endswith("001F") else 0), 0) for tag, v in values.items())


# --- a saved mail, a zip ---


def make_eml(parts: "tuple[Part, ...]") -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "Ada Lowe <ada.lowe@northmoor.example>", "bea@northmoor.example", "Audit"
    message["Message-ID"] = "<saved@northmoor.example>"
    message.set_content("Here it is.\n")
    for part in parts:
        main, sub = ("image", "png") if part.cid else ("application", "octet-stream")
        message.add_attachment(part.data, maintype=main, subtype=sub, filename=part.name,
                               cid=f"<{part.cid}>" if part.cid else None, disposition="inline" if part.cid else "attachment")
    return message.as_bytes()


def make_zip(parts: "tuple[Part, ...]", folder: str = "") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for part in parts:
            z.writestr(folder + part.name, part.data)
    return out.getvalue()
