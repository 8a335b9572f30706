"""`make golden`: what the rules make of the golden set, by class, status and role, for its two parts apart.

    python benchmarks/golden.py [--json] [--errors]

Errors are only ever shown of the open part: the kept one is for measuring.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
# Started as a file, Python puts this folder first, and its storage.py would stand before the package of that name.
sys.path[:] = [str(ROOT), *(path for path in sys.path if Path(path).resolve() != ROOT / "benchmarks")]

from detection.coder import Coder, load_coder  # noqa: E402  # the path has to be right first
from detente.desk import seeds  # noqa: E402  # the same
from detente.models import RAISING, ActorMention, Mention, Status  # noqa: E402  # the same

GOLDEN = ROOT / "tests" / "golden" / "events.jsonl"
PARTS = ("open", "kept")
ROLES = ("source", "target", "mediator", "party")
NOTHING = "nothing"

MUTUAL = frozenset(
    {"talks.held", "talks.halted", "deescalation.agreement", "deescalation.ceasefire", "deescalation.release"}
)
"""Classes in which source and target count as one role, since which is named first means nothing."""

MEDIATORS_ACT = frozenset({"mediation.offered", "mediation.conducted", "mediation.halt_threatened", "mediation.halted"})
"""Classes in which who mediates may stand as source or as mediator."""


@dataclass(frozen=True, slots=True)
class Pair:
    """One event of the golden set, what was found for it, or one of the two alone."""

    row: dict[str, Any]
    gold: dict[str, Any] | None
    mention: Mention | None

    @property
    def wanted(self) -> str:
        """The status that a reader gave."""
        return str(self.gold["status"]) if self.gold else NOTHING

    @property
    def got(self) -> str:
        """The status that was found."""
        return str(self.mention.status) if self.mention else NOTHING

    @property
    def status_right(self) -> bool:
        """Whether the status is the reader's, or one that a fair reader might give; background may go unfound."""
        fair = {self.wanted, *(self.gold or {}).get("or_status", ())}
        return self.got in fair or (self.wanted == Status.BACKGROUND and self.got == NOTHING)


