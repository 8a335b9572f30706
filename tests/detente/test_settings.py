from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from detente.desk import SEEDS
from detente.errors import ConfigError
from detente.settings import Settings, load_settings


def test_the_shipped_file_shows_every_setting_with_its_default() -> None:
    shown = yaml.safe_load((SEEDS / "settings.yaml").read_text(encoding="utf-8"))
    assert {section: set(fields) for section, fields in shown.items()} == {
        section: set(fields) for section, fields in Settings().model_dump().items()
    }
    assert load_settings(SEEDS / "settings.yaml") == Settings()


def test_a_missing_file_means_the_defaults(tmp_path: Path) -> None:
    assert load_settings(tmp_path / "none.yaml") == Settings()


def test_the_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "settings.yaml"
    file.write_text("http: {timeout: 7}\n", encoding="utf-8")
    assert load_settings(file).http.timeout == 7
    monkeypatch.setenv("DETENTE_HTTP_TIMEOUT", "9")
    assert load_settings(file).http.timeout == 9


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("http:\n  timeuot: 7\n", 2, "timeuot"),
        ("http:\n  delay: 1\n  timeout: soon\n", 3, "soon"),
        ("schedule:\n  watch_minutes: 0\n", 2, "watch_minutes"),
        ("htpp: {}\n", 1, "htpp"),
        ("http: [\n", 2, ""),
    ],
)
def test_a_wrong_file_is_refused_in_one_line_with_its_place(tmp_path: Path, text: str, line: int, words: str) -> None:
    file = tmp_path / "settings.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_settings(file)
    told = str(caught.value)
    assert told.startswith(f"{file}:{line}: ")
    assert words in told
    assert "\n" not in told
