"""How often each rule fired, and what is told about one event."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import duckdb
from storage_examples import ARTICLE, BARE_MENTION, COLLECTED, DECISION, DETECTED, EVENT, EVIDENCE, MENTION, NOW

from detente.clock import as_utc
from detente.models import Coded, Detected, Status
from storage import events, rules, why
from storage.ingest import ingest

Con = duckdb.DuckDBPyConnection
LATER = ARTICLE.published_at + timedelta(days=9)


def fill(con: Con) -> None:
    other = replace(ARTICLE, url="https://lantern.example/2", published_at=LATER)
    ingest(con, replace(COLLECTED, articles=(ARTICLE, other)))
    coded = (
        Coded(ARTICLE.url, (MENTION, BARE_MENTION, replace(MENTION, status=Status.DENIED))),
        Coded(other.url, (MENTION,)),
    )
    evidence = (EVIDENCE, replace(EVIDENCE, url=other.url, published_at=LATER))
    detected = Detected(articles=(ARTICLE.url, other.url), coded=coded, events=(EVENT,), evidence=evidence)
    events.record(con, detected, NOW)


def test_no_history_means_no_counts(con: Con) -> None:
    assert rules.fired(con) == {}


def test_each_rule_has_its_counts(con: Con) -> None:
    fill(con)
    assert rules.fired(con) == {
        "ask-to-mediate": rules.Fired("ask-to-mediate", 3, 2, 1, as_utc(LATER)),
        "r": rules.Fired("r", 1, 0, 0, as_utc(ARTICLE.published_at)),
    }


def test_counts_can_begin_at_a_day(con: Con) -> None:
    fill(con)
    found = rules.fired(con, LATER - timedelta(days=1))
    assert found == {"ask-to-mediate": rules.Fired("ask-to-mediate", 1, 1, 1, as_utc(LATER))}
    assert rules.fired(con, LATER + timedelta(days=1)) == {}


def test_what_was_decided_about_an_event_is_told_in_order(con: Con) -> None:
    ingest(con, COLLECTED)
    about = replace(DECISION, event=EVENT.id)
    second = replace(about, why="then this", facts={"route": "mail"})
    events.record(con, replace(DETECTED, decisions=(about, second, replace(DECISION, event=None))), NOW)
    assert [item.why for item in why.about_event(con, EVENT.id)] == [about.why, "then this"]
    assert why.about_event(con, "e-none") == ()
