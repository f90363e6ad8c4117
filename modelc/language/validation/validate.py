"""Node → Definition: every option checked against its layer's type, every mistake located and said once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple, cast, get_args, get_origin

from pydantic import ValidationError

from modelc.config.base import Config
from modelc.config.by_output import ByOutput, for_output, is_by_output
from modelc.config.registry import Registry, RegistryField, with_article
from modelc.config.validation import explain, one_per_mistake, unknown_key, without_misspelt
from modelc.errors import Diagnostic, SpecError
from modelc.language.definition import Definition, InputSpec
from modelc.language.expansion.expand import in_order
from modelc.language.labels import read_labels
from modelc.language.mistakes import Mistakes
from modelc.language.names import SLASH, outer_names, scoped_name_problem
from modelc.language.nested import ModelLayer
from modelc.language.order import resolve_order
from modelc.language.published import NO_NAME
from modelc.language.remembered import Remembered
from modelc.language.text.node import TextNode
from modelc.language.validation.inner import InnerSpecs
from modelc.language.validation.inputs import resolve_input
from modelc.language.validation.like_others import like_others
from modelc.language.validation.paths import path_mistakes
from modelc.language.validation.short_forms import validated, word_mistakes
from modelc.language.validation.unknown_layer import unknown_layer
from modelc.language.wiring import Entry, Reuse
from modelc.layers import LAYERS, WRAPPED
from modelc.layers.base import Layer
from modelc.layers.names.containers import CONTAINERS
from modelc.text.quoting import quote
from modelc.text.suggest import did_you_mean
from modelc.text.unknown import ask, unknown
from modelc.words.text import glued_key
from modelc.zoo.pretrained import IMAGENET

LANGUAGE_VERSION = 1


def validate(
    root: TextNode,
    known: Sequence[Diagnostic] = (),
    remarks: tuple[Diagnostic, ...] = (),
    remembered: Remembered | None = None,
) -> Definition:
    """The spec that an expanded tree describes.

    `known` are mistakes that were found before, `remarks` warnings; `remembered` is what was made of the same text
    before an edit. Raises `SpecError` with the mistakes, and with all
    that are found here, in the order of the text.
    """
    found = Mistakes(known)
    spec = document(root, found, InnerSpecs.of(root, document, remembered), remembered=remembered)
    if found or spec is None:
        raise SpecError(in_order(found, root.source.name))
    return spec.with_remarks(remarks)


def document(
    root: TextNode,
    found: Mistakes,
    inner: InnerSpecs,
    *,
    nested: bool = False,
    remembered: Remembered | None = None,
) -> Definition | None:
    """The spec that a tree describes, or None; mistakes go to `found`. A `nested` one need not say its version."""
    before = len(found)
    if not nested or root.get("modelc") is not None:
        _check_version(root, found)
    _check_names(root, found)
    given: dict[str, Any] = {"modelc": LANGUAGE_VERSION}
    for key, made in (("layers", _entries(root, found, inner, remembered)), ("inputs", _inputs(root, found))):
        if root.get(key) is not None:
            given[key] = made
    labels = root.get("labels")
    if labels is not None:
        given["labels"] = read_labels(labels, found)
    spec = construct(Definition, root, "a spec", found, given)
    if spec is None:
        return None
    spec.locate(root)
    if spec.weights == IMAGENET and spec.pretrained is None:
        found.report(root.get("weights") or root, "E204", *NO_NAME)
    if len(found) > before or not spec.entries:  # without entries they were reported before
        return None
    try:
        spec = resolve_order(resolve_input(spec))
        _ = spec.layers  # the selectors of `truncate`, `extract` and `freeze`
    except SpecError as error:
        found.add(error.diagnostics)
    return spec


def _check_version(root: TextNode, found: Mistakes) -> None:
    node = root.get("modelc")
    if node is None:
        if "version" not in _mapping(root) and not any(did_you_mean(key, ["modelc"]) for key in _mapping(root)):
            found.report(root, "E202", "a spec needs `modelc`", f"begin with `modelc: {LANGUAGE_VERSION}`")
    elif not node.broken and (node.value != LANGUAGE_VERSION or isinstance(node.value, bool)):
        message = f"`modelc` is the version of the spec language and must be {LANGUAGE_VERSION}, found {node.plain()!r}"
        found.report(node, "E208", message, f"write `modelc: {LANGUAGE_VERSION}`")


def _inputs(root: TextNode, found: Mistakes) -> tuple[InputSpec, ...]:
    """The inputs by name."""
    node = root.get("inputs")
    if node is None or node.broken:
        return ()
    if not isinstance(node.value, dict) or not node.value:
        help = "write one entry per input: `inputs: {image: {shape: [32, 32, 3]}}`"
        what = "is empty" if isinstance(node.value, dict) else f"must be a mapping of names, found {node.kind}"
        found.report(node, "E203", f"`inputs` {what}", help)
        return ()
    table: list[InputSpec] = []
    for name, child in node.value.items():
        problem = scoped_name_problem(name)
        if problem is not None:
            found.report(child.key or child, "E206", f"{quote(name)} cannot be a name: {problem}")
        elif not isinstance(child.value, dict):
            if not child.broken:
                help = f"write `{name}: {{shape: […]}}`"
                found.report(child, "E203", f"an input is a mapping with `shape`, found {child.kind}", help)
        elif child.get("name") is not None:
            message = "an input under `inputs` has no `name`: its key is the name"
            found.report(child.value["name"], "E207", message, "remove `name`")
        else:
            made = construct(InputSpec, child, f"the input `{name}`", found)
            if made is not None:
                table.append(cast(InputSpec, made).model_copy(update={"name": name}))
    return tuple(table)


def _entries(
    root: TextNode, found: Mistakes, inner: InnerSpecs, remembered: Remembered | None = None
) -> tuple[Entry, ...]:
    node = root.get("layers")
    if node is None or node.broken:
        return ()
    if not isinstance(node.value, tuple):
        help = "write one entry per layer: `- {type: Dense, units: 10}`"
        dashed = next((child for key, child in _mapping(node).items() if key.startswith("-")), None)
        if dashed is not None and dashed.key is not None:
            found.report(dashed.key, "E102", "no space after the `-`", "write `- type: …`")
        else:
            found.report(node, "E203", f"`layers` must be a list, found {node.kind}", help)
        return ()
    if not node.value:
        found.report(node, "E204", "`layers` is empty", "add an entry: `- {type: Dense, units: 10}`")
    entries: list[Entry] = []
    for entry in node.value:
        made = None if entry.broken else _known_entry(entry, found, inner, remembered)
        if made is not None:
            entries.append(made)
    return tuple(entries)


def _known_entry(entry: TextNode, found: Mistakes, inner: InnerSpecs, remembered: Remembered | None) -> Entry | None:
    """What an entry is, as it was in the last round if it is the same, and the file the same that it names."""
    items = entry.value
    if remembered is None or not isinstance(items, dict):
        return _located_entry(entry, found, inner)
    spec: Definition | None = None
    if not _WITH_MODELS.isdisjoint(items):
        node = entry.get("spec")
        if node is None or not isinstance(node.value, str) or not _WITH_MODELS.isdisjoint(items.keys() - {"spec"}):
            return _located_entry(entry, found, inner)
        spec = inner.read(node, found)
    known = remembered.entries.find(entry)
    if known is not None and getattr(known, "spec", None) is spec:
        return cast("Entry", known)
    before = len(found)
    made = _located_entry(entry, found, inner)
    return made if made is None or len(found) > before else cast("Entry", remembered.entries.keep(entry, made))


_WITH_MODELS = frozenset({"spec", "layers", "layer"})


def _located_entry(entry: TextNode, found: Mistakes, inner: InnerSpecs) -> Entry | None:
    made = _entry(entry, found, inner)
    if made is not None:
        made.locate(entry)
    return made


def _entry(entry: TextNode, found: Mistakes, inner: InnerSpecs) -> Entry | None:
    """A layer, a model that is used as a layer, or a further use of either."""
    type = entry.get("type")
    if type is None and entry.get("use") is not None:
        return construct(Reuse, entry, "a further use of a layer", found)
    if type is not None and type.value == ModelLayer.type_name():
        return _model(entry, found, inner)
    return _typed(LAYERS, entry, found, inner)


def _model(entry: TextNode, found: Mistakes, inner: InnerSpecs) -> ModelLayer | None:
    before = len(found)
    node = entry.get("spec")
    spec = None if node is None or node.broken else inner.read(node, found)
    if node is not None and spec is None:
        construct(ModelLayer, entry, "Model", found, ignore={"type", "spec"}, given={"spec": _PLACEHOLDER})
        return None
    given = {} if spec is None else {"spec": spec}
    made = construct(ModelLayer, entry, "Model", found, given, ignore={"type"})
    if made is None or len(found) > before:
        return None
    layer = cast(ModelLayer, made)
    layer.locate(entry)
    if layer.weights_file == IMAGENET and layer.spec.pretrained is None:
        found.report(entry.get("weights") or entry, "E204", *NO_NAME)
    try:
        _ = layer.layers
    except SpecError as error:
        found.add(error.diagnostics)
        return None
    return layer


_PLACEHOLDER = Definition.model_construct(entries=())
"""Stands for a spec with mistakes, while the other options of its entry are looked at."""


def _typed(registry: Registry[Any], node: TextNode, found: Mistakes, inner: InnerSpecs | None = None) -> Any:
    """The config that a mapping with `type` describes, or None and a mistake; `inner` reads models in it."""
    if not isinstance(node.value, dict):
        joined = glued_key(node.value) if isinstance(node.value, str) else None
        help = joined[1] if joined else f"write `{{type: {node.value}}}`" if isinstance(node.value, str) else None
        message = f"{with_article(registry.kind)} is a mapping with `type`, found {node.kind}"
        found.report(node, "E203", message, help)
        return None
    name = node.value.get("type")
    if name is None:
        _report_no_type(registry, node, found)
        return None
    if name.broken:
        return None
    if not isinstance(name.value, str):
        found.report(name, "E203", f"`type` must be text, found {name.kind}")
        return None
    if name.value == ModelLayer.type_name() and registry.kind == LAYERS.kind and registry is not WRAPPED:
        help = "TimeDistributed can have a model inside; or write it as an entry of its own"
        found.report(name, "E205", "a model cannot be inside of this layer", help)
        return None
    if name.value not in registry:
        is_layer = registry.kind == LAYERS.kind
        said = unknown_layer(name.value, node) if is_layer else registry.unknown(name.value)
        found.report(name, "E205" if is_layer else "E204", *said)
        return None
    if registry is WRAPPED and name.value == ModelLayer.type_name() and inner is not None:
        return _model(node, found, inner)
    cls = registry[name.value]

    def make() -> Any:
        return construct(cls, node, cls.type_name(), found, ignore={"type"}, inner=inner)

    return like_others(cls, node, found, make) if issubclass(cls, Layer) else make()


_OF_TYPE = ("class_name", "layer", "kind", "op")
"""The keys that other formats have in place of `type`."""


def _report_no_type(registry: Registry[Any], node: TextNode, found: Mistakes) -> None:
    """One mistake, whether `type` is missing or misspelt."""
    for key, child in _mapping(node).items():
        joined = glued_key(key)
        if did_you_mean(joined[0] if joined else key, ["type", *_OF_TYPE]) and child.key is not None:
            help = joined[1] if joined else ask("type", key)
            said = unknown("key", key, (), where=f"in {with_article(registry.kind)}", otherwise=help)
            found.report(child.key, "E201", *said)
            return
    example = "type: Dense" if registry is LAYERS else f"type: {registry.names[0]}"
    found.report(node, "E202", f"{with_article(registry.kind)} needs `type`", f"add `{example}`")


def construct(
    cls: type[Config],
    node: TextNode,
    owner: str,
    found: Mistakes,
    given: Mapping[str, Any] | None = None,
    ignore: set[str] | None = None,
    inner: InnerSpecs | None = None,
) -> Any:
    """The config of class `cls` that a mapping describes, or None and its mistakes.

    `given` are options that were made before, their mistakes reported; `ignore` are keys that are not options; `inner`
    reads the models that are inside of layers.
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
            found.report(child.key or child, code, message, help)
            reported.add(key)
            continue
        escaping = path_mistakes(cls, key, child)
        if escaping:
            found.add(escaping)
            reported.add(key)
            continue
        make = _maker(cls, key, child, inner)
        made = make(child, found) if make else child.plain()
        if make and made is None:
            reported.add(key)
        else:
            options[key] = made
    before = len(found)
    try:
        made = validated(cls, node, options, reported, found)
    except ValidationError as error:
        _report(error, cls, node, owner, reported, found)
        return None
    return None if reported - set(given or ()) - (ignore or set()) or len(found) > before else made


