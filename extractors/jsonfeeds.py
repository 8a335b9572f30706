"""JSON Feed 1.0 and 1.1 (jsonfeed.org): what a feed in JSON lists, in the words that RSS and Atom entries use."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from detente.errors import FetchError
from detente.models import FetchOutcome

_VERSION = "jsonfeed.org/version/1"
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_MOST_ITEMS = 5000


def is_json(content: bytes) -> bool:
    """Say whether content is a JSON object, whatever its type says: many feeds are sent with a wrong one."""
    return content.removeprefix(_BYTE_ORDER_MARK).lstrip()[:1] == b"{"


def json_entries(content: bytes, url: str) -> list[dict[str, Any]]:
    """Return the items of a JSON Feed as entries of a parsed feed, with the same keys.

    Where an item has no `url`, its `id` stands in, which is an address in many feeds, or what it links to.

    Args:
        content: the feed, unpacked.
        url: its address, for the error.

    Raises:
        FetchError: it is broken, or no JSON Feed.
    """
    try:
        feed = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:  # ValueError: broken JSON, broken UTF-8, a number of too many digits
        reason = "nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise FetchError(url, FetchOutcome.UNREADABLE, f"broken JSON: {reason[:200]}") from None
    items = feed.get("items")
    if _VERSION not in str(feed.get("version")) or not isinstance(items, list):
        raise FetchError(url, FetchOutcome.UNREADABLE, "JSON, but no JSON Feed")
    return [_entry(item) for item in items[:_MOST_ITEMS] if isinstance(item, Mapping)]


def _entry(item: Mapping[str, Any]) -> dict[str, Any]:
    authors = item.get("authors")
    return {
        "link": next((item[key] for key in ("url", "id", "external_url") if _is_address(item.get(key), key)), None),
        "title": item.get("title"),
        "description": item.get("content_text"),
        "summary": item.get("summary"),
        "content": [{"value": item.get("content_html")}],
        "published": item.get("date_published"),
        "updated": item.get("date_modified"),
        "authors": authors if isinstance(authors, list) and authors else [item.get("author")],  # `author`: version 1.0
    }


def _is_address(value: Any, key: str) -> bool:
    if not isinstance(value, str) or not value.strip():
        return False
    return key != "id" or value.startswith(("http://", "https://"))
