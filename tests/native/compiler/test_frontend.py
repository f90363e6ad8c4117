"""Kernels by numba's types and lowering alone: what they compute is what Python computes."""

from __future__ import annotations

import ctypes
import math
import struct
import sys
import types
from collections.abc import Callable

import numba
import numpy as np
import pytest
from llvmlite import ir
from numba.extending import intrinsic, overload

from modelc.native.code.memory import load_f64, load_i64, store_f32, store_i64
from modelc.native.code.vector import inlined
from modelc.native.compiler.catalog import Family
from modelc.native.compiler.compile import compile_family, family_module
from modelc.native.compiler.frontend import lower_kernel
from modelc.native.compiler.numba_parts import TypingError, compile_lock
from modelc.native.target import host
from modelc.system.objects.link import link

INTEGERS = (-(2**40) - 3, -7, -1, 0, 1, 2, 5, 2**40 + 1)
FLOATS = (-math.inf, -2.5, -0.0, 0.0, 1.0, 2.5, math.inf, math.nan)


def family(monkeypatch: pytest.MonkeyPatch, *kernels: Callable) -> Family:
    """The kernels as a family of their own."""
    module = types.ModuleType("modelc_test_kernels")
    module.KERNELS = kernels
    monkeypatch.setitem(sys.modules, module.__name__, module)
    return Family("test", module.__name__, tuple(f.__name__ for f in kernels))


def native(monkeypatch: pytest.MonkeyPatch, kernel: Callable) -> Callable[..., None]:
    """The kernel as machine code."""
    code = compile_family(family(monkeypatch, kernel), host())
    arity = kernel.__code__.co_argcount
    return ctypes.CFUNCTYPE(None, *[ctypes.c_int64] * arity)(link(code, [kernel.__name__])[kernel.__name__])


@inlined
def _clamp(x, low, high):
    """Named operands, defaults of min and max, and a result of a call in a call."""
    return max(low, min(x, high))


@numba.njit(inline="always", error_model="numpy")
def _parts(a, b):
    if b < 0:
        return a % b, -1
    return a // b, 1


@inlined
def _collatz(n):
    turns = 0
    while n > 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        turns += 1
    return turns


def integers(y, a, b):
    """What kernels do with integers."""
    store_i64(y, 0, _clamp(a, -5, b))
    store_i64(y, 1, min(a, b, 3))
    store_i64(y, 2, abs(a) - (b << 2))
    quotient, sign = _parts(a, b if b != 0 else 9)
    store_i64(y, 3, quotient)
    store_i64(y, 4, sign)
    store_i64(y, 5, 10 * (a in (1, 5, b)) + (not (a < b and b > 0)))
    total = 0
    for i in range(4, -3, -2):
        if i == -2:
            break
        if i == 2:
            continue
        total += i * a
    store_i64(y, 6, total)
    store_i64(y, 7, _collatz(abs(a) & 1023))


def test_integers_are_as_in_python(monkeypatch: pytest.MonkeyPatch) -> None:
    kernel = native(monkeypatch, integers)
    plain = {"_clamp": _clamp.py_func, "_parts": _parts.py_func, "_collatz": _collatz.py_func, "store_i64": list.insert}
    python = types.FunctionType(integers.__code__, globals() | plain)
    for a in INTEGERS:
        for b in INTEGERS:
            expected: list[int] = []
            python(expected, a, b)
            found = (ctypes.c_int64 * 8)()
            kernel(ctypes.addressof(found), a, b)
            assert [int(value) for value in expected] == list(found), (a, b)


def extremes(y, x):
    """Of floats, the first of equal ones, and what comparisons with NaN leave."""
    a, b = load_f64(x, 0), load_f64(x, 1)
    store_f32(y, 0, np.float32(min(a, b)))
    store_f32(y, 1, np.float32(max(a, b)))
    store_f32(y, 2, np.float32(max(a, b, 1)))


def test_extremes_of_floats_are_as_in_python(monkeypatch: pytest.MonkeyPatch) -> None:
    kernel = native(monkeypatch, extremes)
    for a in FLOATS:
        for b in FLOATS:
            operands, found = (ctypes.c_double * 2)(a, b), (ctypes.c_float * 3)()
            kernel(ctypes.addressof(found), ctypes.addressof(operands))
            assert bytes(found) == struct.pack("3f", min(a, b), max(a, b), max(a, b, 1.0)), (a, b)


@inlined
def _twice(x):
    return x + x


def first(y, a):
    store_i64(y, 0, _twice(a) + _twice(3))


def second(y, a):
    store_i64(y, 0, _twice(a + 1))
    store_f32(y, 2, np.float32(_twice(0.25)))


def test_a_helper_is_compiled_once_for_each_set_of_types(monkeypatch: pytest.MonkeyPatch) -> None:
    with compile_lock:
        texts = [list(lower_kernel(kernel, 2).modules()) for kernel in (first, second)]
    assert [len(each) for each in texts] == [2, 3]  # itself, `_twice` of an integer, and that of a float
    assert len({text for each in texts for text in each}) == 4
    module = family_module(family(monkeypatch, first, second))
    defined = [f.name for f in module.functions if not f.is_declaration and "_twice" in f.name]
    assert len(defined) == 2


@intrinsic
def _shared(typingctx, x):
    """A call of a function that the module has once."""

    def codegen(context, builder, sig, args):
        function = builder.module.globals.get("shared")
        if function is None:
            function = ir.Function(builder.module, ir.FunctionType(args[0].type, [args[0].type]), "shared")
            function.linkage = "linkonce_odr"
            body = ir.IRBuilder(function.append_basic_block())
            body.ret(body.mul(function.args[0], args[0].type(7)))
        return builder.call(function, args)

    return numba.int64(numba.int64), codegen


@inlined
def _by_shared(x):
    return _shared(x)


def shares(y, a):
    store_i64(y, 0, _shared(a) + _by_shared(a + load_i64(y, 0)))


def test_functions_of_intrinsics_are_shared_by_the_modules_of_a_family(monkeypatch: pytest.MonkeyPatch) -> None:
    module = family_module(family(monkeypatch, shares))
    assert [f.name for f in module.functions if "shared" in f.name and not f.name.startswith("_Z")] == ["shared"]
    found = (ctypes.c_int64 * 1)(2)
    native(monkeypatch, shares)(ctypes.addressof(found), 5)
    assert list(found) == [7 * 5 + 7 * (5 + 2)]


def _late(x):
    raise NotImplementedError


@overload(_late)
def _overloaded(x):
    return lambda x: x + 1


def test_what_kernels_may_not_call_is_said_when_they_are_compiled() -> None:
    def calls_an_overload(y, a):
        store_i64(y, 0, _late(a))

    def rounds(y, a):
        store_i64(y, 0, int(float(a)))

    for kernel, missing in ((calls_an_overload, "_late of int64|_late at"), (rounds, "'int'> of float64")):
        with compile_lock, pytest.raises(TypingError, match=missing):
            lower_kernel(kernel, 2)
