"""The commands about rules, watches and the watchlist, as an analyst uses them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from detente.desk import Desk, create_desk

Run = Callable[..., subprocess.CompletedProcess[str]]
SENTENCE = "Norway offered to mediate between Armenia and Azerbaijan."


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return create_desk(tmp_path / "desk")


@pytest.fixture
def run(desk: Desk) -> Run:
    """Run `detente` in a desk."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("DETENTE_", "PREFECT_"))}

    def detente(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "detente", *words]
        settings = environment | {"COLUMNS": "160"}
        return subprocess.run(
            command, capture_output=True, text=True, cwd=desk.root, env=settings, check=False, timeout=120
        )

    return detente


def lines(done: subprocess.CompletedProcess[str]) -> list[dict[str, object]]:
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_a_sentence_is_shown_word_by_word(run: Run) -> None:
    done = run("rules", "test", SENTENCE)
    assert done.returncode == 0, done.stderr
    assert [row.split() for row in done.stdout.splitlines() if row.startswith(("Norway", "Armenia"))] == [
        ["Norway", "NOR", "(name)"],
        ["Armenia", "ARM", "(name)"],
    ]
    assert "● Mediation offered  Norway · about Armenia, Azerbaijan  reported, high" in done.stdout
    (told,) = lines(run("rules", "test", SENTENCE, "--json"))
    words = {word["text"]: word for word in told["words"]}  # type: ignore[index, union-attr]
    assert "mediation.offered" in words["offered"]["rules"]
    assert [event["class"] for event in told["events"]] == ["mediation.offered"]  # type: ignore[index, union-attr]
    assert {"rule", "class", "trigger", "start", "end", "wants"} == set(told["misses"][0])  # type: ignore[index]


def test_a_rule_says_what_it_wants_and_what_it_lacked(run: Run) -> None:
    done = run("rules", "test", "--rule", "mediation.offered", "The insurer offered mediation to its customers.")
    assert re.search(r"then, within \d+ words: '", done.stdout)
    assert "no known actor is named, so one of " in done.stdout
    done = run("rules", "test", "--rule", "escalation.coercion.impose", "Mali imposed restrictions on smoking.")
    assert "'smoking' must not stand in the sentence" in done.stdout
    done = run("rules", "test", "--rule", "mediation.offered", "Oman sang.")
    assert "None of its triggers stands there." in done.stdout
    assert "es.mediation.requested" in run("rules", "test", "--rule", "es.mediation.requested", "Omán canta.").stdout
    done = run("rules", "test", "--language", "xx", "Oman sang.")
    assert done.stderr.startswith("detente: there are no rules for the language 'xx'; there are en")
    done = run("rules", "test", "--rule", "mediation.oferred", "Oman sang.")
    assert (done.returncode, done.stderr) == (
        2, "detente: there is no rule 'mediation.oferred'; list them with 'detente rules list'\n",
    )  # fmt: skip


def test_a_query_is_tried_on_a_file_and_its_mistake_is_shown(run: Run, desk: Desk) -> None:
    (desk.root / "a.txt").write_text("Grain moves\n\nWheat left along the corridor.", encoding="utf-8")
    done = run("rules", "test", "--query", "wheat NEAR/5 corridor title:grain", "a.txt")
    assert done.stdout == "The query is true of it: 'Grain', 'Wheat left along the corridor'\n"
    (told,) = lines(run("rules", "test", "--query", "title:wheat", "a.txt", "--json"))
    assert (told["true"], told["found"]) == (False, [])
    done = run("rules", "test", "--query", "wheat AND (corridor", "a.txt")
    assert done.returncode == 2
    assert done.stderr == (
        "detente: query, character 11: this bracket is never closed; add ')' where it ends\n"
        "    wheat AND (corridor\n"
        "              ^\n"
    )


