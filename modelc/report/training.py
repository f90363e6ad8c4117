"""The report of a run of training, as text and as JSON: what was trained, in what memory, and that what is frozen did
not change."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any, Protocol

from modelc.callbacks.progress import format_logs
from modelc.text.amounts import format_bytes

_DIGEST_LENGTH = 16
"""The hexadecimal digits of a digest that the text shows."""
_SHOWN = 4
"""Number of unchanged layers shown at each end of a long run of them."""


class ShownMemory(Protocol):
    """The memory that a step of training takes."""

    @property
    def batch_size(self) -> int:
        """The largest batch so far, for which the amounts are."""
        ...

    @property
    def bytes(self) -> int:
        """The memory of a step, in bytes."""
        ...

    @property
    def extra_work(self) -> float:
        """What is computed again to save memory, as a share of what is to be computed."""
        ...


@dataclass(frozen=True, slots=True)
class FrozenLayer:
    """A frozen layer, and the digests of its weights before and after training."""

    name: str
    before: str
    after: str

    @property
    def unchanged(self) -> bool:
        """Whether the weights are the same after training."""
        return self.before == self.after


@dataclass(frozen=True, slots=True)
class TrainingReport:
    """The result of a run of training."""

    model: str
    """The name of the model."""
    params: int
    trainable_params: int
    epochs: int
    """The number of epochs of this run."""
    updates: int
    """The number of updates of the weights, those of earlier runs included."""
    last_epoch: Mapping[str, Any]
    """The losses and metrics of the last epoch."""
    memory: ShownMemory | None
    """None if no training step ran."""
    frozen: tuple[FrozenLayer, ...]

    def to_text(self, artifact: Path, seconds: float) -> str:
        """The report as text, with the file that the model was saved to and the time that the run took."""
        lines = {
            "model": self.model,
            "trained": f"{self.trainable_params} of {self.params} parameters",
            "epochs": f"{self.epochs}, {self.updates} updates in all",
            "last epoch": format_logs(self.last_epoch),
            "memory": _memory(self.memory),
            "time": f"{seconds:.1f} s",
            "artifact": f"{artifact} ({format_bytes(artifact.stat().st_size)})",
        }
        width = max(map(len, lines)) + 2
        return "\n".join([*(f"{name.ljust(width)}{value}" for name, value in lines.items()), *_frozen(self.frozen)])

    def to_json(self, artifact: Path) -> str:
        """The report as one line of JSON, with the file that the model was saved to."""
        return json.dumps({
            "event": "report",
            "model": self.model,
            "params": self.params,
            "trainable_params": self.trainable_params,
            "step_memory": self.memory.bytes if self.memory else None,
            "extra_work": self.memory.extra_work if self.memory else None,
            "updates": self.updates,
            "artifact": str(artifact),
            "frozen": [{"layer": one.name, "before": one.before, "after": one.after} for one in self.frozen],
        })  # fmt: skip


def _memory(memory: ShownMemory | None) -> str:
    if memory is None:
        return "no training step ran"
    extra = f", {memory.extra_work:.1%} of the work recomputed to save memory" if memory.extra_work else ""
    return f"{format_bytes(memory.bytes)} for a step of {memory.batch_size} samples{extra}"


def _frozen(layers: Sequence[FrozenLayer]) -> Iterator[str]:
    if not layers:
        return
    yield "frozen layers, by the digests of their weights before and after:"
    longest = max(len(layer.name) for layer in layers)
    for layer in _folded(layers):
        if isinstance(layer, int):
            yield f"  … {layer} more layers, all unchanged (--json has their digests)"
            continue
        same = "unchanged" if layer.unchanged else f"CHANGED to {layer.after[:_DIGEST_LENGTH]}"
        yield f"  {layer.name.ljust(longest)}  {layer.before[:_DIGEST_LENGTH]}  {same}"


def _folded(layers: Sequence[FrozenLayer]) -> Iterator[FrozenLayer | int]:
    """The layers; the middle of a long run of unchanged ones is replaced by its length."""
    for unchanged, group in groupby(layers, key=lambda layer: layer.unchanged):
        run = list(group)
        if not unchanged or len(run) <= 2 * _SHOWN + 1:
            yield from run
            continue
        yield from run[:_SHOWN]
        yield len(run) - 2 * _SHOWN
        yield from run[-_SHOWN:]
