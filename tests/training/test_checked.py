"""`train_on_batch` does not look at the types of one batch after the other, and finds what is wrong all the same."""

from __future__ import annotations

import numpy as np
import pytest

from modelc import load_spec
from modelc.data.batches import Batch
from modelc.errors import InputError

SPEC = """
modelc: 1
input: {shape: [4]}
layers:
  - {type: Dense, units: 3, activation: softmax}
"""
X = np.linspace(-1, 1, 20, dtype=np.float32).reshape(5, 4)
Y = np.array([0, 1, 2, 1, 0], np.int32)


@pytest.fixture
def model():
    made = load_spec(SPEC).build(backend="reference")
    made.compile("sgd", "sparse_categorical_crossentropy")
    return made


@pytest.fixture
def checks(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What was checked in full."""
    from modelc.training import trainer

    seen: list[object] = []
    whole = trainer.open_data

    def open_data(x, *rest, **named):
        seen.append(x)
        return whole(x, *rest, **named)

    monkeypatch.setattr(trainer, "open_data", open_data)
    return seen


def test_a_batch_like_the_one_before_is_not_checked_again(model, checks) -> None:
    other = load_spec(SPEC).build(backend="reference")
    other.compile("sgd", "sparse_categorical_crossentropy")
    other.set_weights(model.get_weights())
    for step in range(3):
        x = X + step
        assert model.train_on_batch(x, Y) == other.train_on_batch(x.tolist(), Y.tolist())
    assert len(checks) == 1 + 3


@pytest.mark.parametrize("x_type", ["float32", "float64", "float16", "int64", "uint8"])
@pytest.mark.parametrize("y_type", ["int64", "uint8", "int32", "float32", "float64"])
def test_other_numbers_are_converted_as_at_first(model, checks, x_type, y_type) -> None:
    other = load_spec(SPEC).build(backend="reference")
    other.compile("sgd", "sparse_categorical_crossentropy")
    other.set_weights(model.get_weights())
    for step in range(3):
        x, y = (10 * X + 10 + step).astype(x_type), Y.astype(y_type)
        assert model.train_on_batch(x, y) == other.train_on_batch(x.tolist(), Y.tolist())
    assert len(checks) == 1 + 3


def test_integers_that_the_model_takes_are_looked_at_each_time() -> None:
    layers = [
        {"type": "Embedding", "input_dim": 9, "output_dim": 2},
        {"type": "Flatten"},
        {"type": "Dense", "units": 3},
    ]
    made = load_spec({"modelc": 1, "input": {"shape": [4], "dtype": "int32"}, "layers": layers}).build()
    made.compile("sgd", "mse")
    given = np.array([[1, 2, 3, 4]]), np.ones((1, 3))
    made.train_on_batch(*given)
    for wrong in (given[0] + 0.5, given[0] + 2**40):
        with pytest.raises(InputError, match=r"expected (32-bit )?integers"):
            made.train_on_batch(wrong, given[1])
    with pytest.raises(InputError, match=r"the labels hold values from .*, expected 32-bit integers"):
        made.train_on_batch(given[0], np.full((1, 3), 2**40))


@pytest.mark.parametrize("labels", [[0, 1, 3, 1, 0], [0, -1, 2, 1, 0]])
def test_labels_are_checked_every_time(model, labels) -> None:
    model.train_on_batch(X, Y)
    with pytest.raises(InputError, match=r"the labels hold (3|-1), expected the numbers of 3 classes"):
        model.train_on_batch(X, np.array(labels, np.int32))
    assert np.isfinite(model.train_on_batch(X, Y))


@pytest.mark.parametrize(
    ("x", "y"),
    [(X[:, :3].copy(), Y), (X, Y[:4]), (X.astype("U5"), Y), (X, None), (X[:, 0], Y), (X.astype(object), Y)],
    ids=["fewer features", "fewer labels", "texts", "no labels", "one axis", "objects"],
)
def test_what_does_not_fit_is_refused_as_at_first(model, x, y) -> None:
    with pytest.raises(InputError) as first:
        model.train_on_batch(x, y)
    model.train_on_batch(X, Y)
    with pytest.raises(InputError) as later:
        model.train_on_batch(x, y)
    assert str(later.value) == str(first.value)


def test_weights_and_other_types_go_the_whole_way(model, checks) -> None:
    model.train_on_batch(X, Y)
    model.train_on_batch(X, Y, sample_weight=np.ones(5, np.float32))
    model.train_on_batch(X, Y, class_weight={0: 2.0})
    model.train_on_batch(X.astype(np.float64), Y)
    model.train_on_batch(np.asfortranarray(X), Y)
    model.train_on_batch(X[:3], Y[:3])
    assert len(checks) == 6
    model.train_on_batch(X[:3], Y[:3])
    assert len(checks) == 6


def test_a_batch_of_several_arrays_is_not_remembered(model) -> None:
    from modelc.data.checked import Checked

    signature = model.trainer.signature
    assert Checked.of(X, Y, Batch([X], [Y], None), signature) is not None
    assert Checked.of(X, Y, Batch([X, X], [Y], None), signature) is None
    assert Checked.of(X, Y, Batch([X], None, None), signature) is None
    assert Checked.of(X, Y, Batch([X], [Y], [None]), signature) is None
