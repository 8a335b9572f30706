"""Writes the message of an event, or of several, from a desk's templates: a subject, a text and an HTML page.

What a template may use (all of it plain text of one line, unless said otherwise):

    event       id, cls (`mediation.requested`), kind (`Mediation requested`), status, status_words, severity,
                day (`Sunday 4 May 2025`), headline, cameo, plover, goldstein (a number)
    who         act (`Pakistan → Russia`), roles (`mediator: Russia; parties: India, Pakistan`), full (both);
                sources, targets, mediators, parties (lists of names)
    evidence    a list: quote (the sentence in quotation marks), publisher, title, published, url,
                link (the url, or none if it is no web address)
    more        how many further reports there are, `2 more reports and 1 copy`; empty if there are none
    families    a list: the independent families that report it
    update      what is new about an event that was told before, `now reported → denied`; else empty

The templates of a digest have `items`, a list of such views, the most severe first, and `severities`, in words:
`2 high, 1 low`. A desk that has no such templates uses the shipped ones.
"""

from __future__ import annotations

import traceback
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined, TemplateNotFound, TemplateSyntaxError
from jinja2.sandbox import SandboxedEnvironment

from detente.clock import as_utc
from detente.desk import SEEDS
from detente.errors import ConfigError, one_line
from detente.models import Event, Evidence, Message, Severity, Status
from detente.present import count, encodable, event_json, kind_in_words, plain, shorten, web_link

SUBJECT, TEXT, HTML = "alert.subject.j2", "alert.txt.j2", "alert.html.j2"
DIGEST_SUBJECT, DIGEST_TEXT, DIGEST_HTML = "digest.subject.j2", "digest.txt.j2", "digest.html.j2"
EVIDENCE_SHOWN = 5
"""Reports quoted in one message; the others are counted."""

LONGEST_SENTENCE, LONGEST_HEADLINE, LONGEST_SUBJECT = 400, 200, 160
"""Characters: some chats lose longer lines, and mail clients cut longer subjects."""

_STATUS_WORDS = {
    Status.REPORTED: "reported as fact",
    Status.PLANNED: "announced, not yet done",
    Status.HYPOTHETICAL: "spoken of as possible",
    Status.DENIED: "denied",
    Status.HISTORICAL: "in the past",
    Status.BACKGROUND: "background",
    Status.WITHDRAWN: "withdrawn by who reported it",
}
_INNER_QUOTES = str.maketrans("“”", "\u2018\u2019")
_MEND = "correct the template, or copy the one that a new desk has"


def compose(event: Event, names: Mapping[str, str], templates: Path, update: str = "") -> Message:
    """Return the message that tells of an event.

    Args:
        event: the event with its evidence.
        names: what to call actors, by id; others are shown by their ids.
        templates: the folder that holds `alert.subject.j2`, `alert.txt.j2` and `alert.html.j2`.
        update: what is new about it, where it was told before.

    Raises:
        ConfigError: a template is missing or wrong; names its line.
    """
    view = _view(event, names, update)
    subject, text, html = (_render(templates, name, view) for name in (SUBJECT, TEXT, HTML))
    if update and "update" not in subject.casefold():  # templates of an older desk, which know of none
        subject, text = f"Update: {subject}", f"Update: {plain(update)}\n\n{text}"
    return Message(
        shorten(plain(subject), LONGEST_SUBJECT), f"{text.strip()}\n", f"{html.strip()}\n", _payload(event, update)
    )


def compose_digest(items: Sequence[tuple[Event, str]], names: Mapping[str, str], templates: Path) -> Message:
    """Return the message that tells of several events, or the usual alert where there is only one.

    Args:
        items: the events in their order, each with what is new about it where it was told before.
        names: what to call actors, by id.
        templates: the desk's folder; what it lacks of a digest's templates is taken from the shipped ones.

    Raises:
        ConfigError: a template is wrong; names its line.
    """
    if len(items) == 1:
        return compose(items[0][0], names, templates, items[0][1])
    many = Counter(event.severity for event, _ in items)
    severities = ", ".join(f"{many[severity]} {severity}" for severity in reversed(Severity) if many[severity])
    views = [SimpleNamespace(**_view(event, names, update)) for event, update in items]  # a dict has its own update
    view = {"items": views, "severities": severities}
    subject, text, html = (
        _render(templates if (templates / name).exists() else SEEDS / "templates", name, view)
        for name in (DIGEST_SUBJECT, DIGEST_TEXT, DIGEST_HTML)
    )
    payload = {"events": [_payload(event, update) for event, update in items]}
    return Message(shorten(plain(subject), LONGEST_SUBJECT), f"{text.strip()}\n", f"{html.strip()}\n", payload)


def check(templates: Path) -> None:
    """Try the templates on an event that has everything, and on one that has next to nothing.

    Raises:
        ConfigError: a template is missing or wrong; names its line.
    """
    for event, update in ((_FULL, "now reported → denied"), (_BARE, "")):
        compose(event, {}, templates, update)
    compose_digest(((_FULL, "now reported → denied"), (_BARE, "")), {}, templates)


# --- what templates see -----------------------------------------------------------------------------------


def _payload(event: Event, update: str) -> dict[str, Any]:
    return event_json(event) | ({"update": update} if update else {})


