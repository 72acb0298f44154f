"""The states as a table of arrows, drawn from TRANSITIONS: `python -m mailflow.process.drawing README.md` renews the map."""

import sys

from mailflow.process.states import TRANSITIONS

START, END = "<!-- states -->\n", "<!-- end of states -->"


def drawing() -> str:
    """One line a transition that changes the state: from → to, the rule, what happens."""
    rows = ["| from | to | rule | when |", "|---|---|---|---|"]
    for t in TRANSITIONS:
        froms = [s.value for s in t.froms if s is not t.to]
        if t.to is not None and (froms or not t.froms):
            shown = "any open state" if len(froms) > 5 else (", ".join(froms) or "–")
            rows.append(f"| {shown} | {t.to.value} | {t.id} | {t.event} |")
    return "\n".join(rows) + "\n"


def renew_drawing(page: str) -> str:
    """The page with the drawing between its two marks renewed."""
    head, _, rest = page.partition(START)
    return head + START + "\n" + drawing() + "\n" + END + rest.partition(END)[2]


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as page:  # noqa: PTH123  (this room imports no pathlib)
        renewed = renew_drawing(page.read())
    with open(sys.argv[1], "w", encoding="utf-8") as page:  # noqa: PTH123
        page.write(renewed)
