"""Rules: what an analyst writes in YAML, checked, and compiled so that cost grows with hits and not with rules.

A rule's trigger is a verb (any of its forms) or a fixed phrase; where the rule has an `object`, that must follow
within `gap` words. `near` must stand somewhere in the sentence, `not` must not. `roles` say where source, target,
mediator and party are looked for: the first place that names somebody wins, `detection.roles` lists the places. A
rule that is `negated` fires only where its trigger is (`will not accept mediation`). Where a sentence names no
actor, a word of its file's `context` must stand in it. Words that are `off_topic` (sport, weather) silence a rule
too where they outnumber those that are `on_topic` (gunmen, shelling); a `doubtful` one weighs half. A file with
`capitals` raises nothing from a text that has none: such a text names nobody for sure.
Rules of the family `other` are no events: what they govern (`accused India of firing`) is no event either.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from sys import intern

from detection.gloss import Gloss
from detection.index import Keys, RuleIndex, bit_of, build_index, tokens
from detection.lexicon import Form, Lexicon
from detection.overlay import Origin, Place, nearest
from detection.phrases import Phrases
from detection.rulefile import (
    FINDERS,
    OTHER,
    Book,
    ClassFile,
    EventClass,
    Example,
    RoleFinders,
    RuleFile,
    Written,
    read_rules,
)
from detection.text import Word, words
from detente import yamlfile
from detente.errors import ConfigError
from detente.models import Severity, Status


@dataclass(frozen=True, slots=True)
class Topic:
    """What a file says for all its rules: its `not`, `off_topic`, `doubtful`, `on_topic`, `context` and `capitals`."""

    without: Phrases
    off: Phrases
    doubtful: Phrases
    on: Phrases
    context: Phrases
    capitals: bool


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule ready to fire."""

    id: str
    family: str
    cls: str
    cameo: str
    plover: str
    goldstein: float
    severity: Severity
    strength: int
    object: Phrases
    gap: int
    near: Phrases
    without: Phrases
    off_topic: Phrases
    topic: Topic
    actors: int
    status: Status | None
    negated: bool
    roles: RoleFinders
    hit: tuple[Example, ...]
    miss: tuple[str, ...]
    file: Path
    line: int | None
    bit: int
    origin: Origin


_SHARED = ("without", "off_topic", "doubtful", "on_topic", "context")
"""Lists of phrases that a file gives for all its rules."""


@dataclass(frozen=True, slots=True)
class VerbTrigger:
    """A form of a rule's verb: its forms' names, and the words that must follow (`off` of `call off`).

    Of a verb that is written in several words (`machine-gunned`) the first is what it is filed under, and `joined` are
    those that follow it at once.
    """

    rule: Rule
    forms: frozenset[Form]
    joined: tuple[str, ...]
    particles: tuple[str, ...]


PhraseTrigger = tuple[Rule, tuple[str, ...]]
"""A rule, and the words of a phrase that makes it fire."""


@dataclass(frozen=True, slots=True)
class RuleSet:
    """All rules of a desk, by the first word of their triggers; a rule's `bit` is its place in masks.

    `phrases` are filed by their second word as well, the longest first; those of one word under none.
    `heads` has for each such word the masks of the rules with such a verb, and with such a phrase; `events` is the mask
    of the rules that raise something (all but those of the family `other`), `cased` of those that ask for a text with
    capitals.
    """

    rules: tuple[Rule, ...]
    verbs: Mapping[str, tuple[VerbTrigger, ...]]
    phrases: Mapping[str, Mapping[str, tuple[PhraseTrigger, ...]]]
    classes: Mapping[str, EventClass]
    index: RuleIndex
    heads: Mapping[str, tuple[int, int]]
    events: int
    cased: int
    gloss: Gloss | None = None

    def allowed(self, text: str) -> int:
        """Return the mask of the rules that may fire in a text written so: with capitals, or wholly without."""
        return ~self.cased if text == text.lower() else -1

    def live(self, text: str) -> int:
        """Return the mask of the rules that the words of a text leave possible; 0 where it can raise nothing."""
        plain = tokens(text.lower())
        live = self.index.live(self.gloss.tokens(plain) if self.gloss else plain)
        return live if live & self.events else 0

    def phrases_at(self, sentence: Sequence[Word], position: int) -> tuple[PhraseTrigger, ...]:
        """Return the phrases that begin with the word at `position` and the one behind it, as far as these say."""
        filed = self.phrases.get(sentence[position].low)
        if filed is None:
            return ()
        longer = filed.get(sentence[position + 1].low) if position + 1 < len(sentence) else None
        return (*longer, *filed.get("", ())) if longer else filed.get("", ())

    def every_phrase(self) -> Iterator[PhraseTrigger]:
        """Yield each phrase of each rule."""
        return (item for filed in self.phrases.values() for listed in filed.values() for item in listed)


