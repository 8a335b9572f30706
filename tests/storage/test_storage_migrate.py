"""The layout: applied in order, each step whole or not at all."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from detente.errors import StorageError
from storage.database import Database
from storage.migrate import MIGRATIONS, available, migrate
from storage.rows import query


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "migrations"
    folder.mkdir()
    (folder / "0001_first.sql").write_text("CREATE TABLE first (n INTEGER); INSERT INTO first VALUES (1);")
    return folder


def tables(con: duckdb.DuckDBPyConnection) -> set[str]:
    return {row["name"] for row in query(con, "SHOW TABLES")}


def test_a_new_database_gets_every_step_and_remembers_it(database: Database) -> None:
    for _ in range(2):
        with database.session() as con:
            rows = query(con, "SELECT number, name FROM migrations ORDER BY number")
            assert [row["name"] for row in rows] == [file.stem for file in sorted(MIGRATIONS.glob("*.sql"))]
            assert [row["number"] for row in rows] == list(range(1, len(rows) + 1))


def test_later_steps_are_added_to_what_is_there(file: Path, folder: Path) -> None:
    with duckdb.connect(file) as con:
        assert migrate(con, folder) == 1
    (folder / "0002_second.sql").write_text("ALTER TABLE first ADD COLUMN m INTEGER; UPDATE first SET m = n + 1;")
    with duckdb.connect(file) as con:
        assert migrate(con, folder) == 2
        assert query(con, "FROM first") == [{"n": 1, "m": 2}]


def test_a_broken_second_step_leaves_the_first_state(file: Path, folder: Path) -> None:
    second = folder / "0002_second.sql"
    second.write_text("CREATE TABLE second (n INTEGER); UPDATE first SET n = 2; INSERT INTO nowhere VALUES (1);")
    with (
        duckdb.connect(file) as con,
        pytest.raises(StorageError, match=r"0002_second\.sql cannot be applied .*nowhere"),
    ):
        migrate(con, folder)
    with duckdb.connect(file) as con:
        assert tables(con) == {"first", "migrations"}
        assert query(con, "FROM first") == [{"n": 1}]
        assert query(con, "SELECT number FROM migrations") == [{"number": 1}]
        second.write_text("CREATE TABLE second (n INTEGER);")
        assert migrate(con, folder) == 2
        assert tables(con) == {"first", "second", "migrations"}


def test_a_database_of_a_newer_program_is_refused_and_left_alone(database: Database, file: Path) -> None:
    with database.session() as con:
        con.execute("INSERT INTO migrations VALUES (99, '0099_future', now()::TIMESTAMP)")
    before = file.read_bytes()
    with pytest.raises(StorageError) as caught, database.session():
        pass
    assert "was written by a newer Détente (layout 99" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert file.read_bytes() == before


def test_a_gap_in_the_numbers_is_refused(folder: Path) -> None:
    (folder / "0003_third.sql").write_text("SELECT 1;")
    with pytest.raises(StorageError, match=r"0003_third\.sql .* does not follow number 1"):
        available(folder)


def test_the_layout_has_primary_keys_only(con: duckdb.DuckDBPyConnection) -> None:
    kinds = {row["kind"] for row in query(con, "SELECT constraint_type AS kind FROM duckdb_constraints()")}
    assert kinds == {"PRIMARY KEY", "NOT NULL"}
    assert query(con, "FROM duckdb_indexes()") == []
