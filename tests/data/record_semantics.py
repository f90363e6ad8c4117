"""Records `semantics.zip`: files that Keras 2 and Keras 3 saved, and what each of them computed, where they differ.

Run once, with tf_keras 2.21, Keras 3.15.1 and TensorFlow:

    KERAS_BACKEND=tensorflow python tests/data/record_semantics.py

Each model is made by both, with the same weights and inputs; `index.json` says which rules of `modelc.semantics` a file
is about. Keras cannot save what Theano saved, nor leave the activation of gates out: those files are made of others,
by hand, and their outputs are those of the file as it was.
"""

from __future__ import annotations

import json
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import h5py
import keras
import numpy as np
import tf_keras

HERE = Path(__file__).parent
STEPS, FEATURES = 6, 4
Model = Any


def masked(k: Any, count: int, which: str) -> tuple[list[Any], list[Any]]:
    """Inputs (STEPS, FEATURES), and the same with the masks that `which` says: `10` is one on the first of two."""
    inputs = [k.Input((STEPS, FEATURES)) for _ in range(count)]
    return inputs, [k.layers.Masking()(x) if one == "1" else x for x, one in zip(inputs, which, strict=True)]


def shown(k: Any, inputs: Any, y: Any) -> Model:
    """A model of y, and, where y is a sequence, of what a layer makes of it that skips what a mask leaves out."""
    return k.Model(inputs, [y, k.layers.GRU(3)(y)] if len(y.shape) == 3 else y)


def chain(*layers: Callable[[Any], Any], shape: Sequence[int] = (STEPS, FEATURES)) -> Callable[[Any], Model]:
    return lambda k: k.Sequential([k.Input(tuple(shape)), *(layer(k.layers) for layer in layers)])


def merge(kind: str, which: str, **options: Any) -> Callable[[Any], Model]:
    def make(k: Any) -> Model:
        inputs, masks = masked(k, len(which), which)
        return shown(k, inputs, getattr(k.layers, kind)(**options)(masks))

    return make


def under_mask(layer: Callable[[Any], Any]) -> Callable[[Any], Model]:
    def make(k: Any) -> Model:
        (x,), (m,) = masked(k, 1, "1")
        return shown(k, x, layer(k.layers)(m))

    return make


def with_states(layer: Callable[[Any], Any], states: int) -> Callable[[Any], Model]:
    def make(k: Any) -> Model:
        (x,), (m,) = masked(k, 1, "1")
        given = [k.Input((3,)) for _ in range(states)]
        return shown(k, [x, *given], layer(k.layers)(m, initial_state=given))

    return make


def step_masks(layer: Callable[[Any], Any]) -> Callable[[Any], Model]:
    """Sequences of sequences, of which words are masked."""

    def make(k: Any) -> Model:
        words = k.Input((3, 5), dtype="int32")
        y = layer(k.layers)(k.layers.Embedding(7, FEATURES, mask_zero=True)(words))
        return k.Model(words, [y, k.layers.GlobalAveragePooling1D()(y)])

    return make


def words_of_steps(k: Any) -> Model:
    """A layer in TimeDistributed that makes a mask by itself."""
    words = k.Input((3, 5), dtype="int32")
    y = k.layers.TimeDistributed(k.layers.Embedding(7, FEATURES, mask_zero=True))(words)
    return k.Model(words, [y, k.layers.TimeDistributed(k.layers.GRU(3))(y)])


def nested(k: Any) -> Model:
    inputs, masks = masked(k, 2, "10")
    inner = [k.Input((STEPS, FEATURES)) for _ in range(2)]
    return shown(k, inputs, k.Model(inner, k.layers.Add()(inner))(masks))


def resized_integers(k: Any) -> Model:
    images = k.Input((4, 5, 2), dtype="int32")
    return k.Model(images, k.layers.Rescaling(0.5)(k.layers.Resizing(7, 3)(images)))


