"""A benchmark as text: a few lines, and a table of steps."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from modelc.graph.types import format_shape
from modelc.report.layout import TextColumn, lay_out
from modelc.text.amounts import format_bytes, format_seconds
from modelc.text.terminal import folded, padded, shown

if TYPE_CHECKING:
    from modelc.bench.benchmark import Benchmark
    from modelc.bench.steps import Profile, StepTime

_LEAST_SHARE = 0.005
"""The share of the time from which on a step has a line of its own where the longest come first."""


_FEWER = " Above 100% FMA: with fewer multiplications than the layer's definition has (winograd, strassen)."


def as_text(found: Benchmark, width: int | None, sort: str) -> str:
    """The lines; `sort` is `time` or `plan`, the order of steps."""
    lines = [_about(found), "", *_named(_numbers(found))]
    if found.profile is not None:
        lines += ["", *_steps(found.profile, width, sort, found.threads), "", *_named(_sums(found.profile, found))]
    if found.peers:
        lines += ["", *_peers(found, width)]
    return "\n".join(lines)


def _about(found: Benchmark) -> str:
    inputs = ", ".join(
        (f"{i.name} " if len(found.inputs) > 1 else "") + f"{format_shape(i.shape)} {i.dtype}" for i in found.inputs
    )
    threads = f"{found.threads} thread{'s' * (found.threads != 1)}"
    backend = "" if found.backend == "native" else f", {found.backend} backend"
    return shown(f'Model: "{found.model}", input {inputs}, {threads}{backend} ({found.cpu})')


def _named(rows: Iterable[tuple[str, str]]) -> list[str]:
    rows = list(rows)
    width = max(len(name) for name, _ in rows)
    return [f"{padded(name, width)}  {value}" for name, value in rows]


def _numbers(found: Benchmark) -> Iterable[tuple[str, str]]:
    latency = found.latency
    yield "Latency", f"{format_seconds(latency.p50)} (median of {latency.calls:,} calls)"
    times = (("min", latency.min), ("mean", latency.mean), ("p90", latency.p90), ("p99", latency.p99))
    yield "", ", ".join(f"{name} {format_seconds(time)}" for name, time in times)
    yield "First call", format_seconds(found.first_call)
    yield "Throughput", f"{_number(found.throughput)} samples/s"
    memory: list[str] = []
    if found.call_memory is not None:
        memory.append(f"{format_bytes(found.call_memory)} for a call and the weights")
    if found.peak_memory is not None:
        memory.append(f"{format_bytes(found.peak_memory)} at the peak of the process")
    if memory:
        yield "Memory", ", ".join(memory)


def _sums(profile: Profile, found: Benchmark) -> Iterable[tuple[str, str]]:
    parts = (
        (profile.inside_seconds, "in steps"), (profile.between_seconds, "between them"),
        (profile.around_seconds, "before and after"),
    )  # fmt: skip
    told = ", ".join(f"{format_seconds(seconds)} {where}" for seconds, where in parts)
    yield "Fastest call", f"{format_seconds(profile.seconds)}: {told}"
    yield (
        "",
        f"{format_seconds(profile.untimed_seconds)} without timing its steps ({profile.calls:,} of each, in turns)",
    )
    macs = sum(step.work.macs for step in profile.steps if step.work is not None)
    if macs and profile.steps_seconds:
        rate = 2 * macs / profile.steps_seconds
        yield "All steps", f"{_giga(rate)} GFLOP/s, {rate / profile.fma_peak:.0%} of the FMA peak"
    kernels: dict[str, float] = {}
    for step in profile.steps:
        kernels[step.kernel] = kernels.get(step.kernel, 0.0) + step.seconds
    if profile.steps_seconds and len(kernels) > 1:
        shares = sorted(((seconds / profile.steps_seconds, name) for name, seconds in kernels.items()), reverse=True)
        listed = [f"{name} {share:.1%}" for share, name in shares if share >= _LEAST_SHARE]
        yield "By kernel", ", ".join(listed)
    threads = "a thread" if found.threads == 1 else f"{found.threads} threads"
    yield "FMA peak", f"{_giga(profile.fma_peak)} GFLOP/s of {threads}, memory {_giga(profile.read_rate)} GB/s read"


def _steps(profile: Profile, width: int | None, sort: str, threads: int) -> list[str]:
    steps: Sequence[StepTime] = profile.steps
    rest: Sequence[StepTime] = ()
    whole = profile.steps_seconds
    if sort == "time":
        ordered = sorted(profile.steps, key=lambda step: -step.seconds)
        steps = [step for step in ordered if step.seconds >= _LEAST_SHARE * whole] or ordered
        rest = ordered[len(steps) :]
    columns = [
        TextColumn("Layer (kernel)", [shown(f"{step.layer} ({step.kernel})".strip()) for step in steps], 0, "/_ ", 20),
        _numbered("Time", [format_seconds(step.seconds) for step in steps]),
        _numbered("Share", [_share(step.seconds, whole) for step in steps]),
    ]
    if any(step.turns > 1 for step in steps):
        columns.append(_numbered("Turns", [f"{step.turns:,}" for step in steps]))
    if threads > 1:
        columns.append(_numbered("Threads", [f"{step.threads:.1f}" for step in steps]))
    columns += [
        _numbered("GFLOP/s", [_rate(2 * step.work.macs if step.work else 0, step) for step in steps]),
        _numbered("GB/s", [_rate(step.work.bytes if step.work else 0, step) for step in steps]),
        TextColumn("Of the limit", [_limit(profile, step) for step in steps], 0),
    ]
    lines = _table(columns, width)
    if rest:
        sum_ = sum(step.seconds for step in rest)
        lines.append(f" and {len(rest)} more: {format_seconds(sum_)}, {_share(sum_, whole).strip()}")
    if any(bound is not None and bound[1] == "FMA" and bound[0] > 1 for bound in map(profile.bound, steps)):
        lines += folded(_FEWER, width or 120)
    return lines


def _peers(found: Benchmark, width: int | None) -> list[str]:
    """A row for the model, and one for each other runtime."""
    rows = [("modelc", found.peers[0].ours, "", "", _memory(found.peak_memory))]
    for peer in found.peers:
        ratio = f"{peer.ratio:.2f} ({min(peer.ratios):.2f}–{max(peer.ratios):.2f})"
        rows.append((
            f"{peer.peer} {peer.version}", peer.latency, ratio, f"{peer.difference:.0e}", _memory(peer.peak_memory),
        ))  # fmt: skip
    names, latencies, ratios, apart, memory = zip(*rows, strict=True)
    columns = [
        TextColumn("In turns", [shown(name) for name in names], 0),
        _numbered("Median", [format_seconds(latency.p50) for latency in latencies]),
        _numbered("p90", [format_seconds(latency.p90) for latency in latencies]),
        TextColumn("Times as long (rounds)", ratios, 0),
        TextColumn("Outputs differ by", apart, 0),
        _numbered("Peak memory", list(memory)),
    ]
    return _table(columns, width)


def _memory(bytes: int | None) -> str:
    return "" if bytes is None else format_bytes(bytes)


def _table(columns: Sequence[TextColumn], width: int | None) -> list[str]:
    blocks = [[*b.head, " " + "─" * (b.width - 1), *b.body, ""] for b in lay_out(columns, width)]
    return [line for block in blocks for line in block][:-1]


def _numbered(heading: str, texts: Sequence[str]) -> TextColumn:
    """A column of numbers, each below the end of the other."""
    width = max(map(len, (heading, *texts)))
    return TextColumn(heading.rjust(width), [text and text.rjust(width) for text in texts], 0)


def _share(seconds: float, whole: float) -> str:
    return f"{seconds / whole:.1%}" if whole else ""


def _rate(amount: int, step: StepTime) -> str:
    return _giga(amount / step.op_seconds) if amount and step.op_seconds > 0 else ""


def _limit(profile: Profile, step: StepTime) -> str:
    bound = profile.bound(step)
    if bound is None:
        return ""
    share, limit = bound
    return "in caches" if limit == "memory" and share > 1 else f"{share:.0%} {limit}"


def _giga(rate: float) -> str:
    return f"{rate / 1e9:.1f}"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
