"""Recurrent layers against what `tests/data/record_recurrence.py` recorded from Keras 3.15.1, on both backends."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from modelc.errors import ShapeError, SpecError
from modelc.graph.builder import Builder
from modelc.graph.graph import Graph
from modelc.graph.interpret import interpret
from modelc.graph.types import TensorType
from modelc.layers import LAYERS
from modelc.native.engine.program import NativeProgram
from modelc.weights.variable import Variable

_DATA = Path(__file__).parents[1] / "data"
sys.path.insert(0, str(_DATA))

from recurrence_cases import BATCH, CASES, Case  # noqa: E402

Array = np.ndarray[Any, Any]

_RECORD = np.load(_DATA / "recurrence.npz", allow_pickle=False)


def recorded(case: Case, prefix: str) -> list[Array]:
    key = hashlib.sha256(case.id.encode()).hexdigest()[:12]
    names = [name for name in _RECORD.files if name.startswith(f"{key}/{prefix}_")]
    return [_RECORD[name] for name in sorted(names, key=lambda name: int(name.rpartition("_")[2]))]


def traced(case: Case) -> Graph:
    x, mask, states = case.arrays()
    g = Builder(batch_size=BATCH)
    operands = [g.input(TensorType((None, *array.shape[1:]))) for array in (x, *states)]
    arguments = {} if mask is None else {"mask": g.input(TensorType((None, *mask.shape[1:])))}
    with g.layer("layer"):
        outputs = LAYERS.coerce(case.config).apply(g, *operands, **arguments)
    return g.graph("one", outputs, ("layer",) * len(outputs))


def run(graph: Graph, arrays: list[Array], weights: dict[str, Array], backend: str) -> list[Array]:
    if backend == "reference":
        return interpret(graph, arrays, weights)
    return NativeProgram(graph, {path: Variable(path, value) for path, value in weights.items()}).run(arrays)


def start(case: Case, graph: Graph) -> dict[str, Array]:
    """Keras's weights, and zeros for the states that the layer keeps, which Keras does not count as weights."""
    stored = iter(recorded(case, "weight"))
    kept = "rnn_state"
    return {w.path: np.zeros(w.shape, np.float32) if w.name.startswith(kept) else next(stored) for w in graph.weights}


every_case = pytest.mark.parametrize("case", [pytest.param(case, id=case.id) for case in CASES])


@pytest.mark.parametrize("backend", ["reference", "native"])
@every_case
def test_outputs_are_those_of_keras(case: Case, backend: str) -> None:
    graph = traced(case)
    x, mask, states = case.arrays()
    arrays = [x, *states, *([] if mask is None else [mask.astype(np.float32)])]
    weights = start(case, graph)
    for call in range(case.calls):
        outputs = run(graph, arrays, weights, backend)
        expected = recorded(case, f"output_{call}")
        assert len(expected) == len(graph.outputs) > 0
        for y, want in zip(outputs, expected, strict=False):
            assert y.shape == want.shape
            np.testing.assert_allclose(y, want, rtol=1e-5, atol=2e-6)
        weights |= zip(graph.updates, outputs[len(graph.outputs) :], strict=True)


@every_case
def test_weights_have_the_names_and_shapes_of_keras(case: Case) -> None:
    weights = [w for w in traced(case).weights if not w.name.startswith("rnn_state")]
    assert [w.shape for w in weights] == [w.shape for w in recorded(case, "weight")]
    names = [str(path) for path in recorded(case, "path")]
    if case.config.get("backward_layer") is None:  # a second layer has no name of its own in a spec
        assert [w.path.partition("/")[2] for w in weights] == names


def test_every_option_of_the_cases_counts() -> None:
    """Two cases never expect the same, so that no option is ignored in what was recorded."""
    seen = {recorded(case, "output_0")[0].tobytes() for case in CASES}
    assert len(seen) == len(CASES)


