"""`blocks`: named lists of entries with parameters, and their uses."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from re import compile as regex
from typing import Final, TypeAlias

from modelc.language.expansion.repeat import REPEAT_KEYS
from modelc.language.expansion.variables import Replacement, Variables
from modelc.language.mistakes import Mistakes
from modelc.language.text.node import BROKEN, TextNode
from modelc.text.quoting import quote
from modelc.text.suggest import did_you_mean
from modelc.text.unknown import listed, unknown

BLOCK_KEYS: Final = ("params", "inputs", "layers", "outputs", "scope", "help")
USE_KEYS: Final = ("block", "name", "inputs", *REPEAT_KEYS)
"""The keys of an entry that uses a block; its other keys are the block's parameters."""
INPUT: Final = "input"
"""The names by which the entries of a block refer to the block's inputs."""

_PARAMETER_KEYS = ("type", "default", "help")
_NAME = regex(r"[A-Za-z_]\w*")
_OWN_NAME = regex(r"(?<!\$)\$\{\s*name\s*\}")
_RESERVED = frozenset({*USE_KEYS, "type", "use", "layers"})

_TYPES: Final[dict[str, tuple[str, Callable[[object], bool]]]] = {
    "int": ("an integer", lambda v: isinstance(v, int) and not isinstance(v, bool)),
    "float": ("a number", lambda v: isinstance(v, int | float) and not isinstance(v, bool)),
    "bool": ("true or false", lambda v: isinstance(v, bool)),
    "str": ("text", lambda v: isinstance(v, str)),
    "list": ("a list", lambda v: isinstance(v, tuple)),
    "any": ("a value", lambda v: not isinstance(v, dict)),
}
PARAMETER_TYPES: Final = tuple(_TYPES)


@dataclass(frozen=True, slots=True, eq=False)
class BlockParameter:
    """A parameter of a block. A use must give a value unless there is a default; null is a value only if it is the
    default."""

    type: str
    default: TextNode | None

    def problem(self, value: TextNode) -> str | None:
        """A description of the expected value for a message, or None if the value is valid."""
        expected, accepts = _TYPES[self.type]
        nullable = self.default is not None and self.default.value is None
        return None if accepts(value.value) or (nullable and value.value is None) else expected


@dataclass(frozen=True, slots=True, eq=False)
class BlockDefinition:
    """The definition of a block: its parameters are parsed, its entries are kept as text nodes."""

    name: str
    node: TextNode
    parameters: Mapping[str, BlockParameter]
    inputs: tuple[str, ...]
    """The names of the block's inputs; empty if the definition names none."""
    scoped: bool
    """Whether the names of its entries are prefixed by the name of the use."""
    uses_name: bool
    """Whether `${name}`, the name of the use, occurs in the definition."""
    size: int
    """The number of text nodes in the definition, against which the limit of the expansion is counted."""

    @property
    def entries(self) -> tuple[TextNode, ...]:
        """The entries of the block."""
        layers = self.node.get("layers")
        return layers.value if layers is not None and isinstance(layers.value, tuple) else ()

    def arguments(self, use: TextNode, mistakes: Mistakes) -> dict[str, TextNode]:
        """The value of every parameter for one use of the block; a `BROKEN` node where a mistake was reported."""
        items = use.value if isinstance(use.value, dict) else {}
        values = {name: parameter.default or use.with_value(BROKEN) for name, parameter in self.parameters.items()}
        for name, parameter in self.parameters.items():
            if name not in items and parameter.default is None and not self._misspelt(name, items):
                help = f"add `{name}: …`"
                mistakes.report(use, "E202", f"the block {quote(self.name)} needs {quote(name)}", help)
        for key, value in items.items():
            parameter = self.parameters.get(key)
            if key in USE_KEYS or value.broken:
                continue
            if parameter is None:
                known = (*self.parameters, *USE_KEYS)
                said = unknown(
                    "key", key, known, where=f"in the block {quote(self.name)}",
                    otherwise=listed("parameter", self.parameters),
                )  # fmt: skip
                mistakes.report(value.key or value, "E201", *said)
                continue
            expected = parameter.problem(value)
            if expected is not None:
                message = f"{quote(key)} of the block {quote(self.name)} must be {expected}, found {value.kind}"
                mistakes.report(value, "E203", message)
            values[key] = value if expected is None else value.with_value(BROKEN)
        return values

    def _misspelt(self, name: str, items: Mapping[str, TextNode]) -> bool:
        """Whether an unknown key is probably a misspelling of this parameter, so that only the key is reported."""
        others = [key for key in items if key not in self.parameters and key not in USE_KEYS]
        return any(did_you_mean(key, (*self.parameters, *USE_KEYS)) == name for key in others)


Blocks: TypeAlias = "dict[str, BlockDefinition | None]"
"""The blocks of a spec by name; None for a block with mistakes, which are reported already."""


def read_blocks(node: TextNode | None, variables: Variables) -> Blocks:
    """Parse the blocks of a spec. Mistakes in them are reported (E201 to E206, E302), also for blocks that nothing
    uses."""
    if node is None or node.value is None or node.broken:
        return {}
    if not isinstance(node.value, dict):
        help = "write `blocks: {name: {params: {…}, layers: […]}}`"
        variables.mistakes.report(
            node, "E203", f"`blocks` must be a mapping of names to blocks, found {node.kind}", help
        )
        return {}
    return {name: None if block.broken else _read(name, block, variables) for name, block in node.value.items()}


