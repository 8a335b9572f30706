"""The session: who may enter, what survives a kill, and what is said when the disk or the file is at fault."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import duckdb
import pytest
from storage_examples import ARTICLE, COLLECTED, DETECTED, URL

from detente import locks
from detente.errors import DatabaseBusy, StorageError
from detente.models import Collected
from storage import articles, events, ingest, outbox
from storage.database import Database
from storage.rows import query

Start = Callable[..., subprocess.Popen[str]]

HOLD = """
import sys
from pathlib import Path
from storage.database import Database
with Database(Path(sys.argv[1]), 30).session():
    print("held", flush=True)
    sys.stdin.readline()
"""

BATCHES = """
import sys
from dataclasses import replace
from pathlib import Path
from storage_examples import ARTICLE, DETECTED, LINK, NOW
from detente.models import Collected, LinkUpdate
from storage import events, ingest
from storage.database import Database

def batch(number):
    found = [replace(ARTICLE, url=f"https://a.example/{number}/{i}") for i in range(20)]
    links = [LinkUpdate("s", replace(LINK, url=article.url), NOW, True) for article in found]
    return Collected(0, articles=tuple(found), links=tuple(links))

database = Database(Path(sys.argv[1]), 30)
number = int(sys.argv[2])
while True:
    with database.session() as con:
        ingest.ingest(con, batch(number))
    print(number, flush=True)
    number += 1
"""

HALF = """
import sys
from dataclasses import replace
from pathlib import Path
from storage_examples import COLLECTED, DETECTED
from storage import events, ingest
from storage.database import Database

database = Database(Path(sys.argv[1]), 30)
with database.session() as con:
    ingest.ingest(con, COLLECTED)
with database.session() as con:
    events.record(con, replace(DETECTED, deliveries=()), COLLECTED.fetches[0].at)
    print("half", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture(autouse=True)
def examples(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))


def one_line(error: BaseException) -> str:
    text = str(error)
    assert "\n" not in text
    return text


def record_and_fail(database: Database) -> None:
    with database.session() as con:
        events.record(con, DETECTED, ARTICLE.fetched_at)
        raise ZeroDivisionError


def test_a_block_that_ends_is_committed_and_one_that_raises_is_undone(database: Database) -> None:
    with database.session() as con:
        ingest.ingest(con, COLLECTED)
    with pytest.raises(ZeroDivisionError):
        record_and_fail(database)
    with database.session() as con:
        assert articles.get(con, URL) == ARTICLE
        assert events.list_events(con) == ()
        assert outbox.list_deliveries(con) == ()


def test_the_session_counts_time_in_utc(con: duckdb.DuckDBPyConnection) -> None:
    assert query(con, "SELECT current_setting('TimeZone') AS zone") == [{"zone": "UTC"}]


def test_no_extension_is_ever_downloaded(con: duckdb.DuckDBPyConnection) -> None:
    assert query(con, "SELECT current_setting('autoinstall_known_extensions') AS it") == [{"it": False}]


def test_a_session_that_only_reads_leaves_the_file_alone(database: Database, file: Path) -> None:
    with database.session() as con:
        ingest.ingest(con, COLLECTED)
    before = file.read_bytes()
    with database.session() as con:
        assert articles.get(con, URL) == ARTICLE
    assert file.read_bytes() == before


def test_a_second_process_is_told_who_holds_the_file(file: Path, start: Start) -> None:
    holder = start(HOLD, file, "--as", "example")
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(DatabaseBusy) as caught, Database(file, wait=0.05).session():
        pass
    assert caught.value.pid == holder.pid
    assert caught.value.command is not None
    assert caught.value.command.endswith("--as example")
    assert 0.05 <= caught.value.waited < 5
    assert f"held by process {holder.pid} (python" in one_line(caught.value)


def test_a_waiting_process_goes_on_when_the_holder_lets_go(
    file: Path, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    holder = start(HOLD, file)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    pauses = []

    def let_go(seconds: float) -> None:
        pauses.append(seconds)
        holder.communicate("go\n")

    # this module's clock alone: other threads sleep too
    monkeypatch.setattr(locks, "time", SimpleNamespace(sleep=let_go, monotonic=time.monotonic))
    with Database(file, wait=30).session() as con:
        ingest.ingest(con, COLLECTED)
    assert len(pauses) == 1
    assert 0 < pauses[0] <= 0.5


def test_processes_that_start_at_once_on_a_new_file_all_get_their_turn(file: Path, start: Start) -> None:
    program = BATCHES.replace("while True:", "for _ in range(2):")
    started = [start(program, file, number) for number in (0, 100, 200)]
    for process in started:
        process.communicate(timeout=60)
        assert process.returncode == 0
    with Database(file, wait=5).session() as con:
        assert query(con, "SELECT count(*) AS n FROM articles") == [{"n": 3 * 2 * 20}]


def test_threads_take_turns(database: Database) -> None:
    inside: list[int] = []
    crowd = []

    def work(number: int) -> int:
        with database.session() as con:
            inside.append(number)
            crowd.append(len(inside))
            new = ingest.ingest(con, replace(COLLECTED, articles=(replace(ARTICLE, url=f"{URL}{number}"),)))
            inside.remove(number)
            return len(new)

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(work, range(16))) == 16
    assert set(crowd) == {1}


def test_a_thread_that_waits_too_long_is_told_that_its_own_process_holds_the_file(file: Path) -> None:
    with Database(file, wait=0).session():
        with pytest.raises(DatabaseBusy) as caught, Database(file, wait=0).session():
            pass
        assert caught.value.pid == os.getpid()


