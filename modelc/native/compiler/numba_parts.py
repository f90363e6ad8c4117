"""The parts of numba that are not for its users, all in one place: what is to be looked at when numba changes.

`pyproject.toml` bounds its version by those that the tests have passed with. All else that modelc takes of numba and
llvmlite is public: `numba.njit`, `numba.types`, `numba.extending`, `llvmlite.ir` and `llvmlite.binding`.
"""

from __future__ import annotations

from numba.core import fastmathpass, optional  # noqa: F401 `optional` registers casts
from numba.core.compiler import CompilerBase, Flags, compile_extra
from numba.core.compiler_lock import global_compiler_lock as compile_lock
from numba.core.cpu import CPUContext
from numba.core.errors import NumbaError, TypingError
from numba.core.funcdesc import PythonFunctionDescriptor
from numba.core.lowering import Lower
from numba.core.targetconfig import ConfigStack
from numba.core.typed_passes import NopythonTypeInference, PreLowerStripPhis
from numba.core.typing import collections  # noqa: F401 it registers
from numba.core.typing.context import BaseContext as TypingContext
from numba.core.typing.templates import (
    AbstractTemplate,
    AttributeTemplate,
    RegistryLoader,
    Signature,
    _OverloadAttributeTemplate,
    _OverloadFunctionTemplate,
    builtin_registry,
    infer_global,
    signature,
)
from numba.core.untyped_passes import FixupArgs, GenericRewrites, ReconstructSSA, TranslateByteCode
from numba.cpython import builtins, iterators, listobj, mathimpl, numbers, rangeobj, tupleobj  # noqa: F401 they register

OVERLOADS = (_OverloadFunctionTemplate, _OverloadAttributeTemplate)
"""The templates of what `numba.extending.overload` and its kin define."""

PASSES = (
    TranslateByteCode,
    FixupArgs,
    GenericRewrites,
    ReconstructSSA,
    NopythonTypeInference,
    PreLowerStripPhis,
)
"""What numba does to a function before it is lowered, of its own pipeline only what kernels need: no closure, list,
array expression or parallel loop is looked for."""

__all__ = [
    "OVERLOADS",
    "PASSES",
    "AbstractTemplate",
    "AttributeTemplate",
    "CPUContext",
    "CompilerBase",
    "ConfigStack",
    "Flags",
    "Lower",
    "NumbaError",
    "PythonFunctionDescriptor",
    "RegistryLoader",
    "Signature",
    "TypingContext",
    "TypingError",
    "builtin_registry",
    "compile_extra",
    "compile_lock",
    "fastmathpass",
    "infer_global",
    "mathimpl",
    "signature",
]
