"""The command line, by click.

Ctrl-C while the commands are being imported ends the process with one line, as it does later on: Python's own way
would be the traceback of an import.
"""

from __future__ import annotations

import os
import signal
from types import FrameType


def _end(number: int, frame: FrameType | None) -> None:
    os.write(2, b"error: interrupted\n")
    os._exit(130)


def end_on_interrupt() -> bool:
    """Have Ctrl-C end the process at once; False where somebody else handles it, or it is ignored."""
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
