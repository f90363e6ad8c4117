"""A JSON Schema that says once what many of its definitions say.

Three steps, none of which changes what applies to a key of a document:

1. Definitions with the same keys refer to one definition, which lists these keys and admits no others.
2. Options that the same definitions have in common stand in one definition, to which these refer.
3. Any other part that stands in several places becomes a definition, to which its places refer.

A step is taken only where the text becomes shorter by it. In draft 7 a validator ignores what stands beside a `$ref`:
a description or a default stands beside `anyOf: [{$ref: …}]`.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeAlias, cast

Schema: TypeAlias = "dict[str, Any]"

_PREFIX = "#/definitions/"
_SAID = ("description", "default")
"""What an option says of itself, beside what its values are."""


def shared(schema: Schema) -> Schema:
    """The same schema with references to definitions in place of parts that are alike."""
    definitions = {name: _described_once(node) for name, node in schema["definitions"].items()}
    _close_together(definitions)
    _gather_common(definitions)
    return _Parts({**schema, "definitions": definitions}).shared()


def _described_once(definition: Schema) -> Schema:
    """The definition of a class without its description, which is also that of the key `type`."""
    kind: Any = definition.get("properties", {}).get("type")
    if isinstance(kind, dict) and cast(Schema, kind).get("description") == definition.get("description"):
        return {key: value for key, value in definition.items() if key != "description"}
    return definition


def _close_together(definitions: Schema) -> None:
    """Let definitions with the same keys share the list of them."""
    alike: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for name, node in definitions.items():
        if node.get("additionalProperties") is False:
            alike[tuple(sorted(node["properties"]))].append(name)
    for names in alike.values():
        options: list[Schema] = [definitions[name]["properties"] for name in names]
        common = {key: all(other[key] == option for other in options) for key, option in options[0].items()}
        base = {
            "properties": {key: option if common[key] else True for key, option in options[0].items()},
            "additionalProperties": False,
        }

        def opened(node: Schema, common: dict[str, bool] = common) -> Schema:
            properties = {key: option for key, option in node["properties"].items() if not common[key]}
            return {**{k: v for k, v in node.items() if k != "additionalProperties"}, "properties": properties}

        _refer(definitions, names, _free_name(names[0] + ".keys", definitions), base, opened)


def _gather_common(definitions: Schema) -> None:
    """Put the options that the same definitions have in common into one definition."""
    holders: dict[tuple[str, str], list[str]] = defaultdict(list)
    for name, node in definitions.items():
        for key, option in node.get("properties", {}).items():
            if option is not True:
                holders[key, _text(option)].append(name)
    groups: dict[tuple[str, ...], Schema] = defaultdict(dict)
    for (key, text), names in holders.items():
        groups[tuple(names)][key] = json.loads(text)
    for names, options in sorted(groups.items(), key=lambda group: -len(group[0])):
        # What all of them refer to already is referred to from their common part.
        first: list[Schema] = definitions[names[0]].get("allOf", [])
        above = [part for part in first if all(part in definitions[name].get("allOf", []) for name in names)]

        def without(node: Schema, options: Schema = options, above: list[Schema] = above) -> Schema:
            left = {key: True if key in options else option for key, option in node["properties"].items()}
            return {**node, "properties": left, "allOf": [part for part in node.get("allOf", []) if part not in above]}

        base = {**({"allOf": above} if above else {}), "properties": options}
        _refer(definitions, names, _free_name(next(iter(options)), definitions), base, without)


def _refer(
    definitions: Schema, names: Iterable[str], target: str, base: Schema, reduced: Callable[[Schema], Schema]
) -> None:
    """Let definitions refer to a new one, `target`, beside what is left of each of them, if that is shorter."""
    after: Schema = {target: base}
    for name in names:
        left = reduced(definitions[name])
        after[name] = {**left, "allOf": [*left.get("allOf", []), {"$ref": _PREFIX + target}]}
    if _size(after) < _size({name: definitions[name] for name in names}):
        definitions.update(after)


class _Parts:
    """The parts of a schema that stand in more than one place."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._uses: dict[str, int] = defaultdict(int)
        self._words: dict[str, str] = {}
        self._names: dict[str, str] = {}
        self._definitions: Schema = {}

    def shared(self) -> Schema:
        definitions: Schema = self._schema["definitions"]
        top = {key: value for key, value in self._schema.items() if key != "definitions"}
        for node in (top, *definitions.values()):
            self._count_inside(node)
        self._name(set(definitions))
        written = {name: self._inside(_listed(node)) for name, node in definitions.items()}
        return {**self._inside(top), "definitions": {**written, **dict(sorted(self._definitions.items()))}}

    def _count_inside(self, node: Schema) -> None:
        for word, part in _parts(node):
            text = _text(part)
            self._uses[text] += 1
            if self._uses[text] == 1:  # what stands inside of a shared part stands there once
                self._words[text] = word
                self._count_inside(part)

    def _name(self, taken: set[str]) -> None:
        for text, uses in self._uses.items():
            name = _free_name(self._words[text], taken)
            if uses * _size({"$ref": _PREFIX + name}) + _size({name: 0}) + len(text) < uses * len(text):
                taken.add(name)
                self._names[text] = name

    def _written(self, part: Any) -> Any:
        if not isinstance(part, dict):
            return part
        node = cast(Schema, part)
        name = self._names.get(_text(node))
        if name is None:
            return self._inside(node)
        if name not in self._definitions:
            self._definitions[name] = self._inside(node)
        return {"$ref": _PREFIX + name}

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
    return "choice" if "enum" in values else str(values.get("type", values.get("$ref", "value"))).rpartition("/")[2]


def _listed(node: Schema) -> Schema:
    """The definition with the keys that it admits and does not describe in one pattern."""
    admitted = [key for key, option in node.get("properties", {}).items() if option is True]
    if len(admitted) < 5:
        return node
    described = {key: option for key, option in node["properties"].items() if option is not True}
    return {**node, "properties": described, "patternProperties": {f"^({'|'.join(map(re.escape, admitted))})$": True}}


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
