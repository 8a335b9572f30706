"""The terminal, and the services that apprise knows; mail and webhooks have files of their own."""

from __future__ import annotations

import contextlib
import io
import os
import sys
import time
from urllib.parse import parse_qs

import pytest
from alerts_examples import MOMENT, SECRET, message
from alerts_servers import RawServer, WebServer

from alerts import channels
from alerts.channels import stock
from detente.models import SendOutcome, SendResult

SENT, TEMPORARY, PERMANENT = SendOutcome.SENT, SendOutcome.TEMPORARY, SendOutcome.PERMANENT
GAP = "\u200b"


def send(url: str, deadline: float = 10, subject: str = "Talks held", text: str = "One\n  two\n") -> SendResult:
    return channels.send(
        url, message(subject=subject, text=text), delivery_id="d1", created_at=MOMENT, deadline=deadline
    )


def form(web: WebServer) -> dict[str, str]:
    """Return the fields of the one form that was posted."""
    ((_, _, _, body),) = web.requests
    return {name: values[0] for name, values in parse_qs(body.decode(), strict_parsing=True).items()}


# --- the terminal -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("url", ["terminal://", "TERMINAL://"])
def test_the_terminal_prints_the_text_and_an_empty_line(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert channels.check(url) is None
    assert send(url, text="Pakistan → Russia\n  indented\n\n\n") == SendResult(SENT)
    assert capsys.readouterr() == ("Pakistan → Russia\n  indented\n\n", "")


def test_the_terminal_obeys_no_escape_of_a_stranger(capsys: pytest.CaptureFixture[str]) -> None:
    text = "a\x1b[2J\x1b]0;title\x07b\n  c\rd\x9b31m\u202ee\ttab\x00\x7f\ud800\n"
    assert send("terminal://", text=text) == SendResult(SENT)
    printed = capsys.readouterr().out
    assert printed == "a [2J ]0;title b\n  c d 31me tab \ufffd\n\n"
    assert printed.replace("\n", "").isprintable()


def test_a_terminal_of_another_encoding_gets_what_it_can_show(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(taken, encoding="ascii"))
    assert send("terminal://", text="Détente → peace") == SendResult(SENT)
    assert taken.getvalue() == b"D?tente ? peace\n\n"


def test_output_that_nobody_reads_any_more_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    closed = os.fdopen(writer, "w", encoding="utf-8")
    monkeypatch.setattr(sys, "stdout", closed)
    assert send("terminal://") == SendResult(TEMPORARY, "cannot print: Broken pipe")
    with contextlib.suppress(BrokenPipeError):
        closed.close()


# --- addresses --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "problem", "mend"),
    [
        ("", "the address has no scheme", "write it like mailtos://…, slack://… or terminal://"),
        (SECRET, "the address has no scheme", "write it like"),
        (f"mailto:{SECRET}", "the address has no scheme", "write it like"),
        (f"{SECRET}\n://h", "the address has no scheme", "write it like"),
        (f"slakc://{SECRET}", "there is no channel slakc://", "did you mean slack://?"),
        (f"TERMNAL://{SECRET}", "there is no channel termnal://", "did you mean terminal://?"),
        (f"zzzzqq://{SECRET}", "there is no channel zzzzqq://", "use one of apprise's services, mailtos://"),
        (f"http://{SECRET}", "no service is known at this http:// address", "write json://…"),
        (f"https://{SECRET}", "no service is known at this https:// address", "write jsons://…"),
        (f"terminal://{SECRET}", "terminal:// takes nothing after it", "write terminal://"),
        (f"slack://{SECRET}", "the address does not have the form of slack://", "see https://appriseit.com/"),
        (f"ntfy://127.0.0.1/{SECRET}/b", "the address names 2 recipients", "give each a target of its own"),
    ],
)
def test_these_addresses_are_refused_with_a_mend_and_without_showing_them(url: str, problem: str, mend: str) -> None:
    said = channels.check(url)
    assert said
    assert said.startswith(f"{problem}; {mend}")
    assert SECRET not in said
    assert "\n" not in said
    assert send(url) == SendResult(PERMANENT, said)


@pytest.mark.parametrize(
    "url",
    ["slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#desk", "form://127.0.0.1/x", "ntfys://ntfy.example/desk"],
)
def test_an_address_of_apprise_is_taken(url: str) -> None:
    assert channels.check(url) is None
