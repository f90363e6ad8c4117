"""How the entries of a spec are connected: every use of a layer, and what each of its inputs refers to.

A reference is the name of an entry, and stands for all the tensors that it gives: `conv2d`. `lstm[1]` is one of
several tensors, counted from 0; `encoder@1` is the second use of a layer that is used at several places;
`base/block3_pool` reaches into a model that is used as a layer, and a dot may stand for the slash.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from re import compile as regex
from typing import Any, TypeAlias

from pydantic import Field, PrivateAttr

from modelc.config.base import Config
from modelc.config.options import Connections
from modelc.errors import Diagnostic, SpecError
from modelc.language.names import resolve_names
from modelc.language.text.node import TextNode
from modelc.layers.base import Layer, TextPlace
from modelc.layers.core.input_layer import InputLayer
from modelc.system.slots import setters
from modelc.text.quoting import quote
from modelc.text.unknown import unknown

ANONYMOUS_INPUT = "input"
"""The name by which entries refer to the model's input if `input` at the top of the spec declares it."""

_INDEXED = regex(r"(.+)\[(\d{1,6})\]")


class Reuse(Config):
    """A further use of a layer that stands before: `{use: encoder, inputs: right}`. It shares the layer's weights."""

    use: str
    """The name of the layer that is applied once more, with the same weights."""
    connections: Connections = Field(default=None, alias="inputs")
    """The names of the entries that it is applied to this time; by default the entry before."""
    name: str | None = None
    """The name that other entries refer to this use by; by default `encoder@1`, `encoder@2` and so on."""

    _place: TextPlace | None = PrivateAttr(None)

    @property
    def place(self) -> TextPlace | None:
        """Where it is written."""
        return self._place

    def locate(self, place: TextPlace) -> None:
        """Note where it is written."""
        self._place = place

    def plain(self) -> dict[str, Any]:
        """The entry as plain data, as a spec holds it."""
        return self.options()


Entry: TypeAlias = Layer | Reuse


@dataclass(frozen=True, slots=True, init=False)
class Reference:
    """What a reference means: a tensor of a use, all of them (`index` None), or one of a layer inside of it."""

    use: int
    """The position of the use; -1 is what the model takes."""
    index: int | None = None
    inner: str = ""
    """The path inside of the model that is used; empty for its own outputs."""

    def __init__(self, use: int, index: int | None = None, inner: str = "") -> None:
        _set_use(self, use)
        _set_index(self, index)
        _set_inner(self, inner)


_set_use, _set_index, _set_inner = setters(Reference)


@dataclass(frozen=True, slots=True, eq=False, init=False)
class Use:
    """One use of a layer."""

    name: str
    """The name by which references denote it."""
    layer: str
    """The name of the layer."""
    inputs: tuple[Reference, ...]
    tensors: Mapping[str, tuple[Reference, ...]]
    """Further tensors by the name of the argument."""
    sources: tuple[str, ...]
    """The references, as they are written."""
    place: TextNode | None

    def __init__(
        self,
        name: str,
        layer: str,
        inputs: tuple[Reference, ...],
        tensors: Mapping[str, tuple[Reference, ...]],
        sources: tuple[str, ...],
        place: TextNode | None,
    ) -> None:
        _set_name(self, name)
        _set_layer(self, layer)
        _set_inputs(self, inputs)
        _set_tensors(self, tensors)
        _set_sources(self, sources)
        _set_place(self, place)

    @property
    def operands(self) -> Sequence[Reference]:
        """Its inputs and its further tensors."""
        if not self.tensors:
            return self.inputs
        return [*self.inputs, *(one for tensors in self.tensors.values() for one in tensors)]


_set_name, _set_layer, _set_inputs, _set_tensors, _set_sources, _set_place = setters(Use)


@dataclass(frozen=True, slots=True, eq=False)
class Wiring:
    """All uses, in order, each after those that it depends on; and the names that references can have."""

    uses: tuple[Use, ...]
    positions: Mapping[str, int]
    models: frozenset[str]
    """The names of uses which are of models."""
    _ancestors: dict[tuple[int, ...], tuple[int, ...]] = field(
        default_factory=dict[tuple[int, ...], tuple[int, ...]], repr=False
    )
    """What `ancestors` found, by the positions of the uses: a view asks for the same ones several times."""

    def tensor(self, reference: str) -> Reference | None:
        """What a reference means, or None where nothing has that name."""
        return _resolve(reference, self.positions, self.models)

    def ancestors(self, tensors: Iterable[Reference]) -> tuple[int, ...]:
        """The positions of the uses that these tensors depend on, their own included, in order."""
        ends = tuple([t.use for t in tensors])
        known = self._ancestors.get(ends)
        if known is None:
            needed, waiting = set[int](), list(ends)
            while waiting:
                use = waiting.pop()
                if use >= 0 and use not in needed:
                    needed.add(use)
                    waiting += [t.use for t in self.uses[use].operands]
            known = self._ancestors[ends] = tuple(sorted(needed))
        return known


