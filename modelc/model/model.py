"""`Model`: a traced graph with its weights, ready to run."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, Self
from weakref import ref

import numpy as np
from numpy.typing import ArrayLike, NDArray

from modelc.config.arguments import require_bool, require_count, require_texts
from modelc.graph.feeding import check, check_batch, convert, gather, is_arrays
from modelc.graph.graph import Graph, with_states_as_inputs
from modelc.graph.inputs import is_ready
from modelc.graph.program import OnCompile, Program, ShortCall
from modelc.graph.resources import memory_told, telling_memory
from modelc.graph.sizes import shown
from modelc.graph.types import Shape, TensorType
from modelc.model.configured import Configured
from modelc.model.labelled import Labelled
from modelc.model.measurable import Measurable
from modelc.model.trainable import Trainable
from modelc.native.environment import require_environment
from modelc.system.forks import ForkSafeLock, cached_property
from modelc.text.terminal import columns_of
from modelc.weights.assign import assign_all
from modelc.weights.lists import WeightLists
from modelc.weights.variable import Variable, assign_together

if TYPE_CHECKING:
    from types import ModuleType

    from modelc.language.nested import ModelLayer
    from modelc.layers.base import Layer
    from modelc.model.kept import Kept
    from modelc.model.spec import Spec
    from modelc.model.symbol import Backend, Symbol, Traced
    from modelc.native.engine.constants import NewBlock
    from modelc.pages.view import ModelDrawing
    from modelc.report.summary import Summary

Array = NDArray[Any]


def _parts() -> ModuleType:
    """What is done with a model beside running it: one that was loaded runs without that."""
    from modelc.model import parts

    return parts


class _Compiled(NamedTuple):
    """The program of a model's graph."""

    graph: Graph
    program: Program
    states: list[Variable]
    """What stateful layers keep, which the program takes behind the inputs."""
    plain: TensorType | None
    """The type of the input, where a call takes one array and returns another one, and that is all it does."""

    @classmethod
    def of(cls, graph: Graph, program: Program, states: list[Variable], *, single: bool) -> _Compiled:
        """`single` says whether a call returns the one result itself."""
        is_plain = single and len(graph.inputs) == len(graph.results) == 1 and not states and graph.batch_size is None
        return cls(graph, program, states, graph.inputs[0].type if is_plain else None)


