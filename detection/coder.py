"""From a text to its acts: the sentences' mentions, then one mention for each act of the article."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from detection.actors import Actors, load_actors
from detection.clauses import subordinate
from detection.dates import named_day
from detection.lexicon import Lexicon, load_lexicon
from detection.matching import Candidate, candidates, choose
from detection.merging import merge
from detection.quotes import Quotes
from detection.references import NO_REFERENCES, References, Told, load_references
from detection.roles import find_roles
from detection.rulefile import OTHER, read_rules, verbs_of
from detection.rules import RuleSet, load_classes, load_rules
from detection.scene import Scene, clause_start, own_words
from detection.status import is_negated, judge
from detection.text import Sentence, Word, dateline_end, read, spans, words
from detection.topics import Matter, has_actors
from detente.desk import SEEDS, Desk
from detente.heap import lasting
from detente.leaving import Leaving
from detente.models import RAISING, ActorMention, Mention, Roles, Status

CLASSES = SEEDS / "classes.yaml"
LANGUAGES = SEEDS / "language"
REFERENCES = SEEDS / "references"
ENGLISH = "en"
HEADLINE_EXPLAINED = 8
"""Sentences, the headline included, that may give the full names of whom the headline calls by surname."""
_KILLING = "escalation.assault"
_STRIKING = frozenset({"escalation.assault", "escalation.fighting", "escalation.mass_violence"})

_LEADS = frozenset({"by", "suspected", "unidentified", "unknown", "armed", "masked"})

HEAD = 2
"""Sentences that say what a text is about: its headline and its lead."""

_OPENING = 100
"""Characters of a headline that may say what it stands over."""

GENRES_WITHOUT_EVENTS = ("opinion", "background", "sport", "business", "leisure")


@dataclass(frozen=True)
class Coder:
    """Rules, actors and a language: all that turns a text into mentions."""

    rules: RuleSet
    actors: Actors
    lexicon: Lexicon
    references: References = NO_REFERENCES

    def code(self, text: str, published: datetime | None = None, url: str = "") -> tuple[Mention, ...]:
        """Return the acts of a text, each with its best evidence, in the order of the text.

        Args:
            text: a sentence, or an article whose first line is its headline.
            published: when it was published; dates and offices are read relative to it.
            url: its address; folders such as `/opinion/` say that it is no report.
        """
        today = published.date() if published else None
        found = self.mentions(text, today)
        if not found:
            return ()
        if why := self._no_report(text, url):
            found = [replace(m, status=Status.BACKGROUND, why=f"{m.why}; {why}") for m in found]
        return merge(found, text)

    def mentions(self, text: str, today: date | None) -> list[Mention]:
        """Return every mention of a text, sentence by sentence, before acts are merged."""
        anywhere = self.rules.live(text)
        if not anywhere:
            return []  # as most texts: before anything else is asked of them
        allowed = self.rules.allowed(text)
        anywhere &= allowed
        if not anywhere & self.rules.events:
            return []
        found: list[Mention] = []
        places = tuple(spans(text, self.lexicon.abbreviations))
        reader = _Reader(self, text, places, today)
        for number, (start, end) in enumerate(places):
            live = anywhere if len(places) == 1 else self.rules.live(text[start:end]) & allowed
            sentence = reader.at(number) if live & self.rules.events else None
            fired = candidates(sentence.words, self.rules, self.lexicon, live) if sentence else []
            if sentence is None or all(item.rule.family == OTHER for item in fired):
                reader.skip(number)
                continue
            matter = Matter(reader.about(sentence))
            fired = [c for c in fired if c.rule.family == OTHER or not matter.is_other(c.rule)]
            if all(item.rule.family == OTHER for item in fired):
                reader.skip(number, fired=True)
                continue
            scene = reader.scene(sentence)
            count = len({n.actor for n in scene.named})
            fired = [c for c in fired if c.rule.family == OTHER or not matter.is_other(c.rule, count)]
            found += self._code_sentence(sentence, scene, fired, today)
        return found

    def scenes(self, text: str, today: date | None) -> Iterator[tuple[Sentence, Scene]]:
        """Yield every sentence with the actors in it; `mentions` reads only those in which a rule can fire."""
        places = tuple(spans(text, self.lexicon.abbreviations))
        reader = _Reader(self, text, places, today)
        for sentence in map(reader.at, range(len(places))):
            yield sentence, reader.scene(sentence)

    def sentence(self, text: str, number: int, start: int, end: int) -> Sentence:
        """Return a sentence of a text with its words, as the language reads them."""
        plain = read(text, number, start, end)
        return replace(plain, words=self.lexicon.gloss.read(plain.words)) if self.lexicon.gloss else plain

    def acting(self, scene: Scene) -> int:
        """Return how many actors a sentence names; places count only as regions, which act: `Gaza asked`."""
        return len({n.actor for n in scene.named if n.how != "place" or self.actors.by_id[n.actor].kind == "region"})

    def _code_sentence(
        self, sentence: Sentence, scene: Scene, fired: list[Candidate], today: date | None
    ) -> list[Mention]:
        count = self.acting(scene)
        fired = [c for c in fired if has_actors(scene.words, c, count)]
        fired = [c for c in fired if not (c.is_verb and _is_in_name(scene, c))]
        fired = [c for c in fired if not c.rule.negated or is_negated(scene, c)]
        kept = choose(fired)
        below = subordinate(scene, kept)
        found = [(c, self._mention(sentence, scene, c, kept, today)) for c in kept if c.rule.family != OTHER]
        unchosen = [c for c in fired if c.rule.cls in _STRIKING and c not in kept]
        found = [(c, _with_doer(m, found, (_by_whom(scene, find_roles(scene, c)) for c in unchosen))) for c, m in found]
        return [
            replace(m, status=Status.BACKGROUND, why=f"{m.why}; {below[c.first]}")
            if c.first in below and m.status in RAISING
            else m
            for c, m in found
        ]

    def _mention(
        self, sentence: Sentence, scene: Scene, item: Candidate, kept: list[Candidate], today: date | None
    ) -> Mention:
        status, reason = judge(scene, item, kept, today)
        rule, span = item.rule, item.span
        matched = " … ".join(
            repr(" ".join(w.text for w in scene.words[start:stop]))
            for start, stop in sorted({(item.first, item.last + 1), item.object or (item.first, item.last + 1)})
        )
        return Mention(
            cls=rule.cls,
            cameo=rule.cameo,
            plover=rule.plover,
            goldstein=rule.goldstein,
            severity=rule.severity,
            status=status,
            roles=_with_earlier(find_roles(scene, item), scene, item),
            rule=rule.id,
            start=scene.words[span.start].start,
            end=scene.words[span.stop - 1].end,
            sentence_start=sentence.start,
            sentence_end=sentence.end,
            why=f"{matched}: {reason.replace(repr(''), 'its form')}",  # a word that a gloss put in has no text
            day=named_day(own_words(scene, item), self.lexicon, today, ahead=status is Status.PLANNED),
            strength=rule.strength,
        )

    def _no_report(self, text: str, url: str) -> str | None:
        """Why a text reports no events (opinion, sport, ...), judged by its address and headline; None if it may."""
        folders = [part for part in url.split("?", maxsplit=1)[0].lower().split("/")[3:-1] if part]
        spelled = [(folder, words(folder.replace("-", " ").replace("_", " "))) for folder in folders]
        headline = words(text[:_OPENING].partition("\n")[0])
        for genre in GENRES_WITHOUT_EVENTS:
            phrases = self.lexicon.genres.get(genre)
            if phrases is None:
                continue
            for folder, parts in spelled:
                if parts and phrases.at(parts, 0) == len(parts):
                    return f"its address says {folder!r}: no report ({genre})"
            if headline and (length := phrases.at(headline, 0)):
                following = headline[length : length + 1]
                if following and any(mark in following[0].before for mark in ":|-–—"):
                    return f"its headline begins {headline[0].text!r}: no report ({genre})"
        return None


def _is_in_name(scene: Scene, item: Candidate) -> bool:
    """Whether a verb is part of somebody's name: `Rapid Support Forces`, `Downing Street`."""
    names = (named for named in scene.named if named.first < named.last and named.how in {"name", "seat"})
    return any(named.first <= item.first <= named.last for named in names)


