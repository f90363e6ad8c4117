"""Files that a spec names and that are not there."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Any

from modelc.config.base import Config
from modelc.errors import Diagnostic, SpecError
from modelc.graph.graph import LayerTrace
from modelc.language.published import not_fetched
from modelc.language.text.node import TextNode
from modelc.language.validation.paths import named_files
from modelc.layers.base import TextPlace
from modelc.report.warnings.inside import all_records, models_in
from modelc.report.warnings.place import warn
from modelc.system.consulted import consult
from modelc.text.quoting import quote
from modelc.text.suggest import did_you_mean
from modelc.text.unknown import ask
from modelc.zoo.pretrained import IMAGENET

if TYPE_CHECKING:
    from modelc.language.definition import Definition


def absent_files(spec: Definition, given: Collection[str]) -> Iterator[Diagnostic]:
    """W201 for the weights and the data that are named and absent, but for what a command gives instead."""
    if "weights" not in given:
        for node, view, place in _named_weights(spec):
            if node is not None and node.value == IMAGENET:
                yield from _not_fetched(node, view, _traced(spec).get(id(place)))
            elif node is not None and isinstance(node.value, str):
                yield from _absent(node, "weights")
    training: Any = spec.training
    place = spec.place("training")
    if training is None or place is None or "data" in given:
        return
    for key in ("data", "validation"):
        node = place.get(key)
        source = getattr(training, key)
        if node is None or not isinstance(source, Config):
            continue
        for text in (node,) if isinstance(node.value, str) else named_files(type(source), node):
            yield from _absent(text, key)


def _named_weights(spec: Definition) -> Iterator[tuple[TextNode | None, Definition, TextPlace | None]]:
    """Where the weights of the model, and of the models inside of it, are named; whose they are, and where those
    models are written."""
    yield spec.place("weights"), spec, None
    for model in models_in(spec.entries):
        place = model.place
        yield place.get("weights") if isinstance(place, TextNode) else None, model.viewed, place
        yield model.spec.place("weights"), model.viewed, place


def _traced(spec: Definition) -> dict[int, LayerTrace]:
    """What tracing learnt about the models inside of a spec, by where they are written: to trace each by itself takes
    as long again."""
    try:
        records = all_records(spec.graph.layers)
    except SpecError:  # of its shapes, which is a mistake of its own
        return {}
    return {id(record.place): record for record in records if record.inner and record.place is not None}


def _not_fetched(node: TextNode, view: Definition, traced: LayerTrace | None) -> Iterator[Diagnostic]:
    try:
        absent = not_fetched(view, None if traced is None else traced.stored)
    except SpecError:  # of its shapes, which is a mistake of its own
        return
    if absent is not None:
        yield warn(node, "W201", *absent)


def _absent(node: TextNode, option: str) -> Iterator[Diagnostic]:
    folder = node.source.folder
    if folder is None or not isinstance(node.value, str) or any(c in node.value for c in "*?["):
        return
    try:
        consult(folder / node.value, content=False)
        there = (folder / node.value).exists()
    except (OSError, ValueError):
        there = True  # what is no legal path is a mistake of its own
    if not there:
        near = did_you_mean(node.value, [IMAGENET]) if option == "weights" else None
        help = (
            ask(near, node.value) if near else f"the path is relative to {quote(str(folder))}; --{option} overrides it"
        )
        yield warn(node, "W201", f"`{option}` names {quote(node.value)}, which does not exist", help)