class Model(WeightLists, Trainable, Labelled, Measurable, Configured):
    """A model that is ready to run: `model(x)` for one batch, `predict` for many.

    Created by `spec.build()`, by `modelc.load`, or from symbolic tensors of another model, whose weights it then
    shares: `Model(inputs=base.inputs, outputs=[layer.output for layer in base.layers])`. It may be called from several
    threads, and its weights may be set at the same time: a call uses either the old or the new weights. A copy
    (`copy.deepcopy`, pickle) has its own weights.
    """

    def __init__(
        self,
        inputs: Symbol | Sequence[Symbol],
        outputs: Symbol | Sequence[Symbol] | Mapping[str, Symbol],
        name: str | None = None,
    ) -> None:
        part, owner = _parts().part(inputs, outputs, name)
        self._set_up(part, owner, single=not isinstance(outputs, Sequence | Mapping))

    @classmethod
    def from_traced(
        cls,
        traced: Traced,
        *,
        on_compile: OnCompile | None = None,
        compiled: bool = True,
        packed: bool = True,
        into: NewBlock | None = None,
    ) -> Self:
        """The model of a whole traced chain, `compiled` or not yet, with its weights `packed` for the kernels or not
        yet; at first `into` the block that is made by that."""
        new = cls.__new__(cls)
        new._set_up(traced, traced, single=len(traced.graph.outputs) == 1 and not traced.graph.output_keys)
        if compiled:
            new.compile_native(on_compile, packed=packed, into=into)
        return new

    @classmethod
    def from_config(cls, config: Mapping[str, Any], custom_objects: Mapping[str, Any] | None = None) -> Model:
        """The model of a configuration that `get_config` gave, here or in Keras, with new weights.

        Nothing in it is executed or imported: classes are looked up by name, and `custom_objects` are refused. Raises
        `UnsupportedError` for what modelc does not have.
        """
        from modelc.model.keras_config import definition_of_config
        from modelc.model.spec import Spec

        return Spec.of(definition_of_config(config, custom_objects)).build()

    @classmethod
    def from_kept(cls, kept: Kept) -> Self:
        """The model of a plan that was read from the cache; it is traced when something asks for its graph."""
        new = cls.__new__(cls)
        new._begin(single=len(kept.face.outputs) == 1 and not kept.face.output_keys)
        new._kept = kept
        model = ref(new)

        def otherwise(inputs: Sequence[Array]) -> Any:
            whole: Any = model()
            return whole.whole_program.plan_for(inputs)

        new._compiled = _Compiled.of(kept.face, kept.program(otherwise), [], single=new._single)
        return new

    def _set_up(self, traced: Traced, root: Traced, *, single: bool) -> None:
        self._traced = traced
        self._root = root
        self._begin(single=single)

    def _begin(self, *, single: bool) -> None:
        self._single = single
        self._trainable = True
        self._as_layer: ModelLayer | None = None
        self._compiled: _Compiled | None = None
        self._kept: Kept | None = None
        self._lock = ForkSafeLock()
        self._short: ShortCall | None = None
        """The shortest way for arrays like that of the last call."""
        self._last_shape: Shape | None = None

    @cached_property
    def _traced(self) -> Traced:
        """The traced model."""
        assert self._kept is not None, "other models are set up with it"
        return self._kept.traced

    @cached_property
    def _root(self) -> Traced:
        """The traced model whose symbols the layers have."""
        return self._traced

    @property
    def face(self) -> Graph:
        """A graph with the inputs and outputs of the model: its own one, but that it need not be traced for it."""
        kept = self._kept
        return self._traced.graph if kept is None or kept.is_outdated() else kept.face

    # --- what it consists of

    @property
    def name(self) -> str:
        """The name of the model."""
        return self.face.name

    @property
    def graph(self) -> Graph:
        """The traced graph, before any pass."""
        return self._traced.graph

    @property
    def layers(self) -> list[Layer]:
        """The layers, bound to their weights."""
        return list(self._traced.layers)

    @property
    def inputs(self) -> list[Symbol]:
        """The symbolic inputs."""
        return _parts().symbols(self, self._root, outputs=False)

    @property
    def outputs(self) -> list[Symbol]:
        """The symbolic outputs."""
        return _parts().symbols(self, self._root, outputs=True)

    @property
    def input(self) -> Symbol | list[Symbol]:
        """The symbolic input; a list for a model with several inputs."""
        inputs = self.inputs
        return inputs[0] if len(inputs) == 1 else inputs

    @property
    def output(self) -> Symbol | list[Symbol]:
        """The symbolic output; a list for a model with several outputs."""
        outputs = self.outputs
        return outputs[0] if self._single else outputs

    @property
    def output_names(self) -> tuple[str, ...]:
        """The names of the layers whose outputs the model returns."""
        return self.face.output_names

    @property
    def input_names(self) -> tuple[str, ...]:
        """The names of the inputs, used by mappings and files that give inputs by name."""
        return self.face.input_names

    @property
    def input_shape(self) -> Shape | list[Shape]:
        """The shape of the input, with None for the batch size; a list for a model with several inputs."""
        shapes = [shown(value.type.shape) for value in self.face.inputs]
        return shapes[0] if len(shapes) == 1 else shapes

    @property
    def output_shape(self) -> Shape | list[Shape]:
        """The shape of the output, with None for the batch size; a list for a model with several outputs."""
        shapes = [shown(value.type.shape) for value in self.face.outputs]
        return shapes[0] if self._single else shapes

    def get_layer(self, name: str | None = None, index: int | None = None) -> Layer:
        """The layer with that name, or at that index. Raises `SpecError` if there is none."""
        return _parts().layer_of(self, name, index)

    def to_spec(self) -> Spec:
        """The spec of the model in its current state: building it gives the same architecture."""
        from modelc.model.spec import Spec

        spec = Spec.of(self._traced.to_spec())
        return spec.replaced(**self._said) if self._said else spec

    @property
    def spec(self) -> Spec:
        """The spec of the model, as `to_spec` gives it."""
        return self.to_spec()

    @property
    def built(self) -> bool:
        """Whether the model has its weights."""
        return True

    def build(self, input_shape: Sequence[int | None]) -> None:
        """Create the weights of a deferred model for inputs of this shape, with the batch axis: `(None, 784)`.

        Other models have theirs already. Raises `SpecError` where they take another shape.
        """
        _parts().require_input_shape(self, input_shape)

    def build_for_data(self, x: Any) -> None:
        """Create the weights of a deferred model for this input; other models have theirs already."""

    def as_layer(self) -> ModelLayer:
        """The model as a layer of another model, sharing its layers and weights. Always the same object."""
        made = self._as_layer
        if made is None:
            made = self._as_layer = _parts().as_layer(self)
        return made

    # --- weights

    @property
    def weights(self) -> list[Variable]:
        """All weights, layer by layer, in Keras's order."""
        variables = self._traced.variables
        return [variables[w.path] for w in self.graph.stored]

    @property
    def variables(self) -> list[Variable]:
        """All weights, and the states of stateful layers."""
        variables = self._traced.variables
        return [variables[w.path] for w in self.graph.weights]

    @property
    def variables_by_path(self) -> Mapping[str, Variable]:
        """All variables by path."""
        return self._traced.variables

    @property
    def backend(self) -> Backend:
        """The backend that runs the model."""
        return self._traced.backend if self._kept is None else "native"

    @property
    def trainable(self) -> bool:
        """Whether training updates the model. Setting it sets it for all layers, which can then be set individually."""
        return self._trainable

    @trainable.setter
    def trainable(self, value: bool) -> None:
        require_bool(value, self.name)
        self._trainable = value
        for layer in self._traced.layers:
            layer.trainable = value
        if self._as_layer is not None and self._as_layer.trainable != value:
            self._as_layer.trainable = value

    @property
    def trainable_weights(self) -> list[Variable]:
        """The weights that training updates; empty for a model that is frozen as a whole."""
        _ = self.graph
        layers = self._traced.layers
        changing = {id(v) for layer in layers for v in layer.trainable_weights} if self._trainable else set[int]()
        return [v for v in self.weights if id(v) in changing]

    def take_flags(self, *, trainable: bool, single: bool) -> None:
        """Be frozen as a whole as another state of the model is, whose layers are as these are, and return as it does:
        the `single` output by itself, or in a list."""
        self._trainable = trainable
        if self._single is not single:
            self._single, self._compiled = single, None

    def count_params(self) -> int:
        """The total number of elements of all weights."""
        return sum(w.size for w in self.graph.stored)

    def get_weights(self) -> list[Array]:
        """Copies of all weight arrays, in Keras's order."""
        return [v.value.copy() for v in self.weights]

    def set_weights(self, weights: Sequence[ArrayLike]) -> None:
        """Assign all weights, in Keras's order. Raises `WeightsError`, without assigning any, if they do not match."""
        assign_all(self.weights, weights, self._label)

    def save_weights(self, path: str | os.PathLike[str], *, force: bool = False) -> None:
        """Save all weights by path (`conv2d/kernel`): as `.safetensors`, or as `.weights.h5` for Keras.

        The file is written atomically. Raises `InputError` for another suffix, `OverwriteError` if a file of another
        kind would be overwritten, unless `force`.
        """
        _parts().save_weights(self, path, force=force)

    @property
    def arrays(self) -> dict[str, Array]:
        """The arrays of all weights by path, read-only."""
        return {w.path: self._traced.variables[w.path].value for w in self.graph.stored}

    def load_weights(self, path: str | os.PathLike[str]) -> None:
        """Load all weights from a `.safetensors`, `.modelc` or Keras file.

        The format is detected by the content of the file. Raises `FileFormatError` for a damaged file and
        `WeightsError` with every weight that does not match; nothing is loaded then.
        """
        _parts().load_weights(self, path)

    @property
    def _label(self) -> str:
        return f"the model `{self.name}`"

    # --- running

    def __call__(self, x: Any) -> Any:
        """The outputs for one batch: an array, a list for several outputs, or a dictionary if `outputs` is a mapping.

        Several inputs are given as a list of arrays in the order of `input_names`, or as a mapping by name.
        """
        try:
            if self._short is not None and (result := self._short(x)) is not None:
                return result
            compiled = self._compiled
            plain = None if compiled is None else compiled.plain
            # The shortest way for what most calls are: what the steps below come to for them.
            if compiled and plain and x.__class__ is np.ndarray and is_ready(x, plain) and compiled.graph is self.face:
                results = compiled.program.run([x])
                self._short = compiled.program.short_call(x) if x.shape == self._last_shape else None
                self._last_shape = x.shape
                return results[0]
            arrays = self._given(x)
            graph = self.face
            results = self.run_batch(convert(arrays, graph, graph.input_names))
        except MemoryError:
            with memory_told():
                raise
        return self._returned(results)

    @telling_memory
    def predict(
        self, x: Any, batch_size: int | None = None, verbose: Any = 0, steps: int | None = None, callbacks: Any = None
    ) -> Any:
        """The outputs for all samples of `x`, computed in batches of `batch_size`.

        `x` is an array, also memory-mapped, or a list or mapping of arrays for several inputs; or it yields batches as
        for `fit`, of which `steps` are taken if given. A model with free sizes takes a list of samples of different
        sizes as well: those of one size run together, and an output whose sizes are free, too, is a list of arrays.
        The default batch size is 32, or the one that the model fixes. `verbose=1` shows a progress bar on a terminal;
        unlike in Keras it is off by default. Raises `InputError` for inputs that do not match the model.
        """
        is_free = self.built and self.face.free_sizes is not None
        samples = _parts().samples_of(x, self.face) if is_free else None
        if samples is not None:
            return self._of_samples(samples, self._batch_size(batch_size))
        if verbose or steps is not None or callbacks is not None or not is_arrays(x):
            from modelc.training.predict import predict

            parts = predict(self, x, batch_size, verbose=verbose, steps=steps, callbacks=callbacks)
        else:
            parts = list(self.batches(self._given(x), self._batch_size(batch_size)))
        results = parts[0] if len(parts) == 1 else [np.concatenate(column) for column in zip(*parts, strict=True)]
        return self._returned(results)

    def _batch_size(self, given: int | None) -> int:
        if given is not None:
            require_count("batch_size", given)
        return self.face.batch_size or 32 if given is None else given

    def _of_samples(self, columns: Sequence[Sequence[Array]], batch_size: int) -> Any:
        """The outputs for samples of different sizes."""
        graph, names = self.face, self.input_names

        def run(arrays: list[Array]) -> list[Array]:
            check(arrays, graph, names)
            return self.run_batch(convert(arrays, graph, names))

        return self._returned(_parts().together(_parts().predicted(columns, batch_size, run), graph))

    def _returned(self, results: list[Array]) -> Any:
        """Results as the model returns them: one, a list, or by key."""
        keys = self.face.output_keys
        if keys:
            return dict(zip(keys, results, strict=True))
        return results[0] if self._single else results

    def predict_on_batch(self, x: Any) -> Any:
        """The outputs for one batch of samples, as `model(x)` gives them."""
        return self(x)

    def batches(self, arrays: Sequence[Array], batch_size: int) -> Iterator[list[Array]]:
        """Iterates over the outputs of batches of the input arrays."""
        require_count("batch_size", batch_size)
        graph, names = self.face, self.input_names
        samples = check(arrays, graph, names)
        for start in range(0, max(samples, 1), batch_size):
            with memory_told():
                results = self.run_batch(convert([x[start : start + batch_size] for x in arrays], graph, names))
            yield results

    def _given(self, x: Any) -> list[Array]:
        """The input arrays of a call."""
        return gather(x, self.face.input_names)

    def run_batch(self, inputs: Sequence[Array]) -> list[Array]:
        """The outputs for one batch of converted arrays; stateful layers continue from their states."""
        graph = self.face
        count = check(inputs, graph, graph.input_names) if len(inputs) > 1 else len(inputs[0])
        if graph.batch_size is not None:
            check_batch(count, graph)
        compiled = self._compiled
        if compiled is None or compiled.graph is not graph:
            compiled = self._compile(graph, None)
        if not compiled.states:
            return compiled.program.run(inputs)
        results = compiled.program.run([*inputs, *(state.value for state in compiled.states)])
        if not graph.updates:
            return results
        variables = self._traced.variables
        outputs = len(graph.outputs)
        assign_together((variables[path], new) for path, new in zip(graph.updates, results[outputs:], strict=True))
        return results[:outputs]

    @property
    def program(self) -> Program:
        """The compiled graph, created at the first call if building did not compile."""
        return self.compile_native(None)

    @property
    def whole_program(self) -> Program:
        """The compiled graph with its steps, which a plan that was read from the cache has no longer."""
        if self._kept is not None:
            self._kept.leave()
        return self.program

    def compile_native(
        self, on_compile: OnCompile | None, *, packed: bool = True, into: NewBlock | None = None
    ) -> Program:
        """Compile for the model's backend, once; `on_compile(family, seconds)` reports the kernel families compiled for
        it. Weights are `packed` as in `from_traced`."""
        return self._compile(self.face, on_compile, packed, into).program

    def _compile(
        self, graph: Graph, on_compile: OnCompile | None, packed: bool = True, into: NewBlock | None = None
    ) -> _Compiled:
        with self._lock:
            if self._compiled is None or self._compiled.graph is not graph:
                states = [self._traced.variables[weight.path] for weight in graph.weights if weight.state]
                program = self._make_program(graph, on_compile, packed, into)
                self._compiled = _Compiled.of(graph, program, states, single=self._single)
            return self._compiled

    def _make_program(self, graph: Graph, on_compile: OnCompile | None, packed: bool, into: NewBlock | None) -> Program:
        traced = graph
        graph = with_states_as_inputs(traced)
        variables = {w.path: self._traced.variables[w.path] for w in graph.weights}

        def retrace(sizes: Mapping[str, int]) -> Graph:
            return with_states_as_inputs(_parts().retraced(traced, self._root.to_spec(), sizes))

        if self._traced.backend == "reference":
            from modelc.graph.reference import ReferenceProgram

            return ReferenceProgram(graph, variables, retrace)

        require_environment()  # before the kernels' sources are imported, which follow it
        from modelc.native.engine.program import NativeProgram

        return NativeProgram(graph, variables, on_compile, retrace=retrace, packed=packed, first_block=into)

    # --- other models, files, text

    def extract(self, *selectors: str) -> Model:
        """A model that returns the outputs of the selected layers and shares its weights with this one."""
        require_texts("selectors", selectors, "extract")
        return Model(self.inputs, _parts().extracted(self, self._root, selectors), self.name)

    def save(self, path: str | os.PathLike[str], *, force: bool = False) -> None:
        """Save the model as one file: `.modelc` (spec, weights and a manifest), `.keras` for Keras, or `.onnx`.

        The file is written atomically. Raises `InputError` for another suffix, `OverwriteError` if a file of another
        kind would be overwritten, unless `force`.
        """
        _parts().save(self, path, force=force)

    def export_onnx(
        self,
        path: str | os.PathLike[str],
        *,
        opset: int | None = None,
        half: bool = False,
        weights_beside: bool | None = None,
        force: bool = False,
    ) -> tuple[str, ...]:
        """Write the model as an ONNX file, as `save("m.onnx")` does, with a choice of how; notes on what is in it.

        `opset`, 15 to 23, is the version of ONNX's operators: 18 unless said. `half` stores weights and computes in
        float16; inputs and outputs stay float32. `weights_beside` puts the weights into `NAME.onnx.safetensors` beside
        the file: unless said, where they have more than 2 GB.

        The files are written atomically. Raises `SpecError` with the layer for what ONNX cannot say, `InputError` for
        another opset, `OverwriteError` if a file of another kind would be overwritten, unless `force`.
        """
        how = {"opset": opset, "half": half, "weights_beside": weights_beside}
        return _parts().save_onnx(self, path, **how, force=force)

    def export_c(
        self,
        folder: str | os.PathLike[str],
        *,
        name: str | None = None,
        target: str = "native",
        embed: bool = False,
        train: bool = False,
        threads: int = 1,
        sizes: Mapping[str, int] | None = None,
        force: bool = False,
    ) -> None:
        """Write a C library for Linux: `libNAME.a`, `libNAME.so`, the header `NAME.h` and the weights `NAME.weights`.

        The library needs neither Python nor a runtime. It holds the weights itself if `embed`. `name` is what all its
        names begin with, by default that of the model. `target` is the CPU: `native` for this one, `x86-64`,
        `x86-64-v2`, `x86-64-v3`, `x86-64-v4` or `aarch64`. With `train` it also has the step of training that `compile`
        has set. With `threads` so many may share a call: the library starts them where the program asks for it. Free
        sizes are fixed by `sizes`. The folder is made if only its last part is not there.

        All files are written, or none. Raises `InputError` for an unknown target and a size that is left free,
        `OverwriteError` if a file of another kind would be overwritten, unless `force`.
        """
        _parts().export_c(
            self, folder, name=name, target=target, embed=embed, train=train, threads=threads, sizes=sizes, force=force
        )

    def summary(
        self,
        line_length: int | None = None,
        positions: Sequence[float] | None = None,
        print_fn: Callable[[str], Any] | None = None,
        expand_nested: bool = False,
        show_trainable: bool = False,
        layer_range: Sequence[str] | None = None,
        **options: Any,
    ) -> None:
        """Print the table of layers, output shapes and parameters, as Keras does.

        On a terminal it is at most as wide as the terminal, elsewhere as wide as its content, unless `line_length` is
        given. `positions` are where columns end, as shares of the width or in characters. `print_fn` takes the whole
        text instead of `print`. `expand_nested` shows the layers of nested models, `show_trainable` whether layers are
        trained, `layer_range` the layers between two, by regular expressions of their names. Further options are those
        of `modelc.report.summary.summarize`.
        """
        how = {"expand_nested": expand_nested, "show_trainable": show_trainable, "layer_range": layer_range}
        width = columns_of() if line_length is None else line_length
        (print_fn or print)(self._summary(**how, **options).to_text(width, positions))

    def view(
        self, *, batch_size: int = 1, sizes: Mapping[str, int] | None = None, histograms: bool = True
    ) -> ModelDrawing:
        """The model to be looked at: a page in notebooks, `save` for a file, `open` for the browser.

        It has the layers with their shapes, costs and the `histograms` of their weights. Raises `SpecError` for outputs
        that no definition can name.
        """
        arrays = self.arrays if histograms else {}
        return _parts().view_of_definition(self.to_spec(), arrays, batch_size=batch_size, sizes=sizes)

    def _repr_html_(self) -> str:
        return _parts().definition_as_html(self.to_spec())

    def _summary(self, **options: Any) -> Summary:
        return _parts().summarize(self, **options)

    def archive(self) -> bytes | None:
        """What `save` would write, where that is the file that the model was loaded from, at which nothing was changed
        since; else None."""
        kept = self._kept
        return None if kept is None or self._said or kept.is_outdated() else kept.archive()

    def __reduce__(self) -> tuple[Any, ...]:
        from modelc.model.build import unpickled_model

        return unpickled_model, (*_parts().pickled(self), self.backend, self._trainable, self._single)

    def __repr__(self) -> str:
        return f"<Model {self.name}: {len(self._traced.layers)} layers, {self.count_params():,} parameters>"
