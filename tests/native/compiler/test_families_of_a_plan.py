"""Which families of kernels a plan needs: each one is compiled before the first result on a machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from modelc.model.build import make_variables
from modelc.model.loading import load_spec
from modelc.native.compiler.catalog import family_of
from modelc.native.engine.program import NativeProgram

GUIDE = Path(__file__).parents[3] / "specs" / "guide_cnn.yaml"
DENSE = "{modelc: 1, input: {shape: [8]}, layers: [{type: Dense, units: 4}, {type: Dense, units: 2}]}"


@pytest.mark.parametrize(
    ("spec", "families"),
    [(str(GUIDE), {"conv", "fill", "max_pool", "winograd_4"}), (DENSE, {"conv"})],
    ids=["guide", "dense"],
)
def test_it_needs_no_others(spec: str, families: set[str]) -> None:
    graph = load_spec(spec).graph
    program = NativeProgram(graph, make_variables(graph, seed=0))
    assert {family_of(step.kernel) for step in program.plan.lowered.steps} == families
