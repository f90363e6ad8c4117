"""A service under load, with everything going wrong at once: nothing is lost, and memory stays flat.

It takes 12 seconds of load; `MODELC_LOAD_SECONDS=600 pytest tests/serve/test_load.py` takes ten minutes of it.
"""

from __future__ import annotations

import os
import random
import re
import signal
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

import modelc
from tests.serve.conftest import FLOWERS, Server, Start, X, httpx, saved, workers_of

SECONDS = float(os.environ.get("MODELC_LOAD_SECONDS", "12"))
CLIENTS = 6
INFER = "/v2/models/flowers/infer"
BAD = (b"", b'{"inputs": [', b"\xff" * 1000, b" " * (2**20 + 1), b'{"inputs": [{"name": "x"}]}')


@dataclass
class Tally:
    """What clients have seen."""

    right: int = 0
    closed: int = 0
    """Requests whose connection was closed before the answer."""
    refused: int = 0
    wrong: list[str] = field(default_factory=list[str])


def ask(server: Server, expected: list[Any], until: float, tally: Tally, seed: int) -> None:
    """Send requests of one to five samples, one after the other, and hold the answers against the models."""
    draw = random.Random(seed)
    with httpx.Client(base_url=f"http://127.0.0.1:{server.port}", timeout=60) as client:
        while time.monotonic() < until:
            ask_once(client, expected, tally, draw.randint(1, 5))


def ask_once(client: Any, expected: list[Any], tally: Tally, count: int) -> None:
    """Send one request."""
    tensor = {"name": "x", "shape": [count, 4], "datatype": "FP32", "data": X[:count].ravel().tolist()}
    try:
        answer = client.post(INFER, json={"inputs": [tensor]})
    except httpx.TransportError:
        tally.closed += 1
        return
    if answer.status_code != 200:
        tally.wrong.append(f"{answer.status_code}: {answer.text}")
        return
    found = np.array(answer.json()["outputs"][0]["data"]).reshape(count, 3)
    if any(np.allclose(found, one[:count], rtol=1e-5) for one in expected):
        tally.right += 1
    else:
        tally.wrong.append(str(found))


def disturb(server: Server, until: float, tally: Tally) -> None:
    """Send bodies that are malformed or too large, and requests that are never ended."""
    while time.monotonic() < until:
        for body in BAD:
            try:
                answer = httpx.post(f"http://127.0.0.1:{server.port}{INFER}", content=body, timeout=60)
            except httpx.TransportError:
                continue
            if answer.status_code not in (400, 413):
                tally.wrong.append(f"{body[:20]!r} is answered with {answer.status_code}")
            tally.refused += 1
        time.sleep(0.05)


def replace(path: Path, until: float) -> int:
    """Give the path another file every two seconds."""
    turns = 0
    while time.monotonic() + 2 < until:
        time.sleep(2)
        new = saved(path.with_name("new.modelc"), seed=turns % 2)
        os.replace(new, path)
        turns += 1
    return turns


def memory(server: Server) -> list[int]:
    """The bytes that the process which listens has in memory, then those of its workers."""
    found: list[int] = []
    for pid in (server.process.pid, *sorted(workers_of(server))):
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        found += [int(line.split()[1]) * 1024 for line in lines if line.startswith("VmRSS:")]
    return found


def answered(server: Server) -> int:
    """The requests that /metrics says were answered with 200."""
    line = r'modelc_requests_total\{model="flowers",status="200"\} (\S+)'
    found = re.search(line, server.client.get("/metrics").text)
    return int(float(found[1])) if found else 0


def test_nothing_is_lost_and_memory_stays_flat(start: Start, tmp_path: Path) -> None:
    path = saved(tmp_path / "flowers.modelc", seed=0)
    expected = [modelc.load_spec(FLOWERS).build(seed=seed)(X) for seed in (0, 1)]
    server = start(path, "--workers", 2, "--max-body", "1MB", "--reload-seconds", 0.1)
    server.wait_for_workers(2)
    at_first = memory(server)
    begin = time.monotonic()
    until = begin + SECONDS
    tallies = [Tally() for _ in range(CLIENTS + 1)]
    threads = [
        threading.Thread(target=ask, args=(server, expected, until, tally, seed))
        for seed, tally in enumerate(tallies[:-1])
    ]
    threads += [
        threading.Thread(target=disturb, args=(server, until, tallies[-1])),
        threading.Thread(target=replace, args=(path, until)),
    ]
    for thread in threads:
        thread.start()
    time.sleep(SECONDS / 4)
    victim = min(workers_of(server))
    os.kill(victim, signal.SIGKILL)
    while len(workers_of(server) - {victim}) < 2:
        time.sleep(0.05)
    time.sleep(max(0.0, begin + SECONDS / 2 - time.monotonic()))
    half = memory(server)
    for thread in threads:
        thread.join()
    end = memory(server)
    wrong = [one for tally in tallies for one in tally.wrong]
    right, closed = sum(tally.right for tally in tallies), sum(tally.closed for tally in tallies)
    print(f"{right:,} answers, {closed} connections closed, {tallies[-1].refused:,} bad bodies refused;", end=" ")
    for when, bytes_ in (("at first", at_first), ("at half time", half), ("at the end", end)):
        print(f"{when}", *(f"{one / 2**20:.1f}" for one in bytes_), "MB;", end=" ")
    print()
    assert wrong == []
    assert right > SECONDS and tallies[-1].refused >= len(BAD)
    assert closed == 0  # what the worker that was killed had not answered, the other one did
    assert answered(server) == right
    assert sum(end) < 1.25 * sum(half) + 2**26  # at half time the new worker may just have begun
    assert server.stop() == 0
