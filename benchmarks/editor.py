"""How long the language server takes to answer about specs of 500 layers: `python benchmarks/editor.py [LAYERS]
[KIND...]`, where a kind is `plain`, `blocks`, `repeats` or `models`.

The server runs as an editor runs it, on pipes. Each request is sent several times and each is timed from its last byte
sent to the last byte of its answer: the median is told, and the least. Requests `after a digit` follow at once a
keystroke in the middle of the text, those `after a line` one that makes or removes a line above all layers. The last
numbers are the time that the server computed, with all its threads: other processes on the machine change it less.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROUNDS = 15
PAUSE = 0.1
"""Seconds between keystrokes: nobody types faster."""


HEAD = "modelc: 1\nname: big\ninput: {shape: [64, 64, 16]}\nvars: {width: 16}\n"
CONVOLUTION = 'type: Conv2D, filters: "${width}", kernel_size: 3, padding: same'
UNIT = f"""blocks:
  unit:
    params: {{activation: relu}}
    layers:
      - {{{CONVOLUTION}}}
      - {{type: BatchNormalization}}
      - {{type: Activation, activation: "${{activation}}"}}
      - {{type: Add, inputs: [activation, input]}}
"""
PART = 23
"""The layers of a model in a file of its own."""


def spec_of(kind: str, layers: int) -> str:
    """A graph of convolutions with additions and a variable, one entry a line; most layers are those of uses of a
    block, of repeated entries, or of models in another file, as `kind` says."""
    head = HEAD + (UNIT if kind == "blocks" else "") + "layers:\n"
    if kind == "plain":
        return head + "".join(
            f"  - {{type: Add, inputs: [c{i - 1}, c{i - 2}], name: c{i}}}\n" if i % 5 == 4 else
            f"  - {{{CONVOLUTION}, activation: relu, name: c{i}}}\n" for i in range(layers)
        )  # fmt: skip
    entry, count = {
        "blocks": ("{block: unit, name: u#}", 4),
        "repeats": (f"{{repeat: 10, layers: [{{{CONVOLUTION}}}, {{type: ReLU, name: u#}}]}}", 20),
        "models": ("{type: Model, spec: part#.yaml, name: u#}", PART),
    }[kind]
    last = "u{i}_9" if kind == "repeats" else "u{i}"
    return head + "".join(
        f"  - {{{CONVOLUTION}, activation: relu, name: c{i}}}\n  - {entry.replace('#', str(i))}\n"
        f"  - {{type: Add, inputs: [c{i}, {last.format(i=i)}], name: a{i}}}\n" for i in range(layers // (count + 2))
    )  # fmt: skip


def part() -> str:
    """A model that another one consists of, each in a file of its own."""
    lines = [f"  - {{{CONVOLUTION}, activation: relu, name: p{i}}}\n" for i in range(PART)]
    return HEAD.replace("big", "part") + "layers:\n" + "".join(lines)


class Server:
    """The server, and its messages as plain JSON."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "modelc", "lsp"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self.count = 0

    def computed(self) -> float:
        """The seconds for which the threads of the server have run."""
        tasks = Path(f"/proc/{self.process.pid}/task").iterdir()
        return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9

    def send(self, method: str, params: Any, id: int | None = None) -> None:
        assert self.process.stdin is not None
        body = {"jsonrpc": "2.0", "method": method, "params": params} | ({"id": id} if id is not None else {})
        data = json.dumps(body).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(data) + data)
        self.process.stdin.flush()

    def receive(self) -> tuple[Any, int]:
        assert self.process.stdout is not None
        length = 0
        while (line := self.process.stdout.readline().strip()) != b"":
            length = int(line.split(b":")[1]) if line.lower().startswith(b"content-length") else length
        return json.loads(self.process.stdout.read(length)), length

    def request(self, method: str, params: Any) -> tuple[Any, int]:
        self.count += 1
        self.send(method, params, self.count)
        while True:
            message, length = self.receive()
            if message.get("id") == self.count:
                assert "error" not in message, message
                return message["result"], length

    def diagnostics(self) -> Any:
        while True:
            message, _ = self.receive()
            if message.get("method") == "textDocument/publishDiagnostics":
                return message["params"]["diagnostics"]


