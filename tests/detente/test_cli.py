"""The command line as a person meets it: real processes, their output and their exit codes."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from detente.desk import SEEDS, Desk, create_desk
from detente.locks import exclusive
from storage.database import Database

Run = Callable[..., subprocess.CompletedProcess[str]]
COMMANDS = (
    "demo", "init", "run", "serve", "check", "why", "events", "show", "sources", "sources add",
    "sources test", "sources import", "sources export", "rules", "rules list", "rules check", "rules test",
    "alerts", "alerts list", "alerts retry", "alerts test", "mute",
    "mute add", "mute list", "mute remove", "extract", "code", "stories",
)  # fmt: skip


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run `detente` in an empty folder."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("DETENTE_", "PREFECT_"))}

    def detente(*words: object, stdin: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "detente", *map(str, words)]
        return subprocess.run(
            command,
            input=stdin,
            capture_output=True,
            text=True,
            cwd=tmp_path,
            env=environment | {"COLUMNS": "120"} | variables,
            check=False,
            timeout=120,
        )

    return detente


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return create_desk(tmp_path / "desk")


def refused(done: subprocess.CompletedProcess[str], code: int) -> str:
    """Return the one line that a refusal consists of."""
    assert done.returncode == code, done.stderr
    assert done.stdout == ""
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("detente: ")
    return lines[0]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(run: Run, command: str) -> None:
    done = run(*command.split(), "--help")
    assert done.returncode == 0
    if command not in {"rules", "alerts", "mute"}:  # groups: their commands have examples
        assert re.search(r"Examples?:", done.stdout)


def test_every_command_is_documented() -> None:
    guide = (SEEDS.parent / "docs" / "guide.md").read_text(encoding="utf-8")
    assert [command for command in COMMANDS if f"detente {command}" not in guide] == []


def test_help_imports_nothing_heavy() -> None:
    code = "import sys; import detente.cli.app; print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not set(loaded) & {"prefect", "duckdb", "trafilatura", "httpx", "apprise", "pydantic", "lxml", "rich"}


def test_a_new_desk_is_complete_and_the_next_step_is_told(run: Run, tmp_path: Path) -> None:
    done = run("init", "mine")
    assert done.returncode == 0
    assert "detente run --desk mine" in done.stdout
    listed = run("sources", "--desk", "mine", "--json")
    assert len(listed.stdout.splitlines()) >= 38
    assert run("events", "--desk", "mine").stdout == "no events yet: run 'detente run'\n"
    assert "not empty" in refused(run("init", tmp_path), 2)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("run",), "is no desk; make one with 'detente init DIR'"),
        (("events", "--desk", "nowhere"), "is no desk"),
        (("check", "none.txt"), "none.txt"),
        (("run", "--now", "soon", "--desk", "desk"), "'soon' is no time"),
        (("run", "--since", "soon", "--desk", "desk"), "since 'soon'"),
        (("run", "--source", "nobody", "--desk", "desk"), "there is no source 'nobody'"),
        (("show", "e000", "--desk", "desk"), "there is no event 'e000'"),
        (("alerts", "test", "pager", "--desk", "desk"), "routes.yaml has no target 'pager'"),
    ],
)
@pytest.mark.usefixtures("desk")
def test_wrong_usage_is_one_line_and_exit_code_2(run: Run, words: tuple[str, ...], said: str) -> None:
    assert said in refused(run(*words), 2)


@pytest.mark.parametrize(
    ("file", "text", "place"),
    [
        ("settings.yaml", "http:\n  timeuot: 3\n", "settings.yaml:2: unknown key 'timeuot'"),
        ("sources.yaml", "publishers: [\n", "sources.yaml:2: "),
        ("routes.yaml", "routes:\n  - id: a\n    targets: []\n", "routes.yaml:3: "),
        (
            "routes.yaml",
            "routes:\n  - id: a\n    when: {classes: [mediation.asked]}\n    targets: [{id: t, url: 'terminal://'}]\n",
            "routes.yaml:3: there is nothing like 'mediation.asked' among the classes",
        ),
        (
            "routes.yaml",
            "routes:\n  - id: a\n    when:\n      actors: [IND, PAKI]\n    targets: [{id: t, url: 'terminal://'}]\n",
            "routes.yaml:4: there is nothing like 'PAKI' among the actors",
        ),
        ("templates/alert.txt.j2", "{{ event.\n", "alert.txt.j2"),
    ],
)
def test_a_broken_file_is_one_line_and_nothing_starts(run: Run, desk: Desk, file: str, text: str, place: str) -> None:
    (desk.root / file).write_text(text, encoding="utf-8")
    assert place in refused(run("run", "--desk", desk.root), 2)
    assert not desk.database.exists()
    assert not (desk.root / ".prefect").exists()


def test_why_answers_for_an_address_that_was_never_seen(run: Run, desk: Desk) -> None:
    url = "https://news.example/a"
    done = run("why", url, "--desk", desk.root)
    assert done.returncode == 0
    assert "never listed: " in done.stdout
    assert f"detente check {url}" in done.stdout
    (answer,) = map(json.loads, run("why", url, "--desk", desk.root, "--json").stdout.splitlines())
    assert (answer["url"], answer["outcome"]) == (url, "never_listed")


def test_whoever_holds_the_database_is_named(run: Run, desk: Desk) -> None:
    with Database(desk.database, 1).session():
        told = refused(run("events", "--desk", desk.root, DETENTE_STORAGE_WAIT="0.3"), 1)
    assert f"process {os.getpid()}" in told


def test_a_second_tick_says_which_process_runs_the_first(run: Run, desk: Desk) -> None:
    desk.sources.write_text("publishers: []\n", encoding="utf-8")
    with exclusive(desk.tick_lock, 0):
        done = run("run", "--desk", desk.root, DETENTE_STORAGE_WAIT="0.3")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith(f"detente: another tick runs on {desk.root}: process {os.getpid()} ")


ARTICLE = """Norway offers to mediate between Armenia and Azerbaijan

