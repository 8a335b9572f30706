"""One batch of a tick over real sites: what its sources list, and how a dead one stops nothing else."""

import gzip
import socket
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from extractors_batches import FEED_TYPE, NOW, done, feed_of, one, order, outcomes, run
from extractors_web import PARAGRAPHS, Site, item, page, rss

from detente.models import Article, FetchOutcome, Link, Order, SourceKind, SourceState
from extractors.lists import MOST_SITEMAPS
from extractors.pool import ExtractorPool

SOON = NOW + timedelta(minutes=5)
"""Half a tick: in time for the next one."""


def test_a_feed_becomes_articles(site: Site, pool: ExtractorPool) -> None:
    site.put(
        "/talks",
        page(head='<meta name="author" content="Ann McBee"><meta property="og:site_name" content="The Paper">'),
    )
    found = run(pool, feed_of(site, "/talks?utm_source=rss"), contact="desk@news.example")
    assert one(found) == Article(
        url=site.url("/talks"),
        source="paper-list",
        publisher="paper",
        family="paper-group",
        title="Talks go on",
        text="\n".join(PARAGRAPHS),
        language="en",
        published_at=datetime(2025, 5, 5, 10, tzinfo=UTC),
        fetched_at=NOW,
        authors=("Ann McBee",),
        site_name="The Paper",
    )
    assert found.batch == 3
    assert [(fetch.page, fetch.outcome, fetch.status, fetch.bytes > 0) for fetch in found.fetches] == [
        (False, FetchOutcome.OK, 200, True),
        (True, FetchOutcome.OK, 200, True),
    ]
    assert done(found) == {"talks": True}
    assert found.states == (SourceState("paper-list", due_at=SOON, last_success=NOW, interval=300),)
    assert site.headers["/talks"]["user-agent"].endswith("(+desk@news.example)")
    assert site.asked == ["/feed.xml", "/robots.txt", "/talks"]


# --- the list --------------------------------------------------------------------------------------------


def test_a_list_that_has_not_changed_is_not_read_again(site: Site, pool: ExtractorPool) -> None:
    site.put("/talks", page())
    headers = {"ETag": '"one"', "Last-Modified": "Mon, 05 May 2025 10:00:00 GMT"}
    first = order(site.put("/feed.xml", rss(item("/talks")), FEED_TYPE, headers=headers))
    (state,) = run(pool, first).states
    assert (state.etag, state.last_modified) == ('"one"', "Mon, 05 May 2025 10:00:00 GMT")

    found = run(pool, replace(first, state=replace(state, failures=2, due_at=NOW)))
    assert site.headers["/feed.xml"]["if-modified-since"] == "Mon, 05 May 2025 10:00:00 GMT"
    assert outcomes(found) == {"feed.xml": FetchOutcome.NOT_MODIFIED}
    assert (found.articles, found.links) == ((), ())
    assert found.states == (replace(state, interval=450),), "the validators stay, the failures are forgotten"


def test_what_an_earlier_tick_left_is_read_though_the_list_has_not_changed(site: Site, pool: ExtractorPool) -> None:
    site.put("/talks", page())
    first = order(site.put("/feed.xml", rss(), FEED_TYPE, headers={"ETag": '"one"'}))
    state = replace(first.state, etag='"one"')
    found = run(pool, replace(first, state=state, pending=(Link(site.url("/talks")),)))
    assert outcomes(found) == {"feed.xml": FetchOutcome.NOT_MODIFIED, "talks": FetchOutcome.OK}


def test_known_pages_are_not_asked_for_again(site: Site, pool: ExtractorPool) -> None:
    site.put("/new", page())
    found = run(pool, replace(feed_of(site, "/old", "/new"), known=frozenset({site.url("/old")})))
    assert list(done(found)) == ["new"]
    assert "/old" not in site.asked


