"""Ends a program when whoever started it is gone, even by `kill -9`: `python -m flows.warden COMMAND...`.

It runs the command and reads its own standard input, which ends with the process that holds the other end.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading

GRACE = 10.0
"""Seconds that the program has to end by itself."""


def main() -> None:
    """Run the command of the command line until standard input ends; end with its exit code if it ends first."""
    process = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL)  # noqa: S603  # what flows.server asks for
    threading.Thread(target=_end_with, args=(process,), daemon=True).start()
    sys.stdin.buffer.read()
    process.terminate()
    try:
        process.wait(GRACE)
    except subprocess.TimeoutExpired:
        process.kill()


def _end_with(process: subprocess.Popen[bytes]) -> None:
    os._exit(process.wait())


if __name__ == "__main__":
    main()
