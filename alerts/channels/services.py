"""Target addresses as apprise reads them. Importing apprise takes a while, so it waits for the first such address."""

from __future__ import annotations

import difflib
import logging
import re
import threading
from typing import Any
from urllib.parse import parse_qsl

from detente.errors import UsageError

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]{0,30})://")
_STATUS = re.compile(r"\berror=(\d{3})\b")


class _Discreet(logging.Filter):
    """Lets nothing through: what apprise logs may hold tokens. Keeps the last HTTP status that each thread logged."""

    def __init__(self) -> None:
        super().__init__()
        self.thread = threading.local()

    def filter(self, record: logging.LogRecord) -> bool:
        if found := _STATUS.search(record.getMessage()):
            self.thread.status = int(found[1])
        return False


_discreet = _Discreet()


def scheme_of(url: str) -> str:
    """Return the scheme of an address, in small letters.

    Raises:
        UsageError: it has none.
    """
    found = _SCHEME.match(url)
    if not found:
        raise UsageError("the address has no scheme; write it like mailtos://…, slack://… or terminal://")
    return found[1].lower()


def load(url: str, form: str = "") -> Any:
    """Return apprise's service for one address, told to try once, to follow no redirect and to hide no failure.

    Args:
        url: the address.
        form: how such an address is written, where we know better than apprise's own page.

    Raises:
        UsageError: apprise cannot use it; says `problem; mend`, without any part of the address but its scheme.
    """
    from apprise import Apprise, AppriseAsset, NotifyFormat  # noqa: PLC0415  # takes 0.3 s: only who needs it pays

    _keep_quiet()
    asset = AppriseAsset(app_id="Detente", app_desc="Détente", app_url="", async_mode=False, http_redirects=False)
    service = Apprise.instantiate(url, asset=asset)
    if service is None:
        raise UsageError(_objection(scheme_of(url), form))
    service.retry, service.optional, service.redirects = 0, False, False
    service.notify_format = NotifyFormat.TEXT
    return service


def forget_status() -> None:
    """Forget what an earlier attempt of this thread logged."""
    _discreet.thread.status = None


def last_status() -> int | None:
    """Return the HTTP status that apprise logged in this thread since `forget_status`, if any."""
    status: int | None = _discreet.thread.status
    return status


def refuse_unknown_query(url: str, known: frozenset[str], form: str, prefixes: str = "") -> None:
    """Refuse an address of which a part would be dropped in silence.

    Args:
        url: the address.
        known: the names that may stand before `=`.
        form: how such an address is written.
        prefixes: characters with which any other name may start.

    Raises:
        UsageError: another name stands there; it is not told, since it may be a piece of a password.
    """
    for name, _ in parse_qsl(url.partition("?")[2].replace("+", "%2B"), keep_blank_values=True):
        if name.lower() not in known and not (prefixes and name.startswith(tuple(prefixes))):
            raise UsageError(f"a part after the '?' would have no effect; {form}")


def _keep_quiet() -> None:
    logging.getLogger("apprise").addFilter(_discreet)
    for name in ("urllib3.connectionpool", "urllib3.poolmanager", "urllib3.util.retry"):  # they log paths, with tokens
        logging.getLogger(name).addFilter(_discreet)


def _objection(scheme: str, form: str) -> str:
    from apprise.manager_plugins import NotificationManager  # noqa: PLC0415  # as above

    untyped: Any = NotificationManager
    manager = untyped()
    known = [*manager.schemas(), "terminal"]
    if scheme in known:
        return f"the address does not have the form of {scheme}://; {form or f'see {manager[scheme].setup_url}'}"
    if scheme in {"http", "https"}:
        return f"no service is known at this {scheme}:// address; write json{scheme[4:]}://… to have JSON posted there"
    near = difflib.get_close_matches(scheme, known, n=1)
    mend = (
        f"did you mean {near[0]}://?" if near else "use one of apprise's services, mailtos://, jsons:// or terminal://"
    )
    return f"there is no channel {scheme}://; {mend}"
