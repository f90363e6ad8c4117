"""The `modelc` command group, and how errors are reported."""

# ruff: noqa: E402 because the interrupt handler is installed before the other imports

from __future__ import annotations

from modelc.cli import INTERRUPTED, end_on_interrupt, ends_on_interrupt, interrupt_as_usual

_ends_here = end_on_interrupt()  # before click is imported

import gc
import os
import signal
import sys
import warnings
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from io import StringIO, TextIOWrapper
from pathlib import Path
from typing import Any, NoReturn

import click
from click.shell_completion import CompletionItem

from modelc import __version__
from modelc.cli.colours import tell
from modelc.cli.follower import run_as_started
from modelc.errors import ModelcError, SpecError
from modelc.system.interrupts import raise_on_interrupt, raised_since
from modelc.text.terminal import shown_message
from modelc.text.unknown import unknown

if _ends_here:  # else whoever imports this has asked for it, and runs `main` next
    interrupt_as_usual()

_COMMANDS = {
    "summary": "summary",
    "check": "check",
    "fmt": "fmt",
    "diff": "diff",
    "review": "review",
    "view": "view",
    "build": "build",
    "run": "run",
    "serve": "serve",
    "bench": "bench",
    "train": "train",
    "sweep": "sweep",
    "evaluate": "evaluate",
    "import": "import_",
    "export": "export",
    "init": "init",
    "schema": "schema",
    "lsp": "lsp",
    "zoo": "zoo",
    "cache": "cache",
    "doctor": "doctor",
    "completion": "completion",
}
"""The commands, in the order of the help, and the modules that define them as `command`."""

_COMPILING = {"build", "run", "bench", "train", "evaluate"}
"""The commands that have kernels compiled on their first run on a machine."""


class _LazyGroup(click.Group):
    """Imports a command's module when the command is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        return import_module(f"modelc.cli.{_COMMANDS[cmd_name]}").command

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem[Any]]:
        """The commands, with help that is read from their files: to import all of them takes long."""
        names = [name for name in _COMMANDS if name.startswith(incomplete)]
        return [
            *(CompletionItem(name, help=_short_help(name)) for name in names),
            *click.Command.shell_complete(self, ctx, incomplete),
        ]

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in _COMMANDS and not args[0].startswith("-"):
            raise click.UsageError("; ".join(unknown("command", args[0], _COMMANDS)), ctx)
        if args and args[0] in _COMPILING and not ctx.resilient_parsing and not {*args} & {*ctx.help_option_names}:
            from modelc.native.compiler.ahead import compilers_ahead  # deferred: other commands compile nothing

            ctx.with_resource(compilers_ahead())
        return super().resolve_command(ctx, args)


def _short_help(name: str) -> str:
    """The first line of what a command says of itself."""
    import ast  # which only completion needs

    tree = ast.parse(Path(__file__).with_name(f"{_COMMANDS[name]}.py").read_text(encoding="utf-8"))
    (function,) = (node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "command")
    return (ast.get_docstring(function) or "").partition("\n")[0]


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="modelc")
def cli() -> None:
    """Check, summarize, compile, train and run neural networks that are defined in YAML or JSON, on the CPU.

    Exit codes: 0 success, 1 failure while running, 2 invalid spec or arguments, 130 interrupted.
    """


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and exit."""
    end_on_interrupt()
    # Start-up allocates many long-lived objects; collecting them repeatedly takes a tenth of the start-up time.
    gc.set_threshold(100_000)
    # pydantic searches the metadata of every installed package for plugins.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # A layer's name may hold characters that the terminal's encoding lacks.
            stream.reconfigure(errors="backslashreplace")
    warnings.showwarning = _warn
    code = run_as_started(lambda: _run(arguments))
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    # All files are written and closed. The interpreter's normal shutdown, which frees each object, would take another
    # 10% of the time of `modelc summary` (14 alternating pairs of processes: 0.87 s of CPU time, 0.99 s with it).
    os._exit(code)


def _run(arguments: Sequence[str] | None) -> int:
    """Run a command and return its exit code; errors are printed on stderr without a traceback."""
    try:
        code = _interruptible(arguments)
    except click.ClickException as error:
        error.message = shown_message(error.message)  # pyright: ignore[reportAttributeAccessIssue] arguments are in it
        told = StringIO()
        error.show(file=told)
        tell(told.getvalue().rstrip("\n"))
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        return _fail("interrupted", INTERRUPTED)
    except SystemExit as error:
        code = 1 if isinstance(error.code, str) else error.code
    except SpecError as error:
        tell(str(error))
        return error.exit_code
    except ModelcError as error:
        return _fail(str(error), error.exit_code)
    except BrokenPipeError:
        # The reader closed the pipe. Python flushes stdout again at exit: redirect it to the null device.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        return _fail(f"{where}{error.strerror or error}", 1)
    except MemoryError as error:
        return _fail(f"not enough memory: {error}" if str(error) else "not enough memory", 1)
    # Outside standalone mode, click returns the code of an `Exit`; commands return None.
    return code if isinstance(code, int) else 0


def _interruptible(arguments: Sequence[str] | None) -> Any:
    """Run a command, which Ctrl-C ends by `KeyboardInterrupt`, where before and after it ends the process."""
    ends, before = ends_on_interrupt(), signal.getsignal(signal.SIGINT)
    try:
        if ends:
            raise_on_interrupt()
        code = cli.main(arguments, prog_name="modelc", standalone_mode=False)
        if not sys.stdout.closed:  # as the language server leaves it
            sys.stdout.flush()
    except Exception:
        if ends and raised_since():
            raise KeyboardInterrupt from None
        raise
    finally:
        if ends:
            signal.signal(signal.SIGINT, before)
    return code


def _warn(message: Warning | str, *where: Any, **more: Any) -> None:
    """Print a Python warning as the commands print messages, without its source line."""
    tell(f"warning: {shown_message(str(message))}")


def _fail(message: str, exit_code: int) -> int:
    tell(f"error: {message}")
    return exit_code


if __name__ == "__main__":
    main()
