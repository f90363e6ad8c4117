"""A call that shares its steps or slices with the library's threads, as LLVM IR: it writes a `JOB`, which `walk` does.

The words of the call are on its stack: the job, the context, and for slices what `schedule.py` puts behind it.
"""

from __future__ import annotations

from collections.abc import Iterator

from modelc.c.interface import CFunction, Library
from modelc.native.code.layout import CTX_BATCH, CTX_BUFFERS
from modelc.native.engine.plan import PARALLEL_WORK
from modelc.native.engine.schedule import JOB, ROW
from modelc.native.lowering.context import FIRST_INPUT

WALKERS = ("walk", "walk_slices", "work")
"""The kernels that do the steps of a job."""


def rows_code(function: CFunction) -> str:
    """The table of a plan: for each step a `ROW`, with the addresses of its kernel and parameters."""
    rows: list[str] = []
    start = 0
    for step in function.plan.steps:
        numbers = ROW.pack(
            kernel=0, params=0, extent=step.extent, tile=step.tile, times=step.times, grain=step.grain, back=step.back
        )
        words = [f"i64 {n}" for n in numbers]
        words[ROW.start("kernel")] = f"i64 ptrtoint (ptr @modelc_{step.kernel} to i64)"
        params = f"getelementptr (i64, ptr @{function.name}_params, i64 {start})"
        words[ROW.start("params")] = f"i64 ptrtoint (ptr {params} to i64)"
        rows += words
        start += len(step.params)
    return f"@{function.name}_rows = internal constant [{len(rows)} x i64] [{', '.join(rows)}], align 8"


def context_words(function: CFunction) -> int:
    """The words of a context with the addresses of all arrays."""
    return CTX_BUFFERS + FIRST_INPUT + len(function.sources)


def job_words(library: Library, function: CFunction) -> int:
    """The words of a call: behind a context in slices are strides, then a lease and a context for each thread."""
    words = context_words(function)
    behind = len(function.sources) + library.threads * (1 + words) if function.at_once else 0
    return JOB.size + words + behind


def job_code(library: Library, function: CFunction) -> Iterator[str]:
    """Do the plan for a context at `%ctx`, whose job is at `%job`, and whose arrays are at `%first0` and so on."""
    plan, most, arrays = function.plan, function.at_once, len(function.sources)
    words = {
        "table": f"ptrtoint (ptr @{function.name}_rows to i64)", "steps": len(plan.steps), "slot": "%slot_number",
        "threads": "%team", "first": 0, "arrays": 0, "data": 0, "slice": most, "areas": 0, "area": 0, "kernel": 0,
    }  # fmt: skip
    work, work_per_sample = plan.work
    yield from (
        f"  %work_of_samples = mul i64 %batch, {work_per_sample}",
        f"  %work = add i64 %work_of_samples, {work}",
        f"  %is_worth_it = icmp uge i64 %work, {PARALLEL_WORK}",
        "  br i1 %is_worth_it, label %asks, label %prepared",
        "asks:",
        "  %entered = call i64 @enter()",
        "  br label %prepared",
        "prepared:",
        "  %helpers = phi i64 [0, %some], [%entered, %asks]",
        "  %is_shared = icmp ne i64 %helpers, 0",
        "  %team = select i1 %is_shared, i64 %helpers, i64 1",
        "  %slot_number = select i1 %is_shared, i64 ptrtoint (ptr @slot to i64), i64 0",
        f"  %batch_place = getelementptr i64, ptr %ctx, i64 {CTX_BATCH}",
        "  store i64 %batch, ptr %batch_place, align 8",
    )
    if most:
        words |= {
            "first": FIRST_INPUT, "arrays": arrays, "areas": "%areas",
            "area": plan.memory.fixed_bytes + most * plan.memory.arena_bytes,
            "kernel": "ptrtoint (ptr @modelc_walk_slices to i64)",
        }  # fmt: skip
        yield from (
            f"  %slices = udiv i64 %batch, {most}",
            f"  %fewer = call i64 @llvm.umin.i64(i64 %slices, i64 {library.threads})",
            "  %areas = call i64 @llvm.umax.i64(i64 %fewer, i64 1)",
            f"  %addresses = alloca [{arrays} x i64], align 8",
        )
        first, strides = CTX_BUFFERS + FIRST_INPUT, context_words(function)
        for i, argument in enumerate(function.arguments):
            # The walker takes the address of an array out of an object, which is a word here.
            yield f"  %object{i} = getelementptr i64, ptr %addresses, i64 {i}"
            yield f"  store i64 %first{i}, ptr %object{i}, align 8"
            yield f"  %object_number{i} = ptrtoint ptr %object{i} to i64"
            yield from _store("ctx", first + i, f"%object_number{i}", f"o{i}")
            yield from _store("ctx", strides + i, str(argument.sample_bytes), f"s{i}")
        yield from (
            f"  %leases = getelementptr i64, ptr %ctx, i64 {strides + arrays}",
            f"  call void @llvm.memset.p0.i64(ptr %leases, i8 0, i64 {8 * library.threads}, i1 false)",
        )
    for name, value in words.items():
        yield from _store("job", JOB.start(name), str(value), name)
    yield from (
        "  call void @modelc_walk(i64 %job_number)",
        "  br i1 %is_shared, label %gives_back, label %end",
        "gives_back:",
        "  call void @leave()",
        "  br label %end",
        "end:",
    )


def _store(base: str, word: int, value: str, name: str) -> Iterator[str]:
    yield f"  %{base}_{name} = getelementptr i64, ptr %{base}, i64 {word}"
    yield f"  store i64 {value}, ptr %{base}_{name}, align 8"
