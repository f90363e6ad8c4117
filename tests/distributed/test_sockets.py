"""Processes that reach each other by TCP: what arrives, and what does not."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from modelc.distributed.sockets import SocketExchange, accepted, dialled, listening
from modelc.errors import LostWorkerError
from modelc.training.exchange import broadcast, gathered

SECRET = b"s" * 32


def connected(size: int, timeout: float = 20) -> list[SocketExchange]:
    """Exchanges that are connected with each other."""
    peers: list[dict[int, socket.socket]] = [{} for _ in range(size)]
    for a in range(size):
        for b in range(a):
            peers[a][b], peers[b][a] = socket.socketpair()
    return [SocketExchange(r, peers[r], range(size), bucket_bytes=64, timeout=timeout) for r in range(size)]


def together(exchanges: list[SocketExchange], work: Callable[[SocketExchange], Any]) -> list[Any]:
    """What `work` gives, or raises, for each."""
    found: list[Any] = [None] * len(exchanges)

    def run(rank: int) -> None:
        try:
            found[rank] = work(exchanges[rank])
        except LostWorkerError as error:
            found[rank] = error

    threads = [threading.Thread(target=run, args=(rank,)) for rank in range(len(exchanges))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    for exchange in exchanges:
        exchange.close()
    return found


def test_all_get_what_all_have() -> None:
    """Arrays that are larger than any buffer of a socket: nobody waits for a process that waits for him."""
    sizes = [3_000_000, 0, 5]

    def run(exchange: SocketExchange) -> Any:
        own = np.full(sizes[exchange.rank], exchange.rank, np.int64)
        first = gathered(exchange, own, sizes)
        told = broadcast(exchange, b"from two" if exchange.rank == 2 else None, root=2)
        return [(array.size, set(array.tolist())) for array in first], told

    expected: Any = ([(3_000_000, {0}), (0, set()), (5, {2})], b"from two")
    assert together(connected(3), run) == [expected] * 3


def test_a_process_that_is_gone_and_one_that_fails() -> None:
    def gone(exchange: SocketExchange) -> Any:
        if exchange.rank == 1:
            return exchange.close()
        return gathered(exchange, np.zeros(4), [4] * 3)

    def failing(exchange: SocketExchange) -> Any:
        if exchange.rank == 1:
            return exchange.fail("ValueError: no more data")
        return gathered(exchange, np.zeros(4), [4] * 3)

    first, _, _ = together(connected(3), gone)
    assert "the process of rank 1 is gone" in first.message
    assert "--resume" in first.help
    first, _, _ = together(connected(3), failing)
    assert first.message == "the process of rank 1 failed: ValueError: no more data"


@pytest.mark.parametrize("asked", [0, 1])
def test_the_reason_is_read_of_a_process_that_no_longer_takes_anything(asked: int) -> None:
    """What is sent to it meets a closed connection first. `asked` says whether it is to send something as well."""
    failed = threading.Event()

    def failing(exchange: SocketExchange) -> Any:
        if exchange.rank == 1:
            exchange.fail("ValueError: no more data")
            return failed.set()
        failed.wait()
        nothing = np.zeros(0)
        sends = [nothing, np.zeros(1 << 21)]
        return exchange.swap(sends, [nothing, np.zeros(asked)])

    first, _ = together(connected(2), failing)
    assert first.message == "the process of rank 1 failed: ValueError: no more data"


def test_a_process_that_does_not_answer_is_given_up() -> None:
    begun = time.monotonic()
    exchange, other = connected(2, timeout=0.2)
    with pytest.raises(LostWorkerError, match=r"did not answer within 0\.2 s"):
        gathered(exchange, np.zeros(4), [4, 4])
    assert time.monotonic() - begun < 10
    exchange.close()
    other.close()


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        (b"\x01" + (2**40).to_bytes(8, "little"), r"rank 1 sent 1099511627776 bytes, expected 32"),
        (b"\x07" * 9, "expected 32"),
        (b"\x01\x20", "rank 1 is gone"),
        (b"\x02" + (2**62).to_bytes(8, "little") + b"x" * 5000, "rank 1 failed: x{4096}$"),
    ],
)
def test_messages_that_are_none(sent: bytes, told: str) -> None:
    own, other = socket.socketpair()
    exchange = SocketExchange(0, {1: own}, range(2), bucket_bytes=64, timeout=5)
    other.sendall(sent)
    other.shutdown(socket.SHUT_WR)
    with pytest.raises(LostWorkerError, match=told):
        exchange.swap([np.empty(0), np.empty(0)], [np.empty(0), np.empty(4)])
    exchange.close()
    other.close()


def test_strangers_are_hung_up_on() -> None:
    with listening("127.0.0.1") as listener:
        port = listener.getsockname()[1]
        stranger = dialled("127.0.0.1", port, b"x" * 32, 7, 5)
        short = socket.create_connection(("127.0.0.1", port))
        short.close()
        friend = dialled("127.0.0.1", port, SECRET, 3, 5)
        rank, peer = accepted(listener, SECRET, 5)
        assert rank == 3
        assert stranger.recv(1) == b""
        with pytest.raises(LostWorkerError, match=r"did not start within 0\.1 s"):
            accepted(listener, SECRET, 0.1)
        for one in (stranger, friend, peer):
            one.close()
