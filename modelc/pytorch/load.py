"""`load_onto`: the weights of a PyTorch model for a spec of the same architecture."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from modelc.errors import Diagnostic, SpecError
from modelc.files.tensor_file import Tensors, open_tensors
from modelc.language.definition import Definition
from modelc.pytorch.entry import MapEntry
from modelc.pytorch.fits import Entries, fits
from modelc.pytorch.map_file import WeightsMap
from modelc.pytorch.parts import is_index, open_parts
from modelc.pytorch.pattern import PatternError
from modelc.pytorch.pickled import refuse_pickle
from modelc.pytorch.pieces import Piece, pieces_of, split_projections
from modelc.pytorch.propose import propose
from modelc.pytorch.slots import WeightSlot, slots_of
from modelc.text.unknown import unknown
from modelc.weights.assign import OwnArrays

Array = NDArray[Any]
Shape = tuple[int, ...]

_EPSILONS = {"BatchNormalization": 1e-5, "LayerNormalization": 1e-5, "GroupNormalization": 1e-5}
"""The defaults of PyTorch, which a file of weights does not hold."""


@dataclass(frozen=True)
class ImportedWeights:
    """The weights of a spec from a file of another framework, and how they were found."""

    arrays: Mapping[str, Array]
    """By path: what `spec.build(weights=…)` takes."""
    map: WeightsMap
    """What each of them is made of, complete."""
    notes: tuple[str, ...]
    """What a person should look at."""

    @property
    def tensors(self) -> frozenset[str]:
        """The names of the tensors in the file that they are made of."""
        return frozenset(name for entry in self.map.weights.values() for name in entry.tensors)


def load_onto(path: str | os.PathLike[str], spec: Definition, told: WeightsMap | None = None) -> ImportedWeights:
    """The weights in a safetensors file of a PyTorch model, or in those that its index names, for a spec.

    `told` says what is not to be worked out.

    Raises `FileFormatError` where the file is damaged or no safetensors file, `WeightsError` with every weight that
    nothing or more than one thing fits, `SpecError` where the map does not fit the file or the spec.
    """
    told = told or WeightsMap()
    refuse_pickle(path)
    with open_parts(path) if is_index(path) else open_tensors(path) as file:
        entries = _entries(file, spec, told)
        weights = {weight.path: weight for weight in spec.graph.stored}
        arrays = OwnArrays({path: entries[path].make(file.read, w.shape) for path, w in weights.items()})
        complete = WeightsMap({}, {path: entries[path] for path in weights}, told.ignore)
        return ImportedWeights(arrays, complete, tuple(_notes(file, spec)))


def _entries(file: Tensors, spec: Definition, told: WeightsMap) -> Entries:
    """The entry of every weight: those of the map, and those that follow from names, shapes and order."""
    slots = slots_of(spec)
    _check_weights(file, slots, told)
    used = {name for entry in told.weights.values() for name in entry.tensors}
    shapes = {name: shape for name, shape in file.floats.items() if name not in used}
    kept = {name: shape for name, shape in shapes.items() if not _is_ignored(name, told.ignore)}
    _check_ignored(file, told)
    pieces = pieces_of(kept)
    open_slots = [slot for slot in slots if not any(w.path in told.weights for w in slot.weights.values())]
    if not _takes_whole_projections(open_slots, pieces):
        pieces = split_projections(pieces)
    _check_layers(open_slots, pieces, told)
    found = propose(open_slots, pieces, told.layers)
    return {**told.weights, **{path: entry for entries in found.values() for path, entry in entries.items()}}


def _takes_whole_projections(slots: list[WeightSlot], pieces: list[Piece]) -> bool:
    """Whether a layer takes three projections as one matrix."""
    split = {piece.path for piece in split_projections(pieces)}
    whole = [piece for piece in pieces if piece.path not in split]
    return any(fits(slot, piece, inputs_first=piece.path.endswith("c_attn")) for piece in whole for slot in slots)


def _is_ignored(name: str, ignore: tuple[str, ...]) -> bool:
    return any(name == one or name.startswith(f"{one}.") for one in ignore)


def _check_ignored(file: Tensors, told: WeightsMap) -> None:
    mistakes = [
        told.diagnostic(("ignore", i), f"the file has no tensor and no module `{one}`")
        for i, one in enumerate(told.ignore)
        if not any(_is_ignored(name, (one,)) for name in (*file.floats, *file.others))
    ]
    if mistakes:
        raise SpecError(mistakes)


def _check_weights(file: Tensors, slots: list[WeightSlot], told: WeightsMap) -> None:
    """Raise `SpecError` unless the map's entries make weights of the spec from tensors of the file."""
    weights = {weight.path: (slot, weight) for slot in slots for weight in slot.weights.values()}
    mistakes: list[Diagnostic] = []
    for path, entry in told.weights.items():
        if path not in weights:
            mistakes.append(told.unknown_key(("weights", path), "weight", list(weights)))
            continue
        slot, weight = weights[path]
        mistakes += _entry_mistakes(file, path, entry, weight.shape, told)
        rest = [other.path for other in slot.weights.values() if other.path not in told.weights]
        if rest:
            message = f"the map says what `{path}` is made of, and not `{rest[0]}`, which is filled together with it"
            mistakes.append(told.diagnostic(("weights", path), message, "say it of both, or of neither"))
    if mistakes:
        raise SpecError(mistakes)


