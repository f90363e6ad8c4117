"""Shared memory between threads and calls through addresses, as numba intrinsics over int64 words.

What each kind of machine has a name of its own for is emitted for this one, as numba compiles it here in any case:
`compiler/bitcode.py` puts in the names of another.
"""

from __future__ import annotations

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from modelc.native.target import host, this_machine
from modelc.system.objects.outside import THREAD, YIELD, has_posix_threads

_I64 = ir.IntType(64)


def _word(builder: ir.IRBuilder, address, index):
    return builder.gep(builder.inttoptr(address, _I64.as_pointer()), [index])


@intrinsic
def load_acquire(typingctx, address, index):
    """The word at `address[index]`; what its writer stored before is then visible."""

    def codegen(context, builder, signature, args):
        return builder.load_atomic(_word(builder, *args), "acquire", 8)

    return types.int64(types.int64, types.int64), codegen


@intrinsic
def store_release(typingctx, address, index, value):
    """Write the word at `address[index]`, after everything written before it."""

    def codegen(context, builder, signature, args):
        builder.store_atomic(args[2], _word(builder, args[0], args[1]), "release", 8)
        return context.get_dummy_value()

    return types.void(types.int64, types.int64, types.int64), codegen


@intrinsic
def fetch_add(typingctx, address, index, value):
    """Add to the word at `address[index]` in one step and give what it was before."""

    def codegen(context, builder, signature, args):
        return builder.atomic_rmw("add", _word(builder, args[0], args[1]), args[2], "acq_rel")

    return types.int64(types.int64, types.int64, types.int64), codegen


@intrinsic
def pause(typingctx):
    """Tell the core that this is a spin loop."""

    def codegen(context, builder, signature, args):
        triple = this_machine().triple
        if triple.startswith("x86_64"):
            kind = ir.FunctionType(ir.VoidType(), [])
            builder.call(_declare(builder.module, kind, "llvm.x86.sse2.pause"), [])
        elif triple.startswith(("aarch64", "arm64")):
            kind = ir.FunctionType(ir.VoidType(), [ir.IntType(32)])
            builder.call(_declare(builder.module, kind, "llvm.aarch64.hint"), [ir.Constant(ir.IntType(32), 1)])
        return context.get_dummy_value()

    return types.void(), codegen


@intrinsic
def yield_core(typingctx):
    """Let another thread have the core, if one waits for it. A system without `sched_yield` is only paused for."""

    def codegen(context, builder, signature, args):
        if has_posix_threads(host().triple):
            builder.call(_declare(builder.module, ir.FunctionType(ir.IntType(32), []), YIELD), [])
        return context.get_dummy_value()

    return types.void(), codegen


@intrinsic
def this_thread(typingctx):
    """Which thread this is, as `threading.get_ident` has it; always 0 on a system without `pthread_self`."""

    def codegen(context, builder, signature, args):
        if not has_posix_threads(host().triple):
            return ir.Constant(_I64, 0)
        return builder.call(_declare(builder.module, ir.FunctionType(_I64, []), THREAD), [])

    return types.int64(), codegen


@intrinsic
def ticks(typingctx):
    """A clock of its own unit that any thread may read in some nanoseconds; always 0 where there is none."""

    def codegen(context, builder, signature, args):
        triple = this_machine().triple
        if triple.startswith("x86_64"):
            name = "llvm.readcyclecounter"
        elif triple.startswith(("aarch64", "arm64")):
            name = "llvm.readsteadycounter"  # the cycle counter is not for user programs there
        else:
            return ir.Constant(_I64, 0)
        return builder.call(_declare(builder.module, ir.FunctionType(_I64, []), name), [])

    return types.int64(), codegen


@intrinsic
def call_kernel(typingctx, kernel, ctx, params, begin, end):
    """Call the kernel at address `kernel`."""

    def codegen(context, builder, signature, args):
        pointer = ir.FunctionType(ir.VoidType(), [_I64] * 4).as_pointer()
        builder.call(builder.inttoptr(args[0], pointer), list(args[1:]))
        return context.get_dummy_value()

    return types.void(*[types.int64] * 5), codegen


def _declare(module: ir.Module, kind: ir.FunctionType, name: str) -> ir.Function:
    found = module.globals.get(name)
    return found if found is not None else ir.Function(module, kind, name)
