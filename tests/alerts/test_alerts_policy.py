from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from alerts_examples import MOMENT, delivery, event, message

from alerts import policy
from alerts.routes import Route, Target
from detente.models import (
    RAISING,
    Delivery,
    DeliveryState,
    Event,
    Message,
    SendOutcome,
    SendResult,
    Severity,
    Status,
    Verdict,
)
from detente.settings import Delivery as Settings

LATER = MOMENT + timedelta(hours=3)
SCREEN = Target("screen", "terminal://")
HOOK = Target("hook", "json://hooks.example.org")
PHONE = Target("phone", "${PHONE_URL}")
TALKS = frozenset({"talks"})


def route(name: str = "desk", *targets: Target, **conditions: Any) -> Route:
    return Route(name, targets or (SCREEN,), **conditions)


def verdict(wanted: Route, **changes: Any) -> policy.RouteVerdict:
    (found,) = policy.route_event(event(**changes), [wanted], LATER)
    return found


def made_of(told: Event, routes: list[Route], what: Message | None = None) -> tuple[Delivery, ...]:
    verdicts = policy.route_event(told, routes, LATER)
    return policy.deliveries(told, verdicts, routes, what or message(), LATER)


# --- routing ----------------------------------------------------------------------------------------------


def test_a_route_without_conditions_wants_every_event_that_raises() -> None:
    said = policy.RouteVerdict("desk", Verdict.ROUTED, "every condition of route desk holds", LATER)
    assert verdict(route()) == said
    assert verdict(route(), severity=Severity.LOW, status=Status.PLANNED, sources=(), targets=()).wanted


def test_every_condition_that_holds_routes() -> None:
    wanted = route(
        families=frozenset({"talks", "mediation"}),
        classes=("escalation.*", "mediation.req*"),
        actors=frozenset({"IND", "un"}),
        min_severity=Severity.HIGH,
        statuses=frozenset({Status.REPORTED}),
    )
    assert verdict(wanted).wanted


@pytest.mark.parametrize(
    ("conditions", "reason", "why"),
    [
        (
            {"families": frozenset({"talks", "escalation"})},
            Verdict.NOT_ROUTED,
            "family mediation is none of escalation, talks",
        ),
        (
            {"classes": ("talks.*", "mediation.offered")},
            Verdict.NOT_ROUTED,
            "class mediation.requested matches none of mediation.offered, talks.*",
        ),
        ({"classes": ("Mediation.*",)}, Verdict.NOT_ROUTED, "class mediation.requested matches none of Mediation.*"),
        (
            {"statuses": frozenset({Status.PLANNED, Status.DENIED})},
            Verdict.NOT_RAISING,
            "status reported is none of denied, planned",
        ),
        (
            {"actors": frozenset({"USA", "CHN"})},
            Verdict.NOT_ROUTED,
            "no actor of it (IND, PAK, RUS) is one of CHN, USA",
        ),
    ],
)
def test_a_condition_that_fails_is_named_with_what_the_event_has(
    conditions: dict[str, Any], reason: Verdict, why: str
) -> None:
    found = verdict(route(**conditions))
    assert (found.wanted, found.reason, found.why) == (False, reason, why)


@pytest.mark.parametrize("role", ["sources", "targets", "mediators", "parties"])
def test_an_actor_in_any_role_is_enough(role: str) -> None:
    nobody: dict[str, Any] = dict.fromkeys(("sources", "targets", "mediators", "parties"), ())
    wanted = route(actors=frozenset({"CHN", "USA"}))
    assert verdict(wanted, **{**nobody, role: ("AUS", "CHN")}).wanted
    assert verdict(wanted, **nobody).why == "no actor of it (none) is one of CHN, USA"


@pytest.mark.parametrize("severity", list(Severity))
@pytest.mark.parametrize("least", list(Severity))
def test_an_event_below_the_least_severity_is_not_wanted(severity: Severity, least: Severity) -> None:
    found = verdict(route(min_severity=least), severity=severity)
    assert found.wanted == (severity.rank >= least.rank)
    if not found.wanted:
        assert (found.reason, found.why) == (Verdict.BELOW_SEVERITY, f"severity {severity} is below {least}")


def test_what_one_source_only_mentions_in_passing_waits_for_more() -> None:
    known = event().evidence[0]
    passing = replace(known, act={"in_passing": True})
    elsewhere = replace(passing, url="https://beta.example/1", family="beta")
    waits = verdict(route(), cls="escalation.fighting", evidence=(passing,))
    assert (waits.reason, waits.why) == (
        Verdict.IN_PASSING,
        "one source alone tells it so far, undated and below its lead",
    )
    same_house = replace(passing, url="https://gamma.example/1")
    assert not verdict(route(), cls="escalation.fighting", evidence=(passing, same_house)).wanted
    in_its_lead = replace(same_house, act={"in_passing": False})
    for evidence in ((passing, elsewhere), (passing, in_its_lead), (known,)):
        assert verdict(route(), cls="escalation.fighting", evidence=evidence).wanted
    assert verdict(route(), cls="mediation.offered", evidence=(passing,)).wanted, "a late paragraph is enough for that"
    strict, all_of_it = route(in_passing=frozenset()), route(in_passing=frozenset({"escalation"}))
    assert not verdict(strict, cls="mediation.offered", evidence=(passing,)).wanted
    assert verdict(all_of_it, cls="escalation.fighting", evidence=(passing,)).wanted


