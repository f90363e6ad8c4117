"""Draw docs/terminal.svg: a mistake, its help, the fix, the summary and a run, as a terminal shows them.

    python docs/generate/picture.py

The commands really run, in a folder of their own and at a terminal of 80 columns; their output is not retouched.
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

ROOT = Path(__file__).resolve().parents[2]
COLUMNS = 80
SPEC = """\
modelc: 1
name: digits
input: {shape: [28, 28, 1]}
layers:
  - {type: Conv2D, filters: 16, kernel_size: 3, activation: relu}
  - {type: MaxPooling2D}
  - {type: Flatten}
  - {type: Linear, units: 10, activation: softmax}
"""
COMMANDS = (
    "cat digits.yaml",
    "modelc check digits.yaml",
    "sed -i s/Linear/Dense/ digits.yaml",
    "modelc summary digits.yaml",
    "modelc run digits.yaml --input scans.npy --output classes.npy",
    "python -c \"import numpy as np; print(np.load('classes.npy').shape)\"",
)


def main() -> None:
    """Run the commands and write the picture."""
    console = Console(record=True, file=io.StringIO(), width=COLUMNS, force_terminal=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "digits.yaml").write_text(SPEC, encoding="utf-8")
        scans = np.random.default_rng(0).random((1000, 28, 28, 1), np.float32)
        np.save(folder / "scans.npy", scans)
        _script(folder / "bin" / "modelc", f'exec "{sys.executable}" -m modelc "$@"')
        _script(folder / "bin" / "python", f'exec "{sys.executable}" "$@"')
        _at_a_terminal(COMMANDS[-2], folder)  # kernels are compiled before the picture is taken
        for command in COMMANDS:
            console.print(Text.assemble(("$ ", "bold green"), (command, "bold")))
            console.print(Text.from_ansi(_at_a_terminal(command, folder)), end="")
    svg = console.export_svg(title="modelc", code_format=_without_fonts(CONSOLE_SVG_FORMAT), unique_id="modelc")
    (ROOT / "docs" / "terminal.svg").write_text(svg, encoding="utf-8")


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
