"""Turns of all engines on one model, and what they tell: a row of the table for each number of threads."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from _side_process import SideError

from _peers.sides import Beside, Side, company, fastest_form


@dataclass(frozen=True)
class Row:
    """What was measured of a model with a batch size and a number of threads."""

    ours: Side
    peers: list[Side]
    peak_share: float
    """Of the peak rate of multiply-adds. All of the plain sums count, also where fewer are computed."""
    scaling: float
    """How many times as fast modelc is as with the first number of threads."""

    @property
    def ratios(self) -> dict[str, float]:
        """How many times as long each peer takes: the median of the ratios round by round."""
        return {peer.engine: _ratio(peer.times, self.ours.times) for peer in self.peers}

    @property
    def least(self) -> dict[str, float]:
        """How many times as long each peer takes at least."""
        return {peer.engine: min(peer.least) / min(self.ours.least) for peer in self.peers}


def measure(
    folder: Path,
    engines: Sequence[str],
    *,
    batch: int,
    threads: Sequence[int],
    macs: int,
    peak: Side,
    rounds: int,
    seconds: float,
    own_time: bool,
    beside: Beside | None,
) -> list[Row]:
    """Give every engine with every number of threads a turn in each round. A peer that fails is told of and left out.

    `peak` runs a loop of multiply-adds on one core, and has a turn in each round too.
    """
    sides: list[list[Side]] = []
    for count in threads:
        group: list[Side] = []
        for engine in engines:
            try:
                group.append(fastest_form(engine, folder, batch, count, seconds, own_time))
            except SideError as error:
                if engine == "modelc":
                    raise
                print(f"{folder.name}: {error}", flush=True)
        sides.append(group)
    peak.times.clear()
    everyone = [peak, *(side for group in sides for side in group)]
    with company(beside):
        for number in range(rounds):
            for side in everyone if number % 2 else reversed(everyone):
                side.turn(seconds)
    for side in everyone[1:]:
        side.end()
    rows: list[Row] = []
    for count, (ours, *peers) in zip(threads, sides, strict=True):
        share = 2 * macs * batch / peak.told / count * _ratio(peak.times, ours.times)
        rows.append(Row(ours, peers, share, _ratio(sides[0][0].times, ours.times)))
    return rows


def _ratio(these: list[float], those: list[float]) -> float:
    return statistics.median(a / b for a, b in zip(these, those, strict=True))