def test_what_is_over_the_limit_is_left_for_later_ticks(site: Site, pool: ExtractorPool) -> None:
    paths = [f"/{number}" for number in range(5)]
    for path in (*paths, "/older"):
        site.put(path, page(f"Talks {path[1:]}"))
    pending = (Link(site.url("/older")), Link(site.url("/4")))
    found = run(pool, replace(feed_of(site, *paths), pending=pending), max_links=2)
    assert {article.title for article in found.articles} == {"Talks 0", "Talks 1"}
    assert done(found) == {"0": True, "1": True, "2": False, "3": False, "4": False}
    assert {path for path in site.asked if path != "/robots.txt"} == {"/feed.xml", "/0", "/1"}


def test_a_page_in_two_lists_is_one_article(site: Site, pool: ExtractorPool) -> None:
    site.put("/talks", page())
    second = order(site.put("/more.xml", rss(item("/talks")), FEED_TYPE), name="other")
    found = run(pool, feed_of(site, "/talks"), second)
    assert one(found).publisher == "paper"
    assert len(found.states) == 2


def test_a_section_lists_pages_by_pattern(site: Site, pool: ExtractorPool) -> None:
    site.put("/2025/talks", page())
    url = site.put("/world", '<a href="/2025/talks">Talks</a><a href="/about">About this paper and its people</a>')
    found = run(pool, order(url, SourceKind.SECTION, links=r"/\d{4}/"))
    assert one(found).title == "Talks go on"
    assert "/about" not in site.asked


def test_a_single_page_is_read_once(site: Site, pool: ExtractorPool) -> None:
    asked = order(site.put("/statement", page("Joint statement")), SourceKind.PAGE)
    first = run(pool, asked)
    assert one(first).title == "Joint statement"
    again = run(pool, replace(asked, state=first.states[0], known=frozenset({one(first).url})))
    assert (again.articles, outcomes(again)) == ((), {"statement": FetchOutcome.OK})
    site.put("/robots.txt", "User-agent: *\nDisallow: /", "text/plain")
    assert outcomes(run(pool, asked)) == {"statement": FetchOutcome.ROBOTS}


def index_of(site: Site, *names: str) -> Order:
    entries = "".join(f"<sitemap><loc>{site.url(name)}</loc></sitemap>" for name in names)
    return order(site.put("/index.xml", f"<sitemapindex>{entries}</sitemapindex>", "text/xml"), SourceKind.SITEMAP)


def test_the_sitemaps_of_an_index_are_read_and_a_dead_one_is_passed_by(site: Site, pool: ExtractorPool) -> None:
    site.put("/talks", page())
    packed = gzip.compress(f"<urlset><url><loc>{site.url('/talks')}</loc></url></urlset>".encode())
    site.put("/news.xml.gz", packed, "application/x-gzip")
    found = run(pool, index_of(site, "/gone.xml", "/news.xml.gz"))
    assert one(found).title == "Talks go on"
    assert found.fetches[0].detail == f"{site.url('/gone.xml')} failed (HTTP 404)"


@pytest.mark.parametrize("kind", ["application/x-gzip", "application/octet-stream", "text/xml"])
def test_a_packed_sitemap_is_a_source(kind: str, site: Site, pool: ExtractorPool) -> None:
    site.put("/talks", page())
    packed = gzip.compress(f"<urlset><url><loc>{site.url('/talks')}</loc></url></urlset>".encode())
    found = run(pool, order(site.put("/news.xml.gz", packed, kind), SourceKind.SITEMAP))
    assert one(found).title == "Talks go on"


def test_only_the_newest_sitemaps_of_an_index_are_read(site: Site, pool: ExtractorPool) -> None:
    names = [f"/2025-{month:02}.xml" for month in range(1, 10)]
    for name in names:
        site.put(name, "<urlset/>", "text/xml")
    found = run(pool, index_of(site, *names))
    assert site.asked == ["/index.xml", *reversed(names[-MOST_SITEMAPS:])]
    assert found.fetches[0].detail == "read the newest 5 of 9 sitemaps"


