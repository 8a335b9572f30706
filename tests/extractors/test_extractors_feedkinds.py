"""The rarer kinds of feeds: JSON Feed, RDF, the RSS of the last century."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from extractors_batches import one, order, run
from extractors_web import Site, page

from detente.errors import FetchError
from detente.models import FetchOutcome
from extractors.feeds import parse_feed
from extractors.pool import ExtractorPool

FEED = "https://paper.example/feed.json"
MORNING = datetime(2025, 5, 5, 10, tzinfo=UTC)


def json_feed(*items: Any, version: str = "https://jsonfeed.org/version/1.1") -> bytes:
    return json.dumps({"version": version, "title": "The Paper", "items": items}).encode()


def test_a_json_feed_gives_address_title_date_authors_and_words() -> None:
    item = {
        "id": "1",
        "url": "/a?utm_source=feed",
        "title": "Talks  &amp; truce",
        "content_text": "Short.",
        "content_html": "<p>The long text.</p><script>no()</script>",
        "date_published": "2025-05-05T12:00:00+02:00",
        "date_modified": "2025-05-06T12:00:00+02:00",
        "authors": [{"name": "Ann"}, {"name": "Bob"}, {"url": "https://paper.example/c"}],
    }
    (link,) = parse_feed(json_feed(item), FEED)
    assert (link.url, link.title, link.summary) == ("https://paper.example/a", "Talks & truce", "The long text.")
    assert (link.published_at, link.authors) == (MORNING, ("Ann", "Bob"))


@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf", b"\n  "])
def test_version_1_names_one_author(start: bytes) -> None:
    item = {"url": "/a", "author": {"name": "Ann"}, "date_modified": "2025-05-05T10:00:00Z"}
    (link,) = parse_feed(start + json_feed(item, version="https://jsonfeed.org/version/1"), FEED)
    assert (link.url, link.authors, link.published_at) == ("https://paper.example/a", ("Ann",), MORNING)


@pytest.mark.parametrize(
    ("item", "wanted"),
    [
        ({"id": "https://paper.example/id", "external_url": "https://other.example/x"}, ["https://paper.example/id"]),
        ({"id": "17", "external_url": "https://other.example/x"}, ["https://other.example/x"]),
        ({"id": 17, "url": " ", "title": 5, "authors": "Ann"}, []),
        ({"url": 17}, []),
        ("a", []),
        (None, []),
        (
            {"url": "/a", "title": {}, "content_text": 5, "authors": [None, 5], "date_published": 5, "tags": None},
            ["/a"],
        ),
        ({"url": "/a", "title": "half a \ud83d smile", "content_html": "<p>\udc00"}, ["/a"]),
    ],
)
def test_odd_items_cost_no_more_than_themselves(item: Any, wanted: list[str]) -> None:
    links = parse_feed(json_feed(item, {"url": "/last"}), FEED)
    assert [link.url for link in links] == [
        *(url if url.startswith("http") else f"https://paper.example{url}" for url in wanted),
        "https://paper.example/last",
    ]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b'{"version": "https://jsonfeed.org/version/1.1", "items": [', "broken JSON"),
        (b'{"a": ' + b"[" * 100_000, "nested too deeply"),
        (b'{"\xff": 1}', "broken JSON"),
        (b'{"items": []}', "no JSON Feed"),
        (b'{"version": "https://jsonfeed.org/version/1.1", "items": {}}', "no JSON Feed"),
    ],
)
def test_json_that_is_no_feed_is_refused_with_its_reason(content: bytes, reason: str) -> None:
    with pytest.raises(FetchError, match=reason) as caught:
        parse_feed(content, FEED)
    assert caught.value.outcome == FetchOutcome.UNREADABLE


@pytest.mark.parametrize("kind", ["application/feed+json", "application/json", "text/html"])
def test_a_json_feed_becomes_articles(kind: str, site: Site, pool: ExtractorPool) -> None:
    site.put("/talks", page())
    found = run(pool, order(site.put("/feed.json", json_feed({"url": "/talks"}), kind)))
    assert one(found).title == "Talks go on"
    assert "application/feed+json" in site.headers["/feed.json"]["accept"]


RDF = """<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="https://paper.example/"><title>The Paper</title><link>https://paper.example/</link></channel>
<item rdf:about="https://paper.example/a"><title>Talks go on</title><link>https://paper.example/a</link>
<description>Envoys met.</description><dc:date>2025-05-05T12:00:00+02:00</dc:date><dc:creator>Ann</dc:creator></item>
</rdf:RDF>"""
OLD = """<?xml version="1.0"?><rss version="{version}"><channel><title>The Paper</title><link>https://paper.example/</link>
<item><title>Talks go on</title><link>https://paper.example/a</link><description>Envoys met.</description></item>
</channel></rss>"""
NETSCAPE = """<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns="http://my.netscape.com/rdf/simple/0.9/"><channel><title>The Paper</title><link>https://paper.example/</link></channel>
<item><title>Talks go on</title><link>https://paper.example/a</link></item></rdf:RDF>"""


def test_rss_1_is_read_with_its_dublin_core() -> None:
    (link,) = parse_feed(RDF.encode(), FEED)
    assert (link.url, link.title, link.summary) == ("https://paper.example/a", "Talks go on", "Envoys met.")
    assert (link.published_at, link.authors) == (MORNING, ("Ann",))


@pytest.mark.parametrize("feed", [OLD.format(version="0.91"), OLD.format(version="0.92"), NETSCAPE])
def test_rss_of_the_last_century_is_read(feed: str) -> None:
    (link,) = parse_feed(feed.encode(), FEED)
    assert (link.url, link.title) == ("https://paper.example/a", "Talks go on")
