"""What is random in training: one seed gives the same bytes, on any number of threads, in parts, on both backends."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from modelc import load_spec
from modelc.callbacks.simple import LambdaCallback
from modelc.model.model import Model
from modelc.model.symbol import Backend

Array = np.ndarray[Any, Any]

PICTURES = """
modelc: 1
input: {shape: [16, 16, 8]}
layers:
  - {type: GaussianNoise, stddev: 0.1}
  - {type: Conv2D, filters: 32, kernel_size: 3, padding: same, use_bias: false}
  - {type: BatchNormalization}
  - {type: ReLU}
  - {type: SpatialDropout2D, rate: 0.2}
  - {type: DepthwiseConv2D, kernel_size: 3, padding: same}
  - {type: SeparableConv2D, filters: 64, kernel_size: 3, strides: 2, activation: relu}
  - {type: GaussianDropout, rate: 0.1}
  - {type: MaxPooling2D, pool_size: 2}
  - {type: Flatten}
  - {type: Dense, units: 96, activation: selu}
  - {type: AlphaDropout, rate: 0.1}
  - {type: Dropout, rate: 0.5}
  - {type: Dense, units: 10, activation: softmax}
"""
SENTENCES = """
modelc: 1
input: {shape: [12, 16]}
layers:
  - {type: LSTM, units: 64, dropout: 0.2, recurrent_dropout: 0.2, return_sequences: true}
  - {type: Bidirectional, layer: {type: GRU, units: 32, dropout: 0.1, return_sequences: true}}
  - {type: MultiHeadAttention, num_heads: 4, key_dim: 16, dropout: 0.1, inputs: [bidirectional, bidirectional]}
  - {type: GlobalAveragePooling1D}
  - {type: Dense, units: 10, activation: softmax}
"""
SPECS = {"pictures": PICTURES, "sentences": SENTENCES}
STEPS = 5
"""Batches in an epoch."""
BATCH: dict[Backend, int] = {"native": 32, "reference": 8}
"""Samples in each: the reference takes a second for the larger one."""
ADAM: dict[str, Any] = {"type": "Adam", "learning_rate": 0.002}
SGD: dict[str, Any] = {"type": "SGD", "learning_rate": 0.05, "momentum": 0.9}

every_spec = pytest.mark.parametrize("name", SPECS)
every_backend = pytest.mark.parametrize("backend", ["native", pytest.param("reference", marks=pytest.mark.slow)])


def made(name: str, *, seed: int = 0, backend: Backend = "native", optimizer: dict[str, Any] = ADAM) -> Model:
    model = load_spec(SPECS[name]).build(backend=backend)
    model.compile(optimizer, "sparse_categorical_crossentropy", seed=seed)
    return model


def data(model: Model, batch: int | None = None) -> tuple[Array, Array]:
    rng = np.random.default_rng(0)
    samples = STEPS * (batch or BATCH[model.backend])
    x = rng.standard_normal((samples, *model.graph.inputs[0].type.dims), np.float32)
    return x, rng.integers(0, 10, samples, np.int32)


def digest(model: Model) -> str:
    """Of the weights and all that the optimizer keeps."""
    total = hashlib.sha256()
    for path, array in sorted(model.training_state()[0].items()):
        total.update(path.encode() + array.tobytes())
    return total.hexdigest()


def trained(name: str, epochs: int = 1, batch: int | None = None, **options: Any) -> Model:
    model = made(name, **options)
    model.fit(*data(model, batch), batch_size=batch or BATCH[model.backend], epochs=epochs, verbose=0)
    return model


@every_spec
@every_backend
def test_a_seed_fixes_the_bytes(name: str, backend: Backend) -> None:
    first = digest(trained(name, backend=backend))
    assert digest(trained(name, backend=backend)) == first
    assert digest(trained(name, seed=1, backend=backend)) != first


def _on_threads(name: str, threads: int) -> list[str]:
    program = (
        "from modelc.native.engine.threads import team\n"
        "from tests.training.test_randomness import digest, trained\n"
        f"print(team().size, digest(trained({name!r}, epochs=2)))"
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "MODELC_NUM_THREADS": str(threads)}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    return done.stdout.split()


@pytest.mark.slow
@pytest.mark.parametrize("name", ["pictures", "sentences"])
def test_threads_change_nothing(name: str) -> None:
    (one, by_one), (two, by_two), (three, by_three) = (_on_threads(name, threads) for threads in (1, 2, 3))
    assert (one, two, three) == ("1", "2", "3")
    assert by_one == by_two == by_three


@every_spec
@every_backend
def test_a_run_goes_on_in_the_middle_of_an_epoch(name: str, backend: Backend) -> None:
    """Two batches into the second epoch its state is taken, and another model, with other weights, goes on from it."""
    at = (1, 2)
    states: list[Any] = []
    whole = made(name, backend=backend)

    def keep(batch: int, logs: Any) -> None:
        if whole.trainer.engine.batches == at[0] * STEPS + at[1]:
            arrays, numbers = whole.training_state()
            states.append(({path: a.copy() for path, a in arrays.items()}, dict(numbers)))

    batch = BATCH[backend]
    whole.fit(*data(whole), batch_size=batch, epochs=3, verbose=0, callbacks=[LambdaCallback(on_train_batch_end=keep)])
    (state,) = states

    other = load_spec(SPECS[name]).build(seed=5, backend=backend)
    other.compile(ADAM, "sparse_categorical_crossentropy")

    def restore(logs: Any) -> None:
        other.restore_training_state(*state)
        other.resume_from = at

    other.fit(*data(other), batch_size=batch, epochs=3, verbose=0, callbacks=[LambdaCallback(on_train_begin=restore)])
    assert digest(other) == digest(whole)
    assert other.trainer.engine.batches == whole.trainer.engine.batches


@pytest.mark.parametrize("layer", [
    "{type: Dropout, rate: 0.4}", "{type: Dropout, rate: 0.4, noise_shape: [null, 1, 5]}",
    "{type: SpatialDropout1D, rate: 0.4}", "{type: AlphaDropout, rate: 0.4}",
    "{type: Dropout, rate: 0.4, seed: 9}",
])  # fmt: skip
def test_backends_drop_the_same(layer: str) -> None:
    """Not nearly: what is dropped is dropped in both, at every step; so no sample of a batch is trained differently."""
    text = f"""
