"""Objects laid out without LLVM: the same code as LLVM's linker gives, and what is not understood is left to it."""

from __future__ import annotations

import ctypes
import platform
import struct
import sys
from typing import Any

import numpy as np
import pytest

from modelc.native.code.layout import ABSENT, CTX_BATCH, CTX_BUFFERS
from modelc.native.compiler.catalog import FAMILIES
from modelc.native.compiler.load import load, load_all
from modelc.native.compiler.object_cache import ObjectCache
from modelc.native.compiler.object_names import object_name
from modelc.native.compiler.private_cache import default_directory
from modelc.native.families.elementwise.codes import UNARY_CODES
from modelc.native.families.elementwise.params import AFFINE
from modelc.native.target import host
from modelc.system.objects.elf import place
from modelc.system.objects.link import LOADER, link
from modelc.system.objects.outside import POSIX_FUNCTIONS
from tests.native.families.harness import Caller

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or platform.machine() != "x86_64", reason="objects of other systems are linked by LLVM"
)


@pytest.fixture(scope="module")
def code() -> bytes:
    """The object of a family that calls the system, and whose code is small."""
    load("walker")
    found = ObjectCache(default_directory()).read(object_name(FAMILIES["walker"], host()))
    assert found is not None
    return found


def _external() -> dict[str, int]:
    library = ctypes.CDLL(None)
    return {name: ctypes.cast(getattr(library, name), ctypes.c_void_p).value or 0 for name in POSIX_FUNCTIONS}


def test_code_is_that_of_llvms_linker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Constants, tables of jumps and calls are addresses, which differ; all else is the same."""
    load("softmax")
    object_code: Any = ObjectCache(default_directory()).read(object_name(FAMILIES["softmax"], host()))
    ours = link(object_code, ("softmax",))["softmax"]
    monkeypatch.setenv(LOADER, "llvm")
    theirs = link(object_code, ("softmax",))["softmax"]
    assert ours != theirs
    a, b = (np.frombuffer(ctypes.string_at(address, 4096), np.uint8) for address in (ours, theirs))
    differing = np.count_nonzero(a != b)
    assert 0 < differing < 1024, "addresses differ, instructions do not"


def test_llvms_linker_finds_what_another_object_shares(monkeypatch: pytest.MonkeyPatch) -> None:
    """`map_rows` of one object through `affine` of another."""
    load_all(["activations", "elementwise"])
    cache = ObjectCache(default_directory())
    code: Any = {name: cache.read(object_name(FAMILIES[name], host())) for name in ("activations", "elementwise")}
    monkeypatch.setenv(LOADER, "llvm")
    shared = link(code["activations"], ("map_rows",))
    affine = link(code["elementwise"], ("affine",), shared)["affine"]
    x, y = np.array([[1, -4, 9], [0, 3, -2]], np.float32), np.zeros((2, 3), np.float32)
    caller = Caller()
    values = {"y": caller.operand(y), "x": caller.operand(x), "scale": ABSENT, "shift": ABSENT}
    params = np.array(AFFINE.pack(**values, channels=3, code=UNARY_CODES["square"], p=(0.0, 0.0, 0.0)), np.int64)
    context = np.zeros(CTX_BUFFERS + 2, np.int64)
    context[CTX_BATCH], context[CTX_BUFFERS:] = 1, [b.ctypes.data for b in caller.buffers]
    ctypes.CFUNCTYPE(None, *[ctypes.c_int64] * 4)(affine)(context.ctypes.data, params.ctypes.data, 0, 2)
    np.testing.assert_array_equal(y, x * x)
    assert place(code["elementwise"], ("affine",), _external()) is None


def test_what_it_calls_must_be_known(code: bytes) -> None:
    assert place(code, ("walk", "work"), _external())
    assert place(code, ("walk", "work"), {}) is None
    assert place(code, ("walk", "other"), _external()).get("other") == 0  # pyright: ignore[reportOptionalMemberAccess]


def test_other_relocations_formats_and_machines_are_left_to_llvm(code: bytes) -> None:
    sections, count = struct.unpack_from("<Q", code, 0x28)[0], struct.unpack_from("<H", code, 0x3C)[0]
    rows = [struct.unpack_from("<IIQQQQIIQQ", code, sections + 64 * i) for i in range(count)]
    loaded = {i for i, row in enumerate(rows) if row[2] & 2 and row[1] != 0x70000001}
    entry = next(row[4] for row in rows if row[1] == 4 and row[7] in loaded)
    for at, value in ((entry + 8, b"\x02"), (18, b"\xb7"), (16, b"\x03"), (4, b"\x01")):
        changed = code[:at] + value + code[at + 1 :]
        assert place(changed, ("walk",), _external()) is None
    outside = code[:entry] + (1 << 40).to_bytes(8, "little") + code[entry + 8 :]
    assert place(outside, ("walk",), _external()) is None
    assert place(b"no object", ("walk",), _external()) is None
