"""A JSON Schema that says once what many of its definitions say.

Five steps, none of which changes what applies to a key of a document:

1. A definition that applies only to mappings whose `type` is one of some words leaves that to what leads to it.
2. Definitions with the same keys refer to one definition, which lists these keys and admits no others.
3. Options that the same definitions have in common stand in one definition, to which these refer.
4. Any other part that stands in several places becomes one of `$defs`, to which its places refer.
5. What leads to a definition by its `type` holds it, but for layers, as nothing else refers to it.

Steps 2 to 4 are taken only where the text becomes shorter by them. In draft 7 a validator ignores what stands
beside a `$ref`: a description or a default stands beside `anyOf: [{$ref: …}]`.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any, TypeAlias, cast

Schema: TypeAlias = "dict[str, Any]"

_PREFIX = "#/definitions/"
_SHARED = "#/$defs/"
"""Where definitions stand that only others refer to: apart from the vocabulary, and shorter, as most references are."""
_SAID = ("description", "default")
"""What an option says of itself, beside what its values are."""


def shared(schema: Schema) -> Schema:
    """The same schema with references to definitions in place of parts that are alike."""
    chosen = chosen_by_type(schema)
    definitions = {
        name: _described_once(_without_words(node, chosen[name]) if name in chosen else node)
        for name, node in schema["definitions"].items()
    }
    common: Schema = dict(schema["$defs"])
    _close_together(definitions, common)
    _gather_common(definitions, common)
    _gather_conditions(definitions, common)
    # Layers stay definitions: for an empty entry, yaml-language-server offers the types of these only.
    inside = [name for name in chosen if "." in name]
    return _with_choices_inside(_Parts({**schema, "definitions": definitions}, common).shared(), inside)


def chosen_by_type(schema: Schema) -> dict[str, list[str]]:
    """The definitions that apply only where a mapping's `type` is one of some words, each with these."""
    chosen: dict[str, list[str]] = {}
    others: set[str] = set()

    def look(node: Any) -> None:
        if isinstance(node, list):
            for item in cast("list[Any]", node):
                look(item)
        elif isinstance(node, dict):
            match cast(Schema, node):
                case {"if": {"properties": {"type": {"enum": words}}}, "then": {"$ref": str(target)}}:
                    chosen[target.removeprefix(_PREFIX)] = words
                case {"$ref": str(target)}:
                    others.add(target.removeprefix(_PREFIX))
                case inside:
                    for value in inside.values():
                        look(value)

    look(schema)
    return {name: words for name, words in chosen.items() if name not in others}


def _with_choices_inside(schema: Schema, chosen: Collection[str]) -> Schema:
    """The schema with the definitions that are chosen by `type` in place of the references to them."""
    definitions: Schema = schema["definitions"]

    def inside(node: Any) -> Any:
        if isinstance(node, list):
            return [inside(item) for item in cast("list[Any]", node)]
        if not isinstance(node, dict):
            return node
        name = str(cast(Schema, node).get("$ref", "")).removeprefix(_PREFIX)
        if name in chosen:
            return inside(definitions[name])
        return {key: inside(value) for key, value in cast(Schema, node).items()}

    others = {name: node for name, node in definitions.items() if name not in chosen}
    return inside({**schema, "definitions": others})


def _without_words(definition: Schema, words: list[str]) -> Schema:
    """A definition without what its choice has found: that it is for a mapping, whose `type` is one of the words.

    Where it requires `type` itself, it names the words all the same: editors write `type: Dense` for a new layer from
    these two.
    """
    kind: Schema = definition["properties"]["type"]
    assert kind["enum"] == words
    left = {key: value for key, value in definition.items() if key != "type"}
    if "type" in definition.get("required", []):
        return left
    said = {key: value for key, value in kind.items() if key != "enum"}
    return {**left, "properties": {**left["properties"], "type": said}}


def _described_once(definition: Schema) -> Schema:
    """The definition of a class without its description, which is also that of the key `type`."""
    kind: Any = definition.get("properties", {}).get("type")
    if isinstance(kind, dict) and cast(Schema, kind).get("description") == definition.get("description"):
        return {key: value for key, value in definition.items() if key != "description"}
    return definition


