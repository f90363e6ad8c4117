"""The header of a library: its constants and functions, and the contract that callers keep."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from modelc import __version__
from modelc.c.interface import Argument, CFunction, Library
from modelc.c.names import different, identifier
from modelc.c.results import MEANINGS, Result
from modelc.c.weights_file import HEAD
from modelc.files.kinds import HEADER_HEAD
from modelc.native.engine.memory_sizes import ALIGNMENT

_WHAT = {
    "x": "The input", "y": "The output", "labels": "The labels of", "data_loss": "The loss without penalties of",
}  # fmt: skip
"""What an array is, before the name that the model has for it."""


def header(library: Library) -> str:
    """The text of the header, for C99 and C++."""
    macro = library.macro
    lines = [
        *_comment(_about(library)),
        f"#ifndef {macro}_H",
        f"#define {macro}_H",
        "",
        "#include <stddef.h>",
        "#include <stdint.h>",
        "",
        "#ifdef __cplusplus",
        'extern "C" {',
        "#endif",
        "",
        *_sizes(library),
        *_results(library),
        *_init(library),
        "",
    ]
    if library.threads > 1:
        lines += [*_team(library), ""]
    for function in library.functions:
        lines += [*_function(library, function), ""]
    lines += ["#ifdef __cplusplus", "}", "#endif", "", "#endif"]
    return "\n".join(lines) + "\n"


def _about(library: Library) -> str:
    target = library.functions[0].plan.target
    state = ", states" if library.state.bytes else ""
    return (
        f"{HEADER_HEAD.removeprefix('/* ')} {__version__}: `{_plain(library.model)}`, for the CPU "
        f"{_plain(target.cpu)} ({target.triple}).\n"
        "\n"
        "Threads: every function may be called by several threads at once. The library itself holds one pointer, to "
        f"the weights, which {library.prefix}_init alone changes; a call reads the weights that were held when it "
        f"began. All else that a call writes is what its arguments point to, and its stack: calls that run at once "
        f"need different arenas{state} and outputs.\n"
        "\n"
        "Memory: nothing is allocated. Of the C library no more than memcpy, memmove, memset and sched_yield are "
        "called."
    )


def _plain(text: str) -> str:
    """Text of a model's, without what would end a comment, begin one, or be a trigraph."""
    shown = "".join(c if " " <= c <= "~" else "?" for c in text)
    return shown.replace("*/", "* /").replace("/*", "/ *").replace("??", "? ?").replace("\\", "/")


def _comment(text: str) -> Iterator[str]:
    """A comment in lines of at most 100 characters."""
    first = "/* "
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split(" "):
            if line and len(line) + len(word) > 96:
                yield first + line
                first, line = "   ", ""
            line = f"{line} {word}" if line else word
        yield (first + line).rstrip()
        first = "   "
    yield "*/"


# --- constants


def _sizes(library: Library) -> Iterator[str]:
    macro = library.macro
    told: set[str] = set()
    for function in library.functions:
        for argument in function.arguments:
            if argument.name not in told:
                yield from _sizes_of(macro, argument)
            told.add(argument.name)
    if library.batch_size is not None:
        yield from ("/* The only batch that the model takes. */", f"#define {macro}_BATCH {library.batch_size}", "")
    yield from ("/* The largest batch of a call. */", f"#define {macro}_MAX_BATCH {library.most_batch}", "")
    for function in library.functions:
        yield from _arena(library, function)
    yield "/* The bytes of the file of weights, and what its address in memory must be a multiple of. */"
    yield f"#define {macro}_WEIGHTS_BYTES ((size_t){HEAD + len(library.weights)})"
    yield f"#define {macro}_WEIGHTS_ALIGNMENT {ALIGNMENT}"
    yield ""
    if library.state.bytes:
        yield from _state(library)


def _sizes_of(macro: str, argument: Argument) -> Iterator[str]:
    type = argument.value.type
    name = f"{macro}_{argument.name.upper()}"
    what = f"{_WHAT[argument.kind]} `{_plain(argument.label)}`" if argument.label else "The loss in all"
    per = "of a sample" if type.batched else "whatever the batch is"
    yield f"/* {what}: the elements {per}, and the shape. */"
    yield f"#define {name}_SIZE {type.size}"
    yield f"#define {name}_RANK {len(type.dims)}"
    if type.dims:
        yield f"#define {name}_SHAPE {{{', '.join(map(str, type.dims))}}}"
    yield ""