HARD = {"recurrent_activation": "hard_sigmoid"}
RULES: dict[str, tuple[str, Callable[[Any], Model]]] = {
    "dense": ("hard_sigmoid", chain(lambda n: n.Dense(5, "hard_sigmoid"), lambda n: n.Activation("hard_sigmoid"))),
    "conv": ("hard_sigmoid", chain(lambda n: n.Conv1D(3, 2, activation="hard_sigmoid"))),
    "lstm": ("hard_sigmoid", chain(lambda n: n.LSTM(5, **HARD))),
    "gru": ("hard_sigmoid", chain(lambda n: n.GRU(5, activation="hard_sigmoid", **HARD))),
    "rnn": ("hard_sigmoid", chain(lambda n: n.SimpleRNN(5, activation="hard_sigmoid"))),
    "cells": ("hard_sigmoid", chain(lambda n: n.RNN([n.LSTMCell(3, **HARD), n.GRUCell(2, **HARD)]))),
    "bidirectional": ("hard_sigmoid", chain(lambda n: n.Bidirectional(n.LSTM(3, **HARD)))),
    "distributed": ("hard_sigmoid", chain(lambda n: n.TimeDistributed(n.Dense(3, "hard_sigmoid")))),
    "conv_lstm": ("hard_sigmoid", chain(lambda n: n.ConvLSTM2D(2, 2, **HARD), shape=(3, 4, 5, 2))),
    "add_10": ("merged_mask", merge("Add", "10")),
    "add_11": ("merged_mask", merge("Add", "11")),
    "subtract_01": ("merged_mask", merge("Subtract", "01")),
    "average_110": ("merged_mask", merge("Average", "110")),
    "multiply_11": ("masked_operands", merge("Multiply", "11")),
    "multiply_10": ("masked_operands", merge("Multiply", "10")),
    "maximum_11": ("masked_operands", merge("Maximum", "11")),
    "minimum_01": ("masked_operands", merge("Minimum", "01")),
    "concatenate_10": ("concatenated_mask", merge("Concatenate", "10")),
    "concatenate_11": ("concatenated_mask", merge("Concatenate", "11")),
    "nested": ("merged_mask", nested),
    "steps_words": ("time_distributed_mask", words_of_steps),
    "rescaling": ("passed_mask", under_mask(lambda n: n.Rescaling(2.0, 1.0))),
    "normalization": ("passed_mask", under_mask(lambda n: n.Normalization(mean=0.5, variance=2.0))),
    "identity": ("passed_mask", under_mask(lambda n: n.Identity())),
    "states_lstm": ("states_and_mask", with_states(lambda n: n.LSTM(3, return_sequences=True), 2)),
    "states_gru": ("states_and_mask", with_states(lambda n: n.RNN(n.GRUCell(3), return_sequences=True), 1)),
    "states_both": ("states_and_mask", with_states(lambda n: n.Bidirectional(n.GRU(3, return_sequences=True)), 2)),
    "before_first": (
        "output_before_first", with_states(lambda n: n.LSTM(3, return_sequences=True, go_backwards=True), 2),
    ),
    "before_last": ("output_before_first", with_states(lambda n: n.LSTM(3), 2)),
    "random_crop": ("crop_at_inference", chain(lambda n: n.RandomCrop(4, 3), shape=(7, 8, 2))),
    "resizing_integers": ("integer_images", resized_integers),
    "resizing_cubic": ("cubic_weights", chain(lambda n: n.Resizing(9, 10, "bicubic"), shape=(6, 7, 2))),
    "resizing_cubic_smaller": ("cubic_weights", chain(lambda n: n.Resizing(5, 3, "bicubic"), shape=(37, 8, 1))),
    "up_cubic": ("cubic_weights", chain(lambda n: n.UpSampling2D((3, 7), interpolation="bicubic"), shape=(4, 5, 2))),
    "unchanged_up": ("", under_mask(lambda n: n.UpSampling1D(1))),
    "unchanged_reshape": ("", under_mask(lambda n: n.Reshape((STEPS, FEATURES)))),
    "unchanged_permute": ("", under_mask(lambda n: n.Permute((1, 2)))),
    "unchanged_slice": ("", under_mask(lambda n: lambda x: x[:, :])),
}  # fmt: skip
"""Models that both make, by name, with the rule that they are about; where there is none, both compute the same."""

NOT_ON_TENSORFLOW = ("output_before_first", "integer_images", "cubic_weights")
"""Rules by which Keras 3 differs from itself on JAX, as which modelc computes."""
ONLY_KERAS_2 = {
    "steps_lstm": ("time_distributed_mask", step_masks(lambda n: n.TimeDistributed(n.LSTM(3)))),
    "steps_last": ("time_distributed_mask", step_masks(lambda n: n.TimeDistributed(n.Bidirectional(n.GRU(3))))),
}
"""Models whose masks do not fit what takes them by the rules of Keras 3."""

THEANO: dict[str, Callable[[Any], Model]] = {
    "theano_1d": chain(lambda n: n.Conv1D(3, 3), lambda n: n.Dense(2)),
    "theano_2d": chain(
        lambda n: n.Conv2D(3, (3, 5), padding="same"), lambda n: n.Conv2DTranspose(2, 3), shape=(4, 5, 2)
    ),
    "theano_3d": chain(lambda n: n.Conv3D(2, 2), shape=(3, 4, 3, 2)),
}
"""Models whose kernels alone are others on Theano; tests/keras/theano_files holds what Theano itself computed."""


