"""A language as the detector knows it: verb forms, and the words that change what a sentence asserts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from detection.gloss import Gloss
from detection.phrases import Phrases
from detection.statuswords import StatusFile, StatusWords, status_words
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
    negations: tuple[str, ...]
    reporting: tuple[str, ...]
    asking: tuple[str, ...]
    have_forms: tuple[str, ...]
    background_openers: tuple[str, ...]
    prepositions: tuple[str, ...]
    clause_openers: tuple[str, ...]
    pronouns: tuple[str, ...]
    determiners: tuple[str, ...]
    auxiliaries: tuple[str, ...]
    be_forms: tuple[str, ...]
    months: tuple[str, ...]
    short_months: dict[str, int] = Field(default_factory=dict)
    weekdays: tuple[str, ...]
    compounds: tuple[str, ...]
    brokering: tuple[str, ...]
    collectives: tuple[str, ...]
    no_nouns: tuple[str, ...]
    bare_verbs: tuple[str, ...]
    no_subjects: tuple[str, ...]
    folk: tuple[str, ...]
    seats: tuple[str, ...]
    particles: tuple[str, ...]
    bordering: tuple[str, ...]
    genres: dict[str, tuple[str, ...]]
    status: StatusFile


@dataclass(frozen=True)
class Lexicon:
    """One language, ready for use. The word sets are lower case; what each is for stands in its file.

    A language beside English has English word sets, a `gloss` that reads its words as those, and its own verb forms.
    `abbreviations` are words after which a full stop ends no sentence, beside the usual ones.
    """

    code: str
    irregular: dict[str, tuple[tuple[str, ...], tuple[str, ...]]]
    doubling: frozenset[str]
    negations: frozenset[str]
    hypothetical: frozenset[str]
    reporting: frozenset[str]
    asking: frozenset[str]
    have_forms: frozenset[str]
    background: Phrases
    prepositions: frozenset[str]
    clause_openers: frozenset[str]
    pronouns: frozenset[str]
    determiners: frozenset[str]
    auxiliaries: frozenset[str]
    be_forms: frozenset[str]
    months: tuple[str, ...]
    short_months: Mapping[str, int]
    weekdays: tuple[str, ...]
    compounds: frozenset[str]
    brokering: frozenset[str]
    collectives: frozenset[str]
    no_nouns: frozenset[str]
    bare_verbs: frozenset[str]
    no_subjects: frozenset[str]
    folk: frozenset[str]
    seats: frozenset[str]
    particles: frozenset[str]
    bordering: frozenset[str]
    genres: dict[str, Phrases]
    status: StatusWords
    gloss: Gloss | None = None
    own_forms: Mapping[str, Mapping[str, set[Form]]] | None = None
    abbreviations: frozenset[str] = frozenset()

    @property
    def frequent(self) -> frozenset[str]:
        """The words of grammar, and of saying, which most sentences have."""
        closed = (self.prepositions, self.auxiliaries, self.determiners, self.pronouns, self.clause_openers)
        return frozenset().union(
            *closed, self.be_forms, self.have_forms, self.reporting, {"and", "or", "new", "one", "s"}
        )

    @cached_property
    def pasts(self) -> frozenset[str]:
        """The past forms of the irregular verbs."""
        return frozenset(form for past, _ in self.irregular.values() for form in past)

    @cached_property
    def calendar(self) -> frozenset[str]:
        """The names of months and weekdays."""
        return frozenset((*self.months, *self.weekdays))

    @cached_property
    def telling(self) -> frozenset[str]:
        """The verbs of saying that name who is told: `told Paris that`."""
        return self.reporting & self.asking

    def forms(self, verb: str) -> Mapping[str, set[Form]]:
        """Return every form of a verb's first word: `cut off` gives the forms of `cut`."""
        if self.own_forms is not None:
            return self.own_forms[verb.split(maxsplit=1)[0]]
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
    doubling = frozenset(read.doubling)

    def all_forms(verbs: Iterable[str]) -> frozenset[str]:
        return frozenset(form for verb in verbs for form in _inflect(verb, irregular, doubling))

    return Lexicon(
        code=read.code,
        irregular=irregular,
        doubling=doubling,
        negations=frozenset(read.negations),
        hypothetical=frozenset(read.status.possible),
        reporting=all_forms(read.reporting),
        asking=all_forms(read.asking),
        have_forms=frozenset(read.have_forms),
        background=Phrases(read.background_openers),
        prepositions=frozenset(read.prepositions),
        clause_openers=frozenset(read.clause_openers),
        pronouns=frozenset(read.pronouns),
        determiners=frozenset(read.determiners),
        auxiliaries=frozenset(read.auxiliaries),
        be_forms=frozenset(read.be_forms),
        months=read.months,
        short_months=read.short_months,
        weekdays=read.weekdays,
        compounds=frozenset(read.compounds),
        brokering=frozenset(read.brokering),
        collectives=frozenset(read.collectives),
        no_nouns=frozenset(read.no_nouns),
        bare_verbs=frozenset(read.bare_verbs),
        no_subjects=frozenset(read.no_subjects),
        folk=frozenset(read.folk),
        seats=frozenset(read.seats),
        particles=frozenset(read.particles),
        bordering=frozenset(read.bordering),
        genres={name: Phrases(listed) for name, listed in read.genres.items()},
        status=status_words(read.status, all_forms),
    )


