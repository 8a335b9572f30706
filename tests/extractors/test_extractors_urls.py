"""One form for each address, and the host that it belongs to."""

import pytest

from extractors.urls import clean_url, host_of, same_site

CLEANED = {
    "https://Example.ORG/News/One?utm_source=x&id=7#top": "https://example.org/News/One?id=7",
    "HTTP://example.org": "http://example.org/",
    "https://example.org:443/a": "https://example.org/a",
    "http://example.org:8080/a": "http://example.org:8080/a",
    "  https://example.org/a\n": "https://example.org/a",
    "https://example.org/a?&&": "https://example.org/a",
    "https://example.org/a?b": "https://example.org/a?b",
    "https://example.org/a?id=1&id=2": "https://example.org/a?id=1&id=2",
    "https://example.org/a?b=1&amp;c=2": "https://example.org/a?b=1&c=2",
    "https://example.org/a?b=1&amp;amp;c=2": "https://example.org/a?b=1&c=2",
    "https://example.org/a?b= #x": "https://example.org/a?b=%20",
    "https://example.org/two words": "https://example.org/two%20words",
    "https://example.org/a?source=rss&x=1": "https://example.org/a?x=1",
    "https://example.org/a?source=desk": "https://example.org/a?source=desk",
    "https://example.org/a?cid=4&gallery=2&reference=9": "https://example.org/a?cid=4&gallery=2&reference=9",
    "https://example.org/a?fbclid=q&ref=home&at_medium=feed": "https://example.org/a",
    "https://example.org/a?back=https://other.org/?utm_id=1": "https://example.org/a?back=https://other.org/?utm_id=1",
    "https://[2001:db8::1]/a": "https://[2001:db8::1]/a",
    "https://example.org/a\tb?c=\x1b": "https://example.org/a%09b?c=%1B",
    "https://example-org.cdn.ampproject.org/c/s/example.org/a/amp": "https://example.org/a/amp",
    "https://example-org.cdn.ampproject.org/v/example.org/a?amp_js_v=0.1&id=7": "http://example.org/a?amp_js_v=0.1&id=7",
    "https://www.google.co.uk/amp/s/www.example.org/a": "https://www.example.org/a",
    "https://Example.org/go/https://other.org/A?utm_id=1": "https://example.org/go/https://other.org/A",
    "https://www.google.com/amp/": "https://www.google.com/amp/",
}
HARD = (
    "https://example.org/\u043c\u0438\u0440?\u0442=\u043c",
    "https://\u043f\u0440\u0438\u043c\u0435\u0440.\u0440\u0444/a",
    "https://example.org//a///b",
    "https://example.org/a/../b/./c",
    "https://example.org/a%2Fb%7Ec%",
    "https://example.org/a;session=12?x=1;y=2",
    "https://example.org/a???b",
    "https://example.org/&amp;amp;amp;/x",
    "https://example.org/?a\u00a0&amp;",
    "https://example.org/?fbclid\u2003&a",
    "https://example.org/a'b\"c|d\\e",
    "https://example.org/<a>?<b>",
    "https://web.archive.org/web/2020/https://example.org/a",
    "https://user:word@example.org/a",
    "https://example.org./a",
)
NO_PAGES = (
    "",
    "#top",
    "/a",
    "mailto:desk@example.org",
    "javascript:void(0)",
    "data:text/html,x",
    "ftp://example.org/a",
    "http://",
    "http:///a",
    "http://[::1",
    "http://example.org:0/",
    "http://example.org:99999/",
    "http://example.org:port/",
    "http://example.org\\@other.org/",
    "http://example.org/\ud800",
)


@pytest.mark.parametrize(("given", "wanted"), CLEANED.items())
def test_an_address_has_one_form(given: str, wanted: str) -> None:
    assert clean_url(given) == wanted


@pytest.mark.parametrize("given", [*CLEANED, *HARD])
def test_cleaning_twice_changes_nothing(given: str) -> None:
    once = clean_url(given)
    assert once is not None
    assert clean_url(once) == once


@pytest.mark.parametrize("given", NO_PAGES)
def test_what_is_no_page_has_no_address(given: str) -> None:
    assert clean_url(given) is None


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("b", "https://example.org/x/b"),
        ("/b?utm_source=1", "https://example.org/b"),
        ("//other.org/b", "https://other.org/b"),
        ("?page=2", "https://example.org/x/y?page=2"),
        ("https://other.org/b", "https://other.org/b"),
    ],
)
def test_relative_addresses_are_resolved(given: str, wanted: str) -> None:
    assert clean_url(given, "https://example.org/x/y") == wanted


def test_the_host_has_its_port_only_where_that_is_unusual() -> None:
    addresses = (
        "http://Example.org:80/a",
        "https://example.org:443",
        "https://example.org./a",
        "http://example.org:81/",
    )
    assert [host_of(url) for url in addresses] == ["example.org"] * 3 + ["example.org:81"]
    assert [host_of(url) for url in ("a", "http://[::1", "http://example.org:port/")] == ["", "", ""]


def test_a_site_is_a_registrable_domain() -> None:
    assert same_site("https://news.example.co.uk/a", "http://www.example.co.uk/b")
    assert not same_site("https://one.co.uk/", "https://two.co.uk/")
    assert same_site("http://localhost:1/a", "http://localhost:1/b")


def test_an_address_longer_than_any_browser_takes_is_none() -> None:
    assert clean_url("https://news.example/" + "a" * 3000) is not None
    assert clean_url("https://news.example/" + "a" * 1_000_000) is None
