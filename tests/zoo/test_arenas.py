"""Arenas of the zoo's architectures are hardly larger than what is alive at once."""

from __future__ import annotations

import pytest

from modelc import load_spec, zoo
from modelc.native.passes.loops_over_steps import flatten_loops
from modelc.native.passes.memory import blocks_of, parts_of
from modelc.native.passes.pipeline import optimize
from modelc.native.passes.placement import place
from tests.zoo.families import others_slow


@pytest.mark.parametrize("name", others_slow(zoo.names(), {"mobilenet_v2", "efficientnet_v2_b1", "resnet50_v2"}))
def test_arenas_are_close_to_what_is_alive(name: str) -> None:
    graph = flatten_loops(optimize(load_spec(f"modelc: 1\nextends: zoo:{name}\n").graph))
    nodes = [node for node in graph.nodes if node.output not in graph.constants]
    blocks, _, _ = parts_of(blocks_of(graph, nodes))
    alive = [sum(block.size for block in blocks if block.first <= step <= block.last) for step in range(len(nodes))]
    assert place(blocks) <= 1.1 * max(alive)
