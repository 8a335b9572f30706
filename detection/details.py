"""What tells one act from another of the same kind between the same actors: place, ordinal, number, `again`.

A second strike has a place, a target or a number of its own, or is said to be the second. The number of the dead
is none of these: it grows while the event stays the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import cache
from typing import Any, Protocol

from pydantic import BaseModel, ConfigDict

from detection.actors import Actors
from detection.naming import Named
from detection.text import LEAD_SENTENCES, Word, is_in_lead, sentences, words
from detente import yamlfile
from detente.desk import SEEDS
from detente.models import Article, Mention

_WITHIN = 3  # words after an ordinal or a number that may name what is counted
_QUOTED = 6  # words between an office and its verb
_PLACES = frozenset({"", "capital", "place"})
_SPELLED = 0.85  # likeness of two spellings of one place: Mazar-e-Sharif, Mazar-i-Sharif
_NAMES = 60  # names of one lead that are kept
_NUMBER = re.compile(r"\d{1,3}(?:[,.]\d{3})*|\d+")
_SUFFIXES = frozenset({"st", "nd", "rd", "th"})


class _Words(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    counted: frozenset[str]
    again: tuple[str, ...]
    again_before: frozenset[str]
    again_things: frozenset[str]
    no_more: frozenset[str]
    uncounted: frozenset[str]
    killing: frozenset[str]
    place_prepositions: frozenset[str]
    of_other_acts: frozenset[str]
    sites: frozenset[str]
    saying: frozenset[str]
    offices: frozenset[str]
    ordinals: tuple[str, ...]
    numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Details:
    """The particulars of one act, as its article gives them.

    `ordinals` and `counts` are by what is counted (`package`: 13, `diplomat`: 12); `again` is the word that says that
    it was done before; `places` and `sites` are what the sentence names, `near` every name of the article's lead,
    all in lower case; `killed` is the number of the dead; `official` the office that is quoted (`ministry said`).
    """

    ordinals: Mapping[str, int] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    again: str | None = None
    places: frozenset[str] = frozenset()
    sites: frozenset[str] = frozenset()
    near: frozenset[str] = frozenset()
    killed: int | None = None
    official: str | None = None

    def facts(self) -> dict[str, Any]:
        """Return what is there as plain values: what `restore` reads."""
        found: dict[str, Any] = {
            "ordinals": dict(self.ordinals),
            "counts": dict(self.counts),
            "again": self.again,
            "places": sorted(self.places),
            "sites": sorted(self.sites),
            "near": sorted(self.near),
            "killed": self.killed,
            "official": self.official,
        }
        return {name: value for name, value in found.items() if value}


def restore(facts: Mapping[str, Any]) -> Details:
    """Return the details that `facts` were made of."""
    return Details(
        facts.get("ordinals", {}),
        facts.get("counts", {}),
        facts.get("again"),
        frozenset(facts.get("places", ())),
        frozenset(facts.get("sites", ())),
        frozenset(facts.get("near", ())),
        facts.get("killed"),
        facts.get("official"),
    )


def together(several: Iterable[Details]) -> Details:
    """Return the details of an event whose reports give these; of two numbers for one thing the first stands."""
    given = list(several)
    ordinals: dict[str, int] = {}
    counts: dict[str, int] = {}
    for item in given:
        ordinals = {**item.ordinals, **ordinals}
        counts = {**item.counts, **counts}
    return Details(
        ordinals,
        counts,
        next((item.again for item in given if item.again), None),
        frozenset().union(*(item.places for item in given)),
        frozenset().union(*(item.sites for item in given)),
        frozenset().union(*(item.near for item in given)),
        max((item.killed for item in given if item.killed), default=None),
        next((item.official for item in given if item.official), None),
    )


class _Placed(Protocol):
    """What names places: the details of an act, or the gist of a report."""

    @property
    def places(self) -> frozenset[str]: ...

    @property
    def near(self) -> frozenset[str]: ...


def are_elsewhere(one: _Placed, other: _Placed) -> bool:
    """Whether two acts are at two places: neither lead names the other's, not in another spelling either."""
    if not one.places or not other.places:
        return False
    pairs = ((one.places, other.near | other.places), (other.places, one.near | one.places))
    return not any(get_close_matches(place, names, 1, _SPELLED) for places, names in pairs for place in places)


