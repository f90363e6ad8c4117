"""What a service does beside answering: documents, counters, limits, new files, stopping, workers."""

from __future__ import annotations

import asyncio
import gzip
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from prometheus_client import CollectorRegistry

import modelc
from modelc.serve.metrics import ModelMetrics
from modelc.serve.options import ServeOptions
from modelc.serve.served import ServedModel
from tests.serve.conftest import Server, Start, X, httpx, saved, workers_of

INFER = "/v2/models/flowers/infer"
BODY = {"inputs": [{"name": "x", "shape": [5, 4], "datatype": "FP32", "data": X.ravel().tolist()}]}
SLOW = """
modelc: 1
input: {shape: [128, 128, 16], name: x}
layers:
  - {repeat: 8, layers: [{type: Conv2D, filters: 64, kernel_size: 5, padding: same}]}
  - {type: GlobalAveragePooling2D, name: kind}
"""
"""A model of 250 ms or more."""


def slow_body() -> dict[str, Any]:
    parameters = {"binary_data_size": 4 * 128 * 128 * 16}
    return {"inputs": [{"name": "x", "shape": [1, 128, 128, 16], "datatype": "FP32", "parameters": parameters}]}


def post_slow(server: Server) -> Any:
    head = json.dumps(slow_body()).encode()
    headers = {"Inference-Header-Content-Length": str(len(head))}
    content = head + bytes(4 * 128 * 128 * 16)
    return httpx.post(
        f"http://127.0.0.1:{server.port}/v2/models/slow/infer", content=content, headers=headers, timeout=120
    )


