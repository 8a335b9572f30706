"""The sources file and how its hosts are shared out."""

import random
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from detente.errors import ConfigError
from detente.models import Order, RobotsFile, Source, SourceKind, SourceState
from extractors.agencies import find_agency, load_agencies
from extractors.sources import Publisher, load_publishers, load_sources, plan_batches
from extractors.urls import host_of

GOOD = r"""
publishers:
  - id: paper
    name: The Paper
    family: group
    country: GBR
    language: en
    sources:
      - id: paper-world
        kind: feed
        url: https://paper.example/world.xml
      - id: paper-fr
        kind: section
        url: https://paper.example/fr
        language: fr
        links: '/\d{4}/'
  - id: agency
    name: The Agency
    language: de
    sources:
      - {id: agency-news, kind: sitemap, url: "http://agency.example:8080/news.xml"}
agencies:
  - {id: agency, names: [The Agency, TAG]}
  - {id: afp, names: [France-Presse]}
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "sources.yaml"
    path.write_text(GOOD, encoding="utf-8")
    return path


def test_a_source_takes_from_its_publisher_what_it_does_not_say(file: Path) -> None:
    world, french, news = load_sources(file)
    assert world == Source(
        "paper-world", SourceKind.FEED, "https://paper.example/world.xml", "paper", "group", "en", "GBR"
    )
    assert (french.language, french.links, french.kind) == ("fr", r"/\d{4}/", SourceKind.SECTION)
    assert (news.family, news.country) == ("agency", None), "a publisher is its own family"
    assert load_publishers(file)["paper"] == Publisher("paper", "The Paper", "group", "GBR", "en")


def test_agencies_of_the_file_add_to_the_shipped_ones(file: Path) -> None:
    agencies = load_agencies(file)
    assert find_agency(agencies, ("TAG",), "") == "agency"
    assert find_agency(agencies, ("France-Presse",), "") == "afp"
    assert find_agency(agencies, ("AFP",), "") is None, "an id given in the file wins"
    assert find_agency(load_agencies(), ("AFP",), "") == "afp"


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("kind: feed", "kind: fead", 10, "'fead'"),
        ("https://paper.example/world.xml", "paper.example/world.xml", 11, "http://"),
        ("https://paper.example/world.xml", "https://", 11, "names a host"),
        ("https://paper.example/world.xml", "https://paper.example:port/", 11, "names a host"),
        ("https://paper.example/world.xml", '"https://paper.example/a b"', 11, "no address"),
        ("language: fr", "languag: fr", 15, "did you mean 'language'?"),
        ("language: fr", "language: French", 15, "language"),
        (r"'/\d{4}/'", "'/(['", 16, "no regular expression"),
        ("id: paper-fr", "id: Paper FR", 12, "Paper FR"),
        ("id: paper-fr", "id: paper-world", 12, "the source 'paper-world' stands twice; give one another id"),
        ("- id: agency\n", "- id: paper\n", 17, "the publisher 'paper' stands twice; give one another id"),
        ("    name: The Agency\n", "", 17, "add 'name: …'"),
        ("country: GBR", "country: UK", 6, "country"),
        ("[The Agency, TAG]", '[" "]', 23, "a name is empty"),
        ("[The Agency, TAG]", "[]", 23, "names"),
        ("    language: de\n", "    language: de\n    language: en\n", 20, "stands twice"),
        ("    name: The Paper", "   name: The Paper", 4, "check indentation"),
    ],
)
def test_a_wrong_file_is_refused_in_one_line_with_place_and_mend(
    old: str, new: str, line: int, words: str, file: Path
) -> None:
    assert GOOD.count(old) == 1
    file.write_text(GOOD.replace(old, new), encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_sources(file)
    said = str(caught.value)
    assert said.startswith(f"{file}:{line}: ")
    assert words in said
    assert "; " in said
    assert "\n" not in said


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"sources\.yaml: .+; .+"):
        load_sources(tmp_path / "sources.yaml")


# --- batches ---------------------------------------------------------------------------------------------


ROBOTS = (RobotsFile("h1.example", datetime(2025, 5, 5, tzinfo=UTC), "User-agent: *"),)


def orders(*urls: str) -> list[Order]:
    sources = [Source(f"s{number}", SourceKind.FEED, url, f"p{number}", "p", "en") for number, url in enumerate(urls)]
    return [Order(source, SourceState(source.id)) for source in sources]


@pytest.mark.parametrize("batches", [1, 3, 10, 50])
def test_a_host_is_never_in_two_batches(batches: int) -> None:
    dice = random.Random(7)
    hosts = [f"{dice.choice(['http', 'https'])}://H{dice.randrange(25)}.example" for _ in range(200)]
    asked = orders(*(f"{host}/{number}" for number, host in enumerate(hosts)))
    planned = plan_batches(asked, batches)
    held = [{host_of(order.source.url) for order in batch.orders} for batch in planned]
    assert sum(map(len, held)) == len(set.union(*held))
    assert sorted(order.source.id for batch in planned for order in batch.orders) == sorted(
        order.source.id for order in asked
    )
    assert [batch.number for batch in planned] == list(range(min(batches, 25)))
    assert all(batch.orders for batch in planned)
    assert plan_batches(asked, batches) == planned


def test_batches_are_about_equally_long_and_keep_their_order() -> None:
    urls = [f"http://{host}.example/" for host in "fzezdzczbzaz"]  # z has as many as all others together
    first, second = plan_batches(orders(*urls), 2)
    assert [len(first.orders), len(second.orders)] == [6, 6]
    for batch in (first, second):
        numbers = [int(order.source.id[1:]) for order in batch.orders]
        assert numbers == sorted(numbers)


@pytest.mark.parametrize("batches", [1, 2, 5])
def test_a_publisher_is_never_in_two_batches(batches: int) -> None:
    dice = random.Random(11)
    asked = [
        replace(order, source=replace(order.source, publisher=f"p{dice.randrange(12)}"))
        for order in orders(*(f"http://h{dice.randrange(40)}.example/{number}" for number in range(60)))
    ]
    planned = plan_batches(asked, batches, ROBOTS)
    for name in (lambda order: order.source.publisher, lambda order: host_of(order.source.url)):
        held = [{name(order) for order in batch.orders} for batch in planned]
        assert sum(map(len, held)) == len(set.union(*held))
    assert sum(len(batch.orders) for batch in planned) == len(asked)
    assert all(batch.robots == ROBOTS for batch in planned)


def test_nothing_to_ask_makes_no_batch() -> None:
    assert plan_batches([], 10) == ()
