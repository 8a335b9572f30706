"""Why a rule did not fire where its trigger stands: near misses, for `rules test`, `check` and `why`.

The engine asks cheap questions first and stops at the first no; here every question is asked, so that an analyst sees
all that stands between a rule and a sentence. What the engine alone can tell, it is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

from detection.coder import HEAD, Coder
from detection.lexicon import Form
from detection.matching import Candidate, candidates, choose, reach, trigger_end
from detection.phrases import Phrases
from detection.rulefile import OTHER
from detection.rules import Rule
from detection.scene import Scene
from detection.status import is_negated
from detection.text import Sentence, Word
from detection.topics import Matter, has_actors
from detente.present import count, plain, shorten

LEAD = 12
"""Sentences in which the near miss of a silent article is looked for: what is news stands at its top."""

_NAMED = 6
"""Words of a list that a reason names."""

_ENDINGS = (
    *("ations", "ation", "ating", "ators", "ator", "ated", "ates", "ate", "ions", "ion", "ing"),
    *("ers", "ors", "ed", "es", "er", "or", "s", "e"),
)
"""What a word of one root may end in; at least `_ROOT` letters stay."""

_ROOT = 4


class Reason(StrEnum):
    """What a rule wanted and did not get, the nearest miss first."""

    GAP = "gap"  # its object stands too far on
    FORM = "form"  # its object, or its phrase, stands in another form
    ACTORS = "actors"
    TOPIC = "topic"  # more of the sentence is about another matter
    CONTEXT = "context"  # no actor, and no word of what the rule is about
    NEAR = "near"
    NOT = "not"  # a word that must not stand there
    NEGATION = "negation"  # it fires only under one
    USE = "use"  # the words are used otherwise: a noun, an attribute
    ORDER = "order"  # its object stands before it
    YIELDED = "yielded"  # a stronger rule has the words
    OBJECT = "object"  # its object is nowhere
    PARTICLE = "particle"  # `off` of `call off`


_ORDER = list(Reason)
_TELLING = frozenset({Reason.GAP, Reason.FORM, Reason.ACTORS, Reason.TOPIC, Reason.CONTEXT, Reason.NEAR, Reason.NOT})
"""What makes a miss a near one: a trigger without its object is no news in most sentences."""


@dataclass(frozen=True, slots=True)
class Miss:
    """A rule whose trigger stands in a sentence and that did not fire: `start` and `end` are the trigger's place.

    `wants` says in words what it wanted, with the reason's kind; the nearest to a hit first.
    """

    rule: str
    cls: str
    strength: int
    trigger: str
    start: int
    end: int
    sentence_start: int
    sentence_end: int
    wants: tuple[tuple[Reason, str], ...]

    @property
    def why(self) -> str:
        """What it wanted, in words."""
        return "; ".join(words for _, words in self.wants)


def misses(coder: Coder, text: str, today: date | None) -> Iterator[Miss]:
    """Yield every rule that has a trigger in a text and does not fire there, sentence by sentence."""
    for sentence, scene, read in _read(coder, text, today):
        yield from _misses(coder, sentence, scene, read)


def near_miss(coder: Coder, text: str, today: date | None) -> str | None:
    """Return in words what came nearest to firing at the top of a text; None if nothing came near.

    Near is what does not lack its object: of these the one in a sentence that names somebody, that lacks least, with
    the strongest rule.
    """
    best: tuple[tuple[bool, int, int, int, int], Miss] | None = None
    for sentence, scene, read in _read(coder, text, today):
        if sentence.number >= LEAD:
            break
        for miss in _misses(coder, sentence, scene, read):
            if not all(reason in _TELLING for reason, _ in miss.wants):
                continue
            rank = (not scene.named, *_distance(miss))
            if best is None or rank < best[0]:
                best = rank, miss
    if best is None:
        return None
    miss = best[1]
    said = shorten(plain(text[miss.sentence_start : miss.sentence_end]), 160)
    return f"nearest was rule {miss.rule}, at {miss.trigger!r} of “{said}”: {miss.why}"


def closest_first(found: Iterable[Miss]) -> list[Miss]:
    """Return misses with those first that lack least."""
    return sorted(found, key=_distance)


def _distance(miss: Miss) -> tuple[int, int, int, int]:
    """How far from firing a rule was: how much it lacks, what, how strong it is, and where."""
    return len(miss.wants), _ORDER.index(miss.wants[0][0]), -miss.strength, miss.start


def other_forms(coder: Coder, text: str, today: date | None) -> Iterator[Miss]:
    """Yield rules whose fixed phrase stands in a text in another form of its words: slow, every phrase is compared."""
    phrases = [(rule, phrase, tuple(map(root, phrase))) for rule, phrase in coder.rules.every_phrase()]
    for sentence, _ in coder.scenes(text, today):
        roots = [root(word.low) for word in sentence.words]
        for position in range(len(roots)):
            for rule, phrase, wanted in phrases:
                stop = position + len(wanted)
                if rule.family == OTHER or tuple(roots[position:stop]) != wanted:
                    continue
                if tuple(word.low for word in sentence.words[position:stop]) != phrase:
                    yield _miss(rule, sentence, position, stop, [(Reason.FORM, f"wants it as {' '.join(phrase)!r}")])


def triggers(coder: Coder, rule: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the verbs in their base form, and the phrases, that trigger a rule."""
    verbs = dict.fromkeys(
        " ".join((word, *trigger.joined, *trigger.particles))
        for word, listed in coder.rules.verbs.items()
        for trigger in listed
        if trigger.rule.id == rule and Form.BASE in trigger.forms
    )
    phrases = dict.fromkeys(" ".join(phrase) for each, phrase in coder.rules.every_phrase() if each.id == rule)
    return tuple(verbs), tuple(phrases)


