"""Muting from the command line: real processes, their output and their exit codes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from detente.desk import create_desk

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def mute(tmp_path: Path) -> Run:
    """Run `detente mute` in a new desk."""
    desk = create_desk(tmp_path / "desk").root
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("DETENTE_", "PREFECT_"))}

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "detente", "mute", *words]
        return subprocess.run(command, capture_output=True, text=True, cwd=desk, env=environment, check=False)

    return run


def test_a_mute_is_listed_until_it_is_removed(mute: Run) -> None:
    assert mute("list").stdout == "nothing is muted\n"
    words = ("--actor", "PAK", "--actor", "IND", "--class", "talks.*", "--route", "everything")
    done = mute("add", *words, "--for", "3d", "--reason", "daily talks")
    assert done.returncode == 0, done.stderr
    name = done.stdout.split()[0]
    assert "mutes IND with PAK and talks.* for route everything until " in done.stdout
    (found,) = map(json.loads, mute("list", "--json").stdout.splitlines())
    assert (found["id"], found["actors"], found["classes"]) == (name, ["IND", "PAK"], ["talks.*"])
    assert "daily talks" in mute("list").stdout
    assert mute("remove", name).stdout == f"{name} is over\n"
    assert mute("list", "--json").stdout == ""


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["--for", "3d"], "this would mute everything; name an --event"),
        (["--actor", "PAK"], "say how long: either --until TIME or --for SPAN"),
        (["--actor", "PAK", "--for", "3d", "--until", "2099-01-01"], "say how long"),
        (["--actor", "PAK", "--for", "soon"], "'soon' is no length of time; write it like"),
        (["--actor", "PAK", "--until", "2020-01-01"], "2020-01-01 is over"),
        (["--actor", "PAC", "--for", "3d"], "there is no actor 'PAC'; did you mean"),
        (["--class", "talk.*", "--for", "3d"], "there is no class like 'talk.*'; "),
        (["--route", "evrything", "--for", "3d"], "routes.yaml has no route 'evrything'; it has everything"),
        (["--event", "e1", "--for", "3d"], "there is no event 'e1'; list them with 'detente events'"),
    ],
)
def test_what_would_fit_nothing_or_everything_is_refused(mute: Run, words: list[str], problem: str) -> None:
    done = mute("add", *words, "--reason", "why not")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"detente: {problem}")
    assert len(done.stderr.splitlines()) == 1


def test_an_unknown_mute_cannot_be_removed(mute: Run) -> None:
    done = mute("remove", "m123")
    assert (done.returncode, done.stderr) == (
        2,
        "detente: there is no mute 'm123'; list them with 'detente mute list'\n",
    )
