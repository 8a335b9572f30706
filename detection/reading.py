"""From articles' accounts to readings: stories, copies, and the family that each article counts for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from detection import copies, stories
from detection.accounts import Account
from detection.novelty import Reading
from detente.models import Article, Event, PlacedArticle
from detente.settings import Detection


@dataclass(frozen=True, slots=True)
class Read:
    """Articles ready to be decided about.

    `copies` and `families` speak of the known ones, too, but for those whose original was published too long ago to
    be known: what these count for stands.
    """

    readings: tuple[Reading, ...]
    placing: stories.Placing
    sketches: tuple[PlacedArticle, ...]
    copies: Mapping[str, str]
    families: Mapping[str, str]

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
    fresh: Sequence[Article], accounts: Sequence[Account], known: Sequence[PlacedArticle], settings: Detection
) -> Read:
    """Place new articles, and gather what is to be decided about.

    Args:
        fresh: the new articles.
        accounts: what each of them says, in the same order.
        known: the articles placed before that may matter.
        settings: the detection section of the settings.
    """
    about = {account.coded.url: account.gist for account in accounts}
    again = {article.url for article in fresh}  # an article that was changed is placed anew
    known = [item for item in known if item.url not in again]
    outlines = {account.coded.url: account.outline for account in accounts if account.outline}
    placing = stories.place(fresh, known, settings, about, outlines)
    originals = {item.url: item.copy_of for item in known if item.copy_of}
    originals |= {item.url: item.copy_of for item in placing.placed if item.copy_of}
    originals |= placing.moved
    flat = {url: copies.original_of(url, originals) for url in originals}
    every: list[Article | PlacedArticle] = [*known, *fresh]
    families = {item.url: item.family for item in every}
    agencies = {item.url: item.agency for item in every}
    counted = copies.counted_for(flat, families, agencies)
    places = {item.url: item for item in placing.placed}
    readings = tuple(
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
    )
    sketches = tuple(
        PlacedArticle(
            article.url,
            article.published_at,
            article.family,
            article.agency,
            places[article.url].story,
            places[article.url].copy_of,
            placing.sketches[article.url],
        )
        for article in fresh
    )
    sure = {url: family for url, family in counted.items() if flat.get(url, url) in families}
    return Read(readings, placing, sketches, flat, sure)
