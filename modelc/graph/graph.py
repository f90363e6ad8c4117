"""`Graph`: ops in order, the typed values between them, and the values of each layer."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from modelc.graph.free_sizes import FreeSizes
from modelc.graph.types import TensorType
from modelc.system.forks import cached_property
from modelc.system.slots import setters

if TYPE_CHECKING:
    from modelc.initializers.classes import Initializer
    from modelc.ops.base import Op


@dataclass(frozen=True, slots=True, eq=False, init=False)
class Value:
    """A tensor that flows through a graph. Two values are the same only if they are the same object."""

    type: TensorType
    layer: str = ""
    """The path of the layer that made it; empty for an input of the model."""

    def __init__(self, type: TensorType, layer: str = "") -> None:
        _set_type(self, type)
        _set_layer(self, layer)


_set_type, _set_layer = setters(Value)


@dataclass(frozen=True, slots=True, eq=False, init=False)
class Weight:
    """A tensor that is stored with the model: `dense/kernel`, its initializer, and whether training changes it."""

    path: str
    value: Value
    initializer: Initializer
    trainable: bool
    """Whether it is a parameter at all: False for statistics such as a moving mean, whatever the layer says."""
    frozen: bool = False
    """Whether it is of a layer in another one that is frozen by itself: training the other one does not change it."""
    state: bool = False
    """Whether it is what a stateful layer keeps from call to call: in Keras no weight, not counted and in no file."""

    def __init__(
        self,
        path: str,
        value: Value,
        initializer: Initializer,
        trainable: bool,
        frozen: bool = False,
        state: bool = False,
    ) -> None:
        _set_path(self, path)
        _set_value(self, value)
        _set_initializer(self, initializer)
        _set_trainable(self, trainable)
        _set_frozen(self, frozen)
        _set_state(self, state)

    @property
    def name(self) -> str:
        """The last part of the path: `kernel`."""
        return self.path.rpartition("/")[2]

    @property
    def layer(self) -> str:
        """The path of the layer that owns it."""
        return self.value.layer

    @property
    def shape(self) -> tuple[int, ...]:
        """Its dimensions; a weight has no batch."""
        return self.value.type.dims

    @property
    def size(self) -> int:
        """The number of its elements."""
        return self.value.type.size


_set_path, _set_value, _set_initializer, _set_trainable, _set_frozen, _set_state = setters(Weight)


@dataclass(frozen=True, slots=True, eq=False, init=False)
class Node:
    """One op applied to values: `output = op(*inputs)`, or `output, *others = op(*inputs)`."""

    op: Op
    inputs: tuple[Value, ...]
    output: Value
    others: tuple[Value, ...] = ()
    """Further outputs: of ops of a target, as portable ones have one."""

    def __init__(self, op: Op, inputs: tuple[Value, ...], output: Value, others: tuple[Value, ...] = ()) -> None:
        _set_op(self, op)
        _set_inputs(self, inputs)
        _set_output(self, output)
        _set_others(self, others)

    @property
    def outputs(self) -> tuple[Value, ...]:
        """All values that the node makes, the portable op's output first."""
        return (self.output, *self.others)

    @property
    def layer(self) -> str:
        """The path of the layer that emitted it."""
        return self.output.layer

    @property
    def macs(self) -> int:
        """The multiply-adds, per sample where it has a batch."""
        return self.op.macs(self.output.type, *(value.type for value in self.inputs))


_set_op, _set_inputs, _set_output, _set_others = setters(Node)


@dataclass(frozen=True, slots=True, eq=False, init=False)
class LayerTrace:
    """What tracing learnt about one layer: the values that went in and came out, its weights, its own cost.

    Where a layer is used at several places, `inputs` and `outputs` are those of the first use and `macs` is the cost
    of all.
    """

    name: str
    """The layer's path: its name, after those of the models around it."""
    type: str
    inputs: tuple[Value, ...]
    outputs: tuple[Value, ...]
    weights: tuple[Weight, ...]
    macs: int
    """Multiply-adds per sample."""
    trainable: bool = True
    sources: tuple[str, ...] = ()
    """What the inputs are of every use, as a spec refers to them."""
    uses: int = 1
    """At how many places it is used; of a layer inside of a model, all uses of the model count."""
    inner: tuple[LayerTrace, ...] = ()
    """The layers of a model that is used as a layer."""
    place: Any = None
    """Where the layer is written."""

    def __init__(
        self,
        name: str,
        type: str,
        inputs: tuple[Value, ...],
        outputs: tuple[Value, ...],
        weights: tuple[Weight, ...],
        macs: int,
        trainable: bool = True,
        sources: tuple[str, ...] = (),
        uses: int = 1,
        inner: tuple[LayerTrace, ...] = (),
        place: Any = None,
    ) -> None:
        _set_name(self, name)
        _set_layer_type(self, type)
        _set_layer_inputs(self, inputs)
        _set_layer_outputs(self, outputs)
        _set_weights(self, weights)
        _set_macs(self, macs)
        _set_layer_trainable(self, trainable)
        _set_sources(self, sources)
        _set_uses(self, uses)
        _set_inner(self, inner)
        _set_place(self, place)

    @property
    def stored(self) -> tuple[Weight, ...]:
        """The weights that are counted and saved."""
        return stored(self.weights)

    def paths(self) -> Iterator[str]:
        """Its own path and those of the layers inside of it."""
        yield self.name
        for record in self.inner:
            yield from record.paths()

    @property
    def input(self) -> Value:
        """The first input."""
        return self.inputs[0]

    @property
    def output(self) -> Value:
        """The first output."""
        return self.outputs[0]


