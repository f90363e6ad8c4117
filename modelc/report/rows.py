"""`Row`: one row of a summary, with the rows of the layers inside a nested model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from modelc.graph.graph import Graph, LayerTrace, Value
from modelc.graph.sizes import shown
from modelc.graph.types import Shape
from modelc.layers.base import Layer
from modelc.report.counted import Amount, amount


@dataclass(frozen=True, slots=True)
class Row:
    """The row of a layer in the table of a summary."""

    name: str
    """The layer's path: its name, after those of the models around it."""
    type: str
    output_shape: Shape
    """None for the batch."""
    params: int
    """Those of a layer that is used at several places, or of a model, once."""
    trainable_params: int
    """Those that training changes: none of a frozen layer, and never a statistic such as a moving mean."""
    macs: int | None
    """Multiply-adds per sample, by the convention of docs/macs.md; of all uses. None where `macs_formula` says them."""
    activation_bytes: int | None
    """The bytes of what one use gives, for the whole batch. None where `activation_bytes_formula` says them."""
    kernel: tuple[int, ...] | None
    """The extent of the layer's window; None where it has none, or where the column was not asked for."""
    receptive_field: tuple[int | str, ...] | None
    """How much of the input one output element sees, along the axes that windows move along; None as above. The whole
    of an axis whose size is not known is the size: `h`."""
    trainable: bool
    percent: float
    """The share of the model's parameters, 0 to 100."""
    connected_to: tuple[str, ...] = ()
    """What the layer is applied to, at all its uses, as references of a spec; empty for an InputLayer."""
    further_shapes: tuple[Shape, ...] = ()
    """The shapes of the outputs after the first."""
    layers: tuple[Row, ...] = ()
    """The rows of the layers inside, where the layer is a model."""
    model: str = ""
    """The path of the model around it; empty for a layer of the model that is summarized."""
    depth: int = 0
    """The number of models around it whose rows stand above it in the table."""
    macs_formula: str | None = None
    """The multiply-adds as a formula in free sizes that are not known: `1,152·h·w`."""
    activation_bytes_formula: str | None = None
    """The bytes as such a formula."""

    @property
    def shown_name(self) -> str:
        """The name in the table: that in its own model where the model's row stands above it, else the whole path."""
        return self._shown(self.name)

    @property
    def shown_connections(self) -> tuple[str, ...]:
        """`connected_to` as the table has it, in the same way."""
        return tuple(map(self._shown, self.connected_to))

    def _shown(self, path: str) -> str:
        return path.removeprefix(f"{self.model}/") if self.depth else path

    @property
    def output_shapes(self) -> tuple[Shape, ...]:
        """The shapes of all outputs."""
        return (self.output_shape, *self.further_shapes)

    def to_dict(self) -> dict[str, Any]:
        """The documented JSON form; the keys are stable."""
        plain: dict[str, Any] = {
            "name": self.name,
            "type": self.type,
            "output_shape": list(self.output_shape),
            "output_shapes": [list(shape) for shape in self.output_shapes],
            "params": self.params,
            "trainable_params": self.trainable_params,
            **Amount(self.macs, self.macs_formula).to_dict("macs"),
            **Amount(self.activation_bytes, self.activation_bytes_formula).to_dict("activation_bytes"),
            "trainable": self.trainable,
            "connected_to": list(self.connected_to),
        }
        if self.layers:
            plain["layers"] = [row.to_dict() for row in self.layers]
        return plain


@dataclass(frozen=True)
class Rows:
    """Makes the rows of a model from what tracing learnt about its layers."""

    batch_size: int
    total: int
    """The parameters of the whole model."""
    reaches: Mapping[Value, tuple[int | str, ...]]
    windows: Mapping[str, tuple[int, ...]]

    def of(
        self,
        record: LayerTrace,
        cost: LayerTrace,
        layer: Layer | None,
        around: LayerTrace | None = None,
        trainable: bool = True,
    ) -> Row:
        """The row of a layer inside of the model `around`, if it is in one; `trainable` is whether that model is.

        `cost` is the same layer for the sizes that costs are for. `layer` says whether it and the layers inside are
        trainable now; where it is not known, they are as traced.
        """
        trainable = trainable and (record.trainable if layer is None else layer.trainable)
        model, model_uses = (around.name, around.uses) if around is not None else ("", 1)
        sources = record.sources[: len(record.sources) // model_uses]  # they are the same at each use of the model
        known = {str(inner.name): inner for inner in getattr(layer, "layers", ())}
        layers = tuple(
            self.of(inner, its_cost, known.get(inner.name.removeprefix(f"{record.name}/")), record, trainable)
            for inner, its_cost in zip(record.inner, cost.inner, strict=True)
        )
        params = sum(w.size for w in record.stored)
        below = len(record.name) + 1
        changed = sum(
            w.size
            for w in record.stored
            if w.trainable and trainable and not (w.frozen if layer is None else layer.freezes(w.path[below:]))
        )
        shapes = [shown(value.type.shape) for value in record.outputs]
        macs = amount(cost.macs)
        activation = amount(sum(value.type.bytes for value in cost.outputs) * self.batch_size)
        return Row(
            name=record.name,
            type=record.type,
            output_shape=shapes[0],
            params=params,
            trainable_params=sum(row.trainable_params for row in layers) if layers else changed,
            macs=macs.number,
            activation_bytes=activation.number,
            kernel=self.windows.get(record.name),
            receptive_field=self.reaches.get(cost.output),
            trainable=trainable,
            percent=100 * params / self.total if self.total else 0.0,
            connected_to=tuple(f"{model}/{source}" if model else source for source in sources),
            further_shapes=tuple(shapes[1:]),
            layers=layers,
            model=model,
            macs_formula=macs.formula,
            activation_bytes_formula=activation.formula,
        )


def paths_inside(row: Row) -> Iterator[str]:
    """The paths of the layers inside of a model."""
    for inner in row.layers:
        yield inner.name
        yield from paths_inside(inner)


def is_chain(graph: Graph) -> bool:
    """Whether every layer is used once, on the one tensor that the layer before it gives."""
    before: str | None = None
    for record in graph.layers:
        if record.uses > 1 or len(record.inputs) > 1 or (before is not None and record.sources != (before,)):
            return False
        before = record.name
    return True
