"""Audit references ``YYMM-NNNC`` with a check letter (domain 2.5). They carry no personal data."""

import re

LETTERS = "ABCDEFGHJKLMNPQRSTVWXYZ"
_REF = re.compile(r"(?<![0-9A-Za-z-])(\d{4})[-‐‑–](\d{3,6})([A-HJ-NP-TV-Za-hj-np-tv-z])(?![0-9A-Za-z])")


def check_letter(digits: str) -> str:
    """The letter for the digits as one number, mod 23."""
    return LETTERS[int(digits) % 23]


def make_ref(cycle: str, sequence: int) -> str:
    """The reference for the n-th audit (from 1) of cycle ``YYMM``."""
    number = f"{sequence:03d}"
    return f"{cycle}-{number}{check_letter(cycle + number)}"


def find_refs(text: str) -> tuple[str, ...]:
    """Every reference with a right check letter, anywhere in the text, in order, each once."""
    found = []
    for cycle, number, letter in _REF.findall(text):
        ref = f"{cycle}-{number}{letter.upper()}"
        if check_letter(cycle + number) == letter.upper() and ref not in found:
            found.append(ref)
    return tuple(found)


def is_ref(text: str) -> bool:
    return find_refs(text) == (text.strip().upper(),)
