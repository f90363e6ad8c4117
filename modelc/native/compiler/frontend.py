"""Kernels to LLVM IR by numba's types and lowering without the rest of numba, which takes a third of the time.

numba's own `njit` looks for arrays, lists, closures and parallel loops in every function, tries each operator's
overloads for strings and sets on two integers, and emits machine code for every helper that a kernel calls. Kernels
have numbers, vectors and records only, so their functions are typed in a context that knows no more; what an operator
gives for two types is resolved once; and a helper is one module of LLVM IR, which is made once for all that call it.

Functions that `numba.njit` decorates, and intrinsics, are called as in numba. Functions that `numba.extending.overload`
defines are not found.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from llvmlite import ir
from numba import types

from modelc.native.compiler.numba_parts import (
    OVERLOADS,
    PASSES,
    CompilerBase,
    ConfigStack,
    CPUContext,
    Flags,
    Lower,
    NumbaError,
    PythonFunctionDescriptor,
    RegistryLoader,
    Signature,
    TypingContext,
    TypingError,
    builtin_registry,
    compile_extra,
    fastmathpass,
    mathimpl,
    signature,
)


class LoweredFunction:
    """A function for given types as a module of LLVM IR, and the functions that it calls."""

    def __init__(self, context: _Lowering) -> None:
        self._context = context
        self.callees: list[LoweredFunction] = []

    @property
    def name(self) -> str:
        """The symbol of the function."""
        return self.fndesc.mangled_name

    def modules(self) -> Iterator[str]:
        """The texts of its module and of those of all functions that it calls, each once."""
        found: dict[LoweredFunction, None] = {}
        waiting = [self]
        while waiting:
            one = waiting.pop()
            if one not in found:
                found[one] = None
                waiting += one.callees
        return (one.text for one in found)

    def create_ir_module(self, name: str) -> ir.Module:
        """The module that numba lowers the function to, which calls this what it calls a library of code."""
        return self._context.create_module(name)

    def add_ir_module(self, module: ir.Module) -> None:
        """Take the module when the function is lowered."""
        self.text = str(module)

    def finish(self, fndesc: PythonFunctionDescriptor) -> LoweredFunction:
        """Set what numba says about the function that was lowered."""
        self.fndesc = fndesc
        return self


class _Types(TypingContext):
    """What calls and operators give for types, each resolved once."""

    def init(self) -> None:
        self._signatures: dict[tuple, Signature] = {}
        self._attributes_of: dict[tuple, types.Type | None] = {}
        self._emitters: dict[tuple, Callable[..., Any]] = {}
        self._helpers: dict[tuple, LoweredFunction] = {}
        self._loader = RegistryLoader(builtin_registry)

    def refresh(self) -> None:
        """Take what was registered since, but for attributes by overloads, which would have all of numba loaded."""
        for template in self._loader.new_registrations("functions"):
            self.insert_function(template(self))
        for template in self._loader.new_registrations("attributes"):
            if not issubclass(template, OVERLOADS):
                self.insert_attributes(template(self))
        for value, kind in self._loader.new_registrations("globals"):
            known = self._lookup_global(value)
            if known is not None:
                self._remove_global(value)
                kind = known.augment(kind)
            self.insert_global(value, kind)

    def resolve_function_type(self, func, args, kws):
        """The signature of a call of `func`, a numba type or an operator, with operands of these types."""
        if kws:
            return super().resolve_function_type(func, args, kws)
        # The values of constants matter to indices only: all else is typed by the types of its operands.
        plain = args if isinstance(func, str) else tuple(types.unliteral(a) for a in args)
        found = self._signatures.get((func, plain))
        if found is None:
            found = self._resolve(func, plain)
            if found is not None:
                self._signatures[func, plain] = found
        return found

    def _resolve(self, func, args):
        if isinstance(func, types.Dispatcher):
            return signature(self.helper(func.dispatcher, args).fndesc.restype, *args)
        if not isinstance(func, types.Function):
            return super().resolve_function_type(func, args, {})
        if func.typing_key in _EXTREMES and all(isinstance(a, types.Number) for a in args):
            self._emitters[func, args] = _EXTREMES[func.typing_key]
            return signature(self.unify_types(*args), *args)
        define = getattr(func.templates[0], "_definition_func", None)
        if define is not None:  # an intrinsic
            found, emit = define(self, *args)
            self._emitters[func, found.args] = emit
            return found
        for template in func.templates:
            if not issubclass(template, OVERLOADS):
                one = template(self)
                try:
                    found = one.apply(args, {})
                except NumbaError:
                    continue
                if found is not None:
                    func._impl_keys[found.args] = one.get_impl_key(found)
                    return found
        raise TypingError(f"kernels have no {func.typing_key} of {', '.join(map(str, args)) or 'nothing'}")

    def resolve_value_type(self, val):
        """The type of a global. Of a class such as `range`, numba would first load all that it might be."""
        known = self._lookup_global(val) if isinstance(val, type) else None
        return super().resolve_value_type(val) if known is None else known

    def resolve_getattr(self, typ, attr):
        """The type of an attribute, None where there is none."""
        key = typ, attr
        if key not in self._attributes_of:
            self._attributes_of[key] = super().resolve_getattr(typ, attr)
        return self._attributes_of[key]

    def resolve_setitem(self, target, index, value):
        """The signature of `target[index] = value`."""
        return self.resolve_function_type(self.resolve_value_type(operator.setitem), (target, index, value), {})

    def emitter(self, func, args) -> Callable[..., Any] | None:
        """What emits a call of an intrinsic, whose types `resolve_function_type` has found."""
        return self._emitters.get((func, args))

    def helper(self, dispatcher, args) -> LoweredFunction:
        """The function of a `numba.njit` for operands of these types."""
        key = dispatcher, args
        if key not in self._helpers:
            options = dispatcher.targetoptions
            inline = options.get("forceinline", False) or options.get("inline") == "always"
            self._helpers[key] = _lower(dispatcher.py_func, args, None, inline, options.get("fastmath"))
        return self._helpers[key]

    def subroutine(self, function, sig: Signature) -> LoweredFunction:
        """A function by which numba itself implements an operator."""
        key = function.__code__, function.__closure__, sig.args
        if key not in self._helpers:
            self._helpers[key] = _lower(function, sig.args, sig.return_type)
        return self._helpers[key]


class _Lowering(CPUContext):
    """How calls and operators become LLVM IR."""

    def load_additional_registries(self) -> None:
        self.install_registry(mathimpl.registry)

    def post_lowering(self, mod, library) -> None:
        if self.fastmath:
            fastmathpass.rewrite_module(mod, self.fastmath)

    def get_function(self, fn, sig, _firstcall=True):
        """What emits a call of `fn`."""
        known = self.typing_context
        if isinstance(fn, types.Dispatcher):
            helper = self._called(known.helper(fn.dispatcher, sig.args))

            def call(builder, args, loc=None):
                _, result = self.call_internal_no_propagate(builder, helper.fndesc, sig, args)  # kernels raise nothing
                return result

            return call
        emit = known.emitter(fn, sig.args)
        if emit is not None:
            return lambda builder, args, loc=None: emit(self, builder, sig, args)
        return super().get_function(fn, sig, _firstcall)

    def compile_subroutine(self, builder, impl, sig, locals=None, flags=None, caching=True) -> LoweredFunction:
        return self._called(self.typing_context.subroutine(impl, sig))

    def _called(self, lowered: LoweredFunction) -> LoweredFunction:
        self.active_code_library.callees.append(lowered)
        return lowered


def _extreme(compare: Callable[..., Any]) -> Callable[..., Any]:
    """Emits `min` or `max` of numbers as Python has them: an operand that compares so with the best before it."""

    def emit(context, builder, sig, args):
        kind = sig.return_type
        is_better = context.get_function(compare, types.boolean(kind, kind))
        best, *others = (context.cast(builder, a, t, kind) for a, t in zip(args, sig.args, strict=True))
        for other in others:
            best = builder.select(is_better(builder, (other, best)), other, best)
        return best

    return emit


_EXTREMES = {min: _extreme(operator.lt), max: _extreme(operator.gt)}


class _Compiler(CompilerBase):
    """numba's compiler with the passes that kernels need."""

    def define_pipelines(self):
        return []

    def _compile_core(self) -> LoweredFunction:
        state = self.state
        with ConfigStack().enter(state.flags.copy()):
            for each in PASSES:
                each().run_pass(state)
            context = state.targetctx
            fndesc = PythonFunctionDescriptor.from_specialized_function(
                state.func_ir,
                state.typemap,
                state.return_type,
                state.calltypes,
                mangler=context.mangler,
                inline=state.flags.forceinline,
                noalias=False,
                abi_tags=(),
            )
            lowered = LoweredFunction(context)
            with context.push_code_library(lowered):
                Lower(context, lowered, fndesc, state.func_ir, metadata=state.metadata).lower()
            return lowered.finish(fndesc)


@cache
def _context() -> _Lowering:
    return _Lowering(_Types())


def _lower(function, args, result: types.Type | None, inline: bool = False, fastmath: object = None) -> LoweredFunction:
    context = _context()
    flags = Flags()
    flags.no_compile = flags.no_cpython_wrapper = flags.no_cfunc_wrapper = True
    flags.error_model = "numpy"
    flags.nrt = False
    flags.forceinline = inline
    if fastmath:
        flags.fastmath = fastmath
    return compile_extra(context.typing_context, context, function, args, result, flags, {}, pipeline_class=_Compiler)


def lower_kernel(function: Callable[..., None], arity: int) -> LoweredFunction:
    """A function of so many int64 as LLVM IR. Its symbol takes two pointers before the words, which it does not use.

    The caller holds `compile_lock`.

    Raises:
        NumbaError: the function is none that numba compiles, or calls something that is not found here.
    """
    _context().refresh()  # what was registered since
    return _lower(function, (types.int64,) * arity, types.void)
