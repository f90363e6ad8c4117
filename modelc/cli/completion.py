"""`modelc completion`."""

from __future__ import annotations

import click

from modelc.cli.colours import say
from modelc.cli.completing.install import install
from modelc.cli.completing.shells import SHELLS
from modelc.cli.examples import ExampleCommand


@click.command(
    cls=ExampleCommand,
    examples={
        'eval "$(modelc completion bash)"': "complete in this shell",
        "modelc completion bash --install": "complete in every new bash",
    },
)
@click.argument("shell", type=click.Choice([*SHELLS]))
@click.option("--install", "install_it", is_flag=True, help="Add the script to the shell's own file instead.")
@click.option("--line", hidden=True, help="The line up to the cursor, for which the script asks for words.")
def command(shell: str, install_it: bool, line: str | None) -> None:
    """Print a script that completes commands, options, files, layers and architectures in a shell.

    --install appends it, once, as a marked block to ~/.bashrc or ~/.zshrc, or writes fish's file
    ~/.config/fish/completions/modelc.fish where there is none. Nothing is replaced. Shells that are started afterwards
    have it.

    Specs, artifacts and other files are offered by their endings; layers where an option takes them and the model
    stands before it.
    """
    asked = SHELLS[shell](click.get_current_context().find_root().command, line or "")
    if line is not None:
        for answer in asked.answer():
            click.echo(answer)
    elif install_it:
        path, is_new = install(shell, asked.source())
        say(f"added to {path}: start a new {shell}" if is_new else f"{path} has it already")
    else:
        say(asked.source(), nl=False)
