"""The display of a tick: a moving line on a terminal, a line a stage elsewhere; always on stderr."""

from __future__ import annotations

import sys

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from detente.cli.views import print_event
from detente.models import Event, Message, Report
from detente.present import plain, shorten
from flows.report import as_line

_STAGES = {
    "start": "starting the Prefect server",
    "plan": "which sources are due",
    "collect": "asking sources, fetching pages",
    "detect": "reading what is new",
    "deliver": "sending alerts",
}


class TickDisplay:
    """A `flows.progress.Observer` for people.

    Args:
        show_events: print each new event as it is found, for runs in which no route tells of it.
    """

    def __init__(self, *, show_events: bool = False) -> None:
        self._console = Console(stderr=True, highlight=False)
        self._progress: Progress | None = None
        self._task: TaskID | None = None
        self._show_events = show_events

    def stage(self, name: str, total: int) -> None:
        """Show the next stage; the display leaves the screen before messages are printed there."""
        if not sys.stderr.isatty():
            self._console.print(f"· {_STAGES[name]}", style="dim")
            return
        if name == "deliver":
            self.close()
            return
        if self._progress is None:
            self._progress = Progress(
                SpinnerColumn(),
                TextColumn("{task.description}"),
                BarColumn(24),
                MofNCompleteColumn(),
                TimeElapsedColumn(),
                console=self._console,
                transient=True,
                redirect_stdout=False,
            )
            self._progress.start()
        elif self._task is not None:
            self._progress.remove_task(self._task)
        self._task = self._progress.add_task(_STAGES[name], total=total or None)

    def step(self, what: str) -> None:  # noqa: ARG002  # others may want to know
        """Move the bar on."""
        if self._progress is not None and self._task is not None:
            self._progress.advance(self._task)

    def raised(self, event: Event, message: Message) -> None:  # noqa: ARG002  # the event says it all
        """Print a new event, if asked to."""
        if self._show_events:
            self.close()
            print_event(event, {}, status="would raise")

    def ended(self, report: Report) -> None:  # noqa: ARG002  # who runs the tick decides how its report is shown
        """Leave the screen."""
        self.close()

    def close(self) -> None:
        """Take the display off the screen."""
        if self._progress is not None:
            self._progress.stop()
            self._progress = self._task = None

    def summary(self, report: Report) -> None:
        """Print what the tick did, and what failed."""
        self.close()
        self._console.soft_wrap = not sys.stderr.isatty()  # a line of a log stays one line
        self._console.print(as_line(report))
        for failure in report.failures[:20]:
            self._console.print(
                f"  failed: {plain(failure.what)}: {shorten(plain(failure.why), 200)}", style="yellow", markup=False
            )
        if len(report.failures) > 20:  # as above
            self._console.print(f"  and {len(report.failures) - 20} more; all are in the Prefect artifact 'tick'")
