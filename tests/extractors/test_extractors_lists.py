"""What feeds, sitemaps and section pages list."""

import gzip
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from extractors_web import item, page, rss

from detente.errors import FetchError
from detente.models import FetchOutcome
from extractors.dates import parse_date
from extractors.feeds import parse_feed, plain_text
from extractors.sections import parse_section
from extractors.sitemaps import parse_sitemap

FEED = "https://paper.example/feed.xml"
SITEMAP = "https://paper.example/sitemap.xml"
SECTION = "https://example.org/world"
MORNING = datetime(2025, 5, 5, 10, tzinfo=UTC)
ROOM = 100_000


def atom(entry: str) -> bytes:
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title><entry>{entry}</entry></feed>'.encode()


def sitemap(*urls: str, kind: str = "urlset") -> bytes:
    names = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
    names += 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" '
    names += 'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'
    return f'<?xml version="1.0" encoding="UTF-8"?><{kind} {names}>{"".join(urls)}</{kind}>'.encode()


# --- feeds -----------------------------------------------------------------------------------------------


def test_rss_gives_address_title_date_and_words() -> None:
    entry = item("/a?utm_source=rss", "Talks &amp; <b>truce</b>", description="<p>One.</p><p>Two &eacute;.</p>")
    first, second = parse_feed(rss(entry, item("https://paper.example/b", date="")).encode(), FEED)
    assert (first.url, first.title) == ("https://paper.example/a", "Talks & truce")
    assert (first.published_at, first.summary) == (MORNING, "One.\nTwo é.")
    assert (second.url, second.published_at, second.summary) == ("https://paper.example/b", None, None)


def test_each_address_is_listed_once_and_entries_without_one_are_left_out() -> None:
    feed = rss(item("/a", "first"), item("/a#again", "second"), item(""), item("javascript:void(0)"), item("/b"))
    assert [(link.url[-2:], link.title) for link in parse_feed(feed.encode(), FEED)] == [
        ("/a", "first"),
        ("/b", "Talks go on"),
    ]


def test_the_longest_text_of_an_entry_is_its_summary() -> None:
    content = "<content:encoded><![CDATA[<p>The long text.</p><script>no()</script>]]></content:encoded>"
    content += "<dc:creator>Ann &amp;amp; Bob</dc:creator></item>"
    spaces = '<rss xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    feed = rss(item("/a", description="Short.").replace("</item>", content)).replace("<rss", spaces)
    (link,) = parse_feed(feed.encode(), FEED)
    assert link.summary == "The long text."
    assert link.authors == ("Ann & Bob",)


@pytest.mark.parametrize(
    "links",
    [
        '<link rel="self" href="/no"/><link rel="alternate" href="/yes"/>',
        '<link rel="enclosure" type="audio/mpeg" href="/no.mp3"/><link href="/yes"/>',
        '<link href="/yes"/><link rel="related" href="/no"/>',
    ],
)
def test_atom_gives_the_link_of_the_page(links: str) -> None:
    entry = f"<title>Talks</title>{links}<updated>2025-05-05T12:00:00+02:00</updated><author><name>Ann</name></author>"
    (link,) = parse_feed(atom(entry), FEED)
    assert (link.url, link.title, link.authors) == ("https://paper.example/yes", "Talks", ("Ann",))
    assert link.published_at == MORNING


@pytest.mark.parametrize(
    ("declared", "written"),
    [("utf-8", "utf-8"), ("utf-8", "cp1252"), ("windows-1252", "cp1252"), ("utf-16", "utf-16"), ("utf-8", "utf-8-sig")],
)
def test_titles_survive_wrong_encodings(declared: str, written: str) -> None:
    feed = rss(item("/a", "Gespräche über Grüße"), item("/b"), encoding=declared).encode(written)
    assert [link.title for link in parse_feed(feed, FEED)] == ["Gespräche über Grüße", "Talks go on"]


def test_a_cut_feed_gives_what_came() -> None:
    feed = rss(item("/a"), item("/b")).encode()
    assert parse_feed(feed[: feed.index(b"/b") - 10], FEED)[0].url == "https://paper.example/a"


def test_a_feed_without_entries_lists_nothing() -> None:
    assert parse_feed(rss().encode(), FEED) == ()


