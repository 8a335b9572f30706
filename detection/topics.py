"""What a sentence is about: whether it speaks of what a rule tells of, or of another matter that uses its words."""

from __future__ import annotations

from collections.abc import Sequence

from detection.matching import Candidate
from detection.phrases import Phrases, places_of
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


class Matter:
    """What a sentence and the head of its text speak of, weighed once for all rules of a file.

    Each word weighs: 3 where it is `on_topic`, 1 of `context`, against 2 of `off_topic` and 1 that is `doubtful`.
    The score of a match (`2-1`) is `off_topic` wherever a file has such words.
    """

    def __init__(self, read: Sequence[Word]) -> None:
        """Take the words of the head and of the sentence."""
        self.words, self._places = read, places_of(read)
        self._against: dict[int, int] = {}
        self._own: dict[int, int] = {}

    def is_other(self, rule: Rule, actors: int = _COUNTED) -> bool:
        """Whether more speaks of another matter (sport, weather, business) than of the rule's own.

        Each of the `actors` that the sentence names weighs 1, up to two: as many as there may be, if nobody has looked.
        One doubtful word alone proves nothing: an army has its record, and a border its market.
        """
        topic, count = rule.topic, self._count
        if id(topic) not in self._against:
            scores = _scores(self.words) if topic.off else 0
            self._against[id(topic)] = 2 * (count(topic.off) + scores) + count(topic.doubtful)
        against = self._against[id(topic)] + 2 * count(rule.off_topic)
        if against <= 1:
            return False
        if id(topic) not in self._own:
            self._own[id(topic)] = 3 * count(topic.on) + count(topic.context)
        return against > self._own[id(topic)] + min(actors, _COUNTED)

    def _count(self, phrases: Phrases) -> int:
        return phrases.count(self.words, self._places)


def _scores(read: Sequence[Word]) -> int:
    """Return how many scores of matches stand in a text: two numbers joined by a hyphen, the larger first."""
    joined = [k for k, word in enumerate(read) if word.before == "-" and k and word.text.isdigit()]
    pairs = ((read[k - 1], read[k].text) for k in joined)
    return len({(one.text, two) for one, two in pairs if one.before != "-" and _is_score(one.text, two)})


def _is_score(one: str, two: str) -> bool:
    return one.isdigit() and int(two) <= int(one) < _LONGEST_SCORE and two == str(int(two))