def test_an_index_within_an_index_is_passed_by_and_a_pause_ends_the_reading(site: Site, pool: ExtractorPool) -> None:
    site.put("/inner.xml", f"<sitemapindex><sitemap><loc>{site.url('/x.xml')}</loc></sitemap></sitemapindex>")
    site.put("/busy.xml", "", status=429, headers={"Retry-After": "3600"})
    found = run(pool, index_of(site, "/inner.xml", "/busy.xml", "/after.xml"))
    assert site.asked == ["/index.xml", "/inner.xml", "/busy.xml"]
    assert found.states[0].due_at == NOW + timedelta(hours=1)


def test_an_index_whose_sitemaps_are_all_dead_is_a_failure(site: Site, pool: ExtractorPool) -> None:
    found = run(pool, index_of(site, "/gone.xml", "/lost.xml"))
    assert outcomes(found) == {"index.xml": FetchOutcome.HTTP_ERROR}
    assert found.states[0].failures == 1


# --- sources that fail -----------------------------------------------------------------------------------


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
    return port


@pytest.mark.parametrize(
    ("spoil", "outcome"),
    [
        (lambda site: f"http://127.0.0.1:{closed_port()}/bad", FetchOutcome.UNREACHABLE),
        (lambda site: "http://paper..example/bad", FetchOutcome.UNREACHABLE),
        (lambda site: site.url("/bad"), FetchOutcome.HTTP_ERROR),
        (lambda site: site.put("/bad", "", status=503), FetchOutcome.HTTP_ERROR),
        (lambda site: site.put("/bad", page()), FetchOutcome.UNREADABLE),
        (lambda site: site.put("/bad", ""), FetchOutcome.UNREADABLE),
        (lambda site: site.put("/bad", rss() + " " * 20_000, FEED_TYPE), FetchOutcome.TOO_LARGE),
        (lambda site: site.put("/bad", "", status=302, headers={"Location": "/bad"}), FetchOutcome.UNREACHABLE),
        (lambda site: site.put("/bad", "", status=302, headers={"Location": "http://[::1"}), FetchOutcome.UNREACHABLE),
        (lambda site: site.put("/bad", "", status=302, headers={"Location": "file:///a"}), FetchOutcome.UNREACHABLE),
    ],
)
def test_a_dead_source_is_recorded_and_the_others_go_on(
    spoil: Callable[[Site], str], outcome: FetchOutcome, site: Site, pool: ExtractorPool
) -> None:
    site.put("/talks", page())
    found = run(pool, order(spoil(site), name="dead"), feed_of(site, "/talks"), max_bytes=10_000)
    assert outcomes(found) == {"bad": outcome, "feed.xml": FetchOutcome.OK, "talks": FetchOutcome.OK}
    assert found.fetches[0].detail
    assert one(found).publisher == "paper"
    dead, alive = found.states
    assert (dead.failures, dead.due_at, dead.last_success) == (1, NOW + timedelta(minutes=5), None)
    assert (alive.failures, alive.due_at) == (0, SOON)


def test_a_source_that_does_not_answer_is_given_up(site: Site, pool: ExtractorPool) -> None:
    site.gates["/feed.xml"] = threading.Event()
    found = run(pool, feed_of(site), timeout=0.3)
    assert outcomes(found) == {"feed.xml": FetchOutcome.TIMEOUT}
    assert found.fetches[0].detail == "timed out after 0.3 s"


def test_each_failure_doubles_the_wait_up_to_a_day(site: Site, pool: ExtractorPool) -> None:
    waits = []
    state = SourceState("paper-list", etag='"one"', last_success=NOW)
    for _ in range(12):
        (state,) = run(pool, replace(order(site.url("/gone")), state=state)).states
        assert state.due_at is not None
        waits.append((state.due_at - NOW) / timedelta(minutes=1))
    assert waits[:4] == [5, 10, 20, 40]
    assert waits[-1] == 24 * 60
    assert (state.failures, state.etag, state.last_success) == (12, '"one"', NOW)
