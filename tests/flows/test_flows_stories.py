"""One event, one alert: whatever the order in which the news comes home."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

from flows_ticks import DEMO, demo_days, stored, tick

from detente.demo.script import load_script
from detente.models import Article, Collected, Event, Fetch, FetchOutcome, Source, SourceKind, Status, Verdict
from flows import stages
from storage import events, outbox, plan

NOW = datetime(2025, 5, 4, 18, tzinfo=UTC)
REST = " The letter had been handed over in the morning. Nobody would say whether an answer had been given, and the \
telephones of the spokeswoman rang out all afternoon. In the bazaar few had heard of it, and a seller of kites said \
that he would believe in peace when he saw it."


def article(name: str, title: str, text: str, hours: float = 3, **changes: object) -> Article:
    at = NOW - timedelta(hours=hours)
    made = Article(f"https://{name}.example/a", name, name, name, title, text + REST, "en", at, NOW)
    return replace(made, **changes)  # type: ignore[arg-type]  # each test gives fitting values


ASKS = ("Pakistan asks Russia to mediate", "Pakistan has asked Russia to mediate in its dispute with India, it said.")
DENIES = ("Pakistan denies asking Russia", "Pakistan denied on Sunday that it had asked Russia to mediate with India.")


def plainly(found: tuple[Event, ...]) -> list[tuple[object, ...]]:
    return sorted((event.id, event.cls, event.status, event.day, event.families, event.headline) for event in found)


def test_the_day_in_five_random_orders_gives_the_same_events(setup: stages.Setup) -> None:
    days, random, seen = demo_days()[3:5], Random(11), []
    for _ in range(5):
        setup.desk.database.unlink(missing_ok=True)
        for at, articles in days:
            random.shuffle(articles)
            tick(setup, articles, at)
        seen.append(plainly(stored(setup)))
    assert len(seen[0]) > 4
    assert all(found == seen[0] for found in seen)


def test_the_demos_days_raise_exactly_what_the_script_lists(setup: stages.Setup) -> None:
    for day, (at, articles) in zip(load_script(DEMO), demo_days(), strict=True):
        found = tick(setup, articles, at)
        told = [(item.cls, item.source, item.target, item.mediator, item.party) for item in day.events]
        assert [
            (event.cls, event.sources, event.targets, event.mediators, event.parties) for event, _ in found.raised
        ] == told, day.about
        routes = {item.event for item in found.detected.deliveries}
        told_at_once = {event.id for event, _ in found.raised if not event.in_passing}
        assert told_at_once <= routes, "each of them is told, but for what one late paragraph alone mentions"


def test_two_ticks_that_see_halves_of_the_day_find_the_same_events(setup: stages.Setup) -> None:
    at, articles = demo_days()[3]
    articles.sort(key=lambda item: item.published_at)
    tick(setup, articles, at)
    whole = plainly(stored(setup))
    for part in (0, 1):
        setup.desk.database.unlink()
        tick(setup, articles[part::2], at)
        tick(setup, articles[1 - part :: 2], at + timedelta(minutes=10))
        assert {item[1:5] for item in plainly(stored(setup))} == {item[1:5] for item in whole}


def test_a_denial_is_an_update_to_who_was_told(setup: stages.Setup) -> None:
    first = tick(setup, [article("alpha", *ASKS)], NOW)
    assert len(first.detected.deliveries) == 1
    second = tick(setup, [article("beta", *DENIES, hours=-1)], NOW + timedelta(hours=2))
    assert second.raised == ()
    (event,) = stored(setup)
    assert event.status is Status.DENIED
    (update,) = second.detected.deliveries
    assert update.id != first.detected.deliveries[0].id
    assert update.message.subject.startswith("Update: Mediation requested (denied)")
    assert Verdict.UPDATED in {item.verdict for item in second.detected.decisions}


def test_the_third_family_is_an_update_and_the_second_is_none(setup: stages.Setup) -> None:
    told = [
        len(tick(setup, [article(name, *ASKS)], NOW + timedelta(hours=number)).detected.deliveries)
        for number, name in enumerate(("alpha", "beta", "gamma", "delta"))
    ]
    # the texts are alike: one family counts for all of them
    assert told == [1, 0, 0, 0]
    texts = ("Islamabad wrote to Moscow.", "A plea went to the Kremlin.", "The envoy called in Moscow.")
    others = [
        article(f"paper{number}", "Pakistan asks Russia to mediate with India", f"{said} {said} " * 30)
        for number, said in enumerate(texts)
    ]
    counts = [
        len(tick(setup, [item], NOW + timedelta(hours=5 + number)).detected.deliveries)
        for number, item in enumerate(others)
    ]
    assert counts == [0, 1, 0]


def test_the_original_that_comes_late_counts_for_its_copies(setup: stages.Setup) -> None:
    tick(setup, [article("site", *ASKS, hours=2)], NOW)
    found = tick(setup, [article("agency", *ASKS, hours=5)], NOW + timedelta(minutes=10))
    assert found.raised == ()
    (event,) = stored(setup)
    assert event.families == ("agency",)
    assert {item.copy_of for item in event.evidence} == {None, "https://agency.example/a"}


def test_an_edited_article_adds_and_withdraws(setup: stages.Setup) -> None:
    before = article("alpha", *ASKS)
    tick(setup, [before], NOW)
    edited = replace(
        before, title="Pakistan expels Indian diplomats", text="Pakistan expelled Indian diplomats." + REST
    )
    found = tick(setup, [edited], NOW + timedelta(hours=7))
    status = {event.cls: event.status for event in stored(setup)}
    assert status["mediation.requested"] is Status.WITHDRAWN
    assert status["escalation.relations_reduced"] is Status.REPORTED
    assert {item.kind for item in found.detected.developments} == {"withdrawn", "status"}
    (update,) = [item for item in found.detected.deliveries if item.message.subject.startswith("Update")]
    assert "withdrawn" in update.message.text
    same = tick(setup, [edited], NOW + timedelta(hours=8))
    assert same.detected.articles == (), "the same words again are not read again"


def test_what_proves_an_event_is_fetched_twice_more(setup: stages.Setup) -> None:
    tick(setup, [article("alpha", *ASKS), article("beta", "Kites over Lahore", "The kites rose.")], NOW)
    sources = [
        Source(name, SourceKind.FEED, f"https://{name}.example/", name, name, "en") for name in ("alpha", "beta")
    ]

    def pending(hours: float) -> set[str]:
        with setup.database.session() as con:
            asked = plan.orders(con, sources, NOW + timedelta(hours=hours), 3, revisit=timedelta(hours=6))
        assert all(not {link.url for link in order.pending} & order.known for order in asked)
        return {link.url for order in asked for link in order.pending}

    url = "https://alpha.example/a"
    assert pending(5) == set()
    assert pending(7) == {url}
    assert pending(24 * 8) == set()
    looked(setup, article("alpha", *ASKS), 7)
    assert pending(23) == set()
    assert pending(25) == {url}, "a second look, whether it changed or not"
    looked(setup, article("alpha", *ASKS), 25)
    assert pending(48) == set()


def looked(setup: stages.Setup, found: Article, hours: float) -> stages.Found:
    """Fetch an article's page again, and detect."""
    at = NOW + timedelta(hours=hours)
    fetch = Fetch(found.source, found.url, at, page=True, outcome=FetchOutcome.OK)
    stages.ingest_batch(setup, Collected(0, articles=(replace(found, fetched_at=at),), fetches=(fetch,)))
    return stages.detect(setup, at, None, None, lambda _: None)


