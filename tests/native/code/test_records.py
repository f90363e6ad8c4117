"""Records: what a compiled kernel reads of each field is what was packed for it, in every family."""

from __future__ import annotations

import ast
import ctypes
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import numba
import numpy as np
import pytest

from modelc.native.code.layout import ABSENT, CTX_BATCH, CTX_BUFFERS, Operand
from modelc.native.code.record import DIM, F32, F64, I64, OPERAND, FieldKind, Record
from modelc.native.code.vector import inlined
from modelc.native.code.view import on_stack, view
from modelc.native.compiler.numba_parts import TypingError
from modelc.native.compiler.object_names import sources
from modelc.native.engine.instructions import SHEET
from modelc.native.engine.schedule import JOB, OFFER, ROW
from modelc.native.families.conv.kernel_frame import FRAME
from tests.imports import ROOT, modules

NATIVE = ROOT / "native"
PARAMS = [name for name in modules() if name.startswith("modelc.native.families.") and name.endswith(".params")]
KERNELS = sorted((NATIVE / "families").glob("*/kernel*.py"))
RECORDS = {
    f"{name.split('.')[3]} {constant}": record
    for name in PARAMS
    for constant, record in vars(import_module(name)).items()
    if isinstance(record, Record)
}
RECORDS |= {"conv FRAME": FRAME, "engine ROW": ROW, "engine JOB": JOB, "engine OFFER": OFFER, "engine SHEET": SHEET}
BATCH, BUFFERS = 3, 4


def _values(record: Record) -> list[tuple[str, int | None, FieldKind]]:
    """The values of a record in order: the field, the index where it is a run, and the kind."""
    return [
        (field.name, i if field.is_run else None, kind) for field in record.fields for i, kind in enumerate(field.kinds)
    ]


@cache
def _reading(record: Record) -> Any:
    """The C function that writes each value of the record, as float64, from the address `end` on.

    It reads a run both by constants, as in `args.size[2]`, and by a variable where its values are of one kind.
    """
    lines = ["def read(ctx, params, begin, end):", "    args = view(record, ctx, params)", "    out = floats(end)"]
    for number, (name, index, _) in enumerate(_values(record)):
        lines.append(f"    out[{number}] = args.{name}" + ("" if index is None else f"[{index}]"))
    for field in record.fields:
        if field.is_run and len(set(field.kinds)) == 1:
            first = next(i for i, (name, *_) in enumerate(_values(record)) if name == field.name)
            lines += [f"    for i in range(len(args.{field.name})):"]
            lines += [
                f"        out[{first} + i] = out[{first} + i] if out[{first} + i] == args.{field.name}[i] else nan"
            ]
    names: dict[str, Any] = {"view": view, "record": record, "floats": _floats, "nan": np.nan}
    exec("\n".join(lines), names)
    return numba.cfunc("void(int64, int64, int64, int64)", error_model="numpy")(names["read"])


@inlined
def _floats(address):
    """The float64 from an address on."""
    return numba.carray(_pointer(address), 1 << 20)


@numba.extending.intrinsic
def _pointer(typingctx, address):
    """The address as a pointer to float64."""
    kind = numba.types.CPointer(numba.types.float64)

    def codegen(context, builder, sig, args):
        return builder.inttoptr(args[0], context.get_value_type(kind))

    return kind(numba.types.int64), codegen


def _drawn(kind: FieldKind, rng: np.random.Generator) -> Any:
    """A value to be packed."""
    if kind is OPERAND:
        if rng.integers(4) == 0:
            return ABSENT
        return Operand(int(rng.integers(BUFFERS)), int(rng.integers(1 << 30)), int(rng.integers(1 << 20)))
    if kind in (F32, F64):
        return float(rng.standard_normal())
    return int(rng.integers(-(1 << 40), 1 << 40))


def _meaning(kind: FieldKind, value: Any, ctx: np.ndarray) -> float:
    """What a kernel has to read where `value` was packed, by `layout.py`."""
    if kind is OPERAND:
        if value is ABSENT:
            return 0.0
        return float(ctx[CTX_BUFFERS + value.buffer] + value.fixed + value.per_sample * BATCH)
    if kind is DIM:
        return float(value if value >= 0 else -value * BATCH)
    return float(np.float32(value)) if kind is F32 else float(value)


@pytest.mark.sampled(3)
@pytest.mark.parametrize("name", RECORDS)
def test_kernels_read_what_was_packed(name: str) -> None:
    record = RECORDS[name]
    run = ctypes.CFUNCTYPE(None, *[ctypes.c_int64] * 4)(_reading(record).address)
    ctx = np.zeros(CTX_BUFFERS + BUFFERS, np.int64)
    ctx[CTX_BATCH] = BATCH
    for seed in range(20):
        rng = np.random.default_rng(seed)
        ctx[CTX_BUFFERS:] = rng.integers(1 << 40, size=BUFFERS)
        drawn = [_drawn(kind, rng) for *_, kind in _values(record)]
        packed: dict[str, Any] = {}
        for (field, index, _), value in zip(_values(record), drawn, strict=True):
            packed[field] = value if index is None else [*packed.get(field, ()), value]
        params = np.array(record.pack(**packed), np.int64)
        out = np.full(len(drawn), np.nan)
        run(ctx.ctypes.data, params.ctypes.data, 0, out.ctypes.data)
        expected = [_meaning(kind, v, ctx) for (*_, kind), v in zip(_values(record), drawn, strict=True)]
        np.testing.assert_array_equal(out, expected)