def read(article: Article, mentions: Sequence[Mention], actors: Actors) -> tuple[Details, ...]:
    """Return the details of an article's mentions, in their order.

    A mention takes in its sentence and, where that stands in the lead, the headline.
    """
    if not mentions:
        return ()
    text, day = article.full_text, article.published_at.date()
    lead = sentences(text, LEAD_SENTENCES + 1)
    near = {name for item in lead for name in _names(item.words, actors.find(item.words, day, {}), actors)}
    return tuple(_read(text, mention, lead[0].words if lead else (), near, actors) for mention in mentions)


def lead_ordinals(parts: Sequence[Sequence[Word]], named: Sequence[Sequence[Named]]) -> dict[str, int]:
    """Return the ordinals of a lead, given its sentences and the actors that are named in each."""
    found: dict[str, int] = {}
    for part, actors in zip(parts, named, strict=True):
        taken = {place for item in actors for place in range(item.first, item.last + 1)}
        for position in range(len(part)):
            number = None if position in taken else _ordinal(part, position)
            if number is not None and (thing := _counted(part, position + 1, number)):
                found.setdefault(thing, number)
    return found


def _read(text: str, mention: Mention, headline: Sequence[Word], near: set[str], actors: Actors) -> Details:
    own = words(text, mention.sentence_start, mention.sentence_end)
    parts = [own] if not is_in_lead(text, mention.sentence_start) or headline[:1] == own[:1] else [own, headline]
    found = [_of_words(part, actors.find(part, None, {}), mention, actors) for part in parts]
    merged = together(found)
    near = near | _names(own, actors.find(own, None, {}), actors)
    return replace(merged, near=frozenset(sorted(near)[:_NAMES]), official=_official(own))


def _of_words(part: Sequence[Word], named: Sequence[Named], mention: Mention, actors: Actors) -> Details:
    lists = _lists()
    taken = {place for item in named for place in range(item.first, item.last + 1)}
    ordinals, counts, killed = dict[str, int](), dict[str, int](), None
    for position, word in enumerate(part):
        if position in taken:  # the 23 of M23 counts nothing
            continue
        if (number := _ordinal(part, position)) is not None:
            if thing := _counted(part, position + 1, number):
                ordinals.setdefault(thing, number)
        elif (number := _cardinal(word)) is not None:
            if _is_toll(part, position, lists.killing):
                killed = max(number, killed or 0)
            elif thing := _thing(part, position + 1):
                counts.setdefault(thing, number)
    return Details(
        ordinals,
        counts,
        _again(part, ordinals),
        frozenset(_places(part, named, mention, actors)),
        frozenset(singular for word in part if (singular := _singular(word.low)) in lists.sites),
        killed=killed,
    )


def _ordinal(part: Sequence[Word], position: int) -> int | None:
    low = part[position].low
    if low in _lists().ordinals:
        return _lists().ordinals.index(low) + 1
    following = part[position + 1] if position + 1 < len(part) else None
    if following is not None and low.isdigit() and following.low in _SUFFIXES and not following.before:
        return int(low)
    return None


def _cardinal(word: Word) -> int | None:
    if word.low in _lists().numbers:
        return _lists().numbers.index(word.low) + 1
    return int(re.sub("[,.]", "", word.low)) if _NUMBER.fullmatch(word.low) else None


def _counted(part: Sequence[Word], start: int, number: int) -> str | None:
    """Return what an ordinal counts off; `for the first time` counts nothing."""
    if start < len(part) and part[start].low in _SUFFIXES:
        start += 1
    found = (_singular(word.low) for word in part[start : start + _WITHIN])
    thing = next((thing for thing in found if thing in _lists().counted), None)
    return None if (thing, number) == ("time", 1) else thing


def _thing(part: Sequence[Word], start: int) -> str | None:
    """Return the plural noun within three words of a number: `12 French diplomats`."""
    for position in range(start, min(start + _WITHIN, len(part))):
        word = part[position]
        if any(mark in word.before for mark in ",;:"):
            return None
        if word.text.islower() and word.low.endswith("s") and not word.low.endswith("ss"):
            thing = _singular(word.low)
            return None if thing in _lists().uncounted else thing
    return None


def _is_toll(part: Sequence[Word], position: int, killing: frozenset[str]) -> bool:
    """Whether a number is that of the dead: `killed 12 people`, `12 people were killed`, `rose to 19`."""
    before = [word.low for word in part[max(0, position - 3) : position]]
    after = [word.low for word in part[position + 1 : position + 6]]
    if any(word in killing for word in before[-2:] + after) and not {"wounded", "injured"} & {*before[-1:], *after[:2]}:
        return True
    return before[-2:-1] in (["risen"], ["rises"], ["rose"]) and any(word.low in killing for word in part)


