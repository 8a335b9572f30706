"""What came of an address, in words: every outcome that there is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import redirect_stdout
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from flows_ticks import stored, tick

from detente.cli import reasons, views
from detente.models import (
    Article,
    Collected,
    DeliveryState,
    Fetch,
    FetchOutcome,
    Link,
    LinkUpdate,
    Verdict,
)
from flows import stages, why
from storage import events, ingest, outbox
from storage import why as history

NOW = datetime(2025, 5, 4, 18, tzinfo=UTC)
URL = "https://alpha.example/a"
REST = " The letter had been handed over in the morning. Nobody would say whether an answer had been given, and the \
telephones of the spokeswoman rang out all afternoon. In the bazaar few had heard of it."
ASKS = ("Pakistan asks Russia to mediate", "Pakistan has asked Russia to mediate in its dispute with India, it said.")


def article(name: str = "alpha", title: str = ASKS[0], text: str = ASKS[1], **changes: Any) -> Article:
    at = NOW - timedelta(hours=3)
    made = Article(f"https://{name}.example/a", name, name, name, title, text + REST, "en", at, NOW)
    return replace(made, **changes)


def outcome(setup: stages.Setup, url: str = URL) -> tuple[str, str]:
    answer = why.ask(setup.desk, url)
    found = StringIO()
    with redirect_stdout(found):
        reasons.print_answer(answer)
    assert answer.reasons[0].why.split(" ", maxsplit=1)[0] in found.getvalue()
    assert json.loads(json.dumps(reasons.answer_json(answer)))["outcome"] == answer.reasons[0].what
    return answer.reasons[0].what, "; ".join(reason.why for reason in answer.reasons)


def fetched(setup: stages.Setup, result: FetchOutcome, detail: str = "", *, done: bool = False) -> None:
    at = NOW + timedelta(minutes=len(result))
    fetch = Fetch("alpha", URL, at, page=True, outcome=result, detail=detail)
    with setup.database.session() as con:
        ingest.ingest(con, Collected(0, fetches=(fetch,), links=(LinkUpdate("alpha", Link(URL), at, done),)))


def test_what_never_was_listed_says_whose_site_it_is(setup: stages.Setup) -> None:
    host = setup.sources[0].url
    assert outcome(setup, "https://nowhere.example/a")[0] == "never_listed"
    what, said = outcome(setup, f"{host.rstrip('/')}/never-seen")
    assert what == "never_listed"
    assert setup.sources[0].id in said


@pytest.mark.parametrize(
    ("result", "detail", "words"),
    [
        (FetchOutcome.ROBOTS, "", "robots.txt of its site forbids it"),
        (FetchOutcome.TIMEOUT, "20 s", "no article came of it: timeout (20 s); tried 1 time"),
        (FetchOutcome.HTTP_ERROR, "HTTP 503", "http_error (HTTP 503)"),
        (FetchOutcome.EMPTY, "", "empty"),
    ],
)
def test_what_could_not_be_had_says_how(setup: stages.Setup, result: FetchOutcome, detail: str, words: str) -> None:
    fetched(setup, result, detail)
    what, said = outcome(setup)
    assert (what, words in said) == (result.value, True), said


def test_what_waits_says_for_what(setup: stages.Setup) -> None:
    with setup.database.session() as con:
        ingest.ingest(con, Collected(0, links=(LinkUpdate("alpha", Link(URL), NOW, done=False),)))
    assert outcome(setup) == ("waiting", "listed by alpha, and not fetched yet: the next ticks do")
    stages.ingest_batch(setup, Collected(0, articles=(article(),)))
    assert outcome(setup) == ("waiting", "fetched, and not read yet: the next tick does")


@pytest.mark.parametrize(
    ("changes", "what", "words"),
    [
        ({"title": "Kites", "text": "The kites rose over Lahore."}, "no_rule", "no rule fired in it"),
        ({"language": "fr"}, "language", "no rules for the language 'fr'"),
        ({"published_at": NOW - timedelta(days=30)}, "too_old", "published 2025-04-04"),
        (
            {"title": "History", "text": "In 1966 the Soviet Union mediated between India and Pakistan in Tashkent."},
            "not_raising",
            "historical",
        ),
        ({"title": "Denial", "text": "Pakistan denied that it asked Russia to mediate."}, "not_raising", "denied"),
    ],
)
def test_what_raised_nothing_says_why(setup: stages.Setup, changes: dict[str, Any], what: str, words: str) -> None:
    tick(setup, [article(**changes)], NOW)
    found = outcome(setup)
    assert (found[0], words in found[1]) == (what, True), found


def test_what_raised_an_event_says_to_whom_it_went(setup: stages.Setup) -> None:
    tick(setup, [article()], NOW)
    what, said = outcome(setup)
    assert what == "new_event"
    assert "to hook by route all: waits to be sent" in said
    (event,) = stored(setup)
    with setup.database.session() as con:
        (delivery,) = outbox.of_event(con, event.id)
        sent = replace(delivery, state=DeliveryState.SENT, attempts=1, ended_at=NOW)
        outbox.record_attempt(con, sent)
    assert "to hook by route all: sent at 2025-05-04 18:00 UTC" in outcome(setup)[1]


def test_the_same_event_says_what_would_have_made_it_new(setup: stages.Setup) -> None:
    tick(setup, [article()], NOW)
    text = "Islamabad has asked Moscow to mediate. " * 20
    other = replace(article("beta"), title="Pakistan asks Russia to mediate with India", text=text)
    tick(setup, [other], NOW + timedelta(hours=1))
    what, said = outcome(setup, "https://beta.example/a")
    assert what == "same_event"
    assert "shared: " in said
    assert "it would have been new with another source, target or direction" in said


def test_a_copy_names_its_original(setup: stages.Setup) -> None:
    tick(setup, [article(), article("beta", published_at=NOW)], NOW)
    what, said = outcome(setup, "https://beta.example/a")
    assert what == "copy"
    assert URL in said


def test_what_no_route_wants_says_which_condition_failed(setup: stages.Setup) -> None:
    low = [replace(setup.routes[0], families=frozenset({"talks"}))]
    tick(replace(setup, routes=tuple(low)), [article()], NOW)
    what, said = outcome(setup)
    assert what == "new_event"
    assert "route all: family mediation is none of talks" in said


def test_the_address_may_be_spelled_with_what_readers_add(setup: stages.Setup) -> None:
    tick(setup, [article()], NOW)
    assert outcome(setup, f"{URL}?utm_source=feed#top")[0] == "new_event"


def lines(setup: stages.Setup, event_id: str) -> Iterator[str]:
    with setup.database.session() as con:
        event = events.get_event(con, event_id)
        assert event is not None
        grown, sent = events.developments(con, event_id), outbox.of_event(con, event_id)
        decisions = history.about_event(con, event_id)
    found = StringIO()
    with redirect_stdout(found):
        views.print_life(event, grown, sent, decisions, {"PAK": "Pakistan"})
    assert views.life_json(event, grown, sent, decisions)["confidence"]["value"] > 0
    yield from found.getvalue().splitlines()


def test_show_tells_an_events_life(setup: stages.Setup) -> None:
    tick(setup, [article()], NOW)
    denial = article(
        "beta", "Denial", "Pakistan denied that it had asked Russia to mediate with India.", published_at=NOW
    )
    tick(setup, [denial], NOW + timedelta(hours=1))
    (event,) = stored(setup)
    told = "\n".join(lines(setup, event.id))
    assert "confidence 0." in told
    assert "1 independent family (+0.50)" in told
    assert "denies it: “" in told
    assert "now reported → denied" in told
    assert Verdict.NEW_EVENT.value in told
    assert Verdict.DENIED_EVENT.value in told