def inputs_of(model: Model) -> list[Any]:
    rng = np.random.default_rng(0)
    arrays: list[Any] = []
    for given in model.inputs:
        shape = (3, *given.shape[1:])
        if "int" in str(given.dtype):
            words = rng.integers(0, 7, shape, np.int32)
            words[0, 0], words[1, 1, 2:] = 0, 0  # a step of which nothing counts, and one with a rest
            arrays.append(words)
            continue
        x = rng.standard_normal(shape).astype(np.float32)
        if shape[1:] == (STEPS, FEATURES):
            x *= rng.random((*shape[:2], 1)) < 0.6
            x[1, [0, -1]] = x[2] = 0  # nothing at the ends of one, nothing in another
        arrays.append(x)
    return arrays


def run(model: Model) -> tuple[list[Any], list[Any]]:
    rng = np.random.default_rng(1)
    model.set_weights([
        (rng.standard_normal(w.shape) if w.dtype == np.float32 else w).astype(w.dtype) for w in model.get_weights()
    ])  # fmt: skip
    given = inputs_of(model)
    y = model(given if len(given) > 1 else given[0], training=False)
    return given, [np.asarray(one) for one in (y if isinstance(y, list | tuple) else [y])]


class Recorder:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.index: list[dict[str, Any]] = []

    def record(self, name: str, k: Any, rule: str, make: Callable[[Any], Model]) -> Path:
        k.backend.clear_session() if k is tf_keras else k.utils.clear_session()
        model, version = make(k), 2 if k is tf_keras else 3
        given, outputs = run(model)
        name = f"keras{version}_{name}"
        path = self._folder / f"{name}.{'h5' if version == 2 else 'keras'}"
        model.save(path)
        arrays = {f"x{i}": x for i, x in enumerate(given)} | {f"y{i}": y for i, y in enumerate(outputs)}
        np.savez(self._folder / f"{name}.npz", **arrays)
        self.index.append({"file": path.name, "outputs": f"{name}.npz", "rule": rule, "keras": version})
        return path

    def text(self, path: Path) -> None:
        """The model of an .h5 file as text that names no version, with the file for its weights."""
        entry = next(one for one in self.index if one["file"] == path.name)
        with h5py.File(path) as file:
            config = json.loads(file.attrs["model_config"])
        path.with_suffix(".json").write_text(json.dumps(config))
        self.index.append({**entry, "file": path.with_suffix(".json").name, "weights": path.name})


def from_theano(path: Path) -> None:
    """Change a file to what Keras 2.2.4 on Theano would have saved."""
    with h5py.File(path, "r+") as file:
        flipped: list[Any] = []
        file.visititems(
            lambda name, item: (
                flipped.append(item) if isinstance(item, h5py.Dataset) and item.ndim > 2 and "kernel" in name else None
            )
        )
        for kernel in flipped:
            kernel[...] = np.flip(kernel[...], tuple(range(kernel.ndim - 2)))
        _signed(file, "2.2.4", "theano")


def without_gates(path: Path) -> None:
    """Leave the activation of gates out of a file, as if Keras 2.2.4 had written it so."""
    with h5py.File(path, "r+") as file:
        config = json.loads(file.attrs["model_config"])
        for layer in config["config"]["layers"]:
            layer["config"].pop("recurrent_activation", None)
        file.attrs["model_config"] = json.dumps(config)
        _signed(file, "2.2.4", "tensorflow")


def _signed(file: Any, version: str, backend: str) -> None:
    for place in (file, file["model_weights"]):
        place.attrs["keras_version"], place.attrs["backend"] = version, backend


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        recorder = Recorder(Path(folder))
        for name, (rule, make) in RULES.items():
            path = recorder.record(name, tf_keras, rule, make)
            if rule == "hard_sigmoid":
                recorder.text(path)
            if rule not in NOT_ON_TENSORFLOW:
                recorder.record(name, keras, rule, make)
        for name, (rule, make) in ONLY_KERAS_2.items():
            recorder.record(name, tf_keras, rule, make)
        for name, make in THEANO.items():
            from_theano(recorder.record(name, tf_keras, "kernel_order", make))
        recorder.record("straight", keras, "kernel_order", THEANO["theano_2d"])
        without_gates(recorder.record("gates", tf_keras, "gate_default", chain(lambda n: n.LSTM(3, **HARD))))
        recorder.record("gates", keras, "gate_default", chain(lambda n: n.LSTM(3)))
        (Path(folder) / "index.json").write_text(json.dumps(recorder.index, indent=1))
        with zipfile.ZipFile(Path(folder) / "all", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
            for path in sorted(Path(folder).iterdir()):
                if path.name != "all":
                    archive.write(path, path.name)
        shutil.copy(Path(folder) / "all", HERE / "semantics.zip")


if __name__ == "__main__":
    main()
