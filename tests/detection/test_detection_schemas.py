"""The JSON Schemas that editors use: current, and in agreement with the files that Détente ships."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from detection.schemas import FOLDER, schemas
from detente import yamlfile
from detente.desk import SEEDS

ROOTS = (SEEDS, SEEDS / "own")
"""The shipped files, and what a new desk starts with: there they lie in the desk itself."""

FILES = [
    *(
        (file, root, kind)
        for root in ROOTS
        for kind in ("rules", "actors")
        for file in sorted((root / kind).rglob("*.yaml"))
    ),
    *((SEEDS / "own" / f"{kind}.yaml", SEEDS / "own", kind) for kind in ("watches", "watchlist")),
]


def validator(kind: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads((FOLDER / f"{kind}.schema.json").read_text(encoding="utf-8")))


def test_the_checked_in_schemas_are_current() -> None:
    there = {file.name: file.read_text(encoding="utf-8") for file in FOLDER.iterdir()}
    assert there == schemas(), "run 'python -m detection.schemas'"


@pytest.mark.parametrize(("file", "root", "kind"), FILES, ids=[str(file.relative_to(SEEDS)) for file, *_ in FILES])
def test_every_shipped_file_names_its_schema_and_fits_it(file: Path, root: Path, kind: str) -> None:
    first = file.read_text(encoding="utf-8").splitlines()[0]
    up = "../" * (len(file.relative_to(root).parts) - 1)
    assert first == f"# yaml-language-server: $schema={up}schemas/{kind}.schema.json"
    data = json.loads(json.dumps(yamlfile.load(file).data, default=str))  # YAML's days as JSON has them
    assert [error.message for error in validator(kind).iter_errors(data)] == []


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("rules", {"rules": [{"id": "a", "vebs": ["meet"]}]}),
        ("rules", {"rules": [{"id": "a", "class": "mediation.asked"}]}),
        ("rules", {"family": "mediaton"}),
        ("actors", {"actors": [{"id": "A1", "kind": "stat", "names": ["A"]}]}),
        ("watches", {"watches": [{"id": "a", "qeury": "b"}]}),
        ("watchlist", {"watchlist": [{"id": "a", "actors": ["IND"], "severity": "up"}]}),
    ],
)
def test_an_editor_sees_what_is_wrong(kind: str, data: object) -> None:
    assert list(validator(kind).iter_errors(data))
