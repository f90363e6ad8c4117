"""Draw docs/terminal.svg: a mistake, its help, the fix, a training and a run at a terminal, beside the model's picture.

    python docs/generate/picture.py

The commands really run, in a folder of their own and at a terminal of 80 columns; neither their output nor the picture
that `modelc view` writes is retouched. It needs scikit-learn, for the handwritten digits.
"""

from __future__ import annotations

import io
import os
import pty
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.text import Text
from sklearn.datasets import load_digits

ROOT = Path(__file__).resolve().parents[2]
COLUMNS = 80
SPEC = """\
modelc: 1
name: digits
input: {shape: [8, 8, 1]}
layers:
  - {type: Rescaling, scale: 0.0625}
  - {type: Conv2D, filters: 32, kernel_size: 3, activation: relu, name: edges}
  - {type: Conv2D, filters: 32, kernel_size: 3, padding: same}
  - {type: Add, inputs: [edges, conv2d]}
  - {type: MaxPooling2D}
  - {type: Flatten}
  - {type: Linear, units: 10, activation: softmax, name: digit}
training: {data: scans.npz, validation: 0.2, optimizer: adam, epochs: 6,
           loss: sparse_categorical_crossentropy, metrics: accuracy}
"""
PICTURE = "digits.svg"
COMMANDS = (
    "cat digits.yaml",
    "modelc check digits.yaml",
    "sed -i s/Linear/Dense/ digits.yaml",
    f"modelc view digits.yaml -o {PICTURE}",
    "modelc train digits.yaml",
    "modelc run digits.modelc --input new.npy --output - --top 1 --format csv",
)
GAP, INSET, BAR = 16, 6, 41
"""Between the two windows, beside the graph in its window, and the height of a title bar, as rich draws it."""


def main() -> None:
    """Run the commands and write the picture."""
    console = Console(record=True, file=io.StringIO(), width=COLUMNS, force_terminal=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "digits.yaml").write_text(SPEC, encoding="utf-8")
        digits = load_digits()
        order = np.random.default_rng(0).permutation(len(digits.target))
        x, y = digits.images[order, :, :, None].astype(np.float32), digits.target[order]
        np.savez(folder / "scans.npz", x=x[3:], y=y[3:])
        np.save(folder / "new.npy", x[:3])
        _script(folder / "bin" / "modelc", f'exec "{sys.executable}" -m modelc "$@"')
        for command in COMMANDS[2:]:
            _at_a_terminal(command, folder)  # kernels are compiled before the picture is taken
        (folder / "digits.yaml").write_text(SPEC, encoding="utf-8")
        (folder / PICTURE).unlink()
        for command in COMMANDS:
            console.print(Text.assemble(("$ ", "bold green"), (command, "bold")))
            console.print(Text.from_ansi(_at_a_terminal(command, folder)), end="")
        graph = (folder / PICTURE).read_text(encoding="utf-8")
    terminal = console.export_svg(title="modelc", code_format=_without_fonts(CONSOLE_SVG_FORMAT), unique_id="modelc")
    (ROOT / "docs" / "terminal.svg").write_text(_side_by_side(terminal, graph), encoding="utf-8")


def _side_by_side(terminal: str, graph: str) -> str:
    """Both pictures in one: the terminal, and a window with the graph."""
    (left, height), (wide, high) = _size(terminal), _size(graph)
    wide += 2 * INSET
    width, height = left + GAP + wide, max(height, high + BAR + GAP)
    below = BAR + (height - BAR - high) / 2
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}">\n'
        f'{_placed(terminal, 0, 0)}<g transform="translate({left + GAP:.0f},0)" class="modelc">'
        f'<rect class="p" stroke="#9aa5b3" stroke-width="1" x="0.5" y="1" width="{wide - 1:.0f}" '
        f'height="{height - 2:.0f}" rx="8"/>'
        f'<text class="n" x="{wide / 2:.0f}" y="26" text-anchor="middle">{PICTURE}</text>'
        f"</g>{_placed(graph, left + GAP + INSET, below)}</svg>\n"
    )


def _size(svg: str) -> tuple[float, float]:
    found = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)
    assert found is not None
    return float(found[1]), float(found[2])


def _placed(svg: str, x: float, y: float) -> str:
    """A picture as a part of another one, at this place and in its own size."""
    width, height = _size(svg)
    opening = re.sub(r' (width|height)="[\d.]+"', "", svg[: svg.index(">") + 1])
    opening = opening.replace("<svg", f'<svg x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"', 1)
    return opening + svg[svg.index(">") + 1 :].rstrip()


def _without_fonts(template: str) -> str:
    """The template without fonts from elsewhere: a picture that loads nothing."""
    without = re.sub(r"@font-face \{\{.*?\}\}\s*", "", template, flags=re.DOTALL)
    return without.replace("Fira Code, monospace", "ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace")


def _script(path: Path, line: str) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\n{line}\n", encoding="utf-8")
    path.chmod(0o755)


def _at_a_terminal(command: str, folder: Path) -> str:
    """What a command shows at a terminal, at its end."""
    environment = {**os.environ, "PATH": f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}", "TERM": "xterm-256color"}
    environment |= {"COLUMNS": str(COLUMNS), "LINES": "40", "PYTHONPATH": str(ROOT)}
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        ["bash", "-c", command], cwd=folder, stdin=theirs, stdout=theirs, stderr=theirs, env=environment
    ) as running:
        os.close(theirs)
        shown = b""
        while piece := _read(ours):
            shown += piece
        running.wait(timeout=300)
    os.close(ours)
    return _screen(shown.decode())


def _screen(written: str) -> str:
    """What stands on the screen at last: progress writes over its lines, and erases them."""
    lines, row = [""], 0
    for part in re.split(r"(\n|\r|\x1b\[\d*[AK]|\x1b\[\?25[lh])", written):
        match part[-1:] if part.startswith("\x1b[") and part[-1] in "AKlh" else part:
            case "\n":
                row += 1
                lines += [""] * (row == len(lines))
            case "K":
                lines[row] = ""
            case "A":
                row -= 1
            case "\r" | "l" | "h" | "":  # a line that is written again was erased before
                pass
            case _:
                lines[row] += part
    return "\n".join(lines).rstrip("\n") + "\n" if any(lines) else ""


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 65536)
    except OSError:  # the terminal is closed with its last process
        return b""


if __name__ == "__main__":
    main()