def wire(entries: Sequence[Entry], input_names: Sequence[str] = (ANONYMOUS_INPUT,)) -> Wiring:
    """The wiring of a list of entries.

    `input_names` are the names of what the model takes, where no InputLayer among the entries says so. Raises
    `SpecError` with every reference that means nothing.
    """
    return _Wirer(entries, input_names).wiring()


class _Wirer:
    def __init__(self, entries: Sequence[Entry], input_names: Sequence[str]) -> None:
        self._entries = entries
        self._names = use_names(entries)
        self._layers = {n: entry for entry, n in zip(entries, self._names, strict=True) if isinstance(entry, Layer)}
        self._positions: dict[str, int] = dict.fromkeys(input_names, -1)
        self._models: set[str] = set()
        self._previous: int | None = -1 if input_names else None
        self._free_inputs = 0
        self._found: list[Diagnostic] = []

    def wiring(self) -> Wiring:
        uses: list[Use] = []
        for position, (entry, name) in enumerate(zip(self._entries, self._names, strict=True)):
            uses.append(self._use(entry, name, position))
            self._positions[name] = position
            self._previous = position
        if self._found:
            raise SpecError(self._found)
        return Wiring(tuple(uses), self._positions, frozenset(self._models))

    def _use(self, entry: Entry, name: str, position: int) -> Use:
        place: Any = entry.place
        place = place if isinstance(place, TextNode) else None
        layer_name = entry.use if isinstance(entry, Reuse) else name
        if isinstance(entry, Reuse):
            self._check_use(entry, name, place)
            layer = self._layers.get(entry.use)
        else:
            layer = entry
        if layer is not None and layer.is_model:
            self._models.add(name)
        if isinstance(entry, InputLayer):
            return self._input(entry, name, place)
        inputs, tensors, sources = self._operands(entry, layer, name, place, position)
        return Use(name, layer_name, inputs, tensors, sources, place)

    def _input(self, entry: InputLayer, name: str, place: TextNode | None) -> Use:
        if entry.connections is not None:
            self._report(place, "inputs", "E207", f"`{name}` is an InputLayer, which has no `inputs`", "remove them")
        self._free_inputs += 1
        return Use(name, name, (), {}, (), place)

    def _check_use(self, entry: Reuse, name: str, place: TextNode | None) -> None:
        if entry.use not in self._layers or entry.use not in self._positions:
            self._unknown(entry.use, place.get("use") or place if place else None, name)

    def _operands(
        self, entry: Entry, layer: Layer | None, name: str, place: TextNode | None, position: int
    ) -> tuple[tuple[Reference, ...], dict[str, tuple[Reference, ...]], tuple[str, ...]]:
        written = entry.connections
        if written is None:
            return self._default(name, place, position)
        at = place.get("inputs") or place if place is not None else None
        sources: list[str] = []

        def one(reference: str, node: TextNode | None) -> list[Reference]:
            sources.append(reference)
            tensor = _resolve(reference, self._positions, self._models)
            if tensor is None:
                self._unknown(reference, node, name)
            elif tensor.inner:
                self._check_inside(tensor, node)
            return [] if tensor is None else [tensor]

        if isinstance(written, str):
            return tuple(one(written, at)), {}, tuple(sources)
        if isinstance(written, tuple):
            made = [t for i, reference in enumerate(written) for t in one(reference, _item(at, i))]
            return tuple(made), {}, tuple(sources)
        by_argument: dict[str, tuple[Reference, ...]] = {}
        for argument, references in written.items():
            node = at.get(argument) or at if at is not None else None
            many = (references,) if isinstance(references, str) else references
            by_argument[argument] = tuple(
                t for i, r in enumerate(many) for t in one(r, node if isinstance(references, str) else _item(node, i))
            )
        positional: list[Reference] = []
        for argument in layer.input_names if layer is not None else ():
            positional += by_argument.pop(argument, ())
        return tuple(positional), by_argument, tuple(sources)

    def _check_inside(self, tensor: Reference, node: TextNode | None) -> None:
        """Report a path that leads to no layer inside of a model."""
        entry = self._entries[tensor.use]
        model = self._layers.get(entry.use) if isinstance(entry, Reuse) else entry
        paths = list(model.inner_paths()) if isinstance(model, Layer) else []
        if paths and tensor.inner not in paths:
            where = f"in the model {quote(self._names[tensor.use])}"
            self._report(node, "", "E305", *unknown("layer", tensor.inner, paths, where=where))

    def _default(
        self, name: str, place: TextNode | None, position: int
    ) -> tuple[tuple[Reference, ...], dict[str, tuple[Reference, ...]], tuple[str, ...]]:
        """A reference to the entry before, for an entry without `inputs`."""
        if self._previous is None:
            message = f"`{name}` is the first entry, and the model has no input"
            self._report(place, "", "E207", message, "add `input: {shape: […]}` or `inputs:` at the top")
            return (), {}, ()
        if self._free_inputs > 1 and self._free_inputs == position:
            names = ", ".join(f"`{name}`" for name in self._names[:position])
            message = f"the model has several inputs ({names}), and `{name}` does not name its `inputs`"
            self._report(place, "", "E207", message, "add `inputs: …`")
        source = ANONYMOUS_INPUT if self._previous < 0 else self._names[self._previous]
        return (Reference(self._previous),), {}, (source,)

    def _unknown(self, reference: str, node: TextNode | None, user: str) -> None:
        later = _resolve(reference, {name: i for i, name in enumerate(self._names)}, self._models)
        if later is None:
            known = [name for name in self._positions if name != user]
            message, help = unknown("entry", reference, known, otherwise=_listed(known))
        elif self._names[later.use] == user:
            message, help = f"{quote(reference)} is this entry itself", "a model has no cycles: name an entry before it"
        else:
            line = getattr(self._entries[later.use].place, "line", None)
            where = f" (line {line})" if line is not None else ""
            message = f"{quote(reference)} is used before it is defined{where}"
            cycle = self._cycle(later.use, user)
            help = f"the entries depend on each other: {cycle}" if cycle else "move it up: an entry uses those above it"
        self._report(node, "", "E305", message, help)

    def _cycle(self, start: int, user: str) -> str | None:
        """The way from a later entry back to the one that uses it, if it depends on it."""
        names = self._names
        positions = {name: i for i, name in enumerate(names)}
        goal = positions.get(user)
        trail: dict[int, int] = {start: start}
        waiting = [start]
        while waiting:
            at = waiting.pop()
            if at == goal:
                way = [at]
                while way[-1] != start:
                    way.append(trail[way[-1]])
                return " → ".join(names[i] for i in [*way, way[0]])
            written = self._entries[at].connections
            default = [names[at - 1]] if at else []
            for reference in _flat(written) if written is not None else default:
                tensor = _resolve(reference, positions, self._models)
                if tensor is not None and tensor.use not in trail:
                    trail[tensor.use] = at
                    waiting.append(tensor.use)
        return None

    def _report(self, place: TextNode | None, key: str, code: str, message: str, help: str | None) -> None:
        if place is None:
            self._found.append(Diagnostic(code, message, help))
        else:
            self._found.append(((place.get(key) if key else None) or place).diagnostic(code, message, help))


