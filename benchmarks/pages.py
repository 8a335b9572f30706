"""Article pages to measure with: made from the demo's layouts and words, or taken from a folder of one's own."""

from __future__ import annotations

import gzip
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import cycle, islice
from pathlib import Path

from detente.demo.articles import Story
from detente.demo.pages import Press

ROOT = Path(__file__).resolve().parent.parent
HOME = "https://news.example.org"
_PRINTED = datetime(2025, 5, 4, 6, tzinfo=UTC)
_SEED = 20250504


@dataclass(frozen=True, slots=True)
class Sample:
    """One page: its path on its server, what Content-Type says, and its bytes."""

    path: str
    content_type: str
    html: bytes


@dataclass(frozen=True, slots=True)
class Samples:
    """`count` pages: generated ones, or those of a folder over and over."""

    count: int
    folder: Path | None = None

    @property
    def origin(self) -> str:
        """Say where they are from."""
        return "saved" if self.folder else "generated"

    def __iter__(self) -> Iterator[Sample]:
        """Yield the pages, the same ones each time."""
        return islice(cycle(of_folder(self.folder)), self.count) if self.folder else generated(self.count)


@cache
def press() -> Press:
    """Return the demo's publishers, words and layouts."""
    return Press(ROOT / "seeds" / "demo")


def generated(count: int, home: str = HOME) -> Iterator[Sample]:
    """Make `count` pages, the same ones each time: no two are alike.

    Each takes a publisher's layout and mixes the paragraphs of its language into an article of 4 to 24 paragraphs.
    Around it stands what real pages carry: 20 to 150 KB of styles, scripts, menus, teasers and readers' letters.
    """
    chance = random.Random(_SEED)  # noqa: S311  # the same pages each time are wanted
    found = press()
    languages = {publisher.language for publisher in found.publishers}
    paragraphs = {
        language: [
            block.text
            for story in found.stories
            if story.language == language
            for block in story.blocks
            if not block.heading
        ]
        for language in sorted(languages)
    }
    headlines = {language: found.words[language].headlines for language in sorted(languages)}
    publishers = [publisher for publisher in found.publishers if paragraphs[publisher.language]]
    for number in range(count):
        publisher = chance.choice(publishers)
        texts = paragraphs[publisher.language]
        body = [chance.choice(texts) for _ in range(chance.randint(4, 24))]
        body[0] = f"{body[0]} ({number})"
        story = Story(
            id=f"story-{number}",
            publisher=publisher.id,
            section="world",
            published_at=_PRINTED - timedelta(minutes=number),
            title=f"{chance.choice(headlines[publisher.language])}, {number}",
            summary=chance.choice(texts)[:160],
            authors=(f"Reporter {number % 50}",),
            language=publisher.language,
            body="\n\n".join(body),
        )
        page = found.page(publisher, story, home)
        html = _furnished(page.content, chance, headlines[publisher.language])
        yield Sample(story.path, page.content_type, html)


def _furnished(html: bytes, chance: random.Random, headlines: tuple[str, ...]) -> bytes:
    """Return a page with furniture in head and body; ASCII only, so that it fits any charset."""
    head = _style(chance, chance.randint(20, 400)) + _script(chance, chance.randint(2, 60))
    menu = "".join(f'<li><a href="/topic/{n}">Topic {n}</a></li>' for n in range(chance.randint(40, 300)))
    teasers = "".join(
        f'<div class="teaser t{n}"><div class="card"><a href="/story/{n}"><picture><img src="/p/{n}.jpg" alt="">'
        f'</picture><h3><span>{title}</span></h3></a><div class="meta"><span>{n} min</span><span>{n} letters</span>'
        "</div></div></div>"
        for n in range(chance.randint(20, 160))
        for title in [chance.choice(headlines).encode("ascii", "xmlcharrefreplace").decode("ascii")]
    )
    letters = "".join(
        f'<li class="comment" id="c{n}"><div><b>Reader {n}</b><p>{_words(chance, 30)}</p>'
        f'<a href="#r{n}">Reply</a></div></li>'
        for n in range(chance.randint(0, 150))
    )
    foot = (
        f'<nav class="mega-menu"><ul>{menu}</ul></nav><section class="teasers">{teasers}</section>'
        f'<ol class="comments">{letters}</ol>{_script(chance, chance.randint(2, 150))}'
    )
    html = html.replace(b"</head>", head.encode() + b"</head>", 1)
    before, end, after = html.rpartition(b"</body>")
    return before + foot.encode() + end + after


def _style(chance: random.Random, rules: int) -> str:
    made = (f".c{chance.randrange(9999)}{{margin:{chance.randrange(40)}px;color:#{n:06x}}}" for n in range(rules))
    return f"<style>{''.join(made)}</style>"


def _script(chance: random.Random, lines: int) -> str:
    made = (f"var v{n}={{id:{chance.randrange(10**9)},words:'{_words(chance, 12)}'}};\n" for n in range(lines))
    return f"<script>{''.join(made)}</script>"


def _words(chance: random.Random, count: int) -> str:
    letters = "aeioubcdfglmnprstv"
    return " ".join("".join(chance.choices(letters, k=chance.randint(2, 9))) for _ in range(count))


def of_folder(folder: Path) -> Iterator[Sample]:
    """Read the .html, .htm, .html.gz and .htm.gz files of a folder and those below it, in the order of their names."""
    for file in sorted(folder.rglob("*")):
        name = file.name.lower()
        if file.is_file() and name.removesuffix(".gz").endswith((".html", ".htm")):
            content = file.read_bytes()
            yield Sample(f"/{file.name}", "text/html", gzip.decompress(content) if name.endswith(".gz") else content)
