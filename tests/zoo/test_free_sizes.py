"""The zoo without its top for pictures of any size: what it gives is what the model for just this size gives."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
import pytest

from modelc import zoo
from modelc.applications import application_spec
from modelc.graph.bind import Binder
from modelc.graph.free import FreeGraph
from modelc.graph.free_sizes import OpenSizes
from modelc.graph.graph import Graph
from modelc.graph.printer import format_graph
from modelc.model.spec import Spec
from modelc.native.engine.constants import Constants
from modelc.native.engine.free_plan import FreePlan
from modelc.native.passes.memory import plan_memory
from modelc.native.passes.pipeline import optimize
from modelc.weights.assign import draw
from tests.zoo.families import ONE_OF_EACH_FAMILY, SMALL, others_slow
from tests.zoo.rule import Array, pictures, weight

ODD, EVEN, OBLONG = (203, 203), (224, 224), (160, 231)
"""Sizes at which feature maps are odd and even at every depth."""
SIZES = (ODD, EVEN, OBLONG)

QUICK = {"mobilenet_v2", "mobilenet_v3_small"}
"""Those that are run at all sizes in the quick tests: they take little time, and pad by whether sizes are odd."""

AT_LEAST = {"inception_v3": 75, "inception_resnet_v2": 75, "xception": 71}
"""The least sizes in Keras, where they are not 32."""


@cache
def free(name: str) -> Spec:
    return application_spec(name, include_top=False, input_shape=(None, None, 3))


def fixed(name: str, size: Sequence[int]) -> Spec:
    return application_spec(name, include_top=False, input_shape=(*size, 3))


def bound(graph: Graph, size: Sequence[int]) -> Graph:
    """The graph for one size, where its facts hold for that."""
    sizes = graph.free_sizes
    assert sizes is not None
    values = sizes.values(dict(zip(("h", "w"), size, strict=True)))
    assert sizes.holds(values), "traced again for this size"
    return Binder(graph).bound(values).graph


@pytest.mark.parametrize("name", others_slow(zoo.names(), SMALL))
def test_one_plan_for_all_usual_sizes(name: str) -> None:
    """Lowered for a size, it serves others, and needs the memory that a plan for just these would take.

    Lines that are so short that another kernel takes them, of 6 pixels in the last layers, have a plan of their own.
    """
    prepared = FreeGraph(free(name).graph, None, optimize)
    made = prepared.made_for(prepared.hints)
    sizes = OpenSizes.of(made.sizes, {"h": 480, "w": 480})
    plan = FreePlan(made.binder.scoped(sizes), sizes, [], Constants(()), [])
    for h, w in (EVEN, (231, 255), (331, 299), (480, 640), (1000, 250)):
        values = {"h": h, "w": w}
        assert plan.holds(values)
        opened = plan.at((h, w))
        assert opened is not None
        needed = plan_memory(made.binder.bound(values).graph)
        assert opened.memory.arena_bytes <= 1.01 * needed.arena_bytes
        assert opened.memory.fixed_bytes <= 1.01 * needed.fixed_bytes


@pytest.mark.parametrize("name", others_slow(zoo.names(), SMALL))
def test_one_graph_for_all_sizes(name: str) -> None:
    """For any size that Keras takes, op by op what is traced for this one; nothing is traced again for it."""
    least = AT_LEAST.get(name, 32)
    graph = free.__wrapped__(name).graph  # passes that other tests have run on the one that is kept have noted facts
    assert [record.output.type.shape[-1] for record in graph.layers] == [
        record.output.type.shape[-1] for record in fixed(name, EVEN).graph.layers
    ]
    for size in (*SIZES, (least, least + 1)):
        wanted = fixed(name, size).graph
        made = bound(graph, size)
        assert [node.op for node in made.nodes] == [node.op for node in wanted.nodes]
        assert format_graph(made) == format_graph(wanted)
    optimize(graph)
    for size in SIZES:
        bound(graph, size)  # neither do passes and kernels depend on the size


def _weights(spec: Spec) -> list[Array]:
    made: list[Array] = []
    for i, wanted in enumerate(spec.graph.weights):
        one = weight(i, wanted.name, wanted.shape)
        made.append(draw(wanted, 0) if one is None else one)
    return made


@pytest.mark.parametrize(
    "name",
    [name if name in QUICK else pytest.param(name, marks=pytest.mark.slow) for name in sorted(ONE_OF_EACH_FAMILY)],
)
def test_outputs_are_those_of_the_fixed_model(name: str) -> None:
    spec = free(name)
    arrays = _weights(spec)
    model = spec.build(weights=arrays)
    for size in SIZES:
        x = pictures((1, *size, 3), 64.0 if name.startswith(("efficientnet", "mobilenet_v3", "convnext")) else 0.5)
        got: Any = model(x)
        want: Any = fixed(name, size).build(weights=arrays)(x)
        assert got.shape == want.shape and np.isfinite(want).all() and want.std() > 0
        np.testing.assert_allclose(got, want, rtol=0, atol=1e-5 * float(np.abs(want).max()))
