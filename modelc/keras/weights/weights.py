"""From the arrays of a file that Keras saved to the weights of a model, by structure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelc.errors import FileFormatError, WeightsError
from modelc.graph.graph import Weight
from modelc.keras.config.naming import keys_of
from modelc.keras.file import KerasFile
from modelc.keras.keras1.load import is_of_keras_1, keras_1_arrays
from modelc.keras.weights.cudnn import bias_shape, converted, of_cudnn
from modelc.keras.weights.layout import Members, numbered, places
from modelc.keras.weights.legacy import legacy_pairs
from modelc.keras.weights.lora import is_change
from modelc.keras.weights.quantized import GROUPED, SCALE, dequantized, is_packed, of_group, of_named
from modelc.keras.weights.theano import straightened
from modelc.keras.weights.tree import LayerNode, number_in
from modelc.language.names import unescaped
from modelc.layers import LAYERS
from modelc.semantics import KernelOrder, kernel_order_of
from modelc.weights.variable import Variable

Array = NDArray[Any]
Shape = tuple[int, ...]
Pairs = list[tuple[str, str]]
"""Our paths, each with that of its array in the file."""

# What else a file holds besides the weights: the optimizer and metrics, those of a compiled model that is a layer of
# another one, too, the state of random numbers, and what IntegerLookup says in its options as well.
_TRAINING_STATE = re.compile(
    r"(?:layers/\w+/)*(?:optimizer|optimizer_weights|\w*metrics|loss\w*)/.*|(?:.*/)?(?:seed_generator|_?random_generator)(?:_\d+)?/.*"
    r"|(?:.*/)?integer_lookup(?:_\d+)?/vars/idf_weights"
)


@dataclass(frozen=True, slots=True)
class LoadedWeight:
    """A weight and the array that it has now."""

    path: str
    stored: str
    shape: Shape


@dataclass(frozen=True, slots=True)
class MisShaped:
    """A weight and the array in its place, which does not fit."""

    path: str
    stored: str
    expected: Shape
    found: Shape


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What became of every weight of the model, by our paths, and of every array, by its path in the file."""

    file: str
    loaded: tuple[LoadedWeight, ...]
    missing: tuple[tuple[str, Shape], ...]
    """Weights for which the file has no array."""
    unexpected: tuple[tuple[str, Shape], ...]
    """Arrays that belong to no weight."""
    mis_shaped: tuple[MisShaped, ...]
    ignored: tuple[str, ...]
    """Arrays that are no weights: the state of an optimizer, of metrics, of random numbers."""

    @property
    def complete(self) -> bool:
        """Whether every weight was loaded and no array is left."""
        return not (self.missing or self.unexpected or self.mis_shaped)

    def lines(self) -> list[str]:
        """What did not fit, a line for each."""
        return [
            *(f"missing: `{path}` {shape}" for path, shape in self.missing),
            *(f"mis-shaped: `{m.path}` is {m.found} in `{m.stored}`, expected {m.expected}" for m in self.mis_shaped),
            *(f"unexpected: `{stored}` {shape}" for stored, shape in self.unexpected),
        ]


