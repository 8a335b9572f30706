"""Keyword watches: queries for people who want no grammar, each a class of event of its own, `watch.<id>`.

A watch looks at a whole article, in any language, whatever rules make of it. Cost grows with hits: a table tells from
an article's words which watches can be true of it, and only those are tried.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from detection.findquery import Key, Page, Span, needs, rarest, vocabulary
from detection.overlay import Place
from detection.query import Node, QueryError, parse
from detente import yamlfile
from detente.errors import ConfigError
from detente.models import Mention, Roles, Severity, Status

WATCH = "watch"
"""The family of all watches."""

_SHOWN = 5
"""Words of a match that a reason names."""


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)  # query: 2334


class WatchText(_Entry):
    """A watch as it is written."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]*$", description="its events have the class watch.<id>")
    query: str = Field(
        description='words, "phrases", AND OR NOT, ( ), wildcards * and ?, NEAR/5, title: and text:; see docs/rules.md'
    )
    severity: Severity = Field(Severity.MEDIUM, description="of its events")
    hit: tuple[str, ...] = Field((), description="texts that it must find")
    miss: tuple[str, ...] = Field((), description="texts that it must not find")


class WatchFile(_Entry):
    """What `watches.yaml` holds."""

    watches: tuple[WatchText, ...] = ()


@dataclass(frozen=True, slots=True)
class Watch:
    """A watch ready to look: `needs` are sets of words of each of which an article must hold one."""

    id: str
    query: str
    node: Node
    needs: tuple[frozenset[Key], ...]
    severity: Severity
    hit: tuple[str, ...]
    miss: tuple[str, ...]
    file: Path
    line: int | None

    @property
    def cls(self) -> str:
        """The class of its events, which is also its name as a rule."""
        return f"{WATCH}.{self.id}"


class Watches:
    """All watches of a desk, by the words that an article must hold for them."""

    def __init__(self, watches: Iterable[Watch] = ()) -> None:
        self.watches = tuple(watches)
        self._whole: dict[str, list[int]] = {}
        self._begun: dict[str, list[int]] = {}
        self._always: list[int] = []
        self._all: list[tuple[frozenset[str], ...]] = []
        """For each watch the sets of whole words among its needs."""
        for number, watch in enumerate(self.watches):
            whole = (need for need in watch.needs if all(key.whole for key in need))
            self._all.append(tuple(frozenset(key.word for key in need) for need in whole))
            rare = rarest(watch.needs)
            if any(not key.word for key in rare):
                self._always.append(number)
                continue
            for key in rare:
                (self._whole if key.whole else self._begun).setdefault(key.word, []).append(number)
        self._lengths = sorted({len(word) for word in self._begun})

    def classes(self) -> tuple[str, ...]:
        """Return the classes of their events."""
        return tuple(watch.cls for watch in self.watches)

    def find(self, text: str) -> tuple[Mention, ...]:
        """Return one mention for each watch that is true of an article, with the sentence that shows it best.

        Args:
            text: the article; its first line is its headline where more lines follow.
        """
        possible = self._possible(text)
        if not possible:
            return ()
        page = Page(text)
        tried = ((self.watches[number], page.find(self.watches[number].node)) for number in possible)
        return tuple(_mention(watch, page, found) for watch, found in tried if found)

    def _possible(self, text: str) -> list[int]:
        if not self.watches:
            return []
        words = vocabulary(text)
        found = set(self._always)
        for word in words & self._whole.keys():
            found.update(self._whole[word])
        for length in self._lengths:
            for start in {word[:length] for word in words} & self._begun.keys():
                found.update(self._begun[start])
        return sorted(n for n in found if not any(need.isdisjoint(words) for need in self._all[n]))


def load_watches(file: Path) -> Watches:
    """Read a file of watches; a missing one means that there are none.

    Raises:
        ConfigError: it is wrong; for a query it names the character and shows it.
    """
    if not file.exists():
        return Watches()
    document = _load(file)
    read = yamlfile.validate(WatchFile, document)
    watches: dict[str, Watch] = {}
    for number, text in enumerate(read.watches):
        place = Place(document, ("watches", number))
        if text.id in watches:
            raise place.wrong("id", f"the watch {text.id!r} exists already", "give it another id")
        watches[text.id] = _compile(text, place)
    return Watches(watches.values())


def _load(file: Path) -> yamlfile.Document:
    try:
        return yamlfile.load(file)
    except ConfigError as error:
        if not error.problem.startswith("no valid YAML"):
            raise
        mend = (
            "a query with quotation marks, stars or colons goes into single quotes: query: '\"good offices\" NOT hotel'"
        )
        raise ConfigError(file, error.line, error.problem, mend) from None


def compiled(query: str) -> tuple[Node, tuple[frozenset[Key], ...]]:
    """Read a query that is to be watched for.

    Raises:
        QueryError: it is wrong, or true of articles that hold none of its words.
    """
    node = parse(query)
    needed = tuple(needs(node))
    if not needed:
        mend = "add a word that must stand: grain NOT market"
        raise QueryError(0, "the query is true of articles that hold none of its words", mend)
    return node, needed


def pointed(query: str, offset: int) -> str:
    """Return the line of a query that holds a character, with a mark below it."""
    start = query.rfind("\n", 0, offset) + 1
    end = query.find("\n", offset)
    line = query[start : len(query) if end < 0 else end].expandtabs(1)
    first = max(0, offset - start - 60)
    return f"    {line[first : first + 100]}\n    {' ' * (offset - start - first)}^"


def _compile(text: WatchText, place: Place) -> Watch:
    try:
        node, needed = compiled(text.query)
    except QueryError as error:
        document = place.document
        at = document.character((*place.path, "query"), error.offset)
        line, column = at or (place.line("query"), None)
        shown = pointed(text.query, error.offset)
        raise ConfigError(document.file, line, error.problem, error.mend, column, shown) from None
    return Watch(
        text.id, text.query, node, needed, text.severity, text.hit, text.miss, place.document.file, place.line("id")
    )


def _mention(watch: Watch, page: Page, found: list[Span]) -> Mention:
    """Make a mention of the sentence with the most matches, rather below the headline, rather early."""
    held: dict[int, list[Span]] = {}
    for span in found:
        held.setdefault(page.where[span[0]][2], []).append(span)
    number = max(held, key=lambda n: (len(held[n]), page.sentences[n][0] > page.text.find("\n"), -n))
    here = held[number]
    first, last = page.where[here[0][0]][0], max(page.where[span[1]][1] for span in here)
    start, end = page.sentences[number]
    last = max(min(last, end), first)
    said = dict.fromkeys(page.text[page.where[a][0] : page.where[b][1]] for a, b in found)
    shown = " … ".join(repr(" ".join(words.split())) for words in list(said)[:_SHOWN])
    return Mention(
        cls=watch.cls,
        cameo="",
        plover="",
        goldstein=0.0,
        severity=watch.severity,
        status=Status.REPORTED,
        roles=Roles(),
        rule=watch.cls,
        start=first,
        end=last,
        sentence_start=start,
        sentence_end=end,
        why=f"{shown}: the query is true of the article",
    )
