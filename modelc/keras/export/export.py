"""A spec, or a built model, to Keras 3: its configuration, and the `.keras` file that Keras opens.

A chain becomes a Sequential model, anything else a Functional one; models that are used as layers stay nested, and a
layer that is used at several places is shared. Keras's names hold no slashes: those of blocks become `res1_conv2d`.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from modelc.errors import Diagnostic, SpecError, UnsupportedError
from modelc.graph.graph import LayerTrace, Value
from modelc.graph.sizes import shown
from modelc.keras.config.order import keras_order
from modelc.keras.export.correct_pad import with_amounts
from modelc.keras.export.expressible import require_expressible, require_in_keras
from modelc.keras.export.serialize import Shapes, call_options, operation_arguments, serialized_layer
from modelc.keras.export.serialize import below as shapes_below
from modelc.keras.export.writer import save_keras, save_keras_weights
from modelc.keras.weights.lora import merged
from modelc.keras.weights.tree import layer_tree
from modelc.language.definition import Definition, InputSpec
from modelc.language.names import Namer, unescaped
from modelc.language.nested import ModelLayer
from modelc.language.wiring import Reference, Use
from modelc.layers.base import Layer
from modelc.layers.core.input_layer import InputLayer
from modelc.layers.operations.layer import Operation

Array = NDArray[Any]
Records = Mapping[str, LayerTrace]
Serialized = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Exported:
    """A model as Keras describes it."""

    config: Mapping[str, Any]
    """The serialized model."""
    paths: Mapping[str, str]
    """The paths of weights by the names in the configuration, by our paths."""


def exported(spec: Definition) -> Exported:
    """A spec as a serialized Keras model.

    Raises `UnsupportedError` for what Keras does not have, `SpecError` where the model is not one.
    """
    spec = with_amounts(spec)
    records: dict[str, LayerTrace] = {}
    if spec.is_functional or spec.input is not None:
        records = {record.name: record for record in spec.graph.layers}
    shapes = {weight.path: weight.shape for weight in spec.graph.weights} if records else {}
    writer = _ConfigWriter(spec, records, "", shapes)
    paths: dict[str, str] = {}
    for record in records.values():
        paths.update(writer.paths(record, "", ""))
    return Exported(writer.config(spec.name or "model"), paths)


def model_config(spec: Definition) -> Mapping[str, Any]:
    """The serialized Keras model that a spec is, as `json.loads(model.to_json())` of Keras would give it."""
    require_in_keras(spec.layers)
    require_expressible(spec)
    return exported(spec).config


def export_keras(
    path: str | os.PathLike[str], spec: Definition, arrays: Mapping[str, Array], *, force: bool | None = None
) -> None:
    """Write a model as a `.keras` file: its spec, and the arrays of its weights by path.

    Raises as `exported` does, `UnsupportedError` also for what Keras 3 would compute otherwise, `InputError` where h5py
    is not installed.
    """
    require_in_keras(spec.layers)
    require_expressible(spec)
    model = exported(spec)
    save_keras(path, model.config, _renamed(model, spec, arrays), force=force)


def export_keras_weights(
    path: str | os.PathLike[str], spec: Definition, arrays: Mapping[str, Array], *, force: bool | None = None
) -> None:
    """Write the weights of a model as a `.weights.h5` file, for `model.load_weights` of Keras."""
    require_in_keras(spec.layers)
    model = exported(spec)
    save_keras_weights(path, layer_tree(model.config), _renamed(model, spec, arrays), force=force)


def _renamed(model: Exported, spec: Definition, arrays: Mapping[str, Array]) -> dict[str, Array]:
    """The arrays that a file of Keras holds, by the paths in the configuration."""
    return {model.paths[path]: array for path, array in merged(arrays, spec.layers).items()}


class _ConfigWriter:
    """Writes one model; `prefix` is the path of its layers among the records of the whole, not among its `shapes`."""

    def __init__(self, spec: Definition, records: Records, prefix: str, shapes: Shapes) -> None:
        self._spec, self._records, self._prefix, self._shapes = spec, records, prefix, shapes
        self._view = spec.view
        self._names = _keras_names([str(layer.name) for layer in self._view.layers])
        self._inner: dict[str, _ConfigWriter] = {}
        for layer in self._view.layers:
            if isinstance(layer, ModelLayer):
                path = f"{prefix}{layer.name}"
                inner, below = layer.viewed, dict[str, LayerTrace]()
                if (record := records.get(path)) is not None:
                    inner, below = _reached(inner, record.inputs), {r.name: r for r in record.inner}
                name = str(layer.name)
                self._inner[name] = _ConfigWriter(inner, below, f"{path}/", shapes_below(shapes, name))

    def config(self, name: str) -> Serialized:
        """The serialized model."""
        return self._sequential(name) if self._is_chain() else self._functional(name)

    def paths(self, record: LayerTrace, ours: str, theirs: str) -> Iterable[tuple[str, str]]:
        """The paths of a layer's weights, below two prefixes."""
        name = record.name.removeprefix(self._prefix)
        new = self._names.get(name, name)
        inner = self._inner.get(name)
        if inner is not None:
            for below in record.inner:
                yield from inner.paths(below, f"{ours}{name}/", f"{theirs}{new}/")
            return
        for weight in record.weights:
            below = weight.path.removeprefix(f"{ours}{name}/")
            yield weight.path, f"{theirs}{new}/{_path_inside(self._view.by_name[name], below)}"

    # --- Sequential

    def _is_chain(self) -> bool:
        view, spec = self._view, self._spec
        last = view.order[-1:]
        return (
            not spec.is_functional
            and all(use.name == use.layer and not use.tensors for use in self._uses)
            and all(
                use.inputs == (Reference(before),) for before, use in zip((-1, *view.order), self._uses, strict=False)
            )
            and view.outputs == tuple(map(Reference, last))
            and not view.keys
            and not any(isinstance(layer, Operation) or call_options(layer) for layer in view.layers)
            and all(self._count(use.layer) == 1 for use in self._uses)
        )

    @property
    def _uses(self) -> list[Use]:
        return [self._view.wiring.uses[position] for position in self._view.order]

    def _count(self, name: str) -> int:
        """How many tensors a layer gives; 1 where no shape is known."""
        record = self._records.get(f"{self._prefix}{name}")
        return 1 if record is None else len(record.outputs)

    def _sequential(self, name: str) -> Serialized:
        layers = [self._layer(layer) for layer in self._view.layers]
        given = self._spec.input
        shape = None
        if given is not None:
            shape = [given.batch_size, *shown(given.shape)]
            layers.insert(0, self._input_layer(given.name))
        config: Serialized = {"name": name, "trainable": True, "dtype": "float32", "layers": layers}
        build = {} if shape is None else {"build_config": {"input_shape": shape}}
        if shape is not None:
            config["build_input_shape"] = shape
        return {"module": "keras", "class_name": "Sequential", "config": config, "registered_name": None, **build}

    def _input_layer(self, name: str | None) -> Serialized:
        given = self._spec.input
        if given is None:
            message = f"the model `{self._spec.name}` is no chain, and its input shape is not known"
            raise SpecError(Diagnostic("E402", message, "add `input: {shape: […]}` to the spec", self._spec.name))
        layer = InputLayer(shape=given.shape, dtype=given.dtype, batch_size=given.batch_size)
        return serialized_layer(layer, self._free_name(name or "input_layer"), self._model, {})

    def _free_name(self, name: str) -> str:
        while name in self._names.values():
            name = f"{name}_"
        return name

    # --- Functional

    def _functional(self, name: str) -> Serialized:
        layers: dict[str, Serialized] = {
            str(layer.name): {**self._layer(layer), "inbound_nodes": []} for layer in self._view.layers
        }
        inputs = [n for n, layer in self._view.by_name.items() if isinstance(layer, InputLayer)]
        entries: list[Serialized] = []
        self._anonymous = ""
        if not self._spec.is_functional:
            given = self._input_layer(self._spec.input.name if self._spec.input is not None else None)
            self._anonymous = str(given["config"]["name"])
            entries.append({**given, "name": self._anonymous, "inbound_nodes": []})
        self._nodes: dict[int, int] = {}
        for position in self._view.order:
            use = self._view.wiring.uses[position]
            layer = self._view.by_name[use.layer]
            nodes: list[Any] = layers[use.layer]["inbound_nodes"]
            self._nodes[position] = len(nodes)
            if not isinstance(layer, InputLayer):
                args, kwargs = self._arguments(layer, use)
                nodes.append({"args": args, "kwargs": kwargs})
        entries += [{**layers[key], "name": self._names[key]} for key in self._order(layers)]
        config: Serialized = {
            "name": name,
            "trainable": True,
            "layers": entries,
            "input_layers": [[self._names[n], 0, 0] for n in inputs] or [[self._anonymous, 0, 0]],
            "output_layers": self._outputs(),
        }
        for key in ("input_layers", "output_layers"):  # one tensor is not a list of one: the model gives it as it is
            if isinstance(config[key], list) and len(config[key]) == 1:
                config[key] = config[key][0]
        module = "keras.src.models.functional"
        return {"module": module, "class_name": "Functional", "config": config, "registered_name": "Functional"}

    def _order(self, layers: Iterable[str]) -> list[str]:
        """The layers as Keras orders them; it numbers their weights so when it reads the file."""
        uses = self._view.wiring.uses
        calls = {i: (uses[i].layer, [t.use for t in uses[i].operands if t.use >= 0]) for i in self._view.order}
        outputs, keys = self._view.outputs, self._view.keys
        if keys:
            outputs = [output for _, output in sorted(zip(keys, outputs, strict=True), key=lambda pair: pair[0])]
        order = keras_order(calls, [output.use for output in outputs if output.use >= 0])
        return [*order, *(name for name in layers if name not in order)]

    def _outputs(self) -> list[Any] | dict[str, Any]:
        """What the model returns, by key where the spec says so."""
        made = [self._output(tensor) for one in self._view.outputs for tensor in self._expanded(one)]
        keys = self._view.keys
        return dict(zip(keys, made, strict=True)) if keys else made

    def _place(self, tensor: Reference) -> int:
        """The index of a tensor among those of its layer in Keras, which sorts the outputs of a model with keys by
        key."""
        index = tensor.index or 0
        inner = self._inner.get(self._view.wiring.uses[tensor.use].layer)
        keys = inner._view.keys if inner is not None else ()
        return sorted(keys).index(keys[index]) if keys else index

    def _arguments(self, layer: Layer, use: Use) -> tuple[list[Any], dict[str, Any]]:
        """The arguments of a call, in Keras's form."""
        tensors = [t for reference in use.inputs for t in map(self._tensor, self._expanded(reference))]
        kwargs: dict[str, Any] = call_options(layer)
        for argument, references in use.tensors.items():
            given = [t for reference in references for t in map(self._tensor, self._expanded(reference))]
            kwargs[argument] = given if len(given) > 1 or argument == "initial_state" else given[0]
        if isinstance(layer, Operation):
            args, more = operation_arguments(layer, tensors)
            return args, {**kwargs, **more}
        if layer.variadic and "initial_state" in layer.tensor_arguments:
            states = {"initial_state": tensors[1:]} if len(tensors) > 1 else {}
            return tensors[:1], {**states, **kwargs}
        if layer.keras_takes_list:
            return [tensors], kwargs
        if layer.variadic:
            return [tensors if len(tensors) > 1 or not isinstance(layer, ModelLayer) else tensors[0]], kwargs
        named = dict(zip(layer.input_names[1:], tensors[1:], strict=False))
        return tensors[:1], {**named, **kwargs}

    def _expanded(self, reference: Reference) -> list[Reference]:
        """One tensor for each that a reference stands for."""
        if reference.inner:
            name = self._view.wiring.uses[reference.use].name
            raise UnsupportedError(
                f"`{name}/{reference.inner}` is used from outside of the model `{name}`, which Keras cannot say: "
                "give the model that output by `extract`"
            )
        if reference.index is not None or reference.use < 0:
            return [Reference(reference.use, reference.index or 0)]
        return [Reference(reference.use, i) for i in range(self._count(self._view.wiring.uses[reference.use].layer))]

    def _tensor(self, tensor: Reference) -> Serialized:
        """A tensor as an argument."""
        name, index = self._anonymous, tensor.index or 0
        value: Value | None = None
        if tensor.use >= 0:
            layer = self._view.wiring.uses[tensor.use].layer
            name = self._names[layer]
            record = self._records.get(f"{self._prefix}{layer}")
            value = record.outputs[index] if record is not None and index < len(record.outputs) else None
        given = self._spec.input
        shape = (
            list(shown(value.type.shape))
            if value is not None
            else [None, *(shown(given.shape) if given is not None else ())]
        )
        dtype = value.type.dtype if value is not None else "float32"
        place = self._place(tensor) if tensor.use >= 0 else index
        history = [name, self._nodes.get(tensor.use, 0), place]
        return {"class_name": "__keras_tensor__", "config": {"shape": shape, "dtype": dtype, "keras_history": history}}

    def _output(self, tensor: Reference) -> list[Any]:
        """A tensor as an output of the model, where Keras counts the calls of a Functional model from 1."""
        if tensor.use < 0:
            return [self._anonymous, 0, 0]
        layer = self._view.wiring.uses[tensor.use].layer
        inner = self._inner.get(layer)
        first = int(inner is not None and not inner._is_chain())
        return [self._names[layer], self._nodes[tensor.use] + first, self._place(tensor)]

    # --- layers

    def _layer(self, layer: Layer) -> Serialized:
        name = str(layer.name)
        return serialized_layer(layer, self._names[name], self._model, shapes_below(self._shapes, name))

    def _model(self, layer: Layer, shapes: Shapes) -> Serialized | None:
        """A model that is used as a layer, or that a wrapper holds."""
        if not isinstance(layer, ModelLayer):
            return None
        name = str(layer.name or layer.auto_name())
        writer = self._inner.get(name) or _ConfigWriter(layer.viewed, {}, "", shapes)
        made = writer.config(self._names.get(name, name))
        made["config"]["trainable"] = layer.trainable
        return made


