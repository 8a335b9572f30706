"""Rules: what an analyst writes in YAML, checked, and compiled so that cost grows with hits and not with rules.

A rule's trigger is a verb (any of its forms) or a fixed phrase; where the rule has an `object`, that must follow
within `gap` words. `near` must stand somewhere in the sentence, `not` must not. `roles` say where source, target,
mediator and party are looked for: the first place that names somebody wins, `detection.roles` lists the places. A
rule that is `negated` fires only where its trigger is (`will not accept mediation`). Where a sentence names no
actor, a word of its file's `context` must stand in it.
Rules of the family `other` are no events: what they govern (`accused India of firing`) is no event either.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from detection.index import Keys, RuleIndex, build_index, key_of, tokens
from detection.lexicon import Form, Lexicon, Phrases
from detection.text import words
from detente import yamlfile
from detente.errors import ConfigError
from detente.models import Severity, Status

OTHER = "other"
FINDERS = frozenset({"subject", "object", "possessor", "inside", "before", "rest", "agent"})
"""Places to look for actors; any other word in `roles` must be a preposition."""


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Example(_Entry):
    """A sentence that a rule must hit, with what is expected of it (an empty role is not checked)."""

    text: str
    status: Status = Status.REPORTED
    source: tuple[str, ...] = ()
    target: tuple[str, ...] = ()
    mediator: tuple[str, ...] = ()
    party: tuple[str, ...] = ()


class RoleFinders(_Entry):
    """For each role the places to look, in order: those of `FINDERS`, or a preposition."""

    source: tuple[str, ...] = ()
    target: tuple[str, ...] = ()
    mediator: tuple[str, ...] = ()
    party: tuple[str, ...] = ()


class RuleText(_Entry):
    """A rule as it is written."""

    id: str = Field(pattern=r"^[a-z0-9_.-]+$")
    cls: str = Field("", alias="class")
    cameo: str | None = Field(None, pattern=r"^\d{2,4}$")
    severity: Severity | None = None
    strength: int = Field(3, ge=1, le=5)
    verbs: tuple[str, ...] = ()
    object: tuple[str, ...] = ()
    gap: int = Field(8, ge=0, le=30)
    phrases: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    without: tuple[str, ...] = Field((), alias="not")
    actors: int = Field(0, ge=0, le=5)
    status: Status | None = None
    negated: bool = False
    roles: RoleFinders | None = None
    hit: tuple[Example, ...] = ()
    miss: tuple[str, ...] = ()


class RuleFile(_Entry):
    """What `rules/*.yaml` holds. `words` are named sets, shared by all files as `@name`."""

    family: str = Field(pattern=r"^(mediation|talks|deescalation|escalation|other)$")
    words: dict[str, tuple[str, ...]] = {}
    without: tuple[str, ...] = Field((), alias="not")
    context: tuple[str, ...] = ()
    roles: RoleFinders = RoleFinders()
    rules: tuple[RuleText, ...] = ()


class EventClass(_Entry):
    """What `classes.yaml` says of a class."""

    cameo: str
    plover: str
    severity: Severity
    words: str


class ClassFile(_Entry):
    """What `classes.yaml` holds."""

    classes: dict[str, EventClass]
    goldstein: dict[str, float]


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
    context: Phrases
    actors: int
    status: Status | None
    negated: bool
    roles: RoleFinders
    hit: tuple[Example, ...]
    miss: tuple[str, ...]
    file: Path
    line: int | None
    number: int


@dataclass(frozen=True, slots=True)
class VerbTrigger:
    """A form of a rule's verb: its forms' names, and the words that must follow at once (`off` of `call off`)."""

    rule: Rule
    forms: frozenset[Form]
    particles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RuleSet:
    """All rules of a desk, by the first word of their triggers; a rule's `number` is its place and its bit.

    `events` is the mask of the rules that raise something: all but those of the family `other`.
    """

    rules: tuple[Rule, ...]
    verbs: Mapping[str, tuple[VerbTrigger, ...]]
    phrases: Mapping[str, tuple[tuple[Rule, tuple[str, ...]], ...]]
    classes: Mapping[str, EventClass]
    index: RuleIndex
    events: int

    def live(self, text: str) -> int:
        """Return the mask of the rules that the words of a text leave possible; 0 where it can raise nothing."""
        live = self.index.live(tokens(text))
        return live if live & self.events else 0


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


def load_rules(folder: Path, classes: ClassFile, lexicon: Lexicon) -> RuleSet:
    """Read every `*.yaml` of a folder of rules.

    Raises:
        ConfigError: a file is wrong: names file, line and mend. One broken rule refuses the whole set, so that
            none is silently missing.
    """
    read = [
        (yamlfile.validate(RuleFile, document), document)
        for document in map(yamlfile.load, sorted(folder.glob("*.yaml")))
    ]
    if not any(content.rules for content, _ in read):
        raise ConfigError(folder, None, "no rule is listed", "restore the files with 'detente init' in a new folder")
    sets = _word_sets(read)
    rules: dict[str, Rule] = {}
    verbs: dict[str, list[VerbTrigger]] = {}
    phrases: dict[str, list[tuple[Rule, tuple[str, ...]]]] = {}
    keys: list[Keys] = []
    for content, document in read:
        for number, text in enumerate(content.rules):
            place = _Place(document, number)
            rule = _compile(text, content, classes, sets, lexicon, place, len(rules))
            if rule.id in rules:
                raise place.wrong("id", f"the rule {rule.id!r} exists already", "give it another id")
            rules[rule.id] = rule
            keys.append(_index(rule, text, place, sets, lexicon, verbs, phrases))
    return RuleSet(
        index=build_index(keys),
        events=sum(1 << rule.number for rule in rules.values() if rule.family != OTHER),
        rules=tuple(rules.values()),
        verbs={word: tuple(triggers) for word, triggers in verbs.items()},
        phrases={word: tuple(sorted(listed, key=lambda p: -len(p[1]))) for word, listed in phrases.items()},
        classes=classes.classes,
    )


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a rule stands in its file."""

    document: yamlfile.Document
    number: int

    def line(self, key: str) -> int | None:
        return self.document.line(("rules", self.number, key))

    def wrong(self, key: str, problem: str, mend: str) -> ConfigError:
        return ConfigError(self.document.file, self.line(key), problem, mend)


