"""The demo's newsroom, asked over HTTP as the monitor asks it."""

from __future__ import annotations

import html
import re
import socket
import struct
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest
from protego import Protego

from detente.demo.articles import ListKind, Publisher, Story, load_publishers, load_stories
from detente.demo.newsroom import Newsroom
from detente.desk import SEEDS
from detente.errors import ConfigError
from detente.models import Link
from extractors.agencies import find_agency, load_agencies
from extractors.charsets import charset_in
from extractors.feeds import parse_feed
from extractors.http import AGENT
from extractors.page import extract_page
from extractors.sections import parse_section
from extractors.sitemaps import parse_sitemap
from extractors.sources import load_publishers as read_publishers
from extractors.sources import load_sources

DEMO = SEEDS / "demo"
STORIES = load_stories(DEMO)
PUBLISHERS = {publisher.id: publisher for publisher in load_publishers(DEMO).publishers}
OPEN = [publisher for publisher in PUBLISHERS.values() if not publisher.down]
END = STORIES[0].published_at
SECOND = timedelta(seconds=1)


class Clock:
    """The newsroom's time."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture(scope="module")
def clock() -> Clock:
    return Clock(END)


@pytest.fixture(scope="module")
def room(clock: Clock) -> Iterator[Newsroom]:
    with Newsroom(DEMO, clock) as newsroom:
        yield newsroom


@pytest.fixture(autouse=True)
def _at_the_end(clock: Clock) -> None:
    clock.now = END


@pytest.fixture(scope="module")
def pages(room: Newsroom, clock: Clock) -> dict[str, httpx.Response]:
    """Every article's page: at the same time, since one publisher is slow."""
    clock.now = END  # another test may have left it earlier
    with ThreadPoolExecutor(16) as pool:
        answers = pool.map(lambda story: get(room, story.publisher, story.path), STORIES)
        return dict(zip((story.id for story in STORIES), answers, strict=True))


def get(room: Newsroom, publisher: str, path: str, **headers: str) -> httpx.Response:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.get(room.home(publisher) + path, headers=names, timeout=20, trust_env=False)


def get_list(room: Newsroom, publisher: str, **headers: str) -> httpx.Response:
    return get(room, publisher, PUBLISHERS[publisher].list.path, **headers)


def read_list(room: Newsroom, publisher: Publisher) -> tuple[Link, ...]:
    answer = get_list(room, publisher.id)
    assert answer.status_code == 200
    url = str(answer.url)
    if publisher.list.kind is ListKind.SITEMAP:
        return parse_sitemap(answer.content, url, 1_000_000).links
    if publisher.list.kind is ListKind.SECTION:
        return parse_section(answer.content, url, charset_in(answer.headers["content-type"]), publisher.list.links)
    return parse_feed(answer.content, url)


def stories_of(publisher: str) -> list[Story]:
    """Return a publisher's articles, the newest first."""
    return [story for story in STORIES if story.publisher == publisher]


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.id)
def test_every_page_extracts_to_its_article_and_nothing_else(
    story: Story, room: Newsroom, pages: dict[str, httpx.Response]
) -> None:
    answer = pages[story.id]
    assert answer.status_code == 200
    found = extract_page(answer.content, str(answer.url), charset_in(answer.headers["content-type"]))
    assert found.problem is None
    assert found.title == story.title
    assert found.text.split("\n") == [block.text for block in story.blocks]
    assert found.published_at == story.published_at
    assert found.language == story.language
    assert found.canonical_url == room.home(story.publisher) + story.path
    assert found.site_name == PUBLISHERS[story.publisher].name
    agencies = tuple(agency for agency in load_agencies() if agency.id != "meridian")
    assert find_agency(agencies, found.authors, found.text) is None


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.id)
def test_every_page_has_the_clutter_of_real_pages(
    story: Story, room: Newsroom, pages: dict[str, httpx.Response]
) -> None:
    words = room.press.words[story.language]
    content = html.unescape(pages[story.id].content.decode(PUBLISHERS[story.publisher].charset.bytes))
    elsewhere = re.findall(r"/elsewhere/[^\"]+\">(?:<img[^>]*><span>)?([^<]+)", content)
    assert len(set(elsewhere)) >= 4
    for wanted in ("application/ld+json", "canonical", "og:title", "article:published_time", "share.example"):
        assert wanted in content
    for word in (words.home, words.subscribe):
        assert word in content