modelc: 1
input: {{shape: [6, 5]}}
layers:
  - {layer}
  - {{type: Rescaling, scale: 1.0, name: seen}}
  - {{type: Dense, units: 1, name: head, trainable: true}}
outputs: [seen, head]
"""
    masks: dict[str, list[Array]] = {}
    for backend in ("native", "reference"):
        model = load_spec(text).build(backend=backend)
        model.compile("sgd", [None, "mse"], seed=3)
        masks[backend] = [outputs_of_a_step(model) for _ in range(3)]
    for native, reference in zip(masks["native"], masks["reference"], strict=True):
        np.testing.assert_array_equal(native == 1, reference == 1)
        np.testing.assert_array_equal(native == 0, reference == 0)
        np.testing.assert_allclose(native, reference, rtol=1e-6)
    steps = masks["native"]
    assert not np.array_equal(steps[0], steps[1])
    assert not np.array_equal(steps[1], steps[2])


def outputs_of_a_step(model: Model) -> Array:
    """What the first output is in one step of training on ones."""
    from modelc.training.batch import TrainingBatch

    x = np.ones((64, 6, 5), np.float32)
    result = model.trainer.engine.train(TrainingBatch([x], (None, np.zeros((64, 6, 1), np.float32)), (None, None)))
    return result.outputs[0]


@every_spec
def test_backends_agree(name: str) -> None:
    """Five steps, with all that is drawn in them.

    By SGD, whose steps are as large as gradients: Adam's are as large where a gradient is next to nothing, and there
    the rounding of sums, which the backends do in different orders, is what decides. A bias of keys, which shifts all
    scores of a query alike, is nothing but rounding.
    """
    native, reference = (
        trained(name, batch=16, backend=b, optimizer=SGD).get_weights() for b in ("native", "reference")
    )
    for found, expected in zip(native, reference, strict=True):
        assert np.abs(found - expected).max() <= 1e-4 * np.abs(expected).max() + 1e-10


@every_spec
def test_prediction_and_evaluation_are_not_random(name: str) -> None:
    model = made(name)
    x, y = data(model)
    before = digest(model)
    assert model.evaluate(x, y, verbose=0) == model.evaluate(x, y, verbose=0)
    np.testing.assert_array_equal(model.predict(x), model.predict(x))
    assert digest(model) == before
