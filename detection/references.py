"""Words that stand for somebody named before: `both sides`, `the envoy`, `the alliance`, `it`, `they`.

A reference is resolved only where the text leaves one reading: one pair that was named together, one holder of such
an office, one body of such a kind, in the nearest sentence that has any. Else it stays open, and names nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from detection.actors import Actors, Kind
from detection.gloss import Gloss
from detection.naming import NO_OFFICES, Named, OfficeWords
from detection.text import Word, words
from detente import yamlfile

REACH = 3
"""Sentences back that a noun may point to; a pronoun points one back."""

_SIDES = frozenset({"state", "armed_group", "movement"})
_MANY = frozenset({"armed_group", "movement"})
_TWO = 2
_AND = (["and"], ["and", "the"], ["&"])
_SAYS_AT_ONCE = 3
"""Words from a name to its verb of saying, at most: `India has said`."""


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Pairs(_Entry):
    openers: tuple[str, ...] = ()
    nouns: tuple[str, ...] = ()
    between: int = Field(3, ge=0, le=6)


class _Pronouns(_Entry):
    person: tuple[str, ...] = ()
    thing: tuple[str, ...] = ()
    several: tuple[str, ...] = ()


class ReferenceFile(_Entry):
    """What `references/*.yaml` holds; what each list is for stands in the file."""

    titles: dict[str, tuple[str, ...]] = {}
    institutions: tuple[str, ...] = ()
    after_adjectives: tuple[str, ...] = ()
    courtesy: tuple[str, ...] = ()
    of: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    no_names: tuple[str, ...] = ()
    before_adjectives: bool = False
    pairs: _Pairs = _Pairs()
    holders: dict[str, tuple[str, ...]] = {}
    bodies: dict[str, tuple[Kind, ...]] = {}
    pronouns: _Pronouns = _Pronouns()
    first_person: tuple[str, ...] = ()


_Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence's words, and who it names (its references resolved), in the order of the words."""

    words: Sequence[Word]
    named: tuple[Named, ...] = ()


@dataclass(frozen=True)
class References:
    """One language's words for offices, and for who was named before."""

    offices: OfficeWords = NO_OFFICES
    articles: frozenset[str] = frozenset()
    openers: frozenset[_Phrase] = frozenset()
    pair_nouns: frozenset[_Phrase] = frozenset()
    between: int = 0
    holders: Mapping[_Phrase, tuple[str, ...]] = field(default_factory=dict)
    bodies: Mapping[_Phrase, tuple[Kind, ...]] = field(default_factory=dict)
    pronouns: Mapping[str, str] = field(default_factory=dict)
    first_words: frozenset[str] = frozenset()
    second_words: frozenset[str] = frozenset()
    alone: frozenset[str] = frozenset()
    first_person: frozenset[str] = frozenset()

    def resolve(
        self,
        sentence: Sequence[Word],
        named: Sequence[Named],
        before: Sequence[Told],
        actors: Actors,
        reporting: frozenset[str],
    ) -> tuple[Named, ...]:
        """Return who is named in a sentence, with those that its references stand for, in the order of the words.

        Args:
            sentence: its words.
            named: who it names.
            before: the sentences before it, the nearest last; no more than `REACH` are looked at.
            actors: what kinds they are of.
            reporting: the forms of verbs of saying; who says `it would` speaks of itself.
        """
        found = list(named)
        for position, word in enumerate(sentence):
            if word.low not in self.first_words or not self._may_point(sentence, position):
                continue
            if any(item.first <= position <= item.last for item in found):
                continue
            here = Told(sentence, tuple(sorted((n for n in found if n.last < position), key=lambda n: n.first)))
            reading = _Reading(self, position, here, before[-REACH:], actors, reporting)
            added = reading.pair() or reading.definite() or reading.pronoun()
            found += [replace(item, stands_for=reading.words_of(item.actor)) for item in added]
        return tuple(sorted(found, key=lambda item: item.first))

    def _may_point(self, sentence: Sequence[Word], position: int) -> bool:
        """Whether a word may stand for somebody, alone or with the one behind it: most articles never do."""
        if sentence[position].low in self.alone:
            return True
        return position + 1 < len(sentence) and sentence[position + 1].low in self.second_words


