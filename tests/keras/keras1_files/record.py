"""Record models of Keras 1.2.2: the files here.

    pip download --no-deps --no-binary :all: keras==1.2.2 && tar xzf Keras-1.2.2.tar.gz
    python tests/keras/keras1_files/record.py Keras-1.2.2 [NAME...]

Needs TensorFlow 2, as which that Keras runs with the changes of `CHANGES`. Each case is saved as NAME.h5, its inputs
and outputs as NAME.npz.
"""

from __future__ import annotations

import importlib
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).parent
BATCH = 3
CHANGES = {
    "import tensorflow as tf\n": (
        "import tensorflow.compat.v1 as tf\ntf.disable_v2_behavior()\ntf.pack = tf.stack\n"
        "tf.initialize_variables = tf.variables_initializer\n"
    ),
    "control_flow_ops.while_loop": "tf.while_loop",
    "inspect.getargspec": "inspect.getfullargspec",
    "from collections import Iterable": "from collections.abc import Iterable",
}
"""What has another name today."""

Case = Callable[[Any, Any], Any]
CASES: dict[str, Case] = {}


def case(build: Case) -> Case:
    """Register a function from `keras.layers` and `keras.models` to a model."""
    CASES[build.__name__] = build
    return build


@case
def mlp(k: Any, m: Any) -> Any:
    return m.Sequential([
        k.Dense(6, input_dim=5, activation="tanh", W_regularizer="l2", init="he_normal"), k.Dropout(0.3),
        k.BatchNormalization(), k.LeakyReLU(0.2), k.Dense(4, bias=False, W_constraint="maxnorm"), k.PReLU(),
        k.GaussianNoise(0.1), k.Dense(3, activation="softmax"),
    ])  # fmt: skip


@case
def learned_functions(k: Any, m: Any) -> Any:
    return m.Sequential([
        k.Dense(6, input_dim=5), k.SReLU(), k.Dense(4), k.ParametricSoftplus(0.3, 2.0), k.Reshape((2, 2)),
        k.SReLU("one"), k.ParametricSoftplus(), k.Flatten(), k.PReLU(),
    ])  # fmt: skip


@case
def by_sample(k: Any, m: Any) -> Any:
    return m.Sequential([
        k.Dense(6, input_dim=5), k.BatchNormalization(mode=1, epsilon=0.05), k.Reshape((2, 3, 1)),
        k.Convolution2D(4, 2, 2), k.BatchNormalization(mode=1, axis=-1),
        k.TimeDistributed(k.BatchNormalization(mode=1)), k.Flatten(),
    ])  # fmt: skip


@case
def images(k: Any, m: Any) -> Any:
    return m.Sequential([
        k.ZeroPadding2D((1, 2), input_shape=(9, 8, 2)), k.Convolution2D(3, 3, 2, activation="relu", subsample=(2, 1)),
        k.AtrousConvolution2D(4, 2, 2, atrous_rate=(2, 2)), k.MaxPooling2D((2, 2), strides=(1, 1), border_mode="same"),
        k.UpSampling2D((2, 1)), k.Cropping2D(((1, 0), (0, 1))), k.BatchNormalization(), k.ELU(0.7),
        k.AveragePooling2D((2, 2)), k.Flatten(), k.Dense(3),
    ])  # fmt: skip


@case
def by_batch(k: Any, m: Any) -> Any:
    return m.Sequential([
        k.Dense(4, input_dim=5), k.BatchNormalization(mode=2, epsilon=0.01), k.Reshape((2, 2, 1)),
        k.Convolution2D(3, 2, 1), k.BatchNormalization(mode=2),
    ])  # fmt: skip


@case
def images_th(k: Any, m: Any) -> Any:
    th = {"dim_ordering": "th"}
    return m.Sequential([
        k.Convolution2D(3, 3, 2, input_shape=(2, 9, 8), activation="relu", border_mode="same", **th),
        k.MaxPooling2D((2, 2), **th), k.BatchNormalization(axis=1), k.Convolution2D(3, 3, 3, **th), k.Flatten(),
        k.Dense(3),
    ])  # fmt: skip


@case
def separable(k: Any, m: Any) -> Any:
    return m.Sequential([
        k.SeparableConvolution2D(4, 3, 3, depth_multiplier=2, input_shape=(7, 6, 3), border_mode="same"),
        k.GlobalMaxPooling2D(),
    ])  # fmt: skip


