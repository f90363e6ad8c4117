"""Requests and answers between the process that listens and those that compute: frames over a pair of sockets.

A frame is the lengths of its two parts as little-endian numbers of 32 and 64 bits, then JSON of what there is to say,
then the bytes of a body. Both ends are processes of one server, which trust each other.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from struct import Struct
from typing import Any

import orjson

_LENGTHS = Struct("<IQ")
_BUFFER = 2**22
"""The bytes that the system is asked to hold between two processes, so that neither waits for the other in between."""

Body = bytes | bytearray
Headers = Sequence[Sequence[str]]
"""Names and values."""


@dataclass(frozen=True, slots=True)
class Handed:
    """A request as it came over HTTP, but for the connection."""

    method: str
    path: str
    query: str
    headers: Headers
    body: Body = b""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent back to whom it came from."""

    status: int
    headers: Headers
    body: Body


class EndedError(Exception):
    """The other end is gone, or sends nothing more."""


class Wire(asyncio.BufferedProtocol):
    """One end of a pair of sockets: frames go out with `send`, and come in with `receive`, one by one.

    The system writes what comes in where it stays, so that a picture is copied once.
    """

    def __init__(self) -> None:
        self._transport: Any = None
        self._frames = asyncio.Queue[tuple[dict[str, Any], Body] | None]()
        self._lengths: tuple[int, int] | None = None
        self._head: dict[str, Any] | None = None
        self._part, self._filled = bytearray(_LENGTHS.size), 0

    @classmethod
    async def over(cls, end: socket.socket) -> Wire:
        """The wire over a socket, which it closes."""
        for option in (socket.SO_SNDBUF, socket.SO_RCVBUF):
            end.setsockopt(socket.SOL_SOCKET, option, _BUFFER)
        loop = asyncio.get_running_loop()
        if end.family == socket.AF_INET:  # on Windows pairs are connections over loopback
            _, wire = await loop.create_connection(cls, sock=end)
        else:
            _, wire = await loop.create_unix_connection(cls, sock=end)
        return wire

    def send(self, head: Mapping[str, Any], body: Body = b"") -> None:
        """Send a frame, in the background where the other end does not read. Raises `EndedError`."""
        if self._transport.is_closing():
            raise EndedError
        said = orjson.dumps(head)
        first = _LENGTHS.pack(len(said), len(body)) + said
        self._transport.writelines([first, body] if body else [first])

    async def receive(self) -> tuple[dict[str, Any], Body]:
        """What the next frame says, and its bytes. Raises `EndedError`, also in the middle of one."""
        found = await self._frames.get()
        if found is None:
            self._frames.put_nowait(None)
            raise EndedError
        return found

    def end(self) -> None:
        """Send nothing more, which ends the `receive` of the other end; that can send still."""
        if not self._transport.is_closing():
            self._transport.write_eof()

    def close(self) -> None:
        """Close it when all is sent."""
        self._transport.close()

    # --- as a protocol of asyncio

    def connection_made(self, transport: Any) -> None:
        """Keep what frames are sent over."""
        self._transport = transport

    def get_buffer(self, sizehint: int) -> memoryview:
        """Where the rest of the part goes that is being read."""
        return memoryview(self._part)[self._filled :]

    def buffer_updated(self, nbytes: int) -> None:
        """So many bytes of the part have come."""
        self._filled += nbytes
        while self._filled == len(self._part):
            done, self._filled = self._part, 0
            if self._lengths is None:
                self._lengths = _LENGTHS.unpack(done)
                self._part = bytearray(self._lengths[0])
            elif self._head is None:
                self._head = orjson.loads(done)
                self._part = bytearray(self._lengths[1])
            else:
                self._frames.put_nowait((self._head, done))
                self._lengths = self._head = None
                self._part = bytearray(_LENGTHS.size)

    def eof_received(self) -> bool:
        """The other end sends nothing more; what it asked for can be sent to it still."""
        self._frames.put_nowait(None)
        return True

    def connection_lost(self, exc: Exception | None) -> None:
        """The other end is gone."""
        self._frames.put_nowait(None)