(
    _set_name, _set_layer_type, _set_layer_inputs, _set_layer_outputs, _set_weights, _set_macs, _set_layer_trainable,
    _set_sources, _set_uses, _set_inner, _set_place,
) = setters(LayerTrace)  # fmt: skip


def stored(weights: Iterable[Weight]) -> tuple[Weight, ...]:
    """The weights that are counted, listed and saved: all but the states of stateful layers."""
    return tuple(weight for weight in weights if not weight.state)


def leaves(records: Iterable[LayerTrace]) -> Iterator[LayerTrace]:
    """The layers, those of inner models in place of the models."""
    for record in records:
        if record.inner:
            yield from leaves(record.inner)
        else:
            yield record


@dataclass(frozen=True)
class Graph:
    """A traced model. Immutable: a pass returns another one."""

    name: str
    inputs: tuple[Value, ...]
    weights: tuple[Weight, ...]
    nodes: tuple[Node, ...]
    outputs: tuple[Value, ...]
    output_names: tuple[str, ...]
    """The tensors that the outputs are, by name."""
    layers: tuple[LayerTrace, ...] = ()
    input_dtypes: tuple[str, ...] = ()
    """The dtype that each input is declared with; a value inside has one of the two dtypes of `DType`."""
    input_names: tuple[str, ...] = ()
    """What the inputs are called."""
    batch_size: int | None = None
    """The number of samples of every call, where the model fixes it."""
    updates: Mapping[str, Value] = field(default_factory=dict[str, Value])
    """In training mode: the new value of a statistic, by the path of its weight."""
    output_keys: tuple[str, ...] = ()
    """The keys of the outputs, where the model returns a mapping."""
    free_sizes: FreeSizes | None = None
    """The sizes that stay free, and what the graph assumes of them; None where all sizes are fixed."""
    exact: bool = False
    """Whether sums are to be computed as they are defined, without ways that need fewer multiplications."""

    @property
    def output_labels(self) -> tuple[str, ...]:
        """What the outputs are called where losses, metrics and files name them: by their keys, or by their names."""
        return self.output_keys or self.output_names

    @cached_property
    def stored(self) -> tuple[Weight, ...]:
        """The weights that are counted and saved."""
        return stored(self.weights)

    @cached_property
    def producers(self) -> dict[Value, Node]:
        """The node that makes each value; inputs and weights have none."""
        return {value: node for node in self.nodes for value in node.outputs}

    @cached_property
    def users(self) -> dict[Value, list[Node]]:
        """The nodes that read each value, in order."""
        users: dict[Value, list[Node]] = {}
        for node in self.nodes:
            for value in dict.fromkeys(node.inputs):
                users.setdefault(value, []).append(node)
        return users

    @cached_property
    def constants(self) -> frozenset[Value]:
        """The values that depend on weights alone, weights included: computed once, not at every call.

        A result that a node makes is none: each call gives it anew.
        """
        known, results = {weight.value for weight in self.weights}, set(self.results)
        for node in self.nodes:
            if results.isdisjoint(node.outputs) and all(value in known for value in node.inputs):
                known.update(node.outputs)
        return frozenset(known)

    @cached_property
    def results(self) -> tuple[Value, ...]:
        """All that a run must produce: the outputs, then the updates of statistics."""
        return self.outputs + tuple(self.updates.values())

    def with_nodes(self, nodes: tuple[Node, ...]) -> Graph:
        """The same graph with other nodes."""
        return replace(self, nodes=nodes)


def with_states_as_inputs(graph: Graph) -> Graph:
    """The graph that takes the states of its layers as further inputs, in the order of its weights.

    What changes with every call is no constant, and the weights need not be laid out anew for it.
    """
    states = tuple(weight for weight in graph.weights if weight.state)
    return replace(
        graph,
        inputs=(*graph.inputs, *(weight.value for weight in states)),
        input_dtypes=(*graph.input_dtypes, *(weight.value.type.dtype for weight in states)),
        input_names=(*graph.input_names, *(weight.path for weight in states)),
        weights=graph.stored,
    )


def prune(graph: Graph) -> Graph:
    """Drop the nodes that no result depends on. Weights stay: they belong to the model, used or not."""
    return graph.with_nodes(pruned(graph.nodes, graph.results))


def pruned(nodes: Sequence[Node], wanted: Iterable[Value], known: Collection[Value] = ()) -> tuple[Node, ...]:
    """The nodes that the wanted values depend on, in order; `known` are values for which no node is needed."""
    needed = {value for value in wanted if value not in known}
    kept: list[Node] = []
    for node in reversed(nodes):
        if not needed.isdisjoint(node.outputs):
            kept.append(node)
            needed.update(value for value in node.inputs if value not in known)
    return tuple(reversed(kept))