def root(word: str) -> str:
    """Return a word without what inflection and derivation add to it: the same for `mediate` and `mediators`."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _ROOT:
            return word[: -len(ending)]
    return word


@lru_cache(maxsize=4096)
def listed(phrases: Phrases) -> str:
    """Return some of a set of phrases in words: `'mediate', 'host talks' or 12 others`."""
    found = list(dict.fromkeys(" ".join(phrase) for several in phrases.by_first.values() for phrase in several))
    shown = ", ".join(map(repr, found[:_NAMED]))
    return shown + (f" or {count(len(found) - _NAMED, 'other')}" if len(found) > _NAMED else "")


@dataclass(frozen=True, slots=True)
class _Read:
    """What of a text says whether a sentence is about a rule's matter: its head and itself, actors, capitals if any."""

    matter: Matter
    actors: int
    capitals: bool

    def off(self, rule: Rule) -> str | None:
        """Return in words what speaks against a rule's matter, or None."""
        if rule.topic.capitals and not self.capitals:
            return "a text without capitals is not read for it"
        if not self.matter.is_other(rule, self.actors):
            return None
        words = self.matter.words
        others = (rule.off_topic, rule.topic.off, rule.topic.doubtful)
        place = next((found for phrases in others if (found := phrases.find(words))), None)
        said = " ".join(word.text for word in words[slice(*place)]) if place else ""
        return f"the text is about another matter: {said!r}"


def _read(coder: Coder, text: str, today: date | None) -> Iterator[tuple[Sentence, Scene, _Read]]:
    """Yield every sentence with its actors, and what the engine reads to tell its matter."""
    capitals, head = text != text.lower(), list[Word]()
    for sentence, scene in coder.scenes(text, today):
        yield sentence, scene, _Read(Matter((*head, *scene.words)), len({n.actor for n in scene.named}), capitals)
        if sentence.number < HEAD:
            head += scene.words


def _misses(coder: Coder, sentence: Sentence, scene: Scene, read: _Read) -> Iterator[Miss]:
    words, actors = scene.words, coder.acting(scene)
    found = candidates(words, coder.rules, coder.lexicon, live=-1)
    suited = [item for item in found if has_actors(words, item, actors) and not read.off(item.rule)]
    suited = [item for item in suited if not item.rule.negated or is_negated(scene, item)]
    kept = choose(suited)
    fired = {(item.rule.id, item.first): item for item in found}
    for rule, first, last in _triggered(coder, words):
        if rule.family == OTHER:
            continue
        item = fired.get((rule.id, first))
        if item is None:
            wants = list(_unmatched(rule, words, first, last))
        elif item in kept:
            continue
        elif item in suited:
            wants = [(Reason.YIELDED, _stronger(item, kept))]
        else:
            wants = []
        wants += _unsuited(rule, scene, read, actors, item)
        if wants:
            wants.sort(key=lambda want: _ORDER.index(want[0]))
            yield _miss(rule, sentence, first, max(last, first) + 1, wants)


