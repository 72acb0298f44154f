"""What a formula says, for the few that a form has: a due date made of a day and a priority, an answer shown again.

Only plain arithmetic, comparisons and the functions of :data:`FUNCTIONS` are followed; whatever else a formula holds, it
has no value. A day stays a day: a day and a number make a day, two days a number.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from parsers.workbook.formats import Value
from parsers.workbook.guard import column_number

# Row and column from 0; where a formula stands that others copy, how far away the copy is.
Place = tuple[int, int]
# (sheet name, "" for the formula's own; row; column) → value, "" for an empty cell; raises NoValue.
Look = Callable[[str, int, int], Value]
_TOKEN = re.compile(
    r"\s*(?:(?P<text>\"(?:[^\"]|\"\")*\")|(?P<number>[0-9]+(?:\.[0-9]+)?)(?![A-Za-z0-9(!])"
    r"|(?:(?:'(?P<quoted>(?:[^']|'')+)'|(?P<sheet>[A-Za-z_][\w.]*))!)?"
    r"(?P<fix>\$?)(?P<column>[A-Z]{1,3})(?P<fixed>\$?)(?P<row>[1-9][0-9]{0,6})(?![\w(:!])"
    r"|(?P<name>[A-Z]+)(?P<open>\()|(?P<truth>TRUE|FALSE)(?!\w)|(?P<sign><>|<=|>=|[-+*/&=<>(),]))\s*")
_MOST_TOKENS, _DEEPEST = 300, 12
_FIRST_DAY = date(1899, 12, 30)
# Weakest first; of each, all are taken from left to right.
_LEVELS = (("=", "<>", "<=", ">=", "<", ">"), ("&",), ("+", "-"), ("*", "/"))


class NoValue(Exception):  # noqa: N818  (a turning, not a failure)
    """A formula that is not followed. Never leaves this folder."""


def calculate(formula: str, look: Look, moved: Place = (0, 0)) -> Value:
    """The formula's value; "" where it shows nothing. ``moved``: see :data:`Place`. Raises NoValue."""
    reader = _Reader(_tokens(formula), look, moved)
    value = reader.level(0)
    if reader.at != len(reader.tokens):
        raise NoValue
    return value


def _tokens(formula: str) -> list[re.Match[str]]:
    tokens: list[re.Match[str]] = []
    at = 0
    while at < len(formula):
        found = _TOKEN.match(formula, at)
        if found is None or len(tokens) == _MOST_TOKENS:
            raise NoValue
        tokens.append(found)
        at = found.end()
    return tokens


@dataclass
class _Reader:
    """A formula being read once from left to right; where ``skips`` is not 0, nothing is looked up or worked out."""

    tokens: list[re.Match[str]]
    look: Look
    moved: Place
    at: int = 0
    skips: int = 0
    depth: int = 0

    def sign(self) -> str:
        return (self.tokens[self.at]["sign"] or "") if self.at < len(self.tokens) else ""

    def take(self, sign: str) -> None:
        if self.sign() != sign:
            raise NoValue
        self.at += 1

    def level(self, n: int) -> Value:
        if n == len(_LEVELS):
            return self.single()
        value = self.level(n + 1)
        while self.sign() in _LEVELS[n]:
            sign = self.sign()
            self.at += 1
            other = self.level(n + 1)
            value = value if self.skips else _work_out(sign, value, other)
        return value

    def single(self) -> Value:
        if self.at == len(self.tokens) or self.depth > _DEEPEST:
            raise NoValue
        token = self.tokens[self.at]
        self.at += 1
        if token["text"]:
            return token["text"][1:-1].replace('""', '"')
        if token["number"]:
            return float(token["number"])
        if token["truth"]:
            return token["truth"] == "TRUE"
        if token["row"]:
            return self.cell(token)
        self.depth += 1
        value = self.call(token["name"]) if token["name"] else self.signed(token["sign"])
        self.depth -= 1
        return value

    def signed(self, sign: str) -> Value:
        if sign == "(":
            value = self.level(0)
            self.take(")")
            return value
        if sign not in ("-", "+"):
            raise NoValue
        value = self.single()
        return value if self.skips else _work_out(sign, 0, value)

    def cell(self, token: re.Match[str]) -> Value:
        if self.skips:
            return ""
        row, column = int(token["row"]) - 1, column_number(token["column"].encode()) - 1
        row, column = row + (0 if token["fixed"] else self.moved[0]), column + (0 if token["fix"] else self.moved[1])
        return self.look((token["quoted"] or token["sheet"] or "").replace("''", "'"), row, column)

    def call(self, name: str) -> Value:
        if name == "IF":
            return self.choose()
        if name not in FUNCTIONS:
            raise NoValue
        values = [self.level(0)]
        while self.sign() == ",":
            self.at += 1
            values.append(self.level(0))
        self.take(")")
        return "" if self.skips else FUNCTIONS[name](values)

    def choose(self) -> Value:
        """Only the side that holds is worked out: the other is often an error on purpose."""
        holds = self.level(0)
        is_true = False if self.skips else _truth(holds)
        self.take(",")
        first = self.side(is_true)
        second: Value = False
        if self.sign() == ",":
            self.at += 1
            second = self.side(not is_true)
        self.take(")")
        return first if is_true else second

    def side(self, counts: bool) -> Value:
        self.skips += not counts
        value: Value = "" if self.sign() in (",", ")") else self.level(0)
        self.skips -= not counts
        return value


