"""The only place for knobs: what can be set, its default, its bounds.

A desk's `settings.yaml` holds any of these; `seeds/settings.yaml` shows them all. Where an environment
variable named `DETENTE_<SECTION>_<FIELD>` is set (`DETENTE_HTTP_CONTACT`), it wins over the file.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from detente import yamlfile

Development = Literal["status", "actor", "families", "toll", "day", "halted", "withdrawn"]
"""What can happen to an event, as routes and settings name it (`families`: it is corroborated)."""


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Http(_Section):
    """How the web is asked."""

    contact: str = Field("", description="an address for site owners; part of the User-Agent")
    timeout: float = Field(20.0, gt=0, le=120, description="seconds for one request, connect to last byte")
    page_timeout: float = Field(45.0, gt=0, le=600, description="seconds for all requests that one page takes")
    max_bytes: int = Field(5_000_000, ge=10_000, description="a longer answer is refused")
    per_host: int = Field(2, ge=1, le=8, description="requests at once to one host")
    delay: float = Field(0.5, ge=0, le=60, description="seconds between two requests to one host")
    max_crawl_delay: float = Field(10.0, ge=0, le=60, description="a longer crawl-delay counts as this")
    max_links: int = Field(40, ge=1, le=1000, description="new pages of one source in one tick")
    max_redirects: int = Field(5, ge=0, le=20)
    max_attempts: int = Field(3, ge=1, le=20, description="tries for one page, over all ticks")
    allow_private: tuple[str, ...] = Field((), description="host names that may resolve to private addresses")


class Extraction(_Section):
    """The worker processes that clean pages."""

    workers: int = Field(2, ge=1, le=64)
    deadline: float = Field(15.0, gt=0, le=300, description="seconds for one page")
    memory_mb: int = Field(1024, ge=128, description="address space of one worker, beyond what it starts with")
    pages_per_worker: int = Field(500, ge=1, description="then the worker is replaced")
    min_chars: int = Field(200, ge=0, description="a shorter text is no article")
    min_summary: int = Field(60, ge=0, description="a shorter text of a feed stands in for no page")


class Schedule(_Section):
    """When `detente serve` works."""

    watch_minutes: int = Field(10, ge=1, le=1440)
    shortest_minutes: int = Field(10, ge=1, le=1440, description="between two requests for one list, while it has news")
    longest_minutes: int = Field(180, ge=1, le=1440, description="the same, once it has had none for long")
    deliver_seconds: int = Field(60, ge=10, le=3600)
    batches: int = Field(10, ge=1, le=50, description="collect tasks in one tick")


class Detection(_Section):
    """When two reports are one event, and how long things stay open."""

    max_age_days: int = Field(7, ge=1, le=365, description="an article published earlier raises nothing")
    window_days: int = Field(3, ge=1, le=60, description="days in which a report can join an event")
    repeat_days: int = Field(1, ge=0, le=60, description="the same for fighting, assaults and talks, which recur")
    reaffirmed: int = Field(3, ge=1, le=20, description="families reporting a denied event anew that undo the denial")
    revisit_hours: int = Field(6, ge=0, le=72, description="then what proves an event is read again; 0: never")
    story_similarity: float = Field(0.12, gt=0, lt=1, description="mean TF-IDF cosine that joins a story")
    copy_similarity: float = Field(0.6, gt=0, le=1, description="share of 5-word runs that makes a copy")


class Delivery(_Section):
    """How stubbornly messages are sent."""

    deadline: float = Field(30.0, gt=0, le=300, description="seconds for one attempt")
    max_attempts: int = Field(12, ge=1, le=100)
    first_wait: float = Field(30.0, gt=0, description="seconds before the second attempt; doubles each time")
    longest_wait: float = Field(3600.0, gt=0)
    updates: tuple[Development, ...] = Field(
        ("status", "actor", "families"), description="developments that are told; a route can say otherwise"
    )
    corroborated: int = Field(3, ge=2, le=20, description="so many independent families are a development")


class Storage(_Section):
    """The database."""

    wait: float = Field(5.0, ge=0, le=600, description="seconds to wait for another process that holds it")
    links_days: int = Field(30, ge=1, description="days that a link no longer listed is remembered")


class Settings(_Section):
    """All settings of a desk."""

    http: Http = Http()
    extraction: Extraction = Extraction()
    schedule: Schedule = Schedule()
    detection: Detection = Detection()
    delivery: Delivery = Delivery()
    storage: Storage = Storage()


def load_settings(file: Path) -> Settings:
    """Read a settings file; a missing one means the defaults.

    Raises:
        ConfigError: the file, or an environment variable over it, is wrong.
    """
    if not file.exists():
        return yamlfile.validate(Settings, yamlfile.Document(file, {}, None), _from_environment())
    return yamlfile.validate(Settings, yamlfile.load(file), _from_environment())


def _from_environment() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for section, info in Settings.model_fields.items():
        for field in info.annotation.model_fields if info.annotation else ():
            value = os.environ.get(f"DETENTE_{section}_{field}".upper())
            if value is not None:
                found.setdefault(section, {})[field] = value
    return found
