"""Actors: who there is, read from files that list states, organisations, armed groups, agencies, movements, regions.

How their names are found in a sentence stands in `detection.naming`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from detection.naming import NO_OFFICES, Bearer, Entry, Named, Names, OfficeWords, surnames_of
from detection.overlay import Place, Shipped, laid_over, nearest, refuse_shipped, switched_off
from detection.text import Word
from detente import yamlfile
from detente.errors import ConfigError

_WORD_LISTS = ("masks", "cased", "shouted")

Kind = Literal["state", "organisation", "agency", "armed_group", "movement", "region"]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Person(_Entry):
    """Somebody who speaks for an actor, from one day to another (None: still).

    `names` are full names. `surnames` stand for the person once the text has given one of these, or behind a title
    (`President Clinton`); where none is listed they are the names' last words.
    """

    names: tuple[str, ...] = Field(min_length=1)
    surnames: tuple[str, ...] = ()
    office: str
    since: date | None = Field(None, alias="from")
    until: date | None = Field(None, alias="to")


class Actor(_Entry):
    """One actor as its file describes it. A desk's file may leave out what a shipped actor of the id has.

    `adjectives` are demonyms (Russian, Russians); `capitals` and `seats` stand for the government (Moscow, the
    Kremlin); `places` are cities and provinces: what happens there happens to the state, which does not act by them;
    `concerns` are the states that a region belongs to or is claimed by. With `surname_first` its people say the surname
    first (Xi Jinping).
    """

    id: str = Field(min_length=2, pattern=r"^[A-Za-z][A-Za-z0-9_-]*$")
    kind: Kind | None = None
    names: tuple[str, ...] = Field((), description="the first one is shown")
    adjectives: tuple[str, ...] = Field((), description="Russian, Russians")
    capitals: tuple[str, ...] = Field((), description="stand for the government")
    seats: tuple[str, ...] = Field((), description="Kremlin: stand for the government")
    people: tuple[Person | Shipped, ...] = Field((), description="who speaks for it, and when")
    surname_first: bool = Field(default=False, description="its people say the surname first")
    places: tuple[str, ...] = ()
    concerns: tuple[str, ...] = Field((), description="of a region: ids of the states that own or claim it")

    def entries(self) -> Iterator[Entry]:
        """Return every name of the actor and of its people."""
        for how, names in (("name", self.names), ("adjective", self.adjectives), ("capital", self.capitals),
                           ("seat", self.seats)):  # fmt: skip
            for name in names:
                yield Entry(name, self.id, "place" if how == "name" and self.kind == "region" else how)  # type: ignore[arg-type]  # mypy widens the strings of a tuple
        for name in self.places:
            yield Entry(name, self.id, "place")
        for person in self.people:
            if not isinstance(person, Person):
                continue  # none is left once a desk's entry lies over the shipped one
            surnames = person.surnames or surnames_of(person.names, first=self.surname_first)
            last_words = tuple(surname.replace("-", " ").split()[-1] for surname in surnames)
            bearer = Bearer(self.id, person.office, last_words, person.since, person.until)
            for name in person.names:
                yield Entry(name, self.id, "person", bearer)


class ActorFile(_Entry):
    """What `actors/*.yaml` holds.

    `masks` are phrases that contain an actor's name and mean another thing. `cased` are names that are other words
    in small letters (turkey, us), `shouted` those that are other words in capitals (WHO): where a whole sentence is
    written so, they name nobody.
    """

    origin: str = ""
    license: str = ""
    checked: date | None = None
    actors: tuple[Actor, ...] = ()
    masks: tuple[str, ...] = ()
    cased: tuple[str, ...] = ()
    shouted: tuple[str, ...] = ()
    off: tuple[str, ...] = Field((), description="ids of shipped actors that are not to be known")


class Actors:
    """All actors of a desk, ready to be found in sentences."""

    def __init__(
        self,
        actors: Iterable[Actor],
        masks: Iterable[str] = (),
        cased: Iterable[str] = (),
        shouted: Iterable[str] = (),
        offices: OfficeWords = NO_OFFICES,
    ) -> None:
        self.by_id: dict[str, Actor] = {actor.id: actor for actor in actors}
        entries = [Entry(mask, None, "name") for mask in masks]
        entries += [entry for actor in self.by_id.values() for entry in actor.entries()]
        self._names = Names(entries, offices, frozenset(cased), frozenset(shouted))

    def names(self) -> dict[str, str]:
        """Return every actor's display name by id."""
        return {actor.id: actor.names[0] for actor in self.by_id.values()}

    def concerns(self) -> dict[str, tuple[str, ...]]:
        """Return for each region the states that it belongs to or is claimed by."""
        return {actor.id: actor.concerns for actor in self.by_id.values() if actor.concerns}

    def find(self, sentence: Sequence[Word], day: date | None, surnames: dict[str, str]) -> list[Named]:
        """Return the actors named in a sentence: see `detection.naming.Names.find`."""
        return self._names.find(sentence, day, surnames)


def load_actors(folder: Path, *layers: Path, offices: OfficeWords = NO_OFFICES) -> Actors:
    """Read every `*.yaml` of a folder of shipped actors, and those of folders that lie over it, one over the other.

    An actor of a layer that bears an id of those below changes that actor: what it says wins, what it leaves out
    stays. `offices` are the language's words for who speaks for an actor.

    Raises:
        ConfigError: a file is wrong, an id stands twice, `off` names no actor below, or no actor is left.
    """
    read = _read(folder)
    actors = _by_id(read, {})
    switched_off("actor", ((content.off, document) for content, document in read), (), {})
    for layer in layers:
        over = _read(layer)
        mine = _by_id(over, actors)
        off = switched_off("actor", ((content.off, document) for content, document in over), actors, mine)
        actors = {name: actor for name, actor in {**actors, **mine}.items() if name not in off}
        read += over
    if not actors:
        raise ConfigError(folder, None, "no actor is listed", "restore the files that came with Détente")
    masks, cased, shouted = ([w for content, _ in read for w in getattr(content, key)] for key in _WORD_LISTS)
    return Actors(actors.values(), masks, cased, shouted, offices)


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
    refuse_shipped(actor, "actor", place)
    missing = next((name for name in ("kind", "names") if not getattr(actor, name)), None)
    if missing is None:
        return actor
    near = nearest(actor.id, shipped)
    mend = f"add '{missing}: …'" + (f"; if it changes a shipped actor, {near}" if near.startswith("did") else "")
    raise place.wrong("id", f"the actor {actor.id!r} has no {missing!r}", mend)
