"""Answers meant to hurt: none crashes a batch or outlasts its deadline, and the sources beside it lose nothing."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import chain, repeat

import pytest
from extractors_batches import FEED_TYPE, NOW, done, feed_of, one, order, outcomes, run
from extractors_web import Site, item, page, rss

from detente.models import Collected, FetchOutcome, Order, SourceKind, SourceState
from detente.settings import Extraction
from extractors.pool import ExtractorPool

OK = FetchOutcome.OK
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
LONGEST = 15.0  # seconds for any batch here, whatever its sources do; time-outs are far shorter
MEGABYTE = 1_000_000


@contextmanager
def wire(answer: Callable[[threading.Event], Iterator[bytes]]) -> Iterator[str]:
    """Answer every request with raw bytes, whatever HTTP says of them; give the address.

    `answer` gets an event that is set at the end, to wait on between two pieces.
    """
    over = threading.Event()
    listener = socket.create_server(("127.0.0.1", 0))

    def serve(connection: socket.socket) -> None:
        with connection, suppress(OSError):  # the client has had enough
            asked = connection.recv(65536)
            pieces = iter([b"HTTP/1.1 404 -\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"])
            for piece in pieces if b" /robots.txt " in asked else answer(over):
                connection.sendall(piece)
                if over.is_set():
                    return

    def accept() -> None:
        with suppress(OSError):  # the listener was closed
            while not over.is_set():
                threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/wire"
    finally:
        over.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


def beside(pool: ExtractorPool, other: Site, *hostile: Order, **options: object) -> Collected:
    """Collect hostile sources and a good one in one batch: the good one's article is left out of what comes back."""
    other.put("/unharmed", page("The talks beside it"))
    good = order(other.put("/good.xml", rss(item("/unharmed")), FEED_TYPE), name="good")
    began = time.monotonic()
    found = run(pool, *hostile, good, **options)  # type: ignore[arg-type]  # settings of several kinds
    assert time.monotonic() - began < LONGEST
    urls = {article.url for article in found.articles}
    assert other.url("/unharmed") in urls, "the source beside it came to harm"
    assert all(fetch.detail for fetch in found.fetches if fetch.outcome != OK), "no reason was recorded"
    assert not any("unexpected" in fetch.detail for fetch in found.fetches), "a defect of ours"
    articles = tuple(article for article in found.articles if article.url != other.url("/unharmed"))
    return Collected(found.batch, articles, found.fetches, found.links, found.states)


# --- on the wire -----------------------------------------------------------------------------------------


def stream(_: threading.Event) -> Iterator[bytes]:
    return chain([HEAD + b"\r\n<html><body><p>"], repeat(b"and so on " * 1000))


def chunks(_: threading.Event) -> Iterator[bytes]:
    return chain([HEAD + b"Transfer-Encoding: chunked\r\n\r\n"], repeat(b"2710\r\n" + b"x" * 10_000 + b"\r\n"))


def slow_body(over: threading.Event) -> Iterator[bytes]:
    yield HEAD + b"\r\n"
    while not over.wait(0.05):
        yield b"x"


def slow_head(over: threading.Event) -> Iterator[bytes]:
    yield b"HTTP/1.1 200 OK\r\nX-Slow: "
    while not over.wait(0.05):
        yield b"x"


def endless_head(_: threading.Event) -> Iterator[bytes]:
    return chain([b"HTTP/1.1 200 OK\r\n"], repeat(b"X-More: " + b"x" * 1000 + b"\r\n"))


def too_little(_: threading.Event) -> Iterator[bytes]:
    yield HEAD + b"Content-Length: 100000\r\n\r\n" + page().encode()


def no_number(_: threading.Event) -> Iterator[bytes]:
    yield HEAD + b"Content-Length: plenty\r\n\r\n" + page().encode()


def two_lengths(_: threading.Event) -> Iterator[bytes]:
    yield HEAD + b"Content-Length: 10\r\nContent-Length: 20\r\n\r\n" + page().encode()


def no_http(_: threading.Event) -> Iterator[bytes]:
    yield b"\0\xff\0\xff" * 1000


