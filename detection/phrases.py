"""Sets of fixed phrases, found in sentences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from sys import intern

from detection.text import Word, words


class Phrases:
    """A set of phrases, found in time that does not depend on how many there are.

    A phrase is one or more words in lower case; hyphens separate words. `a|b` stands for either word.
    """

    def __init__(self, phrases: Iterable[str]) -> None:
        by_first: dict[str, list[tuple[str, ...]]] = {}
        for written in phrases:
            for spelled in _alternatives(written):
                by_first.setdefault(spelled[0], []).append(spelled)
        # Tuples, and each word once for all sets: a hundred thousand phrases lie in the memory of each worker.
        self.by_first = {first: tuple(sorted(by_first[first], key=len, reverse=True)) for first in by_first}
        self._longer: dict[str, dict[str, tuple[tuple[str, ...], ...]]] = {}
        for first, listed in self.by_first.items():
            for phrase in listed:
                if len(phrase) > 1:
                    longer = self._longer.setdefault(first, {})
                    longer[phrase[1]] = (*longer.get(phrase[1], ()), phrase)
        self._single = frozenset(first for first, listed in self.by_first.items() if len(listed[-1]) == 1)

    def at(self, sentence: Sequence[Word], position: int, stop: int | None = None) -> int:
        """Return how many words from `position` are the longest phrase there; 0 for none. None reaches past `stop`."""
        first = sentence[position].low
        if first not in self.by_first:
            return 0  # as nearly always
        stop = len(sentence) if stop is None else stop
        longer = self._longer.get(first)
        if longer and position + 1 < stop:
            for phrase in longer.get(sentence[position + 1].low, ()):
                end = position + len(phrase)
                if end <= stop and all(sentence[position + k].low == phrase[k] for k in range(2, len(phrase))):
                    return len(phrase)
        return int(first in self._single and position < stop)

    def find(self, sentence: Sequence[Word], start: int = 0, stop: int | None = None) -> tuple[int, int] | None:
        """Return first and one-past-last word of the first phrase between `start` and `stop`, or None."""
        stop = len(sentence) if stop is None else min(stop, len(sentence))
        first = self.by_first
        for position in range(max(start, 0), stop):
            if sentence[position].low in first and (length := self.at(sentence, position, stop)):
                return position, position + length
        return None

    def stands_in(self, sentence: Sequence[Word], lows: AbstractSet[str]) -> bool:
        """Whether one of the phrases stands in a sentence whose words in lower case are `lows`."""
        return not self.by_first.keys().isdisjoint(lows) and self.find(sentence) is not None

    def count(self, sentence: Sequence[Word], places: Mapping[str, Sequence[int]]) -> int:
        """Return how many different phrases of the set stand in a sentence; `places` as `places_of` gives them."""
        found: set[tuple[str, ...]] = set()
        for low in self.by_first.keys() & places.keys():
            for position in places[low]:
                if length := self.at(sentence, position):
                    found.add(tuple([word.low for word in sentence[position : position + length]]))
        return len(found)

    def __bool__(self) -> bool:
        return bool(self.by_first)


def places_of(sentence: Iterable[Word]) -> dict[str, list[int]]:
    """Return where each word of a sentence stands, by its lower case."""
    places: dict[str, list[int]] = {}
    for position, word in enumerate(sentence):
        places.setdefault(word.low, []).append(position)
    return places


def _alternatives(phrase: str) -> list[tuple[str, ...]]:
    """Return the word tuples that a phrase with `a|b` stands for."""
    spelled: list[tuple[str, ...]] = [()]
    for part in phrase.split():
        options = [_spelled(option) for option in part.split("|")]
        spelled = [done + option for done in spelled for option in options]
    return [item for item in spelled if item]


def _spelled(option: str) -> tuple[str, ...]:
    """Return the words of an option; of the end of one (`'t`, `'s`) as they read behind the rest of it."""
    found = words(f"o{option}")[1:] if option.startswith("'") else words(option)
    return tuple(intern(word.low) for word in found)
