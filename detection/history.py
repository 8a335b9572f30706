"""Whether an act is told as history: years, months, accords, states that are no more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from detection.dates import years
from detection.matching import Candidate
from detection.scene import Scene
from detection.scope import dates, said
from detection.text import Word

PAST = timedelta(days=45)
"""A month or a year that ended longer ago is history."""

BEFORE_THE_WEB = 1991
"""Earlier years are history whenever a page is read: there were no pages yet."""

_MAKING = frozenset({"mediation.conducted", "deescalation.agreement", "deescalation.ceasefire"})
"""Classes that bring an accord about: with them its year dates the act too."""


def historical(scene: Scene, item: Candidate, today: date | None) -> str | None:
    """Return why an act is told of the past: by words (`years ago`), a state that is no more, or a year; else None.

    Of a text without a day nobody knows whether `last month` is long ago, nor whether the Soviet Union is still there.
    """
    words, known = scene.words, scene.lexicon.status
    markers = (known.past_markers, known.recent_past) if today else (known.past_markers,)
    for phrases in markers:
        marker = phrases.find(words)
        if marker and (marker[1] == item.first or dates(scene, marker[0], item)):  # `a man who once | fought`
            return f"{said(words, *marker)} points to the past"
    for k, word in enumerate(words if today else ()):
        if word.low in known.past_states and _is_gone(words, k) and dates(scene, k, item):
            return f"{word.text!r} is no more"
    for year in years(words):
        at = next(k for k, word in enumerate(words) if word.text == str(year))
        if words[at - 1].low == "since" or not dates(scene, at, item):
            continue
        if item.rule.cls not in _MAKING and _names_accord(scene, at) and not _in_war(scene, at):
            continue
        if today is not None and _end(scene, at, year) < today - PAST:
            return f"the sentence speaks of {year}"
        if today is None and (year < BEFORE_THE_WEB or _is_near_accord(scene, at)):
            return f"the sentence speaks of {year}, and no date says that this is now"
    return None


def _is_gone(words: Sequence[Word], at: int) -> bool:
    """Whether a state of the past acts itself: not `Soviet-era guns`, not `the former Soviet republic`."""
    coloured = at + 1 < len(words) and words[at + 1].before == "-"
    return not coloured and not (at and words[at - 1].low in {"former", "ex", "post"})


def _end(scene: Scene, at: int, year: int) -> date:
    """Return the last day of the month or the year that stands at `at`."""
    months = scene.lexicon.months
    named = next((w.low for w in scene.words[max(0, at - 2) : at] if w.low in months), None)
    month = months.index(named) + 2 if named else 13
    return date(year + month // 13, month if month < 13 else 1, 1) - timedelta(days=1)


def past_month(scene: Scene, item: Candidate, today: date | None) -> str | None:
    """Return why a month without a day or a year (`arrested in March`) is over; it is the last one of that name."""
    if today is None:
        return None
    months = scene.lexicon.months
    own = scene.words[item.last + 1 : item.last + 8]
    if any(word.low in scene.lexicon.weekdays and word.text[:1].isupper() for word in own):
        return None
    for k, word in enumerate(scene.words):
        if word.low not in months or not k or scene.words[k - 1].low not in {"in", "since", "last"}:
            continue
        following = scene.words[k + 1].text if k + 1 < len(scene.words) else ""
        ago = (today.month - 1 - months.index(word.low)) % 12
        if word.text[:1].isupper() and not following[:1].isdigit() and ago > 1 and dates(scene, k, item):
            return f"{word.text!r} is over"
    return None


def _is_near_accord(scene: Scene, at: int) -> bool:
    return any(word.low in scene.lexicon.status.accords for word in scene.words[max(0, at - 3) : at + 3])


def _in_war(scene: Scene, at: int) -> bool:
    """Whether a year names the war that an act was part of: `seized the heights in the 1967 war`."""
    words, wars = scene.words, scene.lexicon.status.wars
    led = at > 1 and words[at - 1].low == "the" and words[at - 2].low in {"in", "during"}
    return led and any(word.low in wars for word in words[at + 1 : at + 4])


def _names_accord(scene: Scene, at: int) -> bool:
    """Whether a year is part of an accord's name: `the 1960 Indus Waters Treaty`, `the treaty of 1960`."""
    words, accords = scene.words, scene.lexicon.status.accords
    if words[at - 1].low == "of" and words[at - 2].low in accords:
        return True
    for word in words[at + 1 : at + 6]:
        if word.low in accords:
            return True
        if word.before != " " or not (word.text[:1].isupper() or words[at - 1].low in {"the", "'s", "its"}):
            return False
    return False
