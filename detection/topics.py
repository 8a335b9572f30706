"""What a sentence is about: whether it speaks of what a rule tells of, or of another matter that uses its words."""

from __future__ import annotations

from collections.abc import Sequence

from detection.matching import Candidate
from detection.rules import Rule
from detection.text import Word

_COUNTED = 2
"""Actors that speak for a rule's own matter: a match and a merger have their two nations as well."""


def has_actors(sentence: Sequence[Word], item: Candidate, count: int) -> bool:
    """Whether a sentence that names `count` actors names enough for a rule, or speaks of what the rule is about."""
    if count < item.rule.actors:
        return False
    context = item.rule.topic.context
    return count > 0 or not context or context.find(sentence) is not None


def is_off_topic(
    read: Sequence[Word], rule: Rule, actors: int = 0, weights: dict[int, tuple[int, int]] | None = None
) -> bool:
    """Whether more of what was read speaks of another matter (sport, weather, business) than of the rule's own.

    Each word weighs: 3 where it is `on_topic`, 1 of `context`, against 2 of `off_topic` and 1 that is `doubtful`; each
    of the `actors` that its sentence names weighs 1, up to two.
    One doubtful word alone proves nothing: an army has its record, and a border its market. `weights` keeps what the
    rules of one file have in common while one text is read.
    """
    topic = rule.topic
    known = (weights or {}).get(id(topic))
    if known is None:
        off = 2 * topic.off.count(read) + topic.doubtful.count(read)
        known = (off, 3 * topic.on.count(read) + topic.context.count(read))
        if weights is not None:
            weights[id(topic)] = known
    off, own = known
    off += 2 * rule.off_topic.count(read)
    return off > 1 and off > own + min(actors, _COUNTED)
