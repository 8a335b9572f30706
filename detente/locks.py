"""One worker at a time: a file lock that ends with its process, however that ends."""

from __future__ import annotations

import fcntl
import os
import random
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from detente.errors import DeskBusy


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


def _acquire(descriptor: int, path: Path, wait: float) -> None:
    started = time.monotonic()
    pause = 0.02
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            waited = time.monotonic() - started
            if waited >= wait:
                pid, _, command = path.read_text(encoding="utf-8", errors="replace").strip().partition(" ")
                raise DeskBusy(path, int(pid) if pid.isdigit() else None, command or None, waited) from None
            time.sleep(min(pause * random.uniform(0.5, 1.5), wait - waited))  # noqa: S311  # jitter, no secret
            pause = min(pause * 2, 0.5)
        else:
            return
