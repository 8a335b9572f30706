"""What rule files hold, as people write them, and how a desk's own files lie over the shipped ones.

The models are also what the JSON Schema of `seeds/schemas/` is made from, so each field says what it is for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from detection.lexicon import plurals
from detection.overlay import SHIPPED, Origin, Place, Shipped, laid_over, nearest, refuse_shipped, spliced, switched_off
from detente import yamlfile
from detente.errors import ConfigError
from detente.models import Severity, Status

Files = list[tuple["RuleFile", yamlfile.Document]]


_NO_NOUN_AFTER = (" a", " an", " at", " by", " for", " from", " in", " of", " on", " the", " to", " with")

OTHER = "other"
FINDERS = frozenset({"subject", "object", "affected", "possessor", "behind", "inside", "before", "rest", "agent"})
"""Places to look for actors; any other word in `roles` must be a preposition."""


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Example(_Entry):
    """A sentence that a rule must hit, with what is expected of it (an empty role is not checked)."""

    text: str
    status: Status = Field(Status.REPORTED, description="whether it happened, as it must be understood")
    source: tuple[str, ...] = Field((), description="ids of exactly these actors")
    target: tuple[str, ...] = ()
    mediator: tuple[str, ...] = ()
    party: tuple[str, ...] = ()


class RoleFinders(_Entry):
    """For each role the places to look, in order: those of `FINDERS`, or a preposition."""

    source: tuple[str, ...] = Field((), description="who acts")
    target: tuple[str, ...] = Field((), description="on whom or toward whom")
    mediator: tuple[str, ...] = Field((), description="the third party")
    party: tuple[str, ...] = Field((), description="the sides of the conflict")


class RuleText(_Entry):
    """A rule as it is written."""

    id: str = Field(pattern=r"^[a-z0-9_.-]+$", description="its name; that of a shipped rule changes the shipped rule")
    cls: str = Field("", alias="class", description="the class of event that it finds")
    cameo: str | None = Field(None, pattern=r"^\d{2,4}$", description="a finer CAMEO code than the class's own")
    severity: Severity | None = Field(None, description="where it is not the class's own")
    strength: int = Field(3, ge=1, le=5, description="where two rules want the same words, the stronger one has them")
    verbs: tuple[str, ...] = Field((), description="trigger: any form of one of these: call off, machine-gun")
    object: tuple[str, ...] = Field((), description="what must follow the trigger within the gap")
    gap: int = Field(8, ge=0, le=30, description="words that may stand between trigger and object")
    phrases: tuple[str, ...] = Field((), description="trigger: these words as they stand; a|b is either word")
    near: tuple[str, ...] = Field((), description="one of these must stand in the sentence")
    without: tuple[str, ...] = Field((), alias="not", description="none of these may stand in the sentence")
    off_topic: tuple[str, ...] = Field((), description="words of another matter; see the file's own off_topic")
    actors: int = Field(0, ge=0, le=5, description="at least so many known actors in the sentence")
    status: Status | None = Field(None, description="decided by the rule itself")
    negated: bool = Field(default=False, description="fires only under a negation: will not accept")
    roles: RoleFinders | None = Field(None, description="where source, target, mediator and party are looked for")
    hit: tuple[Example | Shipped, ...] = Field((), description="sentences that it must hit")
    miss: tuple[str, ...] = Field((), description="sentences in which nothing of its class may be found")


class RuleFile(_Entry):
    """A file of rules. Lists take words, fixed phrases, and `@name` for a named set of words."""

    family: Literal["", "mediation", "talks", "deescalation", "escalation", "other"] = Field(
        "", description="of all rules in this file; left out, each rule's class says it"
    )
    words: dict[str, tuple[str, ...]] = Field({}, description="named sets of words, shared by all files as @name")
    nouns: dict[str, tuple[str, ...]] = Field({}, description="the same of English nouns: their plurals are meant too")
    without: tuple[str, ...] = Field((), alias="not", description="what no rule of this file may stand with")
    off_topic: tuple[str, ...] = Field((), description="words of another matter (sport, weather); they silence a rule")
    doubtful: tuple[str, ...] = Field((), description="words that may be of another matter; two weigh as one off_topic")
    on_topic: tuple[str, ...] = Field((), description="words of this file's matter; they outweigh off_topic")
    capitals: bool = Field(default=False, description="raise nothing from a text that has no capital letter")
    context: tuple[str, ...] = Field((), description="where no actor is named, one of these must stand in the sentence")
    roles: RoleFinders = Field(RoleFinders(), description="where to look, unless a rule says otherwise")
    off: tuple[str, ...] = Field((), description="ids of shipped rules that are not to fire")
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
class Written:
    """A rule as it is to be compiled: its text, what its file says of all its rules, and where it stands."""

    text: RuleText
    common: RuleFile
    place: Place
    origin: Origin

    @property
    def family(self) -> str:
        """What its file says, or else its class."""
        return self.common.family or self.text.cls.partition(".")[0]


@dataclass(frozen=True, slots=True)
class Book:
    """All rules as written, those of a desk over the shipped ones; the named sets of words; the shipped ids."""

    rules: tuple[Written, ...]
    sets: Mapping[str, tuple[str, ...]]
    shipped: frozenset[str]


def read_rules(folder: Path, own: Path | None = None) -> Book:
    """Read a folder of shipped rules, and the folder of a desk that lies over it.

    A rule of `own` that bears a shipped rule's id changes that rule: what it says wins, what it leaves out stays as
    shipped; likewise with the common fields of its file. A set of words takes the place of the shipped one.

    Raises:
        ConfigError: a file is wrong, an id stands twice, or `off` names no shipped rule.
    """
    files = _read(folder)
    shipped = _by_id(
        Written(text, content, Place(document, ("rules", number)), "shipped")
        for content, document in files
        for number, text in enumerate(content.rules)
    )
    switched_off("rule", ((content.off, document) for content, document in files), (), {})
    over = _read(own) if own else []
    mine = _by_id(
        _written(text, content, Place(document, ("rules", number)), shipped)
        for content, document in over
        for number, text in enumerate(content.rules)
    )
    off = switched_off("rule", ((content.off, document) for content, document in over), shipped, mine)
    rules = tuple(rule for name, rule in {**shipped, **mine}.items() if name not in off)
    if not rules:
        raise ConfigError(folder, None, "no rule is listed", "restore the files that came with Détente")
    return Book(rules, _word_sets(over, _word_sets(files, {})), frozenset(shipped))


def _read(folder: Path) -> Files:
    documents = map(yamlfile.load, sorted(folder.glob("*.yaml")))
    return [(yamlfile.validate(RuleFile, document), document) for document in documents]


def _by_id(rules: Iterable[Written]) -> dict[str, Written]:
    found: dict[str, Written] = {}
    for rule in rules:
        if rule.text.id in found:
            raise rule.place.wrong("id", f"the rule {rule.text.id!r} exists already", "give it another id")
        found[rule.text.id] = rule
    return found


def _written(text: RuleText, common: RuleFile, place: Place, shipped: Mapping[str, Written]) -> Written:
    """A desk's rule: over the shipped one of its id, or a new one."""
    below = shipped.get(text.id)
    if below is None:
        refuse_shipped(text, "rule", place)
        return Written(text, common, place, "own")
    return Written(laid_over(below.text, text), laid_over(below.common, common), place, "changed")


