"""Which articles report the same happening, and which are copies of one text.

An article joins the story whose articles it resembles most on the mean, by the cosine of TF-IDF vectors over
headline and first 1,000 characters. A copy shares most of its five-word runs with an earlier text. Words are
weighed as the articles come, with what is known at that time, so that a placed article stays where it is.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from detente.models import Article, Placed, PlacedArticle, stable_id
from detente.settings import Detection

HEAD = 1000
"""Characters after the headline that say what an article is about."""

FADING = timedelta(days=30)
"""After so long a silence an article must be half as alike again to belong to a story."""

_COPY_CANDIDATE = 0.4  # cosine above which two texts are compared run by run
_RUN = 5  # words
_SHORTEST = 20  # runs; a shorter text is like many others
_TITLE_WEIGHT = 2
_COMMON = 0.3  # share of articles: a word in more of them than this tells nothing
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class _Known:
    """An article that has its place: its normalised vector lies in the index."""

    url: str
    published_at: datetime
    text: str
    story: str
    copy_of: str | None


class StoryIndex:
    """The articles placed so far; each new one is placed among them and then belongs to them.

    Args:
        settings: what makes a story, and what makes a copy.
    """

    def __init__(self, settings: Detection) -> None:
        self._settings = settings
        self._articles: list[_Known] = []
        self._postings: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
        self._frequency: Counter[str] = Counter()
        self._members: defaultdict[str, list[int]] = defaultdict(list)
        self._latest: dict[str, datetime] = {}
        self._runs: dict[int, frozenset[int]] = {}

    def add(self, article: PlacedArticle) -> None:
        """Take in an article whose place is known."""
        self._frequency.update(set(_terms(article.title, article.text)))
        known = _Known(article.url, article.published_at, article.text, article.story, article.copy_of)
        self._insert(known, self._vector(article.title, article.text))

    def place(self, url: str, title: str, text: str, published_at: datetime) -> Placed:
        """Decide where a new article belongs, and take it in."""
        self._frequency.update(set(_terms(title, text)))
        vector = self._vector(title, text)
        likeness = self._likeness(vector)
        placed = self._copy(url, text, likeness) or self._story(url, published_at, likeness)
        placed = replace(placed, published_at=published_at)
        self._insert(_Known(url, published_at, text, placed.story, placed.copy_of), vector)
        return placed

    def _vector(self, title: str, text: str) -> dict[str, float]:
        """Return the article's words with their weights, of length 1."""
        total = len(self._articles) + 1
        weights = {}
        for term, count in _terms(title, text).items():
            frequency = self._frequency[term]
            if total < 1 / _COMMON or frequency <= _COMMON * total:
                weights[term] = (1 + math.log(count)) * (1 + math.log((1 + total) / (1 + frequency)))
        length = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
        return {term: weight / length for term, weight in weights.items()}

    def _likeness(self, vector: dict[str, float]) -> dict[int, float]:
        """Return the cosine with every article that shares a word."""
        found: defaultdict[int, float] = defaultdict(float)
        for term, weight in vector.items():
            for number, other in self._postings.get(term, ()):
                found[number] += weight * other
        return found

    def _copy(self, url: str, text: str, likeness: dict[int, float]) -> Placed | None:
        near = sorted((number for number, value in likeness.items() if value >= _COPY_CANDIDATE))
        runs = _runs_of(text) if near else frozenset()
        for number in near:  # the earliest first: it is the original
            other = self._articles[number]
            theirs = self._runs.setdefault(number, _runs_of(other.text))
            smaller = min(len(runs), len(theirs))
            if smaller < _SHORTEST:
                continue
            share = len(runs & theirs) / smaller
            if share >= self._settings.copy_similarity:
                original = other.copy_of or other.url
                why = f"{share:.0%} of its five-word runs stand in {original}"
                return Placed(url, other.story, new=False, copy_of=original, why=why)
        return None

    def _story(self, url: str, published_at: datetime, likeness: dict[int, float]) -> Placed:
        best, mean = None, 0.0
        for story in {self._articles[number].story for number in likeness}:
            members = self._members[story]
            silence = max(published_at - self._latest[story], timedelta())
            faded = 1 + 0.5 * min(silence / FADING, 1.0)
            value = sum(likeness.get(number, 0.0) for number in members) / len(members) / faded
            if (value, story) > (mean, best or ""):
                best, mean = story, value
        if best is not None and mean >= self._settings.story_similarity:
            told = len(self._members[best])
            why = f"likeness {mean:.2f} on the mean to the {told} article{'s' * (told > 1)} of story {best}"
            return Placed(url, best, new=False, copy_of=None, why=why)
        why = f"nothing alike: {mean:.2f} at most, {self._settings.story_similarity:g} makes a story"
        return Placed(url, stable_id("s", url), new=True, copy_of=None, why=why)

    def _insert(self, known: _Known, vector: dict[str, float]) -> None:
        number = len(self._articles)
        self._articles.append(known)
        latest = self._latest.get(known.story)
        self._latest[known.story] = max(latest, known.published_at) if latest else known.published_at
        if known.copy_of is None:  # copies add nothing to what a story is about
            self._members[known.story].append(number)
        for term, weight in vector.items():
            self._postings[term].append((number, weight))


def place(articles: Iterable[Article], known: Sequence[PlacedArticle], settings: Detection) -> tuple[Placed, ...]:
    """Place new articles among known ones; all are taken in order of publication.

    Args:
        articles: the new ones.
        known: those already placed that may matter: stories of the last days, and texts that may be copied.
        settings: the detection section of the settings.
    """
    index = StoryIndex(settings)
    for item in sorted(known, key=lambda item: (item.published_at, item.url)):
        index.add(item)
    return tuple(_place_all(index, sorted(articles, key=lambda item: (item.published_at, item.url))))


def _place_all(index: StoryIndex, articles: Iterable[Article]) -> Iterator[Placed]:
    for article in articles:
        yield index.place(article.url, article.title, article.text, article.published_at)


def _terms(title: str, text: str) -> Counter[str]:
    """Return the words that an article is about, and how often each stands; those of the headline count more."""
    terms = Counter(_words(text[:HEAD]))
    for word in _words(title):
        terms[word] += _TITLE_WEIGHT
    return terms


def _words(text: str) -> Iterator[str]:
    for match in _WORD.finditer(text.casefold()):
        word = match.group()
        if len(word) > 2:  # two letters tell nothing
            yield word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def _runs_of(text: str) -> frozenset[int]:
    words = _WORD.findall(text.casefold())
    return frozenset(hash(tuple(words[start : start + _RUN])) for start in range(len(words) - _RUN + 1))
