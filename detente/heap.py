"""How large things that last are built: rules, actors, words."""

from __future__ import annotations

import atexit
import gc
from collections.abc import Iterator
from contextlib import contextmanager

atexit.register(gc.unfreeze)  # else modules in C find at the end that their objects were never freed, and say so


@contextmanager
def lasting() -> Iterator[None]:
    """Build what lasts without the garbage collector, and keep the collector out of it ever after.

    It would walk all of it over and over while it grows, and again whenever much else was made: without it rules are
    compiled in half the time and unpickled in an eighth. Several threads may do so at once. What is still used when
    the block ends is taken to last, too: if it becomes a ring of objects later, it is not freed.
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
            gc.freeze()
