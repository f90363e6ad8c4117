"""`Builder`: the recorder to which a layer's `call` emits its ops while a model is traced."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from itertools import chain
from math import prod
from typing import TYPE_CHECKING

from modelc.errors import NotOneCallError
from modelc.graph.assignments import Assignments
from modelc.graph.declared_weights import DeclaredWeights
from modelc.graph.free_sizes import FreeSizes
from modelc.graph.graph import Graph, Node, Value, Weight
from modelc.graph.layer_traces import LayerTraces
from modelc.graph.limits import require_bounded
from modelc.graph.masks import Masks
from modelc.graph.standing import Standing
from modelc.graph.tensor import Tensor
from modelc.graph.traced_loop import TracedLoop
from modelc.graph.types import TensorType
from modelc.initializers.classes import Initializer, Zeros
from modelc.ops.base import Op
from modelc.ops.constant import Constant
from modelc.ops.elementwise import Cast
from modelc.ops.random import Random, random_key
from modelc.ops.scan import with_inner
from modelc.semantics import KERAS_3, Semantics

if TYPE_CHECKING:
    from modelc.regularizers.classes import Regularizer

DRAWS = "draws"
"""The state in which a layer counts its draws."""

AS_IT_IS = nullcontext()
"""A context in which nothing changes; any number of layers may share it."""

Mark = tuple[int, int, int, int, int, int]
"""How many nodes, weights, layers, penalized outputs, assignments and sums over parts a trace has so far."""


class Builder:
    """Collects the nodes and weights of a model, layer by layer.

    `training` says which of its two computations a layer is to emit; inference unless said. Random draws are those of
    `seed` and of the value of `step`, see `count_steps`.
    """

    def __init__(
        self,
        *,
        training: bool = False,
        batch_size: int | None = None,
        seed: int = 0,
        semantics: Semantics = KERAS_3,
        free_sizes: FreeSizes | None = None,
        exact: bool = False,
    ) -> None:
        self.training = training
        self.semantics = semantics
        """What the layers that are traced mean where versions of Keras differ."""
        self.seed = seed
        self._step: Tensor | None = None
        self._in_training_itself = training
        self._passing: set[str] = set()
        """The weights that are assigned to by layers which compute as in training, in a model that is not trained."""
        self.batch_size = batch_size
        """The number of samples of every call, where the model fixes it."""
        self.free_sizes = FreeSizes() if free_sizes is None else free_sizes
        """The sizes that stay free."""
        self.exact = exact
        """Whether sums are to be computed as they are defined."""
        self._inputs: list[Value] = []
        self._input_dtypes: list[str] = []
        self._input_names: list[str] = []
        self._nodes: list[Node] = []
        self._weights = DeclaredWeights()
        self.traces = LayerTraces()
        """What is noted of the layers."""
        self.masks = Masks()
        self._assigned = Assignments()
        self._weight_of: dict[Value, Weight] = {}  # by what `weight` gave
        self._stopped: set[Value] = set()
        self._loops: list[TracedLoop] = []
        """The loops whose steps are being traced, the outermost first."""
        self._here = Standing()
        self.activities: list[tuple[Regularizer, Tensor]] = []
        """What layers gave, at each use of them, with their `activity_regularizer`."""
        self.share: Tensor | None = None
        """What share of the batch's samples the batch that is traced has, where it is a part of that; else None."""
        self.totals: list[tuple[Tensor, Tensor]] = []
        """What is summed over all parts of a batch, and the sums, which are inputs."""

    @classmethod
    def going_on(cls, graph: Graph) -> Builder:
        """A builder that goes on from a finished graph; nodes that are emitted belong to no layer."""
        new = cls(batch_size=graph.batch_size, free_sizes=graph.free_sizes, exact=graph.exact)
        new._inputs, new._input_dtypes = list(graph.inputs), list(graph.input_dtypes)
        new._input_names, new._nodes = list(graph.input_names), list(graph.nodes)
        new._weights, new.traces = DeclaredWeights(graph.weights), LayerTraces(graph.layers)
        new._assigned = Assignments(graph.updates)
        return new

    def tensor(self, value: Value) -> Tensor:
        """A value of the graph, to compute with."""
        return Tensor(self, value)

    def input(self, type: TensorType, dtype: str | None = None, name: str = "input") -> Tensor:
        """Declare an input of the model; `dtype` is what the user declared, where it is not the value's own.

        Raises `ShapeError` where it is larger than a tensor may be.
        """
        value = Value(require_bounded(type))
        self._input_names.append(name)
        self._inputs.append(value)
        self._input_dtypes.append(dtype or type.dtype)
        return self.tensor(value)

    def count_steps(self) -> Tensor:
        """Declare the number of the training step as an input, an int32 scalar, which all random draws depend on."""
        self._step = self.input(TensorType((), "int32"), name="step")
        return self._step

    def split(self) -> None:
        """Declare that the batch is a part of another one, and its share of the samples of that as an input."""
        self.share = self.input(TensorType(()), name="samples")

    def over_parts(self, x: Tensor) -> Tensor:
        """The sum of x over all parts of the batch: an input, since others compute what it is made of. x itself where
        the batch is whole.

        Raises `NotOneCallError` in the step of a loop: all steps are computed by one call.
        """
        if self.share is None:
            return x
        if self._loops:
            message = (
                "statistics of a whole batch that is split into micro-batches cannot be taken in a loop over steps"
            )
            raise NotOneCallError(message, "leave `synchronized` out, or train without `micro_batches`", "E207")
        total = self.input(x.type, name=f"total:{len(self.totals)}")
        self.totals.append((x, total))
        return total

    @property
    def step(self) -> Tensor:
        """The number of the training step; 0 unless it is an input.

        A layer that draws in a model that is not trained counts its draws itself, in a state.
        """
        if self._step is not None:
            return self._step
        if self._in_training_itself or not self.training:
            return self.emit(Constant((0.0,), ()))
        count = self.weight(DRAWS, (), Zeros(), trainable=False, state=True)
        self.assign(count, count + 1.0)
        return count.cast("int32")

    def computing(self, training: bool | None) -> AbstractContextManager[None]:
        """Layers inside compute as in training, or as at inference, whatever the model does; None leaves it as it is.

        Where the model is not trained, what they assign to statistics holds for the call only.
        """
        return AS_IT_IS if training is None else self._computing(training)

    @contextmanager
    def _computing(self, training: bool) -> Generator[None]:
        outer, self.training = self.training, training
        try:
            yield
        finally:
            self.training = outer

    def random_key(self, seed: int | None) -> int:
        """The key of the next random draw of the layer: of its own seed or the model's, its path, and a number."""
        nodes = chain(*(loop.around for loop in self._loops), self._nodes)
        earlier = sum(isinstance(node.op, Random) for node in with_inner(nodes) if node.layer == self.path)
        return random_key(self.seed if seed is None else seed, f"{self.path}/{earlier}")

    def emit(self, op: Op, *operands: Tensor) -> Tensor:
        """Apply `op`, to integers as floats where it takes no integers. Raises `ShapeError` where it does not fit."""
        return self.tensor(self.emit_value(op, *(operand.value for operand in operands)))

    def emit_value(self, op: Op, *operands: Value) -> Value:
        """`emit` for the values of tensors."""
        types = [operand.type for operand in operands]
        if not op.takes_integers:
            for type in types:
                if type.dtype == "int32":
                    operands = tuple(map(self._as_float, operands))
                    types = [operand.type for operand in operands]
                    break
        type = op.infer(*types)
        output = Value(type if types and type is types[0] else require_bounded(type), self._here.path)
        self._nodes.append(Node(op, operands, output))
        return output

    def _as_float(self, value: Value) -> Value:
        return self.emit_value(Cast("float32"), value) if value.type.dtype == "int32" else value

    def emit_all(self, op: Op, *operands: Tensor) -> tuple[Tensor, ...]:
        """Apply an op of several outputs. Raises `ShapeError` where it does not fit."""
        values = tuple(operand.value for operand in operands)
        types = op.infer_all(*(value.type for value in values))
        output, *others = (Value(require_bounded(type), self.path) for type in types)
        self._nodes.append(Node(op, values, output, tuple(others)))
        return tuple(map(self.tensor, (output, *others)))

    def keep(self, nodes: Iterable[Node]) -> None:
        """Take over nodes that were traced apart."""
        self._nodes += nodes

    @contextmanager
    def loop(self, steps: int) -> Generator[TracedLoop]:
        """What is traced inside is a step of a loop over so many: see `modelc.graph.scan`.

        Ops are kept apart. Of weights that layers assign to, each step reads what the step before wrote; what is read
        inside is not read again outside.
        """
        loop = TracedLoop(steps, Value(TensorType(()), self.path), self._nodes)
        self._nodes, mark, penalized = loop.nodes, self._assigned.mark(), len(self.activities)
        self._loops.append(loop)
        try:
            yield loop
            loop.assigned, loop.penalized = self._assigned.since(mark), self.activities[penalized:]
        finally:
            del self.activities[penalized:]
            self._assigned.rewind(mark)
            self._nodes = loop.around
            self._loops.pop()

    @property
    def in_loop(self) -> bool:
        """Whether what is traced is a step of a loop."""
        return bool(self._loops)

    @property
    def step_in_loops(self) -> Tensor | None:
        """The number of the step, counted on over all turns of the loops around its own one; None outside of loops."""
        number: Tensor | None = None
        for loop in self._loops:
            own = self.tensor(loop.number)
            number = own if number is None else number * loop.steps + own
        return number

    def known_weight(self, path: str) -> Weight:
        """The weight at a path."""
        return self._weights[path]

    def weight(
        self,
        name: str,
        shape: tuple[int, ...],
        initializer: Initializer,
        *,
        trainable: bool = True,
        state: bool = False,
    ) -> Tensor:
        """Declare a weight of the layer that is being traced; a layer that is used again has the same ones again.

        Raises `ShapeError` where the shape depends on a free size, where its initializer cannot fill it, or where a
        further use needs another one than the first.
        """
        known = self._weights.declare(self._here, name, shape, initializer, trainable=trainable, state=state)
        current = self.current(known)
        self._weight_of[current.value] = known
        return current

    def current(self, weight: Weight) -> Tensor:
        """The value of a weight at this point: its own, or the last that was assigned to it.

        No gradient passes through an assignment to what was assigned, as in Keras on TensorFlow and PyTorch, where it
        writes to a variable.
        """
        return self.tensor(self._assigned.read(weight, lambda value: self.stop_gradient(self.tensor(value)).value))

    def assign(self, weight: Tensor, value: Tensor) -> None:
        """In training mode: a weight, as `weight` gave it, is `value` from here on, in this step and after it.

        A layer that is called again goes on from there, as a BatchNormalization in both branches of a siamese model
        does. What is trained is trained from its last value.
        """
        known = self._weight_of[weight.value]
        if self.training and not self._in_training_itself and not known.state:
            self._passing.add(known.path)
        self._assigned.assign(known.path, value.value)

    def assign_after_loop(self, path: str, value: Tensor) -> None:
        """`assign` of the weight at a path to what the last step of a loop assigned to it."""
        self._assigned.assign(path, value.value)

    def versions(self, weight: Weight) -> tuple[Value, ...]:
        """All values of a weight that this step computes with: its own, then those that were read after assignments."""
        return self._assigned.versions(weight)

    def stop_gradient(self, x: Tensor) -> Tensor:
        """The same value, through which no gradient passes."""
        same = x.reshape(x.shape)
        self._stopped.add(same.value)
        return same

    @property
    def stopped(self) -> frozenset[Value]:
        """The values through which no gradient passes."""
        return frozenset(self._stopped)

    def layer(self, path: str) -> AbstractContextManager[None]:
        """Ops and weights inside belong to the layer at `path`."""
        return self._standing(self._here.in_layer(path))

    def applied(self, *, trainable: bool) -> AbstractContextManager[None]:
        """What is traced inside is that of a layer that is trained or not; of one in a wrapper, if applied again."""
        return self._standing(self._here.in_applied(trainable=trainable))

    def scope(self, name: str) -> AbstractContextManager[None]:
        """Weights inside belong to the part `name` of the layer: `lstm/lstm_cell/kernel`."""
        return self._standing(self._here.in_part(name))

    def inside(self, name: str) -> AbstractContextManager[None]:
        """Ops and weights inside belong to the model `name` that the layer wraps, and are frozen with it."""
        return self._standing(self._here.in_model(name))

    def _standing(self, here: Standing) -> AbstractContextManager[None]:
        return _There(self, here)

    def _stand(self, here: Standing) -> Standing:
        """Stand there from now on; where the trace stood before is returned."""
        outer, self._here = self._here, here
        self.free_sizes.layer = here.path
        return outer

    @property
    def frozen(self) -> bool:
        """Whether the layer that is being traced is frozen, by itself or by the wrapper that it is in."""
        return self._here.frozen

    def penalize(self, regularizer: Regularizer, outputs: Iterable[Tensor]) -> None:
        """Note that the loss of training grows by a penalty on what a layer gives."""
        self.activities += [(regularizer, output) for output in outputs]

    @property
    def path(self) -> str:
        """The path of the layer that is being traced."""
        return self._here.path

    @contextmanager
    def nested(self, semantics: Semantics) -> Generator[None]:
        """Layers recorded inside belong to the model that is being traced as a layer, and mean what it says."""
        outer, self.semantics = self.semantics, semantics
        try:
            # A mask that the model is given goes with its input.
            with self.traces.nested(self.path), self.masks.none_given():
                yield
        finally:
            self.semantics = outer

    def mark(self) -> Mark:
        """How far the trace has come, for `record` and `rewind`."""
        return (
            len(self._nodes),
            self._weights.mark(),
            self.traces.mark(),
            len(self.activities),
            self._assigned.mark(),
            len(self.totals),
        )

    def rewind(self, mark: Mark) -> None:
        """Forget what was traced since `mark`."""
        nodes, weights, layers, activities, assignments, totals = mark
        for _ in range(len(self.totals) - totals):
            self.totals.pop()
            for declared in (self._inputs, self._input_dtypes, self._input_names):
                declared.pop()
        self._assigned.rewind(assignments)
        self._weights.rewind(weights)
        self.traces.rewind(layers)
        del self._nodes[nodes:], self.activities[activities:]

    def spent(self, start: Mark) -> tuple[int, tuple[Weight, ...]]:
        """The multiply-adds of what was traced since `start`, and the weights that were declared first in it."""
        # Most ops are free: to ask each node would take longer than to emit it.
        macs, free = 0, Op.macs
        for node in self._nodes[start[0] :]:
            if node.op.__class__.macs is not free:
                macs += node.macs
        if self._loops:
            macs *= prod(loop.steps for loop in self._loops)
        return macs, self._weights.since(start[1])

    @property
    def inputs(self) -> dict[str, Value]:
        """What the model takes so far, by name."""
        return dict(zip(self._input_names, self._inputs, strict=True))

    @property
    def input_count(self) -> int:
        """The number of inputs so far."""
        return len(self._inputs)

    def graph(self, name: str, outputs: Sequence[Tensor], output_names: tuple[str, ...]) -> Graph:
        """The finished graph."""
        return Graph(
            name=name,
            inputs=tuple(self._inputs),
            weights=self._weights.since(0),
            nodes=tuple(self._nodes),
            outputs=tuple(output.value for output in outputs),
            output_names=output_names,
            layers=tuple(self.traces.layers),
            input_dtypes=tuple(self._input_dtypes),
            input_names=tuple(self._input_names),
            batch_size=self.batch_size,
            free_sizes=self.free_sizes if self.free_sizes.symbols else None,
            exact=self.exact,
            updates={path: value for path, value in self._assigned.last.items() if path not in self._passing},
        )


class _There:
    """A context in which a trace stands elsewhere. Each layer has several: a generator takes three times as long."""

    __slots__ = ("_builder", "_here")

    def __init__(self, builder: Builder, here: Standing) -> None:
        self._builder, self._here = builder, here

    def __enter__(self) -> None:
        self._here = self._builder._stand(self._here)

    def __exit__(self, *exc: object) -> None:
        self._here = self._builder._stand(self._here)
