"""Times as a profile writes them: "24h" is elapsed hours, "7d" calendar days (CLK-06)."""

import re

DURATION = re.compile(r"([1-9]\d{0,3})([hd])")


def read_duration(text: str) -> tuple[int, str]:
    """"24h" → (24, "h"). Raises ValueError for anything else."""
    found = DURATION.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is not like 24h or 7d")
    return int(found[1]), found[2]


def say_duration(text: str) -> str:
    """"24h" → "24 hours"."""
    count, unit = read_duration(text)
    word = {"h": "hour", "d": "day"}[unit]
    return f"{count} {word}{'' if count == 1 else 's'}"
