"""`SocketExchange`: processes that reach each other by TCP, each of them all others.

Who dials in sends a secret first that only the processes of this run know. After that, a message is a header of 9 bytes
and what it announces: an array, whose size both sides know, or the reason why a process cannot go on. Nothing that
comes from a socket is unpickled, and no size that it names is allocated for but that of a reason, which is bounded.
"""

from __future__ import annotations

import hmac
import selectors
import socket
import struct
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelc.errors import LostWorkerError

Array = NDArray[Any]

_HEADER = struct.Struct("<BQ")
_ARRAY, _FAILED = 1, 2
_LONGEST_REASON = 4096
_TURN = 1.0
"""Seconds after which a wait looks at the clock."""
SECRET_BYTES = 32
RESUME = "continue from the last checkpoint with --resume, on any number of processes"


class SocketExchange:
    """One of the processes of a run; `peers` are its connections to the others, by rank."""

    def __init__(
        self, rank: int, peers: Mapping[int, socket.socket], computing: range, *, bucket_bytes: int, timeout: float
    ) -> None:
        self.rank = rank
        """The number of this process."""
        self.size = len(peers) + 1
        """How many processes there are."""
        self.computing = computing
        """The ranks of those that compute gradients."""
        self.bucket_bytes = bucket_bytes
        """The bytes of gradients that are sent at a time."""
        self._peers = peers
        self._timeout = timeout
        self._busy = threading.Lock()
        for peer in peers.values():
            peer.setblocking(False)

    def swap(self, sends: Sequence[Array], receives: Sequence[Array]) -> None:
        """Send to each process its array, and receive one from each; see `Exchange`."""
        with self._busy, selectors.DefaultSelector() as selector:
            waiting = 0
            for rank, peer in self._peers.items():
                link = _Link(rank, sends[rank], receives[rank])
                if link.events:
                    selector.register(peer, link.events, link)
                    waiting += 1
            deadline = time.monotonic() + self._timeout
            while waiting:
                ready = selector.select(_TURN)
                if not ready and time.monotonic() > deadline:
                    raise LostWorkerError(f"a process did not answer within {self._timeout:g} s", RESUME)
                for key, events in ready:
                    deadline = time.monotonic() + self._timeout
                    waiting -= self._advance(selector, key.fileobj, key.data, events)

    def _advance(self, selector: selectors.BaseSelector, peer: Any, link: _Link, events: int) -> bool:
        """Send and receive what can be at once; whether all of it is done."""
        before = link.events
        try:
            if events & selectors.EVENT_WRITE:
                link.send(peer)
            if events & selectors.EVENT_READ:
                link.receive(peer)
        except (BlockingIOError, InterruptedError):
            pass
        except OSError as error:
            link.look_for_reason(peer)
            raise LostWorkerError(
                f"the process of rank {link.rank} is gone: {error.strerror or error}", RESUME
            ) from None
        if not link.events:
            selector.unregister(peer)
            return True
        if link.events != before:
            selector.modify(peer, link.events, link)
        return False

    def fail(self, message: str) -> None:
        """Tell the others that this process cannot go on, and end the connections."""
        told = message.encode()[:_LONGEST_REASON]
        if self._busy.acquire(timeout=_TURN):  # else half of a message is on its way, and they see the end alone
            for peer in self._peers.values():
                with suppress(OSError):
                    peer.send(_HEADER.pack(_FAILED, len(told)) + told)
            self._busy.release()
        self.close()

    def close(self) -> None:
        """End the connections."""
        for peer in self._peers.values():
            with suppress(OSError):
                peer.shutdown(socket.SHUT_WR)
            peer.close()