def _close_together(definitions: Schema, common: Schema) -> None:
    """Let definitions with the same keys share the list of them."""
    alike: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for name, node in definitions.items():
        if node.get("additionalProperties") is False:
            alike[tuple(sorted(node["properties"]))].append(name)
    for names in alike.values():
        options: list[Schema] = [definitions[name]["properties"] for name in names]
        alike_in = {key: all(other[key] == option for other in options) for key, option in options[0].items()}
        base = {
            "properties": {key: option if alike_in[key] else True for key, option in options[0].items()},
            "additionalProperties": False,
        }

        def opened(node: Schema, alike_in: dict[str, bool] = alike_in) -> Schema:
            properties = {key: option for key, option in node["properties"].items() if not alike_in[key]}
            return {**{k: v for k, v in node.items() if k != "additionalProperties"}, "properties": properties}

        _refer(definitions, common, names, _free_name("keys", {**definitions, **common}), base, opened)


def _gather_common(definitions: Schema, common: Schema) -> None:
    """Put the options that the same definitions have in common into one definition."""
    holders: dict[tuple[str, str], list[str]] = defaultdict(list)
    for name, node in (*definitions.items(), *common.items()):
        for key, option in node.get("properties", {}).items():
            if option is not True:
                holders[key, _text(option)].append(name)
    groups: dict[tuple[str, ...], Schema] = defaultdict(dict)
    for (key, text), names in holders.items():
        groups[tuple(names)][key] = json.loads(text)
    for names, options in sorted(groups.items(), key=lambda group: -len(group[0])):
        # What all of them refer to already is referred to from their common part.
        parts: list[list[Schema]] = [_of(name, definitions, common).get("allOf", []) for name in names]
        above = [part for part in parts[0] if all(part in other for other in parts)]

        def without(node: Schema, options: Schema = options, above: list[Schema] = above) -> Schema:
            left = {key: True if key in options else option for key, option in node["properties"].items()}
            return {**node, "properties": left, "allOf": [part for part in node.get("allOf", []) if part not in above]}

        base = {**({"allOf": above} if above else {}), "properties": options}
        _refer(definitions, common, names, _free_name(next(iter(options)), {**definitions, **common}), base, without)


def _gather_conditions(definitions: Schema, common: Schema) -> None:
    """Put an `if` with its `then` that several definitions have into one definition."""
    holders: dict[str, list[str]] = defaultdict(list)
    for name, node in definitions.items():
        if "if" in node and "else" not in node and "then" in node:
            holders[_text({"if": node["if"], "then": node["then"]})].append(name)

    def without(node: Schema) -> Schema:
        return {key: value for key, value in node.items() if key not in ("if", "then")}

    for text, names in holders.items():
        _refer(definitions, common, names, _free_name("needs", {**definitions, **common}), json.loads(text), without)


def _of(name: str, definitions: Schema, common: Schema) -> Schema:
    return common[name] if name in common else definitions[name]


def _refer(
    definitions: Schema,
    common: Schema,
    names: Iterable[str],
    target: str,
    base: Schema,
    reduced: Callable[[Schema], Schema],
) -> None:
    """Let definitions refer to a new one, `target`, beside what is left of each of them, if that is shorter."""
    before = {name: _of(name, definitions, common) for name in names}
    after: Schema = {}
    for name, node in before.items():
        left = reduced(node)
        after[name] = {**left, "allOf": [*left.get("allOf", []), {"$ref": _SHARED + target}]}
    if _size({target: base, **after}) < _size(before):
        for name, node in after.items():
            (common if name in common else definitions)[name] = node
        common[target] = base