def _entry_mistakes(file: Tensors, path: str, entry: MapEntry, shape: Shape, told: WeightsMap) -> Iterator[Diagnostic]:
    missing = [name for name in entry.tensors if name not in file.floats]
    for name in missing:
        if name in file.others:
            yield told.diagnostic(("weights", path), f"the tensor `{name}` holds {file.others[name]}, not floats")
        else:
            yield told.diagnostic(("weights", path), *unknown("tensor", name, list(file.floats)))
    if not missing:
        try:
            entry.check(file.floats, shape)
        except PatternError as error:
            yield told.diagnostic(("weights", path), f"`{path}`: {error}")


def _check_layers(slots: list[WeightSlot], pieces: list[Piece], told: WeightsMap) -> None:
    """Raise `SpecError` unless the map's modules are in the file and fill the layers that it names them for."""
    by_path, modules = {slot.path: slot for slot in slots}, {piece.path: piece for piece in pieces}
    mistakes: list[Diagnostic] = []
    for path, module in told.layers.items():
        keys = ("layers", path)
        if path not in by_path:
            mistakes.append(told.unknown_key(("layers", path), "layer", list(by_path)))
        elif module not in modules:
            mistakes.append(told.diagnostic(keys, *unknown("module", module, list(modules))))
        elif not fits(by_path[path], modules[module]):
            message = f"{modules[module].described()} does not fit the {by_path[path].kind} {by_path[path].described()}"
            mistakes.append(told.diagnostic(keys, message))
    twice = [module for module in set(told.layers.values()) if list(told.layers.values()).count(module) > 1]
    mistakes += [told.diagnostic(("layers",), f"`{module}` is said to fill two layers") for module in sorted(twice)]
    if mistakes:
        raise SpecError(mistakes)


def _notes(file: Tensors, spec: Definition) -> Iterator[str]:
    if file.others:
        names = sorted(file.others)
        shown = ", ".join(f"`{name}`" for name in names[:3])
        yield f"{len(names)} tensors without floats were left out: {shown}{', …' if len(names) > 3 else ''}"
    for type_name, usual in _EPSILONS.items():
        other = [
            layer
            for layer in spec.layers
            if layer.type_name() == type_name and getattr(layer, "epsilon", usual) != usual
        ]
        if other:
            yield (
                f"`epsilon` is in no file of weights: {len(other)} {type_name} layers such as `{other[0].name}` have "
                f"{getattr(other[0], 'epsilon', usual)}, and PyTorch's default is {usual}"
            )
