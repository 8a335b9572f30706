"""Which articles report the same happening.

An article joins the story whose articles it resembles most on the mean, by the cosine of TF-IDF vectors over headline
and first 1,000 characters in which names weigh double (`detection.sketch`); a story long silent takes more likeness.
What the reports say about actors, direction, place and ordinals can keep them apart (`detection.gist`): in doubt
there are two stories, and the later one says which it follows. Words are weighed as the articles come, with what is
known at that time: a placed article stays where it is, unless an earlier one that may concern it comes home later.

The cost of an article does not depend on how many there are: of each word the latest articles are looked at, and of
these the likeliest.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import repeat
from operator import mul
from types import MappingProxyType

from detection import copies, gist
from detection.gist import Gist
from detection.sketch import Frequencies, Outline, draw, outline, terms_in, weights_in
from detente.models import Article, Placed, PlacedArticle, Sketch, stable_id
from detente.settings import Detection

FADING = timedelta(days=30)
"""After so long a silence an article must be half as alike again to belong to a story."""

NEARLY = 0.75
"""An article this share of the way to a story follows it."""

_LATEST = 150  # articles of a word that are looked at
_SEEN = 1500  # articles, over all words of an article
_LIKELIEST = 40  # articles whose stories are weighed
_MEMBERS = 24  # articles that speak for a story: its first and its latest
_MEANS_KEPT = 100  # stories whose mean is kept from one article to the next
_COPY_CANDIDATE = 0.3  # cosine above which two texts are compared run by run


@dataclass(frozen=True, slots=True)
class _Known:
    """An article that has its place. Its vector lies packed in its sketch."""

    url: str
    published_at: datetime
    story: str
    copy_of: str | None
    sketch: Sketch


@dataclass(frozen=True, slots=True)
class _Weighed:
    """A story with how like it an article is, on the mean and with its silence taken off."""

    likeness: float
    story: str


@dataclass(frozen=True, slots=True)
class Placing:
    """Where new articles belong; `moved` are known ones that copy a new one, which was published before them."""

    placed: tuple[Placed, ...]
    sketches: Mapping[str, Sketch]
    moved: Mapping[str, str]


class StoryIndex:
    """The articles placed so far; each new one is placed among them and then belongs to them.

    Args:
        settings: what makes a story, and what makes a copy.
        only: the words that new articles will ask for, where they are known beforehand; None keeps all.
    """

    def __init__(self, settings: Detection, only: frozenset[int] | None = None) -> None:
        self._settings, self._only = settings, only
        self._articles: list[_Known | PlacedArticle] = []
        self._postings: dict[int, tuple[array[int], array[float]]] = {}
        self._frequencies = Frequencies()
        self._members: defaultdict[str, list[int]] = defaultdict(list)
        self._latest: dict[str, datetime] = {}
        self._means: dict[str, dict[int, float]] = {}
        self._digests: dict[str, int] = {}
        self.moved: dict[str, str] = {}

    def add(self, article: PlacedArticle) -> None:
        """Take in an article whose place is known."""
        terms, weights = terms_in(article.sketch), weights_in(article.sketch)
        if self._only is None:
            self._frequencies.add(terms)
            self._insert(article, zip(terms, weights, strict=False))
            return
        self._frequencies.add(self._only.intersection(terms))
        only = self._only
        self._insert(article, ((term, weight) for term, weight in zip(terms, weights, strict=False) if term in only))

    def place(
        self,
        url: str,
        drawn: Outline,
        published_at: datetime,
        about: Gist = Gist(),  # noqa: B008  # frozen
    ) -> tuple[Placed, Sketch]:
        """Decide where a new article belongs, and take it in; return its sketch, too."""
        terms = drawn.counted
        self._frequencies.add(terms.keys())
        vector = self._frequencies.weights(terms)
        sketch = draw(drawn, vector, about.packed())
        likely = self._likely(vector)
        placed = self._copy(url, published_at, sketch, vector, likely)
        placed = replace(placed or self._story(url, published_at, about, vector, likely), published_at=published_at)
        self._insert(_Known(url, published_at, placed.story, placed.copy_of, sketch), vector.items())
        return placed, sketch

    def _likely(self, vector: Mapping[int, float]) -> list[int]:
        """Return the articles that share most with a vector, by the latest ones of each of its words.

        The heaviest words are asked first, until enough articles are seen: the others are words of half the window.
        """
        found: defaultdict[int, float] = defaultdict(float)
        left = _SEEN
        for term, weight in vector.items():
            if left and (posting := self._postings.get(term)):
                start = -min(_LATEST, left)
                for number, other in zip(posting[0][start:], posting[1][start:], strict=True):
                    found[number] += weight * other
                left -= min(-start, len(posting[0]))
        least = sorted(found.values())[-_LIKELIEST:][:1]  # sorting numbers alone is quicker than ranking pairs
        ranked = sorted((-weight, number) for number, weight in found.items() if weight >= least[0])
        return [number for _, number in ranked[:_LIKELIEST]]

    def _copy(
        self, url: str, published_at: datetime, sketch: Sketch, vector: Mapping[int, float], likely: Sequence[int]
    ) -> Placed | None:
        """Return the place of an article that copies an earlier one, or None; later ones that copy it are noted."""
        same = self._digests.get(sketch.digest) if sketch.digest else None
        near = {number for number in likely if self._cosine(vector, number) >= _COPY_CANDIDATE}
        found: list[tuple[datetime, str, int, str]] = []
        for number in near | ({same} if same is not None else set()):
            if why := copies.likeness(sketch, self._articles[number].sketch, self._settings.copy_similarity):
                known = self._articles[number]
                found.append((known.published_at, known.url, number, why))
        earlier = [item for item in found if item[:2] < (published_at, url)]
        later = [self._articles[item[2]] for item in found if item not in earlier]
        self.moved |= {known.url: url for known in later if known.copy_of is None}
        if earlier:
            _, _, number, why = min(earlier)
            known = self._articles[number]
        else:  # copies of a third text, which may be out of sight
            between = [known for known in later if known.copy_of and known.copy_of not in {url, *self.moved}]
            if not between:
                return None
            known, why = min(between, key=lambda item: (item.published_at, item.url)), "its words are much the same"
        original = known.copy_of or known.url
        return Placed(
            url, known.story, new=False, copy_of=original, why=f"{why} as those of {original}, which was first"
        )

    def _story(
        self, url: str, published_at: datetime, about: Gist, vector: Mapping[int, float], likely: Sequence[int]
    ) -> Placed:
        least, vetoes = self._settings.story_similarity, dict[str, str]()
        weighed = self._weigh(published_at, vector, likely)
        for item in weighed:
            if item.likeness < least:
                break
            if reason := gist.veto(self._about(item.story), about):
                vetoes[item.story] = reason
                continue
            told = len(self._members[item.story])
            why = f"likeness {item.likeness:.2f} on the mean to the {told} article{'s' * (told > 1)} of it"
            facts = {"likeness": round(item.likeness, 3), "least": least, "articles": told, "vetoes": vetoes}
            return Placed(url, item.story, new=False, copy_of=None, why=why, facts=facts)
        nearest = weighed[0] if weighed else _Weighed(0.0, "")
        follows = nearest.story if nearest.likeness >= least * NEARLY else None
        facts = {"nearest": nearest.story, "likeness": round(nearest.likeness, 3), "least": least, "vetoes": vetoes}
        if vetoes:
            why = f"like story {nearest.story} ({nearest.likeness:.2f}), but {vetoes[nearest.story]}"
        else:
            why = f"nothing alike: {nearest.likeness:.2f} at most, {least:g} makes a story"
        return Placed(url, stable_id("s", url), new=True, copy_of=None, why=why, follows=follows, facts=facts)

    def _weigh(self, published_at: datetime, vector: Mapping[int, float], likely: Sequence[int]) -> list[_Weighed]:
        """Return the stories of the likeliest articles, the one most alike first."""
        found = []
        for story in {self._articles[number].story for number in likely}:
            silence = max(published_at - self._latest[story], timedelta())
            faded = 1 + 0.5 * min(silence / FADING, 1.0)
            mean = self._mean(story)
            likeness = sum(map(mul, map(mean.get, vector, repeat(0.0)), vector.values()))
            found.append(_Weighed(likeness / faded, story))
        return sorted(found, key=lambda item: (-item.likeness, item.story))

    def _mean(self, story: str) -> dict[int, float]:
        """Return the mean vector of those who speak for a story: its product with another is their mean cosine."""
        if (kept := self._means.get(story)) is not None:
            return kept
        total, speakers = defaultdict[int, float](float), self._speakers(story)
        for number in speakers:
            sketch = self._articles[number].sketch
            for term, weight in zip(terms_in(sketch), weights_in(sketch), strict=False):
                total[term] += weight
        if len(self._means) >= _MEANS_KEPT:
            self._means.clear()
        mean = self._means[story] = {term: weight / len(speakers) for term, weight in total.items()}
        return mean

    def _speakers(self, story: str) -> list[int]:
        members = self._members[story]
        return members if len(members) <= _MEMBERS else [members[0], *members[1 - _MEMBERS :]]

    def _about(self, story: str) -> Gist:
        return gist.together(gist.restore(self._articles[number].sketch.gist) for number in self._speakers(story))

    def _cosine(self, vector: Mapping[int, float], number: int) -> float:
        sketch = self._articles[number].sketch
        terms, weights = memoryview(sketch.terms).cast("I"), memoryview(sketch.weights).cast("f")
        found: float = sum(map(mul, map(vector.get, terms, repeat(0.0)), weights))  # in C: a hundred times an article
        return found

    def _insert(self, known: _Known | PlacedArticle, vector: Iterable[tuple[int, float]]) -> None:
        number = len(self._articles)
        self._articles.append(known)
        latest = self._latest.get(known.story)
        self._latest[known.story] = max(latest, known.published_at) if latest else known.published_at
        if known.copy_of is None or not self._members[known.story]:  # copies add nothing to what a story is about
            self._members[known.story].append(number)
            self._means.pop(known.story, None)
        if known.sketch.digest:
            self._digests.setdefault(known.sketch.digest, number)
        for term, weight in vector:
            posting = self._postings.get(term)
            if posting is None:
                posting = self._postings[term] = (array("I"), array("f"))
            posting[0].append(number)
            posting[1].append(weight)


def place(
    articles: Iterable[Article],
    known: Iterable[PlacedArticle],
    settings: Detection,
    about: Mapping[str, Gist] = MappingProxyType({}),
    outlines: Mapping[str, Outline] = MappingProxyType({}),
) -> Placing:
    """Place new articles among known ones; all are taken in order of publication.

    Args:
        articles: the new ones.
        known: those already placed that may matter: stories of the last days, and texts that may be copied.
        settings: the detection section of the settings.
        about: the gists of the new ones, by address.
        outlines: likewise; what is missing is made here.
    """
    new = sorted(articles, key=lambda item: (item.published_at, item.url))
    drawn = [outlines.get(article.url) or outline(article.title, article.text) for article in new]
    asked = frozenset(term for item in drawn for term in item.terms)
    index = StoryIndex(settings, asked)
    for item in sorted(known, key=lambda item: (item.published_at, item.url)):
        index.add(item)
    placed, sketches = [], {}
    for article, own in zip(new, drawn, strict=True):
        found, sketch = index.place(article.url, own, article.published_at, about.get(article.url, Gist()))
        placed.append(found)
        sketches[article.url] = sketch
    return Placing(tuple(placed), sketches, index.moved)
