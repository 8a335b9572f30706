"""Which rules can fire in a text at all, told from its bare words: cost grows with hits, not with rules.

Every rule needs a word of its trigger, one of its object where it has one, and one of `near` where it has that. A
table from words to bit masks (one bit a rule) answers this with three OR operations for each word that some rule
knows; most texts know none, or leave no bit standing, and are done with.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

_TOKEN = re.compile(r"[^\W\d_]+")

Keys = tuple[Iterable[str], Iterable[str], Iterable[str]]
"""The words of a rule's triggers, of its object and of `near`; an empty one asks for nothing."""


def tokens(text: str) -> set[str]:
    """Return the words of a text in lower case, numbers left out."""
    return set(_TOKEN.findall(text.lower()))


def key_of(phrase: Iterable[str]) -> str:
    """Return the word that stands for a phrase: its longest, since long words are rare ones; `` if it has none."""
    return max((word for part in phrase for word in _TOKEN.findall(part)), key=len, default="")


@dataclass(frozen=True, slots=True)
class RuleIndex:
    """Bit masks of rules by the words that they need; bit `n` is the rule of position `n`."""

    table: Mapping[str, tuple[int, int, int]]
    free: tuple[int, int, int]

    def live(self, words: set[str]) -> int:
        """Return the mask of the rules that these words leave possible; 0 for none."""
        trigger, thing, near = self.free
        for word in words & self.table.keys():
            of_trigger, of_object, of_near = self.table[word]
            trigger |= of_trigger
            thing |= of_object
            near |= of_near
        return trigger & thing & near


def build_index(rules: Iterable[Keys]) -> RuleIndex:
    """Index rules, in the order that gives them their bits."""
    table: dict[str, list[int]] = {}
    free = [0, 0, 0]
    for number, keys in enumerate(rules):
        bit = 1 << number
        for slot, listed in enumerate(keys):
            words = set(listed)
            if not words or "" in words:
                free[slot] |= bit
            for word in words - {""}:
                table.setdefault(word, [0, 0, 0])[slot] |= bit
    return RuleIndex(
        {word: (masks[0], masks[1], masks[2]) for word, masks in table.items()}, (free[0], free[1], free[2])
    )
