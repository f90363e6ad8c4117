"""Every option of the public Python interface that is one of several words, a number or a list of texts is checked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import modelc
from modelc import Input, Model, Sequential, applications, layers
from modelc.errors import ModelcError
from modelc.model.spec import Spec

_SPEC = "modelc: 1\ninput: {shape: [4]}\nlayers:\n  - {type: Dense, units: 3}\n"
_X, _Y = np.ones((8, 4), np.float32), np.ones((8, 3), np.float32)


@pytest.fixture(scope="module")
def spec() -> Spec:
    return modelc.load_spec(_SPEC)


@pytest.fixture(scope="module")
def model(spec: Spec) -> Model:
    made = spec.build(backend="reference")
    made.compile("sgd", "mse")
    return made


def test_a_backend_that_there_is_not_is_told_with_those_that_there_are(
    spec: Spec, model: Model, tmp_path: Path
) -> None:
    model.save(tmp_path / "m.modelc")
    wrong: Any = "refrence"
    for call in (
        lambda: spec.build(backend=wrong),
        lambda: modelc.load(tmp_path / "m.modelc", backend=wrong),
        lambda: Sequential([Input((4,))], backend=wrong),
        lambda: Sequential.from_spec(spec, backend=wrong),
        lambda: applications.MobileNet(backend=wrong, weights=None),
    ):
        with pytest.raises(ModelcError, match='`backend` cannot be "refrence"\n  help: did you mean `reference`'):
            call()
    unlike: Any = "gpu"
    with pytest.raises(ModelcError, match="one of: native, reference"):
        spec.build(backend=unlike)


_WRONG: list[Any] = ["foo", -1, 1.5, float("nan"), [1], object(), b"x", "\x1b"]
_CALLS: dict[str, Callable[[Spec, Model, Any], Any]] = {
    "build seed": lambda s, m, v: s.build(seed=v, backend="reference"),
    "build weights": lambda s, m, v: s.build(weights=v, backend="reference"),
    "build backend": lambda s, m, v: s.build(backend=v),
    "Sequential seed": lambda s, m, v: Sequential(seed=v),
    "Sequential backend": lambda s, m, v: Sequential(backend=v),
    "Input dtype": lambda s, m, v: Input((4,), dtype=v),
    "application pooling": lambda s, m, v: applications.MobileNet(
        include_top=False, pooling=v, backend="reference", weights=None
    ),
    "application include_top": lambda s, m, v: applications.MobileNet(include_top=v, backend="reference", weights=None),
    "predict batch_size": lambda s, m, v: m.predict(_X, batch_size=v),
    "predict verbose": lambda s, m, v: m.predict(_X, verbose=v),
    "predict steps": lambda s, m, v: m.predict(_X, steps=v),
    "fit batch_size": lambda s, m, v: m.fit(_X, _Y, batch_size=v, verbose=0),
    "fit epochs": lambda s, m, v: m.fit(_X, _Y, epochs=v, verbose=0),
    "fit verbose": lambda s, m, v: m.fit(_X, _Y, verbose=v),
    "fit shuffle": lambda s, m, v: m.fit(_X, _Y, shuffle=v, verbose=0),
    "fit validation_split": lambda s, m, v: m.fit(_X, _Y, validation_split=v, verbose=0),
    "evaluate verbose": lambda s, m, v: m.evaluate(_X, _Y, verbose=v),
    "compile optimizer": lambda s, m, v: m.compile(v, "mse"),
    "compile loss": lambda s, m, v: m.compile("sgd", v),
    "compile seed": lambda s, m, v: m.compile("sgd", "mse", seed=v),
    "summary batch_size": lambda s, m, v: s.summary(batch_size=v),
    "summary layers": lambda s, m, v: s.summary(layers=v),
    "summary columns": lambda s, m, v: s.summary(columns=v),
    "get_layer index": lambda s, m, v: m.get_layer(index=v if v != -1 else -9),
    "truncate": lambda s, m, v: s.truncate(v),
    "extract": lambda s, m, v: s.extract(v if v != -1 else "-9"),
    "freeze": lambda s, m, v: s.freeze(v),
    "with_input_shape": lambda s, m, v: s.with_input_shape(v if v != [1] else [0]),
    "set_weights": lambda s, m, v: m.set_weights(v),
    "trainable": lambda s, m, v: setattr(m, "trainable", v),
    "add": lambda s, m, v: Sequential([Input((4,))]).add(v),
    "sequential build": lambda s, m, v: Sequential([layers.Dense(2)]).build(v if v != [1] else []),
    "settings": lambda s, m, v: modelc.load_spec(_SPEC, settings=v),
}


@pytest.mark.parametrize("value", _WRONG, ids=lambda v: type(v).__name__ + repr(v)[:6])
@pytest.mark.parametrize("call", _CALLS)
def test_a_wrong_option_is_told(spec: Spec, model: Model, call: str, value: Any) -> None:
    with pytest.raises(ModelcError):
        _CALLS[call](spec, model, value)
