"""`modelc lsp`."""

from __future__ import annotations

import click

from modelc.cli.examples import ExampleCommand


@click.command(
    cls=ExampleCommand,
    examples={
        "modelc lsp": "the language server, as an editor starts it",
    },
)
def command() -> None:
    """Run the language server for specs on standard input and output, for editors (requires the extra `lsp`).

    It tells mistakes while one types, completes and explains layers, options and names, shows output shapes and
    counts beside the layers, and renames. An editor starts it by itself: docs/editors.md has the configuration of VS
    Code, Neovim, Helix and others.
    """
    from modelc.errors import InputError

    try:
        from modelc.lsp.server import make_server
    except ModuleNotFoundError as error:
        if error.name not in ("pygls", "lsprotocol"):
            raise
        raise InputError("the language server needs pygls: pip install 'modelc[lsp]'") from None
    make_server().start_io()
