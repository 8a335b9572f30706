"""What a collect task brings home, and what the next plan makes of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import duckdb
import pytest
from storage_examples import ARTICLE, COLLECTED, FETCH, LINK, LIST_FETCH, NOW, STATE, URL

from detente.models import (
    Collected,
    Fetch,
    FetchOutcome,
    Link,
    LinkUpdate,
    Order,
    RobotsFile,
    Source,
    SourceKind,
    SourceState,
)
from storage import articles, plan, sources, why
from storage.database import Database
from storage.ingest import forget_links, ingest
from storage.plan import orders
from storage.rows import query

Con = duckdb.DuckDBPyConnection
Dump = Callable[[Con], dict[str, list[tuple[object, ...]]]]

LANTERN = Source("lantern-world", SourceKind.FEED, "https://lantern.example/feed", "The Lantern", "lantern", "en")
COURIER = Source("courier", SourceKind.SITEMAP, "https://courier.example/map", "Courier", "courier", "en")


def tried(url: str, minutes: int, outcome: FetchOutcome = FetchOutcome.TIMEOUT) -> Collected:
    """One tick in which a link's page was asked for."""
    at = NOW + timedelta(minutes=minutes)
    done = outcome is FetchOutcome.OK
    return Collected(
        0,
        fetches=(Fetch("lantern-world", url, at, page=True, outcome=outcome),),
        links=(LinkUpdate("lantern-world", Link(url), at, done=done),),
    )


def listed(url: str, minutes: int = 0, *, done: bool = False) -> Collected:
    """One tick in which a link was listed, but not asked for."""
    update = LinkUpdate("lantern-world", Link(url), NOW + timedelta(minutes=minutes), done=done)
    return Collected(0, links=(update,))


def order(con: Con, max_attempts: int = 3) -> Order:
    (found,) = orders(con, [LANTERN], NOW + timedelta(days=1), max_attempts)
    return found


def test_everything_comes_back_as_it_went_in(database: Database) -> None:
    with database.session() as con:
        assert ingest(con, COLLECTED) == {URL}
    with database.session() as con:
        assert articles.get(con, URL) == ARTICLE
        assert articles.uncoded(con) == (ARTICLE,)
        found = why.history(con, URL)
        assert found is not None
        assert found.fetches == (FETCH,)
        assert found.links == (why.Listed("lantern-world", NOW, 1, done=True),)
        assert order(con).state == STATE
        assert articles.get(con, "https://unknown.example/") is None


def test_times_come_back_in_utc(con: Con) -> None:
    ingest(con, COLLECTED)
    stored = articles.get(con, URL)
    assert stored is not None
    assert stored.published_at.isoformat() == "2025-05-05T06:30:00+00:00"


def test_the_same_batch_twice_changes_nothing(database: Database, dump: Dump) -> None:
    batch = replace(COLLECTED, links=(*COLLECTED.links, *tried("https://a.example/2", 0).links))
    batch = replace(batch, fetches=(*batch.fetches, *tried("https://a.example/2", 0).fetches))
    with database.session() as con:
        assert ingest(con, batch) == {URL}
        once = dump(con)
        assert ingest(con, batch) == set()
    with database.session() as con:
        assert ingest(con, batch) == set()
        assert dump(con) == once


def test_an_article_that_is_stored_stays_as_it_is(con: Con) -> None:
    ingest(con, COLLECTED)
    other = replace(ARTICLE, url="https://a.example/2")
    again = replace(COLLECTED, articles=(replace(ARTICLE, title="Changed"), other, other))
    assert ingest(con, again) == {other.url}
    assert articles.get(con, URL) == ARTICLE


def test_an_empty_batch_is_nothing(con: Con, dump: Dump) -> None:
    before = dump(con)
    assert ingest(con, Collected(0)) == set()
    assert dump(con) == before


def test_text_that_no_encoder_takes_is_mended(con: Con) -> None:
    odd = replace(ARTICLE, title="half a \ud83d smile", authors=("\udc00",))
    ingest(con, Collected(0, articles=(odd,)))
    stored = articles.get(con, URL)
    assert stored is not None
    assert (stored.title, stored.authors) == ("half a \ufffd smile", ("\ufffd",))