def test_an_error_lets_the_next_one_in(file: Path) -> None:
    with pytest.raises(ZeroDivisionError):
        record_and_fail(Database(file, wait=0))
    with Database(file, wait=0).session() as con:
        assert articles.uncoded(con) == ()


def test_a_kill_in_mid_transaction_leaves_nothing_half_written(file: Path, start: Start) -> None:
    process = start(HALF, file)
    assert process.stdout is not None
    assert process.stdout.readline() == "half\n"
    process.kill()
    process.wait()
    with Database(file, wait=0).session() as con:
        assert articles.uncoded(con) == (ARTICLE,)
        assert articles.recent(con, ARTICLE.published_at) == ()
        assert events.list_events(con) == ()
        assert query(con, "SELECT * FROM mentions UNION ALL BY NAME SELECT * FROM decisions") == []
        events.record(con, DETECTED, ARTICLE.fetched_at)
    with Database(file, wait=0).session() as con:
        assert articles.uncoded(con) == ()


def test_kills_lose_nothing_acknowledged_and_leave_whole_batches(file: Path, start: Start) -> None:
    acknowledged: set[int] = set()
    for first in (0, 1000, 2000):
        process = start(BATCHES, file, first)
        assert process.stdout is not None
        acknowledged |= {int(process.stdout.readline()) for _ in range(4)}
        process.kill()
        acknowledged |= {int(line) for line in process.communicate()[0].split()}
    whole = "SELECT split_part(url, '/', 4)::INTEGER AS batch, count(*) AS n FROM {} GROUP BY batch ORDER BY batch"
    with Database(file, wait=0).session() as con:
        stored = query(con, whole.format("articles"))
        assert stored == query(con, whole.format("links"))
    assert {row["n"] for row in stored} == {20}
    assert acknowledged <= {row["batch"] for row in stored}
    assert len(acknowledged) >= 12


FULL = """
import os, resource, sys
from dataclasses import replace
from pathlib import Path
from storage_examples import ARTICLE, COLLECTED, URL
from detente.errors import StorageError
from storage import articles, ingest
from storage.database import Database

file = Path(sys.argv[1])
database = Database(file, 5)
with database.session() as con:
    ingest.ingest(con, COLLECTED)
endless = resource.RLIM_INFINITY
resource.setrlimit(resource.RLIMIT_FSIZE, (file.stat().st_size + 100_000, endless))
much = tuple(replace(ARTICLE, url=f"{URL}{i}", text=os.urandom(5_000).hex()) for i in range(900))
try:
    with database.session() as con:
        ingest.ingest(con, replace(COLLECTED, articles=much))
except StorageError as error:
    print(error)
resource.setrlimit(resource.RLIMIT_FSIZE, (endless, endless))
with database.session() as con:
    assert [article.url for article in articles.uncoded(con)] == [URL]
    ingest.ingest(con, replace(COLLECTED, articles=much))
with database.session() as con:
    assert len(articles.uncoded(con)) == len(much) + 1
print("whole")
"""


def test_a_full_disk_is_one_clear_line_and_harms_nothing(file: Path, start: Start) -> None:
    process = start(FULL, file)
    said, end = process.communicate(timeout=60)[0].splitlines()
    assert said.startswith(f"the database {file}: the disk is full: free some space and run it again")
    assert end == "whole"


FORBIDDEN = """
import os, sys
from pathlib import Path
from detente.errors import StorageError
from storage.database import Database

file = Path(sys.argv[1])
with Database(file, 0).session():
    pass
file.chmod(0)
if os.geteuid() == 0:
    os.seteuid(65534)
try:
    with Database(file, 0).session():
        pass
except StorageError as error:
    print(error)
"""


def test_a_file_that_may_not_be_written_says_so(file: Path, start: Start) -> None:
    said = start(FORBIDDEN, file).communicate(timeout=60)[0].splitlines()
    assert len(said) == 1
    assert said[0].startswith(f"the database {file}: it cannot be opened for writing: give this user the right")


@pytest.mark.parametrize("harm", ["another file", "cut short", "flipped", "empty"])
def test_a_damaged_file_says_so(database: Database, file: Path, harm: str) -> None:
    with database.session() as con:
        ingest.ingest(con, COLLECTED)
    content = file.read_bytes()
    damaged = {
        "another file": b"hello, this is no database\n" * 1000,
        "cut short": content[:5000],
        "flipped": content[:12_288] + bytes(byte ^ 255 for byte in content[12_288:]),
        "empty": b"",
    }
    file.write_bytes(damaged[harm])
    with pytest.raises(StorageError) as caught, database.session() as con:
        articles.uncoded(con)
    assert "the file is damaged: move it" in one_line(caught.value)


def test_a_missing_folder_says_so(tmp_path: Path) -> None:
    file = tmp_path / "none" / "detente.duckdb"
    with pytest.raises(StorageError) as caught, Database(file, wait=0).session():
        pass
    assert f"the database {file}: its folder is missing" in one_line(caught.value)


def test_a_query_that_the_database_refuses_becomes_a_storage_error(database: Database) -> None:
    with pytest.raises(StorageError) as caught, database.session() as con:
        ingest.ingest(con, Collected(0, articles=(replace(ARTICLE, title=None),)))  # type: ignore[arg-type]  # on purpose
    assert "NOT NULL" in one_line(caught.value)
