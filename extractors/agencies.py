"""Which news agency an article comes from: it is named in the byline or the dateline.

An article of an agency counts for the agency, whoever prints it. A sentence such as "he told TASS" is no
dateline: a name counts only where it stands alone between the marks that datelines use.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from detente import yamlfile
from detente.desk import SEEDS
from extractors.sources import AgencyEntry, read_sources_file

HEAD = 200
"""Characters at the start of a text in which a dateline is looked for."""

_DASH = r"[-\u2010-\u2015]{1,2}"


@dataclass(frozen=True, slots=True)
class Agency:
    """A news agency: its id and the names that stand for it, upper and lower case as written."""

    id: str
    names: tuple[str, ...]


class _AgenciesFile(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    agencies: tuple[AgencyEntry, ...]


def load_agencies(sources_file: Path | None = None) -> tuple[Agency, ...]:
    """Return the shipped agencies, and those that a sources file adds under `agencies`; an id given there wins.

    Raises:
        ConfigError: a file is wrong.
    """
    shipped = yamlfile.validate(_AgenciesFile, yamlfile.load(SEEDS / "agencies.yaml")).agencies
    added = read_sources_file(sources_file).agencies if sources_file else ()
    return tuple({entry.id: Agency(entry.id, entry.names) for entry in (*shipped, *added)}.values())


def find_agency(agencies: tuple[Agency, ...], authors: Iterable[str], text: str) -> str | None:
    """Return the id of the agency that the byline, or else the head of the text, names; None if none is named.

    Of several the first counts: in "(AFP/Reuters)" it is AFP.
    """
    if not agencies:
        return None
    byline, dateline, owners = _patterns(agencies)
    for author in authors:
        if match := byline.search(author):
            return owners[match[1]]
    match = dateline.search(text[:HEAD])
    return owners[next(filter(None, match.groups()))] if match else None


@lru_cache(maxsize=8)
def _patterns(agencies: tuple[Agency, ...]) -> tuple[re.Pattern[str], re.Pattern[str], dict[str, str]]:
    owners = {name: agency.id for agency in reversed(agencies) for name in agency.names}
    longest_first = sorted(owners, key=lambda name: (-len(name), name))
    name = f"({'|'.join(map(re.escape, longest_first))})"
    byline = re.compile(
        # "A P Singh" and "AP Singh" are people
        rf"(?:^|[,/(|;&]|\b(?:[Bb]y|[Ff]rom|[Ww]ith|[Vv]ia|and)|(?:[Aa]gency|[Ss]ource):)\s*{name}"
        r"(?=\s*(?:$|[,/)|;&])|\s+(?:(?i:staff|news|writers?|reporters?|correspondents?|and|in)\b))"
    )
    dateline = re.compile(
        # (PTI) /TASS/ (With PTI inputs)
        rf"[(\[/|]\s*(?:(?i:with )?(?i:inputs )?(?i:from )?){name}(?=\s*[)\]/|,;&]|\s+(?:and|with|inputs?)\b)"
        rf"|(?:{_DASH}|\|)\s*{name}(?=\s*(?:$|[\n.,;:|]|{_DASH}))"  # … — Reuters
        rf"|^\s*{name}(?=\s*(?:[\n,:|]|{_DASH}\s|$))",  # AFP, Moscow   Reuters - …
        re.MULTILINE,
    )
    return byline, dateline, owners
