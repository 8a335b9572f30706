"""The demo's script fits its articles, and a wrong one is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from detente.demo.articles import load_stories
from detente.demo.script import load_script
from detente.desk import SEEDS
from detente.errors import ConfigError

DEMO = SEEDS / "demo"


def test_each_tick_comes_after_its_day_and_before_the_next() -> None:
    ticks = load_script(DEMO)
    days = sorted((DEMO / "articles").iterdir())
    times = {story.id: story.published_at for story in load_stories(DEMO)}
    assert len(ticks) == len(days) == 6
    for number, (tick, day) in enumerate(zip(ticks, days, strict=True)):
        published = [times[file.stem] for file in day.glob("*.md")]  # a file is named for its article's id
        assert max(published) < tick.at
        assert number == 0 or ticks[number - 1].at < min(published)
        assert tick.at.date().isoformat() == day.name
        assert tick.about


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("ticks: []\n", "at least 1 item"),
        ("ticks:\n  - {at: 2025-04-22T23:00:00, about: A day.}\n", r"script\.yaml:2: .*timezone"),
        ("ticks:\n  - {at: 2025-04-22T23:00:00+00:00}\n", "'about' is missing"),
        (
            "ticks:\n" + "  - {at: 2025-04-22T23:00:00+00:00, about: The same.}\n" * 2,
            r"script\.yaml:3: .*not later",
        ),
    ],
)
def test_a_wrong_script_is_refused(text: str, problem: str, tmp_path: Path) -> None:
    (tmp_path / "script.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=problem):
        load_script(tmp_path)


def test_a_missing_script_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"script\.yaml: the file is missing"):
        load_script(tmp_path)