def load_classes(file: Path) -> ClassFile:
    """Read the table of event classes.

    Raises:
        ConfigError: it is wrong, or a class's code has no Goldstein value.
    """
    document = yamlfile.load(file)
    read = yamlfile.validate(ClassFile, document)
    for name, cls in read.classes.items():
        if cls.cameo not in read.goldstein:
            line = document.line(("classes", name))
            raise ConfigError(file, line, f"CAMEO code {cls.cameo} has no Goldstein value", "add it under 'goldstein'")
    return read


def load_rules(folder: Path, classes: ClassFile, lexicon: Lexicon, own: Path | None = None) -> RuleSet:
    """Read every `*.yaml` of a folder of rules, and a desk's own that lie over them.

    Raises:
        ConfigError: a file is wrong: names file, line and mend. One broken rule refuses the whole set, so that
            none is silently missing.
    """
    book = read_rules(folder, own)
    if lexicon.gloss:
        book = spelled(book, lexicon.gloss)
    rules: list[Rule] = []
    verbs: dict[str, list[VerbTrigger]] = {}
    phrases: dict[str, list[PhraseTrigger]] = {}
    keys: list[Keys] = []
    topics: dict[int, Topic] = {}
    for number, written in enumerate(book.rules):
        common = id(written.common)
        if common not in topics:
            topics[common] = _topic(written.common, book, written.place)
        rule = _compile(written, book, classes, lexicon, topics[common], bit_of(number))
        rules.append(rule)
        keys.append(_index(rule, written, book, lexicon, verbs, phrases))
    heads = {
        word: (_mask(t.rule for t in verbs.get(word, ())), _mask(rule for rule, _ in phrases.get(word, ())))
        for word in verbs.keys() | phrases.keys()
    }
    return RuleSet(
        index=build_index(keys, lexicon.frequent),
        heads=heads,
        cased=_mask(rule for rule in rules if rule.topic.capitals),
        events=_mask(rule for rule in rules if rule.family != OTHER),
        rules=tuple(rules),
        verbs={word: tuple(triggers) for word, triggers in verbs.items()},
        phrases={word: _by_second(listed) for word, listed in phrases.items()},
        classes=classes.classes,
        gloss=lexicon.gloss,
    )


def spelled(book: Book, gloss: Gloss) -> Book:
    """Return rules with their phrases as they read in a sentence; what follows a verb's first word, too."""

    def phrases(listed: Iterable[str]) -> tuple[str, ...]:
        return tuple(item if item.startswith("@") else gloss.spell(item) for item in listed)

    def verbs(listed: Iterable[str]) -> tuple[str, ...]:
        parts = (item.partition(" ") for item in listed)
        return tuple(f"{verb} {gloss.spell(rest)}".strip() for verb, _, rest in parts)

    commons: dict[int, RuleFile] = {}

    def rule(written: Written) -> Written:
        text, common = written.text, written.common
        lists = {key: phrases(getattr(text, key)) for key in ("object", "phrases", "near", "without", "off_topic")}
        shared = {key: phrases(getattr(common, key)) for key in _SHARED}
        spelled_common = commons.setdefault(id(common), common.model_copy(update=shared))
        return replace(
            written, text=text.model_copy(update={**lists, "verbs": verbs(text.verbs)}), common=spelled_common
        )

    sets = {name: phrases(listed) for name, listed in book.sets.items()}
    return replace(book, rules=tuple(rule(written) for written in book.rules), sets=sets)


def _mask(rules: Iterable[Rule]) -> int:
    mask = 0
    for rule in rules:
        mask |= rule.bit
    return mask


def _topic(common: RuleFile, book: Book, place: Place) -> Topic:
    def phrases(key: str, listed: tuple[str, ...]) -> Phrases:
        return Phrases(_expand(listed, book, place, key))

    return Topic(
        without=phrases("not", common.without),
        off=phrases("off_topic", common.off_topic),
        doubtful=phrases("doubtful", common.doubtful),
        on=phrases("on_topic", common.on_topic),
        context=phrases("context", common.context),
        capitals=common.capitals,
    )


