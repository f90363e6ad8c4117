"""Data → batches: which samples, in which order, in which types; what does not fit, before anything runs."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from modelc.data.batches import ArrayData, Data, Options, open_data
from modelc.data.columns import Signature
from modelc.errors import InputError
from modelc.graph.types import TensorType
from tests.live_keras import live_keras

Array = np.ndarray[Any, Any]

ONE = Signature((TensorType((None, 3)),), ("input",), ("dense",))
TWO = Signature(
    (TensorType((None, 3)), TensorType((None, 2), "int32")), ("features", "tokens"), ("price", "kind")
)  # fmt: skip
X = np.arange(30, dtype=np.float64).reshape(10, 3)
Y = np.arange(10)


def data(x: Any, y: Any = None, w: Any = None, signature: Signature = ONE, **options: Any) -> Data:
    return open_data(x, y, w, signature=signature, options=Options(**options))


def seen(source: Data, epoch: int = 0, start: int = 0) -> list[list[int]]:
    """The labels of each batch."""
    return [[int(v) for v in np.ravel(batch.y[0])] for batch in source.batches(epoch, start) if batch.y is not None]


def test_batches_have_the_types_of_the_model_and_the_last_one_is_smaller() -> None:
    source = data(X, Y, batch_size=4)
    batches = list(source.batches())
    assert (source.samples, source.steps, [b.samples for b in batches]) == (10, 3, [4, 4, 2])
    assert batches[0].x[0].dtype == np.float32
    assert batches[0].y is not None
    assert batches[0].y[0].dtype == np.int32
    assert batches[0].weights is None
    np.testing.assert_array_equal(np.concatenate([b.x[0] for b in batches]), X)
    assert len(list(data(np.zeros((70, 3)), np.zeros(70)).batches())) == 3
    for labels, dtype in ((Y > 3, np.int32), (Y / 3, np.float32), (Y.astype(np.uint64), np.int32)):
        made = data(X, labels).example().y
        assert made is not None
        assert made[0].dtype == dtype
    with pytest.raises(InputError, match="values from 0 to 8589934592, expected 32-bit integers"):
        list(data(X, np.where(Y == 9, 2**33, 0)).batches())


def test_shuffling_depends_on_the_seed_and_the_epoch_only() -> None:
    source = data(X, Y, batch_size=4, shuffle=True, seed=5)
    epochs = [seen(source, epoch) for epoch in range(4)]
    again = data(X, Y, batch_size=4, shuffle=True, seed=5)
    assert [seen(again, epoch) for epoch in (3, 1, 0, 2)] == [epochs[i] for i in (3, 1, 0, 2)]
    assert all(sorted(chain.from_iterable(epoch)) == list(range(10)) for epoch in epochs)
    assert len({str(epoch) for epoch in epochs}) == 4
    assert seen(data(X, Y, batch_size=4, shuffle=True, seed=6)) != epochs[0]
    for start in range(4):
        assert seen(again, 2, start) == epochs[2][start:]
    within = seen(data(X, Y, batch_size=4, shuffle="batch", seed=1), 1)
    assert [sorted(batch) for batch in within] == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]
    assert within != seen(data(X, Y, batch_size=4))


def test_inputs_labels_and_weights_stay_together() -> None:
    for batch in data(X, Y, Y * 0.5, shuffle=True, batch_size=3).batches(1):
        assert batch.y is not None
        assert batch.weights is not None
        weights = batch.weights[0]
        np.testing.assert_array_equal(batch.x[0][:, 0], batch.y[0] * 3)
        np.testing.assert_array_equal(weights, batch.y[0] * np.float32(0.5))
        assert weights is not None
        assert weights.dtype == np.float32


def test_steps_per_epoch() -> None:
    """An epoch goes on where the one before stopped, ends with the data, and every pass has all samples."""
    source = data(X, Y, batch_size=4, steps_per_epoch=2, shuffle=True)
    with pytest.warns(UserWarning, match="the data ended after 1 of 2 steps"):
        epochs = [seen(source, epoch) for epoch in range(4)]
    assert [len(epoch) for epoch in epochs] == [2, 1, 2, 1]
    flat = [value for epoch in epochs for batch in epoch for value in batch]
    assert sorted(flat[:10]) == sorted(flat[10:]) == list(range(10))
    assert seen(source, 2, 1) == epochs[2][1:]
    assert seen(data(X, Y, steps_per_epoch=3)) == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]
    with pytest.warns(UserWarning, match="the data ended after 2 of 3 steps"):
        assert seen(data(X, Y, batch_size=8, steps_per_epoch=3)) == [[*range(8)], [8, 9]]


def test_validation_split_takes_the_last_samples_unshuffled() -> None:
    source = data(X, Y, Y, batch_size=4, shuffle=True, steps_per_epoch=1, seed=3)
    train, validation = source.split(0.25)
    assert sorted(chain.from_iterable(seen(train, 0) + seen(train, 1))) == list(range(7))
    assert seen(validation) == [[7, 8, 9]]
    assert validation.steps == 1
    assert train.samples == 7
    weights = next(validation.batches()).weights
    assert weights is not None
    np.testing.assert_array_equal(weights[0], [7, 8, 9])
    for fraction, message in ((0.95, "10 samples are too few"), (0.0, "between 0"), (1.5, "between 0")):
        with pytest.raises(InputError, match=message):
            source.split(fraction)
    with pytest.raises(InputError, match="`validation_split` needs arrays"):
        data(iter([(X, Y)])).split(0.5)


def test_split_and_class_weights_are_those_of_keras() -> None:
    live_keras()
    from keras.src.trainers.data_adapters import array_slicing, data_adapter_utils

    for count in (3, 7, 10, 33, 100):
        for fraction in (0.1, 0.2, 1 / 3, 0.5, 0.9):
            x, y = np.zeros((count, 3)), np.arange(count)
            try:
                (_, train), _ = array_slicing.train_validation_split((x, y), fraction)
            except ValueError:
                with pytest.raises(InputError):
                    data(x, y).split(fraction)
                continue
            assert data(x, y).split(fraction)[0].samples == len(np.asarray(train))
    weights = {0: 0.5, 2: 3.0, 7: 1.5}
    rng = np.random.default_rng(0)
    for labels in (rng.integers(0, 9, 10), rng.integers(0, 9, (10, 1)), rng.random((10, 9)), rng.random(10) * 8):
        batch = data(X, labels, class_weight=weights).example()
        whole = next(data(X, labels, class_weight=weights).batches())
        expected = data_adapter_utils.class_weight_to_sample_weights(labels, weights)
        assert whole.weights is not None
        assert batch.weights is not None
        np.testing.assert_array_equal(whole.weights[0], expected)
        assert batch.weights[0].shape == (1,)  # type: ignore[union-attr]


def test_validation_has_no_class_weights() -> None:
    train, validation = data(X, Y, class_weight={1: 2.0}).split(0.5)
    assert train.example().weights is not None
    assert validation.example().weights is None


def test_several_inputs_and_outputs() -> None:
    tokens, price, kind = np.ones((10, 2), np.int64), Y / 2, Y
    by_name = {"tokens": tokens, "features": X}
    for x, y in (([X, tokens], (price, kind)), (by_name, {"kind": kind, "price": price})):
        batch = next(data(x, y, signature=TWO, batch_size=2).batches())
        assert [a.shape for a in batch.x] == [(2, 3), (2, 2)]
        assert [a.dtype.name for a in batch.x] == ["float32", "int32"]
        assert batch.y is not None
        assert [a.dtype.name for a in batch.y] == ["float32", "int32"]
    shared = next(data([X, tokens], [price, kind], Y, TWO).batches()).weights
    assert shared is not None
    np.testing.assert_array_equal(shared[0], shared[1])
    one = next(data([X, tokens], [price, kind], {"price": Y, "kind": None}, TWO).batches()).weights
    assert one is not None
    assert one[1] is None


def test_memory_mapped_arrays_are_not_read_whole(tmp_path: Path) -> None:
    np.save(tmp_path / "x.npy", np.zeros((10, 3), np.float32))
    # A sparse file of 60 GB: reading it would take all memory.
    header = (tmp_path / "x.npy").read_bytes()[:128].replace(b"(10, 3)", b"(5000000000, 3)")
    header = header[:127].rstrip() + b" " * (127 - len(header[:127].rstrip())) + b"\n"
    with (tmp_path / "x.npy").open("wb") as file:
        file.write(header)
        file.truncate(128 + 5_000_000_000 * 12)
    x = np.lib.format.open_memmap(tmp_path / "x.npy", mode="r")
    y = np.broadcast_to(np.int32(1), (5_000_000_000,))
    source = data(x, y, batch_size=32)
    assert source.steps == 156_250_000
    for start in (0, 156_249_990):
        batch = next(source.batches(0, start))
        assert batch.x[0].shape == (32, 3)
    assert isinstance(source, ArrayData)
    train, validation = source.split(0.1)
    assert (train.samples, validation.samples) == (4_500_000_000, 500_000_000)


class Sequence:
    """What Keras's documentation shows, with notes of what was called."""

    def __init__(self) -> None:
        self.calls: list[Any] = []

    def __len__(self) -> int:
        return 4

    def __getitem__(self, index: int) -> tuple[Array, Array]:
        self.calls.append(index)
        return X[index * 2 : index * 2 + 2], Y[index * 2 : index * 2 + 2]

    def on_epoch_end(self) -> None:
        self.calls.append("end")