def test_each_change_of_a_page_is_followed_by_another_look(setup: stages.Setup) -> None:
    tick(setup, [article("alpha", *ASKS)], NOW)
    sources = [Source("alpha", SourceKind.FEED, "https://alpha.example/", "alpha", "alpha", "en")]

    def is_pending(hours: float) -> bool:
        with setup.database.session() as con:
            (order,) = plan.orders(con, sources, NOW + timedelta(hours=hours), 3, revisit=timedelta(hours=6))
        return bool(order.pending)

    looked(setup, article("alpha", "Kites over Lahore", "The kites rose."), 7)
    assert [event.status for event in stored(setup)] == [Status.WITHDRAWN]
    assert [is_pending(hours) for hours in (12, 14)] == [False, True]
    looked(setup, article("alpha", *ASKS), 14)
    assert [event.status for event in stored(setup)] == [Status.REPORTED]
    assert [is_pending(hours) for hours in (19, 21)] == [False, True]


def test_an_article_that_was_changed_to_a_denial_denies(setup: stages.Setup) -> None:
    tick(setup, [article("alpha", *ASKS)], NOW)
    found = looked(setup, article("alpha", *DENIES), 7)
    (event,) = stored(setup)
    assert (event.evidence, event.status) == ((), Status.WITHDRAWN), "nobody reports it any more"
    assert {Verdict.NOT_RAISING, Verdict.WITHDRAWN} <= {item.verdict for item in found.detected.decisions}
    assert len(found.detected.deliveries) == 1


def test_families_that_go_on_reporting_undo_a_denial(setup: stages.Setup) -> None:
    denial = article("beta", *DENIES, hours=2)
    tick(
        setup,
        [article("alpha", *ASKS), replace(denial, text=DENIES[1] + " A spokesman called it idle talk. " * 9)],
        NOW,
    )
    assert [event.status for event in stored(setup)] == [Status.DENIED]
    texts = ("Islamabad wrote to Moscow.", "A plea went to the Kremlin.", "The envoy called in Moscow.")
    more = [
        replace(article(f"paper{number}", ASKS[0] + " with India", "", hours=1), text=f"{said} {said} " * 30)
        for number, said in enumerate(texts)
    ]
    found = tick(setup, more, NOW + timedelta(hours=1))
    (event,) = stored(setup)
    assert event.status is Status.REPORTED
    assert "denied → reported" in {item.what for item in found.detected.developments}
    (update,) = found.detected.deliveries
    assert "now denied → reported" in update.message.text


def test_alerts_are_stored_with_what_they_tell(setup: stages.Setup) -> None:
    tick(setup, [article("alpha", *ASKS)], NOW)
    (event,) = stored(setup)
    with setup.database.session() as con:
        assert len(outbox.of_event(con, event.id)) == 1
        assert events.developments(con, event.id) == ()


def test_a_copy_counts_for_its_original_when_that_is_long_past(setup: stages.Setup) -> None:
    late = NOW + timedelta(days=6)
    tick(setup, [article("agency", *ASKS)], NOW)
    tick(setup, [article("site", *ASKS, published_at=late)], late)
    tick(
        setup,
        [article("other", "Kites", "The kites rose.", published_at=late + timedelta(days=6))],
        late + timedelta(days=6),
    )
    assert {item.family for event in stored(setup) for item in event.evidence} == {"agency"}
