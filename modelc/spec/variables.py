"""`vars` and `${name}`: whole scalar values given once and used by name. There are no expressions."""

from __future__ import annotations

from dataclasses import dataclass
from re import compile as regex

from modelc.errors import Diagnostic
from modelc.spec.hints import hint
from modelc.spec.node import BROKEN, MAX_DEPTH, MAX_MISTAKES, MAX_NODES, Node, quote

_REFERENCE = regex(r"\$\{([^{}]*)\}")
_NAME = regex(r"[\w.-]+")
_OPENING = regex(r"\$?\$\{")


@dataclass(frozen=True, slots=True)
class _Variable:
    """A resolved value, the number of nodes in it and the levels below its root."""

    value: Node
    size: int
    height: int


def substitute(spec: Node) -> tuple[Node, list[Diagnostic]]:
    """The spec without `vars`, every reference replaced by its variable's value, and the mistakes (E302, E203, E105).

    The value stands at the place of the reference. `$${` gives the text `${`.
    """
    substitution = _Substitution(spec.get("vars"))
    if not isinstance(spec.value, dict):
        return spec, substitution.diagnostics
    items = {key: substitution.replace(child, 1) for key, child in spec.value.items() if key != "vars"}
    return spec.with_value(items), substitution.diagnostics


class _Substitution:
    """The variables resolved so far and the mistakes found."""

    def __init__(self, definitions: Node | None) -> None:
        self.diagnostics: list[Diagnostic] = []
        self._definitions: dict[str, Node] = {}
        self._resolved: dict[str, _Variable | None] = {}  # None: reported
        self._resolving: list[str] = []
        self._substituted = 0
        self._all_broken = False
        if definitions is None or definitions.value is None:
            return
        if not isinstance(definitions.value, dict):
            self._all_broken = True
            if not definitions.broken:
                message = f"`vars` must be a mapping of names to values, found {definitions.kind}"
                self._report(definitions, "E203", message)
            return
        self._definitions = definitions.value
        for name in self._definitions:
            self._variable(name, 0)

    def replace(self, node: Node, depth: int) -> Node:
        """The node with every reference below it replaced; the node itself where there are none."""
        value = node.value
        if isinstance(value, str):
            return self._replace_text(node, value, depth) if "${" in value else node
        if isinstance(value, dict):
            items = {key: self.replace(child, depth + 1) for key, child in value.items()}
            return node if all(items[key] is child for key, child in value.items()) else node.with_value(items)
        if isinstance(value, tuple):
            entries = tuple(self.replace(child, depth + 1) for child in value)
            return node if all(map(lambda a, b: a is b, entries, value)) else node.with_value(entries)
        return node

    def _replace_text(self, node: Node, text: str, depth: int) -> Node:
        name = self._referred(node, text)
        if name is None:
            return node.with_value(BROKEN)
        if isinstance(name, _Literal):
            return node.with_value(name.text)
        variable = self._look_up(node, name, 0)
        if variable is None:
            return node.with_value(BROKEN)
        self._substituted += variable.size
        if self._substituted > MAX_NODES or depth + variable.height > MAX_DEPTH:
            if self._substituted - variable.size <= MAX_NODES:
                self._report(node, "E105", f"with the value of {quote(name)} the spec is too large or too deep")
            return node.with_value(BROKEN)
        return _transplant(variable.value, node)

    def _referred(self, node: Node, text: str) -> str | _Literal | None:
        """The variable that the text refers to, or the text it stands for; None if it was reported."""
        whole = _REFERENCE.fullmatch(text)
        if whole is not None:
            return whole[1].strip()
        if "${" in _OPENING.findall(text):
            message = f"a reference inside other text: {quote(text)}"
            help = "a reference is a whole value, such as ${width}; write $${ for a literal ${"
            self._report(node, "E302", message, help)
            return None
        return _Literal(text.replace("$${", "${"))

    def _look_up(self, reference: Node, name: str, depth: int) -> _Variable | None:
        if name not in self._definitions:
            if not self._all_broken and not _NAME.fullmatch(name):
                help = "there are no expressions; give the value a name under `vars`"
                self._report(reference, "E302", f"{quote(name)} is not the name of a variable", help)
            elif not self._all_broken:
                help = hint(name, self._definitions, "define it under `vars`")
                self._report(reference, "E302", f"the variable {quote(name)} is not defined", help)
            return None
        if name in self._resolving:
            cycle = " → ".join([*self._resolving[self._resolving.index(name) :], name])
            self._report(reference, "E302", f"the variables refer to each other: {cycle}")
            return None
        return self._variable(name, depth)

    def _variable(self, name: str, depth: int) -> _Variable | None:
        if name not in self._resolved:
            self._resolving.append(name)
            self._resolved[name] = self._resolve(self._definitions[name], depth)
            self._resolving.pop()
        return self._resolved[name]

    def _resolve(self, node: Node, depth: int) -> _Variable | None:
        """A definition with its own references replaced. `depth` counts lists and references on the way here."""
        if depth > MAX_DEPTH:
            self._report(node, "E105", f"the variables refer to one another more than {MAX_DEPTH} levels deep")
            return None
        value = node.value
        if value is BROKEN:
            return None
        if isinstance(value, dict):
            self._report(node, "E203", "a variable must be a scalar or a list, found a mapping")
            return None
        if isinstance(value, tuple):
            return self._resolve_list(node, value, depth)
        if not isinstance(value, str) or "${" not in value:
            return _Variable(node, 1, 0)
        name = self._referred(node, value)
        if isinstance(name, _Literal):
            return _Variable(node.with_value(name.text), 1, 0)
        return None if name is None else self._look_up(node, name, depth + 1)

    def _resolve_list(self, node: Node, children: tuple[Node, ...], depth: int) -> _Variable | None:
        resolved = [self._resolve(child, depth + 1) for child in children]
        entries = [variable for variable in resolved if variable is not None]
        if len(entries) < len(resolved):
            return None
        size = 1 + sum(variable.size for variable in entries)
        height = 1 + max((variable.height for variable in entries), default=0)
        if size > MAX_NODES or height > MAX_DEPTH:
            self._report(node, "E105", "with its references replaced this list is too large or too deep")
            return None
        return _Variable(node.with_value(tuple(variable.value for variable in entries)), size, height)

    def _report(self, node: Node, code: str, message: str, help: str | None = None) -> None:
        if len(self.diagnostics) < MAX_MISTAKES:
            self.diagnostics.append(node.diagnostic(code, message, help))
        else:
            self._all_broken = True


@dataclass(frozen=True, slots=True)
class _Literal:
    text: str


def _transplant(value: Node, place: Node) -> Node:
    """A copy of the value in which every node stands at `place`."""
    if isinstance(value.value, tuple):
        return place.with_value(tuple(_transplant(child, place.under(None)) for child in value.value))
    return place.with_value(value.value)
