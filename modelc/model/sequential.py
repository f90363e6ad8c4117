"""`Sequential`: a model built in Python layer by layer, as in Keras."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Self

from numpy.typing import NDArray

from modelc.config.arguments import kind_of, require_bool, require_sizes, require_texts
from modelc.config.options import InputDType, Precision
from modelc.errors import Diagnostic, InputError, NotBuiltError, SpecError
from modelc.files.digested import PICKLE, checked, with_digest
from modelc.graph.feeding import gather
from modelc.graph.sizes import shown
from modelc.language.definition import InputSpec
from modelc.language.nested import ModelLayer
from modelc.layers.base import Layer
from modelc.layers.core.input_layer import InputLayer
from modelc.model.keras_config import definition_of_config
from modelc.model.model import Model
from modelc.model.pickled import pickled, read_pickled
from modelc.model.spec import Spec, unpickled_spec
from modelc.model.stack import Stack
from modelc.model.symbol import INPUT_NAME, Backend

if TYPE_CHECKING:
    from modelc.report.summary import Summary

Array = NDArray[Any]


def Input(  # noqa: N802 - Keras's name
    shape: int | Sequence[int | str | None],
    *,
    batch_size: int | None = None,
    dtype: InputDType = "float32",
    name: str | None = None,
) -> InputLayer:
    """The input of a model: the shape of one sample, without the batch axis; `784` stands for `(784,)`.

    A size that is free is None, or a name: `(None, None, 3)`, `("time", 80)`.
    """
    given: Any = (shape,) if isinstance(shape, int) else shape
    require_sizes("shape", given, "Input")
    dims = tuple(given)
    return InputLayer(shape=dims, batch_size=batch_size, dtype=dtype, name=name)


class Sequential(Model):
    """A stack of layers: `Sequential([Input(shape=(784,)), Dense(32, activation="relu"), Dense(10)])`.

    With an `Input`, or `input_shape=` on the first layer, each layer gets its weights when it is added. Without, the
    model is deferred: weights are created at the first call or by `build`, and until then `weights` and `summary()`
    raise `NotBuiltError`. The layers are the objects that were added; those that have weights already keep them, so
    `Sequential([*base.layers, Dense(5)])` shares those of `base`. `seed` is the seed of the initializers: the model's
    spec, built with the same seed, has the same weights. `precision="exact"` computes convolutions as plain sums.
    """

    def __init__(
        self,
        layers: Sequence[Layer | Model] | None = None,
        name: str | None = None,
        *,
        seed: int = 0,
        backend: Backend = "native",
        precision: Precision = "fast",
    ) -> None:
        if name is not None:
            require_texts("name", (name,), "Sequential")
        if layers is not None and not isinstance(layers, Iterable):
            message = f"`layers` must be a list of layers, found {kind_of(layers)}"
            raise SpecError(Diagnostic("E203", message, "write `Sequential([…])`", "Sequential"))
        self._stack = Stack(name or "sequential", seed, backend, precision)
        self._seed = seed
        self._declared = False
        self._batch: int | None = None
        self._set_up(self._stack, self._stack, single=True)
        self._put(layers or ())

    @classmethod
    def from_spec(
        cls, spec: Spec, *, weights: Sequence[Array] | None = None, seed: int = 0, backend: Backend = "native"
    ) -> Self:
        """The model of a spec, for further changes in Python.

        Raises `SpecError` for a spec whose layers are no chain, or with several outputs.
        """
        if spec.is_functional:
            help = "build the spec instead"
            raise SpecError(
                Diagnostic("E207", "a Sequential is a chain, the layers name their inputs", help, spec.name)
            )
        if spec.extracts:
            help = "build the spec instead, or remove its `extract`"
            raise SpecError(Diagnostic("E207", "a Sequential returns its last layer's output only", help, spec.name))
        new = cls(name=spec.name, seed=seed, backend=backend, precision=spec.precision)
        new._stack.semantics = spec.semantics
        new._said = {key: said for key in ("labels", "preprocessing") if (said := getattr(spec, key)) is not None}
        if spec.input is not None:
            new._declare(spec.input)
        new._put([
            layer.entry(entry.name) for entry, layer in zip(spec.entries, spec.layers, strict=False)
        ])  # fmt: skip
        if weights is not None:
            new.set_weights(weights)
        return new

    @classmethod
    def from_config(cls, config: Mapping[str, Any], custom_objects: Mapping[str, Any] | None = None) -> Self:
        """The model of a configuration, as `Model.from_config`; it may be deferred.

        Raises `SpecError` for that of a model which is no chain.
        """
        return cls.from_spec(Spec.of(definition_of_config(config, custom_objects)))

    # --- changing it

    def add(self, layer: Layer | Model) -> None:
        """Add a layer or a model at the end. Raises `SpecError`, without changing the model, if it does not fit."""
        self._put([layer])

    def pop(self) -> Layer:
        """Remove the last layer, with its weights. Raises `SpecError` if there is none."""
        self._short = None
        layer = self._stack.pop()
        if not self._stack.layers and not self._declared:
            self._stack.forget_input()
            self._batch = None
        return layer

    def build(self, input_shape: Sequence[int | None]) -> None:
        """Create the weights for inputs of this shape, with the batch axis: `(None, 784)`."""
        require_sizes("input_shape", input_shape, "build")
        if not input_shape:
            help = "write the batch as None: `(None, 784)`"
            raise SpecError(Diagnostic("E204", "`input_shape` is empty", help, "build"))
        batch, *dims = tuple(input_shape)
        shape = tuple(0 if d is None else d for d in dims)
        with self._lock:
            known = self._stack.input
            if known is None:
                self._stack.take_input(InputSpec(shape=shape))
                self._batch = batch
            elif known.shape != shape:
                message = f"the model is built for samples of the shape {known.shape}, found {shape}"
                raise SpecError(Diagnostic("E207", message, "make a new model", self.name))

    def _put(self, given: Sequence[Layer | Model]) -> None:
        self._short = None
        layers = [_as_layer(layer) for layer in given]
        if layers and isinstance(layers[0], InputLayer):
            self._declare_layer(layers[0])
            layers = layers[1:]
        first, shape = not self._stack.layers, None
        for layer in layers:
            if isinstance(layer, InputLayer):
                raise _misplaced(layer, "an Input can only come first", None)
            if layer.input_shape is not None and not layer.built:
                if not first:
                    raise _misplaced(layer, "`input_shape` is only for the first layer", "later shapes are inferred")
                shape = layer.input_shape
            first = False
        self._extend([layer.released() if layer.frozen_by_spec else layer for layer in layers], shape)

    def _extend(self, layers: Sequence[Layer], shape: tuple[int, ...] | None) -> None:
        known = self._stack.input
        first = layers[0] if layers and not self._stack.layers else None
        if known is None and shape is None and isinstance(first, ModelLayer) and first.source and first.source.built:
            graph = first.source.graph
            self._take(InputSpec(shape=shown(graph.inputs[0].type.shape[1:]), dtype=graph.input_dtypes[0]), layers)
            return
        if shape is None or (known is not None and known.shape == shape):
            self._stack.extend(layers)
            return
        if known is not None:
            message = f"it takes {shape}, but the model's input is {known.shape}"
            raise _misplaced(layers[0], message, "say the shape in one place only")
        self._take(InputSpec(shape=shape), layers)

    def _take(self, input: InputSpec, layers: Sequence[Layer]) -> None:
        """Set the input together with the first layers, or neither if the layers do not fit."""
        self._stack.take_input(input)
        try:
            self._stack.extend(layers)
        except Exception:
            self._stack.forget_input()
            raise

    def _declare_layer(self, layer: InputLayer) -> None:
        if self._stack.layers or self._stack.input is not None:
            raise _misplaced(layer, "an Input can only come first, and once", "begin a new model with it")
        self._declare(InputSpec(shape=layer.shape, dtype=layer.dtype, name=layer.name), layer.batch_size)
        self._batch = layer.batch_size

    def _declare(self, input: InputSpec, batch_size: int | None = None) -> None:
        self._stack.take_input(input, batch_size)
        self._declared = True

    # --- what a deferred model answers

    @property
    def name(self) -> str:
        """The model's name."""
        return self._stack.name

    @property
    def built(self) -> bool:
        """Whether the input shape is known, so that all layers have weights."""
        return self._stack.input is not None

    def _given(self, x: Any) -> list[Array]:
        self.build_for_data(x)
        return super()._given(x)

    def build_for_data(self, x: Any) -> None:
        """Create the weights of a deferred model for inputs like x."""
        if not self.built:
            self._build_for(*gather(x, (INPUT_NAME,)))

    def _build_for(self, x: Array) -> None:
        if not self._stack.layers:
            raise NotBuiltError(f"the model `{self.name}` has no layers: add one")
        if x.ndim == 0:
            raise InputError("the input is a single number, expected a batch of samples")
        with self._lock:
            if not self.built:
                dtype = "float32" if x.dtype.kind == "f" else "int32"
                self._stack.take_input(InputSpec(shape=x.shape[1:], dtype=dtype))
                self._batch = len(x)

    def _summary(self, **options: Any) -> Summary:
        summary = super()._summary(**options)
        if self._batch is None:
            return summary
        # As in Keras, a model that was built by a call shows the batch of that call.
        rows = (replace(row, output_shape=(self._batch, *row.output_shape[1:])) for row in summary.rows)
        return replace(summary, rows=tuple(rows))

    def __reduce__(self) -> tuple[Any, ...]:
        if not self.built and any(layer.variables for layer in self._stack.layers):
            raise NotBuiltError(
                f"the model `{self.name}` is not built, but some of its layers have weights, which a copy would lose: "
                "call `build(input_shape)` before"
            )
        data = pickled(self) if self.built else with_digest(self.to_spec().to_json().encode())
        return unpickled_sequential, (*data, self.built, self._seed, self.backend, self._trainable)

    def __repr__(self) -> str:
        state = f"{self.count_params():,} parameters" if self.built else "not built"
        return f"<Sequential {self.name}: {len(self._stack.layers)} layers, {state}>"


