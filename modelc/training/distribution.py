"""`Distribution`: what `fit(distribute=…)` takes: a way to share training out to processes."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from modelc.data.batches import Data
from modelc.training.bucket_sums import Summing
from modelc.training.exchange import Exchange

if TYPE_CHECKING:
    from modelc.training.trainer import Trainer

MICRO_BATCHES = 8
"""Into how many parts batches are split where training is shared out, unless said: the number must not depend on that
of the processes, since the bytes of the weights depend on it."""
BUCKET_BYTES = 1 << 21
TIMEOUT = 600.0


class SharedRun(NamedTuple):
    """What is to be done: a run of `fit` but for its callbacks."""

    trainer: Trainer
    """How the model is trained, with the model."""
    data: Data
    held_out: Data | None
    """What it is validated on."""
    summing: Summing
    epochs: range
    validation_freq: Any


class Distribution(Protocol):
    """A way to share training out."""

    @property
    def rank(self) -> int:
        """The number of this process: that of rank 0 prints, writes files and calls callbacks."""
        ...

    def joined(self, shared: SharedRun) -> AbstractContextManager[Exchange]:
        """The processes that do the work together, until the end of it."""
        ...