def test_states_of_a_stateful_layer_are_reset() -> None:
    layer = LAYERS.coerce({"type": "GRU", "units": 3, "stateful": True})
    x = np.random.default_rng(0).standard_normal((2, 4, 5), np.float32)
    first = layer(x)
    for variable in layer.variables:
        if variable.name.startswith("rnn_state"):
            variable.assign(np.ones(variable.shape))
    assert np.abs(layer(x) - first).max() > 1e-3
    layer.reset_state()  # pyright: ignore[reportAttributeAccessIssue]
    np.testing.assert_array_equal(layer(x), first)


def test_a_masked_step_changes_nothing() -> None:
    rng = np.random.default_rng(0)
    x = rng.standard_normal((1, 4, 3), np.float32)
    longer = np.insert(x, (1, 3), rng.standard_normal((1, 2, 3)), axis=1)
    layer = LAYERS.coerce({"type": "LSTM", "units": 5, "return_state": True})
    for y, want in zip(layer(longer, mask=np.array([[1, 0, 1, 1, 0, 1]])), layer(x), strict=True):
        np.testing.assert_allclose(y, want, rtol=1e-6)


def test_the_last_step_is_taken_first_where_asked() -> None:
    x = np.random.default_rng(0).standard_normal((2, 4, 3), np.float32)
    for kind in ("SimpleRNN", "LSTM", "GRU"):
        layer = LAYERS.coerce({"type": kind, "units": 5, "return_sequences": True})
        other = layer.model_copy(update={"go_backwards": True})
        expected = layer(x[:, ::-1])
        other.bind(tuple(layer.weights))
        np.testing.assert_array_equal(other(x), expected)


def _masks(config: dict[str, Any], mask_shape: tuple[int, ...] = (5,)) -> list[bool]:
    """Which outputs have the mask of the input."""
    g = Builder(batch_size=2)
    x, mask = g.input(TensorType((None, 5, 4))), g.input(TensorType((None, *mask_shape)))
    with g.layer("layer"):
        outputs = LAYERS.coerce(config).apply(g, x, mask=mask)
    assert all(g.masks.of(y) in (None, mask) for y in outputs)
    return [g.masks.of(y) is mask for y in outputs]


_LSTM: dict[str, Any] = {"type": "LSTM", "units": 2}


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        (_LSTM, [False]),
        ({**_LSTM, "return_sequences": True}, [True]),
        ({**_LSTM, "return_sequences": True, "return_state": True}, [True, False, False]),
        ({"type": "Bidirectional", "layer": {**_LSTM, "return_sequences": True}}, [True]),
        ({"type": "Bidirectional", "layer": {**_LSTM, "return_sequences": True}, "merge_mode": None}, [True, True]),
        ({"type": "Bidirectional", "layer": _LSTM}, [False]),
        ({"type": "TimeDistributed", "layer": {"type": "Dense", "units": 2}}, [True]),
        ({"type": "TimeDistributed", "layer": {"type": "BatchNormalization"}}, [True]),
    ],
    ids=str,
)
def test_masks_go_on_as_in_keras(config: dict[str, Any], expected: list[bool]) -> None:
    assert _masks(config) == expected


def test_masking_gives_the_mask_of_its_input() -> None:
    g = Builder()
    x = g.input(TensorType((None, 3, 2)))
    with g.layer("layer"):
        (y,) = LAYERS.coerce({"type": "Masking", "mask_value": -1.0}).apply(g, x)
    mask = g.masks.of(y)
    assert mask is not None
    array = np.array([[[-1, -1], [-1, 2], [np.nan, -1]], [[0, 0], [-1, -1], [np.inf, -1]]], np.float32)
    made, counts = interpret(g.graph("one", (y, mask), ("y", "mask")), [array], {})
    np.testing.assert_array_equal(counts, [[0, 1, 1], [1, 0, 1]])
    np.testing.assert_array_equal(made, np.where(counts[..., None] != 0, array, 0))


