"""Finding actors in a sentence: names, offices, persons by full name, by title and surname, or by surname alone.

A name counts as it is written: `us` is no country and `china` no state. Where a sentence is written wholly in
small letters, or wholly in capitals, the letters say nothing: then names are compared without them, but for those
that are ordinary words in small letters (`cased`, such as turkey, jordan, us) or in capitals (`shouted`: WHO).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from detection.text import Word, words

How = Literal["name", "adjective", "capital", "seat", "person", "place", "reference"]
Case = Literal["mixed", "lower", "upper"]

_PARTICLES = frozenset(
    {"al", "el", "bin", "ben", "ibn", "abu", "de", "da", "dos", "di", "van", "von", "der", "ould", "arap"}
)
_LONGEST_SURNAME = 4
"""Words that may stand between a title and the last word of a surname, with it: `al Assad`, `van der Bellen`."""


@dataclass(frozen=True, slots=True)
class Named:
    """Words `first` to `last` (inclusive) of a sentence name `actor`; `how` says by which kind of word.

    A `place` is a region: acts happen there, it does not act. A `reference` is a word that stands for an actor
    named before (`the envoy`); two of them on the same words are two actors (`both sides`). `office` is the office
    that a person holds or that the words speak of (`foreign minister`), else empty. `stands_for` are the words that a
    reference repeats, with their start and end in the text.
    """

    actor: str
    first: int
    last: int
    how: How
    office: str = ""
    stands_for: tuple[str, int, int] | None = None


@dataclass(frozen=True, slots=True)
class Bearer:
    """A person who stands for `actor`, with the office held between two days."""

    actor: str
    office: str
    surnames: tuple[str, ...]
    since: date | None
    until: date | None

    def serves(self, day: date | None) -> bool:
        """Whether the office is held on `day`; True where the day is not known."""
        if day is None:
            return True
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Entry:
    """One name: the actor (None: a mask, which names nobody), by which kind of word, and who, if it is a person."""

    name: str
    actor: str | None
    how: How
    person: Bearer | None = None


@dataclass(frozen=True, slots=True)
class OfficeWords:
    """What a language calls offices.

    `titles` name persons, each with words that their office must hold one of; `institutions` name bodies of a state
    (`foreign ministry`, `army`), those in `after_adjectives` behind adjectives only (`US forces Iran …` is another
    matter). `courtesy` goes before any surname (`Mr`), `no_names` are capitalised words that name nobody (Monday).
    With `before_adjectives` the office comes first (`presidente ruso`). `of` ties an office to its state (`president of
    France`); `skipped` are articles and the like.
    """

    titles: Mapping[str, tuple[str, ...]]
    institutions: tuple[str, ...]
    after_adjectives: frozenset[str]
    courtesy: frozenset[str]
    of: frozenset[str]
    skipped: frozenset[str]
    no_names: frozenset[str]
    before_adjectives: bool = False


NO_OFFICES = OfficeWords({}, (), frozenset(), frozenset(), frozenset(), frozenset(), frozenset())


@dataclass(slots=True)
class _Node:
    next: dict[str, _Node] = field(default_factory=dict)
    values: list[Entry] = field(default_factory=list)

    def value(self, day: date | None) -> Entry | None:
        """What the words up to here name: a person only while in office, and only if they name nothing else."""
        for entry in self.values:
            if entry.person is None or entry.person.serves(day):
                return entry
        return None


class Names:
    """All names of a desk's actors, in a trie by their words: time grows with the sentence, not with the names."""

    def __init__(
        self, entries: Iterable[Entry], offices: OfficeWords, cased: frozenset[str], shouted: frozenset[str]
    ) -> None:
        self._entries = list(entries)
        self._offices = offices
        self._cased, self._shouted = cased, shouted
        self._tries: dict[Case, _Node] = {"mixed": self._trie("mixed")}
        self._titles = _phrases(offices.titles)
        self._bodies = _phrases((*offices.titles, *offices.institutions))
        self._surnames: dict[str, list[Bearer]] = {}
        for bearer in {e.person: None for e in self._entries if e.person}:
            for surname in bearer.surnames:
                self._surnames.setdefault(surname, []).append(bearer)

    def find(self, sentence: Sequence[Word], day: date | None, surnames: dict[str, str]) -> list[Named]:
        """Return the actors named in a sentence, in order, longest match first, none overlapping.

        Args:
            sentence: its words.
            day: the day of the text; people count only while in office.
            surnames: surnames of people whom the text has named in full, or with their title, so far, with their
                actors; those found here are added to it.
        """
        case = _case(sentence)
        trie = self._tries.get(case)
        if trie is None:
            trie = self._tries.setdefault(case, self._trie(case))
        found: list[Named] = []
        position = 0
        while position < len(sentence):
            word = sentence[position]
            text = word.text if case == "mixed" else word.text.lower()
            named: Named | None = None
            if text in trie.next:
                last, entry = _longest(trie, sentence, position, day, case)
                if entry is not None:
                    if entry.actor is not None:
                        named = self._widened(sentence, position, last, entry, surnames)
                        found.append(named)
                    position = (named.last if named else last) + 1
                    continue
            if word.low in self._bodies:
                named = self._by_office(trie, sentence, position, day, case, surnames)
            elif surnames and (actor := surnames.get(word.text)):
                named = self._by_surname(sentence, position, actor)
            if named:
                found.append(named)
                position = named.last
            position += 1
        return found

    def _trie(self, case: Case) -> _Node:
        root = _Node()
        for entry in self._entries:
            spelled = words(entry.name)
            unclear = {"mixed": frozenset[str](), "lower": self._cased, "upper": self._shouted}[case]
            if " ".join(word.low for word in spelled) in unclear:
                continue
            node = root
            for word in spelled:
                node = node.next.setdefault(word.text if case == "mixed" else word.low, _Node())
            if entry.how in {"name", "place"}:
                node.values.insert(0, entry)
            elif entry.person or not any(value.person is None for value in node.values):
                node.values.append(entry)
        return root

    def _widened(
        self, sentence: Sequence[Word], first: int, last: int, entry: Entry, surnames: dict[str, str]
    ) -> Named:
        """Take the office that follows a state's name (`Indian foreign ministry`), and who holds it."""
        actor = str(entry.actor)
        if entry.person:
            if last > first or entry.how == "person":
                self._remember(entry.person, surnames)
            return Named(actor, first, last, entry.how, entry.person.office)
        if entry.how not in {"name", "adjective"}:
            return Named(actor, first, last, entry.how)
        start = last + 1
        if start < len(sentence) and sentence[start].low == "'s":
            start += 1
        length = _phrase_at(self._bodies, sentence, start)
        if not length or sentence[start].before != " ":
            return Named(actor, first, last, entry.how)
        office = " ".join(word.low for word in sentence[start : start + length])
        if office in self._offices.after_adjectives and entry.how != "adjective":
            return Named(actor, first, last, entry.how)
        stop = start + length - 1
        if office in self._offices.titles:
            holder = _name_after(sentence, stop + 1, self._offices.no_names)
            if holder and not _in_title_case(sentence):
                surnames.setdefault(sentence[holder[-1]].text, actor)
                return Named(actor, first, holder[-1], "person", office)
            return Named(actor, first, stop, "person", office)
        return Named(actor, first, stop, "seat", office)

    def _by_office(
        self,
        trie: _Node,
        sentence: Sequence[Word],
        first: int,
        day: date | None,
        case: Case,
        surnames: dict[str, str],
    ) -> Named | None:
        """Who is meant by a title with a surname (`President Clinton`) or an office of a state (`army of Chad`)."""
        length = _phrase_at(self._bodies, sentence, first)
        after = first + length
        if not length or after >= len(sentence):
            return None
        office = " ".join(word.low for word in sentence[first:after])
        if sentence[after].low in self._offices.of:
            after += 1
            while after < len(sentence) and sentence[after].low in self._offices.skipped:
                after += 1
            if after < len(sentence):
                last, entry = _longest(trie, sentence, after, day, case)
                if entry and entry.actor and entry.how == "name":
                    how: How = "person" if office in self._offices.titles else "seat"
                    return Named(entry.actor, first, last, how, office)
            return None
        last, entry = _longest(trie, sentence, after, day, case)
        if entry and entry.actor and entry.how == "adjective" and self._offices.before_adjectives:
            return Named(entry.actor, first, last, "person" if office in self._offices.titles else "seat", office)
        if office not in self._offices.titles or case == "lower":
            return None
        if entry and entry.person:
            self._remember(entry.person, surnames)
            return Named(entry.person.actor, first, last, "person", entry.person.office)
        return self._titled(sentence, first, after, office, day, surnames)

    def _remember(self, person: Bearer, surnames: dict[str, str]) -> None:
        """Let a person's surnames count from now on, but for those that mean a day or a month as well (May)."""
        for surname in person.surnames:
            if surname.lower() not in self._offices.no_names:
                surnames[surname] = person.actor

    def _by_surname(self, sentence: Sequence[Word], at: int, actor: str) -> Named | None:
        """Who a surname means that the text has explained, alone or after `Mr`; nobody behind another first name."""
        if not at or sentence[at].before not in {" ", ". "}:
            return Named(actor, at, at, "person")
        before = sentence[at - 1]
        if before.low in self._offices.courtesy:
            return Named(actor, at - 1, at, "person")
        is_first_name = before.text[:1].isupper() and at > 1 and before.low not in self._offices.no_names
        return None if is_first_name and not _in_title_case(sentence) else Named(actor, at, at, "person")

    def _titled(
        self, sentence: Sequence[Word], first: int, after: int, title: str, day: date | None, surnames: dict[str, str]
    ) -> Named | None:
        for at in range(after, min(after + _LONGEST_SURNAME, len(sentence))):
            text = sentence[at].text.capitalize() if sentence[at].text.isupper() else sentence[at].text
            if self._is_first_name(sentence, at):
                return None
            if known := surnames.get(text):
                return Named(known, first, at, "person", title)
            wanted = self._offices.titles[title]
            bearers = [
                b for b in self._surnames.get(text, ()) if b.serves(day) and any(part in b.office for part in wanted)
            ]
            if bearers:
                if len({b.actor for b in bearers}) > 1:
                    return None
                surnames[text] = bearers[0].actor
                return Named(bearers[0].actor, first, at, "person", bearers[0].office)
            following = sentence[at + 1].before if at + 1 < len(sentence) else ""
            if sentence[at].low not in _PARTICLES and following != "-":
                return None
        return None

    def _is_first_name(self, sentence: Sequence[Word], at: int) -> bool:
        """Whether a name goes on behind a word: `President Mohamed Morsi` is nobody called Mohamed."""
        if at + 1 >= len(sentence) or sentence[at + 1].before != " " or sentence[at].low in _PARTICLES:
            return False
        after = sentence[at + 1]
        name = after.text[:1].isupper() and not after.text.isupper() and after.low not in self._offices.no_names
        return name and not _in_title_case(sentence)


