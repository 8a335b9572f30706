"""The pages of a batch: fetched politely, bounded in every way, and made into articles."""

import asyncio
import gzip
import threading
import tracemalloc
import zlib
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import brotli  # type: ignore[import-untyped]  # it ships no types
import pytest
from extractors_batches import FEED_TYPE, NOW, done, feed_of, one, order, outcomes, run
from extractors_web import PARAGRAPHS, Site, item, page, rss

from detente.models import FetchOutcome, Link, SourceKind
from detente.settings import Extraction
from extractors.bodies import TooLarge, read_body
from extractors.network import is_public
from extractors.pool import ExtractorPool

OK = FetchOutcome.OK
WORDS = "The envoys said in the evening that the talks in Geneva will go on for as long as both sides wish. " * 4
GALLERY = "<html><head><title>A gallery</title></head><body><img src=a.jpg></body></html>"


def deflated(data: bytes, *, bare: bool) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS if bare else zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


# --- one page --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "kind", "status", "outcome", "settled"),
    [
        (b"gone", "text/html", 404, FetchOutcome.HTTP_ERROR, False),
        (b"later", "text/html", 500, FetchOutcome.HTTP_ERROR, False),
        (b"<p>" * 4000, "text/html", 200, FetchOutcome.TOO_LARGE, True),
        (b"%PDF-1.7", "application/pdf", 200, FetchOutcome.NOT_HTML, True),
        (GALLERY.encode(), "text/html", 200, FetchOutcome.EMPTY, True),
        (b"", "text/html", 200, FetchOutcome.EMPTY, True),
        (page(body="<p>Too short to be an article.</p>").encode(), "text/html", 200, FetchOutcome.EMPTY, True),
    ],
)
def test_a_page_that_gives_no_article_is_recorded_and_the_next_one_works(
    body: bytes, kind: str, status: int, outcome: FetchOutcome, site: Site, pool: ExtractorPool, *, settled: bool
) -> None:
    site.put("/bad", body, kind, status)
    site.put("/talks", page())
    found = run(pool, feed_of(site, "/bad", "/talks"), max_bytes=10_000)
    assert outcomes(found) == {"feed.xml": OK, "bad": outcome, "talks": OK}
    assert done(found) == {"bad": settled, "talks": True}
    assert all(fetch.detail for fetch in found.fetches if fetch.outcome != OK)
    assert one(found).url == site.url("/talks")


def test_a_page_without_a_content_type_is_read(site: Site, pool: ExtractorPool) -> None:
    site.put("/talks", page(), kind="")
    assert one(run(pool, feed_of(site, "/talks"))).title == "Talks go on"


def test_the_charset_of_the_header_counts(site: Site, pool: ExtractorPool) -> None:
    body = page("Переговоры идут").replace('<meta charset="utf-8">', "").encode("koi8-r")
    site.put("/talks", body, "text/html; charset=KOI8-R")
    assert one(run(pool, feed_of(site, "/talks"))).title == "Переговоры идут"


def test_a_redirect_is_followed_and_its_end_is_the_address(site: Site, other_site: Site, pool: ExtractorPool) -> None:
    other_site.put("/end?utm_source=x", page())
    site.put("/short", "", status=301, headers={"Location": "/long"})
    site.put("/long", "", status=302, headers={"Location": other_site.url("/end?utm_source=x")})
    found = run(pool, feed_of(site, "/short"))
    assert one(found).url == other_site.url("/end")
    assert done(found) == {"short": True}


def test_redirects_in_a_circle_end(site: Site, pool: ExtractorPool) -> None:
    site.put("/round", "", status=302, headers={"Location": "/round"})
    found = run(pool, feed_of(site, "/round"), max_redirects=3)
    assert outcomes(found)["round"] == FetchOutcome.UNREACHABLE
    assert site.asked.count("/round") == 4
    assert done(found) == {"round": False}


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        ("gzip", gzip.compress(page().encode())),
        ("x-gzip", gzip.compress(page().encode())),
        ("deflate", deflated(page().encode(), bare=False)),
        ("deflate", deflated(page().encode(), bare=True)),
        ("br", brotli.compress(page().encode())),
        ("identity", page().encode()),
    ],
)
def test_a_packed_page_is_unpacked(encoding: str, packed: bytes, site: Site, pool: ExtractorPool) -> None:
    site.put("/talks", packed, headers={"Content-Encoding": encoding})
    assert one(run(pool, feed_of(site, "/talks"))).title == "Talks go on"
    assert site.headers["/talks"]["accept-encoding"] == "gzip, deflate, br"


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd"])
def test_a_page_that_cannot_be_unpacked_is_unreachable(encoding: str, site: Site, pool: ExtractorPool) -> None:
    site.put("/bad", b"\xff\xfe\xfd nothing of that kind", headers={"Content-Encoding": encoding})
    assert outcomes(run(pool, feed_of(site, "/bad")))["bad"] == FetchOutcome.UNREACHABLE


