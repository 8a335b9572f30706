"""Whichever tick an article comes home in: the same events, and each of them told once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from event_contents import contents
from flows_ticks import DEMO, demo_days, places, stored, tick
from hard_news import corrected, hard_news

from alerts.routes import Route, Target
from detection.watchlist import Concern
from detente.demo.script import load_script
from detente.desk import Desk
from detente.models import Article, Delivery, Severity, Status, Verdict
from flows import stages, why
from storage import events

NOW = load_script(DEMO)[4].at
CUTS = 12


def news() -> list[Article]:
    """Return what two days of the demo brought, denials among it."""
    return [item for _, articles in demo_days()[3:5] for item in articles]


def run(setup: stages.Setup, pieces: Sequence[Sequence[Article]]) -> tuple[list[tuple[object, ...]], list[Delivery]]:
    """Let pieces come home in a tick each; return what the events say, and what was sent."""
    setup.desk.database.unlink(missing_ok=True)
    sent: list[Delivery] = []
    for number, piece in enumerate(pieces):
        sent += tick(setup, piece, NOW + timedelta(minutes=10 * number)).detected.deliveries
    return contents(stored(setup)), sent


def test_any_cut_of_the_same_news_gives_the_same_events_each_told_once(setup: stages.Setup) -> None:
    articles = news()
    whole, told = run(setup, [articles])
    assert len(whole) == len(told) > 6
    for seed in range(CUTS):
        random, pieces = Random(seed), [[] for _ in range(2 + seed % 3)]  # type: list[list[Article]]
        for item in articles:
            random.choice(pieces).append(item)
        found, sent = run(setup, pieces)
        assert found == whole, f"cut {seed}"
        opened = Counter(item.event for item in sent if not item.message.subject.startswith("Update"))
        updates = Counter((item.event, item.message.event["update"]) for item in sent if "update" in item.message.event)
        assert set(opened.values()) == {1}
        assert not updates or set(updates.values()) == {1}
        with setup.database.session() as con:
            taken_back = [event for event in events.list_events(con) if event.status is Status.WITHDRAWN]
        assert len(opened) == len(whole) + len(taken_back)


def outcome(setup: stages.Setup, pieces: Sequence[Sequence[Article]]) -> dict[str, object]:
    """Let pieces come home in a tick each; return all that may depend on no luck."""
    return {"events": run(setup, [piece for piece in pieces if piece])[0], **places(setup)}


@pytest.mark.parametrize("seed", range(2))
def test_any_cut_of_hard_news_gives_the_same_stories_copies_and_events(desk: Desk, seed: int) -> None:
    desk.watches.write_text("watches:\n  - {id: kites, query: kite*}\n", encoding="utf-8")  # the story alone joins it
    (desk.root / "settings.yaml").write_text("detection: {max_age_days: 60}", encoding="utf-8")
    setup, articles = stages.read_desk(Desk(desk.root)), hard_news(seed, 50, NOW)
    changes = corrected(articles, seed)
    whole, later = outcome(setup, [articles]), outcome(setup, [articles, changes])
    assert later != whole
    for number in range(3):
        random, pieces = Random(number), [[] for _ in range(4)]  # type: list[list[Article]]
        first = {item.url: random.randrange(3) for item in articles}
        for item in articles:
            pieces[first[item.url]].append(item)
        assert outcome(setup, pieces) == whole
        for item in changes:
            pieces[random.randint(first[item.url] + 1, 3)].append(item)
        assert outcome(setup, pieces) == later


def test_a_denial_waits_for_its_report(setup: stages.Setup) -> None:
    asks = Article(
        "https://alpha.example/a", "alpha", "alpha", "alpha", "Pakistan asks Russia to mediate",
        "Pakistan has asked Russia to mediate in its dispute with India, it said.", "en", NOW - timedelta(hours=3), NOW,
    )  # fmt: skip
    denies = replace(
        asks, url="https://beta.example/a", source="beta", publisher="beta", family="beta",
        title="Pakistan denies asking Russia", published_at=NOW - timedelta(hours=2),
        text="Pakistan denied on Sunday that it had asked Russia to mediate with India.",
    )  # fmt: skip
    early = tick(setup, [denies], NOW)
    late = tick(setup, [asks], NOW + timedelta(minutes=10))
    assert (early.detected.events, len(late.detected.deliveries)) == ((), 1)
    (event,) = stored(setup)
    assert [(item.url, item.status) for item in event.evidence] == [
        (asks.url, Status.REPORTED),
        (denies.url, Status.DENIED),
    ]
    assert event.status is Status.DENIED
    assert why.ask(setup.desk, denies.url).reasons[0].what == Verdict.DENIED_EVENT
    again = tick(setup, [replace(asks, url="https://c.example/a", title="Kites", text="The kites rose.")], NOW)
    assert (again.detected.events, again.detected.deliveries) == ((), ()), "nothing is decided or told twice"


@pytest.mark.parametrize("order", [(0, 1), (1, 0), (slice(None),)])
def test_who_wants_an_event_is_told_of_it_in_whichever_tick_it_comes_to_be_that(
    setup: stages.Setup, order: Sequence[int | slice]
) -> None:
    text = "{} has asked Russia to mediate {}, officials said on Sunday. Nobody would say more of it that day."
    vague, full = (
        Article(
            f"https://{name}.example/a", name, name, name, "Russia is asked to mediate", text.format("Pakistan", end),
            "en", NOW - timedelta(hours=hours), NOW,
        )
        for name, end, hours in (("alpha", "in the crisis", 3), ("beta", "in its dispute with India", 2))
    )  # fmt: skip
    (everything,) = setup.routes
    india = Route("india", (Target("other", "json://127.0.0.1:9/"),), actors=frozenset({"IND"}))
    grave = Route("grave", (Target("third", "json://127.0.0.1:9/third"),), min_severity=Severity.HIGH)
    low = Concern(id="quiet", classes=("mediation.*",), severity="low")
    pair = Concern(id="pair", dyads=(("IND", "PAK"),), severity="high")
    desk = replace(setup, routes=(everything, india, grave), watchlist=(pair, low))
    sent = [
        item
        for number, which in enumerate(order)
        for item in tick(desk, [vague, full][which] if isinstance(which, slice) else [[vague, full][which]],
                         NOW + timedelta(minutes=10 * number)).detected.deliveries
    ]  # fmt: skip
    (event,) = stored(desk)
    assert event.severity is Severity.HIGH
    assert sorted(item.route for item in sent if "update" not in item.message.event) == ["all", "grave", "india"]


def test_what_a_late_paragraph_mentions_is_told_once_another_source_has_it(setup: stages.Setup) -> None:
    rest = ("The kites rose over the park as in every year. ", "Ploughs are drawn by oxen where no road leads. ")
    late = "Chad has expelled the ambassador of France. "
    harvest, festival = (
        Article(
            f"https://{name}.example/a", name, name, name, f"Morning letter of {name}",
            f"{said * 5}\n\n{said * 5}\n\n{late}{said * 5}", "en", NOW - timedelta(hours=hours), NOW,
        )
        for name, said, hours in (("alpha", rest[0], 3), ("beta", rest[1], 2))
    )  # fmt: skip
    first = tick(setup, [harvest], NOW)
    (event,) = first.detected.events
    assert event.in_passing
    assert not first.detected.deliveries
    (decision,) = [item for item in first.detected.decisions if item.verdict is Verdict.IN_PASSING]
    assert decision.why == "one source alone tells it so far, undated and below its lead"
    second = tick(setup, [festival], NOW + timedelta(minutes=10))
    assert [item.event for item in second.detected.deliveries] == [event.id]
    assert not tick(setup, [festival], NOW + timedelta(minutes=20)).detected.deliveries
