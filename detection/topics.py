"""What a sentence is about: whether it speaks of what a rule tells of, or of another matter that uses its words."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from detection.matching import Candidate
from detection.rules import Rule
from detection.text import Word

_COUNTED = 2
"""Actors that speak for a rule's own matter: a match and a merger have their two nations as well."""

_LONGEST_SCORE = 200
"""Above the points of any match; below the years that a hyphen joins."""


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
    The score of a match (`2-1`) is `off_topic` wherever a file has such words.
    One doubtful word alone proves nothing: an army has its record, and a border its market. `weights` keeps what the
    rules of one file have in common while one text is read.
    """
    topic = rule.topic
    known = (weights or {}).get(id(topic))
    if known is None:
        scores = _scores(read) if topic.off else 0
        off = 2 * (topic.off.count(read) + scores) + topic.doubtful.count(read)
        known = (off, 3 * topic.on.count(read) + topic.context.count(read))
        if weights is not None:
            weights[id(topic)] = known
    off, own = known
    off += 2 * rule.off_topic.count(read)
    return off > 1 and off > own + min(actors, _COUNTED)


def _scores(read: Sequence[Word]) -> int:
    """Return how many scores of matches stand in a text: two numbers joined by a hyphen, the larger first."""
    pairs = ((one, two) for one, two in pairwise(read) if two.before == "-" and two.text.isdigit())
    return len({(one.text, two.text) for one, two in pairs if one.before != "-" and _is_score(one.text, two.text)})


def _is_score(one: str, two: str) -> bool:
    return one.isdigit() and int(two) <= int(one) < _LONGEST_SCORE and two == str(int(two))
