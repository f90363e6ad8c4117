"""Tables fit the terminal: nothing is cut, whatever the width; wide characters keep the columns straight."""

from __future__ import annotations

import os
import re
import struct
import subprocess
import sys
from itertools import accumulate
from pathlib import Path
from typing import Any

import pytest

import modelc
from modelc.errors import Diagnostic
from modelc.report.layout import TextColumn, lay_out
from modelc.text.terminal import cell_widths, cells, folded, padded

DEEP = """\
modelc: 1
name: deep
input: {shape: [16, 16, 3]}
layers:
  - {type: Model, spec: "zoo:mobilenet_v2", name: base, truncate: block_2_add}
  - {type: GlobalAveragePooling2D, name: 平均}
  - {type: Dense, units: 3, name: a_very_long_name_of_a_layer_that_goes_on_and_on_and_on_and_on}
  - {type: Dense, units: 3, name: averylongnamewithoutanyplaceatwhichitcouldbebrokenxxxxxxxxxxxxx}
"""


@pytest.mark.parametrize("width", [60, 80, 100, 120, 200])
@pytest.mark.parametrize("wide", [False, True])
@pytest.mark.parametrize("expand", [False, True])
def test_nothing_is_lost_at_any_width(width: int, wide: bool, expand: bool) -> None:
    summary = modelc.load_spec(DEEP).summary(wide=wide, expand_nested=expand)
    text = summary.to_text(width)
    assert max(map(cells, text.split("\n"))) <= width
    # Every cell stands there once, in the order of its column: without blanks the text holds all of it.
    found = re.sub(r"\s", "", text)
    for row in summary.rows:
        assert row.type in found or row.type[:10] in found
    whole = summary.to_text()
    for pieces in (whole, text):
        assert re.findall(r"Total params: .*", pieces) == re.findall(r"Total params: .*", whole)
    assert summary.to_text(cells(max(whole.split("\n"), key=cells))) == whole
    letters = sorted(re.sub(r"[\s_=]", "", re.sub(r"Layer\(type\)", "", whole.replace(" ", ""))))
    tables = text.count("Layer")
    if tables == 1:
        assert sorted(re.sub(r"[\s_=]", "", re.sub(r"Layer\(type\)", "", text.replace(" ", "")))) == letters


def test_it_is_as_wide_as_it_needs_to_be_where_there_is_no_terminal() -> None:
    summary = modelc.load_spec(DEEP).summary(wide=True)
    assert str(summary) == summary.to_text(None) == summary.to_text(10_000)


def test_columns_stay_under_their_headings() -> None:
    lines = modelc.load_spec(DEEP).summary().to_text(80).split("\n")
    at = lines[2].index("Output Shape")
    for line in lines[4:]:
        if line.startswith("="):
            break
        starts = list(accumulate(cell_widths(line), initial=0))
        if starts[-1] > at:
            assert line[starts.index(at)] in "([ "
            assert line[starts.index(at) - 1] == " "


def test_further_tables_begin_with_the_first_column() -> None:
    columns = [
        TextColumn("Name", ["a", "b"], 5, "_"),
        *(TextColumn(f"Number {i}", ["1" * 9, "2"], 0) for i in range(6)),
    ]
    blocks = lay_out(columns, 40)
    assert len(blocks) == 2
    assert [block.head[0].split()[0] for block in blocks] == ["Name", "Name"]
    assert sum("1" * 9 in word for block in blocks for word in block.body[0].split()) == 6
    assert all(block.width <= 40 for block in blocks)
    assert len(lay_out(columns, None)) == 1


@pytest.mark.parametrize(
    ("text", "width"),
    [
        ("abc", 3), ("日本", 4), ("🙂", 2), ("é", 1), ("e\u0301", 1), ("👩\u200d👩\u200d👧", 2), ("👍🏽", 2), ("🇩🇪", 2),
        ("❤\ufe0f", 2), ("ｶﾞ", 2), ("각", 2), ("\u1100\u1161", 2), ("a\u200bb", 2), ("→", 1), ("×", 1), ("", 0),
    ],
)  # fmt: skip
def test_cells(text: str, width: int) -> None:
    assert cells(text) == width
    assert len(cell_widths(text)) == len(text)
    assert cells(padded(text, 10)) == 10


