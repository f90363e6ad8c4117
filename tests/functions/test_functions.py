"""The table of functions against Keras, and what follows from it against the table."""

from __future__ import annotations

import inspect
import math
from typing import Any, get_args

import numpy as np
import pytest

from modelc.errors import ShapeError, SpecError
from modelc.functions.function import UnaryFunction
from modelc.functions.kinds import ActivationName, BinaryKind, UnaryKind
from modelc.functions.table import ACTIVATION_NAMES, ALIASES, BINARY, NAMED, UNARY, gives_probabilities
from modelc.graph.builder import Builder
from modelc.graph.tensor import Tensor
from modelc.graph.types import TensorType
from modelc.layers import ELU, Activation, Operation, ReLU
from modelc.ops.elementwise import Binary, Unary
from tests.live_keras import live_keras

X = np.linspace(-7, 7, 141).astype(np.float32)
NAMES = [name for name in ACTIVATION_NAMES if isinstance(NAMED[ALIASES.get(name, name)], UnaryFunction)]
OPERATIONS = [(name, f) for f in UNARY.values() for name in f.operation_names]


def _keras_default(value: Any) -> float | None:
    """None where Keras has none; its None is no limit."""
    return None if value is inspect.Parameter.empty else math.inf if value is None else float(value)


def test_types_have_the_names_of_the_table() -> None:
    assert set(get_args(UnaryKind)) == set(UNARY)
    assert set(get_args(BinaryKind)) == set(BINARY)
    assert get_args(ActivationName) == ACTIVATION_NAMES


def test_every_name_is_said_once() -> None:
    assert len(ACTIVATION_NAMES) == len(set(ACTIVATION_NAMES))
    operations = [name for f in (*UNARY.values(),) for name in f.operation_names]
    operations += [name for f in BINARY.values() for name in f.operations]
    assert len(operations) == len(set(operations))


def test_activations_are_those_of_keras() -> None:
    keras = live_keras()
    theirs = {name for name in dir(keras.activations) if inspect.isfunction(getattr(keras.activations, name))}
    ours = {f.name for f in NAMED.values() if not isinstance(f, UnaryFunction) or f.of_keras}
    assert {*ours, *ALIASES} == theirs - {"deserialize", "get", "serialize"}
    assert all(keras.activations.get(alias) is keras.activations.get(name) for alias, name in ALIASES.items())


@pytest.mark.parametrize("name", NAMES)
def test_an_activation_is_that_of_keras(name: str) -> None:
    keras = live_keras()
    row = UNARY[ALIASES.get(name, name)]
    if not row.of_keras:
        pytest.skip("Keras 3 does not have it")
    function = keras.activations.get(name)
    theirs = list(inspect.signature(function).parameters.values())[1:]
    if row.parameters:
        assert {p.name: p.default for p in row.parameters} == {p.name: _keras_default(p.default) for p in theirs}
    given = dict.fromkeys(row.needs, 0.75)
    want = np.asarray(function(X, **given))
    got = Unary(row.name, row.filled(tuple(given.values()))).compute(X)  # pyright: ignore[reportArgumentType]
    np.testing.assert_allclose(got, want, rtol=2e-6, atol=2e-6)


@pytest.mark.parametrize(("name", "row"), OPERATIONS)
def test_an_operation_is_that_of_keras(name: str, row: UnaryFunction) -> None:
    keras = live_keras()
    function = getattr(keras.ops, name, None) or getattr(keras.activations, name)
    given = dict(zip(row.needs, (0.25, 0.75), strict=False))
    x = np.abs(X) + 0.5 if name in ("log", "log1p", "sqrt", "rsqrt", "reciprocal") else X
    got = Unary(row.name, row.filled(tuple(given.values()))).compute(x)  # pyright: ignore[reportArgumentType]
    np.testing.assert_allclose(got, np.asarray(function(x, **given)), rtol=2e-6, atol=2e-6)


def _emitted(method: Any, *arguments: Any) -> Any:
    g = Builder()
    return g.graph("one", (method(g.input(TensorType((None, 3))), *arguments),), ("y",)).nodes[-1].op


@pytest.mark.parametrize("name", sorted({*UNARY, *(name for name, _ in OPERATIONS)} & set(dir(Tensor))))
def test_a_method_of_tensors_is_the_function_of_its_name(name: str) -> None:
    row = next(f for f in UNARY.values() if name in (f.name, *f.operation_names))
    given = tuple(0.5 for _ in row.needs)
    op = _emitted(getattr(Tensor, name), *given)
    assert isinstance(op, Unary)
    assert (op.kind, op.filled) == (row.name, row.filled(given))


@pytest.mark.parametrize("name", sorted(set(BINARY) & set(dir(Tensor))))
def test_a_method_with_another_tensor_is_the_function_of_its_name(name: str) -> None:
    assert _emitted(lambda x: getattr(x, name)(x)) == Binary(name)  # pyright: ignore[reportArgumentType]


def test_no_method_of_a_function_is_left_out_of_these_tests() -> None:
    plain = {"exp", "log", "tanh", "relu", "clip", "erf", "floor", "round", "sign", "sigmoid", "softplus"}
    assert plain <= {*UNARY, *(name for name, _ in OPERATIONS)} & set(dir(Tensor))


def test_layers_have_the_defaults_of_the_functions() -> None:
    assert ELU().elementwise == Unary("elu", UNARY["elu"].filled())
    assert ReLU().elementwise == Unary("relu", UNARY["relu"].filled())


def test_parameters_of_a_function_are_bounded() -> None:
    assert Operation(operation="relu", arguments={"max_value": None})
    with pytest.raises(SpecError, match="`threshold` must be at least 0"):
        Operation(operation="relu", arguments={"threshold": -1.0})


def test_too_many_or_too_few_parameters() -> None:
    assert UNARY["scale"].filled((2.0,)) == (2.0, 0.0)
    with pytest.raises(ValueError, match="`threshold` takes 2 parameters, found 1"):
        UNARY["threshold"].filled((1.0,))
    with pytest.raises(ValueError, match="`tanh` takes 0 parameters, found 1"):
        UNARY["tanh"].filled((1.0,))


@pytest.mark.parametrize("name", NAMES)
def test_what_gives_probabilities_stays_between_0_and_1(name: str) -> None:
    row = UNARY[ALIASES.get(name, name)]
    if not row.needs:
        y = Unary(row.name).compute(X * 10)  # pyright: ignore[reportArgumentType]
        assert gives_probabilities(name) == (y.min() >= 0 and y.max() <= 1)


def test_selu_keeps_mean_and_variance() -> None:
    x = np.random.default_rng(0).standard_normal(1_000_000)
    y = Unary("selu").compute(x)
    assert abs(y.mean()) < 3e-3
    assert abs(y.var() - 1) < 5e-3


def test_an_activation_without_defaults_says_how_to_write_it() -> None:
    g = Builder()
    with pytest.raises(ShapeError, match="`threshold` and `default_value`, which its name does not give"):
        Activation("threshold").call(g, g.input(TensorType((None, 3))))
