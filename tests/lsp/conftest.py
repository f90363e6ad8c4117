"""An editor that drives `modelc lsp` over standard input and output, by the client of pygls."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Coroutine, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest

lsp = pytest.importorskip("lsprotocol.types")
from pygls.lsp.client import LanguageClient  # noqa: E402

T = TypeVar("T")
CURSOR = "|"
SECONDS = 60


class Editor:
    """One running server, and the documents that are open in it. `|` marks the cursor in a text."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        self.client = LanguageClient("tests", "1")
        self.told: dict[str, list[Any]] = {}
        self.texts: dict[str, str] = {}
        self.version = 0

        @self.client.feature(lsp.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def told(params: Any) -> None:
            self.told.setdefault(params.uri, []).append(params.diagnostics)

        self.run(self.client.start_io(sys.executable, "-m", "modelc", "lsp"))
        asked = lsp.InitializeParams(lsp.ClientCapabilities(), process_id=None, root_uri=None)
        self.capabilities = self.run(self.client.initialize_async(asked)).capabilities
        self.client.initialized(lsp.InitializedParams())

    def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(SECONDS)

    def close(self) -> None:
        self.run(self.client.shutdown_async(None))
        self.loop.call_soon_threadsafe(self.client.exit, None)
        self.run(self.client.stop())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(SECONDS)
        self.loop.close()

    # --- documents

    def open(self, path: Path, text: str) -> str:
        uri = path.as_uri()
        self.texts[uri] = text
        self.told.pop(uri, None)
        self.version += 1
        item = lsp.TextDocumentItem(uri, "yaml", self.version, text)
        self.send(self.client.text_document_did_open, lsp.DidOpenTextDocumentParams(item))
        return uri

    def edit(self, uri: str, text: str) -> None:
        """Replace the part of the text that differs, as an editor tells of a change."""
        old = self.texts[uri]
        self.texts[uri] = text
        start = 0
        while start < min(len(old), len(text)) and old[start] == text[start]:
            start += 1
        end = 0
        while end < min(len(old), len(text)) - start and old[-1 - end] == text[-1 - end]:
            end += 1
        where = lsp.Range(position(old, start), position(old, len(old) - end))
        change = lsp.TextDocumentContentChangePartial(where, text[start : len(text) - end])
        self.version += 1
        self.told.pop(uri, None)
        document = lsp.VersionedTextDocumentIdentifier(self.version, uri)
        self.send(self.client.text_document_did_change, lsp.DidChangeTextDocumentParams(document, [change]))

    def send(self, method: Any, params: Any) -> None:
        async def sent() -> None:
            method(params)

        self.run(sent())

    def diagnostics(self, uri: str, at_least: int = 1) -> list[Any]:
        """The diagnostics after the last edit, once they have been told so often."""

        async def wait() -> list[Any]:
            for _ in range(SECONDS * 100):
                if len(self.told.get(uri, [])) >= at_least:
                    return list(self.told[uri][-1])
                await asyncio.sleep(0.01)
            raise AssertionError("no diagnostics were told")

        return self.run(wait())

    # --- requests

    def at(self, uri: str, text: str | None = None) -> dict[str, Any]:
        """The document and the position of the cursor, which is marked in the text."""
        text = text if text is not None else self.texts[uri]
        return {"text_document": lsp.TextDocumentIdentifier(uri), "position": position(text, text.index(CURSOR))}

    def labels(self, path: Path, text: str) -> list[str]:
        """What is offered at the cursor of a text that is opened anew."""
        uri = self.open(path, text.replace(CURSOR, "", 1))
        found = self.run(self.client.text_document_completion_async(lsp.CompletionParams(**self.at(uri, text))))
        return [item.label for item in sorted(found.items, key=lambda i: i.sort_text or "")]


def position(text: str, offset: int) -> Any:
    """The position of the protocol, in units of UTF-16."""
    before = text[:offset]
    last = before.rpartition("\n")[2]
    return lsp.Position(before.count("\n"), len(last.encode("utf-16-le")) // 2)


def offset_of(text: str, place: Any) -> int:
    """The offset of a position of the protocol."""
    lines = text.splitlines(keepends=True)
    line = lines[place.line] if place.line < len(lines) else ""
    return sum(map(len, lines[: place.line])) + len(line.encode("utf-16-le")[: 2 * place.character].decode("utf-16-le"))


def applied(text: str, edits: list[Any]) -> str:
    """The text with edits of the protocol applied."""
    for one in sorted(edits, key=lambda e: offset_of(text, e.range.start), reverse=True):
        text = text[: offset_of(text, one.range.start)] + one.new_text + text[offset_of(text, one.range.end) :]
    return text


def words(text: str, ranges: list[Any]) -> list[str]:
    """What stands in ranges of the protocol."""
    return [text[offset_of(text, r.start) : offset_of(text, r.end)] for r in ranges]


@pytest.fixture(scope="session")
def editor() -> Iterator[Editor]:
    made = Editor()
    yield made
    made.close()