def unpickled_sequential(
    digest: str, data: bytes, built: bool, seed: int, backend: Backend, trainable: bool
) -> Sequential:
    """The model in a pickle: in what `save` writes if it was `built`, else in the text of its spec.

    Raises `FileFormatError` where the pickle is damaged or of another version.
    """
    require_bool(trainable, PICKLE)
    if not built:
        model = Sequential.from_spec(unpickled_spec(digest, data, None), seed=seed, backend=backend)
    else:
        definition, weights = read_pickled(checked(digest, data))
        in_order = [weights[weight.path] for weight in definition.graph.stored]
        model = Sequential.from_spec(Spec.of(definition), weights=in_order, seed=seed, backend=backend)
    model.take_flags(trainable=trainable, single=True)
    return model


def _as_layer(layer: Any) -> Layer:
    """The layer itself, or a model as a layer. Raises `SpecError` for objects that cannot be added."""
    kind = type(layer).__name__
    if isinstance(layer, Layer):
        return layer
    if isinstance(layer, Model):
        return layer.as_layer()
    if isinstance(layer, type) and issubclass(layer, Layer):
        message, help = f"found the class {layer.__name__}, expected a layer", f"write `{layer.__name__}(…)`"
    else:
        message, help = f"found a {kind}, expected a layer", "take one from `modelc.layers`"
    raise SpecError(Diagnostic("E203", message, help, "Sequential"))


def _misplaced(layer: Layer, message: str, help: str | None) -> SpecError:
    return SpecError(Diagnostic("E207", message, help, layer.label))
