"""Which articles report the same happening.

An article joins the story whose articles it resembles most on the mean, by the cosine of TF-IDF vectors over headline
and first 1,000 characters in which names weigh double (`detection.sketch`); a story long silent takes more likeness.
What the reports say about actors, direction, place and ordinals can keep them apart (`detection.gist`): in doubt
there are two stories, and the later one says which it follows.

Where an article belongs follows from what was published in the days before it, and from nothing else; what comes home
late is therefore put where it belongs by `detection.placing`. Its cost does not depend on how many articles there are:
of each word the latest are looked at, and of these the likeliest.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from itertools import repeat
from operator import mul

from detection import copies, gist
from detection.gist import Gist
from detection.sketch import Frequencies, Outline, draw, outlined, terms_in, weights_in
from detente.models import Placed, PlacedArticle, Sketch, stable_id
from detente.settings import Detection

WINDOW = timedelta(days=10)
"""An article is compared with those published so long before it; copies of agency texts appear within days."""

FADING = timedelta(days=30)
"""After so long a silence an article must be half as alike again to belong to a story."""

NEARLY = 0.75
"""An article this share of the way to a story follows it."""

_LATEST = 150  # articles of a word that are looked at
_SEEN = 1500  # articles, over all words of an article
_LIKELIEST = 40  # articles whose stories are weighed
_MEMBERS = 24  # articles that speak for a story: its first and its latest
_MEANS_KEPT = 100  # stories whose mean is kept from one article to the next
_FEW = 8  # articles of a story with which one is compared sooner than their mean is made
_LAG = timedelta(days=1)  # words are counted up to the midnight that lies so long back, or longer
_COUNTED = 1000  # but so many articles are counted before that is waited for
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


class StoryIndex:
    """The articles placed so far, in order of publication; each new one is placed among them and then belongs to them.

    Args:
        settings: what makes a story, and what makes a copy.
        only: the words that new articles will ask for, where they are known beforehand; None keeps all.
        window: how long before it those were published that an article is compared with; None: whenever.
        changed: since when something is other than when the known articles were placed; None: since ever.
    """

    def __init__(
        self,
        settings: Detection,
        only: frozenset[int] | None = None,
        window: timedelta | None = None,
        changed: datetime | None = None,
    ) -> None:
        self._settings, self._only, self._window, self._changed = settings, only, window, changed
        self._articles: list[_Known | PlacedArticle] = []
        self._times: list[datetime] = []
        self._first = self._counted = 0  # of the articles: those in the window, those before it whose words count
        self._postings: dict[int, tuple[array[int], array[float]]] = {}
        self._frequencies = Frequencies()
        self._members: defaultdict[str, array[int]] = defaultdict(lambda: array("I"))
        self._copies: defaultdict[str, array[int]] = defaultdict(lambda: array("I"))
        self._latest: dict[str, datetime] = {}
        self._means: dict[str, tuple[tuple[int, int], dict[int, float]]] = {}
        self._digests: dict[str, int] = {}

    def add(self, article: PlacedArticle) -> None:
        """Take in an article whose place is known."""
        terms, weights, only = terms_in(article.sketch), weights_in(article.sketch), self._only
        vector = zip(terms, weights, strict=False)
        self._insert(article, vector if only is None else (item for item in vector if item[0] in only))

    def place(
        self,
        url: str,
        drawn: Outline,
        published_at: datetime,
        about: Gist = Gist(),  # noqa: B008  # frozen
    ) -> tuple[Placed, Sketch]:
        """Decide where a new article belongs, and take it in; return its sketch, too."""
        self._move_on(published_at)
        return self._place(url, draw(drawn, self._frequencies.weights(drawn.counted), about.packed()), published_at)

    def place_again(self, article: PlacedArticle) -> tuple[Placed, Sketch]:
        """Decide about a known article anew, as `place` would; return its sketch as it is now."""
        sketch = article.sketch
        same = self._move_on(article.published_at)
        if sketch.counts and not same:
            found = outlined(sketch)
            sketch = draw(found, self._frequencies.weights(found.counted), sketch.gist)
        return self._place(article.url, sketch, article.published_at)

    def _place(self, url: str, sketch: Sketch, published_at: datetime) -> tuple[Placed, Sketch]:
        vector = dict(zip(terms_in(sketch), weights_in(sketch), strict=False))  # as exact as it is kept
        likely = self._likely(vector)
        placed = self._copy(url, sketch, vector, likely)
        placed = placed or self._story(url, published_at, gist.restore(sketch.gist), vector, likely)
        placed = replace(placed, published_at=published_at)
        self._insert(_Known(url, published_at, placed.story, placed.copy_of, sketch), vector.items())
        return placed, sketch

    def _move_on(self, now: datetime) -> bool:
        """Forget what was published too long before `now`, and count the words of what is to be counted by then.

        Return whether words weigh what they did before anything changed.

        They are counted up to a midnight, a day or two back, so that what comes home within a day changes the weight
        of no word; where a window holds few articles up to then, the next ones count, too.
        """
        times = self._times
        while self._window and self._first < len(times) and times[self._first] < now - self._window:
            if self._first < self._counted:
                self._frequencies.remove(self._words(self._first))
            self._first += 1
        self._counted = max(self._counted, self._first)
        until = datetime.combine(now - _LAG, time(), now.tzinfo)
        while self._counted < len(times) and (times[self._counted] < until or self._counted - self._first < _COUNTED):
            self._frequencies.add(self._words(self._counted))
            self._counted += 1
        enough = self._counted - self._first >= _COUNTED and times[self._counted - 1] < until
        return enough and self._changed is not None and until <= self._changed

    def _words(self, number: int) -> Iterable[int]:
        terms = terms_in(self._articles[number].sketch)
        return terms if self._only is None else self._only.intersection(terms)

    def _likely(self, vector: Mapping[int, float]) -> list[int]:
        """Return the articles that share most with a vector, by the latest ones of each of its words.

        The heaviest words are asked first, until enough articles are seen: the others are words of half the window.
        """
        found: defaultdict[int, float] = defaultdict(float)
        left = _SEEN
        for term, weight in vector.items():
            if left and (posting := self._postings.get(term)):
                numbers, weights = posting
                start = max(len(numbers) - min(_LATEST, left), 0)
                if numbers[start] < self._first:
                    start = bisect_left(numbers, self._first, start)
                for number, other in zip(numbers[start:], weights[start:], strict=True):
                    found[number] += weight * other
                left -= len(numbers) - start
        least = sorted(found.values())[-_LIKELIEST:][:1]  # sorting numbers alone is quicker than ranking pairs
        ranked = sorted((-weight, number) for number, weight in found.items() if weight >= least[0])
        return [number for _, number in ranked[:_LIKELIEST]]

    def _copy(self, url: str, sketch: Sketch, vector: Mapping[int, float], likely: Sequence[int]) -> Placed | None:
        """Return the place of an article that copies another one, or None."""
        near = {number for number in likely if self._cosine(vector, number) >= _COPY_CANDIDATE}
        if sketch.digest and (same := self._digests.get(sketch.digest, -1)) >= self._first:
            near.add(same)
        found: list[tuple[datetime, str, int, str]] = []
        for number in near:
            known = self._articles[number]
            if why := copies.likeness(sketch, known.sketch, self._settings.copy_similarity):
                found.append((known.published_at, known.url, number, why))
        if not found:
            return None
        _, _, number, why = min(found)
        known = self._articles[number]
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
            told = self._members_of(item.story)[1]
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
            found.append(_Weighed(self._likeness(vector, story) / faded, story))
        return sorted(found, key=lambda item: (-item.likeness, item.story))

    def _likeness(self, vector: Mapping[int, float], story: str) -> float:
        """Return the mean cosine with those who speak for a story."""
        speakers = self._speakers(story)
        if len(speakers) <= _FEW:
            return sum(self._cosine(vector, number) for number in speakers) / len(speakers)
        mean = self._mean(story, speakers)
        found: float = sum(map(mul, map(mean.get, vector, repeat(0.0)), vector.values()))
        return found

    def _mean(self, story: str, speakers: Sequence[int]) -> dict[int, float]:
        """Return the mean vector of those who speak for a story: its product with another is their mean cosine."""
        ends = speakers[0], speakers[-1]
        if (kept := self._means.get(story)) is not None and kept[0] == ends:
            return kept[1]
        total = defaultdict[int, float](float)
        for number in speakers:
            sketch = self._articles[number].sketch
            for term, weight in zip(terms_in(sketch), weights_in(sketch), strict=False):
                total[term] += weight
        if len(self._means) >= _MEANS_KEPT:
            self._means.clear()
        mean = {term: weight / len(speakers) for term, weight in total.items()}
        self._means[story] = ends, mean
        return mean

    def _members_of(self, story: str) -> tuple[int, int]:
        """Return where a story's articles in the window begin, and how many they are; copies add nothing to them."""
        members = self._members[story]
        start = bisect_left(members, self._first) if self._first else 0
        return start, len(members) - start

    def _speakers(self, story: str) -> Sequence[int]:
        members, (start, many) = self._members[story], self._members_of(story)
        if not many:  # only copies of what the window has left behind
            copied = self._copies[story]
            return [copied[bisect_left(copied, self._first)]]
        return members[start:] if many <= _MEMBERS else [members[start], *members[1 - _MEMBERS :]]

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
        self._times.append(max(known.published_at, self._times[-1] if number else known.published_at))
        latest = self._latest.get(known.story)
        self._latest[known.story] = max(latest, known.published_at) if latest else known.published_at
        (self._copies if known.copy_of else self._members)[known.story].append(number)
        if known.sketch.digest:
            self._digests[known.sketch.digest] = number
        for term, weight in vector:
            posting = self._postings.get(term)
            if posting is None:
                posting = self._postings[term] = (array("I"), array("f"))
            posting[0].append(number)
            posting[1].append(weight)
