"""The engine `detente extract`: pages named on JSON Lines in, articles on JSON Lines out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from pathlib import Path
from typing import Any

from detente import jsonlines
from detente.models import Extracted
from detente.settings import Settings
from extractors.pool import ExtractorPool


def extract_lines(lines: Iterable[str], settings: Settings) -> Iterator[str]:
    """Clean the page of each line, several at once; answers come as they are ready.

    Args:
        lines: objects with `id`, `url` and `html_path`, the last relative to the present folder or absolute.
        settings: workers, deadline and memory; `http.max_bytes` bounds a page.

    Yields:
        One line for each: id, title, text, published_at (ISO 8601 or null), authors, language, extractor, problem.

    Raises:
        UsageError: a line is no such object; names the line.
    """
    at_once = settings.extraction.workers + 1
    with ExtractorPool(settings.extraction) as pool, ThreadPoolExecutor(at_once) as threads:
        running: set[Future[str]] = set()
        for item in jsonlines.read(lines, ("id", "url", "html_path")):
            running.add(threads.submit(_answer, item, settings, pool))
            if len(running) > 2 * at_once:
                done, running = wait(running, return_when=FIRST_COMPLETED)
                yield from (future.result() for future in done)
        while running:
            done, running = wait(running, return_when=FIRST_COMPLETED)
            yield from (future.result() for future in done)


def _answer(item: dict[str, Any], settings: Settings, pool: ExtractorPool) -> str:
    extracted = _extract(str(item["html_path"]), str(item["url"] or ""), settings.http.max_bytes, pool)
    published_at = extracted.published_at
    return jsonlines.write(
        {
            "id": item["id"],
            "title": extracted.title,
            "text": extracted.text,
            "published_at": published_at.isoformat() if published_at else None,
            "authors": list(extracted.authors),
            "language": extracted.language,
            "extractor": extracted.extractor,
            "problem": extracted.problem,
        }
    )


def _extract(path: str, url: str, max_bytes: int, pool: ExtractorPool) -> Extracted:
    try:
        with Path(path).open("rb") as file:
            html = file.read(max_bytes + 1)
    except (OSError, ValueError) as error:
        return Extracted(problem=f"cannot read {path}: {getattr(error, 'strerror', None) or error}")
    if len(html) > max_bytes:
        return Extracted(problem=f"longer than {max_bytes:,} bytes (http.max_bytes)")
    return pool.extract_now(html, url, None)
