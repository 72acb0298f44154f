"""Northmoor Council: invented people and cases, as the two sheets a real council would import."""

from pathlib import Path

from mailflow.directory.values import CASE_COLUMNS, PEOPLE_COLUMNS

DOMAIN = "northmoor.example"
MAILBOX = f"audits@{DOMAIN}"
QA_OFFICER = f"priya.nair@{DOMAIN}"
QA_MANAGER = f"helen.ashworth@{DOMAIN}"

# name · roles · team · service · manager (by name) · phone
_PEOPLE = (
    ("Priya Nair", "qa", "Quality Assurance", "", "Helen Ashworth", "01632 960 101"),
    ("Helen Ashworth", "qa_manager", "Quality Assurance", "", "", "01632 960 100"),
    ("Gareth Lowe", "hos", "", "Safeguarding", "Ruth Adeyemi", "01632 960 110"),
    ("Farah Siddiqui", "hos", "", "Corporate Parenting", "Ruth Adeyemi", "01632 960 111"),
    ("Ruth Adeyemi", "ad", "", "", "", "01632 960 102"),
    ("Martin Quayle", "sm", "", "Safeguarding", "Gareth Lowe", "01632 960 112"),
    ("Lena Fischer", "sm", "", "Corporate Parenting", "Farah Siddiqui", "01632 960 113"),
    ("Colm Brennan", "psw", "", "", "Ruth Adeyemi", "01632 960 103"),
    ("Joy Mensah", "iro", "Reviewing service", "Quality", "", "01632 960 120"),
    # Team managers audit the work of other teams.
    ("Tom Hartley", "tm, auditor", "Harbour", "Safeguarding", "Martin Quayle", "01632 960 131"),
    ("Aisha Begum", "tm, auditor", "Meadow", "Safeguarding", "Martin Quayle", "01632 960 132"),
    ("Dan Whitlock", "tm, auditor", "Riverside", "Safeguarding", "Martin Quayle", "01632 960 133"),
    ("Nia Prosser", "tm, auditor", "Orchard", "Corporate Parenting", "Lena Fischer", "01632 960 134"),
    ("Owen Marsh", "tm, auditor", "Lighthouse", "Corporate Parenting", "Lena Fischer", "01632 960 135"),
    ("Sunita Rao", "tm, auditor", "Causeway", "Corporate Parenting", "Lena Fischer", "01632 960 136"),
    ("Bea Lindqvist", "auditor", "Practice improvement", "Quality", "Helen Ashworth", "01632 960 141"),
    ("Kwame Boateng", "auditor", "Practice improvement", "Quality", "Helen Ashworth", "01632 960 142"),
    ("Moira Keane", "auditor", "Court work", "Quality", "Helen Ashworth", "01632 960 143"),
    ("Piotr Zielak", "auditor", "Practice improvement", "Quality", "Helen Ashworth", "01632 960 144"),
    # Practitioners.
    ("Ellie Roper", "practitioner", "Harbour", "Safeguarding", "Tom Hartley", ""),
    ("Jamal Edwards", "practitioner", "Harbour", "Safeguarding", "Tom Hartley", ""),
    ("Chloe Sanderson", "practitioner", "Meadow", "Safeguarding", "Aisha Begum", ""),
    ("Ravi Menon", "practitioner", "Meadow", "Safeguarding", "Aisha Begum", ""),
    ("Fiona Tait", "practitioner", "Riverside", "Safeguarding", "Dan Whitlock", ""),
    ("Luca Moretti", "practitioner", "Riverside", "Safeguarding", "Dan Whitlock", ""),
    ("Hannah Osei", "practitioner", "Orchard", "Corporate Parenting", "Nia Prosser", ""),
    ("Ben Achebe", "practitioner", "Orchard", "Corporate Parenting", "Nia Prosser", ""),
    ("Yasmin Khalil", "practitioner", "Lighthouse", "Corporate Parenting", "Owen Marsh", ""),
    ("Peter Novak", "practitioner", "Lighthouse", "Corporate Parenting", "Owen Marsh", ""),
    ("Grace Udoh", "practitioner", "Causeway", "Corporate Parenting", "Sunita Rao", ""),
    ("Sam Thorne", "practitioner", "Causeway", "Corporate Parenting", "Sunita Rao", ""),
)
# Case number · category · practitioner · open since · restricted · QA contacts family
_CASES = (
    ("401872", "CP", "Ellie Roper", "12/01/2026", "", ""), ("402115", "CIN", "Jamal Edwards", "03/11/2025", "", "yes"),
    ("403660", "CP", "Chloe Sanderson", "19/02/2026", "", ""), ("404027", "CIN", "Ravi Menon", "27/04/2026", "", ""),
    ("405391", "CP", "Fiona Tait", "08/12/2025", "", ""), ("406548", "CIN", "Luca Moretti", "16/03/2026", "", ""),
    ("407703", "LAC", "Hannah Osei", "22/06/2024", "", ""), ("408259", "LAC", "Ben Achebe", "30/09/2025", "", ""),
    ("409914", "CL", "Yasmin Khalil", "05/05/2023", "", ""), ("410086", "LAC", "Peter Novak", "14/07/2025", "", ""),
    ("411437", "LAC", "Grace Udoh", "02/02/2025", "", ""), ("412820", "CL", "Sam Thorne", "11/10/2024", "", ""),
    ("413365", "CP", "Ellie Roper", "20/01/2026", "yes", ""), ("414508", "CIN", "Jamal Edwards", "09/06/2026", "", ""),
)


