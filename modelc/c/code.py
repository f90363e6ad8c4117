"""The functions of a library as LLVM IR: a plan is a run of calls of kernels, whose parameters are constants.

What a call changes is on its stack, in the arena, in the outputs and in the state: several threads may be in it.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence

from modelc.c.call_code import call_code
from modelc.c.checksum import checksum_code
from modelc.c.init_code import begin_code, init_code
from modelc.c.interface import CFunction, Library
from modelc.c.job_code import rows_code
from modelc.c.team_code import team_code
from modelc.c.weights_file import HEAD
from modelc.native.code.layout import CTX_BATCH, CTX_BUFFERS
from modelc.native.engine.memory_sizes import ALIGNMENT
from modelc.native.engine.schedule import Step
from modelc.native.families.loop.params import TURN

_WORD = 8


def library_code(library: Library) -> str:
    """The module of a library without its kernels."""
    parts = [_held(library)]
    shares = library.threads > 1
    if shares:
        parts.append(team_code(library))
    for function in library.functions:
        walker = rows_code(function) if shares else _walk(function)
        parts += [_constants(function), walker, call_code(library, function)]
    parts += [checksum_code(), init_code(library)]
    if library.state.bytes:
        parts.append(begin_code(library))
    return "\n".join(parts)


def exported(library: Library) -> tuple[str, ...]:
    """The names of its functions."""
    own = ["init", *(["begin"] if library.state.bytes else []), *(function.name for function in library.functions)]
    own += ["start", "stop"] if library.threads > 1 else []
    return tuple(f"{library.prefix}_{name}" for name in own)


def weights_symbol(library: Library) -> str:
    """The symbol of the weights in a library that holds them."""
    return f"{library.prefix}_weights"


def _held(library: Library) -> str:
    """The kernels that are called, and the address of the weights."""
    kernels = sorted({step.kernel for function in library.functions for step in function.plan.steps})
    lines = [f"declare void @modelc_{kernel}(i64, i64, i64, i64)" for kernel in kernels]
    lines.append("declare void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1)")
    if library.threads > 1:
        lines += ["declare void @modelc_walk(i64)", "declare void @modelc_walk_slices(i64, i64, i64, i64)"]
        lines += ["declare i64 @llvm.umin.i64(i64, i64)", "declare i64 @llvm.umax.i64(i64, i64)"]
        lines.append("declare void @llvm.memset.p0.i64(ptr, i8, i64, i1)")
    at_first = "null"
    if library.embedded:
        weights = f"@{weights_symbol(library)}"
        lines.append(f"{weights} = external hidden constant [0 x i8], align {ALIGNMENT}")
        at_first = f"getelementptr (i8, ptr {weights}, i64 {HEAD})"
    return "\n".join([*lines, f"@held = internal global ptr {at_first}, align 8"])


def _constants(function: CFunction) -> str:
    """The parameters of all steps of a plan, and its tables."""
    plan = function.plan
    words = [word for step in plan.steps for word in step.params]
    tables = struct.unpack(f"<{len(plan.tables) // _WORD}q", plan.tables)
    return f"{_words(f'{function.name}_params', words)}\n{_words(f'{function.name}_tables', tables)}"


def _words(name: str, numbers: Sequence[int]) -> str:
    listed = ", ".join(f"i64 {n}" for n in numbers)
    return f"@{name} = internal constant [{len(numbers)} x i64] [{listed}], align {ALIGNMENT}"


def _walk(function: CFunction) -> str:
    """All steps of a plan, for the samples of a context."""
    steps = function.plan.steps
    targets = {index - step.back for index, step in enumerate(steps) if step.back}
    lines = [
        f"define internal void @{function.name}_walk(i64 %ctx) {{",
        "  %words = inttoptr i64 %ctx to ptr",
        f"  %place = getelementptr i64, ptr %words, i64 {CTX_BATCH}",
        "  %batch = load i64, ptr %place, align 8",
    ]
    start = 0
    for index, step in enumerate(steps):
        if index in targets:
            lines += [f"  br label %turn{index}", f"turn{index}:"]
        units, more = _units(step, index)
        params = f"ptrtoint (ptr getelementptr (i64, ptr @{function.name}_params, i64 {start}) to i64)"
        lines += [*more, f"  call void @modelc_{step.kernel}(i64 %ctx, i64 {params}, i64 0, i64 {units})"]
        if step.back:
            lines += _back(step, index)
        start += len(step.params)
    return "\n".join([*lines, "  ret void", "}"])


def _units(step: Step, index: int) -> tuple[str, list[str]]:
    """The units of a step, and the code that computes them where they grow with the batch."""
    if step.extent >= 0:
        return str(-(-step.extent // step.tile) * step.times), []
    return f"%units{index}", [
        f"  %extent{index} = mul nsw i64 %batch, {-step.extent}",
        f"  %raised{index} = add nsw i64 %extent{index}, {step.tile - 1}",
        f"  %tiles{index} = udiv i64 %raised{index}, {step.tile}",
        f"  %units{index} = mul nsw i64 %tiles{index}, {step.times}",
    ]


def _back(step: Step, index: int) -> list[str]:
    """Do the steps of a loop again until so many turns are done, as its `TURN` says."""
    first = TURN.start("done")
    buffer, fixed, per_sample = step.params[first : first + 3]
    turns = step.params[TURN.start("steps")]
    return [
        f"  %buffer{index} = getelementptr i64, ptr %words, i64 {CTX_BUFFERS + buffer}",
        f"  %base{index} = load i64, ptr %buffer{index}, align 8",
        f"  %samples{index} = mul nsw i64 %batch, {per_sample}",
        f"  %offset{index} = add nsw i64 %samples{index}, {fixed}",
        f"  %address{index} = add nsw i64 %base{index}, %offset{index}",
        f"  %counter{index} = inttoptr i64 %address{index} to ptr",
        f"  %done{index} = load i64, ptr %counter{index}, align 8",
        f"  %more{index} = icmp slt i64 %done{index}, {turns}",
        f"  br i1 %more{index}, label %turn{index - step.back}, label %through{index}",
        f"through{index}:",
    ]
