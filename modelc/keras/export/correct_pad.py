"""`ZeroPadding2D(correct_pad=…)` for Keras, which has amounts only: `keras.applications` computes these as well."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import cast

from modelc.errors import UnsupportedError
from modelc.graph.graph import leaves
from modelc.graph.sizes import is_free
from modelc.language.definition import Definition
from modelc.language.nested import ModelLayer
from modelc.language.wiring import use_names
from modelc.layers.base import Layer
from modelc.layers.inside import replaced_inside
from modelc.layers.reshaping.padding import ZeroPadding2D
from modelc.ops.scan import with_inner
from modelc.ops.shape import Pad

_Pads = tuple[tuple[int, int], ...]


def with_amounts(spec: Definition) -> Definition:
    """The spec with `padding` in place of `correct_pad`, as the sizes that are traced say.

    Where a size is free, so that it may be even or odd, the amounts are those for an even one. So does
    `keras.applications` for (None, None, 3). Raises `UnsupportedError` where a layer is used for sizes of both
    kinds.
    """
    if not any(map(_has_any, spec.layers)):
        return spec
    return _of_spec(spec, _pads_of_layers(spec), "")


def padded_as_even(spec: Definition) -> list[str]:
    """The layers, by path, for which the amounts are those for an even size since it is free."""
    if not any(map(_has_any, spec.layers)) or not (spec.is_functional or spec.input is not None):
        return []
    padding = {record.name for record in leaves(spec.graph.layers) if record.type == ZeroPadding2D.type_name()}
    return [
        path
        for path, traced in _pads_of_layers(spec).items()
        if path in padding and any(is_free(before) for pads in traced for before, _ in pads)
    ]


def _has_any(layer: Layer) -> bool:
    return _is_one(layer) or any(map(_has_any, layer.inside))


def _is_one(layer: Layer) -> bool:
    return isinstance(layer, ZeroPadding2D) and layer.correct_pad is not None


def _pads_of_layers(spec: Definition) -> Mapping[str, set[_Pads]]:
    """What is padded in each layer, by its path; nothing where no input shape is known."""
    found: dict[str, set[_Pads]] = {}
    if spec.is_functional or spec.input is not None:
        for node in with_inner(spec.graph.nodes):
            if isinstance(node.op, Pad):
                found.setdefault(node.output.layer, set()).add(node.op.pads)
    return found


def _of_spec(spec: Definition, pads: Mapping[str, set[_Pads]], prefix: str) -> Definition:
    entries = tuple(
        _of_layer(entry, pads, f"{prefix}{name}") if isinstance(entry, Layer) else entry
        for entry, name in zip(spec.entries, use_names(spec.entries), strict=True)
    )
    return spec.replaced(entries=entries)


def _of_layer(layer: Layer, pads: Mapping[str, set[_Pads]], path: str) -> Layer:
    if isinstance(layer, ModelLayer):
        return layer.model_copy(update={"spec": _of_spec(layer.spec, pads, f"{path}/")})
    if _is_one(layer):
        return _written_out(cast("ZeroPadding2D", layer), pads.get(path, set()), path)
    if not _has_any(layer):
        return layer
    inside = replaced_inside(
        layer, lambda one: _of_layer(one, pads, f"{path}/{one.label}" if isinstance(one, ModelLayer) else path)
    )
    return layer.model_copy(update=inside)


def _written_out(layer: ZeroPadding2D, traced: Iterable[_Pads], path: str) -> ZeroPadding2D:
    assert layer.correct_pad is not None
    axes = slice(-2, None) if layer.data_format == "channels_first" else slice(-3, -1)
    even = tuple((window // 2 - 1, window // 2) for window in layer.correct_pad)
    amounts = {
        tuple(pair if is_free(axis[0]) else axis for axis, pair in zip(pads[axes], even, strict=True))
        for pads in traced
    } or {even}  # fmt: skip
    if len(amounts) > 1:
        raise UnsupportedError(
            f"`{path}` pads by `correct_pad` at several places, where sizes are even and where they are odd, and Keras "
            "has one number for all of them: use a layer for each place"
        )
    return layer.model_copy(update={"padding": amounts.pop(), "correct_pad": None})
