"""Work in a process of its own that kills itself before, or after, something that it calls."""

from __future__ import annotations

import signal
import subprocess
import sys
from datetime import datetime
from typing import Literal

_PROGRAM = """
import os, signal, sys
from datetime import datetime
import extractors.collect
from detente.desk import find_desk
from flows import stages
from flows.progress import Silent
from flows.tick import run_ticks
from storage import outbox

work, where, when, now = sys.argv[1:]
module, name = {"collect": (extractors.collect, "collect"), "plan": (stages, "plan_tick"),
                "ingest": (stages, "ingest_batch"), "detect": (stages, "detect"), "record": (stages.events, "record"),
                "due": (stages.sending, "due"), "gather": (outbox, "gather"), "send": (stages.outbox, "deliver"),
                "attempt": (outbox, "record_attempt"), "report": (stages, "close_tick")}[where]
real = getattr(module, name)

def killed(*args, **kwargs):
    if when == "after":
        done = real(*args, **kwargs)
        if where == "send":
            next(done)
    os.kill(os.getpid(), signal.SIGKILL)

setattr(module, name, killed)
now = datetime.fromisoformat(now)
if work == "tick":
    list(run_ticks(find_desk(None), [{"now": now}], Silent()))
else:
    stages.deliver(stages.read_desk(find_desk(None)), now, lambda _: None)
"""


def kill(work: Literal["tick", "deliver"], where: str, when: str, now: datetime) -> None:
    """Run a tick, or only its sending, on the desk of the environment, and see it killed."""
    command = [sys.executable, "-c", _PROGRAM, work, where, when, now.isoformat()]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
