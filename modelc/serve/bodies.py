"""Bodies of requests, read within bounds of size."""

from __future__ import annotations

import zlib

from starlette.requests import Request

from modelc.serve.mistakes import refused
from modelc.text.amounts import format_bytes

_WINDOWS = {"gzip": 31, "x-gzip": 31, "deflate": 15}
"""What zlib calls the encodings that are read."""


async def read_body(request: Request, most: int) -> bytes:
    """The body, uncompressed. Raises `RequestError`: 413 where it is larger than `most`, 415 for another encoding."""
    encoding = request.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in (*_WINDOWS, "identity"):
        raise refused(415, "E801", f"the encoding {encoding[:40]} is not read", "send identity, gzip or deflate")
    body = await read_raw(request, most)
    return body if encoding == "identity" else _uncompressed(body, encoding, most)


async def read_raw(request: Request, most: int) -> bytes:
    """The body as it was sent. Raises `RequestError` 413 where it is larger than `most`."""
    length = request.headers.get("content-length", "")
    if length.isdigit() and int(length) > most:
        raise _too_large(most)
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > most:
            raise _too_large(most)
        parts.append(part)
    return parts[0] if len(parts) == 1 else b"".join(parts)


def _uncompressed(body: bytes, encoding: str, most: int) -> bytes:
    stream = zlib.decompressobj(_WINDOWS[encoding])
    try:
        found = stream.decompress(body, most + 1)
    except zlib.error as error:
        raise refused(400, "E102", f"the body is not {encoding}, or damaged: {error}") from None
    if len(found) > most:
        raise _too_large(most)
    if not stream.eof:
        raise refused(400, "E102", f"the body ends in the middle of its {encoding}")
    return found


def _too_large(most: int) -> Exception:
    return refused(413, "E801", f"the body has more than {format_bytes(most)}", "send fewer samples at once")
