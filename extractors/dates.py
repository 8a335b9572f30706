"""Dates as publishers write them: ISO 8601, RFC 822, and the common English forms."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

_MONTHS = {name: number for number, name in enumerate(
    ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1)}  # fmt: skip
_MONTH = r"(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_ENGLISH = re.compile(
    rf"(?:{_MONTH}\s+{_DAY}|{_DAY.replace('day', 'day2')}\s+(?:of\s+)?{_MONTH.replace('month', 'month2')}),?\s+"
    r"(?P<year>(?:19|20)\d\d)"
    r"(?:,?\s*(?:at\s+|\|\s*|-\s*)?(?P<hour>\d{1,2})[:.](?P<minute>\d\d)(?::\d\d)?\s*(?P<half>[ap]\.?m\b\.?)?"
    r"\s*\(?(?P<zone>UTC|GMT|Z|IST|PKT|EST|EDT|CST|CDT|PST|PDT|CET|CEST|BST|MSK|JST|[+-]\d\d:?\d\d)?)?",
    re.IGNORECASE,
)
_YEARS = range(1900, 2200)  # all of them can be told in any zone, too: the year 1 east of Greenwich cannot
_ISO = re.compile(
    r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?\s?(?:Z|[+-]\d\d(?::?\d\d)?)?)?", re.IGNORECASE
)
# Minutes east of Greenwich. IST is India's here: the wire copy that carries it in words is mostly Indian.
_ZONES = {"UTC": 0, "GMT": 0, "Z": 0, "IST": 330, "PKT": 300, "EST": -300, "EDT": -240, "CST": -360, "CDT": -300,
          "PST": -480, "PDT": -420, "CET": 60, "CEST": 120, "BST": 60, "MSK": 180, "JST": 540}  # fmt: skip


def parse_date(text: str) -> datetime | None:
    """Read a date out of `text`, its zone kept; UTC where it names none; None where there is no date."""
    text = text.strip()
    return sensible(_iso(text) or _rfc822(text) or _english(text))


def sensible(moment: datetime | None) -> datetime | None:
    """Return `moment` unless its year is one that stands for no date, such as the year 1 of .NET's empty dates."""
    return moment if moment and moment.year in _YEARS else None


def _iso(text: str) -> datetime | None:
    match = _ISO.match(text)
    if not match:
        return None
    try:
        return _zoned(datetime.fromisoformat(match[0].upper().replace(",", ".").replace(" ", "T", 1).replace(" ", "")))
    except ValueError:
        return None


def _rfc822(text: str) -> datetime | None:
    try:
        return _zoned(parsedate_to_datetime(text))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _english(text: str) -> datetime | None:
    match = _ENGLISH.search(text)
    if not match:
        return None
    found = match.groupdict()
    hour, half = int(found["hour"] or 0), (found["half"] or "").lower()
    if half:
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    try:
        return datetime(
            int(found["year"]),
            _MONTHS[(found["month"] or found["month2"]).lower()[:3]],
            int(found["day"] or found["day2"]),
            hour,
            int(found["minute"] or 0),
            tzinfo=_zone(found["zone"]),
        )
    except ValueError:
        return None


def _zone(name: str | None) -> timezone:
    if name is None:
        return UTC
    if name[0] in "+-":
        minutes = int(name[1:3]) * 60 + int(name[-2:])
        return timezone(timedelta(minutes=-minutes if name[0] == "-" else minutes))
    return timezone(timedelta(minutes=_ZONES[name.upper()]))


def _zoned(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