@pytest.mark.parametrize(
    ("due", "expected"),
    [
        (None, True),
        (timedelta(seconds=-1), True),
        (timedelta(0), True),
        (timedelta(seconds=1), False),
        (timedelta(days=1), False),
        (timedelta(days=2), True),
    ],
)
def test_a_source_is_asked_when_it_is_due(con: Con, due: timedelta | None, *, expected: bool) -> None:
    state = SourceState("lantern-world", due_at=None if due is None else NOW + due)
    ingest(con, Collected(0, states=(state,)))
    assert bool(orders(con, [LANTERN], NOW, 3)) is expected
    assert orders(con, [LANTERN], NOW, 3, due_only=False) == (Order(LANTERN, state),)


def test_a_source_that_was_never_asked_is_due_and_orders_keep_the_order_of_sources(con: Con) -> None:
    expected = (Order(COURIER, SourceState("courier")), Order(LANTERN, SourceState("lantern-world")))
    assert orders(con, [COURIER, LANTERN], NOW, 3) == expected
    assert orders(con, [], NOW, 3) == ()


def test_a_later_state_takes_the_place_of_the_earlier(con: Con) -> None:
    ingest(con, COLLECTED)
    later = SourceState("lantern-world", None, None, NOW + timedelta(hours=1), 0, NOW)
    ingest(con, Collected(0, states=(STATE, later)))
    assert order(con).state == later


def test_known_are_the_sources_own_articles_and_links_that_are_done(con: Con) -> None:
    ingest(con, COLLECTED)
    ingest(con, listed("https://a.example/robots", done=True))
    ingest(con, Collected(0, articles=(replace(ARTICLE, url="https://courier.example/1", source="courier"),)))
    ingest(con, Collected(0, articles=(replace(ARTICLE, url="https://a.example/canonical"),)))
    lantern, courier = orders(con, [LANTERN, COURIER], NOW + timedelta(days=1), 3)
    assert lantern.known == {URL, "https://a.example/robots", "https://a.example/canonical"}
    assert courier.known == {"https://courier.example/1"}
    assert lantern.pending == courier.pending == ()


def test_an_article_fetched_long_ago_is_left_out_of_planning(con: Con) -> None:
    ingest(con, Collected(0, articles=(ARTICLE,)))
    (soon,) = orders(con, [LANTERN], ARTICLE.fetched_at + timedelta(days=59), 3)
    (late,) = orders(con, [LANTERN], ARTICLE.fetched_at + timedelta(days=61), 3)
    assert (soon.known, late.known) == ({URL}, frozenset())


def test_a_link_is_pending_until_its_tries_are_used_up(con: Con) -> None:
    url = "https://a.example/slow"
    ingest(con, listed(url))
    assert order(con).pending == (Link(url),)
    for attempts in (1, 2):
        ingest(con, tried(url, 10 * attempts))
        assert order(con).pending == (Link(url, attempts=attempts),)
    ingest(con, tried(url, 30))
    assert order(con).pending == ()
    assert order(con).known == {url}
    assert order(con, max_attempts=4).pending == (Link(url, attempts=3),)


def test_a_link_that_is_only_listed_uses_up_no_tries(con: Con) -> None:
    for minutes in range(5):
        ingest(con, listed("https://a.example/later", minutes))
    assert query(con, "SELECT attempts, seen_at FROM links") == [
        {"attempts": 0, "seen_at": (NOW + timedelta(minutes=4)).replace(tzinfo=None)}
    ]


def test_the_lists_own_request_is_no_try(con: Con) -> None:
    ingest(con, replace(listed(LIST_FETCH.url), fetches=(LIST_FETCH,)))
    assert query(con, "SELECT attempts FROM links") == [{"attempts": 0}]


def test_pending_links_keep_what_the_list_said_and_the_untried_come_first(con: Con) -> None:
    ingest(con, tried("https://a.example/tried", 0))
    ingest(con, Collected(0, links=(LinkUpdate("lantern-world", LINK, NOW + timedelta(minutes=5), done=False),)))
    assert order(con).pending == (LINK, Link("https://a.example/tried", attempts=1))


def test_a_link_whose_article_is_stored_is_not_pending(con: Con) -> None:
    ingest(con, Collected(0, articles=(ARTICLE,)))
    ingest(con, listed(URL))
    assert order(con).pending == ()


def test_what_is_done_stays_done(con: Con) -> None:
    url = "https://a.example/1"
    ingest(con, tried(url, 0, FetchOutcome.OK))
    ingest(con, listed(url, 10))
    assert order(con).known == {url}
    both = (*listed(url + "0", done=True).links, *listed(url + "0").links)
    ingest(con, Collected(0, links=both))
    assert order(con).known == {url, url + "0"}