def _view(event: Event, names: Mapping[str, str], update: str) -> dict[str, Any]:
    shown, more = _choose(event.evidence)
    return {
        "update": plain(update),
        "event": {
            "id": plain(event.id),
            "cls": plain(event.cls),
            "kind": plain(kind_in_words(event.cls)),
            "status": event.status.value,
            "status_words": f"the same as {plain(event.same_as)}" if event.same_as else _STATUS_WORDS[event.status],
            "severity": event.severity.value,
            "day": _day(event.day),
            "headline": shorten(plain(event.headline), LONGEST_HEADLINE),
            "cameo": plain(event.cameo),
            "plover": plain(event.plover),
            "goldstein": event.goldstein,
        },
        "who": _who(event, names),
        "evidence": [_report(item) for item in shown],
        "more": more,
        "families": [plain(family) for family in event.families],
    }


def _who(event: Event, names: Mapping[str, str]) -> dict[str, Any]:
    sources, targets, mediators, parties = (
        [plain(names.get(actor, actor)) for actor in role]
        for role in (event.sources, event.targets, event.mediators, event.parties)
    )
    act = " → ".join(", ".join(role) or "unknown" for role in (sources, targets)) if targets else ", ".join(sources)
    roles = "; ".join(
        f"{word}{'s' if len(role) > 1 else ''}: {', '.join(role)}"
        for word, role in (("mediator", mediators), ("party", parties))
        if role
    ).replace("partys:", "parties:")
    full = f"{act} ({roles})" if act and roles else act or roles
    return {
        "act": act,
        "roles": roles,
        "full": full,
        "sources": sources,
        "targets": targets,
        "mediators": mediators,
        "parties": parties,
    }


def _choose(evidence: Sequence[Evidence]) -> tuple[list[Evidence], str]:
    """Return the reports to quote, and how many others there are in words.

    No sentence is quoted twice, and a copy only where no original is known: it proves nothing more.
    """
    originals = [item for item in evidence if item.copy_of is None] or list(evidence)
    distinct = {plain(item.sentence).casefold(): item for item in reversed(originals)}
    shown = [item for item in originals if distinct[plain(item.sentence).casefold()] is item][:EVIDENCE_SHOWN]
    others, copies = len(originals) - len(shown), len(evidence) - len(originals)
    parts = [count(others, "more report")] if others else []
    parts += [count(copies, "copy", "copies")] if copies else []
    return shown, " and ".join(parts)


def _report(item: Evidence) -> dict[str, Any]:
    published = as_utc(item.published_at)
    return {
        "quote": f"“{shorten(plain(item.sentence), LONGEST_SENTENCE).translate(_INNER_QUOTES)}”",
        "publisher": plain(item.publisher),
        "title": shorten(plain(item.title), LONGEST_HEADLINE),
        "url": plain(item.url),
        "link": web_link(item.url),
        "published": f"{published.day} {published:%B %Y, %H:%M} UTC",
    }


def _day(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B %Y}"


# --- rendering --------------------------------------------------------------------------------------------


@lru_cache(maxsize=8)
def _environment(templates: Path) -> SandboxedEnvironment:
    return SandboxedEnvironment(
        loader=FileSystemLoader(templates),
        autoescape=lambda name: bool(name and name.endswith(".html.j2")),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _render(templates: Path, name: str, view: dict[str, Any]) -> str:
    file = templates / name
    try:
        return encodable(_environment(templates).get_template(name).render(view))
    except TemplateNotFound as error:
        mend = "make a desk with 'detente init DIR' and copy its templates"
        raise ConfigError(templates / str(error.name), None, "the template is missing", mend) from None
    except TemplateSyntaxError as error:
        place = Path(error.filename) if error.filename else file
        raise ConfigError(place, error.lineno, f"no valid template: {one_line(error)}", _MEND) from None
    except UnicodeDecodeError as error:
        raise ConfigError(file, None, f"byte {error.start} is no UTF-8", "save the file as UTF-8") from None
    except Exception as error:  # noqa: BLE001  # a template can raise anything that an expression can
        place, line = _place(error, templates, file)
        raise ConfigError(place, line, f"the template fails: {one_line(error)}", _MEND) from None


def _place(error: Exception, templates: Path, file: Path) -> tuple[Path, int | None]:
    """Return where a template failed: jinja2 puts its files and lines into the traceback."""
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if Path(frame.filename).parent == templates:
            return Path(frame.filename), frame.lineno
    return file, None


_MOMENT = datetime(2025, 5, 4, 9, 30, tzinfo=UTC)
_BARE = Event(
    id="e0000000000",
    cls="escalation.relations_reduced",
    cameo="160",
    plover="SANCTION",
    goldstein=-4.0,
    severity=Severity.LOW,
    status=Status.PLANNED,
    day=_MOMENT.date(),
    sources=(),
    targets=(),
    mediators=(),
    parties=(),
    story="s0000000000",
    headline="",
    first_seen=_MOMENT,
    last_seen=_MOMENT,
)
_REPORTS = tuple(
    Evidence(
        event="e0000000001",
        url=f"https://news.example/{number}",
        publisher="Example News",
        family=f"family-{number}",
        copy_of=None,
        title="A headline",
        sentence=f"Sentence {number}.",
        status=Status.REPORTED,
        published_at=_MOMENT,
        rule="rule",
        why="why",
    )
    for number in range(EVIDENCE_SHOWN + 1)
)
_FULL = Event(
    id="e0000000001",
    cls="mediation.requested",
    cameo="028",
    plover="REQUEST",
    goldstein=4.0,
    severity=Severity.HIGH,
    status=Status.REPORTED,
    day=_MOMENT.date(),
    sources=("AAA",),
    targets=("BBB",),
    mediators=("BBB",),
    parties=("AAA", "CCC"),
    story="s0000000001",
    headline="A headline",
    first_seen=_MOMENT,
    last_seen=_MOMENT,
    evidence=_REPORTS,
)
