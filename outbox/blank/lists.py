"""What may be typed into the cells of a blank workbook: lists to choose from, dates, each said in words when it's wrong."""

from openpyxl.cell.cell import Cell
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from mailflow.form.definition import FormField, Kind
from outbox.blank.controls import menu_of

# Excel takes no list that is longer than this in writing.
_LONGEST_LIST = 255


class Lists:
    """The rules of one sheet; cells that may hold the same share one."""

    def __init__(self, sheet: Worksheet) -> None:
        self._sheet = sheet
        self._rules: dict[tuple[str, ...], DataValidation] = {}

    def offer(self, cell: Cell, field: FormField) -> None:
        """Gives the cell its list or its rule; a cell for text has none."""
        if field.prefilled:
            return
        shown = tuple(text for text, _ in menu_of(field))
        if shown:
            self._rule(shown).add(cell)
        elif field.kind is Kind.DATE:
            self._rule(("date",)).add(cell)

    def _rule(self, key: tuple[str, ...]) -> DataValidation:
        if key not in self._rules:
            self._rules[key] = _day() if key == ("date",) else _choice(key)
            self._sheet.add_data_validation(self._rules[key])
        return self._rules[key]


def _choice(shown: tuple[str, ...]) -> DataValidation:
    written = ",".join(shown)
    words = "Please choose one of: " + ", ".join(shown)
    if len(written) > _LONGEST_LIST or any("," in text for text in shown):
        # No list can hold these, so they are only said. A list on a sheet of its own would have to be hidden, and hidden
        # sheets are what a careful reader asks about.
        rule = DataValidation(allow_blank=True, showInputMessage=True)
        rule.prompt = words[:255]
        return rule
    rule = DataValidation("list", formula1=f'"{written}"', allow_blank=True, showErrorMessage=True)
    rule.errorTitle, rule.error = "Not in the list", words[:225]
    return rule


def _day() -> DataValidation:
    """Any day of this century; 36526 is 1 January 2000."""
    rule = DataValidation("date", operator="greaterThanOrEqual", formula1="36526", allow_blank=True, showErrorMessage=True)
    rule.errorTitle, rule.error = "Not a date", "Please type a date as day/month/year, for example 17/06/2026."
    return rule
