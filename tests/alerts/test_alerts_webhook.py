from __future__ import annotations

import base64
import json
import socket
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from alerts_examples import MOMENT, SECRET, message
from alerts_servers import RawServer, Talk, WebServer

from alerts import channels
from detente.clock import utc_now
from detente.models import SendOutcome, SendResult

PERMANENT, TEMPORARY, SENT = SendOutcome.PERMANENT, SendOutcome.TEMPORARY, SendOutcome.SENT


def send(url: str, deadline: float = 10, **changes: Any) -> SendResult:
    return channels.send(url, message(**changes), delivery_id="d123", created_at=MOMENT, deadline=deadline)


def answering(text: str) -> Talk:
    """Return a server's part: to read a request, and to answer it with `text`."""

    def talk(connection: socket.socket, _: threading.Event) -> None:
        connection.recv(65_536)
        connection.sendall(text.encode("latin-1"))
        connection.shutdown(socket.SHUT_WR)

    return talk


def test_an_alert_is_posted_as_json_under_the_delivery_s_own_id(web: WebServer) -> None:
    event = {"id": "e1", "headline": "naïve – “quoted”", "goldstein": 4.0}
    assert send(f"json://127.0.0.1:{web.port}/a/b%20c", event=event) == SendResult(SENT, "HTTP 200 OK")
    assert send(f"json://127.0.0.1:{web.port}/a/b%20c", event=event).outcome is SENT

    (method, path, headers, body), again = web.requests
    assert (method, path) == ("POST", "/a/b%20c")
    assert headers["Content-Type"] == "application/json"
    assert headers["Idempotency-Key"] == "d123"
    assert headers["User-Agent"] == "Detente"
    assert json.loads(body) == {
        "id": "d123",
        "subject": "Mediation requested",
        "text": "Pakistan → Russia\n  indented\n",
        "event": event,
    }
    assert again[3] == body


def test_no_character_stops_an_alert(web: WebServer) -> None:
    assert send(f"json://127.0.0.1:{web.port}", subject="\ud800\x00", text="\u2028\r\n\x1b").outcome is SENT
    said = json.loads(web.requests[0][3])
    assert (said["subject"], said["text"]) == ("\ufffd\x00", "\u2028\r\n\x1b")


def test_the_address_gives_user_headers_and_parameters(web: WebServer) -> None:
    query = "?+X-Token=a%26b&+Authorised-By=The%20Desk&-room=news%20desk&-n=1"
    assert send(f"json://clerk:{SECRET}@127.0.0.1:{web.port}/hook{query}").outcome is SENT
    _, path, headers, _ = web.requests[0]
    assert path == "/hook?room=news+desk&n=1"
    assert headers["X-Token"] == "a&b"
    assert headers["Authorised-By"] == "The Desk"
    assert headers["Authorization"] == "Basic " + base64.b64encode(f"clerk:{SECRET}".encode()).decode()


def test_a_header_of_the_address_does_not_replace_the_message_s_own(web: WebServer) -> None:
    query = "?+Idempotency-Key=mine&+Content-Type=text/plain"
    assert send(f"json://127.0.0.1:{web.port}/{query}").outcome is SENT
    assert web.requests[0][2]["Idempotency-Key"] == "d123"
    assert web.requests[0][2]["Content-Type"] == "application/json"


@pytest.mark.parametrize(
    ("status", "outcome", "words"),
    [
        (200, SENT, "HTTP 200 OK"),
        (202, SENT, "HTTP 202 Accepted"),
        (204, SENT, "HTTP 204 No Content"),
        (400, PERMANENT, "HTTP 400 Bad Request"),
        (401, PERMANENT, "HTTP 401 Unauthorized"),
        (404, PERMANENT, "HTTP 404 Not Found"),
        (410, PERMANENT, "HTTP 410 Gone"),
        (408, TEMPORARY, "HTTP 408 Request Timeout"),
        (409, TEMPORARY, "HTTP 409 Conflict"),
        (425, TEMPORARY, "HTTP 425 Too Early"),
        (429, TEMPORARY, "HTTP 429 Too Many Requests"),
        (500, TEMPORARY, "HTTP 500 Internal Server Error"),
        (503, TEMPORARY, "HTTP 503 Service Unavailable"),
        (599, TEMPORARY, "HTTP 599"),
    ],
)
def test_the_status_tells_whether_to_try_again(web: WebServer, status: int, outcome: SendOutcome, words: str) -> None:
    web.status = status
    assert send(f"json://127.0.0.1:{web.port}/") == SendResult(outcome, words)
    assert len(web.requests) == 1