def _read(name: str, node: TextNode, variables: Variables) -> BlockDefinition | None:
    owner = f"the block {quote(name)}"
    if not _NAME.fullmatch(name):
        message = f"{quote(name)} cannot be a block's name: letters, digits and `_` only"
        variables.mistakes.report(node.key or node, "E206", message)
        return None
    if not isinstance(node.value, dict):
        variables.mistakes.report(node, "E203", f"{owner} must be a mapping with `layers`, found {node.kind}")
        return None
    others = [key for key in node.value if key not in BLOCK_KEYS]
    for key in others:
        at = node.value[key].key or node.value[key]
        variables.mistakes.report(at, "E201", *unknown("key", key, BLOCK_KEYS, where=f"in {owner}"))
    layers = node.get("layers")
    if layers is None:
        if not any(did_you_mean(key, ["layers"]) for key in others):
            variables.mistakes.report(node, "E202", f"{owner} needs `layers`", "add `layers: […]`")
        return None
    if not isinstance(layers.value, tuple):
        if not layers.broken:
            variables.mistakes.report(layers, "E203", f"`layers` must be a list, found {layers.kind}")
        return None
    parameters = _parameters(node.get("params"), owner, variables)
    inputs = _inputs(node.get("inputs"), owner, variables.mistakes)
    scoped = _scoped(node.get("scope"), variables.mistakes)
    if parameters is None or inputs is None:
        return None
    # Undefined references are reported here, once, whether or not the block is used and however often.
    broken = {key: node.with_value(BROKEN) for key in (*parameters, "name")}
    check = Replacement(variables, broken)
    check.replace(layers, 3)
    outputs = node.get("outputs")
    if outputs is not None:
        check.replace(outputs, 3, True)
    return BlockDefinition(name, node, parameters, inputs, scoped, _uses_name(node), _size(node))


def _parameters(node: TextNode | None, owner: str, variables: Variables) -> dict[str, BlockParameter] | None:
    if node is None or node.value is None:
        return {}
    if not isinstance(node.value, dict):
        if not node.broken:
            help = "write `params: {filters: int, strides: 1}`"
            variables.mistakes.report(
                node, "E203", f"`params` must be a mapping of names to defaults, found {node.kind}", help
            )
        return None
    found: dict[str, BlockParameter] = {}
    before = len(variables.mistakes)
    for name, written in node.value.items():
        if not _NAME.fullmatch(name) or name in _RESERVED:
            why = "it is a key of every entry" if name in _RESERVED else "letters, digits and `_` only"
            message = f"{quote(name)} cannot be a parameter of {owner}: {why}"
            variables.mistakes.report(written.key or written, "E206", message)
        parameter = _parameter(name, Replacement(variables, {}).replace(written, 4), variables)
        if parameter is not None:
            found[name] = parameter
    return found if len(found) == len(node.value) and len(variables.mistakes) == before else None


def _parameter(name: str, node: TextNode, variables: Variables) -> BlockParameter | None:
    value = node.value
    if node.broken:
        return None
    if isinstance(value, str) and value in _TYPES and not node.referred:
        return BlockParameter(value, None)
    if not isinstance(value, dict):
        return BlockParameter(_type_of(value), None if value is None else node)
    for key, child in value.items():
        if key not in _PARAMETER_KEYS:
            said = unknown("key", key, _PARAMETER_KEYS, where=f"in the parameter {quote(name)}")
            variables.mistakes.report(child.key or child, "E201", *said)
            return None
    type, default = value.get("type"), value.get("default")
    if type is not None and not (isinstance(type.value, str) and type.value in _TYPES):
        if not type.broken:
            help = f"the types are: {', '.join(_TYPES)}"
            variables.mistakes.report(type, "E204", f"`type` of {quote(name)} cannot be {type.kind}", help)
        return None
    if default is not None and default.broken:
        return None
    given = _type_of(default.value) if default is not None else "any"
    parameter = BlockParameter(str(type.value) if type is not None else given, default)
    expected = parameter.problem(default) if default is not None else None
    if default is not None and expected is not None:
        variables.mistakes.report(
            default, "E203", f"the default of {quote(name)} must be {expected}, found {default.kind}"
        )
        return None
    return parameter


def _type_of(value: object) -> str:
    return next((name for name in ("int", "float", "bool", "str", "list") if _TYPES[name][1](value)), "any")


def _inputs(node: TextNode | None, owner: str, mistakes: Mistakes) -> tuple[str, ...] | None:
    if node is None or node.value is None:
        return ()
    names = [node] if isinstance(node.value, str) else node.value if isinstance(node.value, tuple) else []
    texts = tuple(name.value for name in names if isinstance(name.value, str))
    if len(texts) < max(1, len(names)) or len(set(texts)) < len(texts):
        if not node.broken:
            mistakes.report(node, "E203", f"`inputs` of {owner} must be a list of different names")
        return None
    return texts


def _scoped(node: TextNode | None, mistakes: Mistakes) -> bool:
    if node is None or node.broken:
        return True
    if not isinstance(node.value, bool):
        mistakes.report(node, "E203", f"`scope` must be true or false, found {node.kind}")
        return True
    return node.value


def _uses_name(node: TextNode) -> bool:
    if isinstance(node.value, str):
        return _OWN_NAME.search(node.value) is not None
    return any(map(_uses_name, _children(node)))


def _size(node: TextNode) -> int:
    return 1 + sum(map(_size, _children(node)))


def _children(node: TextNode) -> Iterable[TextNode]:
    value = node.value
    return value.values() if isinstance(value, dict) else value if isinstance(value, tuple) else ()
