"""Actors: who is named in a text, and by which words.

An actor file lists states, organisations, armed groups, agencies, movements and regions with the words that
name them. Names are matched as written (case counts): `us` is no country. The longest name wins, so `South
Sudan` is not Sudan and a mask such as `Michael Jordan` names nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from detection.overlay import Place, laid_over, nearest, switched_off
from detection.text import Word, words
from detente import yamlfile
from detente.errors import ConfigError

Kind = Literal["state", "organisation", "agency", "armed_group", "movement", "region"]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Person(_Entry):
    """Somebody who speaks for an actor, from one day to another (None: still)."""

    names: tuple[str, ...] = Field(min_length=1)
    office: str
    since: date | None = Field(None, alias="from")
    until: date | None = Field(None, alias="to")

    def holds_office(self, day: date | None) -> bool:
        """Whether the office is held on `day`; True where the day is not known."""
        if day is None:
            return True
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


class Actor(_Entry):
    """One actor as its file describes it. A desk's file may leave out what a shipped actor of the id has.

    `adjectives` are demonyms (Russian, Russians); `capitals` and `seats` stand for the government (Moscow, the
    Kremlin); `concerns` are the states that a region belongs to or is claimed by.
    """

    id: str = Field(min_length=2, pattern=r"^[A-Za-z][A-Za-z0-9_-]*$")
    kind: Kind | None = None
    names: tuple[str, ...] = ()
    adjectives: tuple[str, ...] = ()
    capitals: tuple[str, ...] = ()
    seats: tuple[str, ...] = ()
    people: tuple[Person, ...] = ()
    concerns: tuple[str, ...] = ()


class ActorFile(_Entry):
    """What `actors/*.yaml` holds. `masks` are phrases that contain an actor's name and mean another thing."""

    origin: str = ""
    license: str = ""
    checked: date | None = None
    actors: tuple[Actor, ...] = ()
    masks: tuple[str, ...] = ()
    off: tuple[str, ...] = Field((), description="ids of shipped actors that are not to be known")


@dataclass(frozen=True, slots=True)
class Named:
    """Words `first` to `last` (inclusive) of a sentence name `actor`; `how` says by which kind of word.

    A `place` is a region: acts happen there, it does not act.
    """

    actor: str
    first: int
    last: int
    how: Literal["name", "adjective", "capital", "seat", "person", "place"]


_Value = tuple[str | None, str, Person | None]  # the actor (None: a mask), by which kind of word, who


@dataclass(slots=True)
class _Node:
    next: dict[str, _Node] = field(default_factory=dict)
    values: list[_Value] = field(default_factory=list)

    def value(self, day: date | None) -> _Value | None:
        """What the words up to here name: a person only while in office, and only if they name nothing else."""
        others = (value for value in self.values if value[2] is None)
        served = (value for value in self.values if value[2] is not None and value[2].holds_office(day))
        return next(iter((*others, *served)), None)


