"""The headline, the moment of publication and the lead image, where a page gives several."""

import json
import pickle
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from extractors_web import PARAGRAPHS, page

from detente.models import Extracted
from extractors.page import extract_page

URL = "https://news.example.org/world/talks"
SHOWN = "Envoys of both sides meet again in Geneva"
OTHER = "Peace at last? What the talks are really about"


def meta(name: str, content: str) -> str:
    return f'<meta property="{name}" content="{content}">'


def ld(**fields: object) -> str:
    data = {"@context": "https://schema.org", "@type": "NewsArticle"} | fields
    return f'<script type="application/ld+json">{json.dumps(data)}</script>'


def read(head: str, title: str = SHOWN, tail: str = " | The Paper") -> Extracted:
    html = page(SHOWN, head=head).replace(f"<title>{SHOWN} | The Paper</title>", f"<title>{title}{tail}</title>")
    return extract_page(html.encode(), URL, None)


@pytest.mark.parametrize(
    ("head", "title", "wanted"),
    [
        ("", SHOWN, SHOWN),
        (meta("og:title", SHOWN + " - The Paper"), SHOWN, SHOWN),
        (meta("og:title", OTHER), SHOWN, OTHER),
        (meta("og:title", OTHER) + ld(headline=SHOWN), SHOWN, OTHER),
        (meta("og:title", OTHER + " | The Paper") + ld(headline=SHOWN), SHOWN, SHOWN),
        (meta("og:title", OTHER) + ld(headline=SHOWN), OTHER, SHOWN),
        (meta("og:title", OTHER + " | The Paper"), SHOWN, OTHER),
        (meta("og:title", "word " * 9000), SHOWN, SHOWN),
        (ld(headline="word " * 9000), SHOWN, SHOWN),
    ],
)
def test_the_headline_is_the_one_that_the_page_means(head: str, title: str, wanted: str) -> None:
    assert read(head, title).title == wanted


def test_a_dash_inside_a_headline_stays() -> None:
    both = "Talks - the third round - begin in Geneva"
    assert read(meta("og:title", both), both).title == both


def test_broken_or_strange_json_ld_is_passed_over() -> None:
    for block in (
        "[" * 50_000,
        '{"@type": ["NewsArticle"], "headline": 7, "image": [[]], "datePublished": {}}',
        "null",
    ):
        found = read(f'<script type="application/ld+json">{block}</script>')
        assert (found.title, found.published_at, found.image, found.problem) == (SHOWN, None, None, None)


# --- the moment ------------------------------------------------------------------------------------------

EARLY, LATE = "2025-05-04T23:30:00-04:00", "2025-05-06T10:00:00Z"
MOMENT = datetime(2025, 5, 4, 23, 30, tzinfo=timezone(timedelta(hours=-4)))


@pytest.mark.parametrize(
    "head",
    [
        ld(datePublished=EARLY, dateModified=LATE),
        ld(datePublished=EARLY) + meta("article:published_time", LATE),
        ld(dateModified=LATE) + meta("article:published_time", EARLY) + meta("article:modified_time", LATE),
        ld(**{"@type": "VideoObject", "datePublished": LATE}) + ld(datePublished=EARLY),
        ld(headline="Something else", datePublished=LATE) + ld(headline=SHOWN, datePublished=EARLY),
        ld(**{"@graph": [{"@type": "WebPage", "datePublished": LATE}, {"@type": "Article", "datePublished": EARLY}]}),
        ld(datePublished="2025-05-04") + meta("article:published_time", EARLY),
    ],
)
def test_the_moment_is_that_of_publication_with_its_zone(head: str) -> None:
    moment = read(head).published_at
    assert moment == MOMENT
    assert moment.utcoffset() == timedelta(hours=-4)


def test_a_day_alone_stays_a_day() -> None:
    moment = read(ld(datePublished="2025-05-04") + meta("article:modified_time", LATE)).published_at
    assert moment == datetime.combine(date(2025, 5, 4), datetime.min.time(), UTC)


# --- the image -------------------------------------------------------------------------------------------

IMAGE = "https://cdn.example.org/lead.jpg?w=1200"


@pytest.mark.parametrize(
    ("head", "wanted"),
    [
        ("", None),
        (meta("og:image", IMAGE), IMAGE),
        (meta("og:image", IMAGE) + ld(image="https://cdn.example.org/other.jpg"), IMAGE),
        (meta("og:image", "/lead.jpg") + ld(image={"@type": "ImageObject", "url": IMAGE}), IMAGE),
        (ld(image=[IMAGE, "https://cdn.example.org/other.jpg"]), IMAGE),
        (meta("og:image", "data:image/png;base64,AAAA"), None),
        (meta("og:image", "javascript:alert(1)"), None),
        (meta("og:image", "//cdn.example.org/lead.jpg"), None),
        (meta("og:image", "http://[::1"), None),
        (meta("og:image", "https://cdn.example.org/" + "x" * 3000), None),
    ],
)
def test_the_lead_image_is_an_absolute_address(head: str, wanted: str | None) -> None:
    found = read(head)
    assert found.image == wanted
    assert pickle.loads(pickle.dumps(found)) == found
    assert len(found.text.splitlines()) == len(PARAGRAPHS)