class _Reader:
    """Reads the actors of a text from its start to where they are asked for: most sentences never are."""

    def __init__(self, coder: Coder, text: str, places: Sequence[tuple[int, int]], today: date | None) -> None:
        self._coder, self._text, self._places, self._today = coder, text, places, today
        self._surnames: dict[str, str] = {}
        self._told: list[Told] = []
        self._earlier: tuple[ActorMention, ...] = ()
        self._last_named: tuple[ActorMention, ...] = ()
        self._skipped: list[int] = []
        self._headline_fired = False
        self._sentences: dict[int, Sentence] = {}
        self._quotes = Quotes(text, coder.lexicon.reporting, coder.references.first_person)

    def at(self, number: int) -> Sentence:
        """Return a sentence of the text by its place, read once."""
        if number not in self._sentences:
            self._sentences[number] = self._coder.sentence(self._text, number, *self._places[number])
        return self._sentences[number]

    def skip(self, number: int, *, fired: bool = False) -> None:
        """Pass over a sentence whose actors nobody has asked for yet; `fired` says that it tells of some act."""
        self._skipped.append(number)
        self._headline_fired |= fired and not number

    def about(self, sentence: Sentence) -> tuple[Word, ...]:
        """Return the words that say what a sentence of the text is about: headline and lead, and its own."""
        others = (self.at(number).words for number in range(min(HEAD, len(self._places))) if number != sentence.number)
        return (*(word for words in others for word in words), *sentence.words)

    def scene(self, sentence: Sentence) -> Scene:
        """Return a sentence with its actors, after those of the sentences before it."""
        if self._headline_fired or not sentence.number:  # it says `Annan` of somebody whom the text names in full
            for number in range(1, min(HEADLINE_EXPLAINED, len(self._places))):
                self._coder.actors.find(self.at(number).words, self._today, self._surnames)
            self._headline_fired = False
        for number in self._skipped:
            self._read(self.at(number))
        self._skipped.clear()
        return self._read(sentence)

    def _read(self, sentence: Sentence) -> Scene:
        coder, told = self._coder, self._told_by(sentence)
        spoken = self._quotes.spoken(sentence.words, lambda at: self._told_at(at, told))
        named = tuple(sorted((*told.named, *spoken), key=lambda item: item.first)) if spoken else told.named
        self._told.append(Told(sentence.words, named))
        asked = sentence.of(self._text).rstrip('"”’) ').endswith("?")
        scene = Scene(sentence.words, named, coder.lexicon, self._earlier, self._last_named, question=asked)
        if named:
            self._earlier = tuple(scene.mention(n) for n in named)
            last = clause_start(scene, len(scene.words) - 1)
            self._last_named = tuple(scene.mention(n) for n in named if n.first >= last) or self._earlier
        return scene

    def _told_by(self, sentence: Sentence) -> Told:
        """Return whom a sentence names, in its dateline left out, with whom its references stand for."""
        lead, coder = dateline_end(self._text, sentence), self._coder
        found = coder.actors.find(sentence.words, self._today, self._surnames)
        found = [item for item in found if sentence.words[item.first].start >= lead]
        named = coder.references.resolve(sentence.words, found, self._told, coder.actors, coder.lexicon.reporting)
        return Told(sentence.words, named)

    def _told_at(self, at: int, here: Told) -> Told:
        """Return the sentence that holds a character: the one being read, or a later one that names who speaks."""
        if here.words and here.words[0].start <= at <= here.words[-1].end:
            return here
        return self._told_by(self.at(next(n for n, (start, end) in enumerate(self._places) if start <= at <= end)))


