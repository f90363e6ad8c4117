"""`NAME_train` against training in Python: the same losses, and the same bits of all weights."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from modelc.errors import ModelcError, SpecError
from modelc.model.c_export import library_of
from modelc.model.model import Model
from tests.c.models import MLP, RESIDUAL, SEVERAL, built, samples
from tests.c.program import ARM, FOR_VALGRIND, Array, Program, compiled, require

DROPOUT = """\
modelc: 1
name: dropout
input: {shape: [20]}
layers:
  - {type: Dense, units: 16, activation: relu, kernel_regularizer: {type: L2, l2: 0.01}}
  - {type: BatchNormalization}
  - {type: Dropout, rate: 0.4}
  - {type: Dense, units: 7}
"""

RATE = 0.0078125
STEPS = 4


def _labels(model: Model, batch: int, seed: int, *, numbers: bool) -> list[Array]:
    draw = np.random.default_rng(seed)
    found: list[Array] = []
    for value in model.graph.outputs:
        classes = draw.integers(0, value.type.dims[-1], batch, np.int32)
        found.append(classes if numbers else np.eye(value.type.dims[-1], dtype=np.float32)[classes])
    return found


def _kept(program: Program) -> dict[str, Array]:
    fields = program.library.state.fields
    data = program.state
    return {f.path: np.frombuffer(data, np.float32, f.array.size, f.offset).reshape(f.array.shape) for f in fields}


def _check(model: Model, folder: Path, *, numbers: bool, batch: int = 6, **how: Any) -> Program:
    """Train in both; `model` is trained afterwards."""
    program = compiled(library_of(model, name="net", train=True), folder, function="train", rate=RATE, **how)
    given = [[*samples(model, batch, i), *_labels(model, batch, i, numbers=numbers)] for i in range(STEPS)]
    inputs = len(model.graph.inputs)
    for found, arrays in zip(program.run(*given), given, strict=True):
        model.optimizer.learning_rate = RATE
        expected = model.train_on_batch(arrays[:inputs], arrays[inputs:])
        assert float(found[0][()]) == (expected[0] if isinstance(expected, list) else expected)
    assert int.from_bytes(program.state[:8], "little") == STEPS
    arrays, _ = model.training_state()
    kept = _kept(program)
    assert kept
    assert all(np.array_equal(array, arrays[path]) for path, array in kept.items())
    assert set(kept) >= {weight.path for weight in model.trainable_weights}
    return program


@pytest.mark.slow
def test_a_step_with_dropout_statistics_and_penalties(tmp_path: Path) -> None:
    model = built(DROPOUT)
    model.compile("adam", "mse", seed=3)
    _check(model, tmp_path, numbers=False)


def test_labels_as_numbers_and_predictions_after_it(tmp_path: Path) -> None:
    model = built(MLP)
    model.compile({"type": "SGD", "momentum": 0.9}, "sparse_categorical_crossentropy")
    program = _check(model, tmp_path, numbers=True)
    # `NAME_run` reads the weights of the state.
    source = (tmp_path / "main.c").read_text()
    x = samples(model, 2)[0]
    (tmp_path / "x.bin").write_bytes(x.tobytes())
    more = """
    {
        size_t size;
        float *x = (float *)(void *)in_file("x.bin", &size), y[2 * NET_Y_SIZE];
        void *room = malloc(NET_ARENA_BYTES(2));
        if (net_run(x, y, 2, state, room) != NET_OK) return 96;
        free(room);
        if (fwrite(y, sizeof(float), 2 * NET_Y_SIZE, stdout) != 2 * NET_Y_SIZE) return 97;
    }
    """
    (tmp_path / "main.c").write_text(source.replace("free(arena);", more + "free(arena);"))
    command = ["gcc", "-std=c99", "main.c", "libnet.a", "-o", "program"]
    subprocess.run(command, cwd=tmp_path, check=True, timeout=120)
    told = subprocess.run(program.command(6), cwd=tmp_path, check=True, timeout=120, capture_output=True).stdout
    found = np.frombuffer(told, np.float32).reshape(2, -1)
    np.testing.assert_allclose(found, model.run_batch([x])[0], rtol=1e-5, atol=1e-6)


@pytest.mark.slow
def test_going_on_from_a_model_that_was_trained(tmp_path: Path) -> None:
    model = built(MLP)
    model.compile("adam", "mse")
    model.train_on_batch(samples(model, 6, 9), _labels(model, 6, 9, numbers=False))
    made = library_of(model, name="net", train=True)
    state = made.library.state
    assert state.steps == 1
    arrays, _ = model.training_state()
    assert all(np.array_equal(field.array, arrays[field.path]) for field in state.fields)


@pytest.mark.slow
def test_a_residual_network(tmp_path: Path) -> None:
    model = built(RESIDUAL)
    model.compile("adam", "categorical_crossentropy")
    _check(model, tmp_path, numbers=False, static=False)


@pytest.mark.slow
def test_several_outputs(tmp_path: Path) -> None:
    model = built(SEVERAL)
    model.compile("sgd", ["mse", "categorical_crossentropy"], loss_weights=[0.5, 2.0])
    _check(model, tmp_path, numbers=False)


@pytest.mark.slow
def test_on_arm(tmp_path: Path) -> None:
    model = built(DROPOUT)
    model.compile("adam", "mse")
    made = library_of(model, name="net", train=True, target="aarch64")
    program = compiled(made, tmp_path, ARM, function="train", rate=RATE)
    given = [[*samples(model, 6, i), *_labels(model, 6, i, numbers=False)] for i in range(STEPS)]
    for found, (x, y) in zip(program.run(*given), given, strict=True):
        model.optimizer.learning_rate = RATE
        np.testing.assert_allclose(found[0], model.train_on_batch(x, y), rtol=1e-4)


@pytest.mark.slow
def test_valgrind_has_nothing_to_say(tmp_path: Path) -> None:
    require("valgrind")
    model = built(DROPOUT)
    model.compile("adam", "mse")
    made = library_of(model, name="net", train=True, target=FOR_VALGRIND)
    program = compiled(made, tmp_path, function="train", rate=RATE)
    program.give(*([*samples(model, 3, i), *_labels(model, 3, i, numbers=False)] for i in range(2)))
    command = ["valgrind", "-q", "--error-exitcode=99", *program.command(3)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("optimizer", "loss", "message"),
    [
        ({"type": "SGD", "gradient_accumulation_steps": 2}, "mse", "`gradient_accumulation_steps` updates in some"),
        ("sgd", "crossentropy", "which crossentropy is meant depends on the labels"),
    ],
)
def test_what_cannot_be_said(optimizer: Any, loss: str, message: str) -> None:
    model = built(MLP)
    model.compile(optimizer, loss)
    with pytest.raises(SpecError, match=message):
        library_of(model, name="net", train=True)


def test_a_model_that_is_not_compiled() -> None:
    with pytest.raises(ModelcError, match="compile"):
        library_of(built(MLP), name="net", train=True)
