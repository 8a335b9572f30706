"""Whole ticks on a real Prefect server, from a feed on loopback to a webhook on loopback."""

import json
import os
import socket
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from flows_kill import kill
from newsstand import Hook, Newsstand

from detente.desk import Desk
from detente.errors import ConfigError, DeskBusy, UsageError
from detente.models import Report, Status, Verdict
from flows.progress import Silent
from flows.tick import run_ticks
from storage import articles, events, why
from storage.database import Database

pytestmark = pytest.mark.usefixtures("prefect")

NOW = datetime(2025, 5, 4, 18, tzinfo=UTC)
REQUEST = """MOSCOW: Pakistan has asked Russia to mediate in its stand-off with India, the Pakistani ambassador said.

The envoy told reporters after a long lunch at the embassy that the two sides had stopped listening to each other and \
that a friend of both was wanted at the table.

He recalled the accord of 1966, where the then Soviet Union brokered a peace agreement between India and Pakistan, \
and the paper that was signed at Simla in 1972.

Nobody at the foreign ministry would say whether an answer had been given, and the telephones of the spokeswoman rang \
out all afternoon."""
OTHER_WORDS = """Islamabad is seeking Russian mediation in the quarrel with New Delhi, its envoy made known on Sunday.

The message went out in the morning. It was short, said a person who had read it, and it was polite, and it named \
neither a place nor a day at which anybody might meet.

In the bazaar of the capital few had heard of it. A seller of kites said that he would believe in peace when he saw \
the price of string come down again, and not before."""
WEATHER = """The rain that fell on the hills this week was the first of the year, and it fell on everybody alike.

Farmers in the upper valley said that the apricots had been waiting for it. In the lower valley the road was closed \
for two hours, and a bus driver made tea for his passengers on the bonnet of the bus while they waited for a digger."""


def tick(**asked: Any) -> Report:
    desk = Desk(Path(os.environ["DETENTE_DESK"]))
    (report,) = run_ticks(desk, [{"now": NOW, **asked}], Silent())
    return report


def database() -> Database:
    return Database(Path(os.environ["DETENTE_DESK"]) / "detente.duckdb", 2)


def publish_request(stand: Newsstand, desk: Desk) -> str:
    url = stand.publish(
        "alpha", "request", "Pakistan asks Russia to mediate with India", REQUEST, NOW - timedelta(hours=9)
    )
    desk.sources.write_text(stand.sources_yaml(), encoding="utf-8")
    return url


def test_one_event_of_three_families_and_a_silent_second_tick(stand: Newsstand, desk: Desk, webhook: Hook) -> None:
    publish_request(stand, desk)
    stand.publish("beta", "envoy", "Envoy wants Moscow at the table", OTHER_WORDS, NOW - timedelta(hours=7))
    stand.publish("gamma", "copy", "Pakistan wants Russia to mediate", REQUEST, NOW - timedelta(hours=5))
    stand.publish("gamma", "rain", "Rain at last", WEATHER, NOW - timedelta(hours=4))
    desk.sources.write_text(stand.sources_yaml(), encoding="utf-8")

    first = tick()
    assert (first.sources, first.articles, first.copies, first.events, first.sent) == (3, 4, 1, 1, 1)
    assert first.failures == ()
    (body,) = webhook.received
    assert body["event"]["class"] == "mediation.requested"
    assert (body["event"]["sources"], body["event"]["mediators"], body["event"]["parties"]) == (
        ["PAK"],
        ["RUS"],
        ["IND"],
    )
    with database().session() as con:
        (event,) = events.list_events(con)
        history = why.history(con, f"http://127.0.0.1:{stand.port}/gamma/rain")
    assert event.families == ("alpha", "beta"), "the copy counts for the family of its original"
    assert len(event.evidence) == 3
    assert event.alerted
    assert history is not None
    assert [decision.verdict.value for decision in history.decisions] == ["no_rule"]

    pages = len([path for path in stand.asked if not path.endswith(("feed.xml", "robots.txt"))])
    second = tick(now=NOW + timedelta(minutes=10))
    assert (second.articles, second.events, second.sent) == (0, 0, 0)
    assert len(webhook.received) == 1
    assert len([path for path in stand.asked if not path.endswith(("feed.xml", "robots.txt"))]) == pages


