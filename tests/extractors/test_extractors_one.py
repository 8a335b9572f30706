"""One page for a person: from a file, or from the web."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest
from extractors_web import PARAGRAPHS, Site, page

from detente.errors import FetchError, UsageError
from detente.models import Article, FetchOutcome
from detente.settings import Extraction, Http, Settings
from extractors.one import fetch_article, read_article
from extractors.pool import ExtractorPool

NOW = datetime(2025, 5, 6, 12, tzinfo=UTC)
SETTINGS = Settings(http=Http(delay=0, timeout=5, allow_private=("127.0.0.1",)))


def saved(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize("name", ["talks.html", "talks.HTM", "talks.xhtml"])
def test_a_saved_page_is_an_article(name: str, tmp_path: Path, pool: ExtractorPool) -> None:
    head = '<meta name="author" content="Ann Bee"><meta name="date" content="2025-05-05T12:30+02:00">'
    path = saved(tmp_path, name, page(head=head))
    assert read_article(path, pool, NOW) == Article(
        url=path.as_uri(),
        source="",
        publisher="file",
        family="file",
        title="Talks go on",
        text="\n".join(PARAGRAPHS),
        language="en",
        published_at=datetime(2025, 5, 5, 10, 30, tzinfo=UTC),
        fetched_at=NOW,
        authors=("Ann Bee",),
    )


def test_a_saved_page_may_say_where_it_is_from(tmp_path: Path, pool: ExtractorPool) -> None:
    head = '<link rel="canonical" href="https://news.example.org/talks?utm_source=x">'
    article = read_article(saved(tmp_path, "talks.html", page(head=head)), pool, NOW)
    assert (article.url, article.publisher, article.family) == (
        "https://news.example.org/talks",
        "news.example.org",
        "news.example.org",
    )


def test_a_text_has_its_headline_in_the_first_line(tmp_path: Path, pool: ExtractorPool) -> None:
    text = f"\ufeff\n Talks go on\n\nGENEVA (AFP) – {PARAGRAPHS[0]}\n{PARAGRAPHS[1]}\n"
    article = read_article(saved(tmp_path, "talks.txt", text), pool, NOW)
    assert article.title == "Talks go on"
    assert article.text == f"GENEVA (AFP) – {PARAGRAPHS[0]}\n{PARAGRAPHS[1]}"
    assert (article.agency, article.language, article.published_at) == ("afp", "en", NOW)
    assert article.extractor == "text"


def test_a_text_of_one_line_is_a_headline(tmp_path: Path, pool: ExtractorPool) -> None:
    article = read_article(saved(tmp_path, "talks", "Talks go on"), pool, NOW)
    assert (article.title, article.text, article.language) == ("Talks go on", "", None)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.txt", b"", "the file is empty; give an article"),
        ("a.html", b" \n", "the file is empty; give an article"),
        ("a.txt", b"Talks \xe9", "byte 6 is no UTF-8; give a text in UTF-8 or a .html file"),
        ("a.txt", b"Talks\0", "no text; give a text in UTF-8 or a .html file"),
        ("a.txt", b"x" * 10_000_001, "longer than 10,000,000 bytes; give one article"),
        ("a.html", b"<img src=a.jpg>", "no article found; save the article's own page, or its text as a .txt file"),
    ],
)
def test_a_file_that_is_no_article_is_refused(
    name: str, content: bytes, said: str, tmp_path: Path, pool: ExtractorPool
) -> None:
    path = saved(tmp_path, name, content)
    with pytest.raises(UsageError) as caught:
        read_article(path, pool, NOW)
    assert str(caught.value) == f"{path}: {said}"


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path, pool: ExtractorPool) -> None:
    with pytest.raises(UsageError, match="No such file or directory; name a page's address or a file"):
        read_article(tmp_path / "missing.txt", pool, NOW)
    with pytest.raises(UsageError, match="Is a directory"):
        read_article(tmp_path, pool, NOW)


def test_a_saved_page_that_costs_too_much_is_stopped(tmp_path: Path) -> None:
    endless = b"<article><p " + b" ".join(b"a%d" % number for number in range(150_000)) + b">"  # a minute's work
    path = saved(tmp_path, "a.html", endless)
    with ExtractorPool(Extraction(workers=1, deadline=1)) as impatient, pytest.raises(UsageError) as caught:
        read_article(path, impatient, NOW)
    assert "the extraction worker took longer than 1 s (extraction.deadline)" in str(caught.value)


# --- from the web ----------------------------------------------------------------------------------------


def test_a_page_of_the_web_is_an_article(site: Site, pool: ExtractorPool) -> None:
    site.put("/talks", page())
    article = asyncio.run(fetch_article(site.url("/talks?utm_source=x"), SETTINGS, pool, NOW))
    assert (article.url, article.title) == (site.url("/talks"), "Talks go on")
    assert article.publisher == article.family == f"127.0.0.1:{site.port}"


@pytest.mark.parametrize(
    ("body", "status", "outcome"),
    [("", 404, FetchOutcome.HTTP_ERROR), ("<p>Short.</p>", 200, FetchOutcome.EMPTY)],
)
def test_a_page_without_an_article_is_an_error(
    body: str, status: int, outcome: FetchOutcome, site: Site, pool: ExtractorPool
) -> None:
    site.put("/talks", body, status=status)
    with pytest.raises(FetchError) as caught:
        asyncio.run(fetch_article(site.url("/talks"), SETTINGS, pool, NOW))
    assert (caught.value.url, caught.value.outcome) == (site.url("/talks"), outcome)


def test_one_page_obeys_robots_txt_too(site: Site, pool: ExtractorPool) -> None:
    site.put("/robots.txt", "User-agent: *\nDisallow: /", "text/plain")
    with pytest.raises(FetchError) as caught:
        asyncio.run(fetch_article(site.url("/talks"), SETTINGS, pool, NOW))
    assert caught.value.outcome == FetchOutcome.ROBOTS
    assert site.asked == ["/robots.txt"]


@pytest.mark.parametrize("url", ["no address", "ftp://example.org/a", "http://[::1"])
def test_what_is_no_address_is_an_error_in_words(url: str, pool: ExtractorPool) -> None:
    with pytest.raises(UsageError, match="no address of a web page; give one that starts with http"):
        asyncio.run(fetch_article(url, SETTINGS, pool, NOW))