def _refused(config: dict[str, Any], *shapes: tuple[int, ...], batch_size: int | None = None) -> str:
    g = Builder(batch_size=batch_size)
    operands = [g.input(TensorType((None, *shape))) for shape in shapes]
    with pytest.raises(ShapeError) as caught, g.layer("layer"):
        LAYERS.coerce(config).apply(g, *operands)
    return caught.value.message


def test_shapes_that_do_not_fit_are_refused() -> None:
    assert "fixed batch size" in _refused({**_LSTM, "stateful": True}, (5, 4))
    assert "3-D input" in _refused(_LSTM, (4,))
    assert "(None, 2), (None, 2)" in _refused(_LSTM, (5, 4), (2,))
    assert "(None, 2), (None, 2)" in _refused({**_LSTM, "type": "LSTMCell"}, (4,), (2,), (3,))
    assert "as many first states" in _refused({"type": "Bidirectional", "layer": _LSTM}, (5, 4), (2,))
    assert "one output" in _refused({"type": "TimeDistributed", "layer": {**_LSTM, "return_state": True}}, (2, 5, 4))
    assert "(batch, steps, ...)" in _refused({"type": "TimeDistributed", "layer": {"type": "Flatten"}}, (4,))
    assert "5-D input" in _refused({"type": "ConvLSTM2D", "filters": 2, "kernel_size": 2}, (5, 4, 4))
    assert "does not fit" in _refused({"type": "ConvLSTM1D", "filters": 2, "kernel_size": 5}, (5, 4, 4))


def test_long_sequences_are_refused_where_each_step_has_a_place_in_a_table() -> None:
    both = {"type": "Bidirectional", "layer": {**_LSTM, "return_sequences": True}}
    assert "put in the other order" in _refused(both, (2**36, 1))


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ({"type": "Bidirectional", "layer": {"type": "Dense", "units": 2}}, "wraps a recurrent layer"),
        ({"type": "Bidirectional", "layer": _LSTM, "backward_layer": _LSTM}, "they must differ"),
        (
            {
                "type": "Bidirectional",
                "layer": _LSTM,
                "backward_layer": {**_LSTM, "go_backwards": True, "return_state": True},
            },
            "`return_state` of the two layers must be the same",
        ),
        ({"type": "RNN", "cell": {"type": "Dense", "units": 2}}, "unknown cell `Dense`"),
        ({"type": "RNN", "cell": []}, "at least one cell"),
        ({"type": "ConvLSTM1D", "filters": 2, "kernel_size": 3, "strides": 2, "dilation_rate": 2}, "dilation_rate"),
    ],
    ids=str,
)
def test_options_that_do_not_fit_are_refused(config: dict[str, Any], message: str) -> None:
    with pytest.raises(SpecError) as caught:
        LAYERS.coerce(config)
    assert message in str(caught.value)


def test_the_states_of_a_batch_of_another_size_are_refused() -> None:
    case = next(case for case in CASES if case.config.get("stateful"))
    graph = traced(case)
    x, _, _ = case.arrays()
    with pytest.raises(ShapeError, match="batches of 3, found one of 2"):
        interpret(graph, [x[:2]], start(case, graph))


def test_a_forget_gate_begins_open() -> None:
    lstm = {"type": "LSTM", "units": 3}
    for config, shape in ((lstm, (1, 2, 4)), ({"type": "ConvLSTM1D", "filters": 3, "kernel_size": 2}, (1, 2, 3, 4))):
        layer = LAYERS.coerce({**config, "bias_initializer": {"type": "Constant", "value": 5.0}})
        layer(np.zeros(shape))
        bias = next(v for v in layer.weights if v.name == "bias")
        np.testing.assert_array_equal(bias.value.reshape(4, 3), [[5] * 3, [1] * 3, [5] * 3, [5] * 3])
