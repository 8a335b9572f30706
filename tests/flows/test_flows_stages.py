"""The stages of a tick by themselves."""

from __future__ import annotations

from pathlib import Path

import pytest

from detente.desk import Desk, create_desk
from flows.stages import read_desk


def test_a_desk_is_read_again_where_a_file_or_the_environment_was_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = create_desk(tmp_path / "desk").root
    first = read_desk(Desk(root))
    assert read_desk(Desk(root)) is first
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")  # as each tick sets it
    assert read_desk(Desk(root)) is first

    monkeypatch.setenv("DETENTE_HTTP_MAX_LINKS", "7")
    assert read_desk(Desk(root)).settings.http.max_links == 7

    (root / "rules" / "own.yaml").write_text("off: [talks.held]\n", encoding="utf-8")
    assert "talks.held" not in {rule.id for rule in read_desk(Desk(root)).coders.english.rules.rules}
    (root / "rules" / "own.yaml").write_text("off: [talks.hold]\n", encoding="utf-8")
    (left,) = read_desk(Desk(root)).left_out()
    assert "talks.hold" in left.why
