"""`Dask`: training shared out to the workers of a Dask cluster (extra `dask`)."""

from __future__ import annotations

import json
import secrets
import socket
import struct
from collections.abc import Generator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from modelc.callbacks.callback_list import CallbackList
from modelc.cluster.package import distributed
from modelc.data.batches import ArrayData, Data, Options
from modelc.data.columns import Columns
from modelc.distributed.data import sendable
from modelc.distributed.sockets import SECRET_BYTES, SocketExchange, accepted, dialled, listening, receive_exactly
from modelc.errors import InputError, LostWorkerError
from modelc.native.engine.threads import team_of
from modelc.native.environment import asked_threads
from modelc.training.bucket_sums import Summing
from modelc.training.distribution import BUCKET_BYTES, TIMEOUT, SharedRun
from modelc.training.exchange import Exchange
from modelc.training.fit import run
from modelc.training.resuming import How

_START_SECONDS = 60.0
"""How long the workers may take to begin."""
_LONGEST = 1 << 20
"""The most bytes of the list of all addresses."""
_LENGTH = struct.Struct("<I")


class Dask:
    """Shares training out to the workers of a Dask cluster: ``model.fit(…, distribute=Dask(client))``.

    Each worker computes its share of the parts of each batch, in one task for the whole run. The workers exchange
    gradients by connections of their own. This process, which calls callbacks and writes files, gets the sums as well,
    so it is best started close to the workers. `workers` are the addresses of those to use, by default all. `host` is
    the address at which they reach this process; by default the one by which it reaches the scheduler.

    Arrays are sent to each worker. Of mapped files and pictures the paths are, which the workers must find: they read
    their own samples.

    Raises `InputError` for a cluster without workers, and data that cannot be sent, such as a generator.
    """

    rank = 0
    """The number of this process, which is not one of the workers."""

    def __init__(
        self,
        client: Any,
        workers: Sequence[str] | None = None,
        *,
        host: str | None = None,
        bucket_bytes: int = BUCKET_BYTES,
        timeout: float = TIMEOUT,
    ) -> None:
        self._client = client
        known = list(client.scheduler_info(n_workers=-1)["workers"])
        self.workers = known if workers is None else list(workers)
        """The addresses of the workers, in the order of their ranks, from 1 on."""
        missing = [worker for worker in self.workers if worker not in known]
        if missing or not self.workers:
            found = f"there is no worker {missing[0]}" if missing else "the cluster has no workers"
            raise InputError(found, "start some: dask worker ADDRESS")
        self._host = host
        self._bucket_bytes = bucket_bytes
        self._timeout = timeout

    @contextmanager
    def joined(self, shared: SharedRun) -> Generator[Exchange]:
        """The workers and this process, which begin on the work."""
        secret, client = secrets.token_bytes(SECRET_BYTES), self._client
        task = _Task.of(shared, len(self.workers), self._bucket_bytes, self._timeout)
        host = self._host or _own_host(client)
        with listening(host) as listener:
            address = (host, listener.getsockname()[1], secret)
            [given] = client.scatter([task], broadcast=True, hash=False, workers=self.workers)
            tasks = [
                client.submit(
                    _work, given, rank, address, workers=[worker], allow_other_workers=False, pure=False, retries=0
                )
                for rank, worker in enumerate(self.workers, 1)
            ]  # fmt: skip
            try:
                peers = _meet(listener, len(self.workers), secret)
                exchange = SocketExchange(
                    0, peers, task.computing, bucket_bytes=self._bucket_bytes, timeout=self._timeout
                )  # fmt: skip
                try:
                    yield exchange
                finally:
                    exchange.close()
                client.gather(tasks)
            except LostWorkerError as error:
                raise _explained(error, tasks, self.workers) from None
            finally:
                client.cancel(tasks)