@dataclass(slots=True)
class Tally:
    """Counts of one class: found and right, found and wrong, missed."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def figures(self) -> dict[str, float | int]:
        """Return the counts with precision, recall and F1."""
        found, wanted = self.right + self.wrong, self.right + self.missed
        return {
            "events": wanted,
            "precision": _share(self.right, found),
            "recall": _share(self.right, wanted),
            "f1": _share(2 * self.right, found + wanted),
        }


@dataclass(slots=True)
class Score:
    """All counts of one part."""

    classes: dict[str, Tally] = field(default_factory=dict)
    raising: Tally = field(default_factory=Tally)
    confusion: Counter[tuple[str, str]] = field(default_factory=Counter)
    status_right: Counter[str] = field(default_factory=Counter)
    roles: Counter[str] = field(default_factory=Counter)
    roles_right: Counter[str] = field(default_factory=Counter)
    negatives: int = 0
    mentions_on_negatives: int = 0
    alarms_on_negatives: int = 0


def load(file: Path = GOLDEN) -> list[dict[str, Any]]:
    """Return the rows of the golden set."""
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def pairs(coder: Coder, rows: Iterable[dict[str, Any]]) -> Iterator[Pair]:
    """Code each row, and pair what is found with what a reader found: the same class, the same status first."""
    for row in rows:
        found = list(coder.code(row["text"], datetime.fromisoformat(row["date"]).replace(tzinfo=UTC)))
        matched: list[Pair] = []
        for exact in (True, False):
            for gold in row["events"]:
                if any(pair.gold is gold for pair in matched):
                    continue
                classes = {gold["class"], *gold.get("or", ())}
                statuses = {gold["status"], *gold.get("or_status", ())}
                fits = [m for m in found if m.cls in classes and (not exact or m.status in statuses)]
                if fits:
                    best = min(fits, key=lambda m: (m.cls != gold["class"], m.status is Status.BACKGROUND, m.start))
                    found.remove(best)
                    matched.append(Pair(row, gold, best))
        yield from matched
        yield from (Pair(row, gold, None) for gold in row["events"] if not any(p.gold is gold for p in matched))
        yield from (Pair(row, None, mention) for mention in found)


def score(paired: Iterable[Pair], rows: Sequence[dict[str, Any]]) -> Score:
    """Count what came out. What is only background is no event, neither as wanted nor as found."""
    total = Score(negatives=sum(not row["events"] for row in rows))
    noisy: set[str] = set()
    alarming: set[str] = set()
    for pair in paired:
        gold, mention = pair.gold, pair.mention
        _count_class(total, pair)
        if gold is not None and (mention is not None or pair.wanted == Status.BACKGROUND):
            total.confusion[pair.wanted, pair.got] += 1
            total.status_right[pair.wanted] += pair.status_right
        if gold is not None and mention is not None and pair.wanted != Status.BACKGROUND:
            _count_roles(total, gold, mention)
        if not pair.row["events"] and mention is not None and mention.status in RAISING:
            noisy.add(pair.row["id"])
            if any(actor.actor for role in ROLES for actor in getattr(mention.roles, role)):
                alarming.add(pair.row["id"])
    total.mentions_on_negatives, total.alarms_on_negatives = len(noisy), len(alarming)
    return total


def _count_class(total: Score, pair: Pair) -> None:
    background = {NOTHING, Status.BACKGROUND.value}
    wanted, found = pair.wanted not in background, pair.got not in background
    name = pair.gold["class"] if pair.gold else pair.mention.cls if pair.mention else ""
    tally = total.classes.setdefault(name, Tally())
    raising = {status.value for status in RAISING}
    for counts, want, got in (
        (tally, wanted, found),
        (total.raising, pair.wanted in raising, pair.got in raising),
    ):
        counts.right += want and got
        counts.wrong += got and not want
        counts.missed += want and not got


def _count_roles(total: Score, gold: dict[str, Any], mention: Mention) -> None:
    judged = [role for role in ROLES if role in gold]
    right = {role: _role_right(gold, mention, role) for role in judged}
    for role in judged:
        total.roles[role] += 1
        total.roles_right[role] += right[role]
    if judged:
        total.roles["all"] += 1
        total.roles_right["all"] += all(right.values())


def _role_right(gold: dict[str, Any], mention: Mention, role: str) -> bool:
    """Whether everybody who was named is found in a role, and no known actor besides."""
    alike = {role}
    if gold["class"] in MUTUAL and role in {"source", "target"}:
        alike = {"source", "target"}
    elif gold["class"] in MEDIATORS_ACT and role == "source":
        alike = {"source", "mediator"}
    wanted = [name.split("|") for part in alike for name in gold.get(part, ())]
    found: list[ActorMention] = [item for part in alike for item in getattr(mention.roles, part)]
    named = all(any(_is(item, name) for item in found for name in names) for names in wanted)
    extra = any(item.actor and not any(_is(item, n) for names in wanted for n in names) for item in found)
    return named and (not extra or (alike == {"source", "target"} and not {"source", "target"} <= set(gold)))


def _is(item: ActorMention, name: str) -> bool:
    return name == item.actor if name.isupper() else name.lower() in item.text.lower()


def as_json(total: Score) -> dict[str, Any]:
    """Return a score as plain data."""
    every, families = Tally(), dict[str, Tally]()
    for name, tally in total.classes.items():
        for one in (every, families.setdefault(name.partition(".")[0], Tally())):
            one.right, one.wrong, one.missed = (
                one.right + tally.right,
                one.wrong + tally.wrong,
                one.missed + tally.missed,
            )
    judged = Counter[str]()
    for (wanted, _), number in total.confusion.items():
        judged[wanted] += number
    return {
        "classes": {name: total.classes[name].figures() for name in sorted(total.classes)},
        "families": {name: families[name].figures() for name in sorted(families)},
        "all": every.figures(),
        "raising": total.raising.figures(),
        "status": {
            status.value: {
                "events": judged[status],
                "accuracy": _share(total.status_right[status], judged[status]),
                "found_as": {got: n for (wanted, got), n in sorted(total.confusion.items()) if wanted == status},
            }
            for status in Status
            if judged[status]
        },
        "status_accuracy": _share(total.status_right.total(), judged.total()),
        "roles": {r: {"events": n, "accuracy": _share(total.roles_right[r], n)} for r, n in total.roles.items()},
        "negatives": {
            "texts": total.negatives,
            "mentions": total.mentions_on_negatives,
            "alarms": total.alarms_on_negatives,
        },
    }


def _share(part: float, whole: float) -> float:
    return round(part / whole, 3) if whole else 0.0


def table(name: str, result: dict[str, Any]) -> Iterator[str]:
    """Yield a part's figures as lines of text."""
    yield f"== {name} =="
    yield f"{'class':32} {'events':>6} {'P':>6} {'R':>6} {'F1':>6}"
    rows = {**result["classes"], **{f"({n})": f for n, f in result["families"].items()}, "(all)": result["all"]}
    for label, figures in {**rows, "(raising or not)": result["raising"]}.items():
        shares = " ".join(f"{figures[key]:6.3f}" for key in ("precision", "recall", "f1"))
        yield f"{label:32} {figures['events']:6} {shares}"
    yield f"{'status':14} {'events':>6} {'right':>6}  found as"
    for status, figures in result["status"].items():
        found_as = ", ".join(f"{got} {n}" for got, n in figures["found_as"].items())
        yield f"{status:14} {figures['events']:6} {figures['accuracy']:6.3f}  {found_as}"
    yield f"{'(all)':14} {'':6} {result['status_accuracy']:6.3f}"
    for role, figures in result["roles"].items():
        yield f"{'role ' + role:14} {figures['events']:6} {figures['accuracy']:6.3f}"
    negatives = result["negatives"]
    yield (
        f"texts without events: {negatives['texts']}, "
        f"{negatives['mentions']} with a mention that could raise one, {negatives['alarms']} of them name a known actor"
    )
    yield ""


