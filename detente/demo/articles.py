"""The demo's data: its publishers, their articles, and what stands around these on a page."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Annotated, NamedTuple

import yaml
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, RootModel

from detente import yamlfile
from detente.errors import ConfigError
from extractors.sources import AgencyEntry, Language, Slug

_Path = Annotated[str, Field(pattern=r"^/\S+$")]
_Text = Annotated[str, Field(min_length=1)]
_QUOTE = re.compile(r"[\"“«]([^\"“”«»]{25,160})[\"”»]")
_FENCE = "---\n"


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ListKind(StrEnum):
    """How a publisher lists its articles."""

    RSS = "rss"
    ATOM = "atom"
    SITEMAP = "sitemap"
    SECTION = "section"


class ArticleList(_Model):
    """A publisher's list: where it is, and for a section page which addresses are articles."""

    kind: ListKind
    path: _Path
    links: str | None = None


class Charset(_Model):
    """How pages are written (`bytes`), and what their head says about it where that is something else."""

    bytes: str = "utf-8"
    meta: str | None = None


class Publisher(_Model):
    """A publisher and its ways. `host` is N of 127.0.0.N, `slow` are seconds before each answer."""

    id: Slug
    name: _Text
    family: Slug
    country: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    language: Language
    host: Annotated[int, Field(ge=2, le=254)]
    list: ArticleList
    layout: Slug
    gzip: bool = False
    charset: Charset = Charset()
    slow: Annotated[float, Field(ge=0, le=5)] = 0.0
    forbids: tuple[_Path, ...] = ()
    down: bool = False


class PublishersFile(_Model):
    """The schema of `publishers.yaml`."""

    publishers: tuple[Publisher, ...]
    agencies: tuple[AgencyEntry, ...]


class Words(_Model):
    """What pages of one language say around an article. `headlines` are of other conflicts."""

    date: _Text
    home: _Text
    sections: tuple[_Text, ...]
    cookies: _Text
    accept: _Text
    share: _Text
    by: _Text
    updated: _Text
    related: _Text
    also_read: _Text
    newsletter: _Text
    newsletter_text: _Text
    subscribe: _Text
    recommended: _Text
    popular: _Text
    picture: _Text
    rights: _Text
    links: tuple[_Text, ...]
    headlines: Annotated[tuple[_Text, ...], Field(min_length=1)]


class _Clutter(RootModel[dict[Language, Words]]):
    """The schema of `clutter.yaml`."""


class Block(NamedTuple):
    """A paragraph of an article, or a heading within it."""

    text: str
    heading: bool


class Story(_Model):
    """One article. `wrong_charset` is what the server says of its page, against the truth."""

    id: Slug
    publisher: Slug
    section: Slug
    published_at: AwareDatetime
    title: _Text
    summary: _Text
    authors: tuple[_Text, ...]
    language: Language
    agency: Slug | None = None
    reprint_of: Slug | None = None
    recommended: tuple[_Text, ...] = ()
    wrong_charset: str | None = None
    body: _Text

    @property
    def path(self) -> str:
        """Its address on its publisher's server."""
        return f"/{self.section}/{self.id}"

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """The body: paragraphs stand between empty lines, and headings begin with `## `."""
        parts = (" ".join(part.split()) for part in re.split(r"\n\s*\n", self.body))
        return tuple(Block(part.removeprefix("## "), part.startswith("## ")) for part in parts if part)

    @cached_property
    def quote(self) -> str | None:
        """The first longer thing that someone says in it."""
        found = (_QUOTE.search(block.text) for block in self.blocks if not block.heading)
        return next((match[1].strip() for match in found if match), None)


def load_publishers(folder: Path) -> PublishersFile:
    """Read `publishers.yaml` in `folder`.

    Raises:
        ConfigError: it does not fit the schema.
    """
    return yamlfile.validate(PublishersFile, yamlfile.load(folder / "publishers.yaml"))


def load_words(folder: Path) -> dict[str, Words]:
    """Read `clutter.yaml` in `folder`: the words by language.

    Raises:
        ConfigError: it does not fit the schema.
    """
    return yamlfile.validate(_Clutter, yamlfile.load(folder / "clutter.yaml")).root


def load_stories(folder: Path) -> tuple[Story, ...]:
    """Read the articles in `folder`/articles/DAY/*.md, the newest first.

    Raises:
        ConfigError: a file has no front matter, or one that does not fit the schema; or two have one id.
    """
    files = sorted((folder / "articles").glob("*/*.md"))
    stories = {file: _story(file) for file in files}
    seen: dict[str, Path] = {}
    for file, story in stories.items():
        if story.id in seen:
            raise ConfigError(file, 2, f"the id {story.id!r} is also that of {seen[story.id].name}", "change one")
        seen[story.id] = file
    return tuple(sorted(stories.values(), key=lambda story: (story.published_at, story.id), reverse=True))


def _story(file: Path) -> Story:
    text = file.read_text(encoding="utf-8")
    head, fence, body = text.removeprefix(_FENCE).partition("\n" + _FENCE)
    if not text.startswith(_FENCE) or not fence:
        raise ConfigError(file, 1, "no front matter", "start with a line ---, the keys, and a line ---")
    matter = _FENCE + head  # with the fence, lines count as in the file
    try:
        document = yamlfile.Document(file, yaml.safe_load(matter), yaml.compose(matter))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else None
        raise ConfigError(file, line, "the front matter is no valid YAML", "check colons and quotes") from None
    if not isinstance(document.data, dict):
        raise ConfigError(file, 2, "the front matter holds no mapping", "write 'key: value' lines")
    return yamlfile.validate(Story, yamlfile.Document(file, document.data | {"body": body.strip()}, document.node))
