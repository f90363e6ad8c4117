"""`--set path=value`: assignments into a spec before its variables and repeats are expanded."""

from __future__ import annotations

from collections.abc import Sequence
from re import compile as regex

from modelc.config.arguments import require_texts
from modelc.errors import Diagnostic, SpecError
from modelc.language.text.node import Mark, TextNode, TextSource
from modelc.language.text.yaml_reader import read_yaml
from modelc.text.quoting import quote
from modelc.text.unknown import unknown

_MADE_ON_DEMAND = ("vars", "limits", "input", "inputs")
"""Mappings of the spec that an assignment into them creates if they are absent."""

_PLAIN_TEXTS = ("type", "name", "data", "weights")
"""Keys whose texts are not short for a mapping with `type`."""

_INDEX = regex(r"-?[0-9]{1,9}")
_NAMES_SHOWN = 8


def apply_settings(spec: TextNode, settings: Sequence[str]) -> tuple[TextNode, list[Diagnostic]]:
    """The spec with every assignment made, in order, and the mistakes in them (E303, or E102 to E105 in a value).

    A path is keys and indices joined by dots: `layers.0.filters`, `layers.-1.units`, `vars.width`. In a list, a
    name stands for the entry that has it: `layers.conv2d_1.filters`. In a text that stands for a mapping with `type`,
    options can be set: `training.optimizer.learning_rate` of `optimizer: adam`. The value is YAML: `64`, `[3, 3]`,
    `same`.
    """
    require_texts("settings", settings, "load_spec")
    diagnostics: list[Diagnostic] = []
    for setting in settings:
        try:
            spec = _assign(spec, setting)
        except SpecError as error:
            diagnostics += error.diagnostics
    return spec, diagnostics


def _assign(spec: TextNode, setting: str) -> TextNode:
    source = TextSource(f"--set {setting}", setting, spec.source.folder)
    path, equals, value_text = setting.partition("=")
    steps: list[tuple[str, Mark]] = []
    column = 1
    for step in path.split("."):
        steps.append((step, Mark(source, 1, column)))
        column += len(step) + 1
    if not equals or not all(step for step, _ in steps):
        message = f"{quote(setting)} is not an assignment"
        raise SpecError(steps[0][1].diagnostic("E303", message, "write `--set path=value`, as in layers.0.filters=64"))
    if steps[0][0] == "extends":
        message = "`extends` cannot be set: it is resolved before settings are applied"
        raise SpecError(steps[0][1].diagnostic("E303", message, "write it in the spec"))
    # Blanks in place of the path keep the value at its own column.
    value, diagnostics = read_yaml(source, " " * (len(path) + 1) + value_text)
    if diagnostics or value is None:
        raise SpecError(diagnostics)
    return _set(spec, steps, 0, value)


def _set(node: TextNode, steps: list[tuple[str, Mark]], depth: int, value: TextNode) -> TextNode:
    """`node` with the value put where `steps[depth:]` lead."""
    if depth == len(steps) or node.broken:
        return value.under(node.key)
    step, mark = steps[depth]
    last = depth == len(steps) - 1
    if isinstance(node.value, dict):
        child = node.value.get(step)
        if child is None or (child.value is None and not last):
            if not last and not (depth == 0 and step in _MADE_ON_DEMAND):
                raise SpecError(_missing_key(mark, step, node.value, steps, depth))
            key = mark if child is None else child.key
            child = TextNode(mark.source, mark.row, mark.column, None, {}, key)
        return node.with_value({**node.value, step: _set(child, steps, depth + 1, value)})
    if isinstance(node.value, tuple):
        index = _find(node.value, step)
        if index is None:
            raise SpecError(_missing_entry(mark, step, node.value, _shown(steps, depth)))
        changed = _set(node.value[index], steps, depth + 1, value)
        return node.with_value((*node.value[:index], changed, *node.value[index + 1 :]))
    if isinstance(node.value, str) and depth and steps[depth - 1][0] not in _PLAIN_TEXTS:
        # `optimizer: adam` is short for `optimizer: {type: adam}`.
        return _set(node.with_value({"type": node.under(None)}), steps, depth, value)
    message = f"{_shown(steps, depth)} is {node.kind}: it has no {quote(step)}"
    raise SpecError(mark.diagnostic("E303", message))


def _find(entries: tuple[TextNode, ...], step: str) -> int | None:
    for index, entry in enumerate(entries):
        name = entry.get("name")
        if name is not None and name.value == step:
            return index
    if _INDEX.fullmatch(step) and -len(entries) <= int(step) < len(entries):
        return int(step) % len(entries)
    return None


def _missing_key(
    mark: Mark, step: str, items: dict[str, TextNode], steps: list[tuple[str, Mark]], depth: int
) -> Diagnostic:
    known = [key for key, child in items.items() if isinstance(child.value, dict | tuple)]
    otherwise = f"values can be set in {_listed(known)}" if known else "it has no keys to set a value in"
    short = [key for key, child in items.items() if isinstance(child.value, str) and key not in _PLAIN_TEXTS]
    said = unknown("key", step, [*known, *short], where=f"in {_shown(steps, depth)}", otherwise=otherwise)
    return mark.diagnostic("E303", *said)


def _missing_entry(mark: Mark, step: str, entries: tuple[TextNode, ...], where: str) -> Diagnostic:
    names = [name.value for entry in entries if (name := entry.get("name")) and isinstance(name.value, str)]
    named = f"named entries are {_listed(names)}" if names else "no entry has a name of its own"
    otherwise = f"indices go from {-len(entries)} to {len(entries) - 1}; {named}" if entries else "the list is empty"
    known = [] if _INDEX.fullmatch(step) else names
    return mark.diagnostic("E303", *unknown("entry", step, known, where=f"in {where}", otherwise=otherwise))


def _listed(names: list[str]) -> str:
    shown = ", ".join(quote(name) for name in names[:_NAMES_SHOWN])
    return shown + (", …" if len(names) > _NAMES_SHOWN else "")


def _shown(steps: list[tuple[str, Mark]], depth: int) -> str:
    return quote(".".join(step for step, _ in steps[:depth])) if depth else "the spec"