@pytest.mark.parametrize("as_list", [True, False], ids=["list", "page"])
@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (stream, FetchOutcome.TOO_LARGE),
        (chunks, FetchOutcome.TOO_LARGE),
        (slow_body, FetchOutcome.TIMEOUT),
        (slow_head, FetchOutcome.TIMEOUT),
        (endless_head, FetchOutcome.UNREACHABLE),
        (too_little, FetchOutcome.UNREACHABLE),
        (no_number, FetchOutcome.UNREACHABLE),
        (two_lengths, FetchOutcome.UNREACHABLE),
        (no_http, FetchOutcome.UNREACHABLE),
    ],
)
def test_what_is_wrong_on_the_wire_ends_in_time(
    answer: Callable[[threading.Event], Iterator[bytes]],
    outcome: FetchOutcome,
    site: Site,
    other_site: Site,
    pool: ExtractorPool,
    *,
    as_list: bool,
) -> None:
    with wire(answer) as url:
        found = beside(pool, other_site, order(url) if as_list else feed_of(site, url), timeout=1)
    assert outcomes(found)["wire"] == outcome
    assert found.articles == ()


def test_what_comes_after_the_promised_length_is_no_part_of_the_page(
    site: Site, other_site: Site, pool: ExtractorPool
) -> None:
    body = page().encode()
    after = b"<p>smuggled</p>" * 50

    def more(_: threading.Event) -> Iterator[bytes]:
        yield HEAD + f"Content-Length: {len(body)}\r\n\r\n".encode() + body + after

    with wire(more) as url:
        assert "smuggled" not in one(beside(pool, other_site, feed_of(site, url))).text


# --- redirects and names ---------------------------------------------------------------------------------


def test_a_name_that_resolves_to_a_private_address_is_refused(site: Site, pool: ExtractorPool) -> None:
    found = run(pool, order(f"http://localhost:{site.port}/inside"), allow=())
    assert outcomes(found) == {"inside": FetchOutcome.UNREACHABLE}
    assert found.fetches[0].detail.startswith("localhost is the private address ")
    assert site.asked == []


@pytest.mark.parametrize("name", ["127.3", "2130706435", "0x7f.3", "0177.0.0.3"])
def test_another_spelling_of_a_private_address_is_refused(
    name: str, site: Site, other_site: Site, pool: ExtractorPool
) -> None:
    found = beside(pool, other_site, order(f"http://{name}:{site.port}/inside"))
    assert outcomes(found)["inside"] == FetchOutcome.UNREACHABLE
    assert site.asked == []


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("http://{private}/inside", "is the private address 127.0.0.3"),
        ("http://0x7f000003:{port}/inside", "private address"),
        ("http://[::ffff:127.0.0.3]:{port}/inside", "private address"),
        ("file:///etc/passwd", "protocol"),
        ("gopher://{private}/inside", "protocol"),
        ("//[broken", ""),
        ("http://", ""),
    ],
)
@pytest.mark.parametrize("as_list", [True, False], ids=["list", "page"])
def test_a_redirect_leads_to_the_public_web_only(
    target: str, said: str, site: Site, other_site: Site, pool: ExtractorPool, *, as_list: bool
) -> None:
    location = target.format(private=f"127.0.0.3:{site.port}", port=site.port)
    away = site.put("/away", "", status=302, headers={"Location": location})
    found = beside(pool, other_site, order(away) if as_list else feed_of(site, "/away"), timeout=2)
    refused = [fetch for fetch in found.fetches if fetch.outcome != OK]
    assert {fetch.outcome for fetch in refused} == {FetchOutcome.UNREACHABLE}
    assert all(said in fetch.detail for fetch in refused)
    assert "/inside" not in site.asked
    assert found.articles == ()


def test_lists_that_lead_to_each_other_end(site: Site, other_site: Site, pool: ExtractorPool) -> None:
    one_way = site.put("/a", "", status=301, headers={"Location": "/b"})
    site.put("/b", "", status=301, headers={"Location": "/a"})
    assert outcomes(beside(pool, other_site, order(one_way)))["a"] == FetchOutcome.UNREACHABLE
    assert len(site.asked) == 6


# --- XML -------------------------------------------------------------------------------------------------

LEVELS = "".join(f"<!ENTITY l{level} '{f'&l{level - 1};' * 10}'>" for level in range(1, 11))
LAUGHS = f"<!DOCTYPE x [<!ENTITY l0 'ha'>{LEVELS}]>"
QUADRATIC = f"<!DOCTYPE x [<!ENTITY long '{'ha' * 50_000}'>]>"


def sitemap(*paths: str) -> str:
    entries = "".join(f"<url><loc>{path}</loc></url>" for path in paths)
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</urlset>'


