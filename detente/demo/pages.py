"""The demo's pages and lists, as each publisher would write them."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from detente.demo.articles import (
    ListKind,
    Publisher,
    Story,
    Words,
    load_publishers,
    load_stories,
    load_words,
)

_FEED_LENGTH = 12  # articles; section pages and sitemaps go further back
_MOST_RELATED = 3
_MOST_RECOMMENDED = 4
_TYPES = {
    ListKind.RSS: "application/rss+xml",
    ListKind.ATOM: "application/atom+xml",
    ListKind.SITEMAP: "application/xml",
    ListKind.SECTION: "text/html",
}
_TEMPLATES = {
    ListKind.RSS: "rss.xml.j2",
    ListKind.ATOM: "atom.xml.j2",
    ListKind.SITEMAP: "sitemap.xml.j2",
    ListKind.SECTION: "section.html.j2",
}


@dataclass(frozen=True, slots=True)
class Page:
    """What a server answers: bytes, the value of Content-Type, and when it last changed, where that is told."""

    content: bytes
    content_type: str
    modified: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Link:
    """A headline with its address; `story` is None where no article is behind it."""

    title: str
    url: str
    story: Story | None = None


class Press:
    """Everything that the publishers of a folder print.

    Args:
        folder: it holds publishers.yaml, clutter.yaml, articles/ and layouts/.

    Raises:
        ConfigError: a file does not fit its schema.
    """

    def __init__(self, folder: Path) -> None:
        file = load_publishers(folder)
        self.publishers, self.agencies = file.publishers, file.agencies
        self.stories = load_stories(folder)
        self.words = load_words(folder)
        self._layouts = Environment(
            loader=FileSystemLoader(folder / "layouts"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._layouts.filters["rfc822"] = format_datetime

    def of(self, publisher: Publisher, now: datetime) -> tuple[Story, ...]:
        """Return what a publisher has printed by `now`, the newest first."""
        return tuple(story for story in self.stories if story.publisher == publisher.id and story.published_at <= now)

    def find(self, publisher: Publisher, path: str, now: datetime) -> Story | None:
        """Return the article at a path of a publisher's server, once it is printed."""
        return next((story for story in self.of(publisher, now) if story.path == path), None)

    def page(self, publisher: Publisher, story: Story, home: str) -> Page:
        """Return an article's page; `home` is the server's address, without a slash at its end."""
        earlier = self.of(publisher, story.published_at)
        related = [other for other in earlier if other.section == story.section and other != story]
        words = self.words[story.language]
        content = self._layouts.get_template(f"{publisher.layout}.html.j2").render(
            story=story,
            publisher=publisher,
            words=words,
            home=home,
            url=home + story.path,
            charset=publisher.charset.meta or publisher.charset.bytes,
            related=_links(related[:_MOST_RELATED], home),
            recommended=_recommended(story.recommended or _pick(words, story.id), home),
            linked_data=_linked_data(publisher, story, home),
        )
        said = story.wrong_charset or publisher.charset.bytes
        return Page(_encoded(content, publisher), f"text/html; charset={said}")

    def list(self, publisher: Publisher, home: str, now: datetime) -> Page:
        """Return a publisher's feed, sitemap or section page as it is at `now`."""
        kind, charset = publisher.list.kind, publisher.charset.bytes
        stories = self.of(publisher, now)
        if kind in {ListKind.RSS, ListKind.ATOM}:
            stories = stories[:_FEED_LENGTH]
        words = self.words[publisher.language]
        content = self._layouts.get_template(_TEMPLATES[kind]).render(
            publisher=publisher,
            words=words,
            home=home,
            url=home + publisher.list.path,
            charset=charset,
            links=_links(stories, home),
            recommended=_recommended(_pick(words, publisher.id), home),
        )
        modified = stories[0].published_at if stories else None
        return Page(_encoded(content, publisher), f"{_TYPES[kind]}; charset={charset}", modified)


def robots(publisher: Publisher) -> Page:
    """Return a publisher's robots.txt."""
    forbidden = publisher.forbids or ("/admin/",)
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in forbidden)]
    return Page("\n".join((*lines, "")).encode(), "text/plain; charset=utf-8")


def _links(stories: Sequence[Story], home: str) -> list[_Link]:
    return [_Link(story.title, home + story.path, story) for story in stories]


def _recommended(headlines: Sequence[str], home: str) -> list[_Link]:
    return [_Link(text, f"{home}/elsewhere/{re.sub(r'[^a-z0-9]+', '-', text.lower())}") for text in headlines]


def _pick(words: Words, name: str) -> list[str]:
    """Choose headlines: other ones on each page, the same ones each time."""
    first = zlib.crc32(name.encode()) % len(words.headlines)
    return [*words.headlines[first:], *words.headlines[:first]][:_MOST_RECOMMENDED]


def _linked_data(publisher: Publisher, story: Story, home: str) -> dict[str, Any]:
    return {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": story.title,
        "datePublished": story.published_at.isoformat(),
        "author": [{"@type": "Person", "name": name} for name in story.authors],
        "publisher": {"@type": "NewsMediaOrganization", "name": publisher.name, "url": f"{home}/"},
        "mainEntityOfPage": home + story.path,
        "inLanguage": story.language,
    }


def _encoded(text: str, publisher: Publisher) -> bytes:
    return text.encode(publisher.charset.bytes, "xmlcharrefreplace")
