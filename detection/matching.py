"""Which rules fire in a sentence, and on which words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from detection.lexicon import Form, Lexicon
from detection.phrases import Phrases
from detection.rulefile import OTHER
from detection.rules import Rule, RuleSet, VerbTrigger
from detection.text import Word
from detection.verbs import is_asked_to, is_bare_passive, is_headline_passive, is_passive, is_verb

_PASSIVE = frozenset({Form.PARTICIPLE})
_MAIN = 3
"""Rules above this strength tell what a sentence is about."""

_ACTED_ON = frozenset({"object", "affected"})

_OF_PEACE = {"deescalation": "mediation"}
"""What may be told with the object of another family's act: `brokered a truce between` is mediation and a truce."""

_NO_OBJECT = frozenset(
    {"after", "before", "because", "while", "when", "since", "if", "unless", "although", "though", "whereas", "who"}
    | {"which", "whose", "but", "despite", "amid", "saying", "adding", "accusing", "citing"}
)
"""Words behind which no object of a verb before them stands."""

_LONG = 4
"""Letters of a word that a headline in capitals writes with one."""

_SPEAKS = 20
"""Words over which what somebody does outshines another thing of no interest that is told behind it."""

_WHOM = frozenset({"them", "him", "her", "it", "us"})
"""What stands between a verb and its particle names on whom: `fought them off`."""

_FIGHTING = "escalation.fighting"

_PARTED = 7
"""How far a particle may stand from its verb: so many words of an object less one between."""


class Candidate(NamedTuple):
    """A rule that fired: trigger words `first` to `last`, object words `[object[0], object[1])` or None.

    `forms` is empty for a phrase. `passive` means that the object of the act stands before the verb.
    """

    rule: Rule
    first: int
    last: int
    object: tuple[int, int] | None
    forms: frozenset[Form]
    passive: bool

    @property
    def span(self) -> range:
        """Every word from the trigger's first to the last of trigger and object."""
        start, stop = self.first, self.last + 1
        if self.object:
            start, stop = min(start, self.object[0]), max(stop, self.object[1])
        return range(start, stop)

    @property
    def trigger(self) -> range:
        """The words of the trigger itself."""
        return range(self.first, self.last + 1)

    @property
    def distance(self) -> int:
        """How many words stand between trigger and object."""
        if self.object is None:
            return 0
        return max(self.object[0] - self.last, self.first - self.object[1], 0)

    @property
    def has_object_before(self) -> bool:
        """Whether who is acted on stands before the verb, as in `Russia was asked to mediate`."""
        return self.passive and (self.object is None or self.object[0] > self.last)

    @property
    def is_aside(self) -> bool:
        """Whether the object stands right before the verb, which may only say which: `a curfew | declared by`."""
        return self.passive and self.object is not None and self.object[1] == self.first

    @property
    def is_verb(self) -> bool:
        """Whether a verb fired, and no fixed phrase."""
        return bool(self.forms)


def candidates(sentence: Sequence[Word], rules: RuleSet, lexicon: Lexicon, live: int) -> list[Candidate]:
    """Return every rule that fires in a sentence, in the order of the words.

    `live` is the mask of the rules that the sentence's words leave possible (`RuleSet.live`). What a rule asks of
    the actors around it is for `has_actors` to tell.
    """
    found: list[Candidate] = []
    heads = rules.heads
    for position, word in enumerate(sentence):
        if word.low not in heads:
            continue
        verbs, phrases = heads[word.low]
        if (verbs := verbs & live) | (phrases := phrases & live):
            named = _is_capitalised(sentence, position)
            if verbs and not named:
                found += _verbs_at(sentence, position, rules.verbs[word.low], lexicon, verbs)
            if phrases:
                found += _phrases_at(sentence, position, rules, phrases, named=named)
    if not found:
        return []
    lows = {word.low for word in sentence}
    known: dict[int, bool] = {}
    return [item for item in found if _suits(sentence, lows, known, item.rule)]


def _verbs_at(
    sentence: Sequence[Word], position: int, triggers: Iterable[VerbTrigger], lexicon: Lexicon, possible: int
) -> list[Candidate]:
    voices: dict[frozenset[Form], bool | None] = {}
    live = [trigger for trigger in triggers if possible & trigger.rule.bit]
    return [verb for trigger in live if (verb := _verb(sentence, position, trigger, lexicon, voices))]


def _phrases_at(
    sentence: Sequence[Word], position: int, rules: RuleSet, possible: int, *, named: bool
) -> Iterator[Candidate]:
    for rule, phrase in rules.phrases_at(sentence, position):
        stop = position + len(phrase)
        if not possible & rule.bit or stop > len(sentence):
            continue
        if any(sentence[position + k].low != phrase[k] for k in range(2, len(phrase))):
            continue
        if named and stop < len(sentence) and sentence[stop].text[:1].isupper():
            continue
        after = _object_behind(sentence, rule, stop, reach(sentence, stop, rule.gap), stop)
        if after or not rule.object:
            yield Candidate(rule, position, stop - 1, after, frozenset(), passive=False)