def use_names(entries: Sequence[Entry]) -> list[str]:
    """The name of every entry in references."""
    layers = iter(resolve_names([entry for entry in entries if isinstance(entry, Layer)]))
    counts: dict[str, int] = {}
    names: list[str] = []
    for entry in entries:
        if isinstance(entry, Reuse):
            counts[entry.use] = counts.get(entry.use, 0) + 1
            names.append(entry.name or f"{entry.use}@{counts[entry.use]}")
        else:
            names.append(next(layers))
    return names


def _resolve(reference: str, positions: Mapping[str, int], models: Iterable[str]) -> Reference | None:
    if reference in positions:
        return Reference(positions[reference])
    indexed = _INDEXED.fullmatch(reference)
    if indexed is not None:
        whole = _resolve(indexed[1], positions, models)
        return None if whole is None or whole.index is not None else Reference(whole.use, int(indexed[2]), whole.inner)
    for separator in "/.":
        outer = reference
        while separator in outer:
            outer, _, _ = outer.rpartition(separator)
            if outer in models and outer in positions:
                return Reference(positions[outer], None, reference[len(outer) + 1 :].replace(".", "/"))
    return None


def _flat(connections: str | tuple[str, ...] | Mapping[str, str | tuple[str, ...]]) -> list[str]:
    if isinstance(connections, str):
        return [connections]
    if isinstance(connections, tuple):
        return list(connections)
    return [name for references in connections.values() for name in _flat(references)]


def _item(node: TextNode | None, index: int) -> TextNode | None:
    if node is not None and isinstance(node.value, tuple) and index < len(node.value):
        return node.value[index]
    return node


_NAMES_SHOWN = 20


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[-_NAMES_SHOWN:])
    return f"those before it are: {'…, ' if len(names) > _NAMES_SHOWN else ''}{shown}" if names else "it is the first"
