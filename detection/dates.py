"""The day that a sentence names, read relative to the day of its article."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from detection.lexicon import Lexicon
from detection.text import Word

_DAYS = {"yesterday": -1, "tomorrow": 1}
_DAYS_OF_A_MONTH = 32
_RELATIVE = frozenset({*_DAYS, "week"})
_WEEKS = {"last": -7, "next": 7}


def named_day(sentence: Sequence[Word], lexicon: Lexicon, today: date | None, *, ahead: bool = False) -> date | None:
    """Return the day that a sentence names (`on May 2`, `22 April`, `yesterday`, `on Monday`, `last week`), or None.

    Args:
        sentence: its words.
        lexicon: the language's names of months and weekdays.
        today: the article's day. Without it only a date with its year can be read.
        ahead: the sentence tells of what is to come: `on Monday` is the next one, not the last.
    """
    for position, word in enumerate(sentence):
        if word.low not in lexicon.calendar and word.low not in _RELATIVE and word.low not in lexicon.short_months:
            continue
        if month_at(sentence, position, lexicon) is not None:
            if found := _month_day(sentence, position, lexicon, today):
                return found
        elif today is not None:
            before = sentence[position - 1].low if position else ""
            if days := _DAYS.get(word.low) or (word.low == "week" and _WEEKS.get(before)):
                return today + timedelta(days=days)
            if word.low in lexicon.weekdays and word.text[:1].isupper():
                back = (today.weekday() - lexicon.weekdays.index(word.low)) % 7
                if before == "last":
                    back = back or 7
                return today + timedelta(days=-back % 7 if ahead else -back)
    return None


def month_at(sentence: Sequence[Word], position: int, lexicon: Lexicon) -> int | None:
    """Return which month a word names, from 0; None for none. A short name (`Nov. 18`) is one beside a day."""
    low = sentence[position].low
    if low in lexicon.months:
        return lexicon.months.index(low)
    if low not in lexicon.short_months or not sentence[position].text[:1].isupper():
        return None
    beside = (sentence[k].text for k in (position - 1, position + 1) if 0 <= k < len(sentence))
    dated = any(text.isdigit() and int(text) < _DAYS_OF_A_MONTH for text in beside)
    return lexicon.short_months[low] - 1 if dated else None


def years(sentence: Sequence[Word]) -> list[int]:
    """Return the numbers of a sentence that read as years of the last two centuries."""
    return [int(w.text) for w in sentence if len(w.text) == 4 and w.text.isdigit() and 1800 <= int(w.text) <= 2100]


def _month_day(sentence: Sequence[Word], position: int, lexicon: Lexicon, today: date | None) -> date | None:
    month = (month_at(sentence, position, lexicon) or 0) + 1
    around = [sentence[k] for k in (position + 1, position - 1) if 0 <= k < len(sentence)]
    day = next((int(w.text) for w in around if w.text.isdigit() and 1 <= int(w.text) <= 31), None)
    if day is None:
        return None
    year = next(iter(years(sentence[position : position + 4])), None)
    if year is None and today is None:
        return None
    try:
        found = date(year or (today.year if today else 0), month, day)
        if year is None and today and found > today + timedelta(days=180):
            return found.replace(year=found.year - 1)
    except ValueError:
        return None
    return found
