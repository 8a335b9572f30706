"""From articles' accounts to readings: stories, copies, and the family that each article counts for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from detection import copies, rewind, stories
from detection.accounts import Account, recalled
from detection.acts import Reading
from detection.details import restore
from detente.models import Article, Coded, Event, Placed, PlacedArticle
from detente.settings import Detection

Decided = tuple[Article, Coded, Placed]
"""An article that was decided about, with its acts and its place at that time."""


@dataclass(frozen=True, slots=True)
class Past:
    """What was decided before, that new articles may bear on.

    `decided` are the articles that were published since `detection.rewind.since`, `events` the open ones as they are
    stored; `oldest` and `concerns` as in `novelty.decide`.
    """

    decided: Sequence[Decided] = ()
    events: Sequence[Event] = ()
    oldest: datetime | None = None
    concerns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Read:
    """Articles ready to be decided about: new ones, and in `again` those that may be decided about anew.

    `copies` and `families` speak of the known ones, too, but for those whose original was published too long ago to
    be known: what these count for stands.
    """

    readings: tuple[Reading, ...]
    placing: stories.Placing
    sketches: tuple[PlacedArticle, ...]
    copies: Mapping[str, str]
    families: Mapping[str, str]
    again: tuple[Reading, ...] = ()

    def recounted(self, events: Iterable[Event]) -> tuple[Event, ...]:
        """Return events whose evidence knows which articles turned out to be copies."""
        return copies.recounted(events, self.copies, self.families)

    def moved(self, events: Iterable[Event]) -> tuple[tuple[str, str | None, str], ...]:
        """Return the known articles that turned out to copy another one, or to count for another family.

        Each comes with its original, if any, and its family. `events` are as they are stored.
        """
        counted = {item.url: (item.copy_of, item.family) for event in events for item in event.evidence}
        changed = {url for url in self.placing.moved if url in self.families}
        changed |= {
            url
            for url, before in counted.items()
            if url in self.families and before != (self.copies.get(url), self.families[url])
        }
        return tuple((url, self.copies.get(url), self.families[url]) for url in sorted(changed))


def read(
    fresh: Sequence[Article],
    accounts: Sequence[Account],
    known: Sequence[PlacedArticle],
    settings: Detection,
    past: Past = Past(),  # frozen
) -> Read:
    """Place new articles, and gather what is to be decided about.

    Known articles that the new ones can bear on are placed anew with them, in the order of publication.

    Args:
        fresh: the new articles.
        accounts: what each of them says, in the same order.
        known: the articles placed before that may matter.
        settings: the detection section of the settings.
        past: what was decided before.
    """
    told, known = _with_near(fresh, accounts, known, past)
    placed = [article for article, _ in told]
    about = {account.coded.url: account.gist for _, account in told}
    outlines = {account.coded.url: account.outline for _, account in told if account.outline}
    placing = stories.place(placed, known, settings, about, outlines)
    originals = {item.url: item.copy_of for item in known if item.copy_of}
    originals |= {item.url: item.copy_of for item in placing.placed if item.copy_of}
    originals |= placing.moved
    flat = {url: copies.original_of(url, originals) for url in originals}
    every: list[Article | PlacedArticle] = [*known, *placed]
    families = {item.url: item.family for item in every}
    agencies = {item.url: item.agency for item in every}
    counted = copies.counted_for(flat, families, agencies)
    places = {item.url: item for item in placing.placed}
    sure = {url: family for url, family in counted.items() if flat.get(url, url) in families}
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
        placing=placing,
        sketches=tuple(
            PlacedArticle(
                article.url,
                article.published_at,
                article.family,
                article.agency,
                places[article.url].story,
                places[article.url].copy_of,
                placing.sketches[article.url],
            )
            for article in placed
        ),
        copies=flat,
        families=sure,
        again=tuple(_again(fresh, past, places, flat, sure)),
    )


def _with_near(
    fresh: Sequence[Article], accounts: Sequence[Account], known: Sequence[PlacedArticle], past: Past
) -> tuple[list[tuple[Article, Account]], list[PlacedArticle]]:
    """Return what is to be placed: the new articles, and those known ones that they can bear on; and the others."""
    told = list(zip(fresh, accounts, strict=True))
    urls, sketches = {article.url for article in fresh}, {item.url: item.sketch for item in known}
    unplaced = [
        Reading(article, account.coded.mentions, Placed(article.url, "", new=True, copy_of=None, why=""), "")
        for article, account in told
        if past.oldest is None or article.published_at >= past.oldest
    ]
    decided = [item for item in past.decided if item[0].url not in urls and item[0].url in sketches]
    readings = [Reading(article, coded.mentions, placed, "") for article, coded, placed in decided]
    near = {item.article.url for item in rewind.concerned(unplaced, readings, past.events, past.concerns)}
    told += [
        (article, recalled(article, coded, sketches[article.url]))
        for article, coded, _ in decided
        if article.url in near
    ]
    urls |= near  # an article that was changed is placed anew, too
    return told, [item for item in known if item.url not in urls]


def _again(
    fresh: Sequence[Article],
    past: Past,
    places: Mapping[str, Placed],
    originals: Mapping[str, str],
    families: Mapping[str, str],
) -> Iterator[Reading]:
    """Yield what was decided about before, with where it lies and what it counts for by now."""
    stored = {item.url: item.family for event in past.events for item in event.evidence}
    urls = {article.url for article in fresh}
    for article, coded, before in past.decided:
        if article.url not in urls:
            place = places.get(article.url, before)
            place = replace(place, copy_of=originals.get(article.url, place.copy_of))
            family = families.get(article.url) or stored.get(article.url, article.family)
            yield Reading(article, coded.mentions, place, family, details=tuple(map(restore, coded.details)))
