"""Sources as OPML: what goes out comes back, what other programs write comes in."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from detente.desk import SEEDS
from detente.errors import UsageError
from detente.models import Source, SourceKind
from extractors.opml import Outline, read_opml, write_opml
from extractors.sources import load_publishers, load_sources

FOREIGN = """<?xml version="1.0"?><opml version="1.1"><head><title>Mine</title></head><body>
<outline text="News"><outline text="The  Paper" type="rss" xmlUrl="https://paper.example/feed" language="de-AT"/>
<outline text="Again" type="rss" xmlUrl="https://paper.example/feed"/></outline>
<outline text="A page" type="link" url="https://page.example/"/>
<outline title="Courier" xmlUrl=" https://courier.example/atom "/></body></opml>"""


def as_source(item: Outline) -> Source:
    assert item.id
    assert item.publisher
    language = item.language or item.publisher_language
    assert language
    family = item.family or item.publisher
    return Source(item.id, item.kind, item.url, item.publisher, family, language, item.country, item.links)


def test_the_shipped_sources_come_back_as_they_went(tmp_path: Path) -> None:
    more = SEEDS / "sources.yaml"
    file = tmp_path / "sources.yaml"
    file.write_text(
        more.read_text(encoding="utf-8")
        + '  - {id: odd, name: "A \\"b\\" & <c>", language: fa, sources: [\n'
        + '      {id: odd-map, kind: sitemap, url: "https://odd.example/m.xml?a=1&b=2"},\n'
        + '      {id: odd-page, kind: section, url: "https://o.example", language: ar, links: "/[0-9]+\\\\.html"}]}\n',
        encoding="utf-8",
    )
    sources = load_sources(file)
    content = write_opml(sources, load_publishers(file))
    assert tuple(as_source(item) for item in read_opml(content, "it")) == sources
    assert {item.name for item in read_opml(content, "it")} == {one.name for one in load_publishers(file).values()}


def test_other_programs_see_feeds_and_no_feed_where_there_is_none() -> None:
    feed = Source("a-feed", SourceKind.FEED, "https://a.example/f", "a", "a", "en")
    section = Source("a-page", SourceKind.SECTION, "https://a.example/p", "a", "a", "en")
    publishers = load_publishers(SEEDS / "sources.yaml")
    one = next(iter(publishers.values()))
    root = ET.fromstring(write_opml((feed, section), {"a": type(one)("a", "A", "a", None, "en")}))
    assert root.tag == "opml"
    assert root.get("version") == "2.0"
    kinds = {item.get("text"): (item.get("type"), item.get("xmlUrl"), item.get("url")) for item in root.iter("outline")}
    assert kinds == {
        "A": (None, None, None),
        "a-feed": ("rss", "https://a.example/f", None),
        "a-page": ("link", None, "https://a.example/p"),
    }


def test_a_list_of_another_program_gives_its_feeds_once() -> None:
    paper, courier = read_opml(FOREIGN.encode(), "mine.opml")
    assert (paper.url, paper.title, paper.language, paper.group) == (
        "https://paper.example/feed",
        "The Paper",
        "de",
        "paper.example",
    )
    assert (courier.url, courier.kind, courier.language) == ("https://courier.example/atom", SourceKind.FEED, None)
    assert courier.publisher is None


def test_no_file_is_read_for_an_entity(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("hidden", encoding="utf-8")
    declared = f'<!DOCTYPE opml [<!ENTITY e SYSTEM "{secret.as_uri()}">]>'
    content = declared + '<opml><body><outline text="t" xmlUrl="https://a.example/f"/>&e;</body></opml>'
    assert "hidden" not in repr(read_opml(content.encode(), "mine.opml"))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("hello", "no XML"),
        ("", "no XML"),
        ("<rss/>", "no OPML, its first element is 'rss'"),
        ("<opml><body><outline text='a'/></body></opml>", "lists no feed"),
    ],
)
def test_what_is_no_list_is_refused(content: str, said: str) -> None:
    with pytest.raises(UsageError, match=f"mine.opml: .*{said}"):
        read_opml(content.encode(), "mine.opml")