def test_links_no_longer_listed_are_forgotten_with_old_requests_for_lists(con: Con) -> None:
    ingest(con, COLLECTED)
    ingest(con, listed("https://a.example/new", 60))
    assert forget_links(con, NOW) == 0
    assert forget_links(con, NOW + timedelta(minutes=1)) == 1
    assert query(con, "SELECT url FROM links") == [{"url": "https://a.example/new"}]
    assert query(con, "SELECT url FROM fetches") == [{"url": URL}]
    assert articles.get(con, URL) == ARTICLE


def test_health_tells_state_articles_and_the_last_request(con: Con) -> None:
    later = replace(LIST_FETCH, at=NOW + timedelta(minutes=1), outcome=FetchOutcome.NOT_MODIFIED, detail="HTTP 304")
    ingest(con, replace(COLLECTED, fetches=(later, LIST_FETCH, replace(FETCH, at=NOW + timedelta(hours=1)))))
    ingest(con, Collected(0, articles=(replace(ARTICLE, url="https://c.example/1", source="courier"),)))
    last = sources.Last(NOW + timedelta(minutes=1), FetchOutcome.NOT_MODIFIED, "HTTP 304")
    read = sources.Pages(1, 0, "fine")
    assert sources.health(con, [COURIER, LANTERN], NOW + timedelta(hours=1)) == {
        "courier": sources.Health(SourceState("courier"), 1, None, 1.0, 1.0),
        "lantern-world": sources.Health(STATE, 1, last, 1.0, 1.0, read),
    }


def test_a_host_left_alone_is_not_the_lists_last_outcome(con: Con) -> None:
    refusal = replace(LIST_FETCH, url="https://lantern.example/robots.txt", detail="HTTP 503: left alone")
    fine = replace(LIST_FETCH, outcome=FetchOutcome.OK, detail="")
    ingest(con, Collected(0, fetches=(fine, refusal)))
    assert sources.health(con, [LANTERN], NOW)["lantern-world"].last == sources.Last(NOW, FetchOutcome.OK, "")


def test_health_counts_the_pages_of_a_week_and_the_commonest_reason(con: Con) -> None:
    late, refused = (FetchOutcome.TIMEOUT, "timed out"), (FetchOutcome.HTTP_ERROR, "HTTP 403")
    made = {1: (FetchOutcome.OK, ""), 2: refused, 3: refused, 4: late, 8: late, 9: late}
    pages = [
        replace(FETCH, url=f"{URL}{days}", at=NOW - timedelta(days=days), outcome=outcome, detail=detail)
        for days, (outcome, detail) in made.items()
    ]
    ingest(con, Collected(0, fetches=tuple(pages)))
    assert sources.health(con, [LANTERN], NOW)["lantern-world"].pages == sources.Pages(4, 3, "HTTP 403")


def test_robots_txt_files_are_remembered_and_forgotten(con: Con) -> None:
    old, new = RobotsFile("a.example", NOW, "User-agent: *"), RobotsFile("b.example", NOW + timedelta(days=40))
    ingest(con, Collected(0, robots=(old, replace(new, fetched_at=NOW))))
    ingest(con, Collected(1, robots=(new,)))
    assert plan.robots(con) == (old, new)
    forget_links(con, NOW + timedelta(days=1))
    assert plan.robots(con) == (new,)


def test_health_tells_articles_a_day_this_week_and_usually(con: Con) -> None:
    """Four articles three weeks ago and one each in this week's days; what is older than 28 days counts for neither."""
    ages = {"old": (40, 20, 20, 20, 20, 2, 1), "young": (2, 1, 1, 0), "silent": (35,), "ahead": (-3,)}
    made = tuple(
        replace(ARTICLE, url=f"https://{name}.example/{n}", source=name, fetched_at=NOW - timedelta(days=age))
        for name, days in ages.items()
        for n, age in enumerate(days)
    )
    ingest(con, Collected(0, articles=made))
    listed = [replace(LANTERN, id=name) for name in ages]
    found = sources.health(con, listed, NOW)
    assert {name: (item.articles, item.a_day, item.usual) for name, item in found.items()} == {
        "old": (7, pytest.approx(2 / 7), pytest.approx(6 / 28)),
        "young": (4, pytest.approx(2.0), pytest.approx(2.0)),
        "silent": (1, 0.0, 0.0),
        "ahead": (1, 0.0, 0.0),
    }


def test_a_thousand_articles_are_one_quick_statement(con: Con) -> None:
    many = tuple(replace(ARTICLE, url=f"{URL}{number}", text="word " * 600) for number in range(1000))
    assert len(ingest(con, Collected(0, articles=many))) == 1000
    assert len(articles.uncoded(con)) == 1000
