"""The engines `detente code` and `detente stories`: JSON Lines in, JSON Lines out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from detection import details, gist, sketch
from detection.coder import Coder, Coders, languages
from detection.stories import StoryIndex
from detente import jsonlines
from detente.clock import as_utc
from detente.errors import UsageError
from detente.models import Article, Status
from detente.present import mention_json
from detente.settings import Detection


def code_lines(lines: Iterable[str], coders: Coders) -> Iterator[str]:
    """Code each text to its events.

    Args:
        lines: objects with `id`, `text` and optionally `date` (ISO 8601, a day or a time) and `language` (ISO 639-1).
        coders: rules, actors and words of each language.

    Yields:
        One line for each, `{"id", "events": [...]}`; what is only background of other events is left out.

    Raises:
        UsageError: a line is no such object, or its language has no rules; names its id or number.
    """
    for item in jsonlines.read(lines, ("id", "text")):
        coder = coders.of(item.get("language"))
        if coder is None:
            known = ", ".join(languages())
            raise UsageError(
                f"stdin: id {item['id']!r}: there are no rules for {item['language']!r}; there are {known}"
            )
        found = coder.code(_text(item, "text"), _time(item, "date"))
        events = [mention_json(mention) for mention in found if mention.status is not Status.BACKGROUND]
        yield jsonlines.write({"id": item["id"], "events": events})


def story_lines(lines: Iterable[str], settings: Detection, coder: Coder) -> Iterator[str]:
    """Place each article among those before it.

    Args:
        lines: objects with `id`, `published_at` (ISO 8601), `publisher`, `title` and `text`, in time order.
        settings: what makes a story, and what makes a copy.
        coder: reads the lead of each article: who does what to whom keeps stories apart.

    Yields:
        One line for each: `{"id", "story", "copy_of": null|id, "new", "follows": null|story, "why"}`.

    Raises:
        UsageError: a line is no such object; names its id or number.
    """
    index, ids = StoryIndex(settings), dict[str, Any]()
    for item in jsonlines.read(lines, ("id", "published_at", "publisher", "title", "text")):
        ids[str(item["id"])] = item["id"]
        published_at = _time(item, "published_at")
        if published_at is None:
            raise UsageError(f"stdin: id {item['id']!r}: published_at is empty; write it as in 2025-05-04T08:00Z")
        name, title, text = str(item["id"]), _text(item, "title"), _text(item, "text")
        article = Article(name, name, name, name, title, text[: sketch.HEAD], "en", published_at, published_at)
        mentions = coder.code(article.full_text, published_at)
        about = gist.of(article, mentions, details.read(article, mentions, coder.actors), coder.actors)
        placed, _ = index.place(name, sketch.outline(title, text), published_at, about)
        yield jsonlines.write(
            {
                "id": item["id"],
                "story": placed.story,
                "copy_of": None if placed.copy_of is None else ids[placed.copy_of],
                "new": placed.new,
                "follows": placed.follows,
                "why": placed.why,
            }
        )


def _text(item: dict[str, Any], key: str) -> str:
    value = item[key]
    if value is not None and not isinstance(value, str):
        raise UsageError(f"stdin: id {item['id']!r}: {key} {value!r} is no text; give a string")
    return value or ""


def _time(item: dict[str, Any], key: str) -> datetime | None:
    value = item.get(key)
    if value is None or value == "":
        return None
    try:
        return as_utc(datetime.fromisoformat(value))
    except (TypeError, ValueError):
        raise UsageError(f"stdin: id {item['id']!r}: {key} {value!r} is no time; write it as in 2025-05-04") from None
