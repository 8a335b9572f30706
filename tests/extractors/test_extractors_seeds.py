"""The sources file that a new desk starts with. Nothing here asks any of its addresses."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from detente.desk import SEEDS
from detente.models import Source, SourceKind
from extractors.agencies import load_agencies
from extractors.sources import load_publishers, load_sources, read_sources_file

FILE = SEEDS / "sources.yaml"
ONLY_HTTP: frozenset[str] = frozenset()
"""Publishers that have no https; none at present."""
AGENCY_HOSTS = {
    "ap": "apnews.com",
    "anadolu": "aa.com.tr",
    "tass": "tass.com",
    "ukrinform": "ukrinform.net",
    "yonhap": "yna.co.kr",
}


@pytest.fixture(scope="module")
def listed() -> tuple[Source, ...]:
    return load_sources(FILE)


def head() -> str:
    """Return the comment at the top of the file as one line."""
    lines = FILE.read_text(encoding="utf-8").split("\npublishers:")[0].splitlines()
    return " ".join(" ".join(line.lstrip("# ") for line in lines).split())


def test_it_is_some_forty_sources_of_every_kind(listed: tuple[Source, ...]) -> None:
    kinds = Counter(source.kind for source in listed)
    assert 38 <= len(listed) <= 48
    assert kinds[SourceKind.FEED] >= 38
    assert kinds[SourceKind.SITEMAP] == 2
    assert kinds[SourceKind.SECTION] == 1


def test_no_id_and_no_address_stands_twice(listed: tuple[Source, ...]) -> None:
    assert len({source.id for source in listed}) == len(listed)
    assert len({source.url for source in listed}) == len(listed)


def test_every_publisher_says_where_it_sits() -> None:
    countries = {item.id: item.country for item in load_publishers(FILE).values()}
    assert [name for name, country in countries.items() if country is None] == []
    assert {"IND", "PAK", "BGD", "NPL"} <= set(countries.values())


def test_it_reads_several_languages_and_says_which_are_coded(listed: tuple[Source, ...]) -> None:
    languages = Counter(source.language for source in listed)
    assert len(languages) >= 3
    assert languages.most_common(1)[0][0] == "en"
    assert re.search(r"# Other languages\. Articles are stored, but not coded", FILE.read_text(encoding="utf-8"))


def test_one_owner_is_one_family(listed: tuple[Source, ...]) -> None:
    families: defaultdict[str, set[str]] = defaultdict(set)
    for source in listed:
        families[source.family].add(source.publisher)
    assert len(families) >= 15
    assert families["jang"] == {"geo-news", "the-news"}
    assert families["france-medias-monde"] == {"france-24", "rfi"}
    assert families["united-nations"] == {"un-news", "reliefweb"}


def test_a_family_has_an_agencys_id_only_where_it_is_that_agency(listed: tuple[Source, ...]) -> None:
    hosts = {source.family: urlsplit(source.url).hostname or "" for source in listed}
    shared = hosts.keys() & {agency.id for agency in load_agencies()}
    assert shared == AGENCY_HOSTS.keys()
    assert all(hosts[name].endswith(domain) for name, domain in AGENCY_HOSTS.items())


def test_addresses_are_https(listed: tuple[Source, ...]) -> None:
    plain = {source.publisher for source in listed if urlsplit(source.url).scheme != "https"}
    assert plain == ONLY_HTTP


def test_a_section_page_tells_articles_from_other_pages(listed: tuple[Source, ...]) -> None:
    patterns = {source.id: source.links for source in listed if source.kind is SourceKind.SECTION}
    assert patterns.keys() == {"ap-world"}
    pattern = patterns["ap-world"] or ""
    assert re.search(pattern, "https://apnews.com/article/talks-0123456789abcdef")
    assert not re.search(pattern, "https://apnews.com/hub/asia-pacific")


def test_the_head_says_that_no_test_asks_these_sources() -> None:
    said = head()
    assert "tests and its demo never contact them" in said
    assert "November 2026" in said
    assert "may have moved" in said
    assert "'detente run' says which sources fail" in said


def test_the_agency_in_the_head_can_be_put_at_the_end(tmp_path: Path) -> None:
    text = FILE.read_text(encoding="utf-8")
    lines = text.splitlines()
    start = lines.index("#   agencies:")
    example = "\n".join(line.removeprefix("#   ") for line in lines[start : start + 2])
    copy = tmp_path / "sources.yaml"
    copy.write_text(f"{text}{example}\n", encoding="utf-8")
    assert [entry.id for entry in read_sources_file(copy).agencies] == ["example-agency"]