def main(layers: int, kind: str, folder: Path) -> None:
    """Print a line for each request."""
    for i in range(layers // PART):
        (folder / f"part{i}.yaml").write_text(part())
    server, uri, text = Server(), (folder / f"{kind}.yaml").as_uri(), spec_of(kind, layers)
    lines = text.splitlines()
    print(f"--- {kind}")
    start = time.perf_counter()
    server.request("initialize", {"processId": None, "rootUri": None, "capabilities": {}})
    server.send("initialized", {})
    print(f"{'started':40}{(time.perf_counter() - start) * 1e3:10.0f} ms")
    start = time.perf_counter()
    server.send(
        "textDocument/didOpen", {"textDocument": {"uri": uri, "languageId": "yaml", "version": 1, "text": text}}
    )
    server.diagnostics()
    print(f"{'opened: all diagnostics':40}{(time.perf_counter() - start) * 1e3:10.0f} ms")
    above = lines.index("layers:") + 1
    document, version, middle = {"uri": uri}, 1, (len(lines) + above) // 2
    while not lines[middle].startswith("  - {type: Conv2D"):
        middle += 1
    name = lines[middle].index("Conv2D")

    def place(line: int, column: int) -> dict[str, int]:
        return {"line": line, "character": column}

    def edit(first: int, last: int, new: str, line: int = middle) -> None:
        changed({"range": {"start": place(line, first), "end": place(line, last)}, "text": new})

    def changed(change: dict[str, Any]) -> None:
        nonlocal version
        version += 1
        server.send(
            "textDocument/didChange",
            {"textDocument": {"uri": uri, "version": version}, "contentChanges": [change]},
        )

    def timed(what: str, run: Any) -> None:
        times, own, length = list[float](), list[float](), 0
        for _ in range(ROUNDS):
            start, before = time.perf_counter(), server.computed()
            _, length = run()
            times.append((time.perf_counter() - start) * 1e3)
            own.append((server.computed() - before) * 1e3)
            time.sleep(PAUSE)
        told = [f"{statistics.median(t):8.1f} ({min(t):5.1f}) ms" for t in (times, own)]
        print(f"{what:40}{told[0]},{told[1]} computed, {length:9,} bytes", flush=True)

    key = lines[middle].index("kernel_size")
    reference = next(i for i in range(middle, len(lines)) if lines[i].startswith("  - {type: Add"))
    used = lines[reference].index("inputs: [") + 10
    whole = {"start": place(0, 0), "end": place(len(lines), 0)}
    at = {"textDocument": document, "position": place(middle, name + 2)}
    requests: dict[str, tuple[str, dict[str, Any]]] = {
        "completion": ("completion", {"textDocument": document, "position": place(middle, key)}),
        "hover": ("hover", at),
        "inlay hints of 50 lines": (
            "inlayHint", {"textDocument": document, "range": {"start": place(middle, 0), "end": place(middle + 50, 0)}}
        ),
        "inlay hints of all lines": ("inlayHint", {"textDocument": document, "range": whole}),
        "definition": ("definition", {"textDocument": document, "position": place(reference, used)}),
        "rename": ("rename", {"textDocument": document, "position": place(reference, used), "newName": "zz"}),
        "folding": ("foldingRange", {"textDocument": document}),
        "symbols": ("documentSymbol", {"textDocument": document}),
        "quick fixes": ("codeAction", {"textDocument": document, "range": whole, "context": {"diagnostics": []}}),
    }  # fmt: skip

    def ask(request: tuple[str, dict[str, Any]]) -> Any:
        return server.request(f"textDocument/{request[0]}", request[1])

    for what, request in requests.items():
        timed(what, partial(ask, request))

    width, new_line = 3, ""

    def after_digit(request: tuple[str, dict[str, Any]]) -> Any:
        nonlocal width
        width = 7 - width  # 3 or 4: the size of a window
        column = lines[middle].index("kernel_size: ") + 13
        edit(column, column + 1, str(width))
        return ask(request)

    def after_line(request: tuple[str, dict[str, Any]]) -> Any:
        nonlocal new_line
        change = {"range": {"start": place(above, 0), "end": place(above + len(new_line), 0)}}
        new_line = "" if new_line else "\n"
        changed(change | {"text": new_line})
        return ask(request)

    for what, request in requests.items():
        timed(f"after a digit: {what}", partial(after_digit, request))
    for what, request in requests.items():
        if "position" not in request[1]:
            timed(f"after a line: {what}", partial(after_line, request))
    if new_line:
        after_line(requests["folding"])

    def mistaken() -> Any:
        edit(key, key + 1, "x" if (version % 2) else "k")
        return server.diagnostics(), 0

    time.sleep(1)
    timed("after a letter: mistakes of options", mistaken)
    server.process.kill()


if __name__ == "__main__":
    count, *kinds = sys.argv[1:] or ["500"]
    for kind in kinds or ["plain", "blocks", "repeats", "models"]:
        with TemporaryDirectory() as folder:
            main(int(count), kind, Path(folder))
