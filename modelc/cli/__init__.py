"""The command line interface, built on click.

Ctrl-C while no command runs, such as during the import of the commands, ends the process with one line.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False  # that of `typing`: nothing is imported before the handler that can wait
if TYPE_CHECKING:
    import signal
    from types import FrameType
else:
    import _signal as signal  # what `signal` makes enumerations of, which takes longer than all else here

INTERRUPTED = 130
"""The exit code of a command that Ctrl-C has ended: that of a shell for what SIGINT ends."""


def _end(number: int, frame: FrameType | None) -> None:
    os.write(2, b"error: interrupted\n")
    os._exit(INTERRUPTED)


def end_on_interrupt() -> bool:
    """Make Ctrl-C end the process at once; False if SIGINT already has another handler or is ignored."""
    try:
        if signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
            return False
        signal.signal(signal.SIGINT, _end)
    except ValueError:  # not the main thread
        return False
    return True


def ends_on_interrupt() -> bool:
    """Whether Ctrl-C ends the process at once."""
    return signal.getsignal(signal.SIGINT) is _end


def interrupt_as_usual() -> None:
    """Undo `end_on_interrupt`."""
    if ends_on_interrupt():
        signal.signal(signal.SIGINT, signal.default_int_handler)
