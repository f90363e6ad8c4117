"""What is told of a layer beside its line: output shapes, parameters, multiply-adds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from modelc.graph.graph import LayerTrace
from modelc.graph.types import format_shape
from modelc.language.text.node import TextNode
from modelc.lsp.snapshot import NamedEntry
from modelc.report.counted import amount


@dataclass(frozen=True, slots=True, eq=False)
class ToldLayer:
    """A layer that is written at a place: several where the entry is repeated or stands in a block."""

    name: str
    trace: LayerTrace


def by_place(
    entries: Iterable[NamedEntry], traces: Mapping[str, LayerTrace], file: str
) -> dict[tuple[int, int], list[ToldLayer]]:
    """The layers by the line and the column of their entries in a file."""
    found: dict[tuple[int, int], list[ToldLayer]] = {}

    def add(node: TextNode | None, name: str, trace: LayerTrace) -> None:
        if node is not None and node.source.name == file and node.line is not None and node.column is not None:
            found.setdefault((node.line, node.column), []).append(ToldLayer(name, trace))

    for entry in entries:
        trace = traces.get(entry.name.partition("@")[0])
        if trace is not None:
            add(entry.node, entry.name, trace)
            for path, inner in _inner(trace):
                add(inner.place if isinstance(inner.place, TextNode) else None, path, inner)
    return found


def _inner(trace: LayerTrace) -> Iterator[tuple[str, LayerTrace]]:
    for one in trace.inner:
        yield one.name, one
        yield from _inner(one)


@lru_cache(maxsize=4096)
def shapes_of(trace: LayerTrace) -> str:
    """The output shapes: `(None, 26, 26, 32)`."""
    return ", ".join(format_shape(value.type.shape) for value in trace.outputs)


@lru_cache(maxsize=4096)
def params_of(trace: LayerTrace) -> int:
    """The number of parameters."""
    return sum(weight.size for weight in trace.stored)


def macs_of(trace: LayerTrace) -> str:
    """The multiply-adds per sample: a number, or a formula in free sizes."""
    cost = amount(trace.macs)
    return f"{cost.number:,}" if cost.number is not None else cost.text


def inlay_of(placed: Sequence[ToldLayer]) -> str:
    """The hint behind an entry: ` → (None, 26, 26, 32)  320 params`; of copies the last shape and the sum."""
    params = sum(map(params_of, {one.trace.name: one.trace for one in placed}.values()))
    shapes = list(dict.fromkeys(shapes_of(one.trace) for one in placed))
    told = shapes[-1] if len(shapes) == 1 else f"{shapes[0]} … {shapes[-1]}"
    times = f" ×{len(placed)}" if len(placed) > 1 else ""
    return f"→ {told}{times}" + (f"  {params:,} params" if params else "")


def table_of(placed: Sequence[ToldLayer], most: int = 8) -> str:
    """The layers of an entry as a Markdown table."""
    rows = ["| layer | input | output | parameters | multiply-adds |", "|---|---|---|--:|--:|"]
    for one in placed[:most]:
        trace = one.trace
        inputs = ", ".join(format_shape(value.type.shape) for value in trace.inputs)
        weights = ", ".join(f"{w.name} {format_shape(w.shape)}" for w in trace.stored[:4]) if not trace.inner else ""
        params = f"{params_of(trace):,}" + (f" ({weights})" if weights else "")
        rows.append(f"| `{one.name}` | {inputs} | {shapes_of(trace)} | {params} | {macs_of(trace)} |")
    if len(placed) > most:
        rows.append(f"| … {len(placed) - most} more | | | | |")
    return "\n".join(rows)