def _triggered(coder: Coder, words: Sequence[Word]) -> Iterator[tuple[Rule, int, int]]:
    """Yield each rule with first and last word of its trigger; last is -1 where a verb lacks its particle."""
    seen: set[tuple[str, int]] = set()
    for position, word in enumerate(words):
        for trigger in coder.rules.verbs.get(word.low, ()):
            last = trigger_end(words, position, trigger, coder.lexicon)
            if (trigger.rule.id, position) not in seen:
                seen.add((trigger.rule.id, position))
                yield trigger.rule, position, last
        for rule, phrase in coder.rules.phrases_at(words, position):
            stop = position + len(phrase)
            stands = tuple(each.low for each in words[position:stop]) == phrase
            if stands and (rule.id, position) not in seen:
                seen.add((rule.id, position))
                yield rule, position, stop - 1


def _unmatched(rule: Rule, words: Sequence[Word], first: int, last: int) -> Iterator[tuple[Reason, str]]:
    """Why the engine did not take a trigger: what of particle, object, near and not is missing, or how it is used."""
    if last < 0:
        yield Reason.PARTICLE, "the word that belongs to the verb does not follow it"
        return
    told = False
    if rule.object:
        for want in _object(rule, words, first, last):
            told = True
            yield want
    if rule.near and rule.near.find(words) is None:
        told = True
        yield Reason.NEAR, f"one of {listed(rule.near)} must stand in the sentence"
    if veto := rule.without.find(words) or rule.topic.without.find(words):
        told = True
        yield Reason.NOT, f"{' '.join(word.text for word in words[slice(*veto)])!r} must not stand in the sentence"
    if not told:
        yield Reason.USE, "the words are not used as the rule means them here (as a noun, say, and not as a verb)"


def _object(rule: Rule, words: Sequence[Word], first: int, last: int) -> Iterator[tuple[Reason, str]]:
    after = rule.object.find(words, last + 1)
    if after is not None:
        between = after[0] - last - 1
        if after[1] > reach(words, last + 1, rule.gap):
            said = " ".join(word.text for word in words[slice(*after)])
            yield Reason.GAP, f"its object {said!r} stands behind {count(between, 'word')}, and the gap is {rule.gap}"
        return
    for word in words[last + 1 : last + 2 + rule.gap]:
        if wanted := _roots(rule.object).get(root(word.low)):
            yield Reason.FORM, f"its object stands as {word.text!r}, and the rule knows {wanted!r}"
            return
    before = rule.object.find(words, 0, first)
    if before is not None:
        said = " ".join(word.text for word in words[slice(*before)])
        yield Reason.ORDER, f"its object {said!r} stands before it, and the verb is not in the passive"
        return
    yield Reason.OBJECT, f"one of {listed(rule.object)} must follow within {count(rule.gap, 'word')}"


@lru_cache(maxsize=1024)
def _roots(phrases: Phrases) -> Mapping[str, str]:
    """Return the phrases of one word by their roots."""
    several = (phrase for listed in phrases.by_first.values() for phrase in listed)
    return {root(phrase[0]): phrase[0] for phrase in several if len(phrase) == 1}


def _unsuited(
    rule: Rule, scene: Scene, read: _Read, actors: int, item: Candidate | None
) -> Iterator[tuple[Reason, str]]:
    """What a rule asks of the sentence around it and does not get: actors, context, a negation."""
    if actors < rule.actors:
        yield (
            Reason.ACTORS,
            f"{count(rule.actors, 'known actor')} must be named in the sentence, and {actors or 'none'} is",
        )
    elif not actors and rule.topic.context and rule.topic.context.find(scene.words) is None:
        wanted = listed(rule.topic.context)
        yield Reason.CONTEXT, f"no known actor is named, so one of {wanted} must stand in the sentence"
    if off := read.off(rule):
        yield Reason.TOPIC, off
    if item is not None and rule.negated and not is_negated(scene, item):
        yield Reason.NEGATION, "it fires only under a negation"


def _stronger(item: Candidate, kept: Sequence[Candidate]) -> str:
    """Return in words which rule has the words that another wanted, or outshines it."""

    def apart(other: Candidate) -> tuple[bool, bool, int]:
        shares = not set(other.span).isdisjoint(item.span)
        return not shares, other.rule.family != item.rule.family, abs(other.first - item.first)

    near = min(kept, key=apart, default=None)
    return f"rule {near.rule.id} is stronger and has its words" if near else "another rule has its words"


def _miss(rule: Rule, sentence: Sentence, first: int, stop: int, wants: Sequence[tuple[Reason, str]]) -> Miss:
    words = sentence.words[first:stop]
    return Miss(
        rule.id,
        rule.cls,
        rule.strength,
        " ".join(word.text for word in words),
        words[0].start,
        words[-1].end,
        sentence.start,
        sentence.end,
        tuple(wants),
    )
