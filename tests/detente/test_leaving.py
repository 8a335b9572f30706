"""What of a broken file is left out, on files as people write them."""

from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict, Field

from detente import yamlfile
from detente.errors import ConfigError
from detente.leaving import Leaving


class _Source(BaseModel):
    model_config = ConfigDict(extra="forbid")

    id: str


class _Publisher(BaseModel):
    model_config = ConfigDict(extra="forbid")

    id: str
    sources: list[_Source] = Field(min_length=1)


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    publishers: list[_Publisher] = []
    off: list[str] = []


def read(file: Path) -> dict[str, list[str]]:
    found = yamlfile.validate(_File, yamlfile.load(file))
    return {publisher.id: [source.id for source in publisher.sources] for publisher in found.publishers}


def lines_left(leaving: Leaving) -> list[int | None]:
    return [error.line for error in leaving.errors]


@pytest.mark.parametrize(
    ("text", "lines", "kept"),
    [
        (
            "publishers:\n- id: a\n  sources:\n  - id: one\n  - id: two\n    urll: x\n  - {id: three}\n",
            [6],
            {"a": ["one", "three"]},
        ),
        (
            "publishers:\n  - {id: a, sources: [{id: one}]}\n  - {id: b, sources: [{nid: two}]}\n  # the end\n",
            [3, 3],
            {"a": ["one"]},
        ),
        (
            "publishers:\n  - id: a\n    id: b\n    sources: [{id: one}]\n\n  -\n    id: c\n    sources: [{id: two}]\n",
            [3],
            {"c": ["two"]},
        ),
        (
            "publishers:\n- id: a\n  name: >-\n    said\n    so\n  sources: []\n- id: b\n  sources: [{id: two}]\n",
            [6],
            {"b": ["two"]},
        ),
        ("publishers:\n  - just a word\n  - id: a\n    sources: [{id: one}]\n", [2], {"a": ["one"]}),
    ],
)
def test_the_innermost_entry_is_left_out(
    tmp_path: Path, text: str, lines: list[int | None], kept: dict[str, list[str]]
) -> None:
    file = tmp_path / "sources.yaml"
    file.write_text(text, encoding="utf-8")
    leaving = Leaving(tmp_path)
    assert leaving.read(lambda: read(file), whole=False) == kept
    assert lines_left(leaving) == lines


@pytest.mark.parametrize(
    "text",
    [
        "publishers: [\n",
        "publishers: [{id: a, sources: [{nid: one}]}, {id: b, sources: [{id: two}]}]\n",
        "publishers:\n  - {id: a, sources: [{id: one}]}\npublisher: []\n",
        "publishers:\n  - id: a\n    sources:\n    - id: one\n\nname: x\n",
    ],
    ids=["no YAML", "which of one line", "an unknown key", "a key below the last entry"],
)
def test_where_no_single_entry_is_to_blame_the_file_is_left_out_or_nothing(tmp_path: Path, text: str) -> None:
    file = tmp_path / "sources.yaml"
    file.write_text(text, encoding="utf-8")
    leaving = Leaving(tmp_path)
    with pytest.raises(ConfigError, match="sources"):
        leaving.read(lambda: read(file), whole=False)
    assert leaving.errors == ()
    assert leaving.read(lambda: read(file)) == {}
    assert [error.file for error in leaving.errors] == [file]


def test_a_file_elsewhere_is_no_desks(tmp_path: Path) -> None:
    file = tmp_path / "sources.yaml"
    file.write_text("publishers:\n  - {id: a, sources: []}\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"sources\.yaml:2"):
        Leaving(tmp_path / "desk").read(lambda: read(file))
