"""The names of a Keras model's layers as a spec writes them, and the paths of weights by them.

Keras's names may hold what a name in a spec may not: that is escaped, see `spec.names.escaped`. A slash stays one, as
in `conv1/bn`, unless what is before it is a layer with others inside, whose paths it could be taken for: then it is
escaped, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from modelc.keras.weights.tree import LayerNode
from modelc.language.names import SLASH, escaped, name_problem, outer_names
from modelc.layers import LAYERS
from modelc.layers.names.containers import CONTAINERS

_MAX_DEPTH = 32


def layer_names(entries: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The names of a model's layers in a spec by those in Keras, given each with its class."""
    classes = {name: LAYERS.current(class_name) for name, class_name in entries}
    holders = {escaped(name) for name, class_name in classes.items() if class_name in CONTAINERS}
    made: dict[str, str] = {}
    for name in classes:
        plain = escaped(name)
        made[name] = plain.replace("/", SLASH) if any(outer in holders for outer in outer_names(plain)) else plain
    return made


def with_spec_names(options: Mapping[str, Any]) -> Mapping[str, Any]:
    """The options of a serialized model, its layers and the references to them by the names of a spec.

    An input that the model takes by a key is called by that key, as a spec names what a model takes.
    """
    layers = cast("list[Mapping[str, Any]]", options["layers"])
    names = layer_names((str(_options(entry)["name"]), str(entry.get("class_name"))) for entry in layers)
    names |= _input_keys(options.get("input_layers"), names)
    if all(name == made for name, made in names.items()):
        return options
    made: list[dict[str, Any]] = []
    for entry in layers:
        own = _options(entry)
        new = {**entry, "config": {**own, "name": names[str(own["name"])]}}
        if "inbound_nodes" in entry:
            new["inbound_nodes"] = _referring(entry["inbound_nodes"], names, 0)
        made.append(new)
    ends = {key: _referring(options[key], names, 0) for key in ("input_layers", "output_layers") if key in options}
    return {**options, "layers": made, **ends}


def _input_keys(taken: Any, names: Mapping[str, str]) -> dict[str, str]:
    """The keys of a mapping of inputs by the names of their layers, those that can be names and that nothing has."""
    found: dict[str, str] = {}
    for key, reference in cast("dict[str, Any]", taken).items() if isinstance(taken, dict) else ():
        match reference:
            case [str(name), int(), int()] if name in names and name_problem(key) is None and key not in names.values():
                found[name] = key
            case _:
                pass
    return found


def _options(entry: Mapping[str, Any]) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", entry["config"])


def _referring(value: Any, names: Mapping[str, str], depth: int) -> Any:
    """A nested value with other names in its references, `["dense", 0, 0, …]`; too deep a one as it is."""
    if depth > _MAX_DEPTH:
        return value
    match value:
        case [str(name), int(node), int(index), *rest] if name in names:
            return [names[name], node, index, *(_referring(one, names, depth + 1) for one in rest)]
        case list():
            return [_referring(one, names, depth + 1) for one in cast("list[Any]", value)]
        case dict():
            return {key: _referring(one, names, depth + 1) for key, one in cast("dict[str, Any]", value).items()}
        case _:
            return value


def keys_of(tree: LayerNode, paths: Iterable[str]) -> dict[str, str]:
    """The paths of weights, each with the same one in which every slash in a layer's name is escaped.

    In those a slash is the way into a layer, and nothing else. `tree` has its names so.
    """
    return {path: _key(tree.layers, path) for path in paths}


def _key(layers: Sequence[LayerNode], path: str) -> str:
    known: Mapping[str, LayerNode] = {**{n.name: n for n in layers}, **{n.name.replace(SLASH, "/"): n for n in layers}}
    end = len(path)
    while (end := path.rfind("/", 0, end)) > 0:
        node: Any = known.get(path[:end])
        if node is not None:
            rest = path[end + 1 :]
            return f"{node.name}/{_key(node.layers, rest) if node.is_model else rest}"
    return path
