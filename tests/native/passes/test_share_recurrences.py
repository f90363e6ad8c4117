"""Which recurrences threads share step by step, and that they compute the same."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from modelc import load_spec
from modelc.graph.graph import Graph
from modelc.graph.interpret import interpret
from modelc.graph.verify import verify
from modelc.model.model import Model
from modelc.native.engine.threads import team_of
from modelc.native.ops.shared_recurrent import SharedRecurrent
from modelc.native.passes.pipeline import optimize
from modelc.native.passes.share_recurrences import share_recurrences
from modelc.passes.pipeline import simplify


def net(layer: str, units: int, steps: int | None = 7, **options: Any) -> Model:
    layers = [{"type": layer, "units": units, **options}]
    return load_spec({"modelc": 1, "input": {"shape": [steps, 12]}, "layers": layers}).build(seed=1)


def count(graph: Graph) -> int:
    """The recurrences that are shared."""
    return sum(isinstance(node.op, SharedRecurrent) for node in optimize(graph).nodes)


@pytest.mark.parametrize(
    ("layer", "units", "expected"),
    [
        ("LSTM", 128, 1),
        ("LSTM", 112, 0),
        ("GRU", 160, 1),
        ("GRU", 128, 0),
        ("SimpleRNN", 256, 1),
        ("SimpleRNN", 128, 0),
    ],
)  # fmt: skip
def test_chosen_where_a_step_is_worth_two_threads(layer: str, units: int, expected: int) -> None:
    assert count(net(layer, units).graph) == expected


def test_a_gru_that_resets_before_its_product_stays() -> None:
    assert count(net("GRU", 256, reset_after=False).graph) == 0


@pytest.mark.parametrize("options", [{}, {"go_backwards": True}, {"return_sequences": True}])
@pytest.mark.parametrize("layer", ["LSTM", "GRU", "SimpleRNN"])
def test_it_computes_what_its_definition_does(layer: str, options: dict[str, Any]) -> None:
    model = net(layer, 260, **options)
    graph = simplify(model.graph)
    made = share_recurrences(graph)
    verify(made)
    assert count(graph) == 1
    weights = {weight.path: array for weight, array in zip(graph.weights, model.get_weights(), strict=True)}
    for samples in (1, 2, 5, 9, 40):
        x = np.random.default_rng(samples).standard_normal((samples, 7, 12), np.float32)
        (want,), (got,) = interpret(graph, [x], weights), interpret(made, [x], weights)
        assert np.array_equal(want, got)
        found = []
        for threads in (1, 2, 3):
            with team_of(threads):
                found.append(model(x))
        np.testing.assert_allclose(found[0], want, rtol=0, atol=2e-5)
        assert np.array_equal(found[0], found[1])
        assert np.array_equal(found[0], found[2])


@pytest.mark.parametrize("steps", [1, 2, 9])
def test_free_sizes(steps: int) -> None:
    free, fixed = net("LSTM", 130, None), net("LSTM", 130, steps)
    fixed.set_weights(free.get_weights())
    x = np.random.default_rng(0).standard_normal((3, steps, 12), np.float32)
    assert count(free.graph) == 1
    assert np.array_equal(free(x), fixed(x))


def test_no_sample() -> None:
    assert net("LSTM", 128)(np.zeros((0, 7, 12), np.float32)).shape == (0, 128)