Norway has offered to mediate between Armenia and Azerbaijan, its foreign minister said on Tuesday.

In 1994 Russia mediated a truce between the two countries."""


def test_check_explains_a_text_file_without_a_desk(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(ARTICLE, encoding="utf-8")
    shown = run("check", "a.txt", "--date", "2025-05-06")
    assert shown.returncode == 0, shown.stderr
    raising, _, silent = shown.stdout.partition("Would stay silent")
    assert "Mediation offered  Norway" in raising
    assert "historical" in silent
    found = json.loads(run("check", "a.txt", "--date", "2025-05-06", "--json").stdout)
    assert [event["class"] for event in found["events"]] == ["mediation.offered"]
    assert list(tmp_path.iterdir()) == [tmp_path / "a.txt"], "nothing is stored"


def test_the_code_engine_answers_on_stdout_alone(run: Run) -> None:
    done = run("code", stdin=json.dumps({"id": 5, "text": ARTICLE, "date": "2025-05-06"}) + "\n")
    assert done.stderr == ""
    answer = json.loads(done.stdout)
    assert answer["id"] == 5
    assert {event["class"]: event["status"] for event in answer["events"]} == {
        "mediation.offered": "reported",
        "mediation.conducted": "historical",
        "deescalation.ceasefire": "historical",
    }
    assert "stdin:1: no JSON" in refused(run("code", stdin="hello\n"), 2)


def test_the_terminal_target_can_be_tried(run: Run, desk: Desk) -> None:
    done = run("alerts", "test", "screen", "--desk", desk.root)
    assert done.returncode == 0, done.stderr
    assert "This is a test" in done.stdout
    assert "screen: sent" in done.stdout


def test_the_rules_pass_their_own_examples(run: Run) -> None:
    done = run("rules", "check")
    assert done.returncode == 0, done.stdout
    assert ", 0 wrong" in done.stdout
