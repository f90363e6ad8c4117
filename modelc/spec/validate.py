"""Node → Spec: every option checked against its layer's type, every mistake located and said once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from pydantic import ValidationError

from modelc.config import Config, Registry, RegistryField
from modelc.errors import Diagnostic, SpecError
from modelc.layers.base import Layer
from modelc.layers.registry import LAYERS
from modelc.spec.expand import in_order
from modelc.spec.inputs import resolve_input
from modelc.spec.names import name_problem
from modelc.spec.node import Node, quote
from modelc.spec.paths import path_problem
from modelc.spec.spec import Spec
from modelc.suggest import did_you_mean
from modelc.validation import explain, unknown_key

LANGUAGE_VERSION = 1

Found: TypeAlias = list[Diagnostic]


def validate(root: Node, known: Sequence[Diagnostic] = ()) -> Spec:
    """The spec that an expanded tree describes.

    `known` are mistakes that were found before. Raises `SpecError` with them and with all that are found here, in
    the order of the text.
    """
    found = list(known)
    spec = _document(root, found)
    if found or spec is None:
        raise SpecError(in_order(found, root.source.name))
    return spec


def _document(root: Node, found: Found) -> Spec | None:
    before = len(found)
    _check_version(root, found)
    _check_names(root, found)
    _check_weights(root, found)
    layers = _layers(root, found)
    given = {"modelc": LANGUAGE_VERSION, **({"layers": layers} if root.get("layers") else {})}
    spec = _construct(Spec, root, "a spec", found, given)
    if spec is None:
        return None
    spec.locate(root)
    if len(found) > before:
        return None
    try:
        spec = resolve_input(spec)
        _ = spec.layers  # the selectors of `truncate`, `extract` and `freeze`
    except SpecError as error:
        found += error.diagnostics
    return spec


def _check_version(root: Node, found: Found) -> None:
    node = root.get("modelc")
    if node is None:
        if not any(did_you_mean(key, ["modelc"]) for key in _mapping(root)):
            found.append(root.diagnostic("E202", "a spec needs `modelc`", f"begin with `modelc: {LANGUAGE_VERSION}`"))
    elif not node.broken and (node.value != LANGUAGE_VERSION or isinstance(node.value, bool)):
        known = f"the version of the spec language, which is {LANGUAGE_VERSION}"
        message = f"`modelc` names {known}; found {node.plain()!r}"
        found.append(node.diagnostic("E208", message, f"write `modelc: {LANGUAGE_VERSION}`"))


def _layers(root: Node, found: Found) -> tuple[Layer, ...]:
    node = root.get("layers")
    if node is None or node.broken:
        return ()
    if not isinstance(node.value, tuple):
        help = "write one entry per layer: `- {type: Dense, units: 10}`"
        found.append(node.diagnostic("E203", f"`layers` must be a list, found {node.kind}", help))
        return ()
    if not node.value:
        found.append(node.diagnostic("E204", "`layers` is empty", "add an entry: `- {type: Dense, units: 10}`"))
    layers: list[Layer] = []
    for entry in node.value:
        layer = None if entry.broken else _typed(LAYERS, entry, found)
        if layer is not None:
            layer.locate(entry)
            layers.append(layer)
    return tuple(layers)


def _typed(registry: Registry[Any], node: Node, found: Found) -> Any:
    """The config that a mapping with `type` describes, or None and a mistake."""
    if not isinstance(node.value, dict):
        help = f"write `{{type: {node.value}}}`" if isinstance(node.value, str) else None
        found.append(node.diagnostic("E203", f"{_a(registry.kind)} is a mapping with `type`, found {node.kind}", help))
        return None
    name = node.value.get("type")
    if name is None:
        found.append(_without_type(registry, node))
        return None
    if name.broken:
        return None
    if not isinstance(name.value, str):
        found.append(name.diagnostic("E203", f"`type` must be text, found {name.kind}"))
        return None
    if name.value not in registry:
        message, help = registry.unknown(name.value)
        found.append(name.diagnostic("E205" if registry is LAYERS else "E204", message, help))
        return None
    cls = registry[name.value]
    return _construct(cls, node, cls.type_name(), found, ignore={"type"})


def _without_type(registry: Registry[Any], node: Node) -> Diagnostic:
    """One mistake, whether `type` is missing or misspelt."""
    for key, child in _mapping(node).items():
        if did_you_mean(key, ["type"]) and child.key is not None:
            message = f"unknown key {quote(key)} in {_a(registry.kind)}"
            return child.key.diagnostic("E201", message, "did you mean `type`?")
    example = "type: Dense" if registry is LAYERS else f"type: {registry.names[0]}"
    return node.diagnostic("E202", f"{_a(registry.kind)} needs `type`", f"add `{example}`")


def _a(kind: str) -> str:
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"


def _construct(
    cls: type[Config],
    node: Node,
    owner: str,
    found: Found,
    given: Mapping[str, Any] | None = None,
    ignore: set[str] | None = None,
) -> Any:
    """The config of class `cls` that a mapping describes, or None and its mistakes.

    `given` are options that were made before, their mistakes reported; `ignore` are keys that are not options.
    """
    options = dict(given or {})
    reported = set(options) | (ignore or set())
    for key, child in _mapping(node).items():
        if key in reported:
            continue
        if _holds_broken(child):
            reported.add(key)
            continue
        if _is_inner_name(cls, key):
            code, message, help = unknown_key(key, owner, _keys(cls))
            found.append((child.key or child).diagnostic(code, message, help))
            reported.add(key)
            continue
        make = _maker(cls, key, child)
        made = make(child, found) if make else child.plain()
        if make and made is None:
            reported.add(key)
        else:
            options[key] = made
    before = len(found)
    try:
        made = cls.validate_options(options)
    except ValidationError as error:
        found += _located(error, cls, node, owner, reported)
        return None
    return None if reported - set(given or ()) - (ignore or set()) or len(found) > before else made


def _holds_broken(node: Node) -> bool:
    """Whether the value, or an item of the list that it is, was reported before."""
    return node.broken or (isinstance(node.value, tuple) and any(map(_holds_broken, node.value)))


def _keys(cls: type[Config]) -> list[str]:
    """The options as a spec writes them."""
    return [field.alias or name for name, field in cls.model_fields.items()]


def _is_inner_name(cls: type[Config], key: str) -> bool:
    """Whether this is what Python calls an option that a spec calls otherwise."""
    field = cls.model_fields.get(key)
    return field is not None and field.alias not in (None, key)


def _maker(cls: type[Config], key: str, child: Node) -> Callable[[Node, Found], Any] | None:
    """How the option `key` is made from its node, where its own mistakes can be located; None for plain data."""
    if not isinstance(child.value, dict):
        return None
    field = next((f for name, f in cls.model_fields.items() if (f.alias or name) == key), None)
    if field is None:
        return None
    registry = next((m.registry for m in field.metadata if isinstance(m, RegistryField)), None)
    if registry is not None:
        return lambda node, found: _typed(registry, node, found)
    nested = next((a for a in _alternatives(field.annotation) if isinstance(a, type) and issubclass(a, Config)), None)
    if nested is not None:
        return lambda node, found: _construct(nested, node, f"`{key}`", found)
    return None


def _alternatives(annotation: Any) -> tuple[Any, ...]:
    """The members of a union, or the annotation itself."""
    return getattr(annotation, "__args__", ()) or (annotation,)


def _located(error: ValidationError, cls: type[Config], node: Node, owner: str, reported: set[str]) -> Found:
    fields = _keys(cls)
    details = error.errors(include_url=False)
    missing = {str(d["loc"][0]) for d in details if d["type"] == "missing"}
    unknown = [str(d["loc"][0]) for d in details if d["type"] == "extra_forbidden"]
    # A misspelt key is one mistake, not an unknown key and a missing one.
    misspelt = {did_you_mean(key, fields) for key in unknown} & missing
    found: Found = []
    for one in details:
        key = str(one["loc"][0]) if one["loc"] else ""
        if key in reported or (one["type"] == "missing" and key in misspelt):
            continue
        code, message, help = explain(one, owner, fields)
        place: Any = node
        if one["type"] != "missing":
            child = node.get(key)
            place = node.at(tuple(one["loc"])) or child or node
            if one["type"] == "extra_forbidden" and child is not None:
                place = child.key or child
        found.append(place.diagnostic(code, message, help))
    return found


def _check_names(root: Node, found: Found) -> None:
    layers = root.get("layers")
    first: dict[str, Node] = {}
    for entry in layers.value if layers is not None and isinstance(layers.value, tuple) else ():
        at = entry.get("name")
        if at is None or not isinstance(at.value, str):
            continue
        name = at.value
        problem = name_problem(name)
        if problem is not None:
            found.append(at.diagnostic("E206", f"{quote(name)} cannot be a layer's name: {problem}"))
        elif name in first:
            line = first[name].line
            where = f", first on line {line}" if line is not None else ""
            message = f"two layers have the name {quote(name)}{where}"
            found.append(at.diagnostic("E206", message, "names are unique in a model: rename one of them"))
        first.setdefault(name, at)


def _check_weights(root: Node, found: Found) -> None:
    node = root.get("weights")
    if node is None or not isinstance(node.value, str):
        return
    problem = path_problem(node.value, node.source.folder)
    if problem is not None:
        help = "name a file in the spec's folder or below it; --weights on the command takes any path"
        found.append(node.diagnostic("E204", f"`weights` {problem}", help))


def _mapping(node: Node) -> dict[str, Node]:
    return node.value if isinstance(node.value, dict) else {}
