"""Small invented PDFs, drawn by hand: text and lines where the test puts them, form boxes, notes, other oddities."""

from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, String

WIDE, HIGH = 595, 842


def text(x: float, y: float, words: str, size: float = 10) -> str:
    """Drawing words at a place."""
    plain = words.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
    return f"BT /F1 {size} Tf {x} {y} Td ({plain}) Tj ET\n"


def rule(x0: float, y0: float, x1: float, y1: float) -> str:
    return f"{x0} {y0} m {x1} {y1} l S\n"


def grid(xs: Sequence[float], ys: Sequence[float]) -> str:
    """All lines of a table."""
    lines = [rule(xs[0], y, xs[-1], y) for y in ys] + [rule(x, ys[0], x, ys[-1]) for x in xs]
    return "0.5 w\n" + "".join(lines)


def table(rows: Sequence[Sequence[str]], xs: Sequence[float], top: float, high: float = 20) -> str:
    """A ruled table with its words."""
    drawn = grid(xs, [top - n * high for n in range(len(rows) + 1)])
    for r, row in enumerate(rows):
        drawn += "".join(text(x + 3, top - (r + 1) * high + 6, words) for x, words in zip(xs, row, strict=False) if words)
    return drawn


class Paper:
    """A PDF being made; ``data`` gives its bytes."""

    def __init__(self) -> None:
        self.pdf = pikepdf.new()
        self.font = self.pdf.make_indirect(
            Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding)
        )
        self.fields: list[Any] = []

    def page(self, *drawn: str, size: tuple[float, float] = (WIDE, HIGH)) -> Any:
        page = self.pdf.add_blank_page(page_size=size)
        page.obj.Resources = Dictionary(Font=Dictionary(F1=self.font))
        page.obj.Contents = self.pdf.make_stream("".join(drawn).encode("cp1252"))
        return page.obj

    def note(self, page: Any, kind: str, rect: Sequence[float], **more: Any) -> Any:
        note = self.pdf.make_indirect(
            Dictionary(Type=Name.Annot, Subtype=Name("/" + kind), Rect=Array(list(rect)), **more)
        )
        if "/Annots" not in page:
            page.Annots = Array()
        page.Annots.append(note)
        return note

    def box(self, page: Any, name: str, rect: Sequence[float], kind: str = "Tx", **more: Any) -> Any:
        """A form field with one widget, drawn as every program draws it: its value stands in its appearance too."""
        box = self.note(page, "Widget", rect, FT=Name("/" + kind), T=String(name), F=4, **more)
        if kind == "Tx" and "V" in more:
            wide, high = rect[2] - rect[0], rect[3] - rect[1]
            shown = self.pdf.make_stream(text(2, 2, str(more["V"])).encode("cp1252"))
            shown.stream_dict = Dictionary(
                Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, wide, high]),
                Resources=Dictionary(Font=Dictionary(F1=self.font)), Length=0,
            )
            box.AP = Dictionary(N=shown)
        self.fields.append(box)
        return box

    def tick(self, page: Any, name: str, rect: Sequence[float], on: bool) -> Any:
        state = Name.Yes if on else Name.Off
        return self.box(page, name, rect, "Btn", V=state, AS=state, AP=Dictionary(N=self._states("Yes")))

    def radio(self, page: Any, name: str, buttons: Iterable[tuple[str, Sequence[float]]], chosen: str = "") -> None:
        """One group; ``buttons`` are (export name, place)."""
        group = self.pdf.make_indirect(Dictionary(FT=Name.Btn, T=String(name), Ff=(1 << 15) | (1 << 14), Kids=Array()))
        group.V = Name("/" + chosen) if chosen else Name.Off
        for export, rect in buttons:
            kid = self.note(page, "Widget", rect, Parent=group, F=4, AP=Dictionary(N=self._states(export)))
            kid.AS = Name("/" + export) if export == chosen else Name.Off
            group.Kids.append(kid)
        self.fields.append(group)

    def _states(self, on: str) -> Dictionary:
        drawn = {name: self.pdf.make_stream(b"") for name in (on, "Off")}
        for stream in drawn.values():
            stream.stream_dict = Dictionary(Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 9, 9]), Length=0)
        return Dictionary({"/" + name: stream for name, stream in drawn.items()})

    def data(self, **save: Any) -> bytes:
        if self.fields:
            self.pdf.Root.AcroForm = Dictionary(
                Fields=Array(self.fields), DA=String("/F1 10 Tf 0 g"), DR=Dictionary(Font=Dictionary(F1=self.font)),
                **({"XFA": self.xfa} if self.xfa is not None else {}),
            )
        out = BytesIO()
        self.pdf.save(out, **save)
        return out.getvalue()

    xfa: Any = None
