"""Reading another language word by word: its grammar words stand under their English names, its own words as they are.

The detector's grammar (negation, tense, clauses, who acts) is told in English function words. A language file glosses
its own into these: `pidió a Rusia que medie entre` reads `asked to Rusia that may medie between`. Words of content
stay: the language's rules and actors name them. A form that English says with an auxiliary gets one, of no width:
`mediará` reads `will mediará`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from detection.text import Word, words

_LONGEST = 4
"""Words of the longest phrase that is glossed as one."""

_WITHOUT_TO = frozenset({"to", "will", "would", "may", "might", "could", "must", "should"})
"""After these an infinitive gets no `to`: `para mediar` has one, `podría mediar` wants none."""

Lows = tuple[str, ...]


@dataclass(frozen=True)
class Gloss:
    """What words, and phrases of up to four words, read as: the last is the word itself, those before go before it."""

    table: Mapping[Lows, Lows]

    def read(self, sentence: Sequence[Word]) -> tuple[Word, ...]:
        """Return a sentence as it reads; places in the text stay those of its own words."""
        found: list[Word] = []
        at = 0
        while at < len(sentence):
            length, lows = self._at([word.low for word in sentence[at : at + _LONGEST]])
            first, last, before = sentence[at], sentence[at + length - 1], sentence[at].before
            for low in lows[:-1]:
                if not (found and low == "to" and found[-1].low in _WITHOUT_TO):
                    found.append(Word("", low, first.start, first.start, before))
                    before = " "
            text = " ".join(word.text for word in sentence[at : at + length])
            found.append(Word(text, lows[-1], first.start, last.end, before))
            at += length
        return tuple(found)

    def spell(self, phrase: str) -> str:
        """Return a phrase of a file as it reads in a sentence; `a|b` stays a choice, read word by word."""
        if "|" in phrase:
            choices = ("|".join(self.spell(word) for word in part.split("|")) for part in phrase.split())
            return " ".join(choices)
        read = self.read(words(phrase))
        start = next((k for k, word in enumerate(read) if word.text), 0)
        return " ".join(word.low for word in read[start:])

    def tokens(self, plain: Iterable[str]) -> set[str]:
        """Return all words that a text of these words may read as."""
        return {low for word in plain for low in (word, *self._lows.get(word, ()))}

    @cached_property
    def _lows(self) -> dict[str, frozenset[str]]:
        found: dict[str, set[str]] = {}
        for phrase, lows in self.table.items():
            for word in phrase:
                found.setdefault(word, set()).update(lows)
        return {word: frozenset(lows) for word, lows in found.items()}

    def _at(self, lows: Sequence[str]) -> tuple[int, Lows]:
        for length in range(min(_LONGEST, len(lows)), 0, -1):
            if read := self.table.get(tuple(lows[:length])):
                return length, read
        return 1, (lows[0],)
