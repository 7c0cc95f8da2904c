"""The lines of the table of speed, printed as they come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bench.load import Measure
from bench.search.engines import OURS

NAME, CELL, RATIO = 30, 16, 13


@dataclass(frozen=True)
class Table:
    """The lines of one size; a column for each engine, and one for each rival with our ratio."""

    size: int
    engines: Sequence[str]

    @property
    def rivals(self) -> list[str]:
        """Return the engines that are not ours."""
        return [name for name in self.engines if name != OURS]

    def head(self) -> None:
        """Print what the columns are."""
        cells = "".join(f"{name:>{CELL}}" for name in self.engines)
        ratios = "".join(f"{'÷ ' + name:>{RATIO}}" for name in self.rivals)
        print(f"\n{'documents':>9}  {'':<{NAME}}{cells}{ratios}", flush=True)

    def times(self, name: str, found: Mapping[str, Measure]) -> None:
        """Print p50 and p95 in ms of each engine, and ours as so many times a rival's p50."""
        middles = {engine: one.percentile_ms(50) for engine, one in found.items()}
        cells = {
            engine: f"{figure(middles[engine])} {figure(one.percentile_ms(95)):>7}"
            for engine, one in found.items()
        }
        self._line(name, cells, middles)

    def values(self, name: str, values: Mapping[str, float]) -> None:
        """Print a figure of each engine, and ours as so many times a rival's."""
        self._line(name, {engine: figure(value) for engine, value in values.items()}, values)

    def _line(self, name: str, cells: Mapping[str, str], values: Mapping[str, float]) -> None:
        ratios = [
            f"{values[OURS] / values[one]:.2f}" if values.get(one) else "–" for one in self.rivals
        ]
        print(
            f"{self.size:>9,}  {name:<{NAME}}"
            + "".join(f"{cells.get(engine, '–'):>{CELL}}" for engine in self.engines)
            + "".join(f"{ratio:>{RATIO}}" for ratio in ratios),
            flush=True,
        )


def figure(value: float) -> str:
    """Write a number with about three figures that count."""
    return f"{value:.3f}" if value < 1 else f"{value:.2f}" if value < 100 else f"{value:,.0f}"
