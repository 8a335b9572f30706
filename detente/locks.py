"""One worker at a time: a file lock that ends with its process, however that ends."""

from __future__ import annotations

import fcntl
import os
import random
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from detente.errors import DeskBusy

_T = TypeVar("_T")


@contextmanager
def exclusive(path: Path, wait: float) -> Iterator[None]:
    """Hold the lock file `path`; the kernel releases it with the process, so a kill leaves no lock behind.

    Args:
        path: the lock file; made if missing. Its holder's process id and command are written into it.
        wait: seconds to wait for another holder.

    Raises:
        DeskBusy: another process kept it for `wait` seconds.
    """
    with path.open("a+", encoding="utf-8") as file:
        _acquire(file.fileno(), path, wait)
        file.seek(0)
        file.truncate()
        file.write(f"{os.getpid()} {own_command()}\n")
        file.flush()
        yield


def own_command() -> str:
    """Return this process's command as a person would type it."""
    return " ".join([Path(sys.argv[0]).name or "python", *sys.argv[1:]])[:200]


def until_free(attempt: Callable[[float], _T | None], started: float, wait: float) -> _T:
    """Return what an attempt at something that others may hold returns, as soon as that is not None.

    The pauses between attempts grow from 20 ms to half a second, at random lengths, so that no two collide.

    Args:
        attempt: is given the seconds waited so far; gives up by raising once they reach `wait`.
        started: since when, as `time.monotonic` tells it.
        wait: seconds after which the last attempt is made.
    """
    pause = 0.02
    while True:
        waited = time.monotonic() - started
        if (found := attempt(waited)) is not None:
            return found
        time.sleep(max(0, min(pause * random.uniform(0.5, 1.5), wait - waited)))  # noqa: S311  # jitter, no secret
        pause = min(pause * 2, 0.5)


def _acquire(descriptor: int, path: Path, wait: float) -> None:
    def attempt(waited: float) -> bool | None:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if waited < wait:
                return None
            pid, _, command = path.read_text(encoding="utf-8", errors="replace").strip().partition(" ")
            raise DeskBusy(path, int(pid) if pid.isdigit() else None, command or None, waited) from None
        return True

    until_free(attempt, time.monotonic(), wait)
