"""Whether a layer refuses sizes, by a trace of this layer alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from modelc.errors import Diagnostic, SpecError
from modelc.graph.builder import Builder
from modelc.graph.free_sizes import FreeSizes
from modelc.graph.graph import Value
from modelc.graph.sizes import expression_of
from modelc.graph.tensor import Tensor
from modelc.graph.types import TensorType
from modelc.language.trace import Tracer
from modelc.report.warnings.inside import all_records, layers_by_path
from modelc.semantics import SEMANTICS

if TYPE_CHECKING:
    from modelc.language.definition import Definition


def refusal(spec: Definition, free: FreeSizes, sizes: Mapping[str, int]) -> Diagnostic | None:
    """Why a layer refuses sizes for which a trace does not hold; None where only a trace of the whole model tells.

    A trace for other sizes is the same up to the layer that noted the first fact which does not hold for them. What
    this layer takes is known, and if it refuses that, so does the model.
    """
    values = free.values(sizes)
    changed = free.first_change(values)
    records = {record.name: record for record in all_records(spec.graph.layers)}
    record = None if changed is None else records.get(changed.layer)
    layers = layers_by_path(spec)
    layer = None if record is None else layers.get(record.name)
    if record is None or layer is None or record.uses > 1 or record.inner or _gets_more(spec, layers, record.name):
        return None
    builder = Builder(batch_size=spec.graph.batch_size, semantics=SEMANTICS[spec.semantics])
    try:
        Tracer(builder).apply(layer, [_input(builder, value, values) for value in record.inputs])
    except SpecError as error:
        return error.diagnostics[0]
    return None


def _gets_more(spec: Definition, layers: Mapping[str, Any], path: str) -> bool:
    """Whether a layer gets tensors by name, which are not among the inputs in its record."""
    models = {f"{above}/": layer.viewed.view for above, layer in layers.items() if layer.is_model}
    return any(
        use.tensors and f"{above}{use.layer}" == path
        for above, view in {"": spec.view, **models}.items()
        for use in view.wiring.uses
    )


def _input(builder: Builder, value: Value, values: Mapping[str, int]) -> Tensor:
    """An input of the shape that a value has where the free sizes have these values."""
    shape = tuple(None if size is None else expression_of(size).value(values) for size in value.type.shape)
    return builder.input(TensorType(shape, value.type.dtype))
