"""What a detect step writes, and what is read of it afterwards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import duckdb
import pytest
from storage_examples import (
    ARTICLE,
    BARE_MENTION,
    COLLECTED,
    DECISION,
    DELIVERY,
    DETECTED,
    DEVELOPMENT,
    EVENT,
    EVIDENCE,
    FETCH,
    MENTION,
    NOW,
    PLACED,
    REPORT,
    SKETCHED,
    URL,
)

from detente.errors import UsageError
from detente.models import (
    RAISING,
    Coded,
    Decision,
    DeliveryState,
    Detected,
    Event,
    PlacedArticle,
    Severity,
    Status,
    Verdict,
)
from storage import articles, events, outbox, ticks, why
from storage.database import Database
from storage.ingest import ingest

Con = duckdb.DuckDBPyConnection
Dump = Callable[[Con], dict[str, list[tuple[object, ...]]]]

ALERTED = replace(EVENT, told=(("desk", "editor"),))


@pytest.fixture
def full(con: Con) -> Con:
    ingest(con, COLLECTED)
    events.record(con, DETECTED, NOW)
    return con


def event(number: int, **changes: object) -> Event:
    at = NOW + timedelta(days=number)
    new = replace(EVENT, id=f"e{number}", first_seen=at, last_seen=at, day=at.date(), evidence=())
    return replace(new, **changes)  # type: ignore[arg-type]  # each test gives fitting values


def store(con: Con, *found: Event) -> None:
    events.record(con, Detected(events=found), NOW)


def test_everything_comes_back_as_it_went_in(database: Database) -> None:
    with database.session() as con:
        ingest(con, COLLECTED)
        events.record(con, DETECTED, NOW)
    with database.session() as con:
        assert why.history(con, URL) == why.History(
            url=URL,
            links=(why.Listed("lantern-world", NOW, 1, done=True),),
            fetches=(FETCH,),
            article=ARTICLE,
            reading=why.Reading(NOW, ("'mediation' alone: no verb",)),
            placed=PLACED,
            mentions=(MENTION, BARE_MENTION),
            decisions=(DECISION,),
            events=(ALERTED,),
            deliveries=(DELIVERY,),
        )
        assert events.get_event(con, EVENT.id) == ALERTED
        assert events.list_events(con) == (ALERTED,)
        assert events.open_events(con, EVENT.day) == (ALERTED,)
        assert events.developments(con, EVENT.id) == (DEVELOPMENT,)
        assert outbox.list_deliveries(con) == (DELIVERY,)


def test_the_same_record_twice_changes_nothing(database: Database, dump: Dump) -> None:
    with database.session() as con:
        ingest(con, COLLECTED)
        events.record(con, DETECTED, NOW)
        once = dump(con)
        events.record(con, DETECTED, NOW + timedelta(hours=1))
        assert dump(con) == once
    with database.session() as con:
        events.record(con, DETECTED, NOW)
        assert dump(con) == once


def test_recording_again_does_not_bring_a_sent_message_back(full: Con) -> None:
    sent = replace(DELIVERY, state=DeliveryState.SENT, attempts=1, ended_at=NOW)
    outbox.record_attempt(full, sent)
    events.record(full, DETECTED, NOW)
    assert outbox.list_deliveries(full) == (sent,)


@pytest.mark.parametrize("status", list(Status))
@pytest.mark.parametrize("severity", list(Severity))
def test_every_status_and_severity_comes_back(con: Con, status: Status, severity: Severity) -> None:
    mention = replace(MENTION, status=status, severity=severity)
    evidence = replace(EVIDENCE, status=status)
    found = replace(EVENT, status=status, severity=severity, evidence=(evidence,))
    detected = Detected(coded=(Coded(URL, (mention,)),), events=(found,), evidence=(evidence,))
    ingest(con, COLLECTED)
    events.record(con, detected, NOW)
    history = why.history(con, URL)
    assert history is not None
    assert history.mentions == (mention,)
    assert history.events == (found,)


@pytest.mark.parametrize("verdict", list(Verdict))
def test_every_verdict_comes_back(con: Con, verdict: Verdict) -> None:
    decision = Decision(URL, NOW, verdict, "because")
    events.record(con, Detected(decisions=(decision,)), NOW)
    history = why.history(con, URL)
    assert history is not None
    assert history.decisions == (decision,)


def test_decisions_keep_their_order_and_differ_by_their_facts(con: Con) -> None:
    routes = [replace(DECISION, verdict=Verdict.NOT_ROUTED, facts={"route": name}) for name in ("b", "a", "c")]
    events.record(con, Detected(decisions=(DECISION, *routes)), NOW)
    history = why.history(con, URL)
    assert history is not None
    assert history.decisions == (DECISION, *routes)


def test_facts_may_hold_what_json_does_not(con: Con) -> None:
    facts = {"days": (1, 2), "day": date(2025, 5, 5), "actors": frozenset({"PAK", "IND"})}
    events.record(con, Detected(decisions=(replace(DECISION, facts=facts),)), NOW)
    history = why.history(con, URL)
    assert history is not None
    assert history.decisions[0].facts == {"days": [1, 2], "day": "2025-05-05", "actors": ["IND", "PAK"]}


def test_articles_are_uncoded_until_they_are_recorded_and_come_by_time(con: Con) -> None:
    earlier = replace(ARTICLE, url="https://z.example/", published_at=ARTICLE.published_at - timedelta(hours=1))
    same_time = replace(ARTICLE, url="https://a.example/")
    ingest(con, replace(COLLECTED, articles=(ARTICLE, earlier, same_time)))
    assert [article.url for article in articles.uncoded(con)] == ["https://z.example/", "https://a.example/", URL]
    events.record(con, Detected(articles=("https://z.example/",)), NOW)
    assert [article.url for article in articles.uncoded(con)] == ["https://a.example/", URL]
    events.record(con, Detected(coded=(Coded(URL),)), NOW)
    assert [article.url for article in articles.uncoded(con)] == ["https://a.example/"]
    read = why.history(con, "https://z.example/")
    unread = why.history(con, "https://a.example/")
    assert read is not None
    assert unread is not None
    assert read.reading == why.Reading(NOW, ())
    assert unread.reading is None


def test_recent_gives_what_later_articles_are_placed_by(full: Con) -> None:
    unplaced = replace(ARTICLE, url="https://a.example/")
    ingest(full, replace(COLLECTED, articles=(unplaced,)))
    assert articles.recent(full, ARTICLE.published_at) == (SKETCHED,)
    assert articles.recent(full, ARTICLE.published_at + timedelta(seconds=1)) == ()


def test_an_original_comes_with_its_copies_however_old_it_is(con: Con) -> None:
    names, days = ("original", "old-copy", "copy", "other"), (20, 15, 2, 20)
    held = [
        replace(
            SKETCHED,
            url=f"https://{name}.example/",
            published_at=NOW - timedelta(days=before),
            copy_of="https://original.example/" if "copy" in name else None,
        )
        for name, before in zip(names, days, strict=True)
    ]
    _keep(con, held)
    found = articles.recent(con, NOW - timedelta(days=10))
    assert {item.url for item in found} == {item.url for item in held[:3]}


def test_no_more_than_so_many_lie_behind_the_time_that_bounds_them(con: Con) -> None:
    held = [
        replace(SKETCHED, url=f"https://{n}.example/", copy_of=None, published_at=NOW - timedelta(hours=n))
        for n in range(5)
    ]
    _keep(con, held)
    since = NOW - timedelta(days=1)
    assert articles.bounded(con, since, 5) == since
    assert articles.bounded(con, since, 3) == NOW - timedelta(hours=3)


def test_a_changed_article_is_known_by_the_time_at_which_it_was_placed(full: Con) -> None:
    assert articles.placed_at(full, [URL, "https://new.example/"]) == (SKETCHED.published_at,)
    assert articles.placed_at(full, []) == ()


def _keep(con: Con, held: list[PlacedArticle]) -> None:
    places = tuple(replace(PLACED, url=i.url, copy_of=i.copy_of, published_at=i.published_at) for i in held)
    events.record(con, Detected(placed=places, sketches=tuple(held)), NOW)


def test_what_was_decided_about_comes_back_with_its_acts(con: Con) -> None:
    denial = replace(MENTION, status=Status.DENIED)
    acts, details = (MENTION, BARE_MENTION, denial), ({"places": ["poonch"]}, {}, {"counts": {"ship": 3}})
    decided = Coded(URL, acts, (), details, ARTICLE.published_at)
    ingest(con, COLLECTED)
    events.record(con, replace(DETECTED, coded=(decided,)), NOW)
    told = [number for number, act in enumerate(acts) if act.status in {*RAISING, Status.DENIED}]
    kept = replace(decided, mentions=tuple(acts[n] for n in told), details=tuple(details[n] for n in told))
    assert articles.decided(con, ARTICLE.published_at) == ((ARTICLE, kept, PLACED),)
    assert articles.decided(con, ARTICLE.published_at + timedelta(seconds=1)) == ()


def test_what_was_not_decided_about_does_not_come_back(full: Con) -> None:
    assert articles.decided(full, ARTICLE.published_at) == (), "the article was too old, or an earlier Détente read it"


def test_an_article_that_is_placed_anew_lies_where_it_was_placed_last(full: Con) -> None:
    again = replace(PLACED, story="s2", copy_of=None, why="nothing alike")
    events.record(full, Detected(placed=(again,), sketches=(replace(SKETCHED, story="s2", copy_of=None),)), NOW)
    history = why.history(full, URL)
    assert history is not None
    assert history.placed == again
    assert [item.story for item in articles.recent(full, ARTICLE.published_at)] == ["s2"]


def test_what_turns_out_to_be_a_copy_counts_for_its_original(full: Con) -> None:
    moved = Detected(moved=((URL, "https://early.example/", "early"),))
    for _ in range(2):
        events.record(full, moved, NOW)
    event = events.get_event(full, EVENT.id)
    assert event is not None
    assert [(item.copy_of, item.family) for item in event.evidence] == [("https://early.example/", "early")]


def test_withdrawn_evidence_is_gone(full: Con) -> None:
    events.record(full, Detected(withdrawn=((EVENT.id, URL),)), NOW)
    event = events.get_event(full, EVENT.id)
    assert event is not None
    assert event.evidence == ()


def test_a_changed_event_takes_the_place_of_what_was_stored_and_keeps_its_evidence(full: Con) -> None:
    second = replace(EVIDENCE, url="https://b.example/", family="b", published_at=EVIDENCE.published_at + timedelta(1))
    grown = replace(EVENT, status=Status.REPORTED, parties=("IND", "PAK", "RUS"), last_seen=NOW + timedelta(days=2))
    events.record(full, Detected(events=(replace(grown, evidence=()),), evidence=(second,)), NOW)
    assert events.get_event(full, EVENT.id) == replace(grown, evidence=(EVIDENCE, second), told=ALERTED.told)


def test_an_event_twice_in_one_record_is_stored_as_it_stands_last(con: Con) -> None:
    store(con, event(1), event(1, headline="later"))
    assert events.list_events(con) == (event(1, headline="later"),)


def test_open_are_events_of_the_day_and_those_seen_since(con: Con) -> None:
    old = event(1, day=date(2025, 4, 1), last_seen=NOW - timedelta(days=30))
    seen_again = event(2, day=date(2025, 4, 1))
    of_the_day = event(3, last_seen=NOW - timedelta(days=30))
    store(con, of_the_day, seen_again, old)
    assert events.open_events(con, date(2025, 5, 5)) == (seen_again, of_the_day)
    assert events.open_events(con, date(2025, 3, 1)) == (old, seen_again, of_the_day)


def test_the_newest_event_comes_first(con: Con) -> None:
    store(con, event(1), event(3), event(2))
    assert [found.id for found in events.list_events(con)] == ["e3", "e2", "e1"]
    assert [found.id for found in events.list_events(con, limit=2)] == ["e3", "e2"]


def test_events_can_be_chosen(con: Con) -> None:
    threat = event(2, cls="escalation.threat", sources=("IND",), targets=("PAK",), parties=())
    offer = event(3, cls="mediation.offered", mediators=("IN",))
    store(con, event(1), threat, offer)

    def ids(**filters: object) -> list[str]:
        return [found.id for found in events.list_events(con, **filters)]  # type: ignore[arg-type]  # as below

    assert ids(families=["mediation"]) == ["e3", "e1"]
    assert ids(families=["mediation", "escalation"]) == ["e3", "e2", "e1"]
    assert ids(classes=("escalation.threat",)) == ["e2"]
    assert ids(families=["mediation"], classes=["escalation.threat"]) == []
    assert ids(actors=["RUS"]) == ["e3", "e1"]
    assert ids(actors=["IN"]) == ["e3"]
    assert ids(actors=["R"]) == []
    assert ids(actors=["IND", "PAK"]) == ids(actors=["PAK", "IND"]) != []
    assert ids(actors=["IND", "NOR"]) == []
    assert ids(statuses=["denied"]) == []
    assert ids(statuses=[EVENT.status.value]) == ids()
    day = event(1).day
    assert ids(days=(day, day)) == [found.id for found in events.list_events(con) if found.day == day]
    assert ids(days=(day + timedelta(days=30), None)) == ids(days=(None, day - timedelta(days=30))) == []
    assert ids(since=NOW + timedelta(days=2)) == ["e3", "e2"]


def test_an_event_is_alerted_unless_all_its_deliveries_are_dead_or_muted(con: Con) -> None:
    store(con, EVENT)
    found = events.get_event(con, EVENT.id)
    assert found is not None
    assert not found.alerted
    for state in DeliveryState:
        expected = state not in {DeliveryState.DEAD, DeliveryState.MUTED}
        outbox.record_attempt(con, replace(DELIVERY, state=state))
        assert events.list_events(con)[0].alerted is expected
    outbox.record_attempt(con, replace(DELIVERY, id="d2"))
    assert events.list_events(con)[0].alerted


def test_an_id_may_be_shortened_while_it_is_clear(con: Con) -> None:
    store(con, event(1, id="eab"), event(2, id="eabc"), event(3, id="ex"))
    assert events.get_event(con, "ex") == event(3, id="ex")
    assert events.get_event(con, "eabc") == event(2, id="eabc")
    assert events.get_event(con, "eab") == event(1, id="eab")
    assert events.get_event(con, "q") is None
    with pytest.raises(UsageError, match=r"several events begin with 'ea': eab, eabc; give more"):
        events.get_event(con, "ea")


def test_a_very_short_id_names_only_the_first_matches(con: Con) -> None:
    store(con, *(event(number) for number in range(9)))
    with pytest.raises(UsageError, match=r"begin with 'e': e0, e1, e2, e3, e4, …; give"):
        events.get_event(con, "e")


def test_a_prefix_is_no_pattern(con: Con) -> None:
    store(con, event(1))
    assert events.get_event(con, "%") is None
    assert events.get_event(con, "e_") is None


def test_of_an_unknown_address_there_is_no_history(full: Con) -> None:
    assert why.history(full, "https://unknown.example/") is None
    assert events.developments(full, "unknown") == ()


def test_ticks_come_back_newest_first(con: Con) -> None:
    plain = replace(REPORT, id="t2", started_at=NOW + timedelta(hours=1), dry_run=False, failures=())
    ticks.record(con, REPORT)
    ticks.record(con, plain)
    ticks.record(con, plain)
    assert ticks.latest(con, 10) == (plain, REPORT)
    assert ticks.latest(con, 1) == (plain,)
    ticks.record(con, replace(plain, sent=5))
    assert ticks.latest(con, 1) == (replace(plain, sent=5),)