@pytest.mark.parametrize("encoding", ["gzip", "br"])
def test_a_page_that_swells_is_stopped_at_the_limit(encoding: str, site: Site, pool: ExtractorPool) -> None:
    bomb = b"<p>" * 10_000_000
    site.put(
        "/bomb", {"gzip": gzip.compress, "br": brotli.compress}[encoding](bomb), headers={"Content-Encoding": encoding}
    )
    assert outcomes(run(pool, feed_of(site, "/bomb")))["bomb"] == FetchOutcome.TOO_LARGE


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "identity"])
def test_no_more_is_unpacked_than_allowed(encoding: str) -> None:
    bomb = b"<p>" * 10_000_000
    packed = {"gzip": gzip.compress, "deflate": zlib.compress, "br": brotli.compress}.get(encoding, bytes)(bomb)

    async def chunks() -> AsyncIterator[bytes]:
        yield packed

    tracemalloc.start()
    with pytest.raises(TooLarge):
        asyncio.run(read_body(chunks(), encoding, 10_000))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5_000_000


# --- politeness ------------------------------------------------------------------------------------------


def test_a_page_that_robots_txt_forbids_is_never_asked_for(site: Site, pool: ExtractorPool) -> None:
    site.put("/robots.txt", "User-agent: detente\nDisallow: /private\n\nUser-agent: *\nDisallow: /", "text/plain")
    site.put("/private/talks", page())
    site.put("/talks", page())
    found = run(pool, feed_of(site, "/private/talks", "/talks"))
    assert [fetch.outcome for fetch in found.fetches] == [OK, FetchOutcome.ROBOTS, OK]
    assert [update.done for update in found.links] == [True, True]
    assert "/private/talks" not in site.asked
    assert site.asked.count("/robots.txt") == 1


def test_a_redirect_leads_past_no_robots_txt(site: Site, other_site: Site, pool: ExtractorPool) -> None:
    other_site.put("/robots.txt", "User-agent: *\nDisallow: /", "text/plain")
    other_site.put("/talks", page())
    site.put("/talks", "", status=302, headers={"Location": other_site.url("/talks")})
    assert outcomes(run(pool, feed_of(site, "/talks")))["talks"] == FetchOutcome.ROBOTS
    assert other_site.asked == ["/robots.txt"]


def test_a_section_obeys_robots_txt_and_a_feed_is_there_to_be_asked(site: Site, pool: ExtractorPool) -> None:
    site.put("/robots.txt", "User-agent: *\nDisallow: /", "text/plain")
    url = site.put("/world", '<a href="/talks">Envoys agree to go on with talks</a>')
    found = run(pool, order(url, SourceKind.SECTION), feed_of(site))
    assert outcomes(found) == {"world": FetchOutcome.ROBOTS, "feed.xml": OK}
    assert "/world" not in site.asked


def test_a_host_whose_robots_txt_fails_is_left_alone_for_this_tick(
    site: Site, other_site: Site, pool: ExtractorPool
) -> None:
    site.put("/robots.txt", "", status=503)
    other_site.put("/talks", page())
    found = run(pool, feed_of(site, "/one", "/two", other_site.url("/talks")))
    assert outcomes(found) == {"feed.xml": OK, "robots.txt": FetchOutcome.HTTP_ERROR, "talks": OK}
    assert len(found.fetches) == 3, "one record for the host"
    assert done(found) == {"one": False, "two": False, "talks": True}
    assert not {"/one", "/two"} & set(site.asked)


