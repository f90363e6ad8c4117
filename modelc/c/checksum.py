"""The check of a weights file: CRC-32 as of zlib and PNG (ISO 3309), eight bytes at a time.

A byte of the file changes the remainder by a number that follows from the byte and its distance from the end of the
eight: 8 tables of 256 numbers (Kounavis and Berry, "A Systematic Approach to Building High Performance Software-based
CRC Generators", 2005).
"""

from __future__ import annotations

_POLYNOMIAL = 0xEDB88320
_BYTES = 8


def _tables() -> list[list[int]]:
    """By the distance from the last of eight bytes, what each byte adds to the remainder."""
    first: list[int] = []
    for byte in range(256):
        for _ in range(8):
            byte = byte >> 1 ^ (_POLYNOMIAL if byte & 1 else 0)
        first.append(byte)
    tables = [first]
    for _ in range(_BYTES - 1):
        tables.append([n >> 8 ^ first[n & 255] for n in tables[-1]])
    return tables


def checksum_code() -> str:
    """`@checksum(data, bytes)` as LLVM IR: the CRC-32 of so many bytes, a multiple of 8, on an address of words."""
    rows = [f"[256 x i32] [{', '.join(f'i32 {n}' for n in table)}]" for table in _tables()]
    steps: list[str] = []
    for i in range(_BYTES):
        steps += [
            f"%shifted{i} = lshr i64 %mixed, {8 * i}",
            f"%byte{i} = and i64 %shifted{i}, 255",
            f"%place{i} = getelementptr [8 x [256 x i32]], ptr @checksum_tables, i64 0, i64 {_BYTES - 1 - i}, "
            f"i64 %byte{i}",
            f"%part{i} = load i32, ptr %place{i}, align 4",
            f"%sum{i} = xor i32 {f'%sum{i - 1}' if i else '0'}, %part{i}",
        ]
    body = "\n  ".join(steps)
    return f"""
@checksum_tables = internal constant [8 x [256 x i32]] [{", ".join(rows)}], align 64

define internal i32 @checksum(ptr %data, i64 %bytes) {{
begin:
  br label %next
next:
  %at = phi i64 [0, %begin], [%after, %word]
  %crc = phi i32 [-1, %begin], [%sum7, %word]
  %more = icmp ult i64 %at, %bytes
  br i1 %more, label %word, label %end
word:
  %address = getelementptr i8, ptr %data, i64 %at
  %read = load i64, ptr %address, align 8
  %wide = zext i32 %crc to i64
  %mixed = xor i64 %read, %wide
  {body}
  %after = add i64 %at, 8
  br label %next
end:
  %turned = xor i32 %crc, -1
  ret i32 %turned
}}
"""
