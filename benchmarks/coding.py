"""How fast texts are coded to events, and what that costs as rules grow in number but not in hits."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import yaml

from benchmarks.figures import Figure, figure, in_turn
from detection.coder import CLASSES, Coder, load_coder
from detection.rulefile import OTHER, Written, read_rules
from detection.rules import load_classes, load_rules
from detection.text import spans
from detente.desk import SEEDS, seeds

NOW = datetime(2025, 5, 4, tzinfo=UTC)
FIRST = 12
"""Words of each list that a made rule takes over."""


def measure(texts: Sequence[str], size: str) -> Iterator[Figure]:
    """Yield sentences a second on one core, then the time of a sentence with 10 and 100 times the rules.

    Args:
        texts: what is coded.
        size: what they are, in words.
    """
    count, word = sum(1 for text in texts for _ in spans(text)), re.compile(r"\w+")
    coder = load_coder(seeds())
    value, floor = in_turn([lambda: _code(coder, texts), lambda: [word.findall(text) for text in texts]])
    yield figure("coding, one core", count / value, count / floor, "sentences/s", "splitting into words", size=size)
    for times in (10, 100):
        more = _with_more_rules(coder, times)
        value, floor = in_turn([lambda each=each: _code(each, texts) for each in (more, coder)])
        rules = f"{len(more.rules.rules):,} rules"
        yield figure(f"coding, {times}x the rules", value / count * 1e6, floor / count * 1e6, "us/sentence",
                     f"{len(coder.rules.rules)} rules", size=rules)  # fmt: skip


def read_texts(file: Path) -> list[str]:
    """Return the texts of a JSON Lines file of objects with `text`."""
    return [json.loads(line)["text"] for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]


def _code(coder: Coder, texts: Sequence[str]) -> None:
    for text in texts:
        coder.code(text, NOW)


def _with_more_rules(coder: Coder, times: int) -> Coder:
    """Return a coder with `times` as many rules; the new are shaped like the old, and their words stand nowhere."""
    shipped = [rule for rule in read_rules(SEEDS / "rules").rules if rule.family != OTHER]
    with tempfile.TemporaryDirectory() as folder:
        made = [_made(rule, copy) for copy in range(times - 1) for rule in shipped]
        (Path(folder) / "made.yaml").write_text(yaml.safe_dump({"rules": made}), encoding="utf-8")
        rules = load_rules(SEEDS / "rules", load_classes(CLASSES), coder.lexicon, Path(folder))
    return Coder(rules, coder.actors, coder.lexicon, coder.references)


def _made(rule: Written, copy: int) -> dict[str, object]:
    def other(listed: Sequence[str]) -> list[str]:
        plain = [item for item in listed if item.isascii() and item.replace(" ", "").isalpha()][:FIRST]
        return [" ".join(f"{part}zq{copy}x".translate(_DIGITS) for part in item.split()) for item in plain]

    text = rule.text
    lists = {"verbs": other(text.verbs), "object": other(text.object), "near": other(text.near)}
    lists["phrases"] = other(text.phrases) or ([] if lists["verbs"] else [f"nowhere zq{copy}".translate(_DIGITS)])
    return {"id": f"{text.id}.made{copy}", "class": text.cls, **{key: found for key, found in lists.items() if found}}


_DIGITS = str.maketrans("0123456789", "abcdefghij")
