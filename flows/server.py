"""A Prefect server for one desk: the running one that is named, else one of its own on loopback."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from detente.desk import Desk
from detente.errors import FlowError, one_line
from flows.environment import home, prepare

START_SECONDS = 90.0
"""How long the server may take to answer: 5 s on an idle machine, a minute on a very busy one."""

_ADDRESS = "PREFECT_API_URL"


@contextmanager
def server(desk: Desk, *, services: bool = False) -> Iterator[str]:
    """Give the address of a Prefect server, in `PREFECT_API_URL` too, for as long as the block runs.

    Args:
        desk: where an own server keeps its history and its log.
        services: whether an own server also keeps schedules; a single tick needs none.

    Raises:
        FlowError: the named server does not answer, or the own one did not start.
    """
    prepare(desk)
    if named := os.environ.get(_ADDRESS):
        if problem := _health(named):
            raise FlowError(f"the Prefect server {named} does not answer ({problem}); start it, or unset {_ADDRESS}")
        yield named
        return
    log = home(desk) / "server.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    port = _free_port()
    address = f"http://127.0.0.1:{port}/api"
    with log.open("ab") as output:
        start = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
        start += [] if services else ["--no-services"]
        process = subprocess.Popen(  # noqa: S603  # our own words
            [sys.executable, "-m", "flows.warden", *start],
            stdout=output,
            stderr=output,
            stdin=subprocess.PIPE,  # when this process ends, however it ends, the pipe does, and the server with it
            start_new_session=True,  # Ctrl-C is for us: the flows still report to the server
        )
    try:
        _wait(process, address, log)
        os.environ[_ADDRESS] = address
        yield address
    finally:
        os.environ.pop(_ADDRESS, None)
        _stop(process)


def _wait(process: subprocess.Popen[bytes], address: str, log: Path) -> None:
    started = time.monotonic()
    while problem := _health(address):
        if process.poll() is not None:
            raise FlowError(f"the Prefect server ended at once (exit code {process.returncode}); see {log}")
        if time.monotonic() - started > START_SECONDS:
            raise FlowError(f"the Prefect server did not start in {START_SECONDS:.0f} s ({problem}); see {log}")
        try:
            process.wait(0.1)
        except subprocess.TimeoutExpired:
            continue


def _health(address: str) -> str | None:
    """Return None where a server answers, else what is wrong."""
    try:
        with urllib.request.urlopen(f"{address.rstrip('/')}/health", timeout=5) as answer:  # noqa: S310  # http by contract
            return None if answer.status == 200 else f"HTTP {answer.status}"  # 200: OK
    except (urllib.error.URLError, OSError, ValueError) as error:
        return one_line(error)


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.communicate()  # closes the pipe, and waits


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
