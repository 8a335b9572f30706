"""Ctrl-C while a tick runs: end now. Nothing is lost by it; the next tick goes on from there."""

from __future__ import annotations

import atexit
import os
import signal
import sys
from collections.abc import Callable


def stop_at_once(leave: Callable[[], None]) -> None:
    """Let Ctrl-C end this process without waiting for pages under way.

    An ordinary KeyboardInterrupt would be held up by every thread that still fetches or waits for a worker.

    Args:
        leave: called first; takes a display off the screen.
    """

    def stop(*_: object) -> None:
        leave()
        sys.stderr.write("detente: stopped; the next tick goes on from here\n")
        atexit._run_exitfuncs()  # noqa: SLF001  # workers end, and their semaphores with them
        sys.stdout.flush()
        os._exit(130)

    signal.signal(signal.SIGINT, stop)
