"""The golden set: its shape, and floors under what the shipped rules make of it."""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from detection.coder import Coder, class_names
from detection.text import sentences, words
from detente.models import Status

ROOT = Path(__file__).resolve().parents[2]
ROWS = [json.loads(line) for line in (ROOT / "tests/golden/events.jsonl").read_text(encoding="utf-8").splitlines()]
ROLES = ("source", "target", "mediator", "party")
EVENTS = [event for row in ROWS for event in row["events"]]


@pytest.fixture(scope="module")
def results() -> dict[str, Any]:
    command = [sys.executable, str(ROOT / "benchmarks" / "golden.py"), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)  # type: ignore[no-any-return]


def test_the_set_covers_every_class_and_status() -> None:
    assert {event["class"] for event in EVENTS} == set(class_names())
    assert {event["status"] for event in EVENTS} == set(Status) - {Status.WITHDRAWN}
    assert {status for event in EVENTS for status in event.get("or_status", ())} <= set(Status)
    assert {row["kind"] for row in ROWS} == {"headline", "sentence", "short article"}
    assert len(ROWS) >= 400
    assert sum(not row["events"] for row in ROWS) >= 120
    assert len({row["id"] for row in ROWS}) == len({row["text"] for row in ROWS}) == len(ROWS)
    assert 0.3 < sum(row["part"] == "kept" for row in ROWS) / len(ROWS) < 0.36


def test_every_actor_of_the_set_is_known_and_every_day_a_day(coder: Coder) -> None:
    named = {name for event in EVENTS for role in ROLES for names in event.get(role, ()) for name in names.split("|")}
    known = set(coder.actors.by_id)
    assert {name for name in named if name.isupper()} <= known
    assert all(date.fromisoformat(row["date"]) for row in ROWS)


def test_every_place_that_is_told_is_exact(coder: Coder) -> None:
    for row in ROWS:
        text = row["text"]
        told = [(word.text, word.start) for sentence in sentences(text) for word in sentence.words]
        lost = [word.text for word in words(text) if (word.text, word.start) not in told]
        assert len(told) == len(set(told)), "each word belongs to one sentence"
        assert not lost or lost[0] == "By", "none is lost, but for who wrote it"
        for mention in coder.code(text):
            assert 0 <= mention.sentence_start <= mention.start < mention.end <= mention.sentence_end <= len(text)
            for role in ROLES:
                for actor in getattr(mention.roles, role):
                    assert [word.text for word in words(text, actor.start, actor.end)] == actor.text.split()


@pytest.mark.parametrize("part", ["open", "kept"])
def test_floors(results: dict[str, Any], part: str) -> None:
    score = results[part]
    assert score["all"]["f1"] >= 0.68
    assert score["status_accuracy"] >= 0.9
    assert score["roles"]["all"]["accuracy"] >= 0.65
    assert score["negatives"]["alarms"] <= 0.08 * score["negatives"]["texts"]