def _is_capitalised(sentence: Sequence[Word], position: int) -> bool:
    """Whether a capital says that a word belongs to a name: `Gaza Strip`, where other words have none."""
    word = sentence[position]
    if not position or word.before not in {" ", "-"} or not word.text[:1].isupper():
        return False
    others = [other.text[:1].isupper() for other in sentence[1:] if len(other.text) >= _LONG]
    return 10 * sum(others) < 7 * len(others)


def choose(found: Sequence[Candidate]) -> list[Candidate]:
    """Keep the candidates that do not share their words with a stronger one, in the order of the words.

    Stronger means: higher `strength`, then with an object, then no participle right behind it, then the nearer object,
    then more words, then earlier.
    Rules of one family do not share an object. A candidate of strength 1 also yields to any stronger one of its
    own family in the sentence, one of strength 2 or 3 to a stronger one before it: `fired missiles, killing ten` is
    one act.
    """
    ranked = sorted(
        found,
        key=lambda c: (-c.rule.strength, c.object is None, c.is_aside, c.distance, -len(c.trigger), c.first),
    )
    taken: dict[int, str] = {}  # by which family, where it is an object's word
    objects: dict[str, set[int]] = {}
    kept: list[Candidate] = []
    for item in ranked:
        if any(word in taken and taken[word] != (_OF_PEACE.get(item.rule.family)) for word in item.trigger):
            continue
        words_of_object = set(range(*item.object)) if item.object else set()
        if words_of_object & objects.get(item.rule.family, set()):
            continue
        if any(_outshines(other, item) for other in kept):
            continue
        kept.append(item)
        taken.update(dict.fromkeys(words_of_object, item.rule.family))
        taken.update(dict.fromkeys(item.trigger, ""))
        objects.setdefault(item.rule.family, set()).update(words_of_object)
    return sorted(kept, key=lambda c: c.first)


def _outshines(other: Candidate, item: Candidate) -> bool:
    if other.rule.family != item.rule.family or other.rule.strength <= item.rule.strength:
        return False
    if item.rule.family == OTHER:
        return 0 < item.first - other.first < _SPEAKS  # `accused` stays, whatever the activists at the end do
    return item.rule.strength == 1 or (item.rule.strength <= _MAIN and other.first < item.first)


def _verb(
    sentence: Sequence[Word],
    position: int,
    trigger: VerbTrigger,
    lexicon: Lexicon,
    voices: dict[frozenset[Form], bool | None],
) -> Candidate | None:
    """Return what a verb makes fire; `voices` keeps for the rules to come whether it is passive, None for no verb."""
    last = position
    if (trigger.joined or trigger.particles) and (last := trigger_end(sentence, position, trigger, lexicon)) < 0:
        return None
    forms = trigger.forms
    if forms not in voices:
        is_one = is_verb(sentence, position, forms, lexicon)
        voices[forms] = is_passive(sentence, position, forms, lexicon) if is_one else None
    if (passive := voices[forms]) is None:
        return None
    if not trigger.rule.object:
        acts_on = not _ACTED_ON.isdisjoint(trigger.rule.roles.target)
        passive = passive or (acts_on and is_bare_passive(sentence, position, last, trigger.forms, lexicon))
        return Candidate(trigger.rule, position, last, None, trigger.forms, passive)
    if _has_whom(sentence, position, last, trigger):
        return Candidate(trigger.rule, position, last, None, trigger.forms, passive=False)
    return _with_object(sentence, position, last, trigger, lexicon, passive=passive)


def _has_whom(sentence: Sequence[Word], position: int, last: int, trigger: VerbTrigger) -> bool:
    """Whether a pronoun between a verb and its particle says who is fought: `soldiers fought them off`."""
    fights = last > position + 1 and trigger.rule.cls == _FIGHTING
    return fights and bool(trigger.particles) and sentence[position + 1].low in _WHOM


def _with_object(
    sentence: Sequence[Word], position: int, last: int, trigger: VerbTrigger, lexicon: Lexicon, *, passive: bool
) -> Candidate | None:
    """Return what a verb from `position` to `last` makes fire that has an object, behind it or before."""
    stop = reach(sentence, last + 1, trigger.rule.gap, lexicon.have_forms)
    if last + 1 < len(sentence) and "," in sentence[last + 1].before:
        stop = position  # `flights stopped, and airlines waited`
    after = _object_behind(sentence, trigger.rule, position + 1, stop, last + 1)
    if after and sentence[last].low == "on" and last > position + 1 + len(trigger.joined) and after[0] > last:
        return None  # `took refuge on the island`: nobody was taken on
    if after and not _is_parted(sentence, last, after[0], lexicon):
        passive = passive or is_asked_to(sentence, position, last, after, trigger.forms, lexicon)
        return Candidate(trigger.rule, position, last, _whole(sentence, after, trigger.rule), trigger.forms, passive)
    if trigger.forms.isdisjoint(_PASSIVE):
        return None  # `a tanker blew up`: no passive
    before = _object_before(sentence, trigger.rule, position, lexicon)
    if before and (passive or (before[1] == position and is_headline_passive(sentence, before[0], last, lexicon))):
        return Candidate(trigger.rule, position, last, before, trigger.forms, passive=True)
    return None