@pytest.mark.parametrize("publisher", OPEN, ids=lambda publisher: publisher.id)
def test_every_list_names_what_is_printed(publisher: Publisher, room: Newsroom, clock: Clock) -> None:
    stories = stories_of(publisher.id)
    clock.now = stories[0].published_at - SECOND  # all but the newest
    links = read_list(room, publisher)
    expected = stories[1:] if publisher.list.kind in {ListKind.SITEMAP, ListKind.SECTION} else stories[1:13]
    assert [link.url for link in links] == [room.home(publisher.id) + story.path for story in expected]
    assert [link.title for link in links] == [story.title for story in expected]
    if publisher.list.kind is not ListKind.SECTION:
        assert [link.published_at for link in links] == [story.published_at for story in expected]


def test_a_feed_holds_the_latest_twelve_only(room: Newsroom) -> None:
    assert len(stories_of("meridian")) > 12
    assert len(read_list(room, PUBLISHERS["meridian"])) == 12


@pytest.mark.parametrize("publisher", ["ledger", "yamuna", "northline", "evening"])
def test_before_the_first_article_a_list_is_empty_and_no_error(publisher: str, room: Newsroom, clock: Clock) -> None:
    clock.now = stories_of(publisher)[-1].published_at - SECOND
    assert read_list(room, PUBLISHERS[publisher]) == ()
    assert "last-modified" not in get_list(room, publisher).headers


def test_a_page_appears_with_the_clock(room: Newsroom, clock: Clock) -> None:
    story = stories_of("ledger")[0]
    clock.now = story.published_at - SECOND
    assert get(room, "ledger", story.path).status_code == 404
    clock.now = story.published_at
    assert get(room, "ledger", story.path).status_code == 200
    assert get(room, "ledger", story.path + "?utm_source=rss").status_code == 200


def test_a_page_is_on_its_own_publishers_server_only(room: Newsroom) -> None:
    assert get(room, "yamuna", stories_of("ledger")[0].path).status_code == 404
    assert get(room, "yamuna", "/").status_code == 404


@pytest.mark.parametrize("publisher", ["ledger", "yamuna", "northline", "evening", "echo"])
def test_an_unchanged_list_is_not_sent_again(publisher: str, room: Newsroom, clock: Clock) -> None:
    clock.now = stories_of(publisher)[0].published_at - SECOND
    first = get_list(room, publisher)
    etag, modified = first.headers["etag"], first.headers["last-modified"]
    clock.now += SECOND / 2
    for headers in ({"If_None_Match": etag}, {"If_Modified_Since": modified}):
        again = get_list(room, publisher, **headers)
        assert (again.status_code, again.content) == (304, b"")
    clock.now = stories_of(publisher)[0].published_at
    changed = get_list(room, publisher, If_None_Match=etag, If_Modified_Since=modified)
    assert changed.status_code == 200
    assert changed.headers["etag"] != etag
    assert changed.headers["last-modified"] != modified


def test_the_tag_counts_before_the_date(room: Newsroom) -> None:
    modified = get_list(room, "ledger").headers["last-modified"]
    assert get_list(room, "ledger", If_None_Match='W/"another"', If_Modified_Since=modified).status_code == 200
    assert get_list(room, "ledger", If_Modified_Since="yesterday").status_code == 200


@pytest.mark.parametrize("publisher", OPEN, ids=lambda publisher: publisher.id)
def test_gzip_goes_to_who_takes_it_from_who_packs(publisher: Publisher, room: Newsroom) -> None:
    packed = get_list(room, publisher.id, Accept_Encoding="br, gzip")
    plain = get_list(room, publisher.id, Accept_Encoding="identity")
    refused = get_list(room, publisher.id, Accept_Encoding="gzip;q=0")
    assert (packed.headers.get("content-encoding") == "gzip") == publisher.gzip
    assert "content-encoding" not in plain.headers
    assert "content-encoding" not in refused.headers
    assert packed.content == plain.content


def test_robots_forbids_the_members_pages_of_one_publisher(room: Newsroom) -> None:
    members = [story for story in STORIES if story.section == "members"]
    assert members
    for publisher in OPEN:
        rules = Protego.parse(get(room, publisher.id, "/robots.txt").text)
        for story in stories_of(publisher.id):
            assert rules.can_fetch(room.home(publisher.id) + story.path, AGENT) == (story not in members)


def test_the_publisher_that_is_down_refuses(room: Newsroom) -> None:
    with pytest.raises(httpx.ConnectError):
        get_list(room, "gazette")


