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


def test_the_terminal_takes_no_address() -> None:
    assert channels.check(f"terminal://{SECRET}") == "terminal:// takes nothing after it; write terminal://"


@pytest.mark.parametrize(
    "url",
    ["slack://TEXAMPLE/BEXAMPLE/NotARealToken/#desk", "form://127.0.0.1/x", "ntfys://ntfy.example/desk"],
)
def test_an_address_of_apprise_is_taken(url: str) -> None:
    assert channels.check(url) is None


# --- services ---------------------------------------------------------------------------------------------


def test_a_service_gets_subject_and_text(web: WebServer) -> None:
    result = send(f"form://127.0.0.1:{web.port}/here", subject="Talks held: A → B", text="One & <two>\n  three\n")
    assert result == SendResult(SENT)
    assert web.requests[0][:2] == ("POST", "/here")
    fields = form(web)
    assert fields["title"] == "Talks held: A → B"
    assert fields["message"] == "One & \u2039two\u203a\n  three"


def test_a_service_gets_no_control_characters(web: WebServer) -> None:
    assert send(f"form://127.0.0.1:{web.port}", subject="a\r\nb\x1b[2J\u202ec", text="d\x00e\u2066f\n  g\ud800\x07h\n")
    fields = form(web)
    assert (fields["title"], fields["message"]) == ("a b [2Jc", "d ef\n  g\ufffd h")


@pytest.mark.parametrize(
    ("text", "harmless"),
    [
        ("@everyone @here @channel @ALL", f"@{GAP}everyone @{GAP}here @{GAP}channel @{GAP}ALL"),
        ("x/@room y@team", f"x/@{GAP}room y@{GAP}team"),
        ("@clerk, (@U123)", f"@{GAP}clerk, (@{GAP}U123)"),
        ("<!channel> <@U123> <#C1>", f"\u2039!channel\u203a \u2039@{GAP}U123\u203a \u2039#C1\u203a"),
        ("<https://evil.example|bank.example>", "\u2039https://evil.example|bank.example\u203a"),
        ("[bank.example](https://evil.example)", "[bank.example] (https://evil.example)"),
        ("<script>alert(1)</script>", "\u2039script\u203aalert(1)\u2039/script\u203a"),
    ],
)
def test_nothing_of_a_stranger_calls_a_channel_or_hides_a_link(web: WebServer, text: str, harmless: str) -> None:
    assert send(f"form://127.0.0.1:{web.port}", subject=text, text=text) == SendResult(SENT)
    fields = form(web)
    assert (fields["title"], fields["message"]) == (harmless, harmless)


@pytest.mark.parametrize("text", ["desk@example.org", "https://video.example/@clerk/1", "5 @ 3", "a@", "[1] (see 2)"])
def test_what_calls_nobody_stays_as_it_is(text: str) -> None:
    assert stock.neutral(text) == text


@pytest.mark.parametrize("status", [302, 404, 429, 500])
@pytest.mark.parametrize("service", ["form", "xml", "ntfy"])
def test_a_service_that_refuses_is_tried_once_and_again_later(web: WebServer, service: str, status: int) -> None:
    web.status = status
    web.headers = {"Location": f"http://127.0.0.1:{web.port}/moved"}
    result = send(f"{service}://127.0.0.1:{web.port}/{SECRET}")
    assert result == SendResult(TEMPORARY, f"the service did not take it (HTTP {status})")
    assert len(web.requests) == 1


@pytest.mark.parametrize("status", [302, 500])
def test_an_address_cannot_ask_to_hide_a_failure(web: WebServer, status: int) -> None:
    web.status = status
    web.headers = {"Location": f"http://127.0.0.1:{web.port}/moved"}
    result = send(f"form://127.0.0.1:{web.port}/?retry=2&optional=yes&redirect=yes")
    assert result == SendResult(TEMPORARY, f"the service did not take it (HTTP {status})")
    assert len(web.requests) == 1


def test_a_status_of_an_earlier_attempt_is_not_told_again(web: WebServer) -> None:
    web.status = 500
    assert "HTTP 500" in send(f"form://127.0.0.1:{web.port}").detail
    assert send("form://127.0.0.1:1") == SendResult(TEMPORARY, "the service did not take it")


def test_a_stubborn_service_holds_an_alert_no_longer_than_its_deadline(stubborn: RawServer) -> None:
    began = time.monotonic()
    result = send(f"form://127.0.0.1:{stubborn.port}/{SECRET}", deadline=0.3)
    assert time.monotonic() - began < 1.5
    assert result == SendResult(TEMPORARY, "no answer within 0.3 s")


@pytest.mark.parametrize("status", [200, 302, 500])
def test_neither_result_nor_log_holds_a_part_of_the_address(
    web: WebServer, caplog: pytest.LogCaptureFixture, status: int
) -> None:
    caplog.set_level(1)
    web.status = status
    url = f"form://clerk:{SECRET}@127.0.0.1:{web.port}/path-{SECRET}?+X-Token={SECRET}"
    said = repr(send(url)) + "".join(record.getMessage() for record in caplog.records)
    assert SECRET in web.requests[0][1]
    for hidden in (SECRET, "clerk", "path-"):
        assert hidden not in said
