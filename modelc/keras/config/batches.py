"""The number of samples that a Keras file writes into the shape of an input.

A Sequential model that was built by `fit` or by a call is saved with the size of that batch, and Keras lets any other
number of samples through all the same. Only states of stateful layers have a place for each sample.
"""

from __future__ import annotations

from modelc.errors import SpecError
from modelc.language.definition import Definition
from modelc.layers.base import Layer
from modelc.layers.core.input_layer import InputLayer
from modelc.sources.notes import Notes


def with_free_batch(spec: Definition, notes: Notes) -> Definition:
    """The spec for any number of samples, where what it computes does not depend on the number that it says."""
    fixed = {entry.batch_size for entry in spec.entries if isinstance(entry, InputLayer)}
    fixed |= {spec.input.batch_size} if spec.input is not None else set()
    fixed.discard(None)
    if not fixed or any(map(_is_stateful, spec.layers)):
        return spec
    free = spec.replaced(
        input=None if spec.input is None else spec.input.model_copy(update={"batch_size": None}),
        entries=tuple(
            entry.model_copy(update={"batch_size": None}) if isinstance(entry, InputLayer) else entry
            for entry in spec.entries
        ),
    )
    try:
        _ = free.graph
    except SpecError:  # a layer inside depends on the batch size
        return spec
    sizes = ", ".join(map(str, sorted(size for size in fixed if size is not None)))
    notes.add(f"the batch size {sizes} of the input was left out: the model takes any number of samples")
    return free


def _is_stateful(layer: Layer) -> bool:
    return bool(getattr(layer, "stateful", False)) or any(map(_is_stateful, layer.inside))
