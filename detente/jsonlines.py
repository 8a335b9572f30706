"""JSON Lines on standard input: one object a line, refused with the number of the line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from detente.errors import UsageError


def read(lines: Iterable[str], required: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    """Yield the objects of a stream, as they come; empty lines are passed over.

    Args:
        lines: the stream.
        required: keys that every object must have.

    Raises:
        UsageError: a line is no JSON object, or lacks a key; names the line.
    """
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            item = json.loads(line)
        except json.JSONDecodeError as error:
            raise UsageError(f"stdin:{number}: no JSON ({error.msg}); write one object a line") from None
        if not isinstance(item, dict):
            raise UsageError(f"stdin:{number}: no JSON object; write one object a line")
        if missing := [key for key in required if key not in item]:
            raise UsageError(f"stdin:{number}: {missing[0]!r} is missing; give {', '.join(required)}")
        yield item


def write(item: dict[str, Any]) -> str:
    """Return one object as a line, without its line break; a lone surrogate becomes U+FFFD."""
    text = json.dumps(item, ensure_ascii=False, separators=(", ", ": "))
    return text.encode("utf-8", "replace").decode("utf-8")
