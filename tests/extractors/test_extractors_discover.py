"""What a site offers is found where it says so, else where most sites keep it; what is of no use is told apart."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from email.utils import format_datetime

import pytest
from extractors_web import Site, item, page, rss

from detente.errors import FetchError, UsageError
from detente.models import SourceKind
from detente.settings import Extraction, Http, Settings
from extractors import discover as found_by
from extractors.discover import site_address

NOW = datetime(2025, 5, 5, 12, tzinfo=UTC)
TODAY = format_datetime(datetime(2025, 5, 5, 10, tzinfo=UTC))
OLD = format_datetime(datetime(2025, 3, 1, tzinfo=UTC))
XML = "application/rss+xml"
SETTINGS = Settings(http=Http(delay=0, timeout=5, allow_private=("127.0.0.1",)))


def look(url: str) -> found_by.Site:
    return asyncio.run(found_by.discover(url, SETTINGS, NOW))


def front(*hrefs: str) -> str:
    links = "".join(f'<link rel="alternate" type="{XML}" href="{href}">' for href in hrefs)
    return page("Front", head=f'<meta property="og:site_name" content="The  Paper">{links}')


def feed(site: Site, *names: str, date: str = TODAY, language: str = "") -> str:
    made = rss(*(item(site.url(f"/{name}"), f"Title {name}", date) for name in names))
    return made.replace("<channel>", f"<channel><language>{language}</language>") if language else made


def news_sitemap(site: Site, *names: str) -> str:
    entries = "".join(
        f"<url><loc>{site.url('/' + name)}</loc><n:news><n:publication_date>2025-05-05T09:00:00Z</n:publication_date>"
        f"<n:title>Title {name}</n:title></n:news></url>"
        for name in names
    )
    spaces = (
        'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"'
    )
    return f'<?xml version="1.0"?><urlset {spaces}>{entries}</urlset>'


def summary(found: found_by.Site, site: Site) -> list[tuple[SourceKind, str, int, str]]:
    return [(one.kind, one.url.removeprefix(site.url("")), one.items, one.why_not) for one in found.candidates]


def test_what_page_and_robots_name_is_found_and_nothing_is_guessed(site: Site) -> None:
    site.put("/", front("/world.rss", "comments/feed/"))
    site.put("/world.rss", feed(site, "a", "b", language="no-NO"), XML)
    site.put("/comments/feed/", feed(site, "a", "c"), XML)
    site.put("/robots.txt", f"User-agent: *\nDisallow: /x\nSitemap: {site.url('/news.xml')}\n", "text/plain")
    site.put("/news.xml", news_sitemap(site, "d", "e", "f"), "application/xml")
    found = look(site.url("/"))
    assert found.name == "The Paper"
    assert summary(found, site) == [
        (SourceKind.FEED, "/world.rss", 2, ""),
        (SourceKind.SITEMAP, "/news.xml", 3, ""),
        (SourceKind.FEED, "/comments/feed/", 2, "readers' comments"),
    ]
    assert found.taken[0].newest == datetime(2025, 5, 5, 10, tzinfo=UTC)
    assert found.taken[0].language == "no"
    assert not {"/feed", "/rss", "/sitemap.xml"} & set(site.asked)


def test_common_places_are_tried_where_the_site_names_nothing(site: Site) -> None:
    site.put("/", page("Front"))
    site.put("/rss.xml", feed(site, "a", "b"), XML)
    site.put("/atom.xml", feed(site, "b", "a"), XML)
    site.put("/index.xml", feed(site, "z", date=OLD), XML)
    site.put("/news-sitemap.xml", news_sitemap(site, "x", "y"), "application/xml")
    site.put("/sitemap.xml", "<urlset><url><loc>http://127.0.0.1/about</loc></url></urlset>", "application/xml")
    found = look(site.url("/"))
    assert summary(found, site) == [
        (SourceKind.FEED, "/rss.xml", 2, ""),
        (SourceKind.SITEMAP, "/news-sitemap.xml", 2, ""),
        (SourceKind.FEED, "/atom.xml", 2, f"the same as {site.url('/rss.xml')}"),
        (SourceKind.FEED, "/index.xml", 1, "nothing new for 65 days"),
        (SourceKind.SITEMAP, "/sitemap.xml", 1, "no news sitemap: it dates nothing"),
    ]
    assert set(found_by.FEED_PATHS + found_by.SITEMAP_PATHS) <= set(site.asked)


def test_the_address_of_a_feed_is_taken_as_it_is(site: Site) -> None:
    url = site.put("/only.rss", feed(site, "a"), XML)
    assert [one.url for one in look(url).taken] == [url]
    assert site.asked.count("/only.rss") == 1


def test_of_many_sitemaps_those_of_news_are_asked_for_first(site: Site) -> None:
    site.put("/", page("Front"))
    names = [*(f"archive{n}" for n in range(20)), "news"]
    site.put("/robots.txt", "".join(f"Sitemap: {site.url(f'/{name}.xml')}\n" for name in names), "text/plain")
    site.put("/news.xml", news_sitemap(site, "a"), "application/xml")
    assert summary(look(site.url("/")), site) == [(SourceKind.SITEMAP, "/news.xml", 1, "")]
    assert sum(path.startswith("/archive") for path in site.asked) == 7


def test_a_page_that_robots_forbid_leaves_the_feeds(site: Site) -> None:
    site.put("/", front("/never.rss"))
    site.put("/robots.txt", "User-agent: *\nDisallow: /\n", "text/plain")
    site.put("/feed", feed(site, "a"), XML)
    assert summary(look(site.url("/")), site) == [(SourceKind.FEED, "/feed", 1, "")]
    assert "/" not in site.asked


def test_a_page_that_takes_its_parser_minutes_leaves_the_feeds(site: Site) -> None:
    attributes = " ".join(f"a{number}=''" for number in range(100_000))
    site.put("/", page("Front", head=f"<meta {attributes}>"))
    site.put("/feed", feed(site, "a"), XML)
    impatient = Settings(http=SETTINGS.http, extraction=Extraction(deadline=2))
    found = asyncio.run(found_by.discover(site.url("/"), impatient, NOW))
    assert found.name is None  # nobody waited for it
    assert summary(found, site) == [(SourceKind.FEED, "/feed", 1, "")]


def test_a_site_that_is_not_there_says_why(site: Site) -> None:
    with pytest.raises(FetchError, match="HTTP 404"):
        look(site.url("/"))


@pytest.mark.parametrize(
    ("given", "address"),
    [("news.example", "https://news.example"), (" http://news.example/a ", "http://news.example/a"),
     ("127.0.0.1:8080", "https://127.0.0.1:8080")],
)  # fmt: skip
def test_a_scheme_is_added_where_none_stands(given: str, address: str) -> None:
    assert site_address(given) == address


@pytest.mark.parametrize("given", ["", "hello", "ftp://news.example/", "two words.example", "http://", "https://[::1"])
def test_what_is_no_address_is_refused(given: str) -> None:
    with pytest.raises(UsageError, match="no address of a site"):
        site_address(given)
