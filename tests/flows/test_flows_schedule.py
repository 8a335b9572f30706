"""The schedules of a desk: `detente serve`, and a Prefect server of one's own with a process worker."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from newsstand import Hook, Newsstand

from detente.desk import SEEDS, Desk

ROOT = SEEDS.parent
REQUEST = """Pakistan has asked Russia to mediate in its stand-off with India, its ambassador in Moscow said.

He said that the letter had been handed over in the morning. Nobody at the ministry would say whether an answer had \
been given, and the telephones of the spokeswoman rang out all afternoon. In the bazaar few had heard of it."""


def _heed_interrupts() -> None:
    """Undo what a shell does to commands in its background, and what they would hand on: ignore Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@contextmanager
def started(*command: str, **variables: str) -> Iterator[subprocess.Popen[str]]:
    """Run a command in a process group of its own; whatever is left of it at the end is killed."""
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=ROOT,
        env=os.environ | variables,
        start_new_session=True,
        preexec_fn=_heed_interrupts,  # noqa: PLW1509  # nothing else can be told before the command begins
    )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def publish_now(stand: Newsstand, desk: Desk) -> None:
    """Publish a request for mediation, an hour ago."""
    at = datetime.now(UTC) - timedelta(hours=1)
    stand.publish("alpha", "request", "Pakistan asks Russia to mediate with India", REQUEST, at)
    desk.sources.write_text(stand.sources_yaml(), encoding="utf-8")


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_serve_keeps_the_schedules_until_it_is_told_to_stop(
    stand: Newsstand, desk: Desk, webhook: Hook, end: signal.Signals, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in os.environ if name.startswith("PREFECT_")]:
        monkeypatch.delenv(name)
    publish_now(stand, desk)
    with started(sys.executable, "-m", "detente", "serve") as serving:
        arrived = webhook.arrived.wait(120)
        os.kill(serving.pid, end)
        output = serving.communicate(timeout=60)[0]
    assert arrived, output
    assert serving.returncode == 0
    assert output.splitlines()[0] == "watching every 10 min, delivering every 60 s"
    assert output.splitlines()[-1] == "stopped"
    assert "Traceback" not in output
    assert len(webhook.ids()) == 1


def test_a_worker_runs_ticks_on_demand(prefect: str, stand: Newsstand, desk: Desk, webhook: Hook) -> None:
    publish_now(stand, desk)
    stand.publish("beta", "other", "Pakistan asks Russia to mediate", REQUEST, datetime.now(UTC))
    desk.sources.write_text(stand.sources_yaml(), encoding="utf-8")
    tool = [sys.executable, "-m", "prefect"]
    environment = os.environ | {"PREFECT_API_URL": prefect, "DETENTE_DESK": str(desk.root)}

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*tool, *words], cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=120
        )

    for words in (
        ("work-pool", "create", "detente", "--type", "process"),
        ("--no-prompt", "deploy", "--all", "--prefect-file", "deployments/prefect.yaml"),
    ):
        done = run(*words)
        assert done.returncode == 0, done.stdout + done.stderr
    refused = run("deployment", "run", "watch/scheduled", "--param", 'tick={"sorces": []}')
    assert refused.returncode != 0
    assert "sorces" in refused.stdout + refused.stderr
    asked = json.dumps({"sources": ["alpha-feed"], "since": "12h"})
    assert run("deployment", "run", "watch/scheduled", "--param", f"tick={asked}").returncode == 0
    with started(*tool, "worker", "start", "--pool", "detente", **environment) as worker:
        arrived = webhook.arrived.wait(120)
    assert arrived, worker.stdout
    assert {path.split("/")[1] for path in stand.asked} - {"robots.txt"} == {"alpha"}


def test_the_deployments_name_flows_that_exist() -> None:
    listed = (ROOT / "deployments" / "prefect.yaml").read_text(encoding="utf-8")
    entrypoints = [line.split()[-1] for line in listed.splitlines() if "entrypoint:" in line]
    assert len(entrypoints) == 2
    for entrypoint in entrypoints:
        file, _, name = entrypoint.partition(":")
        assert f"async def {name}(" in Path(ROOT / file).read_text(encoding="utf-8")
