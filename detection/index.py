"""Which rules can fire in a text at all, told from its bare words: cost grows with hits, not with rules.

Every rule needs one phrase of its trigger, one of its object where it has one, and one of `near` where it has that.
Each phrase is filed under its rarest word, with the words that must stand beside it. A text is asked only for the
words that it has: most leave no rule standing, and are done with. One bit of a mask stands for one rule.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from sys import intern

_TOKEN = re.compile(r"[^\W\d_]+")

Keys = tuple[Iterable[tuple[str, ...]], Iterable[tuple[str, ...]], Iterable[tuple[str, ...]]]
"""The phrases of a rule's triggers, of its object and of `near`; an empty one asks for nothing."""

_Masks = tuple[int, int, int]
_Beside = tuple[tuple[str, ...], _Masks]


def tokens(text: str) -> set[str]:
    """Return the words of a text in lower case as they are, numbers left out."""
    return set(_TOKEN.findall(text))


@dataclass(frozen=True, slots=True)
class RuleIndex:
    """Masks of rules by the words that they need; bit `n` is the rule of position `n`.

    `table` has for a word what it decides alone, and what it decides beside others: by the second word those that must
    stand there as well, and the masks. `known` are its words.
    """

    table: Mapping[str, tuple[_Masks, Mapping[str, tuple[_Beside, ...]]]]
    known: frozenset[str]
    free: _Masks

    def live(self, words: set[str]) -> int:
        """Return the mask of the rules that these words leave possible; 0 for none."""
        trigger, thing, near = self.free
        for word in words & self.known:
            alone, beside = self.table[word]
            trigger |= alone[0]
            thing |= alone[1]
            near |= alone[2]
            for second in beside.keys() & words:
                for others, masks in beside[second]:
                    if words.issuperset(others):
                        trigger |= masks[0]
                        thing |= masks[1]
                        near |= masks[2]
        return trigger & thing & near


def build_index(rules: Iterable[Keys], frequent: AbstractSet[str]) -> RuleIndex:
    """Index rules, in the order that gives them their bits.

    No phrase is filed under a `frequent` word if it has another.
    """
    needs = [[{_tokens_of(phrase) for phrase in listed} for listed in keys] for keys in rules]
    common = Counter(word for slots in needs for phrases in slots for phrase in phrases for word in phrase)
    table: dict[str, list[int]] = {}
    beside: dict[str, dict[frozenset[str], list[int]]] = {}
    free = [0, 0, 0]
    for number, slots in enumerate(needs):
        bit = 1 << number
        for slot, phrases in enumerate(slots):
            if not phrases or frozenset() in phrases:
                free[slot] |= bit
            for phrase in phrases - {frozenset()}:
                key = min(phrase, key=lambda word: (word in frequent, common[word], -len(word), word))
                masks = (
                    table.setdefault(key, [0, 0, 0])
                    if len(phrase) == 1
                    else beside.setdefault(key, {}).setdefault(phrase - {key}, [0, 0, 0])
                )
                masks[slot] |= bit
    once: dict[_Masks, _Masks] = {}  # most masks are those of many phrases: one rule's

    def masks_of(listed: Sequence[int]) -> _Masks:
        masks = (listed[0], listed[1], listed[2])
        return once.setdefault(masks, masks)

    found = {
        word: (masks_of(table.get(word, (0, 0, 0))), _by_second(beside.get(word, {}), common, masks_of))
        for word in table.keys() | beside.keys()
    }
    return RuleIndex(found, frozenset(found), masks_of(free))


def _by_second(
    beside: Mapping[frozenset[str], Sequence[int]],
    common: Mapping[str, int],
    masks_of: Callable[[Sequence[int]], _Masks],
) -> dict[str, tuple[_Beside, ...]]:
    """Return what a word decides beside others by the rarest of these."""
    found: dict[str, tuple[_Beside, ...]] = {}
    for others, masks in beside.items():
        second = min(others, key=lambda word: (common[word], word))
        found[second] = (*found.get(second, ()), (tuple(others - {second}), masks_of(masks)))
    return found


def _tokens_of(phrase: Iterable[str]) -> frozenset[str]:
    return frozenset(intern(word) for part in phrase for word in _TOKEN.findall(part))
