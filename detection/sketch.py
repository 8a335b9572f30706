"""What is kept of an article to place later ones by: its words with their weights, and what its text is recognised by.

A sketch is some 1.5 KB, whatever the length of the article, so that a hundred thousand of them fit into memory.
"""

from __future__ import annotations

import hashlib
import math
import re
from array import array
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from zlib import crc32

from pydantic import BaseModel, ConfigDict
from rensa import RMinHash  # type: ignore[import-untyped]  # it brings no types

from detente import yamlfile
from detente.desk import SEEDS
from detente.models import Sketch

HEAD = 1000
"""Characters after the headline that say what an article is about."""

HEAVIEST = 60
"""Words of an article that are compared; those of less weight change no likeness by more than a few hundredths."""

BACKGROUND = 500
"""So many articles are taken to have gone before the first one, with the shares of `en-common.yaml`."""

_TITLE = 2  # a word of the headline counts so often
_NAME = 2  # a name weighs so much more than another word: who and where tell happenings apart
_FIRST = 20  # articles before which what is common among those that came counts little
_COMMON = 0.3  # share of articles: a word in more of them than this tells nothing
_RUN = 5  # words
_MOST = 127  # times that a word counts: what a byte holds
_PRINTS = 128
_SEED = 1
_WORD = re.compile(r"[^\W_]+")
_SENTENCE_END = re.compile(r"(?:^|[.!?…:\n])[\"'”’)\]]*\s*[\"'“‘(\[]?$")