def test_a_page_that_leads_to_a_host_left_alone_uses_up_a_try(
    site: Site, other_site: Site, pool: ExtractorPool
) -> None:
    other_site.put("/robots.txt", "", status=503)
    site.put("/away", "", status=302, headers={"Location": other_site.url("/talks")})
    urls = (site.url("/away"), other_site.url("/direct"))
    asked = feed_of(site, *urls)
    quiet = replace(asked, state=replace(asked.state, interval=3600), pending=tuple(map(Link, urls)))
    found = run(pool, quiet)
    tried = {fetch.url: fetch.detail for fetch in found.fetches if fetch.page}
    assert list(tried) == [site.url("/away")], "the other page was not even asked for"
    assert tried[site.url("/away")].startswith(f"it leads to {other_site.url('/robots.txt')}: HTTP 503")
    assert done(found) == {"away": False, "direct": False}
    assert found.states[0].due_at == NOW + timedelta(minutes=85), "no page calls for haste"


def test_a_page_that_is_listed_again_keeps_its_count_of_tries(site: Site, pool: ExtractorPool) -> None:
    asked = replace(feed_of(site, "/gone"), pending=(Link(site.url("/gone"), attempts=2),))
    (update,) = run(pool, asked).links
    assert update.link.attempts == 2


def test_the_crawl_delay_of_a_host_is_kept_up_to_the_limit(site: Site, pool: ExtractorPool) -> None:
    site.put("/robots.txt", "User-agent: *\nCrawl-delay: 3600", "text/plain")
    paths = ("/one", "/two", "/three")
    for path in paths:
        site.put(path, page())
    run(pool, feed_of(site, *paths), max_crawl_delay=0.5)
    starts = [moment for path, moment in zip(site.asked, site.times, strict=True) if path in paths]
    assert len(starts) == 3
    assert all(later - earlier > 0.25 for earlier, later in pairwise(sorted(starts)))


def test_a_host_gets_as_many_requests_at_once_as_allowed(site: Site, pool: ExtractorPool) -> None:
    gate = threading.Event()
    for path in ("/one", "/two", "/three"):
        site.put(path, page())
        site.gates[path] = gate
    second_list = order(site.put("/more.xml", rss(item("/three")), FEED_TYPE), name="other")
    found = run(pool, feed_of(site, "/one", "/two"), second_list, timeout=1, per_host=2)
    late = dict.fromkeys(("one", "two", "three"), FetchOutcome.TIMEOUT)
    assert outcomes(found) == {"feed.xml": OK, "more.xml": OK} | late
    first, second, third = site.times[-3:]
    assert second - first < 0.5 < third - first


# --- private addresses -----------------------------------------------------------------------------------


@pytest.mark.parametrize("allow", [(), ("news.example",)])
def test_a_private_address_is_refused_before_anybody_is_asked(
    allow: tuple[str, ...], site: Site, pool: ExtractorPool
) -> None:
    found = run(pool, feed_of(site), allow=allow)
    assert outcomes(found) == {"feed.xml": FetchOutcome.UNREACHABLE}
    assert found.fetches[0].detail == "127.0.0.1 is the private address 127.0.0.1; http.allow_private can allow it"
    assert site.asked == []


def test_a_redirect_reaches_no_private_address(site: Site, pool: ExtractorPool) -> None:
    site.put("/feed.xml", "", status=302, headers={"Location": f"http://127.0.0.2:{site.port}/talks"})
    found = run(pool, order(site.url("/feed.xml")))
    assert "127.0.0.2" in found.fetches[0].detail
    assert site.asked == ["/feed.xml"]


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2001:4860:4860::8888", True),
        ("64:ff9b::808:808", True),
        ("10.1.2.3", False),
        ("100.64.0.1", False),
        ("169.254.169.254", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:127.0.0.1", False),
        ("2002:7f00:1::", False),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b:1::808:808", False),
        ("::127.0.0.1", False),
        ("2001:0:808:808::", False),
        ("2002:a9fe:a9fe::", False),
        ("::ffff:169.254.169.254", False),
        ("fec0::1", False),
        ("fd00:ec2::254", False),
        ("192.0.0.192", False),
        ("168.63.129.16", False),
        ("100.100.100.200", False),
    ],
)
def test_public_is_what_anybody_can_reach(address: str, *, public: bool) -> None:
    assert is_public(address) is public


