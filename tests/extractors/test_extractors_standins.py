"""Pages that cannot be had, or hold something else in the article's place: what the feed says stands in."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest
from extractors_batches import FEED_TYPE, NOW, done, one, order, outcomes, run
from extractors_web import PARAGRAPHS, Site, item, page, rss

from detente.models import Article, Collected, FetchOutcome, Link, Order
from extractors.pool import ExtractorPool
from extractors.walls import wall

OK = FetchOutcome.OK
TEASER = "Norway's envoy said that both governments had agreed to meet again in Geneva on Friday."
CONSENT = (
    "<p>We and our 842 partners use cookies to store and read data on your device, with your consent.</p>"
    "<p>You may change your privacy settings at any time; some vendors rely on legitimate interest, which you can"
    " object to in our privacy policy.</p><p>Your personal data is kept by our partners for up to 13 months.</p>"
)


def listed(site: Site, *links: str, title: str = "Talks go on in Geneva", words: str = TEASER) -> Order:
    """Serve a feed whose entries say a little about their pages."""
    return order(site.put("/feed.xml", rss(*(item(link, title, description=words) for link in links)), FEED_TYPE))


def page_outcome(found: Collected) -> tuple[FetchOutcome, str]:
    (fetch,) = (fetch for fetch in found.fetches if fetch.page)
    return fetch.outcome, fetch.detail


@pytest.mark.parametrize("status", [401, 402, 403, 451])
def test_the_feeds_own_words_stand_in_for_a_page_that_is_not_for_us(
    status: int, site: Site, pool: ExtractorPool
) -> None:
    site.put("/talks", "<p>Subscribers only</p>", status=status)
    entry = item("/talks", "Talks go on in Geneva", description=TEASER).replace(
        "</item>", '<dc:creator xmlns:dc="http://purl.org/dc/elements/1.1/">Ann McBee</dc:creator></item>'
    )
    found = run(pool, order(site.put("/feed.xml", rss(entry), FEED_TYPE)))
    assert one(found) == Article(
        url=site.url("/talks"),
        source="paper-list",
        publisher="paper",
        family="paper-group",
        title="Talks go on in Geneva",
        text=TEASER,
        language="en",
        published_at=datetime(2025, 5, 5, 10, tzinfo=UTC),
        fetched_at=NOW,
        authors=("Ann McBee",),
        extractor="feed",
    )
    assert page_outcome(found) == (OK, f"the feed's own words: HTTP {status}")
    assert done(found) == {"talks": True}


@pytest.mark.parametrize("status", [404, 410])
def test_nothing_stands_in_for_a_page_that_was_taken_away(status: int, site: Site, pool: ExtractorPool) -> None:
    site.put("/talks", "", status=status)
    feed = listed(site)
    pending = Order(feed.source, feed.state, pending=(Link(site.url("/talks"), "Talks", TEASER, attempts=2),))
    found = run(pool, pending)
    assert found.articles == ()
    assert page_outcome(found) == (FetchOutcome.HTTP_ERROR, f"HTTP {status}")


@pytest.mark.parametrize(("attempts", "stands_in"), [(0, False), (1, False), (2, True)])
def test_a_page_that_fails_is_tried_until_the_last_time(
    attempts: int, site: Site, pool: ExtractorPool, *, stands_in: bool
) -> None:
    site.put("/talks", "", status=500)
    feed = listed(site)
    link = Link(site.url("/talks"), "Talks", TEASER, attempts=attempts)
    found = run(pool, Order(feed.source, feed.state, pending=(link,)), max_attempts=3)
    assert [article.extractor for article in found.articles] == ["feed"] * stands_in
    assert done(found) == {"talks": stands_in}


def test_what_robots_txt_keeps_from_us_the_feed_may_tell(site: Site, pool: ExtractorPool) -> None:
    site.put("/robots.txt", "User-agent: *\nDisallow: /", "text/plain")
    found = run(pool, listed(site, "/talks"))
    assert (one(found).text, one(found).extractor) == (TEASER, "feed")
    assert page_outcome(found) == (OK, "the feed's own words: robots.txt forbids it")
    assert "/talks" not in site.asked


@pytest.mark.parametrize(
    "words", ["", "Talks go on.", "Talks go on in Geneva as envoys of both governments meet for the third time"]
)
def test_words_that_are_few_or_the_headline_again_stand_in_for_nothing(
    words: str, site: Site, pool: ExtractorPool
) -> None:
    site.put("/talks", "", status=403)
    title = "Talks go on in Geneva as envoys of both governments meet for the third time"
    found = run(pool, listed(site, "/talks", title=title, words=words))
    assert found.articles == ()
    assert page_outcome(found) == (FetchOutcome.HTTP_ERROR, "HTTP 403")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("<script>start()</script><noscript>Please enable JavaScript to read this.</noscript>", "only 9 characters"),
        (f"<p>{TEASER}</p><p>Subscribe to read on.</p>", "only "),
        (CONSENT, "a consent notice"),
    ],
    ids=["script", "paywall", "consent"],
)
def test_the_feeds_own_words_stand_in_for_a_page_without_the_article(
    body: str, said: str, site: Site, pool: ExtractorPool
) -> None:
    site.put("/talks", page("The Paper", body=body))
    found = run(pool, listed(site, "/talks"))
    article = one(found)
    assert (article.extractor, article.title, article.text) == ("feed", "Talks go on in Geneva", TEASER)
    outcome, detail = page_outcome(found)
    assert outcome == OK
    assert detail.startswith(f"the feed's own words: {said}")


def test_a_feed_that_tells_all_stands_in_for_a_page_that_tells_the_beginning(site: Site, pool: ExtractorPool) -> None:
    site.put("/talks", page(body=f"<p>{PARAGRAPHS[0]}</p><p>{PARAGRAPHS[1]}</p>"))
    whole = " ".join(PARAGRAPHS)
    assert one(run(pool, listed(site, "/talks", words=whole))).extractor == "feed"
    site.put("/talks", page(body="".join(f"<p>{part}</p>" for part in PARAGRAPHS[:4])))
    assert one(run(pool, listed(site, "/talks", words=whole))).extractor == "trafilatura"


# --- pages of another kind -------------------------------------------------------------------------------


@pytest.mark.parametrize("target", ["/", "/en/", "/404", "/consent?back=talks", "/login"])
def test_a_redirect_to_another_kind_of_page_gives_no_article(target: str, site: Site, pool: ExtractorPool) -> None:
    site.put("/talks-of-monday", "", status=302, headers={"Location": target})
    site.put(target, page("The Paper"))
    found = run(pool, listed(site, "/talks-of-monday", words=""))
    assert found.articles == ()
    outcome, detail = page_outcome(found)
    assert outcome == FetchOutcome.EMPTY
    assert detail.startswith("it leads to ")
    assert done(found) == {"talks-of-monday": True}


@pytest.mark.parametrize(
    "title",
    ["404", "Error 404", "Page not found", "404 - Page Not Found | The Paper", "Seite nicht gefunden", "Access Denied",
     "Just a moment...", "Are you a robot?", "Página no encontrada – El Diario"],
)  # fmt: skip
def test_an_error_page_that_says_200_gives_no_article(title: str, site: Site, pool: ExtractorPool) -> None:
    site.put("/talks", page(title, head=f'<meta property="og:title" content="{title}">'))
    assert outcomes(run(pool, listed(site, "/talks", words="")))["talks"] == FetchOutcome.EMPTY


@pytest.mark.parametrize(
    ("asked", "answered", "wanted", "title"),
    [
        ("/a", "/a", None, "404 people killed in two days of shelling"),
        ("/a", "/a", None, "Page not found in the archive: what the ministry deleted"),
        ("/a", "/a", None, "Access denied to aid convoys for a third week"),
        ("/a", "/a", "Just a moment", "Just a moment"),
        ("/a", "/2025/age-of-consent-bill-passed", None, "Age of consent bill passed"),
        ("/login/a", "/login/b", None, "Talks"),
        ("/", "/", None, "The Paper"),
        ("/?p=12", "/2025/talks", None, "Talks"),
    ],
)
def test_an_article_is_no_wall(asked: str, answered: str, wanted: str | None, title: str) -> None:
    root = "https://paper.example"
    assert wall(root + asked, root + answered, wanted, title, "\n".join(PARAGRAPHS)) is None


def test_an_article_about_consent_is_no_consent_notice() -> None:
    text = (
        "Regulators fined the company for tracking readers who had refused consent.\n"
        "Cookies were set on 40 million devices, the authority said in its ruling on personal data.\n"
        "“We will appeal,” its lawyer said. Judges in Brussels are to hear the case in June.\n"
        "Privacy groups called the fine a turning point for publishers all over the continent."
    )
    assert wall("https://paper.example/a", "https://paper.example/a", None, "Fine", text) is None


def test_all_requests_of_one_page_share_a_time(site: Site, pool: ExtractorPool) -> None:
    site.put("/0", "", status=302, headers={"Location": "/1"})
    site.gates["/1"] = threading.Event()
    found = run(pool, listed(site, "/0", words=""), timeout=20, page_timeout=0.5)
    assert page_outcome(found) == (FetchOutcome.TIMEOUT, "timed out after all of http.page_timeout, redirects included")
