"""`ModelPicture`: what is shown of a model: its layers, those inside of models in them, and how they are connected."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from modelc.graph.graph import LayerTrace
from modelc.graph.sizes import shown
from modelc.graph.types import Shape
from modelc.language.definition import Definition
from modelc.language.nested import ModelLayer
from modelc.language.view import ModelView
from modelc.language.wiring import ANONYMOUS_INPUT, Use
from modelc.layers.base import Layer
from modelc.pages.histogram import Histogram, histogram
from modelc.pages.kinds import CostName, kind_of
from modelc.pages.origin import SpecLine, origin_of
from modelc.report.counted import Amount
from modelc.report.parts import parts_of
from modelc.report.rows import Row
from modelc.report.summary import Summary, summarize

Arrays = Mapping[str, NDArray[Any]]


@dataclass(frozen=True, slots=True)
class WeightShown:
    """A weight of a layer."""

    name: str
    """Its path below the layer."""
    shape: tuple[int, ...]
    trainable: bool
    values: Histogram | None = None
    """How its values are distributed; None where there are none."""


@dataclass(frozen=True)
class DrawnLayer:
    """One use of a layer, as it is shown."""

    name: str
    """The name of the use in its model."""
    path: str
    """The path of the layer."""
    type: str
    kind: str
    """The name of its kind, see `KINDS`."""
    shapes: tuple[Shape, ...]
    """The shapes of its outputs."""
    costs: Mapping[CostName, Amount]
    """Of all uses together."""
    kernel: tuple[int, ...] | None = None
    receptive_field: tuple[int | str, ...] | None = None
    trainable: bool = True
    options: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """Those that differ from their defaults."""
    weights: tuple[WeightShown, ...] = ()
    origin: SpecLine | None = None
    outputs: tuple[str, ...] = ()
    """What the model calls what it returns of it."""
    uses: int = 1
    """At how many places the layer is used."""
    input_shapes: tuple[Shape, ...] = ()
    dtypes: tuple[str, ...] = ()
    """Those of its outputs."""
    activation: str | None = None
    """The name or the type of the option, where the layer has it."""
    inside: Level | None = None
    """The layers inside, where it is a model."""


@dataclass(frozen=True)
class Level:
    """The nodes of one model, each after those that it depends on."""

    nodes: tuple[DrawnLayer, ...]
    edges: tuple[tuple[int, int], ...]
    """From node to node, by position."""

    def all_nodes(self) -> Iterator[DrawnLayer]:
        """Its nodes, each followed by those inside of it."""
        for node in self.nodes:
            yield node
            if node.inside is not None:
                yield from node.inside.all_nodes()


@dataclass(frozen=True)
class ModelPicture:
    """A model as it is shown."""

    name: str
    top: Level
    summary: Summary


def picture_of(
    definition: Definition,
    arrays: Arrays | None = None,
    *,
    batch_size: int = 1,
    sizes: Mapping[str, int] | None = None,
) -> ModelPicture:
    """What is shown of a model; with the distribution of its weights where their `arrays` are given, by path.

    Raises `SpecError` where a shape does not fit or is not known.
    """
    summary = summarize(definition, batch_size=batch_size, sizes=sizes, wide=True)
    options = {part.path: part.options for part in parts_of(definition)}
    make = _Pictures(dict(_by_path(summary.rows)), options, arrays or {}, definition.folder)
    return ModelPicture(summary.name, make.level(definition.view, summary.graph.layers, ""), summary)


def _by_path(rows: Iterable[Row]) -> Iterator[tuple[str, Row]]:
    for row in rows:
        yield row.name, row
        yield from _by_path(row.layers)


@dataclass(frozen=True)
class _Pictures:
    rows: Mapping[str, Row]
    options: Mapping[str, Mapping[str, Any]]
    arrays: Arrays
    folder: Path | None

    def level(self, view: ModelView, records: Sequence[LayerTrace], below: str) -> Level:
        """The level of a model whose layers have paths that begin with `below`."""
        traces = {record.name: record for record in records}
        uses = [view.wiring.uses[i] for i in view.order]
        at = {position: i for i, position in enumerate(view.order)}
        outputs: dict[int, list[str]] = {}
        for name, tensor in zip(view.keys or view.names or ("",) * len(view.outputs), view.outputs, strict=True):
            outputs.setdefault(tensor.use, []).append(name)
        nodes = [
            self._node(use, view.by_name[use.layer], traces[below + use.layer], below, tuple(outputs.get(position, ())))
            for use, position in zip(uses, view.order, strict=True)
        ]
        edges = [
            (at[tensor.use] if tensor.use >= 0 else -1, i) for i, use in enumerate(uses) for tensor in use.operands
        ]
        edges = list(dict.fromkeys(edges))
        taking = [i for source, i in edges if source < 0]
        if taking:  # what the model takes has no entry of its own
            type = traces[below + uses[taking[0]].layer].inputs[0].type
            path, shapes, dtypes = below + ANONYMOUS_INPUT, (shown(type.shape),), (type.dtype,)
            nodes.insert(0, DrawnLayer(ANONYMOUS_INPUT, path, "input", "input", shapes, {}, dtypes=dtypes))
            edges = [(source + 1, target + 1) for source, target in edges]
        return Level(tuple(nodes), tuple(edges))

    def _node(self, use: Use, layer: Layer, record: LayerTrace, below: str, outputs: tuple[str, ...]) -> DrawnLayer:
        row = self.rows[record.name]
        inside = None
        if isinstance(layer, ModelLayer):
            inside = self.level(layer.viewed.view, record.inner, f"{record.name}/")
        return DrawnLayer(
            name=use.name,
            path=record.name,
            type=record.type,
            kind=kind_of(layer),
            shapes=row.output_shapes,
            costs={
                "params": Amount(row.params),
                "trainable": Amount(row.trainable_params),
                "macs": Amount(row.macs, row.macs_formula),
                "memory": Amount(row.activation_bytes, row.activation_bytes_formula),
            },
            kernel=row.kernel,
            receptive_field=row.receptive_field,
            trainable=row.trainable,
            options=self.options.get(record.name, {}),
            weights=() if inside is not None else tuple(self._weights(record)),
            origin=origin_of(use.place or layer.place, self.folder),
            outputs=tuple(name or use.name for name in outputs),
            uses=record.uses,
            input_shapes=tuple(shown(value.type.shape) for value in record.inputs),
            dtypes=tuple(value.type.dtype for value in record.outputs),
            activation=_activation(layer),
            inside=inside,
        )

    def _weights(self, record: LayerTrace) -> Iterator[WeightShown]:
        for weight in record.stored:
            array = self.arrays.get(weight.path)
            values = None if array is None else histogram(array)
            yield WeightShown(weight.path.removeprefix(f"{record.name}/"), weight.shape, weight.trainable, values)


def _activation(layer: Layer) -> str | None:
    """The activation of a layer by its name or its type; None where it has no such option."""
    given = getattr(layer, "activation", None)
    return given.type_name() if isinstance(given, Layer) else given
