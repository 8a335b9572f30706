"""The life of a delivery in the database."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import duckdb
from storage_examples import DELIVERY, NOW

from detente.models import Delivery, DeliveryState, Detected
from storage import events, outbox
from storage.database import Database

Con = duckdb.DuckDBPyConnection

DEAD = replace(DELIVERY, state=DeliveryState.DEAD, attempts=12, last_error="550 no such user", ended_at=NOW)


def store(con: Con, *deliveries: Delivery) -> None:
    events.record(con, Detected(deliveries=deliveries), NOW)


def test_due_are_waiting_deliveries_whose_time_has_come_oldest_first(con: Con) -> None:
    second = replace(DELIVERY, id="a", created_at=NOW + timedelta(seconds=1))
    first = replace(DELIVERY, id="b")
    later = replace(DELIVERY, id="c", due_at=NOW + timedelta(minutes=1, seconds=1))
    sent = replace(DELIVERY, id="d", state=DeliveryState.SENT)
    store(con, second, first, later, sent, replace(DEAD, id="e"))
    assert outbox.due(con, NOW + timedelta(minutes=1)) == (first, second)
    assert outbox.due(con, NOW + timedelta(minutes=1), limit=1) == (first,)
    assert outbox.due(con, NOW) == ()


def test_an_attempt_is_stored_as_it_left_the_delivery(database: Database) -> None:
    with database.session() as con:
        store(con, DELIVERY)
    failed = replace(DELIVERY, attempts=1, due_at=NOW + timedelta(minutes=5), last_error="421 later – später")
    with database.session() as con:
        outbox.record_attempt(con, failed)
        outbox.record_attempt(con, failed)
    with database.session() as con:
        assert outbox.list_deliveries(con) == (failed,)
        sent = replace(failed, state=DeliveryState.SENT, attempts=2, ended_at=NOW)
        outbox.record_attempt(con, sent)
        assert outbox.list_deliveries(con) == (sent,)


def test_a_delivery_stored_already_stands(con: Con) -> None:
    store(con, DEAD)
    store(con, DELIVERY)
    assert outbox.list_deliveries(con) == (DEAD,)


def test_deliveries_can_be_listed_by_state_and_event(con: Con) -> None:
    other = replace(DELIVERY, id="d3", event="e2", created_at=NOW + timedelta(1), state=DeliveryState.SENT)
    dead = replace(DEAD, id="d2")
    store(con, other, dead, DELIVERY)
    assert outbox.list_deliveries(con) == (DELIVERY, dead, other)
    assert outbox.list_deliveries(con, [DeliveryState.SENT, DeliveryState.DEAD]) == (dead, other)
    assert outbox.of_event(con, "e2") == (other,)
    assert outbox.of_event(con, "unknown") == ()


def test_retry_makes_dead_deliveries_due_with_all_their_attempts(con: Con) -> None:
    again = NOW + timedelta(days=3)
    sent = replace(DELIVERY, id="d0", state=DeliveryState.SENT, ended_at=NOW)
    dead = [replace(DEAD, id=f"d{number}") for number in (1, 2, 3)]
    store(con, sent, *dead)
    revived = [
        replace(delivery, state=DeliveryState.WAITING, attempts=0, due_at=again, ended_at=None) for delivery in dead
    ]
    assert outbox.retry(con, ["d0", "d2", "unknown"], again) == 1
    assert outbox.list_deliveries(con) == (sent, dead[0], revived[1], dead[2])
    assert outbox.retry(con, [], again) == 0
    assert outbox.retry(con, None, again) == 2
    assert outbox.list_deliveries(con) == (sent, *revived)
    assert outbox.due(con, again) == tuple(revived)
