"""How long the language server takes to answer about a spec of 500 layers: `python benchmarks/editor.py [LAYERS]`.

The server runs as an editor runs it, on pipes. Each request is sent several times and each is timed from its last byte
sent to the last byte of its answer. `after an edit` requests follow a keystroke in the middle of the text at once. The
second number is the time that the server computed, with all its threads: other processes on the machine change it less.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

ROUNDS = 15


def spec_of(layers: int) -> str:
    """A graph of convolutions with additions and a variable, one entry a line."""
    lines = ["modelc: 1", "name: big", "input: {shape: [64, 64, 16]}", "vars: {width: 16}", "layers:"]
    for i in range(layers):
        lines.append(
            f"  - {{type: Add, inputs: [c{i - 1}, c{i - 2}], name: c{i}}}" if i % 5 == 4 else
            f'  - {{type: Conv2D, filters: "${{width}}", kernel_size: 3, padding: same, activation: relu, name: c{i}}}'
        )  # fmt: skip
    return "\n".join(lines) + "\n"


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


def main(layers: int) -> None:
    """Print a line for each request."""
    server, uri, text = Server(), "file:///tmp/big.yaml", spec_of(layers)
    lines = text.splitlines()
    start = time.perf_counter()
    server.request("initialize", {"processId": None, "rootUri": None, "capabilities": {}})
    server.send("initialized", {})
    print(f"{'started':44}{(time.perf_counter() - start) * 1e3:10.0f} ms")
    start = time.perf_counter()
    server.send(
        "textDocument/didOpen", {"textDocument": {"uri": uri, "languageId": "yaml", "version": 1, "text": text}}
    )
    server.diagnostics()
    print(f"{'opened: all diagnostics':44}{(time.perf_counter() - start) * 1e3:10.0f} ms")
    document, version, middle = {"uri": uri}, 1, layers // 2 + 5
    name = lines[middle].index("Conv2D") if "Conv2D" in lines[middle] else lines[middle + 1].index("Conv2D")
    middle += "Conv2D" not in lines[middle]

    def place(line: int, column: int) -> dict[str, int]:
        return {"line": line, "character": column}

    def edit(first: int, last: int, new: str, line: int = middle) -> None:
        nonlocal version
        version += 1
        change = {"range": {"start": place(line, first), "end": place(line, last)}, "text": new}
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
        median = statistics.median
        print(f"{what:44}{median(times):10.1f} ms,{median(own):8.1f} ms computed, {length:9,} bytes")

    key = lines[middle].index("kernel_size")
    reference = next(i for i in range(middle, len(lines)) if "Add" in lines[i])
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
    for what, (method, params) in requests.items():
        timed(what, lambda m=method, p=params: server.request(f"textDocument/{m}", p))

    def after_edit(method: str, params: dict[str, Any]) -> Any:
        nonlocal width
        width = 7 - width  # 3 or 4: the size of a window
        column = lines[middle].index("kernel_size: ") + 13
        edit(column, column + 1, str(width))
        return server.request(f"textDocument/{method}", params)

    width = 3
    for what, (method, params) in requests.items():
        timed(f"after an edit: {what}", lambda m=method, p=params: after_edit(m, p))

    def mistaken() -> Any:
        edit(key, key + 1, "x" if (version % 2) else "k")
        return server.diagnostics(), 0

    server.diagnostics()
    timed("after an edit: mistakes of options", mistaken)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 500)