def _object_behind(sentence: Sequence[Word], rule: Rule, start: int, stop: int, behind: int) -> tuple[int, int] | None:
    """Return the first object between `start` and `stop`, if at most the gap lies between it and the word `behind`."""
    found = rule.object.find(sentence, start, stop) if rule.object else None
    return found if found and found[0] <= behind + rule.gap else None


def _object_before(sentence: Sequence[Word], rule: Rule, verb: int, lexicon: Lexicon) -> tuple[int, int] | None:
    """Return an object before a verb; not of a clause that is over: `the boss, who led the trade, was sent to jail`.

    Nor is it who speaks: `the rebel leader said elections would be held`.
    """
    start = max(0, verb - rule.gap - 1)
    start = next((k + 1 for k in range(verb - 2, start - 1, -1) if _tells(sentence, k, lexicon)), start)
    found = rule.object.find(sentence, start, verb)
    if found is None or not any("," in word.before for word in sentence[found[1] : verb + 1]):
        return found
    before = sentence[max(0, found[0] - 12) : found[0]]
    return None if any(word.low in {"who", "which"} and "," in word.before for word in before) else found


def _tells(sentence: Sequence[Word], at: int, lexicon: Lexicon) -> bool:
    """Whether a word is a verb of saying in the past, and nobody is `said to` do what follows."""
    word = sentence[at]
    if not word.low.endswith("d") or word.low not in lexicon.reporting or sentence[at + 1].low == "to":
        return False
    return at > 0 and sentence[at - 1].low not in lexicon.be_forms


def trigger_end(sentence: Sequence[Word], position: int, trigger: VerbTrigger, lexicon: Lexicon) -> int:
    """Return the last word of a verb that may begin at `position`; -1 where a word that belongs to it is not there."""
    last = position + len(trigger.joined)
    if trigger.joined and tuple(word.low for word in sentence[position + 1 : last + 1]) != trigger.joined:
        return -1
    for particle in trigger.particles:
        if (last := _particle(sentence, last, particle, lexicon)) < 0:
            break
    return last


def _particle(sentence: Sequence[Word], verb: int, particle: str, lexicon: Lexicon) -> int:
    """Return where a verb's particle stands, -1 for nowhere: it may follow the object (`called the talks off`)."""
    for k in range(verb + 1, min(verb + _PARTED, len(sentence))):
        if sentence[k].low == particle:
            dated = k + 1 < len(sentence) and sentence[k + 1].low in lexicon.calendar
            timed = k + 2 < len(sentence) and sentence[k + 2].before == ":"
            return -1 if dated or timed else k  # `agreed on Friday`, `fired at 5:58`
        if "," in sentence[k].before or (sentence[k].low in lexicon.prepositions and sentence[k].low != "of"):
            return -1  # `took effect on Monday over protests`
    return -1


def _is_parted(sentence: Sequence[Word], last: int, first: int, lexicon: Lexicon) -> bool:
    """Whether another clause begins between verb and object: `hits a record as Nigerian rebels warn`."""
    parts = (k for k in range(last + 1, first - 1) if sentence[k].low == "as")
    return any(sentence[k + 1].low not in lexicon.determiners for k in parts)


def _whole(sentence: Sequence[Word], found: tuple[int, int], rule: Rule) -> tuple[int, int]:
    """Return an object with the object words that follow at once: all of `missile strikes`."""
    first, stop = found
    while stop < len(sentence) and sentence[stop].before == " " and (more := rule.object.at(sentence, stop)):
        stop += more
    return first, stop


def reach(sentence: Sequence[Word], start: int, gap: int, finite: frozenset[str] = frozenset()) -> int:
    """Return where the search for an object ends: after `gap` words and the object itself, or where a clause begins.

    Words of `finite` say that another verb has begun: `hopes of joining it have been clouded by war`.
    """
    limit = min(len(sentence), start + gap + 4)
    for k in range(start, limit):
        low = sentence[k].low
        shut = (
            low in _NO_OBJECT or (low in finite and low != "having") or (low == "where" and "," in sentence[k].before)
        )
        if ";" in sentence[k].before or low == "how" or (k > start and shut):
            return k
    return limit


def _suits(sentence: Sequence[Word], lows: AbstractSet[str], known: dict[int, bool], rule: Rule) -> bool:
    """Whether what must stand in the sentence does, and nothing that must not; `known` keeps the answers."""

    def stands(phrases: Phrases) -> bool:
        if (answer := known.get(id(phrases))) is None:
            answer = known[id(phrases)] = phrases.stands_in(sentence, lows)
        return answer

    if rule.near and not stands(rule.near):
        return False
    return not stands(rule.without) and not stands(rule.topic.without)
