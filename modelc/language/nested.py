"""`ModelLayer`: the layer `ModelLayer`, a spec that is used as a layer, from a file or inline."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, ClassVar, Self

from pydantic import ConfigDict, Field, InstanceOf, PrivateAttr

from modelc.config.paths import WeightsPath
from modelc.graph.builder import Builder
from modelc.graph.tensor import Tensor
from modelc.language.definition import Definition, Selectors
from modelc.language.published import published_path
from modelc.language.text.node import TextNode
from modelc.language.view import trace_inside
from modelc.language.wiring import use_names
from modelc.layers.base import Layer
from modelc.layers.find import find_layer
from modelc.system.forks import cached_property
from modelc.weights.variable import Variable
from modelc.zoo.pretrained import IMAGENET


class ModelLayer(Layer):
    """A model as a layer: `{type: Model, spec: xception.yaml, truncate: avg_pool, trainable: false}`.

    Its layers are addressed by path wherever a layer is named: `base/block3_pool`. Its weights are those of its layers,
    under its own name. Inputs are in the order of the nested model's inputs; their actual shapes replace those in its
    spec.
    """

    differs_in_training = True

    model_config = ConfigDict(arbitrary_types_allowed=True)

    is_model: ClassVar[bool] = True
    variadic: ClassVar[bool] = True
    keyword_only: ClassVar[frozenset[str]] = Layer.keyword_only

    spec: InstanceOf[Definition]
    """The nested model: the path of a spec beside this file (`xception.yaml`), an architecture of the zoo
    (`zoo:xception`), or a mapping with `layers`."""
    truncate: str | None = None
    """The name of the last layer of the nested model to keep; all layers after it are removed."""
    extract: Selectors = ()
    """The layers of the nested model whose outputs it returns instead, in this order."""
    freeze: Selectors = ()
    """The layers of the nested model that training does not update: names or patterns."""
    weights_file: WeightsPath | None = Field(default=None, alias="weights")
    """The path of the weight file of the nested model (.safetensors, .modelc or Keras), relative to this file; or
    `imagenet` for the published weights of an architecture of the zoo, once `modelc zoo fetch` has fetched them."""

    _inner: tuple[Layer, ...] | None = PrivateAttr(None)
    _source: Any = PrivateAttr(None)

    @classmethod
    def type_name(cls) -> str:
        """`Model`; in Python that is the name of the class that a user builds and trains."""
        return "Model"

    @cached_property
    def viewed(self) -> Definition:
        """The model with its view and its frozen layers. Raises `SpecError` for names that mean nothing in it."""
        spec = self.spec
        changes: dict[str, Any] = {}
        if self.truncate is not None:
            changes |= {"truncate_at": self.truncate, "extracts": ()}
        if self.extract:
            changes["extracts"] = self.extract
        changes["freezes"] = (*spec.freezes, *self.freeze) if self.trainable else ("*",)
        return spec.seen_from(self.place, **changes)

    @property
    def layers(self) -> tuple[Layer, ...]:
        """The layers that its view keeps, or those of the model in Python that it stands for."""
        return self.viewed.layers if self._inner is None else self._inner

    def get_layer(self, name: str | None = None, index: int | None = None) -> Layer:
        """Its layer of that name or path, or at that index. Raises `SpecError` where there is none."""
        return find_layer(self.layers, name, index)

    def resolved(self, name: str, trainable: bool) -> Self:
        """As of any layer; what is known of its view stays, unless another `trainable` changes it."""
        copy = super().resolved(name, trainable)
        if trainable == self.trainable and "viewed" in vars(self):
            vars(copy)["viewed"] = self.viewed
        return copy

    def with_frozen(self, selectors: Sequence[str]) -> Self:
        """A copy with more of its layers frozen."""
        copy = self.model_copy(update={"freeze": (*self.freeze, *selectors)})
        copy._frozen_by_spec = self._frozen_by_spec
        return copy

    @property
    def weights_path(self) -> Path | None:
        """The file with its weights that its entry or its spec names; None where neither does.

        Raises `SpecError` for published weights that were not fetched.
        """
        if self.weights_file is None:
            return None if self.spec.weights is None else self.viewed.weights_path
        place: Any = self.place.get("weights") if isinstance(self.place, TextNode) else None
        if self.weights_file == IMAGENET:
            return published_path(self.viewed, place)
        folder: Path | None = place.source.folder if place is not None else None
        return (folder or Path()) / self.weights_file

    @property
    def takes_published(self) -> bool:
        """Whether its weights are those that Keras publishes, in the cache."""
        return self.weights_file == IMAGENET or (self.weights_file is None and self.spec.takes_published)

    @property
    def names_weights(self) -> bool:
        """Whether its entry or its spec names a file with its weights."""
        return self.weights_file is not None or self.spec.weights is not None

    def without_weight_files(self) -> Self:
        """A copy that names no file to load weights from."""
        return self.model_copy(update={"weights_file": None, "spec": self.spec.without_weight_files()})

    def inner_paths(self) -> Iterable[str]:
        """The paths of all its layers, whatever its view leaves out."""
        return self.spec.paths()

    def parts(self) -> Iterable[tuple[str, Layer]]:
        """Its layers, by name."""
        return ((str(layer.name), layer) for layer in self.layers)

    @classmethod
    def around(cls, spec: Definition, layers: Sequence[Layer], source: Any, name: str | None, trainable: bool) -> Self:
        """A model that was made in Python, as a layer: its layers are the same objects, with the same weights."""
        new = cls(spec=spec, name=name, trainable=trainable)
        new._inner, new._source = tuple(layers), source
        return new

    @property
    def source(self) -> Any:
        """The model that was made in Python, where the layer stands for one."""
        return self._source

    def released(self) -> Self:
        """A copy as part of a model, with layers of its own that can be frozen."""
        copy = super().released()
        copy._inner = tuple(layer.released() for layer in self.layers)
        return copy

    def entry(self, name: str | None) -> Self:
        """A copy as an entry of a spec, its layers frozen as they are now."""
        copy = super().entry(name)
        return copy if self._inner is None else copy.trained_as(self)

    @property
    def inside(self) -> tuple[Layer, ...]:
        """The layers that its view keeps, or those of the model in Python that it stands for."""
        return self.layers

    def trained_as(self, now: Layer) -> Self:
        """A copy that is frozen as another state of the model is, inside as well."""
        if not now.trainable:
            return self.model_copy(update={"freeze": (), "trainable": False})
        return self.model_copy(update={
            "spec": with_trainable(self.spec, now.inside), "freeze": (), "trainable": True,
        })  # fmt: skip

    def __setattr__(self, name: str, value: Any) -> None:
        super().__setattr__(name, value)
        if name == "trainable":
            self._tell_source(value)

    def follow(self, trainable: bool) -> None:
        """Set `trainable` to the value that was set for the model or wrapper around this one."""
        super().follow(trainable)
        self._tell_source(trainable)

    def _tell_source(self, trainable: bool) -> None:
        """Set `trainable` of the model that this one stands for, as in Keras, where both are one object."""
        if self._source is not None and self._source.trainable != trainable:
            self._source.trainable = trainable

    @property
    def trainable_weights(self) -> list[Variable]:
        """The weights that training changes: none of a model that is frozen as a whole."""
        if not self.trainable or self._inner is None:
            return []
        return [v for layer in self._inner for v in layer.trainable_weights]

    @property
    def shown_type(self) -> str:
        """Keras's name for this kind of model."""
        return "Functional" if self.spec.is_functional else "Sequential"

    def call(self, g: Builder, *inputs: Tensor) -> tuple[Tensor, ...]:
        """Trace the layers of the model on these inputs."""
        return trace_inside(self.viewed, g, inputs)

    def options(self) -> dict[str, Any]:
        """The options that differ from their defaults; the model itself in full."""
        # Without the model: to write it twice at each level would take twice as long with each.
        options = self._options_but("spec")
        inner = self.spec.contents()
        del inner["modelc"]
        options["spec"] = inner
        return options

    def __copy__(self) -> Self:
        copy = super().__copy__()
        vars(copy).pop("viewed", None)
        copy._inner = copy._source = None
        return copy


def with_trainable(spec: Definition, layers: Sequence[Layer]) -> Definition:
    """The spec in which the layers of these names are trained or frozen as these are, inside of models as well."""
    now = {str(layer.name): layer for layer in layers}
    if all(layer.name not in now or layer.agrees(now[layer.name]) for layer in spec.layers):
        return spec
    effective = {str(layer.name): layer for layer in spec.layers} | now
    entries = tuple(
        entry.trained_as(effective[name]) if isinstance(entry, Layer) and name in effective else entry
        for entry, name in zip(spec.entries, use_names(spec.entries), strict=True)
    )
    return spec.replaced(entries=entries, freezes=())
