"""Reading a kernel's context, and raw typed loads and stores, as numba intrinsics.

Addresses are plain int64. Indices count elements, not bytes.
"""

from __future__ import annotations

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from modelc.native.code.layout import CTX_BATCH, CTX_BUFFERS, CTX_ERROR

_F32, _F64, _I32, _I64 = ir.FloatType(), ir.DoubleType(), ir.IntType(32), ir.IntType(64)


def _element(builder: ir.IRBuilder, address, index, element: ir.Type):
    return builder.gep(builder.inttoptr(address, element.as_pointer()), [index])


def _make_load(numba_type, element: ir.Type):
    @intrinsic
    def load(typingctx, address, index):
        def codegen(context, builder, signature, args):
            return builder.load(_element(builder, args[0], args[1], element), align=4)

        return numba_type(types.int64, types.int64), codegen

    return load


def _make_store(numba_type, element: ir.Type):
    @intrinsic
    def store(typingctx, address, index, value):
        def codegen(context, builder, signature, args):
            builder.store(args[2], _element(builder, args[0], args[1], element), align=4)
            return context.get_dummy_value()

        return types.void(types.int64, types.int64, numba_type), codegen

    return store


load_f32 = _make_load(types.float32, _F32)
load_f64 = _make_load(types.float64, _F64)
load_i32 = _make_load(types.int32, _I32)
load_i64 = _make_load(types.int64, _I64)
store_f32 = _make_store(types.float32, _F32)
store_i32 = _make_store(types.int32, _I32)
store_i64 = _make_store(types.int64, _I64)


WORDS = _I64.as_pointer()


def words_at(builder: ir.IRBuilder, address: ir.Value) -> ir.Value:
    """The int64 `address` as a pointer to words."""
    return builder.inttoptr(address, WORDS)


def _load_word(builder: ir.IRBuilder, words: ir.Value, index: ir.Value) -> ir.Value:
    """Emit the load of word `index`."""
    return builder.load(builder.gep(words, [index]), align=8)


def _batch(builder: ir.IRBuilder, ctx: ir.Value) -> ir.Value:
    return _load_word(builder, ctx, _I64(CTX_BATCH))


def emit_dim(builder: ir.IRBuilder, ctx: ir.Value, words: ir.Value, index: ir.Value) -> ir.Value:
    """Emit the reading of the Dim at word `index`: n, or n * B where it is stored as -n."""
    value = _load_word(builder, words, index)
    before = builder.block
    with builder.if_then(builder.icmp_signed("<", value, _I64(0))):
        scaled = builder.mul(builder.neg(value), _batch(builder, ctx), flags=["nsw"])
        inside = builder.block
    result = builder.phi(_I64)
    result.add_incoming(value, before)
    result.add_incoming(scaled, inside)
    return result


def emit_operand(builder: ir.IRBuilder, ctx: ir.Value, words: ir.Value, index: ir.Value) -> ir.Value:
    """Emit the address of the Operand from word `index` on, or 0 where it is absent."""

    def word(after: int) -> ir.Value:
        return _load_word(builder, words, builder.add(index, _I64(after)))

    buffer = word(0)
    before = builder.block
    with builder.if_then(builder.icmp_signed(">=", buffer, _I64(0))):
        base = _load_word(builder, ctx, builder.add(buffer, _I64(CTX_BUFFERS)))
        first = builder.add(base, word(1), flags=["nsw"])
        address = builder.add(first, builder.mul(word(2), _batch(builder, ctx), flags=["nsw"]), flags=["nsw"])
        inside = builder.block
    result = builder.phi(_I64)
    result.add_incoming(_I64(0), before)
    result.add_incoming(address, inside)
    return result


@intrinsic
def batch(typingctx, ctx):
    """The batch size of this call."""

    def codegen(context, builder, signature, args):
        return _batch(builder, words_at(builder, args[0]))

    return types.int64(types.int64), codegen


@intrinsic
def report_error(typingctx, ctx, error):
    """Tell the caller that a kernel met an error in the data, one of `ERROR_*`."""

    def codegen(context, builder, signature, args):
        builder.store(args[1], builder.gep(words_at(builder, args[0]), [_I64(CTX_ERROR)]), align=8)
        return context.get_dummy_value()

    return types.void(types.int64, types.int64), codegen


def stack_memory(size: int, align: int = 8):
    """A function for kernels that gives the address of `size` bytes on the caller's stack."""

    @intrinsic
    def allocate(typingctx):
        def codegen(context, builder, signature, args):
            with builder.goto_entry_block():
                memory = builder.alloca(ir.IntType(8), size)
            memory.align = align
            return builder.ptrtoint(memory, _I64)

        return types.int64(), codegen

    return allocate
