"""What a tick can be asked for, from the command line, a schedule or the Prefect API."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from detente.clock import as_utc, parse_time
from detente.errors import UsageError


class WatchParameters(BaseModel):
    """The parameters of one tick. The Prefect API checks them against this model before a run starts.

    No secret may ever be one: Prefect logs them.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    sources: tuple[str, ...] = Field(
        (), description="ids of the sources to ask, due or not; none means all that are due"
    )
    since: str | None = Field(
        None,
        description="what was published before raises nothing: 2025-05-05, 2025-05-05T08:00Z, 90m, 12h, 3d",
        pattern=r"^\s*(\d+\s*[mhdw]|\d{4}-\d{2}-\d{2}.*)\s*$",
    )
    dry_run: bool = Field(default=False, description="find events, but store and send nothing")
    now: datetime | None = Field(None, description="the tick's clock; default: the present")

    def clock(self, present: datetime) -> datetime:
        """Return the tick's time."""
        return as_utc(self.now) if self.now else present

    def oldest(self, now: datetime) -> datetime | None:
        """Return when the first article that counts was published, or None for the setting.

        Raises:
            UsageError: `since` is no time, or lies in the future.
        """
        if self.since is None:
            return None
        moment = parse_time(self.since, now)
        if moment > now:
            raise UsageError(f"since {self.since!r} lies in the future; give an earlier time")
        return moment
