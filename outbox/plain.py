"""Markdown tokens → plain text a person can read: no marks of emphasis, tables as lines, one blank line between blocks."""

from collections.abc import Sequence

from markdown_it.token import Token

# Stands above the footer of every letter.
RULE = "-" * 40
# A cell that says there is nothing to say.
_NOTHING = ("", "–")


def from_tokens(tokens: Sequence[Token]) -> str:
    """Block tokens of one letter → its text part, ending in a newline."""
    writer = _Writer()
    for token in tokens:
        writer.take(token)
    return "\n".join(writer.lines).strip("\n") + "\n"


def _inline(token: Token) -> str:
    out = []
    for child in token.children or ():
        if child.type == "softbreak":
            out.append(" ")
        elif child.type == "hardbreak":
            out.append("\n")
        else:
            out.append(child.content)
    return "".join(out)


class _Writer:
    """Walks the tokens once; ``lists`` holds the open lists' next numbers (0 for bullets)."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.lists: list[int] = []
        self.bullet = ""
        self.heads: list[str] = []
        self.cells: list[str] | None = None

    def take(self, token: Token) -> None:
        if token.type in ("bullet_list_open", "ordered_list_open"):
            self.lists.append(int(token.attrGet("start") or 1) if token.type.startswith("ordered") else 0)
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            self.lists.pop()
            self._gap()
        elif token.type == "list_item_open":
            self._number()
        elif token.type in ("tr_open", "tr_close"):
            self._row(token.type == "tr_open")
        elif token.type == "table_close":
            self.heads = []
            self._gap()
        elif token.type == "hr":
            self._gap()
            self.lines += [RULE, ""]
        elif token.type == "inline":
            self._words(_inline(token))
        elif token.type in ("paragraph_close", "heading_close") and not self.lists:
            self._gap()

    def _gap(self) -> None:
        if self.lines and self.lines[-1] and not self.lists:
            self.lines.append("")

    def _number(self) -> None:
        number = self.lists[-1]
        self.bullet = f"{number}. " if number else "- "
        if number:
            self.lists[-1] += 1

    def _words(self, text: str) -> None:
        if self.cells is not None:
            self.cells.append(text)
            return
        indent = "  " * max(len(self.lists) - 1, 0)
        lead = indent + (self.bullet or ("  " if self.lists else ""))
        self.lines += (lead + text).split("\n")
        self.bullet = ""

    def _row(self, opens: bool) -> None:
        if opens:
            self.cells = []
            return
        cells, self.cells = self.cells or [], None
        if not self.heads:
            self.heads = cells
            return
        if len(self.heads) == len(cells) == 2:
            self.lines.append(f"- {cells[0]}: {cells[1]}")
            return
        rest = [f"{head}: {cell}" if head else cell for head, cell in zip(self.heads[1:], cells[1:], strict=False)
                if cell not in _NOTHING]
        self.lines.append("- " + "; ".join([cells[0], *rest]))