def match(
    file: KerasFile, tree: LayerNode, weights: Sequence[Weight | Variable], *, partial: bool = False
) -> tuple[dict[str, Array], LoadReport]:
    """The arrays of a file for the weights of a model, by our paths, as float32; and what became of each.

    `tree` describes the model by the names in our paths; its layers are in Keras's order. Raises `WeightsError` with
    every weight and array that does not fit, before anything is read, unless `partial`: then those that fit are
    loaded. Low-rank changes are zeros where Keras saved
    kernels with theirs added. Raises `FileFormatError` where the file is
    damaged.
    """
    if is_of_keras_1(file):
        return _of_keras_1(file, tree, weights, partial=partial)
    changes = {w.path: np.zeros(w.shape, np.float32) for w in weights if is_change(w.path) and not file.is_legacy}
    weights = [w for w in weights if w.path not in changes]
    keys = keys_of(tree, [w.path for w in weights])
    keyed = [(keys[w.path], w) for w in weights]
    further: dict[str, Sequence[str]] = {}
    pairs = legacy_pairs(file, tree, keyed) if file.is_legacy else _pairs(file, tree, list(keys.values()), further)
    paths = {key: path for path, key in keys.items()}
    pairs = [(paths[key], stored) for key, stored in pairs]
    shapes, expected = file.shapes, {w.path: w.shape for w in weights}
    cells = of_cudnn(pairs, expected, shapes)
    quantized = {paths[key]: rest for key, rest in further.items()}
    if file.is_legacy:
        quantized = {path: rest for path, stored in pairs if (rest := of_named(stored, file.hdf5.arrays))}
    report = _report(
        file,
        [*pairs, *((f"{path}/quantized", one) for path, rest in quantized.items() for one in rest)],
        weights,
        {
            stored: bias_shape(expected[f"{cell}/bias"], shapes[stored])
            for path, stored in pairs
            for cell in cells
            if path == f"{cell}/bias"
        }
        | {
            stored: expected[path]
            for path, stored in pairs
            if path in quantized and is_packed(shapes[stored], expected[path])
        },
    )
    _require_complete(report, partial=partial)
    arrays = converted({loaded.path: file.read(loaded.stored) for loaded in report.loaded}, cells)
    for path, rest in quantized.items():
        if path in arrays and len(rest) in (SCALE, GROUPED):
            try:
                arrays[path] = dequantized(path, arrays[path], expected[path], [file.read(one) for one in rest])
            except ValueError as error:
                raise FileFormatError(f"`{file.name}` is damaged: the scales of `{path}`: {error}") from None
    if kernel_order_of(file.backend) is KernelOrder.FLIPPED:
        keyed_arrays = straightened({keys[path]: array for path, array in arrays.items()}, tree)
        arrays = {paths[key]: array for key, array in keyed_arrays.items()}
    return {**arrays, **changes}, report


def _of_keras_1(
    file: KerasFile, tree: LayerNode, weights: Sequence[Weight | Variable], *, partial: bool
) -> tuple[dict[str, Array], LoadReport]:
    found = keras_1_arrays(file, tree, {w.path: w.shape for w in weights})
    fits = {w.path: w.shape == found.arrays[w.path].shape for w in weights if w.path in found.arrays}
    report = LoadReport(
        file=file.name,
        loaded=tuple(LoadedWeight(w.path, found.stored[w.path], w.shape) for w in weights if fits.get(w.path)),
        missing=tuple((w.path, w.shape) for w in weights if w.path not in fits),
        unexpected=tuple((path, file.shapes[path]) for path in found.left),
        mis_shaped=tuple(
            MisShaped(w.path, found.stored[w.path], w.shape, found.arrays[w.path].shape)
            for w in weights
            if fits.get(w.path) is False
        ),
        ignored=(),
    )
    _require_complete(report, partial=partial)
    return {loaded.path: np.ascontiguousarray(found.arrays[loaded.path]) for loaded in report.loaded}, report


def _require_complete(report: LoadReport, *, partial: bool) -> None:
    if not report.complete and not partial:
        lines = [f"`{report.file}` does not match the model; nothing was loaded:", *report.lines()]
        raise WeightsError("\n  ".join(lines))


def _report(
    file: KerasFile, pairs: Pairs, weights: Iterable[Weight | Variable], read_as: Mapping[str, Shape]
) -> LoadReport:
    """What becomes of each; `read_as` are the shapes of arrays that are read in another one."""
    expected, shapes = {w.path: w.shape for w in weights}, {**file.shapes, **read_as}
    stored_of: dict[str, str] = {}
    for path, stored in pairs:
        stored_of.setdefault(path, stored)
    fits = {path: shapes[stored] == expected[path] for path, stored in stored_of.items() if path in expected}
    left = [s for s in shapes if s not in {stored for _, stored in pairs}]
    ignored = tuple(s for s in left if _TRAINING_STATE.fullmatch(s))
    return LoadReport(
        file=file.name,
        loaded=tuple(LoadedWeight(p, stored_of[p], expected[p]) for p in expected if fits.get(p)),
        missing=tuple((p, shape) for p, shape in expected.items() if p not in stored_of),
        unexpected=tuple((s, shapes[s]) for s in left if s not in ignored),
        mis_shaped=tuple(
            MisShaped(p, stored_of[p], expected[p], shapes[stored_of[p]]) for p in expected if fits.get(p) is False
        ),
        ignored=ignored,
    )