NO_REFERENCES = References()
"""No word stands for anybody."""


@dataclass(frozen=True, slots=True)
class _Reading:
    """One position of a sentence, with all that decides what a reference there stands for."""

    refs: References
    at: int
    here: Told
    before: Sequence[Told]
    actors: Actors
    reporting: frozenset[str]

    def words_of(self, actor: str) -> tuple[str, int, int] | None:
        """Return the last words that named an actor, with their start and end in the text."""
        for told in (self.here, *reversed(self.before)):
            for item in reversed(told.named):
                if item.actor == actor and item.stands_for:
                    return item.stands_for
                if item.actor == actor and item.how != "reference":
                    words = told.words[item.first : item.last + 1]
                    return " ".join(word.text for word in words), words[0].start, words[-1].end
        return None

    def pair(self) -> list[Named]:
        """Both of a pair: `both countries`, `the two nuclear-armed neighbours`, `the warring sides`."""
        words, start = self.here.words, self.at + self._phrase(self.at, self.refs.openers)
        for noun in range(start, min(start + self.refs.between + 1, len(words)) if start > self.at else start):
            if length := self._phrase(noun, self.refs.pair_nouns):
                return [Named(actor, self.at, noun + length - 1, "reference") for actor in self._sides(REACH)]
            if any(mark in words[noun].before for mark in ",;:"):
                break
        return []

    def definite(self) -> list[Named]:
        """Who holds an office (`the envoy`), or which body of a kind is meant (`the alliance`)."""
        words, noun, office = self.here.words, self.at + 1, ""
        if words[self.at].low not in self.refs.articles:
            return []
        if length := self._phrase(noun, self.refs.holders):
            office = " ".join(self._words(noun, length))
            parts = self.refs.holders[self._words(noun, length)]
            actor = self._nearest(lambda item: any(part in item.office for part in parts), REACH)
        elif length := self._phrase(noun, self.refs.bodies):
            kinds = self.refs.bodies[self._words(noun, length)]
            actor = self._nearest(lambda item: item.how != "place" and self._kind(item) in kinds, REACH)
        else:
            return []
        after = words[noun + length : noun + length + 1]
        if actor is None or any(word.low in self.refs.offices.of or word.before == "-" for word in after):
            return []
        return [Named(actor, self.at, noun + length - 1, "reference", office)]

    def pronoun(self) -> list[Named]:
        """Whom he, she, it or they stands for."""
        sort = self.refs.pronouns.get(self.here.words[self.at].low)
        fits = {"person": _is_person, "thing": _is_thing}.get(sort or "")
        speakers = self._speakers()
        if fits:
            actor = speakers[-1].actor if speakers and fits(speakers[-1]) else self._nearest(fits, 1)
            office = "person" if fits is _is_person else ""
            return [Named(actor, self.at, self.at, "reference", office)] if actor else []
        if sort is None:
            return []
        if len(speakers) > 1 or any(self._kind(item) in _MANY for item in speakers):
            return [Named(actor, self.at, self.at, "reference") for actor in dict.fromkeys(n.actor for n in speakers)]
        return [Named(actor, self.at, self.at, "reference") for actor in self._sides(1)]

    def _speakers(self) -> list[Named]:
        """Who says what stands around a pronoun: `India said that it …`; nobody where another is named in between."""
        words, named = self.here.words, self.here.named
        verb = next((k for k in range(self.at - 1, -1, -1) if words[k].low in self.reporting), None)
        if verb is None or any(item.first > verb for item in named):
            return []
        last = named[-1] if named else None
        if last is None or verb - last.last > _SAYS_AT_ONCE:
            return []
        return [item for item in named[-2:] if item is last or _together(words, item, last)]

    def _sides(self, reach: int) -> list[str]:
        """The two that were named together last, or the only two; none where there are more, or fewer."""
        for told in (self.here, *reversed(self.before[-reach:])):
            sides = [item for item in told.named if item.how != "place" and self._kind(item) in _SIDES]
            listed = {other for one, other in pairwise(sides) if other.first == one.last + 1}  # A, B and C: no pair
            pairs = {
                (one.actor, other.actor)
                for one, other in pairwise(sides)
                if one.actor != other.actor and one not in listed and _together(told.words, one, other)
            }
            distinct = list(dict.fromkeys(item.actor for item in sides))
            if len(distinct) == _TWO or (len(pairs) == 1 and told is not self.here):
                return distinct if len(distinct) == _TWO else list(pairs.pop())
            if len(distinct) > _TWO:
                break
        return []

    def _nearest(self, fits: Callable[[Named], bool], reach: int) -> str | None:
        """The one that fits, in the nearest sentence where any does; None where several do, or none."""
        for told in (self.here, *reversed(self.before[-reach:])):
            if actors := {item.actor for item in told.named if fits(item)}:
                return actors.pop() if len(actors) == 1 else None
        return None

    def _kind(self, item: Named) -> Kind | None:
        return self.actors.by_id[item.actor].kind

    def _words(self, start: int, length: int) -> _Phrase:
        return tuple(word.low for word in self.here.words[start : start + length])

    def _phrase(self, start: int, phrases: Mapping[_Phrase, object] | frozenset[_Phrase]) -> int:
        """Return how many words from `start` are the longest phrase there, 0 for none."""
        return next((n for n in (3, 2, 1) if self._words(start, n) in phrases and start + n <= len(self.here.words)), 0)