def _truth(value: Value) -> bool:
    if isinstance(value, str) and value:
        raise NoValue
    return bool(value)


def _number(value: Value) -> float:
    if value == "":
        return 0.0
    if isinstance(value, int | float):
        return float(value)
    raise NoValue


def _work_out(sign: str, a: Value, b: Value) -> Value:
    if sign == "&":
        return _text(a) + _text(b)
    if sign in _LEVELS[0]:
        return _compare(sign, a, b)
    if isinstance(a, date) and sign in ("+", "-"):
        return float((_day(a) - _day(b)).days) if isinstance(b, date) and sign == "-" else _moved(a, _number(b), sign)
    if isinstance(b, date) and sign == "+":
        return _moved(b, _number(a), sign)
    x, y = _number(a), _number(b)
    if sign == "/" and not y:
        raise NoValue
    return x + y if sign == "+" else x - y if sign == "-" else x * y if sign == "*" else x / y


def _day(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value


def _moved(day: date, days: float, sign: str) -> date:
    try:
        return day + timedelta(days if sign == "+" else -days)
    except OverflowError as e:
        raise NoValue from e


def _text(value: Value) -> str:
    """Only texts and whole numbers look the same in every format."""
    if isinstance(value, str):
        return value
    number = _number(value)
    if isinstance(value, bool) or not number.is_integer():
        raise NoValue
    return str(int(number))


def _compare(sign: str, a: Value, b: Value) -> bool:
    """Texts without regard to case; an empty cell equals an empty text and nought. A text is never a number."""
    x, y = _comparable(a, b), _comparable(b, a)
    if sign in ("=", "<>"):
        return (sign == "=") == (x == y)
    if x[0] != y[0]:
        raise NoValue
    return {"<": x < y, ">": x > y, "<=": x <= y, ">=": x >= y}[sign]


def _comparable(value: Value, other: Value) -> tuple[bool, float, str]:
    """(whether it is a text, the number, the text)."""
    if isinstance(value, date):
        return False, float((_day(value) - _FIRST_DAY).days), ""
    if isinstance(value, str) and (value or isinstance(other, str)):
        return True, 0.0, value.casefold()
    return False, _number(value), ""


FUNCTIONS: dict[str, Callable[[list[Value]], Value]] = {
    "AND": lambda values: all([_truth(v) for v in values]),
    "OR": lambda values: any([_truth(v) for v in values]),
    "NOT": lambda values: not _truth(values[0]),
    "ISBLANK": lambda values: values[0] == "",
    "TRIM": lambda values: " ".join(_text(values[0]).split()),
    "UPPER": lambda values: _text(values[0]).upper(),
    "LOWER": lambda values: _text(values[0]).lower(),
}