def _pairs(file: KerasFile, tree: LayerNode, paths: Sequence[str], further: dict[str, Sequence[str]]) -> Pairs:
    """The arrays for the weights; what quantization keeps of a layer goes to `further`, by its first weight."""
    groups = _Groups(file)
    pairs: Pairs = []
    for place in places(tree, paths, groups.names):
        stored = groups.arrays(place.group)
        # With other arrays more or fewer, which is which can only be guessed.
        count, rest = of_group(place.weights, stored, file.hdf5.arrays)
        pairs += zip(place.weights[:count], stored[:count], strict=True)
        if rest:
            further[place.weights[0]] = rest
    return pairs


class _Groups:
    """The groups of a file by the paths that Keras 3.15 gives them; other versions spell some of them otherwise."""

    def __init__(self, file: KerasFile) -> None:
        self._file = file
        self._spelled: dict[str, str] = {}
        for group in sorted(file.hdf5.groups, key=len):
            self._spelled.setdefault(_current(group), group)
        self._holders: dict[str, set[str]] = {}
        """The members of a container below which there are arrays."""
        for path in file.hdf5.arrays:
            if not _TRAINING_STATE.fullmatch(path):
                parts = _current(path).split("/")
                for i in range(1, len(parts)):
                    self._holders.setdefault("/".join(parts[:i]), set()).add(parts[i])

    def arrays(self, group: str) -> list[str]:
        """The arrays `0`, `1`, … of a group, as far as they go; none where there are others as well."""
        spelled = self._spelled.get(_current(group))
        present = self._holders.get(_current(group), set())
        names = [str(i) for i in range(len(present))]
        paths = [f"{spelled}/{name}" for name in names]
        return paths if spelled is not None and all(path in self._file.hdf5.arrays for path in paths) else []

    def names(self, container: str, members: Members) -> list[str]:
        """Which group belongs to which layer: the k-th of a class to the k-th of that class, where that works out.

        Counting is over those with weights, since Keras 2.13 skips numbers. Where a class has more or fewer groups
        than layers, the names decide which Keras 3 notes in the groups; in files without them, the numbers.
        """
        found = self._holders.get(container, set())
        ranked: dict[int, str] = {}
        for base in {node.group_name for node, _ in members}:
            ours = [i for i, (node, scope) in enumerate(members) if scope is not None and node.group_name == base]
            numbers = {name: number for name in found if (number := number_in(base, name)) is not None}
            theirs = sorted(numbers, key=numbers.__getitem__)
            if len(ours) != len(theirs):
                return self._by_name(container, members, found) or numbered(container, members)
            ranked.update(zip(ours, theirs, strict=True))
        return [ranked.get(i, "") for i in range(len(members))]

    def _by_name(self, container: str, members: Members, found: set[str]) -> list[str] | None:
        noted: dict[str, str] = {}
        for group in sorted(found):
            spelled = self._spelled.get(f"{container}/{group}/vars")
            name = self._file.hdf5.strings(spelled, "name") if spelled is not None else None
            if not name:
                return None
            noted[name[0]] = group
        groups = [noted.get(unescaped(node.name), "") for node, _ in members]
        fits = (number_in(node.group_name, group) is not None for group, (node, _) in zip(groups, members, strict=True))
        return [group if fit else "" for group, fit in zip(groups, fits, strict=True)]


def _current(path: str) -> str:
    """A path as Keras 3.15 spells it, but for the underscores before the inner layers of attention."""
    return "/".join(map(_current_part, path.split("/")))


def _current_part(part: str) -> str:
    if part == "_layer_checkpoint_dependencies":  # Keras 2.12 and 2.13
        return "layers"
    return part[1:] if part[:1] == "_" and part in _projections() else part


def _projections() -> frozenset[str]:
    """The attributes that hold projections of attention, with the underscore before all of them."""
    return frozenset(f"_{one.removeprefix('_')}" for one, _ in LAYERS["MultiHeadAttention"].keras_projections)
