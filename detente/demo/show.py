"""`detente demo`: six days of a crisis, from news page to mail, in a newsroom on this machine."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes
from pathlib import Path

from rich.rule import Rule
from rich.text import Text

from detente.cli.output import console
from detente.cli.progress import TickDisplay
from detente.cli.stop import stop_at_once
from detente.cli.views import print_event
from detente.demo.mailsink import MailSink
from detente.demo.newsroom import Newsroom
from detente.demo.script import Tick, load_script
from detente.desk import SEEDS, Desk, create_desk
from detente.errors import UsageError
from detente.models import Event, Message, Report
from detente.present import count
from flows.tick import run_ticks

MARK = ".demo"
"""A file that tells a desk of the demo, which the next demo may replace, from one that must not be touched."""

_SETTINGS = """\
# The settings of the demo: its newsroom is on this machine, and needs no patience.
http:
  contact: demo@detente.example
  delay: 0
  timeout: 6
  allow_private: [{hosts}]
"""

_ROUTES = """\
# Every event goes by mail to the demo's own mail server, which leaves it in the folder mails/.
routes:
  - id: everything
    targets:
      - id: desk-mail
        url: {mail}
"""


@dataclass(slots=True)
class _Clock:
    """The demo's time; it moves when the demo says so."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now


@dataclass(slots=True)
class _Totals:
    """What the days add up to."""

    reports: list[Report] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)

    def total(self, name: str) -> int:
        return sum(getattr(report, name) for report in self.reports)


class _Display(TickDisplay):
    """Shows each event as it is raised."""

    def __init__(self, totals: _Totals, names: dict[str, str]) -> None:
        super().__init__()
        self._totals, self._names = totals, names

    def raised(self, event: Event, message: Message) -> None:  # noqa: ARG002  # the mail holds it
        self.close()
        self._totals.events.append(event)
        print_event(event, self._names)


def run_demo(folder: Path) -> None:
    """Run the ticks of the demo's days, show what is raised, and leave a desk in `folder` to look at.

    Raises:
        UsageError: `folder` holds something that no demo made.
    """
    began = time.monotonic()
    days = load_script(SEEDS / "demo")
    clock = _Clock(days[0].at)
    totals = _Totals()
    with _stage(folder, clock) as desk:
        from detection.coder import actors_of  # noqa: PLC0415  # beside its use

        display = _Display(totals, actors_of(desk).names())
        stop_at_once(display.close)
        asked = [{"now": day.at} for day in days]
        ticks = run_ticks(desk, asked, display)
        for number, day in enumerate(days, 1):
            clock.now = day.at
            _heading(number, len(days), day)
            report = next(ticks)
            display.close()
            totals.reports.append(report)
            _day_line(report)
        ticks.close()
    _summary(desk, totals, time.monotonic() - began)


@contextmanager
def _stage(folder: Path, clock: _Clock) -> Iterator[Desk]:
    """Make the demo's desk and start its newsroom and its mail server."""
    root = folder.expanduser().resolve()
    if (root / MARK).is_file():
        shutil.rmtree(root)
    elif root.exists() and any(root.iterdir()):
        raise UsageError(f"{root} is not empty, and no demo made it; name another folder: 'detente demo DIR'")
    desk = create_desk(root)
    (root / MARK).touch()
    with MailSink(root / "mails") as sink, Newsroom(SEEDS / "demo", clock) as newsroom:
        desk.sources.write_text(newsroom.sources_yaml(), encoding="utf-8")
        hosts = ", ".join(sorted(newsroom.allow_private))
        (root / "settings.yaml").write_text(_SETTINGS.format(hosts=hosts), encoding="utf-8")
        desk.routes.write_text(_ROUTES.format(mail=sink.url), encoding="utf-8")
        yield desk


def _heading(number: int, of: int, day: Tick) -> None:
    title = Text(f"Day {number} of {of}: {day.at:%A} {day.at.day} {day.at:%B %Y}", "bold")
    console().print()
    console().print(Rule(title, align="left", style="dim"))
    console().print(Text(day.about, "dim"))


def _day_line(report: Report) -> None:
    copies = f", {count(report.copies, 'copy', 'copies')} among them" if report.copies else ""
    grown = f", {count(report.developments, 'development')} of earlier ones" if report.developments else ""
    told = f"{count(report.articles, 'new article')}{copies}; {count(report.events, 'new event')}{grown}"
    console().print(Text(f"  {told}; {count(report.sent, 'mail')} sent; {report.seconds:.1f} s", "dim"))
    for failure in report.failures:
        console().print(Text(f"  failed and went on: {failure.what}: {failure.why}", "dim yellow"))


def _summary(desk: Desk, totals: _Totals, seconds: float) -> None:
    out = console()
    out.print()
    out.print(Rule(Text("What came of it", "bold"), align="left", style="dim"))
    mails = desk.root / "mails"
    files = list(mails.glob("*.eml"))
    told = len({message_from_bytes(file.read_bytes())["X-Detente-Event"] for file in files})
    articles, waiting = totals.total("articles"), len(totals.events) - told
    out.print(f"{articles} articles of six days, {totals.total('copies')} of them copies, became {told} alerts.")
    if waiting:
        out.print(
            f"{count(waiting, 'more event')}: one late paragraph tells it so far, and it waits for another source."
        )
    out.print(f"{count(len(files), 'mail')} to open in {_shown(mails)}; the desk is {_shown(desk.root)}.")
    out.print(f"All of it took {seconds:.0f} s on this machine.")
    out.print("\nNext, look closer:", style="bold")
    for command in _next_commands(desk, totals.events):
        out.print(Text(f"  {command}", "cyan"))


def _next_commands(desk: Desk, events: Sequence[Event]) -> Iterator[str]:
    program, option = _shown(Path(sys.argv[0])), f"--desk {_shown(desk.root)}"
    best = max(events, key=lambda event: (event.cls == "mediation.requested", len(event.evidence)))
    yield f"{program} events {option}"
    yield f"{program} show {best.id} {option}"
    yield f"{program} why {best.evidence[0].url} {option}"


def _shown(path: Path) -> str:
    """Return a path as a person would type it here."""
    if shutil.which(path.name) == str(path):
        return path.name
    absolute = path.absolute()
    return str(absolute.relative_to(Path.cwd())) if absolute.is_relative_to(Path.cwd()) else str(path)
