"""The views for analysts, and the queries that the documentation shows."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from duckdb import DuckDBPyConnection as Con
from storage_examples import EVENT, EVIDENCE, NOW

from detente.models import Detected, Event, Status
from storage import events
from storage.rows import query

QUERIES = Path(__file__).parents[2] / "docs" / "queries.md"


def event(name: str, cls: str, **changes: Any) -> Event:
    made = replace(
        EVENT, id=name, cls=cls, status=Status.REPORTED, goldstein=-5.0, mediators=(), parties=(), evidence=()
    )
    return replace(made, **changes)


@pytest.fixture
def week(con: Con) -> Con:
    strike = event("e1", "escalation.fighting", sources=("IND",), targets=("KASHMIR", "PAK"), day=date(2025, 5, 7))
    back = event("e2", "escalation.fighting", sources=("PAK",), targets=("IND",), day=date(2025, 5, 10), goldstein=-9.0)
    talks = event("e3", "talks.held", sources=("PAK",), targets=("IND",), day=date(2025, 5, 10), goldstein=1.0)
    asked = event(
        "e4",
        "mediation.requested",
        sources=("PAK",),
        targets=(),
        mediators=("RUS",),
        parties=("IND",),
        day=date(2025, 5, 4),
    )
    denied = event("e5", "escalation.threat", sources=("IND",), targets=("PAK",), status=Status.DENIED)
    proof = tuple(replace(EVIDENCE, event="e1", url=f"https://{n}.example/", family=f"f{n}") for n in range(2))
    denial = replace(EVIDENCE, event="e1", url="https://d.example/", family="fd", status=Status.DENIED, copy_of=None)
    found = Detected(events=(strike, back, talks, asked, denied), evidence=(*proof, denial))
    events.record(con, found, NOW)
    return con


def test_a_timeline_has_lists_and_counts(week: Con) -> None:
    rows = {row["id"]: row for row in query(week, "FROM timeline")}
    assert len(rows) == 5
    strike = rows["e1"]
    assert (strike["family"], strike["class"], strike["targets"]) == (
        "escalation",
        "escalation.fighting",
        ["KASHMIR", "PAK"],
    )
    assert (strike["families"], strike["articles"], strike["copies"]) == (2, 3, 2)
    assert rows["e3"]["families"] == 0


def test_actors_have_a_row_for_each_role(week: Con) -> None:
    rows = query(week, "SELECT role, actor FROM event_actors WHERE event = 'e4' ORDER BY role")
    assert [(row["role"], row["actor"]) for row in rows] == [("mediator", "RUS"), ("party", "IND"), ("source", "PAK")]


def test_sides_that_do_the_same_are_one_pair(week: Con) -> None:
    rows = query(week, "SELECT event, source, target FROM event_dyads ORDER BY ALL")
    assert [tuple(row.values()) for row in rows] == [
        ("e1", "IND", "KASHMIR"),
        ("e1", "IND", "PAK"),
        ("e2", "PAK", "IND"),
        ("e3", "IND", "PAK"),
        ("e5", "IND", "PAK"),
    ]


def test_sums_leave_out_what_did_not_happen(week: Con) -> None:
    assert {row["class"]: row["events"] for row in query(week, "FROM events_by_day")} == {
        "mediation.requested": 1,
        "escalation.fighting": 1,
        "talks.held": 1,
    }
    rows = query(week, "FROM goldstein_by_week")
    assert [(row["source"], row["target"], row["week"], row["events"], row["goldstein"]) for row in rows] == [
        ("IND", "KASHMIR", date(2025, 5, 5), 1, -5.0),
        ("IND", "PAK", date(2025, 5, 5), 2, -4.0),
        ("PAK", "IND", date(2025, 5, 5), 1, -9.0),
    ]


def documented() -> list[str]:
    return re.findall(r"```sql\n(.*?)```", QUERIES.read_text(encoding="utf-8"), re.DOTALL)


def test_the_documented_queries_run(week: Con) -> None:
    pair, days, worst = (query(week, sql) for sql in documented())
    assert [(row["day"], row["class"], row["source"]) for row in pair] == [
        (date(2025, 5, 4), "escalation.threat", "IND"),
        (date(2025, 5, 7), "escalation.fighting", "IND"),
        (date(2025, 5, 10), "escalation.fighting", "PAK"),
        (date(2025, 5, 10), "talks.held", "IND"),
    ]
    assert [(row["day"], row["escalation"], row["mediation"]) for row in days] == [
        (date(2025, 5, 4), None, 1),
        (date(2025, 5, 7), 1, None),
        (date(2025, 5, 10), 1, None),
    ]
    assert [row["source"] for row in worst] == ["PAK", "IND", "IND"]


def test_every_view_and_column_is_documented(con: Con) -> None:
    text = QUERIES.read_text(encoding="utf-8")
    views = query(con, "SELECT view_name AS name FROM duckdb_views() WHERE NOT internal")
    assert len(views) == 5
    for view in views:
        (row,) = [line for line in text.splitlines() if line.startswith(f"| `{view['name']}` |")]
        columns = query(con, "SELECT column_name AS name FROM duckdb_columns() WHERE table_name = $name", view)
        assert [column["name"] for column in columns if f"`{column['name']}`" not in row] == []