def test_every_family_has_a_record() -> None:
    folders = {path.parent.name for path in KERNELS}
    assert {name.split(" ")[0] for name in RECORDS} == {*folders, "engine"}


def test_words_follow_the_declaration() -> None:
    record = Record.of(x=OPERAND, size=I64 * 2, extents=(DIM, I64), rate=F32)
    words = record.pack(x=Operand(5, 6, 7), size=(8, 9), extents=(-2, 11), rate=0.5)
    assert words == [5, 6, 7, 8, 9, -2, 11, np.array(0.5).view(np.int64)]
    assert (record.size, record.bytes, record.start("rate")) == (8, 64, 7)
    with pytest.raises(KeyError):
        record.start("extent")


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"size": (1, 2)}, r"expected the fields \['size', 'rate'\], found \['size'\]"),
        ({"size": (1, 2, 3), "rate": 0.5}, "`size` takes 2 values, found 3"),
        ({"size": (1, 2.0), "rate": 0.5}, "`size`: .*float"),
        ({"size": (1, 2), "rate": "0.5"}, "`rate`: expected a number, found '0.5'"),
        ({"size": 1, "rate": 0.5}, "`size`: expected 2 values, found 1"),
    ],
)
def test_other_values_are_refused(values: dict[str, Any], message: str) -> None:
    with pytest.raises((TypeError, ValueError), match=message):
        Record.of(size=I64 * 2, rate=F32).pack(**values)


_SMALL = Record.of(size=I64 * 2, extents=(DIM, I64), low=F64)


def _unknown_field(ctx, params):
    return view(_SMALL, ctx, params).sizes


def _beyond(ctx, params):
    return view(_SMALL, ctx, params).size[2]


def _before(ctx, params):
    return view(_SMALL, ctx, params).size[-1]


def _mixed(ctx, params):
    args = view(_SMALL, ctx, params)
    total = 0
    for axis in range(2):
        total += args.extents[axis]
    return total


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (_unknown_field, "`sizes` is none of the fields size, extents, low"),
        (_beyond, "2 is no index of a run of 2"),
        (_before, "-1 is no index of a run of 2"),
        (_mixed, "a run of several kinds is read by constant indices only"),
    ],
)
def test_mistakes_do_not_compile(function: Any, message: str) -> None:
    with pytest.raises(TypingError, match=message):
        numba.njit("int64(int64, int64)")(function)


def test_kernels_write_records_of_their_own() -> None:
    record = Record.of(count=I64, low=F64, rate=F32, rows=I64 * 3)
    new = on_stack(record)

    @numba.njit
    def written():
        made = new()
        made.count = 7
        made.low = 1 / 3
        made.rate = 1 / 3
        for i in range(len(made.rows)):
            made.rows[i] = made.count + i
        made.count = 0
        return made.count, made.low, made.rate, made.rows[0], made.rows[1], made.rows[2]

    assert written() == (0, 1 / 3, np.float32(1 / 3), 7, 8, 9)


def test_a_changed_record_is_compiled_again() -> None:
    hashed = set(sources(ROOT))
    files = modules()
    assert {files[name] for name in PARAMS} <= hashed
    assert {files["modelc.native.code.record"], files["modelc.native.code.view"]} <= hashed


_BY_NUMBER = {"load_i64", "store_i64", "load_f64", "load_f32", "load_i32", "dim", "operand"}
"""Functions that read or write a word by its number."""
_RECORDED = {"params", "frame", "link", "tensor"}
"""Addresses of records."""


def _raw_offsets(path: Path) -> list[str]:
    """The expressions of a file that read a word of the parameters by its number, or take the place of a field."""
    found: list[str] = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _BY_NUMBER:
            names = {part.id for argument in node.args for part in ast.walk(argument) if isinstance(part, ast.Name)}
            if names & _RECORDED:
                found.append(ast.unparse(node))
        if isinstance(node, ast.Attribute) and node.attr == "start":
            found.append(ast.unparse(node))
    return found


@pytest.mark.parametrize("path", KERNELS, ids=lambda path: f"{path.parent.name} {path.stem}")
def test_kernels_have_no_offsets(path: Path) -> None:
    assert _raw_offsets(path) == []


def test_offsets_are_found(tmp_path: Path) -> None:
    path = tmp_path / "kernel.py"
    path.write_text(
        "def f(ctx, params, table, tap):\n"
        "    a = load_i64(params, _SIZE + 2)\n    b = load_f64(params + 8 * tap, 3)\n    store_i64(params, 4, a)\n"
        "    c = dim(ctx, params, _ROWS)\n    d = POOL.field('size').start\n"
        "    return load_i64(table, tap)\n"
    )
    assert len(_raw_offsets(path)) == 5
