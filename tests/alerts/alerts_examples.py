"""An event, its message and its delivery to test with; every name, word and address in them is made up."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from detente.desk import SEEDS
from detente.models import Delivery, Event, Evidence, Message, Severity, Status

MOMENT = datetime(2025, 5, 4, 9, 30, tzinfo=UTC)
TEMPLATES = SEEDS / "templates"
NAMES = {"IND": "India", "PAK": "Pakistan", "RUS": "Russia"}
SECRET = "hunter2-is-no-password"


def evidence(number: int, **changes: Any) -> Evidence:
    made = Evidence(
        event="e7k2m9x4qa",
        url=f"https://northline.example/{number}",
        publisher="Northline",
        family="northline",
        copy_of=None,
        title="Russia asked to step in",
        sentence=f"Report {number}: Pakistan has asked Russia to mediate.",
        status=Status.REPORTED,
        published_at=MOMENT + timedelta(minutes=number),
        rule="asks-mediation",
        why="it says so",
    )
    return replace(made, **changes)


def event(**changes: Any) -> Event:
    made = Event(
        id="e7k2m9x4qa",
        cls="mediation.requested",
        cameo="028",
        plover="REQUEST",
        goldstein=4.0,
        severity=Severity.HIGH,
        status=Status.REPORTED,
        day=date(2025, 5, 4),
        sources=("PAK",),
        targets=("RUS",),
        mediators=("RUS",),
        parties=("IND", "PAK"),
        story="s1",
        headline="Pakistan asks Russia to step in",
        first_seen=MOMENT,
        last_seen=MOMENT,
        evidence=(evidence(1), evidence(2, publisher="Courier", family="mpa")),
    )
    return replace(made, **changes)


def message(**changes: Any) -> Message:
    made = Message("Mediation requested", "Pakistan → Russia\n  indented\n", "<p>Pakistan → Russia</p>\n", {"id": "e1"})
    return replace(made, **changes)


def delivery(number: int = 1, **changes: Any) -> Delivery:
    made = Delivery(f"d{number}", f"e{number}", "desk", "mail", message(), MOMENT, MOMENT)
    return replace(made, **changes)


def routes_file(folder: Path, text: str) -> Path:
    file = folder / "routes.yaml"
    file.write_text(text, encoding="utf-8")
    return file