def test_sequences() -> None:
    source = data(Sequence())
    assert (source.steps, source.samples) == (4, None)
    assert seen(source) == [[0, 1], [2, 3], [4, 5], [6, 7]]
    mixed = data(Sequence(), shuffle=True, seed=1)
    epochs = [seen(mixed, epoch) for epoch in range(3)]
    assert [seen(data(Sequence(), shuffle=True, seed=1), epoch) for epoch in range(3)] == epochs
    assert len({str(epoch) for epoch in epochs}) > 1
    notes = Sequence()
    with pytest.warns(UserWarning, match="the data ended after 1 of 3 steps"):
        assert seen(data(notes, steps_per_epoch=3), 1) == [[6, 7]]
    assert notes.calls == [3, "end"]


class Again:
    """An iterable that begins anew."""

    def __iter__(self) -> Iterator[Any]:
        for start in (0, 4, 8):
            yield X[start : start + 4], Y[start : start + 4]


def generator(count: int = 6) -> Iterator[Any]:
    for i in range(count):
        yield X[:1], np.array([i])


def test_iterables() -> None:
    source = data(Again(), epochs=3)
    assert source.steps is None
    source.example()
    whole = [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]
    assert [seen(source, epoch) for epoch in range(3)] == [whole] * 3
    assert seen(source, 5, 1) == whole[1:]
    going = data(Again(), steps_per_epoch=2)
    with pytest.warns(UserWarning, match="the data ended after 1 of 2 steps"):
        assert [seen(going, epoch) for epoch in range(4)] == [whole[:2], whole[2:]] * 2
    assert [seen(going, 0), seen(going, 2, 1), seen(data(Again(), steps_per_epoch=2), 2)] == [
        whole[:2], whole[1:2], whole[:2],
    ]  # fmt: skip
    assert [seen(data(Again(), steps_per_epoch=3), epoch) for epoch in range(2)] == [whole] * 2
    assert next(iter(data([{"input": X}, Y][0], Y).batches())).samples == 10