@pytest.mark.parametrize("status", list(Status))
def test_only_a_status_that_a_route_names_is_wanted(status: Status) -> None:
    assert verdict(route(), status=status, evidence=()).wanted == (status in RAISING | {Status.WITHDRAWN})
    assert verdict(route(statuses=frozenset({Status.DENIED})), status=status).wanted == (status is Status.DENIED)


def test_each_route_gets_a_verdict_in_the_order_of_the_routes() -> None:
    routes = [route("c", min_severity=Severity.HIGH), route("a", families=TALKS), route("b")]
    found = policy.route_event(event(severity=Severity.MEDIUM), routes, LATER)
    assert [(item.route, item.wanted) for item in found] == [("c", False), ("a", False), ("b", True)]
    assert {item.at for item in found} == {LATER}


# --- deliveries -------------------------------------------------------------------------------------------


def test_a_delivery_is_made_for_each_target_of_each_route_that_wants_the_event() -> None:
    routes = [
        route("one", SCREEN, HOOK),
        route("two", PHONE),
        route("no", Target("x", "xml://h"), classes=("talks.*",)),
    ]
    made = made_of(event(), routes)
    assert [(item.route, item.target) for item in made] == [("one", "screen"), ("one", "hook"), ("two", "phone")]
    for item in made:
        assert (item.event, item.message) == ("e7k2m9x4qa", message())
        assert item.created_at == item.due_at == LATER
        assert (item.state, item.attempts, item.last_error) == (DeliveryState.WAITING, 0, "")


def test_an_address_gets_an_event_once_however_many_routes_lead_to_it() -> None:
    same = Target("other-name", HOOK.url)
    routes = [route("no", HOOK, families=TALKS), route("one", HOOK, same), route("two", same)]
    made = made_of(event(), routes)
    assert [(item.route, item.target) for item in made] == [("one", "hook")]


def test_the_ids_of_deliveries_depend_on_event_route_and_target_alone() -> None:
    routes = [route("one", SCREEN, HOOK), route("two", PHONE)]
    first = made_of(event(), routes)
    again = made_of(event(headline="Other words"), routes, message(subject="Other words"))
    other = made_of(event(id="e0000000000"), routes)
    assert [item.id for item in first] == [item.id for item in again]
    assert len({item.id for item in first + other}) == 6


# --- attempts ---------------------------------------------------------------------------------------------

SETTINGS = Settings(first_wait=30, longest_wait=200, max_attempts=6)


def after(tries: int, result: SendResult, settings: Settings = SETTINGS, jitter: float = 0.0) -> Any:
    before = delivery(attempts=tries, last_error="before" if tries else "")
    return policy.after_attempt(before, result, settings, LATER, jitter)


def test_a_message_that_was_taken_is_sent() -> None:
    found = after(2, SendResult(SendOutcome.SENT, "HTTP 200 OK"))
    assert found == delivery(attempts=3, state=DeliveryState.SENT, last_error="", ended_at=LATER)


def test_a_refusal_for_good_ends_it_at_once_with_a_mend() -> None:
    found = after(0, SendResult(SendOutcome.PERMANENT, "HTTP 404 Not Found"))
    why = "HTTP 404 Not Found; mend the cause, then run 'detente alerts retry'"
    assert found == delivery(attempts=1, state=DeliveryState.DEAD, last_error=why, ended_at=LATER)


def test_the_wait_doubles_up_to_the_longest() -> None:
    waits = []
    for tries in range(5):
        found = after(tries, SendResult(SendOutcome.TEMPORARY, "busy"))
        assert found == delivery(attempts=tries + 1, last_error="busy", due_at=found.due_at)
        waits.append((found.due_at - LATER).total_seconds())
    assert waits == [30, 60, 120, 200, 200]


def test_the_hundredth_try_waits_no_longer_than_the_longest_wait() -> None:
    settings = Settings(max_attempts=100)
    found = after(98, SendResult(SendOutcome.TEMPORARY, "busy"), settings)
    assert found.due_at - LATER == timedelta(seconds=settings.longest_wait)


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [(None, 60), (0.0, 60), (59.0, 60), (61.0, 61), (5000.0, 5000), (1e9, 86_400), (float("inf"), 86_400)],
)
def test_a_server_that_asks_for_patience_gets_it_up_to_a_day(asked: float | None, seconds: float) -> None:
    found = after(1, SendResult(SendOutcome.TEMPORARY, "busy", asked))
    assert found.due_at - LATER == timedelta(seconds=seconds)


def test_chance_stretches_a_wait_by_up_to_a_fifth() -> None:
    dues = [after(0, SendResult(SendOutcome.TEMPORARY, "busy"), jitter=share).due_at for share in (0, 0.5, 1)]
    assert [(due - LATER).total_seconds() for due in dues] == [30, 33, 36]


@pytest.mark.parametrize(("most", "times"), [(1, "once"), (6, "6 times")])
def test_a_delivery_out_of_tries_is_dead(most: int, times: str) -> None:
    settings = SETTINGS.model_copy(update={"max_attempts": most})
    found = after(most - 1, SendResult(SendOutcome.TEMPORARY, "busy", 60.0), settings)
    assert (found.state, found.attempts, found.ended_at) == (DeliveryState.DEAD, most, LATER)
    assert found.last_error == f"busy (tried {times}); mend the cause, then run 'detente alerts retry'"
    assert found.due_at == MOMENT


def test_a_dead_delivery_keeps_what_it_is() -> None:
    given_up = policy.dead(delivery(attempts=4), "its target is gone", LATER)
    why = "its target is gone; mend the cause, then run 'detente alerts retry'"
    assert given_up == replace(delivery(attempts=4), state=DeliveryState.DEAD, last_error=why, ended_at=LATER)