def _arena(library: Library, function: CFunction) -> Iterator[str]:
    samples, most, many = "(size_t)(batch)", function.at_once, ""
    of = f"{library.prefix}_{function.name}"
    if most:
        samples = f"((size_t)(batch) < {most} ? (size_t)(batch) : (size_t){most})"
        yield f"/* The bytes of the arena of {of}. Larger batches go through {most} samples at a time. */"
    else:
        yield f"/* The bytes of the arena of {of}. */"
    name = f"{library.macro}_ARENA_BYTES" if function.name == "run" else f"{of.upper()}_ARENA_BYTES"
    yield f"#define {name}(batch) \\"
    if most and library.threads > 1:
        slices = f"((size_t)(batch) / {most})"
        many = f" * ({slices} < 2 ? 1 : {slices} < {library.threads} ? {slices} : {library.threads})"
    yield f"    ((size_t){function.arena_front + ALIGNMENT} + ((size_t){function.arena_plan} + \\"
    yield f"    (size_t){function.arena_per_sample} * {samples}){many})"
    yield ""


def _state(library: Library) -> Iterator[str]:
    macro, state = library.macro, library.state
    yield "/* The bytes of a state, which begins where malloc's memory may. */"
    yield f"#define {macro}_STATE_BYTES ((size_t){state.bytes})"
    if state.steps is not None:
        yield "/* In it, how many bytes from its begin, the number of steps so far as an int64_t. */"
        yield f"#define {macro}_STATE_STEPS 0"
    if library.learning_rate is not None:
        yield "/* The learning rate of the first step, as the model was compiled. */"
        yield f"#define {macro}_LEARNING_RATE {np.float32(library.learning_rate)!s}f"
    yield "/* In it, how many bytes from its begin, arrays of float and how many elements they have. */"
    names = different(identifier(field.path, "n").upper() for field in state.fields)
    for name, field in zip(names, state.fields, strict=True):
        yield f"#define {macro}_STATE_{name} {field.offset} /* `{_plain(field.path)}` */"
        yield f"#define {macro}_STATE_{name}_SIZE {field.array.size}"
    yield ""


def _results(library: Library) -> Iterator[str]:
    yield "/* What functions return. */"
    yield f"enum {library.prefix}_result {{"
    last = max(MEANINGS)
    for result, meaning in MEANINGS.items():
        comma = "" if result is last else ","
        yield f"    {library.macro}_{result.name} = {result.value}{comma} /* {meaning} */"
    yield from ("};", "")


# --- functions


def _init(library: Library) -> Iterator[str]:
    built_in = "The library has weights of its own; to call this is to use others instead. " if library.embedded else ""
    yield from _comment(
        f"Use the weights in memory that holds the whole file {library.prefix}.weights. {built_in}The memory must stay "
        "as it is for as long as calls read it. It is checked that the weights are for this library and whole; where "
        "they are not, those that were used before stay in use."
    )
    yield f"int {library.prefix}_init(const void *weights, size_t bytes);"
    if library.state.bytes:
        yield ""
        yield from _comment("Write the state before the first call to memory of the caller's.")
        yield f"int {library.prefix}_begin(void *state);"


def _team(library: Library) -> Iterator[str]:
    yield from _comment(
        f"Start {library.threads - 1} threads that help calls which are large enough, one call at a time; without "
        f"them, and beside a call that they help, calls run on the thread that makes them. They sleep when there is "
        f"nothing to do. {library.prefix}_stop ends them after the call that they help. Neither may be called twice at "
        "once. A program that links the static library may have to link pthread as well."
    )
    yield f"int {library.prefix}_start(void);"
    yield f"void {library.prefix}_stop(void);"


def _function(library: Library, function: CFunction) -> Iterator[str]:
    arrays = "Arrays lie sample after sample, each in C's order, the last axis side by side; none may overlap another."
    if function.is_step:
        doc = (
            "One step of training on a batch: the losses and the outputs before it, and the new weights in the state. "
            f"{arrays}"
        )
    else:
        doc = f"The outputs of the model for a batch. {arrays}"
    if library.state.bytes and not function.is_step:
        doc += " The layers' states in the state go on." if function.updated else " The state's weights are used."
    yield from _comment(f"{doc} Another result than {library.macro}_{Result.OK.name} leaves the state as it was.")
    params = [f"{'' if a.written else 'const '}{a.element} *{a.name}" for a in function.arguments]
    if function.takes_rate:
        params.append("float learning_rate")
    params.append("size_t batch")
    if library.state.bytes:
        params.append("void *state" if function.updated else "const void *state")
    params.append("void *arena")
    yield f"int {library.prefix}_{function.name}({', '.join(params)});"
