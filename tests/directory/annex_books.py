"""Annex A workbooks for tests, as councils make them: every header of the list, invented children, one oddity each."""

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl

COMMON = ("Child Unique ID", "Gender", "Ethnicity", "Date of Birth", "Age of Child (Years)")
HEADERS: dict[int, tuple[str, ...]] = {
    6: (*COMMON, "Does the Child have a Disability", "CIN Start Date", "Primary Need Code", "Date Child Was Last Seen",
        "CIN Closure Date", "Reason for Closure", "Case Status", "Allocated Team", "Allocated Worker"),
    7: (*COMMON, "Does the Child have a Disability", "Child Protection Plan Start Date", "Initial Category of Abuse",
        "Latest Category of Abuse", "Date of the Last Statutory Visit", "Was the Child Seen Alone?",
        "Date of latest review conference", "Child Protection Plan End Date",
        "Subject to Emergency Protection Order or Protected Under Police Powers in Last Six Months (Y/N)",
        "Number of Previous Child Protection Plans", "Allocated Team", "Allocated Worker"),
    8: (*COMMON, "Unaccompanied Asylum Seeking Child (UASC)) within the Last 12 Months (Y/N)", "Does the Child have a Disability",
        "Date Started to be Looked After", "Child\u2019s Category of Need",
        "Is this a second or subsequent period of being a Looked After Child within the last 12 months (Y/N)",
        "Start date of current legal status", "Child\u2019s Legal Status", "Date of Latest Statutory Review",
        "Date of Last Social Work Visit", "What is the permanence plan for this child?",
        "Date of Last IRO Visit / Contact to the Child", "Date of Last Health Assessment", "Date of Last Dental Check",
        "Number of Placements in the Last 12 months", "Date Ceased to be Looked After ", "Reason Ceased to be Looked After",
        "Start Date of Most Recent Placement", "Placement Type", "Placement Provider", "Placement postcode", "URN of Placement",
        "Placement Location", "LA of Placement",
        "Number of Episodes the Child has been \u2018Missing\u2019 from their Placement in the last 12 months",
        "Number of Episodes the Child has been \u2018Absent\u2019 from their Placement in the last 12 months",
        "Was the child offered a Return Interview after their last missing episode (Y/N)?",
        "Did the child accept a Return Interview after their last missing episode (Y/N)?", "Allocated Team", "Allocated Worker"),
    9: (*COMMON, "Does the Child have a Disability", "Allocated Team", "Allocated Worker", "Eligibility Category",
        "LA in Touch", "Type of Accommodation", "Suitability of Accommodation", "Activity Status"),
}
NINE_OF_2024 = (*HEADERS[9][:6], "Unaccompanied Asylum Seeking Child (UASC) within the Last 12 Months (Y/N)", "Allocated Team",
                "Allocated Worker", "Allocated Personal Adviser", "Eligibility Category", "LA in Touch",
                "Date of latest Pathway Plan", "Date of latest contact", "Type of Accommodation", "Suitability of Accommodation",
                "Activity Status")
# Our words for the columns tests fill.
SHORT = {"id": "Child Unique ID", "gender": "Gender", "ethnicity": "Ethnicity", "born": "Date of Birth",
         "age": "Age of Child (Years)", "cin": "CIN Start Date", "cin_end": "CIN Closure Date", "status": "Case Status",
         "cp": "Child Protection Plan Start Date", "cp_end": "Child Protection Plan End Date",
         "lac": "Date Started to be Looked After", "lac_end": "Date Ceased to be Looked After ", "team": "Allocated Team",
         "worker": "Allocated Worker", "adviser": "Allocated Personal Adviser", "disability": "Does the Child have a Disability"}


def sheet_rows(number: int, *children: Mapping[str, Any], headers: Sequence[str] = ()) -> list[list[Any]]:
    """The header and a row a child; ``{"id": 4001, "cin": date(...)}``. Team and worker are there unless said otherwise."""
    headers = headers or HEADERS[number]
    rows: list[list[Any]] = [list(headers)]
    for child in children:
        values = {SHORT[key]: value for key, value in {"team": "Harbour", "worker": "Will Fern", **child}.items()}
        rows.append([values.get(header) for header in headers])
    return rows


def make_book(sheets: Mapping[str, Sequence[Sequence[Any]]]) -> bytes:
    book = openpyxl.Workbook()
    del book["Sheet"]
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def save_book(path: Path, sheets: Mapping[str, Sequence[Sequence[Any]]]) -> Path:
    path.write_bytes(make_book(sheets))
    return path