# --- the article -----------------------------------------------------------------------------------------


def test_the_feeds_own_words_stand_in_for_an_empty_page(site: Site, pool: ExtractorPool) -> None:
    site.put("/video", GALLERY)
    feed = rss(item("/video", "Talks on video", description=f"<p>{WORDS}</p>"))
    found = run(pool, order(site.put("/feed.xml", feed, FEED_TYPE)))
    article = one(found)
    assert (article.extractor, article.text, article.language) == ("feed", WORDS.strip(), "en")
    assert found.fetches[1].detail.startswith("the feed's own words: ")
    assert done(found) == {"video": True}


def test_a_teaser_is_too_short_to_stand_in(site: Site, pool: ExtractorPool) -> None:
    site.put("/video", GALLERY)
    feed = rss(item("/video", description="Talks go on, says an envoy."))
    assert run(pool, order(site.put("/feed.xml", feed, FEED_TYPE))).articles == ()


@pytest.mark.parametrize(
    ("start", "head", "agency"),
    [
        ("GENEVA (AFP) – ", "", "afp"),
        ("GENEVA, May 5 (Reuters) - ", "", "reuters"),
        ("", '<meta name="author" content="By dpa, Berlin">', "dpa"),
        ("He told TASS in Geneva: ", "", None),
    ],
)
def test_an_agency_is_found_in_dateline_or_byline(
    start: str, head: str, agency: str | None, site: Site, pool: ExtractorPool
) -> None:
    body = f"<p>{start}{PARAGRAPHS[0]}</p>" + "".join(f"<p>{part}</p>" for part in PARAGRAPHS[1:])
    site.put("/talks", page(head=head, body=body))
    assert one(run(pool, feed_of(site, "/talks"))).agency == agency


@pytest.mark.parametrize(
    ("feed_date", "page_date", "wanted"),
    [
        ("Mon, 05 May 2025 10:00:00 +0200", "2025-05-04", datetime(2025, 5, 5, 8, tzinfo=UTC)),
        ("", "2025-05-04T10:00:00+02:00", datetime(2025, 5, 4, 8, tzinfo=UTC)),
        ("", "", NOW),
        ("Mon, 05 May 2031 10:00:00 GMT", "", NOW),
        ("Wed, 07 May 2025 10:00:00 GMT", "", NOW + timedelta(hours=22)),
    ],
)
def test_the_feed_dates_an_article_then_its_page_then_the_tick(
    feed_date: str, page_date: str, wanted: datetime, site: Site, pool: ExtractorPool
) -> None:
    site.put(
        "/talks", page(head=f'<meta property="article:published_time" content="{page_date}">' if page_date else "")
    )
    feed = rss(item("/talks", date=feed_date))
    assert one(run(pool, order(site.put("/feed.xml", feed, FEED_TYPE)))).published_at == wanted


def test_a_page_that_costs_too_much_is_tried_again_in_a_later_tick(site: Site) -> None:
    site.put("/swamp", b"<article>" + b"<p>a<b>b" * 400_000)
    site.put("/talks", page())
    with ExtractorPool(Extraction(workers=1, memory_mb=128)) as pool:
        found = run(pool, feed_of(site, "/swamp", "/talks"))
    assert outcomes(found)["swamp"] == FetchOutcome.EXTRACTION_FAILED
    assert done(found) == {"swamp": False, "talks": True}


@pytest.mark.parametrize("size", [1, 3, 1000])
def test_every_member_of_a_gzip_body_is_read(size: int) -> None:
    packed = (
        gzip.compress(b"one, ") + gzip.compress(b"") + gzip.compress(b"two") + b"\0" * 7 + gzip.compress(b", three")
    )
    packed += b"\x1f, and what is no member: " + gzip.compress(b"four")

    async def chunks() -> AsyncIterator[bytes]:
        for start in range(0, len(packed), size):
            yield packed[start : start + size]

    assert asyncio.run(read_body(chunks(), "gzip", 10_000)) == b"one, two, three"
    with pytest.raises(TooLarge):
        asyncio.run(read_body(chunks(), "gzip", 10))