def _holds_broken(node: TextNode) -> bool:
    """Whether the value, or an item of the list that it is, was reported before."""
    return node.broken or (isinstance(node.value, tuple) and any(map(_holds_broken, node.value)))


def _keys(cls: type[Config]) -> list[str]:
    """The options as a spec writes them."""
    return [field.alias or name for name, field in cls.mentioned().items()]


def _is_inner_name(cls: type[Config], key: str) -> bool:
    """Whether this is the Python name of an option that has another name in specs."""
    field = cls.model_fields.get(key)
    return field is not None and field.alias not in (None, key)


def _maker(
    cls: type[Config], key: str, child: TextNode, inner: InnerSpecs | None
) -> Callable[[TextNode, Mistakes], Any] | None:
    """How the option `key` is made from its node, where its own mistakes can be located; None for plain data."""
    if not isinstance(child.value, dict | tuple):
        return None
    kind = _kind_of_option(cast(Any, cls), key)
    if kind is None:
        return None
    if cls is Definition and key == "training" and isinstance(child.value, dict):
        from modelc.language.training import Training

        return lambda node, found: construct(Training, node, "`training`", found)
    choice, by_name, registry, nested = kind.choice, kind.by_name, kind.registry, kind.nested
    if choice is not None:
        return lambda node, found: _by_output(choice, node, found)
    if by_name is not None:
        return None if isinstance(child.value, tuple) else lambda node, found: _table(by_name, key, node, found)
    if isinstance(child.value, tuple):
        items = child.value
        if registry is None or not any(isinstance(item.value, dict) for item in items):
            return None
        return lambda node, found: _all_typed(registry, items, found, inner)
    if registry is not None:
        return lambda node, found: _typed(registry, node, found, inner)
    if nested is not None:
        return lambda node, found: construct(nested, node, f"`{key}`", found)
    return None


