"""Coloured messages on a terminal; NO_COLOR and TERM=dumb disable colours (https://no-color.org)."""

from __future__ import annotations

import os
import re
import sys
from typing import TextIO

import click

from modelc.text.terminal import shown_lines

_LOCATED = re.compile(r"^(?P<place>\S.*?): (?P<kind>error|warning)(?P<code>\[[A-Z][0-9]+\]): (?P<rest>.*)$")
_PLAIN = re.compile(r"^(?P<kind>error|warning|Error): (?P<rest>.*)$")
_HELP = re.compile(r"^  help: (?P<rest>.*)$")
_CARET = re.compile(r"^\s+\^$")
_COLOURS = {"error": "red", "Error": "red", "warning": "yellow"}


def wants_colours(stream: TextIO) -> bool:
    """Whether text written to a stream is coloured."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    try:
        return stream.isatty()
    except (AttributeError, ValueError):
        return False


def coloured(text: str) -> str:
    """The text of diagnostics with coloured places, severities, carets and help lines."""
    return "\n".join(map(_line, text.split("\n")))


def for_stream(text: str, stream: TextIO) -> str:
    """The text as written to a stream: coloured if the stream is a terminal."""
    return coloured(text) if wants_colours(stream) else text


def tell(text: str) -> None:
    """Print a message on stderr, coloured on a terminal."""
    click.echo(for_stream(shown_lines(text), sys.stderr), err=True)


def say(text: str, *, err: bool = False, nl: bool = True) -> None:
    """Print text with terminal control characters escaped; commands print only through this, `tell`, `say_found`."""
    click.echo(shown_lines(text), err=err, nl=nl)


def say_found(text: str) -> None:
    """Print diagnostics on stdout, coloured on a terminal."""
    click.echo(for_stream(shown_lines(text), sys.stdout))


def _line(line: str) -> str:
    if found := _LOCATED.match(line):
        kind = click.style(found["kind"] + found["code"], fg=_COLOURS[found["kind"]], bold=True)
        return f"{click.style(found['place'], bold=True)}: {kind}: {found['rest']}"
    if found := _PLAIN.match(line):
        return f"{click.style(found['kind'] + ':', fg=_COLOURS[found['kind']], bold=True)} {found['rest']}"
    if found := _HELP.match(line):
        return f"  {click.style('help:', fg='cyan', bold=True)} {found['rest']}"
    return click.style(line, fg="red", bold=True) if _CARET.match(line) else line
