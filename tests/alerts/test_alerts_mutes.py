"""What a mute keeps silent."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from alerts_examples import MOMENT, delivery, event

from alerts import mutes, policy
from alerts.routes import Route, Target
from detente.models import DeliveryState, Mute, Severity, Verdict

NOW = MOMENT + timedelta(hours=3)
UNTIL = NOW + timedelta(days=1)
ROUTES = [Route("desk", (Target("screen", "terminal://"),)), Route("chat", (Target("phone", "tgram://1/2"),))]


def mute(**changes: Any) -> Mute:
    return Mute("m1", MOMENT, UNTIL, "a truce holds", **changes)


@pytest.mark.parametrize(
    ("what", "fits"),
    [
        ({"event": "e7k2m9x4qa"}, True),
        ({"event": "e0000000000"}, False),
        ({"actors": ("IND",)}, True),
        ({"actors": ("IND", "PAK")}, True),
        ({"actors": ("CHN", "PAK")}, False),
        ({"classes": ("talks.*", "mediation.*")}, True),
        ({"classes": ("talks.*",)}, False),
        ({"classes": ("mediation.*",), "actors": ("CHN",)}, False),
    ],
)
def test_a_mute_fits_where_all_that_it_names_does(what: dict[str, Any], fits: bool) -> None:  # noqa: FBT001  # a case's answer
    verdicts = policy.route_event(event(), ROUTES, NOW, [mute(**what)])
    assert {item.reason for item in verdicts} == {Verdict.MUTED if fits else Verdict.ROUTED}
    assert any(item.wanted for item in verdicts) is not fits


def test_a_verdict_says_by_which_mute_until_when_and_why() -> None:
    found = policy.route_event(event(), ROUTES, NOW, [mute(route="chat")])
    assert [item.reason for item in found] == [Verdict.ROUTED, Verdict.MUTED]
    assert found[1].why == "by m1 until 2025-05-05 12:30 UTC: a truce holds"
    assert found[1].facts == {"mute": "m1", "until": UNTIL.isoformat()}


def test_a_mute_is_over_at_its_end() -> None:
    assert mutes.muting(event(), "desk", [mute()], UNTIL - timedelta(seconds=1))
    assert mutes.muting(event(), "desk", [mute()], UNTIL) is None


def test_what_a_route_does_not_want_anyway_is_not_called_muted() -> None:
    routes = [replace(ROUTES[0], min_severity=Severity.HIGH)]
    (found,) = policy.route_event(event(severity=Severity.LOW), routes, NOW, [mute()])
    assert found.reason is Verdict.BELOW_SEVERITY


def test_what_waits_is_taken_back() -> None:
    waiting = [delivery(1, event="e7k2m9x4qa"), delivery(2, event="e7k2m9x4qa", route="chat"), delivery(3, event="")]
    ((left, decision),) = policy.silenced(waiting, {"e7k2m9x4qa": event()}, [mute(route="chat")], NOW)
    assert (left.id, left.state, left.ended_at) == ("d2", DeliveryState.MUTED, NOW)
    assert left.last_error == "muted by m1 until 2025-05-05 12:30 UTC: a truce holds"
    assert (decision.verdict, decision.event, decision.facts["route"]) == (Verdict.MUTED, "e7k2m9x4qa", "chat")