def test_generators() -> None:
    source = data(generator(), steps_per_epoch=2, epochs=3)
    source.example()
    assert [seen(source, epoch) for epoch in range(3)] == [[[0], [1]], [[2], [3]], [[4], [5]]]
    assert not source.exhausted
    resumed = data(generator(), steps_per_epoch=2, epochs=3)
    assert [seen(resumed, 1, 1), seen(resumed, 2)] == [[[3]], [[4], [5]]]
    with pytest.warns(UserWarning, match="the data ended after 6 batches; 2 were to come in each epoch"):
        assert seen(resumed, 3) == []
    assert resumed.exhausted
    once = data(generator(3))
    assert seen(once) == [[0], [1], [2]]
    with pytest.raises(InputError, match="its first batches are consumed"):
        seen(once)
    with pytest.raises(InputError, match="can be iterated only once, for 2 epochs it needs `steps_per_epoch`"):
        data(generator(), epochs=2)
    with pytest.raises(InputError, match="the data gives no batches"):
        data(iter([])).example()


def test_batches_without_labels() -> None:
    assert [b.y for b in data(iter([X, (X,)]), labels=False).batches()] == [None, None]
    assert data(X, labels=False).example().y is None


WRONG: dict[str, tuple[Any, Any, Any, dict[str, Any], str]] = {
    "lengths": (X, Y[:9], None, {}, "numbers of samples differ: the input: 10, the labels: 9"),
    "length of weights": (X, Y, Y[:3], {}, "the input: 10, the labels: 10, the sample weights: 3"),
    "shape": (X[:, :2], Y, None, {}, r"the input has the shape \(10, 2\), expected \(None, 3\)"),
    "one sample": (X[0], Y, None, {}, r"the input has the shape \(3,\), expected \(None, 3\)\n  help: add the batch"),
    "text": (X.astype(str), Y, None, {}, "the input holds <U32, expected numbers"),
    "text labels": (X, Y.astype(str), None, {}, "the labels hold <U"),
    "ragged": ([[1, 2], [3]], Y, None, {}, "the input is not an array"),
    "none": (X[:0], Y[:0], None, {}, "the data has no samples"),
    "no labels": (X, None, None, {}, "there are no labels\n  help: give `y`"),
    "a number": (X, 3, None, {}, "the labels is a single number"),
    "batch size": (X, Y, None, {"batch_size": 0}, "`batch_size` must be at least 1, found 0"),
    "steps": (X, Y, None, {"steps_per_epoch": -1}, "`steps_per_epoch` must be at least 1, found -1"),
    "both weights": (X, Y, Y, {"class_weight": {0: 1.0}}, "cannot be given together"),
    "class names": (X, Y, None, {"class_weight": {"a": 1.0}}, "maps integers to weights, found 'a'"),
    "names": ({"inputs": X, "b": X}, Y, None, {}, "missing: `input`\n  unexpected: `inputs`; did you mean `input`"),
    "y with a sequence": (Sequence(), Y, None, {}, "`y` cannot be given if `x` yields batches"),
    "batch size with a generator": (generator(), None, None, {"batch_size": 3}, "`batch_size` cannot be given"),
}


