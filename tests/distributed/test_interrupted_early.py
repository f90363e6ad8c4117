"""A run that is interrupted before it goes on leaves the state that it was to go on with."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from modelc import load_spec
from modelc.callbacks.callback import Callback
from modelc.model.training_run import Choices, train
from modelc.system.interrupts import StoppedByInterrupt
from modelc.training.exchange import Exchange
from modelc.training.interrupted import InterruptedRun

SPEC = """
modelc: 1
input: {shape: [4]}
layers: [{type: Dense, units: 1}]
training: {data: data.npz, loss: mse, epochs: 4, micro_batches: 8}
"""


class _Interrupted:
    """A way to share training out that is interrupted while it begins, as where its threads' kernels are compiled."""

    rank = 0

    @contextmanager
    def joined(self, shared: Any) -> Generator[Exchange]:
        raise StoppedByInterrupt
        yield


class _Interrupts(Callback):
    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        model: Any = self.model
        model.trainer.interrupted = epoch == 1


@pytest.mark.parametrize("resume", [False, True])
def test_the_state_is_the_one_of_before(tmp_path: Path, resume: bool) -> None:
    x = np.random.default_rng(0).normal(size=(64, 4)).astype(np.float32)
    np.savez(tmp_path / "data.npz", x=x, y=x[:, :1])
    (tmp_path / "spec.yaml").write_text(SPEC)
    spec, folder = load_spec(tmp_path / "spec.yaml"), tmp_path / "states"
    if resume:
        with pytest.raises(InterruptedRun):
            train(spec, Choices(checkpoints=folder, verbose=0), [_Interrupts()])
    before = {path: path.read_bytes() for path in folder.rglob("*")}
    assert bool(before) == resume
    with pytest.raises(StoppedByInterrupt):
        train(spec, Choices(checkpoints=folder, resume=resume, verbose=0), distribute=_Interrupted())
    assert {path: path.read_bytes() for path in folder.rglob("*")} == before
