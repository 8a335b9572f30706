"""A language as the detector knows it: verb forms, and the words that change what a sentence asserts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from detection.text import Word, words
from detente import yamlfile

_VOWELS = "aeiou"


class Form(StrEnum):
    """Forms of a verb. One word can be several: `cut` is base, past and participle."""

    BASE = "base"
    PRESENT = "present"  # third person singular
    PAST = "past"
    PARTICIPLE = "participle"
    ING = "ing"


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    code: str
    irregular: dict[str, tuple[str, str]]
    doubling: tuple[str, ...]
    not_doubling: tuple[str, ...]
    negations: tuple[str, ...]
    denials: tuple[str, ...]
    dismissals: tuple[str, ...]
    dismissed: tuple[str, ...]
    hypothetical: tuple[str, ...]
    obligation: tuple[str, ...]
    planned: tuple[str, ...]
    reporting: tuple[str, ...]
    plan_verbs: tuple[str, ...]
    plan_nouns: tuple[str, ...]
    wish_verbs: tuple[str, ...]
    wish_nouns: tuple[str, ...]
    asking: tuple[str, ...]
    have_forms: tuple[str, ...]
    refusals: tuple[str, ...]
    go_on: tuple[str, ...]
    background_openers: tuple[str, ...]
    strong_background: tuple[str, ...]
    past_markers: tuple[str, ...]
    accords: tuple[str, ...]
    prepositions: tuple[str, ...]
    clause_openers: tuple[str, ...]
    pronouns: tuple[str, ...]
    determiners: tuple[str, ...]
    auxiliaries: tuple[str, ...]
    be_forms: tuple[str, ...]
    months: tuple[str, ...]
    weekdays: tuple[str, ...]
    compounds: tuple[str, ...]
    brokering: tuple[str, ...]
    doubtful: tuple[str, ...]
    anaphoric: tuple[str, ...]
    genres: dict[str, tuple[str, ...]]


class Phrases:
    """A set of phrases, found in time that does not depend on how many there are.

    A phrase is one or more words in lower case; hyphens separate words. `a|b` stands for either word.
    """

    def __init__(self, phrases: Iterable[str]) -> None:
        self.by_first: dict[str, list[tuple[str, ...]]] = {}
        for phrase in phrases:
            for spelled in _alternatives(phrase):
                self.by_first.setdefault(spelled[0], []).append(spelled)
        for listed in self.by_first.values():
            listed.sort(key=len, reverse=True)

    def at(self, sentence: Sequence[Word], position: int, stop: int | None = None) -> int:
        """Return how many words from `position` are the longest phrase there; 0 for none. None reaches past `stop`."""
        for phrase in self.by_first.get(sentence[position].low, ()):
            end = position + len(phrase)
            if end <= (len(sentence) if stop is None else stop) and all(
                sentence[position + step].low == word for step, word in enumerate(phrase)
            ):
                return len(phrase)
        return 0

    def find(self, sentence: Sequence[Word], start: int = 0, stop: int | None = None) -> tuple[int, int] | None:
        """Return first and one-past-last word of the first phrase between `start` and `stop`, or None."""
        stop = len(sentence) if stop is None else min(stop, len(sentence))
        for position in range(max(start, 0), stop):
            if length := self.at(sentence, position, stop):
                return position, position + length
        return None

    def stands_in(self, sentence: Sequence[Word], lows: AbstractSet[str]) -> bool:
        """Whether one of the phrases stands in a sentence whose words in lower case are `lows`."""
        return not lows.isdisjoint(self.by_first) and self.find(sentence) is not None

    def __bool__(self) -> bool:
        return bool(self.by_first)


def _alternatives(phrase: str) -> list[tuple[str, ...]]:
    """Return the word tuples that a phrase with `a|b` stands for."""
    spelled: list[tuple[str, ...]] = [()]
    for part in phrase.split():
        options = [tuple(word.low for word in words(option)) for option in part.split("|")]
        spelled = [done + option for done in spelled for option in options]
    return [item for item in spelled if item]


@dataclass(frozen=True)
class Lexicon:
    """One language, ready for use. The word sets are lower case; what each is for stands in its file."""

    code: str
    irregular: dict[str, tuple[tuple[str, ...], tuple[str, ...]]]
    doubling: frozenset[str]
    negations: frozenset[str]
    denials: frozenset[str]
    dismissals: frozenset[str]
    dismissed: frozenset[str]
    hypothetical: frozenset[str]
    planned: frozenset[str]
    reporting: frozenset[str]
    plan_verbs: frozenset[str]
    plan_nouns: frozenset[str]
    wish_verbs: frozenset[str]
    wish_nouns: frozenset[str]
    asking: frozenset[str]
    have_forms: frozenset[str]
    refusals: frozenset[str]
    go_on: frozenset[str]
    background: Phrases
    strong_background: Phrases
    past_markers: Phrases
    accords: frozenset[str]
    prepositions: frozenset[str]
    clause_openers: frozenset[str]
    pronouns: frozenset[str]
    determiners: frozenset[str]
    auxiliaries: frozenset[str]
    be_forms: frozenset[str]
    months: tuple[str, ...]
    weekdays: tuple[str, ...]
    compounds: frozenset[str]
    brokering: frozenset[str]
    doubtful: frozenset[str]
    anaphoric: frozenset[str]
    genres: dict[str, Phrases]

    def forms(self, verb: str) -> dict[str, set[Form]]:
        """Return every form of a verb's first word: `cut off` gives the forms of `cut`."""
        return _inflect(verb.split(maxsplit=1)[0], self.irregular, self.doubling)


