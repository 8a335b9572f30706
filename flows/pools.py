"""The extraction workers of this process: started once, kept over its ticks."""

from __future__ import annotations

import atexit
from functools import lru_cache

from detente.settings import Extraction
from extractors.pool import ExtractorPool


@lru_cache(maxsize=1)
def extractor_pool(settings: Extraction) -> ExtractorPool:
    """Return the pool for these settings. It starts its workers with the first page and ends with the process."""
    pool = ExtractorPool(settings)
    pool.__enter__()
    atexit.register(pool.__exit__, None, None, None)
    return pool


def warm_up(settings: Extraction) -> None:
    """Begin to start the workers, which takes a second, so that they are there when the first page is."""
    extractor_pool(settings).submit(int)  # the first errand starts all of them
