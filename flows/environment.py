"""What Prefect reads from the environment, set before it is first imported."""

from __future__ import annotations

import os
from pathlib import Path

from detente.desk import DESK_VARIABLE, Desk

_DEFAULTS = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "90",
    "PREFECT_RUNNER_POLL_FREQUENCY": "2",  # seconds; else a run on demand waits up to 10
    "PREFECT_WORKER_QUERY_SECONDS": "2",
    "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",  # else the server's history grows for ever
    "PREFECT_CLI_WRAP_LINES": "false",
}
_OWN_SERVER = ("PREFECT_API_URL", "PREFECT_HOME", "PREFECT_PROFILE")


def prepare(desk: Desk, *, console: str = "WARNING") -> None:
    """Point Prefect at the desk: its history in the desk's `.prefect`, nothing sent home, nothing noisy.

    What is set already stays as it is. Processes that are started later inherit all of it.

    Args:
        desk: the desk.
        console: the lowest level of log line that Prefect prints; its server keeps all of them.
    """
    os.environ.setdefault("PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL", console)
    for name, value in _DEFAULTS.items():
        os.environ.setdefault(name, value)
    if not any(os.environ.get(name) for name in _OWN_SERVER):
        os.environ["PREFECT_HOME"] = str(home(desk))
    os.environ[DESK_VARIABLE] = str(desk.root)


def home(desk: Desk) -> Path:
    """Return the folder of the desk's own Prefect server."""
    return desk.root / ".prefect"
