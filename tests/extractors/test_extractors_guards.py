"""Pages that would make an extractor fail, crawl or swell; and the second reading where the first sees nothing."""

import pytest
from extractors_web import PARAGRAPHS, page
from lxml.html import document_fromstring

from extractors.guards import DEEPEST, MOST_ELEMENTS, MOST_LINKS, tame
from extractors.jsonld import LONGEST_BLOCK
from extractors.page import extract_page

URL = "https://news.example.org/world/talks"
WHOLE = "\n".join(PARAGRAPHS)
TEXT = "".join(f"<p>{part}</p>" for part in PARAGRAPHS)


@pytest.mark.parametrize("levels", [DEEPEST, 260, 1000])
def test_blocks_around_a_whole_article_hide_nothing(levels: int) -> None:
    inner = f"<h1>Talks go on</h1>{TEXT}<script>let x = 1</script>"
    found = extract_page(f"<html><body>{'<div>' * levels}{inner}{'</div>' * levels}".encode(), URL, None)
    assert (found.problem, found.title, found.text) == (None, "Talks go on", WHOLE)


def test_deep_text_keeps_its_order_and_its_tails() -> None:
    inner = "".join(f"<p>{part.replace('Geneva', '<b>Geneva</b>')}</p>" for part in PARAGRAPHS)
    found = extract_page(page(body="<div>" * 300 + inner + "</div>" * 300).encode(), URL, None)
    assert found.text == WHOLE


@pytest.mark.parametrize("block", ['{"@type": "NewsArticle", "headline": "%s"}', '{"author": ["%s"'])
def test_json_ld_beyond_all_measure_is_not_read(block: str) -> None:
    head = f'<script type="application/ld+json">{block % ("word <b> " * (LONGEST_BLOCK // 8))}</script>'
    found = extract_page(page(head=head).encode(), URL, None)
    assert (found.title, found.text, found.authors) == ("Talks go on", WHOLE, ())


@pytest.mark.parametrize("form", ["{}", "<li>{}</li>", "<div>{}</div>"])
def test_links_without_end_are_dropped_and_those_in_paragraphs_stay(form: str) -> None:
    links = "".join(form.format(f'<a href="/{n}">Story {n}</a> ') for n in range(2 * MOST_LINKS))
    body = TEXT.replace("Norway", '<a href="/norway">Norway</a>') + f"<ul>{links}</ul>"
    found = extract_page(page(body=body).encode(), URL, None)
    assert (found.problem, found.text) == (None, WHOLE)


@pytest.mark.parametrize(("links", "kept"), [(MOST_LINKS, MOST_LINKS), (MOST_LINKS + 1, 0)])
def test_as_many_links_as_a_large_page_has_stay(links: int, kept: int) -> None:
    tree = document_fromstring("<div>" + '<a href="/x">Story</a>' * links + "</div>")
    assert tame(tree) is None
    assert len(tree.findall(".//a")) == kept


def test_too_many_elements_are_a_problem_in_words() -> None:
    found = extract_page(page(body=TEXT + "<p>x</p>" * (MOST_ELEMENTS + 1)).encode(), URL, None)
    assert found.text == ""
    assert found.title == "Talks go on | The Paper"
    assert found.problem is not None
    assert f"at most {MOST_ELEMENTS:,}" in found.problem


@pytest.mark.parametrize("tag", ["fieldset", "dialog"])
def test_a_second_reading_finds_what_the_first_does_not_see(tag: str) -> None:
    html = f"<html lang=en><head><title>Talks go on</title></head><body><{tag}>{TEXT}</{tag}></body></html>"
    found = extract_page(html.encode(), URL, None)
    assert (found.extractor, found.problem, found.title, found.text) == ("resiliparse", None, "Talks go on", WHOLE)


def test_an_article_that_is_seen_needs_no_second_reading() -> None:
    assert extract_page(page().encode(), URL, None).extractor == "trafilatura"


@pytest.mark.parametrize("inner", ["<p>Log in to read on.</p>", "<li><a href=x>Home and abroad</a></li>" * 50])
def test_a_second_reading_makes_no_article_of_labels(inner: str) -> None:
    found = extract_page(f"<html><body><fieldset>{inner}</fieldset></body></html>".encode(), URL, None)
    assert found.extractor == "trafilatura"
