"""`LayerTraces`: what is noted of each layer of a model, and of the models inside of it, while it is traced."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from modelc.graph.graph import LayerTrace, Value


@dataclass(slots=True)
class _Model:
    """The layers of one model, each once, and where each is."""

    layers: list[LayerTrace] = field(default_factory=list[LayerTrace])
    positions: dict[str, int] = field(default_factory=dict[str, int])


class LayerTraces:
    """The layers noted so far, those of models that are layers apart."""

    def __init__(self, layers: tuple[LayerTrace, ...] = ()) -> None:
        self._model = _Model(list(layers))
        self._inner: dict[str, _Model] = {}
        self.makers: dict[Value, LayerTrace] = {}
        """The layer that gave each value."""

    @property
    def layers(self) -> list[LayerTrace]:
        """Those of the model that is being traced."""
        return self._model.layers

    def inner(self, path: str) -> LayerTrace | None:
        """The layer at a path inside of a model that was traced as a layer."""
        for model in self._inner.values():
            if path in model.positions:
                return model.layers[model.positions[path]]
        return None

    @contextmanager
    def nested(self, path: str) -> Generator[None]:
        """Layers noted inside belong to the model that is being traced as the layer at `path`."""
        outer, self._model = self._model, self._inner.setdefault(path, _Model())
        try:
            yield
        finally:
            self._model = outer

    def add(self, made: LayerTrace) -> LayerTrace:
        """Note a layer, with its inner layers, if it is a model.

        Where the layer was noted before, this is a further use of it: its cost and its sources are added.
        """
        inner = tuple(self._inner[made.name].layers) if made.name in self._inner else ()
        position = self._model.positions.get(made.name)
        if position is None:
            made = replace(made, inner=inner) if inner else made
            self._model.positions[made.name] = len(self._model.layers)
            self._model.layers.append(made)
        else:
            first = self._model.layers[position]
            made = replace(
                first,
                macs=first.macs + made.macs,
                sources=first.sources + made.sources,
                uses=first.uses + 1,
                inner=inner,
            )
            self._model.layers[position] = made
        for output in made.outputs:
            self.makers.setdefault(output, made)
        return made

    def mark(self) -> int:
        """How far the model that is being traced has come, for `rewind`."""
        return len(self._model.layers)

    def rewind(self, mark: int) -> None:
        """Forget the layers that were noted since `mark`."""
        for layer in self._model.layers[mark:]:
            del self._model.positions[layer.name]
        del self._model.layers[mark:]
        for path in [path for path in self._inner if path.partition("/")[0] not in self._model.positions]:
            del self._inner[path]
