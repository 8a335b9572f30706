"""Time, passed in: decisions take `now`, and only the edges ask what time it is."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from detente.errors import UsageError

_AGO = re.compile(r"(\d+)\s*([mhdw])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def utc_now() -> datetime:
    """Return the present, with UTC as its zone."""
    return datetime.now(UTC)


def as_utc(moment: datetime) -> datetime:
    """Return `moment` in UTC; one without a zone is taken to be in UTC."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def parse_span(text: str) -> timedelta:
    """Read a length of time: `90m`, `12h`, `3d`, `2w`.

    Raises:
        UsageError: the text is none.
    """
    if span := _AGO.fullmatch(text.strip()):
        return timedelta(**{_UNITS[span[2]]: int(span[1])})
    raise UsageError(f"{text!r} is no length of time; write it like 90m, 12h, 3d or 2w")


def parse_time(text: str, now: datetime) -> datetime:
    """Read `2025-05-05`, `2025-05-05T08:00Z`, or an age before `now` such as `90m`, `12h`, `3d`, `2w`.

    Raises:
        UsageError: the text is none of these.
    """
    if _AGO.fullmatch(text.strip()):
        return now - parse_span(text)
    try:
        return as_utc(datetime.fromisoformat(text.strip()))
    except ValueError:
        raise UsageError(
            f"{text!r} is no time; write 2025-05-05, 2025-05-05T08:00Z, or an age such as 90m, 12h or 3d"
        ) from None
