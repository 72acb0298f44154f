"""When a mail arrived, as its headers say."""

from datetime import UTC, datetime

from mailflow.intake import find_arrival


def test_the_receiving_servers_own_stamp_counts() -> None:
    raw = (b"Received: from mx.northmoor.example by imap.northmoor.example; Tue, 29 Sep 2026 16:00:00 +0100\r\n"
           b"Received: from elsewhere; Mon, 28 Sep 2026 09:00:00 +0100\r\n"
           b"Date: Sun, 27 Sep 2026 09:00:00 +0100\r\nSubject: x\r\n\r\nx")
    assert find_arrival(raw) == datetime(2026, 9, 29, 15, 0, tzinfo=UTC)


def test_the_senders_own_date_is_no_arrival() -> None:
    assert find_arrival(b"Date: Sun, 27 Sep 2026 09:00:00 +0100\r\n\r\nx") is None


def test_nonsense_is_nothing() -> None:
    assert find_arrival(b"Received: from a by b; yesterday\r\n\r\nx") is None
    assert find_arrival(b"") is None
