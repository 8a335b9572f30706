import os
import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from detente import errors
from detente.desk import SEEDS, create_desk, desk_or_seeds, find_desk
from detente.errors import ConfigError, DeskBusy, UsageError
from detente.locks import exclusive


def test_a_new_desk_holds_what_is_to_be_edited(tmp_path: Path) -> None:
    desk = create_desk(tmp_path / "mine")
    assert {path.name for path in desk.root.iterdir()} == {
        "actors", "routes.yaml", "rules", "schemas", "settings.yaml", "sources.yaml", "templates", "watches.yaml",
        "watchlist.yaml",
    }  # fmt: skip
    assert find_desk(desk.root).root == desk.root
    assert not list(tmp_path.glob(".mine*"))


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear", encoding="utf-8")
    with pytest.raises(UsageError, match="is not empty"):
        create_desk(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_desk_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(UsageError, match="name a folder that you can write"):
        create_desk(tmp_path / "mine")


def test_no_desk_says_how_to_make_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DETENTE_DESK", raising=False)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match="detente init DIR"):
        find_desk(None)
    assert desk_or_seeds(None).root == SEEDS


def test_the_desk_comes_from_option_then_variable_then_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, two, three = (create_desk(tmp_path / name) for name in ("one", "two", "three"))
    monkeypatch.chdir(three.root)
    monkeypatch.setenv("DETENTE_DESK", str(two.root))
    assert find_desk(one.root).root == one.root
    assert find_desk(None).root == two.root
    monkeypatch.delenv("DETENTE_DESK")
    assert find_desk(None).root == three.root


def holder(path: Path) -> subprocess.Popen[str]:
    code = (
        "import sys; from pathlib import Path; from detente.locks import exclusive\n"
        "with exclusive(Path(sys.argv[1]), 0):\n    print('held', flush=True); sys.stdin.read()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_a_lock_names_its_holder_and_ends_with_it(tmp_path: Path) -> None:
    lock = tmp_path / "tick.lock"
    with holder(lock) as process:
        with pytest.raises(DeskBusy) as caught, exclusive(lock, 0.1):
            pass
        assert caught.value.pid == process.pid
        assert str(process.pid) in str(caught.value)
        process.kill()
        process.wait()
        with exclusive(lock, 0):
            assert lock.read_text(encoding="utf-8").startswith(f"{os.getpid()} ")


@pytest.mark.parametrize(
    "error",
    [
        ConfigError("rules/a.yaml", 3, "unknown key 'vebs'", "did you mean 'verbs'?"),
        errors.DatabaseBusy("desk/detente.duckdb", 7, "detente run", 5.0),
        errors.DeskBusy("desk/tick.lock", None, None, 0.0),
        errors.FetchError("https://news.example/a", "timeout", "timed out after 20 s"),
        errors.FlowError("the Prefect server did not start"),
    ],
)
def test_errors_survive_pickling_and_are_one_line(error: errors.DetenteError) -> None:
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again), again.exit_code) == (type(error), str(error), error.exit_code)
    assert "\n" not in str(error)
    assert vars(again) == vars(error)


def test_wrong_usage_ends_with_two_and_failure_with_one() -> None:
    assert ConfigError("a", 1, "b", "c").exit_code == 2
    assert errors.FlowError("a").exit_code == 1
