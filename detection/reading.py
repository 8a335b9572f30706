"""From articles' accounts to readings: stories, copies, and the family that each article counts for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from detection import copies, placing
from detection.accounts import Account
from detection.acts import Reading
from detection.details import restore
from detection.stories import WINDOW
from detente.models import Article, Coded, Event, Placed, PlacedArticle, Sketch
from detente.settings import Detection

Decided = tuple[Article, Coded, Placed]
"""An article that was decided about, with its acts and its place at that time."""


@dataclass(frozen=True, slots=True)
class Read:
    """Articles ready to be decided about.

    `copies` and `families` speak of the known articles, too, but for those whose original is not known: what these
    count for stands. `changed` are the known ones that lie in another story, copy another article or count for another
    family than before, with their times of publication.
    """

    readings: tuple[Reading, ...]
    placing: placing.Placing
    sketches: tuple[PlacedArticle, ...]
    copies: Mapping[str, str]
    families: Mapping[str, str]
    changed: Mapping[str, datetime] = field(default_factory=dict)

    def recounted(self, events: Iterable[Event]) -> tuple[Event, ...]:
        """Return events whose evidence knows which articles turned out to be copies."""
        return copies.recounted(events, self.copies, self.families)

    def moved(self, events: Iterable[Event]) -> tuple[tuple[str, str | None, str], ...]:
        """Return the articles that turned out to copy another one, or to count for another family, as events know them.

        Each comes with its original, if any, and its family. `events` are as they are stored.
        """
        counted = {item.url: (item.copy_of, item.family) for event in events for item in event.evidence}
        return tuple(
            (url, self.copies.get(url), self.families[url])
            for url, before in sorted(counted.items())
            if url in self.families and before != (self.copies.get(url), self.families[url])
        )

    def again(self, decided: Iterable[Decided], events: Iterable[Event]) -> Iterator[Reading]:
        """Yield what was decided about before, with where it lies and what it counts for by now.

        Args:
            decided: the articles decided about before.
            events: the open ones, as they are stored.
        """
        stored = {item.url: item.family for event in events for item in event.evidence}
        new = {reading.article.url for reading in self.readings}
        places = {item.url: item for item in self.placing.placed}
        for article, coded, before in decided:
            if article.url not in new:
                place = places.get(article.url, before)
                place = replace(place, copy_of=self.copies.get(article.url, place.copy_of))
                family = self.families.get(article.url) or stored.get(article.url, article.family)
                details = tuple(map(restore, coded.details))
                moved = article.url in self.changed
                yield Reading(article, coded.mentions, place, family, details=details, moved=moved)


def read(
    fresh: Sequence[Article], accounts: Sequence[Account], known: Sequence[PlacedArticle], settings: Detection
) -> Read:
    """Place new articles, and known ones that were published after them anew.

    Args:
        fresh: the new articles, and those that were changed.
        accounts: what each of them says, in the same order.
        known: the articles placed before that may matter; a changed one as it was.
        settings: the detection section of the settings.
    """
    about = {account.coded.url: account.gist for account in accounts}
    outlines = {account.coded.url: account.outline for account in accounts if account.outline}
    found = placing.place(fresh, known, settings, about, outlines, WINDOW)
    places, urls = {item.url: item for item in found.placed}, {article.url for article in fresh}
    before = {item.url: item for item in known}
    now = {url: _as_placed(item, places.get(url), found.sketches.get(url)) for url, item in before.items()}
    now |= {item.url: _placed(item, places[item.url], found.sketches[item.url]) for item in fresh}
    (_, were), (flat, counted) = _counted(known), _counted(now.values())
    sure = {url: family for url, family in counted.items() if flat.get(url, url) in now}
    return Read(
        readings=tuple(
            Reading(
                article,
                account.coded.mentions,
                places[article.url],
                counted[article.url],
                account.readable,
                account.details,
                account.problem,
            )
            for article, account in zip(fresh, accounts, strict=True)
        ),
        placing=found,
        sketches=tuple(now[url] for url in found.sketches),
        copies=flat,
        families=sure,
        changed={
            url: item.published_at
            for url, item in before.items()
            if url not in urls
            and (
                (item.story, item.copy_of) != (now[url].story, now[url].copy_of)
                or (were[url] != sure.get(url, were[url]))
            )
        },
    )


def _placed(article: Article, place: Placed, sketch: Sketch) -> PlacedArticle:
    at, family, agency = article.published_at, article.family, article.agency
    return PlacedArticle(article.url, at, family, agency, place.story, place.copy_of, sketch, place.follows)


def _as_placed(item: PlacedArticle, place: Placed | None, sketch: Sketch | None) -> PlacedArticle:
    """Return a known article as it is now."""
    if place is None and sketch is None:
        return item
    if place is not None:
        item = replace(item, story=place.story, copy_of=place.copy_of, follows=place.follows)
    return replace(item, sketch=sketch or item.sketch)


def _counted(articles: Iterable[PlacedArticle]) -> tuple[dict[str, str], dict[str, str]]:
    """Return the original of each copy, and the family that each article counts for."""
    every = list(articles)
    originals = {item.url: item.copy_of for item in every if item.copy_of}
    flat = {url: copies.original_of(url, originals) for url in originals}
    families = {item.url: item.family for item in every}
    return flat, copies.counted_for(flat, families, {item.url: item.agency for item in every})