class Actors:
    """All actors of a desk, ready to be found in sentences."""

    def __init__(self, actors: Iterable[Actor], masks: Iterable[str] = ()) -> None:
        self.by_id: dict[str, Actor] = {actor.id: actor for actor in actors}
        self._root = _Node()
        for mask in masks:
            self._add(mask, None, "mask", None)
        for actor in self.by_id.values():
            for how, names in (
                ("place" if actor.kind == "region" else "name", actor.names),
                ("adjective", actor.adjectives),
                ("capital", actor.capitals),
                ("seat", actor.seats),
            ):
                for name in names:
                    self._add(name, actor.id, how, None)
            for person in actor.people:
                for name in person.names:
                    self._add(name, actor.id, "person", person)

    def names(self) -> dict[str, str]:
        """Return every actor's display name by id."""
        return {actor.id: actor.names[0] for actor in self.by_id.values()}

    def concerns(self) -> dict[str, tuple[str, ...]]:
        """Return for each region the states that it belongs to or is claimed by."""
        return {actor.id: actor.concerns for actor in self.by_id.values() if actor.concerns}

    def find(self, sentence: Sequence[Word], day: date | None, surnames: dict[str, str]) -> list[Named]:
        """Return the actors named in a sentence, in order, longest match first, none overlapping.

        Args:
            sentence: its words.
            day: the day of the text; people count only while in office.
            surnames: surnames of people whom the text has named in full so far, with their actors; full names
                found here are added to it.
        """
        found: list[Named] = []
        position = 0
        while position < len(sentence):
            last, value = self._longest(sentence, position, day)
            if value is None:
                if actor := surnames.get(sentence[position].text):
                    found.append(Named(actor, position, position, "person"))
                position += 1
                continue
            actor_id, how, person = value
            if actor_id is not None:
                found.append(Named(actor_id, position, last, how))  # type: ignore[arg-type]  # masks have no actor
                if person is not None and last > position and _is_surname(sentence[last].text):
                    surnames[sentence[last].text] = actor_id
            position = last + 1
        return found

    def _add(self, name: str, actor: str | None, how: str, person: Person | None) -> None:
        node = self._root
        for word in words(name):
            node = node.next.setdefault(word.text, _Node())
        if how in {"name", "place"}:
            node.values.insert(0, (actor, how, person))
        elif person or not any(value[2] is None for value in node.values):
            node.values.append((actor, how, person))

    def _longest(self, sentence: Sequence[Word], start: int, day: date | None) -> tuple[int, _Value | None]:
        node, best, last = self._root, None, start
        for position in range(start, len(sentence)):
            following = node.next.get(sentence[position].text)
            if following is None:
                break
            node = following
            if found := node.value(day):
                best, last = found, position
        return last, best


def _is_surname(word: str) -> bool:
    """Whether the last word of a full name stands for the person: not `III`, `in` of Moon Jae-in, or `Jr`."""
    return word[:1].isupper() and len(word) > 2 and not word.isupper()


def load_actors(folder: Path, own: Path | None = None) -> Actors:
    """Read every `*.yaml` of a folder of shipped actors, and those of a desk that lie over them.

    An actor of `own` that bears a shipped id changes that actor: what it says wins, what it leaves out stays.

    Raises:
        ConfigError: a file is wrong, an id stands twice, `off` names no shipped actor, or no actor is left.
    """
    files, over = _read(folder), _read(own) if own else []
    shipped = _by_id(files, {})
    mine = _by_id(over, shipped)
    switched_off("actor", ((content.off, document) for content, document in files), (), {})
    off = switched_off("actor", ((content.off, document) for content, document in over), shipped, mine)
    actors = {name: actor for name, actor in {**shipped, **mine}.items() if name not in off}
    if not actors:
        raise ConfigError(folder, None, "no actor is listed", "restore the files that came with Détente")
    return Actors(actors.values(), [mask for content, _ in (*files, *over) for mask in content.masks])


def _read(folder: Path) -> list[tuple[ActorFile, yamlfile.Document]]:
    documents = map(yamlfile.load, sorted(folder.glob("*.yaml")))
    return [(yamlfile.validate(ActorFile, document), document) for document in documents]


def _by_id(files: Iterable[tuple[ActorFile, yamlfile.Document]], shipped: Mapping[str, Actor]) -> dict[str, Actor]:
    """Return the actors of files, over those of their ids in `shipped`."""
    actors: dict[str, Actor] = {}
    for content, document in files:
        for number, actor in enumerate(content.actors):
            place = Place(document, ("actors", number))
            if actor.id in actors:
                raise place.wrong("id", f"the actor {actor.id!r} is listed already", "merge the two entries")
            actors[actor.id] = _over(shipped, actor, place)
    return actors


def _over(shipped: Mapping[str, Actor], actor: Actor, place: Place) -> Actor:
    if actor.id in shipped:
        return laid_over(shipped[actor.id], actor)
    missing = next((name for name in ("kind", "names") if not getattr(actor, name)), None)
    if missing is None:
        return actor
    near = nearest(actor.id, shipped)
    mend = f"add '{missing}: …'" + (f"; if it changes a shipped actor, {near}" if near.startswith("did") else "")
    raise place.wrong("id", f"the actor {actor.id!r} has no {missing!r}", mend)
