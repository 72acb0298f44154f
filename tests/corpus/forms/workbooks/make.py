"""The invented audit tool these workbooks were made from. ``python tests/corpus/forms/workbooks/make.py FOLDER`` writes the xlsx.

The xls and the ods were saved from it by LibreOffice 7.4 (see the README).
"""

import datetime
import io
import sys
from pathlib import Path

import openpyxl
from openpyxl.comments import Comment
from openpyxl.packaging.custom import StringProperty
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.datavalidation import DataValidation


def make_tool(old_dates: bool = False) -> bytes:
    """Two visible sheets and a hidden one; every kind of value once."""
    book = openpyxl.Workbook()
    if old_dates:
        book.epoch = CALENDAR_MAC_1904
    audit = book.active
    assert audit is not None
    audit.title = "Audit"
    rows = (
        ("Case number", "0044172"), ("Date of audit", datetime.date(2018, 6, 12)),
        ("Seen at", datetime.datetime(2018, 6, 12, 14, 30)), ("Visits", 9), ("Attendance", 0.78), ("Average", 2.5),
        ("Alongside", True), ("Notes", "First line\nsecond line"), ("Register", 417),
    )
    for number, (label, value) in enumerate(rows, 2):
        audit.cell(number, 2, label)
        audit.cell(number, 3, value)
    audit["C6"].number_format = "0%"
    audit["C10"].number_format = "000000"
    audit["B12"], audit["D12"] = "Overall", "Good"
    audit.merge_cells("B12:C13")
    audit["C5"].comment = Comment("Nine or ten?", "Ann Example")
    audit.oddHeader.center.text = "Audit && Review"
    rule = DataValidation(type="list", formula1='"Good,Requires improvement,Inadequate"')
    rule.add("D12")
    listed = DataValidation(type="list", formula1="Lists!$A$1:$A$2")
    listed.add("C9")
    audit.add_data_validation(rule)
    audit.add_data_validation(listed)
    actions = book.create_sheet("Actions")
    actions.append(("No.", "Action", "Who", "Due"))
    actions.append((1, "Ring the school", "Sam Example", None))
    lists = book.create_sheet("Lists")
    lists["A1"], lists["A2"] = "Yes", "No"
    lists.sheet_state = "hidden"
    book.custom_doc_props.append(StringProperty(name="Form", value="mailflow-form:invented"))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    (folder / "tool.xlsx").write_bytes(make_tool())
    (folder / "tool-1904.xlsx").write_bytes(make_tool(old_dates=True))
