"""Expansion of blocks, groups and repeats to a flat list of entries, in which each reference is the name of an
entry."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from modelc.language.expansion.blocks import INPUT, BlockDefinition, Blocks
from modelc.language.expansion.references import REFERENCE_KEYS
from modelc.language.expansion.repeat import REPEAT_KEYS, Repetition, is_wanted, repetition
from modelc.language.expansion.scopes import MODEL_INPUT, Area, Instance, Item, Passage, Scope, Slot, Target, Written
from modelc.language.expansion.variables import Replacement, Variables
from modelc.language.expansion.write_out import write_out
from modelc.language.names import name_problem
from modelc.language.remembered import Remembered, UsedBlock
from modelc.language.text.node import BROKEN, MAX_DEPTH, MAX_LAYERS, MAX_NODES, TextNode, UseSite
from modelc.text.quoting import quote
from modelc.text.unknown import unknown

MAX_USES: Final = 100_000
"""Uses of blocks allowed in a spec, those in blocks and repeats counted."""

_REPEAT_KEYS = frozenset(REPEAT_KEYS)
_GROUP_KEYS = ("repeat", "start", "when", "unless", "layers")


def flatten(spec: TextNode, blocks: Blocks, variables: Variables, remembered: Remembered | None = None) -> TextNode:
    """The spec with blocks, groups and repeats written out in every list of `layers`.

    Mistakes go to those of `variables`. The first repetition of an entry keeps its `name`, later ones get `name_1`,
    `name_2`, … through all the groups around it, unless `#` in the name tells them apart. Entries keep their place in
    the text. `remembered` is what was made of the same text before an edit.
    """
    flattening = _Flattening(blocks, variables, remembered)
    items = spec.value if isinstance(spec.value, dict) else {}
    without = spec.with_value({key: child for key, child in items.items() if key != "blocks"})
    return flattening.model(without, 1, ())


@dataclass(frozen=True, slots=True)
class _Around:
    """The context of an entry while it is flattened."""

    area: Area
    scope: Scope
    slot: Slot
    times: int
    """The number of copies of the entry, all repeats around it multiplied; 0 if these copies are counted already."""
    cause: TextNode
    """The innermost repeat or use of a block around the entry, where a limit that is exceeded is reported."""
    chain: tuple[str, ...] = ()
    """The names of the blocks around the entry, from the outermost to the innermost."""
    site: UseSite | None = None
    label: str | None = None
    """The number or letter that replaces `#` in names."""
    depth: int = 1

    def at(self, position: int) -> _Around:
        """The same for the entry at a position of the list."""
        # Not by `replace`, which takes several times as long and is needed for every entry.
        return _Around(
            self.area, self.scope, (*self.slot, position), self.times, self.cause, self.chain, self.site, self.label,
            self.depth,
        )  # fmt: skip


_WITH_MODELS = frozenset({"layers", "spec", "layer"})
"""The keys of an entry whose value may be an inline model."""


class _Flattening:
    """The flat list of entries in the making, and the numbers of layers, uses and nodes so far."""

    def __init__(self, blocks: Blocks, variables: Variables, remembered: Remembered | None) -> None:
        self._blocks = blocks
        self._variables = variables
        self._remembered = remembered
        self._times: dict[int, int] = {}
        """How often each entry was used, by its id: the copies of a repetition are told apart by that."""
        self._mistakes = variables.mistakes
        self._layers = 0
        self._uses = 0
        self._used = 0
        self._cyclic: set[str] = set()
        self._nested: dict[int, tuple[TextNode, TextNode]] = {}
        self._items: list[Item] = []
        self._instances: list[Instance] = []
        self._before: tuple[Target, ...] = (MODEL_INPUT,)

    @property
    def _full(self) -> bool:
        return self._layers > MAX_LAYERS or self._uses > MAX_USES or self._used > MAX_NODES

    def model(self, node: TextNode, times: int, chain: tuple[str, ...], depth: int = 1) -> TextNode:
        """Flatten the `layers` of a model's mapping, if it has any; `times` is the number of copies of the model
        itself."""
        layers = node.get("layers")
        if layers is None or not isinstance(layers.value, tuple) or not isinstance(node.value, dict):
            return node
        kept = self._items, self._instances, self._before
        self._items, self._instances, self._before = [], [], (MODEL_INPUT,)
        area, scope = Area(), Scope()
        self._list(layers.value, _Around(area, scope, (), times, layers, chain, depth=depth))
        area.automatic = scope.number()
        if self._full or (layers.value and not self._items and self._mistakes):
            made = node.with_value({**node.value, "layers": layers.with_value(BROKEN)})
        else:
            made = write_out(node, area, self._items, self._instances, self._variables, self._remembered)
        self._items, self._instances, self._before = kept
        return made

    def _list(self, entries: tuple[TextNode, ...], around: _Around) -> None:
        for position, entry in enumerate(entries):
            if self._full:
                return
            self._entry(entry, around.at(position))

    def _entry(self, entry: TextNode, around: _Around) -> None:
        """Flatten an entry: once for each of its repetitions."""
        items = entry.value
        if not isinstance(items, dict):
            self._add(entry, around)
            return
        is_repeated = not _REPEAT_KEYS.isdisjoint(items)
        if is_repeated and not is_wanted(items, self._mistakes):
            self._pass(self._labelled(entry, around.label), around)
            return
        is_group = "layers" in items and "type" not in items and "block" not in items
        if is_group:
            self._check_group(items)
        repeated = None
        if is_repeated and any(key in items for key in REPEAT_KEYS[:3]):
            repeated = repetition(items, self._mistakes)
        if repeated is not None:
            cause = items.get("repeat") or items.get("each") or around.cause
            around = replace(around, times=around.times * repeated.count, cause=cause)
        if is_repeated:
            written = entry
            entry = self._kept(written, None, lambda: written.with_value(_unrepeated(items)))
        if not is_group and ("block" not in items or "type" in items):
            self._add(entry, around, repeated)
        elif repeated is None:
            self._once(entry, around, is_group)
        else:
            self._repeated(entry, around, repeated, is_group)

    def _kept(self, entry: TextNode, how: Hashable, make: Callable[[], TextNode]) -> TextNode:
        """What is made of an entry in one way, or what was made of it in the last round."""
        if self._remembered is None:
            return make()
        known = self._remembered.copies.find(entry, how)
        return self._remembered.copies.keep(entry, make(), how) if known is None else known

    def _labelled(self, entry: TextNode, label: str | None) -> TextNode:
        return entry if label is None else self._kept(entry, label, lambda: _labelled(entry, label))

    def _copy(self, entry: TextNode, repeated: Repetition, number: int) -> TextNode:
        """The entry of copy `number` of a repetition."""
        return self._kept(entry, number, lambda: repeated.entry(entry, number)) if repeated.each else entry

    def _repeated(self, entry: TextNode, around: _Around, repeated: Repetition, is_group: bool) -> None:
        for number, label in enumerate(repeated.labels()):
            area = Area(around.area) if is_group else around.area
            count = len(self._items)
            one = self._copy(entry, repeated, number)
            self._once(one, replace(around, area=area, label=label, times=0 if number else around.times), is_group)
            if self._full or len(self._items) == count:
                return

    def _once(self, entry: TextNode, around: _Around, is_group: bool) -> None:
        if not is_group:
            self._use(self._labelled(entry, around.label), around)
        elif self._fits(entry, around):
            group = entry.get("layers")
            inner = group.value if group is not None and isinstance(group.value, tuple) else ()
            self._list(inner, replace(around, depth=around.depth + 1))

    def _fits(self, entry: TextNode, around: _Around) -> bool:
        if around.depth < MAX_DEPTH:
            return True
        message = f"blocks and groups are nested more than {MAX_DEPTH} levels deep"
        self._mistakes.report(entry, "E105", message)
        return False

    def _count(self, around: _Around) -> bool:
        self._layers += around.times
        if self._layers <= MAX_LAYERS:
            return True
        message = f"the spec has more than {MAX_LAYERS:,} layers, repeats included"
        self._mistakes.report(around.cause, "E105", message)
        return False

    def _add(self, entry: TextNode, around: _Around, repeated: Repetition | None = None) -> None:
        """Add a layer, or a further use of one; the validator reports anything else."""
        if (repeated is not None and repeated.count == 0) or not self._count(around):
            return
        items = entry.value if isinstance(entry.value, dict) else {}
        if "layers" in items or any(key in items and isinstance(items[key].value, dict) for key in ("spec", "layer")):
            entry = self._with_model(entry, items, around)
        label = around.label if repeated is None else ""
        if repeated is None or (not repeated.each and self._labelled(entry, "") is entry):
            entry = self._labelled(entry, label)
            for _ in range(1 if repeated is None else repeated.count):
                self._append(entry, items, around)
        else:
            for number, label in enumerate(repeated.labels()):
                one = self._labelled(self._copy(entry, repeated, number), label)
                self._append(one, one.value if isinstance(one.value, dict) else {}, around)

    def _pass(self, entry: TextNode, around: _Around) -> None:
        """Omit an entry by `when` or `unless`: references to it become references to its input."""
        name, given = entry.get("name"), entry.get("inputs")
        if name is None or not isinstance(name.value, str):
            return
        written = given is not None and isinstance(given.value, str | tuple)
        outputs = _written(given, around.area, None, self._variables) if given and written else self._before
        around.area.add_passage(Passage(outputs), name.value)

    def _append(self, entry: TextNode, items: Mapping[str, TextNode], around: _Around) -> None:
        after = self._items[-1] if self._items else None
        item = Item(entry, around.area, around.scope, around.site, None, after)
        if "inputs" not in items and item.type != "InputLayer":
            direct = (MODEL_INPUT,) if after is None else (after,)
            item.before = None if self._before == direct else self._before
        item.name = self._named(item, around) if "name" in items else None
        if item.name is None and "use" not in items:
            around.scope.unnamed.append(item)
            around.area.add_unnamed(item)
        self._items.append(item)
        self._before = (item,)

    def _with_model(self, entry: TextNode, items: Mapping[str, TextNode], around: _Around) -> TextNode:
        """The entry with the `layers` of its inline model flattened; the models inside of that, too."""
        known = self._nested.get(id(entry))
        if known is not None and around.times == 0:
            return known[1]
        wrapped = items.get("layer")
        if wrapped is not None and isinstance(wrapped.value, dict) and not _WITH_MODELS.isdisjoint(wrapped.value):
            items = {**items, "layer": self._with_model(wrapped, wrapped.value, around)}
        made = self.model(entry.with_value(dict(items)), around.times, around.chain, around.depth + 1)
        spec = items.get("spec")
        if spec is not None and isinstance(spec.value, dict) and isinstance(made.value, dict):
            inner = self.model(spec, around.times, around.chain, around.depth + 1)
            made = made.with_value({**made.value, "spec": inner})
        self._nested[id(entry)] = entry, made
        return made

    def _named(self, one: Item | Instance, around: _Around) -> str | None:
        """Register the name of an entry in its area and scope, and return it; None if it has no valid name."""
        node = one.node.get("name")
        if node is None or not isinstance(node.value, str):
            return None
        scope = around.scope
        owner = scope.owner
        if owner is not None or isinstance(one, Instance):
            problem = name_problem(node.value)
            if problem is not None:
                self._mistakes.report(node, "E206", f"{quote(node.value)} cannot be a name: {problem}")
                return None
        inputs = around.area.root.instance
        if inputs is not None and node.value in (inputs.block.inputs or (INPUT,)):
            message = f"{quote(node.value)} is the name of the block's input and cannot be the name of an entry"
            self._mistakes.report(node, "E206", message, "rename the entry")
            return None
        name = around.area.add(one, around.slot, node.value)
        if isinstance(one, Instance) and not one.block.scoped:
            return name
        first = scope.taken.setdefault(name, node)
        if first is not node and (owner is not None or isinstance(one, Instance)):
            line = f", first on line {first.line}" if first.line is not None else ""
            where = "" if owner is None else f" in the block {quote(owner.block.name)}"
            message = f"two entries{where} have the name {quote(name)}{line}"
            self._mistakes.report(node, "E206", message, "names are unique: rename one of them")
            return None
        return name

    def _use(self, entry: TextNode, around: _Around) -> None:
        """Flatten the entries of a block with the parameter values of this use."""
        block = self._block(entry, around)
        if block is None or not self._fits(entry, around):
            return
        self._uses += 1
        self._used += block.size
        if self._full:
            self._mistakes.report(entry, "E105", f"the spec uses more than {MAX_USES:,} blocks, or too large ones")
            return
        given, mistakes = entry.get("inputs"), len(self._mistakes)
        inputs = self._before if given is None else _written(given, around.area, block, self._variables)
        instance = Instance(block, entry, around.area, around.scope, inputs)
        instance.is_fed = mistakes == len(self._mistakes)
        instance.name = self._named(instance, around)
        values = block.arguments(entry, self._mistakes)
        name = entry.get("name")
        values["name"] = entry.with_value(BROKEN) if name is None else name.with_value(instance.name or BROKEN)
        if name is None and block.uses_name:
            message = f"the block {quote(block.name)} uses `${{name}}`, and this entry has no `name`"
            self._mistakes.report(entry, "E202", message, "add `name: …`")
        if instance.name is None and block.scoped:
            around.scope.unnamed.append(instance)
        if instance.name is None:
            around.area.add_unnamed(instance)
        instance.inside = Area(instance=instance)
        scope = Scope(instance) if block.scoped else around.scope
        self._instances.append(instance)
        self._before = inputs
        entries, site = self._written_out(entry, block, values, around)
        self._list(entries, replace(
            around, area=instance.inside, scope=scope, slot=(), chain=(*around.chain, block.name), label=None,
            site=site, depth=around.depth + 1,
        ))  # fmt: skip
        outputs = block.node.get("outputs")
        if outputs is not None:
            self._before = _written(
                Replacement(self._variables, values).replace(outputs, 3, True), instance.inside, None, self._variables
            )
        instance.outputs = self._before
        if block.scoped:
            instance.inside.automatic = scope.number()
        else:
            instance.inside.number()
            instance.inside.export(around.area)

    def _written_out(
        self, entry: TextNode, block: BlockDefinition, values: Mapping[str, TextNode], around: _Around
    ) -> tuple[tuple[TextNode, ...], UseSite]:
        """The entries of a block with the values of a use, the same nodes as in the last round if nothing changed."""
        remembered, variables, name = self._remembered, self._variables, values["name"].value
        number = self._times[id(entry)] = self._times.get(id(entry), 0) + 1
        known = remembered.uses.find(entry, number) if remembered is not None else None
        same = known is not None and (known.block, known.name, known.site.outer) == (block.node, name, around.site)
        if known is not None and same and variables.put_again(known.size):
            return known.entries, known.site
        mistakes, substituted = len(self._mistakes), variables.substituted
        replacement = Replacement(variables, values)
        entries = tuple(replacement.replace(inner, 4) for inner in block.entries)
        site = UseSite(block.name, entry, around.site)
        if remembered is not None and len(self._mistakes) == mistakes:
            size = variables.substituted - substituted
            remembered.uses.keep(entry, UsedBlock(block.node, name, site, entries, size), number)
        return entries, site

    def _block(self, entry: TextNode, around: _Around) -> BlockDefinition | None:
        node = entry.get("block")
        if node is None or node.broken:
            return None
        name = node.value
        if not isinstance(name, str):
            self._mistakes.report(node, "E203", f"`block` must be the name of a block, found {node.kind}")
            return None
        if name not in self._blocks:
            otherwise = None if self._blocks else "define it under `blocks`"
            self._mistakes.report(node, "E209", *unknown("block", name, self._blocks, otherwise=otherwise))
            return None
        if name in around.chain:
            if name not in self._cyclic:
                cycle = [*around.chain[around.chain.index(name) :], name]
                self._cyclic.update(cycle)
                self._mistakes.report(node, "E209", f"the blocks use each other: {' → '.join(cycle)}")
            return None
        return self._blocks[name]

    def _check_group(self, items: dict[str, TextNode]) -> None:
        group = items["layers"]
        for key, child in items.items():
            if key in _GROUP_KEYS:
                continue
            said = unknown(
                "key", key, ("type", *_GROUP_KEYS), where="in a group of layers",
                otherwise="a group has no options of its own",
            )  # fmt: skip
            self._mistakes.report(child.key or child, "E201", *said)
        if not isinstance(group.value, tuple) and not group.broken:
            self._mistakes.report(group, "E203", f"`layers` must be a list, found {group.kind}")


def _unrepeated(items: Mapping[str, TextNode]) -> dict[str, TextNode]:
    return {key: child for key, child in items.items() if key not in REPEAT_KEYS}


def _labelled(entry: TextNode, label: str) -> TextNode:
    """The entry with `#`, in its name and in its references, replaced by the label of the repetition."""
    if not isinstance(entry.value, dict):
        return entry
    items = {
        key: _numbered(child, label) if key == "name" or key in REFERENCE_KEYS else child
        for key, child in entry.value.items()
    }
    return entry if all(items[key] is child for key, child in entry.value.items()) else entry.with_value(items)


def _numbered(node: TextNode, label: str) -> TextNode:
    value = node.value
    if isinstance(value, str):
        return node.with_value(value.replace("#", label)) if "#" in value else node
    if isinstance(value, tuple):
        return node.with_value(tuple(_numbered(child, label) for child in value))
    if isinstance(value, dict):
        return node.with_value({key: _numbered(child, label) for key, child in value.items()})
    return node


def _written(node: TextNode, area: Area, block: BlockDefinition | None, variables: Variables) -> tuple[Written, ...]:
    """The references of `inputs` on the use of a block (in the order of the block's own), or of its `outputs`."""
    value = node.value
    nodes = (node,)
    if isinstance(value, tuple):
        nodes = value
    elif isinstance(value, dict) and block is not None and block.inputs:
        for key, child in value.items():
            if key not in block.inputs:
                said = unknown("input", key, block.inputs, where=f"of the block {quote(block.name)}")
                variables.mistakes.report(child.key or child, "E201", *said)
        nodes = tuple(value[name] for name in block.inputs if name in value)
    found: list[Written] = []
    for one in nodes:
        if isinstance(one.value, str):
            found.append(Written(one.value, one, area))
        elif not one.broken:
            message = f"expected a name or a list of names, found {one.kind}"
            variables.mistakes.report(one, "E203", message, "write `inputs: a` or `inputs: [a, b]`")
    return tuple(found)
