"""What holds for every address, whatever a publisher writes: addresses are generated, the same ones in each run.

`pytest --hypothesis-profile=explore tests/extractors/test_extractors_addresses.py` looks further, and elsewhere
each time.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from hypothesis import given
from hypothesis import strategies as st

from detente.models import Link
from extractors.network import is_public
from extractors.sections import parse_section
from extractors.twins import leave_out_twins
from extractors.urls import clean_url, host_of, same_site

SCHEMES = st.sampled_from(["http", "https", "HTTPS", "ftp", "file", "javascript", "data", ""])
LABELS = st.text(st.characters(), min_size=1, max_size=8)
HOSTS = st.one_of(
    st.lists(LABELS, min_size=1, max_size=4).map(".".join),
    st.sampled_from(["example.org", "www.example.org", "amp.example.org", "EXAMPLE.org.", "[2001:db8::1]", "127.1"]),
    st.ip_addresses(v=4).map(str),
    st.ip_addresses(v=6).map(lambda ip: f"[{ip}]"),
)
TEXT = st.characters()  # lone surrogates too, which JSON can write
WORDS = st.text(TEXT, max_size=12)
NAMES = st.one_of(WORDS, st.sampled_from(["utm_source", "fbclid", "id", "amp", "amp;id", "ref", "page", "source"]))
QUERIES = st.lists(st.tuples(NAMES, WORDS).map("=".join), max_size=4).map("&".join)
PATHS = st.lists(st.one_of(WORDS, st.sampled_from(["..", ".", "amp", "a%2Fb", "%", "index.html"])), max_size=5)


@st.composite
def addresses(draw: st.DrawFn) -> str:
    """Draw an address, or what somebody might take for one."""
    user = draw(st.sampled_from(["", "", "", "user@", "user:word@"]))
    port = draw(st.one_of(st.just(""), st.integers(-1, 70_000).map(lambda number: f":{number}")))
    tail = "/".join(["", *draw(PATHS)])
    query, fragment = draw(QUERIES), draw(WORDS)
    return f"{draw(SCHEMES)}://{user}{draw(HOSTS)}{port}{tail}?{query}#{fragment}"


ANYTHING = st.one_of(addresses(), st.text(TEXT, max_size=200))


@given(ANYTHING)
def test_a_cleaned_address_is_stable_and_one_of_the_web(text: str) -> None:
    cleaned = clean_url(text)
    if cleaned is None:
        return
    assert clean_url(cleaned) == cleaned
    parts = urlsplit(cleaned)
    assert parts.scheme in {"http", "https"}
    assert parts.hostname
    assert parts.hostname == parts.hostname.lower()
    assert parts.fragment == ""
    assert not any(character.isspace() or ord(character) < 32 for character in cleaned)
    assert host_of(cleaned)
    cleaned.encode()


@given(ANYTHING, ANYTHING)
def test_nothing_that_is_written_raises(text: str, other: str) -> None:
    assert isinstance(host_of(text), str)
    assert same_site(text, other) in {True, False}
    clean_url(text, other)
    clean_url(text, "https://example.org/a/b")


@given(addresses(), st.lists(st.sampled_from(["utm_source=x", "fbclid=q", "gclid=1", "at_medium=feed"]), max_size=3))
def test_where_a_reader_came_from_changes_nothing(url: str, trackers: list[str]) -> None:
    start = url.partition("#")[0].strip()
    assert clean_url("&".join([start, *trackers])) == clean_url(start)


@given(st.lists(ANYTHING, max_size=6), st.lists(ANYTHING, max_size=4))
def test_no_link_is_lost_among_twins(urls: list[str], known: list[str]) -> None:
    links = [Link(url) for url in dict.fromkeys(filter(None, map(clean_url, urls)))]
    kept, twins = leave_out_twins(links, [url for url in map(clean_url, known) if url])
    assert sorted(link.url for link in (*kept, *twins)) == sorted(link.url for link in links)
    assert leave_out_twins(kept, ())[0] == kept


@given(st.lists(st.tuples(ANYTHING, WORDS), min_size=1, max_size=5))
def test_a_section_gives_clean_addresses_of_its_own_site(anchors: list[tuple[str, str]]) -> None:
    tags = (f"<a href='{href.replace(chr(39), '')}'>{text} a headline of some length</a>" for href, text in anchors)
    html = f"<html><body>{''.join(tags)}</body></html>"
    for link in parse_section(html.encode("utf-8", "replace"), "https://example.org/world", None, None):
        assert clean_url(link.url) == link.url
        assert same_site(link.url, "https://example.org/")


@given(st.ip_addresses(v=4))
def test_no_disguise_makes_an_inner_address_public(inner: object) -> None:
    number = int(inner)  # type: ignore[call-overload]
    forms = (
        f"::ffff:{inner}",
        f"64:ff9b::{number >> 16:x}:{number & 0xFFFF:x}",
        f"2002:{number >> 16:x}:{number & 0xFFFF:x}::1",
    )
    for form in forms:
        assert is_public(form) == is_public(str(inner))
