"""A model as a diagram that other programs draw: Mermaid, which Markdown renderers know, and DOT, that of Graphviz."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from modelc.files.kinds import DOT_HEAD, MERMAID_HEAD
from modelc.pages.data import shape_told
from modelc.pages.kinds import KINDS
from modelc.pages.picture import DrawnLayer, Level, ModelPicture

_Line = Callable[[DrawnLayer, str], str]


def as_mermaid(picture: ModelPicture, *, unfolded: bool = False) -> str:
    """A Mermaid flowchart; models are subgraphs if `unfolded`."""
    lines = [MERMAID_HEAD, "flowchart TD"]
    lines += _Diagram(unfolded, "    ", "-->", _mermaid_node, _mermaid_group, "end").of(picture.top)
    for kind in dict.fromkeys(node.kind for node in picture.top.all_nodes()):
        lines.append(f"    classDef {kind} fill:{KINDS[kind].colour}22,stroke:{KINDS[kind].colour}")
    return "\n".join(lines) + "\n"


def as_dot(picture: ModelPicture, *, unfolded: bool = False) -> str:
    """A graph in DOT; models are clusters if `unfolded`."""
    lines = [
        DOT_HEAD,
        f"digraph {_dot_text(picture.name)} {{",
        '    node [shape=box, style="rounded,filled", fontname="sans-serif", fontsize=11, margin="0.16,0.08"];',
        '    edge [color="#9aa5b3", arrowsize=0.7];',
        '    fontname="sans-serif"; compound=true; nodesep=0.3; ranksep=0.35;',
    ]
    lines += _Diagram(unfolded, "    ", "->", _dot_node, _dot_group, "}").of(picture.top)
    return "\n".join([*lines, "}"]) + "\n"


class _Diagram:
    """The lines of nodes and edges: names are positions, so that no text of a spec is part of the syntax."""

    def __init__(self, unfolded: bool, indent: str, arrow: str, node: _Line, group: _Line, end: str) -> None:
        self._unfolded = unfolded
        self._indent = indent
        self._arrow = arrow
        self._node = node
        self._group = group
        self._end = end
        self._made = 0

    def of(self, top: Level) -> Iterator[str]:
        """All lines of a level, then its edges."""
        yield from self._level(top, 1)[0]

    def _level(self, level: Level, depth: int) -> tuple[list[str], list[str], list[str]]:
        """The lines of a level; the names of the nodes that its edges lead to, and of those that they come from."""
        lines: list[str] = []
        heads: list[str] = []
        tails: list[str] = []
        for node in level.nodes:
            name = f"n{self._made}"
            self._made += 1
            if node.inside is not None and self._unfolded and node.inside.nodes:
                inner, firsts, lasts = self._level(node.inside, depth + 1)
                lines += [self._indent * depth + self._group(node, name), *inner, self._indent * depth + self._end]
                targets = {target for _, target in node.inside.edges}
                sources = {source for source, _ in node.inside.edges}
                count = len(node.inside.nodes)
                heads.append(next(firsts[i] for i in range(count) if i not in targets))
                tails.append(next(lasts[i] for i in reversed(range(count)) if i not in sources))
            else:
                lines.append(self._indent * depth + self._node(node, name))
                heads.append(name)
                tails.append(name)
        for source, target in level.edges:
            end = ";" if self._arrow == "->" else ""
            lines.append(f"{self._indent * depth}{tails[source]} {self._arrow} {heads[target]}{end}")
        return lines, heads, tails


def _lines_of(node: DrawnLayer) -> tuple[str, str]:
    return node.name, f"{node.type}  {', '.join(map(shape_told, node.shapes))}"


def _mermaid_node(node: DrawnLayer, name: str) -> str:
    first, second = map(_mermaid_text, _lines_of(node))
    return f'{name}["{first}<br/>{second}"]:::{node.kind}'


def _mermaid_group(node: DrawnLayer, name: str) -> str:
    return f'subgraph {name}["{_mermaid_text(node.name)}"]'


def _mermaid_text(text: str) -> str:
    """Text as Mermaid reads it, all that could be syntax or markup as the number of its character: `#60;`."""
    return "".join(c if c.isalnum() or c in " _-./,()[]×?=:" else f"#{ord(c)};" for c in text)


def _dot_node(node: DrawnLayer, name: str) -> str:
    colour = KINDS[node.kind].colour
    label = "\\n".join(_dot_escaped(line) for line in _lines_of(node))
    return f'{name} [label="{label}", color="{colour}", fillcolor="{colour}22"];'


def _dot_group(node: DrawnLayer, name: str) -> str:
    colour = KINDS[node.kind].colour
    return f'subgraph cluster_{name} {{ label={_dot_text(node.name)}; color="{colour}"; style="rounded";'


def _dot_text(text: str) -> str:
    return f'"{_dot_escaped(text)}"'


def _dot_escaped(text: str) -> str:
    """Text between quotes: backslashes and quotes are escaped, and what is not printed is left out."""
    return "".join(c for c in text if c.isprintable()).replace("\\", "\\\\").replace('"', '\\"')
