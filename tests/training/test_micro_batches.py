"""Batches in parts: the same gradients, and the same bytes whoever computes which part."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pytest

from modelc import Input, Sequential, load_spec
from modelc.data.batches import Options, open_data
from modelc.errors import InputError, NotFiniteError
from modelc.layers import Dense
from modelc.native.engine.plan import Stages
from modelc.native.engine.program import NativeProgram
from modelc.training.bucket_sums import Summing
from modelc.training.step_graph import ONCE, SAMPLES, STEP
from tests.training.threads import ThreadExchange, together

RNG = np.random.default_rng(0)
X = RNG.normal(size=(44, 6)).astype(np.float32)
CLASSES = RNG.integers(0, 3, 44).astype(np.int32)
WEIGHTS = RNG.uniform(0.1, 3, 44).astype(np.float32)
IMAGES = RNG.normal(size=(22, 6, 6, 2)).astype(np.float32)
WORDS = RNG.integers(0, 9, (30, 5)).astype(np.int32) * (RNG.random((30, 5)) < 0.7)
TAGS = RNG.integers(0, 4, (30, 5)).astype(np.int32)

SGD = {"type": "SGD", "learning_rate": 0.1}
DENSE = (
    {"type": "Dense", "units": 8, "activation": "tanh", "kernel_regularizer": {"type": "L2", "l2": 0.1},
     "activity_regularizer": {"type": "L1", "l1": 0.1}},
    {"type": "Dense", "units": 3, "activation": "softmax", "kernel_constraint": "UnitNorm"},
)  # fmt: skip
MASKED = (
    {"type": "Embedding", "input_dim": 9, "output_dim": 4, "mask_zero": True},
    {"type": "LSTM", "units": 5, "return_sequences": True},
    {"type": "Dense", "units": 4, "activation": "softmax"},
)
NORMED = (
    {"type": "Conv2D", "filters": 4, "kernel_size": 3},
    {"type": "BatchNormalization", "momentum": 0.75},
    {"type": "Dropout", "rate": 0.5},
    {"type": "Flatten"},
    {"type": "Dense", "units": 3, "activation": "softmax"},
)


class Case(NamedTuple):
    """A model, what it is trained for, and on what."""

    layers: Sequence[Any]
    x: Any
    y: Any
    loss: Any = "sparse_categorical_crossentropy"
    weights: Any = None
    optimizer: Any = SGD
    dtype: str = "float32"

    def model(self, backend: Any = "native") -> Any:
        """The model, as it begins."""
        given = {"shape": list(self.x.shape[1:]), "dtype": self.dtype}
        model = load_spec({"modelc": 1, "input": given, "layers": list(self.layers)}).build(seed=1, backend=backend)
        model.compile(self.optimizer, self.loss, metrics=["accuracy"], weighted_metrics=["accuracy"], seed=5)
        return model

    def fit(self, micro_batches: int | None, backend: str = "native", **options: Any) -> Any:
        """The model after two epochs of batches of 16, of which the last one is smaller."""
        model = self.model(backend)
        model.fit(
            self.x, self.y, 16, 2, sample_weight=self.weights, micro_batches=micro_batches, verbose=0, **options
        )  # fmt: skip
        return model


SYNCHRONIZED = {"type": "BatchNormalization", "momentum": 0.75, "synchronized": True}
"""Sees the whole batch."""
SEEING_ALL = (
    {"type": "Conv2D", "filters": 4, "kernel_size": 3},
    SYNCHRONIZED | {"axis": [2, 3]},
    {"type": "Conv2D", "filters": 3, "kernel_size": 2, "activation": "relu", "name": "conv"},
    SYNCHRONIZED | {"renorm": True},
    {"type": "Flatten"},
    {"type": "Dense", "units": 3, "activation": "softmax"},
)
SEEING_ALL_MASKED = (
    {"type": "Embedding", "input_dim": 9, "output_dim": 4, "mask_zero": True},
    SYNCHRONIZED,
    {"type": "LSTM", "units": 5, "return_sequences": True},
    SYNCHRONIZED,
    {"type": "Dense", "units": 4, "activation": "softmax"},
)
EACH_STEP = (
    {"type": "TimeDistributed", "layer": SYNCHRONIZED, "name": "steps"},
    {
        "type": "TimeDistributed",
        "layer": {
            "type": "Model",
            "name": "inner",
            "spec": {
                "input": {"shape": [6, 2]},
                "layers": [
                    {"type": "TimeDistributed", "layer": SYNCHRONIZED | {"center": False}, "name": "inner_steps"},
                    {"type": "Flatten"},
                    {"type": "Dense", "units": 3, "activation": "tanh"},
                    SYNCHRONIZED,
                ],
            },
        },
    },
    {"type": "LSTM", "units": 4},
    {"type": "Dense", "units": 3, "activation": "softmax"},
)
"""Sees all samples of each step, at the step."""
SUM = {"type": "SparseCategoricalCrossentropy", "reduction": "sum"}
BY_WEIGHT = {"type": "SparseCategoricalCrossentropy", "reduction": "mean_with_sample_weight"}
SPECTRAL = ({"type": "SpectralNormalization", "layer": {"type": "Dense", "units": 8}}, *DENSE[1:])
CASES = {
    "regularized": Case(DENSE, X, CLASSES),
    "weighted": Case(DENSE, X, CLASSES, weights=WEIGHTS),
    "sum": Case(DENSE, X, CLASSES, SUM, WEIGHTS, {"type": "SGD", "learning_rate": 0.01}),
    "by weight": Case(DENSE, X, CLASSES, BY_WEIGHT, WEIGHTS),
    "masked": Case(MASKED, WORDS, TAGS, dtype="int32"),
    "masked, weighted": Case(MASKED, WORDS, TAGS, weights=WEIGHTS[:30], dtype="int32"),
    "masked by weight": Case(MASKED, WORDS, TAGS, BY_WEIGHT, WEIGHTS[:30], dtype="int32"),
    "adds up": Case(DENSE, X, CLASSES, optimizer={"type": "Adam", "gradient_accumulation_steps": 2, "use_ema": True}),
    "clipped": Case(DENSE, X, CLASSES, optimizer={"type": "SGD", "momentum": 0.9, "global_clipnorm": 0.2}),
    "spectral": Case(SPECTRAL, X, CLASSES),
    "normed": Case(NORMED, IMAGES, CLASSES[:22]),
    "seeing all": Case(SEEING_ALL, IMAGES, CLASSES[:22]),
    "seeing all, masked": Case(SEEING_ALL_MASKED, WORDS, TAGS, BY_WEIGHT, WEIGHTS[:30], dtype="int32"),
    "seeing all of each step": Case(EACH_STEP, IMAGES, CLASSES[:22]),
    "seeing the input": Case((SYNCHRONIZED, *DENSE), X, CLASSES, weights=WEIGHTS),
}
WHOLE = [name for name in CASES if name != "normed"]
"""The cases in which no statistics of a part are involved."""


@pytest.mark.parametrize("name", WHOLE)
@pytest.mark.parametrize("micro_batches", [7, pytest.param(2, marks=pytest.mark.slow)])
def test_the_sum_of_the_parts_is_the_whole(name: str, micro_batches: int) -> None:
    case = CASES[name]
    whole, parts = case.fit(None, "reference"), case.fit(micro_batches, "reference")
    for a, b in zip(parts.get_weights(), whole.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, rtol=2e-5, atol=2e-6)
    assert parts.history.history.keys() == whole.history.history.keys()
    for key, values in whole.history.history.items():
        np.testing.assert_allclose(parts.history.history[key], values, rtol=1e-5, err_msg=key)


@pytest.mark.parametrize(
    "name", ["weighted", "masked", "spectral", "seeing all", "seeing all, masked", "seeing all of each step"]
)
def test_kernels_compute_what_the_definitions_say(name: str) -> None:
    native, reference = CASES[name].fit(4), CASES[name].fit(4, "reference")
    for a, b in zip(native.get_weights(), reference.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-5)


def fitted(case: Case, exchange: ThreadExchange, summing: Summing, epochs: int = 2) -> tuple[bytes, dict[str, Any]]:
    """The bytes of the weights and the metrics after training on the parts that a process has."""
    model = case.model()
    trainer = model.trainer
    options = Options(batch_size=16, shuffle=True, seed=trainer.seed)
    data = open_data(case.x, case.y, case.weights, signature=trainer.signature, options=options)
    split = trainer.share(data, exchange, summing)
    logs: dict[str, Any] = {}
    for epoch in range(epochs):
        trainer.reset()
        for share in data.shares(split, epoch):
            logs = trainer.shared_step(share)
    trainer.finalize()
    return b"".join(array.tobytes() for array in model.get_weights()), logs


@pytest.mark.parametrize(
    ("name", "compress"),
    [
        ("masked, weighted", None),
        ("normed", "bfloat16"),
        ("seeing all", None),
        *(pytest.param(*row, marks=pytest.mark.slow) for row in (
            ("adds up", None), ("spectral", None), ("normed", None), ("adds up", "bfloat16"), ("spectral", "bfloat16"),
            ("seeing all, masked", None), ("seeing all", "bfloat16"), ("seeing all of each step", None),
        )),
    ],
)  # fmt: skip
def test_bytes_do_not_depend_on_who_computes(name: str, compress: Any) -> None:
    case, summing = CASES[name], Summing(8, compress)
    alone = case.fit(8, compress=compress)
    expected = b"".join(array.tobytes() for array in alone.get_weights())
    for size in (2, 3) if compress else (1, 2, 8):
        found = together(size, lambda exchange: fitted(case, exchange, summing))
        assert {weights for weights, _ in found} == {expected}, size
        for _, logs in found:
            assert logs == {key: values[-1] for key, values in alone.history.history.items()}


@pytest.mark.parametrize("name", ["masked, weighted", "seeing all"])
def test_a_process_that_computes_nothing_has_the_bytes(name: str) -> None:
    case, summing = CASES[name], Summing(8)
    found = together(3, lambda exchange: fitted(case, exchange, summing, 1), computing=range(1, 3))
    assert len({weights for weights, _ in found}) == 1
    [alone] = together(1, lambda exchange: fitted(case, exchange, summing, 1))
    assert found[0][0] == alone[0]


def test_normalization_sees_the_part_and_statistics_are_averaged() -> None:
    x = RNG.normal(3, 2, size=(10, 4)).astype(np.float32)
    layers = ({"type": "BatchNormalization", "momentum": 0.5}, {"type": "Dense", "units": 1})
    case = Case(layers, x, RNG.normal(size=(10, 1)).astype(np.float32), "mse")
    model = case.model()
    model.fit(x, case.y, 10, 1, micro_batches=4, shuffle=False, verbose=0)
    parts = [x[0:2], x[2:5], x[5:7], x[7:10]]
    mean = sum(part.astype(float).mean(0) * len(part) for part in parts) / 10
    variance = sum(part.astype(float).var(0) * len(part) for part in parts) / 10
    arrays = {variable.path: variable.numpy() for variable in model.weights}
    np.testing.assert_allclose(arrays["batch_normalization/moving_mean"], 0.5 * mean, rtol=1e-5)
    np.testing.assert_allclose(arrays["batch_normalization/moving_variance"], 0.5 + 0.5 * variance, rtol=1e-5)


def test_a_frozen_normalization_asks_for_no_sums() -> None:
    layers = ({"type": "Dense", "units": 4}, SYNCHRONIZED | {"trainable": False}, *DENSE[1:])
    model = Case(layers, X, CLASSES).model()
    [batch] = open_data(X, CLASSES, signature=model.trainer.signature, options=Options(batch_size=64)).batches()
    given = model.trainer.batch(batch)
    assert model.trainer.engine.parts(given, given.size, updating=True, varying=False).step.cut is None


@pytest.mark.parametrize("backend", ["native", "reference"])
def test_statistics_of_the_whole_batch_where_sizes_are_free(backend: Any) -> None:
    layers = [*SEEING_ALL[:1], SYNCHRONIZED, {"type": "GlobalAveragePooling2D"}, {"type": "Dense", "units": 1}]
    spec = load_spec({"modelc": 1, "input": {"shape": [None, None, 2]}, "layers": layers})
    found: list[Any] = []
    for micro_batches in (None, 3):
        model = spec.build(seed=1, backend=backend)
        model.compile(SGD, "mse")
        for size in (6, 9, 6):
            x = np.random.default_rng(size).normal(1, 2, (8, size, 7, 2)).astype(np.float32)
            model.fit(x, x[:, :1, 0, 0], batch_size=8, micro_batches=micro_batches, verbose=0)
        found.append(model.get_weights())
    for a, b in zip(*found, strict=True):
        np.testing.assert_allclose(b, a, rtol=2e-5, atol=2e-6)


@pytest.mark.parametrize("name", ["normed", "masked, weighted"])
def test_arrays_that_are_told_of_are_whole(name: str) -> None:
    """What is sent while the rest is computed does not change any more, also where there are loops over steps."""
    case = CASES[name]
    model = case.model()
    engine = model.trainer.engine
    signature = model.trainer.signature
    [batch] = open_data(case.x, case.y, case.weights, signature=signature, options=Options(batch_size=64)).batches()
    given = model.trainer.batch(batch)
    programs = engine.parts(given, given.size, updating=True, varying=False)
    numbers = {name: np.ones((), np.float32) for name in (*programs.step.shares, SAMPLES, ONCE)}
    inputs = engine.inputs(programs.step.part, given, {STEP: np.zeros((), np.int32), **numbers})
    expected = programs.sections[0].run(inputs)
    places = range(len(expected) - len(programs.step.gradients) - len(programs.step.assigned), len(expected))
    seen: list[list[bytes]] = []

    def tell(results: list[Any]) -> None:
        seen.append([results[i].tobytes() for i in places])

    assert isinstance(programs.sections[0], NativeProgram)
    stages = Stages([[place] for place in reversed(places)], tell)
    results = programs.sections[0].run_into(inputs, (), stages)
    assert [array.tobytes() for array in results] == [array.tobytes() for array in expected]
    for at, arrays in enumerate(seen[:-1]):
        assert arrays[-1 - at :] == [expected[i].tobytes() for i in places][-1 - at :]
    whole = [expected[i].tobytes() for i in places]
    assert any(arrays != whole for arrays in seen), "some were told of before all were there"


def test_draws_are_those_of_step_and_part() -> None:
    """Masks of parts are not the same, and differ from step to step."""
    layers = ({"type": "Dropout", "rate": 0.5}, {"type": "Dense", "units": 1, "use_bias": False})
    x = np.tile(np.ones((1, 64), np.float32), (4, 1))
    case = Case(layers, x, np.zeros((4, 1), np.float32), {"type": "MeanSquaredError"})
    model = case.model()
    kernel = model.weights[-1]
    kernel.assign(np.ones((64, 1), np.float32))
    updates: list[Any] = []
    before: Any = kernel.numpy().copy()
    for _ in range(2):
        model.fit(x, case.y, 4, 1, micro_batches=4, verbose=0)
        updates.append(kernel.numpy() - before)
        before = kernel.numpy().copy()
    # Σ over the 4 parts of 2·p·mask·2/4: of two values alone if the masks of all parts were one.
    assert len({round(float(one), 4) for one in updates[0].flat}) > 4
    assert not np.array_equal(updates[0] != 0, updates[1] != 0) or not np.allclose(updates[0], updates[1])


def test_free_sizes_count_positions_alone() -> None:
    """Samples of different lengths, padded in each part to its own longest one."""
    spec = load_spec({
        "modelc": 1, "input": {"shape": ["n", 2]},
        "layers": [{"type": "Conv1D", "filters": 3, "kernel_size": 1}, {"type": "Dense", "units": 1}],
    })  # fmt: skip
    x = [RNG.normal(size=(n, 2)).astype(np.float32) for n in (2, 5, 3, 7, 1, 4, 6, 2)]
    y = [RNG.normal(size=(len(one), 1)).astype(np.float32) for one in x]
    found: list[list[Any]] = []
    for parts in (None, 4):
        model = spec.build(seed=1)
        model.compile(SGD, "mse", seed=2)
        history = model.fit(x, y, 8, 3, micro_batches=parts, verbose=0)
        found.append([*model.get_weights(), np.array(history.history["loss"])])
    for a, b in zip(*found, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-6)


def test_layers_may_be_added_after_training_in_parts() -> None:
    """What was learnt of the batches of one run does not outlive it."""
    model = CASES["regularized"].fit(4)
    sequential = Sequential([Input((6,)), Dense(3)])
    sequential.compile(SGD, "mse", metrics=["mae"])
    sequential.fit(X, X[:, :3], verbose=0, micro_batches=2)
    sequential.add(Dense(2))
    sequential.fit(X, X[:, :2], verbose=0, validation_split=0.5)
    assert len(model.evaluate(X, CLASSES, verbose=0)) == 3


def test_generators_and_lists_of_batches() -> None:
    case = CASES["weighted"]
    batches = [(X[i : i + 16], CLASSES[i : i + 16], WEIGHTS[i : i + 16]) for i in range(0, 44, 16)]
    expected = case.fit(4, shuffle=False).get_weights()
    model = case.model()
    model.fit((batch for _ in range(2) for batch in batches), epochs=2, steps_per_epoch=3, micro_batches=4, verbose=0)
    for a, b in zip(model.get_weights(), expected, strict=True):
        assert a.tobytes() == b.tobytes()


def test_a_loss_that_is_not_finite_is_explained_by_who_has_it() -> None:
    bad = X.copy()
    bad[40, 2] = np.nan
    case = CASES["regularized"]._replace(x=bad)

    def run(exchange: ThreadExchange) -> str:
        model = case.model()
        model.trainer.engine.stop_where_not_finite = True
        before = [array.copy() for array in model.get_weights()]
        data = open_data(bad, CLASSES, signature=model.trainer.signature, options=Options(batch_size=44))
        split = model.trainer.share(data, exchange, Summing(4))
        with pytest.raises(NotFiniteError) as caught:
            model.trainer.shared_step(next(iter(data.shares(split))))
        assert all(np.array_equal(a, b) for a, b in zip(before, model.get_weights(), strict=True))
        return caught.value.message

    told = set(together(3, run))
    assert told == {"the loss of step 1 is nan: the data of this step holds values that are not finite"}


def test_mistakes() -> None:
    model = CASES["regularized"].model()
    for given, message in (
        ({"micro_batches": 0}, "`micro_batches` must be at least 1, found 0"),
        ({"micro_batches": 1.5}, "`micro_batches` must be an integer, found the number 1.5"),
        ({"compress": "float16"}, '`compress` is None or "bfloat16", found the text "float16"'),
    ):
        with pytest.raises(InputError) as caught:
            model.fit(X, CLASSES, verbose=0, **given)
        assert caught.value.message == message
    fixed = load_spec({
        "modelc": 1, "input": {"shape": [6], "batch_size": 4}, "layers": [{"type": "Dense", "units": 1}],
    }).build()  # fmt: skip
    fixed.compile(SGD, "mse")
    with pytest.raises(InputError, match="takes batches of 4, which cannot be split into 2 micro-batches"):
        fixed.fit(X, X[:, :1], micro_batches=2, verbose=0)
