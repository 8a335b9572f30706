from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from alerts_examples import MOMENT, SECRET
from alerts_servers import RawServer, Talk, WebServer, silence

from alerts.routes import Target
from alerts.trial import send_trial
from detente.models import SendOutcome, SendResult


def test_a_trial_says_that_it_is_one(web: WebServer) -> None:
    target = Target("hook", f"json://127.0.0.1:{web.port}/here")
    assert send_trial(target, MOMENT, 10) == SendResult(SendOutcome.SENT, "HTTP 200 OK")
    ((_, path, headers, body),) = web.requests
    said = json.loads(body)
    assert path == "/here"
    assert said["subject"] == "Détente: test message"
    assert said["text"] == "This is a test: alerts of Détente reach you here. Nothing has happened.\n"
    assert said["event"] == {"test": True}
    assert headers["Idempotency-Key"] == said["id"]


def test_each_trial_has_an_id_of_its_own(web: WebServer) -> None:
    one, two = (Target(name, f"json://127.0.0.1:{web.port}") for name in ("one", "two"))
    for target, moment in ((one, MOMENT), (one, MOMENT + timedelta(seconds=1)), (two, MOMENT), (one, MOMENT)):
        send_trial(target, moment, 10)
    first, *others, again = [json.loads(body)["id"] for _, _, _, body in web.requests]
    assert first == again
    assert len({first, *others}) == 3


def test_a_trial_on_the_terminal_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert send_trial(Target("screen", "terminal://"), MOMENT, 10) == SendResult(SendOutcome.SENT)
    assert capsys.readouterr().out.startswith("This is a test: ")


def test_variables_are_filled_in(web: WebServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESK_TEST_HOOK", f"127.0.0.1:{web.port}/from-here")
    assert send_trial(Target("hook", "json://${DESK_TEST_HOOK}"), MOMENT, 10).outcome is SendOutcome.SENT
    assert web.requests[0][1] == "/from-here"


def test_a_variable_that_is_not_set_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DESK_TEST_HOOK", raising=False)
    result = send_trial(Target("hook", f"json://clerk:{SECRET}@h/${{DESK_TEST_HOOK}}"), MOMENT, 10)
    said = "environment variable DESK_TEST_HOOK is not set; set it where Détente runs"
    assert result == SendResult(SendOutcome.PERMANENT, said)


@pytest.mark.parametrize(
    ("url", "outcome", "said"),
    [
        (f"slakc://{SECRET}", SendOutcome.PERMANENT, "there is no channel slakc://; did you mean slack://?"),
        (f"json://127.0.0.1:1/{SECRET}", SendOutcome.TEMPORARY, "the server could not be reached (ConnectionError)"),
    ],
)
def test_what_is_wrong_with_a_target_is_told_without_its_address(url: str, outcome: SendOutcome, said: str) -> None:
    assert send_trial(Target("hook", url), MOMENT, 10) == SendResult(outcome, said)


def test_a_trial_waits_for_no_server_longer_than_its_deadline(raw: Callable[[Talk], RawServer]) -> None:
    began = time.monotonic()
    result = send_trial(Target("hook", f"json://127.0.0.1:{raw(silence).port}"), MOMENT, 0.2)
    assert result == SendResult(SendOutcome.TEMPORARY, "no answer within 0.2 s")
    assert time.monotonic() - began < 1.5