class _Link:
    """What goes to a process and comes from it in one exchange."""

    def __init__(self, rank: int, send: Array, receive: Array) -> None:
        self.rank = rank
        self._out = [memoryview(_HEADER.pack(_ARRAY, send.nbytes)), _bytes(send)] if send.size else []
        self._size = receive.nbytes
        self._head = memoryview(bytearray(_HEADER.size))
        self._in = [self._head, _bytes(receive)] if receive.size else []

    @property
    def events(self) -> int:
        """What it waits for."""
        return selectors.EVENT_WRITE * bool(self._out) | selectors.EVENT_READ * bool(self._in)

    def send(self, peer: socket.socket) -> None:
        """Send as much as can be at once."""
        while self._out:
            sent = peer.send(self._out[0])
            self._out[0] = self._out[0][sent:]
            if not self._out[0]:
                self._out.pop(0)

    def receive(self, peer: socket.socket) -> None:
        """Receive as much as is there. Raises `LostWorkerError` where that is the end, or not what was expected."""
        while self._in:
            count = peer.recv_into(self._in[0])
            if not count:
                raise LostWorkerError(f"the process of rank {self.rank} is gone", RESUME)
            self._in[0] = self._in[0][count:]
            if not self._in[0]:
                self._in.pop(0)
                if len(self._in) == 1:
                    self._check(peer)

    def look_for_reason(self, peer: socket.socket) -> None:
        """Raise `LostWorkerError` with what the process told before it went, if it did: behind what it was to send."""
        with suppress(OSError):
            peer.settimeout(_TURN)
            self.receive(peer)
            self._raise_reason(peer, *_HEADER.unpack(receive_exactly(peer, _HEADER.size)))

    def _check(self, peer: socket.socket) -> None:
        """Raise `LostWorkerError` unless the array that comes is the expected one."""
        kind, size = _HEADER.unpack(self._head)
        self._raise_reason(peer, kind, size)
        if (kind, size) != (_ARRAY, self._size):
            raise LostWorkerError(f"the process of rank {self.rank} sent {size} bytes, expected {self._size}")

    def _raise_reason(self, peer: socket.socket, kind: int, size: int) -> None:
        if kind == _FAILED:
            peer.settimeout(_TURN)
            told = receive_exactly(peer, min(size, _LONGEST_REASON)).decode(errors="replace")
            raise LostWorkerError(f"the process of rank {self.rank} failed: {told}")


def _bytes(array: Array) -> memoryview:
    return array.reshape(-1).view(np.uint8).data


def receive_exactly(peer: socket.socket, size: int) -> bytes:
    """So many bytes from a socket. Raises `OSError` where they do not come."""
    found = bytearray()
    while len(found) < size:
        part = peer.recv(size - len(found))
        if not part:
            raise ConnectionError("the connection ended")
        found += part
    return bytes(found)


def listening(host: str) -> socket.socket:
    """A socket that others can dial, at any port."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.bind((host, 0))
    listener.listen()
    return listener


def dialled(host: str, port: int, secret: bytes, rank: int, timeout: float) -> socket.socket:
    """A connection to a process of the run, which is told the rank of this one."""
    peer = socket.create_connection((host, port), timeout)
    peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    peer.sendall(secret + struct.pack("<I", rank))
    return peer


def accepted(listener: socket.socket, secret: bytes, timeout: float) -> tuple[int, socket.socket]:
    """The rank and the connection of the next process that dials in and knows the secret; others are hung up on.

    Raises `LostWorkerError` where none comes in time.
    """
    deadline = time.monotonic() + timeout
    while (left := deadline - time.monotonic()) > 0:
        listener.settimeout(left)
        try:
            peer, _ = listener.accept()
        except TimeoutError:
            break
        with suppress(OSError):
            peer.settimeout(min(left, 10.0))
            peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            told = receive_exactly(peer, len(secret) + 4)
            if hmac.compare_digest(told[:-4], secret):
                return struct.unpack("<I", told[-4:])[0], peer
        peer.close()
    raise LostWorkerError(f"a process did not start within {timeout:g} s", "is the cluster busy with other work?")
