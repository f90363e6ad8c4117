"""The parts of numba that are not for its users, all in one place: what is to be looked at when numba changes.

`pyproject.toml` bounds its version by those that the tests have passed with. All else that modelc takes of numba and
llvmlite is public: `numba.njit`, `numba.types`, `numba.extending`, `llvmlite.ir` and `llvmlite.binding`.
"""

from __future__ import annotations

from collections.abc import Callable

from numba import types
from numba.core import compiler
from numba.core.compiler_lock import global_compiler_lock as compile_lock
from numba.core.errors import TypingError
from numba.core.registry import cpu_target
from numba.core.typing.templates import AbstractTemplate, AttributeTemplate, infer_global, signature

__all__ = [
    "AbstractTemplate",
    "AttributeTemplate",
    "TypingError",
    "compile_lock",
    "infer_global",
    "signature",
    "typed_and_lowered",
]


def typed_and_lowered(function: Callable[..., None], arity: int) -> tuple[str, str]:
    """Compile a function of so many int64 to LLVM IR, with everything that it calls: its symbol and the module's text.

    The symbol takes two pointers before the words: where a result and an exception would go. The caller holds
    `compile_lock`.
    """
    flags = compiler.Flags()
    flags.no_compile = flags.no_cpython_wrapper = flags.no_cfunc_wrapper = True
    flags.error_model = "numpy"
    flags.nrt = False
    compiled = compiler.compile_extra(
        cpu_target.typing_context, cpu_target.target_context, function, (types.int64,) * arity, types.void, flags, {}
    )
    compiled.library.finalize()
    return compiled.fndesc.mangled_name, compiled.library.get_llvm_str()