@case
def transposed(k: Any, m: Any) -> Any:
    return m.Sequential([
        k.Deconvolution2D(3, 3, 2, output_shape=(None, 10, 8, 3), subsample=(2, 2), input_shape=(5, 4, 2),
                          border_mode="same"),
        k.Convolution2D(2, 1, 1),
    ])  # fmt: skip


@case
def volumes(k: Any, m: Any) -> Any:
    return m.Sequential([
        k.Convolution3D(3, 2, 3, 2, input_shape=(5, 6, 4, 2), activation="relu"), k.MaxPooling3D((2, 2, 1)),
        k.ZeroPadding3D((1, 0, 1)), k.GlobalAveragePooling3D(),
    ])  # fmt: skip


@case
def steps(k: Any, m: Any) -> Any:
    return m.Sequential([
        k.Embedding(8, 4, input_length=12, dropout=0.2), k.Convolution1D(5, 3, activation="relu", subsample_length=2),
        k.MaxPooling1D(2), k.LocallyConnected1D(3, 2), k.UpSampling1D(3), k.ZeroPadding1D(2), k.Cropping1D((1, 2)),
        k.GlobalMaxPooling1D(),
    ])  # fmt: skip


@case
def local_images(k: Any, m: Any) -> Any:
    return m.Sequential([
        k.LocallyConnected2D(3, 2, 3, input_shape=(5, 6, 2), activation="tanh"), k.Flatten(), k.Dense(2)
    ])  # fmt: skip


@case
def recurrent(k: Any, m: Any) -> Any:
    return m.Sequential([
        k.Masking(0.0, input_shape=(5, 3)), k.LSTM(4, return_sequences=True),
        k.GRU(3, return_sequences=True, go_backwards=True), k.SimpleRNN(3),
    ])  # fmt: skip


@case
def recurrent_gpu(k: Any, m: Any) -> Any:
    return m.Sequential([
        k.LSTM(4, return_sequences=True, consume_less="gpu", input_shape=(5, 3)), k.GRU(3, consume_less="gpu")
    ])  # fmt: skip


@case
def wrapped(k: Any, m: Any) -> Any:
    inner = m.Sequential([k.Dense(3, input_dim=4, activation="relu"), k.BatchNormalization()])
    return m.Sequential([
        k.Embedding(7, 4, input_length=6, mask_zero=True), k.Bidirectional(k.LSTM(2, return_sequences=True)),
        k.TimeDistributed(k.Dense(4)), k.TimeDistributedDense(4), k.TimeDistributed(inner),
        k.Bidirectional(k.GRU(2), merge_mode="sum"),
    ])  # fmt: skip


@case
def sums(k: Any, m: Any) -> Any:
    x, y = k.Input((4,)), k.Input((3,))
    a, b, c = k.Dense(5, name="a")(x), k.Dense(5, name="b")(y), k.Dense(5, name="c")(x)
    parts = [k.merge([a, b, c], mode=mode) for mode in ("sum", "mul", "ave", "max", "concat")]
    return m.Model(
        input=[x, y], output=[*parts, k.merge([a, b], "dot", dot_axes=1), k.merge([a, b], "cos", dot_axes=1)]
    )


@case
def dots(k: Any, m: Any) -> Any:
    x, y = k.Input((4, 3)), k.Input((5, 3))
    a = k.merge([x, y], mode="dot", dot_axes=(2, 2))
    return m.Model(input=[x, y], output=[a, k.Permute((2, 1))(k.merge([x, x], mode="concat", concat_axis=1))])


@case
def merges_of_steps(k: Any, m: Any) -> Any:
    x, y = k.Input((4, 3)), k.Input((4, 3))
    made = [k.merge([x, y, x], mode) for mode in ("sum", "mul", "ave", "max")]
    return m.Model(input=[x, y], output=made + [k.merge([x, y], "concat", concat_axis=axis) for axis in (1, 2, -1)])


@case
def products_of_steps(k: Any, m: Any) -> Any:
    x, y = k.Input((4, 3)), k.Input((4, 3))
    a, b = k.Permute((2, 1))(x), k.Permute((2, 1))(y)
    made = [k.merge([a, b], "dot", dot_axes=axes) for axes in (1, 2, -1, (2, 2))]
    made += [k.merge([a, y], "dot", dot_axes=(2, 1))]
    # What Keras 1 calls the cosine of matrices has roots of numbers below 0, unless all are above it.
    above = [k.Activation("sigmoid")(one) for one in (x, y)]
    return m.Model(input=[x, y], output=[*made, *(k.merge(above, "cos", dot_axes=axes) for axes in (1, 2))])


