"""Who speaks in quotation marks: `we`, `us` and `our` there are the speaker's.

A quotation's speaker is who stands with a verb of saying right behind it (`…," Iran's minister said`, `…," said the
envoy`) or before it (`Iran said: "…`). One that follows in the same paragraph without a speaker of its own is still
the same one's. Where nobody known is found, the words stay open.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cached_property

from detection.naming import Named
from detection.references import Told
from detection.text import Word

_MARKS = re.compile(r"[\"“”«»]|\n")
_NEAR = 14
"""Words behind a quotation among which its speaker is looked for."""

Place = tuple[int, int]
Read = Callable[[int], Told]
"""Gives the sentence that holds a character of the text."""


def quotations(text: str) -> tuple[Place, ...]:
    """Return where each quotation begins and ends, marks left out; the end of a paragraph closes it."""
    found: list[Place] = []
    opened = -1
    for match in _MARKS.finditer(text):
        mark, at = match.group(), match.start()
        if mark == "\n":
            if opened >= 0:
                found.append((opened, at))
            opened = -1
        elif opened < 0 and mark not in "”»":
            opened = at + 1
        elif opened >= 0 and mark not in "“«":
            found.append((opened, at))
            opened = -1
    if opened >= 0:
        found.append((opened, len(text)))
    return tuple(found)


class Quotes:
    """The quotations of a text, and who speaks in them."""

    def __init__(self, text: str, reporting: frozenset[str], first_person: frozenset[str]) -> None:
        """Read the quotations of a text; `reporting` are the forms of verbs of saying, `first_person` the pronouns."""
        self._text, self._reporting, self._first_person = text, reporting, first_person

    @cached_property
    def _places(self) -> tuple[Place, ...]:
        return quotations(self._text)

    def spoken(self, words: Sequence[Word], read: Read) -> list[Named]:
        """Return whom the pronouns of the first person in a sentence stand for.

        Args:
            words: the sentence's.
            read: gives the sentence that holds a character, with who is named in it.
        """
        found: list[Named] = []
        for k, word in enumerate(words):
            if word.low not in self._first_person or word.text == "US":
                continue
            number = next((n for n, (start, end) in enumerate(self._places) if start <= word.start < end), None)
            if number is not None and (speaker := self._speaker(number, read)):
                found.append(Named(speaker, k, k, "reference"))
        return found

    def _speaker(self, number: int, read: Read) -> str | None:
        start, end = self._places[number]
        return (
            self._behind(number, read(max(start, end - 1)))
            or self._before(start, read(start))
            or (self._speaker(number - 1, read) if self._goes_on(number) else None)
        )

    def _goes_on(self, number: int) -> bool:
        """Whether the quotation before belongs to the same paragraph."""
        return number > 0 and "\n" not in self._text[self._places[number - 1][1] : self._places[number][0]]

    def _behind(self, number: int, told: Told) -> str | None:
        """Who says it behind: up to the next quotation, in the sentence in which this one ends."""
        end = self._places[number][1]
        stop = self._places[number + 1][0] if number + 1 < len(self._places) else len(self._text)
        inside = [k for k, word in enumerate(told.words) if end <= word.start < stop][:_NEAR]
        verb = next((k for k in inside if told.words[k].low in self._reporting), None)
        if verb is None:
            return None
        named = [item for item in told.named if inside[0] <= item.first <= inside[-1]]
        before = [item for item in named if item.last < verb]
        following = [item for item in named if item.first > verb and verb - inside[0] < 2]
        return next((item.actor for item in (*before, *following)), None)

    def _before(self, start: int, told: Told) -> str | None:
        """Who says it before: the one who stands with the last verb of saying, or right before a colon."""
        before = [k for k, word in enumerate(told.words) if word.end < start]
        if not before:
            return None
        verb = next((k for k in reversed(before) if told.words[k].low in self._reporting), None)
        if verb is None:
            verb = before[-1] + 1 if ":" in self._text[told.words[before[-1]].end : start] else None
        if verb is None:
            return None
        clause = next((k for k in range(verb, 0, -1) if k < len(told.words) and "," in told.words[k].before), 0)
        named = [item for item in told.named if item.last < verb]
        return next((item.actor for item in named if item.first >= clause), named[-1].actor if named else None)
