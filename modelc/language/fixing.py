"""A definition in which sizes that were free are fixed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from modelc.config.arguments import kind_of
from modelc.errors import Diagnostic, SpecError
from modelc.graph.refused import bounds_told
from modelc.language.sizes import NO_BOUNDS, SizeBounds, free_names, symbol_of
from modelc.language.view import all_input_shapes, input_shapes, written_shapes
from modelc.language.wiring import ANONYMOUS_INPUT, use_names
from modelc.layers.core.input_layer import InputLayer
from modelc.text.unknown import unknown

if TYPE_CHECKING:
    from modelc.language.definition import Definition

_IN_SPEC = "the bounds are those of `sizes` in the spec"


def require_sizes_of(spec: Definition, sizes: Any, owner: str) -> dict[str, int]:
    """The sizes by name, of free ones and within their bounds; `owner` is the argument that gives them.

    Raises `SpecError` with every one that is not.
    """
    if not isinstance(sizes, Mapping):
        message = f"`{owner}` must be a mapping of names to sizes, found {kind_of(sizes)}"
        raise SpecError(Diagnostic("E203", message, 'write {"time": 128}', owner))
    known = free_names(input_shapes(spec))
    found: list[Diagnostic] = []
    checked: dict[str, int] = {}
    for name, size in cast("Mapping[Any, Any]", sizes).items():
        mistake = _mistake(spec, name, size, known)
        if mistake is None:
            checked[str(name)] = int(size)
        else:
            found.append(Diagnostic(*mistake, owner))
    if found:
        raise SpecError(found)
    return checked


def _mistake(spec: Definition, name: Any, size: Any, known: Sequence[str]) -> tuple[str, str, str | None] | None:
    """What is wrong with a size for one of the free ones: code, message and help."""
    if name not in known:
        otherwise = f"the free sizes of the inputs are {', '.join(known)}" if known else "no size of the model is free"
        return ("E305", *unknown("size", str(name), known, otherwise=otherwise))
    if isinstance(size, bool) or not hasattr(size, "__index__"):
        return "E203", f"the size `{name}` must be an integer, found {kind_of(size)}", None
    told = _outside(name, int(size), spec.sizes)
    return None if told is None else ("E204", told, _IN_SPEC if name in spec.sizes else None)


def _outside(name: str, size: int, bounds: Mapping[str, SizeBounds]) -> str | None:
    """What to say of a size that its bounds exclude."""
    symbol = symbol_of(name, bounds.get(name, NO_BOUNDS))
    if symbol.least <= size <= symbol.largest and size % symbol.unit == 0:
        return None
    return f"the size `{name}` is {size}, and must be {bounds_told(symbol)}"


def with_sizes(spec: Definition, sizes: Mapping[str, int]) -> dict[str, Any]:
    """The fields of a definition whose free sizes of these names are fixed."""
    named, written = all_input_shapes(spec), written_shapes(spec)
    shapes = {
        owner: tuple(sizes.get(name, size) for name, size in zip(named[owner], written[owner], strict=True))
        for owner in named
    }
    changes: dict[str, Any] = {"sizes": {name: one for name, one in spec.sizes.items() if name not in sizes}}
    if spec.is_functional:
        changes["entries"] = tuple(
            entry.model_copy(update={"shape": shapes[name]}) if isinstance(entry, InputLayer) else entry
            for name, entry in zip(use_names(spec.entries), spec.entries, strict=True)
        )
    elif spec.input is not None:
        changes["input"] = spec.input.model_copy(update={"shape": shapes[ANONYMOUS_INPUT]})
    return changes


def with_shape(spec: Definition, name: str, shape: Sequence[Any]) -> tuple[tuple[Any, ...], dict[str, SizeBounds]]:
    """The new shape of the input `name`, and the bounds of the free sizes that the definition then has.

    A size that stays free without a name keeps the one that it had. Raises `SpecError` where a size in the new shape is
    outside of the bounds of the free one.
    """
    old = all_input_shapes(spec).get(name, ())
    if len(old) == len(shape):
        for was, size in zip(old, shape, strict=True):
            told = _outside(was, size, spec.sizes) if isinstance(was, str) and isinstance(size, int) else None
            if told is not None:
                raise SpecError(Diagnostic("E204", told, _IN_SPEC, "input_shape"))
        kept = zip(written_shapes(spec)[name], shape, strict=True)
        shape = [was if size is None and isinstance(was, str) else size for was, size in kept]
    free = free_names({**all_input_shapes(spec), name: shape})
    return tuple(shape), {size: bounds for size, bounds in spec.sizes.items() if size in free}
