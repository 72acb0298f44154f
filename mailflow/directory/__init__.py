"""People, absences and cases: a council's sheets → values, bad rows with their reasons."""

from mailflow.directory.crew import Crew
from mailflow.directory.differences import (
    SheetChange,
    compare_cases,
    compare_extract,
    compare_people,
    why_ask_first,
    why_never_apply,
)
from mailflow.directory.parties import NAMES_PEOPLE, find_parties, heads_of
from mailflow.directory.sheets import BadRow, Sheet, read_sheet, read_sheet_bytes
from mailflow.directory.values import CASE_COLUMNS, PEOPLE_COLUMNS, parse_cases, parse_people

__all__ = [
    "CASE_COLUMNS", "NAMES_PEOPLE", "PEOPLE_COLUMNS", "BadRow", "Crew", "Sheet", "SheetChange", "compare_cases", "compare_extract",
    "compare_people", "find_parties", "heads_of", "parse_cases", "parse_people", "read_sheet", "read_sheet_bytes", "why_ask_first",
    "why_never_apply",
]
