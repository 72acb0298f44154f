"""The programme as a calendar other programs read and as a sheet (DOC-32, RFC 5545)."""

import io
from datetime import UTC, date, datetime

import openpyxl
from hypothesis import given
from hypothesis import strategies as st

from mailflow.model import Event
from mailflow.process.cycle.programme import find_events
from outbox.sheets.programme import compose_calendar, compose_programme_sheet
from tests.process.builders import framework

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
EVENTS = find_events(framework("bexley-2017"), 2027)


def written(events: tuple[Event, ...] = EVENTS, council: str = "Northmoor Council") -> bytes:
    return compose_calendar(events, 2027, council, "northmoor.example", NOW).data


def read(data: bytes) -> list[dict[str, str]]:
    """The events as a calendar program reads them: lines unfolded, escapes taken off."""
    text = data.decode()
    assert text.endswith("\r\n") and "\n" not in text.replace("\r\n", "")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    found: list[dict[str, str]] = []
    for line in text.replace("\r\n ", "").split("\r\n"):
        name, _, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            found.append({})
        elif found:
            found[-1][name] = value.replace("\\,", ",").replace("\\;", ";").replace("\\\\", "\\")
    return found


def test_the_calendar_holds_every_dated_event_once_as_whole_days() -> None:
    events = read(written())
    dated = [e for e in EVENTS if e.on]
    assert len(events) == len(dated) == len({e["UID"] for e in events})
    assert all(e["DTSTAMP"] == "20261102T090000Z" for e in events)
    for made, event in zip(events, dated, strict=True):
        assert event.on and event.until
        assert made["DTSTART;VALUE=DATE"] == f"{event.on:%Y%m%d}" and made["SUMMARY"] == event.title
        after = date.fromordinal(event.until.toordinal() + 1)
        assert made["DTEND;VALUE=DATE"] == f"{after:%Y%m%d}", "the end of whole days is the morning after (RFC 5545 3.6.1)"
    assert written().startswith(b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:") and written().endswith(b"END:VCALENDAR\r\n")
    assert written().count(b"BEGIN:VEVENT") == written().count(b"END:VEVENT") == len(events)


def test_it_says_who_in_words_and_made_again_has_the_same_ids() -> None:
    week = next(e for e in read(written()) if e["SUMMARY"].startswith("Practice Week"))
    assert "director" in week["DESCRIPTION"] and "head of service" in week["DESCRIPTION"]
    later = compose_calendar(EVENTS, 2027, "Northmoor", "northmoor.example", datetime(2027, 1, 1, tzinfo=UTC)).data
    assert [e["UID"] for e in read(later)] == [e["UID"] for e in read(written())]


@given(st.text(max_size=200))
def test_whatever_a_council_calls_an_activity_it_stays_one_line_and_comes_back(title: str) -> None:
    event = Event("x-2027-01", title, "activity", ("tm",), date(2027, 1, 5), date(2027, 1, 5))
    (made,) = read(written((event,), council=title))
    clean = "".join(" " if ord(c) < 32 or 127 <= ord(c) <= 159 or c in "\u2028\u2029" else c for c in title)
    assert made["SUMMARY"] == " ".join(clean.split()) and made["DTSTART;VALUE=DATE"] == "20270105"


def test_the_sheet_lists_cycles_with_their_four_days_and_activities_by_role() -> None:
    book = openpyxl.load_workbook(io.BytesIO(compose_programme_sheet(EVENTS, 2027, NOW).data))
    head, *rows = book.worksheets[0].iter_rows(values_only=True)
    assert head == ("Day", "Until", "What", "Kind", "Who") and len(rows) == len(EVENTS)
    march = [(row[0].date(), row[2]) for row in rows if isinstance(row[0], datetime) and str(row[2]).startswith("March 2027")]
    assert sorted((f"{day:%d}", str(what).partition(": ")[2]) for day, what in march) == [
        ("01", "audits open (audit)"), ("01", "sample drawn"), ("31", "audits due"), ("31", "cycle closes")]
    assert any(row[0] == "every week" and row[4] == "team manager" for row in rows)