def _inflect(
    verb: str, irregular: dict[str, tuple[tuple[str, ...], tuple[str, ...]]], doubling: frozenset[str]
) -> dict[str, set[Form]]:
    """Return the forms of an English verb by the spelling rules of school grammar, American ones (`canceled`) too."""
    stems = _stems(verb, doubling)
    past, participle = irregular.get(verb) or (tuple(map(_ed, stems)),) * 2
    found: dict[str, set[Form]] = {}
    for form, spelled in (
        (Form.BASE, (verb,)),
        (Form.PRESENT, (_s(verb),)),
        (Form.PAST, past),
        (Form.PARTICIPLE, participle),
        (Form.ING, tuple(map(_ing, stems))),
    ):
        for word in spelled:
            found.setdefault(word, set()).add(form)
    return found


def plurals(noun: str) -> tuple[str, ...]:
    """Return what the plural of an English noun, or of a phrase that ends with one, may be: `commandoes`, `commandos`.

    Which of two it is, only a dictionary tells; the other one is no word and stands nowhere.
    """
    if noun.endswith("o"):
        return noun + "es", noun + "s"
    if noun.endswith(("man", "child")):
        return _s(noun), noun.removesuffix("man") + "men" if noun.endswith("man") else noun + "ren"
    return (_s(noun),)


def _s(verb: str) -> str:
    if verb.endswith(("s", "x", "z", "ch", "sh", "o")):
        return verb + "es"
    if verb.endswith("y") and verb[-2:-1] not in _VOWELS:
        return verb[:-1] + "ies"
    return verb + "s"


def _stems(verb: str, doubling: frozenset[str]) -> tuple[str, ...]:
    """Return what a verb's endings are put to: `bann`; of a last l `cancell`, and `cancel` as well."""
    if verb not in doubling:
        return (verb,)
    doubled = verb + verb[-1]
    return (doubled, verb) if verb.endswith("l") else (doubled,)


def _ed(stem: str) -> str:
    if stem.endswith("e"):
        return stem + "d"
    if stem.endswith("y") and stem[-2:-1] not in _VOWELS:
        return stem[:-1] + "ied"
    return stem + "ed"


def _ing(stem: str) -> str:
    if stem.endswith("ie"):
        return stem[:-2] + "ying"
    if stem.endswith("e") and not stem.endswith(("ee", "oe", "ye")) and stem != "be":
        return stem[:-1] + "ing"
    return stem + "ing"
