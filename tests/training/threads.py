"""Processes that train together, as threads of one: for what depends on how work is shared out alone."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np


class ThreadExchange:
    """One of some threads, which hand each other copies of arrays."""

    bucket_bytes = 64

    def __init__(self, rank: int, mail: list[list[queue.SimpleQueue[Any]]], computing: range) -> None:
        self.rank, self.size, self.computing = rank, len(mail), computing
        self._mail = mail
        self.sent = 0
        """The bytes that this one sent to others."""

    def swap(self, sends: Sequence[Any], receives: Sequence[Any]) -> None:
        others = [rank for rank in range(self.size) if rank != self.rank]
        for rank in others:
            if sends[rank].size:
                self.sent += sends[rank].nbytes
                self._mail[self.rank][rank].put(np.array(sends[rank]))
        for rank in others:
            if receives[rank].size:
                received = self._mail[rank][self.rank].get(timeout=60)
                assert received.dtype == receives[rank].dtype
                receives[rank][...] = received

    def fail(self, message: str) -> None:
        raise AssertionError(message)


def together(size: int, work: Callable[[ThreadExchange], Any], computing: range | None = None) -> list[Any]:
    """What `work` gives in each of so many threads, of which some compute."""
    mail = [[queue.SimpleQueue[Any]() for _ in range(size)] for _ in range(size)]
    found: list[Any] = [None] * size
    failed: list[BaseException] = []

    def run(rank: int) -> None:
        try:
            found[rank] = work(ThreadExchange(rank, mail, computing or range(size)))
        except BaseException as error:  # told by the main thread
            failed.append(error)

    threads = [threading.Thread(target=run, args=(rank,), daemon=True) for rank in range(size)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    if failed:
        raise failed[0]
    return found
