"""One page in, one cleaned article out."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from extractors_web import PARAGRAPHS, page

from detente.models import Extracted
from extractors.language import language_of
from extractors.page import MAX_BYTES, NO_ARTICLE, NO_PAGE, extract_page

URL = "https://news.example.org/world/talks"
WHOLE = "\n".join(PARAGRAPHS)
TEXT = "".join(f"<p>{part}</p>" for part in PARAGRAPHS)
WORDS = "Die Gespräche über Grüße und Völker gehen weiter, und alle Seiten kommen nächste Woche nach Zürich zurück. "


def read(html: str | bytes, charset: str | None = None, url: str = URL) -> Extracted:
    found = extract_page(html if isinstance(html, bytes) else html.encode(), url, charset)
    assert found.problem is None
    return found


def test_a_page_gives_its_article_and_nothing_else() -> None:
    found = read(page())
    assert (found.title, found.text, found.language) == ("Talks go on", WHOLE, "en")
    assert (found.published_at, found.canonical_url, found.authors) == (None, None, ())


# --- charsets --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "header", "meta"),
    [
        ("utf-8", "iso-8859-1", "iso-8859-1"),
        ("utf-8", None, "windows-1252"),
        ("utf-8", "koi8-r", None),
        ("cp1252", "iso-8859-1", "utf-8"),
        ("cp1252", "utf-8", "windows-1252"),
        ("cp1252", "utf-8", "utf-8"),
        ("cp1252", None, None),
        ("cp1252", "undefined", "no-such-charset"),
        ("utf-16", "utf-8", None),
        ("utf-8-sig", "windows-1251", "utf-16"),
    ],
)
def test_the_bytes_decide_whatever_header_and_page_say(written: str, header: str | None, meta: str | None) -> None:
    declared = f'<meta charset="{meta}">' if meta else ""
    html = page(body=f"<p>{WORDS * 4}</p>", lang="de").replace('<meta charset="utf-8">', declared)
    found = read(html.encode(written), header)
    assert found.text == (WORDS * 4).strip()
    assert found.language == "de"


def test_bytes_that_are_no_text_cost_no_more_than_themselves() -> None:
    html = page().encode().replace(b"on Monday", b"on \x81\xff\x00\xc3 Monday")
    found = read(html, "utf-8")
    assert found.title == "Talks go on"
    assert found.text.endswith("\n".join(PARAGRAPHS[1:]))
    found.text.encode()  # a lone surrogate would not encode


def test_characters_that_are_none_do_not_stop_a_page() -> None:
    found = read(page("Talks &#xD800; go&#0; on"))
    (found.title + found.text).encode()
    assert WHOLE in found.text


# --- dates -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "head",
    [
        '<meta property="article:published_time" content="2025-05-05T12:30:00+02:00">',
        '<meta name="date" content="Mon, 05 May 2025 12:30:00 +0200">',
        '<script type="application/ld+json">{"datePublished": "2025-05-05T12:30:00+02:00"}</script>',
    ],
)
def test_the_date_keeps_its_time_and_zone(head: str) -> None:
    moment = read(page(head=head)).published_at
    assert moment == datetime(2025, 5, 5, 12, 30, tzinfo=timezone(timedelta(hours=2)))
    assert moment.utcoffset() == timedelta(hours=2)


def test_a_day_without_a_time_is_midnight() -> None:
    found = read(page(head='<meta property="article:published_time" content="2025-05-05">'))
    assert found.published_at == datetime(2025, 5, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    "wrong",
    ["0001-01-01T00:00:00+05:00", "9999-12-31T23:59:59-05:00", "Mon, 01 Jan 99999999999999999999 10:00:00 GMT", "soon"],
)
def test_an_impossible_date_does_not_stop_a_page(wrong: str) -> None:
    head = f'<meta property="og:published_time" content="{wrong}"><meta name="date" content="2025-05-05">'
    found = read(page(head=head))
    assert found.text == WHOLE
    assert found.published_at == datetime(2025, 5, 5, tzinfo=UTC)


# --- who and where ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("byline", "wanted"),
    [("By Ann McBee", ("Ann McBee",)), ("dpa", ("dpa",)), ("By dpa, Berlin", ("dpa", "Berlin")), ("BelTA", ("BelTA",))],
)
def test_a_byline_keeps_its_spelling(byline: str, wanted: tuple[str, ...]) -> None:
    body = "".join((f'<p class="byline">{byline}</p>', *(f"<p>{part}</p>" for part in PARAGRAPHS)))
    assert read(page(body=body)).authors == wanted


@pytest.mark.parametrize("name", ["Ann McBee", "dpa", "AFP"])
def test_json_ld_names_the_author_as_it_is_spelled(name: str) -> None:
    head = f'<script type="application/ld+json">{{"@type": "NewsArticle", "author": {{"name": "{name}"}}}}</script>'
    assert read(page(head=head.replace('{"name"', '{"@type": "Person", "name"'))).authors == (name,)


ANN = {"@type": "Person", "name": "Ann McBee"}
PAPER = {"@type": "NewsMediaOrganization", "name": "The Paper"}


@pytest.mark.parametrize(
    ("author", "more", "wanted"),
    [
        ([ANN, PAPER], "", ("Ann McBee", "The Paper")),
        (PAPER, '<meta name="author" content="Ann McBee">', ("Ann McBee", "The Paper")),
        ("Ann McBee and Carl Day, dpa", "", ("Ann McBee", "Carl Day", "dpa")),
        ({"@type": "Person", "name": "Trine Juhl og Ane Lind"}, "", ("Trine Juhl", "Ane Lind")),
        ({"@type": "Person", "name": "Juan Ruiz y Gil"}, "", ("Juan Ruiz y Gil",)),
        ({"@type": "Person", "givenName": "Ann", "familyName": "McBee"}, "", ("Ann McBee",)),
        ({"@type": "Person", "name": ["Ann McBee", "Carl Day"]}, "", ("Ann McBee", "Carl Day")),
        ({"name": "Ann McBee"}, '<meta name="author" content="McBee, Ann">', ("Ann McBee",)),
        ({"@id": "#ann"}, "", ("Ann McBee",)),
        ({"@id": "#nobody"}, '<meta name="author" content="Carl Day">', ("Carl Day",)),
        ([[], 7, None, {"name": {}}, {"name": "A" * 200}], '<meta name="author" content="Carl Day">', ("Carl Day",)),
    ],
)  # fmt: skip
def test_who_is_declared_comes_before_who_is_found(author: object, more: str, wanted: tuple[str, ...]) -> None:
    told = {"@graph": [{"@type": "NewsArticle", "author": author}, {**ANN, "@id": "#ann"}]}
    head = f'<script type="application/ld+json">{json.dumps(told)}</script>{more}'
    assert read(page(head=head)).authors == wanted


def test_broken_json_ld_does_not_stop_a_page() -> None:
    head = '<script type="application/ld+json">{"@type": "NewsArticle", "author": [{"name": "Ann Bee"</script>'
    assert read(page(head=head)).text == WHOLE


@pytest.mark.parametrize(
    ("href", "wanted"),
    [
        ("/world/talks-go-on?utm_source=x", "https://news.example.org/world/talks-go-on"),
        ("https://www.example.org/talks", "https://www.example.org/talks"),
        ("https://elsewhere.org/talks", None),
        ("https://news.example.org/", None),
        ("http://[::1", None),
    ],
)
def test_a_page_may_give_its_own_address_on_its_own_site(href: str, wanted: str | None) -> None:
    assert read(page(head=f'<link rel="canonical" href="{href}">')).canonical_url == wanted


@pytest.mark.parametrize("url", ["", "no address", "http://[::1"])
def test_a_page_without_an_address_is_read_all_the_same(url: str) -> None:
    assert read(page(), url=url).text == WHOLE


@pytest.mark.parametrize(
    ("text", "declared", "wanted"),
    [
        (WHOLE, "de", "en"),
        (WORDS * 3, "en", None),
        (WORDS * 3, "de-CH", "de"),
        ("Too short", "en-GB", "en"),
        ("Too short", None, None),
        ("Too short", "english", None),
    ],
)
def test_english_is_where_english_stands(text: str, declared: str | None, wanted: str | None) -> None:
    assert language_of(text, declared) == wanted


SPANISH = """El presidente turco ofreció mediar entre los dos países, según la cancillería, y dijo que recibirá a las
partes del conflicto en una cumbre que se celebrará por la mañana con la ayuda de su homólogo más cercano."""


@pytest.mark.parametrize(("declared", "wanted"), [(None, "es"), ("en", "es"), ("es-MX", "es"), ("ca", "ca")])
def test_spanish_is_told_where_no_other_language_is_declared(declared: str | None, wanted: str) -> None:
    assert language_of(SPANISH, declared) == wanted


# --- boilerplate -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "aside",
    [
        '<ul><li><a href="/x">Missiles hit the port</a> today</li><li><a href="/y">Envoys walk out</a> now</li></ul>',
        '<div class="recommended"><h3>Recommended Stories</h3><p><a href="/x">Missiles hit the port</a></p></div>',
        '<p><strong>Read more</strong> <a href="/x">Missiles hit the port in the north</a></p>',
        '<div id="gdpr-consent"><p>Missiles hit the port? We store files on your machine.</p></div>',
    ],
)
def test_other_stories_among_the_paragraphs_are_dropped(aside: str) -> None:
    body = [f"<p>{part}</p>" for part in PARAGRAPHS]
    found = read(page(body="".join((*body[:2], aside, *body[2:]))))
    assert "Missiles" not in found.text
    assert found.text == WHOLE


def test_a_link_inside_a_paragraph_stays() -> None:
    body = "".join(f"<p>{part}</p>" for part in PARAGRAPHS).replace("Norway", '<a href="/norway">Norway</a>')
    assert read(page(body=body)).text.count("Norway") == len(PARAGRAPHS)


# --- no article ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("html", [b"", b" \n", b"<!doctype html>", b"<!-- nothing -->", b"\xef\xbb\xbf"])
def test_an_empty_page_says_so(html: bytes) -> None:
    assert extract_page(html, URL, None) == Extracted(problem=NO_PAGE)


def test_a_page_without_an_article_says_so_and_keeps_its_title() -> None:
    found = extract_page(b"<html><head><title>A gallery</title></head><body><img src=a.jpg></body></html>", URL, None)
    assert (found.problem, found.text, found.title) == (NO_ARTICLE, "", "A gallery")


def test_a_page_beyond_all_measure_is_not_read() -> None:
    problem = extract_page(b"<p>" * (MAX_BYTES // 3 + 1), URL, None).problem
    assert problem is not None
    assert "longer than" in problem


def test_deeply_nested_blocks_hide_no_article() -> None:
    # libxml2 alone gives up 256 levels down
    inner = "".join(f"<p>{part}</p>" for part in PARAGRAPHS)
    assert read(page(body="<div>" * 400 + inner + "</div>" * 400)).text == WHOLE


@pytest.mark.parametrize("html", [b"\0" * 500, bytes(range(256)) * 20, b"\x89PNG\r\n\x1a\n" + b"\0\xff" * 400])
def test_no_bytes_raise(html: bytes) -> None:
    extract_page(html, URL, None).text.encode()


def test_an_impossible_time_zone_costs_the_date_and_not_the_page() -> None:
    words = (
        "<p>The two sides met again in the morning and spoke for three hours about the border and the water.</p>" * 8
    )
    date = '<meta property="article:published_time" content="2025-05-05T10:00:00+99:99">'
    html = (
        f"<html lang='en'><head><title>Talks resume</title>{date}</head><body><article>{words}</article></body></html>"
    )
    found = extract_page(html.encode(), "https://news.example/talks", None)
    assert found.problem is None
    assert found.text.startswith("The two sides met again")


# --- what is left out before the extractor reads ---------------------------------------------------------


@pytest.mark.parametrize(
    "block",
    [
        '<ol class="comments"><li><p>{}</p></li></ol>',
        '<div id="comments"><p>{}</p></div>',
        '<section class="article-comments"><p>{}</p></section>',
        '<div id="disqus_thread"><p>{}</p></div>',
        "<aside><p>{}</p></aside>",
        "<footer><p>{}</p></footer>",
    ],
)
@pytest.mark.parametrize("times", [1, 40])
def test_readers_letters_and_margins_are_no_article_however_long(block: str, times: int) -> None:
    letter = "I read of the missiles at the port with sorrow, and nobody has yet told us who will pay for it. "
    found = read(page().replace("</article>", "</article>" + block.format(letter) * times))
    assert (found.text, found.extractor) == (WHOLE, "trafilatura")


@pytest.mark.parametrize("name", ["commentary", "commentator", "post-commentary"])
def test_a_commentary_is_no_comment(name: str) -> None:
    assert read(page(body=f'<div class="{name}">{TEXT}</div>')).text == WHOLE


def test_words_stay_apart_where_something_between_them_goes() -> None:
    gone, space = "<span></span> <i></i><button>Share</button> ", '<span class="s"> </span>'
    parts = [part.replace(" met ", f" met{gone}").replace(" go on ", f" go{space}on ") for part in PARAGRAPHS]
    body = "".join(f"<p>{part}</p>" for part in parts)
    assert read(page(body=body)).text == WHOLE


def test_an_article_that_the_first_method_does_not_see_is_found_by_the_others() -> None:
    # the first takes the box for the article, since it is named like one
    box = f'<div class="article-body"><p>{PARAGRAPHS[0] * 3}</p></div>'
    html = page(body=box + TEXT * 3).replace("article>", "div>")
    assert read(html).text.count(PARAGRAPHS[4]) == 3


def test_json_ld_that_repeats_the_article_names_its_author_all_the_same() -> None:
    told = {
        "@context": "https://schema.org",
        "@graph": [
            {"@type": "WebSite", "name": "The Paper"},
            {
                "@type": "NewsArticle",
                "articleBody": "Words without end. " * 20_000,
                "author": [{"@type": "Person", "name": "Ann McBee"}, {"@type": "Person", "name": "Ḥasan Ünal 😀"}],
                "datePublished": "2025-05-05T12:30:00+02:00",
                "review": {"author": {"@type": "Person", "name": "A Reader"}},
            },
        ],
    }
    found = read(page(head=f'<script type="application/ld+json">{json.dumps(told)}</script>'))
    assert found.authors == ("Ann McBee", "Ḥasan Ünal")
    assert found.published_at == datetime(2025, 5, 5, 10, 30, tzinfo=UTC)


@pytest.mark.parametrize("name", [r"Ann \ud83d McBee", r"Ann \u0000 McBee", r"Ann \ufffe McBee"])
def test_characters_that_no_tree_holds_do_not_stop_a_page(name: str) -> None:
    head = f'<script type="application/ld+json">{{"@type": "NewsArticle", "author": {{"name": "{name}"}}}}</script>'
    assert read(page(head=head)).text == WHOLE


def test_json_ld_without_end_in_depth_does_not_stop_a_page() -> None:
    head = f'<script type="application/ld+json">{"[" * 5_000}{"]" * 5_000}</script>'
    head += f'<script type="application/ld+json">{{"a": {"[" * 900}{"]" * 900}}}</script>'
    assert read(page(head=head)).text == WHOLE
