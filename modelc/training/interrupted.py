"""`InterruptedRun` and `EndedTogether`: how a run of training ends that was interrupted."""

from __future__ import annotations


class EndedTogether(KeyboardInterrupt):
    """All processes that share a run end it after the same step, as one of them was interrupted."""


class InterruptedRun(KeyboardInterrupt):
    """Training was interrupted, and its state was saved."""

    def __init__(self, folder: str, *, together: bool) -> None:
        """`folder` is that of the state; `together` says whether all processes end, or this one alone: where it was
        interrupted while kernels were compiled."""
        super().__init__(folder)
        self.together = together