def test_a_broken_file_of_a_desk_is_named_by_every_command_that_reads_it(run: Run, desk: Desk) -> None:
    desk.watches.write_text("watches:\n  - id: a\n    query: wheat AND (corridor\n", encoding="utf-8")
    for command in (("rules", "check"), ("rules", "list")):
        done = run(*command)
        assert done.returncode == 2, done.stdout
        first, *shown = done.stderr.splitlines()
        assert first.endswith("watches.yaml:3:22: this bracket is never closed; add ')' where it ends")
        assert shown == ["    wheat AND (corridor", "              ^"]
    desk.watchlist.write_text("watchlist:\n  - {id: a, actors: [NORR], severity: raise}\n", encoding="utf-8")
    (desk.rules / "own.yaml").write_text("rules:\n  - {id: a, vebs: [meet]}\noff: [gone]\n", encoding="utf-8")
    (desk.actors / "own.yaml").write_text("actors:\n  - {kind: state, names: [Mine]}\n", encoding="utf-8")
    done = run("rules", "check")
    assert done.returncode == 2
    places = (
        "own.yaml:2: unknown key 'vebs'",
        "own.yaml:3: ",
        "own.yaml:2: ",
        "watches.yaml:3:22: ",
        "watchlist.yaml:2: ",
    )
    told = [line for line in done.stderr.splitlines() if line.startswith("detente: ")]
    assert len(told) == len(places)
    assert all(place in line for place, line in zip(places, told, strict=True)), told
    assert told[-1].endswith("there is no actor 'NORR'; did you mean 'NOR'?")


def test_check_counts_what_it_ran_and_names_what_is_wrong(run: Run, desk: Desk) -> None:
    assert ", 0 wrong\n" in run("rules", "check").stdout
    (desk.rules / "own.yaml").write_text("rules:\n  - {id: mediation.offered, object: [tea]}\n", encoding="utf-8")
    desk.watches.write_text("watches:\n  - {id: a, query: wheat, hit: [Rye.]}\n", encoding="utf-8")
    done = run("rules", "check")
    assert done.returncode == 1
    *problems, last = done.stdout.splitlines()
    assert f"{desk.watches}:2: rule watch.a: finds nothing: 'Rye.'" in problems
    assert any(line.startswith(f"{desk.rules / 'own.yaml'}:2: rule mediation.offered: ") for line in problems)
    assert " rules (1 of the desk), 1 watch, " in last
    told = [json.loads(line) for line in run("rules", "check", "--json").stdout.splitlines()]
    assert len(told) == len(problems)
    assert set(told[0]) == {"rule", "file", "line", "text", "what"}


def test_check_notes_a_rule_that_others_answer_for_and_schemas_of_another_day(run: Run, desk: Desk) -> None:
    (desk.rules / "own.yaml").write_text(
        "rules:\n  - id: mine\n    class: mediation.offered\n    strength: 1\n    phrases: [offered to mediate]\n"
        f"    hit: [{{text: {SENTENCE}}}]\n  - {{id: bare, class: talks.held, phrases: [parley]}}\n",
        encoding="utf-8",
    )
    schema = desk.root / "schemas" / "rules.schema.json"
    schema.write_text("{}", encoding="utf-8")
    done = run("rules", "check")
    assert done.returncode == 0, done.stdout
    assert f"{desk.rules / 'own.yaml'}:2: rule mine: note: another rule of its class answers its hits" in done.stdout
    assert f"{desk.rules / 'own.yaml'}:7: rule bare: note: it has no sentence that it must hit\n" in done.stdout
    assert f"{desk.root / 'schemas'}: note: these are the schemas of another Détente" in done.stdout
    assert done.stdout.count("note:") == 3


def test_the_list_tells_own_from_shipped_and_counts_only_with_a_history(run: Run, desk: Desk) -> None:
    (desk.rules / "own.yaml").write_text(
        "off: [talks.halted]\nrules:\n  - {id: talks.held, severity: high}\n"
        "  - {id: mine, class: talks.held, phrases: [parley]}\n",
        encoding="utf-8",
    )
    desk.watches.write_text("watches:\n  - {id: a, query: wheat}\n", encoding="utf-8")
    told = {row["id"]: row for row in lines(run("rules", "list", "--json"))}
    assert [told[name]["from"] for name in ("talks.held", "mine", "talks.rejected", "watch.a")] == [
        "changed", "own", "shipped", "own",
    ]  # fmt: skip
    assert told["talks.held"]["severity"] == "high"
    assert (told["mine"]["file"], told["mine"]["line"]) == (str(desk.rules / "own.yaml"), 4)
    assert "talks.halted" not in told
    assert "mentions" not in told["mine"]
