"""`Spec`: a model definition in the hands of a user, with what it can be made into."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, Self

from modelc.errors import Diagnostic
from modelc.language.definition import Definition
from modelc.language.nested import ModelLayer
from modelc.layers.base import Layer
from modelc.layers.inside import replaced_inside
from modelc.report.summary import Summary, summarize

if TYPE_CHECKING:
    from modelc.model.model import Model

# What only some commands need is imported where it is used: a summary starts in less time than the compiler.


class Spec(Definition):
    """A model definition: layers and how they are connected, what they take, and the view of it that is wanted."""

    @classmethod
    def of(cls, definition: Definition) -> Self:
        """A definition, and those of the models in it, as specs; a spec is returned as it is."""
        if isinstance(definition, cls):
            return definition
        entries = tuple(_with_specs(entry) if isinstance(entry, Layer) else entry for entry in definition.entries)
        if any(new is not old for new, old in zip(entries, definition.entries, strict=True)):
            definition = definition.replaced(entries=entries)
        return definition.as_kind(cls)

    @property
    def warnings(self) -> tuple[Diagnostic, ...]:
        """What the spec may say and is probably not meant: diagnostics with codes W101 to W404."""
        from modelc.report.warnings.find import find_warnings

        return find_warnings(self)

    def summary(self, **options: Any) -> Summary:
        """The table of layers, shapes and parameters; see `modelc.report.summary.Summary` for the options."""
        return summarize(self, **options)

    def build(self, *, seed: int = 0, weights: Any = None, backend: Literal["native", "reference"] = "native") -> Model:
        """The model, ready to run; see `modelc.model.build.build`."""
        from modelc.model.build import build

        return build(self, seed=seed, weights=weights, backend=backend)

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()


def _with_specs(layer: Layer) -> Layer:
    """The layer itself, or a copy in which models, inside of wrappers too, are specs."""
    if not _holds_models(layer):
        return layer
    if isinstance(layer, ModelLayer):
        return layer if isinstance(layer.spec, Spec) else layer.model_copy(update={"spec": Spec.of(layer.spec)})
    return layer.model_copy(update=replaced_inside(layer, _with_specs))


def _holds_models(layer: Layer) -> bool:
    return isinstance(layer, ModelLayer) or any(map(_holds_models, layer.inside))