def test_what_fails_is_reported_and_stops_nothing_else(stand: Newsstand, desk: Desk, webhook: Hook) -> None:
    publish_request(stand, desk)
    stand.publish("beta", "nothing", "An empty page", "", NOW)
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        dead = f"http://127.0.0.1:{closed.getsockname()[1]}/feed.xml"
        listed = json.loads(stand.sources_yaml())
        listed["publishers"].append(
            {
                "id": "dead",
                "name": "Dead",
                "language": "en",
                "sources": [{"id": "dead-feed", "kind": "feed", "url": dead}],
            }
        )
        desk.sources.write_text(json.dumps(listed), encoding="utf-8")
        refusing = f"mailto://127.0.0.1:{closed.getsockname()[1]}?from=desk@news.example&to=me@news.example"
        routes = json.loads(desk.routes.read_text(encoding="utf-8"))
        routes["routes"][0]["targets"].append({"id": "mail", "url": refusing})
        desk.routes.write_text(json.dumps(routes), encoding="utf-8")
        report = tick()
    assert (report.events, report.alerts, report.sent) == (1, 2, 1)
    assert len(webhook.received) == 1
    said = {failure.what: failure.why for failure in report.failures}
    assert said["source dead-feed"].startswith("unreachable")
    assert said[f"http://127.0.0.1:{stand.port}/beta/nothing"].startswith("empty")
    assert "target mail of route all" in said


def test_a_dry_run_finds_and_leaves_nothing(stand: Newsstand, desk: Desk, webhook: Hook) -> None:
    publish_request(stand, desk)
    report = tick(dry_run=True)
    assert (report.articles, report.events, report.sent, report.dry_run) == (1, 1, 0, True)
    assert webhook.received == []
    with database().session() as con:
        assert events.list_events(con) == ()
        assert articles.uncoded(con) == ()
    assert tick().events == 1


def test_since_leaves_older_news_silent(stand: Newsstand, desk: Desk) -> None:
    url = publish_request(stand, desk)
    assert tick(since="8h").events == 0
    with database().session() as con:
        history = why.history(con, url)
    assert history is not None
    assert [decision.verdict.value for decision in history.decisions] == ["too_old"]


def test_one_source_is_asked_where_one_is_named(stand: Newsstand, desk: Desk) -> None:
    publish_request(stand, desk)
    stand.publish("beta", "envoy", "Envoy wants Moscow at the table", OTHER_WORDS, NOW)
    desk.sources.write_text(stand.sources_yaml(), encoding="utf-8")
    assert tick(sources=("beta-feed",)).articles == 1
    with pytest.raises(UsageError, match="there is no source 'betta'"):
        tick(sources=("betta",))


@pytest.mark.parametrize(("asked", "said"), [({"since": "soon"}, "since"), ({"sorces": ()}, "sorces")])
def test_wrong_parameters_start_nothing(stand: Newsstand, desk: Desk, asked: dict[str, Any], said: str) -> None:
    publish_request(stand, desk)
    with pytest.raises(UsageError, match=said):
        tick(**asked)
    assert stand.asked == []
    assert not desk.database.exists()


