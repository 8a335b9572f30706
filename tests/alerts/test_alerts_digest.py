"""When digests are due, what waits for them, and how they read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alerts_examples import MOMENT, NAMES, TEMPLATES, delivery, event, evidence, message, routes_file
from test_alerts_compose import HOSTILE, Page
from test_alerts_mail import WHO, Keeper, content, send

from alerts import compose, digest, policy
from alerts.routes import Route, Target, load_routes
from detente.errors import ConfigError
from detente.models import DeliveryState, Event, SendOutcome, Severity, Verdict

SCREEN, PHONE = Target("screen", "terminal://"), Target("phone", "tgram://1/2")
LOW = event(id="e0000000001", severity=Severity.LOW, headline="Low", evidence=(evidence(3),))
HIGH = event(headline="High")


def at(hour: int, minute: int = 0, day: int = 4, second: int = 0) -> datetime:
    return datetime(2025, 5, day, hour, minute, second, tzinfo=UTC)


@pytest.mark.parametrize(
    ("words", "now", "due"),
    [
        ("hourly", at(9, 30), at(10)),
        ("hourly", at(10), at(11)),
        ("every 1 hour", at(10, 59, second=59), at(11)),
        ("every 6 hours", at(9, 30), at(12)),
        ("every  6  hours", at(18), at(0, day=5)),
        ("daily at 07:30", at(7, 29), at(7, 30)),
        ("daily at 7:30", at(7, 30), at(7, 30, day=5)),
        ("daily at 00:00", at(23, 59), at(0, day=5)),
    ],
)
def test_a_digest_is_due_at_the_next_moment_of_its_rhythm(words: str, now: datetime, due: datetime) -> None:
    assert digest.rhythm(words).due(now) == due


@pytest.mark.parametrize(
    "words", ["daily", "daily at 24:00", "daily at 7", "every 0 hours", "every 169 hours", "often"]
)
def test_other_rhythms_are_refused_with_their_line(tmp_path: Path, words: str) -> None:
    text = f"routes:\n  - id: desk\n    digest: {words}\n    targets: [{{id: screen, url: 'terminal://'}}]\n"
    with pytest.raises(ConfigError) as caught:
        load_routes(routes_file(tmp_path, text))
    assert caught.value.line == 3
    assert "write 'hourly', 'daily at 07:30' (UTC) or 'every 6 hours'" in str(caught.value)


def test_a_file_says_when_and_what_does_not_wait(tmp_path: Path) -> None:
    targets = "    targets: [{id: screen, url: 'terminal://'}]\n"
    (route,) = load_routes(
        routes_file(tmp_path, f"routes:\n  - id: desk\n    digest: hourly\n    at_once: high\n{targets}")
    )
    assert route.digest == digest.Grouping(digest.Rhythm(timedelta(hours=1)), Severity.HIGH)
    with pytest.raises(ConfigError) as caught:
        load_routes(routes_file(tmp_path, f"routes:\n  - id: desk\n    at_once: high\n{targets}"))
    assert "'at_once' means something only beside 'digest'" in str(caught.value)


def grouping(name: str, *targets: Target, at_once: Severity | None = None) -> Route:
    return Route(name, targets, digest=digest.Grouping(digest.rhythm("hourly"), at_once))


@pytest.mark.parametrize("severity", list(Severity))
def test_an_event_waits_below_the_severity_that_is_told_at_once(severity: Severity) -> None:
    (found,) = policy.route_event(event(severity=severity), [grouping("desk", SCREEN, at_once=Severity.MEDIUM)], MOMENT)
    if severity is Severity.LOW:
        assert (found.wanted, found.reason, found.due) == (True, Verdict.GROUPED, at(10))
        assert found.why == "grouped into the digest of 2025-05-04 10:00 UTC"
    else:
        assert (found.wanted, found.reason, found.due) == (True, Verdict.ROUTED, None)
    (found,) = policy.route_event(event(severity=severity), [grouping("desk", SCREEN)], MOMENT)
    assert found.reason is Verdict.GROUPED


def test_an_address_of_two_routes_is_told_by_the_quicker() -> None:
    routes = [grouping("slow", SCREEN, PHONE), Route("quick", (replace(SCREEN, id="other"),))]
    verdicts = policy.route_event(event(), routes, MOMENT)
    made = policy.deliveries(event(), verdicts, routes, message(), MOMENT)
    assert {(item.route, item.target, item.state, item.due_at) for item in made} == {
        ("quick", "other", DeliveryState.WAITING, MOMENT),
        ("slow", "phone", DeliveryState.GROUPED, at(10)),
    }


def test_one_address_gets_one_digest() -> None:
    waiting = [delivery(1), delivery(2, route="other", target="box"), delivery(3, target="phone"), delivery(4)]
    addresses = {("desk", "mail"): "one", ("other", "box"): "one", ("desk", "phone"): "two"}
    groups = digest.gathered(waiting, addresses)
    assert [[item.id for item in group] for group in groups] == [["d1", "d2", "d4"], ["d3"]]
    assert digest.gathered((), addresses) == ()
    first, again = (digest.digest(group, message(), MOMENT) for group in (groups[0], groups[0][::-1]))
    assert first.id == again.id
    assert (first.event, first.is_digest) == ("", True)


def test_an_event_stands_in_a_digest_once_the_most_severe_first() -> None:
    update = message(event={"update": "now reported → denied"})
    members = [
        delivery(1, event=LOW.id),
        delivery(2, event=HIGH.id, message=update),
        delivery(3, event=LOW.id, message=update),
    ]
    found = digest.contents(members, {LOW.id: LOW, HIGH.id: HIGH})
    assert found == [(HIGH, "now reported → denied"), (LOW, "")]


def both() -> list[tuple[Event, str]]:
    return [(HIGH, "now reported → denied"), (LOW, "")]


def test_a_digest_has_one_line_and_one_proving_sentence_for_each_event() -> None:
    found = compose.compose_digest(both(), NAMES, TEMPLATES)
    assert found.subject == "Digest: 2 events (1 high, 1 low) – Mediation requested: Pakistan → Russia"
    who = "Pakistan → Russia (mediator: Russia; parties: India, Pakistan)"
    assert (
        found.text
        == f"""2 events (1 high, 1 low), the most severe first

