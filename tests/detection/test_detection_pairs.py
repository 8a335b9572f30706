"""The hard pairs of `tests/golden/pairs.jsonl`: one happening or two."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).parent.parent / "golden"))

import pairs


def test_the_pairs_are_told_apart(coder: Any) -> None:
    found = list(pairs.judged(coder))
    assert len(found) >= 200
    assert {item.expect for item in found} == {"same", "new", "update"}
    coded = [item for item in found if item.got != "silent"]
    wrong = [f"{item.id}: {item.got}, not {item.expect}: {item.why}" for item in coded if not item.is_right]
    share = 1 - len(wrong) / len(coded)
    assert share >= 0.95, "\n".join([*wrong, pairs.table(coded)])
    right = sum(item.is_right for item in found)
    assert right >= 0.92 * len(found), pairs.table(found)