def _official(part: Sequence[Word]) -> str | None:
    """Return the office that a sentence quotes: `ministry said`, `said … spokesman`."""
    lists = _lists()
    for position, word in enumerate(part):
        if word.low in lists.saying:
            around = part[max(0, position - _QUOTED) : position + _QUOTED + 1]
            if office := next((other.low for other in around if _singular(other.low) in lists.offices), None):
                return f"{office} {word.low}"
    return None


def _again(part: Sequence[Word], ordinals: Mapping[str, int]) -> str | None:
    lists, lows = _lists(), [word.low for word in part]
    joined = f" {' '.join(lows)} "
    if said := next((phrase for phrase in lists.again if f" {phrase} " in joined), None):
        return said
    if number := next((number for number in ordinals.values() if number > 1), None):
        return lists.ordinals[number - 1] if number <= len(lists.ordinals) else f"{number}th"
    things = lists.counted | lists.again_things
    for position, low in enumerate(lows):
        if low in lists.again_before and (not position or lows[position - 1] not in lists.no_more):
            following = [_singular(other) for other in lows[position + 1 : position + 1 + _WITHIN]]
            if following[:1] != ["than"] and any(other in things for other in following):
                return low
    return None


def _places(part: Sequence[Word], named: Sequence[Named], mention: Mention, actors: Actors) -> set[str]:
    """Return the names behind a preposition or behind the words that prove the act; of actors only towns count."""
    lists, found = _lists(), set[str]()
    for first, last, how in _spans(part, named, actors):
        before = next((word.low for word in reversed(part[max(0, first - 2) : first]) if word.low != "the"), "")
        behind = part[first].start >= mention.start
        since = [word.low for word in part[:first] if word.start >= mention.start or part[-1].end <= mention.start]
        if lists.of_other_acts.intersection(since):  # in response to the attack in Pahalgam
            continue
        if how in _PLACES and (before in lists.place_prepositions or (first > 0 and behind)):
            found.add(" ".join(word.low for word in part[first : last + 1]))
    return found


def _names(part: Sequence[Word], named: Sequence[Named], actors: Actors) -> set[str]:
    """Return every name of a sentence that is no actor's, and the towns that stand for one."""
    spans = _spans(part, named, actors)
    return {" ".join(w.low for w in part[first : last + 1]) for first, last, how in spans if how in _PLACES}


def _spans(part: Sequence[Word], named: Sequence[Named], actors: Actors) -> list[tuple[int, int, str]]:
    """Return the names of a sentence: where each begins and ends, and how it names an actor (`""`: it names none).

    A region by its own name (`Kashmir`) is `region`, by that of a town or a part of it (`Poonch`) `place`.
    """
    of_actors = {place for item in named for place in range(item.first, item.last + 1)}
    found: list[tuple[int, int, str]] = []
    for item in named:
        said = " ".join(word.text for word in part[item.first : item.last + 1])
        is_region = item.how == "place" and said in actors.by_id[item.actor].names[:1]
        found.append((item.first, item.last, "region" if is_region else item.how))
    if all(word.text[:1].isupper() for word in part if len(word.text) > 3):  # Where All Is Written Like This
        return found
    position = 0
    while position < len(part):
        last = position
        while last < len(part) and last not in of_actors and _is_name(part, last, position):
            last += 1
        if last > position:
            found.append((position, last - 1, ""))
        position = max(last, position + 1)
    return found


def _is_name(part: Sequence[Word], position: int, first: int) -> bool:
    word = part[position]
    if not word.text[:1].isupper() or word.low in _calendar() or len(word.text) < 3:
        return False
    return position > 0 and (position == first or word.before in {" ", "-"})


def _singular(low: str) -> str:
    if low.endswith("ies") and len(low) > 4:
        return f"{low[:-3]}y"
    return low[:-1] if low.endswith("s") and not low.endswith("ss") else low


@cache
def _lists() -> _Words:
    return yamlfile.validate(_Words, yamlfile.load(SEEDS / "language" / "en-details.yaml"))


@cache
def _calendar() -> frozenset[str]:
    months = "january february march april may june july august september october november december"
    return frozenset(f"{months} monday tuesday wednesday thursday friday saturday sunday".split())