high: Mediation requested (reported as fact), Sunday 4 May 2025: {who}
  Update: now reported → denied
  “Report 1: Pakistan has asked Russia to mediate.”
  Northline, https://northline.example/1
  2 independent families; detente show e7k2m9x4qa

low: Mediation requested (reported as fact), Sunday 4 May 2025: {who}
  “Report 3: Pakistan has asked Russia to mediate.”
  Northline, https://northline.example/3
  1 independent family; detente show e0000000001
"""
    )
    assert [item["id"] for item in found.event["events"]] == [HIGH.id, LOW.id]
    assert found.event["events"][0]["update"] == "now reported → denied"


def test_a_digest_of_one_event_is_the_usual_alert() -> None:
    assert compose.compose_digest([(HIGH, "")], NAMES, TEMPLATES) == compose.compose(HIGH, NAMES, TEMPLATES)


def test_a_desk_without_digest_templates_uses_the_shipped_ones(tmp_path: Path) -> None:
    for name in (compose.SUBJECT, compose.TEXT, compose.HTML):
        (tmp_path / name).write_text("old", encoding="utf-8")
    compose.check(tmp_path)
    assert compose.compose_digest(both(), NAMES, tmp_path) == compose.compose_digest(both(), NAMES, TEMPLATES)
    (tmp_path / compose.DIGEST_TEXT).write_text("{{ nothing }}", encoding="utf-8")
    with pytest.raises(ConfigError):
        compose.check(tmp_path)


def test_a_digest_arrives_as_mail_in_both_forms_and_strangers_words_do_nothing(smtp: Callable[..., int]) -> None:
    hostile = replace(LOW, evidence=(evidence(1, sentence=HOSTILE, publisher=HOSTILE, url="javascript:x()"),))
    told = compose.compose_digest([(HIGH, ""), (hostile, "")], NAMES, TEMPLATES)
    keeper = Keeper()
    url = f"mailto://127.0.0.1:{smtp(keeper)}?{WHO}"
    changes = {"subject": told.subject, "text": told.text, "html": told.html, "event": told.event}
    assert send(url, **changes).outcome is SendOutcome.SENT
    (mail,) = keeper.mails
    assert mail["X-Detente-Event"] == f"{HIGH.id} {LOW.id}"
    assert content(mail, "plain") == told.text
    page = Page(content(mail, "html"))
    assert "script" not in page.tags
    assert page.links == ["https://northline.example/1"]
    assert page.tags.count("div") == 3
    assert "“Report 1: Pakistan has asked Russia to mediate.”" in page.words
