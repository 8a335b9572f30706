"""Who does what to whom in a report, where, and for which time: what keeps alike reports of two happenings apart.

Two reports can share nearly all their words and tell of two happenings: the 12th package and the 13th, A's strike on
B and B's on A, the same talks in two weeks. What is compared here is the headline and the first sentences only.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from detection.actors import Actors
from detection.details import Details, are_elsewhere, lead_ordinals
from detection.growth import ids
from detection.sameness import MUTUAL, PLACED, actors_of, wide
from detection.text import LEAD_SENTENCES, sentences
from detente.models import RAISING, Article, Mention, Status


@dataclass(frozen=True, slots=True)
class Gist:
    """What a report's lead says.

    `actors` act or suffer in it, `named` are all that it names; `acts` are what the headline says, as class, source and
    target ids; the rest is as in `Details`, of the lead as a whole.
    """

    actors: frozenset[str] = frozenset()
    named: frozenset[str] = frozenset()
    acts: frozenset[tuple[str, str, str]] = frozenset()
    ordinals: Mapping[str, int] = field(default_factory=dict)
    places: frozenset[str] = frozenset()
    near: frozenset[str] = frozenset()

    def packed(self) -> str:
        """Return what is there as JSON: what `restore` reads."""
        found: dict[str, Any] = {
            "actors": sorted(self.actors),
            "named": sorted(self.named) if self.actors else [],
            "acts": sorted(map(list, self.acts)),
            "ordinals": dict(self.ordinals),
            "places": sorted(self.places),
            "near": sorted(self.near) if self.places else [],
        }
        return json.dumps({name: value for name, value in found.items() if value}, ensure_ascii=False)


@lru_cache(maxsize=2000)
def restore(packed: str) -> Gist:
    """Return the gist that was packed. Those of a busy story are asked for again and again."""
    facts = json.loads(packed)
    if not facts:
        return Gist()
    return Gist(
        frozenset(facts.get("actors", ())),
        frozenset(facts.get("named", ())),
        frozenset((cls, source, target) for cls, source, target in facts.get("acts", ())),
        facts.get("ordinals", {}),
        frozenset(facts.get("places", ())),
        frozenset(facts.get("near", ())),
    )


def together(gists: Iterable[Gist]) -> Gist:
    """Return what several reports of one story are about; of two ordinals of one thing the first stands."""
    given, ordinals = list(gists), dict[str, int]()
    for item in given:
        ordinals = {**item.ordinals, **ordinals}
    return Gist(
        frozenset().union(*(item.actors for item in given)),
        frozenset().union(*(item.named for item in given)),
        frozenset().union(*(item.acts for item in given)),
        ordinals,
        frozenset().union(*(item.places for item in given)),
        frozenset().union(*(item.near for item in given)),
    )


def of(article: Article, mentions: Sequence[Mention], details: Sequence[Details], actors: Actors) -> Gist:
    """Return the gist of an article.

    Args:
        article: the article.
        mentions: its acts.
        details: theirs, in the same order.
        actors: all that are known.
    """
    lead = sentences(article.full_text, LEAD_SENTENCES + 1)
    end = lead[-1].end if lead else 0
    headline_end = len(article.title)
    found = [actors.find(item.words, article.published_at.date(), {}) for item in lead]
    told = [
        (mention, own)
        for mention, own in zip(mentions, details, strict=False)
        if mention.sentence_start < end and mention.status in RAISING | {Status.DENIED}
    ]
    return Gist(
        actors=frozenset(wide({actor for mention, _ in told for actor in actors_of(mention)}, actors.concerns())),
        named=frozenset(wide({named.actor for part in found for named in part}, actors.concerns())),
        acts=frozenset(
            (mention.cls, source, target)
            for mention, _ in told
            if mention.cls not in MUTUAL and mention.start < headline_end
            for source in ids(mention.roles.source)
            for target in ids(mention.roles.target)
        ),
        ordinals=lead_ordinals([item.words for item in lead], found),
        places=frozenset().union(*(own.places for mention, own in told if mention.cls in PLACED)),
        near=frozenset().union(*(own.near for _, own in told)),
    )


def veto(story: Gist, article: Gist) -> str | None:
    """Return what keeps an article out of a story that it is like, in words, or None.

    Actors and places are other ones only where neither report names those of the other one.
    """
    if story.actors and article.actors and not story.actors & article.named and not article.actors & story.named:
        return f"other actors ({_said(article.actors)}, not {_said(story.actors)})"
    for cls, source, target in sorted(article.acts):
        back = (cls, target, source)
        if back in story.acts and (cls, source, target) not in story.acts and back not in article.acts:
            return f"the other direction ({source} → {target})"
    for thing in sorted(story.ordinals.keys() & article.ordinals.keys()):
        if story.ordinals[thing] != article.ordinals[thing]:
            return f"another ordinal ({thing} {article.ordinals[thing]}, not {story.ordinals[thing]})"
    if are_elsewhere(story, article):
        return f"another place ({_said(article.places)}, not {_said(story.places)})"
    return None


def _said(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)[:5])
