from pathlib import Path

import pytest

from detente import yamlfile
from detente.errors import ConfigError
from detente.settings import Settings, load_settings


def write(folder: Path, text: str) -> Path:
    file = folder / "settings.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def test_on_off_and_no_are_words(tmp_path: Path) -> None:
    data = yamlfile.load(write(tmp_path, "words: [on, off, no, yes, y, true, false, NO]\n")).data
    assert data == {"words": ["on", "off", "no", "yes", "y", True, False, "NO"]}


def test_words_that_begin_like_true_and_false_are_words(tmp_path: Path) -> None:
    data = yamlfile.load(write(tmp_path, "words: [false news, truest, false]\n")).data
    assert data == {"words": ["false news", "truest", False]}


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("http:\n  contct: me\n", 2, "did you mean 'contact'?"),
        ("http:\n  timeout: -1\n", 2, "greater than 0"),
        ("http:\n  timeout: soon\n", 2, "it says 'soon'"),
        ("storage:\n  wait: 1\nhttp:\n  delay: 1\n  delay: 2\n", 5, "stands twice"),
        ("http: [1\n", 2, "no valid YAML"),
        ("- a\n", 1, "no mapping"),
        ("htp:\n  delay: 1\n", 1, "did you mean 'http'?"),
    ],
)
def test_a_mistake_is_named_with_its_line_and_its_mend(tmp_path: Path, text: str, line: int, said: str) -> None:
    file = write(tmp_path, text)
    with pytest.raises(ConfigError) as caught:
        load_settings(file)
    assert caught.value.line == line
    assert said in str(caught.value)
    assert str(caught.value).startswith(f"{file}:{line}: ")
    assert "\n" not in str(caught.value)


def test_a_file_that_is_no_utf8_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "settings.yaml"
    file.write_bytes(b"http:\n  contact: caf\xe9\n")
    with pytest.raises(ConfigError, match="save the file as UTF-8"):
        load_settings(file)


def test_a_missing_settings_file_means_the_defaults(tmp_path: Path) -> None:
    assert load_settings(tmp_path / "settings.yaml") == Settings()


def test_the_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DETENTE_HTTP_CONTACT", "desk@news.example")
    monkeypatch.setenv("DETENTE_SCHEDULE_BATCHES", "3")
    settings = load_settings(write(tmp_path, "http:\n  contact: other@news.example\n  delay: 2\n"))
    assert (settings.http.contact, settings.http.delay, settings.schedule.batches) == ("desk@news.example", 2.0, 3)


def test_a_wrong_environment_variable_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DETENTE_SCHEDULE_BATCHES", "many")
    with pytest.raises(ConfigError, match="batches"):
        load_settings(write(tmp_path, "http: {}\n"))
