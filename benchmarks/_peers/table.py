"""Rows of a Markdown table, padded so that they line up on a terminal too."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from _peers.rounds import Row
from _peers.sides import Side
from _peers.starts import Starts

_FIRST, _WIDTH = 15, 13


def row(cells: Sequence[str]) -> str:
    first, *others = cells
    return f"| {first:{_FIRST}} | " + " | ".join(f"{cell:>{_WIDTH}}" for cell in others) + " |"


def head(cells: Sequence[str]) -> str:
    lines = ["-" * (_FIRST + 2), *["-" * (_WIDTH + 1) + ":"] * (len(cells) - 1)]
    return f"{row(cells)}\n|{'|'.join(lines)}|"


AFTER_ENGINES = ("best / modelc", "of the least", "of FMA peak", "× as fast")
"""Columns: the ratio of the best peer's time to modelc's, and of the least times; modelc's multiply-adds relative to
the peak; and how many times as fast it is as with the first number of threads."""


def of_turns(first: Sequence[str], measured: Row, engines: Sequence[str]) -> str:
    """The times of the engines, after cells that say of what, and before those of `AFTER_ENGINES`."""
    sides = {side.engine: side for side in (measured.ours, *measured.peers)}
    cells = [milliseconds(sides[engine]) if engine in sides else "–" for engine in engines]
    best = [f"{min(ratio.values()):.2f}" if ratio else "–" for ratio in (measured.ratios, measured.least)]
    return row([*first, *cells, *best, f"{measured.peak_share:.0%}", f"{measured.scaling:.2f}"])


def milliseconds(side: Side) -> str:
    form = f" {side.form}" if side.has_forms else ""
    return f"{digits(1e3 * median(side.times))}{form}"


def digits(number: float) -> str:
    """Three significant digits."""
    return f"{number:.{max(0, 3 - len(str(int(number))))}f}" if number >= 1 else f"{number:.3g}"


def of_starts(name: str, measured: Sequence[Starts], engines: Sequence[str]) -> str:
    """Milliseconds to the first result, and the most memory, of each engine."""
    by_engine = {starts.engine: starts for starts in measured}
    cells = [f"{by_engine['import numpy'].median_seconds() * 1e3:.0f}"]
    for engine in engines:
        starts = by_engine.get(engine)
        cells.append(f"{starts.median_seconds() * 1e3:.0f}, {max(starts.megabytes):.0f} MB" if starts else "–")
    return row([name, *cells])