class _OptionKind(NamedTuple):
    """What the values of an option are that are no plain data: the first of these that is not None."""

    choice: ByOutput | None
    by_name: type[Config] | None
    registry: Registry[Any] | None
    nested: type[Config] | None


@cache  # the annotations of an option take longer to walk than its value to be made
def _kind_of_option(cls: Any, key: str) -> _OptionKind | None:
    field = next((f for name, f in cls.model_fields.items() if (f.alias or name) == key), None)
    if field is None:
        return None
    return _OptionKind(
        next((mark for mark in field.metadata if isinstance(mark, ByOutput)), None),
        _config_by_name(field.annotation),
        _registry_of((*field.metadata, field.annotation)),
        next((a for a in _alternatives(field.annotation) if isinstance(a, type) and issubclass(a, Config)), None),
    )


def _config_by_name(annotation: Any) -> type[Config] | None:
    """The class of what a mapping has by name, where it is one of configs."""
    of = get_args(annotation)[-1] if get_origin(annotation) is dict else None
    return of if isinstance(of, type) and issubclass(of, Config) else None


def _table(cls: type[Config], key: str, node: TextNode, found: Mistakes) -> dict[str, Any] | None:
    """The configs of a mapping by name; None where there was a mistake in it."""
    table = {name: _row(cls, f"`{name}` in `{key}`", child, found) for name, child in _mapping(node).items()}
    return None if any(one is None for one in table.values()) else table