def _word_sets(read: Iterable[tuple[RuleFile, yamlfile.Document]]) -> dict[str, tuple[str, ...]]:
    sets: dict[str, tuple[str, ...]] = {}
    for content, document in read:
        for name, listed in content.words.items():
            if name in sets:
                line = document.line(("words", name))
                raise ConfigError(document.file, line, f"the word set {name!r} exists already", "give it another name")
            sets[name] = listed
    return sets


def _compile(
    text: RuleText,
    content: RuleFile,
    classes: ClassFile,
    sets: dict[str, tuple[str, ...]],
    lexicon: Lexicon,
    place: _Place,
    number: int,
) -> Rule:
    if not text.verbs and not text.phrases:
        raise place.wrong("id", f"the rule {text.id!r} has no trigger", "give it 'verbs' or 'phrases'")
    cls = classes.classes.get(text.cls)
    if content.family == OTHER:
        cls = EventClass(cameo="01", plover="", severity=Severity.LOW, words="")
    elif cls is None or not text.cls.startswith(content.family + "."):
        known = ", ".join(name for name in classes.classes if name.startswith(content.family))
        raise place.wrong("class", f"{text.cls!r} is no class of the family {content.family!r}", f"use one of {known}")
    cameo = text.cameo or cls.cameo
    if content.family != OTHER and cameo not in classes.goldstein:
        raise place.wrong("cameo", f"CAMEO code {cameo} has no Goldstein value", "add it to classes.yaml")
    roles = _roles(text.roles, content.roles)
    for role in RoleFinders.model_fields:
        for finder in getattr(roles, role):
            if finder not in FINDERS | lexicon.prepositions:
                mend = f"use one of {', '.join(sorted(FINDERS))}, or a preposition"
                raise place.wrong("roles", f"{finder!r} is no place to look for a {role}", mend)
    return Rule(
        id=text.id,
        family=content.family,
        cls=text.cls or OTHER,
        cameo=cameo,
        plover=cls.plover,
        goldstein=classes.goldstein.get(cameo, 0.0),
        severity=text.severity or cls.severity,
        strength=text.strength,
        object=Phrases(_expand(text.object, sets, place, "object")),
        gap=text.gap,
        near=Phrases(_expand(text.near, sets, place, "near")),
        without=Phrases(_expand(text.without + content.without, sets, place, "not")),
        context=Phrases(_expand(content.context, sets, place, "context")),
        actors=text.actors,
        status=text.status,
        negated=text.negated,
        roles=roles,
        hit=text.hit,
        miss=text.miss,
        file=place.document.file,
        line=place.line("id"),
        number=number,
    )


def _roles(own: RoleFinders | None, common: RoleFinders) -> RoleFinders:
    """A rule's own finders win, role by role, over those of its file."""
    if own is None:
        return common
    return common.model_copy(update={name: getattr(own, name) for name in own.model_fields_set})


def _expand(listed: Iterable[str], sets: dict[str, tuple[str, ...]], place: _Place, key: str) -> list[str]:
    found: list[str] = []
    for item in listed:
        if not item.startswith("@"):
            found.append(item)
        elif item[1:] in sets:
            found += _expand(sets[item[1:]], sets, place, key)
        else:
            raise place.wrong(
                key, f"there is no word set {item!r}", f"define it under 'words': {', '.join(sorted(sets))}"
            )
    return found


def _index(
    rule: Rule,
    text: RuleText,
    place: _Place,
    sets: dict[str, tuple[str, ...]],
    lexicon: Lexicon,
    verbs: dict[str, list[VerbTrigger]],
    phrases: dict[str, list[tuple[Rule, tuple[str, ...]]]],
) -> Keys:
    """Enter a rule's triggers under their first words; return the words that it needs to fire."""
    needed: set[str] = set()
    for verb in _expand(text.verbs, sets, place, "verbs"):
        particles = tuple(word.low for word in words(verb))[1:]
        for word, forms in lexicon.forms(verb).items():
            needed.add(key_of([word]))
            verbs.setdefault(word, []).append(VerbTrigger(rule, frozenset(forms), particles))
    for first, listed in Phrases(_expand(text.phrases, sets, place, "phrases")).by_first.items():
        phrases.setdefault(first, []).extend((rule, phrase) for phrase in listed)
        needed.update(key_of(phrase) for phrase in listed)
    return needed, _keys(rule.object), _keys(rule.near)


def _keys(phrases: Phrases) -> set[str]:
    return {key_of(phrase) for listed in phrases.by_first.values() for phrase in listed}
