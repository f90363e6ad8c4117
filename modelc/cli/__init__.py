"""The command line interface, built on click.

Ctrl-C during the import of the commands ends the process with one line instead of an import traceback.
"""

from __future__ import annotations

import os
import signal
from types import FrameType


def _end(number: int, frame: FrameType | None) -> None:
    os.write(2, b"error: interrupted\n")
    os._exit(130)


def end_on_interrupt() -> bool:
    """Make Ctrl-C end the process at once; False if SIGINT already has another handler or is ignored."""
    try:
        if signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
            return False
        signal.signal(signal.SIGINT, _end)
    except ValueError:  # not the main thread
        return False
    return True


def interrupt_as_usual() -> None:
    """Undo `end_on_interrupt`."""
    if signal.getsignal(signal.SIGINT) is _end:
        signal.signal(signal.SIGINT, signal.default_int_handler)