def load_lexicon(file: Path) -> Lexicon:
    """Read a language file.

    Raises:
        ConfigError: it is wrong.
    """
    read = yamlfile.validate(_File, yamlfile.load(file))
    irregular = {
        verb: (tuple(past.split("|")), tuple(participle.split("|")))
        for verb, (past, participle) in read.irregular.items()
    }
    doubling = frozenset(read.doubling) - frozenset(read.not_doubling)

    def all_forms(verbs: Iterable[str]) -> frozenset[str]:
        return frozenset(form for verb in verbs for form in _inflect(verb, irregular, doubling))

    return Lexicon(
        code=read.code,
        irregular=irregular,
        doubling=doubling,
        negations=frozenset(read.negations),
        denials=all_forms(read.denials),
        dismissals=all_forms(read.dismissals),
        dismissed=frozenset(read.dismissed),
        hypothetical=frozenset(read.hypothetical) | frozenset(read.obligation),
        planned=frozenset(read.planned),
        reporting=all_forms(read.reporting),
        plan_verbs=all_forms(read.plan_verbs),
        plan_nouns=frozenset(read.plan_nouns),
        wish_verbs=all_forms(read.wish_verbs),
        wish_nouns=frozenset(read.wish_nouns),
        asking=all_forms(read.asking),
        have_forms=frozenset(read.have_forms),
        refusals=all_forms(read.refusals),
        go_on=all_forms(read.go_on),
        background=Phrases(read.background_openers),
        strong_background=Phrases(read.strong_background),
        past_markers=Phrases(read.past_markers),
        accords=frozenset(read.accords),
        prepositions=frozenset(read.prepositions),
        clause_openers=frozenset(read.clause_openers),
        pronouns=frozenset(read.pronouns),
        determiners=frozenset(read.determiners),
        auxiliaries=frozenset(read.auxiliaries),
        be_forms=frozenset(read.be_forms),
        months=read.months,
        weekdays=read.weekdays,
        compounds=frozenset(read.compounds),
        brokering=frozenset(read.brokering),
        doubtful=frozenset(read.doubtful),
        anaphoric=frozenset(read.anaphoric),
        genres={name: Phrases(listed) for name, listed in read.genres.items()},
    )


def _inflect(
    verb: str, irregular: dict[str, tuple[tuple[str, ...], tuple[str, ...]]], doubling: frozenset[str]
) -> dict[str, set[Form]]:
    """Return the forms of an English verb by the spelling rules of school grammar."""
    past, participle = irregular.get(verb) or ((_ed(verb, doubling),),) * 2
    found: dict[str, set[Form]] = {}
    for form, spelled in (
        (Form.BASE, (verb,)),
        (Form.PRESENT, (_s(verb),)),
        (Form.PAST, past),
        (Form.PARTICIPLE, participle),
        (Form.ING, (_ing(verb, doubling),)),
    ):
        for word in spelled:
            found.setdefault(word, set()).add(form)
    return found


def _s(verb: str) -> str:
    if verb.endswith(("s", "x", "z", "ch", "sh", "o")):
        return verb + "es"
    if verb.endswith("y") and verb[-2:-1] not in _VOWELS:
        return verb[:-1] + "ies"
    return verb + "s"


def _ed(verb: str, doubling: frozenset[str]) -> str:
    if verb.endswith("e"):
        return verb + "d"
    if verb.endswith("y") and verb[-2:-1] not in _VOWELS:
        return verb[:-1] + "ied"
    return (verb + verb[-1] if verb in doubling else verb) + "ed"


def _ing(verb: str, doubling: frozenset[str]) -> str:
    if verb.endswith("ie"):
        return verb[:-2] + "ying"
    if verb.endswith("e") and not verb.endswith(("ee", "oe", "ye")) and verb != "be":
        return verb[:-1] + "ing"
    return (verb + verb[-1] if verb in doubling else verb) + "ing"
