"""How things found are shown: the JSON object of an event, and text of strangers made safe to print."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from detente.clock import as_utc
from detente.models import ActorMention, Event, Mention, Report

_SURROGATE = re.compile("[\ud800-\udfff]")
_SPACING = re.compile("[\\s\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_INVISIBLE = re.compile("[\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]")


def kind_in_words(cls: str) -> str:
    """Return a class as a reader would say it: `Mediation requested`, `De-escalation: ceasefire`."""
    family, _, act = cls.partition(".")
    act = act.replace("_", " ")
    if family in {"mediation", "talks"}:
        return f"{family.capitalize()} {act}"
    return f"{'De-escalation' if family == 'deescalation' else family.capitalize()}: {act}"


def event_json(event: Event) -> dict[str, Any]:
    """Return an event as `detente events --json` prints it: strings, numbers, lists; times in UTC, ISO 8601.

    Words are given as they were written, except that lone surrogates, which no encoder takes, become U+FFFD.
    """
    return {
        "id": event.id,
        "class": event.cls,
        "family": event.family,
        "cameo": event.cameo,
        "status": event.status.value,
        "severity": event.severity.value,
        "day": event.day.isoformat(),
        "sources": list(event.sources),
        "targets": list(event.targets),
        "mediators": list(event.mediators),
        "parties": list(event.parties),
        "headline": encodable(event.headline),
        "evidence": [{"url": encodable(item.url), "sentence": encodable(item.sentence)} for item in event.evidence],
        "articles": list(dict.fromkeys(encodable(item.url) for item in event.evidence)),
        "families": len(event.families),
        "first_seen": as_utc(event.first_seen).isoformat(),
        "last_seen": as_utc(event.last_seen).isoformat(),
        "alerted": event.alerted,
        "in_passing": event.in_passing,
    }


def encodable(text: str) -> str:
    """Return `text` with each lone surrogate as U+FFFD: what is left can be encoded."""
    return _SURROGATE.sub("\ufffd", text)


def plain(text: str) -> str:
    """Return `text` as one line that does nothing where it is shown.

    Line breaks and control characters (terminal escapes, header injection) become spaces; characters that
    turn the direction of what follows, and invisible ones, go. Joiners stay: Persian and Hindi need them.
    """
    return _SPACING.sub(" ", _INVISIBLE.sub("", encodable(text))).strip()


def plain_lines(text: str) -> str:
    """Return `text` with each of its lines made plain; indentation stays."""
    return "\n".join(" " * (len(line) - len(line.lstrip(" "))) + plain(line) for line in text.split("\n"))


def shorten(text: str, limit: int) -> str:
    """Return `text`, cut with an ellipsis after at most `limit` characters."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def count(number: int, one: str, many: str | None = None) -> str:
    """Return `1 alert`, `2 alerts`, `3 copies`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def web_link(url: str) -> str | None:
    """Return `url` if it is a plain web address that may become a link, else None."""
    if plain(url) != url or re.search(r"[\s\"'<>\\]", url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in {"http", "https"} and parts.hostname else None


def report_json(report: Report) -> dict[str, Any]:
    """Return a tick's report as `detente run --json` prints it."""
    return {
        "id": report.id,
        "started_at": as_utc(report.started_at).isoformat(),
        "seconds": report.seconds,
        "sources": report.sources,
        "unchanged": report.unchanged,
        "pages": report.pages,
        "articles": report.articles,
        "copies": report.copies,
        "events": report.events,
        "developments": report.developments,
        "alerts": report.alerts,
        "sent": report.sent,
        "dry_run": report.dry_run,
        "failures": [{"what": encodable(item.what), "why": encodable(item.why)} for item in report.failures],
    }


def mention_json(mention: Mention) -> dict[str, Any]:
    """Return one act as `detente code` prints it."""

    def actors(role: tuple[ActorMention, ...]) -> list[dict[str, Any]]:
        return [{"text": item.text, "actor": item.actor, "start": item.start, "end": item.end} for item in role]

    return {
        "family": mention.family,
        "class": mention.cls,
        "cameo": mention.cameo,
        "plover": mention.plover,
        "goldstein": mention.goldstein,
        "status": mention.status.value,
        "source": actors(mention.roles.source),
        "target": actors(mention.roles.target),
        "mediator": actors(mention.roles.mediator),
        "party": actors(mention.roles.party),
        "rule": mention.rule,
        "start": mention.start,
        "end": mention.end,
        "why": mention.why,
    }


def jsonable(item: Any) -> dict[str, Any]:
    """Return a dataclass as an object for JSON: times and days in ISO 8601, tuples as lists."""
    found: dict[str, Any] = json.loads(json.dumps(asdict(item), default=_iso))
    return found


def _iso(value: Any) -> str:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in JSON")
