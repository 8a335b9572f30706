"""The demo as a newcomer runs it, once, and what it leaves behind."""

from __future__ import annotations

import email
import email.policy
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from detente.demo.script import load_script
from detente.desk import SEEDS

Event = dict[str, Any]


def detente(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("DETENTE_", "PREFECT_"))}
    command = [sys.executable, "-m", "detente", *words]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=300
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("newcomer")


@pytest.fixture(scope="module")
def output(folder: Path) -> str:
    done = detente(folder, "demo")
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def events(folder: Path, output: str) -> list[Event]:
    assert output
    done = detente(folder, "events", "--desk", "demo-desk", "--limit", "1000", "--json")
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize(
    ("cls", "roles", "day", "families"),
    [
        ("mediation.requested", (["PAK"], [], ["RUS"], ["IND"]), "2025-05-04", 3),
        ("mediation.offered", (["IRN"], [], [], ["IND", "PAK"]), "2025-04-29", 2),
        ("mediation.rejected", (["IND"], [], [], ["PAK"]), "2025-05-04", 3),
        ("mediation.conducted", (["USA"], [], [], ["IND", "PAK"]), "2025-05-10", 3),
        ("talks.held", (["IND", "RUS"], [], [], []), "2025-05-04", 2),
        ("escalation.relations_reduced", (["IND"], ["PAK"], [], []), "2025-04-23", 5),  # one of them Spanish
        ("escalation.threat", (["PAK"], ["IND"], [], []), "2025-04-29", 2),
        ("deescalation.ceasefire", (["IND", "PAK"], [], [], []), "2025-05-10", 4),
    ],
)
def test_what_the_six_days_are_about_is_found_once(
    events: list[Event], cls: str, roles: tuple[list[str], ...], day: str, families: int
) -> None:
    found = [event for event in events if (event["class"], event["sources"], event["day"]) == (cls, roles[0], day)]
    assert len(found) == 1
    assert tuple(found[0][role] for role in ("sources", "targets", "mediators", "parties")) == roles
    assert found[0]["families"] == families
    assert found[0]["alerted"]


def test_forces_and_strikes_are_found(events: list[Event]) -> None:
    acts = {(event["class"], tuple(event["sources"])) for event in events}
    assert {
        ("escalation.mobilisation", ("IND",)),
        ("escalation.mobilisation", ("PAK",)),
        ("escalation.fighting", ("IND",)),
        ("escalation.fighting", ("PAK",)),
    } <= acts


SILENT = (
    "tashkent", "simla", "rann-of-kutch", "opinion", "dock-union", "peace-talks", "price-war", "could-mediate",
    "denies-asking-qatar", "chess", "market", "norway", "mediation-russe", "salt",
)  # fmt: skip


@pytest.mark.parametrize("trap", SILENT)
def test_the_traps_raise_nothing(events: list[Event], trap: str) -> None:
    assert [event["headline"] for event in events for url in event["articles"] if trap in url] == []


def test_the_recommended_stories_raise_nothing(events: list[Event]) -> None:
    concerned = {actor for event in events for role in ("sources", "targets", "parties") for actor in event[role]}
    assert concerned <= {"IND", "PAK", "RUS", "IRN", "USA", "KASHMIR"}


def test_each_alert_is_a_mail_to_open(folder: Path, output: str, events: list[Event]) -> None:
    mails = [
        email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
        for file in sorted((folder / "demo-desk" / "mails").glob("*.eml"))
    ]
    alerts = [mail for mail in mails if not mail["Subject"].startswith("Update: ")]
    told = [event for event in events if not event["in_passing"]]
    assert {mail["X-Detente-Event"] for mail in mails} == {event["id"] for event in told}
    assert len(alerts) == len(told) == len(events) - 1
    assert len(mails) == len({mail["Message-ID"] for mail in mails})
    assert f"became {len(alerts)} alerts.\n1 more event: one late paragraph" in output


def test_the_events_are_those_of_the_script_and_no_other(events: list[Event]) -> None:
    roles = ("sources", "targets", "mediators", "parties")
    found = sorted((event["class"], *(tuple(event[role]) for role in roles)) for event in events)
    listed = [event for day in load_script(SEEDS / "demo") for event in day.events]
    assert found == sorted((item.cls, item.source, item.target, item.mediator, item.party) for item in listed)


def test_the_page_that_robots_forbids_was_never_fetched(folder: Path, output: str) -> None:
    assert "Norway" not in output
    listed = detente(folder, "sources", "--desk", "demo-desk", "--json").stdout.splitlines()
    down = [json.loads(line) for line in listed if "gazette" in line]
    assert [source["last_outcome"] for source in down] == ["unreachable"]
    assert "failed and went on: source gazette-rss: unreachable" in output


def test_the_next_commands_that_it_names_work(folder: Path, output: str) -> None:
    named = [line.split("--desk")[0].split()[1:] for line in output.splitlines() if line.endswith("--desk demo-desk")]
    assert [words[0] for words in named] == ["events", "show", "why"]
    for words in named:
        done = detente(folder, *words, "--desk", "demo-desk")
        assert done.returncode == 0, done.stderr
        assert "asks Russia to mediate" in done.stdout


def test_a_folder_that_no_demo_made_is_left_alone(folder: Path) -> None:
    (folder / "mine").mkdir()
    (folder / "mine" / "letter.txt").write_text("dear", encoding="utf-8")
    done = detente(folder, "demo", "mine")
    assert done.returncode == 2
    assert "no demo made it" in done.stderr
    assert (folder / "mine" / "letter.txt").exists()
