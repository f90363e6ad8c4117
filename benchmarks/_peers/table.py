"""Rows of a Markdown table, padded so that they line up on a terminal too."""

from __future__ import annotations

from collections.abc import Sequence

from _peers.rounds import Row
from _peers.sides import Side
from _peers.starts import Starts

_FIRST, _WIDTH = 17, 14


def row(cells: Sequence[str]) -> str:
    first, *others = cells
    return f"| {first:{_FIRST}} | " + " | ".join(f"{cell:>{_WIDTH}}" for cell in others) + " |"


def head(cells: Sequence[str]) -> str:
    return f"{row(cells)}\n|{'-' * (_FIRST + 2)}|" + "|".join(["-" * (_WIDTH + 1) + ":"] * (len(cells) - 1)) + "|"


TURNS = ("best / modelc", "of the least", "of FMA peak")
"""Columns after those of the engines."""


def of_turns(name: str, measured: Row, engines: Sequence[str], scaling: bool) -> str:
    """modelc and the peers in milliseconds, the ratio to the best of them, of the least times, and the share."""
    sides = {side.engine: side for side in (measured.ours, *measured.peers)}
    cells = [milliseconds(sides[engine]) if engine in sides else "–" for engine in engines]
    ratios = (measured.ratios, measured.least)
    best = [f"{min(ratio.values()):.2f}" if ratio else "–" for ratio in ratios]
    last = [f"{measured.scaling:.2f}"] if scaling else []
    return row([name, *cells, *best, f"{measured.peak_share:.0%}", *last])


def milliseconds(side: Side) -> str:
    form = f" {side.form}" if side.has_forms else ""
    return f"{digits(1e3 * sorted(side.times)[len(side.times) // 2])}{form}"


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
