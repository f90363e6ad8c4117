"""`Snapshot`: a spec as an editor has it at one moment, and what follows from its text, each part when it is wanted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from modelc.errors import Diagnostic, SpecError
from modelc.graph.graph import LayerTrace
from modelc.language.definition import Definition
from modelc.language.expansion.expand import ReadSpec, expand
from modelc.language.names import LONGEST_NAME, Namer
from modelc.language.project import project_of
from modelc.language.remembered import Remembered, Table
from modelc.language.text.node import TextNode
from modelc.language.validation.validate import validate
from modelc.lsp.reading import Reading, read_text
from modelc.report.check import check
from modelc.system.forks import cached_property
from modelc.text.naming import snake_case

if TYPE_CHECKING:
    from modelc.lsp.names import EntryWords


@dataclass(frozen=True, slots=True, eq=False)
class NamedEntry:
    """An entry of the expanded spec, and the name by which references denote it."""

    name: str
    node: TextNode
    type: str | None
    """The type of the layer; None for a further use of one."""


@dataclass(frozen=True, slots=True, eq=False)
class KnownBefore:
    """What is shown of a text while the one that it was edited to has mistakes."""

    reading: Reading | None = None
    tree: TextNode | None = None
    entries: tuple[NamedEntry, ...] = ()
    traces: Mapping[str, LayerTrace] = field(default_factory=dict[str, LayerTrace])
    remembered: Remembered = field(default_factory=Remembered)
    words: Table[EntryWords] = field(default_factory=Table["EntryWords"])


class Snapshot:
    """A text and what follows from it. `before` is what was known of the text that it was edited from."""

    def __init__(self, name: str, text: str, before: KnownBefore | None = None) -> None:
        self.name = name
        self.text = text
        self._before = before or KnownBefore()

    @cached_property
    def lines(self) -> list[str]:
        """The lines of the text, without their breaks."""
        return self.text.splitlines()

    def known(self) -> KnownBefore:
        """What has been worked out of this text, else what was known before."""
        done = vars(self)
        return KnownBefore(
            self._read if "_read" in done and not self._read.diagnostics else self._before.reading,
            self.last_tree if "_read" in done else self._before.tree,
            self.entries if "expanded" in done else self._before.entries,
            self.traces,
            self._before.remembered,
            self._before.words,
        )

    @cached_property
    def words(self) -> Table[EntryWords]:
        """The names in entries, as they were last looked for."""
        self._before.words.turn()
        return self._before.words

    def again(self) -> Snapshot:
        """The same text, to be read anew with the files that it names."""
        self._before.remembered.forget_files()
        return Snapshot(self.name, self.text, self.known())

    @cached_property
    def _read(self) -> Reading:
        return read_text(self.name, self.text, self._before.reading)

    @property
    def tree(self) -> TextNode | None:
        """The values of the text as they are written; None if it cannot be read."""
        return self._read.tree

    @property
    def last_tree(self) -> TextNode | None:
        """The tree, or that of the last text which could be read."""
        return self.tree if self.tree is not None and isinstance(self.tree.value, dict) else self._before.tree

    @cached_property
    def expanded(self) -> ReadSpec:
        """The spec with bases, variables, blocks and repeats worked in, as far as it can be read."""
        read = self._read
        project = project_of(read.tree.source.folder) if read.tree is not None else None
        return expand(read.tree, read.diagnostics, remembered=self._before.remembered, project=project)

    @cached_property
    def entries(self) -> tuple[NamedEntry, ...]:
        """The entries of the model, blocks and repeats written out; those of the last text if this one has none."""
        made = tuple(_entries(self.expanded.node)) if self.expanded.node is not None else ()
        return made or self._before.entries

    @cached_property
    def _defined(self) -> Definition | SpecError:
        read = self.expanded
        try:
            if read.node is None:
                raise SpecError(read.diagnostics)
            return validate(read.node, read.diagnostics, read.remarks, self._before.remembered)
        except SpecError as error:
            return error

    def _definition(self) -> Definition:
        if isinstance(self._defined, SpecError):
            raise self._defined
        return self._defined

    @cached_property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """All mistakes and warnings, as `modelc check` tells them."""
        found = tuple(check(self._definition, file=self.name))
        _ = self._traced
        return found

    @cached_property
    def _traced(self) -> Mapping[str, LayerTrace] | None:
        if isinstance(self._defined, SpecError):
            return None
        try:
            return {trace.name: trace for trace in self._defined.graph.layers}
        except SpecError:
            return None

    @property
    def traces(self) -> Mapping[str, LayerTrace]:
        """What is known of each layer by name: shapes, weights, multiply-adds; of the last text that was traced."""
        traced: Mapping[str, LayerTrace] | None = vars(self).get("_traced")
        return self._before.traces if traced is None else traced

    @property
    def told(self) -> tuple[Diagnostic, ...]:
        """What has been worked out so far of what there is to tell."""
        found: tuple[Diagnostic, ...] | None = vars(self).get("diagnostics")
        return self.quick if found is None else found

    @property
    def quick(self) -> tuple[Diagnostic, ...]:
        """The mistakes that need no shapes, in a fraction of the time of `diagnostics`."""
        return self._defined.diagnostics if isinstance(self._defined, SpecError) else ()


def _entries(model: TextNode) -> Iterator[NamedEntry]:
    layers = model.get("layers")
    nodes = layers.value if layers is not None and isinstance(layers.value, tuple) else ()
    namer = Namer(name for node in nodes if (name := _text(node, "name")) is not None)
    uses: dict[str, int] = {}
    for node in nodes:
        name, type, used = _text(node, "name"), _text(node, "type"), _text(node, "use")
        if type is None and used is not None:
            uses[used] = uses.get(used, 0) + 1
            name = name or f"{used}@{uses[used]}"
        elif name is None and type is not None:
            name = namer.make(snake_case(type[:LONGEST_NAME]))
        if name is not None:
            yield NamedEntry(name, node, type)


def _text(node: TextNode, key: str) -> str | None:
    found = node.get(key)
    return found.value if found is not None and isinstance(found.value, str) else None
