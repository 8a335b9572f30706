"""Entries at the end of sources.yaml: every other byte stays, and what would not fit changes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from detente.desk import SEEDS
from detente.errors import ConfigError, UsageError
from detente.models import SourceKind
from extractors.sourcefile import NewPublisher, NewSource, append_publishers, free_id
from extractors.sources import load_publishers, load_sources

FEED = NewSource("new-feed", SourceKind.FEED, "https://new.example/feed?a=1#b")
PAGE = NewSource("new-page", SourceKind.SECTION, "https://new.example/", "no", r"/\d+\.html")
NEW = NewPublisher("new", 'The "New": a paper # 1', "fa", (FEED, PAGE), family="old", country="NOR")
ENTRY = "{id: a, name: A, language: en, sources: [{id: a-f, kind: feed, url: 'https://a.example/f'}]}"
BLOCK = """publishers:
  - id: a
    name: A
    language: en
    sources:
      - {id: a-f, kind: feed, url: "https://a.example/f"}"""


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (BLOCK, ""),
        (f"# Mine\n{BLOCK}  # the last\n", ""),
        (f"{BLOCK}\n", "\n\n"),
        (f"{BLOCK}\n      # - {{id: a-g}}\n\n    # and more\n", "\n# Agencies\nagencies:\n  - {id: x, names: [X]}\n"),
        (f"{BLOCK}\n", "...\n"),
        (f"{BLOCK}\n".replace("\n  ", "\n"), "agencies: []\n"),
        (f"{BLOCK}\n    country: NOR\n", "agencies: []\n"),
        (f"{BLOCK}\n".replace("name: A", "name: ä—🙂"), "# ende"),
        (f"{BLOCK}\n".replace("\n", "\r\n"), "\r\nagencies: []\r\n"),
        (f"publishers: [{ENTRY}", "]\nagencies: []\n"),
        (f"publishers: [{ENTRY},\n  ", "]\n"),
        ('{"publishers": [', "]}"),
        ("# none yet\npublishers:", "\nagencies: []\n"),
    ],
)
def test_an_entry_goes_behind_the_last_and_the_rest_stays(tmp_path: Path, before: str, after: str) -> None:
    file = tmp_path / "sources.yaml"
    text = before + (" []" if before.endswith("publishers:") else "") + after
    file.write_bytes(text.encode())
    old = load_sources(file)
    append_publishers(file, [NEW])
    assert load_sources(file) == (*old, *NEW.loaded())
    assert load_publishers(file)["new"].name == NEW.name
    content = file.read_bytes().decode()
    assert content.startswith(before)
    assert content.endswith(after)
    assert [path.name for path in tmp_path.iterdir()] == ["sources.yaml"]


def test_a_line_reads_as_those_that_people_wrote(tmp_path: Path) -> None:
    file = tmp_path / "sources.yaml"
    file.write_bytes((SEEDS / "sources.yaml").read_bytes())
    append_publishers(file, [NewPublisher("new", "New Paper", "en", (FEED,), country="NOR")])
    assert file.read_text(encoding="utf-8").removeprefix((SEEDS / "sources.yaml").read_text(encoding="utf-8")) == (
        "  - id: new\n    name: New Paper\n    country: NOR\n    language: en\n    sources:\n"
        '      - {id: new-feed, kind: feed, url: "https://new.example/feed?a=1#b"}\n'
    )


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (NewPublisher("a", "A", "en", (FEED,)), "stands twice"),
        (NewPublisher("New!", "A", "en", (FEED,)), "would not fit"),
        (NewPublisher("new", "A", "en", ()), "would not fit"),
    ],
)
def test_what_does_not_fit_changes_nothing(tmp_path: Path, entry: NewPublisher, said: str) -> None:
    file = tmp_path / "sources.yaml"
    file.write_text(BLOCK, encoding="utf-8")
    with pytest.raises(UsageError, match=said):
        append_publishers(file, [entry])
    assert file.read_text(encoding="utf-8") == BLOCK
    assert [path.name for path in tmp_path.iterdir()] == ["sources.yaml"]


def test_a_layout_that_takes_no_entry_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "sources.yaml"
    text = f"publishers: [{ENTRY} # one, two\n]\n"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match="left as it is"):
        append_publishers(file, [NEW])
    assert file.read_text(encoding="utf-8") == text


def test_a_broken_file_is_named_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "sources.yaml"
    file.write_text("publishers:\n  - {id: A}\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"sources.yaml:2"):
        append_publishers(file, [NEW])


def test_a_link_stays_a_link_and_rights_stay(tmp_path: Path) -> None:
    real, link = tmp_path / "real.yaml", tmp_path / "sources.yaml"
    real.write_text(BLOCK, encoding="utf-8")
    real.chmod(0o640)
    link.symlink_to(real)
    append_publishers(link, [NEW])
    assert link.is_symlink()
    assert real.stat().st_mode & 0o777 == 0o640
    assert len(load_sources(real)) == 3


def test_ids_are_made_of_any_words_and_never_twice() -> None:
    taken = {"news-example"}
    assert [free_id("News.Example", taken) for _ in range(2)] == ["news-example-2", "news-example-3"]
    assert free_id("ньюс", taken) == "site"
