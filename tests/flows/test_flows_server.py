"""The Prefect server of a desk: the named one, or one of its own that ends with us."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
import urllib.request

import pytest

from detente.desk import Desk
from detente.errors import FlowError
from flows.server import server

HOLD = """
import os, sys
from detente.desk import find_desk
from flows.server import server

with server(find_desk(None)) as address:
    print(address, os.environ["PREFECT_API_URL"], flush=True)
    sys.stdin.read()
"""


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/health", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


@pytest.mark.parametrize("end", ["ends", "is killed"])
def test_the_own_server_ends_with_who_started_it(desk: Desk, end: str) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    with subprocess.Popen(
        [sys.executable, "-c", HOLD],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment | {"DETENTE_DESK": str(desk.root)},
    ) as process:
        assert process.stdout is not None
        address, named = process.stdout.readline().split()
        assert named == address
        assert answers(address)
        if end == "is killed":
            process.send_signal(signal.SIGKILL)
        process.communicate()
    patience, limit = threading.Event(), time.monotonic() + 30
    while answers(address) and time.monotonic() < limit:
        patience.wait(0.1)
    assert not answers(address)


def test_a_named_server_that_does_not_answer_is_one_line(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")
    with pytest.raises(FlowError, match="start it, or unset PREFECT_API_URL"), server(desk):
        pass


def test_a_server_that_cannot_start_names_its_log(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("PREFECT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PREFECT_API_DATABASE_CONNECTION_URL", "sqlite+aiosqlite:////none/at/all.db")
    monkeypatch.setenv("PREFECT_SERVER_DATABASE_CONNECTION_URL", "sqlite+aiosqlite:////none/at/all.db")
    with pytest.raises(FlowError, match=r"server\.log"), server(desk):
        pass
