"""`Spec`: a model definition in the hands of a user, with what it can be made into."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO
from types import ModuleType
from typing import TYPE_CHECKING, Any, Literal, Self, TypeVar

from pydantic import PrivateAttr

from modelc.errors import Diagnostic, FileFormatError
from modelc.files.digested import PICKLE, checked, with_digest
from modelc.language.definition import Definition
from modelc.language.load import load_definition
from modelc.language.nested import ModelLayer
from modelc.layers.base import Layer
from modelc.layers.inside import replaced_inside
from modelc.report.summary import Summary, summarize

if TYPE_CHECKING:
    from modelc.config.options import Precision
    from modelc.model.model import Model

S = TypeVar("S", bound="Spec")

# What only some commands need is imported where it is used: a summary starts in less time than the compiler.


class Spec(Definition):
    """A model definition: layers and how they are connected, what they take, and the view of it that is wanted."""

    @classmethod
    def of(cls, definition: Definition) -> Self:
        """A definition, and those of the models in it, as specs; a spec is returned as it is."""
        return _as_spec(cls, definition, {})

    _held: Any = PrivateAttr(None)

    def hold(self, read: object) -> None:
        """Keep what was read with the spec as long as the spec and its views live."""
        self._held = read

    @property
    def warnings(self) -> tuple[Diagnostic, ...]:
        """What the spec may say and is probably not meant: diagnostics with codes W101 to W405."""
        from modelc.report.warnings.find import find_warnings

        return find_warnings(self)

    def summary(self, **options: Any) -> Summary:
        """The table of layers, shapes and parameters; see `modelc.report.summary.Summary` for the options."""
        return summarize(self, **options)

    def build(
        self,
        *,
        seed: int = 0,
        weights: Any = None,
        backend: Literal["native", "reference"] = "native",
        precision: Precision | None = None,
    ) -> Model:
        """The model, ready to run; see `modelc.model.build.build`."""
        from modelc.model.build import build

        return build(self, seed=seed, weights=weights, backend=backend, precision=precision)

    def __reduce__(self) -> tuple[Any, ...]:
        folder = None if self.folder is None else str(self.folder.absolute())
        return unpickled_spec, (*with_digest(self.to_json().encode()), folder)

    def _repr_html_(self) -> str:
        return _notebook().definition_as_html(self)

    def _repr_svg_(self) -> str:
        return _notebook().definition_as_svg(self)


def unpickled_spec(digest: str, data: bytes, folder: str | None) -> Spec:
    """The spec in a pickle, which holds its canonical form and the folder that its paths start from.

    Raises `FileFormatError` where the pickle is damaged, `SpecError` where it is of another version.
    """
    try:
        text = checked(digest, data).decode()
    except UnicodeDecodeError:
        raise FileFormatError(f"`{PICKLE}` is damaged: it holds no UTF-8 text") from None
    return Spec.of(load_definition(StringIO(text), folder=folder))


def _notebook() -> ModuleType:
    from modelc.pages import notebook

    return notebook


def _as_spec(kind: type[S], definition: Definition, made: dict[int, Spec]) -> S:
    """A definition as a spec, with all that is known of it; `made` holds the specs of models inside, by their ids.

    Wiring and graph hold no layers and are kept as they are; the layers of the view are replaced.
    """
    if isinstance(definition, kind):
        return definition

    def with_specs(layers: tuple[Any, ...]) -> tuple[Any, ...]:
        # Most layers can hold no model: to ask each in a function would take longer than the rest.
        return tuple([
            _with_specs(one, made) if isinstance(one, Layer) and (one.is_model or one.wrapped) else one
            for one in layers
        ])  # fmt: skip

    spec = definition.as_kind(kind)
    known = vars(spec)
    known["entries"] = with_specs(definition.entries)
    if "view" in known:
        known["view"] = replace(definition.view, layers=with_specs(definition.view.layers))
    if "layers" in known:
        known["layers"] = spec.view.layers
    return spec


def _with_specs(layer: Layer, made: dict[int, Spec]) -> Layer:
    """The layer itself, or a copy in which models, inside of wrappers too, are specs."""
    if not _holds_models(layer):
        return layer
    if not isinstance(layer, ModelLayer):
        return layer.model_copy(update=replaced_inside(layer, lambda one: _with_specs(one, made)))
    if isinstance(layer.spec, Spec):
        return layer
    copy = layer.model_copy()
    for key in vars(layer).keys() & {"spec", "viewed"}:  # what it names, and the view of that if it is known
        inner: Definition = getattr(layer, key)
        vars(copy)[key] = made.get(id(inner)) or made.setdefault(id(inner), _as_spec(Spec, inner, made))
    return copy


def _holds_models(layer: Layer) -> bool:
    if not layer.wrapped:  # the layers of a ModelLayer are not among its options
        return isinstance(layer, ModelLayer)
    return any(map(_holds_models, layer.inside))