@pytest.mark.parametrize("status", [300, 301, 302, 303, 304, 307, 308])
def test_a_redirect_is_neither_followed_nor_taken_for_success(web: WebServer, status: int) -> None:
    web.status = status
    web.headers = {"Location": f"http://127.0.0.1:{web.port}/{SECRET}"}
    result = send(f"json://127.0.0.1:{web.port}/here")
    assert result.outcome is PERMANENT
    assert result.detail.startswith(f"HTTP {status} ")
    assert result.detail.endswith(": it has moved, and redirects are not followed")
    assert [path for _, path, _, _ in web.requests] == ["/here"]
    assert SECRET not in result.detail


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [
        ("120", 120.0),
        (" 0 ", 0.0),
        ("Sun, 04 May 2025 09:31:30 GMT", 90.0),
        ("Sun, 04 May 2025 09:00:00 GMT", 0.0),
        ("Sun, 04 May 2025 15:01:30 +0530", 90.0),
        ("Fri, 31 Dec 9999 23:59:59 -1200", None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("²", None),
        ("", None),
    ],
)
@pytest.mark.parametrize("status", ["429 Slow Down", "503 Busy"])
def test_what_a_server_asks_to_wait_is_passed_on_by_its_own_clock(
    raw: Callable[[Talk], RawServer], status: str, asked: str, seconds: float | None
) -> None:
    head = f"HTTP/1.1 {status}\r\nDate: Sun, 04 May 2025 09:30:00 GMT\r\nRetry-After: {asked}\r\n"
    server = raw(answering(f"{head}Content-Length: 0\r\n\r\n"))
    result = send(f"json://127.0.0.1:{server.port}/")
    assert (result.outcome, result.retry_after) == (TEMPORARY, seconds)
    assert result.detail.startswith(f"HTTP {status[:3]} ")


@pytest.mark.parametrize("date", ["", "Date: yesterday\r\n"])
def test_a_date_to_wait_for_without_a_server_s_clock(raw: Callable[[Talk], RawServer], date: str) -> None:
    until = format_datetime(utc_now() + timedelta(hours=1), usegmt=True)
    server = raw(answering(f"HTTP/1.1 503 Busy\r\n{date}Retry-After: {until}\r\nContent-Length: 0\r\n\r\n"))
    result = send(f"json://127.0.0.1:{server.port}/")
    assert result.outcome is TEMPORARY
    assert result.retry_after is None if date else 3500 < (result.retry_after or 0) <= 3600


def test_only_a_failure_that_passes_asks_to_wait(web: WebServer) -> None:
    web.headers = {"Retry-After": "60"}
    for web.status in (200, 404, 302):
        assert send(f"json://127.0.0.1:{web.port}/").retry_after is None


# --- servers that do not answer ---------------------------------------------------------------------------


def test_a_stubborn_server_holds_an_alert_no_longer_than_its_deadline(stubborn: RawServer) -> None:
    began = time.monotonic()
    result = send(f"json://127.0.0.1:{stubborn.port}/{SECRET}", deadline=0.3)
    assert time.monotonic() - began < 1.5
    assert result == SendResult(TEMPORARY, "no answer within 0.3 s")


def test_an_answer_s_body_is_not_waited_for(raw: Callable[[Talk], RawServer]) -> None:
    def talk(connection: socket.socket, over: threading.Event) -> None:
        connection.recv(65_536)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")

    assert send(f"json://127.0.0.1:{raw(talk).port}/", deadline=5) == SendResult(SENT, "HTTP 200 OK")


@pytest.mark.parametrize("answer", ["", "SSH-2.0-x\r\n", "HTTP/1.1 abc\r\n\r\n"])
def test_what_is_no_answer_is_tried_again(raw: Callable[[Talk], RawServer], answer: str) -> None:
    result = send(f"json://clerk:{SECRET}@127.0.0.1:{raw(answering(answer)).port}/{SECRET}")
    assert result == SendResult(TEMPORARY, "the server could not be reached (ConnectionError)")


def test_a_server_that_is_not_there_is_tried_again() -> None:
    result = send(f"json://127.0.0.1:1/{SECRET}")
    assert result == SendResult(TEMPORARY, "the server could not be reached (ConnectionError)")


def test_a_server_without_tls_gets_nothing(web: WebServer) -> None:
    result = send(f"jsons://clerk:{SECRET}@127.0.0.1:{web.port}/")
    assert result == SendResult(TEMPORARY, "TLS failed: the certificate is not trusted, or there is no TLS")
    assert not web.requests


# --- secrets ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [200, 302, 404, 500])
def test_neither_result_nor_log_holds_a_part_of_the_address(
    web: WebServer, caplog: pytest.LogCaptureFixture, status: int
) -> None:
    caplog.set_level(1)
    web.status = status
    web.headers = {"Location": f"/{SECRET}", "X-Echo": SECRET}
    url = f"json://clerk:{SECRET}@127.0.0.1:{web.port}/path-{SECRET}?+X-Token={SECRET}&-key={SECRET}"
    said = repr(send(url)) + "".join(record.getMessage() for record in caplog.records)
    assert SECRET in web.requests[0][1]
    for hidden in (SECRET, "clerk", "path-", base64.b64encode(f"clerk:{SECRET}".encode()).decode()):
        assert hidden not in said


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        (f"json://clerk:{SECRET}@:99/", "the address does not have the form of json://; write jsons://HOST/PATH"),
        (f"jsons://h/{SECRET}?method=PUT", "webhooks are posted; remove 'method'"),
        (f"jsons://h/?token={SECRET}", "a part after the '?' would have no effect; write jsons://HOST/PATH"),
        (f"jsons://h/?:field={SECRET}", "a part after the '?' would have no effect"),
        (f"jsons://h/?+X-Token={SECRET}%0d%0aX-Evil:%20{SECRET}", "the address makes no valid request; check its host"),
    ],
)
def test_these_addresses_are_refused_with_a_mend_and_without_showing_them(url: str, problem: str) -> None:
    said = channels.check(url)
    assert said
    assert said.startswith(problem)
    assert said.partition("; ")[2]
    assert SECRET not in said
    assert "clerk" not in said
    assert send(url) == SendResult(PERMANENT, said)
