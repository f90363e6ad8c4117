"""Requests per second, latency and CPU time of `modelc serve` and of MLServer with ONNX Runtime, turn by turn.

Usage: python benchmarks/bench_serving.py --mlserver PYTHON [--spec SPEC] [--seconds 5] [--clients 1,8] [--rounds 3]

PYTHON is that of an environment with `mlserver` and `onnxruntime`, whose versions of NumPy and pydantic may be others.
Both servers get the same requests, samples of random numbers as JSON and as bytes behind it, from as many clients as
`--clients` says, each of which sends the next request when it has the answer; both have the same number of threads and
batch as they do by default. First it is checked that both answer the same numbers. MLServer takes no bytes over HTTP
(1.7.1 answers 500), so that modelc is measured alone there.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np

import modelc

HERE = Path(__file__).parent


class Server:
    """A server in a process of its own, with one model."""

    def __init__(self, name: str, command: list[str], port: int, folder: Path, threads: int) -> None:
        self.name, self.port = name, port
        environment = {**os.environ, "MODELC_NUM_THREADS": str(threads), "THREADS": str(threads)}
        environment["PYTHONPATH"] = str(folder)
        log = (folder / f"{name}.log").open("wb")
        self.process = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)
        for _ in range(1200):
            try:
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
                connection.request("GET", "/v2/models/m/ready")
                if connection.getresponse().status == 200:
                    return
            except OSError:
                pass
            if self.process.poll() is not None:
                break
            time.sleep(0.1)
        raise SystemExit((folder / f"{name}.log").read_text())

    def cpu(self) -> float:
        """The seconds of CPU time that the process has taken, which say more than the clock on a busy machine."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)


def as_json(x: Any, name: str) -> tuple[bytes, dict[str, str]]:
    tensor = {"name": name, "shape": list(x.shape), "datatype": "FP32", "data": x.ravel().tolist()}
    return json.dumps({"inputs": [tensor]}).encode(), {"Content-Type": "application/json"}


def as_bytes(x: Any, name: str) -> tuple[bytes, dict[str, str]]:
    tensor = {"name": name, "shape": list(x.shape), "datatype": "FP32", "parameters": {"binary_data_size": x.nbytes}}
    head = json.dumps({"inputs": [tensor]}).encode()
    headers = {"Content-Type": "application/octet-stream", "Inference-Header-Content-Length": str(len(head))}
    return head + x.tobytes(), headers


def answer(connection: http.client.HTTPConnection, body: bytes, headers: dict[str, str]) -> bytes:
    connection.request("POST", "/v2/models/m/infer", body, headers)
    response = connection.getresponse()
    data = response.read()
    if response.status != 200:
        raise SystemExit(f"{response.status}: {data[:500]!r}")
    return data


def measure(server: Server, body: bytes, headers: dict[str, str], clients: int, seconds: float) -> tuple[float, Any]:
    """Requests per second, and the latencies."""
    latencies: list[float] = []
    until = time.perf_counter() + seconds

    def ask() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=120)
        while (begin := time.perf_counter()) < until:
            answer(connection, body, headers)
            latencies.append(time.perf_counter() - begin)

    begin = time.perf_counter()
    threads = [threading.Thread(target=ask) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(latencies) / (time.perf_counter() - begin), np.array(latencies)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return found.getsockname()[1]


def start_modelc(folder: Path, threads: int) -> Server:
    port = free_port()
    command = [sys.executable, "-m", "modelc", "serve", "m.modelc", "--port", str(port), "--threads", str(threads)]
    return Server("modelc", command, port, folder, threads)


def start_mlserver(folder: Path, python: str, threads: int) -> Server:
    ports = [free_port() for _ in range(3)]
    settings = {"http_port": ports[0], "grpc_port": ports[1], "metrics_port": ports[2], "host": "127.0.0.1",
                "parallel_workers": 0, "debug": False}  # fmt: skip
    (folder / "settings.json").write_text(json.dumps(settings))
    model = {"name": "m", "implementation": "mlserver_model.OnnxModel", "parameters": {"uri": str(folder / "m.onnx")}}
    (folder / "model-settings.json").write_text(json.dumps(model))
    (folder / "mlserver_model.py").write_text((HERE / "_serving" / "mlserver_model.py").read_text())
    if not Path(python).with_name("mlserver").exists():
        raise SystemExit(f"{python} has no mlserver")
    command = [str(Path(python).with_name("mlserver")), "start", "."]
    return Server("mlserver", command, ports[0], folder, threads)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mlserver", required=True)
    parser.add_argument("--spec", default="specs/guide_cnn.yaml")
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--clients", default="1,8")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        model = modelc.load_spec(arguments.spec if ":" in arguments.spec else Path(arguments.spec)).build()
        model.save(folder / "m.modelc")
        model.save(folder / "m.onnx")
        shape = (1, *(int(size) for size in model.face.inputs[0].type.shape[1:]))
        x = np.random.default_rng(0).random(shape, np.float32)
        servers = [start_modelc(folder, arguments.threads)]
        servers.append(start_mlserver(folder, arguments.mlserver, arguments.threads))
        try:
            compare(servers, model, x, arguments)
        finally:
            for server in servers:
                server.stop()


def compare(servers: list[Server], model: modelc.Model, x: Any, arguments: argparse.Namespace) -> None:
    expected = model(x).ravel()
    for form in (as_json, as_bytes):
        body, headers = form(x, model.input_names[0])
        taking = servers if form is as_json else servers[:1]
        for server in taking:
            data = json.loads(answer(http.client.HTTPConnection("127.0.0.1", server.port), body, headers))
            found = np.asarray(data["outputs"][0]["data"]).ravel()
            worst = np.abs(found - expected).max() / np.abs(expected).max()
            if not worst < 1e-3:
                raise SystemExit(f"{server.name} answers other numbers: {worst:.2g}")
        for clients in map(int, arguments.clients.split(",")):
            rates: dict[str, list[float]] = {server.name: [] for server in taking}
            latencies: dict[str, list[Any]] = {server.name: [] for server in taking}
            cpu = dict.fromkeys(rates, 0.0)
            for _ in range(arguments.rounds):
                for server in taking:
                    before = server.cpu()
                    rate, found = measure(server, body, headers, clients, arguments.seconds)
                    cpu[server.name] += server.cpu() - before
                    rates[server.name].append(rate)
                    latencies[server.name].append(found)
            for server in taking:
                some = np.concatenate(latencies[server.name]) * 1e3
                p50, p99 = np.percentile(some, [50, 99])
                print(
                    f"{form.__name__:9} {clients} clients  {server.name:9} {np.median(rates[server.name]):8.1f}/s  "
                    f"p50 {p50:7.2f} ms  p99 {p99:7.2f} ms  CPU {1e3 * cpu[server.name] / len(some):7.2f} ms a request",
                    flush=True,
                )
            if len(taking) > 1:
                ratios = [a / b for a, b in zip(*rates.values(), strict=True)]
                print(f"{'':20} throughput × {np.median(ratios):.2f} ({min(ratios):.2f}-{max(ratios):.2f})", flush=True)


if __name__ == "__main__":
    main()
