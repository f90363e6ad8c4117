"""Selectors of `freeze` that take layers out of what is frozen, and are without effect."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from modelc.errors import Diagnostic, SpecError
from modelc.language.names import outer_names
from modelc.language.selectors import Resolved
from modelc.language.text.node import TextNode
from modelc.layers.base import Layer
from modelc.text.quoting import quote


def require_thawed(
    selectors: Sequence[str],
    resolved: Sequence[Resolved],
    frozen: Mapping[str, bool],
    layers: Mapping[str, Layer],
    trainable: Mapping[str, bool],
    place: TextNode | None,
) -> None:
    """Raise `SpecError` (E207) at each selector with `!` that takes out layers all of which stay frozen.

    `resolved` says for each selector which of the paths in `frozen` it means; `frozen` is what all of them together
    select. `layers` are the model's layers as they are trained, and `trainable` what their entries say.
    """
    paths = list(frozen)
    found: list[Diagnostic] = []
    for number, (selector, (takes, indices)) in enumerate(zip(selectors, resolved, strict=True)):
        out = [paths[index] for index in indices if not frozen[paths[index]]]
        if takes or not out or len(out) < len(indices):  # a later selector takes some of them in again
            continue
        reasons = [_why_frozen(path, frozen, layers, trainable) for path in out]
        if any(reason is None for reason in reasons):
            continue
        message, help = reasons[0] or ("", "")
        node: TextNode | None = place
        if place is not None and isinstance(place.value, tuple) and number < len(place.value):
            node = place.value[number]
        message = f"{quote(selector)} changes nothing: {message}"
        found.append(node.diagnostic("E207", message, help) if node else Diagnostic("E207", message, help, "freeze"))
    if found:
        raise SpecError(found)


def _why_frozen(
    path: str, frozen: Mapping[str, bool], layers: Mapping[str, Layer], trainable: Mapping[str, bool]
) -> tuple[str, str] | None:
    """Why a layer that no selector freezes is not trained, and what to do; None where it is trained."""
    # A name may have slashes itself, as those of layers in blocks do.
    top = next(outer for outer in (*outer_names(path), path) if outer in layers)
    below = path[len(top) + 1 :].split("/") if len(path) > len(top) else []
    if not trainable[top]:
        help = f"remove `trainable: false` of `{top}`"
        help += f", and freeze what is to stay: `{top}/*`" if below else ""
        return f"the entry `{top}` has `trainable: false`", help
    for depth in range(1, len(below) + 1):
        around = "/".join([top, *below[: depth - 1]])
        if frozen.get(around):
            return f"`{around}` is frozen as a whole", f"freeze its layers instead: `{around}/*`"
    layer: Layer | None = layers[top]
    for name in below:
        layer = None if layer is None else dict(layer.parts()).get(name)
        if layer is not None and not layer.trainable:
            return f"`{path}` is frozen in the model itself", "take `trainable: false` or `freeze` away there"
    return None


def require_no_half_freezing(name: str, entry: Any) -> None:
    """Raise `SpecError` (E207) for an entry that is frozen as a whole, and whose `freeze` leaves layers out."""
    selectors: Sequence[str] = getattr(entry, "freeze", ()) if entry.is_model else ()
    out = next((selector for selector in selectors if selector.startswith("!")), None)
    if entry.trainable or out is None:
        return
    message = f"{quote(out)} changes nothing: the entry `{name}` has `trainable: false`"
    help = "remove `trainable: false`: `freeze` selects the frozen layers"
    node: Any = entry.place.get("freeze") if isinstance(entry.place, TextNode) else None
    raise SpecError(node.diagnostic("E207", message, help) if node else Diagnostic("E207", message, help, name))
