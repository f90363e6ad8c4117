"""The cache of compiled objects: each with a digest of its name and its code, so that an object under another's name is
not loaded either.

The cache has a limit of bytes, MODELC_CACHE_SIZE. Where a new object exceeds it, those that were not used for longest
are removed.
"""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from typing import ClassVar

from modelc.errors import InputError
from modelc.native.compiler.private_cache import PrivateCache, tell_once
from modelc.text.amounts import parse_bytes

DEFAULT_LIMIT = 64 * 2**20
"""The bytes that the cache may take where MODELC_CACHE_SIZE does not say: some 60 times what one version compiles."""


def default_limit() -> int:
    """MODELC_CACHE_SIZE in bytes; 0 for a cache that keeps nothing. Raises `InputError` where it is no amount."""
    return asked_limit("MODELC_CACHE_SIZE", DEFAULT_LIMIT)


def asked_limit(variable: str, default: int) -> int:
    """The bytes that an environment variable allows a cache. Raises `InputError` where they are no amount."""
    asked = os.environ.get(variable, "").strip()
    if not asked:
        return default
    amount = parse_bytes(asked)
    if amount is None:
        raise InputError(
            f"{variable} is {asked[:60]!r}, which is not an amount of memory",
            "write a number of bytes, or such as 64MB; 0 disables the cache",
        )
    return amount


@dataclass(frozen=True)
class DigestedCache(PrivateCache):
    """Small files that are read whole, each behind a digest of its name and its bytes."""

    VERSION: ClassVar[bytes]
    """What a file begins with."""

    limit: int = DEFAULT_LIMIT

    def read(self, name: str) -> bytes | None:
        """The bytes, or None where there is no file that is whole, of this name, and safe to load."""
        file = self.opened(name)
        if file is None:
            return None
        try:
            with file:
                data = unsealed(self.VERSION, name, file.read())
        except OSError:
            return None
        if data is None:
            tell_once(f"{self.path(name)} is damaged and will be made again")
            return None
        with suppress(OSError):
            os.utime(self.path(name))
        return data

    def write(self, name: str, data: bytes) -> bool:
        """Keep the bytes, in place of any others of that name; False where the directory does not allow it."""
        return self.put(name, sealed(self.VERSION, name, data))


class ObjectCache(DigestedCache):
    """Objects by file name in one directory."""

    SUFFIX = ".o"
    MAGIC = b"modelc object "
    VERSION = b"modelc object 2\n"


def sealed(version: bytes, name: str, data: bytes) -> tuple[bytes, bytes]:
    """What a file of that name holds: a header with its version and a digest, and the bytes."""
    return version + _digest(name, data), data


def unsealed(version: bytes, name: str, held: bytes) -> bytes | None:
    """The bytes of a file of that name; None where what it holds is not what `sealed` made of them."""
    length = len(version) + sha256().digest_size
    header, data = held[:length], held[length:]
    return data if header == version + _digest(name, data) else None


def _digest(name: str, data: bytes) -> bytes:
    digest = sha256(f"{name}\n".encode())
    digest.update(data)
    return digest.digest()
