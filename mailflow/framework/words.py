"""checks.toml → the auditor's words for each check, nearest template folder first, ``base`` filling what it leaves out.

Words are data a council may change: a placeholder is replaced by a value and by nothing else (no attributes, no
indexes, no format codes), so that a text can't reach into the program.
"""

import string
import tomllib
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from mailflow.errors import ConfigError

NAME = "checks.toml"
# House rule for every point (domain section 4): at most this many words, a placeholder counting as one.
MOST_WORDS = 25

# Check, or check.wording → the placeholders it knows. The one list; checks.toml is tested against it at every start.
PLACEHOLDERS: Mapping[str, frozenset[str]] = MappingProxyType({key: frozenset(names.split()) for key, names in {
    "CHK-001": "", "CHK-002": "ref", "CHK-003": "edition wanted", "CHK-003.form": "", "CHK-004": "",
    "CHK-005": "found wanted", "CHK-010": "", "CHK-006": "label section", "CHK-006.optional": "label section", "CHK-007": "what",
    "CHK-008": "changes comments", "CHK-009": "", "CHK-011": "fields", "CHK-011.printed": "fields",
    "CHK-012": "found list", "CHK-013": "section label", "CHK-013.choice": "section label choices",
    "CHK-013.action": "n", "CHK-013.scores": "section questions", "CHK-014": "section label", "CHK-014.beside": "section label",
    "CHK-015": "question found min max", "CHK-015.which": "question found candidates",
    "CHK-015.number": "question found", "CHK-016": "question found", "CHK-017": "question score",
    "CHK-017.some": "section questions", "CHK-018": "section category", "CHK-018.items": "questions category",
    "CHK-019": "found section grades", "CHK-019.which": "found section candidates", "CHK-020": "section", "CHK-021": "",
    "CHK-022": "section stage", "CHK-023": "questions", "CHK-024": "share", "CHK-024.items": "share", "CHK-025": "",
    "CHK-026": "", "CHK-026.reason": "", "CHK-027": "", "CHK-027.late": "", "CHK-028": "",
    "CHK-029": "target", "CHK-030": "", "CHK-031": "section n count",
    "CHK-032": "found section", "CHK-032.year": "found section", "CHK-032.day": "found section",
    "CHK-033": "found day", "CHK-034": "met started", "CHK-035": "label day", "CHK-036": "", "CHK-037": "day",
    "CHK-038": "",
    "CHK-039": "day", "CHK-039.before": "day", "CHK-040": "from_day n", "CHK-041": "n", "CHK-042": "n", "CHK-042.letter": "n",
    "CHK-043": "n found", "CHK-044": "n found", "CHK-045": "n", "CHK-045.returned": "n", "CHK-046": "n months",
    "CHK-048": "n", "CHK-049": "n", "CHK-050": "a b",
    "CHK-051": "n", "CHK-051.none": "grade", "CHK-053": "section grade low", "CHK-054": "", "CHK-055": "n",
    "CHK-057": "section grade", "CHK-058": "", "CHK-059": "", "CHK-060": "", "CHK-061": "", "CHK-071": "",
    "CHK-072": "", "CHK-072.told": "", "CHK-073": "", "CHK-074": "", "CHK-075": "n", "CHK-075.reply": "n", "CHK-076": "",
    "CHK-077": "gap", "CHK-078": "", "CHK-079": "", "CHK-080": "", "CHK-081": "", "CHK-082": "found", "CHK-083": "sources",
    "CHK-084": "", "CHK-085": "", "CHK-102": "", "CHK-103": "names",
    "CHK-104": "masked", "CHK-104.ref": "masked", "CHK-105": "kind section", "CHK-106": "", "CHK-106.subject": "",
    "CHK-106.maybe": "names", "CHK-107": "", "CHK-108": "", "CHK-109": "n", "CHK-110": "before after",
    "CHK-111": "fields", "CHK-112": "", "CHK-118": "count limit", "CHK-118.name": "names", "CHK-119": "what",
    "CHK-120": "",
    # Scores beside grades, evidence, moderation, re-audit.
    "CHK-047": "n letter day", "CHK-052": "question theirs ours", "CHK-052.some": "questions",
    "CHK-056": "section mean grade", "CHK-057.own": "section", "CHK-057.scores": "questions",
    "CHK-062": "grade found label", "CHK-063": "questions", "CHK-064": "questions", "CHK-065": "oversight supervision",
    "CHK-066": "question category", "CHK-067": "score", "CHK-068": "question score words", "CHK-068.some": "questions",
    "CHK-069": "score", "CHK-070": "", "CHK-086": "section n", "CHK-086.some": "n sections",
    "CHK-086.items": "section questions", "CHK-086.questions": "questions", "CHK-087": "section questions found",
    "CHK-088": "a b", "CHK-089": "section", "CHK-089.own": "section ref", "CHK-090": "question", "CHK-091": "section",
    "CHK-092": "questions", "CHK-093": "", "CHK-094": "", "CHK-095": "", "CHK-096": "section found", "CHK-097": "found",
    "CHK-098": "section", "CHK-099": "found", "CHK-100": "section", "CHK-101": "n", "CHK-113": "", "CHK-114": "",
    "CHK-114.differ": "", "CHK-115": "", "CHK-116": "n action", "CHK-117": "before after",
}.items()})


def load_words(folders: tuple[Path, ...]) -> Mapping[str, str]:
    """Key of :data:`PLACEHOLDERS` → text. ``folders`` nearest first, as :func:`framework_folders` gives them.

    Raises ConfigError with every problem, each naming file and key: no such check, an unknown placeholder, a text
    that is empty or too long, a check without words.
    """
    words: dict[str, str] = {}
    problems: list[str] = []
    for path in [folder / NAME for folder in reversed(folders) if (folder / NAME).is_file()]:
        for key, text in _read(path).items():
            wrong = _wrong(key, text)
            problems += [f"{path}: {key}: {w}" for w in wrong]
            words.update({} if wrong else {key: str(text)})
    last = folders[-1] / NAME
    problems += [f"{last}: {key}: missing" for key in PLACEHOLDERS if key not in words
                 and not any(f": {key}: " in p for p in problems)]
    if problems:
        raise ConfigError(problems)
    return MappingProxyType(words)


def _read(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as e:
        raise ConfigError(f"{path}: {e}") from e


def _wrong(key: str, text: object) -> list[str]:
    """What is wrong with one entry, in sentences without the file and key."""
    if key not in PLACEHOLDERS:
        return ["there is no such check"]
    if not isinstance(text, str) or not text.strip():
        return ["give a text"]
    try:
        names, plain = _pieces(text)
    except ValueError as e:
        return [str(e)]
    bad = [f"unknown placeholder {{{n}}}" for n in names if n not in PLACEHOLDERS[key]]
    if len(plain.split()) > MOST_WORDS:
        bad.append(f"{len(plain.split())} words; {MOST_WORDS} is the most")
    return bad


def _pieces(text: str) -> tuple[list[str], str]:
    """The placeholders, and the text with each as one word. Raises ValueError for braces that don't pair."""
    names, plain = [], ""
    for literal, name, code, conversion in string.Formatter().parse(text):
        plain += literal
        if name is not None:
            # A format code or a conversion is part of what was asked for, so that it is refused as unknown.
            names.append(name + (f"!{conversion}" if conversion else "") + (f":{code}" if code else ""))
            plain += "x"
    return names, plain
