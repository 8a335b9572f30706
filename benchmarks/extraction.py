"""How fast `detente extract` cleans pages, against plain trafilatura in one process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.figures import Figure, figure
from benchmarks.pages import HOME, ROOT, Samples

WORKERS = 2
OPTIONS: dict[str, Any] = {
    "with_metadata": True,
    "include_comments": False,
    "favor_precision": True,
    "date_extraction_params": {"original_date": True, "extensive_search": True},
}
"""What `extractors.page` asks of trafilatura, where its first method may have missed something."""

_WARM = 12  # pages before the clock starts: workers and lists are loaded by then
_ROUNDS = 3


def plainly(html: bytes, url: str) -> int:
    """Clean a page with nothing around trafilatura; return the length of its text."""
    from trafilatura import bare_extraction

    try:
        found = bare_extraction(html, url=url, **OPTIONS)
    except Exception:  # noqa: BLE001  # a page of somebody's folder may be anything
        return 0
    return len(getattr(found, "text", "") or "")


def extract(samples: Samples) -> Figure:
    """Measure pages a second on two workers; the two sides take turns, and the medians count."""
    ours, bare = [], []
    with tempfile.TemporaryDirectory() as folder:
        lines = []
        for number, sample in enumerate(samples):
            file = Path(folder) / f"{number}.html"
            file.write_bytes(sample.html)
            lines.append(json.dumps({"id": number, "url": HOME + sample.path, "html_path": str(file)}) + "\n")
        for _ in range(_ROUNDS):
            ours.append(_rate(["-m", "detente", "extract"], lines, folder))
            bare.append(_rate(["-m", "benchmarks.extraction"], lines, folder))
    size = f"{samples.count:,} {samples.origin} pages, {WORKERS} workers"
    against = "trafilatura, one process"
    return figure("detente extract", median(ours), median(bare), "pages/s", against, size=size).at_least(1.7)


def _rate(command: list[str], lines: Sequence[str], folder: str) -> float:
    """Return pages a second of a program that answers lines with lines; its first pages are not counted."""
    environment = os.environ | {"PYTHONPATH": str(ROOT), "DETENTE_EXTRACTION_WORKERS": str(WORKERS)}
    environment.pop("DETENTE_DESK", None)  # a folder that is no desk: the defaults count
    first = [lines[number % len(lines)] for number in range(_WARM)]
    asked = Path(folder) / "asked.jsonl"
    asked.write_text("".join([*first, *lines]), encoding="utf-8")
    with (
        asked.open(encoding="utf-8") as given,
        subprocess.Popen(
            [sys.executable, *command], cwd=folder, env=environment, stdin=given, stdout=subprocess.PIPE, text=True
        ) as process,
    ):
        began = ended = time.perf_counter()
        count = 0
        for count, _ in enumerate(process.stdout or (), 1):
            if count == _WARM:
                began = time.perf_counter()
            ended = time.perf_counter()  # of the last answer: what comes after is the program's end
    if process.returncode or count != _WARM + len(lines):
        raise SystemExit(f"{' '.join(command)} gave {count} answers and ended with {process.returncode}")
    return len(lines) / (ended - began)


def _answer_lines() -> None:
    """Be the floor: one process that cleans each page as its line comes."""
    for line in sys.stdin:
        item = json.loads(line)
        length = plainly(Path(item["html_path"]).read_bytes(), item["url"])
        print(json.dumps({"id": item["id"], "length": length}), flush=True)


if __name__ == "__main__":
    _answer_lines()
