"""`Diff`: the differences between two models: their layers, costs and weights."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from modelc.config.options import Precision
from modelc.graph.expressions import SizeSymbol
from modelc.graph.formula import formula
from modelc.graph.sizes import expression_of, free_in
from modelc.language.labels import labels_of
from modelc.language.pictures import preprocessing_of
from modelc.report.align import align
from modelc.report.counted import Amount, amount, bounds_of, free_sizes_of
from modelc.report.parts import LayerPart, Names, Port, inputs_of, outputs_of, parts_of
from modelc.report.summary import Summary, summarize
from modelc.report.weights import WeightMatch, match_weights
from modelc.semantics import SemanticsName

if TYPE_CHECKING:
    from modelc.language.definition import Definition


@dataclass(frozen=True, slots=True)
class Option:
    """An option that differs. None stands for an option that only the other type has, or for a default inside another
    option."""

    name: str
    before: Any
    after: Any

    def to_dict(self) -> dict[str, Any]:
        """The documented JSON form."""
        return {"option": self.name, "from": self.before, "to": self.after}


@dataclass(frozen=True, slots=True)
class LayerPair:
    """A layer that both models have."""

    before: LayerPart
    after: LayerPart
    options: tuple[Option, ...]
    """The options that differ; `type` and `inputs` count as options."""
    moved: bool
    """Whether its position among the common layers differs."""

    @property
    def renamed(self) -> bool:
        """Whether its path differs."""
        return self.before.path != self.after.path

    @property
    def changed(self) -> bool:
        """Whether more than its path differs."""
        return bool(self.options) or self.moved

    @property
    def reshaped(self) -> bool:
        """Whether the shape of its output or of a weight differs."""
        return self.before.output_shapes != self.after.output_shapes or self.before.params != self.after.params

    def to_dict(self) -> dict[str, Any]:
        """The documented JSON form."""
        return {
            "name": self.after.path,
            "from_name": self.before.path,
            "type": self.after.type,
            "options": [option.to_dict() for option in self.options],
            "moved": self.moved,
            "params": {"from": self.before.params, "to": self.after.params},
            "output_shapes": {"from": _shapes(self.before), "to": _shapes(self.after)},
        }


@dataclass(frozen=True, slots=True)
class Removed:
    """A layer that only the first model has."""

    part: LayerPart


@dataclass(frozen=True, slots=True)
class Added:
    """A layer that only the second model has."""

    part: LayerPart


@dataclass(frozen=True, slots=True)
class Count:
    """An amount of both models, and how much more it is in the second: numbers, or formulas in unknown sizes."""

    amounts: tuple[Amount, Amount, Amount]

    @property
    def before(self) -> int | None:
        """The number of the first model; None where it is a formula."""
        return self.amounts[0].number

    @property
    def after(self) -> int | None:
        """The number of the second model; None where it is a formula."""
        return self.amounts[1].number

    @property
    def change(self) -> int | None:
        """The second number less the first; None where that is a formula."""
        return self.amounts[2].number

    def to_dict(self) -> dict[str, Any]:
        """The documented JSON form."""
        before, after, change = self.amounts
        return {**before.to_dict("from"), **after.to_dict("to"), **change.to_dict("change")}


@dataclass(frozen=True, slots=True)
class FreeSize:
    """A size that a model leaves free, where it occurs in the inputs, and its bounds: names do not count."""

    symbol: SizeSymbol
    axes: tuple[tuple[int, int], ...]
    """The numbers of inputs and of their axes."""

    @property
    def meaning(self) -> tuple[Any, ...]:
        """Equal for sizes that differ in name only."""
        return self.axes, *bounds_of(self.symbol).values()


@dataclass(frozen=True)
class Diff:
    """The differences between two models. `str` formats them as text; true if there are any."""

    names: tuple[str, str]
    inputs: tuple[tuple[Port, ...], tuple[Port, ...]]
    outputs: tuple[tuple[Port, ...], tuple[Port, ...]]
    inputs_differ: bool
    outputs_differ: bool
    layers: tuple[LayerPair | Removed | Added, ...]
    """The layers of both models in the order of the second; removed layers follow the layer that they followed
    before."""
    counts: Mapping[str, Count]
    """`params`, `trainable_params`, `non_trainable_params`, `macs` per sample, and `activation_memory` in bytes."""
    batch_size: int
    weights: WeightMatch
    semantics: tuple[SemanticsName, SemanticsName] = ("keras3", "keras3")
    """The `semantics` of both."""
    precision: tuple[Precision, Precision] = ("fast", "fast")
    """The `precision` of both."""
    preprocessing: tuple[list[Any], list[Any]] = ([], [])
    """For both, for each input, the options of what is done to pictures, or None; empty where nothing is said."""
    labels: tuple[list[Any], list[Any]] = ([], [])
    """For both, for each output, the names of the classes, or None; empty where there are none."""
    sizes: tuple[tuple[FreeSize, ...], tuple[FreeSize, ...]] = ((), ())
    """The sizes that both leave free."""
    counted_for: tuple[Mapping[str, int], Mapping[str, int]] = ({}, {})
    """The free sizes that the costs of both are for; they are formulas in others."""

    @property
    def sizes_differ(self) -> bool:
        """Whether free sizes may be others, or must agree elsewhere."""
        return [size.meaning for size in self.sizes[0]] != [size.meaning for size in self.sizes[1]]

    @property
    def removed(self) -> tuple[LayerPart, ...]:
        """The layers that only the first model has."""
        return tuple(layer.part for layer in self.layers if isinstance(layer, Removed))

    @property
    def added(self) -> tuple[LayerPart, ...]:
        """The layers that only the second model has."""
        return tuple(layer.part for layer in self.layers if isinstance(layer, Added))

    @property
    def pairs(self) -> tuple[LayerPair, ...]:
        """The layers that both have."""
        return tuple(layer for layer in self.layers if isinstance(layer, LayerPair))

    @property
    def changed(self) -> tuple[LayerPair, ...]:
        """The layers with other options, or at another position."""
        return tuple(pair for pair in self.pairs if pair.changed)

    @property
    def renamed(self) -> tuple[LayerPair, ...]:
        """The layers that differ only in name."""
        return tuple(pair for pair in self.pairs if pair.renamed and not pair.changed)

    @property
    def reshaped(self) -> tuple[LayerPair, ...]:
        """The layers with equal options but other shapes, caused by earlier changes."""
        return tuple(pair for pair in self.pairs if pair.reshaped and not pair.changed)

    def __bool__(self) -> bool:
        return (
            self.names[0] != self.names[1] or self.semantics[0] != self.semantics[1]
            or self.precision[0] != self.precision[1]
            or self.preprocessing[0] != self.preprocessing[1] or self.labels[0] != self.labels[1]
            or self.inputs_differ or self.outputs_differ or self.sizes_differ
            or bool(self.removed or self.added or self.changed or self.renamed)
        )  # fmt: skip

    def to_dict(self) -> dict[str, Any]:
        """The documented JSON form; the keys are stable."""
        return {
            "same": not self,
            "name": {"from": self.names[0], "to": self.names[1]},
            "semantics": {"from": self.semantics[0], "to": self.semantics[1]},
            "precision": {"from": self.precision[0], "to": self.precision[1]},
            "preprocessing": {"from": self.preprocessing[0], "to": self.preprocessing[1]},
            "labels": {"from": self.labels[0], "to": self.labels[1]},
            "inputs": _ports(self.inputs, self.inputs_differ),
            "outputs": _ports(self.outputs, self.outputs_differ),
            **(self._free() if any(self.sizes) else {}),
            "removed": [part.to_dict() for part in self.removed],
            "added": [part.to_dict() for part in self.added],
            "changed": [pair.to_dict() for pair in self.changed],
            "renamed": [{"from": pair.before.path, "to": pair.after.path} for pair in self.renamed],
            "reshaped": [pair.to_dict() for pair in self.reshaped],
            "unchanged": sum(not (pair.changed or pair.renamed) for pair in self.pairs),
            "batch_size": self.batch_size,
            **{name: count.to_dict() for name, count in self.counts.items()},
            "weights": self.weights.to_dict(),
        }

    def _free(self) -> dict[str, Any]:
        """What the JSON form has besides where a model leaves sizes free."""
        counted = {"from": dict(self.counted_for[0]), "to": dict(self.counted_for[1])}
        sizes = {"differ": self.sizes_differ, "from": _bounds(self.sizes[0]), "to": _bounds(self.sizes[1])}
        return {"sizes": {**sizes, "counted_for": counted}}

    def to_json(self, indent: int | None = 2) -> str:
        """`to_dict` as JSON."""
        import json

        return json.dumps(self.to_dict(), indent=indent, ensure_ascii=False)

    def _repr_html_(self) -> str:
        from modelc.report.diff.html import diff_as_html

        return diff_as_html(self)

    def __str__(self) -> str:
        from modelc.report.diff.text import as_lines

        return "\n".join(line for _, line in as_lines(self))


def compare(a: Definition, b: Definition, batch_size: int = 1, sizes: Mapping[str, int] | None = None) -> Diff:
    """Compare the models `a` and `b`; `batch_size` is the batch size for activation memory.

    `sizes` are those of free sizes that costs are for, by name, in the models that have them; the others are their
    `max`, or stay in formulas.

    Weight files, limits and formatting are not compared. Raises `SpecError` if a shape does not fit or an input shape
    is not known.
    """
    of_a, of_b = parts_of(a), parts_of(b)
    matched = align([part.candidate for part in of_a], [part.candidate for part in of_b])
    ins, outs = (inputs_of(a.graph), inputs_of(b.graph)), (outputs_of(a.graph), outputs_of(b.graph))
    each = _of_each(a, b, sizes or {})
    summaries = (
        summarize(a, batch_size=batch_size, sizes=each[0]),
        summarize(b, batch_size=batch_size, sizes=each[1]),
    )
    names = Names(
        {of_a[i].path: of_b[j].path for i, j in matched}
        | {x.name: y.name for x, y in zip(*ins, strict=False)}
    )  # fmt: skip
    return Diff(
        names=(a.name, b.name),
        inputs=ins,
        outputs=outs,
        inputs_differ=ins[0] != ins[1],
        outputs_differ=[(a.graph.output_keys, names.of(x.source), x.shape) for x in outs[0]]
        != [(b.graph.output_keys, x.source, x.shape) for x in outs[1]],
        layers=tuple(_merged(of_a, of_b, matched, names)),
        counts=_counts(*summaries),
        batch_size=batch_size,
        weights=match_weights(a.graph, b.graph, names),
        semantics=(a.semantics, b.semantics),
        precision=(a.precision, b.precision),
        preprocessing=(_preprocessing(a), _preprocessing(b)),
        labels=(_said(labels_of(a)), _said(labels_of(b))),
        sizes=(_free(summaries[0]), _free(summaries[1])),
        counted_for=(summaries[0].sizes, summaries[1].sizes),
    )


def _preprocessing(definition: Definition) -> list[Any]:
    return _said([None if how is None else how.model_dump() for how in preprocessing_of(definition)])


def _said(values: Sequence[Any]) -> list[Any]:
    """What is said for each input or output; nothing where nothing is said for any."""
    return list(values) if any(value is not None for value in values) else []


def _merged(
    a: Sequence[LayerPart], b: Sequence[LayerPart], matched: Sequence[tuple[int, int]], names: Names
) -> Iterator[LayerPair | Removed | Added]:
    """The layers of both lists; `matched` are the positions of those that belong together."""
    of_b = {j: i for i, j in matched}
    kept = {i for i, _ in matched}
    stayed = _in_place([i for i, _ in matched])

    def gone(start: int) -> Iterator[Removed]:
        """The layers from a position on that are only in the first list."""
        for i in range(start, len(a)):
            if i in kept:
                return
            yield Removed(a[i])

    yield from gone(0)
    for j, part in enumerate(b):
        i = of_b.get(j)
        if i is None:
            yield Added(part)
        else:
            yield LayerPair(a[i], part, _options(a[i], part, names), i not in stayed)
            yield from gone(i + 1)


def _options(before: LayerPart, after: LayerPart, names: Names) -> tuple[Option, ...]:
    """The options of a layer that differ."""
    changes: list[Option] = []
    if before.type != after.type:
        changes.append(Option("type", before.type, after.type))
    for key in dict.fromkeys([*before.options, *after.options]):
        values = before.value(key), after.value(key)
        if key == "outputs":
            values = values if _mapped_outputs(values[0], names) != _mapped_outputs(values[1]) else (None, None)
        changes += _different(key, *values)
    if not (before.follows and after.follows) and _mapped(before.sources, names) != _mapped(after.sources):
        changes.append(Option("inputs", list(before.sources), list(after.sources)))
    return tuple(changes)


def _different(name: str, before: Any, after: Any) -> Iterator[Option]:
    """The option if it differs; of a layer or an initializer that is an option, what differs in it."""
    if before == after:
        return
    if isinstance(before, dict) and isinstance(after, dict):
        x, y = cast("dict[str, Any]", before), cast("dict[str, Any]", after)
        if x.get("type") == y.get("type"):
            for key in dict.fromkeys([*x, *y]):
                yield from _different(f"{name}.{key}", x.get(key), y.get(key))
            return
    yield Option(name, before, after)


def _mapped(references: Iterable[str] | None, names: Names | None = None) -> list[str | None]:
    """References, as another model calls them."""
    return [reference if names is None else names.of(reference) for reference in references or ()]


def _mapped_outputs(references: Any, names: Names | None = None) -> Any:
    """What a model returns, as another model calls it: references, or one for each key."""
    if isinstance(references, dict):
        by_key = cast("dict[str, str]", references)
        return list(zip(by_key, _mapped(by_key.values(), names), strict=True))
    return _mapped(references, names)


def _in_place(positions: Sequence[int]) -> set[int]:
    """The members of a longest increasing part of a list of numbers: what need not move to put it in order."""
    ends: list[int] = []  # the least last number of an increasing part of each length
    at: list[int] = []
    before: dict[int, int | None] = {}
    for number in positions:
        length = bisect_left(ends, number)
        before[number] = ends[length - 1] if length else None
        ends[length:] = [number, *ends[length + 1 :]]
        at.append(length)
    kept: set[int] = set()
    number = ends[-1] if ends else None
    while number is not None:
        kept.add(number)
        number = before[number]
    return kept


def _of_each(a: Definition, b: Definition, sizes: Mapping[str, int]) -> list[dict[str, int]]:
    """The sizes that each of two models leaves free. Raises `SpecError` for one that none does."""
    names = [[symbol.name for symbol in free_sizes_of(spec)] for spec in (a, b)]
    unknown = {name: size for name, size in sizes.items() if name not in (*names[0], *names[1])}
    if unknown:
        b.with_sizes(unknown)
    return [{name: size for name, size in sizes.items() if name in known} for known in names]


def _free(summary: Summary) -> tuple[FreeSize, ...]:
    shapes = [value.type.shape for value in summary.graph.inputs]
    places = {
        symbol.name: tuple(
            (i, axis) for i, shape in enumerate(shapes) for axis, d in enumerate(shape) if symbol.name in free_in(d)
        )
        for symbol in summary.free_sizes
    }
    return tuple(FreeSize(symbol, places[symbol.name]) for symbol in summary.free_sizes)


def _bounds(sizes: Sequence[FreeSize]) -> dict[str, Any]:
    return {size.symbol.name: bounds_of(size.symbol) for size in sizes}


def _counts(before: Summary, after: Summary) -> dict[str, Count]:
    """The costs of both, by name."""
    return {name: _count(x, after.costs[name]) for name, x in before.costs.items()}


def _count(before: int, after: int) -> Count:
    """A cost of both, which may be expressions in sizes."""
    change = expression_of(after).plus(expression_of(before), -1)
    plain = change.number
    more = Amount(None, formula(change)) if plain is None else Amount(plain)
    return Count((amount(before), amount(after), more))


def _ports(ports: tuple[tuple[Port, ...], tuple[Port, ...]], differ: bool) -> dict[str, Any]:
    return {"differ": differ, "from": [x.to_dict() for x in ports[0]], "to": [x.to_dict() for x in ports[1]]}


def _shapes(part: LayerPart) -> list[list[int | None]]:
    return [list(shape) for shape in part.output_shapes]