def _reached(spec: Definition, values: Sequence[Value]) -> Definition:
    """A model that is used as a layer, its input shapes replaced by those of the values that it is applied to."""
    if not spec.is_functional:
        given = spec.input or InputSpec(shape=(), dtype=values[0].type.dtype)
        return spec.replaced(input=given.model_copy(update={"shape": shown(values[0].type.shape[1:])}))
    shapes = iter([shown(value.type.shape[1:]) for value in values])
    return spec.replaced(
        entries=tuple(
            entry.model_copy(update={"shape": next(shapes)}) if isinstance(entry, InputLayer) else entry
            for entry in spec.entries
        )
    )


def _path_inside(layer: Layer, path: str) -> str:
    """The path of a weight below a layer, where the layers of a model that it wraps have Keras's names."""
    names = _keras_names([str(one.name) for one in layer.layers]) if isinstance(layer, ModelLayer) else {}
    for name, part in layer.parts():
        if path.startswith(f"{name}/"):
            return f"{names.get(name, name)}/{_path_inside(part, path.removeprefix(f'{name}/'))}"
    return path


def _keras_names(names: Sequence[str]) -> dict[str, str]:
    """The names that layers have in Keras 3: without slashes, each once."""
    texts = {name: unescaped(name) for name in names}
    namer = Namer(text for text in texts.values() if "/" not in text)
    return {name: namer.make(text.replace("/", "_")) if "/" in text else text for name, text in texts.items()}
