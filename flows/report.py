"""A tick's report in words: one line for a log, a page for Prefect's artifacts."""

from __future__ import annotations

from detente.models import Report
from detente.present import count, plain, shorten


def as_line(report: Report) -> str:
    """Return the report as one line."""
    parts = [
        f"{count(report.sources, 'source')} asked ({report.unchanged} unchanged)"
        if report.sources
        else "no source is due",
        count(report.pages, "page"),
        f"{count(report.articles, 'new article')} ({count(report.copies, 'copy', 'copies')})",
        count(report.events, "new event"),
        count(report.developments, "development"),
        f"{count(report.alerts, 'alert')} made, {report.sent} sent",
        count(len(report.failures), "failure"),
        f"{report.seconds:.1f} s",
    ]
    return ("dry run: " if report.dry_run else "") + ", ".join(parts)


def as_markdown(report: Report) -> str:
    """Return the report as a page: the line, and a table of what failed."""
    lines = [f"**{report.started_at:%Y-%m-%d %H:%M} UTC**: {as_line(report)}"]
    if report.failures:
        lines += ["", "| what | why |", "|---|---|"]
        lines += [f"| {_cell(item.what)} | {_cell(item.why)} |" for item in report.failures]
    return "\n".join(lines)


def _cell(text: str) -> str:
    return shorten(plain(text), 200).replace("|", "\\|").replace("<", "&lt;")
