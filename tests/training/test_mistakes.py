"""What users get wrong with `compile` and `fit`: one clear error of modelc, before any weight has changed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

import modelc
from modelc import Input, InputError, ModelcError, NotBuiltError, Sequential, SpecError, load_spec
from modelc.layers import Dense
from modelc.model.model import Model

X = np.random.default_rng(0).standard_normal((40, 4)).astype(np.float32)
Y = np.arange(40) % 3


def model(**options: Any) -> Sequential:
    made = Sequential([Input((4,)), Dense(8), Dense(3, activation="softmax", name="out")], backend="reference")
    made.compile(**{"optimizer": "sgd", "loss": "sparse_categorical_crossentropy", **options})
    return made


def two_outputs() -> Model:
    layers = [
        {"type": "Dense", "units": 3, "name": "p", "inputs": "a"},
        {"type": "Dense", "units": 1, "name": "q", "inputs": "a"},
    ]
    spec = {"modelc": 1, "inputs": {"a": {"shape": [4]}}, "layers": layers, "outputs": ["p", "q"]}
    return load_spec(spec).build(backend="reference")


COMPILE: list[tuple[dict[str, Any], str]] = [
    ({"loss": None}, "there is no loss"),
    ({"loss": [None]}, "there is no loss"),
    ({"loss": ["mse", "mse"]}, "`loss` has 2 entries for 1 outputs"),
    ({"loss": {"ot": "mse"}}, "unknown output `ot` in `loss`\n.*did you mean `out`"),
    ({"loss": lambda y, p: 0}, "`loss`: expected the name of a loss, .* found a function"),
    ({"loss": "mean_squared"}, "`loss`: unknown loss `mean_squared`"),
    ({"optimizer": "sdg"}, "unknown optimizer `sdg`\n.*did you mean `sgd`"),
    ({"optimizer": object()}, "expected the name of an optimizer, .* found a object"),
    ({"metrics": ["acuracy"]}, "unknown metric `acuracy`\n.*did you mean `accuracy`"),
    ({"metrics": [lambda y, p: 0]}, "expected the name of a metric, .* found a function"),
    ({"metrics": {"ot": ["mae"]}}, "unknown output `ot` in `metrics`\n.*did you mean `out`"),
    ({"weighted_metrics": {"ot": ["mae"]}}, "unknown output `ot` in `weighted_metrics`"),
    ({"loss_weights": ["x"]}, '`loss_weights` are finite numbers, found the text "x"'),
    ({"loss_weights": [True]}, "`loss_weights` are finite numbers, found true"),
    ({"loss_weights": [float("nan")]}, "`loss_weights` are finite numbers, found the number nan"),
    ({"loss_weights": [1, 2]}, "`loss_weights` has 2 entries for 1 outputs"),
    ({"loss_weights": {"ot": 1}}, "unknown output `ot` in `loss_weights`"),
    ({"seed": -1}, "`seed` must be at least 0, found -1"),
    ({"seed": "a"}, '`seed` must be an integer, found the text "a"'),
]


def _id(options: object) -> str:
    """The options as text that is the same in every process."""
    return re.sub(" at 0x[0-9a-f]+", "", str(options))[:60]


@pytest.mark.parametrize(("options", "message"), COMPILE, ids=[_id(options) for options, _ in COMPILE])
def test_compile(options: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError if "seed" in options else SpecError, match=message):
        model(**options)


def test_compile_for_two_outputs() -> None:
    made = two_outputs()
    with pytest.raises(SpecError, match=r"unknown output `z` in `loss`\n.*the outputs are: p, q"):
        made.compile("sgd", {"p": "mse", "z": "mse"})
    with pytest.raises(SpecError, match="unknown metric `x`"):
        made.compile("sgd", "mse", metrics=[["mae"], ["x"]])
    made.compile("sgd", {"p": "mse"}, loss_weights={"p": np.float32(2)}, metrics={"q": "mae"})
    made.compile("sgd", "mse")
    with pytest.raises(InputError, match=r"there are 2 labels \(p, q\), found one"):
        made.fit(X, X, verbose=0)


def batches(count: int, x: Any = X[:8]) -> Iterator[Any]:
    yield from ((x, Y[:8]) for _ in range(count))


FIT: dict[str, tuple[Callable[[], dict[str, Any]], str]] = {
    "no data": (dict, "there is no data\n  help: give `x`"),
    "no labels": (lambda: {"x": X}, "there are no labels\n  help: give `y`"),
    "a file": (lambda: {"x": "d.npz", "y": Y}, r"`x` is the name of a file, d\.npz\n  help: load it first"),
    "ragged lists": (lambda: {"x": [[1, 2], [1]], "y": [0, 1]}, "the input is not an array"),
    "text": (lambda: {"x": np.array([["a"] * 4]), "y": [0]}, "the input holds <U1, expected numbers"),
    "one-hot": (lambda: {"x": X, "y": np.eye(3)[Y]}, r"the labels have the shape \(None, 3\), the predictions"),
    "labels from 1": (lambda: {"x": X, "y": Y + 1}, "the labels hold 3, expected the numbers of 3 classes, 0 to 2"),
    "epochs": (lambda: {"x": X, "y": Y, "epochs": 1.5}, r"`epochs` must be an integer, found the number 1\.5"),
    "negative epochs": (lambda: {"x": X, "y": Y, "epochs": -1}, "`epochs` must be at least 0, found -1"),
    "first epoch": (lambda: {"x": X, "y": Y, "initial_epoch": -1}, "`initial_epoch` must be at least 0, found -1"),
    "batch of 0": (lambda: {"x": X, "y": Y, "batch_size": 0}, "`batch_size` must be at least 1, found 0"),
    "batch of a half": (lambda: {"x": X, "y": Y, "batch_size": 1.5}, "`batch_size` must be an integer"),
    "batch of true": (lambda: {"x": X, "y": Y, "batch_size": True}, "`batch_size` must be an integer, found true"),
    "no steps": (lambda: {"x": X, "y": Y, "steps_per_epoch": 0}, "`steps_per_epoch` must be at least 1"),
    "all for validation": (lambda: {"x": X, "y": Y, "validation_split": 1.0}, "must lie between 0 and 1, found 1.0"),
    "a share in words": (
        lambda: {"x": X, "y": Y, "validation_split": "0.2"}, "must be a fraction between 0 and 1, found the",
    ),
    "a share of a generator": (lambda: {"x": batches(3), "validation_split": 0.2}, "`validation_split` needs arrays"),
    "inputs to validate": (lambda: {"x": X, "y": Y, "validation_data": (X,)}, "found 1 parts"),
    "other inputs to validate": (lambda: {"x": X, "y": Y, "validation_data": (X[:, :2], Y)}, r"shape \(40, 2\)"),
    "never validated": (
        lambda: {"x": X, "y": Y, "validation_data": (X, Y), "validation_freq": 0},
        "`validation_freq` must be at least 1, found 0",
    ),
    "validated at words": (
        lambda: {"x": X, "y": Y, "validation_data": (X, Y), "validation_freq": [1, "b"]},
        '`validation_freq` must be an integer, found the text "b"',
    ),
    "an empty generator": (lambda: {"x": batches(0)}, "the data gives no batches"),
    "a generator for two epochs": (lambda: {"x": batches(3), "epochs": 2}, "it needs `steps_per_epoch`"),
    "a generator and labels": (lambda: {"x": batches(3), "y": Y}, "`y` cannot be given if `x` yields batches"),
    "a generator of others": (lambda: {"x": batches(3, X[:8, :3])}, r"batch 0 of the data: .* shape \(8, 3\)"),
    "a weight of no class": (lambda: {"x": X, "y": Y, "class_weight": {7: 1.0}}, "names the class 7; there are 3"),
    "a class by name": (lambda: {"x": X, "y": Y, "class_weight": {"a": 1.0}}, "maps integers to weights, found 'a'"),
    "a weight in words": (lambda: {"x": X, "y": Y, "class_weight": {0: "x"}}, "expected a finite number"),
    "a list of weights": (lambda: {"x": X, "y": Y, "class_weight": [1, 2]}, "maps classes to weights, found the list"),
    "balanced": (lambda: {"x": X, "y": Y, "class_weight": "balanced"}, "maps classes to weights, found the text"),
    "two kinds of weights": (
        lambda: {"x": X, "y": Y, "sample_weight": np.ones(40), "class_weight": {0: 1.0}}, "cannot be given together",
    ),
    "few weights": (lambda: {"x": X, "y": Y, "sample_weight": np.ones(3)}, "the sample weights: 3"),
    "wide weights": (lambda: {"x": X, "y": Y, "sample_weight": np.ones((40, 5))}, r"their weights \(None, 5\)"),
    "a callback by name": (lambda: {"x": X, "y": Y, "callbacks": ["EarlyStopping"]}, "callbacks, found the text"),
    "a callback's class": (
        lambda: {"x": X, "y": Y, "callbacks": [modelc.callbacks.EarlyStopping]},
        r"found the class EarlyStopping\n  help: write `EarlyStopping\(…\)`",
    ),
    "no callback": (lambda: {"x": X, "y": Y, "callbacks": [object()]}, "expected callbacks, found a object"),
    "loud": (lambda: {"x": X, "y": Y, "verbose": "loud"}, '`verbose` is 0, 1, 2 or "auto", found the text "loud"'),
    "shuffled": (lambda: {"x": X, "y": Y, "shuffle": "yes"}, '`shuffle` is true, false or "batch", found the text'),
}  # fmt: skip


@pytest.mark.parametrize("case", FIT)
def test_fit(case: str) -> None:
    made = model()
    before = made.arrays
    options, message = FIT[case]
    with pytest.raises(ModelcError, match=message):
        made.fit(**{"verbose": 0, **options()})
    assert all(made.arrays[path] is array for path, array in before.items())


def test_evaluating_nothing() -> None:
    with pytest.raises(InputError, match="the data gives no batches"):
        model().evaluate(batches(0), verbose=0)


@pytest.mark.parametrize("metric", ["mae", "Precision"])
def test_a_metric_that_does_not_fit_stops_before_the_first_step(metric: str) -> None:
    made = model(metrics=["accuracy", metric])
    before = made.arrays
    with pytest.raises(InputError, match=f"the metric `{metric}` cannot take labels"):
        made.train_on_batch(X, Y)
    assert all(made.arrays[path] is array for path, array in before.items())


def test_models_that_cannot_be_trained() -> None:
    with pytest.raises(NotBuiltError, match="the model is not compiled"):
        Sequential([Input((4,)), Dense(3)]).fit(X, Y)
    empty = Sequential([])
    empty.compile("sgd", "mse")
    with pytest.raises(NotBuiltError, match="has no layers"):
        empty.fit(X, X, verbose=0)
    deferred = Sequential([Dense(3, name="out")])
    deferred.compile("sgd", {"ot": "mse"})
    with pytest.raises(SpecError, match="unknown output `ot` in `loss`"):
        deferred.fit(X, X[:, :3], verbose=0)


@pytest.mark.parametrize("rate", ["0.1", -1, float("nan"), float("inf"), True])
def test_learning_rates(rate: Any) -> None:
    made = model()
    with pytest.raises(SpecError, match="`learning_rate` is a finite number and at least 0, found "):
        made.optimizer.learning_rate = rate
    assert made.optimizer.learning_rate == pytest.approx(0.01)


def test_what_cannot_be_set_of_an_optimizer_is_not_ignored() -> None:
    optimizer: Any = model().optimizer
    for name in ("lr", "momentum", "iterations"):
        with pytest.raises(AttributeError):
            setattr(optimizer, name, 1)


def test_layers_that_change_after_compile_take_effect() -> None:
    """Of as many layers as before, in the same shapes."""
    made = Sequential([Input((4,)), Dense(4), Dense(4, name="out")], backend="reference")
    made.compile("sgd", "mse")
    for activation in ("linear", "relu", "tanh"):
        made.pop()
        made.add(Dense(4, activation=activation, name="out"))
        expected: Any = np.mean(np.square(made.predict(X) - X))
        made.reset_metrics()
        assert made.test_on_batch(X, X) == pytest.approx(expected, rel=1e-5)
        assert made.train_on_batch(X, X) == pytest.approx(expected, rel=1e-5)
