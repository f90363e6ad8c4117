"""The command `modelc`: the group of commands, and what becomes of an error."""

# ruff: noqa: E402 as an interrupt is handled before the rest is imported

from __future__ import annotations

from modelc.cli import end_on_interrupt, interrupt_as_usual

end_on_interrupt()  # before click is imported

import gc
import os
import sys
import warnings
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from io import StringIO, TextIOWrapper
from types import ModuleType
from typing import Any, NoReturn

import click

from modelc import __version__
from modelc.cli.colours import tell
from modelc.terminal import shown_message

interrupt_as_usual()

_COMMANDS = {
    "summary": "summary",
    "check": "check",
    "diff": "diff",
    "build": "build",
    "run": "run",
    "train": "train",
    "evaluate": "evaluate",
    "import": "import_",
    "export": "export",
    "init": "init",
    "schema": "schema",
    "zoo": "zoo",
    "cache": "cache",
}
"""The commands, in the order of the help, and the modules that define them as `command`."""


class _LazyGroup(click.Group):
    """Imports a command's module when the command is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        return import_module(f"modelc.cli.{_COMMANDS[cmd_name]}").command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in _COMMANDS and not args[0].startswith("-"):
            from modelc.suggest import did_you_mean

            near = did_you_mean(args[0], _COMMANDS)
            hint = f"did you mean `{near}`?" if near else f"the commands are: {', '.join(_COMMANDS)}"
            raise click.UsageError(f"there is no command `{args[0]}`; {hint}", ctx)
        return super().resolve_command(ctx, args)


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="modelc")
def cli() -> None:
    """Neural networks as YAML: checked, counted, compiled and run on the CPU.

    Exit codes: 0 done, 1 failed while running, 2 the spec or the arguments are wrong.
    """


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and exit."""
    end_on_interrupt()
    # Start-up makes many objects that stay; looking through them again and again takes a tenth of it.
    gc.set_threshold(100_000)
    # pydantic looks for plugins in the metadata of every installed package, with a module that takes long to import.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    _put_off_metadata()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # A layer's name may hold characters that the terminal's encoding lacks.
            stream.reconfigure(errors="backslashreplace")
    warnings.showwarning = _warn
    code = _run(arguments)
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    # Everything is closed and written; taking the interpreter apart object by object would take longer than a summary.
    os._exit(code)


def _put_off_metadata() -> None:
    """Let `importlib.metadata` be imported when something of it is used, which it is not for most commands."""
    name = "importlib.metadata"
    if name in sys.modules:
        return
    deferred = ModuleType(name)

    def real() -> Any:
        if sys.modules.get(name) is deferred:
            del sys.modules[name]
        return import_module(name)

    def entry_points(**parameters: Any) -> Any:
        return real().entry_points(**parameters)

    def other(attribute: str) -> Any:
        return getattr(real(), attribute)

    # pydantic takes this function by name and does not call it, since plugins are off.
    vars(deferred).update(entry_points=entry_points, __getattr__=other)
    sys.modules[name] = deferred


def _run(arguments: Sequence[str] | None) -> int:
    """The exit code, after an error has been told on stderr, without a traceback."""
    from modelc.errors import ModelcError, SpecError

    try:
        interrupt_as_usual()  # click tells of one
        code = cli.main(arguments, prog_name="modelc", standalone_mode=False)
        sys.stdout.flush()
    except click.ClickException as error:
        error.message = shown_message(error.message)  # pyright: ignore[reportAttributeAccessIssue] arguments are in it
        told = StringIO()
        error.show(file=told)
        tell(told.getvalue().rstrip("\n"))
        return error.exit_code
    except click.Abort:
        return _fail("interrupted", 130)
    except SpecError as error:
        tell(str(error))
        return error.exit_code
    except ModelcError as error:
        return _fail(str(error), error.exit_code)
    except BrokenPipeError:
        # Whoever read our output has enough. Python flushes once more when it exits: let that go nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        return _fail(f"{where}{error.strerror or error}", 1)
    except MemoryError as error:
        return _fail(f"not enough memory: {error}" if str(error) else "not enough memory", 1)
    # Without its standalone mode, click returns the code of an `Exit`; commands return nothing.
    return code if isinstance(code, int) else 0


def _warn(message: Warning | str, *where: Any, **more: Any) -> None:
    """A warning as the commands tell everything, without the line of Python that it comes from."""
    tell(f"warning: {shown_message(str(message))}")


def _fail(message: str, exit_code: int) -> int:
    tell(f"error: {message}")
    return exit_code


if __name__ == "__main__":
    main()
