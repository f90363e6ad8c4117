"""Random graphs of layers with several inputs, compiled, against the NumPy definitions of their ops."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from modelc.graph.interpret import interpret
from modelc.model.build import make_variables
from modelc.model.loading import load_spec
from modelc.native.engine.program import NativeProgram
from tests.slowness import examples

_MERGES = ("Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum")
_ACTIVATIONS = ("relu", "leaky_relu", "tanh", "sigmoid", "softmax")


@st.composite
def graphs(draw: st.DrawFn) -> dict[str, Any]:
    """Every entry takes any sequences before it, all of them (T, C) with one T and one C, and gives such a one."""
    steps, width = draw(st.integers(1, 40)), draw(st.integers(1, 40))
    names = ["input"]
    layers: list[dict[str, Any]] = []

    def add(entry: dict[str, Any], *inputs: str) -> str:
        layers.append({**entry, "name": f"v{len(layers)}", "inputs": list(inputs)})
        return str(layers[-1]["name"])

    def some(least: int, most: int) -> list[str]:
        return draw(st.lists(st.sampled_from(names), min_size=least, max_size=most))

    for _ in range(draw(st.integers(1, 6))):
        match draw(
            st.sampled_from(("merge", "concatenate", "attention", "heads", "groups", "einsum", "dense", "mask"))
        ):
            case "merge":
                kind = draw(st.sampled_from(_MERGES))
                made = add({"type": kind}, *some(2, 2 if kind == "Subtract" else 3))
                made = add({"type": "Activation", "activation": draw(st.sampled_from(_ACTIVATIONS))}, made)
            case "concatenate":
                made = add({"type": "Dense", "units": width}, add({"type": "Concatenate"}, *some(2, 4)))
            case "attention":
                kind = draw(st.sampled_from(("Attention", "AdditiveAttention")))
                made = add({"type": kind, "use_causal_mask": draw(st.booleans())}, *some(2, 3))
            case "heads":
                sizes = {"num_heads": draw(st.integers(1, 3)), "key_dim": draw(st.integers(1, 20))}
                options = {"use_gate": draw(st.booleans()), "use_causal_mask": draw(st.booleans())}
                made = add({"type": "MultiHeadAttention", **sizes, **options}, *some(2, 3))
            case "groups":
                sizes = {"head_dim": draw(st.integers(1, 9)), "num_query_heads": 4, "num_key_value_heads": 2}
                made = add({"type": "GroupQueryAttention", **sizes}, *some(2, 3))
            case "einsum":
                equation = draw(st.sampled_from(("abc,cd->abd", "abc,bcd->abd", "abc,dc->abd", "...c,cd->...d")))
                size = width if "..." in equation else [None, width]
                einsum = {"type": "EinsumDense", "equation": equation, "output_shape": size, "bias_axes": "d"}
                made = add({**einsum, "activation": draw(st.sampled_from(_ACTIVATIONS))}, *some(1, 1))
            case "mask":
                made = add({"type": "Masking"}, "input")
            case _:
                made = add({"type": "Dense", "units": width}, *some(1, 1))
        names.append(made)
    dot = {"type": "Dot", "axes": draw(st.sampled_from((1, 2))), "normalize": draw(st.booleans())}
    names.append(add(dot, *some(1, 1), names[-1]))
    # All that entries give is compared, and nothing feeds nothing.
    return {"modelc": 1, "input": {"shape": [steps, width]}, "layers": layers, "outputs": names[1:]}


@settings(max_examples=examples(80), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=graphs(), batch=st.integers(1, 4))
def test_compiled_agrees_with_the_definitions(text: dict[str, Any], batch: int) -> None:
    graph = load_spec(text).graph
    rng = np.random.default_rng(7)
    variables = make_variables(graph, seed=3)
    for variable in variables.values():
        # Of small gain, so that scores stay where a softmax is smooth.
        fan_in = max(1, variable.shape[0] if variable.shape else 1)
        variable.assign(rng.standard_normal(variable.shape) * 0.3 / fan_in**0.5)
    x = rng.standard_normal((batch, *graph.inputs[0].type.dims)).astype(np.float32)
    # Steps that Masking takes for padding, never the first: where all that is left is masked, Keras's definition of
    # attention takes 1e9 off the scores, of which float32 and float64 keep different digits.
    x[:, 1::3] = 0
    # The oracle computes in float64: what is compared is the error of the kernels, not of two float32 orders.
    values = {path: variable.value.astype(np.float64) for path, variable in variables.items()}
    wanted = interpret(graph, [x.astype(np.float64)], values)
    for want, got in zip(wanted, NativeProgram(graph, variables).run([x]), strict=True):
        assert got.shape == want.shape and got.dtype == np.float32
        np.testing.assert_allclose(got, want, rtol=5e-4, atol=5e-4 * max(1.0, float(np.abs(want).max(initial=0.0))))