class _Task(NamedTuple):
    """What a worker is given."""

    model: Any
    how: How
    seed: int
    memory_limit: int | None
    columns: tuple[Columns, Options]
    held_out: tuple[Columns, Options] | None
    summing: Summing
    epochs: range
    validation_freq: Any
    size: int
    bucket_bytes: int
    timeout: float

    @classmethod
    def of(cls, shared: SharedRun, workers: int, bucket_bytes: int, timeout: float) -> _Task:
        """The task of a run. Raises `InputError` for data that cannot be sent."""
        trainer = shared.trainer
        held_out = None if shared.held_out is None else _sent(shared.held_out)
        return cls(
            trainer.model, trainer.how, trainer.seed, trainer.memory_limit, _sent(shared.data), held_out,
            shared.summing, shared.epochs, shared.validation_freq, workers + 1, bucket_bytes, timeout,
        )  # fmt: skip

    @property
    def computing(self) -> range:
        """The ranks of the workers."""
        return range(1, self.size)

    def run(self, exchange: Exchange) -> None:
        """Train a model of this process's own together with the others."""
        model = self.model
        model.compile(*self.how, seed=self.seed, memory_limit=self.memory_limit)
        trainer = model.trainer

        def data(sent: tuple[Columns, Options]) -> Data:
            return ArrayData(sent[0], trainer.signature, sent[1])

        held_out = None if self.held_out is None else data(self.held_out)
        calls = CallbackList(None, add_history=True, model=model, verbose=0, epochs=self.epochs.stop)
        shared = SharedRun(trainer, data(self.columns), held_out, self.summing, self.epochs, self.validation_freq)
        run(shared, calls, exchange)


def _sent(data: Data) -> tuple[Columns, Options]:
    if not isinstance(data, ArrayData):
        raise InputError("what yields batches cannot be sent to workers", "give arrays, or a source of files")
    return sendable(data.columns), data.options


def _work(task: _Task, rank: int, driver: tuple[str, int, bytes]) -> None:
    """What a worker does: meet the others, and train with them."""
    worker = distributed.get_worker()
    host, port, secret = driver
    own, _ = _host_and_port(str(worker.address))
    with listening(own) as listener:
        peers = {0: dialled(host, port, secret, rank, _START_SECONDS)}
        _tell(peers[0], [own, listener.getsockname()[1]])
        addresses: list[tuple[str, int]] = _told(peers[0])
        for other in range(1, rank):
            peers[other] = dialled(*addresses[other - 1], secret, rank, _START_SECONDS)
        for _ in range(rank + 1, task.size):
            other, peer = accepted(listener, secret, _START_SECONDS)
            peers[other] = peer
    exchange = SocketExchange(
        rank, peers, task.computing, bucket_bytes=task.bucket_bytes, timeout=task.timeout
    )  # fmt: skip
    try:
        with team_of(asked_threads() or worker.state.nthreads):
            task.run(exchange)
    except KeyboardInterrupt:
        pass  # as all agreed: the client says so
    except LostWorkerError:
        raise
    except Exception as error:
        exchange.fail(f"{type(error).__name__}: {error}")
        raise
    finally:
        exchange.close()


def _meet(listener: socket.socket, workers: int, secret: bytes) -> dict[int, socket.socket]:
    """The connections of all workers, once each was told where the others are."""
    peers: dict[int, socket.socket] = {}
    addresses: list[Any] = [None] * workers
    while len(peers) < workers:
        rank, peer = accepted(listener, secret, _START_SECONDS)
        peers[rank], addresses[rank - 1] = peer, _told(peer)
    for peer in peers.values():
        _tell(peer, addresses)
    return peers


def _tell(peer: socket.socket, value: Any) -> None:
    data = json.dumps(value).encode()
    peer.sendall(_LENGTH.pack(len(data)) + data)


def _told(peer: socket.socket) -> Any:
    [length] = _LENGTH.unpack(receive_exactly(peer, _LENGTH.size))
    if length > _LONGEST:
        raise LostWorkerError(f"a list of addresses has {length} bytes")
    return json.loads(receive_exactly(peer, length))


def _own_host(client: Any) -> str:
    """The address of this machine by which it reaches the scheduler."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:  # which sends nothing
        try:
            probe.connect(_host_and_port(str(client.scheduler.address)))
            return str(probe.getsockname()[0])
        except OSError:
            return "127.0.0.1"


def _host_and_port(address: str) -> tuple[str, int]:
    """Those of an address such as `tcp://10.0.0.1:8786`."""
    parts = urlsplit(address)
    return parts.hostname or "127.0.0.1", parts.port or 8786


def _explained(error: LostWorkerError, tasks: Sequence[Any], workers: Sequence[str]) -> LostWorkerError:
    """The error, with what a worker said about its end."""
    for task, worker in zip(tasks, workers, strict=True):
        with suppress(Exception):
            raised = task.exception(timeout=2)
            if raised is not None and not isinstance(raised, LostWorkerError):
                return LostWorkerError(f"{error.message}; worker {worker}: {raised}", error.help)
    return error
