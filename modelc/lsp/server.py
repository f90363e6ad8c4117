"""The language server: what an editor asks for over the protocol, and what of modelc answers it.

https://microsoft.github.io/language-server-protocol/specifications/lsp/3.17/specification/
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

from cattrs import Converter
from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcInvalidParams
from pygls.lsp.server import LanguageServer
from pygls.protocol import default_converter
from pygls.uris import from_fs_path, to_fs_path

from modelc import __version__
from modelc.errors import Diagnostic, InputError, SpecError
from modelc.language.format.formatted import formatted
from modelc.language.project import project_of
from modelc.language.text.node import TextSource
from modelc.language.text.recognize import is_spec, is_spec_file
from modelc.lsp.completion import TRIGGERS, completions, resolved
from modelc.lsp.extents import Extent, shown_extent
from modelc.lsp.fixes import fix_of
from modelc.lsp.hover import hover
from modelc.lsp.layers_told import by_place, inlay_of
from modelc.lsp.navigate import FilePlace, definition, located, renamable, rename, uses
from modelc.lsp.other_files import OtherFiles
from modelc.lsp.outline import OutlinePart, foldings, outline
from modelc.lsp.snapshot import Snapshot
from modelc.report.spec_files import spec_files

_PAUSE = 0.02
"""How long after an edit what the editor asks of it is answered first, in seconds: it asks at once."""
_IDLE = 0.2
"""How long nothing is typed before shapes, limits and warnings are worked out."""

_KINDS = {
    "section": lsp.SymbolKind.Namespace, "block": lsp.SymbolKind.Function, "layer": lsp.SymbolKind.Class,
    "group": lsp.SymbolKind.Array, "variable": lsp.SymbolKind.Variable, "value": lsp.SymbolKind.Property,
}  # fmt: skip


class _Ready(list[Any]):
    """A result that is plain data already: of a long one, making objects of it and plain data of these is most of the
    time."""


def _converter() -> Converter:
    converter = default_converter()
    converter.register_unstructure_hook(_Ready, lambda result: result)
    return converter


class SpecServer(LanguageServer):
    """A server that holds the specs which an editor has open."""

    def __init__(self) -> None:
        super().__init__("modelc", __version__, converter_factory=_converter)  # pyright: ignore[reportUnknownMemberType] its further arguments
        self._snapshots: dict[str, Snapshot] = {}
        self._waiting: dict[str, asyncio.Task[None]] = {}
        self._mistaken = set[str]()
        """The documents whose options or syntax were wrong when they were looked at last."""

    # --- documents

    def snapshot(self, uri: str) -> Snapshot:
        """The spec as it is in the editor now; as it is on the disk where it is not open there."""
        try:
            text = self.workspace.get_text_document(uri).source
        except (OSError, ValueError) as error:
            raise JsonRpcInvalidParams(f"{uri} is not open, and cannot be read: {error}") from None
        known = self._snapshots.get(uri)
        if known is None or known.text != text:
            name = to_fs_path(uri) or uri
            known = Snapshot(name, text, known.known() if known is not None else None)
            self._snapshots[uri] = known
        return known

    def edited(self, uri: str) -> None:
        """Tell the mistakes of syntax and options at once, and all others when nothing more is typed."""
        self._cancel(uri)
        self._waiting[uri] = asyncio.get_running_loop().create_task(self._diagnose(uri))

    def closed(self, uri: str) -> None:
        """Forget a document, and what was told of it."""
        self._cancel(uri)
        self._snapshots.pop(uri, None)
        self._publish(uri, None, [])

    def saved(self, uri: str) -> None:
        """Look again at all documents: a file that others extend may have changed."""
        for other in list(self._snapshots):
            if other != uri:
                self._snapshots[other] = self._snapshots[other].again()
                self.edited(other)

    def _cancel(self, uri: str) -> None:
        waiting = self._waiting.pop(uri, None)
        if waiting is not None:
            waiting.cancel()

    async def _diagnose(self, uri: str) -> None:
        await asyncio.sleep(_PAUSE)
        snapshot = self.snapshot(uri)
        if not is_spec(snapshot.name, snapshot.text):
            self._publish(uri, snapshot, [])
            return
        if snapshot.quick or uri in self._mistaken:
            self._publish(uri, snapshot, snapshot.quick)
        if snapshot.quick:
            self._mistaken.add(uri)
            return
        self._mistaken.discard(uri)
        await asyncio.sleep(_IDLE)
        found = await asyncio.get_running_loop().run_in_executor(None, lambda: snapshot.diagnostics)
        if self._snapshots.get(uri) is snapshot:
            self._publish(uri, snapshot, found)
            if self._refreshes_hints:
                self.workspace_inlay_hint_refresh(None)

    @property
    def _refreshes_hints(self) -> bool:
        workspace = self.client_capabilities.workspace
        return bool(workspace and workspace.inlay_hint and workspace.inlay_hint.refresh_support)

    def _publish(self, uri: str, snapshot: Snapshot | None, found: Iterable[Diagnostic]) -> None:
        told = [self._diagnostic(uri, snapshot, one) for one in found] if snapshot is not None else []
        self.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(uri, told))

    def _diagnostic(self, uri: str, snapshot: Snapshot, found: Diagnostic) -> lsp.Diagnostic:
        here = found.file == snapshot.name
        extent = Extent(1, 1, 1)
        message = found.message if found.help is None else f"{found.message}\nhelp: {found.help}"
        related: list[lsp.DiagnosticRelatedInformation] = []
        if here and found.line is not None and found.column is not None:
            extent = shown_extent(TextSource(snapshot.name, snapshot.text), found.line, found.column)
        elif not here:
            named = located(found, snapshot)
            if named is not None and named.line is not None and named.column is not None:
                extent = shown_extent(named.source, named.line, named.column)
            message = f"{found.location}: {message}"
            if found.file is not None and Path(found.file).is_file():
                place = FilePlace(found.file, Extent(found.line or 1, found.column or 1, 0))
                related.append(lsp.DiagnosticRelatedInformation(self.location(place), found.message))
        severity = lsp.DiagnosticSeverity.Error if found.severity == "error" else lsp.DiagnosticSeverity.Warning
        unused = [lsp.DiagnosticTag.Unnecessary] if found.code in ("W101", "W102") else None
        return lsp.Diagnostic(
            self.range(uri, extent), message, severity, found.code, source="modelc", tags=unused,
            related_information=related or None,
        )  # fmt: skip

    def other_files(self, snapshot: Snapshot) -> OtherFiles:
        """The specs of the workspace, as they are in the editor or on the disk; else those beside a spec."""
        folders = [path for one in self.workspace.folders.values() if (path := to_fs_path(one.uri)) is not None]
        if self.workspace.root_path is not None:
            folders.append(self.workspace.root_path)
        here = Path(snapshot.name).absolute().parent
        around = [folder for folder in folders if here.is_relative_to(folder)]
        try:
            specs = spec_files(dict.fromkeys(around)) if around else [str(p) for p in here.iterdir() if is_spec_file(p)]
        except (InputError, OSError):  # there are none that are saved
            specs = []
        return OtherFiles(specs, lambda path: self.workspace.get_text_document(from_fs_path(path) or path).source)

    # --- places

    def place(self, uri: str, position: lsp.Position) -> tuple[int, int]:
        """The line and the column, from 1 and in characters, of a position of the protocol."""
        lines = self.snapshot(uri).lines
        if position.line >= len(lines):
            return position.line + 1, 1
        found = self.workspace.position_codec.position_from_client_units(lines, position)
        return found.line + 1, found.character + 1

    def range(self, uri: str, extent: Extent) -> lsp.Range:
        """The range of the protocol that an extent of an open document is."""
        return self._range(self.snapshot(uri).lines, extent)

    def location(self, place: FilePlace) -> lsp.Location:
        """The location of a place, which may be in a file that is not open."""
        uri = from_fs_path(place.file) or place.file
        if uri in self._snapshots:
            return lsp.Location(uri, self.range(uri, place.extent))
        return lsp.Location(uri, self._range(self.workspace.get_text_document(uri).source.splitlines(), place.extent))

    def _range(self, lines: Sequence[str], extent: Extent) -> lsp.Range:
        line = lines[extent.line - 1] if extent.line <= len(lines) else ""
        first, last = self.units(line, extent.column - 1), self.units(line, extent.end - 1)
        return lsp.Range(lsp.Position(extent.line - 1, first), lsp.Position(extent.line - 1, last))

    def units(self, line: str, count: int) -> int:
        """The number of units, as the editor counts them, of so many first characters of a line."""
        if line.isascii():
            # In all units a character is one then; the codec counts them one by one, which is most of a long answer.
            return min(count, len(line))
        return self.workspace.position_codec.client_num_units(line[:count])


F = TypeVar("F", bound=Callable[..., Any])


def _telling(function: F) -> F:
    """What a user asked for and cannot have is told in one sentence."""

    @wraps(function)
    def told(*arguments: Any) -> Any:
        try:
            return function(*arguments)
        except InputError as error:
            raise JsonRpcInvalidParams(error.message + (f"; {error.help}" if error.help else "")) from None

    return told  # pyright: ignore[reportReturnType]


def make_server() -> SpecServer:
    """A server with all that it answers."""
    server = SpecServer()
    _documents(server)
    _words(server)
    _names(server)
    _structure(server)
    return server


def _documents(server: SpecServer) -> None:
    @server.feature(lsp.TEXT_DOCUMENT_DID_OPEN)
    async def opened(params: lsp.DidOpenTextDocumentParams) -> None:
        server.edited(params.text_document.uri)

    @server.feature(lsp.TEXT_DOCUMENT_DID_CHANGE)
    async def changed(params: lsp.DidChangeTextDocumentParams) -> None:
        server.edited(params.text_document.uri)

    @server.feature(lsp.TEXT_DOCUMENT_DID_SAVE)
    async def saved(params: lsp.DidSaveTextDocumentParams) -> None:
        server.saved(params.text_document.uri)

    @server.feature(lsp.TEXT_DOCUMENT_DID_CLOSE)
    def closed(params: lsp.DidCloseTextDocumentParams) -> None:
        server.closed(params.text_document.uri)

    @server.feature(lsp.TEXT_DOCUMENT_CODE_ACTION, lsp.CodeActionOptions([lsp.CodeActionKind.QuickFix]))
    def actions(params: lsp.CodeActionParams) -> list[lsp.CodeAction]:
        return _fixes(server, params)


def _fixes(server: SpecServer, params: lsp.CodeActionParams) -> list[lsp.CodeAction]:
    """A fix for each diagnostic in the range that suggests a word."""
    uri = params.text_document.uri
    snapshot = server.snapshot(uri)
    first, last = params.range.start.line + 1, params.range.end.line + 1
    told = {(d.range.start.line + 1, d.code): d for d in params.context.diagnostics}
    found: list[lsp.CodeAction] = []
    for diagnostic in snapshot.told:
        here = diagnostic.file == snapshot.name and first <= (diagnostic.line or 0) <= last
        fix = fix_of(diagnostic, snapshot.text) if here else None
        if fix is not None:
            edit = lsp.WorkspaceEdit({uri: [lsp.TextEdit(server.range(uri, fix.extent), fix.text)]})
            mended = told.get((diagnostic.line or 0, diagnostic.code))
            found.append(lsp.CodeAction(
                fix.title, lsp.CodeActionKind.QuickFix, [mended] if mended is not None else None,
                is_preferred=True, edit=edit,
            ))  # fmt: skip
    return found


def _words(server: SpecServer) -> None:
    @server.feature(lsp.TEXT_DOCUMENT_COMPLETION, lsp.CompletionOptions(list(TRIGGERS), resolve_provider=True))
    def complete(params: lsp.CompletionParams) -> lsp.CompletionList:
        uri = params.text_document.uri
        items: list[lsp.CompletionItem] = []
        for extent, item in completions(server.snapshot(uri), *server.place(uri, params.position)):
            item.text_edit = lsp.TextEdit(server.range(uri, extent), item.insert_text or item.label)
            items.append(item)
        return lsp.CompletionList(is_incomplete=False, items=items)

    @server.feature(lsp.COMPLETION_ITEM_RESOLVE)
    def resolve(item: lsp.CompletionItem) -> lsp.CompletionItem:
        return resolved(item)

    @server.feature(lsp.TEXT_DOCUMENT_HOVER)
    def show(params: lsp.HoverParams) -> lsp.Hover | None:
        uri = params.text_document.uri
        found = hover(server.snapshot(uri), *server.place(uri, params.position))
        if found is None:
            return None
        return lsp.Hover(lsp.MarkupContent(lsp.MarkupKind.Markdown, found[1]), server.range(uri, found[0]))

    @server.feature(lsp.TEXT_DOCUMENT_INLAY_HINT)
    def hints(params: lsp.InlayHintParams) -> _Ready:
        snapshot = server.snapshot(params.text_document.uri)
        lines = snapshot.lines
        found = _Ready()
        placed = by_place(snapshot.entries, snapshot.traces, snapshot.name)
        for (line, _), layers in sorted(placed.items()):
            if params.range.start.line < line <= params.range.end.line + 1 and line <= len(lines):
                text = lines[line - 1]
                at = {"line": line - 1, "character": server.units(text, len(text))}
                found.append({"position": at, "label": inlay_of(layers), "paddingLeft": True})
        return found


def _names(server: SpecServer) -> None:
    @server.feature(lsp.TEXT_DOCUMENT_DEFINITION)
    def define(params: lsp.DefinitionParams) -> lsp.Location | None:
        uri = params.text_document.uri
        place = definition(server.snapshot(uri), *server.place(uri, params.position))
        return None if place is None else server.location(place)

    @server.feature(lsp.TEXT_DOCUMENT_REFERENCES)
    def refer(params: lsp.ReferenceParams) -> list[lsp.Location]:
        uri = params.text_document.uri
        wanted = params.context.include_declaration
        found = uses(server.snapshot(uri), *server.place(uri, params.position), wanted)
        return [lsp.Location(uri, server.range(uri, extent)) for extent in found]

    @server.feature(lsp.TEXT_DOCUMENT_DOCUMENT_HIGHLIGHT)
    def highlight(params: lsp.DocumentHighlightParams) -> list[lsp.DocumentHighlight]:
        uri = params.text_document.uri
        found = uses(server.snapshot(uri), *server.place(uri, params.position))
        return [lsp.DocumentHighlight(server.range(uri, extent)) for extent in found]

    @server.feature(lsp.TEXT_DOCUMENT_PREPARE_RENAME)
    @_telling
    def prepare(params: lsp.PrepareRenameParams) -> lsp.PrepareRenamePlaceholder:
        uri = params.text_document.uri
        extent, name = renamable(server.snapshot(uri), *server.place(uri, params.position))
        return lsp.PrepareRenamePlaceholder(server.range(uri, extent), name)

    @server.feature(lsp.TEXT_DOCUMENT_RENAME, lsp.RenameOptions(prepare_provider=True))
    @_telling
    def change(params: lsp.RenameParams) -> lsp.WorkspaceEdit:
        uri = params.text_document.uri
        snapshot, place = server.snapshot(uri), server.place(uri, params.position)
        found = rename(snapshot, *place, params.new_name, server.other_files(snapshot))
        places = [server.location(FilePlace(file, extent)) for file, extents in found.items() for extent in extents]
        changes: dict[str, list[lsp.TextEdit]] = {}
        for one in places:
            changes.setdefault(one.uri, []).append(lsp.TextEdit(one.range, params.new_name))
        return lsp.WorkspaceEdit(changes)


def _structure(server: SpecServer) -> None:
    @server.feature(lsp.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
    def symbols(params: lsp.DocumentSymbolParams) -> _Ready:
        snapshot = server.snapshot(params.text_document.uri)
        lines, units = snapshot.lines, server.units

        def symbol(part: OutlinePart) -> dict[str, Any]:
            word, last = part.word, lines[part.last - 1]
            line = lines[word.line - 1]
            return {
                "name": part.name,
                "kind": _KINDS[part.kind].value,
                "range": {
                    "start": {"line": part.first - 1, "character": 0},
                    "end": {"line": part.last - 1, "character": units(last, len(last))},
                },
                "selectionRange": {
                    "start": {"line": word.line - 1, "character": units(line, word.column - 1)},
                    "end": {"line": word.line - 1, "character": units(line, word.end - 1)},
                },
                "children": [symbol(inner) for inner in part.parts],
            } | ({"detail": part.detail} if part.detail else {})

        return _Ready(symbol(part) for part in outline(snapshot))

    @server.feature(lsp.TEXT_DOCUMENT_FORMATTING)
    def lay_out(params: lsp.DocumentFormattingParams) -> list[lsp.TextEdit]:
        snapshot = server.snapshot(params.text_document.uri)
        if not is_spec(snapshot.name, snapshot.text):
            return []
        try:
            made = formatted(snapshot.text, snapshot.name, project_of(Path(snapshot.name).parent).width)
        except SpecError:  # JSON, or mistakes, which are told already
            return []
        return _line_edits(snapshot.text, made)

    @server.feature(lsp.TEXT_DOCUMENT_FOLDING_RANGE)
    def fold(params: lsp.FoldingRangeParams) -> list[lsp.FoldingRange]:
        return [
            lsp.FoldingRange(first - 1, last - 1, kind=lsp.FoldingRangeKind.Comment if comment else None)
            for first, last, comment in foldings(server.snapshot(params.text_document.uri))
        ]


def _line_edits(old: str, new: str) -> list[lsp.TextEdit]:
    """The edit that makes one text of another: of the lines from the first that differs to the last."""
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    most = min(len(before), len(after))
    first = next((i for i in range(most) if before[i] != after[i]), most)
    last = next((i for i in range(most - first) if before[-1 - i] != after[-1 - i]), most - first)
    if first == len(before) == len(after):
        return []
    where = lsp.Range(lsp.Position(first, 0), lsp.Position(len(before) - last, 0))
    return [lsp.TextEdit(where, "".join(after[first : len(after) - last]))]
