"""Training on Dask over the hosts of a network: namespaces with addresses of their own, where they can be made."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest

IP = shutil.which("ip")
HOSTS = {"modelc-test-a": "10.77.31.1", "modelc-test-b": "10.77.31.2"}
SCHEDULER = f"tcp://{HOSTS['modelc-test-a']}:8786"

pytestmark = pytest.mark.slow


def ip(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    assert IP is not None
    return subprocess.run([IP, *arguments], check=True, capture_output=True, timeout=20)


@pytest.fixture
def hosts() -> Iterator[list[str]]:
    """Two namespaces that a cable joins."""
    pytest.importorskip("distributed")
    if IP is None or not hasattr(os, "geteuid") or os.geteuid() != 0:
        pytest.skip("network namespaces need `ip` and root")
    first, second = HOSTS
    try:
        for name in HOSTS:
            ip("netns", "add", name)
        ip("link", "add", "mct-a", "netns", first, "type", "veth", "peer", "name", "mct-b", "netns", second)
        for (name, address), link in zip(HOSTS.items(), ("mct-a", "mct-b"), strict=True):
            ip("-n", name, "addr", "add", f"{address}/24", "dev", link)
            ip("-n", name, "link", "set", link, "up")
            ip("-n", name, "link", "set", "lo", "up")
    except subprocess.CalledProcessError as error:
        pytest.skip(f"no network namespaces here: {error.stderr.decode(errors='replace')}")
    else:
        yield [first, second]
    finally:
        for name in HOSTS:
            subprocess.run([IP, "netns", "del", name], check=False, capture_output=True)


def test_two_hosts_write_the_file_of_one_process(hosts: list[str], tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(200, 8)).astype(np.float32)
    np.savez(tmp_path / "data.npz", x=x, y=(x[:, 0] > 0).astype(np.int32))
    (tmp_path / "spec.yaml").write_text("""
modelc: 1
input: {shape: [8]}
layers: [{type: Dense, units: 2, activation: softmax}]
training: {data: data.npz, loss: sparse_categorical_crossentropy, epochs: 2, micro_batches: 8}
""")
    root = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    train = [sys.executable, "-m", "modelc", "train", "spec.yaml", "-o"]
    subprocess.run([*train, "one.modelc"], cwd=tmp_path, check=True, capture_output=True, env=root, timeout=120)
    first = hosts[0]
    programs = {first: [["dask_scheduler", "--port", "8786"]]}
    for host in hosts:
        programs.setdefault(host, []).append(["dask_worker", SCHEDULER, "--nworkers", "1", "--nthreads", "1"])
    with ExitStack() as stack:
        for host, commands in programs.items():
            for program, *options in commands:
                module = [sys.executable, "-m", f"distributed.cli.{program}", *options, "--no-dashboard"]
                process = subprocess.Popen(
                    [str(IP), "netns", "exec", host, *module, "--host", HOSTS[host]], env=root, cwd=tmp_path,
                    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                )  # fmt: skip
                stack.callback(process.wait, 30)
                stack.callback(process.terminate)
        wait = (
            "import sys; from distributed import Client\n"
            "with Client(sys.argv[1], timeout=60) as client: client.wait_for_workers(2, timeout=60)"
        )
        inside = [str(IP), "netns", "exec", first]
        subprocess.run([*inside, sys.executable, "-c", wait, SCHEDULER], check=True, env=root, timeout=120)
        command = [*inside, *train, "two.modelc", "--dask", SCHEDULER]
        subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, env=root, timeout=120)
    assert (tmp_path / "two.modelc").read_bytes() == (tmp_path / "one.modelc").read_bytes()