def _row(cls: type[Config], owner: str, node: TextNode, found: Mistakes) -> Any:
    if isinstance(node.value, dict):
        return construct(cls, node, owner, found)
    if not node.broken:
        found.report(node, "E203", f"{owner} must be a mapping, found {node.kind}", f"it has {_listed(cls)}")
    return None


def _listed(cls: type[Config]) -> str:
    return ", ".join(f"`{key}`" for key in _keys(cls))


def _by_output(choice: ByOutput, node: TextNode, found: Mistakes) -> Any:
    """A config, a list of them, or either by the names of outputs; None where there was a mistake in it."""
    value = node.value
    if isinstance(value, tuple) and choice.many:
        made = [_by_output(choice, item, found) for item in value]
        return None if any(one is None for one in made) else made
    if isinstance(value, dict) and is_by_output({key: item.value for key, item in value.items()}):
        table = {key: _for_output(choice, key, item, found) for key, item in value.items()}
        return None if any(one is None for one in table.values()) else table
    if isinstance(value, str) and (value in choice.words or value in choice.registry):
        mistakes = [] if value in choice.words else word_mistakes(choice.registry, node)
        found.add(mistakes)
        return None if mistakes else value
    if isinstance(value, str):
        message, help = choice.registry.unknown(value)
        found.report(node, "E204", message, help)
        return None
    return _typed(choice.registry, node, found)


