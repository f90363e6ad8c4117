"""The command `modelc`, and `python -m modelc`."""

from __future__ import annotations

from importlib import import_module

from modelc.cli import end_on_interrupt


def main() -> None:
    """Run the command line and exit; Ctrl-C ends the process with one line from here on."""
    end_on_interrupt()
    import_module("modelc.cli.main").main()


if __name__ == "__main__":
    main()
