"""A spec as it was read, with its references written as a person would: only what is not clear by itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from modelc.graph.graph import LayerTrace
from modelc.language.definition import Definition
from modelc.language.names import resolve_names
from modelc.language.nested import ModelLayer
from modelc.language.wiring import Entry, Reuse, use_names
from modelc.layers.base import Layer
from modelc.layers.core.input_layer import InputLayer
from modelc.layers.wrappers.time_distributed import TimeDistributed

_FIRST = "[0]"
_BY_AXIS = ("BatchNormalization", "GroupNormalization", "Concatenate")


def tidied(spec: Definition) -> Definition:
    """The same spec in short.

    `dense[0]` is `dense` where that gives one tensor; `inputs` goes where it is the entry before, names where they are
    the automatic ones and nothing refers to them, `trainable` where the model around is frozen, an axis where it is
    the last one. Raises `SpecError` where a shape does not fit.
    """
    records = spec.graph.layers if spec.is_functional or spec.input is not None else ()
    return _spec(spec, {record.name: record for record in records}, "")


def _spec(spec: Definition, records: Mapping[str, LayerTrace], prefix: str) -> Definition:
    counts = {name: len(record.outputs) for name, record in records.items()}

    def short(reference: str) -> str:
        name = reference.removesuffix(_FIRST)
        return name if counts.get(f"{prefix}{name.partition('@')[0]}") == 1 else reference

    names = use_names(spec.entries)
    frozen = spec.freezes == ("*",)
    entries: list[Entry] = []
    for i, entry in enumerate(spec.entries):
        changes: dict[str, Any] = {}
        connections = _each(entry.connections, short)
        before = names[i - 1] if i else None
        if connections is not None and not (connections == before and not _is_first_of_several(spec.entries, i)):
            changes["connections"] = connections
        else:
            changes["connections"] = None
        if isinstance(entry, ModelLayer):
            record = records.get(f"{prefix}{names[i]}")
            inner = {r.name: r for r in record.inner} if record is not None else {}
            below = f"{prefix}{names[i]}/"
            if record is None and entry.spec.is_functional:
                # A model whose input is not known yet: what its inner models give is known all the same.
                inner = {f"{below}{r.name}": r for r in entry.spec.graph.layers}
            whole = entry.spec.replaced(freezes=()) if entry.trainable else entry.spec.replaced(freezes=("*",))
            changes["spec"] = _spec(whole, inner, below).replaced(freezes=())
        if isinstance(entry, TimeDistributed) and isinstance(entry.layer, ModelLayer):
            changes["layer"] = _wrapped(entry.layer)
        if isinstance(entry, Layer) and _is_last_axis(entry, records.get(f"{prefix}{names[i]}")):
            changes["axis"] = -1
        if frozen and isinstance(entry, Layer):
            changes["trainable"] = True
        entries.append(entry.model_copy(update=changes))
    returns: Any = (
        {key: short(one) for key, one in spec.returns.items()}
        if isinstance(spec.returns, dict)
        else _each(spec.returns, short)
    )
    if returns == (names[-1],):
        returns = None
    elif isinstance(returns, tuple) and len(cast("tuple[Any, ...]", returns)) == 1:
        returns = cast("tuple[Any, ...]", returns)[0]
    named = _without_automatic_names(entries, {_base(r) for r in _references(entries, returns)})
    return spec.replaced(entries=tuple(named), returns=returns)


def _wrapped(model: ModelLayer) -> ModelLayer:
    """A model that TimeDistributed applies to each step."""
    spec = model.spec
    inner = {layer.name: layer for layer in spec.graph.layers} if spec.is_functional or spec.input is not None else {}
    return model.model_copy(update={"spec": _spec(spec, inner, "")})


def _is_last_axis(layer: Layer, record: LayerTrace | None) -> bool:
    """Whether a layer says its axis by a number that means the last one, which is the default."""
    if record is None or layer.type_name() not in _BY_AXIS:
        return False
    return getattr(layer, "axis", None) == record.input.type.rank - 1


def _is_first_of_several(entries: Sequence[Entry], position: int) -> bool:
    """Whether only InputLayers, and more than one, precede an entry, which then must name the one that it takes."""
    return position > 1 and all(isinstance(entry, InputLayer) for entry in entries[:position])


def _each(connections: Any, change: Any) -> Any:
    if isinstance(connections, str):
        return change(connections)
    if isinstance(connections, tuple):
        return tuple(_each(one, change) for one in connections)  # pyright: ignore[reportUnknownVariableType]
    if isinstance(connections, dict):
        return {key: _each(one, change) for key, one in connections.items()}  # pyright: ignore[reportUnknownVariableType]
    return connections


def _references(entries: Iterable[Entry], returns: Any) -> list[str]:
    found: list[str] = []

    def note(reference: str) -> str:
        found.append(reference)
        return reference

    for entry in entries:
        _each(entry.connections, note)
        if isinstance(entry, Reuse):
            note(entry.use)
    _each(returns, note)
    return found


def _base(reference: str) -> str:
    return reference.partition("[")[0].partition("@")[0]


def _without_automatic_names(entries: Sequence[Entry], referred: set[str]) -> list[Entry]:
    """The entries without the names that they would get anyway, but for those that a reference says."""
    layers = [entry for entry in entries if isinstance(entry, Layer)]
    names = [str(layer.name) for layer in layers]
    candidates = {
        i for i, layer in enumerate(layers)
        if not isinstance(layer, InputLayer | ModelLayer) and names[i] not in referred and _could_be(layer, names[i])
    }  # fmt: skip
    while candidates:
        tried = [
            layer.model_copy(update={"name": None}) if i in candidates else layer for i, layer in enumerate(layers)
        ]
        wrong = {i for i, name in enumerate(resolve_names(tried)) if name != names[i]}
        if not wrong:
            made = iter(tried)
            return [next(made) if isinstance(entry, Layer) else entry for entry in entries]
        candidates -= wrong
    return list(entries)


def _could_be(layer: Layer, name: str) -> bool:
    rest = name.removeprefix(layer.auto_name())
    return rest == "" or (rest != name and rest[0] == "_" and rest[1:].isdecimal())
