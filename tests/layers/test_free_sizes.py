"""Every layer with sizes that stay free: one graph for all of them, which gives what the model of fixed size gives.

The cases are the rows of the table of layers, with all axes of a sample but the last free.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pytest
from row import Row
from rows_core import ROWS as CORE_ROWS
from rows_images import ROWS as IMAGE_ROWS
from rows_merging import ROWS as MERGING_ROWS
from rows_sequences import ROWS as SEQUENCE_ROWS
from rows_spatial import ROWS as SPATIAL_ROWS

from modelc import InputError, Model, SpecError, load_spec
from modelc.graph.free_sizes import FreeSizes
from modelc.graph.sizes import is_free
from modelc.layers import LAYERS
from modelc.model.spec import Spec

Array = np.ndarray[Any, Any]
Config = Mapping[str, Any]

ROWS = (*CORE_ROWS, *SPATIAL_ROWS, *IMAGE_ROWS, *SEQUENCE_ROWS, *MERGING_ROWS)

NOT_FREE = {"InputLayer": "it is an input", "Model": "its inner sizes are those that reach it"}

HAVE_WEIGHTS_FOR_SIZES = {
    "LocallyConnected1D", "LocallyConnected2D", "PReLU", "SReLU", "ParametricSoftplus", "EinsumDense",
    "BatchNormalization", "LayerNormalization", "GroupNormalization", "RMSNormalization", "Normalization",
}  # fmt: skip
"""Layers of which some have weights for each position: these are refused, and say why."""

DIVIDED = {"GroupNormalization", "Reshape", "Dot", "Subtract"}
"""Layers that ask of a size that it is divided by a number, or is that of another input: what they need is a fact."""


def says_a_size(config: Config) -> bool:
    """Whether an option says what a free size is, so that the layer takes that one only."""
    shape = config.get("output_shape")
    return config["type"] == "EinsumDense" and isinstance(shape, list) and len(shape) > 1 and None not in shape


def spec_of(row: Row, config: Config, sizes: Mapping[str, int] | None = None) -> tuple[list[str], Spec]:
    """A model of the one layer and the names of its free sizes; equal extents along an axis are one size."""
    shapes = [row.input, *row.others]
    shapes += [row.input] * (LAYERS[config["type"]].required_inputs - len(shapes))
    names: list[str] = []
    written: list[list[Any]] = []
    for shape in shapes:
        free = [f"n{axis}_{extent}" for axis, extent in enumerate(shape[:-1])]
        names += [name for name in free if name not in names]
        written.append([*(free if sizes is None else [sizes[name] for name in free]), shape[-1]])
    inputs = {f"x{i}": {"shape": shape, "dtype": row.dtype} for i, shape in enumerate(written)}
    entry = {**config, "inputs": list(inputs) if len(inputs) > 1 else "x0"}
    return names, load_spec({"modelc": 1, "inputs": inputs, "layers": [entry]})


def drawn(spec: Spec, size: Sequence[Mapping[str, int]]) -> Iterator[list[Array]]:
    """Inputs for each of the sizes."""
    for sizes in size:
        rng = np.random.default_rng(5)
        made: list[Array] = []
        for value in spec.graph.inputs:
            shape = (2, *(sizes[repr(d)] if repr(d) in sizes else int(d) for d in value.type.dims))
            integers = value.type.dtype == "int32"
            made.append(rng.integers(0, 7, shape, np.int32) if integers else rng.standard_normal(shape, np.float32))
        yield made


def weights(spec: Spec) -> list[Array]:
    rng = np.random.default_rng(1)
    made = [rng.standard_normal(w.shape, np.float32) for w in spec.graph.stored]
    return [np.abs(x) + 0.5 if w.path.endswith(("variance", "stddev")) else x
            for w, x in zip(spec.graph.stored, made, strict=True)]  # fmt: skip


def cases() -> Iterator[Any]:
    """The first row of each layer on both backends; what else there is, with each option that sizes may depend on,
    interpreted, and among the slow tests compiled. Of ConvLSTM layers, whose every step is built anew for each size,
    only the first row is not slow.
    """
    seen: set[str] = set()
    for row in ROWS:
        kind = row.config["type"]
        if len(row.input) < 2 or kind in NOT_FREE:
            continue
        configs = [(row.id, row.config)]
        for option, others in row.vary.items():
            if not option.endswith(_OF_WEIGHTS):
                configs += [(f"{row.id}-{option}={other}", {**row.config, option: other}) for other in others]
        for id, config in configs:
            long = kind.startswith("ConvLSTM")
            interpreted = pytest.mark.slow if long and kind in seen else ()
            compiled = pytest.mark.slow if long or kind in seen else ()
            yield pytest.param(row, config, "reference", id=f"{id}-reference", marks=interpreted)
            yield pytest.param(row, config, "native", id=f"{id}-native", marks=compiled)
            seen.add(kind)


_OF_WEIGHTS = ("initializer", "regularizer", "constraint", "seed", "bias", "trainable", "lora_rank", "lora_alpha")


def sizes_of(names: Sequence[str]) -> list[dict[str, int]]:
    """The extents of the row, and others: all 1, and each its own."""
    given = {name: int(name.rpartition("_")[2]) for name in names}
    grown = {name: n + 3 + zlib.crc32(name.encode()) % 4 for name, n in given.items()}
    return [given, {name: n + 1 for name, n in given.items()}, grown, dict.fromkeys(names, 1)]


def traced_again_for_each(free: FreeSizes) -> list[str]:
    """Facts that hold for one size only: those with which a size is divided hold for many."""
    return [f"{e} = {low:.0f}" for e, (low, high) in free.facts.items() if low == high]


def run(spec: Spec, arrays: Sequence[Array], inputs: Sequence[Array], backend: Any) -> list[Array]:
    return listed(built(spec, arrays, backend), inputs)


def built(spec: Spec, arrays: Sequence[Array], backend: Any) -> Model:
    return spec.build(weights=list(arrays), backend=backend) if arrays else spec.build(backend=backend)


def listed(model: Model, inputs: Sequence[Array]) -> list[Array]:
    made = model(inputs[0] if len(inputs) == 1 else list(inputs))
    return list(made.values()) if isinstance(made, dict) else list(made) if isinstance(made, list | tuple) else [made]


@pytest.mark.sampled(4)
@pytest.mark.parametrize(("row", "config", "backend"), list(cases()))
def test_any_size_gives_what_the_fixed_model_gives(row: Row, config: Config, backend: Any) -> None:
    kind = config["type"]
    try:
        names, spec = spec_of(row, config)
        free = spec.graph.free_sizes
        if any(map(is_free, (d for weight in spec.graph.weights for d in weight.shape))):
            assert kind in HAVE_WEIGHTS_FOR_SIZES
            return
    except SpecError as error:
        assert kind in HAVE_WEIGHTS_FOR_SIZES | DIVIDED, error
        return
    assert free is not None
    arrays = weights(spec)
    model = built(spec, arrays, backend)
    tried = 0
    for sizes, inputs in zip(sizes_of(names), drawn(spec, sizes_of(names)), strict=True):
        try:
            _, fixed = spec_of(row, config, sizes)
            want = run(fixed, arrays, inputs, "reference")
        except (SpecError, InputError):
            with pytest.raises(InputError):
                listed(model, inputs)
            continue
        for a, b in zip(listed(model, inputs), want, strict=True):
            assert a.shape == b.shape and a.dtype == b.dtype, sizes
            np.testing.assert_allclose(a, b, rtol=2e-4, atol=2e-4 * max(1.0, float(np.abs(b).max(initial=0))))
        tried += 1
    assert tried, "of all sizes none was taken"
    if kind not in DIVIDED and not says_a_size(config):
        assert not traced_again_for_each(free)
