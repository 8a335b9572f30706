"""Copies: articles with one text, whoever brought it home first.

The original is the earliest of them by its time of publication. It counts for the agency that any of them names,
else for the publisher that had it first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from detection.sketch import shared_part
from detente.models import Event, Evidence, Sketch

SHORTEST = 20
"""Five-word runs: a shorter text is like many others, and only the very same one is its copy."""

_EXACT = 8  # runs: below this not even the same text is a copy ("Details soon.")


def likeness(one: Sketch, other: Sketch, least: float) -> str | None:
    """Return in words why one text copies the other, or None: the same words, or `least` of the shorter one's runs."""
    if one.digest == other.digest and one.runs >= _EXACT:
        return "its words are the same"
    if min(one.runs, other.runs) < SHORTEST:
        return None
    part = shared_part(one, other)
    return f"about {part:.0%} of its five-word runs are the same" if part >= least else None


def original_of(url: str, copies: Mapping[str, str]) -> str:
    """Return the article at the end of a chain of copies."""
    seen = {url}
    while (before := copies.get(url)) is not None and before not in seen:
        url = before
        seen.add(url)
    return url


def counted_for(
    copies: Mapping[str, str], families: Mapping[str, str], agencies: Mapping[str, str | None]
) -> dict[str, str]:
    """Return for every article the family that it counts for.

    Args:
        copies: what each copy is a copy of.
        families: each article's own family.
        agencies: the agency that each article names, if any.
    """
    named: dict[str, str] = {}
    for url, agency in sorted((url, agency) for url, agency in agencies.items() if agency):
        root = original_of(url, copies)
        if root not in named or url == root:  # the original's own word goes before that of a copy
            named[root] = agency
    found = {}
    for url, family in families.items():
        root = original_of(url, copies)
        found[url] = named.get(root) or families.get(root, family)
    return found


def recounted(events: Iterable[Event], copies: Mapping[str, str], families: Mapping[str, str]) -> tuple[Event, ...]:
    """Return events whose evidence knows of originals, or of agencies, that came later than their copies.

    Args:
        events: open events with their evidence.
        copies: what each copy is a copy of.
        families: what each article counts for; of others nothing has changed.
    """

    def now(item: Evidence) -> Evidence:
        if item.url not in families:
            return item
        return replace(item, copy_of=copies.get(item.url), family=families[item.url])

    return tuple(replace(event, evidence=tuple(map(now, event.evidence))) for event in events)
