"""Records as kernels read and write them: `args = view(POOL, ctx, params)`, then `args.x` or `args.size[2]`.

A view is two pointers that LLVM keeps in registers; reading a field is the load of its word, whose offset is known
when the kernel is compiled. A name that is no field, and an index beyond a run, are errors of compilation.
"""

from __future__ import annotations

import operator

from llvmlite import ir
from numba import types
from numba.extending import (
    infer,
    infer_getattr,
    intrinsic,
    lower_builtin,
    lower_getattr_generic,
    lower_setattr_generic,
    models,
    register_model,
    typeof_impl,
)

from modelc.native.code.memory import WORDS, emit_dim, emit_operand, words_at
from modelc.native.code.record import DIM, F32, F64, I64, OPERAND, FieldKind, Record
from modelc.native.compiler.numba_parts import AbstractTemplate, AttributeTemplate, TypingError, infer_global, signature

_READ = {I64: types.int64, DIM: types.int64, OPERAND: types.int64, F32: types.float32, F64: types.float64}
_F32, _F64, _I64 = ir.FloatType(), ir.DoubleType(), ir.IntType(64)


class _RecordType(types.Dummy):
    """The numba type of a record itself, which a kernel names."""

    def __init__(self, record: Record) -> None:
        self.record = record
        fields = (f"{field.name}:{'+'.join(kind.value for kind in field.kinds)}" for field in record.fields)
        super().__init__(name=f"Record({' '.join(fields)})")


class _ViewType(types.Type):
    """The numba type of a view of a record."""

    def __init__(self, record: _RecordType) -> None:
        self.record = record.record
        super().__init__(name=f"View{record.name}")


class _RunType(types.Type):
    """The numba type of a run: a field with several values."""

    def __init__(self, kinds: tuple[FieldKind, ...]) -> None:
        self.kinds = kinds
        super().__init__(name=f"Run({'+'.join(kind.value for kind in kinds)})")


register_model(_RecordType)(models.OpaqueModel)


@register_model(_ViewType)
@register_model(_RunType)
class _PointersModel(models.StructModel):
    """The addresses of the context and of the first word."""

    def __init__(self, dmm, fe_type):
        words = types.CPointer(types.int64)
        super().__init__(dmm, fe_type, [("ctx", words), ("words", words)])


@typeof_impl.register(Record)
def _type_of_record(record: Record, context) -> _RecordType:
    return _RecordType(record)


def _pointers(context, builder: ir.IRBuilder, kind: types.Type, ctx: ir.Value, words: ir.Value) -> ir.Value:
    """Emit the value of a view or a run: its two pointers."""
    empty = ir.Constant(context.get_value_type(kind), ir.Undefined)
    return builder.insert_value(builder.insert_value(empty, ctx, 0), words, 1)


@intrinsic
def view(typingctx, record, ctx, address):
    """The words from `address` on, as the fields of a record. `ctx` is the context, 0 if no operand or dim is read."""
    kind = _ViewType(record)

    def codegen(context, builder, sig, args):
        return _pointers(context, builder, kind, words_at(builder, args[1]), words_at(builder, args[2]))

    return kind(record, types.int64, types.int64), codegen


def on_stack(record: Record):
    """A function for kernels: a view of a record on the caller's stack, whose fields are undefined at first."""

    @intrinsic
    def new_view(typingctx):
        kind = _ViewType(_RecordType(record))

        def codegen(context, builder, sig, args):
            with builder.goto_entry_block():
                words = builder.alloca(_I64, record.size)
            return _pointers(context, builder, kind, ir.Constant(WORDS, None), words)

        return kind(), codegen

    return new_view


def emit_address(builder: ir.IRBuilder, viewed: ir.Value) -> ir.Value:
    """The address of the first word of a view."""
    return builder.ptrtoint(builder.extract_value(viewed, 1), _I64)


def emit_field(builder: ir.IRBuilder, record: Record, address: ir.Value, name: str, index: int = 0) -> ir.Value:
    """Emit the load of a number of the record at `address`: a field, or the value of a run at `index`."""
    field = record.field(name)
    assert field is not None and 0 <= index < len(field.kinds), f"{name}[{index}]"
    return _read_number(builder, words_at(builder, address), field.kinds[index], _I64(field.start + index))


def _read(builder: ir.IRBuilder, pointers: ir.Value, kind: FieldKind, index: ir.Value) -> ir.Value:
    """Emit the reading of a value from word `index` on."""
    ctx, words = builder.extract_value(pointers, 0), builder.extract_value(pointers, 1)
    if kind is OPERAND:
        return emit_operand(builder, ctx, words, index)
    if kind is DIM:
        return emit_dim(builder, ctx, words, index)
    return _read_number(builder, words, kind, index)