@lasting()
def load_coder(desk: Desk, language: str = ENGLISH) -> Coder:
    """Read the shipped rules and actors of a language with those of a desk over them; the rest is shipped.

    A desk's rules for another language than English are in a folder of `rules/` with its code.

    Raises:
        ConfigError: one of the files is wrong.
    """
    lexicon = load_lexicon(LANGUAGES / f"{ENGLISH}.yaml")
    shipped, own = SEEDS / "rules", desk.rules if desk.root != SEEDS else None
    if language != ENGLISH:
        from detection.packs import load_pack  # noqa: PLC0415  # its dictionary is large, and most desks need none

        shipped, own = shipped / language, own / language if own else None
        triggers = {verb.split()[0] for verb in verbs_of(read_rules(shipped, own))}
        lexicon = load_pack(LANGUAGES / f"{language}.yaml", lexicon, triggers)
    references = load_references(REFERENCES / f"{language}.yaml", lexicon.gloss)
    rules = load_rules(shipped, load_classes(CLASSES), lexicon, own)
    return Coder(rules, actors_of(desk, references, language), lexicon, references)


def load_leaving(desk: Desk, language: str, leaving: Leaving | None) -> Coder:
    """Do as `load_coder`; `leaving` leaves out broken entries of the desk, without it they are raised."""
    return leaving.read(lambda: load_coder(desk, language)) if leaving else load_coder(desk, language)


