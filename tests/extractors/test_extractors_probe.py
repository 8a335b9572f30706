"""A source on trial: what it answers and how its pages read, and nothing that one does stops another."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from extractors_web import PARAGRAPHS, Site, item, page, rss

from detente.models import FetchOutcome, Source, SourceKind
from detente.settings import Http, Settings
from extractors.pool import ExtractorPool
from extractors.probe import Trial, list_language, try_sources

NOW = datetime(2025, 5, 6, 12, tzinfo=UTC)
SETTINGS = Settings(http=Http(delay=0, timeout=5, allow_private=("127.0.0.1",)))
XML = "application/rss+xml"


def attempt(pool: ExtractorPool, *urls: str, pages: int = 3, kind: SourceKind = SourceKind.FEED) -> list[Trial]:
    sources = [Source(f"s{n}", kind, url, "paper", "paper", "en") for n, url in enumerate(urls)]
    return list(asyncio.run(try_sources(sources, SETTINGS, pool, NOW, pages)))


def test_list_robots_and_the_first_pages_are_told(site: Site, pool: ExtractorPool) -> None:
    site.put("/robots.txt", "User-agent: *\nDisallow: /shut\nCrawl-delay: 0.01\n", "text/plain")
    names = ("good", "shut", "gone", "unread")
    days = {"good": "Mon, 05 May 2025 10:00:00 GMT", "unread": "Thu, 01 May 2025 10:00:00 GMT"}
    entries = [item(site.url(f"/{name}"), f"On {name}", days.get(name, "")) for name in names]
    url = site.put("/feed", rss(*entries), XML)
    site.put("/good", page("Talks go on in Geneva"))
    (trial,) = attempt(pool, url)
    assert (trial.ok, trial.status, trial.items) == (True, 200, 4)
    assert (trial.newest, trial.oldest) == (datetime(2025, 5, 5, 10, tzinfo=UTC), datetime(2025, 5, 1, 10, tzinfo=UTC))
    assert trial.languages == ("en",)
    assert trial.robots == "allows it, 0.01 s apart"
    assert [(one.title, one.characters, one.problem) for one in trial.pages] == [
        ("Talks go on in Geneva", len("\n".join(PARAGRAPHS)), ""),
        ("On shut", 0, "robots.txt forbids it"),
        ("On gone", 0, "HTTP 404"),
    ]
    assert "/unread" not in site.asked


def test_a_source_that_fails_says_how_and_stops_no_other(site: Site, pool: ExtractorPool) -> None:
    good = site.put("/feed", rss(item(site.url("/a"))), XML)
    broken = site.put("/broken", "hello", "text/plain")
    empty = site.put("/empty", rss(), XML)
    trials = attempt(pool, site.url("/none"), broken, empty, good, pages=0)
    assert [(one.source, one.outcome, one.status, one.detail) for one in trials] == [
        ("s0", FetchOutcome.HTTP_ERROR, 404, "HTTP 404"),
        ("s1", FetchOutcome.UNREADABLE, None, "no parser takes it for a feed"),
        ("s2", FetchOutcome.OK, 200, "it lists nothing"),
        ("s3", FetchOutcome.OK, 200, ""),
    ]
    assert {one.robots for one in trials} == {"there is none: everything is allowed"}
    assert "/a" not in site.asked


def test_what_robots_forbid_or_hide_is_told(site: Site, other_site: Site, pool: ExtractorPool) -> None:
    site.put("/robots.txt", "User-agent: Detente\nDisallow: /\n", "text/plain")
    other_site.put("/robots.txt", "", "text/plain", status=503)
    urls = [one.put("/world", page("World")) for one in (site, other_site)]
    shut, hidden = attempt(pool, *urls, kind=SourceKind.SECTION)
    assert (shut.outcome, shut.robots) == (FetchOutcome.ROBOTS, "forbids it")
    assert hidden.outcome is FetchOutcome.HTTP_ERROR
    assert hidden.robots == "cannot be had (HTTP 503): no page of the host is read"


def test_the_language_is_english_where_the_words_are_else_what_is_declared() -> None:
    assert list_language((), "de-AT") == "de"
    assert list_language((), None) is None
