"""After any sequence of edits, a server answers as one does that is started with the final text."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

lsp = pytest.importorskip("lsprotocol.types")
from pygls.workspace import Workspace  # noqa: E402

from modelc.errors import InputError  # noqa: E402
from modelc.lsp import reading  # noqa: E402
from modelc.lsp.server import make_server  # noqa: E402
from tests.lsp.conftest import position  # noqa: E402

ROOT = Path(__file__).parents[2]
BASE = """\
modelc: 1
input: {shape: [16, 16, 3]}
vars: {width: 4, depth: 2}
layers:
  - {type: Conv2D, filters: "${width}", kernel_size: 3, name: stem}
  - {type: ReLU, repeat: "${depth}"}
  - {type: Flatten}
"""
FLAT = """\
# A graph
modelc: 1
name: flat
input: {shape: [16, 16, 3]}
vars: {width: 4, other: [3, 3]}

layers:
  - {type: Conv2D, filters: "${width}", kernel_size: "${other}", padding: same, name: a}
  # about b
  - {type: Conv2D, filters: "${width}", kernel_size: 3, padding: same, name: b}

  - type: Conv2D
    filters: 4
    kernel_size: 1
    inputs: a
    name: c
  - {type: Add, inputs: [a, b, c]}
  - {type: ReLU}
  - {type: ReLU}
  - {type: Add, inputs: [re_lu, re_lu_1], name: sum}
  - {type: Flatten}
  - {type: Dense, units: 10, activation: softmax}
outputs: [dense, sum]
freeze: [a, "!b"]
training: {loss: sparse_categorical_crossentropy}
"""
BLOCKS = """\
modelc: 1
input: {shape: [16, 16, 4]}
vars: {deep: true, width: 4}
blocks:
  residual:
    help: A convolution and a sum.
    params: {filters: int, name_of_it: x}
    layers:
      - {type: Conv2D, filters: "${filters}", kernel_size: 3, padding: same, name: inner}
      - {type: Add, inputs: [input, inner]}
  pair:
    inputs: [left, right]
    layers: [{type: Add, inputs: [left, right]}]
