"""`InterruptedRun`: how a run of training ends that was interrupted."""

from __future__ import annotations


class InterruptedRun(KeyboardInterrupt):
    """Training was interrupted, and its state was saved: in all processes that share it, after the same step."""