def test_documents(server: Server) -> None:
    document = server.client.get("/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    infer = document["paths"]["/v2/models/{model_name}/infer"]["post"]
    examples = infer["requestBody"]["content"]["application/json"]["examples"]
    assert list(examples) == ["flowers", "words"]
    assert examples["flowers"]["value"]["inputs"][0]["shape"] == [1, 4]
    references = set(re.findall(r'"\$ref": "#/components/schemas/(\w+)"', json.dumps(document)))
    assert references == set(document["components"]["schemas"])
    page = server.client.get("/docs")
    assert page.headers["content-type"].startswith("text/html") and "<script" not in page.text
    assert not re.search(r"(src|href)=.?https?:", page.text)
    for path in document["paths"]:
        assert path in page.text


def test_answers_are_what_the_document_says(server: Server) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    document = server.client.get("/openapi.json").json()

    def check(value: Any, schema: str) -> None:
        jsonschema.validate(value, {"$ref": f"#/components/schemas/{schema}", "components": document["components"]})

    check(BODY, "InferRequest")
    check(server.client.post(INFER, json=BODY).json(), "InferResponse")
    check(server.client.get("/v2/models/flowers").json(), "ModelMetadata")
    check(server.client.get("/v2").json(), "ServerMetadata")
    check(server.client.post(INFER, json={}).json(), "Error")


def counted(server: Server, line: str) -> float:
    """A number of /metrics, 0 where it is not there yet."""
    (number,) = counted_at_once(server, line)
    return number


def counted_at_once(server: Server, *lines: str) -> list[float]:
    """Numbers of one answer of /metrics."""
    rows = server.client.get("/metrics").text.splitlines()
    return [next((float(row.split()[-1]) for row in rows if row.startswith(line)), 0.0) for line in lines]


def test_counters(server: Server) -> None:
    ok, wrong = (
        'modelc_requests_total{model="flowers",status="200"}',
        'modelc_requests_total{model="flowers",status="400"}',
    )
    before = counted(server, ok), counted(server, wrong), counted(server, "modelc_samples_total{")
    for _ in range(3):
        assert server.client.post(INFER, json=BODY).status_code == 200
    assert server.client.post(INFER, json={}).status_code == 400
    after = counted(server, ok), counted(server, wrong), counted(server, "modelc_samples_total{")
    assert [b - a for a, b in zip(before, after, strict=True)] == [3, 1, 15]
    assert counted(server, 'modelc_request_seconds_count{model="flowers"}') >= 4


def test_a_new_file_is_taken_up_and_a_bad_one_is_not(start: Start, tmp_path: Path) -> None:
    """Requests go on while files change; each gets what one of the models returns, from some moment on the new one."""
    path = saved(tmp_path / "flowers.modelc", seed=0)
    server = start(path, "--reload-seconds", 0.05)
    expected = [modelc.load(saved(tmp_path / f"{seed}.modelc", seed=seed))(X) for seed in (0, 1)]
    answers: list[Any] = []
    done = threading.Event()

    def ask() -> None:
        with httpx.Client(base_url=f"http://127.0.0.1:{server.port}", timeout=60) as client:
            while not done.is_set():
                answers.append(client.post(INFER, json=BODY))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    time.sleep(0.5)
    (tmp_path / "bad").write_bytes(b"PK\3\4 no artifact")
    os.replace(tmp_path / "bad", path)
    wait_for(lambda: counted(server, 'modelc_reloads_total{model="flowers",result="failed"}') == 1)
    assert server.client.get("/v2/models/flowers").json()["versions"] == ["1"]
    os.replace(tmp_path / "1.modelc", path)
    wait_for(lambda: server.client.get("/v2/models/flowers").json()["versions"] == ["2"])
    time.sleep(0.3)
    done.set()
    for thread in threads:
        thread.join()
    assert len(answers) > 20 and {answer.status_code for answer in answers} == {200}
    for answer in answers:
        body = answer.json()
        found = np.array(body["outputs"][0]["data"]).reshape(5, 3)
        np.testing.assert_allclose(found, expected[int(body["model_version"]) - 1], rtol=1e-5)
    assert {answer.json()["model_version"] for answer in answers} == {"1", "2"}
    assert "the old model stays" in server.log.read_text()


def wait_for(what: Any, seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until
        time.sleep(0.05)


@pytest.fixture(scope="module")
def slow(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return saved(tmp_path_factory.mktemp("slow") / "slow.modelc", SLOW)


def test_a_full_queue_and_a_long_request(start: Start, slow: Path) -> None:
    server = start(slow, "--max-queue", 2, "--max-batch", 1)
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda _: post_slow(server), range(12)))
    statuses = [answer.status_code for answer in answers]
    assert set(statuses) == {200, 429} and statuses.count(200) >= 2
    refused = next(answer for answer in answers if answer.status_code == 429)
    assert int(refused.headers["retry-after"]) >= 1
    assert refused.json()["diagnostics"][0]["code"] == "E802"
    impatient = start(slow, "--timeout", 0.05, "--max-batch", 1)
    answer = post_slow(impatient)
    assert answer.status_code == 504 and answer.json()["diagnostics"][0]["code"] == "E803"


def test_what_was_taken_is_answered_when_the_server_stops(start: Start, slow: Path) -> None:
    server = start(slow, "--max-batch", 2)
    with ThreadPoolExecutor(6) as pool:
        asked = [pool.submit(post_slow, server) for _ in range(6)]
        taken = ('modelc_open_requests{model="slow"}', 'modelc_requests_total{model="slow",status="200"}')
        wait_for(lambda: sum(counted(server, line) for line in taken) == 6)
        assert server.stop() == 0
        assert [one.result().status_code for one in asked] == [200] * 6


def test_requests_run_together(start: Start, slow: Path) -> None:
    server = start(slow, "--max-batch", 8)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: post_slow(server), range(8)))
    assert [answer.status_code for answer in answers] == [200] * 8
    assert counted(server, 'modelc_samples_total{model="slow"}') == 8
    assert counted(server, 'modelc_batch_samples_count{model="slow"}') < 8


def test_workers_are_replaced(start: Start, tmp_path: Path) -> None:
    server = start(saved(tmp_path / "flowers.modelc"), "--workers", 2)
    assert server.client.post(INFER, json=BODY).status_code == 200

    server.wait_for_workers(2)
    os.kill(min(workers_of(server)), signal.SIGKILL)
    server.wait_for_workers(3)
    for _ in range(20):
        assert httpx.post(f"http://127.0.0.1:{server.port}{INFER}", json=BODY, timeout=60).status_code == 200
    assert counted(server, 'modelc_requests_total{model="flowers",status="200"}') >= 20  # of both workers
    assert server.stop() == 0


def test_what_a_worker_was_computing_another_one_answers(start: Start, slow: Path) -> None:
    server = start(slow, "--workers", 2, "--max-batch", 1)
    server.wait_for_workers(2)
    with ThreadPoolExecutor(6) as pool:
        asked = [pool.submit(post_slow, server) for _ in range(6)]
        wait_for(lambda: counted(server, 'modelc_open_requests{model="slow"}') == 6)
        os.kill(min(workers_of(server)), signal.SIGKILL)
        assert [one.result().status_code for one in asked] == [200] * 6
    assert "ended (signal 9): another one takes its place" in server.log.read_text()


