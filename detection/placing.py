"""New articles are placed, and what was published after them is placed anew: whichever tick each came home in.

Where an article belongs follows from what was published before it (`detection.stories`). So the articles are taken in
the order of their publication, from the earliest new one on, and those known ones among them whose place comes out
another one are moved.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import MappingProxyType

from detection.gist import Gist
from detection.sketch import Outline, outline, terms_in
from detection.stories import StoryIndex
from detente.models import Article, Placed, PlacedArticle, Sketch
from detente.settings import Detection

ANEW = 10_000
"""So many of the latest known articles are placed anew at most: seconds. What comes home later still is placed behind
those before them, and moves none of these."""


@dataclass(frozen=True, slots=True)
class Placing:
    """Where the new articles belong, with their sketches, and known ones that moved, or whose words weigh otherwise."""

    placed: tuple[Placed, ...]
    sketches: Mapping[str, Sketch]


def place(
    articles: Iterable[Article],
    known: Iterable[PlacedArticle],
    settings: Detection,
    about: Mapping[str, Gist] = MappingProxyType({}),
    outlines: Mapping[str, Outline] = MappingProxyType({}),
    window: timedelta | None = None,
) -> Placing:
    """Place new articles among known ones; all are taken in order of publication.

    Args:
        articles: the new ones, and those that were changed.
        known: those already placed that may matter; a changed one as it was.
        settings: the detection section of the settings.
        about: the gists of the new ones, by address.
        outlines: likewise; what is missing is made here.
        window: as in `StoryIndex`.
    """
    new = {article.url: article for article in articles}
    drawn = {url: outlines.get(url) or outline(item.title, item.text) for url, item in new.items()}
    every = sorted(known, key=_order)
    first = min((*map(_order, new.values()), *(_order(item) for item in every if item.url in new)), default=None)
    before, again = _parted(new, every, first)
    asked = frozenset(term for item in drawn.values() for term in item.terms)
    asked = asked.union(*(terms_in(item.sketch) for item in again))
    index = StoryIndex(settings, asked, window, first[0] if first else None)
    for item in before:
        index.add(item)
    latest = before[-1].published_at if before else None
    turns: list[Article | PlacedArticle] = [*new.values(), *again]
    placed, sketches = [], {}
    for turn in sorted(turns, key=lambda item: (max(item.published_at, latest or item.published_at), *_order(item))):
        if isinstance(turn, Article):
            found, sketch = index.place(turn.url, drawn[turn.url], turn.published_at, about.get(turn.url, Gist()))
        else:
            found, sketch = index.place_again(turn)
        if isinstance(turn, Article) or sketch != turn.sketch:
            sketches[turn.url] = sketch
        if isinstance(turn, Article):
            placed.append(found)
        elif (found.story, found.copy_of, found.follows) != (turn.story, turn.copy_of, turn.follows):
            placed.append(_moved(found, turn))
    return Placing(tuple(placed), sketches)


def _parted(
    new: Container[str], known: Sequence[PlacedArticle], first: tuple[datetime, str] | None
) -> tuple[Sequence[PlacedArticle], Sequence[PlacedArticle]]:
    """Return the known articles that stay where they are, and those behind the first new one, which are placed anew.

    What was changed is neither.
    """
    others = [item for item in known if item.url not in new]
    late = sum(_order(item) > first for item in others) if first else 0
    start = len(others) - min(late, ANEW)
    return others[:start], others[start:]


def _moved(found: Placed, before: PlacedArticle) -> Placed:
    """Return a known article's new place, with the one that it had."""
    was = f"a copy of {before.copy_of}" if before.copy_of else f"in {before.story}"
    told = {"before": {"story": before.story, "copy_of": before.copy_of, "follows": before.follows}}
    why = f"{found.why}; {was} before an earlier article came home, or was changed"
    return replace(found, why=why, facts={**found.facts, **told})


def _order(item: Article | PlacedArticle) -> tuple[datetime, str]:
    return item.published_at, item.url