class _Parts:
    """The parts of a schema that stand in more than one place."""

    def __init__(self, schema: Schema, common: Schema) -> None:
        self._schema = schema
        self._common = common
        self._uses: dict[str, int] = defaultdict(int)
        self._words: dict[str, str] = {}
        self._names: dict[str, str] = {}
        self._parts: Schema = {}

    def shared(self) -> Schema:
        definitions: Schema = self._schema["definitions"]
        top = {key: value for key, value in self._schema.items() if key not in ("definitions", "$defs")}
        for node in (top, *definitions.values(), *self._common.values()):
            self._count_inside(node)
        self._name(set(self._common))
        written, common = (
            {name: self._inside(_listed(node)) for name, node in some.items()} for some in (definitions, self._common)
        )
        parts = dict(sorted(self._parts.items()))
        return {**self._inside(top), "definitions": written, "$defs": {**common, **parts}}

    def _count_inside(self, node: Schema) -> None:
        for word, part in _parts(node):
            text = _text(part)
            self._uses[text] += 1
            if self._uses[text] == 1:  # what stands inside of a shared part stands there once
                self._words[text] = word
                self._count_inside(part)

    def _name(self, taken: set[str]) -> None:
        for text, uses in sorted(self._uses.items(), key=lambda use: -use[1]):  # the most used has the shortest name
            name = _free_name(self._words[text], taken)
            if uses * _size({"$ref": _SHARED + name}) + _size({name: 0}) + len(text) < uses * len(text):
                taken.add(name)
                self._names[text] = name

    def _written(self, part: Any) -> Any:
        if not isinstance(part, dict):
            return part
        node = cast(Schema, part)
        name = self._names.get(_text(node))
        if name is None:
            return self._inside(node)
        if name not in self._parts:
            self._parts[name] = self._inside(node)
        return {"$ref": _SHARED + name}

    def _inside(self, node: Schema) -> Schema:
        values = _values(node)
        if values is not None and _text(values) in self._names:
            return {**{key: node[key] for key in _SAID if key in node}, "anyOf": [self._written(values)]}
        written: Schema = {}
        for key, inside in node.items():
            if key == "properties":
                written[key] = {name: self._written(option) for name, option in inside.items()}
            elif key in ("anyOf", "allOf", "items") and isinstance(inside, list):
                written[key] = [self._written(member) for member in cast("list[Any]", inside)]
            else:
                written[key] = self._written(inside) if key in ("items", "additionalProperties") else inside
        return written


def _parts(node: Schema) -> Iterator[tuple[str, Schema]]:
    """The schemas that stand in another one, each with a word for what it describes."""
    values = _values(node)
    if values is not None:
        yield _word(values), values
        return
    for key, option in node.get("properties", {}).items():
        if option is not True and "$ref" not in option:
            yield key, option
    for keyword in ("anyOf", "allOf", "items", "additionalProperties"):
        found: Any = node.get(keyword)
        for part in cast("list[Any]", found if isinstance(found, list) else [found]):
            if isinstance(part, dict) and "$ref" not in part:
                yield _word(cast(Schema, part)), cast(Schema, part)


def _values(node: Schema) -> Schema | None:
    """What the values of an option are, without what it says of itself; None where that is not alternatives."""
    if not node.keys() & set(_SAID) or node.keys() - set(_SAID) != {"anyOf"}:
        return None
    return {"anyOf": node["anyOf"]}


def _word(values: Schema) -> str:
    """A word for values: their type, or that of the first alternative."""
    while "anyOf" in values:
        values = values["anyOf"][0]
    if "enum" in values:
        return "choice"
    kind: str | list[str] = values.get("type", values.get("$ref", "value"))
    word = (kind if isinstance(kind, str) else kind[0]).rpartition("/")[2]
    return {"integer": "int", "boolean": "bool"}.get(word, word)


def _listed(node: Schema) -> Schema:
    """The definition with the keys that it admits and does not describe in one pattern."""
    admitted = [key for key, option in node.get("properties", {}).items() if option is True]
    if len(admitted) < 5:
        return node
    described = {key: option for key, option in node["properties"].items() if option is not True}
    left = {key: value for key, value in node.items() if key != "properties"}
    if described:
        left["properties"] = described
    return {**left, "patternProperties": {f"^({'|'.join(map(re.escape, admitted))})$": True}}


def _free_name(word: str, taken: Iterable[str]) -> str:
    name, number = word, 1
    while name in taken:
        number += 1
        name = f"{word}.{number}"
    return name


def _text(node: Any) -> str:
    return json.dumps(node, ensure_ascii=False, separators=(",", ":"))


def _size(node: Any) -> int:
    return len(_text(node))
