"""Examples of commands: written beside the command, shown by `--help` and docs/cli.md, and run by a test."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click


class ExampleCommand(click.Command):
    """A command whose help ends with examples: lines for a shell, each with what it does.

    Their files are those that tests/cli/examples_folder.py makes, where the test runs each of them.
    """

    def __init__(self, *args: Any, examples: Mapping[str, str], **more: Any) -> None:
        super().__init__(*args, **more)
        self.examples = dict(examples)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The examples: a line of what it does, which a shell takes for a comment, above each."""
        with formatter.section("Examples"):
            for line, does in self.examples.items():
                formatter.write(f"{'':{formatter.current_indent}}# {does}\n{'':{formatter.current_indent}}{line}\n")
        super().format_epilog(ctx, formatter)