def test_broken_entries_of_the_desk_are_left_out_and_named(stand: Newsstand, desk: Desk, webhook: Hook) -> None:
    publish_request(stand, desk)
    sources = yaml.safe_dump(json.loads(stand.sources_yaml())) + "- {id: beta, sources: [{id: b, kind: fed, url: x}]}\n"
    desk.sources.write_text(sources, encoding="utf-8")
    (desk.rules / "a.yaml").write_text("family: mediation\nrules:\n  - {id: a, vebs: [b]}\n", encoding="utf-8")
    (desk.rules / "b.yaml").write_text("rules: [\n", encoding="utf-8")
    (desk.rules / "es").mkdir()
    (desk.rules / "es" / "c.yaml").write_text("off: [gone]\n", encoding="utf-8")
    (desk.actors / "a.yaml").write_text("actors:\n  - {id: XX, kind: stat, names: [Xo]}\n", encoding="utf-8")
    desk.watches.write_text("watches:\n  - {id: a, query: '(rain'}\n  - id: long\n    query: lunch\n", encoding="utf-8")
    desk.watchlist.write_text("watchlist:\n  - {id: a, actors: [XX], severity: raise}\n", encoding="utf-8")
    found = tick()
    assert (found.events, found.sent) == (2, 2)
    assert {body["event"]["class"] for body in webhook.received} == {"mediation.requested", "watch.long"}
    left = {failure.what.removeprefix(f"{desk.root}/"): failure.why for failure in found.failures}
    assert {place.rpartition(":")[0] if place.startswith("sources") else place for place in left} == {
        "sources.yaml",
        "rules/a.yaml:3",
        "rules/b.yaml:2",
        "actors/a.yaml:2",
        "watches.yaml:2:21",
        "watchlist.yaml:2",
    }
    assert all(why.startswith("left out: ") for why in left.values())
    assert left["rules/a.yaml:3"] == "left out: unknown key 'vebs'; did you mean 'verbs'?"


def test_a_route_that_names_what_was_left_out_is_told_of_that(stand: Newsstand, desk: Desk) -> None:
    publish_request(stand, desk)
    (desk.actors / "a.yaml").write_text("actors:\n  - {id: XX, kind: stat, names: [Xo]}\n", encoding="utf-8")
    routes = json.loads(desk.routes.read_text(encoding="utf-8"))
    routes["routes"][0]["when"] = {"actors": ["XX"]}
    desk.routes.write_text(json.dumps(routes), encoding="utf-8")
    (desk.rules / "a.yaml").write_text("off: [gone]\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"actors/a\.yaml:2: "):
        tick()
    (desk.actors / "a.yaml").unlink()
    with pytest.raises(ConfigError, match=r"routes\.yaml:1: there is nothing like 'XX'"):
        tick()
    assert stand.asked == []
    assert not desk.database.exists()


def test_a_second_tick_at_the_same_time_is_told_who_runs(stand: Newsstand, desk: Desk) -> None:
    publish_request(stand, desk)
    code = (
        "import sys; from pathlib import Path; from detente.locks import exclusive\n"
        "with exclusive(Path(sys.argv[1]), 0):\n    print('held', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", code, str(desk.tick_lock)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        with pytest.raises(DeskBusy, match=f"process {process.pid} "):
            tick()
        process.kill()
    assert tick().events == 1


@pytest.mark.parametrize(
    ("where", "when"),
    [
        ("plan", "after"),
        ("collect", "before"),
        ("ingest", "before"),
        ("ingest", "after"),
        ("record", "before"),
        ("record", "after"),
        ("detect", "after"),
        ("send", "before"),
        ("send", "after"),
        ("attempt", "after"),
        ("report", "before"),
    ],
)
def test_a_killed_tick_loses_nothing(stand: Newsstand, desk: Desk, webhook: Hook, where: str, when: str) -> None:
    publish_request(stand, desk)
    kill("tick", where, when, NOW)
    tick(now=NOW + timedelta(minutes=10))
    tick(now=NOW + timedelta(minutes=20))
    assert len(webhook.ids()) == 1, "a copy, if any, bears the same id"
    assert len(webhook.received) <= 2
    with database().session() as con:
        (event,) = events.list_events(con)
    assert event.alerted
    assert len(event.evidence) == 1


def test_a_page_that_was_changed_is_read_again_and_its_event_withdrawn(stand: Newsstand, desk: Desk) -> None:
    told = publish_request(stand, desk)
    assert tick().events == 1
    again = "The ministry corrected its statement: nobody was asked for anything. " * 12
    assert stand.publish("alpha", "request", "A correction", again, NOW - timedelta(hours=9)) == told
    assert [tick(now=NOW + timedelta(hours=hours)).pages for hours in (1, 7, 14)] == [0, 1, 1]
    with database().session() as con:
        (event,) = events.list_events(con)
        history = why.history(con, told)
    assert (event.status, event.evidence) == (Status.WITHDRAWN, ())
    assert history is not None
    assert [decision.verdict for decision in history.decisions][-2:] == [Verdict.WITHDRAWN, Verdict.UPDATED]
