"""`vars` and `${name}`: named scalars and lists. There are no expressions.

A reference is a whole value; in names, and in references to names, it may also be a part of the text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from re import Match
from re import compile as regex
from typing import Final

from modelc.errors import Diagnostic
from modelc.language.expansion.references import TEXT_KEYS
from modelc.language.mistakes import Mistakes
from modelc.language.remembered import Remembered
from modelc.language.text.node import BROKEN, MAX_DEPTH, MAX_MISTAKES, MAX_NODES, TextNode
from modelc.text.quoting import quote
from modelc.text.unknown import unknown

LONGEST_TEXT: Final = 1000
"""The maximum number of characters of a text that results from `${…}` as parts of it."""

_REFERENCE = regex(r"\$\{([^{}]*)\}")
_PART = regex(r"\$\$\{|\$\{([^{}]*)\}")
_NAME = regex(r"[\w.-]+")
_OPENING = regex(r"\$?\$\{")


@dataclass(frozen=True, slots=True)
class _Variable:
    """A resolved value, the number of nodes in it and the levels below its root."""

    value: TextNode
    size: int
    height: int


def substitute(spec: TextNode, remembered: Remembered | None = None) -> tuple[TextNode, Variables]:
    """The spec without `vars`, every reference replaced by its variable's value; and the variables (E302, E203, E105).

    The value stands at the place of the reference. `$${` gives the text `${`. In `blocks` nothing is replaced: what
    their references mean depends on the parameters of each use.
    """
    variables = Variables(spec.get("vars"))
    if not isinstance(spec.value, dict):
        return spec, variables
    replacement = Replacement(variables, {})
    items: dict[str, TextNode] = {}
    for key, child in spec.value.items():
        if key == "blocks":
            items[key] = child
        elif key == "layers" and remembered is not None and isinstance(child.value, tuple):
            entries = tuple(_entry(entry, replacement, remembered) for entry in child.value)
            items[key] = child.with_value(entries)
        elif key != "vars":
            items[key] = replacement.replace(child, 1, key in TEXT_KEYS)
    return spec.with_value(items), variables


def _entry(entry: TextNode, replacement: Replacement, remembered: Remembered) -> TextNode:
    """An entry with its references replaced, as it was in the last round if it is the same."""
    known = remembered.replaced.find(entry)
    if known is not None:
        return known
    mistakes = len(replacement.variables.mistakes)
    made = replacement.replace(entry, 2)
    return remembered.replaced.keep(entry, made) if mistakes == len(replacement.variables.mistakes) else made


class Variables:
    """The variables resolved so far, the mistakes, and the number of nodes that replaced references."""

    def __init__(self, definitions: TextNode | None) -> None:
        self.mistakes = Mistakes(most=MAX_MISTAKES)
        self.definitions: dict[str, TextNode] = {}
        self._resolved: dict[str, _Variable | None] = {}  # None: reported
        self._used: set[str] = set()
        self._resolving: list[str] = []
        self._substituted = 0
        self._all_broken = False
        if definitions is None or definitions.value is None:
            return
        if not isinstance(definitions.value, dict):
            self._all_broken = True
            if not definitions.broken:
                message = f"`vars` must be a mapping of names to values, found {definitions.kind}"
                self.mistakes.report(definitions, "E203", message)
            return
        self.definitions = definitions.value
        for name in self.definitions:
            self._variable(name, 0)

    def look_up(
        self, reference: TextNode, name: str, others: Mapping[str, TextNode], depth: int = 0
    ) -> _Variable | None:
        """The variable with this name; None after a mistake is reported. `others` are further names for suggestions."""
        self._used.add(name)
        if name not in self.definitions:
            if not self._all_broken and not _NAME.fullmatch(name):
                help = "there are no expressions; give the value a name under `vars`"
                self.mistakes.report(reference, "E302", f"{quote(name)} is not the name of a variable", help)
            elif not self._all_broken:
                where = "under `params` of the block, or under `vars`" if others else "under `vars`"
                known = [*others, *self.definitions]
                self.mistakes.report(
                    reference, "E302", *unknown("variable", name, known, otherwise=f"define it {where}")
                )
            return None
        if name in self._resolving:
            cycle = " → ".join([*self._resolving[self._resolving.index(name) :], name])
            self.mistakes.report(reference, "E302", f"the variables refer to each other: {cycle}")
            return None
        return self._variable(name, depth)

    def unused(self, written: set[str]) -> list[Diagnostic]:
        """Report each variable that a setting defines, that is not among the `written` ones and that nothing uses."""
        found: list[Diagnostic] = []
        for name, node in self.definitions.items():
            if name not in self._used and name not in written:
                said = unknown("variable", name, sorted(self._used | written), otherwise="nothing refers to it")
                found.append((node.key or node).diagnostic("E303", *said))
        return found

    @property
    def substituted(self) -> int:
        """The number of nodes that replaced references so far."""
        return self._substituted

    def put_again(self, size: int) -> bool:
        """Count the `size` nodes that replaced references when the same was made before; False if there is no room."""
        if self._substituted + size > MAX_NODES:
            return False
        self._substituted += size
        return True

    def put(self, node: TextNode, name: str, size: int, too_deep: bool) -> bool:
        """Count the `size` nodes of a value that replaces a reference; False if the spec becomes too large by it."""
        self._substituted += size
        if self._substituted <= MAX_NODES and not too_deep:
            return True
        if self._substituted - size <= MAX_NODES:
            self.mistakes.report(node, "E105", f"with the value of {quote(name)} the spec is too large or too deep")
        return False

    def referred(self, node: TextNode, text: str) -> str | _Literal | None:
        """The variable that a text such as `${name}` refers to, or the text itself unescaped; None after a mistake."""
        whole = _REFERENCE.fullmatch(text)
        if whole is not None:
            return whole[1].strip()
        if "${" in _OPENING.findall(text):
            message = f"a reference inside other text: {quote(text)}"
            help = "a reference is a whole value, such as ${width}; write $${ for a literal ${"
            self.mistakes.report(node, "E302", message, help)
            return None
        return _Literal(text.replace("$${", "${"))

    def _variable(self, name: str, depth: int) -> _Variable | None:
        if name not in self._resolved:
            self._resolving.append(name)
            self._resolved[name] = self._resolve(self.definitions[name], depth)
            self._resolving.pop()
        return self._resolved[name]

    def _resolve(self, node: TextNode, depth: int) -> _Variable | None:
        """The value of a variable's definition, its own references replaced. `depth` counts the nested lists and
        references."""
        if depth > MAX_DEPTH:
            self.mistakes.report(node, "E105", f"the variables refer to one another more than {MAX_DEPTH} levels deep")
            return None
        value = node.value
        if value is BROKEN:
            return None
        if isinstance(value, dict):
            self.mistakes.report(node, "E203", "a variable must be a scalar or a list, found a mapping")
            return None
        if isinstance(value, tuple):
            return self._resolve_list(node, value, depth)
        if not isinstance(value, str) or "${" not in value:
            return _Variable(node, 1, 0)
        name = self.referred(node, value)
        if isinstance(name, _Literal):
            return _Variable(node.with_value(name.text), 1, 0)
        return None if name is None else self.look_up(node, name, {}, depth + 1)

    def _resolve_list(self, node: TextNode, children: tuple[TextNode, ...], depth: int) -> _Variable | None:
        resolved = [self._resolve(child, depth + 1) for child in children]
        entries = [variable for variable in resolved if variable is not None]
        if len(entries) < len(resolved):
            return None
        size = 1 + sum(variable.size for variable in entries)
        height = 1 + max((variable.height for variable in entries), default=0)
        if size > MAX_NODES or height > MAX_DEPTH:
            self.mistakes.report(node, "E105", "with its references replaced this list is too large or too deep")
            return None
        return _Variable(node.with_value(tuple(variable.value for variable in entries)), size, height)


@dataclass(frozen=True, slots=True)
class Replacement:
    """Replaces references by values: those of `parameters`, which keep their place in the text, and those of
    variables."""

    variables: Variables
    parameters: Mapping[str, TextNode]

    def replace(self, node: TextNode, depth: int, in_text: bool = False) -> TextNode:
        """The node with every reference below it replaced; the node itself where there are none.

        `in_text` says that a reference may be a part of the text.
        """
        value = node.value
        if isinstance(value, str):
            return self._replace_text(node, value, depth, in_text) if "${" in value else node
        if isinstance(value, dict):
            items = dict(value)
            for key, child in value.items():
                inner = child.value
                if isinstance(inner, dict | tuple) or (isinstance(inner, str) and "${" in inner):
                    as_text = key in TEXT_KEYS or (in_text and not isinstance(inner, dict))
                    items[key] = self.replace(child, depth + 1, as_text)
            return node if all(items[key] is child for key, child in value.items()) else node.with_value(items)
        if isinstance(value, tuple):
            entries = tuple(self.replace(child, depth + 1, in_text) for child in value)
            return node if all(map(lambda a, b: a is b, entries, value)) else node.with_value(entries)
        return node

    def _replace_text(self, node: TextNode, text: str, depth: int, in_text: bool) -> TextNode:
        if in_text and not _REFERENCE.fullmatch(text) and not _OPENING.search(_PART.sub("", text)):
            return self._join(node, text)
        name = self.variables.referred(node, text)
        if name is None:
            return node.with_value(BROKEN)
        if isinstance(name, _Literal):
            return node.with_value(name.text)
        parameter = self.parameters.get(name)
        if parameter is not None:
            size, height = _extent(parameter)
            fits = self.variables.put(node, name, size, depth + height > MAX_DEPTH)
            return parameter.under(node.key).as_referred() if fits else node.with_value(BROKEN)
        variable = self.variables.look_up(node, name, self.parameters)
        if variable is None or not self.variables.put(node, name, variable.size, depth + variable.height > MAX_DEPTH):
            return node.with_value(BROKEN)
        return _transplant(variable.value, node).as_referred()

    def _join(self, node: TextNode, text: str) -> TextNode:
        """The text in which the references that are parts of it are replaced."""
        broken = False

        def part(match: Match[str]) -> str:
            nonlocal broken
            if match[1] is None:
                return "${"
            name = match[1].strip()
            value = self.parameters.get(name)
            if value is None:
                variable = self.variables.look_up(node, name, self.parameters)
                value = None if variable is None else variable.value
            if value is None or value.broken:
                broken = True
                return ""
            if isinstance(value.value, bool) or not isinstance(value.value, str | int):
                help = "only a text or an integer can"
                self.variables.mistakes.report(
                    node, "E302", f"{quote(name)} is {value.kind}, which cannot be part of a name", help
                )
                broken = True
                return ""
            return str(value.value)

        joined = _PART.sub(part, text)
        if len(joined) > LONGEST_TEXT:
            self.variables.mistakes.report(
                node, "E105", f"with its references replaced this text is over {LONGEST_TEXT} long"
            )
            broken = True
        return node.with_value(BROKEN if broken else joined)


@dataclass(frozen=True, slots=True)
class _Literal:
    text: str


def _extent(node: TextNode) -> tuple[int, int]:
    """The number of nodes in a value, and its depth."""
    children = node.value if isinstance(node.value, tuple) else ()
    extents = [_extent(child) for child in children]
    return 1 + sum(size for size, _ in extents), max((height + 1 for _, height in extents), default=0)


def _transplant(value: TextNode, place: TextNode) -> TextNode:
    """A copy of the value in which every node stands at `place`."""
    if isinstance(value.value, tuple):
        return place.with_value(tuple(_transplant(child, place.under(None)) for child in value.value))
    return place.with_value(value.value)