layers:
  - {block: residual, filters: 4, name: first}
  - repeat: 2
    layers:
      - {block: residual, filters: "${width}", name: r#}
      - {type: BatchNormalization}
  - {type: ReLU, when: "${deep}", name: last}
  - {block: pair, inputs: [first, last]}
  - {type: Dense, each: {units: [5, 4]}, name: d}
  - {use: d, inputs: d_1}
"""
TEXTS = {
    "flat": FLAT,
    "returns": FLAT.replace("\n", "\r\n"),
    "dashes at the margin": FLAT.replace("\n  ", "\n"),
    "one document": "---\n" + FLAT,
    "anchors": FLAT.replace("[3, 3]", "&size [3, 3]").replace("kernel_size: 3", "kernel_size: *size"),
    "blocks": BLOCKS,
    "extends": "extends: base.yaml\nname: x\nvars: {width: 6}\nlimits: {params: 10k}\n",
    "own layers": 'extends: base.yaml\nlayers:\n  - {type: Dense, units: "${width}"}\n  - {type: ReLU}\n',
    "a model inside": (
        "modelc: 1\ninput: {shape: [16, 16, 3]}\nlayers:\n  - {type: Model, spec: base.yaml, name: base}\n"
        "  - type: Model\n    name: head\n    spec:\n      layers:\n"
        "        - {type: Dense, units: 4, name: inside}\n        - {type: ReLU}\n"
        "  - {type: Dense, units: 10}\n"
    ),
}  # fmt: skip
LINES = (
    "", "# a comment", "  - {type: ReLU}", "  - {type: ReLU, name: new}", "  - {type: Dropout, rate: 0.5}",
    "  - {type: Conv2D, filters: 4, kernel_size: 3, padding: same}", "  - type: ReLU\n    repeat: 2", "name: other",
    "labels: [x, y]", "- {type: ReLU}", "vars: {width: 5}", "  - {type: Unheard, of: 1}", "    padding: same",
)  # fmt: skip
PIECES = ("", "x", "3", "\n", "{", "}", "[", "]", ": ", ", ", '"', "#", "&a ", "*a", "<<: ", "${width}", "é", "\t", "|")


class Session:
    """A server and one document in it."""

    def __init__(self, uri: str, text: str) -> None:
        self.uri = uri
        self.server: Any = make_server()
        self.server.protocol._workspace = Workspace(None)  # as the first request of an editor makes it
        self.put(text)

    def put(self, text: str) -> None:
        self.server.workspace.put_text_document(lsp.TextDocumentItem(self.uri, "yaml", 1, text))

    def ask(self, method: str, **params: Any) -> Any:
        kind = lsp.METHOD_TO_TYPES[method][2]
        try:
            return self.server.protocol.fm.features[method](kind(lsp.TextDocumentIdentifier(self.uri), **params))
        except Exception as error:
            assert not isinstance(error, InputError)
            return str(error)

    @property
    def diagnostics(self) -> list[Any]:
        snapshot = self.server.snapshot(self.uri)
        return [self.server._diagnostic(self.uri, snapshot, one) for one in snapshot.diagnostics]

    def answers(self, text: str, draw: random.Random) -> dict[str, Any]:
        """All that can be asked of a text without mistakes."""
        whole = lsp.Range(lsp.Position(0, 0), lsp.Position(9999, 0))
        found = {
            "symbols": self.ask(lsp.TEXT_DOCUMENT_DOCUMENT_SYMBOL),
            "hints": self.ask(lsp.TEXT_DOCUMENT_INLAY_HINT, range=whole),
            "foldings": self.ask(lsp.TEXT_DOCUMENT_FOLDING_RANGE),
        }
        context = lsp.ReferenceContext(include_declaration=True)
        for offset in draw.sample(range(len(text) + 1), min(len(text), 12)):
            at = position(text, offset)
            found |= {
                f"hover {at}": self.ask(lsp.TEXT_DOCUMENT_HOVER, position=at),
                f"completion {at}": self.ask(lsp.TEXT_DOCUMENT_COMPLETION, position=at),
                f"definition {at}": self.ask(lsp.TEXT_DOCUMENT_DEFINITION, position=at),
                f"references {at}": self.ask(lsp.TEXT_DOCUMENT_REFERENCES, position=at, context=context),
                f"rename {at}": self.ask(lsp.TEXT_DOCUMENT_RENAME, position=at, new_name="zz"),
            }
        return found


def _edited(text: str, draw: random.Random) -> str:
    lines = text.split("\n")
    at, other = draw.randrange(len(lines)), draw.randrange(len(lines))
    kind = draw.choice(("add", "add", "remove", "again", "swap", "digit", "digit", "name", "piece"))
    if kind == "add":
        lines.insert(at, draw.choice(LINES))
    elif kind == "remove":
        del lines[at : at + draw.choice((1, 1, 2))]
    elif kind == "again":
        lines.insert(other, lines[at])
    elif kind == "swap":
        lines[at], lines[other] = lines[other], lines[at]
    elif kind == "digit":
        digits = [i for i, character in enumerate(text) if character.isdigit()]
        place = draw.choice(digits) if digits else 0
        return text[:place] + draw.choice("123456") + text[place + 1 :]
    elif kind == "name":
        old = draw.choice(("width", "stem", "sum", "first", "filters"))
        return text.replace(old, draw.choice((old + "s", old[:-1])), draw.choice((-1, 1)))
    else:
        place = draw.randrange(len(text) + 1)
        return text[:place] + draw.choice(PIECES) + text[place + draw.choice((0, 0, 1, 3)) :]
    return "\n".join(lines)


@pytest.mark.parametrize("which", TEXTS)
def test_a_long_session(which: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "base.yaml").write_text(BASE)
    uri = (tmp_path / "net.yaml").as_uri()
    draw = random.Random(which)
    text = TEXTS[which]
    session, good, history = Session(uri, text), [text], [text]
    whole, broken = 0, 0
    for _ in range(40):
        # Mostly from a text without mistakes, now and then on from one with some, and back.
        text = _edited(draw.choice((history[-1], good[-1], good[-1], good[-1])), draw)
        text = draw.choice((text, text, text, text, draw.choice(good), draw.choice(history)))
        history.append(text)
        session.put(text)
        if draw.random() < 0.4:
            session.ask(draw.choice((lsp.TEXT_DOCUMENT_DOCUMENT_SYMBOL, lsp.TEXT_DOCUMENT_FOLDING_RANGE)))
        if draw.random() < 0.4:
            continue
        fresh = Session(uri, text)
        with monkeypatch.context() as patched:  # what is expected follows from the text as a whole
            patched.setattr(reading, "_in_parts", lambda *_: None)
            _ = fresh.server.snapshot(uri).tree
        assert session.diagnostics == fresh.diagnostics, text
        if any(one.severity == lsp.DiagnosticSeverity.Error for one in fresh.diagnostics):
            broken += 1
            continue
        seed, whole = draw.random(), whole + 1
        answers, expected = (one.answers(text, random.Random(seed)) for one in (session, fresh))
        for asked, answer in expected.items():
            assert answers[asked] == answer, (asked, text)
        good.append(text)
    assert whole >= 5
    assert broken >= 5
