"""AMP and mobile forms: a second address of one page, which is not fetched beside the first.

Addresses are not rewritten: only the page's canonical link can say what its own address is. Where a list names both
forms, or names one whose plain form is known, the plain one is enough.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

from detente.models import Link

_HOST = re.compile(r"(?:www\.)?(?:amp|m|mobile)\.(?=[^.]+\.)|www\.")
_PATH = re.compile(r"/amp/?$|\.amp(?=\.html?$)", re.IGNORECASE)
_QUERY = re.compile(r"amp(?:=(?:1|true|yes)?)?|outputtype=amp", re.IGNORECASE)
_SLUG = re.compile(r"[^/]*[-_\d][^/]*$")  # an article's name: `/markets/amp` may be a section's page about amplifiers


def leave_out_twins(links: Sequence[Link], known: Iterable[str]) -> tuple[tuple[Link, ...], tuple[Link, ...]]:
    """Return the links to fetch, in their order, and the AMP and mobile forms that need no fetch.

    Args:
        links: what would be fetched.
        known: addresses of the same source that need no fetch.
    """
    forms = {link.url: _plain(link.url) for link in links}
    if not any(second for _, second in forms.values()):
        return tuple(links), ()
    taken = {key for key, second in map(_plain, known) if not second}
    taken |= {key for key, second in forms.values() if not second}
    kept: list[Link] = []
    twins: list[Link] = []
    for link in links:
        key, second = forms[link.url]
        (twins if second and key in taken else kept).append(link)
        taken.add(key)
    return tuple(kept), tuple(twins)


def _plain(url: str) -> tuple[str, bool]:
    """Return what two forms of one page have in common, and whether this one is its AMP or mobile form."""
    parts = urlsplit(url)
    host = _HOST.sub("", parts.netloc, count=1)
    path = _PATH.sub("", parts.path)
    if path != parts.path and not _SLUG.search(path):
        path = parts.path
    parameters = [part for part in parts.query.split("&") if part]
    query = [part for part in parameters if not _QUERY.fullmatch(part)]
    second = host not in {parts.netloc, parts.netloc.removeprefix("www.")}
    second = second or path != parts.path or query != parameters
    return f"{host}{path.rstrip('/')}?{'&'.join(query)}", second
