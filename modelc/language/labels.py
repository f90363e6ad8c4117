"""`labels`: the names of the classes that a model tells apart, one for each number along the last axis of an output.

A spec writes a list, the name of a file with a label in each line, or `imagenet`; a mapping of these by output where
the model has several. Labels belong to what the whole spec returns: a view that cuts an output off has none for it.
Where the output of a model inside is that of the whole model, its labels hold.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, TypeAlias, cast

from pydantic import BeforeValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from modelc.config.arguments import kind_of
from modelc.errors import InputError, SpecError
from modelc.files.paths import path_problem
from modelc.files.regular_file import regular_file
from modelc.graph.sizes import is_free
from modelc.language.mistakes import Mistakes
from modelc.language.text.node import TextNode
from modelc.system.consulted import consult
from modelc.text.quoting import quote
from modelc.text.unknown import unknown
from modelc.zoo.imagenet import CLASSES, class_names
from modelc.zoo.pretrained import IMAGENET

if TYPE_CHECKING:
    from modelc.graph.graph import Graph
    from modelc.language.definition import Definition
    from modelc.language.view import ModelView
    from modelc.language.wiring import Reference

Labels: TypeAlias = tuple[str, ...] | Literal["imagenet"]
"""The labels of one output."""

MAX_LABELS: Final = 100_000
MAX_LENGTH: Final = 1000
_MAX_BYTES: Final = 2**24
_KEEP_CLASSES = ("Activation", "Softmax")
"""Layers whose output has the labels of their input."""
_LIST: dict[str, Any] = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]}
LABELS_SCHEMA: dict[str, Any] = {
    "anyOf": [*_LIST["anyOf"], {"type": "object", "additionalProperties": _LIST, "minProperties": 1}, {"type": "null"}]
}
"""What a spec may write."""


def _checked(value: Any) -> Any:
    """The option as it is held. Raises `PydanticCustomError`."""
    if isinstance(value, Mapping):
        table = cast("Mapping[str, Any]", value)
        return {key: _one(labels) for key, labels in table.items()}
    return None if value is None else _one(value)


def _one(value: Any) -> Labels:
    """The labels of one output. Raises `PydanticCustomError`."""
    if value == IMAGENET:
        return IMAGENET
    if not isinstance(value, list | tuple):
        help = {"help": f"write a list of texts, or `{IMAGENET}`"}
        raise PydanticCustomError("value_type", "expected a list of labels", help)
    labels = tuple(cast("list[Any]", value))
    problem = _problem(labels)
    if problem is not None:
        raise PydanticCustomError("value", "{text}", {"text": problem[1], "help": problem[2]})
    return labels


def _problem(labels: Sequence[Any]) -> tuple[int | None, str, str] | None:
    """What is wrong with a list of labels: which of them, a message and a help."""
    if not 1 <= len(labels) <= MAX_LABELS:
        return None, _counted(labels), f"write 1 to {MAX_LABELS:,}, one for each class"
    for i, label in enumerate(labels):
        if not isinstance(label, str):
            return i, f"a label must be text, found {kind_of(label)}", "write it in quotes"
        if not 1 <= len(label) <= MAX_LENGTH or not label.isprintable():
            return i, f"a label is a line of 1 to {MAX_LENGTH:,} characters", "shorten it, or write what it shows"
    return None


def _counted(labels: Sequence[Any]) -> str:
    return "there is one label" if len(labels) == 1 else f"there are {len(labels):,} labels"


LabelsField = Annotated[
    tuple[str, ...] | Literal["imagenet"] | dict[str, tuple[str, ...] | Literal["imagenet"]] | None,
    BeforeValidator(_checked),
    WithJsonSchema(LABELS_SCHEMA),
]
"""The option of a spec, in which files were read."""


# --- reading


def read_labels(node: TextNode, found: Mistakes) -> Labels | dict[str, Labels] | None:
    """The value of `labels`, files read; None for null and where there was a mistake (E203, E204), which goes to
    `found`."""
    if node.value is None or node.broken:
        return None
    if not isinstance(node.value, dict):
        return _of_one(node, found)
    if not node.value:
        found.report(node, "E204", "`labels` is empty", "write labels by the names of outputs, or a list")
    made: dict[str, Labels] = {}
    for key, child in node.value.items():
        labels = None if child.broken else _of_one(child, found)
        if labels is not None:
            made[key] = labels
    return made or None


def _of_one(node: TextNode, found: Mistakes) -> Labels | None:
    if node.value == IMAGENET:
        return IMAGENET
    if isinstance(node.value, str):
        return _in_file(node, node.value, found)
    if not isinstance(node.value, tuple):
        help = f"write a list of texts, the name of a file with one label in each line, or `{IMAGENET}`"
        found.report(node, "E203", f"`labels` must be a list or text, found {node.kind}", help)
        return None
    labels = [item.plain() for item in node.value]
    if any(item.broken for item in node.value):
        return None
    problem = _problem(labels)
    if problem is None:
        return tuple(labels)
    at, message, help = problem
    found.report(node if at is None else node.value[at], "E204", message, help)
    return None


def _in_file(node: TextNode, name: str, found: Mistakes) -> Labels | None:
    """The lines of a file in the folder of the spec."""
    folder = node.source.folder
    problem = path_problem(name, folder)
    if problem is None and folder is None:
        problem = "is relative to no folder, as this spec is not a file"
    if problem is not None or folder is None:
        help = f"name a file in the folder of the spec, with one label in each line; or write a list, or `{IMAGENET}`"
        found.report(node, "E204", f"the path {quote(name)} {problem}", help)
        return None
    consult(folder / name)
    try:
        with open(folder / name, "rb", opener=regular_file) as stream:
            data = stream.read(_MAX_BYTES + 1)
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        found.report(node, "E204", f"the labels in {quote(name)} are not UTF-8 text", "write one label in each line")
        return None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        help = f"the path is relative to {quote(str(folder))}; the file has one label in each line"
        found.report(node, "E204", f"the labels in {quote(name)} cannot be read: {reason}", help)
        return None
    if len(data) > _MAX_BYTES:
        help = "write one label in each line"
        found.report(node, "E204", f"the labels in {quote(name)} are more than {_MAX_BYTES // 2**20} MiB", help)
        return None
    lines = [line.strip() for line in text.rstrip().splitlines()]
    wrong = _problem(lines)
    if wrong is not None:
        at, message, help = wrong
        where = f"line {at + 1} of {quote(name)}" if at is not None else quote(name)
        found.report(node, "E204", f"{where}: {message}", help)
        return None
    return tuple(lines)


# --- what they name


def labels_of(spec: Definition) -> tuple[tuple[str, ...] | None, ...]:
    """The labels of each output of a spec's view; None for one that has none.

    `imagenet` names the classes of an output of 1000, and none of another one. Raises `SpecError` for labels that do
    not fit.
    """
    outputs = spec.graph.outputs
    stated = _stated(spec)
    if len(stated) != len(outputs):  # a layer that gives several tensors
        return (None,) * len(outputs)
    return tuple(_of_size(labels, out.type.shape[-1]) for labels, out in zip(stated, outputs, strict=True))


def require_labels(spec: Definition, graph: Graph) -> None:
    """Raise `SpecError` where a spec's own labels are not as many as an output has numbers."""
    if spec.labels is None:
        return
    own = _own(spec)
    for reference, value in zip(spec.view.outputs, graph.outputs, strict=False):
        labels, size = own.get(_key(reference)), value.type.shape[-1]
        if labels is None or labels == IMAGENET or size is None or is_free(size) or _fits(labels, size):
            continue
        message = f"{_counted(labels)}, and the output has {size:,} number{'s' * (size != 1)}"
        help = "write one label for each class, in the order of the classes"
        raise SpecError(spec.diagnostic("labels", "E207", message, help))