def _word_sets(files: Files, shipped: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    mine: dict[str, tuple[str, ...]] = {}
    for content, document in files:
        nouns = {name: _with_plurals(listed) for name, listed in content.nouns.items()}
        for name, listed in (*content.words.items(), *nouns.items()):
            line = document.line(("words", name)) or document.line(("nouns", name))
            if name in mine:
                raise ConfigError(document.file, line, f"the word set {name!r} exists already", "give it another name")
            if SHIPPED in listed and name not in shipped:
                problem = f"{SHIPPED!r} means nothing in the word set {name!r}, which is not shipped"
                raise ConfigError(document.file, line, problem, nearest(name, shipped))
            mine[name] = spliced(listed, shipped.get(name, ()))
    return {**shipped, **mine}


def _with_plurals(nouns: Iterable[str]) -> tuple[str, ...]:
    """Return nouns with the plurals of those that stand in the singular; `ban on` ends with no noun and has none."""
    single = (noun for noun in nouns if not noun.startswith("@") and _is_singular(noun))
    return tuple(dict.fromkeys((*nouns, *(form for noun in single for form in plurals(noun)))))


def _is_singular(noun: str) -> bool:
    return noun.endswith("ss") or not noun.endswith(("s", *_NO_NOUN_AFTER))


def verbs_of(book: Book) -> frozenset[str]:
    """Return the verbs that trigger rules, those of named sets included."""
    return frozenset(
        verb
        for written in book.rules
        for item in written.text.verbs
        for verb in (book.sets.get(item[1:], ()) if item.startswith("@") else (item,))
    )