@pytest.mark.parametrize(("x", "y", "w", "options", "message"), WRONG.values(), ids=WRONG)
def test_what_does_not_fit_is_said_before_anything_runs(
    x: Any, y: Any, w: Any, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        data(x, y, w, **options)


def test_what_does_not_fit_in_a_batch() -> None:
    for item, message in (
        ((X[:, :2], Y), r"batch 1 of the data: the input has the shape \(10, 2\)"),
        ((X, Y, Y, Y), "expected .x, y. or .x, y, sample_weight., found 4 items"),
        (X, "expected .x, y., found no labels"),
        ((X, Y[:3]), "numbers of samples differ"),
    ):
        source = data(iter([(X, Y), item]))
        with pytest.raises(InputError, match=message):
            list(source.batches())
    with pytest.raises(InputError, match=r"there are 2 inputs \(features, tokens\), found one"):
        data(X, [Y, Y], signature=TWO)
    with pytest.raises(InputError, match="`class_weight` is for models with one output, this one has 2"):
        data([X, X[:, :2]], [Y, Y], signature=TWO, class_weight={1: 2.0})


def test_a_model_of_one_batch_size() -> None:
    fixed = Signature(ONE.inputs, ONE.input_names, ONE.output_names, 5)
    assert [b.samples for b in data(X, Y, signature=fixed).batches()] == [5, 5]
    with pytest.raises(InputError, match="takes batches of 5, found `batch_size` 4"):
        data(X, Y, signature=fixed, batch_size=4)
    with pytest.raises(InputError, match="9 samples leave a smaller one\n  help: leave 4 samples out"):
        data(X[:9], Y[:9], signature=fixed)
    with pytest.raises(InputError, match="batch 0 of the data: it has 10 samples, the model takes batches of 5"):
        data(iter([(X, Y)]), signature=fixed).example()
