from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

from storage.database import Database
from storage.rows import query

Dump = Callable[[duckdb.DuckDBPyConnection], dict[str, list[tuple[object, ...]]]]
Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "detente.duckdb"


@pytest.fixture
def database(file: Path) -> Database:
    return Database(file, wait=30)


@pytest.fixture
def con(database: Database) -> Iterator[duckdb.DuckDBPyConnection]:
    with database.session() as session:
        yield session


@pytest.fixture
def dump() -> Dump:
    """Every row of every table, in a fixed order."""

    def dump_all(con: duckdb.DuckDBPyConnection) -> dict[str, list[tuple[object, ...]]]:
        tables = [row["name"] for row in query(con, "SHOW TABLES")]
        return {name: con.execute(f'FROM "{name}" ORDER BY ALL').fetchall() for name in tables}

    return dump_all


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start Python with a program text and arguments; whatever still runs at the end of the test is killed."""
    started: list[subprocess.Popen[str]] = []

    def run(program: str, *arguments: object) -> subprocess.Popen[str]:
        file = tmp_path / f"program{len(started)}.py"
        file.write_text(program, encoding="utf-8")
        process = subprocess.Popen(
            [sys.executable, file, *map(str, arguments)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        started.append(process)
        return process

    yield run
    for process in started:
        process.kill()
        process.communicate()
