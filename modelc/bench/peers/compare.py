"""A model and other runtimes in turns: `Comparison`."""

from __future__ import annotations

import os
import statistics
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelc.bench.latency import Latency, Stopwatch
from modelc.bench.peers.layouts import TOLERANCE, difference, forms
from modelc.bench.peers.process import PeerProcess
from modelc.errors import InputError

Array = NDArray[Any]

_ROUNDS = 5
"""Turns of each: one after the other, so that a busy machine does the same to all."""


@dataclass(frozen=True)
class Comparison:
    """Another runtime with the same model, timed in turns with it."""

    peer: str
    version: str
    file: str
    latency: Latency
    """The median of its rounds."""
    ours: Latency
    """That of the model in the same rounds."""
    ratios: tuple[float, ...]
    """How many times as long as the model its median call takes, in each round."""
    difference: float
    """The largest difference of outputs, as a share of the largest one."""
    peak_memory: int | None
    """The bytes of its process at the most."""

    @property
    def ratio(self) -> float:
        """How many times as long as the model it takes: the median of the rounds."""
        return statistics.median(self.ratios)

    def to_dict(self) -> dict[str, Any]:
        """The documented JSON form."""
        return {
            "peer": self.peer, "version": self.version, "file": self.file, "latency": self.latency.to_dict(),
            "ours": self.ours.to_dict(), "ratio": self.ratio, "ratios": list(self.ratios),
            "difference": self.difference, "peak_memory": self.peak_memory,
        }  # fmt: skip


def compare(
    files: Mapping[str, str | os.PathLike[str]],
    call: Callable[[], Any],
    names: Sequence[str],
    inputs: Sequence[Array],
    outputs: Sequence[Array],
    threads: int,
    seconds: float,
) -> tuple[Comparison, ...]:
    """Time `call`, which computes `outputs` from `inputs`, in turns with each runtime on its file.

    Raises `InputError` where a runtime cannot load or run its file, or computes something else.
    """
    if not files:
        return ()
    with ExitStack() as stack:
        peers = [stack.enter_context(PeerProcess(name, file, threads)) for name, file in files.items()]
        apart = [_checked(peer, names, inputs, outputs) for peer in peers]
        turn = seconds / _ROUNDS
        rounds = [(_timed(call, turn), [peer.timed(turn) for peer in peers]) for _ in range(_ROUNDS)]
        ours = _whole([one for one, _ in rounds])
        return tuple(
            Comparison(
                peer.name, peer.version, peer.file, _whole([others[i] for _, others in rounds]), ours,
                tuple(others[i].p50 / one.p50 for one, others in rounds), apart[i], peer.peak_memory(),
            )
            for i, peer in enumerate(peers)
        )  # fmt: skip


def _checked(peer: PeerProcess, names: Sequence[str], inputs: Sequence[Array], outputs: Sequence[Array]) -> float:
    """How far the outputs of a peer are from the model's. Raises `InputError` where they are others."""
    with _about(peer.file):
        ways = list(forms(peer.inputs, names, inputs))
    apart: list[float] = []
    for given in ways:
        found = peer.outputs(given)
        with _about(peer.file):
            apart.append(difference(outputs, found))
        if apart[-1] <= TOLERANCE:
            return apart[-1]
    raise InputError(
        f"{peer.name} computes something else from {peer.file}: its outputs differ by up to {min(apart):.1e} of the "
        "largest one",
        "the file has to be of the same model with the same weights: compare an artifact, or a spec with `weights`",
    )


@contextmanager
def _about(file: str) -> Generator[None]:
    """Say of errors inside which file they are about."""
    try:
        yield
    except InputError as error:
        raise error.about(file) from None


def _timed(call: Callable[[], Any], seconds: float) -> Latency:
    watch = Stopwatch()
    watch.run(call, seconds)
    return watch.latency


def _whole(rounds: Sequence[Latency]) -> Latency:
    """The rounds as one: of percentiles the medians."""
    calls = sum(one.calls for one in rounds)
    middle = {name: float(np.median([getattr(one, name) for one in rounds])) for name in ("p50", "p90", "p99")}
    return Latency(calls, min(one.min for one in rounds), sum(one.mean * one.calls for one in rounds) / calls, **middle)