class Coders:
    """The coders of a desk by language: English at once, any other that is shipped when a text first asks for it.

    Args:
        desk: whose rules and actors lie over the shipped ones.
        english: the English coder, where it is there already.
        leaving: what leaves out broken entries of the desk; without it they are raised.
    """

    def __init__(self, desk: Desk, english: Coder | None = None, leaving: Leaving | None = None) -> None:
        self.desk, self.leaving = desk, leaving
        self.english = english or load_leaving(desk, ENGLISH, leaving)
        self._loaded = {ENGLISH: self.english}

    def of(self, language: str | None) -> Coder | None:
        """Return the coder of a language (ISO 639-1; None: not known, read as English), or None if there is none.

        Raises:
            ConfigError: one of its files is wrong.
        """
        code = language or ENGLISH
        if code not in self._loaded and code in languages():
            self._loaded[code] = load_leaving(self.desk, code, self.leaving)
        return self._loaded.get(code)


def languages() -> tuple[str, ...]:
    """Return the codes of all languages that are shipped."""
    return tuple(sorted(file.stem for file in LANGUAGES.glob("??.yaml")))


def actors_of(desk: Desk, references: References = NO_REFERENCES, language: str = ENGLISH) -> Actors:
    """Read the shipped actors, their names in a language, those of a desk over them, and the language's office words.

    Raises:
        ConfigError: one of the files is wrong.
    """
    layers = [SEEDS / "actors" / language] if language != ENGLISH else []
    layers += [desk.actors] if desk.root != SEEDS else []
    return load_actors(SEEDS / "actors", *layers, offices=references.offices)


def class_names() -> tuple[str, ...]:
    """Return every class of events that there is."""
    return tuple(load_classes(CLASSES).classes)


def _with_doer(mention: Mention, others: Sequence[tuple[Candidate, Mention]], unchosen: Iterable[Roles]) -> Mention:
    """Fill in who killed, and what was struck, from the act beside it: `ten were killed as the army shelled a camp`.

    `unchosen` are the roles of acts that gave way to the killing: `killed ten in an attack on a camp`.
    """
    if mention.cls != _KILLING:
        return mention
    roles = mention.roles
    if not roles.source:
        doers = [m.roles for _, m in others if m.cls in _STRIKING and any(a.actor for a in m.roles.source)]
        by_whom = (found for found in unchosen if found.source)  # `were killed in an attack by gunmen`
        return replace(mention, roles=_joined_to(roles, next(iter(doers), None) or next(by_whom, Roles())))
    if any(m.actor for m in roles.target):
        return mention
    struck = (found for found in unchosen if any(m.actor for m in found.target))
    return replace(mention, roles=_joined_to(roles, next(struck, Roles())))


def _by_whom(scene: Scene, roles: Roles) -> Roles:
    """Return roles without sources that `by` leads to nowhere: what blew up in a bombing is none that killed."""
    led = {scene.words[k].start for k in range(1, len(scene.words)) if scene.words[k - 1].low in _LEADS}
    return replace(roles, source=tuple(m for m in roles.source if m.actor or m.start in led))


def _joined_to(roles: Roles, other: Roles) -> Roles:
    """Return roles with the source, where there is none, and the targets of an act beside it."""
    struck = {m.actor for m in roles.target}
    source = roles.source or tuple(m for m in other.source if m.actor not in struck)
    known = {m.actor for m in (*source, *roles.target)} - {None}
    return replace(roles, source=source, target=(*roles.target, *(m for m in other.target if m.actor not in known)))


def _with_earlier(roles: Roles, scene: Scene, item: Candidate) -> Roles:
    """Fill source and target from the sentence before, where this one begins by pointing back (`These include …`)."""
    points_back = bool(scene.words) and scene.words[0].low in scene.lexicon.pronouns
    if len(scene.words) > 1 and scene.words[1].low in scene.lexicon.reporting:
        return roles  # `He said that five were killed`: he speaks
    if not scene.earlier or not points_back:
        return roles
    source = roles.source
    if any(m in scene.earlier for m in source) or not any(m.actor for m in source):
        source = scene.last_named[:1]
    taken = {m.actor for m in (*source, *roles.mediator, *roles.party)}
    target = roles.target
    if item.rule.roles.target and not any(m.actor for m in target):
        target = tuple(m for m in scene.last_named if m.actor not in taken)[:1] or target
    return replace(roles, source=source, target=target)
