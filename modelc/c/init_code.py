"""The functions that come before others, as LLVM IR: `NAME_init` and `NAME_begin`."""

from __future__ import annotations

import struct

from modelc.c.interface import Library
from modelc.c.results import Result
from modelc.c.weights_file import CHECKED, HEAD, head
from modelc.native.engine.memory_sizes import ALIGNMENT


def init_code(library: Library) -> str:
    """`NAME_init`: hold weights that are those of the library and whole."""
    size = len(library.weights)
    lines = [
        f"define i32 @{library.prefix}_init(ptr %file, i64 %bytes) {{",
        f"  %fits = icmp eq i64 %bytes, {HEAD + size}",
        "  br i1 %fits, label %sized, label %wrong_size",
        "wrong_size:",
        f"  ret i32 {Result.WRONG_SIZE}",
        "sized:",
        "  %number = ptrtoint ptr %file to i64",
        f"  %past = and i64 %number, {ALIGNMENT - 1}",
        "  %is_aligned = icmp eq i64 %past, 0",
        "  br i1 %is_aligned, label %aligned, label %wrong_alignment",
        "wrong_alignment:",
        f"  ret i32 {Result.WRONG_ALIGNMENT}",
        "aligned:",
    ]
    for i, (word,) in enumerate(struct.iter_unpack("<q", head(library)[:CHECKED])):
        lines += [
            f"  %place{i} = getelementptr i64, ptr %file, i64 {i}",
            f"  %word{i} = load i64, ptr %place{i}, align 8",
            f"  %equal{i} = icmp eq i64 %word{i}, {word}",
            f"  br i1 %equal{i}, label %same{i}, label %wrong_weights",
            f"same{i}:",
        ]
    lines += [
        f"  %checksum_place = getelementptr i8, ptr %file, i64 {CHECKED}",
        "  %expected = load i64, ptr %checksum_place, align 8",
        f"  %data = getelementptr i8, ptr %file, i64 {HEAD}",
        f"  %found = call i32 @checksum(ptr %data, i64 {size})",
        "  %wide = zext i32 %found to i64",
        "  %whole = icmp eq i64 %wide, %expected",
        "  br i1 %whole, label %good, label %damaged",
        "wrong_weights:",
        f"  ret i32 {Result.WRONG_WEIGHTS}",
        "damaged:",
        f"  ret i32 {Result.DAMAGED_WEIGHTS}",
        "good:",
        "  store atomic ptr %data, ptr @held release, align 8",
        f"  ret i32 {Result.OK}",
        "}",
    ]
    return "\n".join(lines)


def held_code() -> list[str]:
    """Where functions other than `NAME_init` begin: the weights, or out of the function where there are none yet."""
    return [
        "  %held = load atomic ptr, ptr @held acquire, align 8",
        "  %none = icmp eq ptr %held, null",
        "  br i1 %none, label %not_ready, label %ready",
        "not_ready:",
        f"  ret i32 {Result.NOT_READY}",
        "ready:",
    ]


def begin_code(library: Library) -> str:
    """`NAME_begin`: the state before the first call."""
    lines = [
        f"define i32 @{library.prefix}_begin(ptr %state) {{",
        *held_code(),
        f"  %first = getelementptr i8, ptr %held, i64 {library.state_at}",
        f"  call void @llvm.memcpy.p0.p0.i64(ptr %state, ptr %first, i64 {library.state.bytes}, i1 false)",
        f"  ret i32 {Result.OK}",
        "}",
    ]
    return "\n".join(lines)
