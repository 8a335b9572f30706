from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Generator, Sequence
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
PATIENT = Settings(deadline=10, first_wait=30)


def due(number: int, target: str, **changes: Any) -> Delivery:
    return delivery(number, target=target, **{"message": message(subject=f"Message {number}"), **changes})


def run(waiting: Sequence[Delivery], *targets: Target, settings: Settings = PATIENT) -> dict[str, Delivery]:
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
    stream = deliver([due(1, "hook"), due(2, "hook"), due(3, "hook")], [Route("desk", (hook(web),))], PATIENT)
    assert isinstance(stream, Generator)
    assert [next(stream).id, next(stream).id] == ["d1", "d2"]
    stream.close()  # comes back when nothing is on its way any more
    assert posted(web) == ["d1", "d2"]


def test_one_address_has_one_order_whatever_its_routes_call_it(web: WebServer) -> None:
    routes = [Route("desk", (Target("a", hook(web).url),)), Route("boss", (Target("b", hook(web).url),))]
    waiting = [due(1, "a"), due(2, "b", route="boss"), due(3, "a")]
    stream = deliver(waiting, routes, PATIENT)
    assert isinstance(stream, Generator)
    assert next(stream).id == "d1"
    stream.close()
    assert posted(web) == ["d1"], "one address got two messages at a time"

    assert [item.id for item in deliver(waiting, routes, PATIENT)] == ["d1", "d2", "d3"]
    assert posted(web) == ["d1", "d1", "d2", "d3"]


def test_a_refusal_for_good_lets_the_next_message_go(web: WebServer) -> None:
    web.status = 404
    found = run([due(1, "hook"), due(2, "hook", attempts=4)], hook(web))
    assert posted(web) == ["d1", "d2"]
    assert {item.state for item in found.values()} == {DeliveryState.DEAD}
    assert [item.attempts for item in found.values()] == [1, 5]
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


def test_a_target_that_left_the_routes_is_dead_and_holds_up_nobody(web: WebServer) -> None:
    waiting = [due(1, "gone"), due(2, "hook", route="gone"), due(3, "hook")]
    found = run(waiting, hook(web))
    assert posted(web) == ["d3"]
    for name, target, route in (("d1", "gone", "desk"), ("d2", "hook", "gone")):
        assert (found[name].state, found[name].attempts, found[name].ended_at) == (DeliveryState.DEAD, 0, LATER)
        why = f"target {target} of route {route} is no longer in routes.yaml; mend the cause, then run"
        assert found[name].last_error.startswith(why)
    assert run([due(1, "gone")])["d1"].state is DeliveryState.DEAD
    assert run([], hook(web)) == {}


def test_a_message_waits_for_a_variable_that_is_not_set(web: WebServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DESK_TEST_HOOK", raising=False)
    secretive = Target("hook", f"json://clerk:{SECRET}@127.0.0.1:{web.port}/${{DESK_TEST_HOOK}}")

    waits = run([due(1, "hook"), due(2, "hook")], secretive)

    assert waits.keys() == {"d1"}
    assert waits["d1"].state is DeliveryState.WAITING
    assert waits["d1"].due_at == LATER + timedelta(seconds=30)
    assert waits["d1"].last_error == "environment variable DESK_TEST_HOOK is not set; set it where Détente runs"
    assert not web.requests

    monkeypatch.setenv("DESK_TEST_HOOK", "here")
    assert {item.state for item in run([waits["d1"], due(2, "hook")], secretive).values()} == {DeliveryState.SENT}
    assert posted(web, "/here") == ["d1", "d2"]


def test_a_slow_server_costs_one_deadline_however_many_messages_wait(
    web: WebServer, raw: Callable[[Talk], RawServer]
) -> None:
    slow = Target("slow", hook(raw(silence)).url)
    waiting = [due(number, "slow" if number % 2 else "hook") for number in range(1, 13)]

    began = time.monotonic()
    found = run(waiting, slow, hook(web), settings=Settings(deadline=0.5))

    assert time.monotonic() - began < 2
    assert posted(web) == ["d2", "d4", "d6", "d8", "d10", "d12"]
    assert list(found)[-1] == "d1", "the quick target waited for the slow one"
    assert found["d1"].state is DeliveryState.WAITING
    assert found["d1"].last_error == "no answer within 0.5 s"
    assert len(found) == 7


def test_several_targets_are_served_at_a_time(raw: Callable[[Talk], RawServer]) -> None:
    together = threading.Barrier(TARGETS_AT_ONCE)

    def talk(connection: socket.socket, _: threading.Event) -> None:
        together.wait(5)
        connection.recv(65_536)
        connection.sendall(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")

    server = raw(talk)
    targets = [hook(server, f"/{number}") for number in range(TARGETS_AT_ONCE)]
    waiting = [due(number, target.id) for number, target in enumerate(targets)]
    found = run(waiting, *targets, settings=Settings(deadline=5))
    assert {item.state for item in found.values()} == {DeliveryState.SENT}


def test_the_last_try_of_a_slow_server_ends_a_delivery(raw: Callable[[Talk], RawServer]) -> None:
    settings = Settings(deadline=0.1, max_attempts=3)
    found = run([due(1, "slow", attempts=2)], Target("slow", hook(raw(silence)).url), settings=settings)
    assert found["d1"].state is DeliveryState.DEAD
    assert "(tried 3 times); mend the cause" in found["d1"].last_error