def _for_output(choice: ByOutput, name: str, node: TextNode, found: Mistakes) -> Any:
    inside = for_output(name, node.value)
    if isinstance(inside, TextNode):
        return [_by_output(choice, inside, found)]
    return _by_output(choice, node, found)


def _registry_of(annotations: Iterable[Any]) -> Registry[Any] | None:
    """The registry that an option's values come from, or the items of its lists."""
    for annotation in annotations:
        if isinstance(annotation, RegistryField):
            return annotation.registry
        found = _registry_of((*getattr(annotation, "__metadata__", ()), *getattr(annotation, "__args__", ())))
        if found is not None:
            return found
    return None


def _all_typed(
    registry: Registry[Any], items: Sequence[TextNode], found: Mistakes, inner: InnerSpecs | None
) -> list[Any] | None:
    """The configs of a list, or None and its mistakes."""
    made = [_typed(registry, item, found, inner) if isinstance(item.value, dict) else item.plain() for item in items]
    return None if any(config is None for config in made) else made


def _alternatives(annotation: Any) -> tuple[Any, ...]:
    """The members of a union, or the annotation itself."""
    return getattr(annotation, "__args__", ()) or (annotation,)


def _report(
    error: ValidationError, cls: type[Config], node: TextNode, owner: str, reported: set[str], found: Mistakes
) -> None:
    """Report what pydantic has against the options, each at its place, but for those that were `reported` before."""
    fields = _keys(cls)
    for one in without_misspelt(one_per_mistake(error.errors(include_url=False)), owner, fields):
        key = str(one["loc"][0]) if one["loc"] else ""
        if key in reported:
            continue
        code, message, help = explain(one, owner, fields)
        place: Any = node
        if one["type"] != "missing":
            child = node.get(key)
            place = node.at(tuple(one["loc"])) or child or node
            if one["type"] == "extra_forbidden" and child is not None:
                place = child.key or child
        found.report(place, code, message, help)


def _check_names(root: TextNode, found: Mistakes) -> None:
    layers = root.get("layers")
    first: dict[str, TextNode] = {}
    holders: set[str] = set()
    for entry in layers.value if layers is not None and isinstance(layers.value, tuple) else ():
        at = entry.get("name")
        if at is None or not isinstance(at.value, str):
            continue
        name = at.value
        problem = scoped_name_problem(name)
        if problem is not None:
            found.report(at, "E206", f"{quote(name)} cannot be a layer's name: {problem}")
        elif name in first:
            line = first[name].line
            where = f", first on line {line}" if line is not None else ""
            message = f"two layers have the name {quote(name)}{where}"
            found.report(at, "E206", message, "names are unique in a model: rename one of them")
        first.setdefault(name, at)
        type = entry.get("type")
        if type is not None and isinstance(type.value, str) and type.value in CONTAINERS:
            holders.add(name)
    for name, at in first.items():
        around = next((outer for outer in outer_names(name) if outer in holders), None)
        if around is not None:
            message = f"{quote(name)} is below the name of a layer that has others inside, {quote(around)}"
            help = f"the two could not be told apart: rename one, or write {SLASH} for the slash"
            found.report(at, "E206", message, help)


def _mapping(node: TextNode) -> dict[str, TextNode]:
    return node.value if isinstance(node.value, dict) else {}
