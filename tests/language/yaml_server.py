"""A client of `yaml-language-server`, the server behind the YAML support of VS Code and other editors: LSP on stdio."""

from __future__ import annotations

import json
import queue
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

CURSOR = "|"
"""Marks the place of the cursor in a text."""

_SECONDS = 60
"""How long an answer is waited for."""


_ANSWERS = 10
"""So many answers in a row have keys before the server is taken to be ready."""


class YamlServer:
    """A running server that applies one JSON Schema to every document."""

    def __init__(self, command: str, schema: Path) -> None:
        self._process = subprocess.Popen([command, "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._messages: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self._schema = schema
        self._count = 0
        threading.Thread(target=self._receive, daemon=True).start()
        capabilities = {
            "textDocument": {
                "completion": {"completionItem": {"snippetSupport": True, "documentationFormat": ["markdown"]}},
                "hover": {"contentFormat": ["markdown"]},
                "publishDiagnostics": {},
            },
            "workspace": {"configuration": True, "didChangeConfiguration": {"dynamicRegistration": False}},
        }
        self._request("initialize", {"processId": None, "rootUri": None, "capabilities": capabilities})
        self._notify("initialized", {})
        self._notify("workspace/didChangeConfiguration", {"settings": {"yaml": self._settings}})
        # The server answers before it has read its settings, which it asks for more than once: until it knows the
        # schema's keys for good, answers are empty now and then.
        deadline = time.monotonic() + _SECONDS
        known = 0
        while known < _ANSWERS:
            known = known + 1 if self.completions(CURSOR) else 0
            assert time.monotonic() < deadline, "the server does not know the schema"
            time.sleep(0.05)

    def close(self) -> None:
        """End the server."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            assert stream is not None
            stream.close()

    def completions(self, text: str) -> dict[str, dict[str, Any]]:
        """What the server offers at the cursor, by label."""
        answer = self._at_cursor("textDocument/completion", text)
        return {item["label"]: item for item in answer["items"]} if answer else {}

    def hover(self, text: str) -> str:
        """What the server shows where the mouse rests on the cursor's place."""
        answer = self._at_cursor("textDocument/hover", text)
        return answer["contents"]["value"] if answer else ""

    def problems(self, text: str) -> list[str]:
        """The server's messages about a document."""
        uri = self._open(text)
        for message in self._received():
            if message.get("method") == "textDocument/publishDiagnostics" and message["params"]["uri"] == uri:
                return [one["message"] for one in message["params"]["diagnostics"]]
        raise AssertionError("the server ended")

    @property
    def _settings(self) -> dict[str, Any]:
        return {"schemas": {self._schema.as_uri(): "*"}, "completion": True, "hover": True, "validate": True}

    def _at_cursor(self, method: str, text: str) -> Any:
        before = text[: text.index(CURSOR)]
        position = {"line": before.count("\n"), "character": len(before) - (before.rfind("\n") + 1)}
        uri = self._open(text.replace(CURSOR, "", 1))
        return self._request(method, {"textDocument": {"uri": uri}, "position": position})

    def _open(self, text: str) -> str:
        self._count += 1
        uri = f"file:///spec{self._count}.yaml"
        document = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
        self._notify("textDocument/didOpen", {"textDocument": document})
        return uri

    def _request(self, method: str, params: Any) -> Any:
        self._count += 1
        number = self._count
        self._send({"id": number, "method": method, "params": params})
        for message in self._received():
            if message.get("id") == number and "method" not in message:
                assert "error" not in message, message
                return message["result"]
        raise AssertionError("the server ended")

    def _notify(self, method: str, params: Any) -> None:
        self._send({"method": method, "params": params})

    def _send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._process.stdin is not None
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self._process.stdin.flush()

    def _received(self) -> Iterator[dict[str, Any]]:
        """The server's messages; its own requests are answered on the way."""
        while (message := self._messages.get(timeout=_SECONDS)) is not None:
            if "method" in message and "id" in message:
                self._send({"id": message["id"], "result": self._answer(message)})
            yield message

    def _answer(self, message: dict[str, Any]) -> Any:
        if message["method"] != "workspace/configuration":
            return None
        return [self._settings if item.get("section") == "yaml" else None for item in message["params"]["items"]]

    def _receive(self) -> None:
        stream = self._process.stdout
        assert stream is not None
        while line := stream.readline():
            length = int(line.split(b":")[1])
            while stream.readline().strip():
                pass
            self._messages.put(json.loads(stream.read(length)))
        self._messages.put(None)
