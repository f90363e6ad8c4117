"""Completion for every new shell: a marked block at the end of the shell's own file, or fish's file for the command."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

from modelc.errors import InputError

_BEGIN, _END = "# >>> modelc completion >>>", "# <<< modelc completion <<<"


class Installed(NamedTuple):
    """Where completion is installed, and whether that was done now."""

    path: Path
    is_new: bool


def install(shell: str, script: str) -> Installed:
    """Install a shell's script, once; nothing that is in the file is changed.

    Raises `InputError` where another script is installed already.
    """
    if shell == "fish":
        return _written(_fish_file(), script)
    return _appended(_start_file(shell), f"{_BEGIN}\n{script}{_END}\n")


def _start_file(shell: str) -> Path:
    """What an interactive shell reads when it starts."""
    home = Path.home()
    return home / ".bashrc" if shell == "bash" else Path(os.environ.get("ZDOTDIR") or home) / ".zshrc"


def _fish_file() -> Path:
    """What fish reads when the command is first completed."""
    folder = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    return folder / "fish" / "completions" / "modelc.fish"


def _appended(path: Path, block: str) -> Installed:
    found = path.read_bytes() if path.exists() else b""
    if block.encode() in found:
        return Installed(path, False)
    if _BEGIN.encode() in found:
        help = f"remove the lines from `{_BEGIN}` to `{_END}`, and install again"
        raise InputError(f"{path} has the completion of another version of modelc", help)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8", newline="\n") as file:
        file.write(block if not found or found.endswith(b"\n") else f"\n{block}")
    return Installed(path, True)


def _written(path: Path, script: str) -> Installed:
    if path.exists() and path.read_bytes() == script.encode():
        return Installed(path, False)
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(script)
    except FileExistsError:
        help = "remove it, and install again; or add to it what `modelc completion fish` prints"
        raise InputError(f"{path} is there already, and is another one", help) from None
    return Installed(path, True)