def address_of(name: str) -> str:
    return f"{name.lower().replace(' ', '.')}@{DOMAIN}"


def write_sheets(folder: Path) -> tuple[Path, Path]:
    """people.xlsx and cases.xlsx as the council would fill them in."""
    teams = {name: (team, service) for name, _, team, service, _, _ in _PEOPLE}
    people = [
        {"email": address_of(name), "name": name, "roles": roles, "team": team, "service": service,
         "manager email": address_of(manager) if manager else "", "phone": phone}
        for name, roles, team, service, manager, phone in _PEOPLE
    ]
    cases = [
        {"case number": number, "category": category, "team": teams[worker][0], "service": teams[worker][1],
         "practitioner email": address_of(worker), "open since": since, "restricted": restricted,
         "QA contacts family": family, "IRO email": address_of("Joy Mensah") if category in ("CP", "LAC") else ""}
        for number, category, worker, since, restricted, family in _CASES
    ]
    return (_write(folder / "people.xlsx", PEOPLE_COLUMNS, people), _write(folder / "cases.xlsx", CASE_COLUMNS, cases))


# Category → the Annex A list it stands on, and that list's headers for the days it began and ended; care leavers' has none.
_LISTS = {"CIN": ("List 6", "CIN Start Date", "CIN Closure Date"),
          "CP": ("List 7", "Child Protection Plan Start Date", "Child Protection Plan End Date"),
          "LAC": ("List 8", "Date Started to be Looked After", "Date Ceased to be Looked After"), "CL": ("List 9",)}


def write_annex_a(path: Path) -> Path:
    """The same cases as an Annex A workbook: a list a sheet, workers by name. No child of it has a name either."""
    import openpyxl

    teams = {name: team for name, _, team, _, _, _ in _PEOPLE}
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for category, (title, *days) in _LISTS.items():
        sheet, status = book.create_sheet(title), ["Case Status"] if category == "CIN" else []
        sheet.append(["Child Unique ID", "Age", *days, *status, "Allocated Team", "Allocated Worker"])
        for number, kind, worker, since, _, _ in _CASES:
            if kind == category:
                began = [since, ""] if days else []
                sheet.append([number, 9, *began, *(["c) Child in need plan"] if status else []), teams[worker], worker])
    book.save(path)
    return path


def _write(path: Path, columns: tuple[str, ...], rows: list[dict[str, str]]) -> Path:
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(list(columns))
    for row in rows:
        sheet.append([row.get(c, "") for c in columns])
    book.save(path)
    return path
