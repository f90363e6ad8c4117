"""What `outputs`, `truncate`, `extract` and `freeze` make of a spec's entries, and the graph of that view."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, cast

from modelc.errors import Diagnostic, ShapeError, SpecError
from modelc.graph.builder import Builder
from modelc.graph.free_sizes import FreeSizes
from modelc.graph.graph import Graph, LayerTrace, Value, prune
from modelc.graph.tensor import Tensor
from modelc.language.selectors import chosen, resolve_all, select_ordered
from modelc.language.sizes import declare_sizes, free_names, named_shapes
from modelc.language.suitable import traced_for_some
from modelc.language.text.node import TextNode
from modelc.language.trace import Tracer, Uses, input_type, tensor_names
from modelc.language.validation.thawing import require_no_half_freezing, require_thawed
from modelc.language.wiring import ANONYMOUS_INPUT, Reference, Wiring, use_names
from modelc.layers.base import Layer
from modelc.layers.core.input_layer import InputLayer
from modelc.ops.scan import with_inner
from modelc.semantics import SEMANTICS
from modelc.system.forks import cached_property
from modelc.text.unknown import unknown

if TYPE_CHECKING:
    from modelc.language.definition import Definition


@dataclass(frozen=True, eq=False)
class ModelView:
    """The part of a wiring that a model consists of."""

    wiring: Wiring
    outputs: tuple[Reference, ...]
    names: tuple[str, ...]
    """The names by which the spec refers to `outputs`."""
    keys: tuple[str, ...]
    """The keys by which `outputs` are returned, where they are a mapping."""
    order: tuple[int, ...]
    """The positions of the uses that the outputs depend on, in order."""
    layers: tuple[Layer, ...]
    """Their layers, each once, named, each with its effective `trainable`."""

    @cached_property
    def by_name(self) -> dict[str, Layer]:
        """The layers by name."""
        return {str(layer.name): layer for layer in self.layers}


def view_of(spec: Definition) -> ModelView:
    """The view that a spec describes. Raises `SpecError` with the names and selectors that mean nothing."""
    wiring = spec.wiring
    last = (Reference(len(wiring.uses) - 1),)
    returned = _returned(spec, wiring) or last
    unused = _unused_inputs(spec, wiring, _unfed(spec, wiring, returned))
    outputs, names = returned, _written(spec.returns)
    keys = tuple(spec.returns) if isinstance(spec.returns, dict) else ()
    if spec.truncate_at is not None:
        outputs, names = (_tensor(spec, wiring, spec.truncate_at, "truncate"),), (spec.truncate_at,)
        keys = ()
    order = wiring.ancestors(outputs)
    entries = dict(zip((u.name for u in wiring.uses), spec.entries, strict=True))
    if spec.extracts:
        inner = _inner_names(spec.extracts, (wiring.uses[i].name for i in order), entries)
        names = select_ordered(spec.extracts, [wiring.uses[i].name for i in order], spec.place("extract"), inner)
        outputs = tuple(_tensor(spec, wiring, name, "extract") for name in names)
        keys = ()
        order = wiring.ancestors(outputs)
    elif spec.truncate_at is None:
        # A view takes the inputs that it needs, the whole model all that the spec declares.
        order = tuple(sorted({*order, *unused}))
    return ModelView(wiring, outputs, names, keys, order, _layers(spec, wiring, order, entries))


def _layers(spec: Definition, wiring: Wiring, order: Sequence[int], entries: Mapping[str, Any]) -> tuple[Layer, ...]:
    """The layers of the uses, frozen as the spec says."""
    kept = dict.fromkeys(wiring.uses[i].layer for i in order)
    dropped = [u.layer for u in wiring.uses if u.layer not in kept]
    names = list(kept)
    inner = _inner_names(spec.freezes, names, entries, wrapped=True)
    place = spec.place("freeze")
    resolved = resolve_all(spec.freezes, names, place, dropped, inner)
    cold = dict(zip([*names, *inner], chosen(spec.freezes, resolved, len(names), len(inner)), strict=True))
    cold_inside: dict[str, set[str]] = {}
    for path in inner:
        if cold[path]:
            model, _, below = path.partition("/")
            cold_inside.setdefault(model, set()).add(below)
    layers: list[Layer] = []
    for name in names:
        entry = entries[name]
        require_no_half_freezing(name, entry)
        layer = entry.resolved(name, entry.trainable and not cold[name])
        inside = cold_inside.get(name)
        layers.append(layer.with_frozen(sorted(inside)) if inside else layer)
    if any(not takes for takes, _ in resolved):
        trainable = {name: entries[name].trainable for name in names}
        require_thawed(spec.freezes, resolved, cold, dict(zip(names, layers, strict=True)), trainable, place)
    return tuple(layers)


def _inner_names(
    selectors: Sequence[str], names: Iterable[str], entries: Mapping[str, Any], *, wrapped: bool = False
) -> list[str]:
    """The paths of the layers inside of models, where a selector may mean one; of those in wrappers if `wrapped`."""
    if not any("/" in selector or "." in selector for selector in selectors):
        return []
    found: list[str] = []
    for name in names:
        entry = entries.get(name)
        if isinstance(entry, Layer) and entry.is_model:
            found += [f"{name}/{path}" for path in paths_inside(entry)]
        elif isinstance(entry, Layer) and wrapped:
            for part, model in entry.parts():
                if model.is_model:
                    found += [f"{name}/{part}", *(f"{name}/{part}/{path}" for path in paths_inside(model))]
    return found


def paths_inside(model: Any) -> list[str]:
    """The paths of all layers inside of a model that is used as a layer."""
    paths: list[str] = []
    for layer in model.layers:
        paths.append(str(layer.name))
        if layer.is_model:
            paths += [f"{layer.name}/{path}" for path in paths_inside(layer)]
    return paths


def _written(references: Any) -> tuple[str, ...]:
    if isinstance(references, dict):
        return tuple(cast("dict[str, str]", references).values())
    return (references,) if isinstance(references, str) else (references or ())


def _returned(spec: Definition, wiring: Wiring) -> tuple[Reference, ...]:
    """What `outputs` names."""
    found: list[Diagnostic] = []
    tensors: list[Reference] = []
    for i, name in enumerate(_written(spec.returns)):
        try:
            tensors.append(_tensor(spec, wiring, name, "outputs", i, code="E305"))
        except SpecError as error:
            found += error.diagnostics
    if found:
        raise SpecError(found)
    return tuple(tensors)


def _tensor(
    spec: Definition, wiring: Wiring, name: str, key: str, index: int | None = None, *, code: str = "E304"
) -> Reference:
    tensor = wiring.tensor(name)
    inside = tensor is not None and tensor.inner and tensor.use >= 0
    if inside and tensor is not None:
        entry: Any = spec.entries[wiring.positions[wiring.uses[tensor.use].layer]]
        if tensor.inner not in paths_inside(entry):
            tensor = None
    if tensor is not None:
        return tensor
    message, help = unknown("layer", name, [use.name for use in wiring.uses])
    place = spec.place(key)
    if place is None:
        raise SpecError(spec.diagnostic(key, code, message, help))
    listed = place.value
    if isinstance(listed, dict):
        listed = tuple(listed.values())
    if index is not None and isinstance(listed, tuple) and index < len(listed):
        place = listed[index]
    raise SpecError(place.diagnostic(code, message, help))


def _unused_inputs(spec: Definition, wiring: Wiring, unfed: Iterable[int]) -> list[int]:
    """Those of the uses which are inputs. Raises `SpecError` for all others: entries that are computed for nothing."""
    inputs = [i for i in unfed if isinstance(spec.entries[i], InputLayer) and not wiring.uses[i].sources]
    now = ", ".join(f"`{name}`" for name in _written(spec.returns) or (wiring.uses[-1].name,))
    found: list[Diagnostic] = []
    for use in (wiring.uses[i] for i in unfed if i not in inputs):
        message = f"`{use.name}` is not used by any output of the model"
        help = f"use it in `inputs` of a later entry, name it in `outputs` (now {now}), or remove it"
        place = use.place
        found.append(place.diagnostic("E306", message, help) if place else Diagnostic("E306", message, help, use.name))
    if found:
        raise SpecError(found)
    return inputs


def _unfed(spec: Definition, wiring: Wiring, outputs: Sequence[Reference]) -> list[int]:
    """The positions of uses on which nothing depends that the model returns, or that a view asks for."""
    wanted = list(outputs)
    for name in (spec.truncate_at, *spec.extracts):
        tensor = wiring.tensor(name) if name is not None else None
        if tensor is not None:
            wanted.append(tensor)
    fed = set(wiring.ancestors(wanted))
    return [position for position in range(len(wiring.uses)) if position not in fed]


# --- the graph


@dataclass(frozen=True, eq=False)
class Tracing:
    """A spec that was traced: the builder can go on from there, with a loss for instance."""

    builder: Builder
    outputs: tuple[Tensor, ...]
    names: tuple[str, ...]


def trace(
    spec: Definition,
    *,
    training: bool = False,
    counting: bool = False,
    split: bool = False,
    seed: int = 0,
    sizes: Mapping[str, int] | None = None,
) -> Tracing:
    """Trace a spec; `seed` is that of the random draws of training, `sizes` are those of a call.

    Where `counting`, the number of the step is an input behind those of the model; else all draws are those of step 0.
    Where the batch is `split`, its share of the samples is the next one, and then what is summed over all parts.

    Raises `SpecError` where a shape does not fit, or where the input shape is not known.
    """
    _require_known_sizes(spec)

    def made(free_sizes: FreeSizes, sizes: Mapping[str, int], assumed: Mapping[str, int]) -> Tracing:
        builder = Builder(
            training=training, seed=seed, semantics=SEMANTICS[spec.semantics], free_sizes=free_sizes,
            exact=spec.precision == "exact",
        )  # fmt: skip
        shapes = declare_sizes(free_sizes, input_shapes(spec), spec.sizes, sizes, assumed)
        return _traced(spec, builder, shapes, counting, split)

    return made(FreeSizes(), sizes, {}) if sizes else traced_for_some(made)


def _traced(
    spec: Definition, builder: Builder, shapes: Mapping[str, tuple[int, ...]], counting: bool, split: bool
) -> Tracing:
    """Trace a spec whose inputs have these shapes."""
    view = spec.view
    inputs = [layer for layer in view.layers if isinstance(layer, InputLayer)]
    builder.batch_size = _batch_size(spec, inputs)
    values: dict[str, Tensor] = {}
    for layer in inputs:
        name = str(layer.name)
        with _located(spec, layer.place):
            values[name] = builder.input(input_type(shapes[name], layer.dtype), layer.dtype, name)
    if not spec.is_functional:
        if spec.input is None:
            raise SpecError(spec.diagnostic(
                "input", "E402", "the input shape is not known",
                "add `input: {shape: […]}` to the spec, or give --input-shape (in Python: spec.with_input_shape(…))",
            ))  # fmt: skip
        given = spec.input
        type = input_type(shapes[ANONYMOUS_INPUT], given.dtype)
        with _located(spec, spec.place("input")):
            values[ANONYMOUS_INPUT] = builder.input(type, given.dtype, given.name or ANONYMOUS_INPUT)
    if counting:  # before any layer draws
        builder.count_steps()
    if split:
        builder.split()
    uses = Tracer(builder).network(view.wiring, view.order, view.by_name, values)
    return Tracing(builder, *_results(view, uses))


def input_shapes(spec: Definition) -> dict[str, tuple[Any, ...]]:
    """The shapes of a view's inputs by name; free sizes are names.

    A size is called as in the whole model, whatever the view leaves out.
    """
    shapes = all_input_shapes(spec)
    if not spec.is_functional:
        return shapes
    return {name: shapes[name] for name in (str(x.name) for x in spec.view.layers if isinstance(x, InputLayer))}


def all_input_shapes(spec: Definition) -> dict[str, tuple[Any, ...]]:
    """The shapes of all inputs that a definition has, by name; free sizes are names."""
    return named_shapes(written_shapes(spec))


def written_shapes(spec: Definition) -> dict[str, tuple[Any, ...]]:
    """The shapes of all inputs as the spec writes them: free sizes are None or names."""
    if spec.is_functional:
        entries = zip(use_names(spec.entries), spec.entries, strict=True)
        return {name: entry.shape for name, entry in entries if isinstance(entry, InputLayer)}
    return {} if spec.input is None else {ANONYMOUS_INPUT: spec.input.shape}


def _require_known_sizes(spec: Definition) -> None:
    """Raise `SpecError` for bounds of a size that no input has."""
    if not spec.sizes:
        return
    known, found = free_names(all_input_shapes(spec)), list[Diagnostic]()
    place = spec.place("sizes")
    for name in spec.sizes:
        if name not in known:
            none = "no size is free: remove `sizes`"
            otherwise = f"the free sizes of the inputs are {', '.join(known)}" if known else none
            message, help = unknown("size", name, known, otherwise=otherwise)
            row = place.get(name) if place is not None else None
            at, said = None if row is None else row.key or row, ("E305", message, help)
            found.append(spec.diagnostic("sizes", *said) if at is None else at.diagnostic(*said))
    if found:
        raise SpecError(found)


@contextmanager
def _located(spec: Definition, place: Any) -> Generator[None]:
    """What an input cannot be is a mistake where it is written."""
    try:
        yield
    except ShapeError as error:
        if isinstance(place, TextNode):
            raise SpecError(place.diagnostic(error.code, error.message, error.help)) from None
        raise SpecError(spec.diagnostic("input", error.code, error.message, error.help)) from None


def _batch_size(spec: Definition, inputs: Sequence[InputLayer]) -> int | None:
    """The number of samples of every call, where the inputs fix it."""
    fixed = {layer.batch_size for layer in inputs if layer.batch_size is not None}
    if spec.input is not None and spec.input.batch_size is not None:
        fixed = {spec.input.batch_size}
    if len(fixed) > 1:
        raise SpecError(Diagnostic("E207", f"the inputs fix different batch sizes: {sorted(fixed)}", None, spec.name))
    return next(iter(fixed), None)


def trace_spec(spec: Definition, *, training: bool = False, sizes: Mapping[str, int] | None = None) -> Graph:
    """The graph of a spec; `sizes` as for `trace`. Raises `SpecError` as `trace` does."""
    traced, view = trace(spec, training=training, sizes=sizes), spec.view
    graph = replace(
        traced.builder.graph(spec.name, traced.outputs, traced.names), output_keys=_keys(spec, traced.outputs)
    )
    return _restricted(graph, view.wiring, view.order, view.outputs) if any(t.inner for t in view.outputs) else graph


def _keys(spec: Definition, outputs: Sequence[Tensor]) -> tuple[str, ...]:
    """The keys of what a spec returns. Raises `SpecError` where one of them is for several tensors."""
    keys = spec.view.keys
    if keys and len(keys) != len(outputs):
        message = "each key of `outputs` stands for one tensor, and a layer here gives several"
        raise SpecError(spec.diagnostic("outputs", "E207", message, "say which one: `outputs: {key: name[0]}`"))
    return keys


def part_of(
    graph: Graph, spec: Definition, outputs: Sequence[Value], names: Sequence[str]
) -> tuple[Graph, frozenset[str]]:
    """The graph of a spec with these outputs and only the layers that they need; and the names of those layers."""
    wiring = spec.wiring
    tensors = [t for name in names if (t := wiring.tensor(name)) is not None and t.use >= 0]
    order = wiring.ancestors(tensors)
    kept = frozenset(wiring.uses[i].layer for i in order)
    layers = tuple(record for record in graph.layers if record.name in kept)
    part = replace(graph, outputs=tuple(outputs), output_names=tuple(names), output_keys=(), layers=layers)
    return _restricted(part, wiring, order, tensors), kept


def trace_inside(spec: Definition, builder: Builder, inputs: Sequence[Tensor]) -> tuple[Tensor, ...]:
    """Trace a spec as the layer that is being traced, on these inputs, and give its outputs."""
    view = spec.view
    names = [str(layer.name) for layer in view.layers if isinstance(layer, InputLayer)]
    names = names if spec.is_functional else [ANONYMOUS_INPUT]
    if len(names) != len(inputs):
        expected = f"{len(names)} inputs ({', '.join(names)})" if len(names) > 1 else "one input"
        raise ShapeError(f"it takes {expected}, found {len(inputs)}", "write them as `inputs: [a, b]`", "E207")
    with builder.nested(SEMANTICS[spec.semantics]):
        values = dict(zip(names, inputs, strict=True))
        uses = Tracer(builder).network(view.wiring, view.order, view.by_name, values)
    return _results(view, uses)[0]


def _results(view: ModelView, uses: Uses) -> tuple[tuple[Tensor, ...], tuple[str, ...]]:
    """The values that a view returns, and their names."""
    outputs: list[Tensor] = []
    names: list[str] = []
    for tensor in view.outputs:
        found = uses.find(tensor)
        use = view.wiring.uses[tensor.use]
        name = f"{use.layer}/{tensor.inner}" if tensor.inner else use.name
        outputs += found
        names += tensor_names(name, len(found)) if tensor.index is None else (f"{name}[{tensor.index}]",)
    return tuple(outputs), tuple(names)


def _restricted(graph: Graph, wiring: Wiring, order: Sequence[int], tensors: Sequence[Reference]) -> Graph:
    """The graph without what lies behind the layers inside of models that are returned."""
    whole = {t.use for t in tensors if not t.inner}
    for position in order:
        whole |= {t.use for t in wiring.uses[position].operands if not t.inner}
    needed = _needed(graph)
    cut = {wiring.uses[i].layer for i in order if i not in whole}
    layers = tuple(_cut(record, needed, graph.outputs) if record.name in cut else record for record in graph.layers)
    weights = tuple(w for record in layers for w in record.weights)
    return prune(replace(graph, layers=layers, weights=weights))


def _needed(graph: Graph) -> set[Value]:
    needed = set(graph.outputs)
    for node in reversed(graph.nodes):
        if not needed.isdisjoint(node.outputs):
            needed.update(node.inputs)
            needed.update(value for one in with_inner([node]) for value in one.outputs)
    return needed


def _cut(record: LayerTrace, needed: set[Value], outputs: Sequence[Value]) -> LayerTrace:
    """A model's record with only those of its layers that the outputs depend on."""
    if not record.inner:
        return record
    last = max((i for i, r in enumerate(record.inner) if any(v in outputs for v in _made(r))), default=0)
    kept = [r for r in record.inner[: last + 1] if any(v in needed for v in _made(r))]
    inner = tuple(_cut(r, needed, outputs) for r in kept)
    weights = tuple(w for r in inner for w in r.weights)
    made = tuple(value for value in outputs if any(value in _made(r) for r in inner))
    macs = sum(r.macs for r in inner)
    return replace(record, outputs=made or record.outputs, inner=inner, weights=weights, macs=macs)


def _made(record: LayerTrace) -> Iterable[Value]:
    """The values that a layer, or one inside of it, gives."""
    yield from record.outputs
    for inner in record.inner:
        yield from _made(inner)
