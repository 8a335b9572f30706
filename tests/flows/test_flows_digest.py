"""What waits for a digest, and what a mute keeps silent: through a real database, to a real webhook."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flows_kill import kill
from flows_ticks import stored, tick
from newsstand import Hook

from alerts.digest import Grouping, rhythm
from detente.desk import Desk
from detente.models import Article, Delivery, DeliveryState, Mute, Severity, Verdict
from flows import stages, why
from storage import mutes, outbox
from storage import why as history

NOW = datetime(2025, 5, 4, 18, 20, tzinfo=UTC)
DUE = datetime(2025, 5, 4, 19, tzinfo=UTC)
ASKS = ("Pakistan asks Russia to mediate", "Pakistan has asked Russia to mediate in its dispute with India, it said.")
DENIES = ("Pakistan denies asking Russia", "Pakistan denied on Sunday that it had asked Russia to mediate with India.")
OFFERS = (
    "Norway offers to mediate in Sudan",
    "Norway has offered to mediate between Sudan and Chad, it said on Sunday.",
)
REST = " The letter had been handed over in the morning. Nobody would say whether an answer had been given, and the \
telephones of the spokeswoman rang out all afternoon."


def article(name: str, title: str, text: str, hours: float = 3) -> Article:
    at = NOW - timedelta(hours=hours)
    return Article(f"https://{name}.example/a", name, name, name, title, text + REST, "en", at, NOW)


@pytest.fixture
def plain(desk: Desk) -> stages.Setup:
    return stages.read_desk(desk)


@pytest.fixture
def setup(plain: stages.Setup) -> stages.Setup:
    """A desk whose route sends an hourly digest."""
    (route,) = plain.routes
    return replace(plain, routes=(replace(route, digest=Grouping(rhythm("hourly"))),))


def sent(setup: stages.Setup, now: datetime) -> tuple[Delivery, ...]:
    return stages.deliver(setup, now, lambda _: None, clock=lambda: now)


def deliveries(setup: stages.Setup) -> tuple[Delivery, ...]:
    with setup.database.session() as con:
        return outbox.list_deliveries(con)


def reasons(setup: stages.Setup, name: str) -> str:
    return "; ".join(f"{item.what}: {item.why}" for item in why.ask(setup.desk, f"https://{name}.example/a").reasons)


def test_events_wait_for_one_message_and_why_says_so(setup: stages.Setup, webhook: Hook) -> None:
    found = tick(setup, [article("alpha", *ASKS), article("beta", *OFFERS)], NOW)
    assert [item.verdict for item in found.detected.decisions if "route" in item.facts] == [Verdict.GROUPED] * 2
    assert sent(setup, NOW) == sent(setup, DUE - timedelta(seconds=1)) == ()
    assert all(event.alerted for event in stored(setup))
    said = reasons(setup, "alpha")
    assert "grouped: message" in said
    assert "to hook by route all: grouped into a digest, due 2025-05-04 19:00 UTC" in said

    (digest,) = sent(setup, DUE)
    assert sent(setup, DUE + timedelta(hours=1)) == ()
    (told,) = webhook.received
    assert told["id"] == digest.id
    assert {item["class"] for item in told["events"]} == {"mediation.requested", "mediation.offered"}
    assert "event" not in told
    members = [item for item in deliveries(setup) if not item.is_digest]
    assert {(item.state, item.digest, item.ended_at) for item in members} == {(DeliveryState.SENT, digest.id, DUE)}
    assert f"sent at 2025-05-04 19:00 UTC in digest {digest.id}" in reasons(setup, "beta")


def test_a_digest_of_one_event_reads_like_an_alert_and_tells_what_it_has_become(
    setup: stages.Setup, webhook: Hook
) -> None:
    tick(setup, [article("alpha", *ASKS)], NOW)
    tick(setup, [article("beta", *DENIES, hours=-0.1)], NOW + timedelta(minutes=10))
    assert len(sent(setup, DUE)) == 1
    (told,) = webhook.received
    assert told["subject"].startswith("Mediation requested (denied): Pakistan")
    assert told["event"]["status"] == "denied"
    assert "update" not in told["event"], "nobody was told of it before"


def test_an_update_waits_too_and_what_is_severe_does_not(setup: stages.Setup, webhook: Hook) -> None:
    (route,) = setup.routes
    quick = replace(setup, routes=(replace(route, digest=Grouping(rhythm("hourly"), Severity.HIGH)),))
    tick(quick, [article("alpha", *ASKS)], NOW)
    (event,) = stored(quick)
    assert event.severity is Severity.HIGH
    assert len(sent(quick, NOW)) == 1
    found = tick(setup, [article("beta", *DENIES, hours=-0.1)], NOW + timedelta(minutes=10))
    assert found.detected.decisions[-1].verdict is Verdict.GROUPED
    assert found.detected.decisions[-1].why == "now reported → denied: grouped into the digest of 2025-05-04 19:00 UTC"
    assert len(sent(setup, DUE)) == 1
    assert webhook.received[1]["subject"].startswith("Update: Mediation requested (denied)")
    assert webhook.received[1]["event"]["update"] == "now reported → denied"


def test_nothing_is_sent_where_nothing_waits(setup: stages.Setup, webhook: Hook) -> None:
    assert sent(setup, DUE) == ()
    assert deliveries(setup) == ()
    assert webhook.received == []


def test_what_comes_after_its_digest_went_out_has_one_of_its_own(setup: stages.Setup, webhook: Hook) -> None:
    tick(setup, [article("alpha", *ASKS)], NOW)
    assert len(sent(setup, DUE)) == 1
    tick(setup, [article("beta", *OFFERS)], NOW)  # a tick that began before the digest was due, and took long
    assert len(sent(setup, DUE + timedelta(minutes=1))) == 1
    assert len(webhook.ids()) == 2


def test_a_digest_that_is_refused_can_be_tried_again_by_any_of_its_ids(setup: stages.Setup, webhook: Hook) -> None:
    tick(setup, [article("alpha", *ASKS), article("beta", *OFFERS)], NOW)
    webhook.status = 404
    (dead,) = sent(setup, DUE)
    assert {item.state for item in deliveries(setup)} == {DeliveryState.DEAD}
    assert not any(event.alerted for event in stored(setup))
    webhook.status = 200
    member = next(item for item in deliveries(setup) if item.digest)
    with setup.database.session() as con:
        assert outbox.retry(con, [member.id], DUE) == 1
    assert {item.state for item in deliveries(setup)} == {DeliveryState.WAITING, DeliveryState.GROUPED}
    assert [item.id for item in sent(setup, DUE)] == [dead.id]
    assert {item.state for item in deliveries(setup)} == {DeliveryState.SENT}


@pytest.mark.parametrize(
    ("where", "when", "most"),
    [
        ("gather", "before", 1),
        ("gather", "after", 1),
        ("due", "after", 1),
        ("send", "after", 2),
        ("attempt", "after", 2),
    ],
)
def test_a_kill_between_gathering_and_sending_neither_loses_nor_doubles(
    setup: stages.Setup, webhook: Hook, where: str, when: str, most: int
) -> None:
    tick(setup, [article("alpha", *ASKS), article("beta", *OFFERS)], NOW)
    kill("deliver", where, when, DUE)
    sent(setup, DUE + timedelta(minutes=1))
    sent(setup, DUE + timedelta(minutes=2))
    assert len(webhook.ids()) == 1, "a copy, if any, bears the same id"
    assert 1 <= len(webhook.received) <= most
    assert len(webhook.received[0]["events"]) == 2
    assert {item.state for item in deliveries(setup)} == {DeliveryState.SENT}


# --- mutes ------------------------------------------------------------------------------------------------


def silence(setup: stages.Setup, until: datetime, **what: str) -> None:
    with setup.database.session() as con:
        mutes.add(con, Mute("m1", NOW, until, "we know", **what))  # type: ignore[arg-type]  # route or event


def test_a_muted_event_is_recorded_and_neither_it_nor_what_becomes_of_it_is_sent(
    plain: stages.Setup, webhook: Hook
) -> None:
    silence(plain, NOW + timedelta(hours=2))
    found = tick(plain, [article("alpha", *ASKS)], NOW)
    (decision,) = (item for item in found.detected.decisions if item.verdict is Verdict.MUTED)
    assert decision.facts == {"route": "all", "mute": "m1", "until": "2025-05-04T20:20:00+00:00"}
    assert "muted: route all: by m1 until 2025-05-04 20:20 UTC: we know" in reasons(plain, "alpha")
    (event,) = stored(plain)
    assert not event.alerted
    more = tick(plain, [article("beta", *DENIES, hours=-0.1)], NOW + timedelta(minutes=10))
    assert more.detected.decisions[-1].verdict is Verdict.MUTED
    assert sent(plain, NOW + timedelta(minutes=10)) == ()
    with plain.database.session() as con:
        assert "by m1 until" in mutes.muted(con, [event.id])[event.id]
    # the mute is over: nobody is told more of what nobody was told of
    third = tick(plain, [article("gamma", *ASKS, hours=-3)], NOW + timedelta(hours=3))
    assert third.detected.deliveries == ()
    other = tick(plain, [article("delta", *OFFERS, hours=-3)], NOW + timedelta(hours=3))
    assert len(other.detected.deliveries) == 1
    assert webhook.received == []


def test_a_mute_after_the_alert_silences_what_follows_until_it_ends(plain: stages.Setup, webhook: Hook) -> None:
    tick(plain, [article("alpha", *ASKS)], NOW)
    assert len(sent(plain, NOW)) == 1
    (event,) = stored(plain)
    silence(plain, NOW + timedelta(hours=1), event=event.id)
    assert tick(plain, [article("beta", *DENIES, hours=-0.1)], NOW + timedelta(minutes=10)).detected.deliveries == ()


@pytest.mark.parametrize("which", ["plain", "setup"])
def test_what_waits_when_it_is_muted_is_taken_back(request: pytest.FixtureRequest, webhook: Hook, which: str) -> None:
    found: stages.Setup = request.getfixturevalue(which)
    tick(found, [article("alpha", *ASKS)], NOW)
    (event,) = stored(found)
    silence(found, DUE + timedelta(hours=1), event=event.id)
    assert sent(found, DUE) == ()
    (delivery,) = deliveries(found)
    assert delivery.state is DeliveryState.MUTED
    assert webhook.received == []
    assert not stored(found)[0].alerted
    with found.database.session() as con:
        assert history.about_event(con, event.id)[-1].verdict is Verdict.MUTED
    assert "muted: route all: by m1" in reasons(found, "alpha")
