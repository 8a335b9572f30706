"""One attempt under a hard deadline: a server that drips its answer byte by byte holds nobody for longer."""

from __future__ import annotations

import queue
import socket
import ssl
import threading
from collections.abc import Callable

from detente.models import SendOutcome, SendResult


def within(seconds: float, run: Callable[[], SendResult], cut: Callable[[], None]) -> SendResult:
    """Return what `run` returns, or a temporary failure once `seconds` are over. Never raises.

    Socket time-outs count from byte to byte, and looking up a name has none, so `run` gets a thread of its own.
    At the deadline the thread is left behind; it ends with its connection, or with the process.

    Args:
        seconds: the deadline.
        run: makes the attempt.
        cut: called at the deadline, from the caller's thread: closes the connection of `run` where it can.
    """
    answers: queue.SimpleQueue[SendResult] = queue.SimpleQueue()

    def work() -> None:
        try:
            answers.put(run())
        except Exception as error:  # noqa: BLE001  # whatever a channel raises, its words may hold a secret
            answers.put(SendResult(SendOutcome.TEMPORARY, f"{type(error).__name__} while sending"))

    threading.Thread(target=work, name="attempt", daemon=True).start()
    try:
        return answers.get(timeout=seconds)
    except queue.Empty:
        cut()
        return SendResult(SendOutcome.TEMPORARY, f"no answer within {seconds:g} s")


def reason(error: OSError) -> str:
    """Return why a connection failed, in words that hold no address."""
    if isinstance(error, ssl.SSLError):
        return f"TLS failed ({error.reason or 'no reason given'})"
    if isinstance(error, socket.gaierror):
        return "the server's name is unknown"
    if isinstance(error, TimeoutError):
        return "the server did not answer in time"
    return (error.strerror or type(error).__name__).lower()
