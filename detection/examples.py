"""Runs the examples that rules carry: sentences that a rule must hit, and sentences that it must not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from detection.coder import Coder
from detection.merging import actor_ids
from detection.rulefile import OTHER, Example
from detection.rules import Rule
from detection.watches import Watches
from detente.models import RAISING, Mention, Status


@dataclass(frozen=True, slots=True)
class Problem:
    """An example that does not come out as its rule says."""

    rule: str
    file: Path
    line: int | None
    text: str
    what: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else str(self.file)
        return f"{place}: rule {self.rule}: {self.what}" + (f": {self.text!r}" if self.text else "")


def check_examples(coder: Coder, watches: Watches | None = None) -> tuple[int, tuple[Problem, ...]]:
    """Return how many examples were run, and those that failed.

    A `hit` must give a mention of the rule's class (another rule of the class may be the one that fires) with the
    expected status and, for every role that the example gives, exactly these actors. A `miss` must raise nothing
    of the class.
    """
    count, problems = 0, []
    for rule in coder.rules.rules:
        for example in rule.hit:
            count += 1
            problems += [
                Problem(rule.id, rule.file, rule.line, example.text, what) for what in _hit(coder, rule, example)
            ]
        for text in rule.miss:
            count += 1
            raised = [m for m in _of_class(coder, rule, text) if m.status in RAISING | {Status.HYPOTHETICAL}]
            problems += [Problem(rule.id, rule.file, rule.line, text, f"fires ({m.why})") for m in raised]
    for watch in watches.watches if watches else ():
        alone = Watches([watch])
        count += len(watch.hit) + len(watch.miss)
        problems += [
            Problem(watch.cls, watch.file, watch.line, text, what)
            for texts, wanted, what in ((watch.hit, True, "finds nothing"), (watch.miss, False, "finds it"))
            for text in texts
            if bool(alone.find(text)) is not wanted
        ]
    return count, tuple(problems)


def unproved(coder: Coder, *, shipped: bool) -> tuple[Problem, ...]:
    """Return a note for each rule that nothing proves: it has no hit, or another rule of its class answers them all.

    Args:
        coder: the rules.
        shipped: whether to look at shipped rules too, or only at those that a desk made or changed.
    """
    found = []
    for rule in coder.rules.rules:
        if rule.family == OTHER or (rule.origin == "shipped" and not shipped):
            continue
        if not rule.hit:
            what, text = "note: it has no sentence that it must hit", ""
        elif any(m.rule == rule.id for hit in rule.hit for m in coder.mentions(hit.text, None)):
            continue
        elif all(_of_class(coder, rule, hit.text) for hit in rule.hit):
            what, text = "note: another rule of its class answers its hits", rule.hit[0].text
        else:
            continue  # a mistake, which `check_examples` tells
        found.append(Problem(rule.id, rule.file, rule.line, text, what))
    return tuple(found)


def _of_class(coder: Coder, rule: Rule, text: str) -> list[Mention]:
    return [mention for mention in coder.code(text) if mention.cls == rule.cls]


def _hit(coder: Coder, rule: Rule, example: Example) -> Iterator[str]:
    found = next(iter(_of_class(coder, rule, example.text)), None)
    if found is None:
        yield f"no {rule.cls} is found"
        return
    if found.status is not example.status:
        yield f"status is {found.status}, not {example.status} ({found.why})"
    for role in ("source", "target", "mediator", "party"):
        wanted, got = set(getattr(example, role)), actor_ids(getattr(found.roles, role))
        if wanted and wanted != got:
            yield f"{role} is {', '.join(sorted(got)) or 'nobody'}, not {', '.join(sorted(wanted))}"
