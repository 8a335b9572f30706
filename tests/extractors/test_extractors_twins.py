"""Two addresses of one page: one fetch where both are listed, one article whichever is read."""

from dataclasses import replace

import pytest
from extractors_batches import done, feed_of, one, run
from extractors_web import Site, page

from detente.models import Link
from extractors.page import extract_page
from extractors.pool import ExtractorPool
from extractors.twins import leave_out_twins

PLAIN = "https://www.example.org/2025/talks-go-on"
TWINS = (
    f"{PLAIN}/amp",
    f"{PLAIN}/amp/",
    f"{PLAIN}?amp=1",
    f"{PLAIN}?amp",
    f"{PLAIN}?outputType=amp",
    "https://amp.example.org/2025/talks-go-on",
    "https://m.example.org/2025/talks-go-on",
    "http://mobile.example.org/2025/talks-go-on/",
    "https://www.m.example.org/2025/talks-go-on",
)


def kept(*urls: str, known: tuple[str, ...] = ()) -> list[str]:
    return [link.url for link in leave_out_twins([Link(url) for url in urls], known)[0]]


@pytest.mark.parametrize("twin", TWINS)
def test_of_two_forms_the_plain_one_is_fetched(twin: str) -> None:
    assert kept(twin, PLAIN) == kept(PLAIN, twin) == [PLAIN]
    assert kept(twin, known=(PLAIN,)) == []
    assert kept(twin) == [twin], "alone it is the only way to the page"
    assert kept(twin, known=(twin,)) == [twin], "only a known plain form stands for it"


def test_of_two_second_forms_the_first_is_fetched() -> None:
    assert kept(TWINS[6], TWINS[0], "https://paper.example/other-1") == [TWINS[6], "https://paper.example/other-1"]


def test_the_rest_of_the_address_counts() -> None:
    other = f"{PLAIN}?id=2"
    assert kept(f"{PLAIN}?id=1&amp=1", other) == [f"{PLAIN}?id=1&amp=1", other]
    assert kept(f"{PLAIN}?id=2&amp=1", other) == [other]
    assert kept("https://paper.example/a-1.amp.html", "https://paper.example/a-1.html") == [
        "https://paper.example/a-1.html"
    ]


@pytest.mark.parametrize(
    ("one_url", "other"),
    [
        ("https://paper.example/markets/amp", "https://paper.example/markets"),
        ("https://paper.example/amp", "https://paper.example/"),
        ("https://m.example/a-1", "https://example/a-1"),
        ("https://paper.example/champ-1", "https://paper.example/ch-1"),
        ("https://paper.example/a-1?amp=2", "https://paper.example/a-1"),
        ("https://www.paper.example/a-1", "https://paper.example/a-1"),
        ("https://paper.example/a-1/", "https://paper.example/a-1"),
    ],
)
def test_what_may_be_another_page_is_fetched(one_url: str, other: str) -> None:
    assert kept(one_url, other) == [one_url, other]


def test_a_twin_is_settled_unfetched_and_the_record_says_so(site: Site, pool: ExtractorPool) -> None:
    site.put("/talks-1", page())
    found = run(pool, feed_of(site, "/talks-1/amp", "/talks-1"))
    assert one(found).url == site.url("/talks-1")
    assert done(found) == {"amp": True, "talks-1": True}
    assert "/talks-1/amp" not in site.asked
    assert found.fetches[0].detail == "AMP or mobile forms of known pages left out: 1"


def test_a_twin_left_by_an_earlier_tick_is_settled_too(site: Site, pool: ExtractorPool) -> None:
    order = replace(feed_of(site), known=frozenset({site.url("/talks-1")}), pending=(Link(site.url("/talks-1?amp=1")),))
    assert done(run(pool, order)) == {"talks-1?amp=1": True}
    assert [path for path in site.asked if "amp" in path] == []


@pytest.mark.parametrize("path", ["/talks-1/amp", "/talks-1/amp/", "/talks-1?amp=1", "/talks-1.amp.html"])
def test_a_second_form_is_the_article_that_its_canonical_link_names(path: str, site: Site, pool: ExtractorPool) -> None:
    site.put(path, page(head=f'<link rel="canonical" href="{site.url("/talks-1")}">'))
    assert one(run(pool, feed_of(site, path))).url == site.url("/talks-1")


def test_a_second_form_without_a_canonical_link_keeps_its_address(site: Site, pool: ExtractorPool) -> None:
    site.put("/talks-1/amp", page())
    assert one(run(pool, feed_of(site, "/talks-1/amp"))).url == site.url("/talks-1/amp")


@pytest.mark.parametrize("twin", TWINS)
def test_a_canonical_link_leads_from_each_form_to_the_plain_one(twin: str) -> None:
    html = page(head=f'<link rel="canonical" href="{PLAIN}">').encode()
    assert extract_page(html, twin, None).canonical_url == PLAIN
