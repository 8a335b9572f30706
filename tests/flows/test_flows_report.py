"""What a tick says of itself."""

from __future__ import annotations

from datetime import UTC, datetime

from detente.models import Failure, Report
from flows.report import as_line, as_markdown

REPORT = Report(
    "t1", datetime(2025, 5, 4, 18, tzinfo=UTC), 2.04, sources=1, unchanged=1, pages=3, articles=2, copies=1, events=1
)


def test_a_tick_is_told_in_one_line() -> None:
    assert as_line(REPORT) == (
        "1 source asked (1 unchanged), 3 pages, 2 new articles (1 copy), 1 new event, 0 developments, "
        "0 alerts made, 0 sent, 0 failures, 2.0 s"
    )


def test_a_tick_for_which_nothing_was_due_says_so() -> None:
    assert as_line(Report("t2", REPORT.started_at, 0.4)).startswith("no source is due, 0 pages")


def test_what_failed_stands_in_a_table_that_strangers_cannot_break() -> None:
    failed = Report("t3", REPORT.started_at, 1.0, failures=(Failure("source a|b", "<b>refused</b>\nagain"),))
    assert as_markdown(failed).splitlines()[-1] == "| source a\\|b | &lt;b>refused&lt;/b> again |"
