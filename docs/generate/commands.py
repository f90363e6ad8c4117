"""docs/cli.md: the commands, from click's own declarations."""

from __future__ import annotations

import inspect

import click

from modelc.cli.examples import ExampleCommand
from modelc.cli.main import cli
from modelc.words.environment import VARIABLES


def cli_page() -> str:
    """The page."""
    context = click.Context(cli, info_name="modelc")
    names = cli.list_commands(context)
    return "\n".join([
        "# Commands\n",
        f"{inspect.cleandoc(cli.help or '')}\n",
        "Results go to stdout; progress and messages go to stderr. Errors are printed as "
        "[`file:line:column: error[code]: message`](diagnostics.md). `modelc --version` prints the version, "
        "`modelc COMMAND --help` the text below. `summary`, `check`, `diff` and `schema` never load the compiler.\n",
        "An output file replaces an existing file of the same kind (judged by content, not by suffix). A file of "
        "another kind, such as a spec or a program, is replaced only with `--force`. A file that the command reads is "
        "never overwritten, also not through another spelling or a link. Files are replaced atomically.\n",
        *(_command(name, cli.get_command(context, name)) for name in names),
        "## Environment\n",
        "| variable | meaning |\n|---|---|",
        *(f"| `{name}` | {meaning} |" for name, meaning in VARIABLES.items()),
        "",
    ])  # fmt: skip


def _command(name: str, command: click.Command | None) -> str:
    assert command is not None
    if isinstance(command, click.Group):
        about = f"## modelc {name}\n\n{inspect.cleandoc(command.help or '')}\n"
        inner = [_command(f"{name} {one}", each) for one, each in command.commands.items()]
        return "\n".join([about, *(text.replace("## ", "### ", 1) for text in inner)])
    arguments = [p for p in command.params if isinstance(p, click.Argument)]
    options = [p for p in command.params if isinstance(p, click.Option) and not p.hidden]
    usage = " ".join(["modelc", name, *(["[OPTIONS]"] if options else []), *map(_argument, arguments)])
    parts = [f"## modelc {name}\n", f"```\n{usage}\n```\n", f"{inspect.cleandoc(command.help or '')}\n"]
    if options:
        parts += ["| option | |\n|---|---|", *(f"| `{_spelling(o)}` | {_help(o)} |" for o in options), ""]
    if isinstance(command, ExampleCommand):
        parts += ["```sh", *(f"# {does}\n{line}" for line, does in command.examples.items()), "```\n"]
    return "\n".join(parts)


def _argument(argument: click.Argument) -> str:
    name = argument.metavar or (argument.name or "").upper()
    return name if argument.required else f"[{name}]"


def _spelling(option: click.Option) -> str:
    spelling = ", ".join(option.opts)
    if option.is_flag or option.flag_value in _FORMS:
        return spelling
    if isinstance(option.type, click.Choice):
        return spelling + " " + "\\|".join(map(str, option.type.choices))
    return f"{spelling} {option.metavar or _KINDS.get(option.type.name, option.type.name.upper())}"


_FORMS = ("json", "csv", "markdown")
_KINDS = {"float range": "NUMBER", "integer range": "INTEGER", "integer": "INTEGER", "file": "FILE", "text": "TEXT"}


def _help(option: click.Option) -> str:
    text = (option.help or "").replace("|", "\\|")
    return f"{text} Default: `{option.default}`." if option.show_default else text