def _fits(labels: tuple[str, ...], size: int) -> bool:
    """Whether there are so many labels: two for one number, the probability of the second of two classes."""
    return len(labels) == (2 if size == 1 else size)


def _of_size(labels: Labels | None, size: int | None) -> tuple[str, ...] | None:
    if labels is None or size is None or is_free(size):
        return None
    if labels == IMAGENET:
        return class_names() if size == CLASSES else None
    return labels if _fits(labels, size) else None


_Key: TypeAlias = tuple[int, int | None, str]


def _key(reference: Reference) -> _Key:
    return reference.use, reference.index, reference.inner


def _stated(spec: Definition) -> list[Labels | None]:
    """The labels of what a view returns: those of the spec, or of a model inside whose output it is."""
    own, view = _own(spec), spec.view
    return [own.get(_key(reference)) or _passed_on(view, reference) for reference in view.outputs]


def _own(spec: Definition) -> dict[_Key, Labels]:
    """The labels that the spec itself states, by what the whole spec returns."""
    if spec.labels is None:
        return {}
    whole = spec.replaced(truncate_at=None, extracts=()) if spec.truncate_at or spec.extracts else spec
    view = whole.view
    names = view.keys or view.names or (view.wiring.uses[-1].name,)
    keys = [_key(reference) for reference in view.outputs]
    if not isinstance(spec.labels, dict):
        if len(keys) > 1:
            message = f"the model has {len(keys)} outputs, and `labels` does not say of which it names the classes"
            raise SpecError(spec.diagnostic("labels", "E207", message, f"write `labels: {{{names[0]}: …}}`"))
        return {keys[0]: spec.labels}
    by_name = dict(zip(names, keys, strict=True))
    for name in spec.labels:
        if name not in by_name:
            said = unknown("output", name, names, where="in `labels`")
            raise SpecError(spec.diagnostic("labels", "E305", *said))
    return {by_name[name]: labels for name, labels in spec.labels.items()}


def _passed_on(view: ModelView, reference: Reference) -> Labels | None:
    """The labels of an output that a model inside gives, maybe through an activation."""
    if reference.use < 0 or reference.inner:
        return None
    use = view.wiring.uses[reference.use]
    layer: Any = view.by_name[use.layer]
    if layer.is_model:
        stated = _stated(layer.viewed)
        at = reference.index or 0
        return stated[at] if len(stated) > at and (reference.index is not None or len(stated) == 1) else None
    if layer.type_name() in _KEEP_CLASSES and len(use.inputs) == 1:
        return _passed_on(view, use.inputs[0])
    return None


def with_class_names(spec: Definition, names: tuple[str, ...]) -> Definition:
    """The spec with the names of the classes of its training data as labels, unless it has labels.

    Raises `InputError` where it has the same ones in another order: its outputs would be named wrongly.
    """
    known = labels_of(spec)
    if len(known) != 1 or not names:
        return spec
    if known[0] is not None:
        if set(known[0]) == set(names) and known[0] != names:
            order = ", ".join(known[0])
            raise InputError(
                "the classes of the data are in another order than the `labels` of the model",
                f"give the data `classes: [{order}]`, or leave `labels` out",
            )
        return spec
    size = spec.graph.outputs[0].type.shape[-1]
    fits = size is not None and not is_free(size) and _fits(names, size)
    return spec.replaced(labels=names) if fits and spec.labels is None else spec
