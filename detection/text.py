"""Words and sentences of a text, with their exact places in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import accumulate, islice
from typing import NamedTuple

_WORD = re.compile(
    r"((?:[A-Z]\.){2,}"  # U.S., U.N.
    r"|\d+(?:[.,]\d+)*"
    r"|[^\W\d_]+"
    r"|(?<=[^\W\d_])['’](?:s|t|re|ve|ll|d|m)?\b)"  # the 's of Russia's, the 't of won't
)
_ASCII_WORD = re.compile(_WORD.pattern.replace(r"[^\W\d_]", "[A-Za-z]"), re.ASCII)
"""The same for a text that is ASCII, as most are, in half the time."""
LEAD_SENTENCES = 3
"""Sentences of the body that tell what an article is about."""

_SHORT, _FEW = 5, 10
"""Spaces in a sentence: one of fewer than six words tells little. And sentences that are no lead, whatever they say."""

_LONGEST = 2_000
"""Characters of a sentence: time grows with the square of its acts, and no writer's sentence is near as long."""
_END = re.compile(
    r"[.!?…]+[\"'”’)\]]*(?:"
    r"(?=\s+[\"'“‘«¿¡(\[]*[^\W_a-zà-ÿ])"
    r"|(?=\s*$)"
    r"|(?:(?<=[a-z]{3}[.!?])|(?<=[a-z]{3}[.!?][\"”]))(?=[\"“]?[A-Z][a-z]+[ ’'])"  # no space: `talks.Egypt said`
    r")"
)
_CLOCK = re.compile(r"\b[ap]\.m$", re.IGNORECASE)
_NO_SENTENCE = re.compile(r"\.\s+(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b|[A-Z]{2,4}\b|local\b)")
"""After `5 p.m.`, a weekday or a time zone goes on."""
_DATELINE = re.compile(
    r"\s*[A-Z][A-Z .'/-]{2,}(?:, [A-Z][\w. ]{1,20})?(?:,? (?:\w+\.? \d{1,2}|\d{1,2} \w+))?\s*"
    r"(?:\([A-Za-z/ ]{2,30}\)\s*[-–—:_]?|[–—:]|-\s)"
)
_PLACE = r"[A-Z][\w.’']+(?:[ /-][A-Z][\w.’']+){0,3}"
_MIXED_DATELINE = re.compile(
    rf"\s*{_PLACE}(?:, {_PLACE})?(?:,? (?:\w+\.? \d{{1,2}}|\d{{1,2}} \w+))?"
    r"(?:\s*\([A-Z][A-Za-z/ ]{1,30}\)\s*[-–—:_]?\s*|\s+[–—]\s+|\s+-\s+|:\s+(?!We\b|I\b|Our\b|[\"“]))(?=[\"“]?[A-Z])"
)
_BYLINE = re.compile(
    r"\s*\(?(?:"
    r"(?:By|BY)(?:,?\s+(?:(?:and|in|of|for|the)\s+)?[A-Z][\w.’'-]*){1,12}"
    r"|(?:Additional\s+)?(?:[Rr]eporting|[Ww]riting|[Ee]diting|[Ww]ritten|[Ee]dited|[Cc]ompiled) by\b.{2,300}"
    r"|(?:Staff|Special) (?:Reporter|Correspondent|Writer)s?"
    r")\)?\s*[.|]?\s*"
)
_ABBREVIATIONS = frozenset(
    {"mr", "mrs", "ms", "dr", "prof", "gen", "lt", "col", "maj", "capt", "sgt", "adm", "sen", "rep", "gov", "pres"}
    | {"st", "jr", "sr", "hon", "rev", "amb", "brig", "cmdr", "supt", "vs", "no", "vol", "fig", "inc", "ltd", "co"}
    | {"corp", "dept", "est", "approx", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov"}
    | {"dec"}
)
"""After these a full stop ends no sentence."""

_LONGEST_ABBREVIATION = 20
"""Letters before a full stop that are looked at: time must not grow with the sentence."""


class Word(NamedTuple):
    """One word: `text` as written, `low` for comparison, `start` and `end` in the text it came from.

    `before` is what stands between it and the word before: spaces, a hyphen, a comma, a quotation mark.
    """

    text: str
    low: str
    start: int
    end: int
    before: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with its words; `start` and `end` are its place in the text. The headline is `number` 0."""

    number: int
    start: int
    end: int
    words: tuple[Word, ...]

    def of(self, text: str) -> str:
        """Return the sentence's own characters."""
        return text[self.start : self.end]


def dateline_end(text: str, sentence: Sentence) -> int:
    """Return where the words that say from where a report was sent end: `DELHI, May 7 (AFP) -`; else its start.

    Outside capitals (`Beirut, Lebanon – `, `New Delhi: `) only a paragraph of the body begins with one: a headline
    may say `Kabul: border shut`.
    """
    match = _DATELINE.match(text, sentence.start, sentence.end)
    if match and (sentence.number or "(" in match.group()):  # `INDIA AGREES: TRUMP` is a headline
        return match.end()
    begins = sentence.number and text[sentence.start - 1] == "\n"
    match = _MIXED_DATELINE.match(text, sentence.start, sentence.end)
    if match and (begins or "(" in match.group() or re.search(r", .*[–—-]\s", match.group())):
        return match.end()
    return sentence.start


def words(text: str, start: int = 0, end: int | None = None) -> tuple[Word, ...]:
    """Return the words of `text[start:end]`; hyphens separate, apostrophes begin a word of their own."""
    part = text[start:end]
    pieces = (_ASCII_WORD if part.isascii() else _WORD).split(part)  # what is between, a word, what is between, …
    places = list(accumulate(map(len, pieces), initial=start))
    written = [word.replace("’", "'") for word in pieces[1::2]] if "’" in part else pieces[1::2]
    return tuple(
        map(_word, zip(written, map(str.lower, written), places[1::2], places[2::2], pieces[::2], strict=False))
    )


_word = partial(tuple.__new__, Word)  # a named tuple's own constructor would take most of the time of `words`


def sentences(text: str, most: int | None = None) -> tuple[Sentence, ...]:
    """Split a text into sentences, its first `most` ones; a line break always ends one."""
    return tuple(read(text, number, start, end) for number, (start, end) in enumerate(islice(spans(text), most)))


def spans(text: str, abbreviations: frozenset[str] = frozenset()) -> Iterator[tuple[int, int]]:
    """Yield start and end of every sentence that has a word, bylines left out.

    A full stop ends none after a common abbreviation, or one of `abbreviations`.
    """
    start = 0
    for line in text.split("\n"):
        stop = start + len(line)
        for place in _split(text, start, stop, abbreviations):
            if _WORD.search(text, *place) and not _is_byline(text, *place):
                yield place
        start = stop + 1


def is_in_lead(text: str, at: int) -> bool:
    """Whether what stands at `at` belongs to the headline or the lead: fewer than `LEAD_SENTENCES` go before it.

    The headline is the first line. Of sentences of a few words (dates, captions, `Synopsis`) a few count for nothing.
    """
    body = text.find("\n") + 1
    before = (text.count(" ", start, end) for start, end in spans(text[:at]) if start >= body)
    telling = [spaces >= _SHORT for spaces in islice(before, _FEW)]
    return len(telling) < _FEW and sum(telling) < LEAD_SENTENCES


def _is_byline(text: str, start: int, end: int) -> bool:
    """Whether a line of the body says only who wrote: `By Anna Berg`, `Reporting by …; editing by …`."""
    return start > 0 and _BYLINE.fullmatch(text, start, end) is not None


def read(text: str, number: int, start: int, end: int) -> Sentence:
    """Return the sentence between `start` and `end` with its words; `number` is its place among all."""
    return Sentence(number, start, end, words(text, start, end))


def _split(text: str, start: int, end: int, abbreviations: frozenset[str]) -> Iterator[tuple[int, int]]:
    first = start
    for match in _END.finditer(text, start, end):
        if _is_abbreviation(text, first, match.start(), abbreviations):
            continue
        yield from _pieces(text, first, match.end())
        first = match.end()
    if text[first:end].strip():
        yield from _pieces(text, first, end)


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield a sentence, or the pieces of one that is too long, each of which but the last ends before a space."""
    while end - start > _LONGEST:
        space = text.rfind(" ", start + 1, start + _LONGEST)
        cut = space if space > 0 else start + _LONGEST
        yield _trim(text, start, cut)
        start = cut
    yield _trim(text, start, end)


def _is_abbreviation(text: str, start: int, stop: int, more: frozenset[str]) -> bool:
    """Whether the full stop at `stop` belongs to the word before it: Dr., S., U.S. in mid-sentence."""
    if text[stop] != ".":
        return False
    if _CLOCK.match(text, max(start, stop - len("p.m")), stop):
        return _NO_SENTENCE.match(text, stop) is not None
    first, least = stop, max(start, stop - _LONGEST_ABBREVIATION)
    while first > least and text[first - 1].isalnum() and not text[first - 1].isdecimal():
        first -= 1
    word = text[first:stop]
    known = word.lower() in _ABBREVIATIONS or word.lower() in more
    return known or (len(word) == 1 and word.isupper())


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
