"""The last step of flattening: the final name of each entry, and references as names of entries."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from modelc.language.expansion.blocks import INPUT
from modelc.language.expansion.references import MODEL_REFERENCE_KEYS, split_suffix
from modelc.language.expansion.scopes import Area, Instance, Item, ModelInput, Named, Target, Written
from modelc.language.expansion.variables import Variables
from modelc.language.names import Namer
from modelc.language.remembered import Remembered
from modelc.language.text.node import BROKEN, MAX_DEPTH, TextNode
from modelc.text.quoting import quote
from modelc.text.unknown import unknown


def write_out(
    model: TextNode,
    area: Area,
    items: Sequence[Item],
    instances: Sequence[Instance],
    variables: Variables,
    remembered: Remembered | None = None,
) -> TextNode:
    """The model with its flat list of entries. `area` is its own; mistakes go to `variables` (E207, E305); `remembered`
    is what was made of the same text before an edit."""
    return _SpecWriter(model, area, items, variables, remembered).model(instances)


class _SpecWriter:
    def __init__(
        self,
        model: TextNode,
        area: Area,
        items: Sequence[Item],
        variables: Variables,
        remembered: Remembered | None,
    ) -> None:
        self._remembered = remembered
        self._model = model
        self._area = area
        self._items = items
        self._variables = variables
        self._automatic: dict[Item, str] | None = None

    def model(self, instances: Sequence[Instance]) -> TextNode:
        for instance in instances:
            self._check_inputs(instance)
        value = self._model.value
        assert isinstance(value, dict)
        written = dict(value)
        written["layers"] = value["layers"].with_value(tuple(map(self._entry, self._items)))
        for key in MODEL_REFERENCE_KEYS:
            if key in value:
                written[key] = self._connections(value[key], self._area)
        if "freeze" in value:
            written["freeze"] = self._selectors(value["freeze"])
        return self._model.with_value(written)

    def _entry(self, item: Item) -> TextNode:
        """The entry in the flat list; the written one itself if nothing in it changes."""
        node, items = item.node, item.node.value
        if not isinstance(items, dict):
            return node
        changed: dict[str, TextNode] = {}
        if item.name is not None:
            name = item.scope.prefix + item.name
            written = items.get("name")
            if written is None or written.value != name:
                changed["name"] = (written or _beside(node)).with_value(name)
        if "use" in items:
            changed["use"] = self._references(items["use"], item.area)
        if "inputs" in items:
            changed["inputs"] = self._connections(items["inputs"], item.area)
        elif item.before is not None:
            names = self._targets(item.before)
            before = [self._name(item.after)] if item.after is not None else self._model_inputs
            if names is None:
                changed["inputs"] = _beside(node).with_value(BROKEN)
            elif names != before:
                changed["inputs"] = _listed(_beside(node), names)
        changed = {key: child for key, child in changed.items() if child is not items.get(key)}
        if not changed and item.site is None:
            return node
        how = (id(item.site), *((key, _told(child)) for key, child in changed.items()))
        known = self._remembered.written.find(node, how) if self._remembered is not None else None
        if known is not None and known.site is item.site:
            return known
        made = node.with_value({**items, **changed}) if changed else node
        made = made if item.site is None else made.used(item.site)
        return made if self._remembered is None else self._remembered.written.keep(node, made, how)

    # --- what entries are called

    def _name(self, item: Item) -> str:
        """The name by which references in the flat list denote an entry."""
        if item.name is not None:
            return item.scope.prefix + item.name
        if self._automatic is None:
            self._automatic = self._number()
        return self._automatic.get(item, "")

    def _number(self) -> dict[Item, str]:
        """The names of the entries that are numbered in the model, which the flat list leaves out."""
        namer = Namer(item.scope.prefix + item.name for item in self._items if item.name is not None)
        names: dict[Item, str] = {}
        uses: dict[str, int] = {}
        for item in self._items:
            use = item.node.get("use")
            if use is not None and isinstance(use.value, str):
                target = self._resolve(Written(use.value, use, item.area), 0) or [""]
                uses[target[0]] = uses.get(target[0], 0) + 1
                names[item] = f"{target[0]}@{uses[target[0]]}"
            elif item.name is None and item.base is not None:
                names[item] = namer.make(item.base)
        return names

    # --- references

    def _connections(self, node: TextNode, area: Area) -> TextNode:
        if not isinstance(node.value, dict):
            return self._references(node, area)
        items = {key: self._references(child, area) for key, child in node.value.items()}
        return node if all(items[key] is child for key, child in node.value.items()) else node.with_value(items)

    def _references(self, node: TextNode, area: Area) -> TextNode:
        """A reference, or a list of them, as names in the flat list; the node itself where it is right as it is."""
        value = node.value
        if isinstance(value, str):
            names = self._resolve(Written(value, node, area), 0)
            return node.with_value(BROKEN) if names is None else node if names == [value] else _listed(node, names)
        if not isinstance(value, tuple):
            return node
        entries: list[TextNode] = []
        for child in value:
            made = self._references(child, area) if isinstance(child.value, str) else child
            entries += made.value if isinstance(made.value, tuple) and isinstance(child.value, str) else (made,)
        same = len(entries) == len(value) and all(map(lambda a, b: a is b, entries, value))
        return node if same else node.with_value(tuple(entries))

    def _targets(self, targets: Sequence[Target], depth: int = 0) -> list[str] | None:
        """The names of targets; None where a mistake was found."""
        names: list[str] = []
        for target in targets:
            if isinstance(target, Item):
                names.append(self._name(target))
            elif isinstance(target, ModelInput):
                names += self._model_inputs
            else:
                found = self._resolve(target, depth)
                if found is None:
                    return None
                names += found
        return names

    @property
    def _model_inputs(self) -> list[str]:
        table = self._model.get("inputs")
        return list(table.value) if table is not None and isinstance(table.value, dict) else [INPUT]

    def _resolve(self, written: Written, depth: int) -> list[str] | None:
        """Resolve a reference to names of the flat list; None for an unknown one, which is reported."""
        if depth > MAX_DEPTH:
            self._report(written, f"{quote(written.text)} leads back to itself", "name an entry before this one")
            return None
        base, suffix = split_suffix(written.text)
        for name, rest in ((written.text, ""), (base, suffix)):
            found = self._look_up(written, name, rest, depth)
            if found is not None:
                return found or None
        if written.area.root.instance is None and not _is_ambiguous(written.area, base):
            return [written.text]
        self._unknown(written, base)
        return None

    def _look_up(self, written: Written, name: str, suffix: str, depth: int) -> list[str] | None:
        """The tensors of the entry or block called `name`: an empty result after a mistake, None if there is no such
        name."""
        area = written.area
        instance = area.root.instance
        if instance is not None:
            if name == INPUT:
                return self._inputs(written, instance, suffix, depth)
            if name in instance.block.inputs:
                return self._inputs(written, instance, f"[{instance.block.inputs.index(name)}]{suffix}", depth)
        one = _find(area, name)
        if one is not None:
            return self._tensors(written, one, suffix, depth)
        return self._inside(written, name, suffix, depth)

    def _inside(self, written: Written, name: str, suffix: str, depth: int) -> list[str] | None:
        """The tensors of an entry inside of a use of a block or of a model, by its path: `res1/conv2d`."""
        for at, character in enumerate(name):
            if character not in "/.":
                continue
            outer = _find(written.area, name[:at])
            if isinstance(outer, Instance) and outer.block.scoped and character == "/":
                inner = Written(name[at + 1 :], written.node, outer.inside)
                one = _find(outer.inside, inner.text)
                if one is not None:
                    return self._tensors(inner, one, suffix, depth)
                found = self._inside(inner, inner.text, suffix, depth)
                if found is None:
                    self._unknown(inner, inner.text)
                return found or []
            if isinstance(outer, Item):
                return [f"{self._name(outer)}{name[at:]}{suffix}"]
        return None

    def _tensors(self, written: Written, one: Named, suffix: str, depth: int) -> list[str]:
        if isinstance(one, Item):
            return [self._name(one) + suffix]
        names = self._targets(one.outputs, depth + 1)
        what = f"the block {quote(one.block.name)} gives" if isinstance(one, Instance) else "what stands for it gives"
        return [] if names is None else self._pick(written, names, suffix, what)

    def _inputs(self, written: Written, instance: Instance, suffix: str, depth: int) -> list[str]:
        names = self._targets(instance.inputs, depth + 1) if instance.is_fed else None
        if names is None:
            return []
        return self._pick(written, names, suffix, f"the block {quote(instance.block.name)} is applied to")

    def _pick(self, written: Written, names: list[str], suffix: str, gives: str) -> list[str]:
        """All tensors, or the one that `[i]` asks for."""
        if not suffix.startswith("["):
            return [name + suffix for name in names]
        index, _, rest = suffix[1:].partition("]")
        if int(index) < len(names):
            return [names[int(index)] + rest]
        count = f"{len(names)} tensor{'s' if len(names) != 1 else ''}"
        self._report(written, f"{gives} {count}, there is no `[{index}]`", "tensors are counted from 0")
        return []

    def _unknown(self, written: Written, name: str) -> None:
        instance = written.area.root.instance
        if _is_ambiguous(written.area, name):
            message = f"{quote(name)} is an automatic name of one of the entries that are repeated here"
            self._report(written, message, "give the entry that is meant a `name`")
        elif instance is not None:
            known = written.area.known
            where = f"in the block {quote(instance.block.name)}"
            otherwise = f"a block sees its own entries, and `{INPUT}`: {', '.join(known[-20:])}"
            self._report(written, *unknown("entry", name, known, where=where, otherwise=otherwise))

    def _report(self, written: Written, message: str, help: str | None) -> None:
        self._variables.mistakes.report(written.node, "E305", message, help)

    def _check_inputs(self, instance: Instance) -> None:
        """Check that a block with named inputs is applied to as many tensors; another number is reported."""
        expected = instance.block.inputs
        names = self._targets(instance.inputs) if expected and instance.is_fed else None
        if names is not None and len(names) != len(expected):
            many = f"{len(expected)} inputs ({', '.join(expected)})" if len(expected) > 1 else "one input"
            message = f"the block {quote(instance.block.name)} takes {many}, found {len(names)}"
            at = instance.node.get("inputs") or instance.node
            instance.is_fed = False
            self._variables.mistakes.report(at, "E207", message, f"write `inputs: [{', '.join(expected)}]`")

    # --- selectors

    def _selectors(self, node: TextNode) -> TextNode:
        """The selectors of `freeze`, in which the name of a block's use is replaced by a pattern for all layers in
        it."""
        value = node.value
        if isinstance(value, tuple):
            return node.with_value(tuple(map(self._selectors, value)))
        if not isinstance(value, str):
            return node
        name = value.removeprefix("!")
        one = _find(self._area, name)
        return node.with_value(f"{value}/*") if isinstance(one, Instance) and one.block.scoped else node


def _told(node: TextNode) -> Hashable:
    """What a name or references are, to be compared with what they were in the last round."""
    value = node.value
    if isinstance(value, dict):
        return tuple((key, _told(child)) for key, child in value.items())
    return tuple(map(_told, value)) if isinstance(value, tuple) else value


def _find(area: Area, name: str) -> Named | None:
    """The entry or use of a block that a name means in an area, if it means one."""
    one = area.find(name)
    return area.root.automatic.get(name) if one is None and not area.is_ambiguous(name) else one


def _is_ambiguous(area: Area, name: str) -> bool:
    return area.find(name) is None and area.is_ambiguous(name)


def _listed(node: TextNode, names: Sequence[str]) -> TextNode:
    if len(names) == 1:
        return node.with_value(names[0])
    return node.with_value(tuple(TextNode(node.source, node.row, node.column, node.trail, name) for name in names))


def _beside(entry: TextNode) -> TextNode:
    """A node at the place of an entry, for a key that the entry does not have in the text."""
    return TextNode(entry.source, entry.row, entry.column, entry.trail)
