"""Watches and the watchlist from their files to the message."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from newsstand import Newsstand

from detente.desk import Desk
from detente.errors import ConfigError
from detente.models import Verdict
from flows.check import check
from flows.progress import Silent
from flows.stages import read_desk
from flows.tick import run_ticks
from storage import events, outbox, why
from storage.database import Database

NOW = datetime(2025, 5, 4, 18, tzinfo=UTC)
WATCHES = """watches:
  - {id: kites, query: kite* NEAR/5 (sky OR bazaar) NOT title:weather, severity: high}
"""
ROUTES = """routes:
  - id: kites
    when: {classes: [watch.kites], min_severity: high}
    targets: [{id: screen, url: "terminal://"}]
"""
TEXT = """In the bazaar a seller hung his kites over the door and waited. The wind had dropped the day before, and the \
boys who buy from him were at school. He had sold nothing since the morning, he said, and would try the other side of \
the river in the afternoon, where the houses are lower and the roofs are flat."""


def publish(stand: Newsstand, desk: Desk, name: str, publisher: str, hours: int) -> str:
    url = stand.publish(publisher, name, "A seller of kites waits for the wind", TEXT, NOW - timedelta(hours=hours))
    desk.sources.write_text(stand.sources_yaml(), encoding="utf-8")
    return url


@pytest.mark.usefixtures("prefect")
def test_a_watch_makes_one_alert_for_a_story(stand: Newsstand, desk: Desk) -> None:
    desk.watches.write_text(WATCHES, encoding="utf-8")
    desk.routes.write_text(ROUTES, encoding="utf-8")
    urls = [publish(stand, desk, "kites", "alpha", 3), publish(stand, desk, "kites-too", "beta", 2)]
    (report,) = run_ticks(desk, [{"now": NOW}], Silent())
    assert (report.articles, report.events, report.alerts, report.sent) == (2, 1, 1, 1)
    with Database(desk.database, 5).session() as con:
        (event,) = events.list_events(con)
        (delivery,) = outbox.list_deliveries(con)
    assert (event.cls, event.cameo, event.severity, event.actors) == ("watch.kites", "", "high", frozenset())
    assert {item.url for item in event.evidence} == set(urls)
    assert event.evidence[0].sentence.startswith("In the bazaar")
    assert "CAMEO" not in delivery.message.text
    assert delivery.message.subject == "Watch: kites – A seller of kites waits for the wind"


def test_check_shows_what_a_watch_would_do(stand: Newsstand, desk: Desk) -> None:
    desk.watches.write_text(WATCHES, encoding="utf-8")
    found = check(desk, publish(stand, desk, "kites", "alpha", 3), NOW)
    assert [(event.cls, event.actors) for event in found.raised] == [("watch.kites", frozenset())]
    assert [decision.verdict for decision in found.decisions] == [Verdict.NEW_EVENT]


def test_a_route_to_a_watch_that_does_not_exist_is_refused(desk: Desk) -> None:
    desk.watches.write_text(WATCHES, encoding="utf-8")
    desk.routes.write_text(ROUTES.replace("watch.kites", "watch.kits"), encoding="utf-8")
    with pytest.raises(ConfigError, match=r"nothing like 'watch.kits' among the classes; watch.kites is meant\?"):
        read_desk(desk)


WATCHLIST = """watchlist:
  - {id: delta, dyads: [[IND, PAK]], severity: lower}
"""
REQUEST = f"Pakistan has asked Russia to mediate in its stand-off with India, its ambassador said on Sunday.\n\n{TEXT}"


@pytest.mark.usefixtures("prefect")
def test_the_watchlist_decides_what_a_route_lets_through_and_says_so(stand: Newsstand, desk: Desk) -> None:
    desk.watchlist.write_text(WATCHLIST, encoding="utf-8")
    desk.routes.write_text(ROUTES.replace("classes: [watch.kites]", "families: [mediation]"), encoding="utf-8")
    at = NOW - timedelta(hours=3)
    url = stand.publish("alpha", "request", "Pakistan asks Russia to mediate with India", REQUEST, at)
    desk.sources.write_text(stand.sources_yaml(), encoding="utf-8")
    found = check(desk, url, NOW)
    assert [event.severity for event in found.raised] == ["medium"]
    (report,) = run_ticks(desk, [{"now": NOW}], Silent())
    assert (report.events, report.alerts) == (1, 0)
    with Database(desk.database, 5).session() as con:
        (event,) = events.list_events(con)
        decisions = why.about_event(con, event.id)
    assert event.severity == "medium"
    assert [(item.verdict, item.why) for item in decisions if item.verdict is not Verdict.NEW_EVENT] == [
        (Verdict.WEIGHED, "severity lowered from high to medium by 'delta': India and Pakistan take part"),
        (Verdict.BELOW_SEVERITY, "severity medium is below high"),
    ]


def test_an_entry_of_the_watchlist_that_names_nobody_is_left_out(desk: Desk) -> None:
    desk.watchlist.write_text(WATCHLIST.replace("PAK", "PAKI"), encoding="utf-8")
    (left,) = read_desk(desk).left_out()
    assert left.what == f"{desk.watchlist}:2"
    assert left.why == "left out: there is no actor 'PAKI'; did you mean 'PAK'?"


@pytest.mark.usefixtures("prefect")
def test_a_silent_article_keeps_its_nearest_miss_and_a_telling_one_has_none(stand: Newsstand, desk: Desk) -> None:
    at = NOW - timedelta(hours=3)
    near = f"Norway offered, so long after its first visit to the two capitals in the spring, to mediate.\n\n{TEXT}"
    urls = [
        stand.publish("alpha", "near", "A long way round", near, at),
        stand.publish("alpha", "request", "Pakistan asks Russia to mediate with India", REQUEST, at),
    ]
    (desk.rules / "own.yaml").write_text(
        "off: [mediation.conducted.verb, mediation.conducted.noun]\n", encoding="utf-8"
    )
    desk.sources.write_text(stand.sources_yaml(), encoding="utf-8")
    (report,) = run_ticks(desk, [{"now": NOW}], Silent())
    assert (report.articles, report.failures) == (2, ())
    with Database(desk.database, 5).session() as con:
        silent, telling = (why.history(con, url) for url in urls)
    assert silent is not None
    assert silent.reading is not None
    (note,) = silent.reading.notes
    assert note.startswith("nearest was rule mediation.offered, at 'offered' of “Norway offered, so long")
    assert "its object 'mediate' stands behind 14 words" in note
    assert telling is not None
    assert telling.reading is not None
    assert telling.reading.notes == ()
    assert check(desk, urls[0], NOW).near_miss == note
    assert check(desk, urls[1], NOW).near_miss is None
