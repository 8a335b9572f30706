from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from alerts_examples import MOMENT, SECRET, delivery, message
from alerts_servers import RawServer, Talk, WebServer, silence

from alerts.outbox import TARGETS_AT_ONCE, deliver
from alerts.routes import Route, Target
from detente.models import Delivery, DeliveryState
from detente.settings import Delivery as Settings

LATER = MOMENT + timedelta(hours=1)
QUICK = Settings(deadline=0.3, first_wait=30)


def due(number: int, target: str, **changes: Any) -> Delivery:
    return delivery(number, target=target, **{"message": message(subject=f"Message {number}"), **changes})


def run(waiting: Sequence[Delivery], *targets: Target, settings: Settings = QUICK) -> dict[str, Delivery]:
    """Return what became of the deliveries, by id, in the order in which they came out."""
    routes = [Route("desk", targets)] if targets else []
    return {item.id: item for item in deliver(waiting, routes, settings, lambda: LATER, lambda: 0.0)}


def hook(server: WebServer | RawServer, path: str = "") -> Target:
    return Target(f"hook{path.replace('/', '-')}", f"json://127.0.0.1:{server.port}{path}")


def posted(server: WebServer, path: str = "/") -> list[str]:
    return [json.loads(body)["id"] for _, where, _, body in server.requests if where == path]


def test_each_target_gets_its_messages_in_their_order(web: WebServer) -> None:
    one, two = hook(web, "/one"), hook(web, "/two")
    waiting = [due(number, one.id if number % 2 else two.id) for number in range(1, 9)]

    found = run(waiting, one, two)

    assert posted(web, "/one") == ["d1", "d3", "d5", "d7"]
    assert posted(web, "/two") == ["d2", "d4", "d6", "d8"]
    assert len(found) == 8
    for item in found.values():
        assert (item.state, item.attempts, item.ended_at) == (DeliveryState.SENT, 1, LATER)


def test_a_target_s_next_message_waits_until_the_last_one_can_be_stored(web: WebServer) -> None:
    stream = deliver([due(1, "hook"), due(2, "hook")], [Route("desk", (hook(web),))], QUICK)
    assert next(stream).id == "d1"
    assert posted(web) == ["d1"]
    assert next(stream).id == "d2"
    assert posted(web) == ["d1", "d2"]
    assert next(stream, None) is None


def test_one_address_has_one_order_whatever_its_routes_call_it(web: WebServer) -> None:
    routes = [Route("desk", (Target("a", hook(web).url),)), Route("boss", (Target("b", hook(web).url),))]
    waiting = [due(1, "a"), due(2, "b", route="boss"), due(3, "a")]
    stream = deliver(waiting, routes, QUICK)
    assert next(stream).id == "d1"
    assert posted(web) == ["d1"], "one address got two messages at a time"
    assert [item.id for item in stream] == ["d2", "d3"]
    assert posted(web) == ["d1", "d2", "d3"]


def test_a_refusal_for_good_lets_the_next_message_go(web: WebServer) -> None:
    web.status = 404
    found = run([due(1, "hook"), due(2, "hook", attempts=4)], hook(web))
    assert posted(web) == ["d1", "d2"]
    assert [(item.state, item.attempts) for item in found.values()] == [(DeliveryState.DEAD, 1), (DeliveryState.DEAD, 5)]
    assert found["d1"].last_error.startswith("HTTP 404 Not Found; ")


def test_after_a_failure_that_passes_a_target_s_other_messages_stay_due(web: WebServer) -> None:
    web.status = 503
    web.headers = {"Retry-After": "120"}
    found = run([due(1, "hook"), due(2, "hook"), due(3, "hook")], hook(web))
    assert posted(web) == ["d1"]
    assert list(found) == ["d1"]
    assert found["d1"].state is DeliveryState.WAITING
    assert found["d1"].due_at == LATER + timedelta(seconds=120)


def test_other_targets_go_on_when_one_fails(web: WebServer) -> None:
    gone = Target("gone", "json://127.0.0.1:1/")
    waiting = [due(1, "gone"), due(2, "hook"), due(3, "gone"), due(4, "hook")]
    found = run(waiting, gone, hook(web))
    assert posted(web) == ["d2", "d4"]
    assert found.keys() == {"d1", "d2", "d4"}
    assert found["d1"].state is DeliveryState.WAITING
    assert "could not be reached" in found["d1"].last_error
