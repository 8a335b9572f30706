"""Which rules can fire in a text at all, told from its bare words: cost grows with hits, not with rules.

Every rule needs one phrase of its trigger, one of its object where it has one, and one of `near` where it has that.
Each phrase is filed under its rarest word, with the words that must stand beside it. A text is asked only for the
words that it has: most leave no rule standing, and are done with. Three bits of a mask stand for one rule, side by
side: a mask is as wide as the last rule that it speaks of, and not as all rules.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from sys import intern

_TOKEN = re.compile(r"[^\W\d_]+")
_LETTERS = "".join(chr(code) if chr(code).isalpha() else " " for code in range(128))

Keys = tuple[Iterable[tuple[str, ...]], Iterable[tuple[str, ...]], Iterable[tuple[str, ...]]]
"""The phrases of a rule's triggers, of its object and of `near`; an empty one asks for nothing."""

_Masks = int
"""Which rules have their trigger (a rule's first bit), their object (the second), and what is `near` (the third)."""

_Beside = tuple[tuple[str, ...], _Masks]


def tokens(text: str) -> set[str]:
    """Return the words of a text in lower case as they are, numbers left out."""
    if text.isascii():  # the same words in less time
        return set(text.translate(_LETTERS).split())
    return set(_TOKEN.findall(text))


@dataclass(frozen=True, slots=True)
class RuleIndex:
    """Masks of rules by the words that they need, as `bit_of` numbers the rules.

    `table` has for a word what it decides alone, and what it decides beside others: by the second word those that must
    stand there as well, and the masks. `known` are its words. `triggers` has the bits of all rules, `untriggered`,
    `objectless` and `anywhere` of those whose trigger, object or `near` no word decides.
    """

    table: Mapping[str, tuple[_Masks, Mapping[str, tuple[_Beside, ...]]]]
    known: frozenset[str]
    triggers: int
    untriggered: int
    objectless: int
    anywhere: int

    def live(self, words: set[str]) -> int:
        """Return the mask of the rules that these words leave possible; 0 for none."""
        found = self.untriggered
        for word in words & self.known:
            alone, beside = self.table[word]
            found |= alone
            if beside:
                for second in beside:
                    if second in words:
                        for others, masks in beside[second]:
                            if not others or words.issuperset(others):
                                found |= masks
        return found & self.triggers & (found >> 1 | self.objectless) & (found >> 2 | self.anywhere)


def bit_of(number: int) -> int:
    """Return the bit that stands for a rule, by its position among all."""
    return 1 << 3 * number


def build_index(rules: Iterable[Keys], frequent: AbstractSet[str]) -> RuleIndex:
    """Index rules, in the order that gives them their bits.

    No phrase is filed under a `frequent` word if it has another.
    """
    needs = [[{_tokens_of(phrase) for phrase in listed} for listed in keys] for keys in rules]
    common = Counter(word for slots in needs for phrases in slots for phrase in phrases for word in phrase)
    table: dict[str, int] = {}
    beside: dict[str, dict[frozenset[str], int]] = {}
    free = [0, 0, 0]
    for number, slots in enumerate(needs):
        for slot, phrases in enumerate(slots):
            bit = bit_of(number) << slot
            if not phrases or frozenset() in phrases:
                free[slot] |= bit_of(number)
            for phrase in phrases - {frozenset()}:
                key = min(phrase, key=lambda word: (word in frequent, common[word], -len(word), word))
                if len(phrase) == 1:
                    table[key] = table.get(key, 0) | bit
                else:
                    others = beside.setdefault(key, {})
                    others[phrase - {key}] = others.get(phrase - {key}, 0) | bit
    once: dict[int, int] = {}  # most masks are those of many phrases: one rule's

    def shared(masks: int) -> int:
        return once.setdefault(masks, masks)

    found = {
        word: (shared(table.get(word, 0)), _by_second(beside.get(word, {}), common, shared))
        for word in table.keys() | beside.keys()
    }
    return RuleIndex(found, frozenset(found), sum(map(bit_of, range(len(needs)))), *free)


def _by_second(
    beside: Mapping[frozenset[str], _Masks], common: Mapping[str, int], shared: Callable[[_Masks], _Masks]
) -> dict[str, tuple[_Beside, ...]]:
    """Return what a word decides beside others by the rarest of these."""
    found: dict[str, tuple[_Beside, ...]] = {}
    for others, masks in beside.items():
        second = min(others, key=lambda word: (common[word], word))
        found[second] = (*found.get(second, ()), (tuple(others - {second}), shared(masks)))
    return found


def _tokens_of(phrase: Iterable[str]) -> frozenset[str]:
    return frozenset(intern(word) for part in phrase for word in _TOKEN.findall(part))
