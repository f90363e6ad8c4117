"""A model or a batch that cannot fit is refused before anything is allocated."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

import modelc
from modelc.graph import resources
from modelc.system import memory_limits
from modelc.system.memory_limits import Limit, limits_in

SPEC = {
    "modelc": 1,
    "input": {"shape": [64]},
    "layers": [{"type": "Dense", "units": 64}, {"type": "Dense", "units": 64}],
}


def limited(monkeypatch: pytest.MonkeyPatch, limit: int, whose: str = "this machine has", used: int = 0) -> None:
    monkeypatch.setattr(resources, "memory_limit", lambda: Limit(limit, whose))
    monkeypatch.setattr(resources, "used_memory", lambda: used)


def test_weights_larger_than_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    limited(monkeypatch, 20_000)
    with pytest.raises(modelc.ResourceError, match="the weights of `sequential` need") as caught:
        modelc.load_spec({**SPEC, "layers": [{"type": "Dense", "units": 128}]}).build()
    assert "this machine has 19.53 KB" in str(caught.value)


def test_a_batch_larger_than_there_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    model = modelc.load_spec(SPEC).build()
    x = np.ones((1000, 64), np.float32)
    want = model(x)
    limited(monkeypatch, 20_000, "this container may have")
    with pytest.raises(modelc.ResourceError, match="a batch of 1000 needs 314") as caught:
        model(x)
    assert "this container may have 19.53 KB" in str(caught.value)
    np.testing.assert_allclose(model.predict(x, batch_size=8), want, rtol=1e-5, atol=1e-6)


def test_a_batch_that_does_not_fit_beside_what_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    model = modelc.load_spec(SPEC).build()
    limited(monkeypatch, 500_000, "this container may have", used=300_000)
    with pytest.raises(modelc.ResourceError, match=r"a batch of 1000 needs 314.* beside the 292.97 KB") as caught:
        model(np.ones((1000, 64), np.float32))
    assert "this container may have 488.28 KB" in str(caught.value)
    limited(monkeypatch, 500_000, used=150_000)
    model(np.ones((1000, 64), np.float32))
    limited(monkeypatch, 500_000, used=300_000)  # what it computes in is there already
    model(np.ones((1000, 64), np.float32))


GROUPS: dict[str, tuple[str, Mapping[str, str], set[int]]] = {
    "v2": ("0::/a/b\n", {"a/memory.max": "max", "a/b/memory.max": "5000000\n", "c/memory.max": "1"}, {5_000_000}),
    "v2, a group around it": ("0::/a/b\n", {"a/memory.max": "7000", "a/b/memory.max": "9000"}, {7000, 9000}),
    "v2, seen from inside": ("0::/../../host\n", {"memory.max": "123456\n"}, {123456}),
    "v2 without a limit": ("0::/a\n", {"a/memory.max": "max\n"}, set()),
    "v2 with a path with a colon": ("0::/a:b\n", {"a:b/memory.max": "88\n"}, {88}),
    "v1": (
        "5:cpu,cpuacct:/x\n4:memory:/docker/1\n0::/\n",
        {"memory/docker/1/memory.limit_in_bytes": "4096", "memory/memory.limit_in_bytes": "9223372036854771712"},
        {4096, 9223372036854771712},
    ),
    "v1, the path of the host": ("4:memory:/docker/1\n", {"memory/memory.limit_in_bytes": "777"}, {777}),
    "both at once": ("0::/u\n", {"unified/u/memory.max": "55"}, {55}),
    "no groups": ("", {"memory.max": "1"}, set()),
    "what is no number": ("0::/\nodd\n1:memory\n", {"memory.max": "-5", "memory/memory.limit_in_bytes": "x"}, set()),
}


@pytest.mark.parametrize("case", GROUPS)
def test_the_limits_of_control_groups(tmp_path: Path, case: str) -> None:
    lines, files, expected = GROUPS[case]
    process, mounted = tmp_path / "self", tmp_path / "cgroup"
    process.mkdir()
    (process / "cgroup").write_text(lines)
    for name, text in files.items():
        (mounted / name).parent.mkdir(parents=True, exist_ok=True)
        (mounted / name).write_text(text)
    found = {limit.bytes for limit in limits_in(process, mounted) if "container" in limit.whose}
    assert found == expected


def test_the_limits_of_this_machine_are_known() -> None:
    found = memory_limits.memory_limit()
    assert found is None or found.bytes > 2**20
    assert memory_limits.used_memory() < 2**50


_LIMITED = """
import resource, sys
import numpy as np, modelc
model = modelc.load_spec("{modelc: 1, input: {shape: [10000, 3]}, layers: [{type: SimpleRNN, units: 64,"
    " return_sequences: true, activation: softmax}, {type: GlobalMaxPooling1D}, {type: Dense, units: 1}]}").build()
model.compile("sgd", "mse")
x, y = np.zeros((32, 10000, 3), np.float32), np.zeros((32, 1), np.float32)
assert model.program.plan.memory.slice == 0  # a loop over steps takes the whole batch
model(x[:1]), model.train_on_batch(x[:1], y[:1])  # compiled, and the threads are there
pages = int(open("/proc/self/statm").read().split()[0])
resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + 40 * 2**20,) * 2)
calls = {"call": lambda: model(x), "predict": lambda: model.predict(x), "fit": lambda: model.fit(x, y, verbose=0),
         "evaluate": lambda: model.evaluate(x, y, verbose=0), "train_on_batch": lambda: model.train_on_batch(x, y)}
for name, call in calls.items():
    try:
        call()
    except modelc.ResourceError as error:
        print(name, str(error).splitlines())
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the address space is limited on Linux")
def test_what_the_address_space_does_not_hold_is_told_with_its_size() -> None:
    done = subprocess.run([sys.executable, "-c", _LIMITED], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done
    lines = done.stdout.splitlines()
    assert [line.split()[0] for line in lines] == ["call", "predict", "fit", "evaluate", "train_on_batch"], done
    for line in lines:
        assert "a batch of 32 needs " in line and " MB of memory, and there is not so much left" in line, line
        assert "this process may have (`ulimit -v`)" in line and "help: " in line, line


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the address space is limited on Linux")
def test_the_commands_tell_it_too(tmp_path: Path) -> None:
    (tmp_path / "net.yaml").write_text(
        "{modelc: 1, input: {shape: [1000, 1000, 1]}, layers: [{type: Conv2D, filters: 64, kernel_size: 1}]}"
    )
    np.save(tmp_path / "x.npy", np.zeros((16, 1000, 1000, 1), np.uint8))
    limit = f"import resource; resource.setrlimit(resource.RLIMIT_AS, ({4 << 30}, {4 << 30}))"
    code = (
        f"{limit}; from modelc.cli.main import main; main(['run', 'net.yaml', '--input', 'x.npy', '--output', 'y.npy'])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1 and "Traceback" not in done.stderr, done
    assert "error: a batch of 16 needs 3.81 GB of memory" in done.stderr, done
    assert "this process may have (`ulimit -v`) 4.00 GB" in done.stderr and "help: " in done.stderr, done