def test_one_page_is_sent_under_a_wrong_charset_and_read_right(pages: dict[str, httpx.Response]) -> None:
    lying = [story for story in STORIES if story.wrong_charset]
    assert lying
    for story in lying:
        answer = pages[story.id]
        said = charset_in(answer.headers["content-type"])
        assert said == story.wrong_charset
        assert story.title not in answer.content.decode(said, errors="replace")
        assert extract_page(answer.content, str(answer.url), said).title == story.title


def test_one_publisher_names_a_wrong_charset_in_its_pages(pages: dict[str, httpx.Response]) -> None:
    for story in stories_of("echo"):
        content = pages[story.id].content
        assert b'<meta charset="utf-8">' in content
        with pytest.raises(UnicodeDecodeError):
            content.decode()


def test_old_systems_do_not_write_utf8(room: Newsroom) -> None:
    charsets = {charset_in(get_list(room, publisher.id).headers["content-type"]) for publisher in OPEN}
    assert charsets == {"utf-8", "iso-8859-1", "windows-1252"}


def test_the_slow_publisher_takes_its_time(room: Newsroom) -> None:
    assert get(room, "courier", "/robots.txt").elapsed >= timedelta(seconds=PUBLISHERS["courier"].slow)


def test_the_sources_file_is_valid(room: Newsroom, tmp_path: Path) -> None:
    file = tmp_path / "sources.yaml"
    file.write_text(room.sources_yaml(), encoding="utf-8")
    sources = load_sources(file)
    assert [source.publisher for source in sources] == list(PUBLISHERS)
    assert {source.publisher for source in sources if source.family == "lantern-group"} == {"lantern", "evening"}
    assert {source.url.split("/")[2].split(":")[0] for source in sources} == room.allow_private
    assert all(re.fullmatch(r"127\.0\.0\.\d+", host) for host in room.allow_private)
    assert read_publishers(file)["estuario"].language == "es"
    assert find_agency(load_agencies(file), ["Meridian Press Agency"], "") == "meridian"
    assert find_agency(load_agencies(file), [], "MOSCOW, May 4 (MPA) - It rained.") == "meridian"


def test_who_hangs_up_leaves_no_trace(capfd: pytest.CaptureFixture[str]) -> None:
    with Newsroom(DEMO, lambda: END) as newsroom:  # its end waits for the answers under way
        host, port = newsroom.home("courier").removeprefix("http://").split(":")
        for request in (b"GET /robots.txt HTTP/1.1\r\n\r\n", b"GET /rob"):
            with socket.create_connection((host, int(port))) as client:
                client.sendall(request)
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # reset, no farewell
        get(newsroom, "courier", "/robots.txt")
    out, err = capfd.readouterr()
    assert (out, err) == ("", "")


def test_after_the_end_no_server_is_left() -> None:
    with Newsroom(DEMO, lambda: END) as newsroom:
        assert get(newsroom, "ledger", "/robots.txt").status_code == 200
    with pytest.raises(httpx.ConnectError):
        get(newsroom, "ledger", "/robots.txt")


def test_the_newsroom_is_as_large_as_the_demo_says() -> None:
    english = {"en"}
    assert len(OPEN) >= 8
    assert len({publisher.family for publisher in OPEN}) >= 4
    assert len(STORIES) >= 45
    assert len({path.name for path in (DEMO / "articles").iterdir()}) == 6
    assert len({story.language for story in STORIES} - english) >= 2
    assert {publisher.list.kind for publisher in PUBLISHERS.values()} == set(ListKind)
    assert {story.publisher for story in STORIES} == {publisher.id for publisher in OPEN}


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("publisher: ledger\n", r"one\.md:1: no front matter"),
        ("---\nid: one\npublisher: ledger\ntitle: a: b\n---\nText.\n", r"one\.md:4: .*no valid YAML"),
        ("---\nid: one\ntitle: One\n---\nText.\n", r"one\.md:\d: .*'publisher' is missing"),
        ("---\nid: one\nwriter: me\n---\nText.\n", r"one\.md:3: unknown key 'writer'"),
        ("---\n- id\n---\nText.\n", r"one\.md:2: .*no mapping"),
    ],
)
def test_a_wrong_article_is_named_with_its_line(content: str, problem: str, tmp_path: Path) -> None:
    file = tmp_path / "articles" / "2025-04-22" / "one.md"
    file.parent.mkdir(parents=True)
    file.write_text(content, encoding="utf-8")
    with pytest.raises(ConfigError, match=problem):
        load_stories(tmp_path)
