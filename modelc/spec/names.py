"""Names of layers: what a name may be, and the automatic ones."""

from __future__ import annotations

from collections.abc import Sequence

from modelc.layers.base import Layer

LONGEST_NAME = 200


def name_problem(name: str) -> str | None:
    """What is wrong with `name` as a layer's name, or None."""
    if not name or name != name.strip():
        return "a name must not be empty, or begin or end with a space"
    if len(name) > LONGEST_NAME:
        return f"a name has at most {LONGEST_NAME} characters"
    if name[0] in "!:" or "/" in name or "\\" in name or name in (".", ".."):
        return "a name must not begin with `!` or `:`, and must not contain a slash"
    return None if name.isprintable() else "a name must not contain control characters"


def resolve_names(layers: Sequence[Layer]) -> list[str]:
    """The name of every layer: its own, or Keras's automatic one, numbered within this model.

    The first Conv2D without a name is `conv2d`, the next `conv2d_1`; a number that an explicit name has taken
    is passed over.
    """
    taken = {layer.name for layer in layers if layer.name is not None}
    counts: dict[str, int] = {}
    names: list[str] = []
    for layer in layers:
        if layer.name is not None:
            names.append(layer.name)
            continue
        base = layer.auto_name()
        while True:
            count = counts.get(base, 0)
            counts[base] = count + 1
            name = base if count == 0 else f"{base}_{count}"
            if name not in taken:
                break
        taken.add(name)
        names.append(name)
    return names