def cpu_ticks(pid: int) -> int:
    """What a process has computed so far, in hundredths of a second; 0 where it is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return int(fields[11]) + int(fields[12])


def test_a_request_that_ends_its_workers(start: Start, slow: Path, models: Path) -> None:
    """The test ends who computes the slow request, as the system does where there is too little memory for a request.

    That request is told so after three of them. Others go on all the time, those too that the first one had taken.
    """
    server = start(slow, models / "flowers.modelc", "--workers", 2)
    server.wait_for_workers(2)
    others: list[Any] = []
    done = threading.Event()

    def ask() -> None:
        with httpx.Client(base_url=f"http://127.0.0.1:{server.port}", timeout=60) as client:
            while not done.wait(0.05):
                others.append(client.post(INFER, json=BODY))

    asking = threading.Thread(target=ask)
    asking.start()
    killed = 0
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(post_slow, server)
        at_first: dict[int, int] = {}
        while not asked.done():
            time.sleep(0.01)
            loaded = {int(pid) for pid in re.findall(r"worker (\d+) has loaded", server.log.read_text())}
            for pid in loaded & workers_of(server):
                if cpu_ticks(pid) - at_first.setdefault(pid, cpu_ticks(pid)) >= 10:  # more than the others ask for
                    os.kill(pid, signal.SIGKILL)
                    at_first = {pid: 2**60}
                    killed += 1
        answer = asked.result()
    done.set()
    asking.join()
    assert killed == 3
    assert answer.status_code == 500 and answer.json()["error"].startswith("<body>:1:1: ")
    assert answer.json()["diagnostics"][0]["code"] == "E805"
    assert "is not tried again" in server.log.read_text()
    assert len(others) > 20 and {one.status_code for one in others} == {200}
    assert counted(server, "modelc_lost_workers_total") == 3
    server.wait_for_workers(5)
    assert counted(server, "modelc_workers") == 2
    assert post_slow(server).status_code == 200


def test_one_answer_for_all_workers(start: Start, slow: Path, tmp_path: Path) -> None:
    """/metrics counts what all workers do, also those that ended, and what no worker saw; files have one version."""
    path = saved(tmp_path / "flowers.modelc", seed=0)
    server = start(path, slow, "--workers", 2, "--max-batch", 1, "--max-body", "2MB", "--reload-seconds", 0.05)
    server.wait_for_workers(2)
    with ThreadPoolExecutor(8) as pool:
        address = f"http://127.0.0.1:{server.port}{INFER}"
        answers = list(pool.map(lambda _: httpx.post(address, json=BODY, timeout=60), range(40)))
    assert {answer.status_code for answer in answers} == {200}
    assert server.client.post(INFER, content=b" " * 2**22).status_code == 413
    assert server.client.post("/v2/models/none/infer", json=BODY).status_code == 404

    def totals() -> list[float]:
        lines = ('requests_total{model="flowers",status="200"}', 'requests_total{model="flowers",status="413"}',
                 'samples_total{model="flowers"}', 'batch_samples_count{model="flowers"}',
                 'request_seconds_count{model="flowers"}', 'open_requests{model="flowers"}',
                 'waiting_requests{model="flowers"}', "workers ")  # fmt: skip
        return [counted(server, f"modelc_{line}") for line in lines]

    for _ in range(10):
        assert totals() == [40, 1, 200, 40, 41, 0, 0, 2]
    assert 'model="none"' not in server.client.get("/metrics").text  # names that clients make up are not kept

    def two_are_computed() -> bool:
        """Whether of eight requests at once two are seen to be computed and six to wait; the moment may be missed."""
        lines = 'modelc_open_requests{model="slow"}', 'modelc_waiting_requests{model="slow"}'
        seen = False
        with ThreadPoolExecutor(8) as pool:
            asked = [pool.submit(post_slow, server) for _ in range(8)]
            while not all(one.done() for one in asked):
                seen = seen or counted_at_once(server, *lines) == [8, 6]
            assert [one.result().status_code for one in asked] == [200] * 8
        return seen

    wait_for(two_are_computed)
    assert counted(server, 'modelc_waiting_requests{model="slow"}') == 0

    def versions() -> set[str]:
        with ThreadPoolExecutor(4) as pool:
            address = f"http://127.0.0.1:{server.port}/v2/models/flowers"
            return {one.json()["versions"][0] for one in pool.map(lambda _: httpx.get(address, timeout=60), range(20))}

    for version in ("2", "3"):
        os.replace(saved(tmp_path / "new.modelc", seed=int(version)), path)
        wait_for(lambda version=version: versions() == {version})
    os.kill(min(workers_of(server)), signal.SIGKILL)
    server.wait_for_workers(3)
    assert versions() == {"3"}
    assert counted(server, 'modelc_reloads_total{model="flowers",result="done"}') == 2  # not one of each worker
    (tmp_path / "bad").write_bytes(b"PK\3\4 no artifact")
    os.replace(tmp_path / "bad", path)
    wait_for(lambda: counted(server, 'modelc_reloads_total{model="flowers",result="failed"}') == 1)
    time.sleep(0.3)
    assert counted(server, 'modelc_reloads_total{model="flowers",result="failed"}') == 1
    assert versions() == {"3"}
    assert totals()[:4] == [40, 1, 200, 40]


def test_a_worker_that_starts_while_a_bad_file_lies_there(start: Start, models: Path, tmp_path: Path) -> None:
    """It serves the other models, and this one when a good file comes; those that have it answer for it meanwhile."""
    path = saved(tmp_path / "flowers.modelc", seed=0)
    good = saved(tmp_path / "good.modelc", seed=1)
    words = f"words={models / 'sequences.modelc'}"
    server = start(path, words, "--workers", 2, "--reload-seconds", 0.05)
    server.wait_for_workers(2)
    old, last = workers_of(server)
    (tmp_path / "bad").write_bytes(good.read_bytes()[:-50])
    os.replace(tmp_path / "bad", path)
    wait_for(lambda: counted(server, 'modelc_reloads_total{model="flowers",result="failed"}') == 1)
    os.kill(old, signal.SIGKILL)
    wait_for(lambda: "has loaded its models but for flowers" in server.log.read_text())

    def statuses(method: str, address: str, **body: Any) -> set[int]:
        with ThreadPoolExecutor(4) as pool:
            url = f"http://127.0.0.1:{server.port}{address}"
            return {
                one.status_code for one in pool.map(lambda _: httpx.request(method, url, timeout=60, **body), range(30))
            }

    words_body = {"inputs": [
        {"name": "words", "shape": [1, 3], "datatype": "INT32", "data": [1, 2, 3]},
        {"name": "scale", "shape": [1, 1], "datatype": "FP32", "data": [2.0]},
    ]}  # fmt: skip
    assert statuses("POST", INFER, json=BODY) == {200}
    assert statuses("GET", "/v2/health/ready") == statuses("GET", "/v2/models/flowers/ready") == {200}
    assert statuses("POST", "/v2/models/words/infer", json=words_body) == {200}
    (index,) = {server.client.post("/v2/repository/index").text for _ in range(10)}
    assert "UNAVAILABLE" not in index

    os.kill(last, signal.SIGKILL)
    wait_for(lambda: server.log.read_text().count("has loaded its models but for flowers") == 2)
    assert statuses("POST", INFER, json=BODY) == statuses("GET", "/v2/health/ready") == {503}
    assert statuses("POST", "/v2/models/words/infer", json=words_body) == statuses("GET", "/v2/health/live") == {200}
    answer = server.client.post(INFER, json=BODY)
    assert answer.json()["diagnostics"][0]["code"] == "E806" and answer.headers["retry-after"] == "1"
    assert str(tmp_path) not in answer.text
    assert server.client.get("/v2/models/flowers/ready").json() == {"name": "flowers", "ready": False}
    states = {one["name"]: one["state"] for one in server.client.post("/v2/repository/index").json()}
    assert states == {"flowers": "UNAVAILABLE", "words": "READY"}
    assert server.client.get("/docs").status_code == server.client.get("/openapi.json").status_code == 200
    time.sleep(1)
    log = server.log.read_text()
    assert log.count(str(path)) == log.count("the old model stays") == 1  # told once, in whatever process
    assert "could not start" not in log and "Traceback" not in log
    assert counted(server, 'modelc_reloads_total{model="flowers",result="failed"}') == 1

    os.replace(good, path)
    wait_for(lambda: server.client.get("/v2/health/ready").status_code == 200)
    wait_for(lambda: statuses("POST", INFER, json=BODY) == {200})
    assert server.client.get("/v2/models/flowers").json()["versions"] == ["2"]
    expected = modelc.load(path)(X)
    found = np.array(server.client.post(INFER, json=BODY).json()["outputs"][0]["data"]).reshape(5, 3)
    np.testing.assert_allclose(found, expected, rtol=1e-5)
    assert server.stop() == 0


@pytest.mark.parametrize("workers", [1, 2])
def test_a_service_with_a_bad_file_does_not_start(models: Path, tmp_path: Path, workers: int) -> None:
    (tmp_path / "bad.modelc").write_bytes((models / "flowers.modelc").read_bytes()[:-50])
    command = [sys.executable, "-m", "modelc", "serve", models / "flowers.modelc", "bad.modelc", "--port", "0"]
    done = subprocess.run(
        [*command, "--workers", str(workers)], cwd=tmp_path, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 2 and done.stderr.startswith("error") and "bad.modelc" in done.stderr
    assert len(done.stderr.splitlines()) <= 3 and "Traceback" not in done.stderr


async def _missing(path: Path, reload: float) -> list[str]:
    """What is told of a model that is missing until its file is good."""
    told: list[str] = []
    good = path.read_bytes()
    path.write_bytes(good[:-50])
    taken = asyncio.Event()
    options = ServeOptions(reload=reload)
    model = ServedModel("m", str(path), options, ModelMetrics(CollectorRegistry()), told.append, None, taken.set)
    assert model.current is None
    watching = asyncio.create_task(model.watch())
    await asyncio.sleep(0.3)
    path.write_bytes(good[:-40])
    await asyncio.sleep(1.5)
    path.write_bytes(good)
    await asyncio.wait_for(taken.wait(), 30)
    assert model.current is not None
    watching.cancel()
    await model.close()
    return told


@pytest.mark.parametrize("reload", [0, 0.05])
def test_a_model_that_is_missing_is_looked_for(tmp_path: Path, reload: float) -> None:
    """Also where new files are not taken up, and once for each state of its file."""
    told = asyncio.run(_missing(saved(tmp_path / "flowers.modelc"), reload))
    assert len(told) == 3 and "its file cannot be loaded" in told[0] and "its file cannot be loaded" in told[1]


def test_limits_hold_where_workers_compute(start: Start, models: Path) -> None:
    server = start(models / "flowers.modelc", "--workers", 2, "--max-body", "1KB")
    assert server.client.post(INFER, content=b" " * 1025).status_code == 413
    assert server.client.get("/none").json()["diagnostics"][0]["code"] == "E804"
    assert "unknown model `blümen`" in server.client.get("/v2/models/bl%C3%BCmen").json()["error"]
    assert server.client.get("/v2/health/live").json() == {"live": True}
    assert server.client.post(INFER, json={}).status_code == 400
    content = gzip.compress(json.dumps(BODY).encode())
    assert server.client.post(INFER, content=content, headers={"content-encoding": "gzip"}).status_code == 200


MISTAKES: dict[str, tuple[list[str], str]] = {
    "no file": (["none.modelc"], "none.modelc"),
    "one name": (["a.modelc", "b/a.modelc"], "two models are called `a`"),
    "no name": (["x?y=a.modelc"], "`x?y` is not the name of a model"),
    "stateful": (["state.modelc"], "state.modelc: has stateful layers, which go on from the request before"),
    "no model": (["text.modelc"], "text.modelc"),
}


@pytest.mark.parametrize(("arguments", "message"), MISTAKES.values(), ids=MISTAKES)
def test_what_cannot_be_served(tmp_path: Path, arguments: list[str], message: str) -> None:
    (tmp_path / "text.modelc").write_text("no model")
    if "state.modelc" in arguments:
        text = "modelc: 1\ninput: {shape: [2, 3], batch_size: 1}\nlayers: [{type: LSTM, units: 2, stateful: true}]"
        saved(tmp_path / "state.modelc", text)
    command = [sys.executable, "-m", "modelc", "serve", *arguments, "--port", "0"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2 and message in done.stderr and "Traceback" not in done.stderr


def test_a_port_that_is_taken(server: Server, models: Path) -> None:
    command = [sys.executable, "-m", "modelc", "serve", models / "flowers.modelc", "--port", str(server.port)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert f"cannot listen at 127.0.0.1:{server.port}: Address already in use" in done.stderr
