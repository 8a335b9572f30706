"""Where a query's words stand in an article, and which words an article must hold to be worth looking at."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter

from detection.query import NO_SUFFIX, And, Near, Node, Not, Or, Pattern, Within, Words, fold
from detection.text import spans

_TOKEN = re.compile(rf"(?:[A-Z]\.){{2,}}|\d+(?:[.,]\d+)*|(?<![^\W\d_]){NO_SUFFIX}[^\W\d_]+")

_HEADLINE_GAP = 1000
"""Places between the headline and the text: nothing is near across them."""

Span = tuple[int, int]
"""First and last place of a match."""

LONGEST_WORD = 60
"""Letters: longer ones are no words, and would make wildcards slow."""

SHORTEST_PREFIX = 2
"""Letters before a wildcard that are worth looking up."""


def vocabulary(text: str) -> set[str]:
    """Return every different word of a text, as queries compare them."""
    return {fold(word) for word in set(_TOKEN.findall(text))}


@dataclass(frozen=True, slots=True)
class Key:
    """A word, or the beginning of one, that an article must hold; an empty one is held by every article."""

    word: str
    whole: bool


def needs(node: Node) -> list[frozenset[Key]]:
    """Return sets of words of each of which an article must hold one for a query to be true; none if it can without."""
    if isinstance(node, Words):
        return [frozenset({_key(pattern)}) for pattern in node.patterns]
    if isinstance(node, Within):
        return needs(node.part)
    if isinstance(node, Near):
        return needs(node.left) + needs(node.right)
    if isinstance(node, And):
        return [need for part in node.parts for need in needs(part)]
    if isinstance(node, Or):
        found = [needs(part) for part in node.parts]
        return [frozenset().union(*(rarest(part) for part in found))] if all(found) else []
    return []


def rarest(found: Iterable[frozenset[Key]]) -> frozenset[Key]:
    """Return of several sets of words the one that fewest articles are likely to hold one of."""
    return max(found, key=lambda need: (min(map(_worth, need)), -len(need)))


def _key(pattern: Pattern) -> Key:
    if pattern.regex is None:
        return Key(pattern.text, whole=True)
    return Key(pattern.prefix if len(pattern.prefix) >= SHORTEST_PREFIX else "", whole=False)


def _worth(key: Key) -> tuple[bool, bool, int]:
    """Whole words first, and long ones: they are rare."""
    return (bool(key.word), key.whole, len(key.word))


class Page:
    """An article's words by their places: those of the headline first, then, after a gap, those of the text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.sentences = tuple(spans(text))
        title_end = max(text.find("\n"), 0)
        self._places: dict[str, list[int]] = {}
        self.where: dict[int, tuple[int, int, int]] = {}
        """For each place: its word's start and end in the text, and the number of its sentence."""
        place, self._body = 0, 0
        for number, (start, end) in enumerate(self.sentences):
            if start >= title_end and not self._body:
                place = self._body = place + _HEADLINE_GAP
            for match in _TOKEN.finditer(text, start, end):
                self._places.setdefault(fold(match.group()), []).append(place)
                self.where[place] = (*match.span(), number)
                place += 1
            place += 1  # no phrase runs across the end of a sentence
        self._body, self._end = self._body or place + _HEADLINE_GAP, place

    def find(self, node: Node) -> list[Span] | None:
        """Return where a query's words stand; None if it is not true of the article."""
        return self._find(node, 0, self._end)

    def _find(self, node: Node, low: int, high: int) -> list[Span] | None:
        if isinstance(node, Words):
            return self._phrase(node, low, high) or None
        if isinstance(node, Within):
            return self._find(node.part, *((0, self._body) if node.field == "title" else (self._body, high)))
        if isinstance(node, Not):
            return None if self._find(node.part, low, high) is not None else []
        if isinstance(node, Near):
            left, right = self._find(node.left, low, high), self._find(node.right, low, high)
            return (_near(left, right, node.distance) if left and right else []) or None
        found = [self._find(part, low, high) for part in node.parts]
        true = [part for part in found if part is not None]
        if len(true) < (1 if isinstance(node, Or) else len(found)):
            return None
        return sorted({span for part in true for span in part})

    def _phrase(self, node: Words, low: int, high: int) -> list[Span]:
        first, *rest = (self._of(pattern) for pattern in node.patterns)
        return [
            (place, place + len(rest))
            for place in first
            if low <= place < high and all(place + step in there for step, there in enumerate(rest, 1))
        ]

    def _of(self, pattern: Pattern) -> Iterable[int] | frozenset[int]:
        if pattern.regex is None:
            return frozenset(self._places.get(pattern.text, ()))
        if pattern.text.strip("*") == "":
            return self._all
        matched = (
            places
            for word, places in self._places.items()
            if len(word) <= LONGEST_WORD and pattern.regex.fullmatch(word)
        )
        return frozenset(place for places in matched for place in places)

    @cached_property
    def _all(self) -> frozenset[int]:
        return frozenset(self.where)


def _near(left: list[Span], right: list[Span], distance: int) -> list[Span]:
    """Return stretches that hold one of each at most `distance` places apart: each with its nearest on either side.

    Not every pair, of which a text that repeats itself has very many: one is there where any is.
    """
    found: set[Span] = set()
    for these, others in ((left, right), (right, left)):
        by_first, by_last = sorted(others), sorted(others, key=itemgetter(1))
        firsts, lasts = [first for first, _ in by_first], [last for _, last in by_last]
        for first, last in these:
            after, before = bisect_right(firsts, last), bisect_left(lasts, first) - 1
            if after < len(firsts) and firsts[after] - last <= distance:
                found.add((first, by_first[after][1]))
            if before >= 0 and first - lasts[before] <= distance:
                found.add((by_last[before][0], last))
    return sorted(found)