@case
def branches(k: Any, m: Any) -> Any:
    left = m.Sequential([k.Dense(4, input_dim=5), k.BatchNormalization()])
    right = m.Sequential([k.Embedding(6, 3, input_length=4), k.Flatten(), k.Dense(4)])
    both = m.Sequential([k.Merge([left, right], mode="concat"), k.Dense(3, activation="hard_sigmoid")])
    other = m.Sequential([k.Dense(3, input_dim=2)])
    return m.Sequential([k.Merge([both, other], mode="mul"), k.Reshape((3, 1)), k.Flatten(), k.RepeatVector(2)])


@case
def nested(k: Any, m: Any) -> Any:
    x = k.Input((6,))
    frozen = k.BatchNormalization(name="still")
    frozen.trainable = False
    inside = m.Sequential([k.Dense(4, input_dim=6), frozen, k.Dense(4, name="last")], name="inside")
    z = k.Input((4,))
    both = m.Model(z, k.merge([k.Dense(4, name="d")(z), z], mode="sum"), name="both")
    y = both(inside(x))
    return m.Model(input=x, output=k.merge([both(y), k.Dense(4, name="e")(x)], mode="concat"))


@case
def highway(k: Any, m: Any) -> Any:
    return m.Sequential([
        k.Dense(5, input_dim=4), k.Highway(activation="tanh"), k.Dropout(0.2), k.Highway(activation="relu"),
        k.MaxoutDense(3, nb_feature=4), k.Dense(2),
    ])  # fmt: skip


@case
def conv_lstm(k: Any, m: Any) -> Any:
    return m.Sequential([
        k.ConvLSTM2D(2, 3, 3, input_shape=(3, 5, 4, 2), border_mode="same", return_sequences=True),
        k.ConvLSTM2D(3, 2, 2, border_mode="valid"),
    ])  # fmt: skip


def keras_1(folder: str) -> Any:
    """Keras as it is in a folder, changed to run on TensorFlow 2."""
    os.environ["KERAS_BACKEND"], os.environ["TF_CPP_MIN_LOG_LEVEL"] = "tensorflow", "3"
    home = Path(tempfile.mkdtemp())
    os.environ["HOME"] = str(home)
    shutil.copytree(Path(folder) / "keras", home / "keras")
    for path in (home / "keras").rglob("*.py"):
        text = path.read_text()
        for old, new in CHANGES.items():
            text = text.replace(old, new)
        path.write_text(text)
    sys.path.insert(0, str(home))
    return importlib.import_module("keras")


def main() -> None:
    """Record the cases that are named, or all."""
    keras = keras_1(sys.argv[1])
    layers = importlib.import_module("keras.layers")
    models = importlib.import_module("keras.models")
    print(keras.__version__)
    for name in sys.argv[2:] or CASES:
        np.random.seed(sum(map(ord, name)))
        keras.backend.clear_session()
        model = CASES[name](layers, models)
        rng = np.random.default_rng(0)
        model.set_weights([rng.uniform(0.2, 1, w.shape) if "_std" in v.name else rng.normal(0, 0.5, w.shape)
                           for v, w in zip(model.weights, model.get_weights(), strict=True)])  # fmt: skip
        inputs = [_inputs(rng, x) for x in model.inputs]
        made: Any = model.predict(inputs if len(inputs) > 1 else inputs[0])
        outputs: list[Any] = made if isinstance(made, list) else [made]
        model.save(str(HERE / f"{name}.h5"))
        arrays: dict[str, Any] = {f"x{i}": x for i, x in enumerate(inputs)}
        arrays |= {f"y{i}": np.asarray(y) for i, y in enumerate(outputs)}
        np.savez_compressed(HERE / f"{name}.npz", params=model.count_params(), **arrays)
        print(name, [y.shape for y in outputs], model.count_params())


def _inputs(rng: np.random.Generator, x: Any) -> np.ndarray[Any, Any]:
    shape = (BATCH, *x.get_shape().as_list()[1:])
    if "int" in x.dtype.name:
        return rng.integers(0, 5, shape, np.int32)
    x = rng.standard_normal(shape, np.float32)
    if len(shape) == 3:
        x[0, :2] = 0
    return x


if __name__ == "__main__":
    main()
