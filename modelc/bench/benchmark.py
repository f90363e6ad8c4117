"""`Benchmark`: what was measured of a model."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from modelc.bench.text import as_text

if TYPE_CHECKING:
    from modelc.bench.latency import Latency
    from modelc.bench.peers.compare import Comparison
    from modelc.bench.steps import Profile, StepTime
    from modelc.graph.types import Shape


@dataclass(frozen=True)
class InputShape:
    """An input as it was measured."""

    name: str
    shape: Shape
    """With the batch first."""
    dtype: str


@dataclass(frozen=True)
class Benchmark:
    """What was measured of a model: `print` shows it, `to_json` is for programs."""

    model: str
    backend: str
    cpu: str
    """The CPU, as LLVM calls it."""
    threads: int
    batch_size: int
    sizes: Mapping[str, int]
    """Those that the model leaves free, by name."""
    inputs: Sequence[InputShape]
    first_call: float
    """The time of the first call in seconds, before what is measured."""
    latency: Latency
    """The times of calls, from Python to Python."""
    call_memory: int | None
    """Bytes of a call: weights as they are and as kernels read them, inputs, activations and results."""
    peak_memory: int | None
    """Bytes of the process at the most since it began, Python and libraries included. None where it is not known."""
    profile: Profile | None = None
    peers: tuple[Comparison, ...] = ()

    @property
    def throughput(self) -> float:
        """Samples a second."""
        return self.batch_size / self.latency.mean

    def to_text(self, width: int | None = None, sort: str = "time") -> str:
        """As the command prints it, in lines of at most `width` cells where it is given."""
        return as_text(self, width, sort)

    def to_dict(self) -> dict[str, Any]:
        """The documented JSON form; the keys are stable. Times are in seconds, memory is in bytes."""
        plain: dict[str, Any] = {
            "model": self.model,
            "backend": self.backend,
            "cpu": self.cpu,
            "threads": self.threads,
            "batch_size": self.batch_size,
            "sizes": dict(self.sizes),
            "inputs": [{"name": i.name, "shape": list(i.shape), "dtype": i.dtype} for i in self.inputs],
            "first_call": self.first_call,
            "latency": self.latency.to_dict(),
            "throughput": self.throughput,
            "call_memory": self.call_memory,
            "peak_memory": self.peak_memory,
        }
        if self.profile is not None:
            plain["profile"] = _profile(self.profile)
        if self.peers:
            plain["compare"] = [peer.to_dict() for peer in self.peers]
        return plain

    def to_json(self) -> str:
        """`to_dict` as text."""
        return json.dumps(self.to_dict(), indent=2, ensure_ascii=False)

    def __str__(self) -> str:
        return self.to_text()


def _profile(profile: Profile) -> dict[str, Any]:
    return {
        "calls": profile.calls,
        "call": profile.seconds,
        "in_steps": profile.inside_seconds,
        "between_steps": profile.between_seconds,
        "around_steps": profile.around_seconds,
        "untimed_call": profile.untimed_seconds,
        "fma_peak": profile.fma_peak,
        "read_rate": profile.read_rate,
        "steps": [_step(profile, step) for step in profile.steps],
    }


def _step(profile: Profile, step: StepTime) -> dict[str, Any]:
    bound = profile.bound(step)
    plain: dict[str, Any] = {
        "layer": step.layer,
        "op": step.op,
        "kernel": step.kernel,
        "shape": list(step.shape),
        "seconds": step.seconds,
        "share": step.seconds / profile.steps_seconds if profile.steps_seconds else 0.0,
        "turns": step.turns,
        "threads": step.threads,
    }
    if step.work is not None:
        plain |= {"macs": step.work.macs, "bytes": step.work.bytes, "op_seconds": step.op_seconds}
    if bound is not None:
        plain |= {"of_limit": bound[0], "limit": bound[1].lower()}
    return plain
