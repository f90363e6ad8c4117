"""Record models of Keras 2 with layers that Keras 3 left out or keeps otherwise: the files here.

    python tests/keras/older_layers/record.py [NAME...]

Needs tf_keras, on TensorFlow. Each case is saved as NAME.h5, its inputs and outputs as NAME.npz.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import numpy as np

HERE = Path(__file__).parent
BATCH = 3

Case = Callable[[Any], Any]
CASES: dict[str, Case] = {}


def case(build: Case) -> Case:
    """Register a function from `tf_keras` to a model."""
    CASES[build.__name__] = build
    return build


def _local(k: Any, shape: tuple[int, ...], **options: Any) -> Any:
    layer = k.layers.LocallyConnected1D if len(shape) == 2 else k.layers.LocallyConnected2D
    return k.Sequential([k.Input(shape), layer(**options)])


@case
def local_1d(k: Any) -> Any:
    return _local(k, (9, 2), filters=3, kernel_size=4, strides=2, activation="tanh")


@case
def local_1d_first(k: Any) -> Any:
    return _local(k, (2, 9), filters=3, kernel_size=4, data_format="channels_first")


@case
def local_1d_dense_same(k: Any) -> Any:
    return _local(k, (7, 2), filters=3, kernel_size=4, strides=2, padding="same", implementation=2)


@case
def local_1d_dense_first(k: Any) -> Any:
    options = {"padding": "same", "data_format": "channels_first"}
    return _local(k, (3, 6), filters=2, kernel_size=2, implementation=2, **options)


@case
def local_1d_sparse(k: Any) -> Any:
    return _local(k, (7, 3), filters=2, kernel_size=3, strides=2, padding="same", implementation=3)


@case
def local_2d(k: Any) -> Any:
    return _local(k, (5, 6, 2), filters=3, kernel_size=(2, 3), strides=(1, 2), activation="relu")


@case
def local_2d_first(k: Any) -> Any:
    options = {"data_format": "channels_first", "activation": "softmax"}
    return _local(k, (2, 5, 6), filters=3, kernel_size=(2, 3), strides=(1, 2), **options)


@case
def local_2d_dense(k: Any) -> Any:
    return _local(k, (5, 4, 2), filters=2, kernel_size=(2, 3), strides=(2, 1), padding="same", implementation=2)


@case
def local_2d_dense_first(k: Any) -> Any:
    return _local(k, (2, 4, 5), filters=2, kernel_size=2, data_format="channels_first", implementation=2)


@case
def local_2d_sparse(k: Any) -> Any:
    return _local(k, (5, 4, 2), filters=3, kernel_size=(4, 2), strides=2, padding="same", implementation=3)


@case
def local_2d_sparse_first(k: Any) -> Any:
    options = {"padding": "same", "data_format": "channels_first", "use_bias": False}
    return _local(k, (3, 4, 5), filters=2, kernel_size=3, implementation=3, **options)


@case
def each_step_sequential(k: Any) -> Any:
    layers = [k.layers.Conv2D(3, 2, activation="relu"), k.layers.BatchNormalization(), k.layers.Flatten()]
    cnn = k.Sequential([k.Input((4, 4, 2)), *layers, k.layers.Dense(3)], name="cnn")
    return k.Sequential([k.Input((3, 4, 4, 2)), k.layers.TimeDistributed(cnn), k.layers.LSTM(2)])


@case
def each_step_masked_words(k: Any) -> Any:
    """Sentences of words, 0 for none: a network of attention in two levels begins so."""
    words = k.Input((5,), dtype="int32")
    x = k.layers.Embedding(6, 4, mask_zero=True)(words)
    sentence = k.Model(words, k.layers.Bidirectional(k.layers.GRU(3))(x), name="sentence")
    text = k.Input((4, 5), dtype="int32")
    return k.Model(text, k.layers.LSTM(2)(k.layers.TimeDistributed(sentence)(text)))


@case
def each_step_of_each_step(k: Any) -> Any:
    inner = k.Sequential([k.Input((3, 2)), k.layers.TimeDistributed(k.layers.Dense(2)), k.layers.SimpleRNN(2)])
    middle = k.Sequential([k.Input((2, 3, 2)), k.layers.TimeDistributed(inner), k.layers.Flatten()])
    return k.Sequential([k.Input((4, 2, 3, 2)), k.layers.TimeDistributed(middle)])


def _saved_as_cudnn(path: Path) -> None:
    """Describe the recurrent layers in a file as those of cuDNN, and lay their weights out so, as Keras itself does."""
    legacy: Any = importlib.import_module("tf_keras.src.saving.legacy.hdf5_format")
    h5py: Any = importlib.import_module("h5py")
    with h5py.File(path, "r+") as file:
        text = file.attrs["model_config"]
        text = (text if isinstance(text, str) else text.decode()).replace('"LSTM"', '"CuDNNLSTM"')
        file.attrs["model_config"] = text.replace('"GRU"', '"CuDNNGRU"').encode()
        for layer in file["model_weights"].values():
            names = [n if isinstance(n, str) else n.decode() for n in layer.attrs["weight_names"].tolist()]
            for three in (names[i : i + 3] for i in range(0, len(names), 3) if "lstm" in names[i] or "gru" in names[i]):
                kind = "CuDNNLSTM" if "lstm" in three[0] else "CuDNNGRU"
                fake = type(kind, (), {"get_config": lambda self: {}})()
                made = legacy._convert_rnn_weights(fake, [layer[name][()] for name in three])
                for name, array in zip(three, made, strict=True):
                    del layer[name]
                    layer[name] = array


def _cudnn(k: Any) -> dict[str, Any]:
    """The options without which cuDNN does not compute a layer."""
    return {"recurrent_activation": "sigmoid", "return_sequences": True}


@case
def cudnn_lstm(k: Any) -> Any:
    return k.Sequential([k.Input((5, 3)), k.layers.LSTM(4, **_cudnn(k)), k.layers.Dense(2)])


@case
def cudnn_gru(k: Any) -> Any:
    options = {**_cudnn(k), "reset_after": True, "go_backwards": True}
    return k.Sequential([k.Input((5, 3)), k.layers.GRU(4, **options), k.layers.GRU(2, **_cudnn(k))])


@case
def cudnn_wrapped(k: Any) -> Any:
    x = k.Input((2, 5, 3))
    y = k.layers.TimeDistributed(k.layers.LSTM(4, recurrent_activation="sigmoid"))(x)
    return k.Model(x, k.layers.Bidirectional(k.layers.GRU(3, **_cudnn(k)))(y))


def _resized(k: Any, interpolation: str, **options: Any) -> Any:
    """One larger, one smaller, one of each, by factors that are no whole numbers."""
    x = k.Input((9, 7, 2))
    sizes = ((13, 10), (4, 3), (15, 4))
    resized = [k.layers.Resizing(*size, interpolation=interpolation, **options)(x) for size in sizes]
    return k.Model(x, resized)


@case
def resized_area(k: Any) -> Any:
    return _resized(k, "area")


@case
def resized_gaussian(k: Any) -> Any:
    return _resized(k, "gaussian")


@case
def resized_mitchellcubic(k: Any) -> Any:
    return _resized(k, "mitchellcubic")


@case
def resized_lanczos(k: Any) -> Any:
    x = k.Input((9, 7, 2))
    made = [k.layers.Resizing(*size, interpolation=f"lanczos{n}")(x) for n in (3, 5) for size in ((13, 10), (4, 3))]
    return k.Model(x, made)


@case
def resized_nearest(k: Any) -> Any:
    return _resized(k, "nearest")


@case
def resized_cropped(k: Any) -> Any:
    return _resized(k, "bilinear", crop_to_aspect_ratio=True)


@case
def upsampled_area(k: Any) -> Any:
    x = k.Input((3, 4, 2))
    return k.Model(
        x, [k.layers.UpSampling2D((2, 3), interpolation=n)(x) for n in ("area", "gaussian", "mitchellcubic")]
    )


@case
def augmented(k: Any) -> Any:
    layers = [k.layers.RandomHeight(0.2), k.layers.RandomWidth((0.1, 0.3), interpolation="nearest")]
    return k.Sequential([k.Input((5, 6, 2)), *layers, k.layers.GlobalAveragePooling2D()])


@case
def normalized(k: Any) -> Any:
    x = k.Input((4, 3))
    made = [
        k.layers.Normalization(mean=[1.0, 2.0, 3.0], variance=[4.0, 0.5, 2.0])(x),
        k.layers.Normalization(axis=None, mean=3.0, variance=2.0)(x),
        k.layers.Normalization(mean=1.0, variance=2.0, invert=True)(x),
        k.layers.Normalization(axis=(1, 2))(x),
        k.layers.Normalization(axis=None)(x),
        k.layers.Normalization(axis=1)(x),
    ]
    return k.Model(x, made)


@case
def encoded(k: Any) -> Any:
    x, y = k.Input((4,), dtype="int32"), k.Input((3,))
    made = [
        k.layers.CategoryEncoding(6)(x),
        k.layers.CategoryEncoding(6, output_mode="count")(x),
        k.layers.Discretization(bin_boundaries=[-0.5, 0.0, 0.7])(y),
        k.layers.Discretization(bin_boundaries=[-0.5, 0.0, 0.7], output_mode="multi_hot")(y),
    ]
    return k.Model([x, y], made)


@case
def samples_attend(k: Any) -> Any:
    x, y = k.Input((4,)), k.Input((4,))
    # Features that are all 0 are left out: made of numbers below 0.
    rare = k.layers.Masking()(k.layers.ReLU()(k.layers.Dense(2)(x)))
    hidden = k.layers.Dense(2)(y)
    made = [
        k.layers.Attention(dropout=0.2)([x, y]),
        k.layers.Attention(use_scale=True)([x, k.layers.Dense(3)(x), y], use_causal_mask=True),
        k.layers.Attention(use_scale=True, score_mode="concat")([hidden, rare]),
        k.layers.AdditiveAttention()([rare, hidden], use_causal_mask=True),
        k.layers.AdditiveAttention(use_scale=False)([rare, rare]),
    ]
    return k.Model([x, y], made)


def main() -> None:
    """Record the cases that are named, or all."""
    k: Any = importlib.import_module("tf_keras")

    for name in sys.argv[1:] or CASES:
        k.utils.set_random_seed(sum(map(ord, name)))
        k.backend.clear_session()
        model = CASES[name](k)
        rng = np.random.default_rng(0)
        # Statistics must stay positive, and counts are as they are.
        drawn: list[Any] = [
            w if w.dtype.kind in "iu" else rng.uniform(0.2, 1, w.shape) if "variance" in v.name else
            rng.normal(0, 0.5, w.shape)
            for v, w in zip(model.weights, model.get_weights(), strict=True)
        ]  # fmt: skip
        model.set_weights(drawn)
        inputs = [_inputs(rng, x) for x in model.inputs]
        made: Any = model(inputs if len(inputs) > 1 else inputs[0], training=False)
        outputs = cast("list[Any]", made if isinstance(made, list) else [made])
        model.save(HERE / f"{name}.h5", include_optimizer=False)
        if name.startswith("cudnn"):
            _saved_as_cudnn(HERE / f"{name}.h5")
        arrays: dict[str, Any] = {f"x{i}": x for i, x in enumerate(inputs)} | {
            f"y{i}": np.asarray(y) for i, y in enumerate(outputs)
        }
        np.savez_compressed(HERE / f"{name}.npz", **arrays)
        print(name, [y.shape for y in outputs], model.count_params())


def _inputs(rng: np.random.Generator, x: Any) -> np.ndarray[Any, Any]:
    shape = (BATCH, *x.shape[1:])
    return rng.integers(0, 5, shape, np.int32) if "int" in x.dtype.name else rng.standard_normal(shape, np.float32)


if __name__ == "__main__":
    main()