@pytest.mark.parametrize(
    ("start", "entity"), [(LAUGHS, "&l10;"), (QUADRATIC, "&long;" * 10_000)], ids=["nested", "quadratic"]
)
@pytest.mark.parametrize("kind", [SourceKind.FEED, SourceKind.SITEMAP])
def test_entities_do_not_swell(
    kind: SourceKind, start: str, entity: str, site: Site, other_site: Site, pool: ExtractorPool
) -> None:
    feed = rss(item("/talks").replace("Talks go on", entity)).removeprefix('<?xml version="1.0" encoding="utf-8"?>')
    body = feed if kind is SourceKind.FEED else sitemap(f"/{entity}", "/talks")
    url = site.put("/laughs.xml", start + body, FEED_TYPE)
    site.put("/talks", page())
    found = beside(pool, other_site, order(url, kind))
    assert sum(len(update.link.url) + len(update.link.title or "") for update in found.links) < MEGABYTE


@pytest.mark.parametrize("kind", [SourceKind.FEED, SourceKind.SITEMAP])
def test_nothing_outside_is_loaded(kind: SourceKind, site: Site, other_site: Site, pool: ExtractorPool) -> None:
    start = (
        f'<!DOCTYPE x SYSTEM "{site.url("/dtd")}" [<!ENTITY in SYSTEM "{site.url("/entity")}">'
        f'<!ENTITY % more SYSTEM "{site.url("/parameter")}"> %more;]>'
    )
    feed = rss(item("/talks").replace("Talks go on", "&in;")).removeprefix('<?xml version="1.0" encoding="utf-8"?>')
    url = site.put("/outside.xml", start + (feed if kind is SourceKind.FEED else sitemap("/talks", "/&in;")), FEED_TYPE)
    for path in ("/dtd", "/entity", "/parameter"):
        site.put(path, "<!-- -->", "application/xml-dtd")
    site.put("/talks", page())
    beside(pool, other_site, order(url, kind))
    assert not {"/dtd", "/entity", "/parameter"} & set(site.asked)


# --- what pages and feeds hold ---------------------------------------------------------------------------

TITLE = "long " * 2_000_000
WORDS = "The envoys said in the evening that the talks in Geneva will go on for as long as both sides wish. "
DATE = '<meta property="article:published_time" content="{}">'


def linked_data(size: int) -> str:
    headline = "x" * size
    return f'<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "{headline}"}}</script>'


@pytest.mark.parametrize(
    "html",
    [
        page(head=linked_data(5 * MEGABYTE)),
        page(head=f'<script type="application/ld+json">{"[" * 100_000}</script>'),
        page(TITLE[:MEGABYTE]),
        page(head=f"<title>{TITLE}</title>"),
        "\0".join(page()),
        page(body="<p>\0\0\0</p>" * 1000),
        "<div>" * 300_000 + WORDS * 10,
        page(body="".join(f'<a href="/{number}">Talks</a>' for number in range(50_000))),
        page(head="<meta charset='" + "x" * MEGABYTE + "'>"),
        page(body=f"<p {'a' * MEGABYTE}='1'>{WORDS * 10}</p>"),
    ],
    ids=["json-ld", "json-depth", "title", "ten-megabytes", "nul-between", "nul", "depth", "links", "charset", "name"],
)
def test_a_page_that_is_too_much_costs_no_other(html: str, site: Site, other_site: Site) -> None:
    site.put("/much", html)
    site.put("/talks", page("After it"))
    with ExtractorPool(Extraction(workers=2, deadline=5)) as guarded:
        found = beside(guarded, other_site, feed_of(site, "/much", "/talks"), max_bytes=20 * MEGABYTE)
    assert site.url("/talks") in {article.url for article in found.articles}
    assert set(outcomes(found)) >= {"much", "talks"}
    assert outcomes(found)["much"] in {OK, FetchOutcome.EMPTY, FetchOutcome.EXTRACTION_FAILED}