def test_texts_are_broken_where_it_reads_best() -> None:
    assert folded("block_1_expand (Conv2D)", 14) == ["block_1_expand", "(Conv2D)"]
    assert folded("block_1_expand_BN", 14, indent="  ") == ["block_1_", "  expand_BN"]
    assert folded("x" * 10, 4, indent=" ") == ["xxxx", " xxx", " xxx"]
    assert folded("日本語日本語", 5) == ["日本", "語日", "本語"]
    assert folded("short", 80) == ["short"]
    assert folded("", 5) == [""]


@pytest.mark.parametrize(
    ("before", "indent"), [("a: ", 3), ("日本: ", 6), ("🙂 ", 3), ("\tab", 3), ("e\u0301 ", 2), ("👩\u200d👧 ", 3)]
)
def test_carets_are_under_their_characters(before: str, indent: int) -> None:
    source = f"{before}wrong"
    text = str(Diagnostic("E205", "no", None, "f", 1, len(before) + 1, source))
    shown, caret = text.split("\n")[1:3]
    assert shown == f"    {source}"
    expected = "\t" + " " * (indent - 1) if before.startswith("\t") else " " * indent
    assert caret == f"    {expected}^"


def _in_terminal(arguments: list[str], columns: int, **variables: str) -> str:
    """What `modelc` prints on a terminal of so many columns, both streams."""
    fcntl: Any = pytest.importorskip("fcntl")
    import pty
    import termios

    parent, child = pty.openpty()
    fcntl.ioctl(child, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    kept = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "NO_COLOR", "TERM")}
    code = "from modelc.cli.main import main; main()"
    with subprocess.Popen(
        [sys.executable, "-c", code, *arguments], stdin=child, stdout=child, stderr=child,
        env=kept | {"TERM": "xterm", "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONIOENCODING": "utf-8"} | variables,
    ) as process:  # fmt: skip
        os.close(child)
        pieces: list[bytes] = []
        while True:
            try:
                piece = os.read(parent, 65536)
            except OSError:  # the terminal was closed at the other end
                break
            if not piece:
                break
            pieces.append(piece)
        process.wait(60)
    os.close(parent)
    return b"".join(pieces).decode().replace("\r\n", "\n")


@pytest.mark.parametrize("columns", [80, pytest.param(120, marks=pytest.mark.slow)])
def test_a_summary_on_a_terminal(tmp_path: Path, columns: int) -> None:
    (tmp_path / "deep.yaml").write_text(DEEP, encoding="utf-8")
    for more in ([], ["--wide"], ["--expand-nested"]):
        text = _in_terminal(["summary", str(tmp_path / "deep.yaml"), *more], columns)
        assert "Total params" in text
        assert max(map(cells, text.split("\n"))) <= columns


def test_mistakes_are_in_colours_on_a_terminal(tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text("modelc: 1\nlayers: [{type: Dens, units: 3}]\n")
    plain = {}
    for command in ("check", "summary"):
        arguments = [command, str(tmp_path / "bad.yaml")]
        shown = _in_terminal(arguments, 80)
        assert "\x1b[31m\x1b[1merror[E205]\x1b[0m: unknown layer" in shown
        assert "\x1b[36m\x1b[1mhelp:\x1b[0m did you mean" in shown
        assert re.search(r"\x1b\[31m\x1b\[1m +\^\x1b\[0m", shown)
        plain[command] = re.sub(r"\x1b\[[0-9;]*m", "", shown)
        for variables in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
            assert _in_terminal(arguments, 80, **variables) == plain[command]
        done = subprocess.run(
            [sys.executable, "-m", "modelc", *arguments], capture_output=True, text=True,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        )  # fmt: skip
        assert done.stdout + done.stderr == plain[command]
