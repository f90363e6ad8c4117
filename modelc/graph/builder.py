"""`Builder`: the recorder to which a layer's `call` emits its ops while a model is traced."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import chain
from math import prod
from typing import TYPE_CHECKING

from modelc.errors import ShapeError
from modelc.graph.assignments import Assignments
from modelc.graph.free_sizes import FreeSizes
from modelc.graph.graph import Graph, LayerTrace, Node, Value, Weight
from modelc.graph.limits import require_bounded
from modelc.graph.sizes import free_in
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
from modelc.text.listing import listing

if TYPE_CHECKING:
    from modelc.regularizers.classes import Regularizer

_DRAWS = "draws"
"""The state in which a layer counts its draws."""

Mark = tuple[int, int, int, int, int]
"""The numbers of nodes, weights, layers, penalized outputs and assignments at some point of a trace."""


@dataclass(slots=True)
class _Records:
    """The layers of one model, each once, and where each is."""

    layers: list[LayerTrace] = field(default_factory=list[LayerTrace])
    positions: dict[str, int] = field(default_factory=dict[str, int])


@dataclass(frozen=True, slots=True)
class _Freezing:
    """What is known of a layer and of those that it wraps."""

    applied: bool = False
    """Whether a layer is applied already, so that the next one is in it."""
    frozen: bool = False
    held: bool = False
    """Whether the layers inside of this one are named by paths of their own, and still frozen with it."""
    inside: bool = False
    """Whether a layer in another one is frozen by itself: no training of the other one changes its weights."""


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
        self.makers: dict[Value, LayerTrace] = {}
        """The layer that gave each value."""
        self._nodes: list[Node] = []
        self._weights: list[Weight] = []
        self._records = _Records()
        self._inner: dict[str, _Records] = {}
        self._assigned = Assignments()
        self._weight_of: dict[Value, Weight] = {}  # by what `weight` gave
        self._stopped: set[Value] = set()
        self._loops: list[TracedLoop] = []
        """The loops whose steps are being traced, the outermost first."""
        self._masks: dict[Value, Tensor] = {}
        self._given_masks: frozenset[Value] = frozenset()
        self._known: dict[str, Weight] = {}
        self._path = ""
        self._scope = ""
        self._freezing: _Freezing = _Freezing()
        self.activities: list[tuple[Regularizer, Tensor]] = []
        """What layers gave, at each use of them, with their `activity_regularizer`."""

    @classmethod
    def going_on(cls, graph: Graph) -> Builder:
        """A builder that goes on from a finished graph; nodes that are emitted belong to no layer."""
        new = cls(batch_size=graph.batch_size, free_sizes=graph.free_sizes, exact=graph.exact)
        new._inputs, new._input_dtypes = list(graph.inputs), list(graph.input_dtypes)
        new._input_names, new._nodes, new._weights = list(graph.input_names), list(graph.nodes), list(graph.weights)
        new._records.layers = list(graph.layers)
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

    @property
    def step(self) -> Tensor:
        """The number of the training step; 0 unless it is an input.

        A layer that draws in a model that is not trained counts its draws itself, in a state.
        """
        if self._step is not None:
            return self._step
        if self._in_training_itself or not self.training:
            return self.emit(Constant((0.0,), ()))
        count = self.weight(_DRAWS, (), Zeros(), trainable=False, state=True)
        self.assign(count, count + 1.0)
        return count.cast("int32")

    @contextmanager
    def computing(self, training: bool | None) -> Generator[None]:
        """Layers inside compute as in training, or as at inference, whatever the model does; None leaves it as it is.

        Where the model is not trained, what they assign to statistics holds for the call only.
        """
        outer = self.training
        self.training = outer if training is None else training
        try:
            yield
        finally:
            self.training = outer

    def random_key(self, seed: int | None) -> int:
        """The key of the next random draw of the layer: of its own seed or the model's, its path, and a number."""
        nodes = chain(*(loop.around for loop in self._loops), self._nodes)
        earlier = sum(isinstance(node.op, Random) for node in with_inner(nodes) if node.layer == self._path)
        return random_key(self.seed if seed is None else seed, f"{self._path}/{earlier}")

    def emit(self, op: Op, *operands: Tensor) -> Tensor:
        """Apply `op`, to integers as floats where it takes no integers. Raises `ShapeError` where it does not fit."""
        return self.tensor(self.emit_value(op, *(operand.value for operand in operands)))

    def emit_value(self, op: Op, *operands: Value) -> Value:
        """`emit` for the values of tensors."""
        if not op.takes_integers:
            operands = tuple(self.emit_value(Cast("float32"), v) if v.type.dtype == "int32" else v for v in operands)
        output = Value(require_bounded(op.infer(*(operand.type for operand in operands))), self._path)
        self._nodes.append(Node(op, operands, output))
        return output

    def emit_all(self, op: Op, *operands: Tensor) -> tuple[Tensor, ...]:
        """Apply an op of several outputs. Raises `ShapeError` where it does not fit."""
        values = tuple(operand.value for operand in operands)
        types = op.infer_all(*(value.type for value in values))
        output, *others = (Value(require_bounded(type), self._path) for type in types)
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
        loop = TracedLoop(steps, Value(TensorType(()), self._path), self._nodes)
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
    def step_in_loops(self) -> Tensor | None:
        """The number of the step, counted on over all turns of the loops around its own one; None outside of loops."""
        number: Tensor | None = None
        for loop in self._loops:
            own = self.tensor(loop.number)
            number = own if number is None else number * loop.steps + own
        return number

    def known_weight(self, path: str) -> Weight:
        """The weight at a path."""
        return self._known[path]

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
        _require_fixed(name, shape)
        path = f"{self._path}/{self._scope}{name}"
        known = self._known.get(path)
        if known is None:
            value = Value(require_bounded(TensorType(shape)), self._path)
            _require(initializer, name, shape)
            known = Weight(path, value, initializer, trainable, self._freezing.inside, state)
            self._known[path] = known
            self._weights.append(known)
        elif known.value.layer != self._path:
            raise ShapeError(
                f"its weight `{name}` would have the path `{path}`, which is one of the layer `{known.value.layer}`",
                "rename one of the two layers",
                "E206",
            )
        elif known.shape != shape:
            raise ShapeError(
                f"its weight `{name}` has the shape {known.shape} from its first use, here it would be {shape}",
                "a layer that is used several times takes inputs of one shape",
            )
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

    @contextmanager
    def layer(self, path: str) -> Generator[None]:
        """Ops and weights inside belong to the layer at `path`."""
        outer = self._path, self._scope, self._freezing
        self._path, self._scope = path, ""
        self.free_sizes.layer = path
        if not outer[2].held:
            self._freezing = _Freezing()
        try:
            yield
        finally:
            self._path, self._scope, self._freezing = outer
            self.free_sizes.layer = outer[0]

    @contextmanager
    def applied(self, *, trainable: bool) -> Generator[None]:
        """What is traced inside is that of a layer that is trained or not; of one in a wrapper, if applied again."""
        outer = self._freezing
        self._freezing = _Freezing(
            applied=True,
            frozen=outer.frozen or not trainable,
            held=outer.held,
            inside=outer.inside or (outer.applied and not trainable),
        )
        try:
            yield
        finally:
            self._freezing = outer

    @property
    def frozen(self) -> bool:
        """Whether the layer that is being traced is frozen, by itself or by the wrapper that it is in."""
        return self._freezing.frozen

    def penalize(self, regularizer: Regularizer, outputs: Iterable[Tensor]) -> None:
        """Note that the loss of training grows by a penalty on what a layer gives."""
        self.activities += [(regularizer, output) for output in outputs]

    @contextmanager
    def scope(self, name: str) -> Generator[None]:
        """Weights inside belong to the part `name` of the layer: `lstm/lstm_cell/kernel`."""
        outer = self._scope
        self._scope = f"{outer}{name}/"
        try:
            yield
        finally:
            self._scope = outer

    @contextmanager
    def inside(self, name: str) -> Generator[None]:
        """Ops and weights inside belong to the model `name` that the layer wraps, and are frozen with it."""
        outer = self._path, self._scope, self._freezing
        self._path, self._scope = f"{self._path}/{self._scope}{name}", ""
        self._freezing = replace(self._freezing, held=True)
        try:
            yield
        finally:
            self._path, self._scope, self._freezing = outer

    @property
    def path(self) -> str:
        """The path of the layer that is being traced."""
        return self._path

    # --- masks: which steps of a sequence count, as 0 and 1 beside the value

    def mask_of(self, x: Tensor) -> Tensor | None:
        """The mask that goes with a tensor, or None where all of it counts."""
        return self._masks.get(x.value)

    def set_mask(self, x: Tensor, mask: Tensor | None) -> None:
        """Let a mask go with a tensor; None takes it away."""
        if mask is None:
            self._masks.pop(x.value, None)
        else:
            self._masks[x.value] = mask

    def unmasked(self, x: Tensor) -> Tensor:
        """The tensor without a mask: itself where it has none, else the same elements beside it."""
        return x if self.mask_of(x) is None else x.reshape(x.shape)

    @contextmanager
    def masked(self, masks: Mapping[Tensor, Tensor | None]) -> Generator[None]:
        """Inside, these tensors have these masks, which a call is given, instead of their own."""
        own, given = {x: self.mask_of(x) for x in masks}, self._given_masks
        for x, mask in masks.items():
            self.set_mask(x, mask)
        self._given_masks = given | {x.value for x in masks}
        try:
            yield
        finally:
            self._given_masks = given
            for x, mask in own.items():
                self.set_mask(x, mask)

    def is_mask_given(self, x: Tensor) -> bool:
        """Whether the mask of a tensor is one that the call is given, and not the one that goes with the tensor."""
        return x.value in self._given_masks

    @contextmanager
    def nested(self, semantics: Semantics) -> Generator[None]:
        """Layers recorded inside belong to the model that is being traced as a layer, and mean what it says."""
        outer = self._records, self.semantics, self._given_masks
        self._records, self.semantics = self._inner.setdefault(self._path, _Records()), semantics
        self._given_masks = frozenset()  # a mask that the model is given goes with its input
        try:
            yield
        finally:
            self._records, self.semantics, self._given_masks = outer

    def mark(self) -> Mark:
        """How far the trace has come, for `record` and `rewind`."""
        return (
            len(self._nodes),
            len(self._weights),
            len(self._records.layers),
            len(self.activities),
            self._assigned.mark(),
        )

    def rewind(self, mark: Mark) -> None:
        """Forget what was traced since `mark`."""
        nodes, weights, layers, activities, assignments = mark
        self._assigned.rewind(assignments)
        for weight in self._weights[weights:]:
            del self._known[weight.path]
        for record in self._records.layers[layers:]:
            del self._records.positions[record.name]
        del self._nodes[nodes:], self._weights[weights:], self._records.layers[layers:], self.activities[activities:]
        for path in [path for path in self._inner if path.partition("/")[0] not in self._records.positions]:
            del self._inner[path]

    def record(self, start: Mark, made: LayerTrace) -> LayerTrace:
        """Note a layer, with the weights, the cost and the inner layers of what was traced since `start`.

        Where the layer was noted before, this is a further use of it: its cost and its sources are added.
        """
        macs = sum(node.macs for node in self._nodes[start[0] :])
        macs *= prod(loop.steps for loop in self._loops)
        inner = tuple(self._inner[made.name].layers) if made.name in self._inner else ()
        position = self._records.positions.get(made.name)
        if position is None:
            made = replace(made, macs=macs, weights=tuple(self._weights[start[1] :]), inner=inner)
            self._records.positions[made.name] = len(self._records.layers)
            self._records.layers.append(made)
        else:
            first = self._records.layers[position]
            made = replace(
                first,
                macs=first.macs + macs,
                sources=first.sources + made.sources,
                uses=first.uses + 1,
                inner=inner,
            )
            self._records.layers[position] = made
        for output in made.outputs:
            self.makers.setdefault(output, made)
        return made

    @property
    def inputs(self) -> dict[str, Value]:
        """What the model takes so far, by name."""
        return dict(zip(self._input_names, self._inputs, strict=True))

    @property
    def input_count(self) -> int:
        """The number of inputs so far."""
        return len(self._inputs)

    @property
    def records(self) -> list[LayerTrace]:
        """The layers noted so far."""
        return self._records.layers

    def inner(self, path: str) -> LayerTrace | None:
        """The layer at a path inside of a model that was traced as a layer."""
        for records in self._inner.values():
            if path in records.positions:
                return records.layers[records.positions[path]]
        return None

    def graph(self, name: str, outputs: Sequence[Tensor], output_names: tuple[str, ...]) -> Graph:
        """The finished graph."""
        return Graph(
            name=name,
            inputs=tuple(self._inputs),
            weights=tuple(self._weights),
            nodes=tuple(self._nodes),
            outputs=tuple(output.value for output in outputs),
            output_names=output_names,
            layers=tuple(self._records.layers),
            input_dtypes=tuple(self._input_dtypes),
            input_names=tuple(self._input_names),
            batch_size=self.batch_size,
            free_sizes=self.free_sizes if self.free_sizes.symbols else None,
            exact=self.exact,
            updates={path: value for path, value in self._assigned.last.items() if path not in self._passing},
        )


def _require_fixed(name: str, shape: tuple[int, ...]) -> None:
    """Raise `ShapeError` where the weight of this name would have another shape for other sizes of the input."""
    free = list(dict.fromkeys(symbol for size in shape for symbol in free_in(size)))
    if free:
        shown = f"({', '.join(map(repr, shape))}{',' if len(shape) == 1 else ''})"
        sizes = "a size that is" if len(free) == 1 else "sizes that are"
        names = listing([f"`{one}`" for one in free])
        message = f"its weight `{name}` would have the shape {shown}, which depends on {names}, {sizes} free"
        raise ShapeError(message, free=free)


def _require(initializer: Initializer, name: str, shape: tuple[int, ...]) -> None:
    """Raise `ShapeError` where the initializer cannot fill the weight of this name."""
    try:
        initializer.require(shape)
    except ShapeError as error:
        raise ShapeError(f"its weight `{name}`: {error.message}", "choose another initializer for it") from None
