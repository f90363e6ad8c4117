"""Relocations of x86-64 and AArch64: what is written where code or data refers to a symbol.

S is the address of the symbol, A the addend, P the place, G the address of the symbol's slot in the table of addresses.
System V ABI for AMD64, 4.4; ELF for the Arm 64-bit Architecture, 5.7.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass

from modelc.errors import CompileError
from modelc.system.objects.elf_format import AARCH64, X86_64


@dataclass(frozen=True)
class Machine:
    """What a linker has to know of a machine."""

    kinds: dict[int, Callable[[bytearray, int, int, int], None]]
    """By the kind of a relocation what writes it: into an image at a place, for S + A (or G + A) and P."""
    through_table: frozenset[int]
    """Those that take the address of the symbol's slot."""
    absolute: int
    """That of an address of 64 bits, which only the loader knows."""
    relative: int
    """What the loader does for it: the library's address plus a number."""
    imported: int
    """What the loader does for the slot of a symbol of another library."""
    stub: Callable[[int, int], bytes]
    """Code at an address that jumps to where the slot at another one says."""


STUB = 16
"""The bytes of a stub."""


def _write(image: bytearray, place: int, value: int, form: str) -> None:
    try:
        struct.pack_into(form, image, place, value)
    except struct.error:
        raise CompileError("the library is too large for its code to reach its data") from None


def _word32(image: bytearray, place: int, target: int, at: int) -> None:
    _write(image, place, target - at, "<i")


def _word64(image: bytearray, place: int, target: int, at: int) -> None:
    _write(image, place, target - at, "<q")


def _instruction(image: bytearray, place: int, mask: int, bits: int) -> None:
    (old,) = struct.unpack_from("<I", image, place)
    struct.pack_into("<I", image, place, old & ~mask | bits & mask)


def _reach(distance: int, bits: int) -> int:
    """A distance, which has so many bits with its sign."""
    if not -(1 << bits - 1) <= distance < 1 << bits - 1:
        raise CompileError("the library is too large for its code to reach its data")
    return distance


def _page(image: bytearray, place: int, target: int, at: int) -> None:
    """ADRP: the distance of two pages of 4 KiB, 21 bits in two parts."""
    pages = _reach((target >> 12) - (at >> 12), 21)
    _instruction(image, place, 0x60FFFFE0, (pages & 3) << 29 | (pages >> 2 & 0x7FFFF) << 5)


def _near(image: bytearray, place: int, target: int, at: int) -> None:
    """ADR: a distance of 21 bits."""
    distance = _reach(target - at, 21)
    _instruction(image, place, 0x60FFFFE0, (distance & 3) << 29 | (distance >> 2 & 0x7FFFF) << 5)


def _in_page(shift: int) -> Callable[[bytearray, int, int, int], None]:
    """ADD, LDR and STR: the place in a page, in units of what is read."""

    def write(image: bytearray, place: int, target: int, at: int) -> None:
        _instruction(image, place, 0x3FFC00, (target & 0xFFF) >> shift << 10)

    return write


def _branch(image: bytearray, place: int, target: int, at: int) -> None:
    """B and BL: a distance of 28 bits in words."""
    _instruction(image, place, 0x3FFFFFF, _reach(target - at, 28) >> 2)


def _stub_x86(at: int, slot: int) -> bytes:
    """`jmp *slot(%rip)`"""
    return (b"\xff\x25" + struct.pack("<i", slot - (at + 6))).ljust(STUB, b"\xcc")


def _stub_arm(at: int, slot: int) -> bytes:
    """`adrp x16, slot; ldr x17, [x16, #slot]; br x17; nop`"""
    code = bytearray(struct.pack("<4I", 0x90000010, 0xF9400211, 0xD61F0220, 0xD503201F))
    _page(code, 0, slot, at)
    _in_page(3)(code, 4, slot, at)
    return bytes(code)


MACHINES = {
    X86_64: Machine(
        # PC32, PLT32, PC64, GOTPCREL, GOTPCRELX, REX_GOTPCRELX
        {2: _word32, 4: _word32, 24: _word64, 9: _word32, 41: _word32, 42: _word32},
        frozenset({9, 41, 42}),
        absolute=1,
        relative=8,
        imported=6,
        stub=_stub_x86,
    ),
    AARCH64: Machine(
        # PREL64, PREL32; ADR_PREL_LO21, ADR_PREL_PG_HI21, ADD_ABS_LO12_NC, LDST8 to LDST128_ABS_LO12_NC;
        # JUMP26, CALL26; ADR_GOT_PAGE, LD64_GOT_LO12_NC
        {260: _word64, 261: _word32, 274: _near, 275: _page, 277: _in_page(0), 278: _in_page(0), 284: _in_page(1),
         285: _in_page(2), 286: _in_page(3), 299: _in_page(4), 282: _branch, 283: _branch, 311: _page,
         312: _in_page(3)},
        frozenset({311, 312}),
        absolute=257,
        relative=1027,
        imported=1025,
        stub=_stub_arm,
    ),
}  # fmt: skip
