"""A function that runs a plan, as LLVM IR: the context of a call, and the plan for all its samples, slice by slice."""

from __future__ import annotations

from collections.abc import Iterator

from modelc.c.init_code import held_code
from modelc.c.interface import CFunction, Library, Origin
from modelc.c.job_code import context_words, job_code, job_words
from modelc.c.results import Result
from modelc.native.code.layout import CTX_BATCH, CTX_BUFFERS, CTX_ERROR
from modelc.native.engine.memory_sizes import ALIGNMENT
from modelc.native.engine.schedule import JOB
from modelc.native.lowering.context import ARENA, CONSTANTS, FIRST_INPUT, OWN_CONSTANTS


def call_code(library: Library, function: CFunction) -> str:
    """`NAME_run`, or another function of a library."""
    least, most = (library.batch_size,) * 2 if library.batch_size else (0, library.most_batch)
    shares = library.threads > 1
    words, before = (job_words(library, function), JOB.size) if shares else (context_words(function), 0)
    lines = [
        f"define i32 @{library.prefix}_{function.name}({', '.join(_parameters(library, function))}) {{",
        "begin:",
        f"  %job = alloca [{words} x i64], align {ALIGNMENT}",
        "  %job_number = ptrtoint ptr %job to i64",
        f"  %ctx = getelementptr i64, ptr %job, i64 {before}",
        "  %number = ptrtoint ptr %ctx to i64",
        *_numbers(function),
        f"  %low = icmp ult i64 %batch, {least}",
        f"  %high = icmp ugt i64 %batch, {most}",
        "  %wrong = or i1 %low, %high",
        "  br i1 %wrong, label %wrong_batch, label %sized",
        "wrong_batch:",
        f"  ret i32 {Result.WRONG_BATCH}",
        "sized:",
        *held_code(),
        "  %empty = icmp eq i64 %batch, 0",
        "  br i1 %empty, label %nothing, label %some",
        "nothing:",
        f"  ret i32 {Result.OK}",
        "some:",
        "  %given = ptrtoint ptr %arena to i64",
        f"  %raised = add i64 %given, {ALIGNMENT - 1}",
        f"  %front = and i64 %raised, {-ALIGNMENT}",
        f"  %own = add i64 %front, {function.arena_front}",
        f"  %weights = getelementptr i8, ptr %held, i64 {function.weights_at}",
        "  %constants = ptrtoint ptr %weights to i64",
        *_store(CTX_ERROR, "0"),
        *_store(CTX_BUFFERS + ARENA, "%own"),
        *_store(CTX_BUFFERS + CONSTANTS, "%constants"),
        *_store(CTX_BUFFERS + OWN_CONSTANTS, f"ptrtoint (ptr @{function.name}_tables to i64)"),
        *_arrays(library, function),
    ]
    if shares:
        lines += job_code(library, function)
    elif function.at_once:
        lines += _slices(function)
    else:
        lines += [*_store(CTX_BATCH, "%batch"), f"  call void @{function.name}_walk(i64 %number)"]
    return "\n".join([*lines, *_end(function)])


def _parameters(library: Library, function: CFunction) -> Iterator[str]:
    """The parameters, in the order of the header."""
    for argument in function.arguments:
        yield f"ptr %{argument.name}"
    if function.takes_rate:
        yield "float %learning_rate"
    yield "i64 %batch"
    if library.state.bytes:
        yield "ptr %state"
    yield "ptr %arena"


def _numbers(function: CFunction) -> Iterator[str]:
    """Numbers of a step on the stack, as kernels read them through addresses."""
    if not function.is_step:
        return
    yield "  %steps = load i64, ptr %state, align 8"
    yield "  %step_number = trunc i64 %steps to i32"
    yield "  %iteration_number = sitofp i64 %steps to float"
    for name, type, value in (
        ("step", "i32", "%step_number"),
        ("iteration", "float", "%iteration_number"),
        ("learning_rate", "float", "%learning_rate"),
    ):
        if any(source.number == name for source in function.sources):
            yield f"  %{name}_place = alloca {type}, align 8"
            yield f"  store {type} {value}, ptr %{name}_place, align 8"


def _arrays(library: Library, function: CFunction) -> Iterator[str]:
    """The addresses of the plan's inputs and results."""
    if library.state.bytes:
        yield "  %state_number = ptrtoint ptr %state to i64"
    inputs = len(function.plan.inputs)
    for i, source in enumerate(function.sources):
        yield f"  %first{i} = {_address(function, source, is_input=i < inputs)}"
        yield from _store(CTX_BUFFERS + FIRST_INPUT + i, f"%first{i}")


def _address(function: CFunction, source: Origin, *, is_input: bool) -> str:
    """Where an array lies. New values of the state lie in the arena until the call is through."""
    if source.argument is not None:
        return f"ptrtoint ptr %{function.arguments[source.argument].name} to i64"
    if source.number is not None:
        return f"ptrtoint ptr %{source.number}_place to i64"
    return f"add i64 {'%state_number' if is_input else '%front'}, {source.kept}"


def _slices(function: CFunction) -> Iterator[str]:
    """Walk the plan for some samples at a time. Such a plan has no states."""
    most = function.at_once
    yield from (
        "  br label %slice",
        "slice:",
        "  %rest = phi i64 [%batch, %some], [%left, %slice]",
        f"  %whole = icmp ult i64 %rest, {most}",
        f"  %samples = select i1 %whole, i64 %rest, i64 {most}",
        *_store(CTX_BATCH, "%samples"),
        f"  call void @{function.name}_walk(i64 %number)",
        "  %left = sub i64 %rest, %samples",
    )
    for i, argument in enumerate(function.arguments):
        yield f"  %slot{i} = getelementptr i64, ptr %ctx, i64 {CTX_BUFFERS + FIRST_INPUT + i}"
        yield f"  %old{i} = load i64, ptr %slot{i}, align 8"
        yield f"  %bytes{i} = mul i64 %samples, {argument.sample_bytes}"
        yield f"  %new{i} = add i64 %old{i}, %bytes{i}"
        yield f"  store i64 %new{i}, ptr %slot{i}, align 8"
    yield from (
        "  %through = icmp eq i64 %left, 0",
        "  br i1 %through, label %end, label %slice",
        "end:",
    )


def _end(function: CFunction) -> Iterator[str]:
    """The result of a call, by what a kernel met in the data; the new state takes the place of the old one."""
    yield from (
        f"  %place = getelementptr i64, ptr %ctx, i64 {CTX_ERROR}",
        "  %error = load i64, ptr %place, align 8",
        "  %good = icmp eq i64 %error, 0",
        "  br i1 %good, label %done, label %wrong_index",
        "wrong_index:",
        f"  ret i32 {Result.WRONG_INDEX}",
        "done:",
    )
    for i, (offset, size) in enumerate(function.updated):
        yield f"  %kept{i} = getelementptr i8, ptr %state, i64 {offset}"
        yield f"  %from{i} = add i64 %front, {offset}"
        yield f"  %made{i} = inttoptr i64 %from{i} to ptr"
        yield f"  call void @llvm.memcpy.p0.p0.i64(ptr %kept{i}, ptr %made{i}, i64 {size}, i1 false)"
    if function.is_step:
        yield "  %one_more = add i64 %steps, 1"
        yield "  store i64 %one_more, ptr %state, align 8"
    yield from (f"  ret i32 {Result.OK}", "}")


def _store(word: int, value: str) -> list[str]:
    """Write a word of the context."""
    return [
        f"  %word{word} = getelementptr i64, ptr %ctx, i64 {word}",
        f"  store i64 {value}, ptr %word{word}, align 8",
    ]
