"""Routines: functions over terms that kernels call, each one LLVM function in the object.

A kernel itself is written for numba: which units, which addresses. Its loops over elements are routines, which are
emitted as they are and so cost numba no time. Integer arguments come as int64 terms, floats as terms of one number.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from llvmlite import ir
from numba import types
from numba.core.imputils import lower_builtin
from numba.core.typing.templates import AbstractTemplate, infer_global, signature

from modelc.kernels.simd import F32, F64, I64
from modelc.kernels.terms import Term

Emit = Callable[..., None]
_NUMBA = {I64: types.int64, F32: types.float32, F64: types.float64}


def routine(name: str, parameters: Sequence[ir.Type], emit: Emit) -> Callable[..., None]:
    """The routine that does what `emit(*terms)` emits."""

    def body(builder: ir.IRBuilder, args: list[ir.Value]) -> None:
        emit(*(Term(builder, arg) for arg in args))

    return _callable(name, parameters, body)


def switch(name: str, parameters: Sequence[ir.Type], cases: Mapping[int, Emit]) -> Callable[..., None]:
    """The routine of a code and parameters that does what `cases[code](*terms)` emits."""

    def body(builder: ir.IRBuilder, args: list[ir.Value]) -> None:
        code, *rest = args
        end = builder.append_basic_block("end")
        chosen = builder.switch(code, end)
        for value, emit in cases.items():
            block = builder.append_basic_block("case")
            chosen.add_case(I64(value), block)
            builder.position_at_end(block)
            emit(*(Term(builder, arg) for arg in rest))
            builder.branch(end)
        builder.position_at_end(end)

    return _callable(name, (I64, *parameters), body)


def _callable(
    name: str, parameters: Sequence[ir.Type], body: Callable[[ir.IRBuilder, list[ir.Value]], None]
) -> Callable[..., None]:
    """A function that numba knows to call the LLVM function `modelc_name`, made with `body` at its first call."""

    def call(*args: float) -> None:
        raise TypeError(f"the routine `{name}` can only be called by a kernel")

    sig = signature(types.void, *(_NUMBA[kind] for kind in parameters))

    class Template(AbstractTemplate):
        def generic(self, args, kws):
            return sig

    def lower(context, builder, sig, args):
        builder.call(_function(builder.module, f"modelc_{name}", parameters, body), args)
        return context.get_dummy_value()

    infer_global(call)(Template)
    lower_builtin(call, *sig.args)(lower)
    return call


def _function(module: ir.Module, name: str, parameters: Sequence[ir.Type], body) -> ir.Function:
    if name in module.globals:
        return module.globals[name]
    function = ir.Function(module, ir.FunctionType(ir.VoidType(), parameters), name)
    function.linkage = "linkonce_odr"
    function.attributes.add("noinline")
    builder = ir.IRBuilder(function.append_basic_block("entry"))
    body(builder, list(function.args))
    builder.ret_void()
    return function
