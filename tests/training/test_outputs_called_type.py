"""An output that is called `type`, the key by which a loss or a metric says of which class it is."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from modelc.errors import SpecError
from modelc.language.schema.schema import schema_text
from modelc.losses import LOSSES
from modelc.model.loading import load_spec
from modelc.model.training_run import Choices, compile_for, section_of, train

TEXT = """
modelc: 1
input: {shape: [3]}
layers:
  - {type: Dense, units: 2, name: p}
  - {type: Dense, units: 2, name: q, inputs: p}
outputs: {type: p, b: q}
training:
  loss: LOSS
  loss_weights: {type: 2.0, b: 0.5}
  metrics: {type: [mae, mse], b: [mae]}
"""

X = np.random.default_rng(0).standard_normal((4, 3), np.float32)
LABELS = {"type": X[:, :2], "b": X[:, 1:]}

LOSS_FORMS: dict[str, Callable[[np.ndarray[Any, Any]], Any]] = {
    "{type: [mse], b: mae}": lambda d: np.mean(d**2),
    "{type: {type: mse}, b: mae}": lambda d: np.mean(d**2),
    "{b: mae, type: [{type: Huber, delta: 0.5}]}": lambda d: np.mean(
        np.where(np.abs(d) <= 0.5, d**2 / 2, 0.5 * np.abs(d) - 0.125)
    ),
}


def spec_of(loss: str) -> Any:
    return load_spec(TEXT.replace("LOSS", loss))


@pytest.mark.parametrize("loss", LOSS_FORMS)
def test_it_has_its_own_loss_and_metrics(loss: str) -> None:
    spec = spec_of(loss)
    model = spec.build(backend="reference", seed=1)
    compile_for(model, section_of(spec), 0)
    made = {key: np.asarray(y, float) - LABELS[key] for key, y in model.predict(X).items()}
    found = model.evaluate(X, LABELS, verbose=0, return_dict=True)
    own, other = LOSS_FORMS[loss](made["type"]), np.mean(np.abs(made["b"]))
    expected = {"type_loss": own, "b_loss": other, "loss": 2 * own + other / 2, "b_mae": other,
                "type_mae": np.mean(np.abs(made["type"])), "type_mse": np.mean(made["type"] ** 2)}  # fmt: skip
    assert found.keys() == expected.keys()
    for name, value in expected.items():
        np.testing.assert_allclose(found[name], value, rtol=1e-5, err_msg=name)


@pytest.mark.parametrize("loss", [*LOSS_FORMS, "{type: [crossentropy], b: mae}"])
def test_it_is_written_so_that_it_is_read_again(loss: str) -> None:
    spec = spec_of(loss)
    for text in (spec.to_yaml(), spec.to_json()):
        assert load_spec(text) == spec
    jsonschema: Any = pytest.importorskip("jsonschema")
    jsonschema.validate(spec.to_dict(), json.loads(schema_text()))


def test_python_takes_it_as_the_spec_does() -> None:
    model = spec_of("mse").build(backend="reference", seed=1)
    compiled = spec_of("mse").build(backend="reference", seed=1)
    compile_for(compiled, section_of(spec_of("{type: [mse], b: mae}")), 0)
    wanted = compiled.evaluate(X, LABELS, verbose=0, return_dict=True)
    for loss in ({"type": ["mse"], "b": "mae"}, {"type": LOSSES["mse"](), "b": "mae"}):
        model.compile("sgd", loss, {"type": 2.0, "b": 0.5}, {"type": ["mae", "mse"], "b": ["mae"]})
        assert model.evaluate(X, LABELS, verbose=0, return_dict=True) == wanted


def test_it_is_trained_from_files(tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_text(TEXT.replace("LOSS", "{type: [mse], b: mae}"))
    data = {"input": X, **LABELS}
    np.savez(tmp_path / "data.npz", **data)  # type: ignore[arg-type]
    report = train(load_spec(tmp_path / "m.yaml"), Choices(data=str(tmp_path / "data.npz"), verbose=0))
    assert {"type_loss", "type_mae", "type_mse", "b_mae"} <= report.history.keys()


@pytest.mark.parametrize(
    ("loss", "message"),
    [
        ("{type: mse, b: mae}", "unknown key `b` in MeanSquaredError"),
        ("{type: [mse], c: mae}", "unknown output `c` in `loss`"),
        ("{type: [mse, mae], b: mae}", "a loss is a mapping with `type`, found a list"),
        ("{type: 5, b: mae}", "found the number 5"),
    ],
)
def test_mistakes(loss: str, message: str) -> None:
    with pytest.raises(SpecError, match=message):
        compile_for((spec := spec_of(loss)).build(backend="reference"), section_of(spec), 0)