@pytest.mark.parametrize("content", [b"", b"  ", page().encode(), b"\x89PNG\r\n\x1a\n\0\0", b"gone"])
def test_what_is_no_feed_is_refused(content: bytes) -> None:
    with pytest.raises(FetchError) as caught:
        parse_feed(content, FEED)
    assert caught.value.outcome == FetchOutcome.UNREADABLE


def test_no_entity_of_a_feed_reaches_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("swordfish", encoding="ascii")
    feed = rss(item("/a", "X")).replace("<rss", f'<!DOCTYPE r [<!ENTITY x SYSTEM "{secret.as_uri()}">]><rss')
    links = parse_feed(feed.replace("<title>X", "<title>&x;").encode(), FEED)
    assert links
    assert "swordfish" not in repr(links)


@pytest.mark.parametrize(
    "date", ["0001-01-01T00:00:00+05:00", "9999-12-31T23:59:59-05:00", "Mon, 01 Jan 99999999999999999999 10:00:00 GMT"]
)
@pytest.mark.parametrize("title", ["plain", "br\xfcchig"])  # the second one makes the slower parser read the feed
def test_an_impossible_date_costs_no_more_than_itself(date: str, title: str) -> None:
    first, second = parse_feed(rss(item("/a", title, date=date), item("/b")).encode("cp1252"), FEED)
    assert (first.published_at, second.published_at) == (None, MORNING)


@pytest.mark.parametrize(("markup", "text"), [("a &lt; b", "a < b"), ("<p>\0x", "\ufffdx"), ("<!-- -->", ""), ("", "")])
def test_markup_becomes_plain_text(markup: str, text: str) -> None:
    assert plain_text(markup) == text


# --- dates -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2025-05-05T10:00:00Z", MORNING),
        ("2025-05-05 12:00:00 +0200", MORNING),
        ("2025-05-05T10:00:00,000Z", MORNING),
        ("2025-05-05", MORNING.replace(hour=0)),
        ("Mon, 05 May 2025 06:00:00 -0400", MORNING),
        ("May 5, 2025 at 10:00 a.m. GMT", MORNING),
        ("Updated 5th of May 2025, 3:30 pm IST", MORNING),
        ("5 May 2025 | 12:00 +02:00", MORNING),
    ],
)
def test_dates_are_read_as_publishers_write_them(text: str, wanted: datetime) -> None:
    assert parse_date(text) == wanted


@pytest.mark.parametrize("text", ["", "yesterday", "2025-13-40", "32 May 2025", "0001-01-01T00:00:00", "20250505"])
def test_what_is_no_date_is_none(text: str) -> None:
    assert parse_date(text) is None


def test_a_date_keeps_its_zone() -> None:
    moment = parse_date("2025-05-05T23:30:00+05:30")
    assert moment is not None
    assert moment.tzinfo == timezone(timedelta(hours=5, minutes=30))


# --- sitemaps --------------------------------------------------------------------------------------------

NEWS = sitemap(
    "<url><loc>https://paper.example/old</loc><lastmod>2025-05-01</lastmod></url>",
    "<url><loc> /new?utm_source=x </loc><image:image><image:loc>https://paper.example/i.jpg</image:loc></image:image>"
    "<news:news><news:publication_date>2025-05-05T10:00:00Z</news:publication_date><news:title>Talks go on</news:title>"
    "</news:news></url>",
    "<url><loc>javascript:void(0)</loc></url><url/>",
    "<url><loc>https://paper.example/undated</loc></url><url><loc>https://paper.example/old#x</loc></url>",
)


def test_a_news_sitemap_lists_pages_newest_first() -> None:
    found = parse_sitemap(NEWS, SITEMAP, ROOM)
    assert [link.url.rpartition("/")[2] for link in found.links] == ["new", "old", "undated"]
    assert (found.links[0].title, found.links[0].published_at) == ("Talks go on", MORNING)
    assert found.links[1].published_at is None, "a lastmod says nothing of a page's birth"
    assert found.sitemaps == ()


def test_an_index_names_sitemaps_newest_first() -> None:
    index = sitemap(
        "<sitemap><loc>/one.xml</loc><lastmod>2025-05-01</lastmod></sitemap>",
        "<sitemap><loc>https://paper.example/two.xml</loc><lastmod>2025-05-02</lastmod></sitemap>",
        kind="sitemapindex",
    )
    found = parse_sitemap(index, SITEMAP, ROOM)
    assert found.sitemaps == ("https://paper.example/two.xml", "https://paper.example/one.xml")
    assert found.links == ()


