"""How large things that last are built: rules, actors, words."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def lasting() -> Iterator[None]:
    """Build what lasts without the garbage collector, which would walk all of it over and over while it grows.

    Without it rules are compiled in half the time and unpickled in an eighth. Several threads may do so at once.
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