def _case(sentence: Sequence[Word]) -> Case:
    """How a sentence is written: with capitals where they belong, or wholly in small letters or capitals."""
    if all(word.text == word.text.lower() for word in sentence):
        return "lower" if any(word.text.isalpha() for word in sentence) else "mixed"
    if all(word.text == word.text.upper() for word in sentence) and sum(len(word.text) > 1 for word in sentence) > 1:
        return "upper"
    return "mixed"


def _in_title_case(sentence: Sequence[Word]) -> bool:
    """Whether a headline writes most of its words with a capital, so that a capital shows no name."""
    long = [word.text for word in sentence if len(word.text) > 3]
    return sum(text[0].islower() for text in long) < max(2, len(long) // 3)


def _longest(
    trie: _Node, sentence: Sequence[Word], start: int, day: date | None, case: Case
) -> tuple[int, Entry | None]:
    node, best, last = trie, None, start
    for position in range(start, len(sentence)):
        word = sentence[position]
        following = node.next.get(word.text if case == "mixed" else word.text.lower())
        if following is None:
            break
        node = following
        if node.values and (found := node.value(day)):
            best, last = found, position
    return last, best


def _phrases(listed: Iterable[str]) -> dict[str, list[tuple[str, ...]]]:
    found: dict[str, list[tuple[str, ...]]] = {}
    for phrase in listed:
        spelled = tuple(word.low for word in words(phrase))
        found.setdefault(spelled[0], []).append(spelled)
    for items in found.values():
        items.sort(key=len, reverse=True)
    return found


def _phrase_at(phrases: Mapping[str, list[tuple[str, ...]]], sentence: Sequence[Word], start: int) -> int:
    if start >= len(sentence):
        return 0
    for phrase in phrases.get(sentence[start].low, ()):
        if tuple(word.low for word in sentence[start : start + len(phrase)]) == phrase:
            return len(phrase)
    return 0


def _name_after(sentence: Sequence[Word], start: int, no_names: frozenset[str]) -> range | None:
    """Return the words of a person's name from `start`: capitals with nothing between, at most four; else None."""
    stop = start
    while stop < min(start + _LONGEST_SURNAME, len(sentence)):
        word = sentence[stop]
        particle = word.low in _PARTICLES and stop > start
        if word.low in no_names or not (word.text[:1].isupper() or particle) or word.before not in {" ", "-", ". "}:
            break
        stop += 1
    while stop > start and not _is_surname(sentence[stop - 1].text):
        stop -= 1
    return range(start, stop) if stop > start else None


def surnames_of(names: Iterable[str], *, first: bool = False) -> tuple[str, ...]:
    """Return the last word of each name (the first where a people says it `first`), if it can stand for the person."""
    spelled = [[word.text for word in words(name)] for name in names]
    picked = (parts[0 if first else -1] for parts in spelled if len(parts) > 1)
    return tuple(dict.fromkeys(word for word in picked if _is_surname(word)))


def _is_surname(word: str) -> bool:
    """Whether a name's last word stands for the person: not `III`, `in` of Moon Jae-in, or `Jr`."""
    return word[:1].isupper() and len(word) > 2 and not word.isupper()
