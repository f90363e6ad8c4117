"""A batch that no memory holds is told by a `ResourceError`, wherever it is given."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import modelc
from modelc.model.symbol import Backend

SAMPLES, FEATURES = 2**31 - 1, 2**20
"""Nine petabytes, of which none is allocated."""
X = np.broadcast_to(np.float32(0), (SAMPLES, FEATURES))
Y = np.broadcast_to(np.float32(0), (SAMPLES, 1))

CALLS: dict[str, Callable[[modelc.Model], Any]] = {
    "predict": lambda m: m.predict(X, SAMPLES),
    "predict with progress": lambda m: m.predict(X, SAMPLES, verbose=1),
    "predict_on_batch": lambda m: m.predict_on_batch(X),
    "call": lambda m: m(X),
    "batches": lambda m: next(m.batches([X], SAMPLES)),
    "fit": lambda m: m.fit(X, Y, SAMPLES, shuffle=False, verbose=0),
    "fit of batches": lambda m: m.fit(iter([(X, Y)]), verbose=0),
    "evaluate": lambda m: m.evaluate(X, Y, SAMPLES, verbose=0),
    "train_on_batch": lambda m: m.train_on_batch(X, Y),
    "test_on_batch": lambda m: m.test_on_batch(X, Y),
}


@pytest.mark.parametrize("backend", ["native", "reference"])
@pytest.mark.parametrize("call", CALLS)
def test_a_batch_larger_than_memory(call: str, backend: Backend) -> None:
    text = f"{{modelc: 1, input: {{shape: [{FEATURES}]}}, layers: [{{type: Dense, units: 1}}]}}"
    model = modelc.load_spec(text).build(backend=backend)
    model.compile("sgd", "mse")
    with pytest.raises(modelc.ResourceError, match="memory") as found:
        CALLS[call](model)
    assert "help: " in str(found.value)