def _read_number(builder: ir.IRBuilder, words: ir.Value, kind: FieldKind, index: ir.Value) -> ir.Value:
    """Emit the load of an integer or a float."""
    place = builder.gep(words, [index])
    if kind is I64:
        return builder.load(place, align=8)
    assert kind in (F32, F64), f"{kind} is read with the context"
    value = builder.load(builder.bitcast(place, _F64.as_pointer()), align=8)
    return builder.fptrunc(value, _F32) if kind is F32 else value


def _write(builder: ir.IRBuilder, pointers: ir.Value, kind: FieldKind, index: ir.Value, value: ir.Value) -> None:
    """Emit the store of a number to word `index`; operands and dims are written by `Record.pack` only."""
    place = builder.gep(builder.extract_value(pointers, 1), [index])
    if kind in (F32, F64):
        value = builder.fpext(value, _F64) if kind is F32 else value
        place = builder.bitcast(place, _F64.as_pointer())
    elif kind is not I64:
        raise TypingError(f"kernels do not write fields of the kind {kind.value}")
    builder.store(value, place, align=8)


@infer_getattr
class _Fields(AttributeTemplate):
    key = _ViewType

    def generic_resolve(self, typ, attr):
        field = typ.record.field(attr)
        if field is None:
            raise TypingError(f"`{attr}` is none of the fields {', '.join(field.name for field in typ.record.fields)}")
        return _RunType(field.kinds) if field.is_run else _READ[field.kinds[0]]


@lower_getattr_generic(_ViewType)
def _get_field(context, builder, typ, value, attr):
    field = typ.record.field(attr)
    if not field.is_run:
        return _read(builder, value, field.kinds[0], _I64(field.start))
    words = builder.gep(builder.extract_value(value, 1), [_I64(field.start)])
    return _pointers(context, builder, _RunType(field.kinds), builder.extract_value(value, 0), words)


@lower_setattr_generic(_ViewType)
def _set_field(context, builder, sig, args, attr):
    field = sig.args[0].record.field(attr)
    if field.is_run:
        raise TypingError(f"`{attr}` is a run: its values are written one by one")
    _write(builder, args[0], field.kinds[0], _I64(field.start), args[1])


@infer
class _StaticItem(AbstractTemplate):
    """The type of `run[2]`, whose index is known: each value may have a kind of its own."""

    key = "static_getitem"

    def generic(self, args, kws):
        run, index = args
        if not isinstance(run, _RunType):
            return None
        if not isinstance(index, int) or not 0 <= index < len(run.kinds):
            raise TypingError(f"{index} is no index of a run of {len(run.kinds)}")
        return signature(_READ[run.kinds[index]], *args)


@lower_builtin("static_getitem", _RunType, types.IntegerLiteral)
def _get_static_item(context, builder, sig, args):
    return _read(builder, args[0], sig.args[0].kinds[args[1]], _I64(args[1]))


def _one_kind(run: _RunType) -> FieldKind:
    """The kind of all values of a run."""
    if len(set(run.kinds)) != 1:
        raise TypingError(f"a run of several kinds is read by constant indices only: {run.name}")
    return run.kinds[0]


@infer_global(operator.getitem)
class _Item(AbstractTemplate):
    """The type of `run[axis]`."""

    def generic(self, args, kws):
        run, index = args
        if not isinstance(run, _RunType) or not isinstance(index, types.Integer):
            return None
        return signature(_READ[_one_kind(run)], run, types.int64)


@lower_builtin(operator.getitem, _RunType, types.int64)
def _get_item(context, builder, sig, args):
    return _read(builder, args[0], _one_kind(sig.args[0]), args[1])


@infer_global(operator.setitem)
class _SetItem(AbstractTemplate):
    """The type of `run[row] = value`."""

    def generic(self, args, kws):
        run, index, _ = args
        if not isinstance(run, _RunType) or not isinstance(index, types.Integer):
            return None
        return signature(types.void, run, types.int64, _READ[_one_kind(run)])


@lower_builtin(operator.setitem, _RunType, types.int64, types.Number)
def _set_item(context, builder, sig, args):
    _write(builder, args[0], _one_kind(sig.args[0]), args[1], args[2])


@infer_global(len)
class _Length(AbstractTemplate):
    """The type of `len(run)`."""

    def generic(self, args, kws):
        return signature(types.int64, *args) if isinstance(args[0], _RunType) else None


@lower_builtin(len, _RunType)
def _length(context, builder, sig, args):
    return _I64(len(sig.args[0].kinds))
