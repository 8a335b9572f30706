"""What a benchmark hands back, and the clock that it uses."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Figure:
    """One thing measured: `value` and `floor` in `unit`, their ratio, and what is wanted of them.

    `size` says how much was measured. `met` is None where nothing is wanted.
    """

    name: str
    size: str
    value: float
    floor: float
    unit: str
    against: str
    ratio: float
    wanted: str = ""
    met: bool | None = None

    def at_least(self, ratio: float) -> Figure:
        """Return the figure with the ratio wanted."""
        return replace(self, wanted=f">= {ratio:g}x", met=self.ratio >= ratio)

    def at_most(self, ratio: float) -> Figure:
        """Return the figure with the ratio wanted."""
        return replace(self, wanted=f"<= {ratio:g}x", met=self.ratio <= ratio)

    def value_at_most(self, value: float) -> Figure:
        """Return the figure with the value wanted."""
        return replace(self, wanted=f"<= {value:g} {self.unit}", met=self.value <= value)


def seconds(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Return the median time of a piece of work."""
    return in_turn([work], rounds)[0]


def in_turn(works: Sequence[Callable[[], object]], rounds: int = 2 * ROUNDS) -> list[float]:
    """Return the median time of each piece of work; they take turns, so that what else runs here hits all of them."""
    times: list[list[float]] = [[] for _ in works]
    for _ in range(rounds):
        for work, took in zip(works, times, strict=True):
            began = time.perf_counter()
            work()
            took.append(time.perf_counter() - began)
    return [statistics.median(took) for took in times]


def figure(name: str, value: float, floor: float, unit: str, against: str, *, size: str = "") -> Figure:
    """Return a figure with its ratio to the floor.

    Args:
        name: what was measured.
        value: what came out.
        floor: the same for the least that could do it, measured in the same run.
        unit: of both.
        against: what the floor is.
        size: how much was measured.
    """
    return Figure(name, size, round(value, 4), round(floor, 4), unit, against, round(value / floor, 3))