class _Common(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    stop: frozenset[str]
    shares: dict[float, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Outline:
    """What of a sketch depends on its text alone, so that it can be made anywhere and in any order.

    `terms` are the words that it is about, as numbers, and `counts` how often each stands, as in `terms_of`; the rest
    is as in `Sketch`.
    """

    terms: array[int]
    counts: array[float]
    prints: bytes
    runs: int
    digest: str

    @property
    def counted(self) -> dict[int, float]:
        """The words with their counts."""
        return dict(zip(self.terms, self.counts, strict=True))


class Frequencies:
    """In how many articles each word stands; words are numbers, their CRC-32."""

    def __init__(self) -> None:
        self.articles = 0
        self.counts: Counter[int] = Counter()

    def add(self, terms: Iterable[int]) -> None:
        """Count one article, by its distinct words."""
        self.articles += 1
        self.counts.update(terms)

    def remove(self, terms: Iterable[int]) -> None:
        """Count one that was added no longer."""
        self.articles -= 1
        self.counts.subtract(terms)

    def weights(self, terms: Mapping[int, float]) -> dict[int, float]:
        """Return words with their share in what a further article is about: a vector of length 1, the heaviest first.

        The weight is (1 + ln n) · (1 + ln((1 + N) / (1 + s · N))), with n the word's count, N the number of articles
        and s the share of them in which it stands (Salton and Buckley 1988): with the background's articles or without,
        whichever is greater. In a crisis the names of its sides soon tell nothing.
        """
        articles = self.articles + 1
        total, shares, found = articles + BACKGROUND, _shares(), dict[int, float]()
        for term, count in terms.items():
            met = self.counts[term] + 1
            share = max((met + BACKGROUND * shares.get(term, 0.0)) / total, met / (articles + _FIRST))
            if share <= _COMMON:
                name = _NAME if count < 0 else 1  # see `terms_of`
                found[term] = name * (1 + math.log(abs(count))) * (1 + math.log((1 + total) / (1 + share * total)))
        heaviest = sorted(found.items(), key=lambda item: (-item[1], item[0]))[:HEAVIEST]
        length = math.sqrt(sum(weight * weight for _, weight in heaviest)) or 1.0
        return {term: weight / length for term, weight in heaviest}


def terms_of(title: str, text: str) -> dict[int, float]:
    """Return the words that an article is about and how often each stands, those of the headline doubly.

    The count of a word that is written as a name somewhere is negative. Function words and single letters are left out.
    """
    counts, names, stop = Counter[str](), set[str](), _common().stop
    for part, weight in ((title, _TITLE), (text[:HEAD], 1)):
        found = list(_WORD.finditer(part))
        long = [match for match in found if len(match.group()) > 3]
        all_capitals = sum(match.group()[0].isupper() for match in long) >= 0.8 * max(1, len(long))
        for match in found:
            word = _base(match.group().casefold())
            if len(word) < 2 or word in stop:
                continue
            counts[word] += weight
            if match.group()[0].isupper() and not all_capitals and not _begins(part, match.start()):
                names.add(word)
    return {
        crc32(word.encode()): float(min(count, _MOST) * (-1 if word in names else 1)) for word, count in counts.items()
    }


def outline(title: str, text: str) -> Outline:
    """Return the outline of an article."""
    words = _WORD.findall(text.casefold())
    runs = {" ".join(words[start : start + _RUN]) for start in range(len(words) - _RUN + 1)}
    prints = b""
    if runs:
        signature = RMinHash(num_perm=_PRINTS, seed=_SEED)
        signature.update(list(runs))
        prints = array("I", signature.digest()).tobytes()
    terms = terms_of(title, text)
    return Outline(
        terms=array("I", terms),
        counts=array("f", terms.values()),
        prints=prints,
        runs=len(runs),
        digest=hashlib.sha256(" ".join(words).encode()).hexdigest()[:32] if words else "",
    )


def outlined(known: Sketch) -> Outline:
    """Return the outline that a sketch was drawn from, without words where an earlier Détente drew it."""
    terms = terms_in(known) if known.counts else array("I")
    return Outline(terms, array("f", array("b", known.counts)), known.prints, known.runs, known.digest)


def draw(found: Outline, weights: Mapping[int, float], gist: str = "{}") -> Sketch:
    """Return the sketch of an article whose words have got their weights."""
    counted = found.counted
    terms = [*weights, *sorted(counted.keys() - weights.keys())]
    return Sketch(
        terms=array("I", terms).tobytes(),
        weights=array("f", weights.values()).tobytes(),
        prints=found.prints,
        runs=found.runs,
        digest=found.digest,
        gist=gist,
        counts=array("b", [int(counted[term]) for term in terms]).tobytes(),
    )


def terms_in(sketch: Sketch) -> array[int]:
    """Return all words of a sketch, the heaviest first."""
    return array("I", sketch.terms)


def weights_in(sketch: Sketch) -> array[float]:
    """Return the weights of the first words of a sketch."""
    return array("f", sketch.weights)


def shared_part(one: Sketch, other: Sketch) -> float:
    """Return about which part of the shorter text's five-word runs stands in the longer one, from 0 to 1.

    MinHash (Broder 1997) gives the resemblance J; of |A| and |B| runs J · (|A| + |B|) / (1 + J) are in both. With 128
    prints J is right to some .04.
    """
    if not one.prints or not other.prints:
        return 0.0
    mine, theirs = memoryview(one.prints).cast("I"), memoryview(other.prints).cast("I")
    resemblance = sum(map(int.__eq__, mine, theirs)) / _PRINTS
    both = resemblance * (one.runs + other.runs) / (1 + resemblance)
    return min(1.0, both / min(one.runs, other.runs))


def _begins(part: str, start: int) -> bool:
    """Whether a word begins a sentence, so that its capital says nothing."""
    return _SENTENCE_END.search(part[max(0, start - 5) : start]) is not None


def _base(word: str) -> str:
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


@cache
def _common() -> _Common:
    return yamlfile.validate(_Common, yamlfile.load(SEEDS / "language" / "en-common.yaml"))


@cache
def _shares() -> dict[int, float]:
    shares = _common().shares
    return {crc32(_base(word).encode()): share for share, words in shares.items() for word in words}
