"""A model or a batch that cannot fit is refused before anything is allocated."""

from __future__ import annotations

import numpy as np
import pytest

import modelc
from modelc.runtime import resources

SPEC = {
    "modelc": 1,
    "input": {"shape": [64]},
    "layers": [{"type": "Dense", "units": 64}, {"type": "Dense", "units": 2}],
}


@pytest.fixture
def small_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resources, "physical_memory", lambda: 20_000)


@pytest.mark.usefixtures("small_machine")
def test_weights_larger_than_the_machine() -> None:
    with pytest.raises(modelc.ResourceError, match="the weights of `sequential` need") as caught:
        modelc.load_spec({**SPEC, "layers": [{"type": "Dense", "units": 128}]}).build()
    assert "this machine has 19.53 KB" in str(caught.value)


def test_a_batch_larger_than_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    model = modelc.load_spec(SPEC).build()
    x = np.ones((1000, 64), np.float32)
    want = model(x)
    monkeypatch.setattr(resources, "physical_memory", lambda: 20_000)
    with pytest.raises(modelc.ResourceError, match="a batch of 1000 needs 257"):
        model(x)
    np.testing.assert_allclose(model.predict(x, batch_size=8), want, rtol=1e-5, atol=1e-6)


def test_the_memory_of_this_machine_is_known() -> None:
    found = resources.physical_memory()
    assert found is None or found > 2**20
