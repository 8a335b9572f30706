"""Which developments are told, and to whom."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from alerts_examples import MOMENT, NAMES, TEMPLATES, event, evidence, message

from alerts import compose, policy, updates
from alerts.routes import Route, Target
from detente.models import Development, Mute, Status, Verdict
from detente.settings import Delivery as Settings

NOW = MOMENT + timedelta(hours=3)
TOLD = (("desk", "screen"), ("desk", "phone"))
SCREEN, PHONE = Target("screen", "terminal://"), Target("phone", "tgram://1/2")
DENIED = Development("e7k2m9x4qa", NOW, "status", "reported → denied", "https://b.example/")
ACTOR = Development("e7k2m9x4qa", NOW, "actor", "RUS", "https://b.example/")
FAMILY = Development("e7k2m9x4qa", NOW, "family", "mpa", "https://b.example/")
TOLL = Development("e7k2m9x4qa", NOW, "toll", "3 → 7 dead", "https://b.example/")


def verdict(*developments: Development, route: Route | None = None, **changes: Any) -> updates.UpdateVerdict:
    told = event(told=TOLD, **changes)
    routes = [route or Route("desk", (SCREEN,))]
    (found,) = updates.weigh(told, developments, routes, Settings(), NAMES, NOW)
    return found


def test_by_default_a_status_an_actor_and_corroboration_are_told() -> None:
    three = tuple(evidence(number, family=f"f{number}") for number in range(3))
    assert verdict(DENIED).why == "now reported → denied"
    assert verdict(ACTOR).why == "Russia takes part"
    assert verdict(FAMILY, evidence=three).why == "3 independent families report it"
    assert verdict(DENIED, ACTOR, TOLL).why == "now reported → denied; Russia takes part"
    for quiet in ((TOLL,), (FAMILY,)):
        assert (verdict(*quiet).reason, verdict(*quiet).told) == (Verdict.NO_UPDATE, ())


def test_the_third_family_is_told_once() -> None:
    four = tuple(evidence(number, family=f"f{number}") for number in range(4))
    assert verdict(FAMILY, evidence=four).told == ()
    assert verdict(FAMILY, FAMILY, evidence=four).told


def test_a_route_can_ask_for_more_or_for_nothing() -> None:
    assert verdict(TOLL, route=Route("desk", (SCREEN,), updates=("toll",))).why == "3 → 7 dead"
    assert verdict(DENIED, route=Route("desk", (SCREEN,), updates=())).told == ()


def test_who_was_not_told_of_the_event_is_told_nothing_of_it() -> None:
    routes = [Route("desk", (SCREEN,)), Route("talks", (PHONE,), families=frozenset({"talks"}))]
    (found,) = updates.weigh(event(), [DENIED], routes, Settings(), NAMES, NOW)
    assert (found.route, found.reason) == ("desk", Verdict.NO_UPDATE)
    assert "the event itself was not told" in found.why


def test_a_route_whose_addresses_were_not_told_learns_nothing_more() -> None:
    routes = [Route("desk", (SCREEN,)), Route("late", (PHONE, SCREEN))]
    told = event(told=(("desk", "screen"),))
    verdicts = updates.weigh(told, [DENIED], routes, Settings(), NAMES, NOW)
    assert [item.reason for item in verdicts] == [Verdict.UPDATED, Verdict.UPDATED]
    made = updates.deliveries(told, verdicts, routes, message(), NOW)
    assert [(item.route, item.target) for item in made] == [("desk", "screen")]
    only = [Route("desk", (SCREEN,)), Route("late", (PHONE,))]
    assert updates.weigh(told, [DENIED], only, Settings(), NAMES, NOW)[1].reason is Verdict.NO_UPDATE


def test_a_muted_event_has_no_updates() -> None:
    mute = Mute("m1", MOMENT, NOW + timedelta(hours=1), "we know", event="e7k2m9x4qa")
    (found,) = updates.weigh(event(told=TOLD), [DENIED], [Route("desk", (SCREEN,))], Settings(), NAMES, NOW, [mute])
    assert (found.reason, found.told) == (Verdict.MUTED, ())
    assert found.why == "status: by m1 until 2025-05-04 13:30 UTC: we know"
    over = [replace(mute, until=NOW)]
    (found,) = updates.weigh(event(told=TOLD), [DENIED], [Route("desk", (SCREEN,))], Settings(), NAMES, NOW, over)
    assert found.told == (DENIED,)


@pytest.mark.parametrize("status", [Status.DENIED, Status.WITHDRAWN])
def test_a_denial_reaches_who_was_told_the_report(status: Status) -> None:
    assert verdict(DENIED, status=status).told == (DENIED,)
    assert policy.route_event(event(status=status), [Route("desk", (SCREEN,))], NOW)[0].wanted


def test_an_update_is_one_message_an_address_with_an_id_of_its_own() -> None:
    routes = [Route("desk", (SCREEN, PHONE)), Route("again", (SCREEN,))]
    told = event(told=TOLD)
    verdicts = updates.weigh(told, [DENIED], routes, Settings(), NAMES, NOW)
    made = updates.deliveries(told, verdicts, routes, message(), NOW)
    assert [(item.route, item.target) for item in made] == [("desk", "screen"), ("desk", "phone")]
    assert made == updates.deliveries(told, verdicts, routes, message(), NOW)
    first = policy.deliveries(told, policy.route_event(told, routes, NOW), routes, message(), NOW)
    other = updates.weigh(told, [ACTOR], routes, Settings(), NAMES, NOW)
    ids = {item.id for item in (*made, *first, *updates.deliveries(told, other, routes, message(), NOW))}
    assert len(ids) == 6


def test_an_update_says_what_is_new() -> None:
    said = compose.compose(event(), NAMES, TEMPLATES, "now reported → denied")
    assert said.subject.startswith("Update: Mediation requested")
    assert "Update: now reported → denied" in said.text
    assert "<strong>Update:</strong> now reported → denied" in said.html
    assert "Update" not in compose.compose(event(), NAMES, TEMPLATES).text


def test_templates_of_an_older_desk_tell_an_update_from_an_alert(tmp_path: Path) -> None:
    for name, text in (("alert.subject.j2", "{{ event.kind }}"), ("alert.txt.j2", "Told."), ("alert.html.j2", "<p>")):
        (tmp_path / name).write_text(text, encoding="utf-8")
    said = compose.compose(event(), NAMES, tmp_path, "now reported → denied")
    assert (said.subject, said.text) == ("Update: Mediation requested", "Update: now reported → denied\n\nTold.\n")


def test_who_wants_an_event_only_now_is_told_of_it_unless_another_route_did() -> None:
    before, now = event(told=(("desk", "screen"),), parties=()), event(told=(("desk", "screen"),))
    assert "IND" in now.actors - before.actors
    india = frozenset({"IND"})
    routes = [
        Route("desk", (SCREEN,)),
        Route("same", (SCREEN, PHONE), actors=india),
        Route("new", (PHONE,), actors=india),
        Route("other", (PHONE,), actors=frozenset({"CHN"})),
    ]
    assert [item.route for item in updates.late(before, now, routes, NOW)] == ["new"]
    assert updates.late(before, replace(now, status=Status.WITHDRAWN), routes, NOW) == ()
    mute = Mute("m1", MOMENT, NOW + timedelta(days=1), "known", actors=("IND",))
    assert updates.late(before, now, routes, NOW, (mute,)) == ()