def test_an_index_without_dates_goes_by_those_in_the_addresses() -> None:
    names = ("a.xml", "s-2024-12.xml", "s/2025/05.xml", "s-2025.xml", "s-20250401.xml", "s?id=2025999999", "b.xml")
    found = parse_sitemap(
        sitemap(*(f"<sitemap><loc>/{name}</loc></sitemap>" for name in names), kind="sitemapindex"), SITEMAP, ROOM
    )
    assert [url.removeprefix("https://paper.example/") for url in found.sitemaps] == [
        "s/2025/05.xml",
        "s-20250401.xml",
        "s-2025.xml",
        "s-2024-12.xml",
        "a.xml",
        "s?id=2025999999",
        "b.xml",
    ]


def test_a_packed_sitemap_is_unpacked_up_to_the_limit() -> None:
    packed = gzip.compress(NEWS)
    assert parse_sitemap(packed, SITEMAP, ROOM) == parse_sitemap(NEWS, SITEMAP, ROOM)
    with pytest.raises(FetchError) as caught:
        parse_sitemap(packed, SITEMAP, len(NEWS) - 1)
    assert caught.value.outcome == FetchOutcome.TOO_LARGE


def test_a_prefix_that_nothing_declares_is_passed_by() -> None:
    broken = b"<urlset><wfw:note>x</wfw:note><url><loc>/talks</loc></url><wfw:note/></urlset>"
    assert [link.url for link in parse_sitemap(broken, SITEMAP, 1000).links] == ["https://paper.example/talks"]


def test_a_cut_sitemap_gives_what_came() -> None:
    assert len(parse_sitemap(NEWS[: -len("</urlset>")], SITEMAP, ROOM).links) == 3


@pytest.mark.parametrize(
    "content", [b"", page().encode(), b"\x1f\x8bbroken", b"https://paper.example/a\n", rss().encode()]
)
def test_what_is_no_sitemap_is_refused(content: bytes) -> None:
    with pytest.raises(FetchError) as caught:
        parse_sitemap(content, SITEMAP, ROOM)
    assert caught.value.outcome == FetchOutcome.UNREADABLE


# --- sections --------------------------------------------------------------------------------------------

LINKS = """<nav><a href="/">Home</a><a href="/world">World, and everything that is in it</a></nav>
<a href="/2025/05/talks"><img src="t.jpg"></a><a href="/2025/05/talks#comments">Envoys agree to go on with talks</a>
<a href="//news.example.org/truce">A truce is holding in the north</a>
<a href="http://[::1">A headline of no address</a>
<a href="https://elsewhere.example/x">A headline of somebody else</a><a>A headline that leads nowhere</a>
<a href="/2025/05/short">Short</a><a href="mailto:desk@example.org">Write a letter to the editor</a>"""


def test_a_section_lists_the_headlines_of_its_site() -> None:
    links = parse_section(LINKS.encode(), SECTION, None, None)
    assert [(link.url, link.title) for link in links] == [
        ("https://example.org/2025/05/talks", "Envoys agree to go on with talks"),
        ("https://news.example.org/truce", "A truce is holding in the north"),
    ]


def test_a_pattern_tells_articles_from_other_links() -> None:
    links = parse_section(LINKS.encode(), SECTION, None, r"/\d{4}/\d\d/")
    assert [link.url.rpartition("/")[2] for link in links] == ["talks", "short"]
    assert links[0].title == "Envoys agree to go on with talks", "the longest text of all links to one page"


def test_a_section_minds_its_base_and_its_charset() -> None:
    html = '<base href="/fr/"><a href="un">Les pourparlers ont repris à Genève</a>'.encode("cp1252")
    (link,) = parse_section(html, SECTION, "iso-8859-1", None)
    assert (link.url, link.title) == ("https://example.org/fr/un", "Les pourparlers ont repris à Genève")


def test_an_empty_section_is_refused() -> None:
    with pytest.raises(FetchError, match="empty"):
        parse_section(b"", SECTION, None, None)
