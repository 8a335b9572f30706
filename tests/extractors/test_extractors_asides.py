"""Other stories, readers' letters and notices, in the shapes in which news pages put them around an article.

Modelled on a page that ended in "PREV", "Read more Articles on" and a list of "Recommended Stories".
"""

from __future__ import annotations

import pytest
from extractors_web import PARAGRAPHS, page

from extractors.page import extract_page

BODY = [f"<p>{part}</p>" for part in PARAGRAPHS]
WHOLE = "\n".join(PARAGRAPHS)
OTHERS = ("Missiles hit the port of the northern capital", "Field hospital opens after the cyclone on the island")
LETTERS = (
    "I was there in 1994 and I can tell you that none of this will ever be kept by anybody.",
    "Well said, and I wish that our own missiles were as few as theirs are, to be honest.",
)


def cards(tag: str, *, linked: bool = True) -> str:
    """Return the headlines of other stories, each in an element of its own."""
    texts = (f'<a href="/story/{number}">{text}</a>' if linked else text for number, text in enumerate(OTHERS))
    return "".join(f"<{tag}>{text}</{tag}>" for text in texts)


RECOMMENDED = {
    "named block": f'<div class="recommended-stories"><h3>Recommended Stories</h3>{cards("p")}</div>',
    "plain block": f"<div><h3>Recommended Stories</h3>{cards('p')}</div>",
    "heading, then a list": f"<h3>Recommended Stories</h3><ul>{cards('li')}</ul>",
    "heading, then blocks": f"<h3>Recommended Stories</h3>{cards('div')}",
    "heading, then paragraphs": f"<h2>Recommended Stories</h2>{cards('p')}",
    "headings in cards": f"<h2>Recommended Stories</h2><div>{cards('h4')}</div>",
    "bold line": f"<p><strong>Recommended Stories</strong></p>{cards('p')}",
    "more on": f"<div>Read more Articles on</div><div><h3>Recommended Stories</h3>{cards('div')}</div>",
    "related": f"<section><h2>Related news</h2>{cards('article')}</section>",
    "most read": f"<aside><h2>Most read</h2><ol>{cards('li')}</ol></aside>",
    "words and pictures": '<div><h3>Recommended Stories</h3><div><a href="/a"><img src="a.jpg"></a>'
    f'<a href="/a"><span>{OTHERS[0]}</span></a><time>May 4</time></div></div>',
}


@pytest.mark.parametrize("place", ["within", "after"])
@pytest.mark.parametrize("shape", RECOMMENDED)
def test_recommended_stories_stay_out(shape: str, place: str) -> None:
    aside = RECOMMENDED[shape]
    parts = [*BODY[:3], aside, *BODY[3:]] if place == "within" else [*BODY, '<div><a href="/p">PREV</a></div>', aside]
    found = extract_page(page(body="".join(parts)).encode(), "https://paper.example/world/talks", None)
    assert [text for text in OTHERS if text in found.text] == []
    assert all(part in found.text for part in PARAGRAPHS)
    assert "Recommended" not in found.text


@pytest.mark.parametrize(
    "thread",
    [
        '<section id="comments"><h2>2 comments</h2>{}</section>',
        '<div class="comment-list">{}</div>',
        '<div id="disqus_thread">{}</div>',
        '<div class="post-comments"><ol>{}</ol></div>',
        '<section class="reader-comments" aria-label="Comments">{}</section>',
    ],
)
def test_readers_letters_stay_out(thread: str) -> None:
    letters = "".join(f'<div class="comment"><b>Reader</b><p>{text}</p></div>' for text in LETTERS * 3)
    found = extract_page(page(body="".join(BODY) + thread.format(letters)).encode(), "https://paper.example/a", None)
    assert found.text == WHOLE


NOTICE = (
    "<p>We and our 214 partners store and read data on your device, such as cookies, to measure what you read.</p>"
    "<p>You may accept or refuse this now, and change your mind later in our privacy settings.</p>"
)


@pytest.mark.parametrize(
    "box",
    [
        '<div id="cookie-banner">{}</div>',
        '<div class="gdpr consent-popup">{}</div>',
        '<div role="dialog" aria-modal="true">{}</div>',
        '<div class="overlay" role="alertdialog">{}</div>',
        "<div hidden>{}</div>",
        '<div style="display: none">{}</div>',
        "<dialog open>{}</dialog>",
    ],
)
@pytest.mark.parametrize("first", [True, False])
def test_consent_texts_stay_out(box: str, *, first: bool) -> None:
    notice = box.format(NOTICE)
    body = "".join([notice, *BODY] if first else [*BODY, notice])
    assert extract_page(page(body=body).encode(), "https://paper.example/a", None).text == WHOLE


def test_an_article_that_is_hidden_until_a_script_runs_is_read() -> None:
    body = f'<div style="display:none" role="dialog">{"".join(BODY)}</div>'
    assert extract_page(page(body=body).encode(), "https://paper.example/a", None).text == WHOLE


def test_an_article_with_a_heading_about_related_matters_keeps_what_follows() -> None:
    body = "".join([*BODY[:3], "<h2>Related talks in Oslo</h2>", *BODY[3:]])
    found = extract_page(page(body=body).encode(), "https://paper.example/a", None)
    assert all(part in found.text for part in PARAGRAPHS)