@pytest.mark.parametrize(
    "entry",
    [
        item("/talks", TITLE),
        item("/talks", description=TITLE),
        item("/talks", "Talks\0 go\0 on"),
        item("/talks").replace("</title>", "\x01\x02\x0b</title>"),
        item("/talks", date="9" * 100_000),
        "<item>" * 10_000 + item("/talks"),
        item("http://" + "a" * MEGABYTE) + item("/talks"),
        item("javascript:alert(1)") + item("file:///etc/passwd") + item("/talks"),
    ],
    ids=["title", "words", "nul", "control", "date", "depth", "address", "schemes"],
)
def test_a_feed_that_is_too_much_costs_no_other(entry: str, site: Site, other_site: Site, pool: ExtractorPool) -> None:
    site.put("/talks", page())
    found = beside(pool, other_site, order(site.put("/feed.xml", rss(entry), FEED_TYPE)), max_bytes=20 * MEGABYTE)
    assert {fetch.outcome for fetch in found.fetches if fetch.url.endswith("/feed.xml")} == {OK}
    assert {update.link.url for update in found.links if update.link.url.startswith(site.url(""))} == {
        site.url("/talks")
    }
    assert sum(len(update.link.title or "") + len(update.link.summary or "") for update in found.links) < 100_000


ATTRIBUTES = " ".join(f"a{number}=''" for number in range(200_000))


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (SourceKind.FEED, rss(f"<item {ATTRIBUTES}/>", item("/talks"))),
        (SourceKind.SECTION, f"<p {ATTRIBUTES}></p><a href='/talks'>The talks go on in Geneva</a>" + "<p>" * 9),
    ],
)
def test_a_list_that_takes_its_parser_minutes_is_given_up(
    kind: SourceKind, body: str, site: Site, other_site: Site
) -> None:
    url = site.put("/list", body, "text/html")
    with ExtractorPool(Extraction(workers=2, deadline=2)) as guarded:
        found = beside(guarded, other_site, order(url, kind))
    assert outcomes(found)["list"] == FetchOutcome.UNREADABLE
    assert found.fetches[0].detail == "the worker that read it took longer than 2 s (extraction.deadline)"
    assert found.states[0].failures == 1


@pytest.mark.parametrize(
    "date",
    [
        "Mon, 05 May 2031 10:00:00 GMT",
        "9999-12-31T23:59:59-14:00",
        "Mon, 01 Jan 1601 00:00:00 GMT",
        "0001-01-01T00:00:00+14:00",
        "-1",
        "99999999999999999999",
    ],
)
def test_a_date_that_cannot_be_is_no_date(date: str, site: Site, other_site: Site, pool: ExtractorPool) -> None:
    site.put("/talks", page(head=DATE.format(date)))
    feed = order(site.put("/feed.xml", rss(item("/talks", date=date)), FEED_TYPE))
    assert one(beside(pool, other_site, feed)).published_at == NOW


def test_a_feed_of_100_000_entries_is_read_up_to_the_limit(site: Site, other_site: Site, pool: ExtractorPool) -> None:
    entries = "".join(f"<item><link>/{number}</link></item>" for number in range(100_000))
    url = site.put("/feed.xml", rss(entries), FEED_TYPE)
    for number in range(3):
        site.put(f"/{number}", page())
    found = beside(pool, other_site, order(url), max_links=3, max_bytes=20 * MEGABYTE)
    assert {article.url for article in found.articles} == {site.url(f"/{number}") for number in range(3)}
    assert len(found.links) <= 1001, "the good source has one more"
    assert sorted(site.asked) == ["/0", "/1", "/2", "/feed.xml", "/robots.txt"]


def test_a_feed_that_changes_its_ids_lists_nothing_new(site: Site, other_site: Site, pool: ExtractorPool) -> None:
    def listed(fetch: int) -> Order:
        entry = item(f"/talks?utm_source=feed-{fetch}#{fetch}").replace("<item>", f"<item><guid>{fetch}</guid>")
        return order(site.put("/feed.xml", rss(entry), FEED_TYPE))

    site.put("/talks?utm_source=feed-1", page())
    site.put("/talks", page())
    first = beside(pool, other_site, listed(1))
    known = frozenset(update.link.url for update in first.links if update.done)
    again = listed(2)
    second = beside(pool, other_site, Order(again.source, SourceState(again.source.id), known))
    assert one(first).url == site.url("/talks")
    assert second.articles == ()
    assert site.asked.count("/talks") == 1


def test_a_feed_whose_addresses_change_is_bounded_in_every_tick(
    site: Site, other_site: Site, pool: ExtractorPool
) -> None:
    for fetch in range(3):
        entries = [item(f"/talks/{fetch}-{number}") for number in range(50)]
        url = site.put("/feed.xml", rss(*entries), FEED_TYPE)
        found = beside(pool, other_site, order(url), max_links=2)
        assert sum(fetched.page for fetched in found.fetches) == 3, "the good source has one more"
        assert not any(done(found)[f"{fetch}-{number}"] for number in range(50))
