"""Ctrl-C in the middle of a tick."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from datetime import UTC, datetime

import pytest
from newsstand import Hook, Newsstand

from detente.desk import Desk
from flows.progress import Silent
from flows.tick import run_ticks

NOW = datetime(2025, 5, 4, 18, tzinfo=UTC)
TEXT = "Pakistan has asked Russia to mediate in its stand-off with India, its envoy said. " * 4


@pytest.mark.usefixtures("prefect")
def test_ctrl_c_ends_a_tick_at_once_and_the_next_goes_on(stand: Newsstand, desk: Desk, webhook: Hook) -> None:
    for number in range(20):
        stand.publish("alpha", f"request-{number}", "Pakistan asks Russia to mediate with India", TEXT, NOW)
    desk.sources.write_text(stand.sources_yaml(), encoding="utf-8")
    command = [sys.executable, "-m", "detente", "run", "--now", NOW.isoformat()]
    slow = os.environ | {"DETENTE_HTTP_DELAY": "3"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=slow) as process:
        patience = threading.Event()
        while process.poll() is None and len(stand.asked) < 3:
            patience.wait(0.05)
        process.send_signal(signal.SIGINT)
        output, told = process.communicate(timeout=20)
    assert process.returncode == 130, told
    assert output == ""
    assert told.splitlines()[-1] == "detente: stopped; the next tick goes on from here"
    (report,) = run_ticks(desk, [{"now": NOW}], Silent())
    assert report.articles == 20
    assert len(webhook.ids()) == 1
    assert webhook.received[0]["event"]["sources"] == ["PAK"]