def _compile(written: Written, book: Book, classes: ClassFile, lexicon: Lexicon, topic: Topic, bit: int) -> Rule:
    text, common, place, family = written.text, written.common, written.place, written.family
    if not text.verbs and not text.phrases:
        mend = "give it 'verbs' or 'phrases'"
        if written.origin == "own" and (near := nearest(text.id, book.shipped)).startswith("did"):
            mend += f"; if it changes a shipped rule, {near}"
        raise place.wrong("id", f"the rule {text.id!r} has no trigger", mend)
    cls = classes.classes.get(text.cls)
    if family == OTHER:
        cls = EventClass(cameo="01", plover="", severity=Severity.LOW, words="")
    elif cls is None or not text.cls.startswith(family + "."):
        known = ", ".join(name for name in classes.classes if name.startswith(family))
        raise place.wrong("class", f"{text.cls!r} is no class of the family {family!r}", f"use one of {known}")
    cameo = text.cameo or cls.cameo
    if family != OTHER and cameo not in classes.goldstein:
        raise place.wrong("cameo", f"CAMEO code {cameo} has no Goldstein value", "add it to classes.yaml")
    roles = _roles(text.roles, common.roles)
    for role in RoleFinders.model_fields:
        for finder in getattr(roles, role):
            if finder not in FINDERS | lexicon.prepositions:
                mend = f"use one of {', '.join(sorted(FINDERS))}, or a preposition"
                raise place.wrong("roles", f"{finder!r} is no place to look for a {role}", mend)
    return Rule(
        id=text.id,
        family=family,
        cls=text.cls or OTHER,
        cameo=cameo,
        plover=cls.plover,
        goldstein=classes.goldstein.get(cameo, 0.0),
        severity=text.severity or cls.severity,
        strength=text.strength,
        object=Phrases(_expand(text.object, book, place, "object")),
        gap=text.gap,
        near=Phrases(_expand(text.near, book, place, "near")),
        without=Phrases(_expand(text.without, book, place, "not")),
        off_topic=Phrases(_expand(text.off_topic, book, place, "off_topic")),
        topic=topic,
        actors=text.actors,
        status=text.status,
        negated=text.negated,
        roles=roles,
        hit=tuple(example for example in text.hit if isinstance(example, Example)),
        miss=text.miss,
        file=place.document.file,
        line=place.line("id"),
        bit=bit,
        origin=written.origin,
    )


def _roles(own: RoleFinders | None, common: RoleFinders) -> RoleFinders:
    """A rule's own finders win, role by role, over those of its file."""
    if own is None:
        return common
    return common.model_copy(update={name: getattr(own, name) for name in own.model_fields_set})


def _expand(listed: Iterable[str], book: Book, place: Place, key: str, within: tuple[str, ...] = ()) -> list[str]:
    """Return phrases with the named sets among them replaced by what they hold."""
    found: list[str] = []
    for item in listed:
        name = item[1:]
        if not item.startswith("@"):
            found.append(item)
        elif name in within:
            raise place.wrong(key, f"the word set {item!r} holds itself", "write its words out")
        elif name in book.sets:
            found += _expand(book.sets[name], book, place, key, (*within, name))
        else:
            known = f"define it under 'words'; there are {', '.join(sorted(book.sets)) or 'none'}"
            raise place.wrong(key, f"there is no word set {item!r}", known)
    return found


def _index(
    rule: Rule,
    written: Written,
    book: Book,
    lexicon: Lexicon,
    verbs: dict[str, list[VerbTrigger]],
    phrases: dict[str, list[PhraseTrigger]],
) -> Keys:
    """Enter a rule's triggers under their first words; return the words that it needs to fire."""
    text, place = written.text, written.place
    needed: set[tuple[str, ...]] = set()
    for verb in _expand(text.verbs, book, place, "verbs"):
        *unchanged, changed = verb.split(maxsplit=1)[0].split("-")
        particles = tuple(intern(word.low) for word in words(verb))[len(unchanged) + 1 :]
        for word, forms in lexicon.forms(changed).items():
            first, *joined = *unchanged, word
            needed.add((first, *joined, *particles))
            verbs.setdefault(first, []).append(VerbTrigger(rule, _kept(frozenset(forms)), tuple(joined), particles))
    for first, listed in Phrases(_expand(text.phrases, book, place, "phrases")).by_first.items():
        phrases.setdefault(first, []).extend((rule, phrase) for phrase in listed)
        needed.update(listed)
    return needed, _keys(rule.object), _keys(rule.near)


def _by_second(listed: Iterable[PhraseTrigger]) -> dict[str, tuple[PhraseTrigger, ...]]:
    """Return phrases by their second word, the longest first."""
    found: dict[str, list[PhraseTrigger]] = {}
    for rule, phrase in sorted(listed, key=lambda item: -len(item[1])):
        found.setdefault("".join(phrase[1:2]), []).append((rule, phrase))
    return {second: tuple(several) for second, several in found.items()}


@cache
def _kept(forms: frozenset[Form]) -> frozenset[Form]:
    """Return one and the same set for all that are alike."""
    return forms


def _keys(phrases: Phrases) -> set[tuple[str, ...]]:
    return {phrase for listed in phrases.by_first.values() for phrase in listed}
