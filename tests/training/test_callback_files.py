"""Files of callbacks: never one of another kind, and told before anything is trained."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import modelc
from modelc.errors import OverwriteError

X, Y = np.ones((8, 3), np.float32), np.ones((8, 1), np.float32)


def fit(*callbacks: Any) -> modelc.Model:
    text = "{modelc: 1, input: {shape: [3]}, layers: [{type: Dense, units: 1}]}"
    model = modelc.load_spec(text).build(backend="reference")
    model.compile("sgd", "mse")
    model.fit(X, Y, verbose=0, callbacks=list(callbacks))
    return model


class Steps(modelc.callbacks.Callback):
    def __init__(self) -> None:
        self.count = 0

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        self.count += 1


FOREIGN = {
    "a program": b"#!/bin/sh\necho precious\n",
    "a spec": b"modelc: 1\nlayers: []\n",
    "a text": b"my notes\n",
    "a zip": b"PK\3\4 whatever",
}


@pytest.mark.parametrize("content", FOREIGN.values(), ids=FOREIGN)
@pytest.mark.parametrize("name", ["log.csv", "best.modelc", "best.safetensors"])
def test_a_file_of_another_kind_stays(tmp_path: Path, name: str, content: bytes) -> None:
    path, steps = tmp_path / name, Steps()
    path.write_bytes(content)
    made: Any = {
        ".csv": lambda: modelc.callbacks.CSVLogger(path),
        ".modelc": lambda: modelc.callbacks.ModelCheckpoint(path),
        ".safetensors": lambda: modelc.callbacks.ModelCheckpoint(path, save_weights_only=True),
    }[path.suffix]()
    with pytest.raises(OverwriteError, match="is not overwritten"):
        fit(made, steps)
    assert (path.read_bytes(), steps.count) == (content, 0)


@pytest.mark.parametrize("name", ["log.csv", "best.modelc", "best.safetensors"])
def test_an_older_file_of_the_kind_is_replaced(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    for _ in range(2):
        fit(
            modelc.callbacks.CSVLogger(path)
            if path.suffix == ".csv"
            else modelc.callbacks.ModelCheckpoint(path, save_weights_only=path.suffix == ".safetensors")
        )
        assert path.stat().st_size > 0


def test_a_name_that_is_filled_in_is_looked_at_when_it_is_known(tmp_path: Path) -> None:
    path = tmp_path / "1.modelc"
    path.write_bytes(b"my notes")
    with pytest.raises(OverwriteError):
        fit(modelc.callbacks.ModelCheckpoint(tmp_path / "{epoch}.modelc"))
    assert path.read_bytes() == b"my notes"