def errors(paired: Iterable[Pair]) -> Iterator[str]:
    """Yield what is wrong in the open part, a line for each, grouped by its kind."""
    for pair in paired:
        if pair.row["part"] != "open":
            continue
        gold, mention = pair.gold, pair.mention
        why = f" [{mention.rule}: {mention.why}]" if mention else ""
        text = f"{pair.row['id']} {pair.row['text']!r}"
        if gold is None and mention is not None and mention.status is not Status.BACKGROUND:
            yield f"extra  {mention.cls} {pair.got}: {text}{why}"
        elif gold is not None and mention is None and pair.wanted != Status.BACKGROUND:
            yield f"missed {gold['class']} {pair.wanted}: {text}"
        elif gold is not None and mention is not None:
            if not pair.status_right:
                yield f"status {gold['class']} {pair.wanted}, not {pair.got}: {text}{why}"
            for role in ROLES:
                if pair.wanted != Status.BACKGROUND and role in gold and not _role_right(gold, mention, role):
                    found = [item.actor or item.text for item in getattr(mention.roles, role)]
                    yield f"role   {role} {gold[role]}, not {found}: {text} [{mention.rule}]"


def measure(coder: Coder) -> tuple[dict[str, dict[str, Any]], list[Pair]]:
    """Return each part's figures, and all pairs."""
    rows = load()
    found = list(pairs(coder, rows))
    return {
        part: as_json(score((p for p in found if p.row["part"] == part), [row for row in rows if row["part"] == part]))
        for part in PARTS
    }, found


def main() -> None:
    """Print the figures of both parts."""
    parser = argparse.ArgumentParser(description="What the shipped rules make of the golden set.")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of tables")
    parser.add_argument("--errors", action="store_true", help="also what is wrong in the open part")
    options = parser.parse_args()
    results, found = measure(load_coder(seeds()))
    if options.json:
        print(json.dumps(results, indent=2))
        return
    for part in PARTS:
        print("\n".join(table(part, results[part])))
    if options.errors:
        print("\n".join(sorted(errors(found))))


if __name__ == "__main__":
    main()
