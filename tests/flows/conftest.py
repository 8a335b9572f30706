"""One Prefect server for all tests of this folder, a desk each."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from newsstand import Hook, Newsstand, hook, newsstand

from detente.desk import Desk, create_desk
from flows import stages
from flows.environment import prepare
from flows.server import server


@pytest.fixture(scope="session")
def prefect(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real Prefect server, which all desks of the tests share."""
    host = create_desk(tmp_path_factory.mktemp("prefect") / "desk")
    before = dict(os.environ)
    prepare(host)
    with server(host) as address:
        yield address
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture
def stand() -> Iterator[Newsstand]:
    with newsstand() as found:
        yield found


@pytest.fixture
def webhook() -> Iterator[Hook]:
    with hook() as found:
        yield found


@pytest.fixture
def desk(tmp_path: Path, webhook: Hook, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A desk that asks nobody yet and tells the webhook everything."""
    found = create_desk(tmp_path / "desk")
    settings = {
        "http": {"contact": "desk@news.example", "delay": 0, "timeout": 5, "allow_private": ["127.0.0.1"]},
        "schedule": {"batches": 3},
        "extraction": {"workers": 1},
        "storage": {"wait": 2},
    }
    (found.root / "settings.yaml").write_text(json.dumps(settings), encoding="utf-8")
    routes = {"routes": [{"id": "all", "targets": [{"id": "hook", "url": webhook.url}]}]}
    found.routes.write_text(json.dumps(routes), encoding="utf-8")
    monkeypatch.setenv("DETENTE_DESK", str(found.root))
    return Desk(found.root)


@pytest.fixture
def setup(desk: Desk) -> stages.Setup:
    """The same desk, read."""
    return stages.read_desk(desk)