def _is_person(item: Named) -> bool:
    return item.how == "person" or (item.how == "reference" and bool(item.office))


def _is_thing(item: Named) -> bool:
    return item.how != "place" and not _is_person(item)


def _together(words: Sequence[Word], one: Named, other: Named) -> bool:
    """Whether `and` alone joins two names: India and Pakistan."""
    between = [word.low for word in words[one.last + 1 : other.first]]
    return between in _AND or (one.first == other.first and one.actor != other.actor)


def load_references(file: Path, gloss: Gloss | None = None) -> References:
    """Read a language's words for offices and references; `gloss` says as what its words read.

    Raises:
        ConfigError: the file is wrong.
    """
    read = yamlfile.validate(ReferenceFile, yamlfile.load(file))

    def spelled(listed: Iterable[str]) -> tuple[str, ...]:
        return tuple(" ".join(w.low for w in words(gloss.spell(text) if gloss else text)) for text in listed)

    def phrases(listed: Iterable[str]) -> tuple[_Phrase, ...]:
        return tuple(tuple(text.split()) for text in spelled(listed))

    offices = OfficeWords(
        titles=dict(zip(spelled(read.titles), read.titles.values(), strict=True)),
        institutions=spelled(read.institutions),
        after_adjectives=frozenset(spelled(read.after_adjectives)),
        courtesy=frozenset(spelled(read.courtesy)),
        of=frozenset(spelled(read.of)),
        skipped=frozenset(spelled(read.skipped)),
        no_names=frozenset(spelled(read.no_names)),
        before_adjectives=read.before_adjectives,
    )
    pronouns = {word: sort for sort, listed in read.pronouns for word in spelled(listed)}
    openers = frozenset(phrases(read.pairs.openers))
    holders = dict(zip(phrases(read.holders), read.holders.values(), strict=True))
    bodies = dict(zip(phrases(read.bodies), read.bodies.values(), strict=True))
    return References(
        offices=offices,
        articles=offices.skipped,
        openers=openers,
        pair_nouns=frozenset(phrases(read.pairs.nouns)),
        between=read.pairs.between,
        holders=holders,
        bodies=bodies,
        pronouns=pronouns,
        first_person=frozenset(spelled(read.first_person)),
        first_words=frozenset(pronouns) | offices.skipped | {opener[0] for opener in openers},
        second_words=frozenset(
            (*(noun[0] for noun in (*holders, *bodies)), *(word for _, *rest in openers for word in rest))
        ),
        alone=frozenset(pronouns) | {first for first, *rest in openers if not rest},
    )
