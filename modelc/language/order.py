"""`order: depth`: entries listed in Keras's order for graphs instead of the order in which they are written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from modelc.language.definition import Definition
from modelc.language.wiring import Entry, Use, Wiring


def resolve_order(spec: Definition) -> Definition:
    """The spec with its entries in the order that it asks for, their names and inputs written out.

    A layer stays in front of its further uses. Raises `SpecError` where a reference means nothing.
    """
    if spec.order == "written":
        return spec
    wiring = spec.wiring
    returned = _returned(spec, wiring)
    order = depth_order(wiring, returned)
    entries: list[Entry] = []
    before: str | None = None
    for position in order:
        use = wiring.uses[position]
        entries.append(_written_out(spec.entries[position], use, before))
        before = use.name
    changes: dict[str, Any] = {"entries": tuple(entries), "order": "written"}
    if spec.returns is None and order[-1:] != returned:
        changes["returns"] = wiring.uses[returned[0]].name
    return spec.replaced(**changes)


def _returned(spec: Definition, wiring: Wiring) -> list[int]:
    """The positions of what the model returns."""
    if spec.returns is None:
        return [len(wiring.uses) - 1] if wiring.uses else []
    given = spec.returns
    names = (given,) if isinstance(given, str) else given.values() if isinstance(given, dict) else given
    tensors = [tensor for name in names if (tensor := wiring.tensor(name)) is not None]
    return [tensor.use for tensor in tensors if tensor.use >= 0]


def _written_out(entry: Entry, use: Use, before: str | None) -> Entry:
    """The entry with its name, and with its inputs where they are not the entry that is now before it."""
    changes: dict[str, Any] = {"name": use.name}
    if entry.connections is None and use.sources:
        changes["connections"] = None if use.sources == (before,) else use.sources[0]
    elif entry.connections == before:
        changes["connections"] = None
    return entry.model_copy(update=changes)


def depth_order(wiring: Wiring, outputs: Sequence[int]) -> list[int]:
    """The positions of all uses in Keras's order; those that feed nothing last, as they are written."""
    behind = _dependencies(wiring)
    depths = _depths(behind, outputs)
    rank = {use: i for i, use in enumerate(_walk(behind, outputs))}
    order = sorted(rank, key=lambda use: (-depths[use], rank[use]))
    return order + [use for use in range(len(behind)) if use not in rank]


def _dependencies(wiring: Wiring) -> list[list[int]]:
    """The positions of what each use needs to come before it."""
    return [
        [t.use for t in use.operands if t.use >= 0] + ([first] if (first := wiring.positions[use.layer]) != i else [])
        for i, use in enumerate(wiring.uses)
    ]


def _depths(behind: Sequence[Sequence[int]], outputs: Sequence[int]) -> dict[int, int]:
    """The number of uses on the longest way from each to an output."""
    depths = dict.fromkeys(outputs, 0)
    for use in range(len(behind) - 1, -1, -1):  # what depends on a use stands after it
        if use in depths:
            for needed in behind[use]:
                depths[needed] = max(depths.get(needed, 0), depths[use] + 1)
    return depths


def _walk(behind: Sequence[Sequence[int]], outputs: Sequence[int]) -> dict[int, None]:
    """The uses in the order in which a walk from the outputs meets them."""
    met: dict[int, None] = {}
    waiting = list(reversed(outputs))
    while waiting:
        use = waiting.pop()
        if use not in met:
            met[use] = None
            waiting += reversed(behind[use])
    return met
